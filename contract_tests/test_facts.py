"""The facts: complete, the same in the package as in the project, and refused where one is faulty."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import yaml

from agora_rest import spec

SOURCE = Path(__file__).parent / "facts.yaml"
SCRIPT = SOURCE.parent.parent / "scripts" / "facts_json.py"


@pytest.fixture(scope="module")
def script() -> ModuleType:
    found = importlib.util.spec_from_file_location("facts_json", SCRIPT)
    assert found is not None
    assert found.loader is not None
    module = importlib.util.module_from_spec(found)
    found.loader.exec_module(module)
    return module


def test_the_package_ships_the_facts_of_the_project(script: ModuleType) -> None:
    packaged = Path(spec.__file__).with_name("facts.json")
    assert packaged.read_text(encoding="utf-8") == script.facts_json(SOURCE)


def test_a_fact_is_found_by_its_number() -> None:
    found = spec.facts()["CR-11"]
    assert (found.number, found.api, str(found)) == (
        "CR-11",
        "cloud-recording",
        "CR-11 A resource ID lives five minutes",
    )
    assert "five minutes" in found.sentence
    assert "Cloud Recording" in found.document
    assert found.section
    with pytest.raises(KeyError):
        spec.facts()["CR-999"]


def test_each_number_names_its_api_and_they_are_in_order() -> None:
    prefixes = {"cloud-recording": "CR", "console": "CO"}
    assert {each.number.partition("-")[0] == prefixes[each.api] for each in spec.facts().values()} == {True}
    for prefix in prefixes.values():
        numbers = [int(number[3:]) for number in spec.facts() if number.startswith(prefix)]
        assert numbers == sorted(numbers)


def test_the_specifications_name_no_fact_that_there_is_not() -> None:
    def named(node: Any) -> set[str]:
        if isinstance(node, list):
            return set().union(*map(named, node))
        if not isinstance(node, dict):
            return set()
        return set(node.get("x-facts", ())) | set().union(*map(named, node.values()))

    for api in spec.APIS:
        for edition in spec.EDITIONS:
            assert named(spec.document(api, edition)) <= spec.facts().keys()


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"sentence": ""}, "lacks sentence"),
        ({"title": None}, "lacks title"),
        ({"severity": "high"}, "severity"),
        ({"source": {"document": "elsewhere", "section": "x"}}, "section of one of the documents"),
        ({"source": {"document": "console"}}, "section of one of the documents"),
        ({"number": "CO-01"}, "two facts are numbered CO-01"),
    ],
)
def test_a_faulty_fact_is_refused(script: ModuleType, tmp_path: Path, change: dict[str, Any], complaint: str) -> None:
    good = {"api": "console", "title": "t", "sentence": "s", "source": {"document": "console", "section": "x"}}
    facts = [{"number": "CO-01", **good}, {"number": "CO-02", **good, **change}]
    path = tmp_path / "facts.yaml"
    path.write_text(yaml.safe_dump({"documents": {"console": "c"}, "facts": facts}), encoding="utf-8")
    with pytest.raises(ValueError, match=complaint):
        script.facts_json(path)
