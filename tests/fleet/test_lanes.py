"""Stops wait for nothing that is less urgent: neither in the journal, nor in a worker's hands."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from agora_rest.fleet import Ended, Entry, Fleet, Lane, State
from tests.fleet.harness import LESSON, FleetHarness

HOUR = 3600.0


def worked(harness: FleetHarness, work: Callable[[Fleet], Awaitable[list[Entry]]]) -> list[Entry]:
    async def main() -> list[Entry]:
        async with harness.at_work() as fleet:
            return await work(fleet)

    return asyncio.run(main())


def test_an_end_that_comes_while_the_turn_to_be_asked_has_not_is_a_stop(harness: FleetHarness) -> None:
    for key in ("a", "b", "c"):
        harness.order(key, channel=key, stop_at=harness.clock.now() + (HOUR if key == "c" else LESSON))
        harness.advance(key)
    harness.clock.advance(LESSON)
    assert [harness.entry(key).lane for key in "abc"] == [Lane.QUERY] * 3

    claimed = worked(harness, lambda fleet: fleet.claim({Lane.STOP: 9, Lane.QUERY: 0}))

    assert sorted(entry.key for entry in claimed) == ["a", "b"]


def test_what_has_been_stopped_and_is_still_to_be_asked_for_is_no_stop(harness: FleetHarness) -> None:
    harness.emulator.stop_with("unknown")
    harness.order()
    harness.advance()
    harness.clock.advance(LESSON)

    async def stop(fleet: Fleet) -> list[Entry]:
        (entry,) = await fleet.claim({Lane.STOP: 1})
        harness.clock.advance(2)
        return [await fleet.process(entry, Lane.STOP), *await fleet.claim({Lane.STOP: 1})]

    (after,) = worked(harness, stop)
    assert (after.state, after.lane, after.owner) == (State.UPLOADING, Lane.QUERY, None)
    assert after.next_at == harness.clock.now(), "it can be asked for at once"
    assert harness.calls("query_recording") == 0


def test_an_end_that_comes_during_a_query_that_fails_is_not_put_off(harness: FleetHarness) -> None:
    harness.order()
    harness.advance()
    harness.clock.advance(LESSON - 1)
    harness.inject("status", "query_recording", status=500)
    inner: Any = harness.emulator.app

    async def slow(*call: Any) -> None:
        harness.clock.advance(2)
        await inner(*call)

    harness.emulator.app = slow  # type: ignore[assignment]
    after = harness.advance()

    assert after is not None
    assert (after.state, after.ended) == (State.DONE, Ended.STOPPED)
