"""A caller that holds every answer of the emulator against the specifications."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import quote

import httpx

from agora_rest import spec
from agora_rest.emulator import DEMO_APP_ID, Emulator

APP = DEMO_APP_ID
STORAGE = {
    "vendor": 2,
    "region": 3,
    "bucket": "b",
    "accessKey": "planted-access-key",
    "secretKey": "planted-secret-key",
}
SECRETS = ("planted-access-key", "planted-secret-key", "planted-password")


def emulator_of_2019(**options: Any) -> Emulator:
    """An emulator that speaks as the documents of 2019 do, to the letter."""
    return Emulator(dialect="documented", **options)


class Api:
    """Calls an emulator in this process. What it answers must be what the specification of the operation says."""

    def __init__(self, emulator: Emulator) -> None:
        self.emulator = emulator
        self.auth: tuple[str, str] | None = ("emulator", "emulator-secret")

    def send(self, method: str, path: str, **options: Any) -> httpx.Response:
        """One request, as it is; nothing is checked."""
        return asyncio.run(self.sending(method, path, **options))

    async def sending(self, method: str, path: str, **options: Any) -> httpx.Response:
        """The same, in the event loop that runs."""
        transport = httpx.ASGITransport(self.emulator.app)
        async with httpx.AsyncClient(transport=transport, base_url="http://emulator", auth=self.auth) as client:
            return await client.request(method, path, **options)

    def __call__(self, method: str, path: str, body: Any = None, **options: Any) -> httpx.Response:
        """One request whose answer must fit the specification."""
        seen = self.emulator.request_log.total
        answer = self.send(method, path, **({} if body is None else {"json": body}), **options)
        for exchange in self.emulator.requests(after=seen):
            if exchange["operation"] is not None and method != "HEAD":
                check_answer(exchange["operation"], answer, self.emulator.settings.edition)
        assert not any(secret in answer.text for secret in SECRETS)
        return answer

    def bare(
        self, method: str, path: str, *headers: tuple[bytes, bytes], body: bytes = b"", **scope: Any
    ) -> tuple[int, dict[bytes, bytes], bytes]:
        """A request straight to the application: no client has tidied its path up, none hides what it got."""
        sent: list[dict[str, Any]] = []

        async def send(message: dict[str, Any]) -> None:
            sent.append(message)

        asyncio.run(self.emulator.app(*raw(method, path, *headers, body=body, **scope), send))
        return sent[0]["status"], dict(sent[0]["headers"]), b"".join(message["body"] for message in sent[1:])

    # Cloud Recording

    def acquire(self, cname: str = "lesson", uid: str = "527841", app: str = APP, **body: Any) -> httpx.Response:
        body = {"cname": cname, "uid": uid, "clientRequest": {}, **body}
        return self("POST", f"/v1/apps/{app}/cloud_recording/acquire", body)

    def resource(self, cname: str = "lesson", uid: str = "527841") -> str:
        return inner(self.acquire(cname, uid))["resourceId"]

    def start(
        self, resource: str, cname: str = "lesson", uid: str = "527841", app: str = APP, **more: Any
    ) -> httpx.Response:
        request = {"storageConfig": STORAGE, **more}
        body = {"cname": cname, "uid": uid, "clientRequest": request}
        return self("POST", f"/v1/apps/{app}/cloud_recording/resourceid/{resource}/mode/mix/start", body)

    def record(self, cname: str = "lesson", uid: str = "527841", **config: Any) -> tuple[str, str]:
        resource = self.resource(cname, uid)
        return resource, inner(self.start(resource, cname, uid, recordingConfig=config))["sid"]

    def query(self, resource: str, sid: str, app: str = APP) -> httpx.Response:
        return self("GET", f"/v1/apps/{app}/cloud_recording/resourceid/{resource}/sid/{sid}/mode/mix/query")

    def status(self, resource: str, sid: str) -> int:
        return int(inner(self.query(resource, sid))["serverResponse"]["status"])

    def stop(
        self, resource: str, sid: str, cname: str = "lesson", uid: str = "527841", app: str = APP
    ) -> httpx.Response:
        path = f"/v1/apps/{app}/cloud_recording/resourceid/{resource}/sid/{sid}/mode/mix/stop"
        return self("POST", path, {"cname": cname, "uid": uid, "clientRequest": {}})

    # Console

    def project(self, name: str = "projectx", enable_sign_key: bool = True) -> dict[str, Any]:
        return one_project(self("POST", "/dev/v1/project", {"name": name, "enable_sign_key": enable_sign_key}))

    def kick(self, **body: Any) -> httpx.Response:
        body = {"appid": APP, "privileges": ["join_channel"], **body}
        return self("POST", "/dev/v1/kicking-rule", body)

    def users(self, cname: str) -> dict[str, Any]:
        return self("GET", f"/dev/v1/channel/user/{APP}/{quote(cname, safe='')}").json()["data"]


def raw(
    method: str, path: str, *headers: tuple[bytes, bytes], body: bytes = b"", **scope: Any
) -> tuple[dict[str, Any], Callable[[], Awaitable[dict[str, Any]]]]:
    """The scope of a request with the emulator's credentials, and what receives its body."""

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    credentials = (b"authorization", b"Basic " + base64.b64encode(b"emulator:emulator-secret"))
    target = {"path": path, "raw_path": path.encode(), "query_string": b""}
    return {"type": "http", "method": method, **target, "headers": [credentials, *headers], **scope}, receive


def check_answer(operation: str, answer: httpx.Response, edition: spec.Edition) -> None:
    """Every answer is one the specification of its operation knows."""
    assert answer.headers["content-type"] == "application/json; charset=utf-8"
    assert answer.headers["x-request-id"]
    if answer.status_code in (401, 404, 405, 429) and answer.json().keys() == {"message"}:
        return
    validator = spec.response_validator(operation, answer.status_code, edition)
    assert validator is not None, f"{operation} has no {answer.status_code}"
    validator.validate(answer.json())


def inner(answer: httpx.Response) -> dict[str, Any]:
    """What a Cloud Recording answer says, in whichever dialect."""
    assert answer.status_code == 200, answer.text
    body = answer.json()
    return body.get("Body", body)


def code(answer: httpx.Response) -> int:
    """The number of a Cloud Recording refusal, in whichever dialect."""
    assert answer.status_code >= 400, answer.text
    body = answer.json()
    return body.get("Body", body)["code"]


def one_project(answer: httpx.Response) -> dict[str, Any]:
    """The project in a Console answer, in whichever dialect."""
    assert answer.status_code in (200, 201), answer.text
    body = answer.json()
    found = body["project"] if "project" in body else body["projects"]
    return found[0] if isinstance(found, list) else found
