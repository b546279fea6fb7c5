"""How each operation's requests are brought to name what is alive.

Schemathesis makes requests from the specification alone: its ids exist nowhere, and everything would end as 404. A
function puts live ids into the requests of an operation, under one rule: a value is replaced only where it is valid, so
what was broken on purpose stays broken. Constraints outside the specification (a period ends no earlier than it begins)
are applied here as well. Operations on a project that lasts need no function: `_by_name` serves them.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping, MutableMapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final
from urllib.parse import unquote

from agora_rest import spec
from agora_rest.contract.checking.rules import member_is_valid, parameter_is_valid
from agora_rest.contract.safety import cross_rules
from agora_rest.contract.safety.resources import ROOM, STAGE, USER, Live

_LONGEST_PERIOD = timedelta(days=364)
"""A query of usage covers a year at most (CO-31)."""


@dataclass
class Draft:
    """A request before it is sent. The containers are changed in place.

    keep: ids that stay as they are, because they came over a link.
    turn: counts the requests to this operation.
    edition: the edition of the documents that the server follows.
    """

    operation: str
    path: MutableMapping[str, Any]
    query: MutableMapping[str, Any]
    body: Any
    keep: Container[object] = ()
    turn: int = 0
    edition: spec.Edition = "2019"

    def parameter(self, container: MutableMapping[str, Any], name: str, value: object) -> None:
        """Replace a valid value by `value`."""
        if value is None or name not in container or self.kept(container[name]):
            return
        found = container[name]
        if container is self.path and isinstance(found, str):
            found = unquote(found)  # a path is made of text that is percent-encoded already
        if parameter_is_valid(self.operation, name, found, self.edition):
            container[name] = value

    def member(self, name: str, value: object) -> None:
        """Replace a valid member of the body by `value`."""
        if value is None or not isinstance(self.body, dict) or name not in self.body or self.kept(self.body[name]):
            return
        if member_is_valid(self.operation, name, self.body[name], self.edition):
            self.body[name] = value

    def kept(self, value: object) -> bool:
        """Whether `value` came from a link."""
        if isinstance(value, str):
            return unquote(value) in self.keep
        return isinstance(value, int) and value in self.keep

    @property
    def mode(self) -> str | None:
        """The mode in the path, if it is a valid one."""
        found = self.path.get("mode")
        is_valid = isinstance(found, str) and parameter_is_valid(self.operation, "mode", found, self.edition)
        return str(found) if is_valid else None

    def let_go(self, live: Live) -> None:
        """Keep no ID of something that must last: this operation would end it."""
        if isinstance(self.body, dict) and live.must_last(self.body.get("id")):
            self.keep = ()


Pin = Callable[[Draft, Live], None]
_pins: dict[str, Pin] = {}


def pin(draft: Draft, live: Live) -> None:
    """Bring a request to name what is alive."""
    _pins.get(draft.operation, _by_effect)(draft, live)


def _pins_for(*operations: str) -> Callable[[Pin], Pin]:
    def register(function: Pin) -> Pin:
        _pins.update(dict.fromkeys(operations, function))
        return function

    return register


def _by_effect(draft: Draft, live: Live) -> None:
    """For an operation without a function of its own: a recording, a channel, or the project that stays enabled.

    A call that removes something else has to say what it may remove.
    """
    effect = spec.operation(draft.operation).effect
    if effect.resource in _BY_RESOURCE:
        _BY_RESOURCE[effect.resource](draft, live)
        return
    if effect.kind in ("removes", "stops"):
        return
    named = {"appid": "vendor_key", "project_id": "id", **({"id": "id"} if effect.resource == "project" else {})}
    for name, member in named.items():
        for container in (draft.path, draft.query):
            draft.parameter(container, name, live.project.get(member))
        draft.member(name, live.project.get(member))


@_pins_for("acquire")
def _acquire(draft: Draft, live: Live) -> None:
    draft.member("cname", live.own_channel)
    draft.parameter(draft.path, "appid", live.app_id)


@_pins_for("start_recording")
def _start(draft: Draft, live: Live) -> None:
    """A new resource ID for each request, acquired for the mode, channel and uid that the request names."""
    draft.parameter(draft.path, "appid", live.app_id)
    if draft.kept(draft.path.get("resourceid")):
        return
    own, mode = live.own_channel, draft.mode
    draft.member("cname", own)
    body = draft.body if isinstance(draft.body, dict) else {}
    if mode is not None and isinstance(draft.body, dict):
        _mend_start(draft, mode)
    valid = {
        name: body[name]
        for name in ("cname", "uid")
        if member_is_valid(draft.operation, name, body.get(name), draft.edition)
    }
    named = (valid.get("cname", own or "contract-start"), valid.get("uid", "4294967295"))
    resource = live.resource(*named, mode or "mix")
    draft.parameter(draft.path, "resourceid", resource.id if resource else None)


def _mend_start(draft: Draft, mode: str) -> None:
    if mode != "web" and not parameter_is_valid("list_channel_users", "cname", draft.body.get("cname"), draft.edition):
        draft.member("cname", "contract-start")  # a label that is no channel's name (CR-81)
    client = draft.body.get("clientRequest")
    if isinstance(client, dict):
        cross_rules.mend_start(client, mode)


@_pins_for("update_recording")
def _update(draft: Draft, live: Live) -> None:
    """The shared recording in the mode of the path."""
    _recording(draft, live)
    client = draft.body.get("clientRequest") if isinstance(draft.body, dict) else None
    cross_rules.mend_folders(client.get("storageConfig") if isinstance(client, dict) else None)


@_pins_for("update_layout")
def _layout(draft: Draft, live: Live) -> None:
    """The shared recording in mode `mix`."""
    _recording(draft, live)
    cross_rules.mend_regions(draft.body, "clientRequest", "layoutConfig")


def _recording(draft: Draft, live: Live) -> None:
    """The shared recording in the mode of the path; a spare one to stop."""
    ends = spec.operation(draft.operation).effect.kind == "stops"
    if ends and live.must_last(draft.path.get("sid")):
        draft.keep = ()
    if draft.kept(draft.path.get("sid")):
        return
    mode = draft.mode or "mix"
    recording = live.spare_recording(mode) if ends else live.recording(mode)
    if recording is None:
        return
    draft.parameter(draft.path, "appid", recording.resource.app_id)
    draft.parameter(draft.path, "resourceid", recording.resource.id)
    draft.parameter(draft.path, "sid", recording.sid)
    draft.member("cname", recording.resource.cname)
    draft.member("uid", recording.resource.uid)


@_pins_for("find_project")
def _find(draft: Draft, live: Live) -> None:
    """By ID, by name or by both (CO-15). A request with neither is given an ID, one with a linked ID has only that."""
    if draft.kept(draft.query.get("id")):
        draft.query.pop("name", None)
        return
    if not draft.query.keys() & {"id", "name"} and "id" in live.project:
        draft.query["id"] = live.project["id"]
    draft.parameter(draft.query, "id", live.project.get("id"))
    draft.parameter(draft.query, "name", live.project.get("name"))


@_pins_for("set_project_status")
def _switch(draft: Draft, live: Live) -> None:
    draft.let_go(live)
    draft.member("id", live.switched.get("id"))


@_pins_for("delete_project")
def _delete(draft: Draft, live: Live) -> None:
    draft.let_go(live)
    draft.member("id", live.spare_project())


@_pins_for("get_usage_v1")
def _usage_v1(draft: Draft, live: Live) -> None:
    """Makes the first of the projects a live one; the others may be unknown (CO-33)."""
    _mend_period(draft)
    projects = draft.query.get("projects")
    if isinstance(projects, list) and projects and "id" in live.project:
        draft.parameter(draft.query, "projects", [live.project["id"], *projects[1:]])


@_pins_for("get_usage_v3")
def _usage_v3(draft: Draft, live: Live) -> None:
    _mend_period(draft)
    draft.parameter(draft.query, "project_id", live.project.get("id"))


@_pins_for("create_kicking_rule")
def _kick(draft: Draft, live: Live) -> None:
    draft.member("appid", live.kicked.get("vendor_key"))


@_pins_for("list_kicking_rules")
def _rules(draft: Draft, live: Live) -> None:
    draft.parameter(draft.query, "appid", live.kicked.get("vendor_key"))


@_pins_for("update_kicking_rule", "delete_kicking_rule")
def _rule(draft: Draft, live: Live) -> None:
    draft.member("appid", live.kicked.get("vendor_key"))
    draft.member("id", live.spare_rule())


def _channel(draft: Draft, live: Live) -> None:
    """Cycles through an unknown channel, a communication room and a live stage: three response shapes."""
    draft.parameter(draft.path, "appid", live.project.get("vendor_key"))
    channel = (None, ROOM, STAGE)[draft.turn % 3]
    draft.parameter(draft.path, "cname", channel)
    draft.parameter(draft.path, "uid", str(USER) if channel else None)


_BY_RESOURCE: Final[Mapping[str, Pin]] = {"recording": _recording, "channel": _channel}


def _mend_period(draft: Draft) -> None:
    """A period ends no earlier than it begins, and lasts a year at most (CO-31)."""
    try:
        begin, end = (date.fromisoformat(unquote(str(draft.query[name]))) for name in ("from_date", "to_date"))
    except (KeyError, ValueError):
        return
    begin = min(begin, date.max - _LONGEST_PERIOD)
    draft.query["from_date"] = begin.isoformat()
    draft.query["to_date"] = min(max(begin, end), begin + _LONGEST_PERIOD).isoformat()
