"""Recordings in all modes: what is sent, what is refused before, and that none is left behind."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Callable
from typing import Any

import anyio
import anyio.lowlevel
import httpx
import pytest

from agora_rest import (
    AlreadyRecording,
    AuthenticationFailed,
    ExtensionState,
    IndividualConfig,
    InvalidArgument,
    InvalidParameter,
    NotFound,
    QiniuStorage,
    RecorderBusy,
    RecordingConfig,
    RecordingLost,
    RecordingMode,
    RecordingNotStarted,
    Resource,
    ResourceConfig,
    RtmpStatus,
    S3Storage,
    ServerError,
    StartedRecording,
    Subscription,
    UploadingStatus,
    UserBackground,
    WebConfig,
)
from agora_rest.client._async.renewal import AsyncStorageRenewal
from agora_rest.client._renewals import AGAIN_AFTER, RENEW_EVERY, pause_before_renewal
from agora_rest.layouts import Vertical, grid
from tests.client.conftest import APP_ID, AsyncForward, Client, Forward, Instantly

STORAGE = QiniuStorage(region=0, bucket="b", access_key="k", secret_key="s")
BARE = {"resourceId": "r", "sid": "s"}
PAGE = "https://example.com/lesson"
INDIVIDUAL = IndividualConfig(subscribe_audio=Subscription.only([1, 2, 3]))
WEB = WebConfig(max_recording_hour=2)
URL = f"/v1/apps/{APP_ID}/cloud_recording"
UPLOADED = {"fileListMode": "json", "fileList": [{"fileName": "x.m3u8", "uid": "1"}], "uploadingStatus": "uploaded"}
LOST_START = httpx.Response(504, json={"code": 62, "reason": "request timeout"})


class Server:
    """Plays one recording. `answers` are taken one after another for each call, the last one for ever."""

    def __init__(self, network: Any, **answers: Any) -> None:
        self.called: list[str] = []
        self.paths: list[str] = []
        self.bodies: dict[str, Any] = {}
        self.answers: dict[str, list[Any]] = {
            "acquire": [BARE],
            "start": [BARE],
            "query": [{**BARE, "serverResponse": {"status": 5}}],
            "update": [BARE],
            "updateLayout": [BARE],
            "stop": [{**BARE, "serverResponse": UPLOADED}],
            "kicking-rule": [{"status": "success", "id": 1953}],
            **{name: list(given) for name, given in answers.items()},
        }
        network.route().mock(side_effect=self.answer)

    def answer(self, request: httpx.Request) -> httpx.Response:
        call = request.url.path.rstrip("/").rpartition("/")[2]
        self.called.append(call)
        self.paths.append(request.url.path)
        if request.content:
            self.bodies[call] = json.loads(request.content)
        answers = self.answers[call]
        found = answers.pop(0) if len(answers) > 1 else answers[0]
        if isinstance(found, Exception):
            raise found
        return found if isinstance(found, httpx.Response) else httpx.Response(200, json=found)

    def sent(self, call: str) -> Any:
        return self.bodies[call]["clientRequest"]


def individual(client: Client, use: Callable[[Any], Any] = lambda _: None, **arguments: Any) -> Any:
    given = {"uid": 527841, "storage": STORAGE, "config": INDIVIDUAL, **arguments}
    return client.record(use, "record_individual", "lesson-42", **given)


def web(client: Client, use: Callable[[Any], Any] = lambda _: None, url: str = PAGE, **arguments: Any) -> Any:
    return client.record(use, "record_web", url, **{"storage": STORAGE, "config": WEB, "name": "lesson", **arguments})


@pytest.mark.fact("CR-79", "CR-80", "CR-83", "CR-115")
def test_each_user_is_recorded_in_the_mode_of_the_paths(client: Client, network: Any) -> None:
    server = Server(network)
    recording = individual(client, lambda recording: recording.wait_until_started())
    assert server.paths == [
        f"{URL}/acquire",
        f"{URL}/resourceid/r/mode/individual/start",
        f"{URL}/resourceid/r/sid/s/mode/individual/query",
        f"{URL}/resourceid/r/sid/s/mode/individual/stop",
    ]
    assert server.sent("acquire") == {}
    assert server.sent("start")["recordingConfig"] == {"subscribeAudioUids": ["1", "2", "3"], "subscribeUidGroup": 1}
    assert (recording.mode, recording.files[0].uid) == (RecordingMode.INDIVIDUAL, "1")
    assert recording.started.mode is RecordingMode.INDIVIDUAL


@pytest.mark.fact("CR-79", "CR-80", "CR-81", "CR-84", "CR-127", "CR-139")
def test_a_web_page_is_recorded_with_a_label_and_a_resource_of_its_scene(client: Client, network: Any) -> None:
    state = {"state": "inProgress", "onhold": False, "fileList": [{"filename": "a.m3u8", "sliceStartTime": 1}]}
    running = [{"serviceName": "web_recorder_service", "payload": state}]
    server = Server(network, query=[{**BARE, "serverResponse": {"status": 0, "extensionServiceState": running}}])
    recording = web(client, lambda recording: recording.wait_until_started(), name="lesson \u00e9/42")
    assert [path.rpartition("/mode/")[2] for path in server.paths[1:]] == ["web/start", "web/query", "web/stop"]
    assert server.sent("acquire") == {"scene": 1}
    assert {body["cname"] for body in server.bodies.values()} == {"lesson \u00e9/42"}
    assert server.sent("start")["extensionServiceConfig"]["extensionServices"][0]["serviceParam"]["url"] == PAGE
    assert recording.started.mode is RecordingMode.WEB


@pytest.mark.fact("CR-81")
def test_two_pages_without_a_label_are_two_recordings(client: Client, network: Any) -> None:
    server = Server(network)
    labels = set()
    for _ in range(2):
        web(client, name=None)
        labels.add(server.bodies["start"]["cname"])
    assert len(labels) == 2


@pytest.mark.fact("CR-86", "CR-132")
def test_a_page_can_be_stopped_for_as_long_as_it_may_last(client: Client, network: Any) -> None:
    server = Server(network)
    web(client, config=WebConfig(max_recording_hour=100))
    assert server.sent("acquire") == {"scene": 1, "resourceExpiredHour": 100}
    short = ResourceConfig(resource_expired_hour=1)
    with pytest.raises(InvalidArgument, match="resource_expired_hour must be at least max_recording_hour"):
        web(client, resource_config=short)


@pytest.mark.fact("CR-85", "CR-87", "CR-88", "CR-89")
def test_where_and_for_how_long_is_told_to_acquire(client: Client, network: Any) -> None:
    server = Server(network)
    resource = ResourceConfig(resource_expired_hour=24, exclude_resource_ids=["abc"], region="EU", region_affinity=3)
    individual(client, resource_config=resource)
    assert server.sent("acquire") == {
        "resourceExpiredHour": 24,
        "excludeResourceIds": ["abc"],
        "region": "EU",
        "regionAffinity": 3,
    }


MIXED = RecordingConfig()


@pytest.mark.fact("CR-79", "CR-122", "CR-127")
@pytest.mark.parametrize(
    ("method", "positional", "arguments", "words"),
    [
        ("record", "c", {"uid": 1, "config": INDIVIDUAL}, "config must be a RecordingConfig; use record_individual"),
        ("record", "c", {"uid": 1, "config": WEB}, "config must be a RecordingConfig; use record_web"),
        ("record_individual", "c", {"uid": 1, "config": MIXED}, "must be an IndividualConfig; use record for"),
        ("record_individual", "c", {"uid": 1, "config": None}, "must be an IndividualConfig, but nothing"),
        ("record_web", PAGE, {"config": MIXED}, "must be a WebConfig; use record for that one"),
        ("record_web", "", {"config": WEB}, "url .* must not be empty"),
        ("record_web", PAGE, {"config": WebConfig(max_recording_hour=1, url="https://b.c")}, "url must not differ"),
        ("record_web", PAGE, {"config": WebConfig(max_recording_hour=721)}, "max_recording_hour .* 1 to 720"),
        ("record_web", PAGE, {"config": WEB, "name": ""}, "name .* must not be empty"),
        (
            "record_individual",
            "c",
            {"uid": 1, "config": IndividualConfig(subscribe_uid_group=0, av_file_type=["hls", "mp4"])},
            "av_file_type .* must not have mp4 in mode individual",
        ),
        (
            "record",
            "c",
            {"uid": 1, "extra": {"snapshotConfig": {"fileType": ["jpg"]}}},
            "snapshot_config .* belongs to",
        ),
        (
            "record",
            "c",
            {"uid": 1, "extra": {"recordingConfig": {"streamMode": "default"}}},
            "stream_mode .* belongs to",
        ),
        (
            "record_individual",
            "c",
            {"uid": 1, "config": INDIVIDUAL, "extra": {"recordingConfig": {"audioProfile": 0}}},
            "audio_profile .* belongs to mode mix, and this is a recording in mode individual",
        ),
        (
            "record_web",
            PAGE,
            {"config": WEB, "extra": {"recordingConfig": {"channelType": 0}}},
            "config .* belongs to mode individual or mode mix, and this is a recording in mode web",
        ),
        ("record", "c", {"uid": 1, "resource_config": {"scene": 1}}, "config must be a ResourceConfig"),
        ("record", "c", {"uid": 1, "resource_config": RecordingConfig()}, "config must be a ResourceConfig"),
        ("record", "c", {"uid": 1, "storage": RecordingConfig()}, "storage must be a storage"),
        ("record", "c", {"uid": 1, "renew_storage": STORAGE}, "renew_storage must be a function"),
        ("record", "c", {"uid": 1, "renew_storage": lambda: STORAGE}, "sts_expiration is required with renew_storage"),
        ("record_web", PAGE, {"config": WebConfig}, "config must be a WebConfig"),
        ("record_web", "example.com/board", {"config": WEB}, "url must begin with http"),
    ],
)
def test_what_does_not_belong_to_a_mode_is_refused_before_anything_is_sent(
    method: str, positional: str, arguments: dict[str, Any], words: str, client: Client, network: Any
) -> None:
    server = Server(network)
    with pytest.raises(InvalidArgument, match=words):
        client.record(lambda _: None, method, positional, **{"storage": STORAGE, **arguments})
    assert server.called == []


@pytest.mark.fact("CR-83")
@pytest.mark.parametrize(
    ("mode", "config", "words"),
    [
        ("web", INDIVIDUAL, "config must be a WebConfig, because the resource was acquired for mode web"),
        ("web", None, "config must be a WebConfig"),
        ("mix", WebConfig(url=PAGE, max_recording_hour=2), "config must be a RecordingConfig or IndividualConfig"),
    ],
)
def test_a_resource_serves_the_modes_that_it_was_acquired_for(
    mode: str, config: Any, words: str, client: Client, network: Any
) -> None:
    server = Server(network)
    resource = client(lambda agora: agora.app(APP_ID).recordings.acquire("lesson", 7, mode=mode))
    assert resource.mode == mode
    with pytest.raises(InvalidArgument, match=words):
        client(lambda agora: agora.app(APP_ID).recordings.start(resource, STORAGE, config=config))
    assert server.called == ["acquire"]
    stored = Resource(resource_id="r", channel="lesson", uid="7")
    client(lambda agora: agora.app(APP_ID).recordings.start(stored, STORAGE, config=config))
    client(
        lambda agora: agora.app(APP_ID).recordings.start(
            resource, STORAGE, config=WebConfig(url=PAGE, max_recording_hour=2) if mode == "web" else INDIVIDUAL
        )
    )
    assert server.called == ["acquire", "start", "start"]


def test_a_recorder_of_mode_individual_is_put_offline_where_its_sid_is_lost(client: Client, network: Any) -> None:
    server = Server(network, start=[LOST_START])
    with pytest.raises(RecordingLost, match="was put offline") as caught:
        individual(client)
    assert server.called == ["acquire", "start", "kicking-rule"]
    assert (server.bodies["kicking-rule"]["cname"], caught.value.may_be_running) == ("lesson-42", False)


def test_a_web_page_whose_start_is_lost_is_started_again_with_its_resource_and_stopped(
    client: Client, network: Any
) -> None:
    server = Server(network, start=[LOST_START, BARE])
    with pytest.raises(RecordingLost, match="and that recording stopped, so nothing runs") as caught:
        web(client)
    assert server.called == ["acquire", "start", "start", "stop"]
    assert (caught.value.may_be_running, caught.value.sid) == (False, "s")
    assert isinstance(caught.value.__cause__, ServerError)


@pytest.mark.parametrize(
    ("again", "words", "may_be_running"),
    [
        (httpx.Response(201, json={"code": 7, "reason": "already started"}), "it is running, for its max_rec", True),
        (httpx.Response(400, json={"code": 53, "reason": "task conflict"}), "it is running, for its max_rec", True),
        (httpx.Response(400, json={"code": 2, "reason": "no"}), "refused as invalid .* so nothing runs", False),
        (httpx.Response(401, json={"message": "Unauthorized"}), "so it may be running, for its max_rec", True),
        (LOST_START, "so it may be running, for its max_rec", True),
    ],
)
def test_what_is_certain_about_a_web_page_that_may_have_started_is_said(
    again: httpx.Response, words: str, may_be_running: bool, client: Client, network: Any
) -> None:
    server = Server(network, start=[LOST_START, again])
    with pytest.raises(RecordingLost, match=words) as caught:
        web(client)
    assert server.called == ["acquire", "start", "start"]
    assert (caught.value.may_be_running, caught.value.sid) == (may_be_running, None)
    assert "No kicking rule reaches" in str(caught.value)


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (httpx.Response(201, json={"code": 7, "reason": "already started"}), AlreadyRecording),
        (httpx.Response(400, json={"code": 53, "reason": "task conflict"}), RecorderBusy),
    ],
)
def test_advice_about_a_recording_that_runs_suits_its_mode(
    answer: httpx.Response, kind: type[Exception], client: Client, network: Any
) -> None:
    Server(network, start=[answer])

    def start(config: Any) -> str:
        resource = Resource(resource_id="r", channel="lesson", uid="7")
        with pytest.raises(kind) as caught:
            client(lambda agora: agora.app(APP_ID).recordings.start(resource, STORAGE, config=config))
        return str(caught.value)

    page = start(WebConfig(url=PAGE, max_recording_hour=2))
    assert "after its max_recording_hour" in page
    assert "put_offline" not in page
    assert "put_offline" in start(None)


def test_a_rescued_web_page_that_cannot_be_stopped_is_named_with_its_sid(client: Client, network: Any) -> None:
    unauthorized = httpx.Response(401, json={"message": "Unauthorized"})
    Server(network, start=[LOST_START, BARE], stop=[unauthorized])
    with pytest.raises(RecordingLost, match="but stopping it failed") as caught:
        web(client)
    assert (caught.value.may_be_running, caught.value.sid) == (True, "s")


@pytest.mark.fact("CR-144")
def test_the_stop_of_a_web_page_is_repeated_while_the_service_may_be_moving_it(client: Client, network: Any) -> None:
    missing = httpx.Response(404, json={"code": 404, "reason": "failed to find worker"})
    stopped = {**BARE, "serverResponse": UPLOADED}
    server = Server(network, stop=[missing, missing, stopped], query=[missing])
    recording = web(client)
    assert server.called.count("stop") == 3
    assert recording.uploading_status is UploadingStatus.UPLOADED
    assert client.clock.sleeps == [5, 10]


@pytest.mark.fact("CR-144")
def test_a_web_page_that_is_not_found_for_longer_than_a_move_takes_is_over(client: Client, network: Any) -> None:
    missing = httpx.Response(404, json={"code": 404, "reason": "failed to find worker"})
    server = Server(network, stop=[missing], query=[missing])
    with pytest.raises(NotFound) as caught:
        web(client)
    (note,) = caught.value.__notes__
    assert "was not found for 95 seconds, so nothing is running" in note
    assert (caught.value.may_be_running, sum(client.clock.sleeps)) == (False, 95)
    assert "kicking-rule" not in server.called


def test_a_web_page_that_cannot_be_stopped_is_said_to_run_and_until_when(client: Client, network: Any) -> None:
    server = Server(network, stop=[LOST_START], query=[LOST_START])
    with pytest.raises(ServerError) as caught:
        web(client)
    (note,) = caught.value.__notes__
    assert (
        "may still be running: StartedRecording(resource_id='r', sid='s', channel='lesson', uid='1', mode='web')"
        in note
    )
    assert "ends after its max_recording_hour at the latest" in note
    assert (caught.value.may_be_running, "kicking-rule" in server.called) == (True, False)


def test_a_web_page_that_was_not_found_for_a_while_only_may_be_running(client: Client, network: Any) -> None:
    missing = httpx.Response(404, json={"code": 404, "reason": "failed to find worker"})
    Server(network, stop=[LOST_START, LOST_START, missing], query=[missing])
    with pytest.raises(NotFound) as caught:
        web(client)
    assert "may still be running" in caught.value.__notes__[0]
    assert caught.value.may_be_running


def test_the_stop_of_a_web_page_is_given_up_where_each_takes_long(client: Client, network: Any) -> None:
    server = Server(network, stop=[LOST_START])
    answer = server.answer

    def slow(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("stop"):
            client.clock.time += 50
        return answer(request)

    network.routes.clear()
    network.route().mock(side_effect=slow)
    with pytest.raises(ServerError):
        web(client)
    assert server.called == ["acquire", "start", "stop", "stop"]


def test_a_refused_stop_of_a_web_page_is_not_repeated(client: Client, network: Any) -> None:
    server = Server(network, stop=[httpx.Response(401, json={"message": "Unauthorized"})])
    with pytest.raises(AuthenticationFailed) as caught:
        web(client)
    assert caught.value.may_be_running
    assert server.called.count("stop") == 1


def test_a_web_page_that_never_loads_has_not_started(client: Client, network: Any) -> None:
    Server(network, query=[{**BARE, "serverResponse": {"status": 1}}])
    with pytest.raises(RecordingNotStarted, match=r"within 90 seconds.* cannot be opened, leads to another domain"):
        web(client, lambda recording: recording.wait_until_started())


# ---- update and updateLayout

CHANNEL = StartedRecording(resource_id="r", sid="s", channel="lesson-42", uid="7")
PAGE_STARTED = StartedRecording(resource_id="r", sid="s", channel="lesson", uid="1", mode="web")


@pytest.mark.fact("CR-145", "CR-146", "CR-149")
def test_subscriptions_and_storage_are_changed(client: Client, network: Any) -> None:
    server = Server(network)

    def use(agora: Any) -> Any:
        return agora.app(APP_ID).recordings.update(
            CHANNEL, subscribe_audio=Subscription.all(), subscribe_video=Subscription.all_except([4]), storage=STORAGE
        )

    client(use)
    assert server.paths == [f"{URL}/resourceid/r/sid/s/mode/mix/update"]
    assert server.sent("update") == {
        "streamSubscribe": {
            "audioUidList": {"subscribeAudioUids": ["#allstream#"]},
            "videoUidList": {"unSubscribeVideoUids": ["4"]},
        },
        "storageConfig": {"vendor": 0, "region": 0, "bucket": "b", "accessKey": "k", "secretKey": "s"},
    }


@pytest.mark.fact("CR-147")
@pytest.mark.parametrize(("method", "onhold"), [("pause", True), ("resume", False)])
def test_a_web_page_is_paused_and_resumed(method: str, onhold: bool, client: Client, network: Any) -> None:
    server = Server(network)
    client(lambda agora: getattr(agora.app(APP_ID).recordings.handle(PAGE_STARTED), method)())
    assert server.paths == [f"{URL}/resourceid/r/sid/s/mode/web/update"]
    assert server.sent("update") == {"webRecordingConfig": {"onhold": onhold}}


@pytest.mark.fact("CR-148")
def test_a_web_page_is_pushed_elsewhere(client: Client, network: Any) -> None:
    server = Server(network)
    client(lambda agora: agora.app(APP_ID).recordings.update(PAGE_STARTED, rtmp_urls=("rtmp://a/b/c",)))
    assert server.sent("update") == {"rtmpPublishConfig": {"outputs": [{"rtmpUrl": "rtmp://a/b/c"}]}}


@pytest.mark.fact("CR-148")
def test_a_push_is_not_added_to_a_recording_that_was_started_without(client: Client, network: Any) -> None:
    server = Server(network)
    with pytest.raises(InvalidArgument, match=r"rtmp_urls needs a recording that was .* WebConfig.*CR-148") as caught:
        web(client, lambda recording: recording.update(rtmp_urls=["rtmp://a/b/planted-key"]))
    assert "planted" not in repr(caught.value) + str(caught.value.__dict__)
    assert "update" not in server.called
    config = WebConfig(max_recording_hour=2, rtmp_urls=["rtmp://a/b/c"])
    web(client, lambda recording: recording.update(rtmp_urls=["rtmp://d/e/f"]), config=config)
    client(lambda agora: agora.app(APP_ID).recordings.handle(PAGE_STARTED).update(rtmp_urls=["rtmp://d/e/f"]))
    assert server.called.count("update") == 2


@pytest.mark.fact("CR-150", "CR-151")
def test_a_layout_is_sent_whole(client: Client, network: Any) -> None:
    server = Server(network)

    def use(agora: Any) -> Any:
        backgrounds = [UserBackground(uid=7, image_url="https://a.b/c.jpg", crop=True)]
        handle = agora.app(APP_ID).recordings.handle(CHANNEL)
        return handle.update_layout(Vertical(7), background_color="#00FF00", background_config=backgrounds)

    client(use)
    assert server.paths == [f"{URL}/resourceid/r/sid/s/mode/mix/updateLayout"]
    assert server.sent("updateLayout") == {
        "mixedVideoLayout": 2,
        "maxResolutionUid": "7",
        "backgroundColor": "#00FF00",
        "backgroundConfig": [{"uid": "7", "image_url": "https://a.b/c.jpg", "render_mode": 0}],
    }


@pytest.mark.fact("CR-127", "CR-145", "CR-150")
@pytest.mark.parametrize(
    ("use", "words"),
    [
        (lambda recordings: recordings.update(CHANNEL), "update needs at least one change"),
        (lambda recordings: recordings.update(CHANNEL, onhold=True), r"onhold \(.*\) belongs to mode web"),
        (
            lambda recordings: recordings.update(CHANNEL, rtmp_urls=["rtmp://a/b"]),
            r"rtmp_urls \(.*\) belongs to mode web",
        ),
        (
            lambda recordings: recordings.update(PAGE_STARTED, subscribe_audio=Subscription.all()),
            "subscribe_audio, .* belongs to mode individual or mode mix, and this is a recording in mode web",
        ),
        (lambda recordings: recordings.update(PAGE_STARTED, rtmp_urls=["http://a/b"]), "rtmp_urls .* must begin with"),
        (lambda recordings: recordings.update(CHANNEL, subscribe_audio=["1"]), "must be a Subscription"),
        (lambda recordings: recordings.update(CHANNEL, storage={"vendor": 1}), "storage must be a storage"),
        (
            lambda recordings: recordings.update_layout(PAGE_STARTED, grid([1])),
            "must be in mode mix, which has a layout",
        ),
        (lambda recordings: recordings.update_layout(CHANNEL, 3), "must be a layout of"),
        (lambda recordings: recordings.update("s", onhold=True), "recording must be a StartedRecording"),
        (lambda recordings: recordings.update_layout({"sid": "s"}, grid([1])), "recording must be a StartedRecording"),
        (lambda recordings: recordings.query("s"), "recording must be a StartedRecording, but an object of type str"),
        (lambda recordings: recordings.stop(None), "recording must be a StartedRecording, but nothing was given"),
        (lambda recordings: recordings.stop(recordings.handle(CHANNEL)), "StartedRecording: pass its `started`"),
        (lambda recordings: recordings.handle("s"), "recording must be a StartedRecording"),
        (lambda recordings: recordings.start({"resourceId": "r"}, STORAGE), "resource must be a Resource"),
        (lambda recordings: recordings.acquire("c", 1, mode=["mix"]), "mode must be one of mix, individual, web"),
        (lambda recordings: recordings.acquire("c", 1, config=RecordingConfig()), "config must be a ResourceConfig"),
        (lambda recordings: recordings.update_layout(CHANNEL, grid([1]), background_color="red"), "background_color"),
    ],
)
def test_a_change_that_a_mode_does_not_have_is_refused_before_anything_is_sent(
    use: Any, words: str, client: Client, network: Any
) -> None:
    server = Server(network)
    with pytest.raises(InvalidArgument, match=words) as caught:
        client(lambda agora: use(agora.app(APP_ID).recordings))
    assert server.called == []
    assert "/b" not in str(caught.value)


@pytest.mark.fact("CR-152")
def test_a_stop_need_not_wait_for_the_upload(client: Client, network: Any) -> None:
    server = Server(network)
    client(lambda agora: agora.app(APP_ID).recordings.stop(CHANNEL, async_stop=True))
    assert server.sent("stop") == {"async_stop": True}


def test_the_key_of_a_push_is_hidden_where_a_server_repeats_it(client: Client, network: Any) -> None:
    answer = httpx.Response(400, json={"code": 2, "reason": "no stream planted-key in rtmp://a/b/planted-key"})
    Server(network, update=[answer])
    with pytest.raises(InvalidParameter) as caught:
        client(lambda agora: agora.app(APP_ID).recordings.update(PAGE_STARTED, rtmp_urls=["rtmp://a/b/planted-key"]))
    assert "planted" not in str(caught.value) + repr(caught.value.body)


# ---- Results


def queried(client: Client, network: Any, response: Any) -> Any:
    Server(network, query=[{**BARE, "serverResponse": response}])
    return client(lambda agora: agora.app(APP_ID).recordings.query(PAGE_STARTED))


@pytest.mark.fact("CR-139", "CR-140")
@pytest.mark.parametrize("name", ["payload", "playload"])
def test_the_state_of_a_page_and_of_its_push_is_read(name: str, client: Client, network: Any) -> None:
    files = [{"filename": "a.m3u8", "sliceStartTime": 1627613641393}]
    services = [
        {"serviceName": "web_recorder_service", name: {"state": "inProgress", "onhold": True, "fileList": files}},
        {
            "serviceName": "rtmp_publish_service",
            name: {"state": "inProgress", "outputs": [{"rtmpUrl": "rtmp://a/b/planted-key", "status": "publishing"}]},
        },
    ]
    state = queried(client, network, {"status": 0, "extensionServiceState": services})
    assert (state.web.state, state.web.onhold) == (ExtensionState.IN_PROGRESS, True)
    assert [(output.url, output.status) for output in state.rtmp] == [("rtmp://a/b/planted-key", RtmpStatus.PUBLISHING)]
    assert "planted" not in repr(state)
    assert (state.files[0].name, state.files[0].started_at.year) == ("a.m3u8", 2021)
    assert (state.is_running, state.is_over) == (True, False)


@pytest.mark.fact("CR-139")
@pytest.mark.parametrize("response", [{"state": "exit"}, {}, {"state": 7, "onhold": "yes"}, None, [], "later"])
def test_a_page_in_any_state_is_read(response: Any, client: Client, network: Any) -> None:
    services = [{"serviceName": "web_recorder_service", "payload": response}]
    state = queried(client, network, {"status": 5, "extensionServiceState": services})
    assert state.is_over == (response == {"state": "exit"})
    assert state.extra["extensionServiceState"] == services


@pytest.mark.fact("CR-141", "CR-142", "CR-143")
@pytest.mark.parametrize("time", [1619172871089, 1619172871])
def test_times_are_read_in_seconds_and_milliseconds(time: int, client: Client, network: Any) -> None:
    file = {
        "fileName": "x.m3u8",
        "trackType": "audio",
        "uid": "57297",
        "mixedAllUser": False,
        "isPlayable": True,
        "sliceStartTime": time,
    }
    state = queried(client, network, {"status": 5, "fileListMode": "json", "fileList": [file], "sliceStartTime": time})
    (found,) = state.files
    assert (found.name, found.uid, found.track_type, found.is_playable) == ("x.m3u8", "57297", "audio", True)
    assert found.started_at.replace(microsecond=0) == state.started_at.replace(microsecond=0)
    assert found.started_at.isoformat().startswith("2021-04-23T10:14:31")
    assert found.extra == {"mixedAllUser": False}


@pytest.mark.parametrize("time", [0, -1, 10**30, "now", None])
def test_a_time_that_is_none_stays_among_the_rest(time: Any, client: Client, network: Any) -> None:
    state = queried(client, network, {"status": 5, "sliceStartTime": time})
    assert (state.started_at, state.files, state.extra.get("sliceStartTime")) == (None, (), time)


# ---- Renewal of temporary keys


def keys(expiration: int | None) -> S3Storage:
    return S3Storage(
        region=0, bucket="b", access_key="k", secret_key="s", sts_token="planted-token", sts_expiration=expiration
    )


@pytest.mark.fact("CR-102")
@pytest.mark.parametrize(
    ("expiration", "pause"),
    [(None, RENEW_EVERY), (1000 + 4 * 3600, RENEW_EVERY), (1000 + 3600, 1800), (1010, AGAIN_AFTER), (900, AGAIN_AFTER)],
)
def test_keys_are_renewed_when_half_of_their_time_is_over_and_every_hour(expiration: int | None, pause: float) -> None:
    assert pause_before_renewal(keys(expiration), 1000.0) == pause


PATIENCE = 120.0
"""Seconds for another thread to get somewhere, which is long because machines are shared."""


class _Pauses(Instantly):
    """Lets the pauses before a renewal pass at once, and then none any more."""

    def __init__(self, pauses: int) -> None:
        super().__init__()
        self.pauses: list[float] = []
        self.left = pauses
        self.done = threading.Event()

    def unix_time(self) -> float:
        return 1000.0

    def is_last(self, seconds: float) -> bool:
        self.pauses.append(seconds)
        if len(self.pauses) > self.left:
            self.done.set()
        return self.done.is_set()


class Passing(_Pauses, Forward):
    def wait(self, signal: Any, seconds: float) -> bool:
        return self.is_last(seconds) and bool(signal.wait(PATIENCE))


class AsyncPassing(_Pauses, AsyncForward):
    async def wait(self, signal: Any, seconds: float) -> bool:
        if not self.is_last(seconds):
            return False
        with anyio.move_on_after(PATIENCE):
            await signal.wait()
        return bool(signal.is_set())


def renewing(client: Client, renew: Any, pauses: int) -> Any:
    """Record with a storage whose keys are renewed so many times. Gives the clock."""
    client.clock = clock = Passing(pauses) if client.form == "sync" else AsyncPassing(pauses)
    client.options["clock"] = clock

    def use(recording: Any) -> Any:
        if client.form == "sync":
            assert clock.done.wait(PATIENCE)
            return None
        return anyio.to_thread.run_sync(clock.done.wait, PATIENCE)

    client.record(use, "record", "lesson-42", uid=7, storage=keys(1000 + 3600), renew_storage=renew)
    return clock


@pytest.mark.fact("CR-102", "CR-149")
def test_new_keys_reach_the_recording_beside_the_block(client: Client, network: Any) -> None:
    server = Server(network)
    clock = renewing(client, lambda: keys(1000 + 7200), 2)
    assert server.called == ["acquire", "start", "update", "update", "stop"]
    assert server.sent("update")["storageConfig"]["stsExpiration"] == 1000 + 7200
    assert clock.pauses == [1800, 3600, 3600]


def test_a_coroutine_function_gives_new_keys_too(network: Any) -> None:
    server = Server(network)

    async def renew() -> S3Storage:
        return keys(1000 + 7200)

    renewing(Client("async"), renew, 1)
    assert server.called == ["acquire", "start", "update", "stop"]


def test_a_renewal_that_fails_is_tried_again_and_logged_without_the_callers_secrets(
    client: Client, network: Any, caplog: pytest.LogCaptureFixture
) -> None:
    server = Server(network, update=[LOST_START, BARE])
    calls: list[int] = []

    def renew() -> S3Storage:
        calls.append(1)
        if len(calls) == 1:
            raise LookupError("planted-token of the vault")
        return keys(1000 + 7200)

    clock = renewing(client, renew, 3)
    assert server.called.count("update") == 2
    assert clock.pauses == [1800, AGAIN_AFTER, AGAIN_AFTER, 3600]
    assert "LookupError" in caplog.text
    assert "update_recording failed" in caplog.text
    assert "planted" not in caplog.text


@pytest.mark.parametrize("kind", [SystemExit, asyncio.CancelledError])
def test_a_callback_that_exits_ends_no_renewals(
    kind: type[BaseException], client: Client, network: Any, caplog: pytest.LogCaptureFixture
) -> None:
    server = Server(network)
    raised = [kind("planted-token")]

    def renew() -> S3Storage:
        if raised:
            raise raised.pop()
        return keys(1000 + 7200)

    clock = renewing(client, renew, 2)
    assert server.called == ["acquire", "start", "update", "stop"]
    assert clock.pauses == [1800, AGAIN_AFTER, 3600]
    assert f"in 60 seconds: {kind.__name__}" in caplog.text
    assert "planted" not in caplog.text


def test_the_end_of_its_task_ends_renewal(caplog: pytest.LogCaptureFixture) -> None:
    async def main() -> None:
        begun = anyio.Event()

        async def renew() -> S3Storage:
            begun.set()
            await anyio.sleep_forever()
            raise AssertionError("unreachable")

        renewal = AsyncStorageRenewal(None, renew, keys(None), AsyncPassing(1))  # type: ignore[arg-type]
        before = asyncio.all_tasks()
        renewal.begin(CHANNEL)
        (task,) = asyncio.all_tasks() - before
        await begun.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(main())
    assert not caplog.records


@pytest.mark.parametrize("returned", [None, "planted-token"])
def test_a_callback_that_returns_no_storage_is_reported_as_such(
    returned: Any, client: Client, network: Any, caplog: pytest.LogCaptureFixture
) -> None:
    server = Server(network)
    renewing(client, lambda: returned, 1)
    assert server.called == ["acquire", "start", "stop"]
    assert "renew_storage must return a storage" in caplog.text
    assert "planted" not in caplog.text


def test_no_renewal_begins_when_the_recording_is_to_be_stopped() -> None:
    asked: list[int] = []

    async def main() -> None:
        renewal = AsyncStorageRenewal(None, lambda: asked.append(1), keys(None), AsyncForward())  # type: ignore[arg-type, func-returns-value]
        renewal.begin(CHANNEL)
        renewal.end()
        await anyio.lowlevel.checkpoint()

    anyio.run(main)
    assert asked == []
