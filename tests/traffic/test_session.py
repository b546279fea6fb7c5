"""A whole session of our client with the emulator, recorded by our recorder and checked."""

from __future__ import annotations

import copy
import io
import json
import re
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from agora_rest import Agora, NotFound, spec
from agora_rest.contract.samples import Ids, Sample
from agora_rest.contract.traffic.record import Recorder, RecordingTransport
from agora_rest.contract.traffic.redact import redact
from agora_rest.emulator import DEMO_APP_ID, Emulator, Fault, FaultKind, Mode
from contract_tests.calls import CALLS
from contract_tests.tour import tour
from tests.traffic.hars import checked, stream

CHANNEL = "a #%?~"


class Strolling:
    """A time that leaves every quota alone."""

    def __init__(self) -> None:
        self.time = 1_700_000_000.0

    def __call__(self) -> float:
        self.time += 0.1
        return self.time


def session(agora: Agora, emulator: Emulator) -> None:
    """Every operation of the emulator's edition, and some refusals."""

    def send(call: Sample) -> Any:
        with agora.with_raw_response() as responses:
            CALLS[call.operation](agora, call)
        return responses[-1].json

    emulator.join(DEMO_APP_ID, CHANNEL, [1, 2])
    emulator.join(DEMO_APP_ID, "stage", 3, mode=Mode.LIVE)
    edition = emulator.settings.edition
    tour(send, Ids(app_id=DEMO_APP_ID, channel=CHANNEL), {"enable_certificate": {"enable": False}}, edition)
    for channel in ("stage", "nobody"):
        agora.app(DEMO_APP_ID).channels.users(channel)
    with pytest.raises(NotFound):
        agora.projects.delete("nobody")


@pytest.fixture(scope="module", params=["documented", "observed", "current"])
def recording(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Any:
    path = tmp_path_factory.mktemp("session") / "session.har"
    emulator = Emulator(dialect=request.param, rate_limit=False)
    with (
        emulator.serve() as server,
        Recorder(path, now=Strolling()) as recorder,
        Agora(
            "emulator",
            "emulator-secret",
            base_url=server.url,
            transport=RecordingTransport(httpx.HTTPTransport(), recorder),
        ) as agora,
    ):
        session(agora, emulator)
    return {**json.loads(path.read_text(encoding="utf-8")), "edition": spec.edition_of(request.param)}


def test_nothing_is_found_in_it(recording: Any) -> None:
    report = checked(recording)
    assert [finding.as_dict() for finding in report.findings] == []
    assert report.exchanges.keys() == spec.operations(recording["edition"]).keys()
    assert (report.other_paths, report.unseen_bodies, report.unanswered) == (0, 0, 0)


def test_no_secret_is_in_it(recording: Any) -> None:
    text = json.dumps(recording)
    assert "planted" not in text
    assert "emulator-secret" not in text
    signs = [project["sign_key"] for each in recording["log"]["entries"] for project in projects(each)]
    assert "" in signs
    assert all(re.fullmatch("(hidden-[0-9a-f]{12})?", sign) for sign in signs)


def projects(entry: dict[str, Any]) -> list[dict[str, Any]]:
    answer = json.loads(entry["response"]["content"]["text"])
    found = answer.get("projects", answer.get("project", [])) if isinstance(answer, dict) else []
    return [found] if isinstance(found, dict) else found


def of(path: str, method: str) -> Callable[[dict[str, Any]], bool]:
    return lambda entry: path in entry["request"]["url"] and entry["request"]["method"] == method


def change_answer(entry: dict[str, Any], before: str, after: str) -> None:
    content = entry["response"]["content"]
    assert before in content["text"]
    content["text"] = content["text"].replace(before, after)


BREACHES: dict[str, tuple[Callable[[dict[str, Any]], bool], Callable[[dict[str, Any]], None]]] = {
    "status_in_spec": (of("/query", "GET"), lambda entry: entry["response"].update(status=226)),
    "schema_of_responses": (of("/stop", "POST"), lambda entry: change_answer(entry, '"uploaded"', '"gone"')),
    "ids_are_echoed": (of("/query", "GET"), lambda entry: change_answer(entry, '"sid":"', '"sid":"not-')),
    "schema_of_requests": (
        of("/start", "POST"),
        lambda entry: entry["request"]["postData"].update(
            text=entry["request"]["postData"]["text"].replace('"527841"', "527841")
        ),
    ),
    "parameters": (
        of("/v3/usage", "GET"),
        lambda entry: entry["request"].update(url=entry["request"]["url"].replace("default", "other")),
    ),
}


@pytest.mark.parametrize("breach", BREACHES)
def test_a_planted_breach_is_found_and_nothing_else(recording: Any, breach: str) -> None:
    document = copy.deepcopy(recording)
    concerned, plant = BREACHES[breach]
    plant(next(entry for entry in document["log"]["entries"] if concerned(entry)))
    assert [finding.check for finding in checked(document).findings] == [breach]


def test_a_resource_id_that_serves_twice_is_found_and_nothing_else(recording: Any) -> None:
    document = copy.deepcopy(recording)
    entries = document["log"]["entries"]
    entries.append(next(entry for entry in entries if of("/start", "POST")(entry)))
    assert [finding.check for finding in checked(document).findings] == ["resource_serves_once"]


@pytest.mark.parametrize("kind", [kind for kind in FaultKind if kind is not FaultKind.DELAY])
def test_responses_that_an_injected_fault_decided_are_not_held_against_the_emulator(kind: FaultKind) -> None:
    emulator = Emulator(rate_limit=False)
    with emulator.serve() as server, Agora("emulator", "emulator-secret", base_url=server.url) as agora:
        emulator.inject(Fault(kind, "list_kicking_rules", status=503, times=1))
        agora.app(DEMO_APP_ID).kicking_rules.list()
        document = emulator.session(server.url)
    redacted = io.BytesIO()
    redact(stream(document), redacted)
    for recorded in (document, json.loads(redacted.getvalue())):
        report = checked(recorded)
        assert (list(report.findings), report.checked, report.unanswered) == ([], 2, 1)
