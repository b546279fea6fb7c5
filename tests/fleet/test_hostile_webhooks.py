"""The receiver of notifications under attack: replays, signatures of any length, bodies without end, connections."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
import tracemalloc
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agora_rest.cli import _webhook_server
from agora_rest.fleet import NotificationEffect, webhooks
from agora_rest.fleet.webhooks import BadSignature, read
from tests.fleet.harness import FleetHarness
from tests.fleet.test_webhooks import SECRET, body_of, lost, notification, signed


@given(
    name=st.sampled_from(["Agora-Signature-V2", "Agora-Signature"]),
    length=st.integers(0, 300),
    doubled=st.booleans(),
)
@settings(deadline=None)
def test_a_signature_of_any_other_length_is_refused(name: str, length: int, doubled: bool) -> None:
    """Also the beginning of the right one, or the right one with more behind it."""
    body = body_of(40)
    right = signed(body)[name]
    given_signature = (right * 8)[:length] if doubled else right[:length] + "0" * max(0, length - len(right))
    if given_signature == right:
        assert read(body, {name: given_signature}, secret=SECRET) is not None
    else:
        with pytest.raises(BadSignature):
            read(body, {name: given_signature}, secret=SECRET)


def test_a_signature_of_a_megabyte_is_refused_quickly() -> None:
    began = time.process_time()
    with pytest.raises(BadSignature):
        read(body_of(40), {"agora-signature-v2": "0" * (1 << 20)}, secret=SECRET)
    assert time.process_time() - began < 0.5


def test_replayed_notifications_change_nothing_more(harness: FleetHarness) -> None:
    lost(harness)
    sid = harness.running[0].sid
    effects = [harness.journal.note_webhook(notification(40, harness, sid)) for _ in range(300)]
    assert effects == [NotificationEffect.SID] + [NotificationEffect.NOTHING] * 299
    entry = harness.drive()
    assert entry.sid == sid
    before = harness.entry()
    for event in (11, 31, 40, 41):
        assert harness.journal.note_webhook(notification(event, harness, sid)) is NotificationEffect.NOTHING
    assert harness.entry() == before, "it is over"
    assert len(harness.recordings) == 1


def test_an_end_that_is_replayed_costs_one_query(harness: FleetHarness) -> None:
    harness.order()
    harness.advance()
    sid = str(harness.entry().sid)
    for _ in range(300):
        harness.journal.note_webhook(notification(11, harness, sid))
    queries = harness.calls("query_recording")
    harness.advance()
    assert harness.calls("query_recording") == queries + 1


@pytest.mark.parametrize("chunk", [1, 1 << 16])
def test_a_body_without_end_is_refused_at_a_megabyte_with_little_memory(harness: FleetHarness, chunk: int) -> None:
    application, sent, received = webhooks.app(harness.journal, secret=SECRET), [], 0

    async def receive() -> Any:
        nonlocal received
        received += chunk
        return {"type": "http.request", "body": b"x" * chunk, "more_body": True}

    async def send(message: Any) -> None:
        sent.append(message)

    if chunk > 1:
        tracemalloc.start()
    asyncio.run(application({"type": "http", "method": "POST", "headers": []}, receive, send))
    if chunk > 1:
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert peak < 8 << 20
    assert sent[0]["status"] == 413
    assert received <= webhooks.LARGEST + chunk


def test_connections_that_send_nothing_or_drip_do_not_keep_notifications_out(
    harness: FleetHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_webhook_server, "HEAD_TIMEOUT", 0.5)
    monkeypatch.setattr(_webhook_server, "MAX_CONNECTIONS", 200)
    lost(harness)
    body = body_of(40, harness.running[0].sid, at=harness.clock.now())
    with served(webhooks.app(harness.journal, secret=SECRET)) as port, ExitStack() as stack:
        idle = [stack.enter_context(socket.create_connection(("127.0.0.1", port))) for _ in range(300)]
        for connection in idle[::2]:
            connection.sendall(b"POST / HTTP/1.1\r\nhost: x\r\nx-drip: ")
        statuses, until = [], time.monotonic() + 120
        while 200 not in statuses and time.monotonic() < until:
            for connection in idle[::2]:
                try:
                    connection.sendall(b"x")
                except OSError:
                    continue
            statuses.append(httpx.post(f"http://127.0.0.1:{port}/", content=body, headers=signed(body)).status_code)
            time.sleep(0.05)
        assert set(statuses) <= {200, 503}
        assert statuses[-1] == 200, "connections that send nothing keep the notification out"
    assert harness.entry().sid == harness.running[0].sid


@contextmanager
def served(application: Any) -> Iterator[int]:
    """`application` as the command serves it; gives the port."""
    server = _webhook_server.server_of(application)
    server.install_signal_handlers = lambda: None  # type: ignore[attr-defined]  # of older versions
    with socket.create_server(("127.0.0.1", 0), backlog=1024) as listening:
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        try:
            while not server.started:
                time.sleep(0.01)
            yield listening.getsockname()[1]
        finally:
            server.should_exit = True
            thread.join()
