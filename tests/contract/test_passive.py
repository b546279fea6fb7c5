from __future__ import annotations

from typing import Any

import pytest

from agora_rest.contract.checking.dialect import Dialect, DialectWatch
from agora_rest.contract.checking.passive import Watch, conformance
from agora_rest.contract.http.exchange import Exchange
from agora_rest.contract.results.curl import Curl
from agora_rest.redaction import basic_token
from tests.contract.conftest import ACCOUNT, exchange

SECRETS = ACCOUNT.secrets


LATIN = "application/json; charset=iso-8859-1"


def seen(*exchanges: Exchange) -> list[str]:
    watch = Watch(DialectWatch(), Curl("http://server", SECRETS, ACCOUNT.credentials), SECRETS)
    return [finding.check for each in exchanges for finding in watch.inspect(each, "test")]


@pytest.mark.parametrize(
    "media_type", ["application/json", "application/json;charset=utf-8", 'Application/JSON; Charset="UTF-8"']
)
def test_a_right_answer_is_no_finding(media_type: str) -> None:
    headers = {"content-type": media_type}
    assert seen(exchange("list_projects", 200, {"projects": []}, headers=headers)) == []
    assert seen(exchange("acquire", 200, {"Code": 200, "Body": {"resourceId": "r"}}, headers=headers)) == []
    assert seen(exchange("acquire", 201, {"Code": 201, "Body": {"resourceId": "r"}}, headers=headers)) == []
    refusal = {"Code": 400, "Body": {"code": 2, "reason": "uid"}}
    assert seen(exchange("acquire", 400, refusal, headers=headers)) == []


@pytest.mark.parametrize(
    ("answer", "check"),
    [
        (exchange("list_projects", 418, {}), "status_in_spec"),
        (exchange("list_projects", 200, b"<html>"), "json_responses"),
        (exchange("list_projects", 200, {"projects": []}, headers={"content-type": "text/html"}), "json_responses"),
        (exchange("list_projects", 200, {"projects": []}, headers={}), "json_responses"),
        (exchange("list_projects", 200, {"projects": []}, headers={"content-type": LATIN}), "json_responses"),
        (exchange("acquire", 200, {"Code": 201, "Body": {"resourceId": "r"}}), "envelope_code"),
        (exchange("acquire", 400, {"Code": 2, "Body": {"code": 2, "reason": "uid"}}), "schema_of_responses"),
        (exchange("list_projects", 200, {"projects": 1}), "schema_of_responses"),
        (exchange("list_channels", 200, {"success": True, "data": {"channels": []}}), "schema_of_responses"),
    ],
)
def test_an_answer_outside_the_specification_is_a_finding(answer: Exchange, check: str) -> None:
    assert seen(answer) == [check]


def test_a_wrong_shape_names_the_fact_stated_beside_it() -> None:
    watch = Watch(DialectWatch(), Curl("http://server", SECRETS, ACCOUNT.credentials), SECRETS)
    project = {"id": "a", "name": "b", "vendor_key": "0" * 32, "sign_key": "", "recording_server": None, "created": 1}
    (found,) = watch.inspect(exchange("list_projects", 200, {"projects": [{**project, "status": "on"}]}), "test")
    assert "status" in found.title
    assert found.facts


@pytest.mark.parametrize(
    "asked",
    [
        {"clientRequest": {"storageConfig": {"secretKey": "a-storage-key"}}},
        {"clientRequest": {"storageConfig": {"accessKey": "a-storage-key"}}},
        {"clientRequest": {"recordingConfig": {"secret": "a-storage-key"}}},
    ],
)
def test_a_secret_of_the_request_in_the_answer_is_a_finding(asked: Any) -> None:
    body = {"resourceId": "r", "sid": "s", "echo": "a-storage-key"}
    assert seen(exchange("start_recording", 200, body, asked=asked)) == ["no_secrets_in_responses"]


def test_what_the_request_says_openly_as_well_is_no_leak() -> None:
    asked = {"cname": "a-storage-key", "clientRequest": {"storageConfig": {"secretKey": "a-storage-key"}}}
    body = {"resourceId": "r", "sid": "s", "cname": "a-storage-key"}
    assert seen(exchange("start_recording", 200, body, asked=asked)) == []


def test_a_secret_of_the_request_in_a_header_of_the_answer_is_a_finding() -> None:
    asked = {"clientRequest": {"storageConfig": {"secretKey": "a-storage-key"}}}
    body, headers = {"resourceId": "r", "sid": "s"}, {"content-type": "application/json", "x-debug": "a-storage-key"}
    assert seen(exchange("start_recording", 200, body, asked=asked, headers=headers)) == ["no_secrets_in_responses"]


@pytest.mark.parametrize("told", [ACCOUNT.customer_certificate, basic_token(*ACCOUNT.credentials)])
def test_the_certificate_in_an_answer_is_a_finding_as_it_is_and_as_it_was_sent(told: str) -> None:
    headers = {"content-type": "application/json", "x-debug": told}
    assert seen(exchange("list_projects", 200, {"projects": []}, headers=headers)) == ["no_secrets_in_responses"]
    assert seen(exchange("list_projects", 200, {"projects": [], "echo": told})) == ["no_secrets_in_responses"]


def test_a_change_of_dialect_is_a_finding_with_both_requests() -> None:
    watch = Watch(DialectWatch(), Curl("http://server", SECRETS, ACCOUNT.credentials), SECRETS)
    watch_first = exchange("acquire", 200, {"resourceId": "r"}, method="POST", asked={"uid": "1"})
    assert list(watch.inspect(watch_first, "test")) == []
    (found,) = watch.inspect(exchange("acquire", 200, {"Code": 200, "Body": {"resourceId": "r"}}), "test")
    assert found.facts == ("CR-61",)
    assert len(found.requests) == 2


def test_a_body_as_deep_as_json_can_read_is_looked_through() -> None:
    """Since Python 3.13 json reads what is nested far more deeply than code that recurses gets."""
    for depth in (500, 2_000, 50_000):
        sent = b'{"appid": "secret-in-the-open", "cname": ' + b"[" * depth + b"]" * depth + b"}"
        assert seen(exchange("create_kicking_rule", 400, {"error_msg": "no"}, asked=sent)) == []


AT = "2021-10-25T02:23:56.000Z"
RULE: dict[str, Any] = {
    "id": 3190000001,
    "uid": None,
    "cname": "demo",
    "ip": None,
    "ts": AT,
    "privileges": ["join_channel"],
    "createAt": AT,
    "updateAt": AT,
}
"""A rule as a server was seen to list it: without `appid` and `opid`."""


@pytest.mark.parametrize(
    ("left_out", "dialect", "missing"),
    [
        ("", "observed", []),
        ("", "documented", ["rules[0].appid is required"]),
        ("id", "observed", ["rules[0].id is required"]),
    ],
)
def test_a_success_of_the_observed_dialect_may_lack_what_only_the_documents_print(
    left_out: str, dialect: Dialect, missing: list[str]
) -> None:
    rule = {name: value for name, value in RULE.items() if name != left_out}
    listed = exchange("list_kicking_rules", body={"status": "success", "rules": [rule]})
    assert [each.expected for each in conformance(listed, dialect)] == missing
