"""JSON from strangers."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agora_rest.emulator.refusals import InvalidInput
from agora_rest.emulator.web.bodies import MAX_DEPTH, parse


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "not JSON"),
        (b"{", "not JSON"),
        (b"{}x", "not JSON"),
        (b"{'a': 1}", "not JSON"),
        (b"\xef\xbb\xbf{}", "not JSON"),
        (b'{"a": 01}', "not JSON"),
        (b'"\xff"', "not UTF-8"),
        (b'"\xed\xa0\x80"', "not UTF-8"),
        (rb'"\ud800"', "not UTF-8"),
        (rb'{"\uDC00": 1}', "not UTF-8"),
        (b"NaN", "NaN"),
        (b"[Infinity]", "Infinity"),
        (b"[-Infinity]", "-Infinity"),
        (b"1e999", "too large"),
        (b"9" * 5000, "not JSON"),
        (b'{"a": 1, "a": 1}', "twice"),
        (b'{"x": [{"a": 1, "b": 2, "a": 3}]}', "twice"),
        (b"[" * (MAX_DEPTH + 1) + b"]" * (MAX_DEPTH + 1), "nested too deeply"),
        (b'{"a":' * (MAX_DEPTH + 1) + b"1" + b"}" * (MAX_DEPTH + 1), "nested too deeply"),
        (b"[" * 100_000, "nested too deeply"),
        (b'{"a":' * 100_000, "nested too deeply"),
    ],
)
def test_what_is_not_sound_json_is_refused_and_not_quoted(body: bytes, reason: str) -> None:
    with pytest.raises(InvalidInput, match=reason):
        parse(body)


def test_some_depth_is_allowed() -> None:
    parse(b"[" * MAX_DEPTH + b"]" * MAX_DEPTH)


def test_much_that_is_not_deep_is_allowed() -> None:
    assert len(parse(b"[" + b"[]," * 999 + b"[]]")) == 1000


@pytest.mark.parametrize(("text", "value"), [(b"60.0", 60), (b"6e1", 60), (b"0.5", 0.5), (b"-0.0", 0)])
def test_a_number_without_a_fraction_is_an_integer(text: bytes, value: float) -> None:
    found = parse(text)
    assert found == value
    assert isinstance(found, type(value))


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
        max_leaves=10,
    )
)
def test_sound_json_means_what_it_says(value: object) -> None:
    assert parse(json.dumps(value, ensure_ascii=False).encode()) == value
    assert parse(json.dumps(value).encode()) == value
