"""The recorded examples: complete, named after their sources, right by the specifications."""

from __future__ import annotations

from pathlib import Path

import pytest

from agora_rest import spec
from agora_rest.contract.traffic.check import Report, check
from agora_rest.contract.traffic.routes import route
from contract_tests.recorded import DOCUMENTED, EXAMPLES, FIXTURES, Example

each_example = pytest.mark.parametrize("example", EXAMPLES, ids=str)


def test_every_operation_has_an_example_from_the_documents() -> None:
    assert {example.operation for example in DOCUMENTED} == spec.operations("2019").keys()


@each_example
def test_an_example_says_where_it_is_from_and_what_was_mended_in_it(example: Example) -> None:
    documents = ("Cloud Recording document, ", "Console document, ", "Specification, ")
    assert example.source.startswith(documents if example.documented else "Observed servers: ")
    assert "document, " not in example.source or "Mended" in example.source


@each_example
def test_an_example_is_right_by_the_specifications(example: Example) -> None:
    way = route(example.method, example.url)
    assert way is not None
    assert way.operation == example.operation
    if (validator := spec.request_validator(example.operation, "2019")) is not None:
        validator.validate(example.sent)
    answers = spec.response_validator(example.operation, example.status, "2019")
    assert answers is not None, "the status is not in the specification"
    answers.validate(example.answer)


@pytest.mark.parametrize("path", sorted(FIXTURES.glob("*.har")), ids=lambda path: path.stem)
def test_the_check_of_traffic_finds_nothing_in_a_file_of_examples(path: Path) -> None:
    report = Report()
    with path.open("rb") as stream:
        check(stream, report)
    assert list(report.findings) == []
    assert report.checked == sum(example.file == path.name for example in EXAMPLES)
