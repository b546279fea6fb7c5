"""A call of every operation, in an order in which all of them succeed; and a recording in each of today's modes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final

from agora_rest import spec
from agora_rest.contract.samples import Ids, Sample, sample_of

_ORDER: Final = ("creates", "starts", "reads", "changes", "stops", "removes")
"""The order of effects: an object is created before other calls name it, and removed after them."""


_MODES: Final[Mapping[str, Mapping[str, str]]] = {
    "individual": {"acquire": "individualOrMix", "start_recording": "individual", "update_recording": "subscription"},
    "web": {"acquire": "web", "start_recording": "webPush", "update_recording": "webPause"},
}
"""The examples of the bodies, by mode and operation."""


def tour(
    send: Callable[[Sample], Any],
    ids: Ids,
    members: Mapping[str, Mapping[str, Any]] = {},
    edition: spec.Edition = "current",
) -> None:
    """Call every operation of an edition on what earlier calls created.

    `send` makes a call and returns the JSON of its response. `ids` names the App ID and a channel with a user in it.
    `members` replaces members of the body, by operation.
    """
    for operation in sorted(spec.operations(edition).values(), key=_place):
        ids = _learned(ids, operation, send(sample_of(operation, ids, **members.get(operation.id, {}))))


def modes(send: Callable[[Sample], Any], ids: Ids) -> None:
    """Make a recording in each mode that only the present documents have: start, query, update, stop."""
    for mode, examples in _MODES.items():
        mine = replace(ids, uid=f"52784{len(mode)}")
        for name in ("acquire", "start_recording", "query_recording", "update_recording", "stop_recording"):
            operation = spec.operation(name)
            call = sample_of(operation, mine)
            if name in examples:
                body = operation.body_examples[examples[name]]
                call = replace(call, body={**body, "cname": mine.channel, "uid": mine.uid})
            mine = _learned(mine, operation, send(replace(call, path={**call.path, "mode": mode})))


def _place(operation: spec.Operation) -> tuple[bool, int, bool]:
    """Recordings first: a kicking rule could end them. What belongs to a project is removed before the project."""
    effect = operation.effect
    return operation.api == "console", _ORDER.index(effect.kind), effect.resource == "project"


def _learned(ids: Ids, operation: spec.Operation, answer: Any) -> Ids:
    """`ids`, with those of what the call created; in either dialect."""
    payload = answer.get("Body", answer) if isinstance(answer, dict) else {}
    match operation.effect.kind, operation.effect.resource:
        case "creates", "resource":
            return replace(ids, resource=payload["resourceId"])
        case "starts", "recording":
            return replace(ids, sid=payload["sid"])
        case "creates", "project":
            project = payload["project"]
            return replace(ids, project=(project[0] if isinstance(project, list) else project)["id"])
        case "creates", "kicking-rule":
            return replace(ids, rule=int(payload["id"]))
    return ids
