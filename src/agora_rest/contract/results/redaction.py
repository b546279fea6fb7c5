"""Keeping secrets out of everything the suite prints or writes."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterable

from agora_rest.secrecy import HIDDEN, is_secret

_TEXT_MEMBER = re.compile(r'("((?:[^"\\]|\\.)*)"\s*:\s*)"(?:[^"\\]|\\.)+"')
_BASIC = re.compile(r"\bBasic\s+([A-Za-z0-9+/=_-]+)", re.IGNORECASE)


class Secrets:
    """The values one run must never show.

    `hide` is for requests the suite made itself: known values go, invented ones stay, so that the request can be
    repeated. `hide_members` also empties every member that is secret by its name; it is for what a server answered.
    """

    def __init__(self, values: Iterable[str]) -> None:
        # The longest first, so that one secret which contains another goes as a whole.
        self._values = sorted({value for value in values if value}, key=len, reverse=True)

    def __repr__(self) -> str:
        return f"Secrets({len(self._values)} values)"

    def hide(self, text: str) -> str:
        """`text` without the known values, and without Basic credentials that hold one of them."""
        text = _BASIC.sub(self._hide_basic, text)
        for value in self._values:
            text = text.replace(value, HIDDEN)
        return text

    def hide_members(self, text: str) -> str:
        """As `hide`, and the strings under secret member names go too."""
        return self.hide(_TEXT_MEMBER.sub(_without_secret, text))

    def seen_in(self, text: str) -> bool:
        """Whether one of the known values stands in `text`."""
        return any(value in text for value in self._values)

    def _hide_basic(self, match: re.Match[str]) -> str:
        decoded = decode_basic(match.group(1))
        return match.group() if decoded is None or not self.seen_in(decoded) else f"Basic {HIDDEN}"


def _without_secret(member: re.Match[str]) -> str:
    return f'{member[1]}"{HIDDEN}"' if is_secret(member[2]) else member[0]


def basic_token(user: str, password: str) -> str:
    """What Basic authentication sends for a user and a password."""
    return base64.b64encode(f"{user}:{password}".encode()).decode("ascii")


def decode_basic(token: str) -> str | None:
    """What a Basic token says (`user:password`), or None where it is no base64."""
    try:
        return base64.b64decode(token, validate=True).decode("utf-8")
    except (binascii.Error, ValueError):
        return None
