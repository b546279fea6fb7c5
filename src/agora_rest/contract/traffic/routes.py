"""Which operation of the two APIs a URL belongs to, if any."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from functools import cache
from itertools import zip_longest
from typing import Final
from urllib.parse import unquote, urlsplit

from agora_rest import spec
from agora_rest.addresses import is_loopback_url
from agora_rest.contract.checking.passive import Breach

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
    """Whether a host is Agora's, or one of `others`: it serves the two APIs and nothing else."""
    return host_of(url) in others or _HOSTS.fullmatch(host_of(url)) is not None


def host_of(url: str) -> str:
    """The host in a URL, in lower case; "" if there is none."""
    try:
        return (urlsplit(url).hostname or "").lower()
    except ValueError:
        return ""


def resembled(path: str) -> str:
    """The operation whose path is most like `path`, as method and path; "" if none is."""
    segments = path.strip("/").split("/")
    known = {template.path: template for template in _templates()}
    likeness = {each: _likeness(segments, each.strip("/").split("/")) for each in known}
    best = max(likeness, key=lambda each: likeness[each])
    return f"{' or '.join(sorted(known[best].operations))} {best}" if likeness[best] >= _ALIKE else ""


def _likeness(segments: list[str], template: list[str]) -> float:
    """How many characters two paths have in common, segment by segment; a parameter is like anything."""
    filled = [
        given if known.startswith("{") else known for given, known in zip_longest(segments, template, fillvalue="")
    ]
    return SequenceMatcher(None, "/".join(segments)[:500], "/".join(filled)[:500], autojunk=False).ratio()


_ALIKE: Final = 0.6
"""The least likeness of paths that is worth mentioning."""


def route(method: str, url: str) -> Route | None:
    """The operation that a request to such a host calls; None if it is nothing of the two APIs."""
    try:
        path = urlsplit(url).path
    except ValueError:
        return None
    for template in _templates():
        if found := template.exact.fullmatch(path):
            parameters = {name: unquote(value) for name, value in found.groupdict().items()}
            operation = template.operations.get(method)
            return Route(operation, parameters) if operation else Route("", parameters, _wrong_method(template, method))
    for template in _templates():
        if template.any_case.fullmatch(path):
            return Route("", breach=_wrong_case(template, path))
    return None


@dataclass(frozen=True)
class _Template:
    api: spec.Api
    path: str
    operations: dict[str, str]
    """Operation IDs by method."""
    exact: re.Pattern[str]
    any_case: re.Pattern[str]


@cache
def _templates() -> tuple[_Template, ...]:
    return tuple(_read_templates())


def _read_templates() -> Iterator[_Template]:
    operations: dict[tuple[spec.Api, str], dict[str, str]] = {}
    for each in spec.operations().values():
        operations.setdefault((each.api, each.path), {})[each.method] = each.id
    for (api, path), methods in operations.items():
        prefix = urlsplit(spec.document(api)["servers"][0]["url"]).path.rstrip("/")
        pattern = re.sub(r"\\{(\w+)\\}", r"(?P<\1>[^/]*)", re.escape(prefix + path))
        if api == "console":  # with a slash at the end or without (CO-05)
            pattern = pattern.removesuffix("/") + "/?"
        yield _Template(api, prefix + path, methods, re.compile(pattern), re.compile(pattern, re.IGNORECASE))


def _wrong_method(template: _Template, method: str) -> Breach:
    title = f"{template.path} is called with {' or '.join(sorted(template.operations))}"
    return Breach("method_in_spec", (), title, " or ".join(sorted(template.operations)), method)


def _wrong_case(template: _Template, path: str) -> Breach:
    facts = ("CR-04",) if template.api == "cloud-recording" else ()
    return Breach("path_in_spec", facts, "Upper and lower case matter in a path", template.path, path)
