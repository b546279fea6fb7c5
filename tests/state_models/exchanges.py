"""Exchanges as the models see them, made up for tests: one a second."""

from __future__ import annotations

from typing import Any

from agora_rest.spec import Edition
from agora_rest.state_models import Deviation, Observed, StateModels

APP = "0123456789abcdef0123456789abcdef"
WHO = {"cname": "zqx-lesson", "uid": "527841"}
MINUTE = 60.0


class Talk:
    """A talk with one server: each exchange a second after the one before, a tenth of a second long."""

    def __init__(self, edition: Edition | None = "2019", *, undisturbed: float = 0.0, size: int = 1_000) -> None:
        self.models = StateModels(undisturbed=undisturbed, size=size)
        self.edition = edition
        self.time, self.number = 1_700_000_000.0, 0
        self.found: list[Deviation] = []

    @property
    def checks(self) -> list[str]:
        """The names of what was found."""
        return [each.check for each in self.found]

    def wait(self, seconds: float) -> None:
        """Let time pass."""
        self.time += seconds

    def __call__(
        self, operation: str, answer: Any = None, *, status: int = 200, took: float = 0.1, **more: Any
    ) -> None:
        """An exchange; `path`, `query` and `body` as in `Observed`."""
        self.time, self.number = self.time + 1, self.number + 1
        members = {"edition": self.edition, **more}
        seen = Observed(self.time, self.number, self.time + took, operation, status, payload=answer, **members)
        self.found += self.models.observe(seen)

    # Cloud Recording

    def acquire(self, resource: str = "r1", *, who: dict[str, str] = WHO, **client: Any) -> None:
        self("acquire", {"resourceId": resource}, path={"appid": APP}, body={**who, "clientRequest": client})

    def start(
        self, resource: str = "r1", sid: str = "s1", *, mode: str = "mix", who: dict[str, str] = WHO, **client: Any
    ) -> None:
        path = {"appid": APP, "resourceid": resource, "mode": mode}
        body = {**who, "clientRequest": client}
        self("start_recording", {"resourceId": resource, "sid": sid}, path=path, body=body)

    def refuse(self, operation: str, code: int, status: int = 400, *, mode: str = "mix", **client: Any) -> None:
        """A refused call of the first recording."""
        path = {"appid": APP, "resourceid": "r1", "mode": mode}
        path |= {} if operation == "start_recording" else {"sid": "s1"}
        body = None if operation == "query_recording" else {**WHO, "clientRequest": client}
        self(operation, {"code": code, "reason": "no"}, status=status, path=path, body=body)

    def query(self, status: Any = 5, sid: str = "s1", resource: str = "r1", mode: str = "mix", **more: Any) -> None:
        """How it is."""
        path = {"appid": APP, "resourceid": resource, "sid": sid, "mode": mode}
        self("query_recording", {"sid": sid, "serverResponse": {"status": status, **more}}, path=path)

    def change(self, operation: str = "update_recording", mode: str = "mix", **client: Any) -> None:
        """`update`, `updateLayout` or `stop`, with success."""
        path = {"appid": APP, "resourceid": "r1", "sid": "s1", "mode": mode}
        self(operation, {**WHO, "sid": "s1", "serverResponse": {}}, path=path, body={**WHO, "clientRequest": client})

    def stop(self, **client: Any) -> None:
        self.change("stop_recording", **client)

    # Console

    def projects(self, *projects: dict[str, Any]) -> None:
        self("list_projects", {"projects": list(projects)})

    def rules(self, *rules: dict[str, Any]) -> None:
        self("list_kicking_rules", {"status": "success", "rules": list(rules)}, query={"appid": APP})

    def ban(self, identifier: int = 1, **rule: Any) -> None:
        body = {"appid": APP, "privileges": ["join_channel"], **rule}
        self("create_kicking_rule", {"status": "success", "id": identifier}, body=body)

    def page(self, names: list[str], total: int, **query: str) -> None:
        rows = [{"channel_name": name, "user_count": 1} for name in names]
        answer = {"success": True, "data": {"channels": rows, "total_size": total}}
        self("list_channels", answer, path={"appid": APP}, query=query)

    def users(self, cname: str = "lesson", **data: Any) -> None:
        path = {"appid": APP, "cname": cname}
        self("list_channel_users", {"success": True, "data": {"channel_exist": True, **data}}, path=path)

    def user(self, uid: int = 7, cname: str = "lesson", **data: Any) -> None:
        path = {"appid": APP, "cname": cname, "uid": str(uid)}
        self("get_user_property", {"success": True, "data": data}, path=path)


def project(identifier: str = "p1", **values: Any) -> dict[str, Any]:
    made = {"id": identifier, "name": "n", "vendor_key": f"app-{identifier}", "sign_key": f"key-{identifier}"}
    return {**made, "recording_server": "", "status": 1, "created": 1_600_000_000, **values}


def rule(identifier: int = 1, made: str = "10:00:00", ends: str = "11:00:00", **values: Any) -> dict[str, Any]:
    """A listed rule of one day."""
    made, ends = (f"2023-11-14T{time if '.' in time else time + '.000'}Z" for time in (made, ends))
    times = {"createAt": made, "updateAt": made, "ts": ends}
    return {"id": identifier, "appid": APP, "uid": 7, "opid": 1, "cname": None, "ip": None, **times, **values}
