"""Limits count any second there is, not those of the clock face."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agora_rest.emulator.quotas import Limit, Quotas

ACQUIRE = Limit("acquire", 10, 1)
CONSOLE = Limit("console", 10, 1)
RULES = Limit("kicking-rules", 10, 1)


@pytest.mark.fact("CO-03", "CO-49")
def test_a_call_in_two_groups_needs_room_in_both_and_takes_it_in_both_or_neither() -> None:
    quotas = Quotas()
    for _ in range(6):
        assert quotas.admit((RULES, CONSOLE), 100.0)
    for _ in range(4):
        assert quotas.admit((CONSOLE,), 100.0)
    assert not quotas.admit((RULES, CONSOLE), 100.0)
    assert (quotas.used(RULES, 100.0), quotas.used(CONSOLE, 100.0)) == (6, 10)


@pytest.mark.fact("CR-05")
@given(st.lists(st.integers(0, 40), min_size=1, max_size=80))
def test_no_second_ever_has_more_and_nothing_is_refused_without_need(gaps: list[int]) -> None:
    quotas, now = Quotas(), 0.0
    passed: list[float] = []
    for gap in gaps:
        now += gap / 64  # exact in binary, so that boundaries are boundaries
        admitted = quotas.admit((ACQUIRE,), now)
        assert admitted == (sum(now - 1 < at <= now for at in passed) < 10)
        passed += [now] * admitted
    assert all(later - earlier >= 1 for earlier, later in pairwise(passed[::10]))
