"""Which parts of an operation a request used."""

from __future__ import annotations

import re
from functools import cache

from agora_rest import spec
from agora_rest.contract.http.exchange import Exchange

_PATH_PARAMETER = re.compile(r"{(\w+)}")

_LEVELS = 4
"""The body and three levels of members in it."""


def parameters_of(exchange: Exchange) -> frozenset[str]:
    """The names of the parameters the request of `exchange` carries.

    Path and query parameters by their names, members of the body behind `body.` down to the third level
    (`body.clientRequest.storageConfig.vendor`).
    """
    found = set(_path_parameters(exchange.operation))
    if "?" in exchange.url:
        found.update(exchange.query)
    _add_members(found, exchange.asked, "body", _LEVELS)
    return frozenset(found)


@cache
def _path_parameters(operation_id: str) -> tuple[str, ...]:
    return tuple(_PATH_PARAMETER.findall(spec.operation(operation_id).path))


def _add_members(found: set[str], value: object, prefix: str, depth: int) -> None:
    if not isinstance(value, dict) or depth == 0:
        return
    for name, member in value.items():
        path = f"{prefix}.{name}"
        found.add(path)
        if isinstance(member, dict):
            _add_members(found, member, path, depth - 1)
