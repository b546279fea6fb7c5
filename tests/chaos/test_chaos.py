"""Under every fault at once: nothing left running, nothing made twice, no error that is not ours, no hang."""

from __future__ import annotations

import asyncio
import os
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest

from agora_rest import Agora, AgoraError, AsyncAgora, MemoryPermits
from agora_rest.emulator import DEFAULT_CUSTOMER_CERTIFICATE, DEFAULT_CUSTOMER_ID, DEMO_APP_ID, Emulator
from agora_rest.emulator.server import EmulatorServer
from tests.chaos.storm import CONFIG, POLICY, STORAGE, Hasty, Storm, struck

CREDENTIALS = (DEFAULT_CUSTOMER_ID, DEFAULT_CUSTOMER_CERTIFICATE)

SIZE = int(os.environ.get("AGORA_REST_CHAOS", "0"))
"""How many recordings, and how many writes, each form makes; `make chaos-client` asks for 2,000 in all."""


@pytest.mark.slow
@pytest.mark.parametrize(("form", "seed"), [("sync", 10), ("threads", 21), ("asyncio", 32)])
def test_a_storm_leaves_nothing_behind(form: str, seed: int) -> None:
    count = SIZE or {"sync": 25, "threads": 60, "asyncio": 60}[form]
    storm = Storm(form, recordings=count, writes=count, seed=seed)
    findings = storm.rage()
    assert findings.wrong == {}
    assert findings.outcomes["ok"] > count
    assert len(struck(storm, lambda exchange: exchange["fault"])) >= 6, "the storm was none"


def test_threads_and_tasks_together_keep_below_the_limit() -> None:
    emulator, permits = Emulator(), MemoryPermits()
    with emulator.serve() as server:

        def in_a_thread(_: int) -> None:
            with Agora(*CREDENTIALS, base_url=server.url, permits=permits, retries=0) as agora:
                for _ in range(4):
                    agora.projects.list()
                    agora.app(DEMO_APP_ID).kicking_rules.list()

        async def in_tasks() -> None:
            async with AsyncAgora(*CREDENTIALS, base_url=server.url, permits=permits, retries=0) as agora:
                await asyncio.gather(*[agora.projects.list() for _ in range(12)])

        with ThreadPoolExecutor(3) as pool:
            threads = pool.map(in_a_thread, range(2))
            pool.submit(asyncio.run, in_tasks()).result()
            assert len(list(threads)) == 2
    assert Counter(exchange["status"] for exchange in emulator.requests()) == {200: 8, 201: 20}  # CO-68


def restarted(server: EmulatorServer, emulator: Emulator) -> EmulatorServer:
    """Another emulator, which knows nothing of the first one, at the same port."""
    server.__exit__(None, None, None)
    return emulator.serve(port=server.port).__enter__()


def test_a_server_that_is_killed_and_restarted_in_mid_recording_leaves_a_clear_error_and_nothing_running() -> None:
    before, after = Emulator(seed=1), Emulator(seed=2)
    first, running = before.serve(), []
    first.__enter__()
    with Agora(*CREDENTIALS, base_url=first.url, clock=Hasty(), permits=None, retries=POLICY) as agora:
        recordings = agora.app(DEMO_APP_ID).recordings
        with (
            pytest.raises(AgoraError, match="stop_recording") as caught,
            recordings.record("lesson-42", uid=7, storage=STORAGE, config=CONFIG),
        ):
            running.append(restarted(first, after))
        running[0].__exit__(None, None, None)
    assert "nothing is running" in " ".join(caught.value.__notes__)
    assert after.state()["totals"]["running"] == 0
