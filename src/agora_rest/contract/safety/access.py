"""How far a run may go on a server, by whose server it is and what was said about it."""

from __future__ import annotations

from enum import IntEnum
from typing import Final, Literal
from urllib.parse import urlsplit

from agora_rest.addresses import is_loopback_url

Wish = Literal["read-only", "full", "emulator"]
"""What a run can be told. `emulator`: the server is an emulator on another machine, and may be reset."""

WISHES: Final[tuple[Wish, ...]] = ("read-only", "full", "emulator")


class Profile(IntEnum):
    """What a run may do. Each allows what those before it allow."""

    READ_ONLY = 0
    """GET requests only: nothing on the server changes."""
    FULL = 1
    """Create, change and remove what the run itself made."""
    LOCAL = 2
    """Anything: the server holds nothing anybody would miss."""

    @property
    def word(self) -> str:
        """What access it is, in a word."""
        return {Profile.READ_ONLY: "read-only", Profile.FULL: "full", Profile.LOCAL: "unlimited"}[self]


class Unsafe(Exception):  # noqa: N818 -- no error of the program's
    """A run was told to do more than it may; the message says what is missing, in one sentence, for people."""


def choose_profile(wish: Wish | None, *, own_machine: bool, owned: bool) -> Profile:
    """The profile of a run; raises `Unsafe` where more is wished for than may be.

    own_machine: the server is on this machine. owned: whoever started the run says that the account is theirs. Without
    a wish a server on this machine may be used in any way, and any other is only read.
    """
    if wish == "read-only":
        return Profile.READ_ONLY
    if own_machine or wish == "emulator":
        return Profile.LOCAL
    if wish is None:
        return Profile.READ_ONLY
    if not owned:
        raise Unsafe(
            "--access full creates and deletes things in the account behind this server: "
            "add --i-own-this-account if it is yours, or leave --access out to read only; nothing was sent"
        )
    return Profile.FULL


def keeps_secrets(url: str) -> bool:
    """Whether nobody on the way to `url` can read what is sent (CR-01, CO-01)."""
    return urlsplit(url).scheme == "https" or is_loopback_url(url)
