"""Live objects on a server, so that a request fails for its own faults and not because of unknown ids.

Everything is created on first use. What must last (a project, a running recording) is kept for the run; what an
operation uses up (a project to delete, a rule to lift) is a *spare*, replaced once it is gone. What requests of the run
make beside that is taken back at once, or at the end of the phase.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, TypeVar

import httpx

from agora_rest import spec
from agora_rest.contract.http.control import Control
from agora_rest.contract.http.exchange import Exchange
from agora_rest.contract.http.server import Recording, Resource, Server
from agora_rest.contract.outcomes import Broken, Skipped
from agora_rest.contract.safety.access import Profile
from agora_rest.contract.safety.undo import Undo, path_values, undo_of

T = TypeVar("T")

ROOM, STAGE, USER = "contract-room", "contract-stage", 527841
"""Users and their channels in the keeper project, on servers that allow adding users."""

_LONG = 86_400
"""Seconds a shared recording may idle: longer than any run."""

_NOT_SO_LONG = 3_600
"""The same in a real account, where it must end soon if the run is killed; renewed after half of it."""

_PAGE: Final = 3_600
"""Seconds for which a page is recorded."""

_PARTLY: Final = 206
"""The status of a `stop` that ended a recording without files, or before they are uploaded (CR-152, CR-156)."""

_MODES: Final = ("mix", "individual", "web")

_ID_MEMBERS = frozenset({"resourceId", "sid", "id", "vendor_key"})
"""Members of a response with ids that later requests may use."""


_USED_UP: Final = frozenset({spec.Effect("changes", "kicking-rule")})
"""Objects that a successful call consumes without removing or stopping them: a changed rule may end at once (CO-46)."""


def _spare(resource: str) -> str:
    """The name under which a spare of a resource type is stored."""
    return f"spare {resource}"


def _recording(mode: str) -> str:
    """The name under which a recording in a mode is stored."""
    return f"recording in {mode}"


@dataclass(frozen=True)
class _Made:
    value: Any
    requests: list[Exchange]
    until: float = math.inf


class Live:
    """Live ids on one server. An id is None if the server fails to provide it.

    app_id: the App ID that recordings are made under. issued: every ID found in a response.
    """

    def __init__(self, server: Server) -> None:
        self._server = server
        self._made: dict[str, _Made] = {}
        self._handed_out: list[str] = []
        self._later: list[Undo] = []
        self.app_id = server.app_id
        self.issued: set[object] = set()

    # -- long-lived ---------------------------------------------------------------------------------------------------

    @property
    def project(self) -> dict[str, Any]:
        """A project that stays enabled; on servers that let us, with users in its channels."""
        return self._get("project", self._make_project) or {}

    @property
    def switched(self) -> dict[str, Any]:
        """A project that requests may switch on and off."""
        return self._get("switched", self._server.create_project) or {}

    @property
    def kicked(self) -> dict[str, Any]:
        """A project whose users may be kicked: nothing of value is in its channels. It has a rule."""
        return self._get("kicked", self._make_kicked) or {}

    def recording(self, mode: str = "mix") -> Recording | None:
        """A recording in `mode` that runs all through."""
        return self._get(_recording(mode), lambda: self._make_recording(mode), lasting=self._lasting(mode))

    @property
    def own_channel(self) -> str | None:
        """In a real account, a channel known only to this run; None if any channel will do."""
        return self._server.fresh_channel() if self._server.profile is Profile.FULL else None

    # -- consumable -----------------------------------------------------------------------------------------------

    def resource(self, cname: str, uid: str, mode: str = "mix") -> Resource | None:
        """A new resource ID for a recording in `mode` with this channel and uid."""
        self._made.pop("resource", None)
        return self._get("resource", lambda: self._server.acquire(cname, uid, mode=mode))

    def spare_project(self) -> str | None:
        """The ID of a project that may be deleted."""
        found: str | None = self._get(_spare("project"), lambda: self._server.create_project()["id"])
        return found

    def spare_rule(self) -> int | None:
        """The ID of a rule of the `kicked` project that may be changed or deleted."""
        app_id, channel = self.kicked.get("vendor_key"), self._server.fresh_channel()
        return self._get(_spare("kicking-rule"), lambda: self._server.kick(appid=app_id, cname=channel))

    def spare_recording(self, mode: str = "mix") -> Recording | None:
        """A running recording in `mode` that may be stopped."""
        name = _spare(_recording(mode))
        return self._get(name, lambda: self._make_recording(mode), lasting=self._lasting(mode))

    def must_last(self, value: object) -> bool:
        """Whether `value` is the ID of a long-lived object. A link may lead to a request that would end it."""
        kept = (self._made[name].value for name in map(_recording, _MODES) if name in self._made)
        return isinstance(value, str) and value in (
            self._value("project").get("id"),
            self._value("kicked").get("id"),
            self._home(),
            *(recording.sid for recording in kept if recording),
        )

    def server_must_be_there(self) -> None:
        """Raise `Gone` if the server no longer responds."""
        self._server.must_be_there()

    # -- keeping order ------------------------------------------------------------------------------------------------

    def settle(self, exchange: Exchange, *, at_once: bool) -> None:
        """Follow up a request of the run: remember what was issued, replace what was used up, take back what was made.

        at_once: take it back now; otherwise `tidy` does, because later requests of the phase may come back to it.
        """
        effect = spec.operation(exchange.operation).effect
        if effect.kind == "stops" and (exchange.succeeded or exchange.status == _PARTLY):
            mode = path_values(exchange).get("mode", "mix")
            self._made.pop(_spare(_recording(mode)), None)
        if not exchange.succeeded:
            return
        self._remember(exchange.payload)
        if effect.kind == "removes" or effect in _USED_UP:
            self._made.pop(_spare(effect.resource), None)
        undo = undo_of(exchange)
        if undo is None:
            return
        if at_once:
            self._take_back(undo)
        else:
            self._later.append(undo)

    def tidy(self) -> None:
        """Take back what was left for later."""
        later, self._later = self._later, []
        for undo in reversed(later):
            self._take_back(undo)

    def setup(self) -> list[Exchange]:
        """The requests that made what was handed out since this was last called."""
        names, self._handed_out = dict.fromkeys(self._handed_out), []
        return [exchange for name in names if name in self._made for exchange in self._made[name].requests]

    # -- inside -------------------------------------------------------------------------------------------------------

    def _get(self, name: str, make: Callable[[], T], *, lasting: float = math.inf) -> T | None:
        """The object stored under `name` for `lasting` seconds, created now if necessary; None if creation fails."""
        if name not in self._made or self._made[name].until < time.monotonic():
            self._server.trail.clear()
            value, until = self._try(make), time.monotonic() + lasting
            self._made[name] = _Made(value, [each for each in self._server.trail if each.operation], until)
        self._handed_out.append(name)
        found: T | None = self._made[name].value
        return found

    def _value(self, name: str) -> dict[str, Any]:
        return (self._made[name].value if name in self._made else None) or {}

    def _home(self) -> str | None:
        """The ID of the project that recordings are made under."""
        if "home" not in self._made:
            projects = self._try(self._server.list_projects) or []
            found = (each.get("id") for each in projects if each.get("vendor_key") == self.app_id)
            self._made["home"] = _Made(next(found, None), [])
        home: str | None = self._made["home"].value
        return home

    def _make_project(self) -> dict[str, Any]:
        if self._server.profile is Profile.READ_ONLY:
            return self._found_project()
        project = self._server.create_project()
        if Control.USERS in self._server.offers:
            self._server.join(ROOM, USER, app_id=project["vendor_key"])
            self._server.join(STAGE, USER, app_id=project["vendor_key"], mode=2, role=2)
        return project

    def _found_project(self) -> dict[str, Any]:
        """The project with the given App ID, or else the first enabled one; without either only that App ID."""
        enabled = [each for each in self._server.list_projects() if each.get("status") == 1]
        given = [each for each in enabled if each.get("vendor_key") == self.app_id]
        return next(iter(given or enabled), {"vendor_key": self.app_id})

    def _make_kicked(self) -> dict[str, Any]:
        if self._server.profile is Profile.READ_ONLY:
            return self._make_project()
        project = self._server.create_project()
        self._server.kick(appid=project["vendor_key"], cname="contract-barred")
        return project

    def _make_recording(self, mode: str) -> Recording:
        return self._server.record_in(mode, maxIdleTime=self._idle)

    def _lasting(self, mode: str) -> float:
        """Seconds for which a recording is handed out: one of a page ends on its own after an hour."""
        return min(self._idle, _PAGE) / 2 if mode == "web" else self._idle / 2

    @property
    def _idle(self) -> int:
        return _NOT_SO_LONG if self._server.profile is Profile.FULL else _LONG

    def _take_back(self, undo: Undo) -> None:
        self._try(lambda: self._server.send(undo.operation, path=undo.path, body=undo.body))

    def _remember(self, value: Any) -> None:
        if isinstance(value, dict):
            self.issued |= {member for name, member in value.items() if name in _ID_MEMBERS and _hashable(member)}
            for member in value.values():
                self._remember(member)
        elif isinstance(value, list):
            for member in value:
                self._remember(member)

    @staticmethod
    def _try(make: Callable[[], T]) -> T | None:
        """The result of `make`; None if the server refuses, which the run detects by its own requests."""
        try:
            return make()
        except (Broken, Skipped, httpx.HTTPError, KeyError):
            return None


def _hashable(value: object) -> bool:
    return isinstance(value, (str, int))
