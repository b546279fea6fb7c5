"""Which place of the specifications each part of a recorded exchange has: its parameters and its bodies."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache, lru_cache
from typing import Any, Final

from agora_rest import spec
from agora_rest.contract.traffic.routes import Route, Servers, route
from agora_rest.redaction.allow_list import Declaration, Place


class RequestPlaces:
    """Where a request went: which places of the specifications its parts have, if it went to one of the two APIs."""

    def __init__(self, method: str, url: Any, servers: Servers) -> None:
        self.place: Route | None = None
        self.path = ""
        """The path of the call, without that of the server."""
        self.prefix: str | None = None
        """The path of a server of the user's own; None for Agora's and those on this machine."""
        self._parameters: dict[str, Place] = {}
        self.request: Place | None = None
        self._operation: spec.Operation | None = None
        where = servers.place(url) if isinstance(url, str) else None
        if where is None:
            return
        self.path, self.prefix = where.path, where.prefix if servers.own(url) else None
        self.place = route(method, self.path) or Route("")
        if self.place.operation:
            self._operation = spec.operation(self.place.operation)
            self._parameters = _parameter_places(self._operation.id)
            self.request = request_place(self._operation.id)

    def parameter(self, name: str) -> Place:
        """The place of a parameter of the path or the query."""
        return self._parameters.get(name) or Place("console")

    def response(self, status: Any) -> Place | None:
        """The place of the body of a response; for an unknown status, that of any other."""
        if self._operation is None:
            return Place("console", [_GATEWAY_MESSAGE]) if self.place else None
        return _response_place(self._operation.id, str(status)[:8])

    def names(self, path: str) -> list[str | None]:
        """For each segment of the path: the parameter that it gives, "" for a fixed part, None if it is unknown."""
        segments = path.split("/")
        if self._operation is None:
            return ["" if not segment or segment in _FIXED else None for segment in segments]
        template = f"{self._operation.prefix}{self._operation.path}".rstrip("/").split("/")
        names: list[str | None] = [part[1:-1] if part.startswith("{") else "" for part in template]
        return [*names, *[""] * len(segments)][: len(segments)]


_GATEWAY_MESSAGE: Final = Declaration("2019", {"$ref": "#/components/schemas/GatewayMessage"})
_FIXED: Final = frozenset({"v1", "v2", "v3", "_emulator"})


@cache
def request_place(operation_id: str, edition: spec.Edition | None = None) -> Place:
    """The place of an operation's request body, in one edition or in both; nothing is declared there if it has none."""
    return _place(operation_id, lambda operation: [operation.openapi_object.get("requestBody", {})], edition)


@lru_cache(maxsize=1024)
def _response_place(operation_id: str, status: str) -> Place:
    def responses(operation: spec.Operation) -> Iterable[dict[str, Any]]:
        found = operation.openapi_object["responses"]
        return map(operation.resolve, [found[status]] if status in found else found.values())

    return _place(operation_id, responses)


def _place(
    operation_id: str,
    parts: Callable[[spec.Operation], Iterable[dict[str, Any]]],
    edition: spec.Edition | None = None,
) -> Place:
    """The place that the schemas of some parts of an operation declare."""
    operations = [each for each in _editions(operation_id) if edition in (None, each.edition)]
    declared = [
        Declaration(operation.edition, spec.json_schema(part["content"]))
        for operation in operations
        for part in parts(operation)
        if "content" in part
    ]
    return Place(spec.operation(operation_id).api, declared)


@cache
def _parameter_places(operation_id: str) -> dict[str, Place]:
    declared: dict[str, list[Declaration]] = {}
    for operation in _editions(operation_id):
        for each in operation.parameters:
            declared.setdefault(each.name, []).append(Declaration(operation.edition, each.schema))
    return {name: Place(spec.operation(operation_id).api, schemas) for name, schemas in declared.items()}


def _editions(operation_id: str) -> list[spec.Operation]:
    """An operation as each edition that has it describes it."""
    found = (spec.operations(edition).get(operation_id) for edition in spec.EDITIONS)
    return [each for each in found if each is not None]
