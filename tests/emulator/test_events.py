"""Server-sent events: what is told, when, and what is left behind."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest

from agora_rest.emulator import Emulator, FrozenClock
from agora_rest.emulator.server import EmulatorServer
from agora_rest.emulator.web import events
from tests.emulator.callers import APP

PATIENCE = 120.0
"""Seconds, which is long because machines are shared: nothing waits longer than it has to."""


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[EmulatorServer]:
    monkeypatch.setattr(events, "LOOK", 0.01)
    with Emulator(clock=FrozenClock(), rate_limit=False).serve() as running:
        yield running


class Listener:
    """Somebody who listens, with the events as they come."""

    def __init__(self, answer: httpx.Response) -> None:
        self.answer = answer
        self._lines = answer.iter_lines()

    def next(self) -> tuple[str, Any]:
        """The next event; StopIteration when the stream has ended."""
        name = next(line for line in self._lines if line.startswith("event: "))
        return name.removeprefix("event: "), json.loads(next(self._lines).removeprefix("data: "))

    def until(self, wanted: str) -> Any:
        """The next event of this name."""
        while True:
            name, content = self.next()
            if name == wanted:
                return content


@contextmanager
def listening(server: EmulatorServer) -> Iterator[Listener]:
    with httpx.stream("GET", f"{server.url}/_emulator/events", timeout=PATIENCE) as answer:
        yield Listener(answer)


def eventually(condition: Callable[[], bool]) -> None:
    """Wait until something holds that another thread brings about."""
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, "it never came to be"
        threading.Event().wait(0.005)


def call(server: EmulatorServer) -> None:
    httpx.get(f"{server.url}/dev/v1/projects", auth=("emulator", "emulator-secret")).raise_for_status()


def test_a_listener_is_told_everything_at_first(server: EmulatorServer) -> None:
    call(server)
    with listening(server) as listener:
        assert listener.answer.headers["content-type"] == "text/event-stream; charset=utf-8"
        assert listener.next() == (
            "clock",
            {"now": "2026-01-01T00:00:00.000Z", "unix": 1767225600.0, "frozen": True},
        )
        name, view = listener.next()
        assert (name, view["projects"][0]["name"]) == ("view", "demo")
        name, log = listener.next()
        assert (name, log["anew"]) == ("requests", True)
        (found,) = log["requests"]
        assert (found["operation"], found["verdict"]) == (
            "list_projects",
            {"kind": "ok", "facts": [], "titles": {}, "reason": "", "ignored": []},
        )


def test_only_what_has_changed_is_told(server: EmulatorServer) -> None:
    with listening(server) as listener:
        listener.until("requests")
        server.emulator.clock.advance(60)
        assert listener.next()[0] == "clock"
        server.emulator.join(APP, "lesson", [7, 8])
        name, view = listener.next()
        assert (name, view["channels"][0]["user_count"]) == ("view", 2)
        call(server)
        told = dict(listener.next() for _ in range(2))  # in either order
        assert told.keys() == {"view", "requests"}  # totals and quota are seen in the view
        assert [found["number"] for found in told["requests"]["requests"]] == [1]


def test_after_a_reset_the_log_begins_anew(server: EmulatorServer) -> None:
    call(server)
    with listening(server) as listener:
        listener.until("requests")
        server.emulator.reset()
        assert listener.until("requests") == {"anew": True, "requests": []}
        call(server)
        assert [found["number"] for found in listener.until("requests")["requests"]] == [1]


def test_silence_is_broken_by_a_comment(server: EmulatorServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(events, "SILENCE", 0.0)
    with listening(server) as listener:
        assert next(line for line in listener.answer.iter_lines() if line.startswith(":")) == ": nothing new"


def test_a_listener_that_leaves_leaves_nothing_behind(server: EmulatorServer) -> None:
    threads = set(threading.enumerate())
    tasks = server._server.server_state.tasks
    with listening(server) as one, listening(server) as two:
        one.next(), two.next()
        assert len(tasks) == 2
        assert set(threading.enumerate()) <= threads  # those of other tests may end meanwhile
    eventually(lambda: not tasks)


def test_a_stream_ends_with_the_emulator_and_is_not_broken_off(caplog: pytest.LogCaptureFixture) -> None:
    with Emulator(clock=FrozenClock()).serve() as server:
        answer = httpx.Client(timeout=PATIENCE)
        with answer.stream("GET", f"{server.url}/_emulator/events") as streamed:
            listener = Listener(streamed)
            listener.until("requests")
            stopping = threading.Thread(target=server.__exit__, args=(None, None, None))
            stopping.start()
            with pytest.raises(StopIteration):  # a connection that is cut would raise RemoteProtocolError
                listener.next()
            stopping.join(PATIENCE)
            assert not stopping.is_alive()
        answer.close()
    assert caplog.records == []


def test_whoever_reads_slowly_keeps_nobody_waiting(server: EmulatorServer) -> None:
    with socket.create_connection((server.host, server.port)) as slow:
        slow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        slow.sendall(b"GET /_emulator/events HTTP/1.1\r\nhost: localhost\r\n\r\n")
        for uid in range(1, 200):
            server.emulator.join(APP, "x" * 64, uid)
            call(server) if uid % 20 == 0 else None
        with listening(server) as listener:
            while listener.until("view")["channels"][0]["user_count"] < 199:  # the first view may be a moment old
                pass


def test_a_head_of_the_events_is_no_stream(server: EmulatorServer) -> None:
    answer = httpx.head(f"{server.url}/_emulator/events", timeout=PATIENCE)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/event-stream; charset=utf-8")
