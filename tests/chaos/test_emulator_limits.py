"""What callers can do to an emulator: many calls at once, much of all, slowness, size. It goes on and stays small.

Short by default; AGORA_REST_EMULATOR_CHAOS=1 makes it long.
"""

from __future__ import annotations

import asyncio
import base64
import contextlib
import json
import os
import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest

from agora_rest.emulator import Emulator, FrozenClock, server
from agora_rest.emulator import recordings as domain
from agora_rest.emulator.request_log import MAX_BYTES
from agora_rest.emulator.server import EmulatorServer
from agora_rest.emulator.web.events import MAX_LISTENERS
from tests.emulator.callers import APP, STORAGE

LONG = bool(os.environ.get("AGORA_REST_EMULATOR_CHAOS"))
AUTH = ("emulator", "emulator-secret")
TOKEN = base64.b64encode(b"emulator:emulator-secret").decode()
ACQUIRE = f"/v1/apps/{APP}/cloud_recording/acquire"
FIELDS = (f"POST {ACQUIRE} HTTP/1.1", "Host: 127.0.0.1", f"Authorization: Basic {TOKEN}")
HEAD = "".join(f"{field}\r\n" for field in (*FIELDS, "Content-Type: application/json"))


@pytest.fixture
def running() -> Iterator[EmulatorServer]:
    with Emulator(rate_limit=False).serve() as found:
        yield found


def resident() -> int:
    """The bytes of memory this process has."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def connect(found: EmulatorServer) -> socket.socket:
    return socket.create_connection((found.host, found.port), timeout=120)


def serves(found: EmulatorServer) -> bool:
    return httpx.get(f"{found.url}/_emulator/health", timeout=120).json() == {"status": "ok"}


@pytest.mark.parametrize("round_number", range(20 if LONG else 2))
def test_of_64_starts_at_once_with_one_resource_id_one_starts(running: EmulatorServer, round_number: int) -> None:
    with httpx.Client(base_url=running.url, auth=AUTH, timeout=120, limits=httpx.Limits(max_connections=64)) as client:
        body = {"cname": "lesson", "uid": "1", "clientRequest": {}}
        resource = client.post(ACQUIRE, json=body).json()["resourceId"]
        body["clientRequest"] = {"storageConfig": STORAGE}
        ready = threading.Barrier(64)

        def start(_: int) -> tuple[int, Any]:
            ready.wait()
            response = client.post(f"/v1/apps/{APP}/cloud_recording/resourceid/{resource}/mode/mix/start", json=body)
            return response.status_code, response.json().get("code")

        with ThreadPoolExecutor(64) as callers:
            outcomes = list(callers.map(start, range(64)))
    assert sorted(outcomes, key=str) == [(200, None), *[(201, 7)] * 63]
    assert running.emulator.state()["totals"]["recordings"] == 1


def test_10000_channels_are_listed_page_by_page() -> None:
    emulator = Emulator(rate_limit=False)
    names = {f"channel-{number}" for number in range(10_000)}
    for name in names:
        emulator.join(APP, name, 1)
    with emulator.serve() as found, httpx.Client(base_url=found.url, auth=AUTH, timeout=120) as client:
        seen: list[str] = []
        for page in range(21):
            data = client.get(f"/dev/v1/channel/{APP}?page_no={page}&page_size=500").json()["data"]
            assert data["total_size"] == 10_000
            seen += [row["channel_name"] for row in data["channels"]]
        assert len(client.get("/_emulator/state").json()["channels"]) == 10_000
    assert len(seen) == 10_000
    assert set(seen) == names


def test_many_requests_leave_memory_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    count = 1_000_000 if LONG else 4_000
    if not LONG:
        monkeypatch.setattr(domain, "MAX_RESOURCES", 500)
    emulator = Emulator(clock=FrozenClock(), rate_limit=False)
    body = json.dumps({"cname": "lesson", "uid": "1", "clientRequest": {}, "filler": "x" * 500}).encode()
    scope = {
        "type": "http",
        "method": "POST",
        "path": ACQUIRE,
        "raw_path": ACQUIRE.encode(),
        "query_string": b"",
        "headers": [(b"authorization", b"Basic " + TOKEN.encode()), (b"content-type", b"application/json")],
    }
    answered = 0

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        nonlocal answered
        answered += message.get("status") == 200

    async def call(times: int) -> None:
        for _ in range(times):
            await emulator.app(dict(scope), receive, send)
            emulator.clock.advance(2)

    used = []
    for _ in range(10):
        asyncio.run(call(count // 10))
        used.append(resident() / 2**20)
    print(f"{count} requests, MiB after each tenth: {', '.join(f'{each:.0f}' for each in used)}")
    assert answered == count
    state = emulator.state()
    assert state["totals"]["resources"] == state["totals"]["requests"] == count
    assert len(list(emulator.world.recordings.resources())) <= domain.MAX_RESOURCES
    assert max(used[5:]) - max(used[:5]) < 40, "the second half may need no more than the first"


def test_large_exchanges_are_kept_in_bounded_memory(running: EmulatorServer) -> None:
    body = {"cname": "lesson", "uid": "1", "clientRequest": {}, "filler": "x" * 60_000}
    with httpx.Client(base_url=running.url, auth=AUTH, timeout=120) as client:
        for _ in range(700):
            client.post(ACQUIRE, json=body)
    kept = [exchange.size for _, exchange in running.emulator.request_log.since()]
    assert sum(kept) <= MAX_BYTES
    assert 300 < len(kept) < 700


def test_a_head_that_drips_ends_its_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "HEAD_TIMEOUT", 0.3)
    count = 200 if LONG else 20
    with Emulator(rate_limit=False).serve() as found:
        callers = [connect(found) for _ in range(count)]
        for caller in callers:
            caller.sendall(HEAD[:40].encode())
        ended, until = 0, time.monotonic() + 120
        for caller in callers:
            with caller:
                while time.monotonic() < until:
                    try:
                        caller.sendall(b"x")
                        caller.settimeout(0.05)
                        if caller.recv(1) == b"":
                            ended += 1
                            break
                    except TimeoutError:
                        continue
                    except OSError:
                        ended += 1
                        break
        assert ended == count
        assert serves(found)


def test_empty_lines_without_end_end_the_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "HEAD_TIMEOUT", 0.3)
    with Emulator().serve() as found, connect(found) as caller:
        caller.settimeout(120)
        caller.sendall(b"\r\n")
        assert caller.recv(1) == b""


def test_a_body_that_drips_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("agora_rest.emulator.web.bodies.BODY_TIMEOUT", 0.3)
    monkeypatch.setattr(server, "HEAD_TIMEOUT", 0.3)
    with Emulator(rate_limit=False).serve() as found, connect(found) as caller:
        caller.sendall(f"{HEAD}Content-Length: 9999\r\n\r\n".encode())
        sent = 0
        with contextlib.suppress(OSError):  # reset, or a broken pipe
            while sent < 2000:
                caller.sendall(b" ")
                sent += 1
                time.sleep(0.05)
        assert sent < 2000
        assert serves(found)


def test_a_body_of_100_megabytes_is_refused_and_not_kept(running: EmulatorServer) -> None:
    warm, chunk = resident(), b" " * 2**20
    with connect(running) as caller:
        caller.sendall(f"{HEAD}Content-Length: {100 * 2**20}\r\n\r\n".encode())
        assert caller.recv(65536).startswith(b"HTTP/1.1 400 ")
        for _ in range(100):
            caller.sendall(chunk)
        caller.sendall(f"{HEAD}Content-Length: 2\r\n\r\n{{}}".encode())
        assert caller.recv(65536).startswith(b"HTTP/1.1 400 "), "the connection can still be used"
    assert resident() - warm < 20 * 2**20


def test_a_head_without_end_is_refused(running: EmulatorServer) -> None:
    with connect(running) as caller:
        caller.sendall(HEAD.encode())
        try:
            for _ in range(100):
                caller.sendall(b"x-filler: " + b"x" * 65536 + b"\r\n")
            found = caller.recv(65536)
        except OSError:
            found = b""
    assert found == b"" or found.startswith(b"HTTP/1.1 400 ")
    assert serves(running)


@pytest.mark.parametrize("opening", [b"[", b'{"a":', b'[{"a":'])
@pytest.mark.parametrize("path", [ACQUIRE, "/_emulator/faults"])
def test_a_body_that_is_nested_deeply_is_a_400(running: EmulatorServer, path: str, opening: bytes) -> None:
    for depth in (65, 500, 1_000, 100_000):
        body = opening * depth
        response = httpx.post(
            running.url + path, content=body[: 2**20 - 1], auth=AUTH, headers={"content-type": "application/json"}
        )
        assert response.status_code == 400
    closing = {b"[": b"]", b'{"a":': b"1}", b'[{"a":': b"1}]"}[opening]
    whole = opening * 65 + closing * 65 if opening == b"[" else opening * 65 + b"1" + closing.replace(b"1", b"") * 65
    found = httpx.post(running.url + path, content=whole, auth=AUTH, headers={"content-type": "application/json"})
    assert found.status_code == 400
    assert "nested too deeply" in found.text


def test_event_streams_that_are_not_read_are_bounded(running: EmulatorServer) -> None:
    count = 1_000 if LONG else 150
    warm = resident()
    streams = []
    for _ in range(count):
        stream = connect(running)
        stream.sendall(b"GET /_emulator/events HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        streams.append(stream)
    running.emulator.join(APP, "lesson", range(1, 500))
    assert serves(running)
    events = running.emulator.app._control._streams
    until = time.monotonic() + 120
    while len(events._listeners) > MAX_LISTENERS and time.monotonic() < until:
        time.sleep(0.05)
    assert len(events._listeners) <= MAX_LISTENERS
    print(f"{count} streams, {(resident() - warm) / 2**20:.1f} MiB")
    assert resident() - warm < 150 * 2**20
    for stream in streams:
        stream.close()
    assert serves(running)
