"""Permits that processes share, with real processes, a real PostgreSQL and a real Redis, in real time."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from agora_rest.permits import PermitStoreError
from tests.permits.holders import PATIENCE, QUOTAS, SPAN, holders, most_in_any_span, store
from tests.permits.ledgers import sqlite_url
from tests.services import PostgreSQL, Redis

LEASE = 3.0
"""Seconds; the holders hold for 0.03 at most."""
LATE = LEASE / 2
"""No permit that was given just before something happened is used as late as this after it."""


@pytest.fixture(params=["sqlite", "postgresql", "redis"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty place for permits, in which it is known that nothing is under way."""
    if request.param == "sqlite":
        return sqlite_url(tmp_path)
    if request.param == "postgresql":
        return request.getfixturevalue("postgresql").database()
    return began(request.getfixturevalue("redis_server").url)


def began(url: str) -> str:
    permits = store(url)
    permits.begin()
    permits.close()
    return url


@pytest.mark.slow
def test_eight_processes_keep_a_limit_together(url: str) -> None:
    with holders(url, 8) as processes:
        processes.have_used_all(100)
        spans = processes.held()
    assert most_in_any_span(spans) == 10, "all of the limit is used, and no more"


@pytest.mark.slow
def test_processes_that_are_killed_break_no_limit_and_take_no_permit_with_them(url: str) -> None:
    with holders(url, 6, lease=LEASE) as processes:
        for killed in processes.have_said(5)[:4]:
            processes.kill(killed)
        processes.go_on(after=time.monotonic() + LEASE + 3 * SPAN)  # their leases are over, too
        spans = processes.held()
    assert most_in_any_span(spans) <= 10
    with closing(store(url, LEASE)) as permits, ExitStack() as stack:
        for _ in range(10):
            stack.enter_context(permits.hold(QUOTAS, timeout=PATIENCE))


@pytest.mark.slow
def test_postgresql_that_restarts_forgets_nothing(postgresql: PostgreSQL) -> None:
    spans, restarted = run_through(postgresql.database(), postgresql.restart)
    assert most_in_any_span(spans) <= 10
    assert any(since > restarted for since, _ in spans), "the work goes on"


@pytest.mark.slow
def test_postgresql_that_crashes_forgets_nothing(postgresql: PostgreSQL) -> None:
    def crash() -> None:
        postgresql.crash()
        postgresql.start()

    spans, restarted = run_through(postgresql.database(), crash)
    assert most_in_any_span(spans) <= 10
    assert any(since > restarted for since, _ in spans), "the work goes on"


@pytest.mark.slow
def test_redis_that_restarts_empty_gives_no_permit_before_all_calls_from_before_are_over(redis_server: Redis) -> None:
    spans, restarted = run_through(began(redis_server.url), redis_server.restart)
    forgot = [since for since, _ in spans if since > restarted + LATE]
    assert most_in_any_span(spans) <= 10
    assert forgot, "the work goes on"
    assert min(forgot) >= restarted + LEASE + SPAN


@pytest.mark.slow
def test_redis_that_is_emptied_gives_no_permit_before_all_calls_from_before_are_over(redis_server: Redis) -> None:
    spans, emptied = run_through(began(redis_server.url), redis_server.flush)
    forgot = [since for since, _ in spans if since > emptied + LATE]
    assert most_in_any_span(spans) <= 10
    assert forgot, "the work goes on"
    assert min(forgot) >= emptied + LEASE + SPAN


def test_a_new_redis_may_be_one_that_was_emptied(redis_server: Redis) -> None:
    redis_server.flush()
    with closing(store(redis_server.url)) as permits:
        with pytest.raises(PermitStoreError, match="has no memory: it is new, or was restarted or emptied"):
            permits.hold(QUOTAS, timeout=2).__enter__()
        permits.begin()
        with permits.hold(QUOTAS, timeout=PATIENCE):
            pass


def test_a_store_that_is_down_is_asked_again_until_the_time_is_over(postgresql: PostgreSQL) -> None:
    with closing(store(postgresql.database())) as permits:
        with permits.hold(QUOTAS):
            pass
        postgresql.stop()
        try:
            with pytest.raises(
                PermitStoreError, match=r"no permit within 2 s .*; nothing was sent, because postgresql"
            ):
                permits.hold(QUOTAS, timeout=2).__enter__()
        finally:
            postgresql.start()
        with permits.hold(QUOTAS, timeout=PATIENCE):
            pass


def test_the_worst_server_counts_a_call_when_it_does_most_harm() -> None:
    assert most_in_any_span([(0.0, 0.25), (1.25, 1.5)], span=1.0) == 2, "at 0.25 and at 1.25"
    assert most_in_any_span([(0.0, 0.25), (1.26, 1.5)], span=1.0) == 1
    assert most_in_any_span([(0.0, 5.0), (1.0, 1.1), (4.0, 4.1)], span=1.0) == 2


def run_through(url: str, event: Callable[[], None]) -> tuple[list[tuple[float, float]], float]:
    """What four processes held while `event` happened, and when it began."""
    with holders(url, 4, lease=LEASE) as processes:
        processes.have_said(10)
        at = time.monotonic()
        event()
        processes.go_on(after=time.monotonic() + LATE)
        return processes.held(), at
