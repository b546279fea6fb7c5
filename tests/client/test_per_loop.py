"""One client in several event loops, and in a process that was forked; over real sockets."""

from __future__ import annotations

import asyncio
import gc
import subprocess
import sys
import threading
import weakref
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
import trio

from agora_rest import AsyncAgora, ConfigurationError
from agora_rest.client._transports.per_loop import PerLoopTransport
from tests.client.conftest import CERTIFICATE, CUSTOMER_ID
from tests.client.sockets import answer, sends, serving
from tests.client.test_transports import PROJECTS

LISTED = sends(answer(PROJECTS))

pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning")
"""In a loop that has ended nobody can close a connection any more."""


@pytest.fixture(autouse=True)
def _collected() -> Iterator[None]:
    """What was left open is collected while its warning is ignored."""
    yield
    gc.collect()


def made(url: str, transport: str | None = None) -> AsyncAgora:
    return AsyncAgora(CUSTOMER_ID, CERTIFICATE, base_url=url, permits=None, retries=0, transport=transport)


async def listed(agora: AsyncAgora, times: int = 1) -> int:
    return sum([len(await agora.projects.list()) for _ in range(times)])


@pytest.mark.parametrize("transport", [None, "fast"])
def test_a_client_can_be_used_in_one_event_loop_after_another(transport: str | None) -> None:
    with serving(LISTED) as server:
        agora = made(server.url, transport)
        assert [asyncio.run(listed(agora, 2)) for _ in range(3)] == [2, 2, 2]
        asyncio.run(agora.aclose())
        with pytest.raises(ConfigurationError):
            asyncio.run(listed(agora))
        assert len(server.connections) == 3, "within a loop the connection is kept"


def test_a_client_can_be_used_in_one_run_of_trio_after_another() -> None:
    with serving(LISTED) as server:
        agora = made(server.url)
        assert [trio.run(listed, agora, 2) for _ in range(2)] == [2, 2]


@pytest.mark.parametrize("run", [asyncio.run, lambda coroutine: trio.run(lambda: coroutine)], ids=["asyncio", "trio"])
def test_nothing_is_kept_of_an_event_loop_that_has_ended(run: Any) -> None:
    made: list[weakref.ref[httpx.AsyncBaseTransport]] = []

    def make() -> httpx.AsyncBaseTransport:
        transport = httpx.MockTransport(lambda _: httpx.Response(200))
        made.append(weakref.ref(transport))
        return transport

    async def send() -> None:
        await network.handle_async_request(httpx.Request("GET", "https://api.agora.io"))

    network = PerLoopTransport(make)
    for _ in range(3):
        run(send())
    gc.collect()
    assert [each() is not None for each in made] == [False, False, True]


def test_a_client_can_be_used_in_event_loops_at_the_same_time() -> None:
    results: list[Any] = []
    with serving(LISTED) as server:
        agora = made(server.url)

        def run() -> None:
            results.append(asyncio.run(listed(agora, 20)))

        threads = [threading.Thread(target=run) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert results == [20] * 4


FORKED = """
import os, sys
from agora_rest import Agora, ConfigurationError
agora = Agora("a", "b", base_url=sys.argv[1], retries=0, transport=sys.argv[2] or None)
agora.projects.list()
if child := os.fork():
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    agora.projects.list()
    sys.exit(code)
try:
    code = 0
    try:
        agora.projects.list()
    except ConfigurationError as error:
        code = 3 if "before forking" in str(error) else 1
    agora.close()
    os._exit(code)
except BaseException:
    os._exit(1)
"""


@pytest.mark.parametrize(("transport", "code"), [("", 0), ("fast", 3)])
def test_a_forked_process_leaves_the_connections_to_its_parent(transport: str, code: int) -> None:
    with serving(LISTED) as server:
        command = [sys.executable, "-W", "ignore", "-c", FORKED, server.url, transport]
        assert subprocess.run(command, timeout=120).returncode == code
        assert len(server.connections) == (1 if code else 2)
