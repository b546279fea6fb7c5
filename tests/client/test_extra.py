"""`extra`, wherever it is taken: merged member by member, and nothing of it or of the call is ever dropped."""

from __future__ import annotations

import importlib
import inspect
import json
import pkgutil
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import agora_rest
from agora_rest import (
    Agora,
    AlibabaStorage,
    AzureStorage,
    BaiduStorage,
    GoogleStorage,
    HuaweiStorage,
    IndividualConfig,
    InvalidArgument,
    QiniuStorage,
    RecordingConfig,
    Resource,
    ResourceConfig,
    S3CompatibleStorage,
    S3Storage,
    SnapshotConfig,
    StartedRecording,
    TencentStorage,
    TranscodingConfig,
    UserBackground,
    WebConfig,
)
from agora_rest.client._extra import merged
from agora_rest.fleet import Order
from agora_rest.layouts import Vertical
from tests.client.conftest import APP_ID, Client

KEYS = {"bucket": "b", "access_key": "k", "secret_key": "s"}
STORAGE = S3Storage(region=7, **KEYS)
CONFIG = RecordingConfig(max_idle_time=60, transcoding_config=TranscodingConfig(width=360))
RESOURCE = Resource(resource_id="r", channel="room", uid="7")
STARTED = StartedRecording(resource_id="r", sid="s", channel="room", uid="7")

ANSWERS = {
    "acquire": {"resourceId": "r"},
    "start": {"resourceId": "r", "sid": "s"},
    "update": {"resourceId": "r", "sid": "s"},
    "updateLayout": {"resourceId": "r", "sid": "s"},
    "stop": {"resourceId": "r", "sid": "s", "serverResponse": {"fileList": "", "uploadingStatus": "uploaded"}},
    "kicking-rule": {"status": "success", "id": 1},
    "project": {"project": {"id": "p", "name": "n", "vendor_key": APP_ID, "status": 1, "created": 1}},
}


class Wire(httpx.BaseTransport):
    """Answers every request, and keeps its body."""

    def __init__(self) -> None:
        self.bodies: dict[str, Any] = {}

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        last = request.url.path.rstrip("/").rpartition("/")[2]
        self.bodies[last] = json.loads(request.content)
        return httpx.Response(200, json=ANSWERS[last])


def record(agora: Agora, extra: Any) -> None:
    with agora.app(APP_ID).recordings.record("room", uid=7, storage=STORAGE, config=CONFIG, token="t", extra=extra):
        pass


def record_individual(agora: Agora, extra: Any) -> None:
    config = IndividualConfig(subscribe_uid_group=0)
    recordings = agora.app(APP_ID).recordings
    with recordings.record_individual("room", uid=7, storage=STORAGE, config=config, extra=extra):
        pass


def record_web(agora: Agora, extra: Any) -> None:
    config = WebConfig(max_recording_hour=1)
    with agora.app(APP_ID).recordings.record_web("https://a.b", storage=STORAGE, config=config, extra=extra):
        pass


Use = Callable[[Agora, Any], Any]

METHODS: dict[str, tuple[str, Use]] = {
    "Recordings.record": ("start", record),
    "Recordings.acquire": ("acquire", lambda a, x: a.app(APP_ID).recordings.acquire("room", 7, token="t", extra=x)),
    "Recordings.start": (
        "start",
        lambda a, x: a.app(APP_ID).recordings.start(RESOURCE, STORAGE, config=CONFIG, token="t", extra=x),
    ),
    "Recordings.record_individual": ("start", record_individual),
    "Recordings.record_web": ("start", record_web),
    "Recordings.update": ("update", lambda a, x: a.app(APP_ID).recordings.update(STARTED, storage=STORAGE, extra=x)),
    "Recordings.update_layout": (
        "updateLayout",
        lambda a, x: a.app(APP_ID).recordings.update_layout(STARTED, Vertical(7), extra=x),
    ),
    "Recording.update": (
        "update",
        lambda a, x: a.app(APP_ID).recordings.handle(STARTED).update(storage=STORAGE, extra=x),
    ),
    "Recording.update_layout": (
        "updateLayout",
        lambda a, x: a.app(APP_ID).recordings.handle(STARTED).update_layout(Vertical(7), extra=x),
    ),
    "Recordings.stop": ("stop", lambda a, x: a.app(APP_ID).recordings.stop(STARTED, extra=x)),
    "KickingRules.ban": ("kicking-rule", lambda a, x: a.app(APP_ID).kicking_rules.ban(channel="room", uid=7, extra=x)),
    "KickingRules.mute": ("kicking-rule", lambda a, x: a.app(APP_ID).kicking_rules.mute(uid=7, minutes=1, extra=x)),
    "KickingRules.kick": ("kicking-rule", lambda a, x: a.app(APP_ID).kicking_rules.kick(uid=7, extra=x)),
    "Projects.create": ("project", lambda a, x: a.projects.create("n", extra=x)),
}
"""How each method is called with an `extra`, and the request whose body shows it."""

CLASSES: dict[str, Callable[[Any], Any]] = {
    "TranscodingConfig": lambda x: TranscodingConfig(width=360, max_resolution_uid=1, extra=x),
    "RecordingConfig": lambda x: RecordingConfig(
        max_idle_time=60,
        transcoding_config=TranscodingConfig(width=360),
        decryption_mode=1,
        secret="planted-1",
        extra=x,
    ),
    "QiniuStorage": lambda x: QiniuStorage(region=0, **KEYS, extra=x),
    "S3Storage": lambda x: S3Storage(region=7, **KEYS, extra=x),
    "AlibabaStorage": lambda x: AlibabaStorage(region=7, **KEYS, extra=x),
    "TencentStorage": lambda x: TencentStorage(region=7, **KEYS, extra=x),
    "AzureStorage": lambda x: AzureStorage(**KEYS, extra=x),
    "GoogleStorage": lambda x: GoogleStorage(**KEYS, extra=x),
    "HuaweiStorage": lambda x: HuaweiStorage(region=7, **KEYS, extra=x),
    "BaiduStorage": lambda x: BaiduStorage(region=7, **KEYS, extra=x),
    "S3CompatibleStorage": lambda x: S3CompatibleStorage(endpoint="a.b", **KEYS, extra=x),
    "IndividualConfig": lambda x: IndividualConfig(max_idle_time=60, subscribe_uid_group=0, extra=x),
    "SnapshotConfig": lambda x: SnapshotConfig(capture_interval=60, extra=x),
    "WebConfig": lambda x: WebConfig(max_recording_hour=1, url="https://a.b", extra=x),
    "ResourceConfig": lambda x: ResourceConfig(resource_expired_hour=1, extra=x),
    "UserBackground": lambda x: UserBackground(uid=7, image_url="https://a.b/c.jpg", extra=x),
}
"""How each class of settings is made with an `extra`."""

CLIENT_REQUEST = {"start", "acquire", "stop", "update", "updateLayout"}
"""The requests whose `extra` is merged into `clientRequest`."""


def taking_extra(folder: str) -> Iterator[str]:
    """Every method in the modules of `folder` that sends an `extra`."""
    package = importlib.import_module(f"agora_rest.client.{folder}")
    for found in pkgutil.iter_modules(package.__path__):
        module = importlib.import_module(f"{package.__name__}.{found.name}")
        for kind in vars(module).values():
            if not inspect.isclass(kind) or kind.__module__ != module.__name__ or "Journaled" in kind.__name__:
                continue
            if kind.__name__.endswith("RecordingCalls"):  # the base class of Recordings
                continue
            for name, method in inspect.getmembers(kind, inspect.isfunction):
                if "extra" in inspect.signature(method).parameters and not name.startswith(("_", "check_")):
                    yield f"{kind.__name__.removeprefix('Async')}.{name}"


@pytest.mark.parametrize("folder", ["_async", "_sync"])
def test_every_method_that_takes_extra_is_tried_here(folder: str) -> None:
    assert set(taking_extra(folder)) == set(METHODS)


def test_every_class_that_takes_extra_is_tried_here() -> None:
    kinds = {
        name: getattr(agora_rest, name) for name in agora_rest.__all__ if inspect.isclass(getattr(agora_rest, name))
    }
    given = {
        name
        for name, kind in kinds.items()
        if hasattr(kind, "to_request") and "extra" in inspect.signature(kind).parameters
    }
    assert given == set(CLASSES)


def sent_by(name: str, extra: Any) -> dict[str, Any]:
    """The object that `extra` was merged into, as it was sent."""
    wire = Wire()
    request, use = METHODS[name]
    with Agora("id", "certificate", transport=wire, permits=None, retries=0) as agora:
        try:
            use(agora, extra)
        except InvalidArgument:
            assert not wire.bodies
            raise
    body = wire.bodies[request]
    found: dict[str, Any] = body["clientRequest"] if request in CLIENT_REQUEST else body
    return found


def merged_by(name: str, extra: Any) -> dict[str, Any]:
    """The same of a method or of a class of settings."""
    if name in METHODS:
        return sent_by(name, extra)
    found: dict[str, Any] = json.loads(json.dumps(CLASSES[name](extra).to_request()))
    return found


def leaves(value: Any, where: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """The members that are not objects, and where they are."""
    if isinstance(value, Mapping):
        for key, member in value.items():
            yield from leaves(member, (*where, key))
    else:
        yield where, value


def nested(where: tuple[str, ...], value: Any) -> Any:
    """The object with `value` at `where` and nothing else."""
    for key in reversed(where):
        value = {key: value}
    return value


EVERYTHING = sorted([*METHODS, *CLASSES])
KNOWN = ["recordingConfig", "transcodingConfig", "storageConfig", "startParameter", "maxIdleTime", "width", "region"]
KNOWN += ["vendor", "token", "privileges", "time", "uid", "cname", "ip", "name", "enable_sign_key", "new"]
SCALARS = st.none() | st.booleans() | st.integers(0, 90) | st.sampled_from(["a", "room", "t", "7"])
OBJECTS = st.recursive(
    st.dictionaries(st.sampled_from(KNOWN), SCALARS | st.lists(SCALARS, max_size=2), max_size=3),
    lambda inner: st.dictionaries(st.sampled_from(KNOWN), SCALARS | inner, max_size=3),
    max_leaves=5,
)


@pytest.mark.parametrize("name", EVERYTHING)
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(extra=OBJECTS)
def test_every_member_of_a_call_and_of_extra_is_sent_or_an_error_is_raised(name: str, extra: Any) -> None:
    own = dict(leaves(merged_by(name, None)))
    try:
        sent = dict(leaves(merged_by(name, extra)))
    except InvalidArgument:
        return
    for where, value in leaves(extra):
        if value is not None:
            assert sent[where] == value
            assert isinstance(sent[where], bool) == isinstance(value, bool)
    assert {where: sent[where] for where in own} == own
    assert None not in sent.values()


@pytest.mark.parametrize("name", EVERYTHING)
def test_a_member_that_both_set_must_have_one_value(name: str) -> None:
    for where, value in leaves(merged_by(name, None)):
        assert dict(leaves(merged_by(name, nested(where, value)))) == dict(leaves(merged_by(name, None)))
        other = "planted-other" if isinstance(value, str) else [] if isinstance(value, list) else value + 1
        with pytest.raises(InvalidArgument) as caught:
            merged_by(name, nested(where, other))
        assert caught.value.field == f"extra.{'.'.join(where)}"
        assert "must not differ from what the" in str(caught.value)


@pytest.mark.parametrize(
    ("name", "extra", "words"),
    [
        ("KickingRules.ban", {"time": 5}, ["extra.time", "the argument minutes sets (60)", "but 5 was given"]),
        (
            "KickingRules.ban",
            {"privileges": ["publish_audio"]},
            ["the call itself sets", "join_channel", "publish_audio"],
        ),
        ("Recordings.start", {"recordingConfig": {"maxIdleTime": 5}}, ["the argument max_idle_time sets (60)"]),
        ("RecordingConfig", {"transcodingConfig": {"width": 1}}, ["the argument transcoding_config sets (360)"]),
        ("S3Storage", {"vendor": 2}, ["the call itself sets (1)"]),
    ],
)
def test_an_error_names_both_settings_of_a_member(name: str, extra: Any, words: list[str]) -> None:
    with pytest.raises(InvalidArgument) as caught:
        merged_by(name, extra)
    assert all(word in str(caught.value) for word in words), str(caught.value)


@pytest.mark.parametrize("name", EVERYTHING)
def test_an_error_shows_no_secret_of_either(name: str) -> None:
    for member in ("token", "secret", "secretKey"):
        error = None
        try:
            merged_by(name, {member: "planted-2"})
        except InvalidArgument as refused:
            error = refused
        assert "planted" not in f"{error} {error!r} {vars(error) if error else ''}"


@pytest.mark.parametrize("name", EVERYTHING)
def test_extra_is_a_mapping(name: str) -> None:
    for extra in ([], "text", 7):
        with pytest.raises(InvalidArgument, match="extra must be a mapping"):
            merged_by(name, extra)


def test_true_is_not_one() -> None:
    assert merged({"a": 1}, {"a": 1.0}) == {"a": 1}
    with pytest.raises(InvalidArgument):
        merged({"a": 1}, {"a": True})


def test_an_order_merges_its_extra_in_the_same_way() -> None:
    given: dict[str, Any] = {"app_id": APP_ID, "channel": "room", "uid": 7, "storage": "default"}
    config = RecordingConfig(max_idle_time=60)
    order = Order(**given, config=config, extra={"recordingConfig": {"subscribeUidGroup": 0, "maxIdleTime": 60}})
    row = order.row(0.0)
    assert row["config"]["maxIdleTime"] == 60
    assert row["extra"]["recordingConfig"]["subscribeUidGroup"] == 0
    with pytest.raises(InvalidArgument, match=r"extra\.recordingConfig\.maxIdleTime .* max_idle_time sets \(60\)"):
        Order(**given, config=config, extra={"recordingConfig": {"maxIdleTime": 5}})


def test_none_counts_as_not_given(client: Client, network: Any) -> None:
    route = network.route().respond(200, json={"status": "success", "id": 1})
    client(
        lambda a: a.app(APP_ID).kicking_rules.ban(channel="room", uid=None, ip=None, extra={"ip": None, "new": None})
    )
    assert set(json.loads(route.calls.last.request.content)) == {"appid", "cname", "time", "privileges"}
    for use in (
        lambda a: a.app(APP_ID).recordings.acquire("room", None),
        lambda a: a.app(APP_ID).recordings.acquire(None, 7),
        lambda a: a.app(APP_ID).recordings.start(RESOURCE, None),
        lambda a: a.app(APP_ID).kicking_rules.lift(None),
        lambda a: a.projects.set_status("p", None),
        lambda a: a.projects.create(None),
    ):
        with pytest.raises(InvalidArgument, match="is required"):
            client(use)
