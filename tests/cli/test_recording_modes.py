"""`agora-rest recordings` as it is today: modes, layouts, storages, and what is changed later."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from agora_rest import (
    IndividualConfig,
    RecordingConfig,
    Resource,
    ResourceConfig,
    S3CompatibleStorage,
    S3Storage,
    SnapshotConfig,
    SubscribeUidGroup,
    Subscription,
    TencentStorage,
    TranscodingConfig,
    WebConfig,
)
from agora_rest.emulator import Fault
from agora_rest.layouts import BestFit, Custom, Floating, Region, Vertical, grid
from tests.cli.conftest import CHANNEL, STORAGE, Hastening, Local, Terminal

pytestmark = pytest.mark.parametrize("local", ["current"], indirect=True)

KEYS = {"bucket": "lessons", "access_key": "planted-access-key", "secret_key": "planted-secret-key"}
PAGE = ("--mode", "web", "--url", "https://example.com/board")
RTMP_KEY = "planted-stream-key"
START = ("recordings", "start", CHANNEL, "--uid", 9)
RECORD = ("recordings", "record", CHANNEL, "--uid", 9)


@pytest.mark.parametrize(
    ("options", "config"),
    [
        (("--max-users", 7), IndividualConfig(subscribe_uid_group=SubscribeUidGroup.UP_TO_7)),
        (
            ("--subscribe-audio", "7,8", "--subscribe-video", "7", "--stream-mode", "standard"),
            IndividualConfig(
                subscribe_audio=Subscription.only([7, 8]),
                subscribe_video=Subscription.only([7]),
                stream_mode="standard",
            ),
        ),
        (
            ("--max-users", 2, "--snapshot-interval", 10, "--files", "hls", "--subscribe-video", "all"),
            IndividualConfig(
                subscribe_uid_group=SubscribeUidGroup.UP_TO_2,
                snapshot_config=SnapshotConfig(capture_interval=10),
                av_file_type=["hls"],
                subscribe_video=Subscription.all(),
            ),
        ),
    ],
)
def test_options_of_mode_individual_reach_the_client(
    options: Any, config: Any, seen: dict[str, Any], run: Terminal
) -> None:
    ran = run(*START, *STORAGE, "--mode", "individual", *options)
    assert ran.exit_code == 0, ran.err
    assert seen["config"] == config


@pytest.mark.parametrize(
    ("options", "config"),
    [
        (("--files", "hls,mp4"), RecordingConfig(av_file_type=["hls", "mp4"])),
        (("--subscribe-audio", "except:7, 8"), RecordingConfig(subscribe_audio=Subscription.all_except([7, 8]))),
        (
            ("--layout", "best-fit", "--background-color", "#203040"),
            RecordingConfig(transcoding_config=TranscodingConfig(layout=BestFit(), background_color="#203040")),
        ),
        (("--layout", "floating"), RecordingConfig(transcoding_config=TranscodingConfig(layout=Floating()))),
        (
            ("--mixed-video-layout", "vertical"),
            RecordingConfig(transcoding_config=TranscodingConfig(layout=Vertical())),
        ),
        (
            ("--layout", "grid:7,8,9"),
            RecordingConfig(transcoding_config=TranscodingConfig(layout=grid(["7", "8", "9"]))),
        ),
    ],
)
def test_options_of_mode_mix_reach_the_client(options: Any, config: Any, seen: dict[str, Any], run: Terminal) -> None:
    ran = run(*START, *STORAGE, *options)
    assert ran.exit_code == 0, ran.err
    assert seen["config"] == config


def test_a_channel_encrypted_with_a_salt_has_it_from_the_environment(seen: dict[str, Any], run: Terminal) -> None:
    salt = base64.b64encode(b"planted".ljust(32)).decode()
    run(*START, *STORAGE, "--decryption-mode", "aes128gcm2", AGORA_DECRYPTION_SALT=salt)
    assert (seen["config"].salt, seen["config"].secret) == (salt, "planted-decryption-secret")
    assert salt not in "".join(run.printed)


def test_options_of_a_web_page_reach_the_client(seen: dict[str, Any], run: Terminal) -> None:
    options = ("--max-hours", 3, "--width", 1920, "--height", 1080, "--fps", 30, "--mobile", "--paused")
    push = ("--rtmp-url", "rtmp://live.example.com/app/")
    ran = run("recordings", "start", *PAGE, *STORAGE, *options, *push, "--json", AGORA_RTMP_KEY=RTMP_KEY)
    assert ran.exit_code == 0, ran.err
    assert seen["config"] == WebConfig(
        url="https://example.com/board",
        max_recording_hour=3,
        video_width=1920,
        video_height=1080,
        video_fps=30,
        mobile=True,
        onhold=True,
        rtmp_urls=[f"rtmp://live.example.com/app/{RTMP_KEY}"],
    )
    assert seen["channel"].startswith("web-")
    assert seen["uid"] == "1"
    assert RTMP_KEY not in "".join(run.printed)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ((*START, "--mode", "individual", "--layout", "floating"), "--layout belongs to --mode mix, not"),
        ((*START, "--mode", "web", "--url", "https://a.example", "--max-idle-time", 5), "--max-idle-time belongs to"),
        (
            (*START, "--mode", "individual", "--audio-profile", "music-standard"),
            "--audio-profile belongs to --mode mix or",
        ),
        ((*START, "--snapshot-interval", 10), "--snapshot-interval belongs to --mode individual"),
        ((*START, "--url", "https://a.example"), "--url belongs to --mode web"),
        ((*START, "--mode", "web"), "--mode web needs --url"),
        (("recordings", "start", *PAGE), "--mode web needs --max-hours"),
        (
            ("recordings", "start", *PAGE, "--max-hours", 1, "--rtmp-url", "rtmp://a.example/b/key"),
            "set it in AGORA_RTMP_KEY",
        ),
        ((*START, "--mode", "individual"), "--max-users (subscribe_uid_group) is required"),
        ((*RECORD, "--mode", "individual", "--max-users", 7, "--snapshot-interval", 1), "--snapshot-interval (client"),
        ((*RECORD, "--mode", "individual", "--max-users", 7, "--files", "hls,mp4"), "--files (client"),
        (("recordings", "record", *PAGE, "--max-hours", 900), "--max-hours (client"),
        (("recordings", "record", *PAGE, "--max-hours", 3, "--width", 99999), "--width, --height (video_width"),
        (
            ("recordings", "record", *PAGE, "--max-hours", 9, "--control-hours", 8),
            "--control-hours (resource_expired_hour) must be at least --max-hours",
        ),
        (
            ("recordings", "start", *PAGE, "--max-hours", 9, "--control-hours", 8),
            "--control-hours (resource_expired_hour) must be at least --max-hours",
        ),
        (("recordings", "record", *PAGE, "--duration", "800h"), "--duration must be less than 720h"),
        (
            ("recordings", "update", "--resource-id", "r", "--sid", "s", "--pause", "--resume"),
            "--pause and --resume contradict each other",
        ),
        ((*START, "--mode", "individual", "--max-users", 50), "from 1 to 49, not 50"),
        ((*START, "--subscribe-audio", "except:"), "names no users"),
        ((*START, "--subscribe-audio", "7,0"), "--subscribe-audio (uids) must be whole numbers"),
        ((*START, "--max-idle-time", 1), "--max-idle-time (client"),
        ((*START, "--control-hours", 900), "--control-hours (client"),
        ((*START, "--layout", "spiral"), "choose floating, best-fit, vertical"),
        ((*START, "--layout", "floating", "--max-resolution-uid", 3), "belongs to --layout vertical"),
        ((*START, "--max-resolution-uid", 3), "belongs to --layout vertical"),
        ((*START, "--layout", "grid:"), "grid: names no user: write grid:UID,UID"),
        (("recordings", "start", "--uid", 9), "No channel: pass its name"),
        (("recordings", "start", CHANNEL), "pass --uid"),
        (("recordings", "acquire"), "No channel: pass its name"),
    ],
)
def test_a_command_that_does_not_fit_its_mode_is_refused_before_anything_is_sent(
    words: Any, message: str, local: Local, run: Terminal
) -> None:
    storage = () if words[1] == "acquire" else STORAGE
    ran = run(*words, *storage)
    assert (ran.exit_code, ran.out) == (2, "")
    assert message in ran.err
    assert local.emulator.requests() == []


@pytest.fixture
def acquired(monkeypatch: pytest.MonkeyPatch) -> list[ResourceConfig | None]:
    """The `config` of each acquire, which is not carried out."""
    configs: list[ResourceConfig | None] = []

    def acquire(_self: object, channel: str, uid: str, *, config: Any = None, **_: object) -> Resource:
        configs.append(config)
        return Resource(resource_id="r", channel=channel, uid=uid)

    monkeypatch.setattr("agora_rest.client._sync.recordings.Recordings.acquire", acquire)
    return configs


def test_the_resource_says_where_the_service_is_and_for_how_long_it_listens(run: Terminal, acquired: Any) -> None:
    words = ("recordings", "acquire", CHANNEL, "--uid", 9)
    assert run(*words, "--service-region", "EU", "--control-hours", 24).exit_code == 0
    assert run(*words).exit_code == 0
    assert acquired == [ResourceConfig(region="EU", resource_expired_hour=24), None]


# ---- Storages


def test_any_s3_compatible_storage_needs_an_endpoint_and_no_region(seen: dict[str, Any], run: Terminal) -> None:
    words = ("--vendor", "s3-compatible", "--endpoint", "minio.example.com", "--bucket", "lessons", "--prefix", "a/b")
    assert run(*START, *words).exit_code == 0
    assert seen["storage"] == S3CompatibleStorage(endpoint="minio.example.com", file_name_prefix=["a", "b"], **KEYS)
    ran = run(*START, "--vendor", "s3-compatible", "--bucket", "lessons")
    assert ran.exit_code == 2
    assert "Set --endpoint or AGORA_STORAGE_ENDPOINT;" in ran.err


def test_temporary_keys_come_with_their_token(seen: dict[str, Any], run: Terminal) -> None:
    assert run(*START, *STORAGE, AGORA_STORAGE_STS_TOKEN="planted-token").exit_code == 0
    assert isinstance(seen["storage"], S3Storage)
    assert seen["storage"].sts_token == "planted-token"
    assert run("config", "show", AGORA_STORAGE_STS_TOKEN="planted-token").exit_code == 0
    assert "planted-token" not in "".join(run.printed)


def test_a_token_is_not_taken_for_the_keys_of_another_source(
    seen: dict[str, Any], run: Terminal, profiles: Callable[..., Path]
) -> None:
    lines = [f'{name} = "{value}"' for name, value in {"vendor": "tencent", "region": "ap-tokyo", **KEYS}.items()]
    account = '[mine]\ncustomer_id = "customer-of-these-tests"\ncustomer_certificate = "planted-certificate"\n'
    profiles("\n".join([account, "[mine.storage]", *lines, ""]))
    assert run(*START, "--profile", "mine", AGORA_STORAGE_STS_TOKEN="planted-token").exit_code == 0
    assert isinstance(seen["storage"], TencentStorage)
    assert seen["storage"].sts_token is None


def test_an_endpoint_belongs_to_one_vendor(run: Terminal) -> None:
    ran = run(*START, *STORAGE, "--endpoint", "minio.example.com")
    assert ran.exit_code == 2
    assert "--endpoint belongs to --storage s3-compatible, not to s3" in ran.err


# ---- Layouts from files


def test_a_layout_from_a_file_may_be_written_as_in_python_or_as_agora_writes_it(
    seen: dict[str, Any], run: Terminal, tmp_path: Path
) -> None:
    ours = [{"x": 0, "y": 0, "width": 0.5, "height": 1, "uid": "7"}, {"x": 0.5, "y": 0, "width": 0.5, "height": 1}]
    wire = [
        {"x_axis": 0, "y_axis": 0, "width": 0.5, "height": 1, "uid": "7", "alpha": 1, "render_mode": 0},
        {"x_axis": 0.5, "y_axis": 0, "width": 0.5, "height": 1},
    ]
    expected = Custom([Region(0, 0, 0.5, 1, "7"), Region(0.5, 0, 0.5, 1)]).to_request()
    for number, content in enumerate((ours, wire, {"layoutConfig": wire}, {"regions": ours})):
        file = tmp_path / f"{number}.json"
        file.write_text(json.dumps(content), encoding="utf-8")
        assert run(*START, *STORAGE, "--layout", file).exit_code == 0
        assert seen["config"].transcoding_config.layout.to_request() == expected


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("{", "is not JSON"),
        ("{}", "has no regions"),
        ("[]", "must be 1 to 17"),
        ("[7]", "region 1: it must be a JSON object"),
        ('[{"x": 0, "y": 0, "width": 1}]', "region 1: height missing"),
        ('[{"x": 0, "y": 0, "width": 1, "height": 1, "z": 1}]', "unknown member 'z'"),
        ('[{"x": 0, "y": 0, "width": 2, "height": 1}]', "region 1: width must be a number from 0 to 1"),
    ],
)
def test_a_file_that_is_no_layout_is_told_with_its_region(
    content: str, message: str, run: Terminal, tmp_path: Path
) -> None:
    file = tmp_path / "layout.json"
    file.write_text(content, encoding="utf-8")
    ran = run(*START, *STORAGE, "--layout", file)
    assert ran.exit_code == 2
    assert message in ran.err
    missing = run(*START, *STORAGE, "--layout", tmp_path / "none.json")
    assert "cannot be read" in missing.err


# ---- Whole recordings


@pytest.mark.parametrize(
    ("words", "mode"),
    [
        ((CHANNEL, "--uid", 9, "--mode", "individual", "--max-users", 7), "individual"),
        (PAGE, "web"),
        ((CHANNEL, "--uid", 9), None),
    ],
)
def test_record_stops_in_each_mode(
    words: Any, mode: str | None, local: Local, run: Terminal, hasten: Callable[..., None]
) -> None:
    hasten()
    ran = run("recordings", "record", *words, *STORAGE, "--duration", "10m", "--json")
    assert ran.exit_code == 0, ran.err
    assert ran.lines[0]["event"] == "started"
    assert ran.lines[0].get("mode") == mode
    assert ran.lines[-1]["event"] == "stopped"
    assert ran.lines[-1]["files"]


def test_a_web_page_is_limited_to_a_little_more_than_its_duration(
    run: Terminal, hasten: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    limits = []
    original = WebConfig.to_request

    def to_request(self: WebConfig) -> Any:
        limits.append(self.max_recording_hour)
        return original(self)

    monkeypatch.setattr(WebConfig, "to_request", to_request)
    hasten()
    assert run("recordings", "record", *PAGE, *STORAGE, "--duration", "1h").exit_code == 0
    assert set(limits) == {2}


def test_what_cannot_be_stopped_is_told_with_its_mode(local: Local, run: Terminal, hasten: Callable[..., None]) -> None:
    def fail(clock: Hastening) -> None:
        if clock.pauses == 2:
            for operation in ("stop_recording", "create_kicking_rule"):
                local.emulator.inject(Fault("status", operation, status=500))

    hasten(fail)
    words = (CHANNEL, "--uid", 9, "--mode", "individual", "--max-users", 7)
    ran = run("recordings", "record", *words, *STORAGE, "--duration", "1m")
    assert ran.exit_code == 5
    assert "agora-rest recordings stop" in ran.err
    assert "--mode individual" in ran.err


@pytest.fixture
def started(run: Terminal, tmp_path: Path) -> Callable[..., Path]:
    """Starts a recording, and writes the file that names it."""

    def start(*words: object, **environment: str) -> Path:
        ran = run("recordings", "start", *words, *STORAGE, "--json", **environment)
        assert ran.exit_code == 0, ran.err
        file = tmp_path / "recording.json"
        file.write_text(ran.out, encoding="utf-8")
        return file

    return start


def test_a_web_page_is_paused_and_its_push_moved(started: Callable[..., Path], local: Local, run: Terminal) -> None:
    push = ("--rtmp-url", "rtmp://live.example.com/app")
    file = started("board", *PAGE, "--max-hours", 1, *push, AGORA_RTMP_KEY=RTMP_KEY)
    local.emulator.clock.advance(20)
    assert run("recordings", "update", "--recording", file, "--pause").exit_code == 0
    shown = run("recordings", "query", "--recording", file).out
    assert [line.split() for line in shown.splitlines()][2] == ["Paused", "yes"]
    assert run("recordings", "update", "--recording", file, "--resume").exit_code == 0
    moved = ("--rtmp-url", "rtmp://other.example.com/app")
    assert run("recordings", "update", "--recording", file, *moved, AGORA_RTMP_KEY=RTMP_KEY).exit_code == 0
    assert run("recordings", "query", "--recording", file, "--json", "--debug").json["rtmp"]
    assert run("recordings", "stop", "--recording", file).exit_code == 0
    assert RTMP_KEY not in "".join(run.printed)


@pytest.mark.parametrize("address", ["http://live.example.com/app", "rtmp://", "live", ""])
def test_an_address_that_cannot_be_pushed_to_shows_no_key(
    address: str, local: Local, run: Terminal, started: Callable[..., Path]
) -> None:
    words = ("recordings", "start", "board", *PAGE, "--max-hours", 1, *STORAGE, "--rtmp-url", address)
    assert run(*words, AGORA_RTMP_KEY=RTMP_KEY).exit_code == 2
    file = started("other", *PAGE, "--max-hours", 1, "--rtmp-url", "rtmp://a.example/b", AGORA_RTMP_KEY=RTMP_KEY)
    local.emulator.clock.advance(20)
    ran = run("recordings", "update", "--recording", file, "--rtmp-url", address, AGORA_RTMP_KEY=RTMP_KEY)
    assert ran.exit_code == 2
    assert RTMP_KEY not in "".join(run.printed)


def test_subscriptions_keys_and_layouts_are_changed(started: Callable[..., Path], local: Local, run: Terminal) -> None:
    file = started(CHANNEL, "--uid", 9)
    local.emulator.clock.advance(10)
    named = ("--recording", file)
    words = ("--subscribe-audio", "1,2", "--subscribe-video", "1")
    assert run("recordings", "update", *named, *words).out.startswith("Updated the recording ")
    ran = run("recordings", "update", *named, "--new-keys", *STORAGE, AGORA_STORAGE_STS_TOKEN="planted-token")
    assert ran.exit_code == 0, ran.err
    assert run("recordings", "update-layout", "grid:1,2", *named).out.startswith("Rearranged the recording ")
    assert run("recordings", "update-layout", "vertical", "--max-resolution-uid", 1, *named, "--json").json is None
    ran = run("recordings", "update", *named)
    assert (ran.exit_code, "Nothing to change" in ran.err) == (2, True)
    assert "planted-token" not in "".join(run.printed)


def test_a_stop_need_not_wait_for_the_upload(started: Callable[..., Path], local: Local, run: Terminal) -> None:
    """CR-152."""
    file = started(CHANNEL, "--uid", 9)
    local.emulator.clock.advance(10)
    stopped = run("recordings", "stop", "--recording", file, "--no-wait", "--json").json
    assert stopped["uploading_status"] == "unknown"


def test_a_recording_of_another_mode_is_named_by_its_mode(
    started: Callable[..., Path], local: Local, run: Terminal
) -> None:
    file = started(CHANNEL, "--uid", 9, "--mode", "individual", "--max-users", 7)
    known = json.loads(file.read_text(encoding="utf-8"))
    assert known["mode"] == "individual"
    local.emulator.clock.advance(10)
    names = ("--resource-id", known["resource_id"], "--sid", known["sid"])
    assert run("recordings", "query", *names, "--mode", "individual").exit_code == 0
    assert run("recordings", "query", *names).exit_code == 1
    ran = run("recordings", "update-layout", "floating", "--recording", file)
    assert ran.exit_code == 2
    assert run("recordings", "stop", "--recording", file).exit_code == 0


@pytest.mark.fact("CR-132")
@pytest.mark.usefixtures("seen")
def test_the_resource_of_a_page_is_valid_for_as_long_as_its_recording_may_last(run: Terminal, acquired: Any) -> None:
    assert run("recordings", "start", *PAGE, *STORAGE, "--max-hours", 100).exit_code == 0
    assert acquired == [ResourceConfig(resource_expired_hour=100)]
