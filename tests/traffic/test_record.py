"""Our own recorder: what an httpx client did, without its secrets, readable at any moment."""

from __future__ import annotations

import asyncio
import gzip
import json
import logging
import re
import resource
import tracemalloc
import zlib
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any
from unittest.mock import ANY

import httpx
import pytest

from agora_rest.contract.traffic.record import AsyncRecordingTransport, Recorder, RecordingTransport
from tests.traffic.hars import checked

URL = "https://api.agora.io/dev/v1/projects"
CREATE = "https://api.agora.io/dev/v1/project"


def entries(path: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))["log"]["entries"]
    return found


class Ticking:
    def __init__(self) -> None:
        self.time = 1_700_000_000.0

    def __call__(self) -> float:
        self.time += 0.25
        return self.time


def answer(request: httpx.Request) -> httpx.Response:
    if request.url.path == "/broken":
        raise httpx.ConnectError("no way")
    if request.url.path == "/zipped":
        packed = gzip.compress(b'{"message": "no Route matched"}')
        return httpx.Response(200, headers={"Content-Encoding": "gzip"}, content=packed)
    return httpx.Response(200, json={"projects": [], "sign_key": "planted-sign-key", "sent": request.content.decode()})


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "session.har"


def test_an_exchange_is_recorded_without_its_secrets_and_the_caller_gets_the_answer_whole(path: Path) -> None:
    with (
        Recorder(path, now=Ticking(), keep=["n"]) as recorder,
        httpx.Client(transport=RecordingTransport(httpx.MockTransport(answer), recorder)) as client,
    ):
        response = client.post(
            CREATE, auth=("customer", "planted-certificate"), json={"secretKey": "planted-key", "n": 1}
        )
        assert response.json()["sign_key"] == "planted-sign-key"
    (entry,) = entries(path)
    text = path.read_text(encoding="utf-8")
    assert "planted" not in text
    headers = {header["name"]: header["value"] for header in entry["request"]["headers"]}
    assert re.fullmatch("Basic hidden-[0-9a-f]{12}", headers["authorization"])
    assert json.loads(entry["request"]["postData"]["text"]) == {"secretKey": ANY, "n": 1}
    assert (entry["time"], entry["response"]["status"]) == (250, 200)


def test_the_file_is_whole_after_every_exchange(path: Path) -> None:
    recorder = Recorder(path)
    assert entries(path) == []
    with httpx.Client(transport=RecordingTransport(httpx.MockTransport(answer), recorder)) as client:
        for count in (1, 2, 3):
            client.get(URL)
            assert len(entries(path)) == count
        recorder.close()
        client.get(URL)
    assert len(entries(path)) == 3


def test_a_call_without_an_answer_is_recorded_with_status_0(path: Path) -> None:
    with (
        Recorder(path) as recorder,
        httpx.Client(transport=RecordingTransport(httpx.MockTransport(answer), recorder)) as client,
        pytest.raises(httpx.ConnectError),
    ):
        client.get("https://api.agora.io/broken")
    assert [entry["response"]["status"] for entry in entries(path)] == [0]


def test_a_packed_body_is_recorded_unpacked(path: Path) -> None:
    with (
        Recorder(path) as recorder,
        httpx.Client(transport=RecordingTransport(httpx.MockTransport(answer), recorder)) as client,
    ):
        assert client.get("https://api.agora.io/zipped").json() == {"message": "no Route matched"}
    assert json.loads(entries(path)[0]["response"]["content"]["text"]) == {"message": "no Route matched"}


def test_streams_pass_through_in_both_directions(path: Path) -> None:
    def parts() -> Iterator[bytes]:
        yield b'{"n": '
        yield b"1}"

    with (
        Recorder(path, keep=["n"]) as recorder,
        httpx.Client(transport=RecordingTransport(httpx.MockTransport(answer), recorder)) as client,
        client.stream("POST", CREATE, content=parts()) as response,
    ):
        assert b"".join(response.iter_bytes()).startswith(b"{")
    assert json.loads(entries(path)[0]["request"]["postData"]["text"]) == {"n": 1}


def test_an_async_client_is_recorded_too(path: Path) -> None:
    async def parts() -> AsyncIterator[bytes]:
        yield b'{"token": "planted-token"}'

    async def main() -> None:
        with Recorder(path) as recorder:
            transport = AsyncRecordingTransport(httpx.MockTransport(answer), recorder)
            async with httpx.AsyncClient(transport=transport) as client:
                assert (await client.post(URL, content=parts())).status_code == 200
                with pytest.raises(httpx.ConnectError):
                    await client.get("https://api.agora.io/broken")

    asyncio.run(main())
    assert [entry["response"]["status"] for entry in entries(path)] == [200, 0]
    assert "planted-token" not in path.read_text(encoding="utf-8")


def test_a_recording_can_be_checked(path: Path) -> None:
    with (
        Recorder(path) as recorder,
        httpx.Client(transport=RecordingTransport(httpx.MockTransport(answer), recorder)) as client,
    ):
        client.get(URL)
    report = checked(json.loads(path.read_text(encoding="utf-8")))
    assert report.exchanges == {"list_projects": 1}
    assert not report.findings


def test_a_full_disk_ends_the_recording_and_no_call(path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with (
        Recorder(path) as recorder,
        httpx.Client(transport=RecordingTransport(httpx.MockTransport(answer), recorder)) as client,
    ):
        client.get(URL)
        limit = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (path.stat().st_size + 100, limit[1]))
        try:
            assert client.get(URL).status_code == 200
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, limit)
        assert client.get(URL).status_code == 200
    assert len(entries(path)) == 1
    assert [record.getMessage() for record in caplog.records if record.levelno == logging.WARNING] == [
        f"no more traffic is recorded in {path}: File too large"
    ]


class Bomb(httpx.SyncByteStream):
    """A gigabyte of zeros in gzip."""

    def __iter__(self) -> Iterator[bytes]:
        packer = zlib.compressobj(wbits=31)
        for _ in range(1024):
            yield packer.compress(bytes(2**20))
        yield packer.flush()


class Endless(httpx.SyncByteStream):
    """Sixty megabytes, in pieces that are made when they are read."""

    def __iter__(self) -> Iterator[bytes]:
        for _ in range(60):
            yield bytes(2**20)


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        (Bomb(), {"Content-Encoding": "gzip"}),
        (Endless(), {}),
        (httpx.ByteStream(b"brotli"), {"Content-Encoding": "br"}),
    ],
)
def test_a_body_of_any_size_is_recorded_in_bounded_memory(
    path: Path, body: httpx.SyncByteStream, headers: dict[str, str]
) -> None:
    def large(_: httpx.Request) -> httpx.Response:
        return httpx.Response(200, headers={"Content-Type": "application/json", **headers}, stream=body)

    tracemalloc.start()
    try:
        with (
            Recorder(path) as recorder,
            httpx.Client(transport=RecordingTransport(httpx.MockTransport(large), recorder)) as client,
            client.stream("GET", URL) as response,
        ):
            for _ in response.iter_raw():
                pass
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 45 * 2**20
    report = checked(json.loads(path.read_text()))
    assert (report.checked, report.unseen_bodies, list(report.findings)) == (1, 1, [])
