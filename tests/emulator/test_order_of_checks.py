"""What is looked at first in a request, and that nothing in it brings the emulator down."""

from __future__ import annotations

import base64
import json

import pytest

from agora_rest import spec
from agora_rest.contract.http.wire import OMIT
from agora_rest.contract.samples import Ids, Sample
from agora_rest.emulator import Emulator, FrozenClock
from contract_tests.tour import tour
from tests.emulator.callers import APP, STORAGE, Api, code, complaint, emulator_of_2019

ACQUIRE = f"/v1/apps/{APP}/cloud_recording/acquire"
GOOD = {"cname": "lesson", "uid": "1", "clientRequest": {}}
JSON = {"content-type": "application/json"}

# A path for each operation, as good as it can be without anything being there.
PARTS = {"appid": APP, "resourceid": "x", "sid": "x", "mode": "mix", "uid": "7", "cname": "lesson"}
OPERATIONS = list(spec.operations("2019").values())
BODIED = [operation for operation in OPERATIONS if spec.request_validator(operation.id, "2019")]


def path_of(operation: spec.Operation) -> str:
    return operation.url(**PARTS)


def name(operation: spec.Operation) -> str:
    return operation.id


@pytest.mark.fact("CR-02", "CO-01")
@pytest.mark.parametrize("operation", OPERATIONS, ids=name)
def test_every_operation_asks_for_credentials_before_anything_else(
    both: Api, dialect: str, operation: spec.Operation
) -> None:
    both.auth = None
    answer = both(operation.method, path_of(operation), headers={"content-type": "text/plain"}, content=b"{")
    message = "Invalid authentication credentials" if dialect == "documented" else "Unauthorized"
    assert (answer.status_code, answer.json()) == (401, {"message": message})
    assert answer.headers["www-authenticate"].startswith("Basic")


def basic(text: str) -> str:
    return "Basic " + base64.b64encode(text.encode()).decode()


@pytest.mark.fact("CR-02", "CO-01")
@pytest.mark.parametrize(
    "header",
    [
        "",
        "Basic",
        "Basic ",
        "Basic !!!",
        "Basic ZW11bGF0b3I",
        basic("emulator"),
        basic("emulator:"),
        basic(":emulator-secret"),
        basic("emulator:emulator-secre"),
        basic("emulator:emulator-secrett"),
        basic("Emulator:emulator-secret"),
        basic("emulator:emulator-secret\n"),
        "Bearer " + basic("emulator:emulator-secret")[6:],
        basic("emulator:emulator-secret")[6:],
        basic("emulator:emulator-secret") + " x",
    ],
)
def test_wrong_credentials_are_refused(api: Api, header: str) -> None:
    api.auth = None
    assert api("GET", "/dev/v1/projects", headers={"authorization": header}).status_code == 401


@pytest.mark.fact("CR-02")
@pytest.mark.parametrize("scheme", ["Basic", "basic", "BASIC"])
def test_the_scheme_is_written_in_any_case(api: Api, scheme: str) -> None:
    api.auth = None
    header = basic("emulator:emulator-secret").replace("Basic", scheme)
    assert api("GET", "/dev/v1/projects", headers={"authorization": header}).status_code == 200


@pytest.mark.fact("CR-02")
def test_two_sets_of_credentials_are_none(api: Api) -> None:
    api.auth = None
    header = ("authorization", basic("emulator:emulator-secret"))
    assert api("GET", "/dev/v1/projects", headers=[header, header]).status_code == 401


@pytest.mark.fact("CR-02")
def test_credentials_of_ones_own_are_asked_for(clock: FrozenClock) -> None:
    api = Api(emulator_of_2019(clock=clock, customer_id="ünser", customer_certificate="a:b"))
    assert api("GET", "/dev/v1/projects").status_code == 401
    api.auth = None
    header = {"authorization": basic("ünser:a:b")}
    assert api("GET", "/dev/v1/projects", headers=header).status_code == 200
    with pytest.raises(ValueError, match="colon"):
        Emulator(customer_id="a:b")


@pytest.mark.fact("CR-05", "CO-03")
@pytest.mark.parametrize("operation", OPERATIONS, ids=name)
def test_the_eleventh_call_of_a_second_is_refused_and_the_next_second_is_free(
    clock: FrozenClock, dialect: str, operation: spec.Operation
) -> None:
    api = Api(Emulator(clock=clock, dialect=dialect))
    sent = [api(operation.method, path_of(operation), headers=JSON, content=b"{}") for _ in range(12)]
    assert [answer.status_code == 429 for answer in sent] == [False] * 10 + [True] * 2
    assert sent[-1].json() == {"message": "API rate limit exceeded"}
    clock.advance(1)
    assert api(operation.method, path_of(operation), headers=JSON, content=b"{}").status_code != 429


@pytest.mark.fact("CR-05", "CO-03", "CO-49")
def test_limits_are_those_of_their_groups(clock: FrozenClock) -> None:
    api = Api(emulator_of_2019(clock=clock))
    rules = ("GET", "/dev/v1/kicking-rule")
    assert [api(*rules, params={"appid": APP}).status_code for _ in range(6)] == [200] * 6
    # Kicking rules count among the Console's calls; Cloud Recording's calls are counted one by one.
    assert [api("GET", "/dev/v1/projects").status_code for _ in range(5)] == [200] * 4 + [429]
    assert api(*rules, params={"appid": APP}).status_code == 429
    assert [api.acquire().status_code for _ in range(11)] == [200] * 10 + [429]
    assert api.start("forged").status_code == 400


@pytest.mark.fact("CR-05")
def test_what_fails_before_the_limit_is_looked_at_does_not_count(clock: FrozenClock) -> None:
    api = Api(emulator_of_2019(clock=clock))
    for _ in range(20):
        assert api("GET", ACQUIRE).status_code == 405
        assert api("POST", f"{ACQUIRE}x").status_code == 404
        assert api("GET", ACQUIRE, headers={"authorization": "Basic x"}).status_code == 405
    api.auth = None
    assert api.acquire().status_code == 401
    api.auth = ("emulator", "emulator-secret")
    assert [api.acquire().status_code for _ in range(11)] == [200] * 10 + [429]


@pytest.mark.fact("CR-05")
def test_malformed_calls_count(clock: FrozenClock) -> None:
    api = Api(emulator_of_2019(clock=clock))
    assert [api("POST", ACQUIRE, {}).status_code for _ in range(11)] == [400] * 10 + [429]


@pytest.mark.fact("CR-04")
@pytest.mark.parametrize(
    "path",
    [
        "/v1/apps/x/cloud_recording/Acquire",
        "/V1/apps/x/cloud_recording/acquire",
        "/v1/apps/x/cloud_recording/acquire/",
        "/dev/v1/apps/x/cloud_recording/acquire",
        "/v1/projects",
        "/dev/v1/Projects/",
        "/dev/v2/usage",
        "/v3/usage",
        "/dev",
        "/_emulators/state",
        "/favicon.ico",
    ],
)
def test_another_path_is_not_routed_with_or_without_credentials(both: Api, path: str) -> None:
    for auth in (both.auth, None):
        both.auth = auth
        for method in ("GET", "POST", "OPTIONS"):
            answer = both(method, path)
            assert (answer.status_code, answer.json()) == (404, {"message": "no Route matched with those values"})


@pytest.mark.parametrize("operation", OPERATIONS, ids=name)
def test_another_method_is_refused_with_those_that_are_allowed(api: Api, operation: spec.Operation) -> None:
    here = {other.method for other in OPERATIONS if (other.api, other.path) == (operation.api, operation.path)}
    implied = {"OPTIONS"} | ({"HEAD"} if "GET" in here else set())
    for method in {"GET", "POST", "PUT", "PATCH", "DELETE", "TRACE", "QUERY", "HEAD"} - here - implied:
        answer = api(method, path_of(operation))
        assert answer.status_code == 405
        assert set(answer.headers["allow"].split(", ")) == here | implied
    options = api.send("OPTIONS", path_of(operation))
    assert (options.status_code, options.content) == (204, b"")
    assert set(options.headers["allow"].split(", ")) == here | implied


@pytest.mark.parametrize("method", ["GET", "PUT", "OPTIONS", "TRACE"])
def test_the_observed_gateway_knows_no_path_of_another_method(api: Api, method: str) -> None:
    api.emulator.settings.dialect = "observed"
    answer = api(method, ACQUIRE)
    assert (answer.status_code, answer.json()) == (404, {"message": "no Route matched with those values"})
    assert "allow" not in answer.headers
    assert api.emulator.requests()[0]["operation"] is None


def test_the_observed_gateway_tells_missing_credentials_from_wrong_ones(api: Api) -> None:
    api.emulator.settings.dialect = "observed"
    api.auth = ("emulator", "wrong")
    wrong = api("GET", "/dev/v1/projects")
    assert (wrong.status_code, wrong.json()) == (401, {"message": "Invalid authentication credentials"})
    api.auth = None
    missing = api("GET", "/dev/v1/projects")
    assert (missing.status_code, missing.json()) == (401, {"message": "Unauthorized"})


def test_head_is_get_without_a_body(api: Api) -> None:
    whole, head = api("GET", "/dev/v1/projects"), api("HEAD", "/dev/v1/projects")
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-length"] == whole.headers["content-length"]
    assert api.bare("HEAD", "/dev/v1/projects") == (200, b"")
    assert api.bare("GET", "/dev/v1/projects") == (200, whole.content)


@pytest.mark.fact("CR-03", "CO-02")
@pytest.mark.parametrize(
    "content_type",
    [
        "application/json",
        "application/json;charset=utf-8",
        'Application/JSON; Charset="UTF-8"',
        "application/json; x=y",
    ],
)
def test_json_may_name_its_charset(api: Api, content_type: str) -> None:
    answer = api("POST", ACQUIRE, content=json.dumps(GOOD).encode(), headers={"content-type": content_type})
    assert answer.status_code == 200


@pytest.mark.fact("CR-03", "CO-02")
@pytest.mark.parametrize(
    "content_type",
    [
        "",
        "text/plain",
        "application/x-www-form-urlencoded",
        "application/jsonx",
        "application/json;charset=latin-1",
        "json",
    ],
)
@pytest.mark.parametrize("operation", BODIED, ids=name)
def test_a_body_that_does_not_call_itself_json_is_refused(both: Api, operation, content_type: str) -> None:
    headers = {"content-type": content_type} if content_type else {}
    answer = both(operation.method, path_of(operation), content=b"{}", headers=headers)
    assert answer.status_code == 400
    assert "Content-Type" in answer.text


BROKEN = [
    b"",
    b"{",
    b"null",
    b"[]",
    b"5",
    b'"x"',
    b"\xff\xfe",
    b'{"cname": "\xff"}',
    rb'{"cname": "\ud800", "uid": "1", "clientRequest": {}}',
    b'{"cname": "a", "cname": "a", "uid": "1", "clientRequest": {}}',
    b'{"cname": NaN}',
    b'{"id": 1e999}',
    b'{"id": ' + b"9" * 5000 + b"}",
    b'{"clientRequest":' * 5000,
    b'{"a":' * 70 + b"1" + b"}" * 70,
    b" " * (1 << 20) + b"{}",
    b'{"cname": "' + b"a" * (2 << 20) + b'"}',
]


@pytest.mark.fact("CR-62", "CO-04")
@pytest.mark.parametrize("body", BROKEN, ids=[str(number) for number in range(len(BROKEN))])
@pytest.mark.parametrize("operation", BODIED, ids=name)
def test_a_broken_body_is_refused_as_bad_input(api: Api, operation: spec.Operation, body: bytes) -> None:
    answer = api(operation.method, path_of(operation), content=body, headers=JSON)
    assert answer.status_code == 400
    said = answer.json()["Body"]["code"] if operation.api == "cloud-recording" else complaint(answer)
    assert said == 2 if operation.api == "cloud-recording" else said


def test_a_body_with_a_query_is_read_as_without(api: Api) -> None:
    assert api("GET", "/dev/v1/projects", content=b"\xff", headers={"content-type": "x"}).status_code == 200


def test_form_is_looked_at_before_what_is_there(both: Api) -> None:
    assert both("POST", "/dev/v1/signkey", {"id": "nobody", "enable": "yes"}).status_code == 400
    unknown = "f" * 32
    answer = both("POST", f"/v1/apps/{unknown}/cloud_recording/acquire", {**GOOD, "uid": "0"})
    assert answer.json() != {"message": "invalid appid"}


@pytest.mark.fact("CR-64")
def test_no_answer_and_no_log_repeats_a_secret(both: Api) -> None:
    """The caller looks for them in every answer; here they stand where something is wrong with them."""
    for broken in ({"secretKey": {"x": "planted-secret-key"}}, {"accessKey": ["planted-access-key"]}, {"region": 99}):
        assert code(both.start(both.resource(), storageConfig={**STORAGE, **broken})) == 2
    config = {"decryptionMode": 9, "secret": "planted-password"}
    assert code(both.start(both.resource(), recordingConfig=config)) == 2
    assert code(both("POST", ACQUIRE, content=b'{"secretKey": "planted-secret-key"', headers=JSON)) == 2
    assert "planted" not in json.dumps(both.emulator.requests())
    assert "planted" not in json.dumps(both.emulator.state())


def test_no_answer_repeats_what_stands_in_the_wrong_place(both: Api) -> None:
    for broken in ({"vendor": "planted-secret-key"}, "planted-secret-key"):
        assert code(both.start(both.resource(), storageConfig=broken)) == 2


def test_requests_have_ids_that_differ(api: Api) -> None:
    ids = {api("GET", "/dev/v1/projects").headers["x-request-id"] for _ in range(20)}
    assert len(ids) == 20


def test_every_operation_succeeds_and_answers_as_its_specification_says(both: Api) -> None:
    def send(call: Sample) -> object:
        operation = spec.operation(call.operation, edition)
        body = None if call.body is OMIT else call.body
        answer = both(operation.method, operation.url(**call.path), body, params=call.query)
        assert answer.is_success, answer.text
        return answer.json()

    edition = both.emulator.settings.edition
    both.emulator.join(APP, "lesson", 1)
    tour(send, Ids(app_id=APP, channel="lesson"), edition=edition)
