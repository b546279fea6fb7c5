"""What can be changed about an emulator while it runs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from agora_rest.emulator.choices import Choice


class DialectName(Choice):
    """How answers are shaped (CR-61, CO-13)."""

    DOCUMENTED = "documented"
    """As the documents print them."""
    OBSERVED = "observed"
    """As servers are known to send them."""


DialectWord = Literal["documented", "observed"]
"""The same as a plain word."""


@dataclass
class Settings:
    """Changed by control; a reset leaves them as they are."""

    dialect: DialectName = DialectName.DOCUMENTED
    rate_limit: bool = True
    """Whether more than the documented calls a second are refused (CR-05, CO-03, CO-49)."""
