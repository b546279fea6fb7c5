"""Arguments are held against the specifications before anything is sent."""

from __future__ import annotations

import json
import math
from dataclasses import fields
from datetime import date, datetime, timedelta
from enum import Enum
from typing import Any

import pytest
import respx

from agora_rest import (
    AlibabaStorage,
    BaiduStorage,
    HuaweiStorage,
    IndividualConfig,
    InvalidArgument,
    QiniuRegion,
    QiniuStorage,
    RecordingConfig,
    Resource,
    ResourceConfig,
    S3Region,
    S3Storage,
    SnapshotConfig,
    StartedRecording,
    TencentStorage,
    TranscodingConfig,
    WebConfig,
)
from agora_rest.client._argument_names import argument_name, camel_case
from tests.client.conftest import APP_ID, Client

RESOURCE = Resource(resource_id="JyvK8n", channel="lesson-42", uid="7")
KEYS = {"bucket": "b", "access_key": "planted-access-key", "secret_key": "planted-secret-key"}
DAY = date(2020, 1, 1)
HOUR = timedelta(hours=1)
CHARACTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 !#$%&()+-:;<=.>?@[]^_{}|~,"


def start(storage: Any = None, resource: Resource = RESOURCE, config: Any = None, extra: Any = None) -> Any:
    storage = storage or QiniuStorage(region=0, **KEYS)
    return lambda agora: agora.app(APP_ID).recordings.start(resource, storage, config=config, extra=extra)


def with_config(**settings: Any) -> Any:
    return start(config=RecordingConfig(**settings))


def with_picture(**settings: Any) -> Any:
    return with_config(transcoding_config=TranscodingConfig(**settings))


CONFIG = "clientRequest.recordingConfig"
PICTURE = f"{CONFIG}.transcodingConfig"
STORAGE = "clientRequest.storageConfig"


@pytest.mark.parametrize(
    ("use", "field", "rule", "value", "fact"),
    [
        (lambda a: a.app(APP_ID).recordings.acquire("", 7), "cname", "must not be empty", "", "CR-81"),
        (lambda a: a.app(APP_ID).recordings.acquire("a" * 65, 7), "cname", "at most 64 characters", "a" * 65, "CR-63"),
        (lambda a: a.app(APP_ID).recordings.acquire("a\r\nb", 7), "cname", "89 characters", "a\r\nb", "CR-63"),
        (lambda a: a.app(APP_ID).recordings.acquire(None, 7), "cname", "is required", None, None),
        (lambda a: a.app(APP_ID).recordings.acquire("a", 0), "uid", "1 to 4294967295", "0", "CR-14"),
        (lambda a: a.app(APP_ID).recordings.acquire("a", "07"), "uid", "1 to 4294967295", "07", "CR-14"),
        (lambda a: a.app(APP_ID).recordings.acquire("a", True), "uid", "1 to 4294967295", "True", "CR-14"),
        (lambda a: a.app("short").recordings.acquire("a", 7), "appid", "32 letters and digits: the A", "short", None),
        (start(resource=Resource(resource_id="..", channel="a", uid="7")), "resourceid", "letters", "..", "CR-39"),
        (start(resource=Resource(resource_id="", channel="a", uid="7")), "resourceid", "not be empty", "", "CR-39"),
        (start(S3Storage(region=23, **KEYS)), f"{STORAGE}.region", "22, 24, 25", 23, "CR-35"),
        (start(QiniuStorage(region=0, **{**KEYS, "secret_key": ""})), f"{STORAGE}.secretKey", "empty", "", "CR-33"),
        (with_config(max_idle_time=4), f"{CONFIG}.maxIdleTime", "must be from 5 to 2592000", 4, "CR-28"),
        (with_config(decryption_mode=1), f"{CONFIG}.secret", "is required", None, "CR-24"),
        (with_config(decryption_mode=9, secret="s"), f"{CONFIG}.decryptionMode", "one of", 9, "CR-23"),
        (with_picture(width=1921), f"{PICTURE}.width", "must be from 1 to 1920", 1921, "CR-29"),
        (with_picture(fps=0), f"{PICTURE}.fps", "must be at least 1", 0, "CR-30"),
        (with_picture(mixed_video_layout=3), f"{PICTURE}.layoutConfig", "is required", None, "CR-118"),
        (with_picture(background_color="red"), f"{PICTURE}.backgroundColor", "6 hexadecimal digits", "red", "CR-120"),
        (with_picture(max_resolution_uid=0), f"{PICTURE}.maxResolutionUid", "4294967295", "0", "CR-14"),
        (lambda a: a.projects.create(""), "name", "must not be empty", "", "CO-10"),
        (
            lambda a: a.projects.create("p", enable_sign_key="yes"),
            "enable_sign_key",
            "must be true or false",
            "yes",
            "CO-10",
        ),
        (lambda a: a.projects.find(), "id", "or name is required", None, "CO-15"),
        (lambda a: a.projects.find(id="a/b"), "id", "letters, digits", "a/b", "CO-11"),
        (lambda a: a.projects.set_status("p", 2), "status", "one of 0, 1", 2, "CO-11"),
        (lambda a: a.projects.set_recording_server("p", "host:1"), "recording_server", "IPv4", "host:1", "CO-19"),
        (lambda a: a.usage.minutes(DAY, DAY, projects=[]), "projects", "must not be empty", [], "CO-30"),
        (lambda a: a.usage.minutes(DAY, DAY, projects=["a", "b,c"]), "projects[1]", "without a comma", "b,c", "CO-30"),
        (lambda a: a.usage.minutes("2020-01-01", DAY), "from_date", "datetime.date", "2020-01-01", "CO-30"),
        (lambda a: a.usage.minutes(DAY, datetime(2020, 1, 1)), "to_date", "must be a date", datetime(2020, 1, 1), None),  # noqa: DTZ001
        (
            lambda a: a.usage.minutes(DAY, date(2019, 1, 1)),
            "to_date",
            "not be before 2020-01-01",
            date(2019, 1, 1),
            None,
        ),
        (lambda a: a.usage.metrics("p", DAY, DAY, business="rtc"), "business", 'one of "default"', "rtc", "CO-34"),
        (lambda a: a.usage.metrics("", DAY, DAY), "project_id", "must not be empty", "", "CO-11"),
        (lambda a: a.app(APP_ID).kicking_rules.ban(), "channel, uid, ip", "pass exactly one of", None, "CO-44"),
        (
            lambda a: a.app(APP_ID).kicking_rules.ban(ip="1.2.3.4", uid=7),
            "ip",
            "must be the only selector",
            "1.2.3.4",
            "CO-44",
        ),
        (lambda a: a.app(APP_ID).kicking_rules.ban(uid=0), "uid", "from 1 to 4294967295", 0, "CO-41"),
        (lambda a: a.app(APP_ID).kicking_rules.ban(uid=True), "uid", "must be a number", True, "CO-41"),
        (lambda a: a.app(APP_ID).kicking_rules.ban(ip="0"), "ip", "", "0", "CO-41"),
        (lambda a: a.app(APP_ID).kicking_rules.ban(uid=7, minutes=-1), "time", "must be at least 0", -1, "CO-42"),
        (lambda a: a.app(APP_ID).kicking_rules.extend("1953", minutes=1), "id", "must be a number", "1953", "CO-40"),
        (lambda a: a.app(APP_ID).channels.page(-1), "page_no", "must be at least 0", -1, "CO-54"),
        (lambda a: a.app(APP_ID).channels.page(size=501), "page_size", "from 1 to 500", 501, "CO-54"),
        (lambda a: a.app(APP_ID).channels.users(""), "cname", "must not be empty", "", "CO-57"),
        (lambda a: a.app(APP_ID).channels.users("."), "cname", "a URL can carry", ".", "CO-57"),
        (lambda a: a.app(APP_ID).channels.user("..", 7), "cname", "a URL can carry", "..", "CO-57"),
        (lambda a: a.app(None).channels.page(), "appid", "is required", None, None),
        (lambda a: a.usage.metrics(None, DAY, DAY), "project_id", "is required", None, "CO-36"),
        (lambda a: a.usage.metrics("p", DAY, DAY, business=[]), "business", "must be text", [], "CO-34"),
        (lambda a: a.usage.minutes(DAY, DAY, projects="p,q"), "projects[0]", "without a comma", "p,q", "CO-30"),
        (lambda a: a.app(APP_ID).kicking_rules.ban(ip=""), "ip", "must not be empty", "", "CO-41"),
        (lambda a: a.app(APP_ID).kicking_rules.ban(channel="a", uid=""), "uid", "must not be empty", "", "CO-41"),
        (lambda a: a.app(APP_ID).kicking_rules.ban(uid="x"), "uid", "must be a number", "x", "CO-41"),
        (lambda a: a.app(APP_ID).kicking_rules.ban(uid=7, minutes=math.inf), "time", "number", math.inf, "CO-42"),
        (lambda a: a.app(APP_ID).kicking_rules.extend(1, minutes=HOUR), "time", "must be a number", HOUR, "CO-42"),
        (with_config(extra={"new": [{"at": DAY}]}), f"{CONFIG}.new[0].at", "must be JSON", DAY, None),
    ],
)
def test_a_broken_rule_is_named_and_nothing_is_sent(
    use: Any, field: str, rule: str, value: Any, fact: str | None, client: Client, network: Any
) -> None:
    everything = network.route()
    with pytest.raises(InvalidArgument) as caught:
        client(use)
    error = caught.value
    assert (error.field, error.value) == (field, value)
    assert rule in error.rule
    assert fact is None or fact in error.facts
    shown = field if error.argument == field else f"{error.argument} ({field})"
    assert str(error).startswith(f"{error.operation}: {shown} ")
    assert not everything.called


class Text(str):
    """As libraries have for text of a special kind: numpy, lxml, Django."""

    __slots__ = ()

    def __str__(self) -> str:
        return "what people see"


class Minutes(float):
    """As numpy has for numbers."""

    __slots__ = ()


class Room(str, Enum):  # noqa: UP042  what it was like before there was StrEnum
    MATHS = "maths"


@pytest.mark.parametrize("name", [Text("maths"), Room.MATHS], ids=type)
def test_text_and_numbers_of_another_type_are_what_they_are_written_as(name: str, client: Client, network: Any) -> None:
    route = network.route().respond(200, json={"success": True, "data": {"channel_exist": False}})
    client(lambda agora: agora.app(APP_ID).channels.users(name))
    assert route.calls.last.request.url.path.endswith("/maths")
    route.respond(200, json={"status": "success", "id": 1})
    client(lambda agora: agora.app(APP_ID).kicking_rules.ban(channel=name, minutes=Minutes(5)))
    body = json.loads(route.calls.last.request.content)
    assert (body["cname"], body["time"]) == ("maths", 5)


@pytest.mark.parametrize("projects", ["p1", Text("p1"), ["p1"], ("p1",), {"p1"}, iter(["p1"])], ids=type)
def test_usage_of_one_project_is_asked_for_as_that_of_several(projects: Any, network: Any) -> None:
    route = network.route().respond(200, json={"usages": []})
    Client("sync")(lambda agora: agora.usage.minutes(DAY, DAY, projects=projects))
    assert route.calls.last.request.url.params["projects"] == "p1"


def test_more_projects_than_a_url_can_name_are_refused(client: Client, network: Any) -> None:
    everything = network.route()
    with pytest.raises(InvalidArgument, match="must fit into a URL"):
        client(lambda agora: agora.usage.minutes(DAY, DAY, projects=[f"project{n}" for n in range(10_000)]))
    assert not everything.called


@pytest.mark.parametrize(
    "extra",
    [{"x": b"bytes"}, {"x": {1, 2}}, {1: 2}, {"x": math.nan}, {"x": math.inf}, {"x": "\ud800"}, {"x": object()}],
)
def test_what_is_no_json_is_refused(extra: Any, client: Client, network: Any) -> None:
    everything = network.route()
    with pytest.raises(InvalidArgument, match="must be JSON"):
        client(start(extra=extra))
    assert not everything.called


def test_a_secret_that_breaks_a_rule_is_not_shown(client: Client) -> None:
    planted = {"password": "planted-one"}
    storage = QiniuStorage(region=0, bucket="b", access_key="k", secret_key=planted)  # type: ignore[arg-type]
    with pytest.raises(InvalidArgument, match=r"must be text, not an object\. Nothing was sent") as caught:
        client(start(storage))
    assert "planted" not in repr(vars(caught.value)) + str(caught.value)


def test_extra_adds_members_to_those_of_named_arguments(client: Client, network: Any) -> None:
    route = network.route().respond(200, json={"sid": "s"})
    storage = QiniuStorage(region=0, **KEYS, extra={"region": 0, "fileNamePrefix": ["a"]})
    client(start(storage, extra={"storageConfig": {}, "new": {}}))
    sent = json.loads(route.calls.last.request.content)["clientRequest"]
    assert (sent["storageConfig"]["region"], sent["storageConfig"]["fileNamePrefix"]) == (0, ["a"])
    assert sent["new"] == {}


@pytest.mark.parametrize("app_id", [APP_ID, APP_ID.upper()])
def test_an_app_id_in_the_place_of_a_projects_id_is_named(app_id: str, client: Client, network: Any) -> None:
    uses: list[Any] = [
        lambda a: a.usage.metrics(app_id, DAY, DAY),
        lambda a: a.usage.minutes(DAY, DAY, projects=app_id),
        lambda a: a.usage.minutes(DAY, DAY, projects=["p", app_id]),
        lambda a: a.projects.find(id=app_id),
        lambda a: a.projects.enable(app_id),
        lambda a: a.projects.set_status(app_id, 0),
        lambda a: a.projects.delete(app_id),
        lambda a: a.projects.set_recording_server(app_id, "10.2.2.8:8080"),
        lambda a: a.projects.enable_certificate(app_id),
        lambda a: a.projects.reset_certificate(app_id),
    ]
    for use in uses:
        with pytest.raises(InvalidArgument, match=r"are an App ID; projects\.list\(\)"):
            client(use)
    with pytest.raises(InvalidArgument, match="not the project's ID"):
        client(lambda a: a.app("demo").channels.users("a"))
    assert not network.calls


@pytest.mark.parametrize(
    ("kind", "region", "named"),
    [
        (S3Storage, QiniuRegion.BEIMEI, "S3Region"),
        (QiniuStorage, S3Region.US_EAST_1, "QiniuRegion"),
        (AlibabaStorage, S3Region.EU_WEST_1, "AlibabaRegion"),
        (TencentStorage, S3Region.US_EAST_1, "TencentRegion"),
        (HuaweiStorage, S3Region.US_EAST_1, "HuaweiRegion"),
        (BaiduStorage, S3Region.US_EAST_1, "BaiduRegion"),
        (S3Storage, "eu-west-1", r"S3Region \(S3Region\.EU_WEST_1\)"),
        (S3Storage, "mars", "S3Region .*US_EAST_1"),
        (S3Storage, None, "S3Region"),
        (S3Storage, True, "S3Region"),
    ],
)
def test_a_region_of_another_vendor_is_refused_by_name(kind: Any, region: Any, named: str) -> None:
    with pytest.raises(InvalidArgument, match=f"region must be a member of {named}"):
        kind(region=region, **KEYS)


@pytest.mark.parametrize(
    ("use", "words"),
    [
        (with_config(max_idle_time=4), "max_idle_time (clientRequest.recordingConfig.maxIdleTime) must"),
        (with_picture(width=1921), "width (clientRequest.recordingConfig.transcodingConfig.width) must"),
        (start(S3Storage(region=23, **KEYS)), "region (clientRequest.storageConfig.region) must"),  # type: ignore[arg-type]
        (lambda a: a.app(APP_ID).recordings.acquire("", 7), "channel (cname) must"),
        (lambda a: a.app(APP_ID).recordings.acquire("a", None), ": uid is required, but nothing was given"),
        (lambda a: a.app("short").channels.users("a"), "app_id (appid) must"),
        (lambda a: a.app(APP_ID).kicking_rules.ban(uid=7, minutes=math.inf), "minutes (time) must"),
        (lambda a: a.app(APP_ID).kicking_rules.lift("x"), "rule (id) must"),
        (lambda a: a.projects.enable(""), "project (id) must"),
        (lambda a: a.app(APP_ID).channels.page(size=501), "size (page_size) must"),
        (lambda a: a.usage.minutes(date(2026, 1, 1), date(2025, 1, 1)), "before 2026-01-01, but 2025-01-01 was given"),
        (start(config=CONFIG), "a WebConfig, but an object of type str was given"),
    ],
)
def test_an_error_speaks_of_the_callers_own_names(use: Any, words: str, client: Client) -> None:
    with pytest.raises(InvalidArgument) as caught:
        client(use)
    assert words in str(caught.value)


def test_the_form_of_a_user_id_is_not_the_callers_concern(client: Client) -> None:
    for uid in (0, -1, 2**32):
        with pytest.raises(InvalidArgument) as caught:
            client(lambda a, uid=uid: a.app(APP_ID).recordings.acquire("a", uid))
        assert "string" not in str(caught.value)
        assert "1 to 4294967295" in str(caught.value)


def test_every_setting_has_a_name_for_messages() -> None:
    places: list[tuple[str, Any]] = [
        ("clientRequest", ResourceConfig),
        (STORAGE, S3Storage),
        (CONFIG, RecordingConfig),
        (CONFIG, IndividualConfig),
        (PICTURE, TranscodingConfig),
        ("clientRequest.snapshotConfig", SnapshotConfig),
        ("clientRequest.extensionServiceConfig.extensionServices[0].serviceParam", WebConfig),
    ]
    for place, kind in places:
        for item in fields(kind):
            if item.name != "extra":
                path = f"{place}.{camel_case(item.name)}"
                assert argument_name("start_recording", path) == item.name


def test_there_are_89_characters() -> None:
    assert len(CHARACTERS) == len(set(CHARACTERS)) == 89


@pytest.mark.parametrize("character", CHARACTERS)
def test_every_character_of_a_channel_name_arrives_as_itself(character: str, client: Client) -> None:
    for name in (character * 3, f"{character}a{character}b{character}"):
        with respx.mock() as network:
            body = network.post(path__regex="acquire$").respond(200, json={"resourceId": "r"})
            url = network.get(path__regex="/channel/user/").respond(
                200, json={"success": True, "data": {"channel_exist": False}}
            )
            client(lambda agora, name=name: agora.app(APP_ID).recordings.acquire(name, 7))
            client(lambda agora, name=name: agora.app(APP_ID).channels.users(name))
            assert json.loads(body.calls.last.request.content)["cname"] == name
            raw = url.calls.last.request.url.raw_path.decode()
            before, _, last = raw.rpartition("/")
            assert before == f"/dev/v1/channel/user/{APP_ID}"
            assert unquoted(last) == name


def unquoted(text: str) -> str:
    """What a server makes of a path segment; nothing may be left that ends the path."""
    from urllib.parse import unquote

    assert not set(text) & set("?#/ ")
    return unquote(text, errors="strict")


def test_dots_within_a_name_are_no_dot_segments(client: Client, network: Any) -> None:
    route = network.route().respond(200, json={"success": True, "data": {"channel_exist": False}})
    for name in ("...", ".a", "a.", "a..b", "%2e%2e", "..%2f"[:5]):
        client(lambda agora, name=name: agora.app(APP_ID).channels.users(name))
        assert unquoted(route.calls.last.request.url.raw_path.decode().rpartition("/")[2]) == name


def test_a_handle_needs_ids_that_a_url_can_carry(client: Client, network: Any) -> None:
    everything = network.route()
    for sid in ("..", "", "a/b", "a?b"):
        started = StartedRecording(resource_id="r", sid=sid, channel="a", uid="7")
        with pytest.raises(InvalidArgument, match="sid"):
            client(lambda agora, started=started: agora.app(APP_ID).recordings.query(started))
    assert not everything.called
