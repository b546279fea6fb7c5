"""What a call costs beside sending: the answer is in memory, so nothing is left but the clients themselves."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from typing import Any

import agora_cloud_recording as generated_recording
import agora_console as generated_console
import httpx
from agora_cloud_recording.api.recordings import query_recording
from agora_cloud_recording.models.recording_mode import RecordingMode
from agora_console.api.projects import list_projects

from agora_rest import Agora, AsyncAgora, StartedRecording
from benchmarks.answerer import (
    APP_ID,
    PROJECTS_ANSWER,
    PROJECTS_PATH,
    QUERY_ANSWER,
    QUERY_PATH,
    RESOURCE_ID,
    SID,
)
from benchmarks.measure import Cost, calls_for, compared, in_turn, repeated
from benchmarks.rows import Row, Section, Size

URL = "http://127.0.0.1"
RECORDING = StartedRecording(resource_id=RESOURCE_ID, sid=SID, channel="lesson", uid="1")
NAMED: dict[str, Any] = {"appid": APP_ID, "resourceid": RESOURCE_ID, "sid": SID, "mode": RecordingMode.MIX}

CHECKED = 'ours, validate="warn"'

Callers = dict[str, Callable[[], object]]


def constant(answer: bytes) -> httpx.MockTransport:
    """A network that gives one answer to everything, sync and async."""
    return httpx.MockTransport(lambda request: httpx.Response(200, content=answer, request=request))


def querying() -> Callers:
    network = constant(QUERY_ANSWER)
    bare = httpx.Client(base_url=URL, transport=network)
    client = generated_recording.AuthenticatedClient(base_url=URL, token="t", httpx_args={"transport": network})
    agora = Agora("c", "c", base_url=URL, permits=None, transport=network)
    ours, checked = (each.app(APP_ID).recordings for each in (agora, agora.with_options(validate="warn")))
    return {
        "httpx": lambda: bare.get(QUERY_PATH).json(),
        "generated": lambda: query_recording.sync(client=client, **NAMED),
        "ours": lambda: ours.query(RECORDING),
        CHECKED: lambda: checked.query(RECORDING),
    }


def listing() -> Callers:
    network = constant(PROJECTS_ANSWER)
    bare = httpx.Client(base_url=URL, transport=network)
    client = generated_console.AuthenticatedClient(base_url=URL, token="t", httpx_args={"transport": network})
    agora = Agora("c", "c", base_url=URL, permits=None, transport=network)
    return {
        "httpx": lambda: bare.get(PROJECTS_PATH).json(),
        "generated": lambda: list_projects.sync(client=client),
        "ours": agora.projects.list,
        CHECKED: agora.with_options(validate="warn").projects.list,
    }


def querying_in(loop: asyncio.AbstractEventLoop) -> Callers:
    """`query_recording`, awaited; ten at a time, so that entering the loop does not count."""
    network = constant(QUERY_ANSWER)
    bare = httpx.AsyncClient(base_url=URL, transport=network)
    client = generated_recording.AuthenticatedClient(base_url=URL, token="t", httpx_args={"transport": network})
    recordings = AsyncAgora("c", "c", base_url=URL, permits=None, transport=network).app(APP_ID).recordings

    def ten(call: Callable[[], Any]) -> Callable[[], object]:
        async def calls() -> None:
            for _ in range(10):
                await call()

        return lambda: loop.run_until_complete(calls())

    return {
        "httpx": ten(lambda: bare.get(QUERY_PATH)),
        "generated": ten(lambda: query_recording.asyncio(client=client, **NAMED)),
        "ours": ten(lambda: recordings.query(RECORDING)),
    }


def measure(size: Size) -> Iterator[Row]:
    """Each kind of call, from the three clients in turn."""
    loop = asyncio.new_event_loop()
    yield from rows("query_recording", querying(), size)
    yield from rows("list_projects", listing(), size)
    yield from rows("query_recording, async", querying_in(loop), size, each=10)
    loop.close()


def rows(name: str, callers: Callers, size: Size, each: int = 1) -> Iterator[Row]:
    """What the clients add to each other; `each` caller makes so many calls when it is called."""
    bursts = {who: repeated(call, calls_for(size.burst, call)) for who, call in callers.items()}
    costs: dict[str, list[Cost]] = in_turn(bursts, size.rounds)
    cpu = {who: [cost.cpu / each for cost in given] for who, given in costs.items()}
    yield compared(f"{name}: generated over httpx", cpu["generated"], cpu["httpx"])
    yield compared(f"{name}: ours over generated", cpu["ours"], cpu["generated"])
    more = [ours - bare for ours, bare in zip(cpu["ours"], cpu["httpx"], strict=True)]
    yield compared(f"{name}: what ours adds, over httpx", more, cpu["httpx"])
    if CHECKED in cpu:
        yield compared(f"{name}: {CHECKED} over ours", cpu[CHECKED], cpu["ours"])


SECTION = Section(
    name="thin",
    title="Cost of the client without the network",
    meaning="""
The same calls with a response that is already in memory, from an httpx transport that returns it immediately. Without
sending and the server, which are most of a call, these ratios are larger than those above, and show more clearly the
effect of a change in the client. CPU of one call; the third row is the cost of ours beyond bare httpx.
`validate="warn"` compares each response with its schema and with earlier ones. There are no targets: those are for
calls that reach a server.
""",
    measure=measure,
    packages=("agora-rest", "httpx"),
)
