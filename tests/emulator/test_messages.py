"""Requests are read and responses written as the standard library does it, only quicker."""

from __future__ import annotations

import json
import random
from enum import IntEnum, StrEnum
from typing import NamedTuple
from urllib.parse import parse_qsl

import pytest

from agora_rest.emulator.refusals import InvalidInput
from agora_rest.emulator.web.endpoints import _read_query
from agora_rest.emulator.web.messages import EXTENSION, Request, api_response, json_response
from agora_rest.emulator.web.routing import BAD_ESCAPE


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
    assert api_response(200, content).body == json_response(200, content).body == expected


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


def test_queries_are_read_as_the_standard_library_reads_them() -> None:
    drawn = random.Random(1)
    for _ in range(5_000):
        query = "".join(drawn.choice("ab=&;,é %+2") for _ in range(drawn.randrange(12)))
        if BAD_ESCAPE.search(query):
            continue
        expected: dict[str, list[str]] = {}
        try:
            for name, value in parse_qsl(query, keep_blank_values=True, errors="strict"):
                expected.setdefault(name, []).append(value)
        except UnicodeDecodeError:
            continue
        assert _read_query(query) == expected


def test_a_query_has_a_hundred_fields_at_most() -> None:
    assert len(_read_query("&".join(f"a{n}=1" for n in range(100)))) == 100
    for character in ("1", "%31"):
        with pytest.raises(InvalidInput):
            _read_query("&".join(f"a{n}={character}" for n in range(101)))
