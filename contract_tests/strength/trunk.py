"""Plain schemathesis on many faults, each from the first answer that it changes.

With the same seed and the same answers, schemathesis sends the same requests. So a run on a fault is the run without
one up to the first answer that the fault changes. That run, the *trunk*, is made once; where the first changed answer
of a fault is due, the process forks. The copy goes on as the run on the fault: its emulator has the fault and has been
sent the same requests before. Nothing of a run on a fault is left out or guessed; what all share is made once.

The engine's threads would not survive a fork, so its work is done in the thread that asks for it. This needs a system
that can fork, and schemathesis 4.32, which pyproject.toml pins: where its engine makes threads and queues is internal.

    trunk      request 0 ── 1 ── … ── i ─────────── j ── … end
    fault A                           └ fork: i, i+1, … to its first failure, or its end
    fault B                                         └ fork: j, j+1, …
"""

from __future__ import annotations

import asyncio
import gc
import os
import pickle
import queue
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

import requests
from faults.fault import Dialect, DoesNotApply, Fault, emulator, errors_kept
from schemathesis.engine.run import stateful
from schemathesis.engine.run.unit import _pool

from agora_rest import spec
from strength.in_process import Adapter, by_itself, in_process
from strength.plain import EdgeAlone, Exchange, alone, answer_of, failures, failures_in, furnish, load, warm_up
from strength.trial import PLAIN, Branch, TrialResult


def branches(
    api: spec.Api, dialect: Dialect, which: Sequence[Branch], recordings: Path, *, seed: int, max_examples: int
) -> dict[str, TrialResult]:
    """The result of plain schemathesis on one API for each of these faults, by its name."""
    from faults.catalogue import catalogue

    named = {fault.name: fault for fault in catalogue()}
    due: dict[int, list[Fault]] = defaultdict(list)
    for each in which:
        due[each.first].append(named[each.fault])
    warm_up(api, dialect, seed=seed, max_examples=max_examples)
    trunk = _Trunk(due, load(recordings, api, dialect), dialect)
    with (
        alone(),
        emulator(dialect) as right,
        in_process(right.app, trunk.adapter) as url,
        by_itself(),
        _in_this_thread(trunk.judge),
    ):
        furnish(right)
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

    def __init__(self, due: Mapping[int, Sequence[Fault]], exchanges: Sequence[Exchange], dialect: Dialect) -> None:
        self.results: dict[str, TrialResult] = {}
        self._due, self._exchanges, self._dialect = due, exchanges, dialect
        self._number = 0
        self._fault: Fault | None = None
        self._began = 0.0
        self._channel = -1
        self._planted = ExitStack()

    def adapter(self, app: Any) -> Adapter:
        """Answers requests from the application, or from that of a fault."""
        return _Forking(app, self)

    def before(self, adapter: Adapter, request: requests.PreparedRequest) -> None:
        """A request is about to be answered: fork for each fault that changes the answer."""
        number, self._number = self._number, self._number + 1
        if self._fault is not None:
            return
        known = self._exchanges[number].scope["raw_path"] if number < len(self._exchanges) else b""
        if known.decode() != request.path_url.partition("?")[0]:
            raise RuntimeError(f"request {number} of the run without a fault is not what it was: {request.path_url}")
        for fault in self._due.get(number, ()):
            if not self._fork(fault):
                gc.disable()  # it ends before its garbage matters
                adapter.turn_to(self._app_with(fault, number, adapter.app))
                return

    def judge(self, event: Any) -> None:
        """In a copy, end with the first failure, as soon as the engine tells of it."""
        if self._fault is not None:
            for phase, failure in failures_in(event, self._dialect):
                self.fail(phase, failure)

    def fail(self, phase: str, check: str) -> None:
        """The run has a failure. Of a run without a fault, it is a false one."""
        if self._fault is None:
            raise RuntimeError(f"plain schemathesis fails without any fault: {check}")
        self._leave(phase, check)

    def end(self) -> None:
        """The run is over."""
        if self._fault is not None:
            self._leave("", "")

    def broke(self, error: BaseException) -> None:
        """The run cannot go on."""
        if self._fault is not None:
            self._leave("", "", f"{self._fault.name}: {error!r}")

    def _fork(self, fault: Fault) -> bool:
        """Whether this is the process that was there before; it has waited for the other one."""
        gc.freeze()  # a collection would write into every page that both share
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(reading)
            self._fault, self._channel, self._began = fault, writing, time.monotonic()
            return False
        os.close(writing)
        with os.fdopen(reading, "rb") as answer:
            told = answer.read()
        os.waitpid(child, 0)
        if not told:
            raise RuntimeError(f"the run on {fault.name} ended without a word")
        self.results[fault.name] = pickle.loads(told)
        return True

    def _app_with(self, fault: Fault, number: int, right: Any) -> Any:
        """The application with a fault, after the requests up to now, which `right` has answered."""
        before = self._exchanges[:number]

        async def replay(app: Any) -> None:
            for exchange in before:
                await answer_of(app, exchange)

        try:
            edge = asyncio.run(EdgeAlone.after(fault, before))
            if edge is not None:
                edge.put_before(right)
                return self._planted.enter_context(errors_kept(edge.edge, fault))
            broken = self._planted.enter_context(emulator(self._dialect, fault))
            furnish(broken)
            asyncio.run(replay(broken.app))
        except BaseException as error:
            self.broke(error)
            raise
        return broken.app

    def _leave(self, phase: str, check: str, trouble: str = "") -> None:
        """Tell the process that waits what became of the run, and end."""
        try:
            self._planted.close()
        except DoesNotApply as error:
            trouble = str(error)
        result = TrialResult(PLAIN, "" if trouble else phase, check, (), time.monotonic() - self._began, trouble)
        with os.fdopen(self._channel, "wb") as answer:
            pickle.dump(result, answer)
        os._exit(0)


class _Forking(Adapter):
    """An adapter that lets the trunk know of each request, and can turn to another application."""

    def __init__(self, app: Any, trunk: _Trunk) -> None:
        super().__init__(app)
        self._trunk = trunk

    def arrives(self, request: requests.PreparedRequest) -> None:
        """A request is about to reach the application."""
        self._trunk.before(self, request)


@contextmanager
def _in_this_thread(judge: Callable[[Any], None]) -> Iterator[None]:
    """Do the work of the engine's threads where they are started, and show its events to `judge` as they come."""

    class Judged(queue.Queue[Any]):
        def put(self, item: Any, *args: Any, **options: Any) -> None:
            judge(item)
            super().put(item, *args, **options)

    with (
        patch.object(_pool.threading, "Thread", _Inline),
        patch.object(_pool, "Queue", Judged),
        patch.object(stateful.queue, "Queue", Judged),
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
