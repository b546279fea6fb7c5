"""The client, in both forms, against the emulator on a real port, in all dialects."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from agora_rest import (
    AgoraError,
    AlreadyRecording,
    AuthenticationFailed,
    ConnectionFailed,
    InvalidAppId,
    MalformedResponse,
    MixedVideoLayout,
    NotFound,
    ProjectStatus,
    RateLimited,
    RecorderBusy,
    RecordingConfig,
    RecordingStatus,
    ResourceExpired,
    ResourceMismatch,
    ResourceUndecodable,
    ResourceUsed,
    Role,
    S3Region,
    S3Storage,
    ServerError,
    StartedRecording,
    TimedOut,
    TranscodingConfig,
    UploadingStatus,
    spec,
)
from agora_rest.client._transports.listening import listening
from agora_rest.contract.samples import Ids, Sample
from agora_rest.emulator import (
    DEFAULT_CUSTOMER_CERTIFICATE,
    DEFAULT_CUSTOMER_ID,
    DEMO_APP_ID,
    DEMO_ID,
    Emulator,
    Fault,
    FrozenClock,
    Minutes,
)
from contract_tests.calls import CALLS
from contract_tests.tour import tour
from tests.client.conftest import AsyncForward, Client, Forward
from tests.client.sockets import HASTE

STORAGE = S3Storage(region=S3Region.EU_WEST_1, bucket="lessons", access_key="planted-key", secret_key="planted-secret")
CONFIG = RecordingConfig(
    max_idle_time=60,
    transcoding_config=TranscodingConfig(width=1080, height=1920, mixed_video_layout=MixedVideoLayout.VERTICAL),
)
CHANNEL = "lesson 42: a+b=100%?"
RECORDER = 527841
IN_BOTH_DIALECTS = pytest.mark.parametrize("dialect", ["documented", "observed"])
"""Of 2019."""
IN_ALL_DIALECTS = pytest.mark.parametrize("dialect", spec.DIALECTS)


class Wire:
    """An emulator, and clients of it whose waiting moves its clock."""

    def __init__(self, emulator: Emulator, url: str, form: str) -> None:
        self.emulator = emulator
        self.options = {
            "customer_id": DEFAULT_CUSTOMER_ID,
            "customer_certificate": DEFAULT_CUSTOMER_CERTIFICATE,
            "base_url": url,
            "clock": self._clock(form),
        }
        self.form = form
        self.client = Client(form, **self.options)

    def __call__(self, use: Any) -> Any:
        return self.client(use)

    def app(self, use: Any) -> Any:
        return self.client(lambda agora: use(agora.app(DEMO_APP_ID)))

    def fails(self, use: Any, kind: type[AgoraError]) -> Any:
        with pytest.raises(kind) as caught:
            self.app(use)
        assert type(caught.value) is kind
        return caught.value

    def _clock(self, form: str) -> Any:
        emulator = self.emulator

        class Moving(Forward):
            def sleep(self, seconds: float) -> None:
                super().sleep(seconds)
                emulator.clock.advance(seconds)

        class AsyncMoving(AsyncForward):
            async def sleep(self, seconds: float) -> None:
                await super().sleep(seconds)
                emulator.clock.advance(seconds)

        return Moving() if form == "sync" else AsyncMoving()


@pytest.fixture(params=["sync", "async"])
def form(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def dialect() -> str:
    return "documented"


@pytest.fixture
def wire(form: str, dialect: str) -> Iterator[Wire]:
    """With AGORA_TEST_PROXY=URL and AGORA_TEST_PROXIED=PORT (scripts/prism.py), there is a proxy between the two."""
    emulator = Emulator(dialect=dialect, rate_limit=False)
    with emulator.serve(port=int(os.environ.get("AGORA_TEST_PROXIED", "0"))) as server:
        yield Wire(emulator, os.environ.get("AGORA_TEST_PROXY", server.url), form)


@IN_ALL_DIALECTS
def test_every_operation_succeeds(wire: Wire, dialect: spec.Dialect) -> None:
    def send(call: Sample) -> Any:
        with listening() as responses:
            wire(lambda agora: CALLS[call.operation](agora, call))
        return responses[-1].json

    wire.emulator.join(DEMO_APP_ID, CHANNEL, 7)
    tour(send, Ids(app_id=DEMO_APP_ID, channel=CHANNEL), edition=spec.edition_of(dialect))
    assert {entry["status"] // 100 for entry in wire.emulator.requests()} == {2}


@IN_ALL_DIALECTS
def test_a_recording_is_made_from_start_to_stop(wire: Wire) -> None:
    wire.emulator.join(DEMO_APP_ID, CHANNEL, 7)
    recording = wire.client.record(
        lambda recording: recording.wait_until_started(),
        app_id=DEMO_APP_ID,
        channel=CHANNEL,
        uid=RECORDER,
        storage=STORAGE,
        config=CONFIG,
    )
    assert recording.status in (RecordingStatus.RECORDER_READY, RecordingStatus.RECORDING)
    assert recording.uploading_status is UploadingStatus.UPLOADED
    assert [file.name.endswith(".m3u8") for file in recording.files] == [True]
    assert "planted" not in str(wire.emulator.requests())


@IN_BOTH_DIALECTS
def test_projects_are_created_found_changed_and_deleted(wire: Wire) -> None:
    created = wire(lambda agora: agora.projects.create("projectx", enable_sign_key=True))
    assert (created.name, created.enabled, bool(created.sign_key)) == ("projectx", True, True)
    assert abs(created.created - datetime.now(UTC)) < timedelta(hours=1)
    listed = wire(lambda agora: agora.projects.list())
    assert created in listed
    assert [project.name for project in listed] == ["demo", "projectx"]
    assert wire(lambda agora: agora.projects.find(id=created.id)) == created
    assert wire(lambda agora: agora.projects.find(name="projectx")) == created
    assert wire(lambda agora: agora.projects.find(id=created.id, name="projectx")) == created
    wire(lambda agora: agora.projects.set_recording_server(created, "10.12.1.5:8080"))
    wire(lambda agora: agora.projects.reset_certificate(created))
    changed = wire(lambda agora: agora.projects.find(id=created.id))
    assert changed.recording_server == "10.12.1.5:8080"
    assert changed.sign_key not in ("", created.sign_key)
    wire(lambda agora: agora.projects.enable_certificate(created, enable=False))
    assert wire(lambda agora: agora.projects.disable(created)).status is ProjectStatus.DISABLED
    with pytest.raises(NotFound, match="project not exit"):
        wire(lambda agora: agora.projects.reset_certificate(created))
    assert wire(lambda agora: agora.projects.enable(created)).enabled
    wire(lambda agora: agora.projects.delete(created))
    with pytest.raises(NotFound):
        wire(lambda agora: agora.projects.find(id=created.id))


@IN_BOTH_DIALECTS
def test_usage_is_what_was_seeded(wire: Wire) -> None:
    first, last = date(2020, 1, 1), date(2020, 1, 31)
    wire.emulator.seed_minutes(DEMO_ID, first, Minutes(audio=20, sd=100, hd=132, hdp=225))
    wire.emulator.seed_metrics(DEMO_ID, last, {"durationCloudRecording": 61.5}, business="cloudRecording")
    (of_demo,) = wire(lambda agora: agora.usage.minutes(first, last, projects=[DEMO_ID, "unknown"]))
    assert (of_demo.project, len(of_demo.daily)) == (DEMO_ID, 31)
    day = of_demo.daily[0]
    assert (day.date, day.audio, day.sd, day.hd, day.hdp) == (first, 20, 100, 132, 225)
    assert [item.project for item in wire(lambda agora: agora.usage.minutes(first, last))] == [DEMO_ID]
    metrics = wire(lambda agora: agora.usage.metrics(DEMO_ID, first, last, business="cloudRecording"))
    assert metrics.meta["durationCloudRecording"].unit == "second"
    assert metrics.days[-1].usage["durationCloudRecording"] == 61.5
    assert metrics.days[-1].date == datetime(2020, 1, 31, tzinfo=UTC)


@IN_BOTH_DIALECTS
def test_rules_are_created_extended_and_lifted(wire: Wire) -> None:
    ban = wire.app(lambda app: app.kicking_rules.ban(channel=CHANNEL, uid=9, minutes=2000))
    (rule,) = wire.app(lambda app: app.kicking_rules.list())
    assert (rule.id, rule.app_id, rule.channel, rule.uid, rule.ip) == (ban.id, DEMO_APP_ID, CHANNEL, 9, None)
    assert rule.ends_at - rule.created_at == timedelta(minutes=1440)
    extended = wire.app(lambda app: app.kicking_rules.extend(rule, minutes=10))
    assert extended.id == ban.id
    assert extended.ends_at is not None
    assert extended.ends_at < rule.ends_at
    wire.app(lambda app: app.kicking_rules.lift(ban))
    assert wire.app(lambda app: app.kicking_rules.list()) == ()
    for whom in ({"ip": "10.0.0.1"}, {"uid": 9}, {"channel": "other"}):
        wire.app(lambda app, whom=whom: app.kicking_rules.kick(**whom))


@IN_BOTH_DIALECTS
def test_channels_and_their_users_are_listed(wire: Wire) -> None:
    wire.emulator.join(DEMO_APP_ID, CHANNEL, 7)
    wire.emulator.join(DEMO_APP_ID, "live", 8, role=2)
    wire.emulator.join(DEMO_APP_ID, "live", 10, role=3)
    assert wire.app(lambda app: app.channels.users(CHANNEL)).users == (7,)
    live = wire.app(lambda app: app.channels.users("live"))
    assert (live.broadcasters, live.audience, live.audience_total) == ((8,), (10,), 1)
    assert not wire.app(lambda app: app.channels.users("nowhere")).exists
    assert wire.app(lambda app: app.channels.user("live", 8)).role is Role.HOST
    assert not wire.app(lambda app: app.channels.user("live", 99)).in_channel
    page = wire.app(lambda app: app.channels.page(size=1))
    assert (len(page.channels), page.total_size) == (1, 2)
    every = wire.app(lambda app: app.channels.__aiter__() if wire.form == "async" else iter(app.channels))
    assert {(channel.name, channel.user_count) for channel in every} == {(CHANNEL, 1), ("live", 2)}


@IN_BOTH_DIALECTS
def test_the_rules_of_a_recording_come_back_as_their_errors(wire: Wire, dialect: str) -> None:
    wire.emulator.join(DEMO_APP_ID, CHANNEL, 1)  # nothing is recorded of an empty channel
    acquired = wire.app(lambda app: app.recordings.acquire(CHANNEL, RECORDER))
    started = wire.app(lambda app: app.recordings.start(acquired, STORAGE))
    again = wire.fails(lambda app: app.recordings.start(acquired, STORAGE), AlreadyRecording)
    assert (again.status, again.code) == ((400, 1004) if dialect == "documented" else (201, 7))
    other = wire.app(lambda app: app.recordings.acquire(CHANNEL, RECORDER + 1))
    wrong = StartedRecording(resource_id=other.resource_id, sid=started.sid, channel=CHANNEL, uid=str(RECORDER))
    assert wire.fails(lambda app: app.recordings.query(wrong), ResourceMismatch).code == 1003
    forged = StartedRecording(resource_id="forged", sid=started.sid, channel=CHANNEL, uid=str(RECORDER))
    assert wire.fails(lambda app: app.recordings.query(forged), ResourceUndecodable).code == 1001
    wire.app(lambda app: app.recordings.stop(started))
    assert wire.fails(lambda app: app.recordings.start(acquired, STORAGE), ResourceUsed).code == 1005
    wire.emulator.clock.advance(301)
    assert wire.fails(lambda app: app.recordings.start(other, STORAGE), ResourceExpired).code == 433
    busy = wire.app(lambda app: app.recordings.acquire(CHANNEL, RECORDER))
    wire.app(lambda app: app.recordings.start(busy, STORAGE))
    second = wire.app(lambda app: app.recordings.acquire(CHANNEL, RECORDER))
    assert wire.fails(lambda app: app.recordings.start(second, STORAGE), RecorderBusy).code == 53
    with pytest.raises(InvalidAppId):
        wire(lambda agora: agora.app("f" * 32).recordings.acquire(CHANNEL, RECORDER))


@IN_ALL_DIALECTS
@pytest.mark.parametrize(("outcome", "seen"), [("backuped", "backuped"), ("unknown", "unknown")])
def test_where_the_files_are_comes_back_as_the_server_says(outcome: str, seen: str, wire: Wire) -> None:
    wire.emulator.stop_with(outcome)
    wire.emulator.join(DEMO_APP_ID, CHANNEL, 1)  # nothing is recorded of an empty channel
    started = wire.app(lambda app: app.recordings.acquire(CHANNEL, RECORDER))
    recording = wire.app(lambda app: app.recordings.start(started, STORAGE))
    assert wire.app(lambda app: app.recordings.stop(recording)).uploading_status == seen


def test_wrong_credentials_are_refused(wire: Wire) -> None:
    wrong = Client(wire.form, **{**wire.options, "customer_certificate": "wrong"})
    with pytest.raises(AuthenticationFailed):
        wrong(lambda agora: agora.projects.list())
    with pytest.raises(AuthenticationFailed):
        wrong(lambda agora: agora.app(DEMO_APP_ID).recordings.acquire(CHANNEL, 1))


def test_the_eleventh_call_of_a_second_is_refused(form: str) -> None:
    emulator = Emulator(rate_limit=True, clock=FrozenClock())
    with emulator.serve() as server:
        wire = Wire(emulator, server.url, form)
        for _ in range(10):
            wire(lambda agora: agora.projects.list())
        with pytest.raises(RateLimited) as caught:
            wire(lambda agora: agora.projects.create("projectx"))
    assert not caught.value.may_have_taken_effect


@pytest.mark.parametrize(
    ("fault", "kind", "carried_out"),
    [
        (Fault("status", status=500, body={"code": 62, "reason": "service failed"}), ServerError, True),
        (Fault("status", status=502, body="<html><h1>502 Bad Gateway</h1></html>"), ServerError, True),
        (Fault("status", status=429, body={"message": "API rate limit exceeded"}), RateLimited, False),
        (Fault("status", status=520, body=""), ServerError, True),
        (Fault("cut_before"), ConnectionFailed, True),
        (Fault("cut_after"), ConnectionFailed, True),
        (Fault("truncate"), ConnectionFailed, True),
        (Fault("not_json"), MalformedResponse, True),
        (Fault("wrong_shape"), MalformedResponse, True),
        (Fault("delay", seconds=300), TimedOut, True),
    ],
    ids=lambda value: f"{value.kind}-{value.status}" if isinstance(value, Fault) else "",
)
def test_every_fault_is_one_of_our_errors(fault: Fault, kind: type[AgoraError], carried_out: bool, wire: Wire) -> None:
    injected = wire.emulator.inject(fault)
    for timeout in HASTE if fault.kind == "delay" else (60,):
        hasty = Client(wire.form, **{**wire.options, "timeout": timeout})
        with pytest.raises(kind) as caught:
            hasty(lambda agora: agora.projects.create("projectx"))
        if injected.struck:
            break
    assert caught.value.may_have_taken_effect is carried_out  # type: ignore[attr-defined]


def test_a_server_that_is_not_there_is_a_failed_connection(form: str) -> None:
    wire = Wire(Emulator(), "http://127.0.0.1:1", form)
    with pytest.raises(ConnectionFailed) as caught:
        wire(lambda agora: agora.projects.create("projectx"))
    assert not caught.value.may_have_taken_effect
