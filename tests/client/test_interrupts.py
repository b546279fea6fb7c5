"""Ctrl-C, or any other exception, at any instruction of a synchronous `record()`: no recording is left running."""

from __future__ import annotations

import asyncio
import gc
import os
import signal
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from functools import partial
from types import FrameType
from typing import Any, Final

import anyio
import anyio.lowlevel
import httpx
import pytest
import trio

from agora_rest import Agora, AsyncAgora, S3Storage
from tests.client.conftest import APP_ID, CERTIFICATE, CUSTOMER_ID, AsyncForward, Forward

STORAGE = S3Storage(region=0, bucket="b", access_key="key1", secret_key="key2")
STRIDE: Final = 1 if os.environ.get("AGORA_REST_INTERRUPT_CHAOS") else 61
"""Instructions between two that are interrupted; `make chaos` takes each."""

Act = Callable[[], None]


@pytest.fixture(autouse=True)
def _ctrl_c_is_not_ignored() -> Iterator[None]:
    """Shells start background processes with Ctrl-C ignored."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


class Server:
    """Agora, as far as `record()` needs it. `reached` is called after the effect of each request."""

    def __init__(self, reached: Callable[[str], None] = lambda _: None) -> None:
        self.running: set[str] = set()
        self.started = 0
        self._reached = reached

    def __call__(self, request: httpx.Request) -> httpx.Response:
        name = request.url.path.rstrip("/").rsplit("/", 1)[-1]
        answer: dict[str, Any] = {"resourceId": "r"}
        status = 200
        if name == "start":
            self.started += 1
            self.running.add("s")
            answer["sid"] = "s"
        elif name == "stop":
            if "s" not in self.running:
                status, answer = 404, {"code": 404, "reason": "failed to find worker"}
            self.running.discard("s")
            answer |= {"sid": "s", "serverResponse": {"uploadingStatus": "uploaded", "fileList": []}}
        elif name == "kicking-rule":
            self.running.discard("s")
            answer = {"status": "success", "id": 1} if request.method == "POST" else {"rules": []}
        elif "query" in request.url.path:
            status, answer = 404, {"code": 404, "reason": "failed to find worker"}
        self._reached(name)
        return httpx.Response(status, json=answer)


def session(server: Server) -> Any:
    transport = httpx.MockTransport(server)
    options: dict[str, Any] = {"base_url": "http://127.0.0.1:1", "permits": None, "clock": Forward()}
    agora = Agora(CUSTOMER_ID, CERTIFICATE, transport=transport, **options)
    return agora.app(APP_ID).recordings.record("lesson-42", uid=7, storage=STORAGE)


def record(server: Server, block: Act = lambda: None) -> None:
    with session(server):
        block()


class Countdown:
    """Calls `act` at one instruction of this package, counted from `begin`."""

    def __init__(self, at: int | None, act: Act) -> None:
        self._at, self._act = at, act
        self.seen = 0
        self._counts = False

    def begin(self) -> None:
        self._counts = True

    def end(self) -> None:
        self._counts = False

    def __call__(self, frame: FrameType, event: str, _: Any) -> Any:
        name = frame.f_code.co_filename
        if "agora_rest/" not in name and "test_interrupts" not in name:
            return None
        frame.f_trace_opcodes, frame.f_trace_lines = True, False
        if event == "opcode" and self._counts and "test_interrupts" not in name:
            self.seen += 1
            if self.seen == self._at:
                self._act()
        return self


@contextmanager
def traced(countdown: Countdown) -> Iterator[None]:
    sys.settrace(countdown)
    try:
        yield
    finally:
        sys.settrace(None)


def interrupted(at: int | None, act: Act, begins_with: str) -> tuple[Server, Countdown, bool]:
    """A recording that is interrupted `at` so many instructions after the effect of a request; None never."""
    countdown = Countdown(at, act)
    server = Server(lambda name: countdown.begin() if name == begins_with else None)
    was_raised = False
    try:
        with traced(countdown):
            record(server, countdown.end if begins_with == "start" else lambda: None)
    except KeyboardInterrupt:
        was_raised = True
    gc.collect()
    record(Server())  # The interrupted one may not have come to put the handler back: the next one does.
    return server, countdown, was_raised


def ctrl_c() -> None:
    signal.raise_signal(signal.SIGINT)


def raise_at_once() -> None:
    raise KeyboardInterrupt


def interrupt_each(act: Act, begins_with: str, stride: int) -> int:
    """Interrupt every `stride`th instruction; gives how many there were."""
    record(Server())  # The first of a process takes more instructions: it loads modules.
    _, countdown, _ = interrupted(None, act, begins_with)
    instructions = range(1, countdown.seen + 1, stride)
    for at in instructions:
        server, _, was_raised = interrupted(at, act, begins_with)
        assert (server.started, server.running) == (1, set()), f"instruction {at}"
        assert was_raised, f"instruction {at}: nothing was raised"
    print(f"{len(instructions)} of {countdown.seen} instructions after the {begins_with}")
    return len(instructions)


@pytest.mark.parametrize(
    ("begins_with", "act"),
    [
        ("start", ctrl_c),
        pytest.param("start", raise_at_once, marks=pytest.mark.slow),
        pytest.param("stop", ctrl_c, marks=pytest.mark.slow),
        pytest.param("stop", raise_at_once, marks=pytest.mark.slow),
    ],
)
def test_no_instruction_leaves_a_recording(begins_with: str, act: Act) -> None:
    assert interrupt_each(act, begins_with, STRIDE) > 10


def test_the_handler_of_the_program_is_put_back() -> None:
    before = signal.getsignal(signal.SIGINT)
    seen: list[object] = []
    record(Server(), lambda: seen.append(signal.getsignal(signal.SIGINT)))
    assert seen != [before]
    assert signal.getsignal(signal.SIGINT) is before


def test_a_handler_that_the_block_sets_stays() -> None:
    before = signal.getsignal(signal.SIGINT)

    def handler(*_: object) -> None:
        """The program's own."""

    try:
        record(Server(), lambda: signal.signal(signal.SIGINT, handler) and None)
        assert signal.getsignal(signal.SIGINT) is handler
    finally:
        signal.signal(signal.SIGINT, before)


def test_recordings_in_each_other_end_in_any_order() -> None:
    before = signal.getsignal(signal.SIGINT)
    server = Server()
    with pytest.raises(KeyboardInterrupt):
        record(server, lambda: record(server, ctrl_c))
    assert signal.getsignal(signal.SIGINT) is before
    assert server.running == set()


def test_a_recording_can_be_ended_in_another_thread_than_it_was_started_in() -> None:
    before = signal.getsignal(signal.SIGINT)
    server = Server()
    begun = session(server)
    begun.__enter__()
    with ThreadPoolExecutor(1) as pool:
        pool.submit(begun.__exit__, None, None, None).result()
    assert server.running == set()
    record(Server())
    assert signal.getsignal(signal.SIGINT) is before


class Broken(BaseException):
    """Raised by a part of a program that has nothing to do with recordings."""


@pytest.mark.parametrize("error", [RecursionError(), MemoryError(), Broken(), SystemExit()])
@pytest.mark.parametrize("begins_with", ["start", "stop"])
def test_whatever_is_raised_the_recording_is_ended(error: BaseException, begins_with: str) -> None:
    at_first = [error]

    def reached(name: str) -> None:
        if name == begins_with and at_first:
            raise at_first.pop()

    server = Server(reached)
    with suppress(type(error)):  # A stop that failed for want of stack is made again, with more of it.
        record(server)
    assert (server.started, server.running, at_first) == (1, set(), [])


def test_a_recording_that_nobody_leaves_is_ended_with_its_context_manager() -> None:
    server = Server()
    left = session(server)
    left.__enter__()
    assert server.running == {"s"}
    del left
    gc.collect()
    assert server.running == set()


class AsyncForwardByCheckpoints(AsyncForward):
    async def sleep(self, seconds: float) -> None:
        self.pass_by(seconds)
        await anyio.lowlevel.checkpoint()


async def record_in_a_task(server: Server) -> None:
    async def answer(request: httpx.Request) -> httpx.Response:
        await anyio.lowlevel.checkpoint()
        response = server(request)
        await anyio.lowlevel.checkpoint()
        return response

    options: dict[str, Any] = {"base_url": "http://127.0.0.1:1", "permits": None, "clock": AsyncForwardByCheckpoints()}
    async with (
        AsyncAgora(CUSTOMER_ID, CERTIFICATE, transport=httpx.MockTransport(answer), **options) as agora,
        agora.app(APP_ID).recordings.record("lesson-42", uid=7, storage=STORAGE),
    ):
        await anyio.lowlevel.checkpoint()


def interrupted_in_a_task(run: Callable[[Server], None], at: int | None, *, twice: bool) -> tuple[Server, Countdown]:
    """A recording of a task whose stop is interrupted, `twice` if so: at once, and `at` so many instructions later."""
    countdown = Countdown(at, ctrl_c)

    def reached(name: str) -> None:
        if name == "stop" and not countdown.seen:
            countdown.begin()
            if twice:
                ctrl_c()

    server = Server(reached)
    with suppress(KeyboardInterrupt), traced(countdown):
        run(server)
    return server, countdown


# After the recording has ended, one can come between the creation of a coroutine and its first instruction.
@pytest.mark.filterwarnings("ignore:coroutine .* was never awaited:RuntimeWarning")
@pytest.mark.parametrize(
    ("run", "twice"),
    [
        pytest.param(lambda server: asyncio.run(record_in_a_task(server)), True, id="asyncio"),
        pytest.param(lambda server: trio.run(record_in_a_task, server), False, id="trio"),
        pytest.param(lambda server: trio.run(record_in_a_task, server), True, id="trio-twice"),
    ],
)
def test_no_ctrl_c_leaves_the_recording_of_a_task(run: Callable[[Server], None], twice: bool) -> None:
    """The second one under asyncio, and each one under trio, is an exception in the task that happens to run."""
    before = signal.getsignal(signal.SIGINT)
    run(Server())  # The first of a process takes more instructions: it loads modules.
    _, countdown = interrupted_in_a_task(run, None, twice=twice)
    assert countdown.seen > 500
    for at in range(1, countdown.seen + 1, STRIDE):
        server, _ = interrupted_in_a_task(run, at, twice=twice)
        assert (server.started, server.running) == (1, set()), f"instruction {at}"
        assert signal.getsignal(signal.SIGINT) is before


@pytest.mark.parametrize("run", [record, partial(trio.run, record_in_a_task)], ids=["no task", "a task of trio"])
def test_every_ctrl_c_in_the_stop_is_held_until_it_is_over(run: Callable[[Server], None]) -> None:
    stopped: list[str] = []

    def reached(name: str) -> None:
        if name == "stop":
            for _ in range(5):
                ctrl_c()
            stopped.append(name)

    server = Server(reached)
    with pytest.raises(KeyboardInterrupt):
        run(server)
    assert (stopped, server.running) == (["stop"], set())
