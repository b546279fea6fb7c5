"""What a run has made on a server and not yet removed, and what is its own at all.

An entry is opened before a request goes out and closed by its answer, so nothing is forgotten when a run is broken off
between the two: what such a request may have made is looked for.
"""

from __future__ import annotations

import json
import secrets
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final, NamedTuple

import httpx

from agora_rest import spec
from agora_rest.contract.http.exchange import Exchange
from agora_rest.contract.http.parsed_request import Outgoing
from agora_rest.contract.outcomes import Skipped
from agora_rest.contract.safety.bounds import Stopped
from agora_rest.contract.safety.undo import Undo, undo_of

Send = Callable[[str, Mapping[str, str], Mapping[str, Any], Any], Exchange]
"""Carries out an operation with these path parameters, query and body."""

_REMOVING: Final = frozenset(each.id for each in spec.operations().values() if each.effect.kind in ("removes", "stops"))
_MAKING: Final = frozenset(
    each.id
    for each in spec.operations().values()
    if each.effect.kind in ("creates", "starts")
    and each.effect.resource in {spec.operation(removing).effect.resource for removing in _REMOVING}
)

_ATTEMPTS: Final = 5
_PAUSE: Final = 1.0
"""How often removal is attempted at the end of a run, and the seconds between: a server may be overloaded."""

_IN_FLIGHT_TIMEOUT: Final = 15.0
"""Seconds to wait for calls of other threads that are still on their way."""

_USED, _STOPPING, _EMPTY = 1005, 49, 435
"""Codes that say there is nothing more to stop: used up, being stopped already, nothing recorded (CR-12, CR-64)."""

_OVER: Final = ("6", "7", "8", "20")
"""The statuses of a recording that is over (CR-42)."""

_Whom = dict[str, Any]
"""The `cname` and `uid` of a recorder."""


class _Thing(NamedTuple):
    """Something made, by what tells it from all others."""

    kind: str
    ids: tuple[str, ...]

    def __str__(self) -> str:
        return f"the {self.kind} {' / '.join(self.ids)}"


class _Lost(NamedTuple):
    """What a request whose response is unknown may have made. The same request, sent again, makes the same thing."""

    operation: str
    path: tuple[tuple[str, str], ...]
    content: str

    @classmethod
    def of(cls, request: Outgoing) -> _Lost:
        body = json.dumps(request.body, sort_keys=True, default=str)
        return cls(request.operation, tuple(sorted(request.path.items())), body)

    def __str__(self) -> str:
        names = (*dict(self.path).values(), *_names(json.loads(self.content)))
        named = f" ({', '.join(names)})" if names else ""
        return f"what {self.operation}{named} may have made: its response never arrived"


def _names(body: Mapping[str, Any]) -> list[str]:
    return [
        f"{name} {body[name]}" for name in ("name", "appid", "cname", "uid") if isinstance(body.get(name), str | int)
    ]


class Ledger:
    """The books of one run.

    mark: stands in every name the run makes up. projects (with their App IDs), rules, resources (with channel and
    user): what the run was ever given; it stays its own when it is gone.
    """

    def __init__(self, sleep: Callable[[float], None] = time.sleep) -> None:
        self.mark = secrets.token_hex(4)
        self.projects: dict[str, str] = {}
        self.rules: set[str] = set()
        self.resources: dict[str, _Whom] = {}
        self._sleep = sleep
        self._made: dict[_Thing, Undo] = {}
        self._open: set[Outgoing] = set()
        self._lost: dict[_Lost, Outgoing] = {}
        self._stuck: set[_Thing | _Lost] = set()
        self._before: set[str] | None = None
        self._changed = threading.Condition()

    def made_up(self, name: object) -> bool:
        """Whether a channel's or project's name is one of this run's own."""
        return isinstance(name, str) and name.startswith("contract-") and f"-{self.mark}-" in name

    def runs_under(self, project: object) -> bool:
        """Whether a recording of this run runs under the App ID of a project of its own."""
        app_id = self.projects.get(str(project))
        return any(thing.kind == "recording" and thing.ids[0] == app_id for thing in list(self._made))

    @property
    def app_ids(self) -> tuple[str, ...]:
        """The App IDs of its own projects, deleted ones too."""
        return tuple(app_id for app_id in self.projects.values() if app_id)

    def owns(self, resource_id: str) -> bool:
        """Whether a resource ID was given to the run, for a channel of its own."""
        return self.made_up(self.resources.get(resource_id, {}).get("cname"))

    # -- keeping the books --------------------------------------------------------------------------------------------

    def going(self, request: Outgoing) -> None:
        """A request is about to be sent."""
        if request.operation in _MAKING:
            with self._changed:
                self._open.add(request)

    def answered(self, request: Outgoing, exchange: Exchange) -> None:
        """It was answered."""
        with self._changed:
            if request.operation in _MAKING:
                self._made_by(request, exchange)
            elif request.operation in _REMOVING:
                self._removed_by(request, exchange)
            elif request.operation == "acquire" and exchange.succeeded:
                self.resources[str(exchange.member("resourceId"))] = _whom(request.body)
            elif request.operation == "list_projects" and self._before is None and exchange.succeeded:
                self._before = {str(each.get("id")) for each in _projects(exchange)}

    def over(self, request: Outgoing) -> None:
        """Nothing more will be heard of it; where that leaves open what it made, that is looked for."""
        with self._changed:
            if request in self._open:
                self._open.discard(request)
                self._lost.setdefault(_Lost.of(request), request)
            self._changed.notify_all()

    def _made_by(self, request: Outgoing, exchange: Exchange) -> None:
        undo = undo_of(exchange) or self._undo_of_odd_start(request, exchange)
        if undo is not None:
            self._open.discard(request)
            self._enter(undo, next((str(each.get("vendor_key")) for each in _projects(exchange)), ""))
        elif 400 <= exchange.status < 500 or exchange.code not in (None, 200):
            self._open.discard(request)  # refused: nothing was made

    def _undo_of_odd_start(self, request: Outgoing, exchange: Exchange) -> Undo | None:
        """How to end a recording whose own `start` does not say of whom it is, and should not have been taken."""
        whom, sid = self.resources.get(request.path.get("resourceid", "")), exchange.member("sid")
        if whom is None or not isinstance(sid, str) or request.operation != "start_recording":
            return None
        return Undo("stop_recording", {**request.path, "sid": sid}, {**whom, "clientRequest": {}})

    def _enter(self, undo: Undo, app_id: str = "") -> None:
        thing = _thing(undo.operation, undo.path, undo.body)
        self._made[thing] = undo
        if thing.kind == "project":
            self.projects[thing.ids[0]] = app_id
        elif thing.kind == "kicking rule":
            self.rules.add(thing.ids[1])

    def _removed_by(self, request: Outgoing, exchange: Exchange) -> None:
        is_gone = request.exact and (exchange.status == 404 or exchange.code in (_STOPPING, _EMPTY))
        if not (exchange.succeeded or is_gone):
            return
        thing = _thing(request.operation, request.path, request.body)
        self._made.pop(thing, None)
        if thing.kind == "project":  # and with it what is under its App ID
            app_id = self.projects.get(thing.ids[0])
            self._made = {each: undo for each, undo in self._made.items() if each.ids[0] != app_id}

    # -- removing -----------------------------------------------------------------------------------------------------

    @property
    def is_clear(self) -> bool:
        """Whether nothing is left to be removed."""
        return not (self._made or self._lost or self._open)

    def clear(self, send: Send) -> None:
        """Remove what was made, the last first. Each thing is attempted once; what resists is left for `clear_all`."""
        for lost, request in list(self._lost.items()):
            if lost not in self._stuck and self._try(lambda request=request: self._look_for(send, request)):  # type: ignore[misc]
                self._lost.pop(lost, None)
            else:
                self._stuck.add(lost)
        for thing, undo in reversed(list(self._made.items())):
            if thing not in self._stuck:
                self._try(lambda undo=undo: self._undo(send, undo))  # type: ignore[misc]
                if thing in self._made:
                    self._stuck.add(thing)

    def clear_all(self, send: Send) -> tuple[str, ...]:
        """Remove everything, in `_ATTEMPTS` attempts and within the bounds of the run; returns what is left, in words.

        Each lost thing is looked for once an attempt, however often looking for it was lost as well.
        """
        with self._changed:
            self._changed.wait_for(lambda: not self._open, _IN_FLIGHT_TIMEOUT)
            self._lost = {_Lost.of(request): request for request in self._open} | self._lost
            self._open.clear()
        try:
            for attempt in range(_ATTEMPTS):
                if attempt:
                    self._sleep(_PAUSE)
                self._stuck.clear()
                self.clear(send)
                if self.is_clear:
                    return ()
        except Stopped:
            pass
        return (*map(str, self._made), *map(str, self._lost))

    def _undo(self, send: Send, undo: Undo) -> None:
        """Take one thing back; the answer crosses it off."""
        send(undo.operation, undo.path, {}, undo.body)
        thing = _thing(undo.operation, undo.path, undo.body)
        if undo.operation == "stop_recording" and thing in self._made:
            self._insist(send, undo, thing)

    def _insist(self, send: Send, undo: Undo, thing: _Thing) -> None:
        """End a recording that does not stop as it was started: by its project, its resource ID, its recorder."""
        project = next((each for each, app_id in self.projects.items() if app_id == undo.path["appid"]), None)
        if project is not None:  # a check may have disabled it
            send("set_project_status", {}, {}, {"id": project, "status": 1})
        whom = {**undo.body, **self.resources.get(undo.path["resourceid"], {})}
        send(undo.operation, undo.path, {}, whom)
        if thing in self._made:
            self._put_offline(send, undo.path["appid"], whom)
            asked = send("query_recording", undo.path, {}, None)
            if asked.status == 404 or str(asked.member("serverResponse", "status")) in _OVER:
                self._made.pop(thing, None)

    def _look_for(self, send: Send, request: Outgoing) -> None:
        """Find what a request whose answer is unknown has made, and take it into the books."""
        if request.operation == "create_project":
            self._find_project(send, request.body.get("name"))
        elif request.operation == "create_kicking_rule":
            self._find_rules(send, request.body)
        elif request.operation == "start_recording":
            self._end_lost_recording(send, request)

    def _find_project(self, send: Send, name: object) -> None:
        for each in _projects(_must(send("list_projects", {}, {}, None))):
            number = str(each.get("id"))
            if each.get("name") == name and number not in {*self.projects, *(self._before or ())}:
                self._enter(Undo("delete_project", {}, {"id": each["id"]}), str(each.get("vendor_key")))

    def _find_rules(self, send: Send, body: Mapping[str, Any]) -> None:
        app_id = body.get("appid")
        listed = _must(send("list_kicking_rules", {}, {"appid": app_id}, None)).member("rules")
        for each in listed if isinstance(listed, list) else ():
            if str(each.get("id")) not in self.rules and (app_id in self.app_ids or self.made_up(each.get("cname"))):
                self._enter(Undo("delete_kicking_rule", {}, {"appid": app_id, "id": each["id"]}))

    def _end_lost_recording(self, send: Send, request: Outgoing) -> None:
        """Start it again: a resource ID serves once, so either it gives the sid, or there is one that runs unseen."""
        again = send("start_recording", request.path, {}, dict(request.body))
        if not again.succeeded and again.code != _USED:
            self._put_offline(send, request.path["appid"], request.body)

    def _put_offline(self, send: Send, app_id: str, body: Mapping[str, Any]) -> None:
        """End a recording by way of its recorder, which a rule keeps out of its channel like any user (CO-48)."""
        whom = {"appid": app_id, "cname": body.get("cname"), "uid": int(body.get("uid", 0))}
        _must(send("create_kicking_rule", {}, {}, {**whom, "time": 1, "privileges": ["join_channel"]}))

    @staticmethod
    def _try(step: Callable[[], None]) -> bool:
        """Whether `step` could be made; what cannot be reached or read stays in the books."""
        try:
            step()
        except (httpx.HTTPError, Skipped, KeyError, TypeError, ValueError):
            return False
        return True


def _whom(body: Mapping[str, Any]) -> _Whom:
    return {name: body.get(name) for name in ("cname", "uid")}


def _must(exchange: Exchange) -> Exchange:
    if not exchange.succeeded:
        raise ValueError(exchange.status)
    return exchange


def _thing(operation: str, path: Mapping[str, str], body: Mapping[str, Any]) -> _Thing:
    if operation == "stop_recording":
        return _Thing("recording", tuple(str(path.get(name)) for name in ("appid", "resourceid", "sid")))
    if operation == "delete_kicking_rule":
        return _Thing("kicking rule", (str(body.get("appid")), str(body.get("id"))))
    return _Thing("project", (str(body.get("id")),))


def _projects(exchange: Exchange) -> Iterator[dict[str, Any]]:
    """The projects of an answer, one or many, in either dialect (CO-13)."""
    for name in ("project", "projects"):
        found = exchange.member(name)
        for each in found if isinstance(found, list) else [found]:
            if isinstance(each, dict):
                yield each
