"""Orders in every mode: what is written down, and that a page, which no kicking rule reaches, is ended all the same."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from agora_rest import (
    IndividualConfig,
    InvalidArgument,
    RecordingConfig,
    SnapshotConfig,
    Subscription,
    TranscodingConfig,
    WebConfig,
)
from agora_rest.emulator import DEMO_APP_ID
from agora_rest.fleet import Ended, Order, State, storage_from_environment
from agora_rest.fleet.notifications import Notification, NotificationEffect
from agora_rest.layouts import grid
from tests.fleet.harness import LESSON, FleetHarness, Fuse

PAGE = "https://example.com/lesson"
INDIVIDUAL = IndividualConfig(
    max_idle_time=86_400,
    subscribe_audio=Subscription.all(),
    subscribe_video=Subscription.only([1, 2]),
    subscribe_uid_group=1,
    snapshot_config=SnapshotConfig(),
    av_file_type=["hls"],
)
MIX = RecordingConfig(
    max_idle_time=86_400, transcoding_config=TranscodingConfig(layout=grid([1, 2])), av_file_type=("hls", "mp4")
)
WEB = WebConfig(url=PAGE, max_recording_hour=2, av_file_type=["hls", "mp4"])
NOT_FOUND = {"code": 404, "reason": "failed to find worker"}


@pytest.fixture
def harness(tmp_path: Path) -> FleetHarness:
    harness = FleetHarness(tmp_path, dialect="current")
    harness.emulator.join(DEMO_APP_ID, "room", 1)
    return harness


def order(**changes: Any) -> Order:
    return Order(**{"app_id": DEMO_APP_ID, "channel": "room", "uid": 7, "storage": "bucket", "config": WEB, **changes})


@pytest.mark.fact("CR-79", "CR-80")
@pytest.mark.parametrize(
    ("config", "mode"), [(INDIVIDUAL, "individual"), (MIX, "mix"), (WEB, "web"), (None, "mix")], ids=str
)
def test_an_order_is_recorded_in_its_mode(config: Any, mode: str, harness: FleetHarness) -> None:
    harness.order(config=config)
    assert harness.entry().mode == mode
    entry = harness.drive()
    assert (entry.state, entry.ended) == (State.DONE, Ended.STOPPED)
    assert entry.files
    (recording,) = harness.emulator.state()["recordings"]
    assert recording["mode"] == mode
    assert harness.calls("create_kicking_rule") == 0


def test_an_order_is_written_down_as_it_is_sent() -> None:
    row = order(config=INDIVIDUAL, extra={"recordingFileConfig": {"avFileType": ["hls"]}, "new": 1}).row(0.0)
    assert row["config"] == {
        "maxIdleTime": 86_400,
        "subscribeAudioUids": ["#allstream#"],
        "subscribeVideoUids": ["1", "2"],
        "subscribeUidGroup": 1,
    }
    files = {"recordingFileConfig": {"avFileType": ["hls"]}}
    assert row["extra"] == {"snapshotConfig": {"fileType": ["jpg"]}, **files, "new": 1}
    assert json.loads(json.dumps(row)) == row


def test_the_same_order_twice_is_one_recording(harness: FleetHarness) -> None:
    assert harness.order(config=MIX) == harness.order(config=MIX)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"config": WebConfig(max_recording_hour=1)}, "url"),
        ({"config": WebConfig(url=PAGE, max_recording_hour=721)}, "resourceExpiredHour|max_recording_hour"),
        ({"config": WebConfig(url=f"{PAGE}?access_token=planted", max_recording_hour=1)}, "config.url must have no"),
        ({"config": WebConfig(url="https://me:planted@a.example/", max_recording_hour=1)}, "config.url must have no"),
        ({"extra": {"page": "https://a.example/#/lesson?sig=planted"}}, "extra must have no"),
        ({"config": WebConfig(url=PAGE, max_recording_hour=1, rtmp_urls=["rtmp://a/planted"])}, "rtmp_urls must not"),
        ({"config": RecordingConfig(decryption_mode=8, salt=b"planted-" * 4), "secret": "name"}, "config.secret must"),
        ({"extra": {"recordingConfig": {"channelType": 1}}}, "belongs to mode individual or mode mix"),
        ({"config": INDIVIDUAL, "channel": "a/b"}, "channel"),
        ({"config": MIX, "extra": {"snapshotConfig": {"fileType": ["jpg"]}}}, "belongs to mode individual"),
    ],
)
def test_an_order_that_could_never_be_started_is_refused(changes: dict[str, Any], words: str) -> None:
    with pytest.raises(InvalidArgument, match=words) as caught:
        order(**changes)
    assert "planted" not in str(caught.value)


@pytest.mark.fact("CR-81")
def test_the_label_of_a_page_need_not_be_the_name_of_a_channel(harness: FleetHarness) -> None:
    harness.order(config=WEB, channel="a label / of no channel")
    assert harness.drive().state is State.DONE


@pytest.mark.fact("CR-86", "CR-132")
def test_a_long_recording_of_a_page_can_be_stopped_until_its_end(harness: FleetHarness) -> None:
    harness.order(config=WebConfig(url=PAGE, max_recording_hour=100))
    harness.advance()
    entries = harness.emulator.session("http://127.0.0.1")["log"]["entries"]
    (sent,) = [
        json.loads(each["request"]["postData"]["text"])
        for each in entries
        if each["request"]["url"].endswith("/acquire")
    ]
    assert sent["clientRequest"] == {"scene": 1, "resourceExpiredHour": 100}


@pytest.mark.parametrize("kind", ["cut_before", "cut_after"])
def test_a_page_whose_start_is_lost_is_stopped_or_waited_for(kind: str, harness: FleetHarness) -> None:
    harness.order(config=WEB)
    harness.inject(kind, operation="start_recording", times=1)
    entry = harness.drive()
    if kind == "cut_before":
        assert (entry.state, entry.ended) == (State.DONE, Ended.STOPPED)
    else:  # the answer to a second start has no sid, so it ends after its two hours
        assert (entry.state, entry.ended) == (State.UNKNOWN, Ended.BY_ITSELF)
        assert harness.clock.now() >= entry.acquired_at + 2 * 3600
    assert harness.running == []
    assert harness.calls("create_kicking_rule") == 0


def test_a_page_that_is_moved_when_it_is_to_be_stopped_is_stopped_later(harness: FleetHarness) -> None:
    entry = harness.order(config=WEB)
    while harness.entry().next_at < entry.stop_at:
        harness.until_due()
        harness.advance()
    harness.until_due()
    harness.emulator.fail_over(harness.entry().sid, 80)
    done = harness.drive()
    assert (done.state, done.ended) == (State.DONE, Ended.STOPPED)
    assert (harness.running, harness.calls("create_kicking_rule")) == ([], 0)


def test_the_stop_of_a_page_is_repeated_until_it_would_have_ended(harness: FleetHarness) -> None:
    harness.order(config=WEB)
    harness.inject("status", operation="stop_recording", status=500, body={"code": 62})
    entry = harness.drive()
    assert entry.ended is Ended.BY_ITSELF
    assert entry.ended_at >= entry.started_at + 2 * 3600
    assert harness.calls("create_kicking_rule") == 0


def test_a_recorder_of_mode_individual_is_put_offline(harness: FleetHarness) -> None:
    harness.order(config=INDIVIDUAL)
    harness.inject("status", operation="stop_recording", status=500, body={"code": 62})
    entry = harness.drive()
    assert entry.ended is Ended.PUT_OFFLINE
    assert harness.running == []


@pytest.mark.slow
@pytest.mark.parametrize("config", [INDIVIDUAL, WEB], ids=["individual", "web"])
def test_whenever_a_process_dies_there_is_one_recording_and_it_ends(config: Any, tmp_path: Path) -> None:
    for at in range(1, 60):
        folder = tmp_path / str(at)
        folder.mkdir()
        harness = FleetHarness(folder, dialect="current")
        harness.emulator.join(DEMO_APP_ID, "room", 1)
        harness.order(config=config)
        fuse = Fuse(at)
        try:
            harness.until_dead(fuse)
        except AssertionError:
            assert fuse.passed > 20, "it was over before anyone died"
            return
        entry = harness.drive()
        assert len(harness.recordings) == 1, f"the one that died at moment {at}"
        assert harness.running == []
        assert entry.state in (State.DONE, State.UNKNOWN)
        assert (entry.next_at, entry.owner) == (None, None)
        if config is WEB:
            assert harness.calls("create_kicking_rule") == 0
        harness.journal.close()
    raise AssertionError("it never ends without a crash")


def test_the_notification_that_a_page_is_recorded_gives_the_sid_of_a_lost_start(harness: FleetHarness) -> None:
    harness.order(config=WEB)
    harness.inject("cut_after", "start_recording", times=1)
    harness.advance()
    (recording,) = harness.emulator.state()["recordings"]
    told = {"event": 70, "channel": "room", "uid": "7", "sid": recording["sid"], "at": harness.clock.now()}
    assert harness.journal.note_webhook(Notification(**told)) is NotificationEffect.SID
    entry = harness.drive()
    assert (entry.state, entry.ended, entry.sid) == (State.DONE, Ended.STOPPED, recording["sid"])


def test_a_program_that_records_a_page_writes_its_mode_down(harness: FleetHarness) -> None:
    owned = harness.journal.open_entry(DEMO_APP_ID, "a label", "1", mode="web")
    assert owned.entry.mode == "web"
    owned.release()


KEYS = {"BUCKET": "b", "ACCESS_KEY": "planted-1", "SECRET_KEY": "planted-2"}


@pytest.mark.parametrize(
    ("given", "vendor", "more"),
    [
        ({"VENDOR": "tencent", "REGION": "AP_Tokyo"}, 3, {"region": 14}),
        ({"VENDOR": "azure"}, 5, {"region": 0}),
        ({"VENDOR": "google", "FILE_NAME_PREFIX": "a/b/"}, 6, {"fileNamePrefix": ["a", "b"]}),
        ({"VENDOR": "huawei", "REGION": "15"}, 7, {"region": 15}),
        ({"VENDOR": "baidu", "REGION": "baoding"}, 8, {"region": 1}),
        ({"VENDOR": "S3-compatible", "ENDPOINT": "a.b"}, 11, {"extensionParams": {"endpoint": "a.b"}}),
    ],
)
def test_every_storage_is_described_by_variables(given: dict[str, str], vendor: int, more: dict[str, Any]) -> None:
    variables = {f"AGORA_STORAGE_LESSONS_{name}": value for name, value in {**KEYS, **given}.items()}
    sent = storage_from_environment("lessons", variables).to_request()
    assert sent["vendor"] == vendor
    assert sent.items() >= more.items()


def test_lessons_are_shorter_than_pages_last() -> None:
    assert WEB.max_recording_hour * 3600 > LESSON
