"""The client sends the requests of the recorded examples, and reads their answers without loss."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from enum import Enum
from typing import Any

import httpx
import pytest
import respx

from agora_rest import Agora, ApiError, Clock
from contract_tests.calls import CALLS
from contract_tests.recorded import EXAMPLES, Example, leaves, named_leaves


class NoWaiting(Clock):
    """Time that passes only by waiting, and at once."""

    time = 1000.0

    def now(self) -> float:
        return self.time

    def sleep(self, seconds: float) -> None:
        self.time += seconds


BASE_URL = "https://api.agora.io"


def answered(example: Example) -> tuple[Any, httpx.Request]:
    """What the call gives or raises when the recorded answer comes, and the last request it sent."""
    with respx.mock(assert_all_called=False) as router:
        router.route().respond(example.status, headers=example.headers, text=example.answer_text)
        with Agora("customer", "certificate", base_url=BASE_URL, clock=NoWaiting(), permits=None) as agora:
            try:
                result = CALLS[example.operation](agora, example.call)
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


def same(wire: Any, leaf: Any) -> bool:
    """Whether a value on the wire and one of a result say the same."""
    if isinstance(leaf, Enum):
        return str(leaf.value) == str(wire)
    if isinstance(leaf, datetime):
        seconds = leaf.timestamp()
        return wire in (seconds, seconds * 1000) or wire == iso(leaf)
    if isinstance(leaf, date):
        return bool(wire == int(f"{leaf:%Y%m%d}"))
    return str(wire) == str(leaf) and isinstance(wire, bool) == isinstance(leaf, bool)


def iso(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
