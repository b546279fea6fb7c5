"""Calls of the present documents, for faults that show in them only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from faults.asgi import Response
from faults.caller import APP, STORAGE, Caller, Request

CNAME: Final = "lesson"
UID: Final = "527841"
PAGE: Final[Mapping[str, Any]] = {
    "url": "https://example.com/board",
    "audioProfile": 0,
    "videoWidth": 1280,
    "videoHeight": 720,
    "maxRecordingHour": 1,
}
PUSHED_TO: Final = "rtmp://example.com/live/key"
REGION: Final[Mapping[str, Any]] = {"x_axis": 0, "y_axis": 0, "width": 1, "height": 1}


@dataclass(frozen=True)
class Started:
    """A recording in one of the three modes."""

    caller: Caller
    resource: str
    sid: str
    mode: str
    uid: str = UID

    def path(self, call: str, mode: str = "") -> str:
        """The path of one of its calls."""
        base = f"/v1/apps/{APP}/cloud_recording/resourceid/{self.resource}"
        return f"{base}/sid/{self.sid}/mode/{mode or self.mode}/{call}"

    def query(self, mode: str = "") -> Response:
        """Ask how it is."""
        return self.caller.send(Request("GET", self.path("query", mode)))

    def server_response(self) -> dict[str, Any]:
        """What a query says of it."""
        found: dict[str, Any] = self.query().json.get("serverResponse", {})
        return found

    def post(self, call: str, mode: str = "", cname: str = CNAME, **client_request: Any) -> Response:
        """Call `update`, `updateLayout` or `stop`."""
        return self.caller.send(self.request(call, mode, cname, **client_request))

    def stopped_tracks(self) -> list[tuple[str, str, Any]]:
        """Stop it; the user, the media and the beginning of each file that the response lists."""
        files = self.post("stop").json["serverResponse"]["fileList"]
        return [(each["uid"], each["trackType"], each["sliceStartTime"]) for each in files]

    def request(self, call: str, mode: str = "", cname: str = CNAME, **client_request: Any) -> Request:
        """The same as a request."""
        return Request("POST", self.path(call, mode), body(client_request, cname, self.uid))


def body(client_request: Mapping[str, Any], cname: str = CNAME, uid: str = UID) -> dict[str, Any]:
    """The body of every POST."""
    return {"cname": cname, "uid": uid, "clientRequest": dict(client_request)}


def acquired(a: Caller, cname: str = CNAME, uid: str = UID, app: str = APP, **client_request: Any) -> Response:
    """Acquire with a client request."""
    return a.send(Request("POST", f"/v1/apps/{app}/cloud_recording/acquire", body(client_request, cname, uid)))


def start(resource: str, mode: str, client_request: Mapping[str, Any], cname: str = CNAME, uid: str = UID) -> Request:
    """A start with a whole client request."""
    path = f"/v1/apps/{APP}/cloud_recording/resourceid/{resource}/mode/{mode}/start"
    return Request("POST", path, body(client_request, cname, uid))


def settings(mode: str = "mix", /, **more: Any) -> dict[str, Any]:
    """A client request that is right in this mode, with `more`. `config` and `storage` are laid over its parts."""
    config = {**({"subscribeUidGroup": 0} if mode == "individual" else {}), **more.pop("config", {})}
    parts: dict[str, Any] = {"storageConfig": {**STORAGE, **more.pop("storage", {})}}
    if mode == "web":
        parts["extensionServiceConfig"] = services()
    elif config:
        parts["recordingConfig"] = config
    return {**parts, **more}


def services(*more: Mapping[str, Any], **page: Any) -> dict[str, Any]:
    """An `extensionServiceConfig`: the recorder of a page, and `more` services."""
    parameters = {name: value for name, value in {**PAGE, **page}.items() if value is not None}
    return {"extensionServices": [{"serviceName": "web_recorder_service", "serviceParam": parameters}, *more]}


def push(*urls: str, **more: Any) -> dict[str, Any]:
    """A service that pushes the page to these addresses."""
    outputs = [{"rtmpUrl": url} for url in urls or (PUSHED_TO,)]
    return {"serviceName": "rtmp_publish_service", "serviceParam": {"outputs": outputs}, **more}


def began(a: Caller, mode: str = "mix", /, scene: int | None = None, uid: str = UID, **more: Any) -> Response:
    """Acquire and start; see `settings`."""
    scene = int(mode == "web") if scene is None else scene
    asked: dict[str, Any] = {"scene": scene} if scene else {}
    resource = acquired(a, uid=uid, **asked).inner["resourceId"]
    return a.send(start(resource, mode, settings(mode, **more), uid=uid))


def recording(a: Caller, mode: str = "mix", /, uid: str = UID, **more: Any) -> Started:
    """A running recording; see `settings`."""
    answer = began(a, mode, uid=uid, **more).inner
    return Started(a, answer["resourceId"], answer["sid"], mode, uid)


def of_users(a: Caller, mode: str = "mix", /, seconds: float = 10, **more: Any) -> Started:
    """A recording of a channel with a user, after some seconds."""
    a.join(1)
    made = recording(a, mode, **more)
    a.advance(seconds)
    return made


def status(response: Response) -> tuple[int, Any]:
    """Its status, and its code if it is an error."""
    found = response.json
    return response.status, found.get("code") if isinstance(found, dict) else None
