"""Every secret of a fleet is planted at once, and nothing that is kept, logged, shown or raised contains one."""

from __future__ import annotations

import asyncio
import base64
import logging
import traceback
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest

from agora_rest import QiniuStorage
from agora_rest.cli._json import dumped, to_json
from agora_rest.emulator import DEFAULT_CUSTOMER_CERTIFICATE, DEFAULT_CUSTOMER_ID
from agora_rest.errors import AgoraError
from agora_rest.fleet import Journal, State, webhooks
from tests.fleet.harness import KEY, FleetHarness, new_file
from tests.fleet.test_webhooks import body_of, signed

STORAGE = QiniuStorage(region=0, bucket="lessons", access_key="planted-access-key", secret_key="planted/secret+key")
TOKEN = "planted-recorder-token"
PASSWORD = "planted password"
WEBHOOK = "planted-webhook-secret"
SECRETS = [
    "planted-access-key",
    "planted/secret+key",
    TOKEN,
    PASSWORD,
    WEBHOOK,
    DEFAULT_CUSTOMER_CERTIFICATE,
    base64.b64encode(f"{DEFAULT_CUSTOMER_ID}:{DEFAULT_CUSTOMER_CERTIFICATE}".encode()).decode(),
]
IN_EVERY_REQUEST = " ".join(SECRETS[-2:])
IN_A_START = " ".join(secret for secret in SECRETS if secret != WEBHOOK)
"""A server repeats the secrets of a request. Those that only an earlier request had are beyond what is hidden."""


def found_in(text: str | bytes) -> list[str]:
    content = text.encode() if isinstance(text, str) else text
    return [secret for secret in SECRETS if secret.encode() in content]


@contextmanager
def tracing(seen: list[str]) -> Iterator[None]:
    """Every log record, with its traceback, and every error that leaves the block, with the locals of its frames."""

    class Handler(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            seen.append(logging.Formatter("%(name)s %(message)s").format(record))

    handler, root = Handler(), logging.getLogger()
    level = root.level
    ours = [logging.getLogger(name) for name in ("agora_rest", "sqlalchemy", "alembic", "httpx", "httpcore")]
    levels = [logger.level for logger in ours]
    root.addHandler(handler)
    for logger in (root, *ours):
        logger.setLevel(logging.DEBUG)
    try:
        yield
    finally:
        root.removeHandler(handler)
        root.setLevel(level)
        for logger, before in zip(ours, levels, strict=True):
            logger.setLevel(before)


async def work(harness: FleetHarness, keys: list[str], seen: list[str]) -> None:
    """Advance recordings through successes, refusals and lost responses, all of them with the secrets."""
    resolvers: dict[str, Any] = {"tokens": lambda *_: TOKEN, "secrets": lambda _: PASSWORD}
    async with harness.at_work(**resolvers) as fleet:
        for _ in range(60):
            live = [key for key in keys if not harness.entry(key).state.is_final]
            if not live:
                break
            key = min(live, key=lambda name: harness.entry(name).next_at or 0.0)
            harness.until_due(key)
            entry = await fleet.advance(key)
            seen += [repr(entry), str(entry), repr(fleet), dumped(to_json(entry), ascii_only=True, indent=None)]


async def receive(journal: Journal, sid: str, seen: list[str]) -> None:
    """Notifications: valid, forged, malformed, and with a secret in them."""
    application = webhooks.app(journal, secret=WEBHOOK)
    transport = httpx.ASGITransport(app=application)
    valid = body_of(40, sid)
    async with httpx.AsyncClient(transport=transport, base_url="http://hooks") as client:
        for body, headers in (
            (valid, signed(valid, WEBHOOK)),
            (valid, {"agora-signature-v2": WEBHOOK}),
            (WEBHOOK.encode(), signed(WEBHOOK.encode(), WEBHOOK)),
        ):
            seen.append((await client.post("/", content=body, headers=headers)).text)


def live_through_everything(harness: FleetHarness) -> list[str]:
    """What was logged, shown and raised while recordings with secrets met every kind of trouble."""
    harness.storages = {"bucket": STORAGE}.__getitem__
    keys, seen = [f"lesson-{number}" for number in range(8)], []
    with tracing(seen):
        for number, key in enumerate(keys):
            harness.order(key, channel=f"room-{number}", uid=number + 1, secret="of the channel")
        for operation in ("acquire", "start_recording", "query_recording", "stop_recording"):
            echo = IN_A_START if operation == "start_recording" else IN_EVERY_REQUEST
            body = {"code": 500, "reason": echo, "message": echo}
            harness.inject("status", operation, status=500, body=body, times=2)
            harness.inject("cut_after", operation, times=1)
            harness.inject("status", operation, status=503, body=f"<html>{echo}</html>", times=1)
        refused = {"code": 2, "reason": IN_A_START}
        harness.inject("status", "start_recording", status=400, body=refused, times=2)
        asyncio.run(work(harness, keys, seen))
        asyncio.run(receive(harness.journal, "a" * 32, seen))
        seen += [repr(harness.journal), repr(harness.journal.overview())]
        seen += [dumped(to_json(entry), ascii_only=True, indent=None) for entry in harness.journal.entries()]
        for attempt in (lambda: harness.order("bad", extra={"token": TOKEN}), lambda: harness.journal.get(-1)):
            try:
                attempt()
            except AgoraError as error:
                shown = traceback.TracebackException.from_exception(error)
                seen += [str(error), repr(error), "".join(shown.format())]
    assert harness.running == []
    assert {entry.state for entry in harness.journal.entries()} & {State.DONE, State.UNKNOWN}
    return seen


def leaks(seen: list[str]) -> list[tuple[str, str]]:
    return [(secret, text[:300]) for text in seen for secret in found_in(text)]


def in_files(contents: Mapping[Path, bytes]) -> list[tuple[str, str]]:
    return [(path.name, secret) for path, content in contents.items() for secret in found_in(content)]


def test_no_secret_is_logged_shown_or_in_the_bytes_of_a_sqlite_journal(tmp_path: Path) -> None:
    harness = FleetHarness(tmp_path, url=new_file(tmp_path))
    seen = live_through_everything(harness)
    while_open = {path: path.read_bytes() for path in tmp_path.iterdir()}
    harness.journal.close()
    closed = {path: path.read_bytes() for path in tmp_path.iterdir()}
    assert len(seen) > 200
    assert leaks(seen) == []
    assert any(path.name.endswith("-wal") for path in while_open), "the log of SQLite was not looked at"
    assert KEY.encode() in b"".join(while_open.values())
    assert [
        (name, found_in(data)) for files in (while_open, closed) for name, data in files.items() if found_in(data)
    ] == []


@pytest.mark.slow
def test_no_secret_is_in_the_files_of_a_postgresql_journal(tmp_path: Path, postgresql: Any) -> None:
    url = postgresql.database()
    with Journal(url, check=False) as journal:
        journal.migrate()
    harness = FleetHarness(tmp_path, url=url)
    seen = live_through_everything(harness)
    password = harness.journal.engine.url.password
    harness.journal.close()
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute("CHECKPOINT")
    files = [path for path in postgresql.directory.rglob("*") if path.is_file() and path.name != "password"]
    contents = {path: path.read_bytes() for path in files}
    assert leaks(seen) == []
    assert [text for text in seen if str(password) in text] == []
    assert any(b"lesson-3" in content for content in contents.values()), "the rows were not looked at"
    assert in_files(contents) == []
