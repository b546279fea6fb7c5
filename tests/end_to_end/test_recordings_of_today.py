"""Recordings in every mode, against the emulator of the present documents on a real port."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from agora_rest import (
    ApiError,
    ExtensionState,
    IndividualConfig,
    NotFound,
    RecordingConfig,
    RecordingEnded,
    RecordingLost,
    RecordingMode,
    RtmpStatus,
    SnapshotConfig,
    StreamTypes,
    Subscription,
    TencentStorage,
    TooManyRecordings,
    TranscodingConfig,
    UploadingStatus,
    WebConfig,
)
from agora_rest.emulator import DEMO_APP_ID, Emulator, Fault, PageFate
from agora_rest.layouts import Vertical, grid, sidebar
from tests.client.conftest import Client
from tests.end_to_end.test_every_operation import Wire

STORAGE = TencentStorage(region=2, bucket="lessons", access_key="planted-key", secret_key="planted-secret")
PAGE = "https://example.com/lesson"
CHANNEL = "lesson-42"
RECORDER = 527841


@pytest.fixture(params=["sync", "async"])
def wire(request: pytest.FixtureRequest) -> Iterator[Wire]:
    emulator = Emulator(dialect="current", rate_limit=False)
    with emulator.serve() as server:
        emulator.join(DEMO_APP_ID, CHANNEL, 7)
        emulator.join(DEMO_APP_ID, CHANNEL, 8)
        yield Wire(emulator, server.url, str(request.param))


class Steps:
    """Runs each step in the block of a recording, in either form, and keeps what it gives."""

    def __init__(self, wire: Wire) -> None:
        self.client = Client(wire.form, **wire.options)
        self.form = wire.form

    def __call__(self, block: Callable[[Any], Any], *steps: Callable[[Any], Any]) -> tuple[Any, list[Any]]:
        found: list[Any] = []

        def run(agora: Any) -> Any:
            with block(agora.app(DEMO_APP_ID).recordings) as recording:
                found.extend(step(recording) for step in steps)
            return recording

        async def arun(agora: Any) -> Any:
            async with block(agora.app(DEMO_APP_ID).recordings) as recording:
                for step in steps:
                    result = step(recording)
                    found.append(await result if inspect.isawaitable(result) else result)
            return recording

        return self.client(run if self.form == "sync" else arun), found


@pytest.fixture
def steps(wire: Wire) -> Steps:
    return Steps(wire)


def individual(**changes: Any) -> Callable[[Any], Any]:
    config = IndividualConfig(**{"subscribe_uid_group": 0, **changes})
    return lambda recordings: recordings.record_individual(CHANNEL, uid=RECORDER, storage=STORAGE, config=config)


def web(**changes: Any) -> Callable[[Any], Any]:
    config = WebConfig(**{"max_recording_hour": 2, **changes})
    return lambda recordings: recordings.record_web(
        PAGE, storage=STORAGE, config=config, name="a label / of no channel"
    )


def later(wire: Wire, seconds: float) -> Callable[[Any], None]:
    return lambda _: wire.emulator.clock.advance(seconds)


def started(recording: Any) -> Any:
    return recording.wait_until_started()


def queried(recording: Any) -> Any:
    return recording.query()


@pytest.mark.fact("CR-141", "CR-142")
def test_each_user_has_files_of_their_own(wire: Wire, steps: Steps) -> None:
    recording, (_, _, state) = steps(individual(), started, later(wire, 30), queried)
    assert recording.mode is RecordingMode.INDIVIDUAL
    assert {file.uid for file in state.files} == {"7", "8"}
    assert {file.track_type for file in state.files} == {"audio", "video"}
    assert all(file.started_at is not None for file in state.files)
    assert recording.uploading_status is UploadingStatus.UPLOADED


@pytest.mark.fact("CR-124", "CR-143")
def test_snapshots_alone_have_no_list_of_files(wire: Wire, steps: Steps) -> None:
    config = {"snapshot_config": SnapshotConfig(capture_interval=5)}
    recording, (_, _, state) = steps(individual(**config), started, later(wire, 30), queried)
    assert (state.files, recording.files, recording.uploading_status) == ((), (), UploadingStatus.UPLOADED)


@pytest.mark.fact("CR-109", "CR-146")
def test_subscriptions_change_during_a_recording(wire: Wire, steps: Steps) -> None:
    config = {"stream_types": StreamTypes.AUDIO, "subscribe_audio": Subscription.only([7]), "subscribe_uid_group": None}

    def change(recording: Any) -> Any:
        return recording.update(subscribe_audio=Subscription.only([8]))

    block = individual(**config)
    _, (_, _, before, _, _, after) = steps(block, started, later(wire, 30), queried, change, later(wire, 30), queried)
    assert {file.uid for file in before.files} == {"7"}
    assert {file.uid for file in after.files} == {"7", "8"}


@pytest.mark.fact("CR-122", "CR-150", "CR-151")
def test_a_mixed_recording_has_mp4_files_and_changing_layouts(wire: Wire, steps: Steps) -> None:
    picture = TranscodingConfig(width=1280, height=720, layout=grid([7, 8]), background_color="#FF0000")
    config = RecordingConfig(transcoding_config=picture, av_file_type=["hls", "mp4"])

    def block(recordings: Any) -> Any:
        return recordings.record(CHANNEL, uid=RECORDER, storage=STORAGE, config=config)

    recording, (*_, state) = steps(
        block,
        started,
        lambda recording: recording.update_layout(sidebar(7, [8])),
        lambda recording: recording.update_layout(Vertical(8), background_color="#00FF00"),
        later(wire, 30),
        queried,
    )
    assert {file.name.rpartition(".")[2] for file in state.files} == {"m3u8", "mp4"}
    assert {file.name.rpartition(".")[2] for file in recording.files} == {"m3u8", "mp4"}


@pytest.mark.fact("CR-139", "CR-147", "CR-154")
def test_a_web_page_is_recorded_paused_resumed_and_stopped(wire: Wire, steps: Steps) -> None:
    recording, (at_first, _, paused, _, resumed) = steps(
        web(av_file_type=["hls", "mp4"]),
        started,
        lambda recording: recording.pause(),
        queried,
        lambda recording: recording.resume(),
        queried,
    )
    assert at_first.is_running
    assert (paused.web.state, paused.web.onhold, resumed.web.onhold) == (ExtensionState.IN_PROGRESS, True, False)
    assert recording.uploading_status is UploadingStatus.UPLOADED
    assert recording.files


@pytest.mark.fact("CR-140", "CR-148")
def test_a_web_page_is_pushed_and_its_address_is_shown_nowhere(wire: Wire, steps: Steps) -> None:
    _, (_, _, state, _) = steps(
        web(rtmp_urls=["rtmp://live.example.com/app/planted-key"]),
        started,
        later(wire, 30),
        queried,
        lambda recording: recording.update(rtmp_urls=["rtmps://live.example.com/app/planted-other"]),
    )
    (output,) = state.rtmp
    assert (output.url, output.status) == ("rtmp://live.example.com/app/planted-key", RtmpStatus.PUBLISHING)
    assert "planted" not in repr(state)


@pytest.mark.fact("CR-136")
def test_a_page_that_cannot_be_opened_ends_its_recording(wire: Wire, steps: Steps) -> None:
    wire.emulator.set_page(PAGE, PageFate.FAILS)
    with pytest.raises(RecordingEnded, match="was over before"):
        steps(web(), later(wire, 10), started)


@pytest.mark.fact("CR-139")
@pytest.mark.parametrize("kind", ["cut_after", "cut_before"])
def test_no_web_page_goes_on_recording_after_a_lost_start(kind: Any, wire: Wire, steps: Steps) -> None:
    wire.emulator.inject(Fault(kind, operation="start_recording", times=1))
    with pytest.raises(RecordingLost) as caught:
        steps(web())
    running = [each for each in wire.emulator.state()["recordings"] if each["running"]]
    # Once it runs, the documents' answer to a second start has no sid, so that nothing can stop it.
    assert (len(running), caught.value.may_be_running) == ((1, True) if kind == "cut_after" else (0, False))
    assert ("so it is running" in str(caught.value)) == caught.value.may_be_running


@pytest.mark.parametrize("block", [individual(), web()], ids=["individual", "web"])
def test_a_recording_that_is_moved_is_stopped_all_the_same(block: Any, wire: Wire, steps: Steps) -> None:
    seen: list[Any] = []

    def move(recording: Any) -> None:
        wire.emulator.clock.advance(30)
        wire.emulator.fail_over(recording.sid, 40)
        seen.append(recording.started)

    def record() -> Any:
        return steps(block, started, move)

    if block.__code__ is web().__code__:
        recording, _ = record()
        assert recording.uploading_status is UploadingStatus.UPLOADED
    else:  # a recorder that is in a channel is put offline at once
        with pytest.raises(NotFound) as caught:
            record()
        assert not caught.value.may_be_running
    assert [each["running"] for each in wire.emulator.state()["recordings"]] == [False]


@pytest.mark.fact("CR-157")
def test_too_many_recordings_are_refused_by_a_name_of_their_own(wire: Wire, steps: Steps) -> None:
    answer = {"code": 406, "reason": "vendor_over_load"}
    wire.emulator.inject(Fault("status", operation="acquire", status=400, body=answer))
    with pytest.raises(TooManyRecordings) as caught:
        steps(web())
    assert isinstance(caught.value, ApiError)
