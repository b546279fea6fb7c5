from __future__ import annotations

from typing import Any

import pytest
from typer.testing import CliRunner

from agora_rest import spec
from agora_rest.cli import contract
from agora_rest.contract.checking.fact_locations import locations
from agora_rest.contract.checking.guards import guards
from agora_rest.contract.checking.passive import conformance
from agora_rest.contract.results.explain import UnknownFact, explain
from tests.contract.conftest import exchange


def occurrences(node: Any, but: set[str]) -> int:
    """How many fact numbers stand in a document, but for some."""
    if isinstance(node, dict):
        own = sum(number not in but for number in node.get("x-facts", ()))
        return own + sum(occurrences(each, but) for each in node.values())
    return sum(occurrences(each, but) for each in node) if isinstance(node, list) else 0


def test_every_mention_of_every_fact_is_a_place() -> None:
    found = [(number, place) for number in spec.facts() for place in locations(number)]
    present = [(number, place) for number, place in found if place.edition == "current"]
    of_2019 = {number for number, fact in spec.facts().items() if "current" not in fact.editions}
    assert len(present) == sum(occurrences(spec.document(api), of_2019) for api in spec.APIS)
    assert {number for number, place in found if place.edition == "2019"} == of_2019
    for number, place in found:
        assert number in spec.at(place.api, place.pointer, edition=place.edition)["x-facts"]


def test_places_are_of_the_operations_that_lead_there() -> None:
    operations = {place.pointer: place.operations for place in locations("CR-42")}
    assert operations["#/components/schemas/RecordingStatus"] == ("query_recording",)
    (channel_name,) = [place for place in locations("CR-63") if place.api == "console"]
    assert channel_name.operations
    assert "acquire" not in channel_name.operations


def test_what_stands_above_all_operations_concerns_all_of_them() -> None:
    (servers,) = locations("CR-01")
    assert servers.operations == tuple(each.id for each in spec.operations().values() if each.api == "cloud-recording")


def test_places_in_requests_are_told_from_those_in_answers() -> None:
    sides = {place.pointer: place.in_request for place in [*locations("CR-14"), *locations("CR-42")]}
    assert sides["#/components/schemas/Uid"]
    assert not sides["#/components/schemas/RecordingStatus"]


def test_a_fact_is_explained_with_its_words_its_places_and_its_checks() -> None:
    text = explain("CR-11")
    assert text.startswith("# CR-11 A resource ID lives five minutes\n\n" + spec.facts()["CR-11"].sentence)
    assert "`#/components/schemas/ResourceId`" in text
    assert "- `a_resource_id_lasts_five_minutes`: A resource ID starts a recording until five minutes after" in text
    assert "control of the server's clock" in text


@pytest.mark.parametrize("number", list(spec.facts()))
def test_every_fact_can_be_explained(number: str) -> None:
    text = explain(number)
    assert spec.facts()[number].sentence in text
    assert spec.facts()[number].decision in text


@pytest.mark.parametrize("spelling", ["cr-11", "CR11", " cr 11 ", "CR_11"])
def test_numbers_may_be_written_carelessly(spelling: str) -> None:
    assert explain(spelling) == explain("CR-11")


@pytest.mark.parametrize(
    ("number", "meant"),
    [("CR-46", "CR-42 Status of a recording"), ("CO-999", "CO-92"), ("CX-11", "-11"), ("envelope", "CR-61 Envelope")],
)
def test_an_unknown_number_is_answered_with_near_ones(number: str, meant: str) -> None:
    with pytest.raises(UnknownFact) as raised:
        explain(number)
    assert f"unknown fact {number}; perhaps" in str(raised.value)
    assert meant in str(raised.value)


@pytest.mark.parametrize(
    ("broken", "fact"),
    [
        (exchange("list_projects", 418, {}), "CO-04"),
        (exchange("acquire", 418, {}), "CR-60"),
        (exchange("list_projects", 200, b"<p>"), "CO-02"),
        (exchange("acquire", 200, b"<p>"), "CR-03"),
    ],
)
def test_the_eyes_on_all_traffic_are_among_the_guards_of_their_facts(broken: Any, fact: str) -> None:
    (breach,) = conformance(broken)
    assert breach.facts == (fact,)
    assert breach.check in {guard.name for guard in guards(fact)}


def command(*arguments: str) -> Any:
    return CliRunner().invoke(contract.app, ["explain", *arguments])


def test_the_command_prints_the_explanation() -> None:
    result = command("CR-11")
    assert result.exit_code == 0
    assert result.stdout == explain("CR-11")


def test_the_command_refuses_an_unknown_number() -> None:
    result = command("CR-46")
    assert result.exit_code == 2
    assert result.stdout == ""
    assert "unknown fact CR-46; perhaps" in result.stderr
