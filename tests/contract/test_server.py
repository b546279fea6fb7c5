from __future__ import annotations

import json
from typing import Any

import httpx
import pytest

from agora_rest.contract.http.response import Response
from agora_rest.contract.http.server import OMIT
from agora_rest.contract.outcomes import Broken, Skipped
from tests.contract.conftest import exchange


def enveloped(body: Any, status: int = 200) -> dict[str, Any]:
    return {"Code": status, "Body": body}


@pytest.mark.parametrize(
    "answer",
    [
        exchange("acquire", 200, enveloped({"resourceId": "r"})),
        exchange("acquire", 200, {"resourceId": "r", "cname": "c"}),
        exchange("acquire", 201, {"resourceId": "r"}),
    ],
)
def test_both_dialects_of_a_success_read_the_same(answer) -> None:
    assert Response(answer).must_succeed().need("resourceId") == "r"


@pytest.mark.parametrize(
    "answer",
    [
        exchange("start_recording", 400, enveloped({"code": 433, "reason": "old"}, 400)),
        exchange("start_recording", 400, {"code": 433, "reason": "old"}),
    ],
)
def test_both_dialects_of_a_refusal_read_the_same(answer) -> None:
    Response(answer).must_be_refused(code=433, saying="old")
    with pytest.raises(Broken):
        Response(answer).must_be_refused(code=1005)
    with pytest.raises(Broken):
        Response(answer).must_be_refused(404, code=433)
    with pytest.raises(Broken):
        Response(answer).must_succeed()


def test_a_201_with_an_error_code_is_no_success() -> None:
    with pytest.raises(Broken):
        Response(exchange("start_recording", 201, {"code": 7, "reason": "started"})).must_succeed()


def test_a_server_error_is_no_refusal() -> None:
    with pytest.raises(Broken):
        Response(exchange("start_recording", 500, {"message": "?"})).must_be_refused()


def test_a_value_of_another_type_is_another_value() -> None:
    answer = Response(exchange("query_recording", 200, {"data": {"in_channel": 1, "list": [{"a": "x"}]}}))
    answer.must_hold("x", "data", "list", 0, "a")
    with pytest.raises(Broken):
        answer.must_hold(True, "data", "in_channel")
    with pytest.raises(Broken):
        answer.must_hold("x", "data", "list", 1, "a")


@pytest.mark.parametrize("body", [{"project": [{"id": "a"}]}, {"project": {"id": "a"}}, {"projects": [{"id": "a"}]}])
def test_one_project_is_read_from_every_shape(body: Any) -> None:
    assert Response(exchange("find_project", 200, body)).project == {"id": "a"}


@pytest.mark.parametrize("body", [{"project": []}, {"projects": [{"id": "a"}, {"id": "b"}]}, {}, b"no json"])
def test_anything_but_one_project_is_broken(body: Any) -> None:
    with pytest.raises(Broken, match="one project"):
        _ = Response(exchange("find_project", 200, body)).project


def test_requests_are_sent_as_they_are_said(serve) -> None:
    asked: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return httpx.Response(200, json={"resourceId": "r"})

    server = serve(answer)
    server.ask_acquire("a b", "7", clientRequest=OMIT, extra=None)
    server.send("list_channel_users", path={"cname": "100% #1"})
    server.send("list_channels", query={"page_no": 0, "page_size": OMIT}, authenticated=False)
    server.send("acquire", content=b"{broken", auth=("someone", "else"))

    assert json.loads(asked[0].content) == {"cname": "a b", "uid": "7", "extra": None}
    assert asked[0].headers["content-type"] == "application/json"
    assert asked[1].url.raw_path.decode().endswith("/100%25%20%231")
    assert asked[1].url.path.startswith("/dev/v1/channel/user/")
    assert asked[2].url.query == b"page_no=0"
    assert "authorization" not in asked[2].headers
    assert asked[3].content == b"{broken"
    assert asked[3].headers["authorization"] == "Basic c29tZW9uZTplbHNl"


def test_what_only_an_emulator_can_do_is_skipped_elsewhere(serve) -> None:
    server = serve(lambda _: httpx.Response(404))
    for want in (
        lambda: server.advance(seconds=1),
        lambda: server.join("room", 7),
        lambda: server.leave("room", 7),
        server.limit_rate,
        server.seed_usage,
    ):
        with pytest.raises(Skipped, match="does not let us control"):
            want()
