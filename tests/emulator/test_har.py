"""The session as a HAR file: a fixture without secrets that keeps the contract."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest

from agora_rest.emulator import Fault, FrozenClock
from tests.emulator.callers import APP, SECRETS, Api, emulator_of_2019
from tests.traffic.hars import checked


@pytest.fixture
def api(clock: FrozenClock) -> Api:
    return Api(emulator_of_2019(clock=clock, customer_certificate="planted-certificate"))


def session(api: Api) -> tuple[dict[str, Any], bytes]:
    raw = api.send("GET", "/_emulator/session.har", headers={"host": "127.0.0.1:8080"}).content
    return json.loads(raw), raw


def some_calls(api: Api, clock: FrozenClock) -> None:
    api.auth = ("emulator", "planted-certificate")
    resource, sid = api.record(decryptionMode=1, secret="planted-password", maxIdleTime=30)
    api.emulator.join(APP, "lesson", 7)
    clock.advance(20)
    api.query(resource, sid)
    api.stop(resource, sid)
    made = api.project()
    api("POST", "/dev/v1/reset_signkey", {"id": made["id"]})
    api("GET", "/dev/v1/projects")
    api("GET", "/dev/v1/project", params={"name": "projectx"})
    api.kick(uid=99)
    api.users("lesson")


@pytest.mark.parametrize("dialect", ["documented", "observed"])
def test_a_session_keeps_the_contract(api: Api, clock: FrozenClock, dialect: str) -> None:
    api.emulator.settings.dialect = dialect
    some_calls(api, clock)
    document, _ = session(api)
    report = checked(document)
    assert (report.checked, list(report.findings), report.unseen_bodies) == (10, [], 0)
    assert len(document["log"]["entries"]) == 10


def test_no_secret_is_in_it(api: Api, clock: FrozenClock) -> None:
    some_calls(api, clock)
    secrets = [project.certificate for project in api.emulator.world.projects.all()]
    credentials = base64.b64encode(b"emulator:planted-certificate").decode()
    _, raw = session(api)
    assert [secret for secret in (*SECRETS, *secrets, credentials, "planted") if secret.encode() in raw] == []


def test_a_secret_is_hidden_wherever_else_it_stands(api: Api) -> None:
    api.auth = ("emulator", "planted-certificate")
    body = {"cname": "planted-secret-key", "uid": "5", "secretKey": "planted-secret-key"}
    api.send("POST", f"/v1/apps/{APP}/cloud_recording/acquire?hint=planted-certificate", json=body)
    _, raw = session(api)
    assert b"planted" not in raw


def test_what_cannot_be_read_is_left_out(api: Api) -> None:
    api.auth = ("emulator", "planted-certificate")
    json_type = {"content-type": "application/json"}
    api.send("POST", f"/v1/apps/{APP}/cloud_recording/acquire", content=b'{"secret": "planted', headers=json_type)
    document, raw = session(api)
    assert b"planted" not in raw
    (entry,) = document["log"]["entries"]
    assert (entry["request"]["bodySize"], "text" in entry["request"]["postData"]) == (19, False)


def test_it_has_what_har_asks_for(api: Api, clock: FrozenClock) -> None:
    api.auth = ("emulator", "planted-certificate")
    clock.advance(300)
    api("GET", "/dev/v1/project", params={"name": "demo"})
    document, _ = session(api)
    assert document["log"]["version"] == "1.2"
    (entry,) = document["log"]["entries"]
    assert entry["startedDateTime"] == "2026-01-01T00:05:00.000Z"
    assert entry["request"]["url"] == "http://127.0.0.1:8080/dev/v1/project?name=demo"
    assert entry["request"]["queryString"] == [{"name": "name", "value": "demo"}]
    assert {"name": "authorization", "value": "Basic REDACTED"} in entry["request"]["headers"]
    assert (entry["response"]["status"], entry["response"]["statusText"]) == (200, "OK")
    assert json.loads(entry["response"]["content"]["text"])["project"][0]["name"] == "demo"
    assert entry["timings"].keys() == {"send", "wait", "receive"}


def test_a_fault_is_named_and_no_answer_is_status_0(api: Api) -> None:
    api.auth = ("emulator", "planted-certificate")
    api.emulator.inject(Fault("cut_before"))
    with pytest.raises(ConnectionResetError):
        api.send("GET", "/dev/v1/projects")
    (entry,) = session(api)[0]["log"]["entries"]
    assert (entry["response"]["status"], entry["comment"]) == (0, "decided by the injected fault cut_before")
