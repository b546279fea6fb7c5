"""HAR files made up for tests."""

from __future__ import annotations

import io
import json
from datetime import UTC, datetime
from typing import Any

from agora_rest.contract.traffic.check import Report, check

APP_ID = "0123456789abcdef0123456789abcdef"
RECORDING = f"https://api.agora.io/v1/apps/{APP_ID}/cloud_recording"
CONSOLE = "https://api.agora.io/dev"
IDENTITY = {"cname": "lesson-42", "uid": "527841", "clientRequest": {}}
STORAGE = {"vendor": 2, "region": 3, "bucket": "b", "accessKey": "planted-access", "secretKey": "planted-secret"}
START = {**IDENTITY, "clientRequest": {"storageConfig": STORAGE}}


def entry(
    method: str,
    url: str,
    body: Any = None,
    status: int = 200,
    answer: Any = None,
    *,
    at: float = 0.0,
    took: float = 0.1,
    media_type: str = "application/json",
    answer_type: str = "application/json",
    headers: dict[str, str] | None = None,
) -> dict[str, Any]:
    """An exchange `at` seconds after the beginning; bodies are JSON, or text as it is."""
    request: dict[str, Any] = {
        "method": method,
        "url": url,
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "headers": [{"name": name, "value": value} for name, value in (headers or {}).items()],
        "queryString": [],
        "headersSize": -1,
        "bodySize": -1,
    }
    if body is not None:
        request["postData"] = {"mimeType": media_type, "text": _text(body)}
    return {
        "startedDateTime": datetime.fromtimestamp(1_700_000_000 + at, UTC).isoformat(timespec="milliseconds"),
        "time": took * 1000,
        "request": request,
        "response": {
            "status": status,
            "statusText": "",
            "httpVersion": "HTTP/1.1",
            "cookies": [],
            "headers": [],
            "content": {"size": -1, "mimeType": answer_type, "text": _text(answer)},
            "redirectURL": "",
            "headersSize": -1,
            "bodySize": -1,
        },
        "cache": {},
        "timings": {"send": 0, "wait": took * 1000, "receive": 0},
    }


def _text(body: Any) -> str:
    return body if isinstance(body, str) else json.dumps(body)


def har(*entries: dict[str, Any]) -> dict[str, Any]:
    return {"log": {"version": "1.2", "creator": {"name": "test", "version": "1"}, "entries": list(entries)}}


def stream(document: Any) -> io.BytesIO:
    return io.BytesIO(json.dumps(document).encode())


def checked(document: Any, **options: Any) -> Report:
    """What a check says of a file."""
    report = Report()
    check(stream(document), report, **options)
    return report


def acquired(resource: str = "r1", **more: Any) -> dict[str, Any]:
    answer = {"Code": 200, "Body": {"resourceId": resource}}
    return entry("POST", f"{RECORDING}/acquire", **{"body": IDENTITY, "answer": answer, **more})


def started(resource: str = "r1", sid: str = "s1", **more: Any) -> dict[str, Any]:
    answer = {"Code": 200, "Body": {"resourceId": resource, "sid": sid}}
    url = f"{RECORDING}/resourceid/{resource}/mode/mix/start"
    return entry("POST", url, **{"body": START, "answer": answer, **more})


def queried(resource: str = "r1", sid: str = "s1", **more: Any) -> dict[str, Any]:
    inside = {"resourceId": resource, "sid": sid, "serverResponse": {"status": "5", "fileList": "x.m3u8"}}
    url = f"{RECORDING}/resourceid/{resource}/sid/{sid}/mode/mix/query"
    return entry("GET", url, **{"answer": {"Code": 200, "Body": inside}, **more})


def stopped(resource: str = "r1", sid: str = "s1", **more: Any) -> dict[str, Any]:
    inside = {"resourceId": resource, "sid": sid, "serverResponse": {"fileList": "", "uploadingStatus": "uploaded"}}
    url = f"{RECORDING}/resourceid/{resource}/sid/{sid}/mode/mix/stop"
    return entry("POST", url, **{"body": IDENTITY, "answer": {"Code": 200, "Body": inside}, **more})
