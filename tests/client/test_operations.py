"""Every operation: what it sends, and that both dialects of an answer give one and the same result."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import httpx
import pytest

from agora_rest import (
    AlibabaStorage,
    AudioProfile,
    Ban,
    Business,
    Channel,
    ChannelMode,
    ChannelPage,
    ChannelUsers,
    DayMetrics,
    DayMinutes,
    DecryptionMode,
    KickingRule,
    Metric,
    MixedVideoLayout,
    Project,
    ProjectMinutes,
    ProjectStatus,
    RecordedFile,
    RecordingConfig,
    RecordingState,
    RecordingStatus,
    Resource,
    Role,
    StartedRecording,
    StoppedRecording,
    StreamTypes,
    TranscodingConfig,
    UploadingStatus,
    UsageMetrics,
    UserState,
    spec,
)
from tests.client.conftest import APP_ID, Client

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
    """One way to call an operation, and what goes over the wire."""

    operation: str
    use: Callable[[Any], Any]
    url: str
    documented: Any
    result: Any
    observed: Any = None
    observed_status: int = 200
    body: Any = None
    query: dict[str, str] | None = None


CASES = [
    Case(
        "acquire",
        lambda agora: agora.app(APP_ID).recordings.acquire("httpClient463224", 527841),
        f"{RECORDINGS}/acquire",
        {"Code": 200, "Body": {"resourceId": "JyvK8n"}},
        RESOURCE,
        observed={"cname": "httpClient463224", "uid": "527841", "resourceId": "JyvK8n"},
        body=IDENTITY,
    ),
    Case(
        "start_recording",
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
    ),
    Case(
        "query_recording",
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
                "fileList": [{"fileName": "x.m3u8", "trackType": "audio_and_video"}],
                "fileListMode": "json",
                "sliceStartTime": 1606357122528,
            },
        },
    ),
    Case(
        "stop_recording",
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
    ),
    Case(
        "create_project",
        lambda agora: agora.projects.create("project1", enable_sign_key=True, extra={"use_case": "lessons"}),
        "/dev/v1/project/",
        {"project": [WIRE_PROJECT]},
        PROJECT,
        observed={"project": {**WIRE_PROJECT, "created": 1464165672000}},
        observed_status=201,
        body={"name": "project1", "enable_sign_key": True, "use_case": "lessons"},
    ),
    Case(
        "list_projects",
        lambda agora: agora.projects.list(),
        "/dev/v1/projects/",
        {"projects": [WIRE_PROJECT]},
        (PROJECT,),
    ),
    Case(
        "find_project",
        lambda agora: agora.projects.find(id="xxxx", name="project1"),
        "/dev/v1/project/",
        {"project": [WIRE_PROJECT]},
        PROJECT,
        observed={"projects": [WIRE_PROJECT]},
        query={"id": "xxxx", "name": "project1"},
    ),
    Case(
        "set_project_status",
        lambda agora: agora.projects.disable(PROJECT),
        "/dev/v1/project_status/",
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
    ),
    Case(
        "delete_project",
        lambda agora: agora.projects.delete("xxxx"),
        "/dev/v1/project/",
        {"success": True},
        None,
        body={"id": "xxxx"},
    ),
    Case(
        "set_recording_server",
        lambda agora: agora.projects.set_recording_server(PROJECT, "10.12.1.5:8080"),
        "/dev/v1/recording_config/",
        {"success": True},
        None,
        body={"id": "xxxx", "recording_server": "10.12.1.5:8080"},
    ),
    Case(
        "enable_certificate",
        lambda agora: agora.projects.enable_certificate("xxxx", enable=False),
        "/dev/v1/signkey/",
        {"success": True},
        None,
        body={"id": "xxxx", "enable": False},
    ),
    Case(
        "reset_certificate",
        lambda agora: agora.projects.reset_certificate("xxxx"),
        "/dev/v1/reset_signkey",
        {"success": True},
        None,
        body={"id": "xxxx"},
    ),
    Case(
        "get_usage_v1",
        lambda agora: agora.usage.minutes(date(2020, 1, 1), date(2020, 1, 31), projects=["id1", PROJECT]),
        "/dev/v1/usage/",
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
    ),
    Case(
        "get_usage_v3",
        lambda agora: agora.usage.metrics(PROJECT, date(2020, 1, 1), date(2020, 1, 31), business="cloudRecording"),
        "/dev/v3/usage/",
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
    ),
    Case(
        "create_kicking_rule",
        lambda agora: agora.app(APP_ID).kicking_rules.ban(channel="lesson-42", uid="7", minutes=0.5),
        "/dev/v1/kicking-rule/",
        {"status": "success", "id": 1953},
        Ban(id=1953),
        observed={"status": "success", "id": "1953"},
        observed_status=201,
        body={"appid": APP_ID, "cname": "lesson-42", "uid": 7, "time": 0.5, "privileges": ["join_channel"]},
    ),
    Case(
        "list_kicking_rules",
        lambda agora: agora.app(APP_ID).kicking_rules.list(),
        "/dev/v1/kicking-rule/",
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
            ),
        ),
        query={"appid": APP_ID},
    ),
    Case(
        "update_kicking_rule",
        lambda agora: agora.app(APP_ID).kicking_rules.extend(Ban(id=1953), minutes=60),
        "/dev/v1/kicking-rule/",
        {"status": "success", "result": {"id": 1953, "ts": "2018-01-09T08:45:54.545Z"}},
        Ban(id=1953, ends_at=moment("2018-01-09T08:45:54.545")),
        observed={"status": "success", "result": {"id": "1953", "ts": "2018-01-09T16:45:54.545+08:00"}},
        body={"appid": APP_ID, "id": 1953, "time": 60},
    ),
    Case(
        "delete_kicking_rule",
        lambda agora: agora.app(APP_ID).kicking_rules.lift(1953),
        "/dev/v1/kicking-rule/",
        {"status": "success", "id": 1953},
        None,
        body={"appid": APP_ID, "id": 1953},
    ),
    Case(
        "get_user_property",
        lambda agora: agora.app(APP_ID).channels.user("lesson-42", 7),
        f"/dev/v1/channel/user/property/{APP_ID}/7/lesson-42",
        {"success": True, "data": {"join": 1549073054, "in_channel": True, "role": 2}},
        UserState(in_channel=True, joined_at=moment("2019-02-02T02:04:14"), role=Role.HOST),
    ),
    Case(
        "list_channel_users",
        lambda agora: agora.app(APP_ID).channels.users("lesson-42"),
        f"/dev/v1/channel/user/{APP_ID}/lesson-42",
        {"success": True, "data": {"channel_exist": True, "mode": 1, "total": 2, "users": [7, 8]}},
        ChannelUsers(exists=True, mode=ChannelMode.COMMUNICATION, users=(7, 8), total=2),
    ),
    Case(
        "list_channels",
        lambda agora: agora.app(APP_ID).channels.page(2, size=50),
        f"/dev/v1/channel/{APP_ID}",
        {"success": True, "data": {"channels": [{"channel_name": "lkj144", "user_count": 3}], "total_size": 3}},
        ChannelPage((Channel("lkj144", 3),), 3),
        query={"page_no": "2", "page_size": "50"},
    ),
]


def iterated(channels: Any) -> Any:
    return aiter(channels) if hasattr(channels, "__aiter__") else iter(channels)


def by_name(cases: list[Case]) -> Any:
    return pytest.mark.parametrize("case", cases, ids=[case.operation for case in cases])


def test_every_operation_of_the_specifications_has_a_case() -> None:
    assert sorted(case.operation for case in CASES) == sorted(spec.operations())


@by_name(CASES)
def test_it_sends_what_the_specification_asks_for(case: Case, client: Client, network: Any) -> None:
    sent: list[httpx.Request] = []
    network.route().mock(side_effect=lambda request: sent.append(request) or httpx.Response(200, json=case.documented))
    client(case.use)
    (request,) = sent
    assert (request.method, request.url.path) == (spec.operation(case.operation).method, case.url)
    assert dict(request.url.params) == (case.query or {})
    assert (json.loads(request.content) if request.content else None) == case.body
    if case.body is not None:
        assert request.headers["content-type"].startswith("application/json")


@by_name(CASES)
def test_a_documented_answer_gives_its_result(case: Case, client: Client, network: Any) -> None:
    network.route().respond(200, json=case.documented)
    assert client(case.use) == case.result


@by_name([case for case in CASES if case.observed])
def test_an_observed_answer_gives_the_same_result(case: Case, client: Client, network: Any) -> None:
    network.route().respond(case.observed_status, json=case.observed)
    assert client(case.use) == case.result


SETTERS = ("set_recording_server", "enable_certificate", "reset_certificate")


@by_name([case for case in CASES if case.operation in SETTERS])
def test_the_project_that_observed_servers_answer_with_is_not_lost(case: Case, client: Client, network: Any) -> None:
    network.route().respond(201, json={"project": WIRE_PROJECT})
    assert client(case.use) == PROJECT


@by_name(CASES)
def test_what_the_documents_do_not_know_is_kept_as_extra(case: Case, client: Client, network: Any) -> None:
    answer = {"Code": 200, "Body": {**case.documented["Body"], "new": 1}} if "Body" in case.documented else None
    network.route().respond(200, json=answer or {**case.documented, "new": 1})
    result = client(case.use)
    assert result == case.result
    if hasattr(result, "extra") and answer:
        assert result.extra["new"] == 1


def documented_examples() -> list[tuple[str, int, str, Any]]:
    """Every example of an answer that the specifications have."""
    found = []
    for operation in spec.operations().values():
        for status, node in operation.openapi_object["responses"].items():
            content = spec.resolve(operation.api, node)["content"]["application/json"]
            for name, example in content.get("examples", {}).items():
                found.append((operation.id, int(status), name, spec.resolve(operation.api, example)["value"]))
    return found


@pytest.mark.parametrize(
    ("operation", "status", "answer"),
    [
        pytest.param(operation, status, answer, id=f"{operation}-{status}-{name}")
        for operation, status, name, answer in documented_examples()
        if status in (200, 201) and "code" not in answer
    ],
)
def test_every_example_of_a_success_is_read(operation: str, status: int, answer: Any, network: Any) -> None:
    case = next(case for case in CASES if case.operation == operation)
    network.route().respond(status, json=answer)
    assert type(Client("sync")(case.use)) in {type(case.result), Project}


def test_times_in_seconds_and_in_milliseconds_are_the_same_moment(client: Client, network: Any) -> None:
    created = []
    for number in (99_999_999_999, 100_000_000_000, 1464165672, 1464165672000):
        network.route().respond(200, json={"projects": [{**WIRE_PROJECT, "created": number}]})
        created.append(client(lambda agora: agora.projects.list())[0].created)
    assert [moment.year for moment in created] == [5138, 1973, 2016, 2016]
    assert created[2] == created[3]
    assert all(moment.tzinfo is UTC for moment in created)


@pytest.mark.parametrize(
    ("data", "users"),
    [
        ({"channel_exist": False}, ChannelUsers(exists=False)),
        (
            {"channel_exist": True, "mode": 2, "broadcasters": [1], "audience": [2, 3], "audience_total": 20_000},
            ChannelUsers(exists=True, mode=ChannelMode.LIVE, broadcasters=(1,), audience=(2, 3), audience_total=20_000),
        ),
    ],
)
def test_a_channel_that_is_live_or_not_there_has_its_own_shape(
    data: Any, users: ChannelUsers, client: Client, network: Any
) -> None:
    network.route().respond(200, json={"success": True, "data": data})
    assert client(lambda agora: agora.app(APP_ID).channels.users("lesson-42")) == users


def test_of_a_user_who_is_not_there_nothing_else_is_known(client: Client, network: Any) -> None:
    network.route().respond(200, json={"success": True, "data": {"in_channel": False}})
    state = client(lambda agora: agora.app(APP_ID).channels.user("lesson-42", 7))
    assert state == UserState(in_channel=False, joined_at=None, role=None)


def test_unknown_numbers_and_words_of_an_answer_come_through_as_themselves(client: Client, network: Any) -> None:
    bare = {"resourceId": "JyvK8n", "sid": "38f8e3"}
    network.get(path__regex="query$").respond(200, json={**bare, "serverResponse": {"status": 42}})
    network.post(path__regex="stop$").respond(200, json={**bare, "serverResponse": {"uploadingStatus": "later"}})
    network.get(path__regex="projects/$").respond(200, json={"projects": [{**WIRE_PROJECT, "status": 7}]})
    state = client(lambda agora: agora.app(APP_ID).recordings.query(STARTED))
    assert (state.status, state.status.name, state.files) == (42, "UNKNOWN_42", ())
    assert client(lambda agora: agora.app(APP_ID).recordings.stop(STARTED)).uploading_status == "later"
    assert client(lambda agora: agora.projects.list())[0].status == 7


def test_channels_are_paged_through_by_iterating(client: Client, network: Any) -> None:
    asked: list[dict[str, str]] = []

    def page(request: httpx.Request) -> httpx.Response:
        asked.append(dict(request.url.params))
        size = int(request.url.params["page_size"])
        first = int(request.url.params["page_no"]) * size
        names = [f"channel-{number}" for number in range(first, min(first + size, 1001))]
        channels = [{"channel_name": name, "user_count": 1} for name in names]
        return httpx.Response(200, json={"success": True, "data": {"channels": channels, "total_size": 1001}})

    network.get(path__regex="channel/").mock(side_effect=page)
    channels = client(lambda agora: iterated(agora.app(APP_ID).channels))
    assert [channel.name for channel in channels] == [f"channel-{number}" for number in range(1001)]
    assert [page["page_no"] for page in asked] == ["0", "1", "2"]


def test_a_kick_bans_nobody(client: Client, network: Any) -> None:
    route = network.post(path__regex="kicking-rule").respond(200, json={"status": "success", "id": 1})
    client(lambda agora: agora.app(APP_ID).kicking_rules.kick(channel="lesson-42"))
    assert json.loads(route.calls.last.request.content)["time"] == 0


def test_a_business_may_be_named_by_its_word(network: Any) -> None:
    route = network.get(path__regex="usage").respond(200, json={"meta": {}, "usages": []})
    day = date(2020, 1, 1)
    for business in (Business.MINIAPP, "miniapp"):
        Client("sync")(lambda agora, business=business: agora.usage.metrics("p", day, day, business=business))
        assert route.calls.last.request.url.params["business"] == "miniapp"
