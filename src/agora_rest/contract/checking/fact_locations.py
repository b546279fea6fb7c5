"""Where the specifications state a fact: every `x-facts` with its number.

A fact is looked for in the present edition of the documents, and in that of 2019 if it holds there only.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from agora_rest import spec

_EVERYWHERE = ("#/info", "#/servers")
"""Locations whose facts hold for every operation of their document."""


@dataclass(frozen=True)
class Location:
    """One place in a specification.

    pointer: a JSON pointer with `#` before it. operations: the operations it concerns, in the order of the document.
    in_request: it is about parameters or a body that some operation takes. edition: that of the specification.
    """

    api: spec.Api
    pointer: str
    operations: tuple[str, ...]
    in_request: bool
    edition: spec.Edition = "current"


def locations(number: str) -> tuple[Location, ...]:
    """Every place that states the fact called `number`, in the order of the documents."""
    fact = spec.facts().get(number)
    edition: spec.Edition = "2019" if fact is not None and "current" not in fact.editions else "current"
    return _locations(edition).get(number, ())


@cache
def _locations(edition: spec.Edition) -> dict[str, tuple[Location, ...]]:
    found: dict[str, tuple[Location, ...]] = {}
    for api in spec.APIS:
        operations = [each for each in spec.operations(edition).values() if each.api == api]
        reached = {operation: _reached(api, _parts(operation), edition) for operation in operations}
        requested = _reached(api, [part for operation in operations for part in _request_parts(operation)], edition)
        for pointer, node in spec.objects(spec.document(api, edition)):
            concerned = tuple(
                each.id for each in operations if pointer.startswith(_EVERYWHERE) or pointer in reached[each]
            )
            for number in node.get("x-facts", ()):
                found[number] = (
                    *found.get(number, ()),
                    Location(api, pointer, concerned, pointer in requested, edition),
                )
    return found


def _parts(operation: spec.Operation) -> list[str]:
    """The pointers of what an operation consists of."""
    default = spec.document(operation.api, operation.edition).get("security", [])
    schemes = [name for each in operation.openapi_object.get("security", default) for name in each]
    return [
        spec.pointer("paths", operation.path, operation.method.lower()),
        spec.pointer("paths", operation.path, "parameters"),
        *(spec.pointer("components", "securitySchemes", name) for name in schemes),
    ]


def _request_parts(operation: spec.Operation) -> list[str]:
    """The pointers of what a call of an operation carries."""
    own, shared, *_ = _parts(operation)
    return [f"{own}/parameters", f"{own}/requestBody", shared]


def _reached(api: spec.Api, pointers: Iterable[str], edition: spec.Edition) -> frozenset[str]:
    """The pointers of all objects at and below these ones, references followed."""
    ahead, reached = list(pointers), set[str]()
    while ahead:
        start = ahead.pop()
        for pointer, node in spec.objects(spec.at(api, start, edition=edition), start):
            if pointer in reached:
                continue
            reached.add(pointer)
            if isinstance(node.get("$ref"), str):
                ahead.append(node["$ref"])
    return frozenset(reached)
