"""How far a run may go on a server, by whose server it is."""

from __future__ import annotations

import ipaddress
from enum import IntEnum
from urllib.parse import urlsplit


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
        """The name as people write it: `read-only`, `full`, `local`."""
        return self.name.lower().replace("_", "-")


def profile_for(base_url: str, *, controlled: bool) -> Profile:
    """The profile of a server nobody chose one for: `LOCAL` on this machine and for emulators, else `READ_ONLY`.

    `controlled`: the server offers our control API, so it is an emulator, wherever it runs.
    """
    return Profile.LOCAL if controlled or is_loopback(base_url) else Profile.READ_ONLY


def is_loopback(url: str) -> bool:
    """Whether `url` names this machine."""
    host = urlsplit(url).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
