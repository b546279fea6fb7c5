"""Recorded traffic of today's servers and clients: what is found, what is only noted, and what is listed."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest

from agora_rest.contract.traffic.redact import redact
from tests.client.test_optional_members import RULE
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
    started,
    stopped,
    stream,
)
from tests.traffic.test_check import found, report_on

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
    assert [finding.check for finding in found(listed)] == ["schema_of_responses"]


@pytest.mark.parametrize("name", ["uid", "ip", "opid"])
def test_null_counts_as_not_given(name: str) -> None:
    assert found(banned(**{name: None})) == []


def test_null_for_a_required_member_is_found() -> None:
    assert [finding.check for finding in found(acquired(body={**IDENTITY, "uid": None}))] == ["schema_of_requests"]


def test_a_member_that_neither_edition_has_is_named_and_breaks_nothing() -> None:
    report = report_on(banned(time_in_hours=30))
    assert list(report.findings) == []
    assert report.ignored_members == {("create_kicking_rule", "`time_in_hours`"): 1}
    assert report.known_to == {("create_kicking_rule", "both"): 1}


def bare(operation: str, **answer: Any) -> dict[str, Any]:
    url = f"{RECORDING}/resourceid/r1/sid/s1/mode/{operation}"
    whole = {"cname": "lesson-42", "uid": "527841", "resourceId": "r1", "sid": "s1", **answer}
    return entry("GET" if operation.endswith("query") else "POST", url, answer=whole)


def with_body(exchange: dict[str, Any], client_request: dict[str, Any]) -> dict[str, Any]:
    text = json.dumps({"cname": "lesson-42", "uid": "527841", "clientRequest": client_request})
    exchange["request"]["postData"] = {"mimeType": "application/json", "text": text}
    return exchange


def individually(**members: Any) -> dict[str, Any]:
    answer = {"cname": "lesson-42", "uid": "527841", "resourceId": "r1", "sid": "s1"}
    config = {"subscribeUidGroup": 0, "channelType": 1, **members}
    body = {**IDENTITY, "clientRequest": {"storageConfig": STORAGE, "recordingConfig": config}}
    return entry("POST", f"{RECORDING}/resourceid/r1/mode/individual/start", body, answer=answer)


LAYOUT = {"mixedVideoLayout": 3, "layoutConfig": [{"x_axis": 0, "y_axis": 0, "width": 1, "height": 1}]}
WEB = {"serviceName": "web_recorder_service", "payload": {"state": "inProgress", "onhold": False, "fileList": []}}


@pytest.mark.parametrize(
    ("exchange", "operation", "noted"),
    [
        (with_storage(region=19), "start_recording", "`clientRequest.storageConfig.region` 19"),
        (with_storage(vendor=5, region=0), "start_recording", "`clientRequest.storageConfig.vendor` 5"),
        (banned(privileges=["publish_audio"]), "create_kicking_rule", "`privileges[0]` publish_audio"),
        (banned(time_in_seconds=30), "create_kicking_rule", "`time_in_seconds`"),
        (individually(), "start_recording", "`mode` individual"),
        (individually(decryptionMode=5, secret="s3"), "start_recording", "`mode` individual"),
        (individually(subscribeAudioUids=["#allstream#"]), "start_recording", "`mode` individual"),
        (
            started(
                body={
                    **IDENTITY,
                    "clientRequest": {"storageConfig": STORAGE, "recordingConfig": {"transcodingConfig": LAYOUT}},
                }
            ),
            "start_recording",
            "`clientRequest.recordingConfig.transcodingConfig.mixedVideoLayout` 3",
        ),
        (
            bare("web/query", serverResponse={"status": 5, "extensionServiceState": [WEB]}),
            "query_recording",
            "`mode` web",
        ),
        (with_body(bare("mix/updateLayout"), LAYOUT), "update_layout", "this call"),
        (
            with_body(bare("web/update"), {"webRecordingConfig": {"onhold": True}}),
            "update_recording",
            "this call",
        ),
        (
            entry(
                "GET",
                f"{CONSOLE}/v1/channel/user/{APP_ID}/a/hosts_only",
                answer={"success": True, "data": {"channel_exist": True, "mode": 2, "broadcasters": [574332]}},
            ),
            "list_channel_hosts",
            "this call",
        ),
        (
            entry("GET", f"{CONSOLE}/v1/projects", status=201, answer={"projects": []}),
            "list_projects",
            "status 201",
        ),
        (entry("GET", "https://api.agora.io/v2/ncs/ip"), "a request", "the addresses of the notification servers"),
        (
            entry("POST", f"https://api.agora.io/eu/v1/apps/{APP_ID}/cloud_recording/acquire"),
            "a request",
            "a region in the path",
        ),
    ],
)
def test_what_only_the_present_documents_have_is_noted_and_breaks_nothing(
    exchange: dict[str, Any], operation: str, noted: str
) -> None:
    report = report_on(exchange)
    assert list(report.findings) == []
    assert (operation, noted) in report.not_in_documents
    assert not report.ignored_members
    assert all(known in ("current", "parts") for _, known in report.known_to)


@pytest.mark.fact("CR-80")
@pytest.mark.parametrize("operation", ["query", "update"])
def test_a_recording_that_is_found_in_another_mode_is_found(operation: str) -> None:
    answer = {"serverResponse": {"status": 5}} if operation == "query" else {}
    exchange = bare(f"individual/{operation}", **answer)
    if operation == "update":
        exchange = with_body(exchange, {})
    (finding,) = found(
        started(answer={"cname": "lesson-42", "uid": "527841", "resourceId": "r1", "sid": "s1"}), exchange
    )
    assert (finding.check, finding.facts) == ("same_mode", ("CR-80",))


@pytest.mark.fact("CR-139")
def test_a_result_in_a_mode_of_today_is_judged_by_the_present_documents_alone() -> None:
    """The schemas of 2019 are open, and would let any member pass that they do not know."""
    wrong = {**WEB, "payload": {**WEB["payload"], "onhold": "no"}}
    report = report_on(bare("web/query", serverResponse={"status": 1, "extensionServiceState": [wrong]}))
    (finding,) = report.findings
    assert (finding.check, "onhold" in finding.title) == ("schema_of_responses", True)
    assert report.known_to == {("query_recording", "neither"): 1}


def test_what_only_the_documents_of_2019_have_is_noted_and_breaks_nothing() -> None:
    report = report_on(entry("DELETE", f"{CONSOLE}/v1/project", {"id": "p1"}, answer={"success": True}), acquired())
    assert list(report.findings) == []
    assert report.not_in_present == {
        ("delete_project", "this call"): 1,
        ("acquire", "the envelope of responses"): 1,
    }
    assert report.known_to == {("delete_project", "2019"): 1, ("acquire", "2019"): 1}


def test_what_both_editions_know_is_said_to_be_known_to_both() -> None:
    bare_answer = {"cname": "lesson-42", "uid": "527841", "resourceId": "r1"}
    report = report_on(acquired(answer=bare_answer))
    assert report.known_to == {("acquire", "both"): 1}
    assert not report.not_in_documents


def test_an_old_request_with_an_answer_of_today_is_known_in_parts() -> None:
    report = report_on(started(answer={"cname": "lesson-42", "uid": "527841", "resourceId": "r1", "sid": "s1"}))
    assert report.known_to == {("start_recording", "both"): 1}
    report = report_on(with_storage(vendor=5, region=0))
    assert list(report.findings) == []
    assert report.known_to == {("start_recording", "parts"): 1}


def test_what_neither_edition_knows_is_judged_by_the_one_that_comes_nearer() -> None:
    report = report_on(individually(subscribeUidGroup=6))
    (finding,) = report.findings
    assert "CR-114" in finding.facts
    assert report.known_to == {("start_recording", "neither"): 1}
    assert ("start_recording", "`mode` individual") in report.not_in_documents


def test_the_notes_of_a_redacted_file_are_the_same_and_tell_no_text() -> None:
    body = {**IDENTITY, "cname": "https://s3cret.example/", "clientRequest": {"scene": 1}}
    document = har(entry("POST", f"{RECORDING}/acquire", body, answer={"resourceId": "r"}))
    target = io.BytesIO()
    redact(stream(document), target)
    before, after = checked(document), checked(json.loads(target.getvalue()))
    assert before.not_in_documents == after.not_in_documents
    assert before.not_in_documents == {("acquire", "`cname`"): 1, ("acquire", "`clientRequest.scene`"): 1}


def test_a_host_that_shows_todays_documents_is_judged_by_them() -> None:
    today = entry("GET", f"{CONSOLE}/v1/projects", status=201, answer={"projects": []})
    unknown = entry("GET", f"{CONSOLE}/v1/project?id=p1", status=418, answer={"message": "teapot"})
    before, after = found(unknown), found(today, unknown)
    assert "201" not in before[0].expected
    assert "201" in after[0].expected


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
    assert unmatched == ("GET", path, 418, resembles, "")
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
