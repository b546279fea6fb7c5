"""Which operation of the two APIs a URL belongs to, if any."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from itertools import zip_longest
from typing import Final
from urllib.parse import urlsplit

from agora_rest import spec
from agora_rest.addresses import is_loopback_url
from agora_rest.contract.checking.passive import Breach

_UNDESCRIBED: Final = (
    (re.compile(r"/v[12]/ncs/ip/?"), "the addresses of the notification servers"),
    (re.compile(r"/(?:cn|eu|ap|us)/v1/apps/[^/]+/cloud_recording/.*"), "a region in the path"),
)
"""Paths that Agora's pages mention and that the specification of neither edition has."""

_HOSTS: Final = re.compile(r"api(-[a-z]+-[a-z]+-\d+)?\.(agora\.io|sd-rtn\.com)")
"""Hosts that serve the two APIs: the documented one, its twin, and the regional ones of both."""


@dataclass(frozen=True)
class Route:
    """The operation that a request calls."""

    operation: str
    """Operation ID; "" if path or method belong to no operation."""
    parameters: dict[str, str] = field(default_factory=dict)
    """The path's parameters, decoded."""
    breach: Breach | None = None
    """The rule that the path or the method breaks."""


def is_agora(url: str, others: frozenset[str] = frozenset()) -> bool:
    """Whether a host serves the two APIs: Agora's do, those on this machine may, and so do `others`."""
    return is_named(url, others) or (host_of(url) != "" and is_loopback_url(url))


def is_named(url: str, others: frozenset[str] = frozenset()) -> bool:
    """Whether a host is Agora's, or one of `others`: it serves only the two APIs."""
    return host_of(url) in others or _HOSTS.fullmatch(host_of(url)) is not None


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


def route(method: str, url: str) -> Route | None:
    """The operation that a request to such a host calls; None if it matches neither API."""
    try:
        path = urlsplit(url).path
    except ValueError:
        return None
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
