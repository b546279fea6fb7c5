from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from agora_rest.contract.checking.dialect import DialectWatch, dialect_of
from tests.contract.conftest import exchange


@pytest.mark.fact("CR-61", "CR-65", "CO-13", "CO-17")
@pytest.mark.parametrize(
    ("operation", "status", "body", "dialect"),
    [
        ("acquire", 200, {"Code": 200, "Body": {"resourceId": "r"}}, "documented"),
        ("acquire", 200, {"resourceId": "r"}, "observed"),
        ("start_recording", 400, {"Code": 400, "Body": {"code": 433, "reason": "…"}}, "documented"),
        ("start_recording", 400, {"code": 433, "reason": "…"}, "observed"),
        ("acquire", 400, {"message": "invalid appid"}, None),
        ("acquire", 401, {"message": "Invalid authentication credentials"}, None),
        ("acquire", 200, b"no json", None),
        ("create_project", 200, {"project": [{}]}, "documented"),
        ("create_project", 201, {"project": {}}, "observed"),
        ("list_projects", 200, {"projects": []}, None),
        ("delete_project", 404, {"error_msg": "project not exit"}, "documented"),
        ("delete_project", 404, {"message": "project not exit"}, "observed"),
        ("delete_project", 404, {"message": "no Route matched with those values"}, None),
    ],
)
def test_an_answer_gives_its_dialect_away(operation: str, status: int, body: Any, dialect: str | None) -> None:
    assert dialect_of(exchange(operation, status, body)) == dialect


@pytest.mark.fact("CR-74", "CO-71")
@pytest.mark.parametrize(
    ("operation", "status", "body", "dialect"),
    [
        ("acquire", 200, {"Code": 200, "Body": {"resourceId": "r"}}, "documented"),
        ("update_recording", 200, {"resourceId": "r", "sid": "s"}, "current"),
        ("create_project", 201, {"project": [{}]}, "documented"),
        ("enable_certificate", 201, {"project": {}}, "current"),
        ("list_projects", 201, {"projects": []}, None),
    ],
)
def test_an_answer_of_today_gives_its_dialect_away(operation: str, status: int, body: Any, dialect: str | None) -> None:
    assert dialect_of(replace(exchange(operation, status, body), edition="current")) == dialect


def test_a_server_of_today_may_answer_as_servers_did_before_but_in_no_envelope() -> None:
    watch = DialectWatch("current")
    assert watch.breach(exchange("acquire", 200, {"resourceId": "r"})) is None
    assert watch.breach(exchange("acquire", 200, {"Code": 200, "Body": {}})) == "documented"


def test_a_change_of_dialect_is_noticed_and_the_first_answer_remembered() -> None:
    watch = DialectWatch()
    first = exchange("acquire", 200, {"resourceId": "r"})
    assert watch.breach(first) is None
    assert watch.breach(exchange("create_project", 201, {"project": {}})) is None
    assert watch.breach(exchange("acquire", 200, {"Code": 200, "Body": {}})) == "documented"
    assert watch.first is first


def test_a_server_is_held_to_the_dialect_it_was_said_to_speak() -> None:
    assert DialectWatch("documented").breach(exchange("acquire", 200, {"resourceId": "r"})) == "observed"
