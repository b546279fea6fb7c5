"""Settings of a running emulator."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from agora_rest.emulator.choices import Choice


class DialectName(Choice):
    """The imitated server: as documented, or as observed (CR-61, CO-13)."""

    DOCUMENTED = "documented"
    """Responses as the documents print them."""
    OBSERVED = "observed"
    """Known servers' behaviour. They record nothing in an empty channel, and accept quoted digits as numbers."""


DialectWord = Literal["documented", "observed"]
"""The same as a plain word."""


@dataclass
class Settings:
    """The settings, changed by control and kept by a reset."""

    dialect: DialectName = DialectName.DOCUMENTED
    rate_limit: bool = True
    """Whether calls beyond the documented rate limits are refused (CR-05, CO-03, CO-49)."""
