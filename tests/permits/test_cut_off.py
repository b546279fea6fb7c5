"""Two machines that share permits in PostgreSQL, and lose each other and it for a while."""

from __future__ import annotations

import time

import pytest

from tests.networks import network
from tests.permits.holders import holders, most_in_any_span
from tests.services import PostgreSQL

LEASE = 1.5
"""Seconds; the holders hold for 0.03 at most."""
RESPONSE_TIMEOUT = 1.0
"""Seconds after which PostgreSQL rolls back the transaction of a machine that was cut off with the permits locked."""
CUT = 4.5
"""Seconds: the response timeout, that of a waiter behind the lock, and time for permits after both."""


@pytest.mark.slow
def test_machines_that_are_cut_off_break_no_limit_and_go_on_afterwards() -> None:
    with network(2) as net, PostgreSQL(net.address) as postgresql:
        url, (one, other) = postgresql.database(), net.machines
        times = {"lease": LEASE, "response_timeout": RESPONSE_TIMEOUT}
        with holders(url, 2, **times, under=one.under) as here, holders(url, 2, **times, under=other.under) as there:
            here.have_said(10)
            there.have_said(10)
            cut = time.monotonic()
            late = cut + LEASE / 2  # A permit that was given just before may be used just after.
            one.cut_off()
            time.sleep(CUT)
            there.go_on(after=late)
            one_joins = time.monotonic()
            one.join()
            other.cut_off()
            time.sleep(CUT)
            other.join()
            joined = time.monotonic()
            for each in (here, there):
                each.go_on(after=joined)
            lonely, alone = here.held(), there.held()
    assert most_in_any_span(lonely + alone) <= 10
    assert not [since for since, _ in lonely if late < since < one_joins], "nobody has a permit from nowhere"
    assert [since for since, _ in alone if late < since < one_joins], "the other machine goes on"
    for spans in (lonely, alone):
        assert max(since for since, _ in spans) > joined, "and so does one that was cut off"
