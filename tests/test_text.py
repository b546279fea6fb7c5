"""Text from others, before it is shown."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agora_rest.text import one_line, printable

ANY = st.text(st.characters())  # lone surrogates too


@given(ANY, st.integers(1, 40))
def test_nothing_unprintable_is_left(text: str, limit: int) -> None:
    assert printable(text, limit=limit).isprintable()
    assert one_line(text, limit=limit).isprintable()


@given(ANY, st.integers(1, 40))
def test_it_is_never_longer_than_the_limit(text: str, limit: int) -> None:
    assert len(printable(text, limit=limit)) <= limit
    assert len(one_line(text, limit=limit)) <= limit


@given(ANY)
def test_twice_is_as_once(text: str) -> None:
    assert printable(printable(text)) == printable(text)


@given(ANY)
def test_newlines_may_be_kept(text: str) -> None:
    shown = printable(text, newlines=True)
    assert shown.replace("\n", "").replace("\t", "").isprintable()
    assert shown.count("\n") <= text.count("\n")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain", "plain"),
        ("日本語 é", "日本語 é"),
        ("\x1b[31mred\x1b]0;title\x07", r"\x1b[31mred\x1b]0;title\x07"),
        ("a\r\nforged", r"a\r\nforged"),
        ("txt.\u202egnp", r"txt.\u202egnp"),
        ("\ud800", r"\ud800"),
        ("\U000e0041", r"\U000e0041"),
        ("a\u3000b\xa0c", "a b c"),
    ],
)
def test_what_is_shown(text: str, shown: str) -> None:
    assert printable(text) == shown


def test_a_long_text_is_cut_and_says_so() -> None:
    assert printable("x" * 300) == "x" * 300
    assert printable("x" * 301) == "x" * 299 + "…"


def test_the_time_does_not_depend_on_the_length_of_what_is_cut_off() -> None:
    long = "\x1b" * 50_000_000
    began = time.process_time()
    printable(long)
    one_line(" " * 50_000_000)
    assert time.process_time() - began < 0.5


def test_one_line_joins_what_was_laid_out() -> None:
    assert one_line("  a \r\n\t b\x1b ") == r"a b\x1b"
