"""Calls an emulator in this process, to see what a fault does: no client, no checks, every answer as it came."""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple
from urllib.parse import quote, urlencode

from agora_rest.emulator import DEFAULT_CUSTOMER_CERTIFICATE, DEFAULT_CUSTOMER_ID, DEMO_APP_ID, DEMO_ID, Emulator
from agora_rest.emulator.refusals import Barred
from faults import asgi
from faults.asgi import Response

APP: Final = DEMO_APP_ID
DEMO: Final = DEMO_ID
UNKNOWN: Final = "nobodys"
STORAGE: Final = {
    "vendor": 1,
    "region": 2,
    "bucket": "b",
    "accessKey": "key-of-the-test",
    "secretKey": "secret-of-the-test",
}
JSON: Final = {"content-type": "application/json"}
DAY: Final = {"from_date": "2026-01-01", "to_date": "2026-01-01"}


class Request(NamedTuple):
    """A request to be sent."""

    method: str
    path: str
    body: Any = None
    headers: Mapping[str, str] = {}
    user: tuple[str, str] | str | None = (DEFAULT_CUSTOMER_ID, DEFAULT_CUSTOMER_CERTIFICATE)
    """Credentials, or the value of the header as it is, or none."""


class Caller:
    """One caller of one emulator."""

    def __init__(self, emulator: Emulator) -> None:
        self.emulator = emulator

    # Sending

    def send(self, ask: Request) -> Response:
        """One request."""
        return asyncio.run(self._send(ask))

    def together(self, *asks: Request) -> list[Response]:
        """Several requests at once."""

        async def all_of_them() -> list[Response]:
            return list(await asyncio.gather(*map(self._send, asks)))

        return asyncio.run(all_of_them())

    async def _send(self, ask: Request) -> Response:
        content = (
            ask.body if isinstance(ask.body, bytes) else b"" if ask.body is None else json.dumps(ask.body).encode()
        )
        fields = {**(JSON if content else {}), **ask.headers}
        if isinstance(ask.user, tuple):
            fields["authorization"] = "Basic " + base64.b64encode(":".join(ask.user).encode()).decode()
        elif ask.user is not None:
            fields["authorization"] = ask.user
        headers = [(name.encode(), text.encode()) for name, text in fields.items()]
        return await asgi.request(self.emulator.app, ask.method, ask.path.encode(), headers, content)

    # Cloud Recording

    def acquire(self, cname: Any = "lesson", uid: Any = "527841", app: str = APP, **body: Any) -> Response:
        """Request for a resource ID."""
        return self.send(acquire(cname, uid, app, **body))

    def resource(self, cname: str = "lesson", uid: str = "527841", app: str = APP) -> str:
        """A resource ID."""
        return str(self.acquire(cname, uid, app).inner["resourceId"])

    def start(self, resource: str, cname: str = "lesson", uid: str = "527841", **more: Any) -> Response:
        """Start a recording; see `start`."""
        return self.send(start(resource, cname, uid, **more))

    def started(self, **config: Any) -> Response:
        """Start a recording on a new resource ID with this configuration."""
        return self.start(self.resource(), config=config)

    def stored(self, **storage: Any) -> Response:
        """Start a recording on a new resource ID with this storage."""
        return self.start(self.resource(), storage=storage)

    def record(self, cname: str = "lesson", uid: str = "527841", **more: Any) -> tuple[str, str]:
        """Start a recording; its resource ID and its sid."""
        resource = self.resource(cname, uid)
        return resource, self.start(resource, cname, uid, **more).inner["sid"]

    def query(self, resource: str, sid: str, app: str = APP) -> Response:
        """Request how a recording is doing."""
        return self.send(query(resource, sid, app))

    def status(self, resource: str, sid: str) -> int:
        """How a recording is doing; -1 when it is not there."""
        answer = self.query(resource, sid)
        return int(answer.inner["serverResponse"]["status"]) if answer.status == 200 else -1

    def stop(self, resource: str, sid: str, cname: str = "lesson", uid: str = "527841", **body: Any) -> Response:
        """Stop a recording."""
        path = f"/v1/apps/{APP}/cloud_recording/resourceid/{resource}/sid/{sid}/mode/mix/stop"
        return self.send(
            Request("POST", path, _without_none({"cname": cname, "uid": uid, "clientRequest": {}, **body}))
        )

    # Console

    def get(self, path: str, **query: Any) -> Response:
        """A GET of the Console."""
        return self.send(get(path, **query))

    def post(self, path: str, **body: Any) -> Response:
        """A POST of the Console."""
        return self.send(Request("POST", f"/dev{path}", body))

    def put(self, path: str, **body: Any) -> Response:
        """A PUT of the Console."""
        return self.send(Request("PUT", f"/dev{path}", body))

    def delete(self, path: str, **body: Any) -> Response:
        """A DELETE of the Console."""
        return self.send(Request("DELETE", f"/dev{path}", body))

    def create(self, name: Any = "fresh", enable: bool = True) -> Response:
        """Create a project."""
        return self.post("/v1/project", name=name, enable_sign_key=enable)

    def project(self, name: str = "fresh", enable: bool = True) -> dict[str, Any]:
        """A new project."""
        return one(self.create(name, enable))

    def other_app(self) -> str:
        """The App ID of a new project."""
        return str(self.project("another")["vendor_key"])

    def find(self, **query: Any) -> Response:
        """Find a project."""
        return self.get("/v1/project", **query)

    def kick(self, **body: Any) -> Response:
        """Create a kicking rule."""
        return self.post("/v1/kicking-rule", **{"appid": APP, "privileges": ["join_channel"], **body})

    def rules(self, app: str = APP) -> Response:
        """List the kicking rules."""
        return self.get("/v1/kicking-rule", appid=app)

    def users(self, cname: str = "lesson", app: str = APP) -> Response:
        """List who is in a channel."""
        return self.get(f"/v1/channel/user/{app}/{quote(cname, safe='')}")

    def user(self, uid: int, cname: str = "lesson") -> Response:
        """Request about one user of a channel."""
        return self.get(f"/v1/channel/user/property/{APP}/{uid}/{quote(cname, safe='')}")

    def channels(self, **query: Any) -> Response:
        """A page of the channels."""
        return self.get(f"/v1/channel/{APP}", **query)

    # What control does

    def advance(self, seconds: float) -> float:
        """Let time pass; the new time."""
        self.emulator.clock.advance(seconds)
        return self.emulator.clock.now()

    def join(self, *uids: int, cname: str = "lesson", **more: Any) -> bool:
        """Put users into a channel; False when a rule keeps one out."""
        try:
            self.emulator.join(APP, cname, uids, **more)
        except Barred:
            return False
        return True

    def control(self, change: Callable[..., None], *arguments: Any) -> bool:
        """Change the emulator by one of its methods, in a list of what a probe does; True when it is done."""
        change(*arguments)
        return True


def limited(a: Caller, *lots: tuple[float, Request, int]) -> list[list[float]]:
    """So many times each request, each lot after so many seconds, with the rate limit on: the time, and the answers."""
    a.emulator.settings.rate_limit = True
    return [[a.advance(seconds), *(a.send(ask).status for _ in range(count))] for seconds, ask, count in lots]


def acquire(cname: Any = "lesson", uid: Any = "527841", app: str = APP, **body: Any) -> Request:
    """The request; a member that is None is left out."""
    members = _without_none({"cname": cname, "uid": uid, "clientRequest": {}, **body})
    return Request("POST", f"/v1/apps/{app}/cloud_recording/acquire", members)


def start(
    resource: str,
    cname: str = "lesson",
    uid: str = "527841",
    *,
    config: Mapping[str, Any] = {},
    storage: Mapping[str, Any] = {},
    app: str = APP,
    mode: str = "mix",
) -> Request:
    """The request; of the storage, a member that is None is left out."""
    request = {"recordingConfig": config, "storageConfig": _without_none({**STORAGE, **storage})}
    path = f"/v1/apps/{app}/cloud_recording/resourceid/{resource}/mode/{mode}/start"
    return Request("POST", path, {"cname": cname, "uid": uid, "clientRequest": request})


def query(resource: str, sid: str, app: str = APP) -> Request:
    """The request."""
    return Request("GET", f"/v1/apps/{app}/cloud_recording/resourceid/{resource}/sid/{sid}/mode/mix/query")


def get(path: str, **query: Any) -> Request:
    """A GET of the Console."""
    return Request("GET", f"/dev{path}?{urlencode(query)}" if query else f"/dev{path}")


def one(answer: Response) -> dict[str, Any]:
    """The project in an answer, whatever holds it."""
    body = answer.json
    found = body.get("project", body.get("projects"))
    project: dict[str, Any] = found[0] if isinstance(found, list) else found
    return project


def _without_none(members: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in members.items() if value is not None}
