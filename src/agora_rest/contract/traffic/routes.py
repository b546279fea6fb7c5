"""Which operation of the two APIs a URL belongs to, if any."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from agora_rest import spec
from agora_rest.addresses import is_loopback_url
from agora_rest.contract.checking.passive import Breach

#: Hosts that serve the two APIs: the documented one, its twin, and the regional ones of both.
_HOSTS = re.compile(r"api(-[a-z]+-[a-z]+-\d+)?\.(agora\.io|sd-rtn\.com)")


@dataclass(frozen=True)
class Route:
    """Where a request goes.

    operation: operation ID, "" where path or method are no operation's.
    parameters: the path's parameters, decoded.
    breach: what is wrong with the path or the method.
    """

    operation: str
    parameters: dict[str, str] = field(default_factory=dict)
    breach: Breach | None = None


def is_agora(url: str, others: frozenset[str] = frozenset()) -> bool:
    """Whether a host serves the two APIs: Agora's do, those on this machine may, and so do `others`."""
    host = (urlsplit(url).hostname or "").lower()
    return host in others or _HOSTS.fullmatch(host) is not None or is_loopback_url(url)


def route(method: str, url: str) -> Route | None:
    """Where a request to such a host goes; None for what is no business of the two APIs."""
    path = urlsplit(url).path
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
