"""Every operation as the client makes it: one entry an operation.

`call` makes the request that it is given. Tests that need a call of every operation take the request from the
specification, a recording or `tour.py`, and the call from here. The rest of an entry is one call written out: what a
user writes, the request, the responses of both dialects and the result. It repeats the specification on purpose.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Final

from agora_rest import (
    AlibabaStorage,
    AudioProfile,
    AzureStorage,
    BaiduStorage,
    Ban,
    Channel,
    ChannelHosts,
    ChannelMode,
    ChannelPage,
    ChannelUsers,
    DayMetrics,
    DayMinutes,
    DecryptionMode,
    GoogleStorage,
    HuaweiStorage,
    IndividualConfig,
    KickingRule,
    Metric,
    MixedVideoLayout,
    Platform,
    Privilege,
    Project,
    ProjectMinutes,
    ProjectStatus,
    QiniuStorage,
    RecordedFile,
    RecordingConfig,
    RecordingMode,
    RecordingState,
    RecordingStatus,
    Resource,
    ResourceConfig,
    Role,
    S3CompatibleStorage,
    S3Storage,
    SnapshotConfig,
    StartedRecording,
    StoppedRecording,
    StreamTypes,
    Subscription,
    TencentStorage,
    TranscodingConfig,
    UploadingStatus,
    UsageMetrics,
    UserState,
    WebConfig,
)
from agora_rest.client._arguments import plain
from agora_rest.contract.http.wire import OMIT
from agora_rest.contract.samples import Sample
from agora_rest.layouts import Custom, Layout, Region

Call = Callable[[Any, Sample], Any]
"""Takes a client and a request as it is on the wire, and makes the same request through the client."""

APP_ID: Final = "0123456789abcdef0123456789abcdef"
STORAGES: Final[dict[int, Any]] = {
    kind.vendor: kind
    for kind in (
        QiniuStorage,
        S3Storage,
        AlibabaStorage,
        TencentStorage,
        AzureStorage,
        GoogleStorage,
        HuaweiStorage,
        BaiduStorage,
        S3CompatibleStorage,
    )
}
"""By vendor (CR-34, CR-98)."""
LISTS: Final = ("subscribeAudioUids", "unSubscribeAudioUids", "subscribeVideoUids", "unSubscribeVideoUids")


def app(agora: Any, it: Sample) -> Any:
    """The App ID that a request names, in its path, query or body."""
    return agora.app({**it.path, **it.query, **(it.body if it.body is not OMIT else {})}["appid"])


def extra(members: Mapping[str, Any], *known: str) -> dict[str, Any]:
    """The members that no argument sets."""
    return {name: value for name, value in members.items() if name not in known}


def setting(kind: Any, members: Mapping[str, Any], **parts: Any) -> Any:
    """`members` of a request as an object of the client's settings; unknown members in its `extra`."""
    named = {re.sub("([A-Z])", lambda capital: f"_{capital[1].lower()}", name): name for name in members}
    known = {name: members[wire] for name, wire in named.items() if name in kind.__dataclass_fields__}
    return kind(**{**known, **parts}, extra=extra(members, *(named[name] for name in known)))


def storage(members: Mapping[str, Any]) -> Any:
    """A `storageConfig` as the client's object."""
    kind, params = STORAGES[members["vendor"]], members.get("extensionParams") or {}
    known = {name: value for name, value in params.items() if name in kind.__dataclass_fields__}
    unknown = extra(params, *known)
    more = {"extensionParams": unknown} if unknown or (params == {} and "extensionParams" in members) else {}
    return setting(kind, {**extra(members, "vendor", "extensionParams"), **more}, **known)


def subscriptions(members: Mapping[str, Any]) -> dict[str, Subscription]:
    """The subscription lists of a request as arguments."""
    found: dict[str, Subscription] = {}
    for name in LISTS:
        if name in members:
            of = Subscription.only if name.startswith("sub") else Subscription.all_except
            found[f"subscribe_{'audio' if 'Audio' in name else 'video'}"] = of(members[name])
    return found


@dataclass(frozen=True)
class RawConfig:
    """A configuration as it is on the wire, with members that no argument sets."""

    mode: RecordingMode
    members: Mapping[str, Any]

    def to_request(self) -> dict[str, Any]:
        return dict(self.members)

    client_request = to_request


CONFIG_MEMBERS: Final = ("recordingConfig", "recordingFileConfig", "snapshotConfig", "extensionServiceConfig")


def config(mode: str, request: Mapping[str, Any]) -> Any:
    """The part of a start's `clientRequest` that is a configuration, as the client's object."""
    part = {name: request[name] for name in CONFIG_MEMBERS if name in request}
    if mode == "mix" and not part:
        return None
    made = web_config(request) if mode == "web" else channel_config(mode, request)
    return made if plain(made.client_request()) == part else RawConfig(RecordingMode(mode), part)


def channel_config(mode: str, request: Mapping[str, Any]) -> Any:
    """The configuration of a channel's recording as the client's object."""
    members = request.get("recordingConfig") or {}
    parts: dict[str, Any] = {**subscriptions(members), **file_types(request)}
    if (nested := members.get("transcodingConfig")) is not None:
        images = nested.get("backgroundConfig")
        more = {"background_config": [AnyBackground(each) for each in images]} if images else {}
        parts["transcoding_config"] = setting(TranscodingConfig, nested, **more)
    if (snapshots := request.get("snapshotConfig")) is not None:
        parts["snapshot_config"] = setting(SnapshotConfig, extra(snapshots, "fileType"))
    return setting(IndividualConfig if mode == "individual" else RecordingConfig, extra(members, *LISTS), **parts)


def web_config(request: Mapping[str, Any]) -> Any:
    """The services of a start in mode `web` as the client's object."""
    services = request["extensionServiceConfig"]["extensionServices"]
    by_name = {service["serviceName"]: service["serviceParam"] for service in services}
    urls = [output["rtmpUrl"] for output in by_name.get("rtmp_publish_service", {}).get("outputs", ())]
    parts = {**file_types(request), **({"rtmp_urls": urls} if urls else {})}
    return setting(WebConfig, by_name["web_recorder_service"], **parts)


def file_types(request: Mapping[str, Any]) -> dict[str, Any]:
    """The kinds of files as an argument."""
    types = request.get("recordingFileConfig", {}).get("avFileType")
    return {} if types is None else {"av_file_type": types}


def acquire(agora: Any, it: Sample) -> Any:
    """Acquire a resource ID."""
    request = it.body["clientRequest"]
    mode = "web" if request.get("scene") == 1 else "mix"
    return app(agora, it).recordings.acquire(
        it.body["cname"],
        it.body["uid"],
        mode=mode,
        config=setting(ResourceConfig, extra(request, "startParameter", "scene")),
        extra={name: request[name] for name in ("startParameter", "scene") if name in request},
    )


def start(agora: Any, it: Sample) -> Any:
    """Start a recording."""
    request = it.body["clientRequest"]
    resource = Resource(resource_id=it.path["resourceid"], channel=it.body["cname"], uid=it.body["uid"])
    return app(agora, it).recordings.start(
        resource, storage(request["storageConfig"]), config=config(it.path["mode"], request), extra=request
    )


def recording(it: Sample) -> StartedRecording:
    """The recording that a call names; a query names no channel."""
    who = {"cname": "lesson", "uid": "1"} if it.body is OMIT else it.body
    return StartedRecording(
        resource_id=it.path["resourceid"],
        sid=it.path["sid"],
        channel=who["cname"],
        uid=who["uid"],
        mode=RecordingMode(it.path["mode"]),
    )


def update(agora: Any, it: Sample) -> Any:
    """Change a recording."""
    request = it.body["clientRequest"]
    lists = request.get("streamSubscribe", {})
    given: dict[str, Any] = {
        **subscriptions(lists.get("audioUidList", {})),
        **subscriptions(lists.get("videoUidList", {})),
    }
    if "storageConfig" in request:
        given["storage"] = storage(request["storageConfig"])
    if (onhold := request.get("webRecordingConfig", {}).get("onhold")) is not None:
        given["onhold"] = onhold
    if outputs := request.get("rtmpPublishConfig", {}).get("outputs"):
        given["rtmp_urls"] = [output["rtmpUrl"] for output in outputs if "rtmpUrl" in output]
        given = given if all("rtmpUrl" in output for output in outputs) else extra(given, "rtmp_urls")
    return app(agora, it).recordings.update(recording(it), **given, extra=request)


def update_layout(agora: Any, it: Sample) -> Any:
    """Rearrange the videos of a recording."""
    request = it.body["clientRequest"]
    layout = AnyLayout(extra(request, *BACKGROUNDS.values()))
    given = {name: request[member] for name, member in BACKGROUNDS.items() if member in request}
    if "background_config" in given:
        given["background_config"] = [AnyBackground(each) for each in given["background_config"]]
    return app(agora, it).recordings.update_layout(recording(it), layout, **given)


BACKGROUNDS: Final = {
    "background_color": "backgroundColor",
    "background_image": "backgroundImage",
    "default_user_background_image": "defaultUserBackgroundImage",
    "background_config": "backgroundConfig",
}


@dataclass(frozen=True)
class AnyLayout(Layout):
    """A layout as it is on the wire."""

    members: Mapping[str, Any]

    def to_request(self) -> dict[str, Any]:
        return dict(self.members)


@dataclass(frozen=True)
class AnyBackground:
    """A background as it is on the wire."""

    members: Mapping[str, Any]

    def to_request(self) -> dict[str, Any]:
        return dict(self.members)


def days(it: Sample) -> tuple[date, date]:
    """The period of a query."""
    return date.fromisoformat(it.query["from_date"]), date.fromisoformat(it.query["to_date"])


def ban(agora: Any, it: Sample) -> Any:
    """Create a kicking rule; empty strings mean "not given" (CO-41)."""
    target = {
        name: it.body.get(member) or None for name, member in (("channel", "cname"), ("uid", "uid"), ("ip", "ip"))
    }
    more = extra(it.body, "appid", "cname", "uid", "ip", "time", "time_in_seconds", "privileges")
    rules, denied = app(agora, it).kicking_rules, it.body["privileges"]
    if denied == ["join_channel"]:
        return rules.ban(**target, **duration(it.body), extra=more)
    sending = {"audio": "publish_audio" in denied, "video": "publish_video" in denied}
    return rules.mute(**target, **sending, **duration(it.body), extra=more)


def duration(members: Mapping[str, Any]) -> dict[str, Any]:
    """The duration of a kicking rule as an argument of the client."""
    arguments = {"minutes": "time", "seconds": "time_in_seconds"}
    return {name: members[wire] for name, wire in arguments.items() if wire in members}


RESOURCE = Resource(resource_id="JyvK8n", channel="httpClient463224", uid="527841")
STARTED = StartedRecording(resource_id="JyvK8n", sid="38f8e3", channel="httpClient463224", uid="527841")
STORAGE = AlibabaStorage(bucket="xxxxx", access_key="xxxxxxf", secret_key="xxxxx", region=3)
CONFIG = RecordingConfig(
    max_idle_time=30,
    stream_types=StreamTypes.BOTH,
    audio_profile=AudioProfile.MUSIC_HIGH_QUALITY,
    decryption_mode=DecryptionMode.AES128XTS,
    secret="planted-password-3",
    transcoding_config=TranscodingConfig(
        width=360, height=640, fps=15, bitrate=500, mixed_video_layout=MixedVideoLayout.BEST_FIT, max_resolution_uid=1
    ),
)
WIRE_PROJECT = {
    "id": "xxxx",
    "name": "project1",
    "vendor_key": APP_ID,
    "sign_key": "planted-sign-key-4",
    "recording_server": "10.2.2.8:8080",
    "status": 1,
    "created": 1464165672,
}
PROJECT = Project(
    id="xxxx",
    name="project1",
    app_id=APP_ID,
    sign_key="planted-sign-key-4",
    recording_server="10.2.2.8:8080",
    status=ProjectStatus.ENABLED,
    created=datetime(2016, 5, 25, 8, 41, 12, tzinfo=UTC),
)
RECORDINGS = f"/v1/apps/{APP_ID}/cloud_recording"
IDENTITY = {"cname": "httpClient463224", "uid": "527841", "clientRequest": {}}
JANUARY = {"from_date": "2020-01-01", "to_date": "2020-01-31"}


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@dataclass
class Case:
    """An operation."""

    operation: str
    call: Call
    """Makes a request through the client."""
    use: Callable[[Any], Any]
    """One call, as a user writes it, and below what goes over the wire."""
    url: str
    documented: Any
    result: Any
    observed: Any = None
    observed_status: int = 200
    body: Any = None
    query: dict[str, str] | None = None
    required: Collection[str] = ()
    """Members that the result is nothing without; every other may be left out of any response."""


CASES = [
    Case(
        "acquire",
        acquire,
        lambda agora: agora.app(APP_ID).recordings.acquire("httpClient463224", 527841),
        f"{RECORDINGS}/acquire",
        {"Code": 200, "Body": {"resourceId": "JyvK8n"}},
        RESOURCE,
        observed={"cname": "httpClient463224", "uid": "527841", "resourceId": "JyvK8n"},
        body=IDENTITY,
        required={"Body", "resourceId"},
    ),
    Case(
        "start_recording",
        start,
        lambda agora: agora.app(APP_ID).recordings.start(RESOURCE, STORAGE, config=CONFIG, extra={"token": "t"}),
        f"{RECORDINGS}/resourceid/JyvK8n/mode/mix/start",
        {"Code": 200, "Body": {"sid": "38f8e3", "resourceId": "JyvK8n"}},
        STARTED,
        observed={"cname": "httpClient463224", "uid": "527841", "resourceId": "JyvK8n", "sid": "38f8e3"},
        observed_status=201,
        body={
            "cname": "httpClient463224",
            "uid": "527841",
            "clientRequest": {
                "token": "t",
                "recordingConfig": {
                    "maxIdleTime": 30,
                    "streamTypes": 2,
                    "audioProfile": 1,
                    "decryptionMode": 1,
                    "secret": "planted-password-3",
                    "transcodingConfig": {
                        "width": 360,
                        "height": 640,
                        "fps": 15,
                        "bitrate": 500,
                        "mixedVideoLayout": 1,
                        "maxResolutionUid": "1",
                    },
                },
                "storageConfig": {
                    "vendor": 2,
                    "region": 3,
                    "bucket": "xxxxx",
                    "accessKey": "xxxxxxf",
                    "secretKey": "xxxxx",
                },
            },
        },
        required={"Body", "sid"},
    ),
    Case(
        "query_recording",
        lambda agora, it: app(agora, it).recordings.query(recording(it)),
        lambda agora: agora.app(APP_ID).recordings.query(STARTED),
        f"{RECORDINGS}/resourceid/JyvK8n/sid/38f8e3/mode/mix/query",
        {
            "Code": 200,
            "Body": {
                "resourceId": "JyvK8n",
                "sid": "38f8e3",
                "serverResponse": {"fileList": "x.m3u8", "status": "5"},
            },
        },
        RecordingState(status=RecordingStatus.RECORDING, files=(RecordedFile(name="x.m3u8"),)),
        observed={
            "resourceId": "JyvK8n",
            "sid": "38f8e3",
            "serverResponse": {
                "status": 5,
                "fileList": [{"fileName": "x.m3u8", "mixedAllUser": True}],
                "fileListMode": "json",
            },
        },
        required={"Body", "serverResponse", "status"},
    ),
    Case(
        "update_recording",
        update,
        lambda agora: agora.app(APP_ID).recordings.update(
            STARTED, subscribe_audio=Subscription.all(), subscribe_video=Subscription.all_except([444, "555"])
        ),
        f"{RECORDINGS}/resourceid/JyvK8n/sid/38f8e3/mode/mix/update",
        {"cname": "httpClient463224", "uid": "527841", "resourceId": "JyvK8n", "sid": "38f8e3"},
        None,
        body={
            **IDENTITY,
            "clientRequest": {
                "streamSubscribe": {
                    "audioUidList": {"subscribeAudioUids": ["#allstream#"]},
                    "videoUidList": {"unSubscribeVideoUids": ["444", "555"]},
                }
            },
        },
    ),
    Case(
        "update_layout",
        update_layout,
        lambda agora: agora.app(APP_ID).recordings.update_layout(
            STARTED,
            Custom([Region(0, 0, 0.5, 1, uid=1), Region(0.5, 0, 0.5, 1, crop=False)]),
            background_color="#FF0000",
        ),
        f"{RECORDINGS}/resourceid/JyvK8n/sid/38f8e3/mode/mix/updateLayout",
        {"cname": "httpClient463224", "uid": "527841", "resourceId": "JyvK8n", "sid": "38f8e3"},
        None,
        body={
            **IDENTITY,
            "clientRequest": {
                "mixedVideoLayout": 3,
                "backgroundColor": "#FF0000",
                "layoutConfig": [
                    {
                        "uid": "1",
                        "x_axis": 0.0,
                        "y_axis": 0.0,
                        "width": 0.5,
                        "height": 1.0,
                        "alpha": 1.0,
                        "render_mode": 0,
                    },
                    {"x_axis": 0.5, "y_axis": 0.0, "width": 0.5, "height": 1.0, "alpha": 1.0, "render_mode": 1},
                ],
            },
        },
    ),
    Case(
        "stop_recording",
        lambda agora, it: app(agora, it).recordings.stop(recording(it), extra=it.body["clientRequest"]),
        lambda agora: agora.app(APP_ID).recordings.stop(STARTED),
        f"{RECORDINGS}/resourceid/JyvK8n/sid/38f8e3/mode/mix/stop",
        {
            "Code": 200,
            "Body": {
                "resourceId": "JyvK8n",
                "sid": "38f8e3",
                "serverResponse": {"fileList": "", "uploadingStatus": "backuped"},
            },
        },
        StoppedRecording(uploading_status=UploadingStatus.BACKUPED, files=()),
        observed={
            "cname": "httpClient463224",
            "uid": "527841",
            "resourceId": "JyvK8n",
            "sid": "38f8e3",
            "serverResponse": {"fileList": [], "fileListMode": "json", "uploadingStatus": "backuped"},
        },
        body=IDENTITY,
        required={"Body"},
    ),
    Case(
        "create_project",
        lambda agora, it: agora.projects.create(
            it.body["name"],
            enable_sign_key=it.body["enable_sign_key"],
            extra=extra(it.body, "name", "enable_sign_key"),
        ),
        lambda agora: agora.projects.create("project1", enable_sign_key=True, extra={"use_case": "lessons"}),
        "/dev/v1/project",
        {"project": [WIRE_PROJECT]},
        PROJECT,
        observed={"project": {**WIRE_PROJECT, "created": 1464165672000}},
        observed_status=201,
        body={"name": "project1", "enable_sign_key": True, "use_case": "lessons"},
        required={"id", "project", "vendor_key"},
    ),
    Case(
        "list_projects",
        lambda agora, _: agora.projects.list(),
        lambda agora: agora.projects.list(),
        "/dev/v1/projects",
        {"projects": [WIRE_PROJECT]},
        (PROJECT,),
        required={"id", "projects", "vendor_key"},
    ),
    Case(
        "find_project",
        lambda agora, it: agora.projects.find(id=it.query.get("id"), name=it.query.get("name")),
        lambda agora: agora.projects.find(id="xxxx", name="project1"),
        "/dev/v1/project",
        {"project": [WIRE_PROJECT]},
        PROJECT,
        observed={"projects": [WIRE_PROJECT]},
        query={"id": "xxxx", "name": "project1"},
        required={"id", "project", "projects", "vendor_key"},
    ),
    Case(
        "set_project_status",
        lambda agora, it: agora.projects.set_status(it.body["id"], ProjectStatus(it.body["status"])),
        lambda agora: agora.projects.disable(PROJECT),
        "/dev/v1/project_status",
        {"project": [{**WIRE_PROJECT, "status": 0, "sign_key": "", "recording_server": None}]},
        Project(
            id="xxxx",
            name="project1",
            app_id=APP_ID,
            sign_key="",
            recording_server=None,
            status=ProjectStatus.DISABLED,
            created=PROJECT.created,
        ),
        observed={"project": {**WIRE_PROJECT, "status": 0, "sign_key": "", "recording_server": None}},
        observed_status=201,
        body={"id": "xxxx", "status": 0},
        required={"id", "project", "vendor_key"},
    ),
    Case(
        "delete_project",
        lambda agora, it: agora.projects.delete(it.body["id"]),
        lambda agora: agora.projects.delete("xxxx"),
        "/dev/v1/project",
        {"success": True},
        None,
        body={"id": "xxxx"},
    ),
    Case(
        "set_recording_server",
        lambda agora, it: agora.projects.set_recording_server(it.body["id"], it.body["recording_server"]),
        lambda agora: agora.projects.set_recording_server(PROJECT, "10.12.1.5:8080"),
        "/dev/v1/recording_config",
        {"success": True},
        None,
        body={"id": "xxxx", "recording_server": "10.12.1.5:8080"},
    ),
    Case(
        "enable_certificate",
        lambda agora, it: agora.projects.enable_certificate(it.body["id"], enable=it.body["enable"]),
        lambda agora: agora.projects.enable_certificate("xxxx", enable=False),
        "/dev/v1/signkey",
        {"success": True},
        None,
        body={"id": "xxxx", "enable": False},
    ),
    Case(
        "reset_certificate",
        lambda agora, it: agora.projects.reset_certificate(it.body["id"]),
        lambda agora: agora.projects.reset_certificate("xxxx"),
        "/dev/v1/reset_signkey",
        {"success": True},
        None,
        body={"id": "xxxx"},
    ),
    Case(
        "get_usage_v1",
        lambda agora, it: agora.usage.minutes(*days(it), projects=it.query.get("projects")),
        lambda agora: agora.usage.minutes(date(2020, 1, 1), date(2020, 1, 31), projects=["id1", PROJECT]),
        "/dev/v1/usage",
        {
            "usages": [
                {"project": "xxx", "daily": [{"date": 20150101, "audio": 20, "sd": 100, "hd": 132, "hdp": 225.5}]},
                {"project": "yyy", "daily": []},
            ]
        },
        (
            ProjectMinutes("xxx", (DayMinutes(date(2015, 1, 1), 20, 100, 132, 225.5),)),
            ProjectMinutes("yyy", ()),
        ),
        query={**JANUARY, "projects": "id1,xxxx"},
        required={"audio", "daily", "date", "hd", "hdp", "project", "sd", "usages"},
    ),
    Case(
        "get_usage_v3",
        lambda agora, it: agora.usage.metrics(it.query["project_id"], *days(it), business=it.query["business"]),
        lambda agora: agora.usage.metrics(PROJECT, date(2020, 1, 1), date(2020, 1, 31), business="cloudRecording"),
        "/dev/v3/usage",
        {
            "meta": {
                "durationAudioAll": {"cn": "总音频时长", "en": "Total Audio Duration", "unit": "second"},
                "new": {"en": "New", "unit": "minute"},
            },
            "usages": [{"date": "2020-03-01T00:00:00.000Z", "usage": {"durationAudioAll": 0, "new": 1.5}}],
        },
        UsageMetrics(
            meta={
                "durationAudioAll": Metric("总音频时长", "Total Audio Duration", "second"),
                "new": Metric(None, "New", "minute"),
            },
            days=(DayMetrics(moment("2020-03-01"), {"durationAudioAll": 0, "new": 1.5}),),
        ),
        query={**JANUARY, "project_id": "xxxx", "business": "cloudRecording"},
        required={"date", "usage", "usages"},
    ),
    Case(
        "create_kicking_rule",
        ban,
        lambda agora: agora.app(APP_ID).kicking_rules.ban(channel="lesson-42", uid="7", minutes=0.5),
        "/dev/v1/kicking-rule",
        {"status": "success", "id": 1953},
        Ban(id=1953),
        observed={"status": "success", "id": "1953"},
        observed_status=201,
        body={"appid": APP_ID, "cname": "lesson-42", "uid": 7, "time": 0.5, "privileges": ["join_channel"]},
        required={"id"},
    ),
    Case(
        "list_kicking_rules",
        lambda agora, it: app(agora, it).kicking_rules.list(),
        lambda agora: agora.app(APP_ID).kicking_rules.list(),
        "/dev/v1/kicking-rule",
        {
            "status": "success",
            "rules": [
                {
                    "id": 1953,
                    "appid": APP_ID,
                    "uid": 1,
                    "opid": 1406,
                    "cname": "11",
                    "ip": None,
                    "ts": "2018-01-09T07:23:06.000Z",
                    "createAt": "2018-01-09T06:23:06.000Z",
                    "updateAt": "2018-01-09T14:23:06.000Z",
                    "privileges": ["join_channel", "publish_audio"],
                }
            ],
        },
        (
            KickingRule(
                id=1953,
                app_id=APP_ID,
                channel="11",
                uid=1,
                ip=None,
                ends_at=moment("2018-01-09T07:23:06"),
                created_at=moment("2018-01-09T06:23:06"),
                updated_at=moment("2018-01-09T14:23:06"),
                operation_id=1406,
                privileges=(Privilege.JOIN_CHANNEL, Privilege.PUBLISH_AUDIO),
            ),
        ),
        query={"appid": APP_ID},
        required={"id", "rules"},
    ),
    Case(
        "update_kicking_rule",
        lambda agora, it: app(agora, it).kicking_rules.extend(it.body["id"], **duration(it.body)),
        lambda agora: agora.app(APP_ID).kicking_rules.extend(Ban(id=1953), minutes=60),
        "/dev/v1/kicking-rule",
        {"status": "success", "result": {"id": 1953, "ts": "2018-01-09T08:45:54.545Z"}},
        Ban(id=1953, ends_at=moment("2018-01-09T08:45:54.545")),
        observed={"status": "success", "result": {"id": "1953", "ts": "2018-01-09T16:45:54.545+08:00"}},
        body={"appid": APP_ID, "id": 1953, "time": 60},
    ),
    Case(
        "delete_kicking_rule",
        lambda agora, it: app(agora, it).kicking_rules.lift(it.body["id"]),
        lambda agora: agora.app(APP_ID).kicking_rules.lift(1953),
        "/dev/v1/kicking-rule",
        {"status": "success", "id": 1953},
        None,
        body={"appid": APP_ID, "id": 1953},
    ),
    Case(
        "get_user_property",
        lambda agora, it: app(agora, it).channels.user(it.path["cname"], it.path["uid"]),
        lambda agora: agora.app(APP_ID).channels.user("lesson-42", 7),
        f"/dev/v1/channel/user/property/{APP_ID}/7/lesson-42",
        {"success": True, "data": {"join": 1549073054, "uid": 7, "in_channel": True, "role": 2, "platform": 7}},
        UserState(
            in_channel=True, joined_at=moment("2019-02-02T02:04:14"), role=Role.HOST, uid=7, platform=Platform.WEB
        ),
        required={"data", "in_channel"},
    ),
    Case(
        "list_channel_users",
        lambda agora, it: app(agora, it).channels.users(it.path["cname"]),
        lambda agora: agora.app(APP_ID).channels.users("lesson-42"),
        f"/dev/v1/channel/user/{APP_ID}/lesson-42",
        {"success": True, "data": {"channel_exist": True, "mode": 1, "total": 2, "users": [7, 8]}},
        ChannelUsers(exists=True, mode=ChannelMode.COMMUNICATION, users=(7, 8), total=2),
        required={"broadcasters", "channel_exist", "data", "users"},
    ),
    Case(
        "list_channel_hosts",
        lambda agora, it: app(agora, it).channels.hosts(it.path["cname"]),
        lambda agora: agora.app(APP_ID).channels.hosts("lesson-42"),
        f"/dev/v1/channel/user/{APP_ID}/lesson-42/hosts_only",
        {"success": True, "data": {"channel_exist": True, "mode": 2, "broadcasters": [7, 8]}},
        ChannelHosts(exists=True, mode=ChannelMode.LIVE, hosts=(7, 8)),
        required={"broadcasters", "channel_exist", "data"},
    ),
    Case(
        "list_channels",
        lambda agora, it: app(agora, it).channels.page(
            int(it.query.get("page_no", 0)), size=int(it.query.get("page_size", 100))
        ),
        lambda agora: agora.app(APP_ID).channels.page(2, size=50),
        f"/dev/v1/channel/{APP_ID}",
        {"success": True, "data": {"channels": [{"channel_name": "lkj144", "user_count": 3}], "total_size": 3}},
        ChannelPage((Channel("lkj144", 3),), 3),
        query={"page_no": "2", "page_size": "50"},
        required={"channel_name", "channels", "data"},
    ),
]

CALLS: Final[Mapping[str, Call]] = {case.operation: case.call for case in CASES}
"""By operation ID."""
