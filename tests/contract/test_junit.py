from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from agora_rest.contract.results.reports.junit import FILE, JunitReport
from tests.contract.sample_events import NOT_RUN, STORY, tell

#: The common schema (Jenkins' junit-10.xsd): the attributes and children of an element; those it needs are starred.
SCHEMA: dict[str, tuple[str, str]] = {
    "testsuites": ("name time tests failures errors", "testsuite"),
    "testsuite": (
        "name* tests* failures* errors* group time skipped timestamp hostname id package file log url",
        "testsuite properties testcase system-out system-err",
    ),
    "properties": ("", "property"),
    "property": ("name* value*", ""),
    "testcase": ("name* time classname group", "skipped error failure system-out system-err"),
    "failure": ("type message", ""),
    "error": ("type message", ""),
    "skipped": ("type message", ""),
}


def written(tmp_path: Path, story: list) -> ET.Element:
    tell(story, JunitReport(tmp_path / "new", now=lambda: datetime(2026, 5, 1, 12, tzinfo=UTC)))
    return ET.fromstring((tmp_path / "new" / FILE).read_bytes())


def case(root: ET.Element, phase: str, name: str) -> ET.Element:
    suite = next(each for each in root if each.get("name") == phase)
    return next(each for each in suite.iter("testcase") if each.get("name", "").startswith(name))


@pytest.mark.parametrize("story", [STORY, NOT_RUN])
def test_the_document_keeps_to_the_common_schema(tmp_path: Path, story: list) -> None:
    root = written(tmp_path, story)
    assert root.tag == "testsuites"
    for element in root.iter():
        attributes, children = (part.split() for part in SCHEMA[element.tag])
        assert {name[:-1] for name in attributes if name.endswith("*")} <= set(element.keys())
        assert set(element.keys()) <= {name.rstrip("*") for name in attributes}
        assert {child.tag for child in element} <= set(children)
        if "time" in element.attrib:
            assert re.fullmatch(r"\d+\.\d+", element.attrib["time"])


def test_the_counts_are_those_of_the_cases(tmp_path: Path) -> None:
    root = written(tmp_path, STORY)
    for suite in root:
        cases = list(suite.iter("testcase"))
        assert int(suite.get("tests", "")) == len(cases)
        assert int(suite.get("failures", "")) == sum(each.find("failure") is not None for each in cases)
        assert int(suite.get("skipped", "")) == sum(each.find("skipped") is not None for each in cases)
    assert root.get("tests") == str(sum(int(suite.get("tests", "")) for suite in root))
    assert root.get("failures") == "4"


def test_a_failed_check_shows_its_finding_and_how_to_reproduce_it(tmp_path: Path) -> None:
    failed = case(written(tmp_path, STORY), "facts", "a_resource_id_lasts_five_minutes")
    assert failed.get("name") == "a_resource_id_lasts_five_minutes [CR-11]"
    assert failed.get("time") == "0.250"
    (failure,) = failed
    assert failure.get("message") == "A resource ID starts a recording at 4:59 and not at 5:01."
    assert "expected: error 433" in (failure.text or "")
    assert "http://server/start?a=1&b=2" in (failure.text or "")


def test_a_check_that_held_has_nothing_inside(tmp_path: Path) -> None:
    assert len(case(written(tmp_path, STORY), "facts", "after_a_stop_recording_needs_a_new_resource_id")) == 0


def test_a_skipped_check_says_why(tmp_path: Path) -> None:
    (skipped,) = case(written(tmp_path, STORY), "facts", "an_idle_recording_ends")
    assert (skipped.tag, skipped.get("message")) == ("skipped", "the server does not let us control: users")


def test_what_no_check_was_looking_for_has_a_case_of_its_own(tmp_path: Path) -> None:
    root = written(tmp_path, STORY)
    assert case(root, "facts", "acquire: json_responses").find("failure") is not None
    assert case(root, "coverage", "the server").find("failure") is not None


def test_each_operation_is_a_case_of_a_fuzzing_phase(tmp_path: Path) -> None:
    root = written(tmp_path, STORY)
    assert case(root, "fuzzing", "create_project").find("failure") is not None
    assert not [each for each in root.iter("testcase") if "succeeds_once" in each.get("name", "")]


def test_a_known_finding_is_skipped_and_not_failed(tmp_path: Path) -> None:
    (skipped,) = case(written(tmp_path, STORY), "fuzzing", "list_projects")
    assert (skipped.tag, skipped.get("message")) == ("skipped", "known until 2027-03-31: reported to <them>")


def test_what_xml_cannot_carry_is_written_as_an_escape(tmp_path: Path) -> None:
    (failure,) = case(written(tmp_path, STORY), "fuzzing", "create_project")
    assert r"onerror=alert(2)>\x07\ud800" in (failure.text or "")


def test_a_run_that_could_not_start_is_an_error(tmp_path: Path) -> None:
    root = written(tmp_path, NOT_RUN)
    assert (root.get("tests"), root.get("errors")) == ("1", "1")
    assert case(root, "run", "run").find("error") is not None
