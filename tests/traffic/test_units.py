"""A HAR file is read piece by piece, in bounded memory and linear time; what is not HAR is refused in a sentence."""

from __future__ import annotations

import codecs
import gzip
import io
import json
import time
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agora_rest.contract.traffic import units as reading
from agora_rest.contract.traffic.units import HarError, Shortened, units

TEXT = st.text(alphabet=st.characters(codec="utf-8"))
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**60), 2**60) | st.floats(allow_nan=False, allow_infinity=False) | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=12,
)
HARS = st.fixed_dictionaries(
    {
        "log": st.fixed_dictionaries(
            {"entries": st.lists(JSON, max_size=4)}, optional={"pages": st.lists(JSON), "x": JSON}
        )
    },
    optional={"other": JSON},
)


def read(data: bytes) -> dict[str, Any]:
    """The members of `log` that the units of a file add up to."""
    found: dict[str, Any] = {}
    for unit in units(io.BytesIO(data)):
        if not unit.array:
            found[unit.name] = unit.value
        elif unit.number == 0:
            found[unit.array] = []
        else:
            found[unit.array].append(unit.value)
            assert unit.number == len(found[unit.array])
    return found


@pytest.mark.slow
@pytest.mark.parametrize("chunk", [1, 7, 65536])
@given(document=HARS, ascii_only=st.booleans(), indent=st.sampled_from([None, 2]))
def test_the_units_add_up_to_the_file(
    chunk: int, document: dict[str, Any], ascii_only: bool, indent: int | None
) -> None:
    data = json.dumps(document, ensure_ascii=ascii_only, indent=indent).encode()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reading, "_CHUNK", chunk)
        assert read(data) == document["log"]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_a_byte_order_mark_says_how_a_file_is_encoded(encoding: str) -> None:
    assert read('{"log": {"entries": ["é"]}}'.encode(encoding)) == {"entries": ["é"]}


def test_bytes_that_are_not_utf8_are_replaced() -> None:
    assert read(b'{"log": {"entries": ["a\xffb"]}}') == {"entries": ["a\ufffdb"]}


@pytest.mark.slow
@given(
    parts=st.lists(st.text(alphabet='xé\\"\n\U0001f600', max_size=40), min_size=150, max_size=200),
    behind=JSON,
    chunk=st.integers(10, 300),
    ascii_only=st.booleans(),
)
def test_a_long_string_is_shortened_wherever_pieces_begin_and_nothing_else_changes(
    parts: list[str], behind: Any, chunk: int, ascii_only: bool
) -> None:
    text = "xxxxxxxx".join(parts) + "abcdefgh" * 500  # with places at which it can be cut
    data = json.dumps({"log": {"entries": [[text, behind], "end"]}}, ensure_ascii=ascii_only).encode()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reading, "_CHUNK", chunk)
        patch.setattr(reading, "LONGEST_STRING", 500)
        (shortened, rest), end = read(data)["entries"]
    assert (rest, end) == (behind, "end")
    assert isinstance(shortened, Shortened)
    assert text.startswith(shortened[:-1]), "the last character may be half of a pair"


PLANTED = b'{"log": {"entries": [{"token": "planted"'


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "truncated"),
        (b"no JSON", "not JSON"),
        (b"[]", "not contain a JSON object"),
        (b"{}", "no `log.entries`"),
        (b'{"log": {}}', "no `log.entries`"),
        (b'{"log": {"entries": {}}}', "no `log.entries`"),
        (PLANTED, "truncated"),
        (PLANTED + b", }", "not JSON"),
        (PLANTED + b"}]}} x", "not JSON"),
        (b'{"log": {"entries": [NaN]}}', "not JSON"),
        (b'{"log": {"entries": [1e999]}}', "not JSON"),
        (b'{"log": {"entries": [' + b"9" * 10_000 + b"]}}", "not JSON"),
        (b'{"log": {"entries": [' + b"[" * 10_000 + b"]" * 10_000 + b"]}}", "exchange 1 is nested more than 100"),
        (b'{"log": {"x": ' + b'{"a":' * 10_000, "nested more than 100"),
        (b'{"planted": ' + b"[" * 10_000, "nested more than 100"),
        (gzip.compress(b"{}", mtime=0), "compressed with gzip"),
        (b"PK\x03\x04", "compressed with zip"),
        (b'{"info": {"_postman_id": "1", "name": "planted"}, "item": []}', "Postman collection"),
        (
            b'{"info": {"schema": "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"}, "item": []}',
            "Postman collection",
        ),
    ],
)
def test_what_is_not_har_is_refused_in_a_sentence_without_its_content(data: bytes, words: str) -> None:
    with pytest.raises(HarError) as error:
        read(data)
    assert words in str(error.value)
    assert "planted" not in str(error.value)
    assert str(error.value).isprintable()


def test_a_value_that_would_fill_memory_is_refused() -> None:
    data = b'{"log": {"entries": [[' + b"[]," * 1_000_000 + b"[]]]}}"
    with pytest.raises(HarError, match="exchange 1 is larger than 48 MiB"):
        read(data)


@pytest.mark.parametrize("fill", [b"z", b"\\\\", b"\\n", "é".encode(), b" "])
def test_a_long_string_takes_linear_time(fill: bytes) -> None:
    def seconds(megabytes: int) -> float:
        data = b'{"log": {"entries": ["' + fill * (megabytes * 1_000_000 // len(fill)) + b'"]}}'
        started = time.process_time()
        assert len(read(data)["entries"]) == 1
        return time.process_time() - started

    seconds(1)
    assert seconds(4) < 12 * seconds(1) + 0.5


def test_a_string_without_end_is_refused() -> None:
    with pytest.raises(HarError, match=r"without end|truncated"):
        read(b'{"log": {"entries": ["' + b"\\" * 12_000_000)


@pytest.mark.parametrize("make", [lambda: codecs.BOM_UTF8, lambda: b"\x00" * 10, lambda: b"\xff" * 10])
def test_garbage_is_refused(make: Callable[[], bytes]) -> None:
    with pytest.raises(HarError):
        read(make())
