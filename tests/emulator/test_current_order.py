"""What is looked at first in a request of the current dialect, and that nothing in it brings the emulator down."""

from __future__ import annotations

import json

import pytest

from agora_rest import spec
from agora_rest.contract.http.wire import OMIT
from agora_rest.contract.samples import Ids, Sample
from agora_rest.emulator import Emulator, FrozenClock
from contract_tests.tour import tour
from tests.emulator.callers import APP, STORAGE, Api, code
from tests.emulator.current_callers import PUSH, CurrentApi, services
from tests.emulator.test_order_of_checks import BROKEN, JSON, PARTS, name

OPERATIONS = list(spec.operations("current").values())
BODIED = [operation for operation in OPERATIONS if spec.request_validator(operation.id, "current")]


def path_of(operation: spec.Operation) -> str:
    return operation.url(**PARTS)


@pytest.mark.fact("CR-72", "CO-01")
@pytest.mark.parametrize("operation", OPERATIONS, ids=name)
def test_every_operation_asks_for_credentials_before_anything_else(
    current: CurrentApi, operation: spec.Operation
) -> None:
    current.auth = None
    answer = current(operation.method, path_of(operation), headers={"content-type": "text/plain"}, content=b"{")
    assert (answer.status_code, answer.json()) == (401, {"message": "Unauthorized"})


@pytest.mark.fact("CR-71", "CO-62")
@pytest.mark.parametrize("operation", OPERATIONS, ids=name)
def test_the_eleventh_call_of_a_second_is_refused(clock: FrozenClock, operation: spec.Operation) -> None:
    api = Api(Emulator(clock=clock, dialect="current"))
    sent = [api(operation.method, path_of(operation), headers=JSON, content=b"{}") for _ in range(11)]
    assert [answer.status_code == 429 for answer in sent] == [False] * 10 + [True]


@pytest.mark.fact("CR-03", "CO-65")
@pytest.mark.parametrize("operation", BODIED, ids=name)
def test_a_body_that_does_not_call_itself_json_is_refused(current: CurrentApi, operation: spec.Operation) -> None:
    answer = current(operation.method, path_of(operation), content=b"{}", headers={"content-type": "text/plain"})
    is_present = operation.api == "console" and not operation.is_deprecated
    assert answer.status_code == (415 if is_present else 400)


@pytest.mark.fact("CR-62", "CO-63")
@pytest.mark.parametrize("body", BROKEN, ids=[str(number) for number in range(len(BROKEN))])
@pytest.mark.parametrize("operation", BODIED, ids=name)
def test_a_broken_body_is_refused_as_bad_input(current: CurrentApi, operation: spec.Operation, body: bytes) -> None:
    answer = current(operation.method, path_of(operation), content=body, headers=JSON)
    assert answer.status_code == 400
    if operation.api == "cloud-recording":
        assert answer.json()["code"] == 2


def test_every_operation_succeeds_and_answers_as_its_specification_says(current: CurrentApi) -> None:
    def send(call: Sample) -> object:
        operation = spec.operation(call.operation)
        body = None if call.body is OMIT else call.body
        answer = current(operation.method, operation.url(**call.path), body, params=call.query)
        assert answer.is_success, answer.text
        return answer.json()

    current.emulator.join(APP, "lesson", 1)
    mix = {"recordingConfig": {}, "storageConfig": STORAGE}
    tour(send, Ids(app_id=APP, channel="lesson"), {"start_recording": {"clientRequest": mix}})


@pytest.mark.parametrize(
    "broken",
    [
        {"storageConfig": {**STORAGE, "stsToken": ["planted-password"]}},
        {"token": ["planted-password"]},
        {"recordingConfig": {"decryptionMode": 8, "secret": "planted-password", "salt": "planted-secret-key"}},
        {"extensionServiceConfig": services(PUSH, videoFps=1)},
    ],
)
def test_no_refusal_and_no_log_repeats_a_secret(current: CurrentApi, broken: dict) -> None:
    assert code(current.begin("mix", current.prepare("mix"), **broken)) == 2
    assert "planted" not in json.dumps(current.emulator.requests())
    assert "planted" not in json.dumps(current.emulator.session("http://emulator"))
    assert "planted" not in json.dumps(current.emulator.state())


def test_no_log_repeats_the_secrets_of_what_succeeds(current: CurrentApi) -> None:
    storage = {**STORAGE, "stsToken": "planted-password", "stsExpiration": 1}
    current.run("mix", storageConfig=storage, token="planted-password")
    current.acquire(uid="3", clientRequest={"startParameter": {"storageConfig": storage, "token": "planted-password"}})
    current.ask(current.web(push=PUSH))
    assert "planted" not in json.dumps(current.emulator.requests())
    assert "planted" not in json.dumps(current.emulator.session("http://emulator"))
    assert "planted" not in json.dumps(current.emulator.state())
