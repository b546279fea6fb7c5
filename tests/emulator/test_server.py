"""The emulator on a port."""

from __future__ import annotations

import asyncio
import base64
import json
import logging
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import suppress

import httpx
import pytest

from agora_rest.addresses import is_loopback
from agora_rest.emulator import Emulator, Fault
from agora_rest.emulator.server import EmulatorServer
from agora_rest.emulator.web.fault_injection import Connection
from tests.emulator.callers import APP, STORAGE, emulator_of_2019

TOKEN = base64.b64encode(b"emulator:emulator-secret").decode()
ACQUIRE = f"/v1/apps/{APP}/cloud_recording/acquire"
BODY = {"cname": "lesson", "uid": "1", "clientRequest": {}}


@pytest.fixture
def server() -> Iterator[EmulatorServer]:
    with emulator_of_2019(rate_limit=False).serve() as running:
        yield running


@pytest.fixture
def client(server: EmulatorServer) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=server.url, auth=("emulator", "emulator-secret"), timeout=120) as made:
        yield made


def raw(server: EmulatorServer, request: bytes) -> bytes:
    """Everything that comes back for these bytes until the connection ends."""
    with socket.create_connection((server.host, server.port), timeout=120) as connection:
        connection.sendall(request)
        answer = b""
        while chunk := connection.recv(65536):
            answer += chunk
        return answer


def head(method: str, path: str, *fields: str) -> bytes:
    lines = [
        f"{method} {path} HTTP/1.1",
        "Host: 127.0.0.1",
        f"Authorization: Basic {TOKEN}",
        "Connection: close",
        *fields,
    ]
    return "\r\n".join([*lines, "", ""]).encode("latin-1")


def test_it_answers_as_soon_as_it_is_entered_and_no_more_when_it_is_left() -> None:
    with Emulator().serve() as running:
        assert httpx.get(f"{running.url}/_emulator/clock").status_code == 200
    with pytest.raises(httpx.ConnectError):
        httpx.get(running.url)


def test_it_stops_while_connections_are_open_and_calls_hang(caplog, monkeypatch: pytest.MonkeyPatch) -> None:
    emulator = Emulator(rate_limit=False)
    emulator.inject(Fault("delay", seconds=300))
    outcome: list[type] = []
    struck = threading.Event()
    draw = emulator.faults.draw

    def drawn(*arguments):
        struck.set()
        return draw(*arguments)

    monkeypatch.setattr(emulator.faults, "draw", drawn)

    def hang(url: str) -> None:
        try:
            httpx.get(f"{url}/dev/v1/projects", timeout=120)
        except httpx.HTTPError as error:
            outcome.append(type(error))

    with caplog.at_level(logging.ERROR), emulator.serve() as running:
        idle = socket.create_connection((running.host, running.port))
        caller = threading.Thread(target=hang, args=(running.url,))
        caller.start()
        assert struck.wait(120)
    caller.join(120)
    idle.close()
    assert outcome == [httpx.ReadError]
    assert caplog.records == []


def test_two_servers_of_one_emulator_share_its_world() -> None:
    emulator = Emulator()
    with emulator.serve() as one, emulator.serve() as two:
        assert one.port != two.port
        httpx.post(f"{one.url}/_emulator/clock", json={"advance": 1000})
        assert httpx.get(f"{two.url}/_emulator/clock").json()["unix"] > time.time() + 990


def test_a_middleware_sees_each_body_and_each_response() -> None:
    """The server hands the emulator whole bodies and takes whole responses from it, but only if nothing is between."""
    emulator, bodies, statuses = Emulator(), [], []
    inner = emulator.app

    async def middleware(scope, receive, send) -> None:
        async def hear():
            message = await receive()
            bodies.append(message.get("body"))
            return {**message, "body": b'{"name": "changed", "enable_sign_key": false}'}

        async def say(message) -> None:
            statuses.append(message.get("status"))
            await send(message)

        await inner(scope, hear, say)

    emulator.app = middleware
    with emulator.serve() as running, httpx.Client(base_url=running.url, auth=("emulator", "emulator-secret")) as http:
        answer = http.post("/dev/v1/project", json={"name": "sent", "enable_sign_key": False})
    assert answer.json()["project"]["name"] == "changed"
    assert b'"sent"' in b"".join(bodies)
    assert answer.status_code in statuses


def test_a_taken_port_is_the_callers_error(server: EmulatorServer) -> None:
    with pytest.raises(OSError, match="in use"):
        Emulator().serve(port=server.port)


def test_python_moves_the_clock_of_a_running_server(server: EmulatorServer, client: httpx.Client) -> None:
    resource = client.post(ACQUIRE, json=BODY).json()["Body"]["resourceId"]
    server.emulator.clock.advance(301)
    answer = client.post(
        f"/v1/apps/{APP}/cloud_recording/resourceid/{resource}/mode/mix/start",
        json={**BODY, "clientRequest": {"storageConfig": STORAGE}},
    )
    assert answer.json()["Body"]["code"] == 433


def test_of_many_starts_of_one_resource_id_at_once_one_succeeds(server: EmulatorServer) -> None:
    async def race() -> list[int]:
        async with httpx.AsyncClient(base_url=server.url, auth=("emulator", "emulator-secret")) as client:
            resource = (await client.post(ACQUIRE, json=BODY)).json()["Body"]["resourceId"]
            path = f"/v1/apps/{APP}/cloud_recording/resourceid/{resource}/mode/mix/start"
            body = {**BODY, "clientRequest": {"storageConfig": STORAGE}}
            answers = await asyncio.gather(*[client.post(path, json=body) for _ in range(20)])
            return sorted(answer.status_code for answer in answers)

    assert asyncio.run(race()) == [200] + [400] * 19


@pytest.mark.parametrize(("kind", "carried_out"), [("cut_before", 0), ("cut_after", 1)])
def test_a_cut_resets_the_connection(server, client, kind: str, carried_out: int) -> None:
    server.emulator.inject(Fault(kind, times=1))
    # Which of them it is depends on how much of the request was on its way.
    with pytest.raises((httpx.ReadError, httpx.WriteError, httpx.RemoteProtocolError)):
        client.post(ACQUIRE, json=BODY)
    assert server.emulator.state()["totals"]["resources"] == carried_out
    assert client.post(ACQUIRE, json=BODY).status_code == 200


def test_a_truncated_answer_ends_before_its_length(server: EmulatorServer, client: httpx.Client) -> None:
    server.emulator.inject(Fault("truncate", times=1))
    with pytest.raises(httpx.RemoteProtocolError, match="without sending complete"):
        client.post(ACQUIRE, json=BODY)
    assert server.emulator.state()["totals"]["resources"] == 1
    assert client.post(ACQUIRE, json=BODY).status_code == 200


def test_faults_log_no_errors(server, client, caplog: pytest.LogCaptureFixture) -> None:
    for kind in ("cut_before", "cut_after", "truncate", "not_json", "wrong_shape"):
        server.emulator.inject(Fault(kind, times=1))
        try:
            client.get("/dev/v1/projects")
        except httpx.TransportError:
            continue
    assert [record for record in caplog.records if record.levelno >= logging.WARNING] == []


@pytest.mark.parametrize(
    "request_",
    [
        b"nonsense\r\n\r\n",
        b"GET /\xff HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET / HTTP/9.9\r\nHost: x\r\n\r\n",
        b"POST " + ACQUIRE.encode() + b" HTTP/1.1\r\nHost: x\r\nContent-Length: x\r\n\r\n",
        b"POST " + ACQUIRE.encode() + b" HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    ],
)
def test_what_is_no_http_is_a_bad_request_in_json(server: EmulatorServer, request_: bytes) -> None:
    answer = raw(server, request_)
    assert answer.startswith(b"HTTP/1.1 400 ")
    assert json.loads(answer.partition(b"\r\n\r\n")[2])["message"]


@pytest.mark.fact("CO-57")
def test_dot_segments_and_encoded_slashes_are_no_other_path(server: EmulatorServer) -> None:
    for name in ("..", ".", "%2e%2e", "a%2Fb"):
        answer = raw(server, head("GET", f"/dev/v1/channel/user/{APP}/{name}"))
        assert answer.startswith(b"HTTP/1.1 400 "), name
    for path in ("/dev/v1/channel/../projects", "*"):
        assert raw(server, head("OPTIONS", path)).startswith(b"HTTP/1.1 404 ")


def test_a_huge_body_is_refused_without_being_read_to_its_end(server: EmulatorServer) -> None:
    fields = ("Content-Type: application/json", f"Content-Length: {1 << 40}")
    with socket.create_connection((server.host, server.port), timeout=120) as connection:
        connection.sendall(head("POST", ACQUIRE, *fields) + b"{")
        assert connection.recv(65536).startswith(b"HTTP/1.1 400 ")
    chunk = b"10000\r\n" + b" " * 0x10000 + b"\r\n"
    with socket.create_connection((server.host, server.port), timeout=120) as connection:
        connection.sendall(head("POST", ACQUIRE, "Content-Type: application/json", "Transfer-Encoding: chunked"))
        connection.sendall(chunk * 20)
        assert connection.recv(65536).startswith(b"HTTP/1.1 400 ")


def test_a_body_that_never_comes_is_not_waited_for(server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("agora_rest.emulator.web.bodies.BODY_TIMEOUT", 0.05)
    answer = raw(server, head("POST", ACQUIRE, "Content-Type: application/json", "Content-Length: 50") + b'{"cname"')
    assert answer.startswith(b"HTTP/1.1 400 ")
    assert b"in time" in answer


def test_a_caller_that_leaves_before_its_body_is_there_does_no_harm(server, client, caplog) -> None:
    for _ in range(3):
        with socket.create_connection((server.host, server.port)) as connection:
            connection.sendall(head("POST", ACQUIRE, "Content-Type: application/json", "Content-Length: 50") + b"{")
    assert client.post(ACQUIRE, json=BODY).status_code == 200
    assert [record for record in caplog.records if record.levelno >= logging.WARNING] == []


def test_answers_are_sent_without_nagles_delay(server: EmulatorServer, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[int] = []

    class Watched(Connection):
        def __init__(self, transport: asyncio.Transport) -> None:
            super().__init__(transport)
            seen.append(transport.get_extra_info("socket").getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))

    monkeypatch.setattr("agora_rest.emulator.server.Connection", Watched)
    httpx.get(f"{server.url}/_emulator/clock")
    assert seen == [1]


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "0.0.0.0", ""])
def test_on_loopback_control_answers_to_no_other_name(server: EmulatorServer, host: str) -> None:
    answer = httpx.get(f"{server.url}/_emulator/state", headers={"host": host})
    assert answer.status_code == 403
    page = httpx.get(server.url, headers={"host": host, "origin": f"http://{host}"})
    assert page.status_code == 403


@pytest.mark.parametrize(
    ("host", "alone"),
    [("127.0.0.1", True), ("127.9.9.9", True), ("::1", True), ("localhost", True), ("0.0.0.0", False), ("::", False),
     ("10.0.0.1", False), ("example.org", False)],
)  # fmt: skip
def test_it_is_known_which_addresses_only_this_machine_reaches(host: str, alone: bool) -> None:
    assert is_loopback(host) is alone


def test_an_idle_connection_is_kept(server: EmulatorServer, client: httpx.Client) -> None:
    client.get("/dev/v1/projects")
    assert server._server.config.timeout_keep_alive == 75


def test_pipelined_requests_are_answered_in_order_and_once(server: EmulatorServer) -> None:
    paths = ["/dev/v1/projects", "/dev/v1/nothing", "/_emulator/clock", "/dev/v1/projects/"]
    answers = raw(
        server,
        b"".join(head("GET", path).replace(b"Connection: close\r\n", b"") for path in paths[:3])
        + head("GET", paths[3]),
    )
    assert answers.count(b"HTTP/1.1 ") == 4
    assert [part[:3] for part in answers.split(b"HTTP/1.1 ")[1:]] == [b"200", b"404", b"200", b"200"]
    assert answers.count(b"connection: close") == 1


def test_a_fault_cannot_write_a_second_response(server: EmulatorServer) -> None:
    """A line break in a field that a test injects would end the field."""
    server.emulator.inject(Fault("status", status=503, headers={"retry-after": "1\r\n\r\nHTTP/1.1 200 OK"}, times=1))
    answer = raw(server, head("GET", "/dev/v1/projects"))
    assert b"200 OK" not in answer


def test_a_connection_without_requests_is_closed_after_a_while_and_not_before(server: EmulatorServer) -> None:
    request = head("GET", "/dev/v1/projects").replace(b"Connection: close\r\n", b"")
    for seconds in (1, 5, 25):  # a machine may be too busy to send the second request in the first
        server._server.config.timeout_keep_alive = seconds
        with socket.create_connection((server.host, server.port), timeout=120) as connection:
            connection.sendall(request)
            assert connection.recv(65536).startswith(b"HTTP/1.1 200")
            began, answer = time.monotonic(), b""  # the second one begins the time anew
            with suppress(ConnectionError):
                connection.sendall(request)
                answer = connection.recv(65536)
            if answer:
                assert connection.recv(65536) == b""
                assert time.monotonic() - began >= 0.9 * seconds
                break
    assert answer.startswith(b"HTTP/1.1 200")
