"""The settings of recordings: what they send in each mode, and what they refuse when they are created."""

from __future__ import annotations

import base64
import copy
import inspect
import json
import pickle
import pydoc
from datetime import UTC, datetime
from functools import partial
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agora_rest import (
    AlibabaStorage,
    AzureStorage,
    BaiduRegion,
    BaiduStorage,
    DecryptionMode,
    GoogleStorage,
    HuaweiRegion,
    HuaweiStorage,
    IndividualConfig,
    InvalidArgument,
    QiniuStorage,
    RecordingConfig,
    S3CompatibleStorage,
    S3Region,
    S3Storage,
    SnapshotConfig,
    StreamMode,
    SubscribeUidGroup,
    Subscription,
    TencentRegion,
    TencentStorage,
    TranscodingConfig,
    UserBackground,
    WebConfig,
    spec,
)
from agora_rest.layouts import grid

KEYS: dict[str, Any] = {"bucket": "b", "access_key": "planted-access-key", "secret_key": "planted-secret-key"}
STS: dict[str, Any] = {"sts_token": "planted-sts-token", "sts_expiration": 1_800_000_000}

STORAGES: list[Any] = [
    QiniuStorage(region=0, **KEYS),
    S3Storage(region=S3Region.EU_SOUTH_1, sse="kms", tag="RETENTION_DAYS=30", file_name_prefix=["a"], **KEYS, **STS),
    AlibabaStorage(region=27, tag="t", file_name_prefix=("a", "b"), **KEYS, **STS),
    TencentStorage(region=TencentRegion.EU_MOSCOW, **KEYS, **STS),
    AzureStorage(**KEYS),
    GoogleStorage(file_name_prefix=["a"], **KEYS),
    HuaweiStorage(region=HuaweiRegion.SA_CHILE_1, **KEYS),
    BaiduStorage(region=BaiduRegion.BAODING, **KEYS),
    S3CompatibleStorage(endpoint="storage.example.com", **KEYS),
]


def valid(schema: str, members: Any) -> Any:
    """`members` as they are sent, if the schema allows them."""
    plain = json.loads(json.dumps(members))
    spec.validator("cloud-recording", schema).validate(plain)
    return plain


@pytest.mark.fact("CR-98", "CR-99", "CR-100", "CR-101", "CR-102", "CR-103")
@pytest.mark.parametrize("storage", STORAGES, ids=lambda storage: type(storage).__name__)
def test_every_storage_is_valid_and_hides_its_secrets(storage: Any) -> None:
    sent = valid("StorageConfig", storage.to_request())
    assert sent["vendor"] == storage.vendor
    for shown in (repr(storage), repr(storage.to_request()), str(storage)):
        assert "planted" not in shown
    assert pickle.loads(pickle.dumps(storage)) == copy.deepcopy(storage) == storage


@pytest.mark.fact("CR-100", "CR-101", "CR-103")
def test_what_a_vendor_does_to_files_is_sent_where_the_documents_have_it() -> None:
    assert STORAGES[1].to_request()["extensionParams"] == {"sse": "kms", "tag": "RETENTION_DAYS=30"}
    assert STORAGES[2].to_request()["extensionParams"] == {"tag": "t"}
    assert STORAGES[-1].to_request()["extensionParams"] == {"endpoint": "storage.example.com"}
    assert "extensionParams" not in STORAGES[0].to_request()


@pytest.mark.fact("CR-102")
def test_keys_end_at_a_moment_in_a_time_zone() -> None:
    moment = datetime(2027, 1, 15, 8, tzinfo=UTC)
    storage = TencentStorage(region=0, sts_token="t", sts_expiration=moment, **KEYS)
    assert storage.to_request()["stsExpiration"] == 1_800_000_000
    with pytest.raises(InvalidArgument, match="with a time zone"):
        TencentStorage(region=0, sts_token="t", sts_expiration=moment.replace(tzinfo=None), **KEYS)


@pytest.mark.fact("CR-103")
def test_folders_have_at_most_128_characters_with_their_slashes() -> None:
    S3Storage(region=0, file_name_prefix=["a" * 63, "b" * 64], **KEYS)
    with pytest.raises(InvalidArgument, match="file_name_prefix must have at most 128 characters"):
        S3Storage(region=0, file_name_prefix=["a" * 64, "b" * 64], **KEYS)


@pytest.mark.fact("CR-109", "CR-111", "CR-112")
def test_a_subscription_is_everybody_some_or_all_but_some() -> None:
    config = RecordingConfig(subscribe_audio=Subscription.all(), subscribe_video=Subscription.only([111, "222"]))
    assert config.to_request() == {"subscribeAudioUids": ["#allstream#"], "subscribeVideoUids": ["111", "222"]}
    config = RecordingConfig(subscribe_audio=Subscription.all_except([1]))
    assert config.to_request() == {"unSubscribeAudioUids": ["1"]}
    assert Subscription((7, "8")) == Subscription.only([7, 8])  # type: ignore[arg-type]
    with pytest.raises(InvalidArgument, match="subscribe_audio must be a Subscription"):
        RecordingConfig(subscribe_audio=["1"])  # type: ignore[arg-type]


@pytest.mark.fact("CR-109", "CR-111")
@pytest.mark.parametrize("make", [Subscription, Subscription.only, Subscription.all_except])
@pytest.mark.parametrize(
    ("uids", "rule"),
    [
        (7, "must be a list of user IDs"),
        ("7", "must be a list of user IDs"),
        (None, "must be a list of user IDs"),
        ([], "must be 1 to 32 user IDs"),
        (range(1, 34), "must be 1 to 32 user IDs"),
        *((["1", wrong], "must be whole numbers from 1 to 4294967295") for wrong in ("0", "07", "-1", "x", 2**32, "٣")),
    ],
)
def test_a_subscription_is_validated_when_it_is_created(make: Any, uids: Any, rule: str) -> None:
    with pytest.raises(InvalidArgument, match=f"^uids {rule}"):
        make(uids)


@pytest.mark.fact("CR-111")
def test_all_users_cannot_be_excluded() -> None:
    with pytest.raises(InvalidArgument, match="must not exclude #allstream#"):
        Subscription.all_except(["#allstream#"])


@pytest.mark.fact("CR-23", "CR-24", "CR-104")
@pytest.mark.parametrize("kind", [RecordingConfig, partial(IndividualConfig, subscribe_uid_group=0)])
def test_a_password_needs_a_decryption_mode(kind: Any) -> None:
    with pytest.raises(InvalidArgument, match="secret needs a decryption_mode") as caught:
        kind(secret="planted")
    assert "planted" not in str(caught.value)
    for mode in ({"decryption_mode": 0}, {"decryption_mode": 6}, {"extra": {"decryptionMode": 6}}):
        assert kind(secret="planted", **mode).to_request()["secret"] == "planted"


uids = st.lists(st.integers(1, 99), min_size=1, max_size=32, unique=True)


@pytest.mark.fact("CR-114", "CR-115")
@given(uids, uids | st.none())
def test_the_group_of_users_is_computed_from_the_subscriptions(audio: list[int], video: list[int] | None) -> None:
    given_subscriptions: dict[str, Any] = {"subscribe_audio": Subscription.only(audio)}
    if video is not None:
        given_subscriptions["subscribe_video"] = Subscription.only(video)
    users = len({*audio, *(video or [])})
    if users > 49:
        with pytest.raises(InvalidArgument, match="must name 1 to 49 users"):
            IndividualConfig(**given_subscriptions)
        return
    sent = valid("StartClientRequest", {**IndividualConfig(**given_subscriptions).client_request(), **WITH_STORAGE})
    assert sent["recordingConfig"]["subscribeUidGroup"] == SubscribeUidGroup.of(users)


WITH_STORAGE = {"storageConfig": STORAGES[0].to_request()}


@pytest.mark.fact("CR-115")
@pytest.mark.parametrize(
    "given",
    [
        {},
        {"subscribe_audio": Subscription.all()},
        {"subscribe_audio": Subscription.only([1]), "subscribe_video": Subscription.all_except([2])},
    ],
)
def test_the_group_is_required_where_the_users_are_not_named(given: dict[str, Any]) -> None:
    with pytest.raises(InvalidArgument, match="subscribe_uid_group is required unless"):
        IndividualConfig(**given)
    assert IndividualConfig(**given, subscribe_uid_group=5).to_request()["subscribeUidGroup"] == 5


@pytest.mark.fact("CR-116", "CR-124", "CR-125")
def test_snapshots_are_made_alone_or_beside_files() -> None:
    only = IndividualConfig(subscribe_uid_group=0, snapshot_config=SnapshotConfig(capture_interval=5))
    assert only.client_request() == {
        "recordingConfig": {"subscribeUidGroup": 0},
        "snapshotConfig": {"captureInterval": 5, "fileType": ["jpg"]},
    }
    both = IndividualConfig(
        subscribe_uid_group=0, stream_mode=StreamMode.STANDARD, snapshot_config=SnapshotConfig(), av_file_type=["hls"]
    )
    sent = valid("StartClientRequest", {**both.client_request(), **WITH_STORAGE})
    assert (sent["recordingFileConfig"], sent["snapshotConfig"]) == ({"avFileType": ["hls"]}, {"fileType": ["jpg"]})


@pytest.mark.fact("CR-104", "CR-105", "CR-106")
def test_a_salt_is_bytes_or_their_base64() -> None:
    salt = bytes(range(32))
    config = RecordingConfig(decryption_mode=DecryptionMode.AES256GCM2, secret="planted-password", salt=salt)
    sent = valid("RecordingConfig", config.to_request())
    assert base64.b64decode(sent["salt"]) == salt
    assert RecordingConfig(salt=sent["salt"]).to_request()["salt"] == sent["salt"]
    assert "planted" not in repr(config)
    assert sent["salt"] not in repr(config) + repr(config.to_request())
    assert "\\x01" not in repr(config)


@pytest.mark.fact("CR-118", "CR-120", "CR-121", "CR-122")
def test_a_mixed_recording_has_a_layout_backgrounds_and_mp4() -> None:
    config = RecordingConfig(
        transcoding_config=TranscodingConfig(
            width=1440,
            height=1440,
            layout=grid([1, 2, 3, 4]),
            background_color="#FF0000",
            background_image="https://example.com/a.jpg",
            default_user_background_image="https://example.com/b.jpg",
            background_config=[UserBackground(uid=16, image_url="https://example.com/c.bmp", crop=False)],
        ),
        av_file_type=("hls", "mp4"),
    )
    sent = valid("StartClientRequest", {**config.client_request(), **WITH_STORAGE})
    assert sent["recordingFileConfig"] == {"avFileType": ["hls", "mp4"]}
    picture = sent["recordingConfig"]["transcodingConfig"]
    assert (picture["mixedVideoLayout"], len(picture["layoutConfig"])) == (3, 4)
    assert picture["backgroundConfig"] == [{"uid": "16", "image_url": "https://example.com/c.bmp", "render_mode": 1}]


IMAGE = UserBackground(uid=1, image_url="https://a.b/c.jpg")


@pytest.mark.parametrize(
    ("kind", "arguments", "rule"),
    [
        (RecordingConfig, {"transcoding_config": {"width": 1}}, "must be a TranscodingConfig"),
        (IndividualConfig, {"subscribe_uid_group": 0, "snapshot_config": {"x": "planted"}}, "must be a SnapshotConfig"),
        (IndividualConfig, {"subscribe_uid_group": 0, "snapshot_config": True}, "must be a SnapshotConfig"),
        (TranscodingConfig, {"background_config": [{"uid": 1}]}, "must be a list of UserBackground"),
        (TranscodingConfig, {"background_config": IMAGE}, "must be a list of UserBackground"),
        (WebConfig, {"max_recording_hour": 1, "rtmp_urls": "rtmp://a/planted"}, "must be a list with one address"),
        (WebConfig, {"max_recording_hour": 1, "rtmp_urls": []}, "must be a list with one address"),
        (WebConfig, {"max_recording_hour": 1, "rtmp_urls": 5}, "must be a list with one address"),
    ],
)
def test_an_object_of_another_kind_is_refused_by_the_name_of_its_argument(
    kind: Any, arguments: dict[str, Any], rule: str
) -> None:
    def make() -> None:
        kind(**arguments).client_request()

    with pytest.raises(InvalidArgument, match=f"^{list(arguments)[-1]} {rule}") as caught:
        make()
    assert "planted" not in str(caught.value)


@pytest.mark.fact("CR-136")
@pytest.mark.parametrize(
    "url", ["example.com/board", "ftp://example.com", "file:///etc/passwd", "https://", "https://a.b/c d", "//a.b"]
)
def test_an_address_that_no_browser_opens_is_refused(url: str) -> None:
    with pytest.raises(InvalidArgument, match="url must begin with http:// or https:// and a host"):
        WebConfig(url=url, max_recording_hour=1)


@pytest.mark.fact("CR-136")
@pytest.mark.parametrize(
    "url", ["http://localhost:8080", "HTTPS://example.com/a?b=c#d", "https://[::1]/", "https://例え.jp"]
)
def test_any_address_of_a_page_is_taken(url: str) -> None:
    assert WebConfig(url=url, max_recording_hour=1).to_request()["url"] == url


@pytest.mark.fact("CR-100")
@pytest.mark.parametrize("endpoint", ["https://minio.example.com", "user:planted@minio.example.com", "a.b/c?d", "a b"])
def test_an_endpoint_is_a_host_and_what_is_not_one_is_not_shown(endpoint: str) -> None:
    with pytest.raises(InvalidArgument, match="endpoint must be a host name without a scheme") as caught:
        S3CompatibleStorage(endpoint=endpoint, **KEYS)
    assert "planted" not in str(caught.value)


@pytest.mark.fact("CR-117", "CR-131")
def test_a_picture_has_at_most_as_many_pixels_as_1080p() -> None:
    for width, height in ((1920, 1080), (1080, 1920), (1440, 1440)):
        TranscodingConfig(width=width, height=height)
        WebConfig(max_recording_hour=1, video_width=width, video_height=height)
    with pytest.raises(InvalidArgument, match=r"width, height must have at most .* .1920 by 1081. was"):
        TranscodingConfig(width=1920, height=1081)
    with pytest.raises(InvalidArgument, match="video_width, video_height must"):
        WebConfig(max_recording_hour=1, video_width=1441, video_height=1440)


@pytest.mark.fact("CR-128", "CR-130", "CR-133", "CR-134", "CR-135")
def test_a_web_page_is_recorded_and_pushed_and_the_key_of_the_push_is_hidden() -> None:
    config = WebConfig(
        url="https://example.com/lesson",
        max_recording_hour=3,
        mobile=True,
        onhold=True,
        ready_timeout=30,
        rtmp_urls=["rtmps://live.example.com/app/planted-key"],
        av_file_type=["hls", "mp4"],
    )
    sent = valid("StartClientRequest", {**config.client_request(), **WITH_STORAGE})
    recorder, push = sent["extensionServiceConfig"]["extensionServices"]
    assert recorder == {
        "serviceName": "web_recorder_service",
        "serviceParam": {
            "url": "https://example.com/lesson",
            "audioProfile": 0,
            "videoWidth": 1280,
            "videoHeight": 720,
            "maxRecordingHour": 3,
            "mobile": True,
            "onhold": True,
            "readyTimeout": 30,
        },
    }
    assert push == {
        "serviceName": "rtmp_publish_service",
        "serviceParam": {"outputs": [{"rtmpUrl": "rtmps://live.example.com/app/planted-key"}]},
    }
    assert "planted" not in repr(config) + repr(config.client_request())


@pytest.mark.fact("CR-102")
@pytest.mark.parametrize("kind", [S3Storage, AlibabaStorage, TencentStorage])
def test_the_end_of_temporary_keys_is_in_seconds_and_belongs_to_a_token(kind: Any) -> None:
    with pytest.raises(InvalidArgument, match="sts_expiration must be in seconds, not milliseconds"):
        kind(region=0, sts_token="t", sts_expiration=1_800_000_000_000, **KEYS)
    with pytest.raises(InvalidArgument, match="sts_expiration belongs to an sts_token"):
        kind(region=0, sts_expiration=1_800_000_000, **KEYS)
    assert kind(region=0, sts_expiration=1_800_000_000, extra={"stsToken": "t"}, **KEYS).to_request()["stsToken"] == "t"


def test_help_shows_what_each_field_means() -> None:
    """Also those of base classes; the source has them as docstrings, which Python discards."""
    shown = pydoc.render_doc(RecordingConfig, renderer=pydoc.plaintext)
    assert "Attributes:" in shown
    assert "    max_idle_time: Seconds of an idle channel" in shown
    documented = str(RecordingConfig.__doc__)
    assert documented.startswith("How to record a channel into one file")
    assert str(S3Storage.__doc__).count("file_name_prefix: The folders") == 1
    assert "excluded: Whether" in str(Subscription.__doc__)


def test_help_works_without_the_source(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(_: Any) -> str:
        raise OSError("could not get source code")

    monkeypatch.setattr(inspect, "getsource", missing)
    assert str(RecordingConfig.__doc__).endswith("All fields are optional.")
