"""Nothing is found in legal traffic, whatever a file hides of it: only what nobody else can have caused is reported."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Final

import pytest
from faults.fault import DIALECTS
from hypothesis import given, settings
from hypothesis import strategies as st
from strength.afternoon import afternoon
from strength.recorded_program import Call

from agora_rest import spec
from tests.traffic.hars import checked, har
from tests.traffic.legal import HIDING, Hiding, hidden, session

_OF_CALLERS: Final = frozenset({"schema_of_requests", "parameters", "quota"})
"""Checks of what callers do wrong, as those of a session may."""


def found(calls: Sequence[Call], hiding: Hiding, seed: int) -> list[str]:
    """What is found about the server in a partial recording."""
    report = checked(har(*hidden(calls, hiding, random.Random(seed))))
    return [f"{each.check}: {each.title}: {each.got}" for each in report.findings if each.check not in _OF_CALLERS]


@pytest.fixture(scope="module", params=DIALECTS)
def dialect(request: pytest.FixtureRequest) -> spec.Dialect:
    chosen: spec.Dialect = request.param
    return chosen


@pytest.fixture(scope="module")
def calls(dialect: spec.Dialect) -> list[Call]:
    return afternoon(dialect)


@settings(max_examples=7)
@given(hiding=HIDING, seed=st.integers(0, 10**6))
def test_nothing_is_found_in_a_part_of_the_afternoon(calls: list[Call], hiding: Hiding, seed: int) -> None:
    assert found(calls, hiding, seed) == []


@settings(max_examples=16)
@given(hiding=HIDING, seed=st.integers(0, 10**6))
def test_nothing_is_found_in_what_several_programs_do_at_random(
    dialect: spec.Dialect, hiding: Hiding, seed: int
) -> None:
    calls = session(dialect, seed, 50)
    assert found(calls, Hiding(), seed) == []
    assert found(calls, hiding, seed) == []
