"""An emulator, its log or a fleet's journal that holds as much as it is told, in a process of its own.

    python -m benchmarks.grown

Each line in is a question with its arguments, each line out its answer: see `QUESTIONS`.
"""

from __future__ import annotations

import asyncio
import base64
import json
import random
import sys
import tempfile
import time
from collections.abc import Callable, Coroutine
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Final

from agora_rest.contract.http.in_process import exchange, scope_of
from agora_rest.emulator import Emulator, snapshot
from agora_rest.emulator.modes import RecordingMode
from agora_rest.emulator.recordings import Identity, Recording
from agora_rest.emulator.web import recording_requests
from benchmarks.answerer import APP_ID
from benchmarks.fleet import Prompt, client
from benchmarks.measure import in_megabytes

STORAGE: Final = {"vendor": 0, "region": 0, "bucket": "b", "accessKey": "a", "secretKey": "s"}
TOKEN: Final = base64.b64encode(b"emulator:emulator-secret")
BASE: Final = f"/v1/apps/{APP_ID}/cloud_recording"
MONTH: Final = 30 * 86400
"""The longest idle time: nothing ends while it is measured."""
CLAIMED: Final = 32
"""Rows of a claim, as a worker has them."""


class Caller:
    """Calls an emulator's ASGI application without a server."""

    def __init__(self, emulator: Emulator) -> None:
        self.emulator = emulator

    async def __call__(self, method: str, target: str, body: object = None) -> Any:
        """The JSON of the response. Raises ValueError for a refusal."""
        content = b"" if body is None else json.dumps(body).encode()
        headers = [(b"host", b"127.0.0.1"), (b"authorization", b"Basic " + TOKEN)]
        if content:
            headers += [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(content))]
        answer = await exchange(self.emulator.app, scope_of(method, target.encode(), headers), content)
        if answer.status not in (200, 201, 206):
            raise ValueError(f"{method} {target} was refused: {answer.content[:500]!r}")
        return json.loads(answer.content)


class Held:
    """An emulator with recordings that run, each of a channel with one user."""

    def __init__(self, recordings: int) -> None:
        self.emulator = Emulator(dialect="current", rate_limit=False)
        self._call = Caller(self.emulator)
        self._random = random.Random(0)
        self._new = 0
        setup = recording_requests.setup(RecordingMode.MIX, {"storageConfig": STORAGE})
        self._recordings: list[Recording] = []
        for number in range(recordings):
            identity = Identity(APP_ID, f"room-{number}", 1)
            self.emulator.join(APP_ID, identity.cname, 2)
            resource = self.emulator.world.acquire(identity)
            started = self.emulator.world.start(resource.id, identity, max_idle_time=MONTH, setup=setup)
            self._recordings.append(started)

    async def query(self) -> None:
        """One of them, drawn."""
        found = self._random.choice(self._recordings)
        await self._call("GET", f"{BASE}/resourceid/{found.resource_id}/sid/{found.sid}/mode/mix/query")

    async def record(self) -> None:
        """`acquire`, `start` and `stop` of one more, in a channel with a user."""
        self._new += 1
        named = {"cname": f"lesson-{self._new}", "uid": "1"}
        self.emulator.join(APP_ID, named["cname"], 2)
        acquired = await self._call("POST", f"{BASE}/acquire", {**named, "clientRequest": {}})
        path = f"{BASE}/resourceid/{acquired['resourceId']}"
        request = {"storageConfig": STORAGE, "recordingConfig": {}}
        started = await self._call("POST", f"{path}/mode/mix/start", {**named, "clientRequest": request})
        await self._call("POST", f"{path}/sid/{started['sid']}/mode/mix/stop", {**named, "clientRequest": {}})
        self.emulator.leave(APP_ID, named["cname"], 2)

    async def list_users(self) -> None:
        """Those of a drawn channel."""
        found = self._random.choice(self._recordings)
        await self._call("GET", f"/dev/v1/channel/user/{APP_ID}/{found.identity.cname}")

    async def list_channels(self) -> None:
        """The first hundred at most."""
        await self._call("GET", f"/dev/v1/channel/{APP_ID}?page_no=0&page_size=100")

    async def ban(self) -> None:
        """From one channel, in which nobody is; and the rule's end."""
        rule = {"appid": APP_ID, "cname": "empty", "time": 60, "privileges": ["join_channel"]}
        made = await self._call("POST", "/dev/v1/kicking-rule", rule)
        await self._call("DELETE", "/dev/v1/kicking-rule", {"appid": APP_ID, "id": made["id"]})

    async def look(self) -> None:
        """What the emulator's page asks for."""
        snapshot.view(self.emulator)


class Answers:
    """The questions, and what has been made for them."""

    def __init__(self) -> None:
        self._held: dict[int, Held] = {}
        self._logging: Caller | None = None
        self._journal: tuple[Any, Any] | None = None
        self._stack = ExitStack()

    async def hold(self, recordings: int) -> float:
        """MiB that an emulator with so many recordings takes."""
        before = in_megabytes()
        self._held[recordings] = Held(recordings)
        return in_megabytes() - before

    async def burst(self, recordings: int, operation: str, seconds: float) -> float:
        """CPU seconds of a call of an operation, of as many as fit into so many seconds; at least one."""
        call = getattr(self._held[recordings], operation)
        return await _burst(call, seconds)

    async def join(self, users: int) -> float:
        """CPU seconds for a user to join a recorded channel with so many users, and to leave it."""
        held = Held(1)
        held.emulator.join(APP_ID, "room-0", range(100, 100 + users))

        async def come_and_go() -> None:
            held.emulator.join(APP_ID, "room-0", 7)
            held.emulator.leave(APP_ID, "room-0", 7)

        return await _burst(come_and_go, 0.02)

    async def log(self, requests: int) -> tuple[float, float]:
        """CPU seconds of each of so many requests to one emulator, and the MiB of the whole process afterwards."""
        if self._logging is None:
            self._logging = Caller(Emulator(rate_limit=False))
        began = time.process_time()
        for _ in range(requests):
            await self._logging("GET", "/dev/v1/projects")
        return (time.process_time() - began) / requests, in_megabytes()

    async def fill(self, rows: int) -> list[float]:
        """CPU seconds of each submitted row of a journal with so many that are due, by chunk."""
        from agora_rest.fleet import Fleet, Journal, Lane, Order, State
        from agora_rest.fleet.tables import recordings

        folder = self._stack.enter_context(tempfile.TemporaryDirectory())
        journal = self._stack.enter_context(Journal(f"sqlite:///{Path(folder) / 'recordings.db'}"))
        orders = (Order(app_id=APP_ID, channel=f"room-{n}", uid=n + 1, storage="b", key=f"{n}") for n in range(rows))
        costs, began = [], time.process_time()
        for chunk in journal.submitting(orders):
            costs.append((time.process_time() - began) / len(chunk))
            began = time.process_time()
        with journal.engine.begin() as connection:
            now = time.time()
            values = {"state": State.STARTED, "resource_id": "r", "sid": "s", "started_at": now, "next_at": now}
            connection.execute(recordings.update().values(**values, lane=Lane.QUERY))
        self._journal = (journal, Fleet(journal, client(Prompt(), None)))
        return costs

    async def claim(self, times: int) -> tuple[float, float, float]:
        """CPU and wall seconds of a claim and what is written of it, due again at once; MiB of the whole process."""
        from agora_rest.fleet import Lane
        from agora_rest.fleet.rows import Change

        assert self._journal is not None
        _, fleet = self._journal
        cpu, wall = time.process_time(), time.perf_counter()
        for _ in range(times):
            entries = await fleet.claim({Lane.QUERY: CLAIMED})
            change = Change({"status": 5}, next_at=fleet.now(), lane=Lane.QUERY)
            await asyncio.gather(*[fleet._put_back(entry, change) for entry in entries])
        return (time.process_time() - cpu) / times, (time.perf_counter() - wall) / times, in_megabytes()

    async def close(self) -> None:
        if self._journal is not None:
            await self._journal[1].aclose()
        self._stack.close()


async def _burst(call: Callable[[], Coroutine[Any, Any, None]], seconds: float) -> float:
    calls, began = 0, time.process_time()
    while calls == 0 or time.process_time() - began < seconds:
        await call()
        calls += 1
    return (time.process_time() - began) / calls


async def main() -> None:
    answers = Answers()
    try:
        for line in sys.stdin:
            question, *arguments = json.loads(line)
            print(json.dumps(await getattr(answers, question)(*arguments)), flush=True)
    finally:
        await answers.close()


if __name__ == "__main__":
    asyncio.run(main())
