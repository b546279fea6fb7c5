from __future__ import annotations

import pytest

from agora_rest.contract.checking.rules import broken_facts, member_is_valid, parameter_is_valid, path_is_valid
from tests.contract.conftest import APP_ID, exchange

_STORAGE = {"vendor": 2, "region": 3, "bucket": "b", "accessKey": "a", "secretKey": "s"}


@pytest.mark.parametrize(("uid", "valid"), [("1", True), (1, True), ("0", False), ("x", False), ("4294967296", False)])
def test_a_number_in_a_url_is_judged_by_what_its_text_says(uid: object, valid: bool) -> None:
    assert parameter_is_valid("get_user_property", "uid", uid, "2019") is valid


@pytest.mark.parametrize(("projects", "valid"), [("a", True), ("a,no such!,课", True), ("", False), ("a,,b", False)])
def test_a_list_in_a_url_is_judged_by_what_its_text_says(projects: str, valid: bool) -> None:
    assert parameter_is_valid("get_usage_v1", "projects", projects, "2019") is valid


def test_a_member_is_judged_by_its_own_schema() -> None:
    assert member_is_valid("set_project_status", "status", 1, "2019")
    assert not member_is_valid("set_project_status", "status", 2, "2019")
    assert not member_is_valid("set_project_status", "no_such_member", 1, "2019")
    assert not member_is_valid("list_projects", "anything", 1, "2019")


@pytest.mark.parametrize(
    ("name", "valid"), [("room", True), ("100%25%20%231", True), ("%EF%BF%BD", False), ("x" * 65, False)]
)
def test_a_path_is_judged_as_it_was_sent(name: str, valid: bool) -> None:
    url = f"http://server/dev/v1/channel/user/{APP_ID}/{name}"
    assert path_is_valid(exchange("list_channel_users", url=url)) is valid


@pytest.mark.parametrize(
    ("operation", "body", "fact"),
    [
        ("start_recording", {"storageConfig": {"vendor": 2, "region": 99}}, "CR-33"),
        ("start_recording", {"storageConfig": _STORAGE, "recordingConfig": {"streamTypes": 9}}, "CR-22"),
    ],
)
def test_a_broken_body_names_the_facts_stated_beside_the_rule_it_breaks(
    operation: str, body: object, fact: str
) -> None:
    asked = {"cname": "room", "uid": "1", "clientRequest": body}
    assert fact in broken_facts(exchange(operation, asked=asked))


def test_a_broken_parameter_names_its_facts() -> None:
    url = f"http://server/dev/v1/channel/{APP_ID}?page_size=501"
    assert broken_facts(exchange("list_channels", url=url)) == ("CO-54",)


def test_a_request_that_breaks_nothing_names_nothing() -> None:
    assert broken_facts(exchange("acquire", asked={"cname": "room", "uid": "1", "clientRequest": {}})) == ()
    for unreadable in (b"no json", b"[" * 500 + b"]" * 500):
        assert broken_facts(exchange("acquire", asked=unreadable)) == ()
