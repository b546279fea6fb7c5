"""Plain schemathesis on many faults, each from the first answer that it changes.

With the same seed and the same answers, schemathesis sends the same requests. So a run on a fault is the run without
one up to the first answer that the fault changes. That run, the *trunk*, is made once; where the first changed answer
of a fault is due, the process forks, and the copy goes on as the run on the fault, up to its first failure.

A copy ends without one where it is as good as the trunk again: it is past the last answer that the fault changes, has
sent no other request than the trunk, and the scenario with that answer is over (one operation in one phase, or one run
of the state machine). Schemathesis does keep a little of a response for later: of the 214 runs that went on from there,
on all 1,021 faults, three sent another request near the end, and none failed. `whole` lets them go on.

No emulator has to be asked as long as the requests are those of the run without a fault: its answers are recorded, and
so are those that each fault changes. With the first request that is another one, the copy gets an emulator with the
fault, which is sent all requests before.

The engine's threads would not survive a fork, so its work is done in the thread that asks for it. This needs a system
that can fork, and schemathesis 4.32, which pyproject.toml pins: where its engine makes threads and queues is internal.

    trunk      request 0 ── 1 ── … ── i ─────────── j ── … end
    fault A                           └ fork: i, i+1, … to its first failure, or its last change
    fault B                                         └ fork: j, j+1, …
"""

from __future__ import annotations

import asyncio
import gc
import os
import pickle
import queue
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, Final
from unittest.mock import patch

from faults.catalogue import catalogue
from faults.fault import Dialect, DoesNotApply, emulator
from schemathesis.engine import events
from schemathesis.engine.run.unit import _pool

from agora_rest import spec
from strength.in_process import Adapter, Answer, answered_by, by_itself
from strength.plain import (
    Exchange,
    alone,
    answer_of,
    failures,
    failures_in,
    furnish,
    is_same_request,
    load,
    warm_up,
)
from strength.trial import PLAIN, Branch, TrialResult


def branches(
    api: spec.Api,
    dialect: Dialect,
    which: Sequence[Branch],
    recordings: Path,
    *,
    seed: int,
    max_examples: int,
    whole: bool = False,
) -> dict[str, TrialResult]:
    """The result of plain schemathesis on one API for each of these faults, by its name.

    whole: let each run go on to its end, also behind the last answer that the fault changes.
    """
    due: dict[int, list[Branch]] = defaultdict(list)
    for each in which:
        due[each.first].append(each)
    warm_up(api, dialect, seed=seed, max_examples=max_examples)
    trunk = _Trunk(due, load(recordings, api, dialect), dialect, whole=whole)
    with alone(), answered_by(trunk.adapter) as url, by_itself(), _in_this_thread(trunk.judge):
        try:
            for phase, failure in failures(api, url, seed, max_examples, dialect):
                trunk.fail(phase, failure)
        except BaseException as error:
            trunk.broke(error)
            raise
        trunk.end()
    return trunk.results


class _Trunk:
    """The run without a fault, and in a copy of the process the run on one."""

    def __init__(
        self, due: Mapping[int, Sequence[Branch]], exchanges: Sequence[Exchange], dialect: Dialect, *, whole: bool
    ) -> None:
        self.results: dict[str, TrialResult] = {}
        self.adapter = Adapter(None, self._answer)
        self._due, self._exchanges, self._dialect, self._whole = due, exchanges, dialect, whole
        self._number = 0
        self._branch: Branch | None = None
        self._began = 0.0
        self._channel = -1
        self._planted: ExitStack | None = None

    def _answer(self, scope: dict[str, Any], content: bytes) -> Answer | None:
        """The answer to the next request, if it is known; forks for each fault of which this is the first change."""
        if self._planted is not None:
            return None
        number, self._number = self._number, self._number + 1
        recorded = self._recorded(number, scope, content)
        if self._branch is None:
            if recorded is None:
                raise RuntimeError(f"request {number} of the run without a fault is not what it was: {scope['path']}")
            self._fork_at(number)
        if recorded is not None:
            answer = recorded if self._branch is None else self._branch.changed.get(number, recorded)
            if len(answer) == _RESPONSE:
                return answer
        self.adapter.turn_to(self._app_of_the_fault(number))
        return None

    def _recorded(self, number: int, scope: dict[str, Any], content: bytes) -> Answer | None:
        """The answer without a fault, if the request with this number is the one of the run without a fault."""
        exchange = self._exchanges[number] if number < len(self._exchanges) else None
        return exchange.answer if exchange is not None and is_same_request(exchange, scope, content) else None

    def judge(self, event: Any) -> None:
        """In a copy, end with the first failure, as soon as the engine reports it."""
        if self._branch is not None:
            for phase, failure in failures_in(event, self._dialect):
                self.fail(phase, failure)
            if isinstance(event, events.ScenarioFinished) and self._is_the_trunk_again(self._branch):
                self.end()

    def _is_the_trunk_again(self, branch: Branch) -> bool:
        """Whether what follows is taken to be as without the fault."""
        return not self._whole and self._planted is None and self._number > branch.last

    def fail(self, phase: str, check: str) -> None:
        """The run has a failure. Of a run without a fault, it is a false one."""
        if self._branch is None:
            raise RuntimeError(f"plain schemathesis fails without any fault: {check}")
        self._leave(phase, check)

    def end(self) -> None:
        """The run is over."""
        if self._branch is not None:
            self._leave("", "")

    def broke(self, error: BaseException) -> None:
        """The run cannot go on."""
        if self._branch is not None:
            self._leave("", "", f"{self._branch.fault}: {error!r}")

    def _fork_at(self, number: int) -> None:
        """Make the runs on the faults whose first change is here, each in a copy of this process."""
        for branch in self._due.get(number, ()):
            if not self._fork(branch):
                gc.disable()  # it ends before its garbage matters
                return

    def _fork(self, branch: Branch) -> bool:
        """Whether this is the process that was there before; it has waited for the other one."""
        gc.freeze()  # a collection would write into every page that both share
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(reading)
            self._branch, self._channel, self._began = branch, writing, time.monotonic()
            return False
        os.close(writing)
        with os.fdopen(reading, "rb") as answer:
            result = answer.read()
        os.waitpid(child, 0)
        if not result:
            raise RuntimeError(f"the run on {branch.fault} ended without a result")
        self.results[branch.fault] = pickle.loads(result)
        return True

    def _app_of_the_fault(self, number: int) -> Any:
        """An application with the fault, after the requests before this one."""
        assert self._branch is not None
        before = self._exchanges[:number]

        async def replay(app: Any) -> None:
            for exchange in before:
                await answer_of(app, exchange)

        self._planted = ExitStack()
        try:
            fault = next(each for each in catalogue() if each.name == self._branch.fault)
            broken = self._planted.enter_context(emulator(self._dialect, fault))
            furnish(broken)
            asyncio.run(replay(broken.app))
        except BaseException as error:
            self.broke(error)
            raise
        return broken.app

    def _leave(self, phase: str, check: str, trouble: str = "") -> None:
        """Send the result of the run to the process that waits, and end."""
        try:
            if self._planted is not None:
                self._planted.close()
        except DoesNotApply as error:
            trouble = str(error)
        result = TrialResult(PLAIN, "" if trouble else phase, check, (), time.monotonic() - self._began, trouble)
        with os.fdopen(self._channel, "wb") as answer:
            pickle.dump(result, answer)
        os._exit(0)


_RESPONSE: Final = 3
"""Parts of an answer that is a response. What an application raised is none, and happens again in the run itself."""


@contextmanager
def _in_this_thread(judge: Callable[[Any], None]) -> Iterator[None]:
    """Do the work of the engine's threads where they are started, and show its events to `judge` as they come."""

    class Judged(queue.Queue[Any]):
        def put(self, item: Any, *args: Any, **options: Any) -> None:
            judge(item)
            super().put(item, *args, **options)

    with (
        patch.object(threading, "Thread", _Inline),
        patch.object(_pool, "Queue", Judged),
        patch.object(queue, "Queue", Judged),
    ):
        yield


class _Inline:
    """A thread that has done its work when it has been started."""

    def __init__(self, target: Callable[..., None], kwargs: Mapping[str, Any], **_: Any) -> None:
        self._work: Callable[[], None] = lambda: target(**kwargs)

    def start(self) -> None:
        """Do it."""
        self._work()

    def join(self) -> None:
        """Nothing is left to wait for."""

    def is_alive(self) -> bool:
        """Never: it is over when `start` returns."""
        return False
