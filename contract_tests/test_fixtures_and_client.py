"""The client sends the requests of the recorded examples, and reads their answers without loss."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from enum import Enum
from typing import Any

import httpx
import msgspec
import pytest
import respx

from agora_rest import (
    Agora,
    AlibabaStorage,
    ApiError,
    Clock,
    RecordingConfig,
    Resource,
    StartedRecording,
    TranscodingConfig,
)
from contract_tests.recorded import APP_ID, EXAMPLES, Example


class NoWaiting(Clock):
    """Time that passes only by waiting, and at once."""

    time = 1000.0

    def now(self) -> float:
        return self.time

    def sleep(self, seconds: float) -> None:
        self.time += seconds


STORAGE = AlibabaStorage(bucket="xxxxx", access_key="xxxxxxf", secret_key="xxxxx", region=3)
CONFIG = RecordingConfig(
    max_idle_time=30,
    stream_types=2,
    audio_profile=1,
    channel_type=0,
    video_stream_type=1,
    transcoding_config=TranscodingConfig(
        height=640, bitrate=500, fps=15, mixed_video_layout=1, max_resolution_uid="1", width=360
    ),
)


def resource(example: Example) -> Resource:
    who = example.sent
    return Resource(resource_id=example.parameters["resourceid"], channel=who["cname"], uid=who["uid"])


def recording(example: Example) -> StartedRecording:
    who = example.sent or {"cname": "httpClient463224", "uid": "527841"}
    ids = example.parameters
    return StartedRecording(resource_id=ids["resourceid"], sid=ids["sid"], channel=who["cname"], uid=who["uid"])


def days(example: Example) -> tuple[date, date]:
    return date.fromisoformat(example.query["from_date"]), date.fromisoformat(example.query["to_date"])


CALLS: dict[str, Callable[[Agora, Example], Any]] = {
    "acquire": lambda agora, it: agora.app(APP_ID).recordings.acquire(it.sent["cname"], it.sent["uid"]),
    "start_recording": lambda agora, it: agora.app(APP_ID).recordings.start(resource(it), STORAGE, config=CONFIG),
    "query_recording": lambda agora, it: agora.app(APP_ID).recordings.query(recording(it)),
    "stop_recording": lambda agora, it: agora.app(APP_ID).recordings.stop(recording(it)),
    "create_project": lambda agora, it: agora.projects.create(
        it.sent["name"], enable_sign_key=it.sent["enable_sign_key"]
    ),
    "list_projects": lambda agora, _: agora.projects.list(),
    "find_project": lambda agora, it: agora.projects.find(id=it.query["id"], name=it.query.get("name")),
    "set_project_status": lambda agora, it: agora.projects.set_status(it.sent["id"], it.sent["status"]),
    "delete_project": lambda agora, it: agora.projects.delete(it.sent["id"]),
    "set_recording_server": lambda agora, it: agora.projects.set_recording_server(
        it.sent["id"], it.sent["recording_server"]
    ),
    "enable_certificate": lambda agora, it: agora.projects.enable_certificate(it.sent["id"], enable=it.sent["enable"]),
    "reset_certificate": lambda agora, it: agora.projects.reset_certificate(it.sent["id"]),
    "get_usage_v1": lambda agora, it: agora.usage.minutes(*days(it), projects=it.query["projects"].split(",")),
    "get_usage_v3": lambda agora, it: agora.usage.metrics(
        it.query["project_id"], *days(it), business=it.query["business"]
    ),
    "create_kicking_rule": lambda agora, it: agora.app(APP_ID).kicking_rules.ban(
        channel=it.sent["cname"], uid=it.sent["uid"] or None, minutes=it.sent["time"]
    ),
    "list_kicking_rules": lambda agora, _: agora.app(APP_ID).kicking_rules.list(),
    "update_kicking_rule": lambda agora, it: agora.app(APP_ID).kicking_rules.extend(
        it.sent["id"], minutes=it.sent["time"]
    ),
    "delete_kicking_rule": lambda agora, it: agora.app(APP_ID).kicking_rules.lift(it.sent["id"]),
    "get_user_property": lambda agora, it: agora.app(APP_ID).channels.user(
        it.parameters["cname"], it.parameters["uid"]
    ),
    "list_channel_users": lambda agora, it: agora.app(APP_ID).channels.users(it.parameters["cname"]),
    "list_channels": lambda agora, it: agora.app(APP_ID).channels.page(size=int(it.query.get("page_size", 100))),
}


BASE_URL = "https://api.agora.io"


def answered(example: Example) -> tuple[Any, httpx.Request]:
    """What the call gives or raises when the recorded answer comes, and the last request it sent."""
    with respx.mock(assert_all_called=False) as router:
        router.route().respond(example.status, headers=example.headers, text=example.answer_text)
        with Agora("customer", "certificate", base_url=BASE_URL, clock=NoWaiting(), permits=None) as agora:
            try:
                result = CALLS[example.operation](agora, example)
            except ApiError as error:
                result = error
        return result, router.calls.last.request


@pytest.mark.parametrize("example", EXAMPLES, ids=str)
def test_the_client_sends_the_request_of_an_example(example: Example) -> None:
    _, request = answered(example)
    assert request.method == example.method
    assert request.url.path.rstrip("/") == example.path
    query = dict(request.url.params)
    if example.operation == "list_channels":  # what is left out means the default (CO-54)
        query = {**query, "page_no": "0", "page_size": "100"} if not example.query else query
        assert query == {"page_no": "0", "page_size": "100"}
    else:
        assert query == example.query
    # What is empty means the same as what is left out (CO-41).
    sent = json.loads(request.content or b"null")
    assert sent == ({name: value for name, value in example.sent.items() if value != ""} if example.sent else None)


SAYS_ONLY_THAT_IT_WENT_WELL = {"Code", "success", "status", "fileListMode"}
"""Members whose only value in a success is the success, or that say how another is written."""


@pytest.mark.parametrize("example", [example for example in EXAMPLES if example.status < 400], ids=str)
def test_the_client_loses_nothing_of_an_answer(example: Example) -> None:
    result, _ = answered(example)
    payload = example.answer.get("Body", example.answer)
    if isinstance(result, ApiError):
        assert (result.status, result.code) == (example.status, payload["code"])
        return
    asked = {str(value) for value in leaves([example.sent, example.parameters])}
    given = list(leaves(result))
    for name, value in named_leaves(payload):
        ceremony = name in SAYS_ONLY_THAT_IT_WENT_WELL and value in (True, "success", "json", "string")
        if ceremony or value in (None, "") or str(value) in asked:
            continue
        assert any(same(value, leaf) for leaf in given), f"`{name}` {value!r} is lost in {result!r}"


@pytest.mark.parametrize("example", [example for example in EXAMPLES if example.status >= 400], ids=str)
def test_the_client_tells_what_went_wrong(example: Example) -> None:
    result, _ = answered(example)
    assert isinstance(result, ApiError)
    assert result.status == example.status
    assert result.code == example.answer.get("code")
    said = example.answer.get("reason") or example.answer.get("message") or example.answer.get("error_msg")
    assert said is None or said in str(result)
    assert result.request_id == example.headers.get("x-request-id")


def leaves(value: Any) -> Iterator[Any]:
    """Every value in it that has no parts."""
    return (leaf for _, leaf in named_leaves(value))


def named_leaves(value: Any, name: str = "") -> Iterator[tuple[str, Any]]:
    if isinstance(value, msgspec.Struct):
        for field in value.__struct_fields__:
            yield from named_leaves(getattr(value, field), field)
    elif isinstance(value, dict) or hasattr(value, "items"):
        for key, member in value.items():
            yield from named_leaves(member, str(key))
    elif isinstance(value, list | tuple):
        for member in value:
            yield from named_leaves(member, name)
    else:
        yield name, value


def same(wire: Any, leaf: Any) -> bool:
    """Whether a value on the wire and one of a result say the same."""
    if isinstance(leaf, Enum):
        return str(leaf.value) == str(wire)
    if isinstance(leaf, datetime):
        seconds = leaf.timestamp()
        return wire in (seconds, seconds * 1000) or wire == iso(leaf)
    if isinstance(leaf, date):
        return wire == int(f"{leaf:%Y%m%d}")
    return str(wire) == str(leaf) and isinstance(wire, bool) == isinstance(leaf, bool)


def iso(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
