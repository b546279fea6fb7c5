"""Whose request is this? The emulator takes none that a browser sends for the page of some other site.

A page of another site is known by `Origin` and `Sec-Fetch-Site`; one whose name was made to point to this machine (DNS
rebinding) by the host that is asked for.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from typing import Final
from urllib.parse import urlsplit

from agora_rest.emulator.web.messages import Headers, Request

LOOPBACK_NAMES: Final = ("localhost", "127.0.0.1", "::1")

RESERVED_SUFFIXES: Final = (".localhost", ".internal", ".local", ".test", ".home.arpa")
"""No site can have a name that ends so."""

REFUSED: Final = (
    "requests of other sites are refused; --allow-origin and --allow-host of the emulator name those that may pass"
)

_OURS: Final = (b"same-origin", b"none")
"""What `Sec-Fetch-Site` says of a page of ours, and of an address that was typed."""


class OriginPolicy:
    """Which requests are taken: those of programs, of our own pages, and of the origins and hosts that are allowed."""

    def __init__(self, hosts: Iterable[str] = (), origins: Iterable[str] = ()) -> None:
        """`hosts` without a port; `origins` as browsers send them. Raises ValueError for what is not an origin."""
        self._hosts = frozenset(host.lower().strip("[]") for host in hosts)
        self._origins = frozenset(_checked(origin) for origin in origins)

    def refuses(self, request: Request, *, may_be_visited: bool = False) -> bool:
        """Was this sent by a page of another site, or under a name that only pretends to be ours?

        may_be_visited: it asks for a page of ours, which others may link to.
        """
        if self._is_elsewhere(request):
            return True
        if self.allowed_origin(request) is not None:
            return False
        own = f"{request.scheme}://{request.host}".encode("latin-1")
        if any(origin.lower() != own for origin in request.values(b"origin")):
            return True
        sites = request.values(b"sec-fetch-site")
        return any(site not in _OURS for site in sites) and not (may_be_visited and _is_visit(request))

    def allowed_origin(self, request: Request) -> bytes | None:
        """The origin of the page that sends a request, where it is one of those allowed."""
        origins = request.values(b"origin")
        return origins[0] if len(origins) == 1 and origins[0].decode("latin-1").lower() in self._origins else None

    def cors(self, request: Request) -> Headers:
        """The headers that let a page of an allowed origin read a response."""
        origin = self.allowed_origin(request)
        if origin is None:
            return ()
        return (
            (b"access-control-allow-origin", origin),
            (b"access-control-expose-headers", b"x-request-id"),
            (b"vary", b"origin"),
        )

    def preflight(self, request: Request) -> Headers | None:
        """The headers of the response to a preflight request of an allowed origin; None for any other request."""
        if request.method != "OPTIONS" or not request.values(b"access-control-request-method"):
            return None
        cors = self.cors(request)
        methods = (b"access-control-allow-methods", b"GET, HEAD, POST, PUT, PATCH, DELETE")
        return (*cors, methods, (b"access-control-allow-headers", b"authorization, content-type")) if cors else None

    def _is_elsewhere(self, request: Request) -> bool:
        """Is the host that is asked for none of ours?"""
        loopback: bool | None = request.extension.get("loopback")
        if loopback is None:  # within another server, whose business this is
            return False
        if len(request.values(b"host")) > 1:
            return True
        name = _hostname(request.host)
        if name in LOOPBACK_NAMES or name in self._hosts or name == request.extension.get("name"):
            return False
        return loopback or not _cannot_be_a_site(name)


def _cannot_be_a_site(name: str | None) -> bool:
    """Can no site on the internet have this name? It is an address, one label (a container's), or reserved."""
    if not name:
        return False
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return "." not in name or name.endswith(RESERVED_SUFFIXES)
    return True


def _is_visit(request: Request) -> bool:
    """Did a person follow a link here? A frame, a script or a form of another site is not that."""
    said = [request.values(name) for name in (b"sec-fetch-mode", b"sec-fetch-dest")]
    return request.method == "GET" and said == [[b"navigate"], [b"document"]]


def _hostname(host: str) -> str | None:
    if "@" in host:
        return None
    try:
        return urlsplit(f"//{host}").hostname
    except ValueError:
        return None


def _checked(origin: str) -> str:
    parts = urlsplit(origin.lower())
    if parts.scheme not in ("http", "https") or not parts.netloc or parts.path not in ("", "/") or parts.query:
        raise ValueError(f"{origin!r} is not an origin: give scheme, host and port, such as http://localhost:3000")
    return f"{parts.scheme}://{parts.netloc}"
