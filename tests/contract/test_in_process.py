"""An application that is called in this process answers as its server would."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from concurrent.futures import Future, ThreadPoolExecutor
from types import SimpleNamespace
from typing import Any

import pytest

from agora_rest.contract.http import in_process
from agora_rest.contract.http.in_process import Answer, Application, InProcess
from agora_rest.emulator import Emulator


async def _echoing(scope: dict[str, Any], receive: Any, send: Any) -> None:
    body = (await receive())["body"]
    await send({"type": "http.response.start", "status": 200, "headers": [(b"x-path", scope["raw_path"])]})
    await send({"type": "http.response.body", "body": body + scope["query_string"]})


async def _failing(*_: Any) -> None:
    raise ValueError("a bug")


def test_a_request_reaches_the_application_as_it_was_written() -> None:
    application = Application(_echoing)
    answer = application.send("POST", b"/a%2Fb?c=%20", [], b"body ")
    application.shut()
    assert answer == (200, ((b"x-path", b"/a%2Fb"),), b"body c=%20")


def test_a_response_to_head_has_no_body() -> None:
    application = Application(_echoing)
    answer = application.send("HEAD", b"/?x", [], b"")
    application.shut()
    assert answer.content == b""


def test_an_error_of_the_application_is_a_500() -> None:
    application = Application(_failing)
    answer = application.send("GET", b"/", [], b"")
    application.shut()
    assert answer.status == 500


def test_bytes_that_no_header_may_have_are_a_400() -> None:
    application = Application(_echoing)
    answer = application.send("GET", b"/", [(b"x", b"a\0b")], b"")
    application.shut()
    assert answer.status == 400


def test_closing_a_client_leaves_the_application_to_the_next_one() -> None:
    application = Application(Emulator().app)
    application.close()
    answer = application.send("GET", b"/dev/v1/projects", [], b"")
    application.shut()
    assert answer.status == 401


def test_requests_of_several_threads_are_all_answered() -> None:
    application = Application(Emulator(rate_limit=False).app)
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: application.send("GET", b"/dev/v1/projects", [], b"").status, range(200)))
    application.shut()
    assert answers == [401] * 200


async def _waiting(scope: dict[str, Any], receive: Any, send: Any) -> None:
    async with asyncio.timeout(200):
        task = asyncio.current_task()
        await asyncio.sleep(0)
        await asyncio.get_running_loop().run_in_executor(None, lambda: None)
    assert asyncio.current_task() is task
    await _echoing(scope, receive, send)


def test_an_application_may_wait() -> None:
    application = Application(_waiting)
    answers = [application.send("POST", b"/", [], b"body").content for _ in range(3)]
    application.shut()
    assert answers == [b"body"] * 3


def test_requests_of_several_threads_meet_while_an_application_waits() -> None:
    present: list[object] = []
    most = 0

    async def meeting(scope: dict[str, Any], receive: Any, send: Any) -> None:
        nonlocal most
        present.append(scope)
        most = max(most, len(present))
        while most < 4:  # noqa: ASYNC110  a request that is answered alone never comes out of here
            await asyncio.sleep(0)
        present.remove(scope)
        await _echoing(scope, receive, send)

    application = Application(meeting)
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: application.send("GET", b"/", [], b"").status, range(4)))
    application.shut()
    assert answers == [200] * 4


def test_a_response_that_comes_at_the_end_of_a_turn_is_given(monkeypatch: pytest.MonkeyPatch) -> None:
    """Between the end of the wait and the look at what it has brought, another thread may run the loop."""
    given = Answer(200, (), b"")

    class Late(Future[Answer]):
        def result(self, timeout: float | None = None) -> Answer:
            if self.done():
                return super().result(timeout)
            self.set_result(given)
            raise TimeoutError

    def begun(coming: Coroutine[Any, Any, Answer], _: object) -> Future[Answer]:
        coming.close()
        return Late()

    transport = InProcess(_echoing)
    monkeypatch.setattr(in_process, "asyncio", SimpleNamespace(run_coroutine_threadsafe=begun))
    with transport._running:
        assert transport.send("GET", b"/", [], b"") is given
    transport.close()


def test_ctrl_c_in_an_application_ends_its_request_only(caplog: pytest.LogCaptureFixture) -> None:
    interruptions = [KeyboardInterrupt()]

    async def interrupted(scope: dict[str, Any], receive: Any, send: Any) -> None:
        if interruptions:
            raise interruptions.pop()
        await _echoing(scope, receive, send)

    application = Application(interrupted)
    with pytest.raises(KeyboardInterrupt):
        application.send("GET", b"/", [], b"")
    answer = application.send("GET", b"/", [], b"")
    application.shut()
    assert answer.status == 200
    assert not caplog.records  # "Task exception was never retrieved"
