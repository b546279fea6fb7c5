"""Nulls, digits in quotes, and members that no document knows."""

from __future__ import annotations

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agora_rest import spec
from agora_rest.emulator import FrozenClock
from agora_rest.emulator.web.leniency import with_numbers, without_nulls
from tests.emulator.callers import APP, STORAGE, Api, code, inner

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=12,
)


def minutes(api: Api) -> float:
    """The length of the one rule, as the list tells it."""
    (rule,) = api("GET", "/dev/v1/kicking-rule", params={"appid": APP}).json()["rules"]
    return span(rule["createAt"], rule["ts"]) / 60


def span(begin: str, end: str) -> float:
    return (datetime.fromisoformat(end) - datetime.fromisoformat(begin)).total_seconds()


# Nulls


@given(JSON)
def test_no_member_is_null_afterwards_and_the_rest_is_as_it_was(value: object) -> None:
    def members(each: object) -> list[object]:
        if isinstance(each, dict):
            return [*each.values(), *(found for member in each.values() for found in members(member))]
        return [found for member in each for found in members(member)] if isinstance(each, list) else []

    cleaned = without_nulls(value)
    assert all(member is not None for member in members(cleaned))
    assert without_nulls(cleaned) == cleaned
    if all(member is not None for member in members(value)):
        assert cleaned == value


def test_null_counts_as_not_given(both: Api) -> None:
    made = both.kick(cname="lesson", uid=None, ip=None, time=5)
    assert made.status_code in (200, 201)
    (rule,) = both.emulator.state()["kicking_rules"]
    assert (rule["uid"], rule["ip"]) == (None, None)
    assert both.kick(cname=None, uid=None, ip=None).status_code == 400
    resource = both.resource()
    inner(both.start(resource, recordingConfig=None, token=None))
    config = {"transcodingConfig": None, "maxIdleTime": None}
    inner(both.start(both.resource(uid="2"), uid="2", recordingConfig=config))


def test_a_member_that_is_needed_is_missing_when_it_is_null(both: Api) -> None:
    assert code(both.acquire(clientRequest=None)) == 2
    assert code(both.start(both.resource(), storageConfig={**STORAGE, "bucket": None})) == 2


def test_control_takes_null_for_what_is_not_given(api: Api) -> None:
    path = f"/_emulator/channels/{APP}/lesson/users"
    assert api.send("POST", path, json={"uid": 7, "uids": None, "ip": None, "role": None}).status_code == 201
    body = {"kind": "wrong_shape", "operation": None, "body": {"a": None}}
    assert api.send("POST", "/_emulator/faults", json=body).json()["body"] == {"a": None}


# Digits in quotes


def test_observed_takes_digits_in_quotes_for_numbers(observed: Api) -> None:
    assert observed.kick(cname="lesson", uid="42", time="5").status_code == 201
    assert minutes(observed) == 5
    assert observed.emulator.state()["kicking_rules"][0]["uid"] == 42
    (rule,) = observed.emulator.state()["kicking_rules"]
    changed = observed("PUT", "/dev/v1/kicking-rule", {"appid": APP, "id": str(rule["id"]), "time": "9"})
    assert changed.status_code == 200
    inner(observed.start(observed.resource(), storageConfig={**STORAGE, "vendor": "1", "region": "0"}))
    config = {"maxIdleTime": "60", "transcodingConfig": {"fps": "15"}}
    inner(observed.start(observed.resource(uid="2"), uid="2", recordingConfig=config))


def test_text_of_digits_stays_text_where_text_belongs(observed: Api) -> None:
    resource = observed.resource("123", "7")
    inner(observed.start(resource, "123", "7"))
    assert observed("POST", "/dev/v1/project", {"name": "123", "enable_sign_key": True}).status_code == 201
    assert code(observed.acquire(uid="0")) == 2
    assert observed.kick(cname="5", uid="").status_code == 201


@pytest.mark.parametrize("text", ["", "x", "1.5", "01", "+1", " 1", "1e3", "\uff11", "9" * 40, "-", "0x1"])
def test_nothing_but_plain_digits_is_a_number(observed: Api, text: str) -> None:
    assert observed.kick(cname="lesson", time=text).status_code == 400


@given(st.integers(min_value=-(10**18), max_value=10**18))
def test_a_number_in_quotes_is_judged_as_the_number(number: int) -> None:
    schema = spec.request_validator("create_kicking_rule")
    body = {"appid": APP, "cname": "lesson", "privileges": ["join_channel"]}
    for member in ("time", "uid"):
        quoted = {**body, member: str(number)}
        judged = with_numbers(quoted, schema.iter_errors(quoted))
        assert schema.is_valid(judged) == schema.is_valid({**body, member: number})


# Members that no document knows


def test_time_in_seconds_is_kept(both: Api) -> None:
    both.kick(cname="r", uid=5, time_in_seconds=30)
    assert minutes(both) == 0.5


@pytest.mark.parametrize(
    ("given", "expected"), [({"time_in_seconds": 5}, 10), ({"time_in_seconds": 10**6}, 86430),
                            ({"time_in_seconds": 600, "time": 1}, 600), ({"time_in_seconds": None, "time": 1}, 60)]
)  # fmt: skip
def test_time_in_seconds_is_kept_within_bounds_and_before_time(both: Api, given: dict, expected: int) -> None:
    both.kick(cname="r", **given)
    assert minutes(both) * 60 == expected


def test_time_in_seconds_of_0_puts_users_offline_once(both: Api) -> None:
    both.emulator.join(APP, "r", 7)
    both.kick(cname="r", time_in_seconds=0)
    both.emulator.join(APP, "r", 7)


@pytest.mark.parametrize("wrong", ["soon", True, -1, [], {}])
def test_a_wrong_time_in_seconds_is_refused(both: Api, wrong: object) -> None:
    assert both.kick(cname="r", time_in_seconds=wrong).status_code == 400


def test_a_rule_is_lengthened_in_seconds(both: Api) -> None:
    both.kick(cname="r", time=1)
    (rule,) = both.emulator.state()["kicking_rules"]
    both("PUT", "/dev/v1/kicking-rule", {"appid": APP, "id": rule["id"], "time_in_seconds": 90})
    assert minutes(both) == 1.5


def test_mp4_is_recorded_beside_hls_and_every_file_is_an_object(both: Api, clock: FrozenClock) -> None:
    both.emulator.join(APP, "lesson", 7)
    resource = both.resource()
    config = {"avFileType": ["hls", "mp4"]}
    sid = inner(both.start(resource, recordingFileConfig=config))["sid"]
    assert inner(both.query(resource, sid))["serverResponse"].get("fileList", []) == []
    clock.advance(10)
    for response in (both.query(resource, sid), both.stop(resource, sid)):
        found = inner(response)["serverResponse"]
        assert found["fileListMode"] == "json"
        assert [each["fileName"] for each in found["fileList"]] == [f"{sid}_lesson.m3u8", f"{sid}_lesson_0.mp4"]


@pytest.mark.parametrize("kinds", [["mp4"], [], ["avi"], "hls", ["hls", "hls"], 5])
def test_other_kinds_of_files_are_refused(both: Api, kinds: object) -> None:
    assert code(both.start(both.resource(), recordingFileConfig={"avFileType": kinds})) == 2


@pytest.mark.parametrize("hours", [0, 721, 999999, -1, "x", True, [], 0.5])
def test_a_resource_expired_hour_out_of_range_is_refused_as_servers_do(both: Api, hours: object) -> None:
    refused = both.acquire(clientRequest={"resourceExpiredHour": hours})
    assert refused.status_code == 400
    assert inner_error(refused) == {"code": 2, "reason": "Acquire: invalid resourceExpiredHour value!"}


def inner_error(response: object) -> dict:
    body = response.json()
    body = body.get("Body", body)
    return {"code": body["code"], "reason": body["reason"]}


def test_after_resource_expired_hour_a_recording_is_out_of_reach_and_goes_on(both: Api, clock: FrozenClock) -> None:
    both.emulator.join(APP, "lesson", 7)
    resource = inner(both.acquire(clientRequest={"resourceExpiredHour": 1}))["resourceId"]
    sid = inner(both.start(resource))["sid"]
    clock.advance(3600)
    assert both.status(resource, sid) == 5
    clock.advance(1)
    assert code(both.query(resource, sid)) == 404
    assert code(both.stop(resource, sid)) == 404
    assert both.emulator.state()["recordings"][0]["running"]


def test_a_start_must_be_the_one_that_acquire_announced(both: Api) -> None:
    announced = {"storageConfig": STORAGE, "recordingConfig": {"maxIdleTime": 60}}
    resource = inner(both.acquire(clientRequest={"startParameter": announced}))["resourceId"]
    refused = both.start(resource, recordingConfig={"maxIdleTime": 61})
    assert inner_error(refused) == {"code": 2, "reason": "request_hash mismatch!"}
    assert "planted" not in repr(both.emulator.state())
    inner(both.start(resource, recordingConfig={"maxIdleTime": 60}))


def test_what_is_not_known_is_named_in_the_verdict(both: Api) -> None:
    both.acquire(clientRequest={"scene": 0, "resourceExpiredHour": 24}, token="x")
    both.kick(cname="r", time_in_seconds=30, reason={"code": 1})
    both.start(both.resource(), recordingConfig={"maxIdleTime": 60, "transcodingConfig": {"fps": 15, "x": 1}})
    shown = both.send("GET", "/_emulator/requests").json()["requests"]
    ignored = [found["verdict"]["ignored"] for found in shown]
    assert ignored == [
        ["clientRequest.scene", "token"], ["reason"], [], ["clientRequest.recordingConfig.transcodingConfig.x"]
    ]  # fmt: skip
    assert shown[0]["verdict"]["kind"] == "ok"
    assert shown[0]["verdict"]["reason"] == "not known here, ignored: clientRequest.scene, token"
    assert shown[2]["verdict"]["reason"] == ""
