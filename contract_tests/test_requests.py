"""What the client sends is what was asked for, and is valid under the specification: every operation, any arguments."""

from __future__ import annotations

import base64
import json
import math
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import httpx
import pytest
import respx
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from agora_rest import Agora, CallError, spec
from agora_rest.contract.checking.rules import parameter_is_valid
from agora_rest.contract.http.wire import OMIT
from agora_rest.contract.samples import Ids, Sample, sample
from contract_tests.calls import CALLS
from contract_tests.drawing import UNKNOWN, requests

REFUSAL = {"message": "enough"}
SENDING = ("publish_audio", "publish_video")
DURATIONS = ("time_in_seconds", "time")
TAKE_UNKNOWN_MEMBERS = ("create_project", "create_kicking_rule")
"""Operations whose method has an `extra` for members of the body; that of recordings is for their `clientRequest`."""


def one_target(sent: Sample) -> Sample:
    """`ban` and `mute` select by address, or by channel and user, and send nothing that is empty (CO-41).

    Each takes privileges of its own, in one order; `mute` has no duration of 0 (CO-84).
    """
    given = {name: value for name, value in sent.body.items() if value != ""}
    others = {name: value for name, value in given.items() if "ip" not in given or name not in ("cname", "uid")}
    body = one_duration(replace(sent, body=others)).body
    denied = [name for name in SENDING if name in body["privileges"]]
    lasts = body.get("time", 0) > 0 or body.get("time_in_seconds", 0) > 0
    mutes = denied and lasts and "join_channel" not in body["privileges"]
    return replace(sent, body={**body, "privileges": denied if mutes else ["join_channel"]})


def one_duration(sent: Sample) -> Sample:
    """The client sends one of the two durations; the server takes the one in seconds (CO-84)."""
    others = {name: value for name, value in sent.body.items() if name not in DURATIONS}
    given = {name: sent.body[name] for name in DURATIONS if sent.body.get(name) is not None}
    name = next(iter(given), "time")
    return replace(sent, body={**others, name: given.get(name, 60)})


def a_period(sent: Sample) -> Sample:
    """The client refuses a period that ends before it begins, or lasts more than a year (CO-31)."""
    begin, end = (date.fromisoformat(sent.query[name]) for name in ("from_date", "to_date"))
    last = min(max(begin, end), begin + timedelta(days=364))
    return replace(sent, query={**sent.query, "to_date": last.isoformat()})


PAGE = {"url": "https://a.b", "audioProfile": 0, "videoWidth": 1, "videoHeight": 1, "maxRecordingHour": 1}
OF_ONE_MODE = {"individual": ("streamMode",), "mix": ("transcodingConfig", "audioProfile")}


def of_its_mode(sent: Sample) -> Sample:
    """The client refuses what belongs to another mode, and what the mode needs and a body may lack (CR-127)."""
    mode, request = sent.path["mode"], dict(sent.body["clientRequest"])
    config = dict(request.pop("recordingConfig", None) or {})
    for other, names in OF_ONE_MODE.items():
        if other != mode:
            config = {name: value for name, value in config.items() if name not in names}
    if "decryptionMode" not in config:  # without one nothing is decrypted (CR-23)
        config.pop("secret", None)
    if mode != "individual":
        request.pop("snapshotConfig", None)
    else:
        config["subscribeUidGroup"] = config.get("subscribeUidGroup") or 0
        if "mp4" in (request.get("recordingFileConfig") or {}).get("avFileType", []):
            request["recordingFileConfig"] = {"avFileType": ["hls"]}
    if mode != "web":
        request.pop("extensionServiceConfig", None)
        request["recordingConfig"] = small(config, "transcodingConfig", width=360, height=640)
    elif not request.get("extensionServiceConfig"):
        recorder = {"serviceName": "web_recorder_service", "serviceParam": PAGE}
        request["extensionServiceConfig"] = {"extensionServices": [recorder]}
    else:
        services = request["extensionServiceConfig"]["extensionServices"]
        small_ones = [openable(small(service, "serviceParam", videoWidth=0, videoHeight=0)) for service in services]
        request["extensionServiceConfig"] = {**request["extensionServiceConfig"], "extensionServices": small_ones}
    request["storageConfig"] = sendable(request["storageConfig"])
    return replace(sent, body={**sent.body, "clientRequest": request})


def update_of_its_mode(sent: Sample) -> Sample:
    """As `of_its_mode`."""
    request = dict(sent.body["clientRequest"])
    for name in ("streamSubscribe",) if sent.path["mode"] == "web" else ("webRecordingConfig", "rtmpPublishConfig"):
        request.pop(name, None)
    if request.get("storageConfig"):
        request["storageConfig"] = sendable(request["storageConfig"])
    if outputs := (request.get("rtmpPublishConfig") or {}).get("outputs"):  # lists are not merged with `extra`
        named = [{"rtmpUrl": each["rtmpUrl"]} for each in outputs if "rtmpUrl" in each]
        request["rtmpPublishConfig"] = {"outputs": named} if named else {}
    return replace(sent, body={**sent.body, "clientRequest": request})


def small(members: dict[str, Any], part: str, **sides: int) -> dict[str, Any]:
    """`members` with a picture of at most as many pixels as 1080p (CR-117, CR-131), which schemas cannot say."""
    picture = members.get(part)
    if not picture or math.prod(picture.get(name) or side for name, side in sides.items()) <= 1920 * 1080:
        return members
    return {**members, part: {**picture, **dict.fromkeys(sides, 1)}}


def openable(service: dict[str, Any]) -> dict[str, Any]:
    """A page that can be opened (CR-136): the schema takes any text, the client an address."""
    param = service.get("serviceParam")
    return {**service, "serviceParam": {**param, "url": PAGE["url"]}} if param and "url" in param else service


def sendable(storage: dict[str, Any]) -> dict[str, Any]:
    """A storage as the client sends it, where schemas cannot say so.

    Its folders have at most 128 characters (CR-103); the end of a temporary key is in seconds, and has a key (CR-102).
    An endpoint is the name of a host and no URL (CR-100).
    """
    folders, ends = storage.get("fileNamePrefix") or [], storage.get("stsExpiration")
    if len("/".join(folders)) > 128:
        storage = {**storage, "fileNamePrefix": folders[:1]}
    if ends is not None and (storage.get("stsToken") is None or ends > 10**11):
        storage = {name: value for name, value in storage.items() if name != "stsExpiration"}
    if re.search(r"[\s/@?#]", (storage.get("extensionParams") or {}).get("endpoint") or ""):
        storage = {**storage, "extensionParams": {**storage["extensionParams"], "endpoint": "storage.example.com"}}
    return storage


SENT: dict[str, Callable[[Sample], Sample]] = {
    "create_kicking_rule": one_target,
    "update_kicking_rule": one_duration,
    "get_usage_v1": a_period,
    "get_usage_v3": a_period,
    "list_channel_users": lambda sent: replace(sent, query={}),  # its `hosts_only` is `list_channel_hosts` (CO-91)
    "start_recording": of_its_mode,
    "update_recording": update_of_its_mode,
    "list_channels": lambda sent: replace(sent, query={"page_no": 0, "page_size": 100, **sent.query}),
}
"""Where the client does not send every request that the specification allows: the one that it sends instead."""


def without_nulls(node: Any) -> Any:
    """An object without members that are null: the client leaves out what is None."""
    if not isinstance(node, dict):
        return node
    return {name: without_nulls(value) for name, value in node.items() if value is not None}


@st.composite
def asked(draw: st.DrawFn, operation: spec.Operation) -> Sample:
    """A request that the client can make."""
    sent: Sample = draw(requests(operation))
    if operation.id == "find_project":
        assume(sent.query)  # at least one of the two (CO-15)
    if operation.id not in TAKE_UNKNOWN_MEMBERS and sent.body is not OMIT:
        sent = replace(sent, body={name: value for name, value in sent.body.items() if not name.startswith(UNKNOWN)})
    sent = replace(sent, body=without_nulls(sent.body))
    return SENT[operation.id](sent) if operation.id in SENT else sent


def client() -> Agora:
    """A client that waits for nothing: no limit of its own, no second attempt."""
    return Agora("id", "certificate", base_url="https://api.agora.io", permits=None, retries=0)


def sent_by(call: Sample) -> httpx.Request:
    """The one request that a call makes."""
    with respx.mock(assert_all_called=True) as router, client() as agora:
        route = router.route().respond(400, json=REFUSAL)
        with pytest.raises(CallError, match="was refused"):
            CALLS[call.operation](agora, call)
        assert len(route.calls) == 1
        request: httpx.Request = route.calls[0].request
        return request


def path_parameters(operation: spec.Operation, request: httpx.Request) -> dict[str, str]:
    """The decoded parameters in the raw path, which must fit the operation's template."""
    raw = request.url.raw_path.decode("ascii").partition("?")[0]
    below = raw.removeprefix(urlsplit(spec.document(operation.api)["servers"][0]["url"]).path)
    pattern = re.sub(r"\\{(\w+)\\}", r"(?P<\1>[^/]+)", re.escape(operation.path))
    found = re.fullmatch(pattern, below)
    assert found is not None, f"{below} does not fit {operation.path}"
    return {name: unquote(value) for name, value in found.groupdict().items()}


def text(value: Any) -> str:
    """A value as it is written in a URL."""
    return ",".join(value) if isinstance(value, list) else str(value)


each_operation = pytest.mark.parametrize("operation", spec.operations().values(), ids=str)


def test_every_operation_has_its_call() -> None:
    assert CALLS.keys() == spec.operations().keys()


@pytest.mark.fact("CR-03", "CR-04", "CR-20", "CR-40", "CR-50", "CO-02", "CO-30", "CO-57")
@each_operation
@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
@given(data=st.data())
def test_what_is_sent_is_what_was_asked_for_and_is_valid(operation: spec.Operation, data: st.DataObject) -> None:
    wanted = data.draw(asked(operation))
    request = sent_by(wanted)
    path = path_parameters(operation, request)
    query = parse_qsl(request.url.query.decode("ascii"), keep_blank_values=True)

    assert request.method == operation.method
    assert path == {name: text(value) for name, value in wanted.path.items()}
    assert sorted(query) == sorted((name, text(value)) for name, value in wanted.query.items())
    for name, value in (*path.items(), *query):
        assert parameter_is_valid(operation.id, name, value, operation.edition)
    assert (json.loads(request.content) if request.content else OMIT) == wanted.body
    if validator := spec.request_validator(operation.id):
        validator.validate(wanted.body)
        (media_type,) = operation.openapi_object["requestBody"]["content"]
        assert request.headers["Content-Type"] == media_type
    else:
        assert request.content == b""


@pytest.mark.fact("CR-02", "CO-01")
@each_operation
def test_every_request_carries_the_credentials_and_only_there(operation: spec.Operation) -> None:
    request = sent_by(sample(operation.id, Ids(project="xxxx")))
    assert request.headers["Authorization"] == "Basic " + base64.b64encode(b"id:certificate").decode()
    assert b"certificate" not in request.url.raw_path + request.content
