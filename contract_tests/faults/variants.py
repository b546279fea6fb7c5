"""Behaviour of a server of another make: each variant is something that the documents leave open."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from typing import Any, Final

from agora_rest.emulator import Emulator
from agora_rest.emulator.ids import Ids
from faults.middleware import RIGHT_CREDENTIALS, At, Forward, HttpCall, respond
from faults.patches import method

_FIXED: Final = {"invalid appid", "Invalid authentication credentials", "API rate limit exceeded", "project not exit"}
"""The texts that the facts name."""


def nothing_there(call: HttpCall) -> None:
    """Respond as a web server does where nothing is at a path."""
    call.status, call.response_body = 404, b"<h1>404 Not Found</h1>"
    call.response_headers = [(b"content-type", b"text/html")]


def after(change: Callable[[HttpCall], object]) -> At:
    """Every response is changed."""

    async def middleware(call: HttpCall, forward: Forward) -> None:
        await forward()
        change(call)

    return At(lambda: middleware)


def each_object(change: Callable[[dict[str, Any]], None]) -> At:
    """Every JSON object in a response is changed in place by `change`, the inner ones first."""

    def walk(value: Any) -> None:
        for key, each in value.items() if isinstance(value, dict) else enumerate(value):
            if isinstance(each, dict | list) and key not in ("usage", "meta"):  # these hold names of the account's own
                walk(each)
        if isinstance(value, dict):
            change(value)

    def changed(call: HttpCall) -> None:
        if isinstance(body := call.payload, dict):
            walk(body)
            call.payload = body

    return after(changed)


def _other_words(members: dict[str, Any]) -> None:
    for name in ("reason", "message", "error_msg"):
        if isinstance(members.get(name), str) and members[name] not in _FIXED:
            members[name] = "E17: das geht so nicht"


def _more_members(members: dict[str, Any]) -> None:
    members["x_trace"] = {"node": 7, "at": [1, 2]}


def _other_order(members: dict[str, Any]) -> None:
    for name in ("projects", "rules", "channels", "users", "broadcasters", "usages", "daily"):
        if isinstance(members.get(name), list):
            members[name].reverse()


def _milliseconds(members: dict[str, Any]) -> None:
    if isinstance(members.get("created"), int) and members["created"] < 10**11:
        members["created"] *= 1000


def _other_type_of_status(members: dict[str, Any]) -> None:
    if "fileList" in members and "status" in members:
        status = members["status"]
        members["status"] = int(status) if isinstance(status, str) else str(status)


def _other_json(call: HttpCall) -> None:
    kind = dict(call.response_headers).get(b"content-type", b"text/html")
    if isinstance(call.payload, dict):
        call.response_body = b"\n" + json.dumps(call.payload, indent=3, ensure_ascii=False).encode() + b"\n"
        kind = b"Application/JSON; Charset=UTF-8"
    call.set_response_header(b"content-type", None)
    call.response_headers += [(b"CONTENT-TYPE", kind), (b"Via", b"1.1 gateway")]


def _compressed(call: HttpCall) -> None:
    if b"gzip" in call.header(b"accept-encoding") and call.response_body:
        call.response_body = gzip.compress(call.response_body)
        call.set_response_header(b"Content-Encoding", b"gzip")


def _page_for_what_is_not_there(call: HttpCall) -> None:
    if call.status == 405:
        call.response_body, call.response_headers = b"<h1>405</h1>", [(b"content-type", b"text/html")]
    elif call.status == 404 and b"no Route" in call.response_body:
        nothing_there(call)


def _no_405(call: HttpCall) -> None:
    if call.status == 405:
        nothing_there(call)


def _forgets_recordings(call: HttpCall) -> None:
    if call.path.endswith("/query") and call.status == 200:
        body = call.payload
        if str(body.get("Body", body)["serverResponse"]["status"]) in ("6", "7", "8", "20"):
            gone = {"code": 404, "reason": "failed to find worker"}
            respond(404, {"Code": 404, "Body": gone} if "Body" in body else gone)(call)


async def _sessions(call: HttpCall, forward: Forward) -> None:
    if b"session=1" in call.header(b"cookie"):
        call.set_header(b"authorization", RIGHT_CREDENTIALS)
    await forward()
    if call.status < 400:
        call.set_response_header(b"Set-Cookie", b"session=1; Path=/")


def _credentials_before_paths(call: HttpCall) -> None:
    if call.status in (404, 405) and call.header(b"authorization").partition(b" ")[2] != RIGHT_CREDENTIALS[6:]:
        call.response_headers = [(b"content-type", b"application/json")]
        respond(401, {"message": "Invalid authentication credentials"})(call)


def sessions() -> At:
    """A caller that was let in once gets a cookie, with which it needs no credentials."""
    return At(lambda: _sessions)


def no_405() -> At:
    """A method that a path does not have is 404."""
    return after(_no_405)


def ids_first(emulator: Emulator) -> tuple[At, ...]:
    """IDs in a request are looked up before its form is checked: App IDs, resource IDs, projects."""

    def app_ids(call: HttpCall) -> None:
        known = {project.app_id for project in emulator.world.projects.all() if project.enabled}
        if call.status == 400 and call.path.startswith("/v1/apps/") and call.path.split("/")[3] not in known:
            call.payload = {"message": "invalid appid"}

    def resource_ids(call: HttpCall) -> None:
        if call.status != 400 or "/resourceid/" not in call.path or "message" in call.payload:
            return
        body = call.payload
        known = {resource.id for resource in emulator.world.recordings.resources()}
        inner = body.get("Body", body)
        if inner["code"] in (2, 1013) and call.path.split("/")[6] not in known:
            inner |= {"code": 1001, "reason": "failed to decrypt"}
            call.payload = body

    def projects(call: HttpCall) -> None:
        wanted = call.body.get("id") if isinstance(call.body, dict) else None
        known = {project.id for project in emulator.world.projects.all()}
        if (
            "kicking" not in call.path
            and call.status == 400
            and isinstance(wanted, str)
            and wanted
            and wanted not in known
        ):
            named = "error_msg" if emulator.settings.dialect == "documented" else "message"
            respond(404, {named: "project not exit"})(call)

    return after(app_ids), after(resource_ids), after(projects)


def settings_shown_late(emulator: Emulator) -> At:
    """Calls that set the address or the certificate of a project respond with the project as it was before (CO-74)."""

    async def middleware(call: HttpCall, forward: Forward) -> None:
        before = {}
        if call.path.endswith(("/recording_config", "/signkey", "/reset_signkey")) and isinstance(call.body, dict):
            projects = {each.id: each for each in emulator.world.projects.all()}
            project = projects.get(str(call.body.get("id")))
            if project is not None:
                before = {"sign_key": project.sign_key, "recording_server": project.recording_server}
        await forward()
        body = call.payload
        if before and isinstance(body, dict) and isinstance(body.get("project"), dict):
            body["project"] |= before
            call.payload = body

    return At(lambda: middleware)


OTHERWISE: Final[tuple[At, ...]] = (
    after(_compressed),
    after(_other_json),
    sessions(),
    after(_credentials_before_paths),
    after(_page_for_what_is_not_there),
    each_object(_other_words),
    each_object(_more_members),
    each_object(_other_order),
    each_object(_milliseconds),
    each_object(_other_type_of_status),
    after(_forgets_recordings),
)
"""All that may be done otherwise at the same time; the first is outermost."""

_NUMBERS: Final = range(9_000_000_000_001, 9_100_000_000_000, 7)


def _number(ids: Any) -> int:
    number: int = next(vars(ids).setdefault("numbers", iter(_NUMBERS)))
    return number


OTHER_IDS: Final = (
    method(Ids, "project_id", lambda _, self: f"p_{_number(self):x}-{self.app_id()[:6].upper()}"),
    method(Ids, "sid", lambda _, self: f"{self.app_id()[:8]}-{self.app_id()[:12]}"),
    method(Ids, "resource_id", lambda _, self: f"{self.app_id()}-{self.app_id()}_{_number(self)}"),
    method(Ids, "rule_id", lambda _, self: _number(self)),
)
"""IDs look otherwise: longer, with dashes, of large numbers."""
