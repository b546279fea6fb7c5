"""Which operation of the two APIs a URL belongs to, if any."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from ipaddress import ip_address
from itertools import zip_longest
from typing import Final, NamedTuple
from urllib.parse import urlsplit

from agora_rest import spec
from agora_rest.addresses import is_loopback_url, path_mistake
from agora_rest.contract.checking.passive import Breach

_UNDESCRIBED: Final = (
    (re.compile(r"/v[12]/ncs/ip/?"), "the addresses of the notification servers"),
    (re.compile(r"/(?:cn|eu|ap|us)/v1/apps/[^/]+/cloud_recording/.*"), "a region in the path"),
)
"""Paths that Agora's pages mention and that the specification of neither edition has."""

_HOSTS: Final = re.compile(r"api(-[a-z]+-[a-z]+-\d+)?\.(agora\.io|sd-rtn\.com)")
"""Hosts that serve the two APIs: the documented one, its twin, and the regional ones of both."""

NEUTRAL_HOST: Final = "agora-{}.example"
"""The name in a redacted file for each server of the user's own. Names that end in `.example` have no owner."""

_NEUTRAL: Final = re.compile(r"agora-[0-9]+\.example")
_HOST_NAME: Final = re.compile(r"[\w-]+(\.[\w-]+)*\.?")
_MOST_PREFIXES: Final = 8
"""Segments of a path that may come before that of an operation."""


@dataclass(frozen=True)
class Route:
    """The operation that a request calls."""

    operation: str
    """Operation ID; "" if path or method belong to no operation."""
    parameters: dict[str, str] = field(default_factory=dict)
    """The path's parameters, decoded."""
    breach: Breach | None = None
    """The rule that the path or the method breaks."""


class Place(NamedTuple):
    """Where a URL of one of the servers is."""

    prefix: str
    """The path of the server, `/agora` for instance; "" if it has none."""
    path: str
    """The path of the call below it."""


class Servers:
    """The servers whose traffic is that of the two APIs: Agora's, those on this machine, and others that are named."""

    def __init__(self, hosts: Iterable[str] = (), base_urls: Iterable[str] = ()) -> None:
        """hosts: names of hosts. base_urls: servers with the path that comes before `/v1` and `/dev`, if they have one.

        The port of a base URL does not count. With `http` as its scheme, calls to it may be unencrypted. Raises
        ValueError for an invalid one.
        """
        self._unencrypted: set[tuple[str, str]] = set()
        self._prefixes: dict[str, list[str]] = {}
        for host in hosts:
            self._prefixes.setdefault(_checked_host(host), []).append("")
        for url in base_urls:
            host, prefix = _checked_url(url)
            self._prefixes.setdefault(host, []).append(prefix)
            if url.strip().lower().startswith("http:"):
                self._unencrypted.add((host, prefix))
        for prefixes in self._prefixes.values():
            prefixes.sort(key=len, reverse=True)

    def place(self, url: str) -> Place | None:
        """Where a URL is on the server that it belongs to; None if that does not serve the two APIs."""
        if (own := self.own(url)) is not None:
            return own
        host = host_of(url)
        return Place("", _path(url)) if host and (_is_known(host) or is_loopback_url(url)) else None

    def own(self, url: str) -> Place | None:
        """The same for the servers that were named; None for a URL of any other."""
        path = _path(url)
        for prefix in self._prefixes.get(host_of(url), ()):
            if path == prefix or path.startswith(f"{prefix}/"):
                return Place(prefix, path.removeprefix(prefix))
        return None

    def permits_http(self, url: str) -> bool:
        """Whether a URL is that of a server which was named with `http`."""
        own = self.own(url)
        return own is not None and (host_of(url), own.prefix) in self._unencrypted

    def serves_nothing_else(self, url: str) -> bool:
        """Whether a URL is Agora's or that of a server that was named: all of its paths are those of the two APIs."""
        return self.own(url) is not None or _is_known(host_of(url))


def _is_known(host: str) -> bool:
    return _HOSTS.fullmatch(host) is not None or _NEUTRAL.fullmatch(host) is not None


def _path(url: str) -> str:
    try:
        return urlsplit(url).path
    except ValueError:
        return ""


def _checked_host(name: str) -> str:
    """A host name in lower case. Raises ValueError for anything else, such as an address with a port or a path."""
    host = name.strip().lower()
    try:
        return str(ip_address(host.strip("[]")))
    except ValueError:
        if _HOST_NAME.fullmatch(host):
            return host
    raise ValueError(
        f"{name!r} is not the name of a host. Use --base-url for an address with a scheme, a port or a path, such as "
        "--base-url https://gateway.example.com/agora"
    )


def _checked_url(url: str) -> tuple[str, str]:
    """Host and path of a base URL. Raises ValueError if it is none; it is not shown, as it may have a password."""
    try:
        parts = urlsplit(url.strip())
        host = parts.hostname or ""
    except ValueError:
        parts, host = urlsplit(""), ""
    if parts.scheme not in ("http", "https") or not host or "@" in parts.netloc or parts.query or parts.fragment:
        raise ValueError(
            "a base URL must look like https://gateway.example.com/agora, without credentials or a query in it"
        )
    if mistake := path_mistake(url.strip().rstrip("/").removesuffix("/dev")):
        raise ValueError(f"the base URL {mistake}")
    return host.lower(), parts.path.rstrip("/").removesuffix("/dev")


def address_of(method: str, url: str) -> str:
    """The base URL below which a request calls an operation of the two APIs; "" if its path ends in that of none."""
    try:
        parts = urlsplit(url)
        netloc = parts.netloc.rpartition("@")[2]
    except ValueError:
        return ""
    prefix = next((each for each in _prefixes(parts.path) if _calls(method, parts.path.removeprefix(each))), None)
    return "" if prefix is None or not netloc else f"{parts.scheme}://{netloc}{prefix}"


def _prefixes(path: str) -> Iterator[str]:
    """The beginnings of a path that end before a slash, the shortest first."""
    starts = [position for position, character in enumerate(path) if character == "/"]
    return (path[:position] for position in starts[:_MOST_PREFIXES])


def _calls(method: str, path: str) -> bool:
    found = route(method, path)
    return found is not None and found.breach is None


def host_of(url: str) -> str:
    """The host in a URL, in lower case; "" if there is none."""
    try:
        return (urlsplit(url).hostname or "").lower()
    except ValueError:
        return ""


def undescribed(path: str) -> str:
    """The meaning of a path that Agora's pages mention, but no specification has; "" for any other path."""
    return next((what for pattern, what in _UNDESCRIBED if pattern.fullmatch(path)), "")


def resembled(path: str) -> str:
    """The operation whose path is most like `path`, as method and path; "" if none is."""
    segments = path.strip("/").split("/")
    known: dict[str, list[str]] = {}
    for operation in spec.operations().values():
        known.setdefault(operation.prefix + operation.path, []).append(operation.method)
    likeness = {each: _likeness(segments, each.strip("/").split("/")) for each in known}
    best = max(likeness, key=lambda each: likeness[each])
    return f"{' or '.join(sorted(known[best]))} {best}" if likeness[best] >= _ALIKE else ""


def _likeness(segments: list[str], template: list[str]) -> float:
    """How many characters two paths have in common, segment by segment; a parameter is like anything."""
    filled = [
        given if known.startswith("{") else known for given, known in zip_longest(segments, template, fillvalue="")
    ]
    return SequenceMatcher(None, "/".join(segments)[:500], "/".join(filled)[:500], autojunk=False).ratio()


_ALIKE: Final = 0.6
"""The least likeness of paths that is worth mentioning."""


def route(method: str, path: str) -> Route | None:
    """The operation that a request to such a path, still percent-encoded, calls; None if it matches neither API."""
    matching = [(each, found) for each in spec.operations().values() if (found := _match(each, path)) is not None]
    for operation, parameters in matching:
        if operation.method == method:
            return Route(operation.id, parameters)
    if matching:
        operations, (parameters, *_) = zip(*matching, strict=True)
        return Route("", parameters, _wrong_method(operations, method))
    for operation in spec.operations().values():
        if _match(operation, path, any_case=True) is not None:
            return Route("", breach=_wrong_case(operation, path))
    return None


def _match(operation: spec.Operation, path: str, *, any_case: bool = False) -> dict[str, str] | None:
    """The path parameters; on the Console, a path may end in a slash or not (CO-05)."""
    return operation.match_path(path, any_case=any_case, any_slash=operation.api == "console")


def _wrong_method(operations: Sequence[spec.Operation], method: str) -> Breach:
    methods = " or ".join(sorted(each.method for each in operations))
    title = f"{operations[0].prefix}{operations[0].path} is called with {methods}"
    return Breach("method_in_spec", (), title, methods, method)


def _wrong_case(operation: spec.Operation, path: str) -> Breach:
    facts = ("CR-04",) if operation.api == "cloud-recording" else ()
    return Breach(
        "path_in_spec", facts, "Upper and lower case matter in a path", operation.prefix + operation.path, path
    )
