"""What the specification allows as an answer, the client reads without loss: every operation, both dialects.

Unknown members are kept in the `extra` of the result they belong to. What stands beside the whole answer (a trace ID
beside `data`) belongs to no result and is the one thing left out.
"""

from __future__ import annotations

import contextlib
import datetime
from functools import cache
from typing import Any

import pytest
import respx
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agora_rest import Agora, spec
from agora_rest.contract.samples import Ids, sample
from contract_tests.calls import CALLS
from contract_tests.drawing import UNKNOWN, values
from contract_tests.recorded import leaves, named_leaves

SUCCESSES = (200, 201)
ECHOES = {"Code", "cname", "uid", "resourceId", "sid", "success", "fileListMode"}
"""Members that repeat the request or the status; nobody misses them."""


def statuses(operation: spec.Operation) -> list[int]:
    """The successful statuses the specification has for an operation and the client gives a result for."""
    found = [status for status in SUCCESSES if spec.response_validator(operation.id, status)]
    # 201 on `start` says that the recording runs already: an error without a sid (CR-37).
    return [status for status in found if (operation.id, status) != ("start_recording", 201)]


@cache
def answers(operation: spec.Operation, status: int) -> st.SearchStrategy[Any]:
    """Any answer that the schema of this status allows."""
    response, validator = operation.response(status), spec.response_validator(operation.id, status)
    assert response is not None
    assert validator is not None
    return values(operation.api, spec.json_schema(response["content"])).filter(validator.is_valid)


def read(operation: spec.Operation, status: int, answer: Any) -> Any:
    """What the client makes of an answer."""
    with respx.mock() as router, Agora("id", "certificate", permits=None, retries=0) as agora:
        router.route().respond(status, json=answer)
        return CALLS[operation.id](agora, sample(operation.id, Ids(project="xxxx")))


def own(answer: Any) -> Any:
    """The answer without unknown members beside the whole."""
    return {name: value for name, value in answer.items() if not name.startswith(UNKNOWN)}


def meanings(value: Any) -> set[Any]:
    """What a scalar may be after reading: itself, the number that a text writes, the moment or day that it means."""
    if value is None or value == "":
        return {None, ""}
    if isinstance(value, datetime.datetime):
        return {round(value.timestamp(), 3)}
    if isinstance(value, datetime.date):
        return {int(value.strftime("%Y%m%d"))}
    found = {value}
    if isinstance(value, str) and value.isascii() and value.isdigit():
        found.add(int(value))
    if isinstance(value, int) and value >= 10**11:
        found.add(round(value / 1000, 3))
    if isinstance(value, str):
        with contextlib.suppress(ValueError):
            found.add(round(datetime.datetime.fromisoformat(value).timestamp(), 3))
    return found


def lost(answer: Any, result: Any) -> list[Any]:
    """The scalars of the answer that are nowhere in the result."""
    kept = set().union(*(meanings(value) for value in leaves(result)), {None, "", "success", True})
    return [leaf for name, leaf in named_leaves(own(answer)) if name not in ECHOES and not meanings(leaf) & kept]


@pytest.mark.fact(
    "CR-42", "CR-61", "CO-11", "CO-12", "CO-13", "CO-32", "CO-35", "CO-45", "CO-51", "CO-52", "CO-53", "CO-55"
)
@pytest.mark.parametrize(
    ("operation", "status"),
    [(operation, status) for operation in spec.operations().values() for status in statuses(operation)],
    ids=str,
)
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
@given(data=st.data())
def test_an_answer_is_read_without_loss(operation: spec.Operation, status: int, data: st.DataObject) -> None:
    answer = data.draw(answers(operation, status))
    result = read(operation, status, answer)
    if result is not None:  # a call that gives nothing has nothing to lose
        kicked_once = operation.id == "create_kicking_rule" and int(answer["id"]) == 0  # the ID of no rule (CO-85)
        assert [each for each in lost(answer, result) if not (kicked_once and each == answer["id"])] == []
