"""An application that is called in this process answers as its server would."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

from agora_rest.contract.http.in_process import Application
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
