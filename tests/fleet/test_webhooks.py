"""Notifications: nobody but Agora is heard, and what they tell ends in the journal where it belongs."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import logging
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from agora_rest import ConfigurationError
from agora_rest.fleet import Ended, Journal, Notification, NotificationEffect, State, Timings, webhooks
from agora_rest.fleet.webhooks import BadSignature, Event, Malformed, read
from tests.fleet.harness import KEY, Crash, FleetHarness, Fuse, new_file

SECRET = "planted-webhook-secret"
SID = "a" * 32

# Agora's own example of both signatures, of a body in the older form.
EXAMPLE = (
    b'{"eventMs":1560408533119,"eventType":10,"noticeId":"4eb720f0-8da7-11e9-a43e-53f411c2761f",'
    b'"notifyMs":1560408533119,"payload":{"a":"1","b":2},"productId":1}'
)
EXAMPLE_SIGNATURES = {
    "Agora-Signature": "033c62f40f687675f17f0f41f91a40c71c0f134c",
    "Agora-Signature-V2": "6d3320c60b11101395b7fc8f9068748808a0aa1bfa064438e39d1bc2c7d74d99",
}


def body_of(event: int, sid: str = SID, *, at: float = 0.0, **payload: Any) -> bytes:
    """A notification as Agora sends it."""
    told = {"cname": "room", "uid": "7", "sid": sid, "sequence": 1, "sendts": int(at * 1000), "serviceType": 1}
    notification = {"noticeId": "31aeb35a", "productId": 3, "eventType": event, "notifyMs": int(at * 1000) + 90}
    return json.dumps({**notification, "payload": {**told, "details": {}, **payload}}).encode()


def signed(body: bytes, secret: str = SECRET) -> dict[str, str]:
    return {
        "Agora-Signature": hmac.new(secret.encode(), body, hashlib.sha1).hexdigest(),
        "Agora-Signature-V2": hmac.new(secret.encode(), body, hashlib.sha256).hexdigest(),
    }


def died_in_the_start(harness: FleetHarness) -> None:
    """It runs, and the worker that started it died before the answer with the sid was there."""
    harness.order()
    with pytest.raises(Crash):
        harness.advance(fuse=Fuse(6))
    assert len(harness.running) == 1


def lost(harness: FleetHarness) -> None:
    """It runs, and the repeated start has told that it does, but not its sid."""
    died_in_the_start(harness)
    harness.until_due()
    harness.advance()
    assert (harness.entry().state, harness.entry().sid) == (State.LOST, None)


def notification(event: int, harness: FleetHarness, sid: str = SID, **changes: Any) -> Notification:
    values: dict[str, Any] = {"channel": "room", "uid": "7", "at": harness.clock.now()}
    return Notification(event=event, sid=sid, **{**values, **changes})


# Who is heard


@pytest.mark.parametrize("name", EXAMPLE_SIGNATURES)
def test_agoras_own_example_is_accepted_with_either_signature(name: str) -> None:
    assert read(EXAMPLE, {name: EXAMPLE_SIGNATURES[name]}, secret="secret") is None, "it is another product's"


@given(body=st.binary(max_size=200), other=st.binary(max_size=200), secret=st.text(min_size=1, max_size=40))
@settings(deadline=None)
def test_nothing_is_read_that_was_signed_for_another_body_or_with_another_secret(
    body: bytes, other: bytes, secret: str
) -> None:
    assume(body != other and secret != SECRET)
    for headers in (signed(other), signed(body, secret)):
        with pytest.raises(BadSignature) as caught:
            read(body, headers, secret=SECRET)
        assert SECRET not in str(caught.value)


@given(
    headers=st.dictionaries(st.sampled_from([*EXAMPLE_SIGNATURES, "X-Other"]), st.text(max_size=80)),
)
@settings(deadline=None)
def test_made_up_signatures_are_refused(headers: dict[str, str]) -> None:
    with pytest.raises(BadSignature):
        read(body_of(40), headers, secret=SECRET)


def test_the_weaker_signature_does_not_help_where_the_stronger_is_wrong() -> None:
    body = body_of(40)
    with pytest.raises(BadSignature, match="agora-signature-v2"):
        read(body, {**signed(body), "Agora-Signature-V2": "0" * 64}, secret=SECRET)


def test_an_empty_secret_lets_nobody_in(harness: FleetHarness) -> None:
    body = body_of(40)
    with pytest.raises(ConfigurationError, match="empty"):
        read(body, signed(body, ""), secret="")
    with pytest.raises(ConfigurationError, match="empty"):
        webhooks.app(harness.journal, secret="")


# What is read

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@given(
    body=st.binary(max_size=300)
    | JSON.map(lambda value: json.dumps(value).encode())
    | st.fixed_dictionaries(
        {"productId": st.just(3), "eventType": JSON | st.sampled_from(Event)},
        optional={
            "payload": JSON
            | st.fixed_dictionaries({name: JSON | st.text(min_size=1) for name in ("cname", "uid", "sid", "sendts")})
        },
    ).map(lambda value: json.dumps(value).encode())
)
@settings(deadline=None)
def test_whatever_is_signed_is_read_or_refused_as_malformed(body: bytes) -> None:
    try:
        found = read(body, signed(body), secret=SECRET)
    except Malformed:
        return
    assert found is None or (found.channel and found.uid and found.sid)


def test_a_notification_is_read_with_everything_it_tells() -> None:
    body = body_of(41, at=1_800_000_000.25, details={"msgName": "recorder_leave", "leaveCode": 4})
    found = read(body, {name.lower(): value for name, value in signed(body).items()}, secret=SECRET)
    assert found is not None
    assert (found.event, found.channel, found.uid, found.sid) == (Event.RECORDER_LEFT, "room", "7", SID)
    assert (found.at, found.details["leaveCode"], found.is_ended) == (1_800_000_000.25, 4, True)


# What is noted


def test_201_without_sid__the_recording_gets_its_sid_and_is_stopped_by_it_with_its_files(harness: FleetHarness) -> None:
    lost(harness)
    sid = harness.running[0].sid
    assert harness.journal.note_webhook(notification(40, harness, sid)) is NotificationEffect.SID
    assert harness.journal.note_webhook(notification(40, harness, sid)) is NotificationEffect.NOTHING, "once is enough"
    entry = harness.drive()
    assert (entry.state, entry.ended, entry.sid) == (State.DONE, Ended.STOPPED, sid)
    assert entry.files
    assert harness.calls("create_kicking_rule") == 0


def test_a_notification_that_comes_before_the_repeated_start_makes_it_needless(harness: FleetHarness) -> None:
    died_in_the_start(harness)
    assert harness.journal.note_webhook(notification(42, harness, harness.running[0].sid)) is NotificationEffect.SID
    entry = harness.drive()
    assert (entry.state, entry.ended) == (State.DONE, Ended.STOPPED)
    assert harness.calls("start_recording") == 1


def test_a_sid_that_comes_while_the_start_is_repeated_is_not_thrown_away(harness: FleetHarness) -> None:
    died_in_the_start(harness)
    sid, fuse = harness.running[0].sid, Fuse()
    effect: list[NotificationEffect] = []

    def moment() -> None:
        fuse.passed += 1
        if harness.calls("start_recording") == 2 and not effect:  # it has been told that it runs already
            effect.append(harness.journal.note_webhook(notification(40, harness, sid)))

    fuse.moment = moment  # type: ignore[method-assign]
    harness.until_due()
    harness.advance(fuse=fuse)
    assert (effect, harness.entry().sid) == ([NotificationEffect.SID], sid)
    assert harness.drive().ended is Ended.STOPPED


def test_a_sid_that_comes_after_a_probe_is_used_with_the_resource_id_that_it_belongs_to(harness: FleetHarness) -> None:
    died_in_the_start(harness)
    harness.clock.advance(301)
    harness.advance()  # acquires another resource ID, and its start is refused: the recorder records already
    assert harness.entry().state is State.LOST
    assert harness.journal.note_webhook(notification(43, harness, harness.running[0].sid)) is NotificationEffect.SID
    entry = harness.drive()
    assert (entry.state, entry.ended) == (State.DONE, Ended.STOPPED)
    assert harness.calls("create_kicking_rule") == 0


@pytest.mark.parametrize("event", [11, 31, 32, 41])
def test_it_ends_by_itself__a_webhook_tells_long_before_the_next_query(harness: FleetHarness, event: int) -> None:
    harness.timings = Timings(query_every=1800)
    harness.order(config=None, stop_at=harness.clock.now() + 7200)  # an idle time of 30 seconds, and nobody is there
    for _ in range(2):
        harness.until_due()
        harness.advance()
    assert (harness.entry().next_at or 0) > harness.clock.now() + 1000
    harness.clock.advance(60)
    assert harness.running == []
    assert (
        harness.journal.note_webhook(notification(event, harness, str(harness.entry().sid))) is NotificationEffect.DUE
    )
    assert harness.journal.due() == [harness.entry().id]
    entry = harness.drive()
    assert (entry.state, entry.ended) == (State.DONE, Ended.BY_ITSELF)
    assert entry.files == (harness.recordings[0].index_file,)
    assert harness.clock.now() < (entry.started_at or 0) + 200


def test_an_end_that_is_told_while_it_is_in_hand_is_looked_at_when_it_is_put_back(harness: FleetHarness) -> None:
    harness.order(stop_at=harness.clock.now() + 7200)
    harness.advance()
    harness.until_due()
    fuse = Fuse()

    def moment() -> None:
        fuse.passed += 1
        if fuse.passed == 2:  # the query's answer is there, and not yet written down
            assert (
                harness.journal.note_webhook(notification(11, harness, str(harness.entry().sid)))
                is NotificationEffect.DUE
            )

    fuse.moment = moment  # type: ignore[method-assign]
    harness.advance(fuse=fuse)
    assert harness.entry().next_at == harness.clock.now()


def test_a_fatal_error_is_a_reason_to_look_and_another_error_is_none(harness: FleetHarness) -> None:
    harness.order(stop_at=harness.clock.now() + 7200)
    harness.advance()
    sid = str(harness.entry().sid)
    assert (
        harness.journal.note_webhook(notification(1, harness, sid, details={"errorLevel": 3}))
        is NotificationEffect.NOTHING
    )
    assert (
        harness.journal.note_webhook(notification(1, harness, sid, details={"errorLevel": 5})) is NotificationEffect.DUE
    )


@pytest.mark.parametrize(
    "changes",
    [
        {"channel": "another room"},
        {"uid": "8"},
        {"event": 33},  # an upload may be an earlier recording's
        {"event": 11},
        {"event": 12345},
        {"at": 0.0},  # before this one had acquired anything
    ],
    ids=str,
)
def test_a_lost_recording_gets_no_sid_from_what_need_not_be_about_it(
    harness: FleetHarness, changes: dict[str, Any]
) -> None:
    lost(harness)
    event = changes.pop("event", 40)
    assert harness.journal.note_webhook(notification(event, harness, **changes)) is NotificationEffect.NOTHING
    assert harness.entry().sid is None


def test_a_sid_of_an_earlier_recording_of_the_same_channel_is_known_as_that(harness: FleetHarness) -> None:
    harness.order("earlier", stop_at=harness.clock.now() + 60)
    earlier = harness.drive("earlier")
    assert earlier.state is State.DONE
    died_in_the_start(harness)
    assert harness.journal.note_webhook(notification(43, harness, str(earlier.sid))) is NotificationEffect.NOTHING
    assert harness.entry().sid is None


def test_a_recording_that_is_not_in_doubt_gets_no_sid(harness: FleetHarness) -> None:
    harness.order()
    harness.inject("status", "start_recording", status=429)
    harness.advance()
    assert (harness.entry().state, harness.entry().maybe_started) == (State.ACQUIRED, False)
    assert harness.journal.note_webhook(notification(40, harness)) is NotificationEffect.NOTHING
    assert harness.entry().sid is None


def test_where_two_could_be_meant_none_gets_the_sid_unless_the_project_is_named(
    tmp_path: Path, journal_url: str
) -> None:
    harness = FleetHarness(tmp_path, url=journal_url)
    for key, app_id in ((KEY, None), ("other", "f" * 32)):
        harness.order(key, **({} if app_id is None else {"app_id": app_id}))
        with harness.journal.engine.begin() as connection:
            connection.exec_driver_sql(
                f"UPDATE agora_recordings SET state = 'lost', maybe_started = true, resource_id = 'r', acquired_at = 1 "
                f"WHERE key = '{key}'"
            )
    assert harness.journal.note_webhook(notification(40, harness)) is NotificationEffect.AMBIGUOUS
    assert [harness.entry(key).sid for key in (KEY, "other")] == [None, None]
    assert harness.journal.note_webhook(notification(40, harness), app_id="f" * 32) is NotificationEffect.SID
    assert [harness.entry(key).sid for key in (KEY, "other")] == [None, SID]
    harness.journal.close()


# The application


Post = Callable[..., httpx.Response]


@pytest.fixture
def post(harness: FleetHarness) -> Post:
    """Sends to the application what a test wants sent."""
    application = webhooks.app(harness.journal, secret=SECRET)

    def send(body: bytes, headers: dict[str, str] | None = None, method: str = "POST") -> httpx.Response:
        async def run() -> httpx.Response:
            transport = httpx.ASGITransport(app=application)
            async with httpx.AsyncClient(transport=transport, base_url="http://hooks") as client:
                sent = signed(body) if headers is None else headers
                return await client.request(method, "/anywhere", content=body, headers=sent)

        return asyncio.run(run())

    return send


def test_a_notification_over_http_ends_in_the_journal(harness: FleetHarness, post: Post, caplog: Any) -> None:
    lost(harness)
    body = body_of(40, harness.running[0].sid, at=harness.clock.now())
    with caplog.at_level(logging.DEBUG):
        for _ in range(2):  # Agora repeats what was not answered in time
            response = post(body)
            assert (response.status_code, response.json()) == (200, {})
    assert harness.entry().sid == harness.running[0].sid
    assert harness.drive().ended is Ended.STOPPED
    assert SECRET not in caplog.text


def test_what_is_not_signed_or_not_json_is_refused_without_an_echo(post: Post) -> None:
    unsigned, garbage = post(body_of(40), {}), post(b"planted garbage")
    assert (unsigned.status_code, garbage.status_code) == (401, 400)
    assert "planted" not in unsigned.text + garbage.text
    assert post(b"[]").status_code == 400
    assert post(b"", method="GET", headers={}).headers["allow"] == "POST"
    assert post(b" " * (1 << 20) + b" ").status_code == 413


def test_refused_notifications_leave_a_few_warnings_without_anything_of_the_request(post: Post, caplog: Any) -> None:
    body = body_of(11)
    for _ in range(100):
        assert post(body, signed(body, "another-secret")).status_code == 401
    warnings = [record.getMessage() for record in caplog.records if record.levelno == logging.WARNING]
    assert [warning.split(":")[1].split()[-1] for warning in warnings] == ["1", "10", "100"]
    assert "the secret is not the one" in warnings[0]
    assert "another-secret" not in caplog.text
    assert SECRET not in caplog.text
    assert SID not in caplog.text


def test_a_secret_with_a_line_end_is_refused_by_name(harness: FleetHarness) -> None:
    with pytest.raises(ConfigurationError, match="white space"):
        webhooks.app(harness.journal, secret=f"{SECRET}\n")


def test_a_body_that_never_ends_gets_408(harness: FleetHarness, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(webhooks, "BODY_TIMEOUT", 0.01)
    sent: list[Any] = []

    async def receive() -> Any:
        await asyncio.sleep(0)
        return {"type": "http.request", "body": b"", "more_body": True}

    async def send(message: Any) -> None:
        sent.append(message)

    application = webhooks.app(harness.journal, secret=SECRET)
    asyncio.run(application({"type": "http", "method": "POST", "headers": []}, receive, send))
    assert sent[0]["status"] == 408


def test_what_is_about_something_else_is_taken_and_ignored(post: Post) -> None:
    for body in (EXAMPLE, body_of(12345), body_of(40), b"{}", b'{"productId": 3, "eventType": 40, "payload": null}'):
        assert post(body).status_code == 200


def test_a_journal_that_is_away_lets_agora_send_it_again(tmp_path: Any) -> None:
    with Journal(new_file(tmp_path)) as journal:
        (tmp_path / "recordings.db").write_bytes(b"not a database any more" * 1000)
        application = webhooks.app(journal, secret=SECRET)

        async def status(event: int) -> int:
            body = body_of(event)
            transport = httpx.ASGITransport(app=application)
            async with httpx.AsyncClient(transport=transport, base_url="http://hooks") as client:
                return (await client.post("/", content=body, headers=signed(body))).status_code

        journal.engine.dispose()
        assert asyncio.run(status(40)) == 503
        assert asyncio.run(status(33)) == 200, "what tells nothing here does not need the journal"


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM], ids=str)
def test_the_command_receives_until_it_is_interrupted(harness: FleetHarness, ending: signal.Signals) -> None:
    lost(harness)
    url = harness.journal.engine.url.render_as_string(hide_password=False)
    environment = {**os.environ, "AGORA_JOURNAL": url, "AGORA_WEBHOOK_SECRET": SECRET, "PYTHONUNBUFFERED": "1"}
    command = [sys.executable, "-c", "from agora_rest.cli import main; main()", "fleet", "webhooks", "--port", "0"]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
    with subprocess.Popen(command, env=environment, text=True, **pipes) as process:  # type: ignore[call-overload]
        said = process.stdout.readline()
        address = said.split()[3]
        body = body_of(40, harness.running[0].sid, at=harness.clock.now())
        assert httpx.post(address, content=body, headers=signed(body)).status_code == 200
        assert httpx.post(address, content=body).status_code == 401
        process.send_signal(ending)
        said += process.communicate(timeout=200)[0]
    assert (process.returncode, said.count("\n")) == (0, 2), said  # its address, and the one refusal
    assert SECRET not in said
    assert harness.entry().sid == harness.running[0].sid
