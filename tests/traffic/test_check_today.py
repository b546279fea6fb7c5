"""Recorded traffic of today's servers and clients: what is found, what is only noted, and what is listed."""

from __future__ import annotations

from typing import Any

import pytest

from tests.traffic.hars import APP_ID, CONSOLE, IDENTITY, RECORDING, START, STORAGE, acquired, entry, started, stopped
from tests.traffic.test_check import found, report_on

RULE = {
    "id": 3190000001,
    "uid": None,
    "str_uid": False,
    "cname": "demo",
    "ip": None,
    "ts": "2021-10-25T02:23:56.000Z",
    "privileges": ["join_channel"],
    "clientIp": "203.0.113.9",
    "createAt": "2021-10-25T02:22:56.000Z",
    "updateAt": "2021-10-25T02:22:56.000Z",
}
BAN = {"appid": APP_ID, "cname": "r", "uid": 5, "time": 5, "privileges": ["join_channel"]}


def banned(**members: Any) -> dict[str, Any]:
    answer = {"status": "success", "id": 1953}
    return entry("POST", f"{CONSOLE}/v1/kicking-rule", {**BAN, **members}, 201, answer)


def with_storage(**members: Any) -> dict[str, Any]:
    return started(body={**START, "clientRequest": {"storageConfig": {**STORAGE, **members}}})


def test_a_rule_without_app_id_and_operator_breaks_nothing() -> None:
    listed = entry("GET", f"{CONSOLE}/v1/kicking-rule?appid={APP_ID}", answer={"status": "success", "rules": [RULE]})
    assert found(listed) == []


def test_a_stop_that_says_nothing_of_its_upload_breaks_nothing() -> None:
    states = [{"serviceName": "upload_service", "payload": {"uploadingStatus": "uploaded"}}]
    answer = {"resourceId": "r1", "sid": "s1", "serverResponse": {"extensionServiceState": states}}
    assert found(stopped(answer=answer)) == []


def test_what_a_rule_must_have_is_still_found() -> None:
    rule = {name: value for name, value in RULE.items() if name != "id"}
    listed = entry("GET", f"{CONSOLE}/v1/kicking-rule?appid={APP_ID}", answer={"status": "success", "rules": [rule]})
    assert [finding.check for finding in found(listed)] == ["schema_of_answers"]


@pytest.mark.parametrize("name", ["uid", "ip", "opid"])
def test_null_counts_as_not_given(name: str) -> None:
    assert found(banned(**{name: None})) == []


def test_null_for_a_required_member_is_found() -> None:
    assert [finding.check for finding in found(acquired(body={**IDENTITY, "uid": None}))] == ["schema_of_requests"]


def test_an_unknown_member_of_a_request_is_named_and_breaks_nothing() -> None:
    report = report_on(banned(time_in_seconds=30))
    assert list(report.findings) == []
    assert report.ignored_members == {("create_kicking_rule", "`time_in_seconds`"): 1}


@pytest.mark.parametrize(
    ("exchange", "noted"),
    [
        (started(), None),
        (with_storage(region=19), "`region` 19 of vendor 2"),
        (with_storage(vendor=5, region=0), "`vendor` 5"),
        (banned(privileges=["publish_audio"]), "`privileges` other than `join_channel`"),
        (
            entry(
                "POST",
                f"{RECORDING}/resourceid/r1/mode/individual/start",
                START,
                answer={"Code": 200, "Body": {"resourceId": "r1", "sid": "s1"}},
            ),
            "`mode` individual",
        ),
        (entry("POST", f"{RECORDING}/resourceid/r/sid/s/mode/mix/updateLayout", {}), "POST updateLayout"),
        (entry("GET", f"{CONSOLE}/v1/channel/user/{APP_ID}/a/hosts_only"), "GET hosts_only"),
    ],
)
def test_what_only_the_present_api_has_is_noted_and_breaks_nothing(exchange: dict[str, Any], noted: str | None) -> None:
    report = report_on(exchange)
    assert list(report.findings) == []
    assert noted in [what for _, what in report.not_in_documents] or (noted is None and not report.not_in_documents)


@pytest.mark.parametrize("members", [{"region": 99}, {"vendor": 99}, {"vendor": "1"}, {"vendor": 5, "bucket": 1}])
def test_what_no_document_has_is_found(members: dict[str, Any]) -> None:
    assert [finding.check for finding in found(with_storage(**members))] == ["schema_of_requests"]


@pytest.mark.parametrize(
    ("path", "resembles"),
    [("/dev/v2/projects", "GET /dev/v1/projects"), ("/v1/projects", "GET /dev/v1/projects"), ("/login.html", "")],
)
def test_a_request_that_belongs_to_no_operation_is_listed(path: str, resembles: str) -> None:
    report = report_on(entry("GET", f"https://api.agora.io{path}", status=418))
    (unmatched,) = report.unmatched
    assert unmatched == ("GET", path, 418, resembles)
    assert list(report.findings) == []


def test_on_this_machine_other_paths_are_counted_only() -> None:
    exchange = entry("GET", "http://localhost:3000/login.html", status=418)
    report = report_on(exchange, exchange)
    assert (report.unmatched, report.other_paths) == ({}, 2)
    assert report_on(exchange, hosts=["localhost"]).unmatched.total() == 1


def test_a_server_that_knows_no_such_route_is_a_finding() -> None:
    answer = {"message": "no Route matched with those values"}
    (finding,) = found(entry("GET", "https://api.agora.io/dev/v2/projects", status=404, answer=answer))
    assert finding.check == "no_such_route"
    assert "GET /dev/v1/projects" in finding.expected
    assert "GET /dev/v2/projects: 404" in finding.got


def test_a_long_segment_of_an_unknown_path_is_not_shown() -> None:
    report = report_on(entry("GET", f"https://api.agora.io/dev/v2/{'s3cret' * 9}", status=404))
    assert [each.path for each in report.unmatched] == ["/dev/v2/<hidden>"]


@pytest.mark.parametrize("name", ["params", "text"])
def test_a_form_is_judged_as_a_body_whichever_way_the_file_gives_it(name: str) -> None:
    exchange = banned()
    value = [{"name": "appid", "value": APP_ID}] if name == "params" else f"appid={APP_ID}"
    exchange["request"]["postData"] = {"mimeType": "application/x-www-form-urlencoded", name: value}
    (finding,) = found(exchange)
    assert (finding.title, finding.got.partition(" ")[0]) == (
        "Requests are JSON, in UTF-8",
        "application/x-www-form-urlencoded",
    )
