"""Refuses requests that a browser sends for a page of another site.

A page of another site is identified by `Origin` and `Sec-Fetch-Site`; one whose name resolves to this machine (DNS
rebinding) by the requested host.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable
from typing import Final
from urllib.parse import urlsplit

from agora_rest.emulator.web.messages import Headers, Request

LOOPBACK_NAMES: Final = ("localhost", "127.0.0.1", "::1")

RESERVED_SUFFIXES: Final = (".localhost", ".internal", ".local", ".test", ".home.arpa")
"""Domains that no site on the internet can use."""

REFUSED: Final = (
    "requests of other sites are refused; --allow-origin and --allow-host of the emulator name those that may pass"
)

_SIMPLE_HOST: Final = re.compile(r"([a-z0-9.-]+)(?::[0-9]*)?")
"""A host name or IPv4 address with an optional port, which needs no parser of URLs."""

_LONGEST_KEPT: Final = 256
_MOST_KEPT: Final = 64
"""Bounds of what is remembered of Host headers."""

_OURS: Final = (b"same-origin", b"none")
"""The values of `Sec-Fetch-Site` for our own pages, and for typed addresses."""


class OriginPolicy:
    """Accepts requests of programs, of our own pages, and of allowed origins and hosts."""

    def __init__(self, hosts: Iterable[str] = (), origins: Iterable[str] = ()) -> None:
        """`hosts` without a port; `origins` as browsers send them. Raises ValueError for an invalid origin."""
        self._hosts = frozenset(host.lower().strip("[]") for host in hosts)
        self._origins = frozenset(_checked(origin) for origin in origins)
        self._ours: set[tuple[bytes, str | None]] = set()
        """Host headers that were found to be ours, with the name we listen at: callers send the same every time."""

    def refuses(self, request: Request, *, may_be_visited: bool = False) -> bool:
        """Whether a page of another site sent this request, or its host name is not ours.

        `may_be_visited`: it requests one of our pages, to which other sites may link.
        """
        if self._is_elsewhere(request):
            return True
        if not request.has(b"origin") and not request.has(b"sec-fetch-site"):  # a program, not a browser
            return False
        if self.allowed_origin(request) is not None:
            return False
        own = f"{request.scheme}://{request.host}".encode("latin-1")
        if any(origin.lower() != own for origin in request.values(b"origin")):
            return True
        sites = request.values(b"sec-fetch-site")
        return any(site not in _OURS for site in sites) and not (may_be_visited and _is_visit(request))

    def allowed_origin(self, request: Request) -> bytes | None:
        """The origin of the page that sends a request, if it is allowed."""
        if not self._origins:
            return None
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
        """Whether the requested host is not ours."""
        loopback: bool | None = request.extension.get("loopback")
        if loopback is None:  # within another server, which is responsible for this check
            return False
        hosts = request.values(b"host")
        if len(hosts) > 1:
            return True
        key = (hosts[0] if hosts else b"", request.extension.get("name"))
        is_named_by_header = "authority" not in request.extension
        if is_named_by_header and key in self._ours:
            return False
        name = _hostname(request.host)
        if name in LOOPBACK_NAMES or name in self._hosts or name == request.extension.get("name"):
            if is_named_by_header and len(key[0]) < _LONGEST_KEPT and len(self._ours) < _MOST_KEPT:
                self._ours.add(key)
            return False
        return loopback or not _cannot_be_a_site(name)


def _cannot_be_a_site(name: str | None) -> bool:
    """Whether no site on the internet can have this name: an address, a single label (a container's), or reserved."""
    if not name:
        return False
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return "." not in name or name.endswith(RESERVED_SUFFIXES)
    return True


def _is_visit(request: Request) -> bool:
    """Whether a person followed a link here, as opposed to a frame, script or form of another site."""
    sent = [request.values(name) for name in (b"sec-fetch-mode", b"sec-fetch-dest")]
    return request.method == "GET" and sent == [[b"navigate"], [b"document"]]


def _hostname(host: str) -> str | None:
    if (simple := _SIMPLE_HOST.fullmatch(host)) is not None:
        return simple[1]
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
