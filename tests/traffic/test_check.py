"""Recorded traffic against the specifications: what is found, and what is not."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest

from agora_rest.contract.results.findings import Finding
from agora_rest.contract.traffic.check import Report, check
from agora_rest.contract.traffic.units import HarError
from tests.traffic.hars import (
    APP_ID,
    CONSOLE,
    IDENTITY,
    RECORDING,
    START,
    STORAGE,
    acquired,
    checked,
    entry,
    har,
    queried,
    started,
    stopped,
    stream,
)

PROJECT = {
    "id": "p1",
    "name": "n",
    "vendor_key": APP_ID,
    "sign_key": "",
    "recording_server": None,
    "status": 1,
    "created": 1464165672,
}


def report_on(*entries: dict[str, Any], **options: Any) -> Report:
    return checked(har(*entries), **options)


def found(*entries: dict[str, Any], **options: Any) -> list[Finding]:
    return list(report_on(*entries, **options).findings)


def only(*entries: dict[str, Any]) -> Finding:
    findings = found(*entries)
    assert [finding.check for finding in findings] == [findings[0].check]
    return findings[0]


def usage(query: str, **more: Any) -> dict[str, Any]:
    return entry("GET", f"{CONSOLE}/v1/usage?{query}", **{"answer": {"usages": []}, **more})


@pytest.mark.fact("CO-01")
@pytest.mark.parametrize(("base_url", "findings"), [("http://agora:8080", []), ("https://agora", ["https_only"])])
def test_calls_are_unencrypted_where_the_base_url_says_so(base_url: str, findings: list[str]) -> None:
    call = entry("GET", "http://agora:8080/dev/v1/projects", answer={"projects": []})
    assert [each.check for each in found(call, base_urls=[base_url])] == findings


def test_a_session_by_the_rules_has_no_findings() -> None:
    report = report_on(
        acquired(at=0),
        started(at=1),
        queried(at=6),
        queried(at=120),
        stopped(at=130),
        entry("GET", f"{CONSOLE}/v1/projects", answer={"projects": [PROJECT]}, at=140),
        entry("GET", f"{CONSOLE}/v1/project?id=p1", answer={"project": [PROJECT]}, at=141),
        usage("from_date=2020-01-01&to_date=2020-01-31&projects=p1,p2", at=142),
        usage("from_date=2020-01-01&to_date=2020-01-31&projects=p1%2Cp2", at=143),
        entry(
            "GET",
            f"{CONSOLE}/v1/channel/user/{APP_ID}/a%20b%23%25%3F",
            answer={"success": True, "data": {"channel_exist": False}},
            at=144,
        ),
        entry(
            "DELETE",
            f"{CONSOLE}/v1/project",
            {"id": "p1"},
            404,
            {"error_msg": "project not exit"},
            media_type="application/json; charset=UTF-8",
            at=145,
        ),
    )
    assert list(report.findings) == []
    assert report.checked == 11
    assert report.exchanges["query_recording"] == 2


def test_exchanges_of_other_hosts_and_paths_are_passed_over_and_counted() -> None:
    report = report_on(
        entry("GET", "https://cdn.example.com/app.js", answer="x=1", answer_type="text/javascript"),
        entry("GET", "https://cdn.example.com/app.css", answer="", answer_type="text/css"),
        entry("GET", "http://localhost:3000/", answer="<html>", answer_type="text/html"),
        entry("GET", "https://api.agora.io/v2/something/else", status=418),
        entry("OPTIONS", f"{RECORDING}/acquire", status=204, answer=""),
        entry("GET", "https://api.agora.io.example.com/dev/v1/projects", status=500),
    )
    assert list(report.findings) == []
    assert report.checked == 0
    assert report.other_hosts == {"cdn.example.com": 2, "api.agora.io.example.com": 1}
    assert report.other_paths == 3


@pytest.mark.parametrize(
    "host",
    [
        "https://api.sd-rtn.com",
        "https://api-us-west-1.agora.io",
        "http://127.0.0.1:8080",
        "http://[::1]:1",
        "http://api.test",
    ],
)
def test_hosts_of_the_two_apis_are_known(host: str) -> None:
    answer = {"projects": [{**PROJECT, "status": "on"}]}
    findings = found(entry("GET", f"{host}/dev/v1/projects", answer=answer), hosts=["API.test"])
    assert "schema_of_responses" in [finding.check for finding in findings]


@pytest.mark.parametrize(
    ("exchange", "name", "fact"),
    [
        (acquired(body={**IDENTITY, "uid": 527841}), "schema_of_requests", "CR-14"),
        (acquired(body={**IDENTITY, "cname": "a/b"}), "schema_of_requests", "CR-63"),
        (acquired(body={"Cname": "a", "uid": "1", "clientRequest": {}}), "schema_of_requests", "CR-13"),
        (acquired(body="no JSON"), "json_requests", "CR-03"),
        (acquired(media_type="text/plain"), "json_requests", "CR-03"),
        (acquired(media_type="application/json; charset=latin-1"), "json_requests", "CR-03"),
        (
            entry("POST", f"{RECORDING}/acquire", status=400, answer={"Code": 400, "Body": {"code": 2}}),
            "json_requests",
            "CR-03",
        ),
        (entry("POST", f"{RECORDING}/Acquire", IDENTITY, 404, {"message": "no Route"}), "path_in_spec", "CR-04"),
        (entry("GET", f"{RECORDING}/acquire", status=405, answer={"message": "no"}), "method_in_spec", None),
        (acquired(headers={"Authorization": "Bearer abc"}), "basic_credentials", "CR-02"),
        (
            started(body={**START, "clientRequest": {"storageConfig": {**STORAGE, "region": 99}}}),
            "schema_of_requests",
            "CR-35",
        ),
        (queried(body={"a": 1}), "no_body", "CR-40"),
        (acquired(status=418), "status_in_spec", "CR-60"),
        (acquired(answer="<html>", answer_type="text/html", status=504), "json_responses", "CR-03"),
        (acquired(answer={"Code": 200, "Body": {}}), "schema_of_responses", None),
        (queried(answer={"Code": 200, "Body": {"resourceId": "r1", "sid": "s1"}}), "schema_of_responses", None),
        (queried(answer={"resourceId": "r1", "sid": "s2", "serverResponse": {"status": 5}}), "ids_are_echoed", "CR-39"),
        (started(answer={"resourceId": "r2", "sid": "s"}), "ids_are_echoed", "CR-36"),
        (usage("to_date=2020-01-31"), "parameters", None),
        (usage("from_date=2020-1-1&to_date=2020-01-31"), "parameters", "CO-30"),
        (usage("from_date=2020-01-01&to_date=2020-01-31&projects=a&projects=b"), "parameters", "CO-30"),
        (usage("from_date=2020-01-01&to_date=2020-01-31&projects=a,,b"), "parameters", "CO-30"),
        (
            entry(
                "GET",
                f"{CONSOLE}/v1/channel/{APP_ID}?page_size=501",
                answer={"success": True, "data": {"channels": [], "total_size": 0}},
            ),
            "parameters",
            "CO-54",
        ),
        (
            entry(
                "GET",
                f"{CONSOLE}/v1/channel/user/property/{APP_ID}/0/a",
                answer={"success": True, "data": {"in_channel": False}},
            ),
            "parameters",
            None,
        ),
        (
            entry("GET", "http://api.agora.io/dev/v1/projects", answer={"projects": []}),
            "https_only",
            "CO-01",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_breach_is_found_and_nothing_else(exchange: dict[str, Any], name: str, fact: str | None) -> None:
    finding = only(exchange)
    assert finding.check == name
    if fact:
        assert fact in finding.facts
    assert "[exchange 1]" in finding.got
    assert finding.requests[0].startswith("curl")


def test_a_breach_in_a_file_names_the_file_and_the_exchange() -> None:
    report = report_on(acquired(), acquired("r2", at=1, status=418), name="session.har")
    assert [finding.got.rpartition("[")[2] for finding in report.findings] == ["session.har: exchange 2]"]


def test_what_the_file_does_not_hold_is_not_judged() -> None:
    unanswered, unseen, unsent = acquired(at=0), acquired(at=1), acquired("r3", at=2)
    unanswered["response"]["status"] = 0
    del unseen["response"]["content"]["text"]
    unseen["response"]["content"]["size"] = 100
    unsent["request"]["postData"] = {"mimeType": "application/json"}
    unsent["request"]["bodySize"] = 60
    report = report_on(unanswered, unseen, unsent)
    assert list(report.findings) == []
    assert (report.unanswered, report.unseen_bodies, report.checked) == (1, 1, 3)


class TestTheLifeOfAResourceId:
    def test_a_second_start_may_be_told_that_it_runs(self) -> None:
        bare = {"resourceId": "r1", "sid": "s1"}
        already = {"status": 201, "answer": {"code": 7}}
        exchanges = (acquired(answer={"resourceId": "r1"}), started(answer=bare, at=1), started(at=2, **already))
        assert found(*exchanges) == []

    def test_its_recording_goes_by_the_sid_that_was_given(self) -> None:
        finding = only(acquired(at=0), started(at=1), queried(sid="s9", at=5))
        assert (finding.check, finding.facts) == ("known_sid", ("CR-39",))

    def test_it_has_no_recording_before_one_is_started_unless_others_did(self) -> None:
        exchanges = (acquired(at=0), queried(sid="s9", at=5))
        assert found(*exchanges) == []
        assert [finding.check for finding in found(*exchanges, undisturbed=10)] == ["known_sid"]

    def test_an_unknown_sid_may_be_refused(self) -> None:
        gone = {"status": 404, "answer": {"Code": 404, "Body": {"code": 404}}}
        assert found(acquired(at=0), started(at=1), queried(sid="s9", at=5, **gone)) == []

    def test_a_recording_that_was_started_before_the_file_begins_is_not_judged(self) -> None:
        assert found(queried(at=0), stopped(at=1)) == []

    def test_a_lost_answer_to_start_leaves_the_sid_open(self) -> None:
        failed = {"status": 504, "answer": {"message": "timeout"}}
        assert found(acquired(at=0), started(at=1, **failed), queried(sid="s9", at=9)) == []

    def test_the_order_of_time_counts_and_not_that_of_the_file(self) -> None:
        assert found(stopped(at=9), queried(at=5), started(at=1), acquired(at=0)) == []


class TestQuotas:
    def test_ten_calls_in_any_second_pass(self) -> None:
        assert found(*(acquired(f"r{number}", at=number / 10) for number in range(40))) == []

    def test_the_eleventh_is_found_once(self) -> None:
        finding = only(*(acquired(f"r{number}", at=number / 11, took=0.01) for number in range(40)))
        assert (finding.check, finding.facts) == ("quota", ("CR-05",))
        assert finding.times > 1

    def test_the_call_a_second_after_the_first_of_ten_passes(self) -> None:
        calls = [*(acquired(f"r{number}", at=0) for number in range(10)), acquired("last", at=1)]
        assert found(*calls) == []

    def test_each_call_of_cloud_recording_has_its_own(self) -> None:
        calls = [
            (acquired(f"r{number}", at=0), started(f"r{number}", f"s{number}", at=0.05 + number / 100))
            for number in range(10)
        ]
        quick = [exchange for pair in calls for exchange in pair]
        assert [finding.check for finding in found(*quick)] == []

    def test_kicking_rules_count_for_the_console_too(self) -> None:
        listed = {"status": "success", "rules": []}
        rules = [entry("GET", f"{CONSOLE}/v1/kicking-rule?appid={APP_ID}", answer=listed, at=n / 50) for n in range(6)]
        others = [entry("GET", f"{CONSOLE}/v1/projects", answer={"projects": []}, at=0.5 + n / 50) for n in range(5)]
        of_2019 = entry("POST", f"{CONSOLE}/v1/reset_signkey", {"id": "p"}, answer={"success": True}, at=-9)
        assert only(of_2019, *rules, *others).facts == ("CO-03",)
        assert found(*rules, *others) == []  # today every call has its own (CO-62)

    def test_a_call_that_takes_long_may_have_come_later(self) -> None:
        assert found(*(acquired(f"r{number}", at=number / 20, took=0.8) for number in range(20))) == []

    def test_every_account_has_its_own(self) -> None:
        def call(number: int) -> dict[str, Any]:
            token = base64.b64encode(f"{number % 2}:x".encode()).decode()
            return acquired(f"r{number}", at=number / 20, headers={"Authorization": f"Basic {token}"})

        assert found(*map(call, range(20))) == []

    def test_calls_of_unknown_accounts_count_for_nobody(self) -> None:
        refused = {"status": 401, "answer": {"message": "Unauthorized"}}
        assert found(*(acquired(at=number / 100, **refused) for number in range(30))) == []


def test_a_server_that_changes_its_dialect_is_found() -> None:
    finding = only(acquired("r1", at=0), acquired("r2", answer={"resourceId": "r2"}, at=1))
    assert finding.check == "one_dialect"
    assert len(finding.requests) == 2


def test_findings_show_no_secret_of_a_file_that_was_not_redacted() -> None:
    secrets = ["planted-access", "planted-secret", "planted-password", "planted-sign-key", "planted-token", "short1"]
    basic = base64.b64encode(b"customer:planted-password").decode()
    headers = {"Authorization": f"Basic {basic}", "X-Token": "planted-token", "X-Note": "note"}
    asked = {"storageConfig": {**STORAGE, "region": 99}, "recordingConfig": {"secret": "short1"}}
    body = {**START, "clientRequest": asked}
    answer = {"sid": 1, "accessKey": "planted-access", "n": "planted-secret"}
    leaking = {"projects": [{"sign_key": "planted-sign-key"}]}
    findings = found(
        started(body=body, headers=headers, answer=answer),
        entry("GET", f"{CONSOLE}/v1/projects", answer=leaking, headers=headers),
        usage("from_date=x&to_date=2020-01-01&token=planted-token", headers=headers, answer="planted-password"),
    )
    shown = json.dumps([finding.as_dict() for finding in findings])
    assert len(findings) >= 5
    assert "x-note: <hidden>" in shown
    assert "$AGORA_CUSTOMER_CERTIFICATE" in shown
    assert [secret for secret in [*secrets, basic] if secret in shown] == []


@pytest.mark.parametrize(
    "document",
    [
        [],
        {"log": {}},
        {"log": {"entries": [1]}},
        {"log": {"entries": [{"request": {}}]}},
        {"log": {"entries": [{"request": {"method": "GET", "url": "x"}, "response": {"status": "no"}}]}},
    ],
)
def test_what_is_no_har_file_is_refused(document: Any) -> None:
    with pytest.raises(HarError):
        check(stream(document), Report())
