"""A day from event to event: what the fleet does with each recording, in a few lines each, and nothing else of it.

What decides how late things are is the real thing: `Timings`, `SLOTS`, the `Bucket` of a limit, the emulator's own
counting. What is told again here is what `agora_rest.fleet` does when no call fails: its steps in their order, its
claims, its patience. `python -m benchmarks.day --check` and tests/test_day.py hold it against the fleet.
"""

from __future__ import annotations

import heapq
import itertools
import math
from collections import deque
from collections.abc import Callable, Generator
from typing import Any, Final

from agora_rest.emulator.quotas import Limit as Counted
from agora_rest.emulator.recordings import REMEMBERED_FOR
from agora_rest.fleet import SLOTS, Lane
from agora_rest.permits import Limit
from agora_rest.permits.wait_queue import Bucket

from .plan import GROUPS, Outcome, Plan, StrictQuotas

PATIENCE: Final = 30.0
"""For which a call waits for its permit: the client's deadline."""
RESCUE: Final = 60.0
"""The same for a stop, and for what takes its place."""
POLL: Final = 0.5
"""Between two looks of a worker at the journal."""
SLACK: Final = 0.001
READY: Final = 3.0
"""After its start a recorder of the emulator is in its channel."""

Life = Generator[Any, Any, None]
"""What a worker does with a recording it has in hand. Yields seconds to wait, or a queue to get a permit from."""


class Row:
    """A recording in the journal."""

    __slots__ = (
        *("confirmed", "ended_at", "place", "put_offline", "start_at", "started_at", "step", "stopping_at", "told"),
    )

    def __init__(self, start_at: float) -> None:
        self.start_at = start_at
        self.started_at = self.ended_at = self.stopping_at = self.told = math.inf
        self.put_offline = self.confirmed = False
        self.step, self.place = "intent", 0


class Queue:
    """Those who wait for the permits of one limit, first come, first served."""

    def __init__(self, day: Day, group: str, calls: int) -> None:
        self._day, self._bucket = day, Bucket(Limit(calls), SLACK)
        self._waiting: deque[list[Life]] = deque()
        self._alarm = math.inf
        self.counted = (Counted(group, calls, 1.0),)

    def join(self, life: Life, patience: float) -> None:
        """Go on with True as soon as there is a permit, or with False when it has taken too long."""
        place = [life]
        self._waiting.append(place)
        self._serve()
        if place:
            self._day.at(self._day.now + patience, self._give_up, place)

    def give_back(self) -> None:
        """The permit rests from now on."""
        self._bucket.give_back(self._day.now)
        self._serve()

    def _serve(self, _: object = None) -> None:
        now = self._day.now
        if self._alarm <= now:
            self._alarm = math.inf
        while self._waiting and self._bucket.ready_at() <= now:
            if place := self._waiting.popleft():
                self._bucket.take()
                self._day.at(now, self._day.go_on, (place.pop(), True))
        ready_at = self._bucket.ready_at()
        if self._waiting and now < ready_at < self._alarm:
            self._alarm = ready_at
            self._day.at(ready_at, self._serve, None)

    def _give_up(self, place: list[Life]) -> None:
        if place:
            self._day.go_on((place.pop(), False))


class Day:
    """The day of one account."""

    def __init__(self, plan: Plan, starts: list[float]) -> None:
        self.plan, self.times, self.now = plan, plan.timings, 0.0
        self.quotas, self.outcome = StrictQuotas(plan.limits), Outcome()
        self.rows = [Row(start) for start in starts]
        self._queues = {group: Queue(self, group, plan.limits[group]) for group in GROUPS}
        self._numbers = itertools.count(1)
        self._events: list[tuple[float, int, Callable[[Any], None], Any]] = []
        self._due: dict[Lane, list[tuple[float, int, Row]]] = {lane: [] for lane in Lane}
        self._ends: list[tuple[float, int, Row]] = []
        for row in self.rows:
            self._put_back(row, row.start_at, Lane.START)
        self._free = {lane: slots * plan.workers for lane, slots in SLOTS.items()}
        self._left = len(self.rows)

    def run(self) -> Outcome:
        """Until every recording is over."""
        self.at(0.0, self._poll, None)
        while self._left:
            self.now, _, do, with_what = heapq.heappop(self._events)
            do(with_what)
        self.outcome.hear(self.quotas)
        for row in self.rows:
            self._look(row)
        return self.outcome

    def at(self, moment: float, do: Callable[[Any], None], with_what: Any) -> None:
        """Let something happen."""
        heapq.heappush(self._events, (moment, next(self._numbers), do, with_what))

    def go_on(self, who: tuple[Life, Any]) -> None:
        """Take a life to where it has to wait."""
        life, value = who
        try:
            wanted = life.send(value)
        except StopIteration:
            return
        if isinstance(wanted, float):
            self.at(self.now + wanted, self.go_on, (life, None))
        else:
            wanted[0].join(life, wanted[1])

    # The workers

    def _poll(self, _: None) -> None:
        while self._ends and self._ends[0][0] <= self.now:  # They are to be stopped and still wait to be asked for.
            place, row = heapq.heappop(self._ends)[1:]
            if row.place == place:
                self._put_back(row, self.now, Lane.STOP)
        for lane in Lane:
            self._claim(lane)
        self.at(self.now + POLL / self.plan.workers, self._poll, None)

    def _claim(self, lane: Lane) -> None:
        due = self._due[lane]
        while due and due[0][0] <= self.now and self._free[lane]:
            _, place, row = heapq.heappop(due)
            if row.place != place:
                continue
            row.place = 0
            self._free[lane] -= 1
            self.at(self.now + self.plan.commit, self.go_on, (self._carry_on(row, lane), None))

    def _carry_on(self, row: Row, lane: Lane) -> Life:
        then: tuple[float, Lane] | None = (self.now, lane)
        while then and then[0] <= self.now and then[1] <= lane:
            step = row.step
            then = yield from getattr(self, "_" + step)(row)
            yield self.plan.commit
        if then:
            self._put_back(row, *then)
        else:
            self._left -= 1
        self._free[lane] += 1
        if self._free[lane] == 1:
            self._claim(lane)

    def _put_back(self, row: Row, due: float, lane: Lane) -> None:
        row.place = next(self._numbers)
        heapq.heappush(self._due[lane], (due, row.place, row))
        if lane is Lane.QUERY and row.step == "started":
            heapq.heappush(self._ends, (row.start_at + self.plan.lesson, row.place, row))

    # The steps. Each gives when to go on and in which lane, or None when the recording is over.

    def _intent(self, row: Row) -> Generator[Any, Any, tuple[float, Lane] | None]:
        if self._is_to_end(row):
            return None
        start = self._queues["start"]
        if not (yield start, PATIENCE):
            return self.now + self.times.turned_away, Lane.START
        if again := (yield from self._call("acquire")):
            start.give_back()
            return self.now + again, Lane.START
        yield self.plan.commit
        yield from self._sent(start, self.plan.answer, lambda: setattr(row, "started_at", self.now))
        row.step = "started"
        return self._looked_at(row, self.times.first_query)

    def _started(self, row: Row) -> Generator[Any, Any, tuple[float, Lane] | None]:
        if self._is_to_end(row):
            row.stopping_at, row.step = self.now, "stopping"
            return self.now, Lane.STOP
        if again := (yield from self._call("query")):
            return self._looked_at(row, again)
        is_there = self.now - row.started_at > READY
        return self._looked_at(row, self.times.query_every if is_there else self.times.first_query)

    def _stopping(self, row: Row) -> Generator[Any, Any, tuple[float, Lane] | None]:
        too_long, is_over = self.now - row.stopping_at > self.times.stop_within, row.ended_at < self.now
        stop, left = self._queues["console" if too_long else "stop"], self.now + RESCUE
        if not (yield stop, RESCUE):
            return self.now + self.times.turned_away, Lane.STOP
        left -= self.now
        seconds = self.plan.answer if too_long or is_over else self.plan.stop_takes
        yield from self._sent(stop, min(seconds, left), lambda: setattr(row, "ended_at", min(row.ended_at, self.now)))
        if seconds > left:  # The end of its patience has come before the answer.
            return self.now + self.times.backoff(1), Lane.STOP
        if is_over and not too_long and (again := (yield from self._call("query"))):  # It was not found, so one looks.
            return self.now + again, Lane.STOP
        row.put_offline, row.told, row.step = too_long, self.now, "uploading"
        if too_long or is_over or not self.plan.stops_wait:
            return self.now, Lane.QUERY
        row.confirmed = True
        return None

    def _uploading(self, row: Row) -> Generator[Any, Any, tuple[float, Lane] | None]:
        given_up = self.now - row.told > self.times.upload_within
        again = yield from self._call("query")
        if not again:
            asked_at = self.now - self.plan.answer / 2
            if asked_at - row.ended_at > REMEMBERED_FOR:
                return None
            row.confirmed = row.put_offline or asked_at - row.ended_at >= self.plan.upload
            again = 0.0 if row.confirmed else self.times.first_query
        return (self.now + again, Lane.QUERY) if again and not given_up else None

    def _call(self, group: str) -> Generator[Any, Any, float]:
        """A call under its permit; gives after how long to try again, 0 when it has been answered in time."""
        queue, left = self._queues[group], self.now + PATIENCE
        if not (yield queue, PATIENCE):
            return self.times.turned_away
        left -= self.now
        yield from self._sent(queue, min(self.plan.answer, left))
        return 0.0 if self.plan.answer <= left else self.times.backoff(1)

    def _sent(self, queue: Queue, seconds: float, effect: Callable[[], None] | None = None) -> Life:
        """A call whose permit is in hand, and which gives it back."""
        yield self.plan.answer / 2
        self.quotas.admit(queue.counted, self.now)
        if effect:
            effect()
        yield max(0.0, seconds - self.plan.answer / 2)
        queue.give_back()

    def _is_to_end(self, row: Row) -> bool:
        return row.start_at + self.plan.lesson <= self.now

    def _looked_at(self, row: Row, seconds: float) -> tuple[float, Lane]:
        end, then = row.start_at + self.plan.lesson, self.now + seconds
        return (max(end, self.now), Lane.STOP) if end <= then else (then, Lane.QUERY)

    def _look(self, row: Row) -> None:
        outcome = self.outcome
        if row.started_at == math.inf:
            outcome.not_started += 1
            return
        outcome.late_starts.append(row.started_at - row.start_at)
        outcome.late_stops.append(row.ended_at - row.start_at - self.plan.lesson)
        outcome.put_offline += row.put_offline
        outcome.unconfirmed += not row.confirmed


def simulated(plan: Plan) -> Outcome:
    """What becomes of a day, account by account."""
    total = Outcome()
    for account in range(plan.accounts):
        total.add(Day(plan, plan.starts(account)).run())
    return total
