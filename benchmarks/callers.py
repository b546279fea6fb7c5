"""Everybody who asks the same question, `query_recording`, of the same server; each in a process of its own.

    python -m benchmarks.callers httpx http://127.0.0.1:PORT

Then each line in, `["50 threads", 2000]`, is a burst of calls, and each line out what one of them has cost. Only the
standard library is imported at the top, because one caller lives in an environment without us.
"""

from __future__ import annotations

import asyncio
import base64
import json
import sys
import time
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final

from benchmarks.answerer import APP_ID, QUERY_PATH, RESOURCE_ID, SID

USER, PASSWORD = "customer", "certificate"

Call = Callable[[], object]
AsyncCall = Callable[[], Awaitable[object]]

THREADS: Final = {"one thread": 1, "50 threads": 50}
TASKS: Final = {"one task": 1, "50 tasks": 50}


class Httpx:
    """httpx and nothing else: what a careful person writes by hand, up to the parsed JSON."""

    def __init__(self, url: str) -> None:
        import httpx

        self._settings: dict[str, Any] = {
            "base_url": url,
            "headers": {"Authorization": f"Basic {token()}"},
            "timeout": 30,
            "trust_env": False,
        }
        self._httpx = httpx

    def sync(self) -> Call:
        client = self._httpx.Client(**self._settings, transport=self.transport())
        return lambda: client.get(QUERY_PATH).raise_for_status().json()["serverResponse"]["status"]

    def asynchronous(self) -> AsyncCall:
        client = self._httpx.AsyncClient(**self._settings, transport=self.async_transport())

        async def call() -> object:
            return (await client.get(QUERY_PATH)).raise_for_status().json()["serverResponse"]["status"]

        return call

    def transport(self) -> Any:
        return None

    def async_transport(self) -> Any:
        return None


class PooledHttpx(Httpx):
    """The same, keeping as many idle connections as it may have at all: 100, where the default is 20."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self._settings["limits"] = self._httpx.Limits(max_connections=100, max_keepalive_connections=100)


class FastHttpx(Httpx):
    """The same over the libraries of the extra `fast` as their makers ship them: what these alone can give."""

    def transport(self) -> Any:
        from pyreqwest.compatibility.httpx import SyncHttpxTransport

        return SyncHttpxTransport()

    def async_transport(self) -> Any:
        from httpx_aiohttp import AiohttpTransport

        return AiohttpTransport()


class Generated:
    """The plain generated client."""

    def __init__(self, url: str) -> None:
        import httpx
        from agora_cloud_recording import AuthenticatedClient
        from agora_cloud_recording.api.recordings import query_recording
        from agora_cloud_recording.models.recording_mode import RecordingMode

        self._operation = query_recording
        client = AuthenticatedClient(
            base_url=url, token=token(), prefix="Basic", timeout=httpx.Timeout(30), httpx_args={"trust_env": False}
        )
        self._arguments: dict[str, Any] = {
            "appid": APP_ID,
            "resourceid": RESOURCE_ID,
            "sid": SID,
            "mode": RecordingMode.MIX,
            "client": client,
        }

    def sync(self) -> Call:
        return lambda: self._operation.sync(**self._arguments).server_response.status

    def asynchronous(self) -> AsyncCall:
        async def call() -> object:
            return (await self._operation.asyncio(**self._arguments)).server_response.status

        return call


class Ours:
    """`Agora` and `AsyncAgora`, without a limit: this server has none."""

    def __init__(self, url: str) -> None:
        from agora_rest import StartedRecording

        self._url = url
        self._recording = StartedRecording(resource_id=RESOURCE_ID, sid=SID, channel="lesson", uid="1")

    def sync(self) -> Call:
        from agora_rest import Agora

        agora = Agora(USER, PASSWORD, base_url=self._url, permits=None, **self.options())
        recordings = agora.app(APP_ID).recordings
        return lambda: recordings.query(self._recording).status.value

    def asynchronous(self) -> AsyncCall:
        from agora_rest import AsyncAgora

        agora = AsyncAgora(USER, PASSWORD, base_url=self._url, permits=None, **self.options())
        recordings = agora.app(APP_ID).recordings

        async def call() -> object:
            return (await recordings.query(self._recording)).status.value

        return call

    def options(self) -> dict[str, Any]:
        return {}


class OursFast(Ours):
    """The same with `transport="fast"`."""

    def options(self) -> dict[str, Any]:
        return {"transport": "fast"}


class Official:
    """agora-rest-client, pointed here by two methods, for it has no option that does it."""

    def __init__(self, url: str) -> None:
        from agora_rest_client.core.domain import Domain, EndpointRegion
        from agora_rest_client.services.cloud_recording.v1.cloud_recording_client import CloudRecordingClient
        from agora_rest_client.services.cloud_recording.v1.mix_recording.api_query import mix_recording_query

        class Here(Domain):
            def run(self, logger: object) -> None:
                """No names are resolved, and no thread is started that resolves them every 30 seconds."""

        class Plain(CloudRecordingClient):
            def get_api_url(self, host: str, url: str, service_region: str | None = None) -> str:  # noqa: ARG002  its signature
                return f"{here}{url}"

        here = url
        domain = Here(EndpointRegion.US.value)
        domain._domain_list = ["here"]
        self._client = (
            Plain().with_app_id(APP_ID).with_credential_basic_auth(USER, PASSWORD).with_domain(domain).build()
        )
        self._query = mix_recording_query

    def sync(self) -> Call:
        return lambda: self._query(self._client, RESOURCE_ID, SID).serverResponse["status"]


class Sockets:
    """Bytes over a socket and no HTTP client at all: what the server and the machine give at most."""

    def __init__(self, url: str) -> None:
        host, port = url.removeprefix("http://").split(":")
        self._address = (host, int(port))
        self._request = f"GET {QUERY_PATH} HTTP/1.1\r\nHost: {host}\r\n\r\n".encode()

    def sync(self) -> Call:
        import socket
        from threading import local

        own = local()

        def call() -> object:
            if not hasattr(own, "socket"):
                own.socket = socket.create_connection(self._address)
            own.socket.sendall(self._request)
            return status_in(own.socket.recv(65536))

        return call

    def asynchronous(self) -> AsyncCall:
        free: list[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = []

        async def call() -> object:
            reader, writer = free.pop() if free else await asyncio.open_connection(*self._address)
            writer.write(self._request)
            answer = await reader.read(65536)
            free.append((reader, writer))
            return status_in(answer)

        return call


def token() -> str:
    """The credentials as HTTP Basic has them."""
    return base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()


def status_in(answer: bytes) -> object:
    """From a whole answer, which is small enough to come at once."""
    return json.loads(answer.partition(b"\r\n\r\n")[2])["serverResponse"]["status"]


CALLERS: Final[dict[str, type[Any]]] = {
    "sockets": Sockets,
    "pooled httpx": PooledHttpx,
    "httpx": Httpx,
    "generated": Generated,
    "ours": Ours,
    "official": Official,
    "ours, fast": OursFast,
    "fast httpx": FastHttpx,
}
"""In the order in which they have their turns: those that a target compares stand side by side."""


class Bursts:
    """Makes the calls of one caller, one at a time or many at once, and measures them."""

    def __init__(self, caller: Any) -> None:
        self._caller = caller
        self._loop = asyncio.new_event_loop()
        self._pools = {name: ThreadPoolExecutor(number) for name, number in THREADS.items()}
        self._call: Call | None = None
        self._async_call: AsyncCall | None = None
        self._failed: list[Exception] = []

    def __call__(self, mode: str, calls: int) -> tuple[float, float, int]:
        """CPU and wall seconds for one call, of a burst; and how many have failed."""
        make = self._from_threads(mode, calls) if mode in THREADS else self._from_tasks(mode, calls)
        self._failed = []
        cpu, wall = time.process_time(), time.perf_counter()
        made = make()
        return (time.process_time() - cpu) / made, (time.perf_counter() - wall) / made, len(self._failed)

    def _from_threads(self, mode: str, calls: int) -> Callable[[], int]:
        self._call = self._call or checked(self._caller.sync())
        call, pool, each = self._call, self._pools[mode], max(1, calls // THREADS[mode])

        def some(_: int) -> None:
            for _ in range(each):
                try:
                    call()
                except Exception as error:  # noqa: BLE001  whatever a client raises; how often is part of the result
                    self._failed.append(error)

        def make() -> int:
            list(pool.map(some, range(THREADS[mode])))
            return each * THREADS[mode]

        return make

    def _from_tasks(self, mode: str, calls: int) -> Callable[[], int]:
        if self._async_call is None:
            # In the loop, because some clients look for it when they are made.
            self._async_call = self._loop.run_until_complete(checked_in_loop(self._caller))
        call, each = self._async_call, max(1, calls // TASKS[mode])

        async def some() -> None:
            for _ in range(each):
                try:
                    await call()
                except Exception as error:  # noqa: BLE001  as above
                    self._failed.append(error)

        async def all_of_them() -> None:
            await asyncio.gather(*(some() for _ in range(TASKS[mode])))

        def make() -> int:
            self._loop.run_until_complete(all_of_them())
            return each * TASKS[mode]

        return make


def checked(call: Call) -> Call:
    """The call, which has been seen to understand the answer: all have to do the whole work."""
    _insist(call())
    return call


async def checked_in_loop(caller: Any) -> AsyncCall:
    call: AsyncCall = caller.asynchronous()
    _insist(await call())
    return call


def _insist(status: object) -> None:
    if str(status) != "5":
        raise ValueError(f"the answer was misread: {status!r}")


def main() -> None:
    name, url = sys.argv[1:]
    bursts = Bursts(CALLERS[name](url))
    for line in sys.stdin:
        mode, calls = json.loads(line)
        print(json.dumps(bursts(mode, calls)), flush=True)


if __name__ == "__main__":
    main()
