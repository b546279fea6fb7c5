"""A success that did what was requested is a result, whatever member it leaves out that the result can do without."""

from __future__ import annotations

import copy
from collections.abc import Collection, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from agora_rest import (
    Ban,
    KickingRule,
    MalformedResponse,
    RecordedFile,
    RecordingStatus,
    StoppedRecording,
    UploadingStatus,
)
from agora_rest.client._lost_writes import find_created_rule
from contract_tests.calls import CASES, STARTED, Case
from tests.client.conftest import APP_ID, Client

RULE = {
    "id": 3190000001,
    "uid": None,
    "str_uid": False,
    "cname": "demo",
    "ip": None,
    "ts": "2021-10-25T02:23:56.000Z",
    "privileges": ["join_channel"],
    "clientIp": "203.0.113.9",
    "createAt": "2021-10-25T02:22:56.000Z",
    "updateAt": "2021-10-25T02:22:56.000Z",
}
"""As a support page shows it."""


def left_out(value: Any, required: Collection[str]) -> Iterator[Any]:
    """`value` with each of its optional members left out, and with null in its place."""
    for key, member in list(value.items() if isinstance(value, dict) else enumerate(value)):
        if isinstance(value, dict) and key not in required:
            yield {name: each for name, each in value.items() if name != key}
            yield {**value, key: None}
        if isinstance(member, dict | list):
            for changed in left_out(member, required):
                twin = copy.copy(value)
                twin[key] = changed
                yield twin


@pytest.mark.parametrize("case", CASES, ids=[case.operation for case in CASES])
def test_every_member_that_the_result_can_do_without_may_be_left_out(case: Case, network: Any) -> None:
    client = Client("sync")
    for response in (case.documented, case.observed or case.documented):
        for changed in left_out(response, case.required):
            if changed.get("success") is None and "success" in changed:
                continue  # null is no success, nor a failure
            network.route().respond(200, json=changed)
            client(case.use)


def listed(network: Any, *rules: Any) -> tuple[KickingRule, ...]:
    network.route().respond(200, json={"status": "success", "rules": list(rules)})
    found: tuple[KickingRule, ...] = Client("sync")(lambda agora: agora.app(APP_ID).kicking_rules.list())
    return found


def test_a_rule_without_app_id_has_that_of_the_request_and_keeps_what_the_documents_do_not_name(network: Any) -> None:
    (rule,) = listed(network, RULE)
    assert (rule.id, rule.app_id, rule.channel, rule.uid, rule.ip) == (3190000001, APP_ID, "demo", None, None)
    assert rule.operation_id is None
    assert rule.extra == {"str_uid": False, "clientIp": "203.0.113.9"}


def test_a_muting_rule_is_not_taken_for_the_ban_that_was_looked_for(network: Any) -> None:
    since = datetime(2021, 10, 25, 2, 22, tzinfo=UTC)
    ban, mute = listed(network, RULE, {**RULE, "id": 2, "privileges": ["publish_audio"]})
    whom, length = {"cname": "demo"}, timedelta(minutes=1)
    assert find_created_rule([mute], whom, length, ["join_channel"], since) is None
    assert find_created_rule([mute, ban], whom, length, ["join_channel"], since) == Ban(id=ban.id, ends_at=ban.ends_at)
    assert find_created_rule([mute, ban], whom, length, ["publish_audio"], since) == Ban(id=2, ends_at=mute.ends_at)
    (undated,) = listed(network, {"id": 3, "cname": "demo"})
    assert find_created_rule([undated], whom, length, ["join_channel"], since) is None


def stopped(network: Any, response: Any, status: int = 200, **options: Any) -> tuple[StoppedRecording, int]:
    route = network.route().respond(status, json=response)
    result: StoppedRecording = Client("sync", **options)(lambda agora: agora.app(APP_ID).recordings.stop(STARTED))
    return result, route.call_count


@pytest.mark.parametrize("payload", ["payload", "playload"])
def test_the_stop_of_a_web_recording_is_a_stop_and_is_sent_once(payload: str, network: Any) -> None:
    files = [{"filename": "a.m3u8", "sliceStartTime": 1}, {"filename": "a.mp4"}]
    state = [
        {"serviceName": "upload_service", payload: {"uploadingStatus": "uploaded"}},
        {"serviceName": "web_recorder_service", payload: {"fileList": files, "state": "exit"}},
    ]
    body = {"resourceId": "JyvK8n", "sid": "38f8e3", "serverResponse": {"extensionServiceState": state}}
    result, calls = stopped(network, body, retries=5)
    assert calls == 1
    assert result.uploading_status is UploadingStatus.UPLOADED
    assert [file.name for file in result.files] == ["a.m3u8", "a.mp4"]
    assert result.extra["extensionServiceState"] == state


@pytest.mark.parametrize(
    "body",
    [
        {"sid": "38f8e3"},
        {"resourceId": "JyvK8n"},
        {"serverResponse": {}},
        {"sid": "38f8e3", "serverResponse": None},
        {"sid": "38f8e3", "serverResponse": {"uploadingStatus": 7, "fileList": 7}},
        {"Code": 200, "Body": {"sid": "38f8e3", "serverResponse": {"fileList": ""}}},
    ],
)
@pytest.mark.parametrize("status", [200, 201, 206])
def test_a_success_that_names_the_recording_is_a_stop(body: Any, status: int, network: Any) -> None:
    result, calls = stopped(network, body, status, retries=5)
    assert (calls, result.uploading_status, result.files) == (1, UploadingStatus.UNKNOWN, ())


@pytest.mark.parametrize("body", [{}, {"sid": None}, {"serverResponse": 7}, {"hello": "portal"}])
def test_a_success_that_is_about_no_recording_is_no_stop(body: Any, network: Any) -> None:
    with pytest.raises(MalformedResponse) as caught:
        stopped(network, body)
    assert caught.value.field == "sid"


def test_the_query_of_a_web_recording_has_its_files(network: Any) -> None:
    state = [{"serviceName": "web_recorder_service", "payload": {"fileList": [{"filename": "a.m3u8"}]}}]
    body = {"sid": "s", "serverResponse": {"status": 5, "extensionServiceState": state}}
    network.route().respond(200, json=body)
    found = Client("sync")(lambda agora: agora.app(APP_ID).recordings.query(STARTED))
    assert (found.status, found.files) == (RecordingStatus.RECORDING, (RecordedFile(name="a.m3u8"),))
    assert found.extra["extensionServiceState"] == state


def test_an_update_without_a_result_has_the_id_of_the_request(network: Any) -> None:
    network.route().respond(200, json={"status": "success"})
    rules = lambda agora: agora.app(APP_ID).kicking_rules  # noqa: E731
    assert Client("sync")(lambda agora: rules(agora).extend(7, minutes=5)) == Ban(id=7)
    assert Client("sync")(lambda agora: rules(agora).lift(7)) is None
    assert Client("sync")(lambda agora: rules(agora).kick(channel="demo")) == Ban(id=None)


def test_a_lost_ban_is_found_among_rules_without_app_id(client: Client, network: Any) -> None:
    now = datetime(2021, 10, 25, 2, 22, 56, tzinfo=UTC)
    network.post().mock(side_effect=httpx.ReadTimeout("slow"))
    date = {"Date": now.strftime("%a, %d %b %Y %H:%M:%S GMT")}
    mute = {**RULE, "id": 5, "privileges": ["publish_audio"]}
    network.get().respond(200, json={"status": "success", "rules": [RULE, mute]}, headers=date)
    made = client(lambda agora: agora.app(APP_ID).kicking_rules.ban(channel="demo", minutes=1))
    assert made.id == RULE["id"]
