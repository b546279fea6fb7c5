"""The JSON of responses is written as the standard library writes it."""

from __future__ import annotations

import json
from enum import IntEnum, StrEnum
from typing import NamedTuple

import pytest

from agora_rest.emulator.web.messages import EXTENSION, Request, api_answer, json_answer


class Colour(StrEnum):
    RED = "red"


class Size(IntEnum):
    LARGE = 3


class Pair(NamedTuple):
    one: int
    other: None


@pytest.mark.parametrize(
    "content",
    [
        {"a": [1, -1, 2**53, 2**64, 10**30, True, False, None, {}, []]},
        {"text": 'é 中文 😀 / \\ " \b\f\n\r\t \x00 \x1f \x7f \u2028'},
        {"enums": [Colour.RED, Size.LARGE], "pair": Pair(1, None), "float": 1.5},
    ],
)
def test_both_ways_to_write_json_write_the_same_bytes(content: object) -> None:
    expected = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
    assert api_answer(200, content).body == json_answer(200, content).body == expected


@pytest.mark.parametrize(
    "headers",
    [[], [(b"host", b"a")], [(b"host", b"a"), (b"accept", b"b")], [(b"host", b"a"), (b"x", b"b"), (b"host", b"c")]],
)
def test_the_values_of_a_field_are_all_of_them_in_order(headers: list[tuple[bytes, bytes]]) -> None:
    scope = {"method": "GET", "path": "/", "query_string": b"", "headers": headers, "extensions": {EXTENSION: {}}}
    request = Request(scope)
    for name in (b"host", b"accept", b"x"):
        assert request.values(name) == [value for key, value in headers if key == name]
        assert request.has(name) == bool(request.values(name))
