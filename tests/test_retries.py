"""The whole decision about repeating a call, as tables (CR-05, CR-12, CO-03; `x-retry` of the specifications)."""

from __future__ import annotations

import itertools
import math
import random
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agora_rest.client._retries import (
    Attempts,
    Effect,
    Lost,
    NotSent,
    Outcome,
    Responded,
    RetryBudget,
    RetryPolicy,
    effect,
    retry_after,
)
from agora_rest.spec import operation, operations

POLICY = RetryPolicy(attempts=6, deadline=30, base=0.5, longest=8, longest_retry_after=20, start_delays=(3, 6, 9))

OF_CLASS = {
    "safe": ["query_recording", "list_projects", "get_usage_v3", "list_kicking_rules", "list_channels"],
    "idempotent": ["acquire", "start_recording", "stop_recording", "set_project_status", "delete_kicking_rule"],
    "once": ["create_project", "create_kicking_rule", "reset_certificate"],
}

# What came of the attempt, and the classes of calls that may be made again after it.
EVERYTHING = ["safe", "idempotent", "once"]
HARMLESS = ["safe", "idempotent"]
AGAIN: list[tuple[Outcome, list[str]]] = [
    (NotSent(), EVERYTHING),
    (Responded(429), EVERYTHING),
    (Responded(429, retry_after=2), EVERYTHING),
    (Lost(), HARMLESS),
    *((Responded(status), HARMLESS) for status in (408, 500, 501, 502, 503, 504, 520, 599)),
    (Responded(503, retry_after=2), HARMLESS),
    (Responded(206, 65), HARMLESS),
    (Responded(200, 65), HARMLESS),
    (Responded(500, 62), HARMLESS),
    (Responded(504, 62), HARMLESS),
    (Responded(500, 502), HARMLESS),
    (Responded(201, 7), []),
    (Responded(206, 435), []),
    (Responded(302), []),
    *((Responded(400, code), []) for code in (None, 2, 49, 53, 433, 1001, 1003, 1004, 1005, 1013)),
    *((Responded(status), []) for status in (401, 403, 404, 405, 409, 422, 499)),
    (Responded(404, 404), []),
    (Responded(404, retry_after=1), []),
]
CASES = [
    pytest.param(name, outcome, kind in may, id=f"{name}-{outcome}")
    for outcome, may in AGAIN
    for kind, names in OF_CLASS.items()
    for name in names
]


@pytest.mark.parametrize(("name", "outcome", "again"), CASES)
def test_what_may_be_repeated_depends_on_the_call_and_on_what_came_of_it(
    name: str, outcome: Outcome, again: bool
) -> None:
    decision = POLICY.decide(operation(name), outcome, attempt=1, elapsed=0, chance=0)
    assert decision.again is again, decision
    assert decision.why
    assert again or decision.delay == 0


@pytest.mark.parametrize("name", [name for name in operations() if operation(name).retry != "once"])
def test_a_timeout_with_a_status_of_4xx_is_repeated_except_by_acquire_to_which_it_means_not_enabled(name: str) -> None:
    decision = POLICY.decide(operation(name), Responded(400, 62), attempt=1, elapsed=0, chance=0)
    assert decision.again is (name != "acquire")


@pytest.mark.parametrize("status", [200, 206, 400, 500])
def test_a_stop_whose_upload_takes_longer_is_not_repeated(status: int) -> None:
    assert not POLICY.decide(operation("stop_recording"), Responded(status, 50), attempt=1, elapsed=0, chance=0).again


def test_the_tables_above_have_the_operations_in_their_classes() -> None:
    assert {kind: {operation(name).retry for name in names} for kind, names in OF_CLASS.items()} == {
        kind: {kind} for kind in EVERYTHING
    }


@pytest.mark.parametrize("name", [name for name in operations() if name != "start_recording"])
def test_a_206_without_a_code_is_an_unfinished_start_and_nothing_else(name: str) -> None:
    assert not POLICY.decide(operation(name), Responded(206), attempt=1, elapsed=0, chance=0).again
    assert POLICY.decide(operation("start_recording"), Responded(206), attempt=1, elapsed=0, chance=0).again


# Operation, outcome, attempt → the least and the most delay; None: not again.
NO_ANSWER = (NotSent(), Lost(), Responded(500), Responded(504, 62), Responded(206, 65), Responded(429))
FULL_JITTER = [(1, 0.5), (2, 1.0), (3, 2.0), (4, 4.0), (5, 8.0)]
DELAYS: list[tuple[str, Outcome, int, tuple[float, float] | None]] = [
    *(("query_recording", outcome, attempt, (0.0, most)) for outcome in NO_ANSWER for attempt, most in FULL_JITTER),
    *(("stop_recording", outcome, attempt, (0.0, most)) for outcome in NO_ANSWER for attempt, most in FULL_JITTER),
    *(("query_recording", outcome, 6, None) for outcome in NO_ANSWER),
    # `start` waits as Agora advises when it may have taken effect, and like any other call when it was not.
    *(
        ("start_recording", outcome, attempt, delays)
        for outcome in (Lost(), Responded(500), Responded(500, 62), Responded(206, 65), Responded(206))
        for attempt, delays in ((1, (3.0, 3.5)), (2, (6.0, 6.5)), (3, (9.0, 9.5)), (4, None))
    ),
    ("start_recording", NotSent(), 1, (0.0, 0.5)),
    ("start_recording", Responded(429), 5, (0.0, 8.0)),
    # Retry-After is a lower bound, never cut short.
    ("create_project", Responded(429, retry_after=2), 1, (2.0, 2.5)),
    ("create_project", Responded(429, retry_after=20), 5, (20.0, 20.5)),
    ("create_project", Responded(429, retry_after=0), 1, (0.0, 0.5)),
    ("create_project", Responded(429, retry_after=20.1), 1, None),
    ("create_project", Responded(429, retry_after=math.inf), 1, None),
    ("list_projects", Responded(503, retry_after=7), 1, (7.0, 7.5)),
    ("list_projects", Responded(503, retry_after=3600), 1, None),
    ("start_recording", Responded(503, retry_after=7), 1, (7.0, 7.5)),
    ("start_recording", Responded(503, retry_after=7), 3, (9.0, 9.5)),
    ("start_recording", Responded(503, retry_after=7), 4, None),
]


@pytest.mark.parametrize(("name", "outcome", "attempt", "bounds"), DELAYS)
def test_how_long_to_wait(name: str, outcome: Outcome, attempt: int, bounds: tuple[float, float] | None) -> None:
    decisions = [
        POLICY.decide(operation(name), outcome, attempt=attempt, elapsed=0, chance=chance) for chance in (0.0, 1.0)
    ]
    assert [decision.again for decision in decisions] == [bounds is not None] * 2
    if bounds:
        assert tuple(decision.delay for decision in decisions) == bounds


@pytest.mark.parametrize(
    ("elapsed", "outcome", "again"),
    [
        (27.9, Responded(429, retry_after=2), True),
        (28.0, Responded(429, retry_after=2), False),
        (29.9, Lost(), True),
        (30.0, Lost(), False),
        (31.0, NotSent(), False),
    ],
)
def test_a_call_is_not_repeated_when_its_deadline_would_be_over_by_then(
    elapsed: float, outcome: Outcome, again: bool
) -> None:
    decision = POLICY.decide(operation("list_projects"), outcome, attempt=1, elapsed=elapsed, chance=0)
    assert decision.again is again
    assert again or "deadline of 30 s" in decision.why


def test_a_start_has_all_its_repetitions_within_the_default_deadline() -> None:
    policy, elapsed = RetryPolicy(), 0.0
    for attempt in (1, 2, 3):
        decision = policy.decide(
            operation("start_recording"), Responded(500), attempt=attempt, elapsed=elapsed, chance=1
        )
        assert decision.again
        elapsed += 1 + decision.delay
    assert not policy.decide(operation("start_recording"), Responded(500), attempt=4, elapsed=elapsed, chance=0).again


def test_without_a_deadline_only_the_attempts_are_counted() -> None:
    policy = replace(POLICY, deadline=math.inf)
    assert policy.decide(operation("list_projects"), Lost(), attempt=5, elapsed=1e9, chance=1).again


@pytest.mark.parametrize("outcome", [outcome for outcome, _ in AGAIN])
def test_a_single_attempt_is_a_single_attempt(outcome: Outcome) -> None:
    policy = replace(POLICY, attempts=1)
    for call in operations().values():
        assert not policy.decide(call, outcome, attempt=1, elapsed=0, chance=0).again


OUTCOMES = st.one_of(
    st.just(NotSent()),
    st.just(Lost()),
    st.builds(
        Responded,
        st.integers(100, 999),
        st.none() | st.sampled_from([0, 2, 7, 49, 53, 62, 65, 404, 433, 435, 502, 1004]) | st.integers(),
        st.none() | st.floats(0, allow_nan=False),
    ),
)


@given(
    name=st.sampled_from(list(operations())),
    outcome=OUTCOMES,
    attempt=st.integers(1, 2_000),
    attempts=st.integers(1, 2_000),
    elapsed=st.floats(0, 100),
    chance=st.floats(0, 1, exclude_max=True),
)
def test_no_decision_breaks_a_bound(
    name: str, outcome: Outcome, attempt: int, attempts: int, elapsed: float, chance: float
) -> None:
    call = operation(name)
    policy = replace(POLICY, attempts=attempts)
    again, delay, _ = policy.decide(call, outcome, attempt=attempt, elapsed=elapsed, chance=chance)
    if again:
        assert attempt < attempts
        assert elapsed + delay < policy.deadline
        assert 0 <= delay <= max(policy.longest, policy.longest_retry_after + policy.base)
        assert not isinstance(outcome, Responded) or delay >= (outcome.retry_after or 0)
        assert call.retry != "once" or effect(call, outcome)[0] is Effect.NONE


@pytest.mark.parametrize(
    "wrong",
    [
        {"attempts": 0},
        {"deadline": 0},
        {"deadline": math.nan},
        {"base": -1},
        {"base": 9},
        {"longest": math.inf},
        {"longest_retry_after": -1},
        {"start_delays": (3, -1)},
        {"start_delays": (math.nan,)},
    ],
)
def test_what_is_no_policy_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"attempted|deadline|base|longest_retry_after"):
        replace(POLICY, **wrong)


# The attempts at one call.


def test_attempts_are_counted_and_their_delays_reproducible_by_seed() -> None:
    def delays(seed: int) -> list[float]:
        attempts = Attempts(POLICY, RetryBudget(), operation("list_projects"), random.Random(seed))
        found = []
        while (decision := attempts.failed(Lost(), elapsed=0)).again:
            found.append(decision.delay)
        assert attempts.made == 6
        return found

    assert delays(1) == delays(1) != delays(2)


@pytest.mark.parametrize(
    ("name", "outcomes", "unclear"),
    [
        ("delete_project", [Lost(), Responded(404)], True),
        ("delete_project", [Responded(500), NotSent()], True),
        ("stop_recording", [Responded(206, 65), Responded(404, 404)], True),
        ("start_recording", [Lost(), Responded(201, 7)], True),
        ("create_project", [Lost()], True),
        ("delete_project", [NotSent(), Responded(429), Responded(404)], False),
        ("list_projects", [Lost(), Responded(500)], False),
    ],
)
def test_an_attempt_that_may_have_been_carried_out_is_not_forgotten(
    name: str, outcomes: list[Outcome], unclear: bool
) -> None:
    attempts = Attempts(POLICY, RetryBudget(), operation(name), random.Random(1))
    for outcome in outcomes:
        attempts.failed(outcome, elapsed=0)
    assert attempts.unclear is unclear


# The budget.


def sent_in_an_outage(name: str, calls: int, budget: RetryBudget) -> int:
    """How many requests go out for `calls` calls when none gets an answer."""
    sent = 0
    for _ in range(calls):
        attempts = Attempts(POLICY, budget, operation(name), random.Random(1))
        while attempts.failed(Lost(), elapsed=0).again:
            pass
        sent += attempts.made
    return sent


def test_an_outage_does_not_multiply_the_traffic() -> None:
    assert sent_in_an_outage("list_projects", 1_000, RetryBudget(capacity=50)) == 1_050


def test_a_stop_is_repeated_even_in_an_outage() -> None:
    budget = RetryBudget(capacity=50)
    sent_in_an_outage("list_projects", 100, budget)
    assert sent_in_an_outage("stop_recording", 100, budget) == 600


def test_a_rescue_is_repeated_even_in_an_outage() -> None:
    attempts = Attempts(POLICY, RetryBudget(capacity=0), operation("create_kicking_rule"), is_cleanup=True)
    assert attempts.failed(NotSent(), elapsed=0).again


def test_the_error_says_that_the_budget_is_used_up() -> None:
    decision = Attempts(POLICY, RetryBudget(capacity=0), operation("list_projects")).failed(Lost(), elapsed=0)
    assert decision == (False, 0.0, "no response that can be parsed, and too many calls fail to repeat this one")


@pytest.mark.parametrize("share", [0.05, 0.2, 0.3])
def test_faults_that_strike_now_and_then_never_use_the_budget_up(share: float) -> None:
    """A share of all requests fails: every call that the policy would repeat is repeated."""
    generator, budget, given_up = random.Random(3), RetryBudget(), 0
    for _ in range(5_000):
        attempts = Attempts(POLICY, budget, operation("list_projects"), generator)
        while generator.random() < share:
            decision = attempts.failed(Responded(500), elapsed=0)
            if not decision.again:
                given_up += "too many calls fail" in decision.why
                break
        else:
            attempts.succeeded()
    assert given_up == 0


def test_after_an_outage_successes_fill_the_budget_again_and_not_beyond_its_size() -> None:
    budget = RetryBudget(capacity=2)
    sent_in_an_outage("list_projects", 10, budget)
    assert budget.tokens < 1
    for _ in range(100):
        Attempts(POLICY, budget, operation("list_projects")).succeeded()
    assert budget.tokens == 2


def test_a_refusal_by_a_healthy_server_counts_as_a_success_for_the_budget() -> None:
    budget = RetryBudget(capacity=10)
    assert budget.spend()
    Attempts(POLICY, budget, operation("list_projects")).failed(Responded(404), elapsed=0)
    assert budget.tokens == pytest.approx(9.2)


def test_threads_cannot_spend_a_token_twice() -> None:
    budget = RetryBudget(capacity=1_000)
    with ThreadPoolExecutor(8) as pool:
        paid = Counter(pool.map(lambda _: budget.spend(), range(2_000)))
    assert paid == {True: 1_000, False: 1_000}


# Retry-After.

NOON = datetime(2026, 11, 20, 12, 0, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("0", 0),
        ("2", 2),
        (" 120 ", 120),
        ("1.5", 1.5),
        ("9" * 400, math.inf),
        ("Fri, 20 Nov 2026 12:00:07 GMT", 7),
        ("Friday, 20-Nov-26 12:00:07 GMT", 7),
        ("Fri Nov 20 12:00:07 2026", 7),
        ("Fri, 20 Nov 2026 11:59:00 GMT", 0),
        *(
            (nonsense, None)
            for nonsense in ("", "soon", "-1", "1e3", "inf", "nan", "٣", "Fri, 99 Foo 2026 99:99:99 GMT")
        ),
    ],
)
def test_retry_after_is_read_as_seconds_or_as_a_date(value: str, seconds: float | None) -> None:
    assert retry_after(value, now=NOON) == seconds


def test_a_date_is_measured_by_the_server_s_own_clock() -> None:
    wrong_by_an_hour = NOON + timedelta(hours=1)
    until, sent = "Fri, 20 Nov 2026 12:00:07 GMT", "Fri, 20 Nov 2026 12:00:00 GMT"
    assert retry_after(until, now=wrong_by_an_hour, sent=sent) == 7
    assert retry_after(until, now=NOON, sent="yesterday, or so") == 7


@given(st.text() | st.from_regex(r"[A-Z][a-z]{2}, \d+ [A-Z][a-z]{2} \d+ \d+:\d+:\d+ [+-]\d+"), st.text())
def test_no_header_breaks_the_reading_of_it(value: str, sent: str) -> None:
    seconds = retry_after(value, now=NOON, sent=sent)
    assert seconds is None or seconds >= 0


def test_every_pair_of_class_and_outcome_is_in_the_table() -> None:
    effects = {
        (kind, effect(operation(names[0]), outcome)[0]) for kind, names in OF_CLASS.items() for outcome, _ in AGAIN
    }
    assert effects == set(itertools.product(EVERYTHING, Effect))
