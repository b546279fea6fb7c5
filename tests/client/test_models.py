"""What calls give back is a value: it cannot be changed, equals its like, travels, and shows no secret."""

from __future__ import annotations

import copy
import json
import pickle
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace
from rich.pretty import pretty_repr

from agora_rest import Ban, DayMinutes, KickingRule
from agora_rest.client import models
from contract_tests.calls import CASES, PROJECT, RESOURCE, STARTED

RESULTS = [PROJECT, RESOURCE, STARTED, *(case.result for case in CASES if isinstance(case.result, models.Model))]


@pytest.mark.parametrize("result", RESULTS, ids=lambda result: type(result).__name__)
def test_a_result_is_a_value(result: Any) -> None:
    assert copy.deepcopy(result) == pickle.loads(pickle.dumps(result)) == replace(result) == result
    assert (result != copy.deepcopy(result)) is False
    for name in result.__struct_fields__:
        with pytest.raises(AttributeError):
            setattr(result, name, None)
        if name != "extra":
            assert replace(result, **{name: object()}) != result
    with pytest.raises(AttributeError):
        result.nothing = None


@pytest.mark.parametrize("result", RESULTS, ids=lambda result: type(result).__name__)
def test_a_result_can_be_stored_as_json_and_read_again(result: Any) -> None:
    row = json.dumps(msgspec.to_builtins(result))
    assert msgspec.convert(json.loads(row), type(result)) == result


def test_what_is_stored_keeps_values_that_a_later_server_invents() -> None:
    stored = {"status": 77, "files": [], "extra": {"new": 1}, "a member of a later version": True}
    read = msgspec.convert(stored, models.RecordingState)
    assert (read.status.value, read.extra) == (77, {"new": 1})
    assert msgspec.to_builtins(read)["status"] == 77


def test_what_the_documents_do_not_name_neither_counts_nor_shows_but_travels() -> None:
    plain, richer = Ban(id=7), Ban(id=7, extra={"planted": 1})
    assert plain == richer
    assert len({plain, richer}) == 1
    assert repr(plain) == repr(richer) == "Ban(id=7, ends_at=None)"
    assert pickle.loads(pickle.dumps(richer)).extra == {"planted": 1}
    assert Ban(id=1).extra is not Ban(id=2).extra


def test_results_of_different_kinds_are_not_equal() -> None:
    assert Ban(id=7) != 7
    assert RESOURCE != STARTED


def test_a_certificate_is_shown_nowhere() -> None:
    for shown in (repr(PROJECT), str(PROJECT), f"{PROJECT}", pretty_repr(PROJECT)):
        assert "project1" in shown
        assert PROJECT.sign_key not in shown


def test_fields_are_given_by_name_where_their_order_says_nothing() -> None:
    with pytest.raises(TypeError):
        KickingRule(7)  # type: ignore[call-arg, misc]
    with pytest.raises(TypeError):
        DayMinutes()  # type: ignore[call-arg]
