"""A task that is cancelled, be it while it ends a recording, leaves none behind."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

import anyio
import httpx
import pytest

from agora_rest import AgoraError, AsyncAgora, WebConfig
from agora_rest.client._uncancellable import async_run_uncancellable, run_uncancellable
from tests.client.conftest import APP_ID, CERTIFICATE, CUSTOMER_ID
from tests.client.test_recording import ARGUMENTS, Server

Cancel = Callable[[Awaitable[Any], asyncio.Event], Awaitable[None]]


async def cancel_task(work: Any, begun: asyncio.Event) -> None:
    task = asyncio.create_task(work)
    await begun.wait()
    task.cancel()
    await asyncio.sleep(0)
    task.cancel()
    await task


PATIENCE = 5.0
"""Seconds by the loop's time. A slow call takes them at once, and no call before it takes nearly as long."""


async def time_out(work: Any, begun: asyncio.Event) -> None:
    async with asyncio.timeout(PATIENCE):
        await work


async def wait_for(work: Any, begun: asyncio.Event) -> None:
    await asyncio.wait_for(work, PATIENCE)


async def cancel_scope(work: Any, begun: asyncio.Event) -> None:
    with anyio.fail_after(PATIENCE):
        await work


CANCELS = pytest.mark.parametrize("cancel", [cancel_task, time_out, wait_for, cancel_scope])


class SlowServer(Server):
    """Answers a call after a time that is longer than anybody's patience."""

    def __init__(self, network: Any, slow: str) -> None:
        super().__init__(network)
        self.begun, self.slow, self.finished = asyncio.Event(), slow, []
        network.routes._routes.clear()
        network.route().mock(side_effect=self.answer_slowly)

    async def answer_slowly(self, request: httpx.Request) -> httpx.Response:
        answer = self.answer(request)
        if self.called[-1] == self.slow:
            self.begun.set()
            let_time_pass(PATIENCE)
            await asyncio.sleep(0.15)
        self.finished.append(self.called[-1])
        return answer


def let_time_pass(seconds: float) -> None:
    """Move the time of the running loop, by which it decides which timeouts are due."""
    loop = asyncio.get_running_loop()
    time = loop.time
    loop.time = lambda: time() + seconds


async def record(agora: AsyncAgora) -> None:
    async with agora.app(APP_ID).recordings.record(**ARGUMENTS):
        pass


def cancelled(
    network: Any, slow: str, cancel: Cancel, of: Callable[[AsyncAgora], Any] = record, **answers: httpx.Response
) -> tuple[list[str], list[str]]:
    """What was finished of the calls when recording was cancelled while `slow` was under way; and the error's notes."""

    async def main() -> tuple[list[str], list[str]]:
        server = SlowServer(network, slow)
        vars(server).update(answers)
        async with AsyncAgora(CUSTOMER_ID, CERTIFICATE, permits=None, retries=0) as agora:
            # anyio cancels what comes after the shield, and there is nothing.
            expected = (asyncio.CancelledError, TimeoutError, *([AgoraError] if cancel is cancel_scope else []))
            with pytest.raises(expected) if cancel is not cancel_scope else suppress(*expected) as caught:
                await cancel(of(agora), server.begun)
        # Before Python 3.11.3, asyncio's TimeoutError has the cancellation as its context only.
        errors = [caught.value, caught.value.__cause__ or caught.value.__context__] if caught else []
        return server.finished, [note for error in errors for note in getattr(error, "__notes__", ())]

    return asyncio.run(main())


@CANCELS
def test_a_stop_that_is_under_way_is_waited_for(cancel: Cancel, network: Any) -> None:
    finished, _ = cancelled(network, "stop", cancel)
    assert finished == ["acquire", "start", "stop"]


@CANCELS
def test_a_stop_that_fails_meanwhile_is_followed_by_the_rescue(cancel: Cancel, network: Any) -> None:
    finished, notes = cancelled(network, "stop", cancel, stop_answer=httpx.Response(500))
    assert finished == ["acquire", "start", "stop", "ban"]
    assert cancel is cancel_scope or "Rule 1953 put the recorder offline instead" in " ".join(notes)


@CANCELS
def test_a_rescue_that_is_under_way_is_waited_for(cancel: Cancel, network: Any) -> None:
    finished, _ = cancelled(network, "ban", cancel, start_answer=httpx.Response(500))
    assert finished == ["acquire", "start", "ban"]


@CANCELS
def test_the_start_of_a_page_that_is_under_way_is_waited_for(cancel: Cancel, network: Any) -> None:
    """Without its sid nothing could end it before its max_recording_hour."""

    async def record_page(agora: AsyncAgora) -> None:
        arguments: Any = {"storage": ARGUMENTS["storage"], "config": WebConfig(max_recording_hour=3)}
        async with agora.app(APP_ID).recordings.record_web("https://example.com/", **arguments):
            pass

    finished, _ = cancelled(network, "start", cancel, of=record_page)
    assert finished == ["acquire", "start", "stop"]


def test_a_program_that_ends_while_a_stop_is_under_way_waits_for_it(network: Any) -> None:
    servers: list[SlowServer] = []

    async def main() -> None:
        servers.append(SlowServer(network, "stop"))
        agora = AsyncAgora(CUSTOMER_ID, CERTIFICATE, permits=None, retries=0)
        kept.append(asyncio.create_task(record(agora)))
        await servers[0].begun.wait()

    kept: list[Any] = []
    asyncio.run(main())
    assert servers[0].finished == ["acquire", "start", "stop"]


@pytest.mark.parametrize("backend", ["asyncio", "trio"])
def test_what_is_done_to_the_end_gives_its_result_or_its_error(backend: str) -> None:
    async def give() -> int:
        return 7

    async def fail() -> int:
        raise LookupError

    assert anyio.run(async_run_uncancellable, give, backend=backend) == run_uncancellable(lambda: 7) == 7
    with pytest.raises(LookupError):
        anyio.run(async_run_uncancellable, fail, backend=backend)


def test_trio_finishes_it_too() -> None:
    done: list[bool] = []

    async def work() -> None:
        await anyio.sleep(0.01)
        done.append(True)

    async def main() -> None:
        with anyio.move_on_after(0) as scope:
            await async_run_uncancellable(work)
            await anyio.sleep(1)
        assert scope.cancelled_caught

    anyio.run(main, backend="trio")
    assert done
