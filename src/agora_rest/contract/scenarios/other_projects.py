"""Two projects that have everything alike: what is changed in one does not change the other."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from agora_rest.contract.checking.checks import check
from agora_rest.contract.http.control import Control
from agora_rest.contract.http.exchange import Exchange
from agora_rest.contract.http.server import Recording, Server
from agora_rest.contract.outcomes import require
from agora_rest.contract.scenarios._recording import must_run

_CNAME: Final = "Room"
_USERS: Final = (7, 8)
_RECORDER: Final = "4000000001"
_DAY: Final = "2020-02-29"


class _Furnished:
    """A project with users in a channel, kicking rules and a recording."""

    def __init__(self, server: Server) -> None:
        self.server = server
        project = server.create_project()
        self.id: str = project["id"]
        self.app_id: str = project["vendor_key"]
        for uid in _USERS:
            server.join(_CNAME, uid, app_id=self.app_id)
        self.rules = [server.kick(appid=self.app_id, uid=uid, time=60) for uid in (90, 91)]
        self.recording: Recording = server.record(_CNAME, _RECORDER, app_id=self.app_id)

    def shown(self) -> dict[str, Any]:
        """Its state as the Console shows it; its recording must be running."""
        server, app_id = self.server, self.app_id
        must_run(server, self.recording)
        day = {"from_date": _DAY, "to_date": _DAY}
        return {
            "the project": server.find_project(id=self.id).must_succeed().project,
            "its rules": server.kicking_rules(app_id),
            "its channels": server.channels(app_id=app_id).payload,
            "its users": server.users(_CNAME, app_id=app_id).payload,
            "a user": server.user(_CNAME, _USERS[0], app_id=app_id).payload,
            "its usage": server.send("get_usage_v1", query={**day, "projects": self.id}).must_succeed().payload,
        }

    def kick(self, **target: Any) -> None:
        """Make a rule."""
        self.server.kick(appid=self.app_id, **target)

    def change(self, operation: str, **members: Any) -> None:
        """Change the project."""
        self.server.send(operation, body={"id": self.id, **members}).must_succeed()

    def change_rule(self, operation: str, **members: Any) -> None:
        """Change the first of its rules."""
        self.server.send(operation, body={"appid": self.app_id, "id": self.rules[0], **members}).must_succeed()


_CHANGES: Final[dict[str, Callable[[_Furnished], object]]] = {
    "an update of a rule": lambda each: each.change_rule("update_kicking_rule", time=5),
    "the end of a rule": lambda each: each.change_rule("delete_kicking_rule"),
    "a recording server": lambda each: each.change("set_recording_server", recording_server="192.0.2.1:80"),
    "turning off the certificate": lambda each: each.change("enable_certificate", enable=False),
    "a new certificate": lambda each: each.change("reset_certificate"),
    "the end of a recording": lambda each: each.server.stop(each.recording),
    "the leaving of a user": lambda each: each.server.leave(_CNAME, _USERS[0], app_id=each.app_id),
    "a rule for a user": lambda each: each.kick(uid=_USERS[0], time=0),
    "a rule for the recorder": lambda each: each.kick(uid=int(_RECORDER), time=1),
    "a rule for the channel": lambda each: each.kick(cname=_CNAME, time=1),
    "disabling": lambda each: each.change("set_project_status", status=0),
    "deleting": lambda each: each.change("delete_project"),
}
"""All ways to change a project."""


@check(
    *("CO-16", "CO-18", "CO-19", "CO-20", "CO-21", "CO-44", "CO-46", "CO-47", "CO-48", "CO-51", "CO-53", "CO-55"),
    "CR-15",
    needs=Control.USERS,
)
def what_changes_one_project_leaves_another_as_it_is(server: Server) -> None:
    """Of two projects with the same channels, users, rules and recorders, no change of one changes the other."""
    kept = _Furnished(server)
    before = kept.shown()
    for what, change in _CHANGES.items():
        change(_Furnished(server))
        by: Exchange = server.trail[-1]
        for name, now in kept.shown().items():
            require(now == before[name], f"{name} as before, in spite of {what} in another project", now, by)
