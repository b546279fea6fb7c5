"""What is looked at first in a request, and that nothing shows a secret of it."""

from __future__ import annotations

import base64
import json

import pytest

from agora_rest import spec
from agora_rest.emulator import Emulator, FrozenClock
from tests.emulator.callers import APP, STORAGE, Api, code, emulator_of_2019
from tests.emulator.current_callers import PUSH, CurrentApi, services

ACQUIRE = f"/v1/apps/{APP}/cloud_recording/acquire"
JSON = {"content-type": "application/json"}

# A path for each operation, as good as it can be without anything being there.
PARTS = {"appid": APP, "resourceid": "x", "sid": "x", "mode": "mix", "uid": "7", "cname": "lesson"}
OPERATIONS = list(spec.operations("2019").values())


def path_of(operation: spec.Operation) -> str:
    return operation.url(**PARTS)


def name(operation: spec.Operation) -> str:
    return operation.id


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


@pytest.mark.fact("CR-02", "CO-01")
def test_only_observed_servers_tell_missing_credentials_from_wrong_ones(both: Api, dialect: str) -> None:
    wrong = "Invalid authentication credentials"
    for auth, message in ((("emulator", "wrong"), wrong), (None, "Unauthorized" if dialect == "observed" else wrong)):
        both.auth = auth
        answer = both("POST", ACQUIRE, headers={"content-type": "text/plain"}, content=b"{")
        assert (answer.status_code, answer.json()) == (401, {"message": message})
        assert answer.headers["www-authenticate"].startswith("Basic")


def test_head_is_get_without_a_body(api: Api) -> None:
    whole, head = api("GET", "/dev/v1/projects"), api("HEAD", "/dev/v1/projects")
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-length"] == whole.headers["content-length"]
    assert api.bare("HEAD", "/dev/v1/projects")[::2] == (200, b"")
    assert api.bare("GET", "/dev/v1/projects")[::2] == (200, whole.content)


def test_a_body_with_a_query_is_read_as_without(api: Api) -> None:
    assert api("GET", "/dev/v1/projects", content=b"\xff", headers={"content-type": "x"}).status_code == 200


@pytest.mark.fact("CR-03")
def test_json_in_another_charset_is_refused(both: Api) -> None:
    answer = both("POST", ACQUIRE, content=b"{}", headers={"content-type": "application/json;charset=latin-1"})
    assert answer.status_code == 400
    assert "the charset must be utf-8" in answer.text


@pytest.mark.parametrize(
    "path",
    [
        "project?id=%ff",
        "project?id=%zz",
        "project?id=a&id=b",
        f"channel/{APP}?page_no={'9' * 5000}",
        f"channel/user/{APP}/%FF",
    ],
    ids=["no UTF-8", "no escape", "twice", "no number", "no name"],
)
def test_a_url_that_cannot_be_read_is_refused(both: Api, path: str) -> None:
    assert both("GET", f"/dev/v1/{path}").status_code == 400


def test_form_is_looked_at_before_what_is_there(both: Api) -> None:
    assert both("POST", "/dev/v1/signkey", {"id": "nobody", "enable": "yes"}).status_code == 400
    unknown = "f" * 32
    answer = both(
        "POST", f"/v1/apps/{unknown}/cloud_recording/acquire", {"cname": "lesson", "uid": "0", "clientRequest": {}}
    )
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


@pytest.mark.parametrize(
    "broken",
    [
        {"storageConfig": {**STORAGE, "stsToken": ["planted-password"]}},
        {"token": ["planted-password"]},
        {"recordingConfig": {"decryptionMode": 8, "secret": "planted-password", "salt": "planted-secret-key"}},
        {"extensionServiceConfig": services(PUSH, videoFps=1)},
    ],
)
def test_no_refusal_and_no_log_of_today_repeats_a_secret(current: CurrentApi, broken: dict) -> None:
    assert code(current.begin("mix", current.prepare("mix"), **broken)) == 2
    assert "planted" not in json.dumps(current.emulator.requests())
    assert "planted" not in json.dumps(current.emulator.session("http://emulator"))
    assert "planted" not in json.dumps(current.emulator.state())


def test_no_log_of_today_repeats_the_secrets_of_what_succeeds(current: CurrentApi) -> None:
    storage = {**STORAGE, "stsToken": "planted-password", "stsExpiration": 1}
    current.run("mix", storageConfig=storage, token="planted-password")
    current.acquire(uid="3", clientRequest={"startParameter": {"storageConfig": storage, "token": "planted-password"}})
    current.ask(current.web(push=PUSH))
    assert "planted" not in json.dumps(current.emulator.requests())
    assert "planted" not in json.dumps(current.emulator.session("http://emulator"))
    assert "planted" not in json.dumps(current.emulator.state())


def test_no_answer_repeats_what_stands_in_the_wrong_place(both: Api) -> None:
    for broken in ({"vendor": "planted-secret-key"}, "planted-secret-key"):
        assert code(both.start(both.resource(), storageConfig=broken)) == 2


def test_requests_have_ids_that_differ(api: Api) -> None:
    ids = {api("GET", "/dev/v1/projects").headers["x-request-id"] for _ in range(20)}
    assert len(ids) == 20
