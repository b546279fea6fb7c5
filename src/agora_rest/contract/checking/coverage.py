"""Which parts of an operation a request used."""

from __future__ import annotations

import re

from agora_rest import spec
from agora_rest.contract.http.exchange import Exchange

_PATH_PARAMETER = re.compile(r"{(\w+)}")


def parameters_of(exchange: Exchange) -> frozenset[str]:
    """The names of the parameters the request of `exchange` carries.

    Path and query parameters by their names, members of the body behind `body.` down to the third level
    (`body.clientRequest.storageConfig.vendor`).
    """
    names = set(_PATH_PARAMETER.findall(spec.operation(exchange.operation).path))
    return frozenset({*names, *exchange.query, *_members(exchange.asked, "body", depth=4)})


def _members(value: object, prefix: str, depth: int) -> set[str]:
    if not isinstance(value, dict) or depth == 0:
        return set()
    found = set()
    for name, member in value.items():
        found.add(f"{prefix}.{name}")
        found |= _members(member, f"{prefix}.{name}", depth - 1)
    return found
