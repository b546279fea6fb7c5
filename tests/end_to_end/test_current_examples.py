"""Every request and response that the present documents print passes through specification, emulator and client.

The specification's examples are those of the documents; that they are valid is checked with it. An example is for the
mode that its members belong to.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

import httpx
import pytest
import respx

from agora_rest import Agora, ApiError, spec
from agora_rest.contract.http.wire import OMIT
from agora_rest.contract.samples import Ids, Sample, sample
from agora_rest.emulator import DEMO_APP_ID, Emulator, FrozenClock
from contract_tests.calls import CALLS
from tests.emulator.callers import Api

OPERATIONS: Final = [each for each in spec.operations().values() if not each.is_deprecated]
REQUESTS: Final = [(each, name) for each in OPERATIONS for name in each.body_examples]
RESPONSES: Final = [
    (each, status, name) for each in OPERATIONS for status in each.statuses for name in each.response_examples(status)
]
OF_A_PAGE: Final = ("extensionServiceConfig", "webRecordingConfig", "rtmpPublishConfig")
OF_ONE_USER: Final = ("subscribeUidGroup", "streamMode")


def mode_of(body: Mapping[str, Any]) -> str:
    """The mode of recording that a request is for."""
    request = body.get("clientRequest", {})
    if any(name in request for name in OF_A_PAGE) or request.get("scene") == 1:
        return "web"
    config = request.get("recordingConfig", {})
    return "individual" if "snapshotConfig" in request or any(name in config for name in OF_ONE_USER) else "mix"


def start_of(mode: str) -> Mapping[str, Any]:
    """The `clientRequest` of an example that starts a recording in `mode`; with a push if it has a page."""
    examples = spec.operation("start_recording").body_examples
    found: Mapping[str, Any] = examples[{"web": "webPush"}.get(mode, mode)]["clientRequest"]
    return found


class Stage:
    """An emulator of today with a project, a user in a channel and a rule."""

    def __init__(self) -> None:
        self.emulator = Emulator(dialect="current", clock=FrozenClock())
        self.emulator.join(DEMO_APP_ID, "lesson", 7)
        self.api = Api(self.emulator)
        project = self.emulator.add_project("lessons")
        rule = {"appid": DEMO_APP_ID, "cname": "lesson", "uid": 9, "time": 60, "privileges": ["join_channel"]}
        created = self.api("POST", "/dev/v1/kicking-rule", rule).json()["id"]
        self.ids = Ids(app_id=DEMO_APP_ID, project=project.id, rule=created)

    def send(self, call: Sample) -> httpx.Response:
        """Make a call whose response must be as specified."""
        operation = spec.operation(call.operation)
        body = None if call.body is OMIT else call.body
        return self.api(operation.method, operation.url(**call.path), body, params=call.query)

    def example(self, operation: spec.Operation, name: str) -> Sample:
        """A call with the body of an example, on what is there."""
        body, path = operation.body_examples[name], {"appid": DEMO_APP_ID}
        if operation.api == "console":
            living = sample(operation.id, self.ids)
            named = {key: value for key, value in living.body.items() if key in ("id", "appid")}
            return Sample(operation.id, living.path, living.query, {**body, **named})
        if operation.id != "acquire":
            path |= self._recording(operation, body)
        return Sample(operation.id, path, {}, body)

    def _recording(self, operation: spec.Operation, body: Mapping[str, Any]) -> dict[str, str]:
        """The IDs of a resource, and of its recording unless the call starts it."""
        mode = mode_of(body)
        who = {name: body[name] for name in ("cname", "uid")}
        acquired = {**who, "clientRequest": {"scene": int(mode == "web")}}
        resource = self.send(Sample("acquire", {"appid": DEMO_APP_ID}, {}, acquired)).json()["resourceId"]
        path = {"resourceid": resource, "mode": mode}
        if operation.effect.kind == "starts":
            return path
        start = {**who, "clientRequest": start_of(mode)}
        started = self.send(Sample("start_recording", {"appid": DEMO_APP_ID, **path}, {}, start))
        return {**path, "sid": started.json()["sid"]}


def as_the_client_writes_it(value: Any) -> Any:
    """Without what is empty (CO-41), and without error policies, which have one value each (CR-129)."""
    if isinstance(value, dict):
        kept = {name: each for name, each in value.items() if each != "" and name != "errorHandlePolicy"}
        return {name: as_the_client_writes_it(each) for name, each in kept.items()}
    return [as_the_client_writes_it(each) for each in value] if isinstance(value, list) else value


@pytest.mark.parametrize(("operation", "name"), REQUESTS, ids=str)
def test_the_emulator_takes_each_request(operation: spec.Operation, name: str) -> None:
    stage = Stage()
    response = stage.send(stage.example(operation, name))
    assert response.is_success, response.text


@pytest.mark.parametrize(("operation", "name"), REQUESTS, ids=str)
def test_the_client_makes_each_request(operation: spec.Operation, name: str) -> None:
    call = Stage().example(operation, name)
    call = replace(call, body=as_the_client_writes_it(call.body))
    with respx.mock(assert_all_called=False) as router, Agora("id", "certificate", permits=None, retries=0) as agora:
        route = router.route().respond(400, json={"message": "enough"})
        with pytest.raises(ApiError, match="enough"):
            CALLS[operation.id](agora, call)
        sent = json.loads(route.calls.last.request.content)
    assert sent == call.body


@pytest.mark.parametrize(("operation", "status", "name"), RESPONSES, ids=str)
def test_the_client_reads_each_response(operation: spec.Operation, status: int, name: str) -> None:
    ids = Ids(app_id=DEMO_APP_ID, project="p", channel="lesson", uid="7", resource="r", sid="s", rule=1)
    call = sample(operation.id, ids)
    answer = operation.response_examples(status)[name]
    with (
        respx.mock(assert_all_called=False) as router,
        Agora("id", "certificate", permits=None, retries=0, validate="raise") as agora,
    ):
        router.route().respond(status, json=answer)
        error = raised(agora, call)
    if error is None:
        assert status < 300
    else:
        assert (error.status, error.code) == (status, answer.get("code"))
        assert (answer.get("reason") or answer.get("message")) in str(error)


def raised(agora: Agora, call: Sample) -> ApiError | None:
    """The error of a call, or None."""
    try:
        CALLS[call.operation](agora, call)
    except ApiError as error:
        return error
    return None
