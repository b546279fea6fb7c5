"""The recorded examples: complete, named after their sources, right by the specifications."""

from __future__ import annotations

from pathlib import Path

import pytest

from agora_rest import spec
from agora_rest.contract.traffic.check import Report, check
from agora_rest.contract.traffic.routes import route
from agora_rest.state_models import StateModels
from contract_tests.recorded import CURRENT, DOCUMENTED, EXAMPLES, FIXTURES, Example

each_example = pytest.mark.parametrize("example", [*EXAMPLES, *CURRENT], ids=str)


def test_every_operation_has_an_example_from_the_documents() -> None:
    assert {example.operation for example in DOCUMENTED} == spec.operations("2019").keys()


def test_every_operation_of_today_has_an_example() -> None:
    described = {each.id for each in spec.operations().values() if not each.is_deprecated}
    assert {example.operation for example in CURRENT} == described


@pytest.mark.parametrize("operation", [each for each in spec.operations().values() if not each.is_deprecated], ids=str)
def test_every_success_that_the_present_documents_print_is_recorded(operation: spec.Operation) -> None:
    recorded = [example.answer for example in CURRENT if example.operation == operation.id]
    success = min(operation.statuses, key=lambda status: (status >= 300, status))
    left_out = {"observed", "withoutCertificate", "disabled", "recordingServer"}
    printed = {name: each for name, each in operation.response_examples(success).items() if name not in left_out}
    assert [name for name, each in printed.items() if each not in recorded] == []


@each_example
def test_an_example_says_where_it_is_from_and_what_was_mended_in_it(example: Example) -> None:
    documents = ("Cloud Recording document, ", "Console document, ", "Specification, ")
    is_observed = example.file.startswith("observed")
    assert example.source.startswith("Observed servers: " if is_observed else documents)
    assert not example.documented or "document, " not in example.source or "Mended" in example.source


@each_example
def test_an_example_is_right_by_the_specifications(example: Example) -> None:
    way = route(example.method, example.path)
    assert way is not None
    assert way.operation == example.operation
    if (validator := spec.request_validator(example.operation, example.edition)) is not None:
        validator.validate(example.sent)
    answers = spec.response_validator(example.operation, example.status, example.edition)
    assert answers is not None, "the status is not in the specification"
    answers.validate(example.answer)


@pytest.mark.parametrize("path", sorted(FIXTURES.glob("*.har")), ids=lambda path: path.stem)
def test_the_check_of_traffic_finds_nothing_in_a_file_of_examples(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each example is right by itself; all of them are no session, so that nothing follows from one for another."""
    monkeypatch.setattr(StateModels, "observe", lambda *_: iter(()))
    report = Report()
    with path.open("rb") as stream:
        check(stream, report)
    assert list(report.findings) == []
    assert report.checked == sum(example.file == path.name for example in (*EXAMPLES, *CURRENT))
    edition = "current" if path.name.startswith("current") else "2019"
    assert {known for _, known in report.known_to} <= {"both", edition, "parts"}
