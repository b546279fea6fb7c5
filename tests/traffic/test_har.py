"""HAR files as different programs write them."""

from __future__ import annotations

import base64
import json
from dataclasses import asdict
from typing import Any

import pytest

from agora_rest.contract.http.exchange import Exchange
from agora_rest.contract.traffic.har import Recorded, read
from agora_rest.contract.traffic.record import entry_of
from tests.traffic.hars import acquired, har, stream


def the_one(entry: dict[str, Any]) -> Recorded:
    (recorded,) = read(stream(har(entry)))
    return recorded


def test_an_exchange_is_read_as_it_was() -> None:
    recorded = the_one(acquired(at=1.5, took=0.25, headers={"X-A": "1", "x-a": "2"}))
    exchange = recorded.exchange
    assert (exchange.method, exchange.status, exchange.elapsed) == ("POST", 200, 0.25)
    assert exchange.request_headers == {"x-a": "1, 2", "content-type": "application/json"}
    assert json.loads(exchange.request_body)["uid"] == "527841"
    assert exchange.member("resourceId") == "r1"
    assert recorded.started == 1_700_000_001.5
    assert (recorded.number, recorded.body_known, recorded.request_body_known) == (1, True, True)


@pytest.mark.parametrize("time", ["2023-11-14T22:13:20Z", "2023-11-14T23:13:20.000+01:00", "2023-11-14T22:13:20.0Z"])
def test_times_are_read_in_any_zone(time: str) -> None:
    assert the_one({**acquired(), "startedDateTime": time}).started == 1_700_000_000


def test_a_time_that_is_none_is_no_reason_to_fail() -> None:
    assert the_one({**acquired(), "startedDateTime": "yesterday"}).started is None


def test_a_body_in_base64_is_decoded() -> None:
    entry = acquired()
    content = entry["response"]["content"]
    content["text"], content["encoding"] = base64.b64encode(b'{"a": "\xc3\xa9"}').decode(), "base64"
    assert the_one(entry).exchange.json == {"a": "é"}


@pytest.mark.parametrize(
    ("content", "known"),
    [
        ({"size": 0, "mimeType": "x-unknown"}, True),
        ({"size": -1, "mimeType": ""}, True),
        ({"size": 300, "mimeType": "application/json"}, False),
        ({"size": 300, "text": "not base64!", "encoding": "base64"}, False),
        ({}, True),
    ],
)
def test_a_body_that_the_file_leaves_out_is_told_from_an_empty_one(content: dict[str, Any], known: bool) -> None:
    entry = acquired()
    entry["response"]["content"] = content
    recorded = the_one(entry)
    assert recorded.body_known is known
    assert recorded.exchange.body == b""


def test_an_overlong_body_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    from agora_rest.contract.traffic import units

    monkeypatch.setattr(units, "LONGEST_STRING", 1000)
    monkeypatch.setattr(units, "_CHUNK", 1000)
    recorded = the_one(acquired(answer="x" * 5000))
    assert not recorded.body_known


def test_headers_outrank_what_the_file_says_beside_them() -> None:
    entry = acquired()
    entry["response"]["headers"] = [{"name": "Content-Type", "value": "text/html"}]
    assert the_one(entry).exchange.headers["content-type"] == "text/html"


def test_what_is_written_is_read_again() -> None:
    exchange = Exchange(
        operation="",
        method="PUT",
        url="https://api.agora.io/dev/x?a=1&b=%20",
        request_headers={"content-type": "application/json"},
        request_body=b'{"\xc3\xa9": "\xf0\x9f\x98\x80"}',
        status=201,
        headers={"content-type": "image/png", "x": "y"},
        body=b"\x89PNG\xff",
        elapsed=1.25,
    )
    recorded = the_one(entry_of(exchange, 1_700_000_000.125))
    assert asdict(recorded.exchange) == asdict(exchange)
    assert recorded.started == 1_700_000_000.125
