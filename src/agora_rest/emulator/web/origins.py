"""Whose request is this? Control and the page take none that a browser sends for the page of some other site."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlsplit

from agora_rest.emulator.web.messages import Request

LOOPBACK_NAMES: Final = ("localhost", "127.0.0.1", "::1")

_OURS: Final = (b"same-origin", b"none")
"""What `Sec-Fetch-Site` says of a page of ours, and of somebody who typed the address."""


def is_foreign(request: Request, *, may_be_visited: bool = False) -> bool:
    """Was this sent by a page of another site, or under a name that only pretends to be ours (DNS rebinding)?

    may_be_visited: it is a page of ours that is asked for, which others may link to.
    """
    hosts = request.values(b"host")
    host = hosts[0].decode("latin-1").lower() if hosts else ""
    if any(_authority(origin) != host for origin in request.values(b"origin")):
        return True
    if any(site not in _OURS for site in request.values(b"sec-fetch-site")):
        return not (may_be_visited and _is_visit(request)) or _is_elsewhere(request, host)
    return _is_elsewhere(request, host)


def _is_visit(request: Request) -> bool:
    """Did somebody follow a link here? A frame, a script or a form of another site is not that."""
    said = [request.values(name) for name in (b"sec-fetch-mode", b"sec-fetch-dest")]
    return request.method == "GET" and said == [[b"navigate"], [b"document"]]


def _is_elsewhere(request: Request, host: str) -> bool:
    """On loopback there are only the names of this machine."""
    return request.extension.get("loopback", False) and _hostname(host) not in LOOPBACK_NAMES


def _authority(origin: bytes) -> str | None:
    try:
        return urlsplit(origin.decode("latin-1").lower()).netloc
    except ValueError:
        return None


def _hostname(host: str) -> str | None:
    try:
        return urlsplit(f"//{host}").hostname
    except ValueError:
        return None
