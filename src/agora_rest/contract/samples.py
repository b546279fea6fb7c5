"""A valid call of every operation, made from the specifications' own examples.

An example names what exists nowhere. `sample` puts the IDs of living things in its place, and leaves out optional
parameters that name something else.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from agora_rest import spec
from agora_rest.contract.http.wire import OMIT

_LASTING: Final[Mapping[str, Mapping[str, Any]]] = {"set_project_status": {"status": 1}}
"""Members in the place of an example's that would disable what later calls use."""


@dataclass(frozen=True)
class Sample:
    """A valid call."""

    operation: str
    path: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, Any] = field(default_factory=dict)
    body: Any = OMIT
    """The JSON body; `OMIT` if the operation has none."""


@dataclass(frozen=True, kw_only=True)
class Ids:
    """The IDs of live objects; for an ID that is None the example's value is used."""

    app_id: str | None = None
    project: str | None = None
    rule: int | None = None
    channel: str | None = None
    uid: str | None = None
    resource: str | None = None
    sid: str | None = None

    def by_name(self, operation: spec.Operation) -> dict[str, Any]:
        """The values by the names that parameters and members of an operation have."""
        named = {
            "appid": self.app_id,
            "cname": self.channel,
            "uid": self.uid,
            "resourceid": self.resource,
            "sid": self.sid,
            "project_id": self.project,
            "projects": self.project,
            "id": self.rule if operation.effect.resource == "kicking-rule" else self.project,
        }
        return {name: value for name, value in named.items() if value is not None}


def sample(operation_id: str, ids: Ids = Ids(), **members: Any) -> Sample:
    """A valid call of `operation_id` on the things in `ids`, with `members` of the body replaced."""
    return sample_of(spec.operation(operation_id), ids, **members)


def sample_of(operation: spec.Operation, ids: Ids = Ids(), **members: Any) -> Sample:
    """The same, for an operation itself."""
    living = ids.by_name(operation)
    path, query = ({**_given(operation, place, living)} for place in ("path", "query"))
    if operation.body_schema is None:
        return Sample(operation.id, path, query)
    body = next(iter(operation.body_examples.values()))
    replaced = {name: living.get(name) or value for name, value in body.items() if value != ""}
    return Sample(operation.id, path, query, replaced | dict(_LASTING.get(operation.id, {})) | members)


def _given(operation: spec.Operation, place: str, living: Mapping[str, Any]) -> dict[str, Any]:
    """The parameters of a location: live ones, and the required ones among the others."""
    found: dict[str, Any] = {}
    for parameter in operation.parameters:
        if parameter.place != place:
            continue
        if parameter.name in living:
            found[parameter.name] = living[parameter.name]
        elif parameter.required:
            found[parameter.name] = next(iter(parameter.examples.values()))
    return {name: str(value) for name, value in found.items()} if place == "path" else found
