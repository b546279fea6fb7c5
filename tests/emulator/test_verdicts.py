"""What the specifications say of each exchange in the log."""

from __future__ import annotations

from typing import Any

import pytest

from agora_rest.emulator import Emulator, Fault, FrozenClock
from tests.emulator.callers import APP, STORAGE, Api, emulator_of_2019

ACQUIRE = f"/v1/apps/{APP}/cloud_recording/acquire"


def verdict(api: Api) -> tuple[str, list[str], str]:
    """That on the last exchange."""
    requests = api.send("GET", "/_emulator/requests").json()["requests"]
    found: dict[str, Any] = requests[-1]["verdict"]
    assert list(found["titles"]) == found["facts"]
    return found["kind"], found["facts"], found["reason"]


@pytest.fixture(params=["documented", "observed"])
def api(request: pytest.FixtureRequest, clock: FrozenClock) -> Api:
    return Api(Emulator(clock=clock, rate_limit=False, dialect=request.param))


def test_what_is_asked_and_answered_as_it_should_be_is_ok(api: Api) -> None:
    resource, sid = api.record()
    api.query(resource, sid)
    api.stop(resource, sid)
    api.project()
    requests = api.send("GET", "/_emulator/requests").json()["requests"]
    assert {found["verdict"]["kind"] for found in requests} == {"ok"}


def test_a_verdict_says_what_its_rules_are_about(api: Api, clock: FrozenClock) -> None:
    resource = api.resource()
    clock.advance(301)
    api.start(resource)
    (*_, found) = api.send("GET", "/_emulator/requests").json()["requests"]
    assert found["verdict"]["titles"] == {"CR-11": "A resource ID lives five minutes"}


def refused(fact: str, reason: str) -> tuple[str, list[str], str]:
    return "refused", [fact], reason


def test_a_refusal_names_the_rule_of_the_recording(api: Api, clock: FrozenClock) -> None:
    resource = api.resource()
    clock.advance(301)
    api.start(resource)
    assert verdict(api) == refused("CR-11", "this resource ID has expired")
    resource, sid = api.record()
    api.start(resource)
    assert verdict(api) == refused("CR-37", "this resource ID is recording already")
    api.query(resource, "another")
    assert verdict(api) == refused("CR-39", "the sid does not belong to the resource ID")
    api.stop(resource, sid)
    api.start(resource)
    assert verdict(api) == refused("CR-12", "this resource ID has been used for a recording")
    api.start("unknown")
    assert verdict(api)[:2] == ("refused", ["CR-38"])
    api.emulator.join(APP, "lesson", 527841)
    api.start(api.resource())
    assert verdict(api) == refused("CR-14", "uid: is a user's in this channel")
    api.acquire(app="f" * 32)
    assert verdict(api)[:2] == ("refused", ["CR-15"])


@pytest.mark.parametrize(
    ("method", "path", "body", "facts", "reason"),
    [
        ("POST", ACQUIRE, {"cname": "a/b", "uid": "5", "clientRequest": {}}, ["CR-63"], "cname: must be 1 to 64"),
        ("POST", ACQUIRE, {"cname": "a", "uid": 5, "clientRequest": {}}, ["CR-14"], "uid: must be text, not a number"),
        ("GET", "/dev/v1/project?id=nobody", None, ["CO-17"], "project not exit"),
        ("GET", "/dev/v1/project", None, ["CO-15"], "id, name: "),
        ("GET", "/dev/v1/usage?from_date=2026-01-02&to_date=2026", None, ["CO-30", "CO-31"], "to_date: "),
        ("GET", "/dev/v1/usage?from_date=2026-01-02&to_date=2026-01-01", None, ["CO-31"], "from_date, to_date: "),
        ("GET", "/dev/v1/usage?from_date=2026-01-02&to_date=2027-01-03", None, ["CO-31"], "from_date, to_date: "),
        (
            "GET",
            "/dev/v1/usage?from_date=2026-01-02&to_date=2026-01-02&projects=demo,,x",
            None,
            ["CO-30", "CO-33"],
            "projects[1]: must not be empty",
        ),
        ("POST", "/dev/v1/kicking-rule", {"appid": APP, "time": 5, "privileges": ["sing"]}, ["CO-43"], "privileges"),
        ("GET", "/dev/v1/nowhere", None, ["CO-04"], "no operation has this path"),
        ("GET", "/v1/nowhere", None, ["CR-04"], "no operation has this path"),
        ("PUT", ACQUIRE, {}, ["CR-04"], "no operation of this path is called with PUT"),
    ],
)
def test_a_refusal_names_the_rule_that_the_request_broke(
    api: Api, method: str, path: str, body: Any, facts: list[str], reason: str
) -> None:
    api(method, path, body)
    kind, named, said = verdict(api)
    assert (kind, named) == ("refused", facts)
    assert said.startswith(reason)


def test_wrong_credentials_and_too_many_calls_are_refused_by_their_rules(clock: FrozenClock) -> None:
    api = Api(emulator_of_2019(clock=clock))
    api.auth = ("emulator", "wrong")
    api.send("GET", "/dev/v1/projects")
    assert verdict(api)[:2] == ("refused", ["CO-01"])
    api.acquire()
    assert verdict(api)[:2] == ("refused", ["CR-02"])
    api.auth = ("emulator", "emulator-secret")
    for _ in range(11):
        api.acquire()
    assert verdict(api) == ("refused", ["CR-05"], "more than 10 calls of acquire in 1 s")
    for _ in range(11):
        api("GET", f"/dev/v1/kicking-rule?appid={APP}")
    assert verdict(api)[1] == ["CO-49"]
    api("GET", "/dev/v1/projects")
    assert verdict(api)[1] == ["CO-03"]


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        (Fault("status", status=500, body={"message": "x"}), "the response conforms to the specification"),
        (Fault("status", status=503), "list_projects has no response with status 503"),
        (Fault("wrong_shape"), "response: projects: is required"),
        (Fault("wrong_shape", body={"projects": [{"id": "a"}]}), "response: projects[0].name: is required"),
        (Fault("not_json"), "the response is not JSON"),
    ],
)
def test_a_fault_is_no_breach_of_the_specification_and_says_what_it_did(api: Api, fault: Fault, expected: str) -> None:
    api.emulator.inject(fault)
    api.send("GET", "/dev/v1/projects")
    assert verdict(api) == ("fault", [], f"the injected fault {fault.kind} decided the response; {expected}")


@pytest.mark.parametrize("kind", ["cut_before", "cut_after"])
def test_no_answer_is_no_answer(api: Api, kind: str) -> None:
    api.emulator.inject(Fault(kind))
    with pytest.raises(ConnectionResetError):
        api.send("GET", "/dev/v1/projects")
    assert verdict(api) == ("cut", [], f"the fault {kind} cut the connection")


def test_half_an_answer_is_a_fault(api: Api) -> None:
    api.emulator.inject(Fault("truncate"))
    with pytest.raises(ConnectionResetError):
        api.send("GET", "/dev/v1/projects")
    assert verdict(api)[0] == "fault"


def test_a_verdict_quotes_no_secret(api: Api) -> None:
    api.start(api.resource(), storageConfig={**STORAGE, "secretKey": ["planted-secret-key"]})
    kind, facts, reason = verdict(api)
    assert (kind, "CR-33" in facts) == ("refused", True)
    assert reason == "clientRequest.storageConfig.secretKey: must be text, not a list"
