"""How much a run may do to a server: what the server proved to be, and what the user stated about it."""

from __future__ import annotations

from enum import IntEnum
from typing import Literal
from urllib.parse import urlsplit

from agora_rest.addresses import is_loopback_url

RequestedAccess = Literal["read-only", "full", "emulator"]
"""The values of `--access`. `emulator`: the server is an emulator on another machine and may be reset."""

HOW_TO_GET_MORE = "--access full --i-own-this-account also creates, and removes what it created"
"""Explains the skips of a read-only run and names the options that avoid them."""


class Profile(IntEnum):
    """Access levels of a run. Each includes the levels before it."""

    READ_ONLY = 0
    """GET requests only: nothing on the server changes."""
    FULL = 1
    """Create, change and remove what the run itself made."""
    LOCAL = 2
    """Anything: the server is an emulator that may be reset."""

    @property
    def word(self) -> str:
        """The access, in a word."""
        return {Profile.READ_ONLY: "read-only", Profile.FULL: "full", Profile.LOCAL: "unlimited"}[self]


class Unsafe(Exception):  # noqa: N818  not an error of the program
    """A run was to do more than it may; the message names what is missing, in one sentence."""


def choose_profile(requested: RequestedAccess | None, *, is_emulator: bool, owned: bool) -> Profile:
    """The profile of a run; raises `Unsafe` if more is requested than is allowed.

    is_emulator: the server proved to be an emulator that may be reset. owned: the user stated that the account is
    theirs. The address of a server proves nothing: a port on this machine may lead to any account.
    """
    if requested == "read-only":
        return Profile.READ_ONLY
    if is_emulator:
        return Profile.LOCAL
    if requested is None:
        return Profile.READ_ONLY
    if requested == "full" and owned:
        return Profile.FULL
    if requested == "emulator":
        raise Unsafe("the server does not prove to be an emulator (GET /_emulator/handshake), so it is not reset")
    raise Unsafe(
        "--access full creates and deletes things in the account behind this server: "
        "add --i-own-this-account if it is yours, or leave --access out to read only; nothing was changed"
    )


def keeps_secrets(url: str) -> bool:
    """Whether requests to `url` are protected from eavesdropping (CR-01, CO-01)."""
    return urlsplit(url).scheme == "https" or is_loopback_url(url)
