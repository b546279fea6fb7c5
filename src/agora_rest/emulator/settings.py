"""Settings of a running emulator."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from agora_rest.emulator.choices import Choice
from agora_rest.spec import DEFAULT_DIALECT, Edition, edition_of


class DialectName(Choice):
    """The imitated server: as documented in 2019, as observed since (CR-61, CO-13), or as documented at present."""

    DOCUMENTED = "documented"
    """Responses as the documents print them."""
    OBSERVED = "observed"
    """Known servers' behaviour. They record nothing in an empty channel, and accept quoted digits as numbers."""
    CURRENT = "current"
    """The present documents: today's operations, modes and responses."""


DEFAULT_NAME: Final = DialectName(DEFAULT_DIALECT)


@dataclass
class Settings:
    """The settings, changed by control and kept by a reset."""

    dialect: DialectName = DEFAULT_NAME
    rate_limit: bool = True
    """Whether calls beyond the documented rate limits are refused (CR-05, CO-03, CO-49)."""

    @property
    def edition(self) -> Edition:
        """The edition of the documents that the dialect follows."""
        return edition_of(self.dialect)
