"""The control API under `/_emulator/`, for tests in other languages: the methods of `EmulatorState` over HTTP.

It has no authentication. The emulator listens on loopback, and refuses requests that a browser sends for another site,
identified by `Origin`, and on loopback also by `Host`.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import islice
from typing import TYPE_CHECKING, Any, Final, NamedTuple
from urllib.parse import parse_qs

from agora_rest.emulator import snapshot
from agora_rest.emulator.channels import Platform
from agora_rest.emulator.faults import Fault
from agora_rest.emulator.handshake import proof
from agora_rest.emulator.refusals import (
    Barred,
    Conflict,
    InvalidInput,
    NoSuchProject,
    NoSuchRecording,
    NotInChannel,
    Refused,
)
from agora_rest.emulator.request_log import KEPT
from agora_rest.emulator.saved_state import add_usage, change_settings
from agora_rest.emulator.web import control_api, events
from agora_rest.emulator.web.bodies import parse, read_body
from agora_rest.emulator.web.endpoints import decoded
from agora_rest.emulator.web.messages import Receive, Request, Response, Stream, json_response
from agora_rest.emulator.web.origins import REFUSED, OriginPolicy
from agora_rest.emulator.web.pages import SECURITY
from agora_rest.emulator.web.routing import Router
from agora_rest.emulator.web.verdicts import judge

if TYPE_CHECKING:
    from agora_rest.emulator.state import EmulatorState

_STATUS: Final[dict[type[Refused], int]] = {
    Barred: 403,
    NoSuchProject: 404,
    NoSuchRecording: 404,
    NotInChannel: 404,
    Conflict: 409,
}


class _Command(NamedTuple):
    """The command of a path and method, with its parameters."""

    run: Callable[[dict[str, str], Any], Response | Stream]
    schema: str = ""
    """The schema of the body; without one, no body is accepted."""
    body_needed: bool = True


class Control:
    """Handles control requests of one emulator."""

    def __init__(self, emulator: EmulatorState, origins: OriginPolicy) -> None:
        self._emulator = emulator
        self._origins = origins
        self._streams = events.Events(emulator)
        self._commands: Router[_Command] = Router()
        for method, path, command in (
            ("GET", "/_emulator/openapi.json", _Command(lambda *_: json_response(200, control_api.document()))),
            ("POST", "/_emulator/reset", _Command(self._reset, "Reset", body_needed=False)),
            ("GET", "/_emulator/health", _Command(lambda *_: json_response(200, {"status": "ok"}))),
            ("GET", "/_emulator/state", _Command(lambda *_: json_response(200, snapshot.state(emulator)))),
            ("GET", "/_emulator/events", _Command(lambda *_: Stream(self._streams.stream(), events.HEADERS))),
            ("GET", "/_emulator/clock", _Command(self._clock)),
            ("POST", "/_emulator/clock", _Command(self._set_clock, "ClockChange")),
            ("GET", "/_emulator/handshake", _Command(self._handshake)),
            ("GET", "/_emulator/settings", _Command(lambda *_: json_response(200, snapshot.settings(emulator)))),
            ("PATCH", "/_emulator/settings", _Command(self._change_settings, "SettingsChange")),
            ("POST", "/_emulator/projects", _Command(self._add_project, "NewProject")),
            ("POST", "/_emulator/channels/{app_id}/{channel}/users", _Command(self._join, "Join")),
            ("DELETE", "/_emulator/channels/{app_id}/{channel}/users/{uid}", _Command(self._leave)),
            ("PATCH", "/_emulator/channels/{app_id}/{channel}/users/{uid}", _Command(self._publish, "Publish")),
            ("GET", "/_emulator/pages", _Command(self._pages)),
            ("PUT", "/_emulator/pages", _Command(self._set_page, "Page")),
            ("POST", "/_emulator/recordings/{sid}/failover", _Command(self._fail_over, "Failover", body_needed=False)),
            ("POST", "/_emulator/usage", _Command(self._seed_usage, "UsageSeed")),
            ("GET", "/_emulator/requests", _Command(self._requests)),
            ("GET", "/_emulator/session.har", _Command(self._session)),
            ("GET", "/_emulator/faults", _Command(self._faults)),
            ("POST", "/_emulator/faults", _Command(self._inject, "Fault")),
            ("DELETE", "/_emulator/faults", _Command(self._clear_faults)),
            ("DELETE", "/_emulator/faults/{id}", _Command(self._clear_faults)),
        ):
            self._commands.add(method, path, command)

    async def respond(self, request: Request, receive: Receive) -> Response | Stream:
        """Carry out a request. Raises Disconnected."""
        response = await self._carry_out(request, receive)
        return response._replace(headers=(*response.headers, *SECURITY, *self._origins.cors(request)))

    async def _carry_out(self, request: Request, receive: Receive) -> Response | Stream:
        if self._origins.refuses(request):
            return _message(403, REFUSED)
        match = self._commands.find(request.path)
        if match is None:
            return _message(404, "control has no such path")
        allow = (b"allow", match.allow)
        if request.method == "OPTIONS":
            return Response(204, b"", (allow,))
        command = match.methods.get("GET" if request.method == "HEAD" else request.method)
        if command is None:
            return json_response(405, {"message": "Method Not Allowed"}, allow)
        try:
            named = {name: decoded(name, value) for name, value in match.parameters.items()}
            named |= {name: values[-1] for name, values in parse_qs(request.query).items()}
            named["base_url"] = f"{request.scheme}://{request.host}"
            body = await _read(command, request, receive) if command.schema else None
            with self._emulator.lock:
                return command.run(named, body)
        except Refused as refused:
            return _message(_STATUS.get(type(refused), 400), refused.reason)

    # Commands. Each is called with the parameters of path and query, and a body that satisfies its schema.

    def _reset(self, _: dict[str, str], body: dict[str, Any]) -> Response:
        self._emulator.reset(body.get("seed"))
        return self._clock({}, None)

    def _clock(self, _: dict[str, str], __: None) -> Response:
        return json_response(200, snapshot.clock(self._emulator, self._emulator.clock.now()))

    def _set_clock(self, _: dict[str, str], body: dict[str, Any]) -> Response:
        clock = self._emulator.clock
        try:
            clock.advance(body.get("advance", 0))
        except ValueError as error:
            raise InvalidInput(f"advance: {error}") from None
        if "frozen" in body:
            (clock.freeze if body["frozen"] else clock.thaw)()
        return self._clock({}, None)

    def _handshake(self, named: dict[str, str], _: None) -> Response:
        nonce = named.get("nonce", "")
        if not 16 <= len(nonce) <= 128:
            raise InvalidInput("nonce: must have 16 to 128 characters")
        return json_response(200, {"emulator": "agora-rest", "proof": proof(nonce)})

    def _change_settings(self, _: dict[str, str], body: dict[str, Any]) -> Response:
        change_settings(self._emulator, body)
        return json_response(200, snapshot.settings(self._emulator))

    def _add_project(self, _: dict[str, str], body: dict[str, Any]) -> Response:
        project = self._emulator.add_project(
            body["name"],
            enable_certificate=body.get("certificate_enabled", False),
            app_id=body.get("app_id"),
            project_id=body.get("id"),
        )
        return json_response(201, snapshot.project(project))

    def _join(self, named: dict[str, str], body: dict[str, Any]) -> Response:
        _check("ChannelName", named["channel"], "channel")
        self._emulator.join(
            named["app_id"],
            named["channel"],
            body["uids"] if "uids" in body else body["uid"],
            ip=body.get("ip"),
            role=body.get("role"),
            mode=body.get("mode"),
            platform=body.get("platform", Platform.OTHER),
        )
        return self._channel(201, named)

    def _leave(self, named: dict[str, str], _: None) -> Response:
        self._emulator.leave(named["app_id"], named["channel"], _integer("uid", named["uid"]))
        return self._channel(200, named)

    def _publish(self, named: dict[str, str], body: dict[str, Any]) -> Response:
        app_id, channel, uid = named["app_id"], named["channel"], _integer("uid", named["uid"])
        self._emulator.publish(app_id, channel, uid, **body)
        return json_response(200, snapshot.user(self._emulator, app_id, channel, uid))

    def _pages(self, _: dict[str, str], __: None) -> Response:
        return json_response(200, {"pages": snapshot.pages(self._emulator)})

    def _set_page(self, named: dict[str, str], body: dict[str, Any]) -> Response:
        self._emulator.set_page(body["url"], body["fate"])
        return self._pages(named, None)

    def _fail_over(self, named: dict[str, str], body: dict[str, Any]) -> Response:
        recording = self._emulator.fail_over(named["sid"], **body)
        return json_response(200, snapshot.recording(recording, self._emulator.clock.now()))

    def _channel(self, status: int, named: dict[str, str]) -> Response:
        channel = self._emulator.world.channels.find(named["app_id"], named["channel"])
        summary = {
            "app_id": named["app_id"],
            "channel": named["channel"],
            "mode": None if channel is None else channel.mode,
            "user_count": 0 if channel is None else len(channel.users),
        }
        return json_response(status, summary)

    def _seed_usage(self, _: dict[str, str], body: dict[str, Any]) -> Response:
        add_usage(self._emulator, body)
        return json_response(201, body)

    def _requests(self, named: dict[str, str], _: None) -> Response:
        after, limit = _integer("after", named.get("after", "0")), _integer("limit", named.get("limit", str(KEPT)))
        found = list(islice(self._emulator.request_log.since(after), limit))
        shown = [exchange.shown(number) | {"verdict": judge(exchange).shown()} for number, exchange in found]
        return json_response(200, {"total": self._emulator.request_log.total, "requests": shown})

    def _session(self, named: dict[str, str], _: None) -> Response:
        attachment = (b"content-disposition", b'attachment; filename="agora-emulator.har"')
        return json_response(200, self._emulator.session(named["base_url"]), attachment)

    def _faults(self, _: dict[str, str], __: None) -> Response:
        active = self._emulator.faults.all(self._emulator.clock.now())
        return json_response(200, {"faults": [snapshot.fault(found) for found in active]})

    def _inject(self, _: dict[str, str], body: dict[str, Any]) -> Response:
        active = self._emulator.inject(Fault(**body))
        return json_response(201, snapshot.fault(active))

    def _clear_faults(self, named: dict[str, str], _: None) -> Response:
        self._emulator.faults.clear(_integer("id", named["id"]) if "id" in named else None)
        return self._faults(named, None)


async def _read(command: _Command, request: Request, receive: Receive) -> Any:
    """The validated body. Its Content-Type is not checked, because `curl -d` does not send JSON's."""
    raw = await read_body(request, receive)
    value = parse(raw) if raw or command.body_needed else {}
    if isinstance(value, dict):  # deeper nulls may belong to the body of a fault
        value = {name: member for name, member in value.items() if member is not None}
    _check(command.schema, value, "body")
    return value


def _check(schema: str, value: Any, name: str) -> None:
    if (fault := control_api.complaint(schema, value, name)) is not None:
        raise InvalidInput(fault)


def _integer(name: str, text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 20):
        raise InvalidInput(f"{name}: must be an integer")
    return int(text)


def _message(status: int, text: str) -> Response:
    return json_response(status, {"message": text})
