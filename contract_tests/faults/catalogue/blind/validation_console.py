"""Requests to the Console that break a rule and are taken, and right ones that are refused."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl

from faults.caller import APP, DAY, DEMO, Request
from faults.edits import outside, refuses, take_any_type, takes
from faults.middleware import HttpCall, admit_query, on_request, refuse, respond
from faults.seeds import validation


def _any_json(call: HttpCall) -> None:
    call.content = call.content.replace(b",}", b"}").replace(b"'", b'"')


def _padded(call: HttpCall) -> None:
    call.query = re.sub(r"(?<=_date=)(\d{4})-(\d{1,2})-(\d{1,2})(?=&|$)", _with_zeros, call.query)


def _with_zeros(date: re.Match[str]) -> str:
    year, month, day = date.groups()
    return f"{year}-{month:0>2}-{day:0>2}"


def _one_day(call: HttpCall) -> None:
    given = dict(parse_qsl(call.query, keep_blank_values=True))
    if "from_date" in given and "to_date" not in given:
        call.query += f"&to_date={given['from_date']}"


FAULTS = {
    "console-bodies-of-any-type": validation(
        "CO-02",
        "the Console takes bodies that call themselves a form",
        on_request("create_project set_project_status enable_certificate", take_any_type),
        lambda a: (
            a.send(
                Request(
                    "POST",
                    "/dev/v1/project",
                    {"name": "a", "enable_sign_key": True},
                    {"content-type": "application/x-www-form-urlencoded"},
                )
            ).status
        ),
    ),
    "trailing-commas": validation(
        "CO-04",
        "a body with a comma too many is taken for JSON",
        on_request("set_project_status enable_certificate reset_certificate", _any_json),
        lambda a: a.send(Request("POST", "/dev/v1/reset_signkey", b'{"id":"demo",}')),
    ),
    "project-needs-no-name": validation(
        "CO-10", "a project can be created without a name", takes("create_project", "name", None, "untitled")
    ),
    "sign-key-switch-as-text": validation(
        "CO-10",
        "enable_sign_key may be a string",
        takes("create_project", "enable_sign_key", "true", True, lambda given: isinstance(given, str)),
    ),
    "project-status-three": validation(
        "CO-16", "a project's status may be set to 3", takes("set_project_status", "status", 3, 1, outside(0, 1))
    ),
    "recording-server-needs-no-port": validation(
        "CO-19",
        "the recording server may be given without a port",
        takes("set_recording_server", "recording_server", "1.2.3.4", "1.2.3.4:80", lambda given: ":" not in given),
    ),
    "certificate-switch-as-number": validation(
        "CO-20", "enable may be 1", takes("enable_certificate", "enable", 1, True, lambda given: type(given) is int)
    ),
    "reset-needs-no-project": validation(
        "CO-21", "reset_signkey without an id resets the first project", takes("reset_certificate", "id", None, DEMO)
    ),
    "delete-by-number": validation(
        "CO-18",
        "delete_project takes a number for an id",
        takes("delete_project", "id", 5, DEMO, lambda given: isinstance(given, int)),
    ),
    "usage-dates-without-zeros": validation(
        "CO-30",
        "v1 usage takes 2026-1-1 for a date",
        on_request("get_usage_v1", _padded),
        lambda a: a.get("/v1/usage", from_date="2026-1-1", to_date="2026-01-01"),
    ),
    "usage-needs-no-end": validation(
        "CO-30",
        "v1 usage takes a query without to_date and answers for one day",
        on_request("get_usage_v1", _one_day),
        lambda a: a.get("/v1/usage", from_date="2026-01-01"),
    ),
    "business-unknown": validation(
        "CO-34",
        "v3 usage takes a business that there is not",
        admit_query(
            "get_usage_v3",
            "business",
            lambda given: (
                bool(given) and given not in ("default", "transcodeDuration", "recording", "cloudRecording", "miniapp")
            ),
            "default",
        ),
        lambda a: a.get("/v3/usage", project_id=DEMO, business="video", **DAY),
    ),
    "metrics-need-no-project": validation(
        "CO-36",
        "v3 usage takes a query without project_id",
        admit_query("get_usage_v3", "project_id", lambda given: not given, DEMO),
        lambda a: a.get("/v3/usage", business="default", **DAY),
    ),
    "rule-for-uid-zero": validation(
        "CO-41",
        "a kicking rule may be about uid 0",
        takes("create_kicking_rule", "uid", 0, 7, lambda given: given == 0 and given is not False),
    ),
    "rule-for-empty-channel-name": validation(
        "CO-41",
        "a kicking rule may be about an empty channel name",
        takes("create_kicking_rule", "cname", "", "lesson"),
    ),
    "empty-uid-is-refused": validation(
        "CO-41",
        "an empty uid, which means none, is refused",
        refuses(
            "create_kicking_rule", "uid", "", refusal=respond(400, {"message": "invalid parameter"}), cname="lesson"
        ),
        only_in="observed",
    ),
    "negative-ban": validation(
        "CO-42", "a ban may be of a negative time", takes("create_kicking_rule", "time", -5, 1, lambda given: given < 0)
    ),
    "longest-ban-is-refused": validation(
        "CO-42",
        "a ban of 1440 minutes is refused",
        refuses("create_kicking_rule", "time", 1440, refusal=respond(400, {"error_msg": "invalid parameter"})),
        only_in="documented",
    ),
    "any-privilege": validation(
        "CO-43",
        "privileges may name something else than join_channel",
        takes(
            "create_kicking_rule",
            "privileges",
            ["publish_audio"],
            ["join_channel"],
            lambda given: isinstance(given, list) and given != ["join_channel"],
        ),
    ),
    "update-time-as-text": validation(
        "CO-46",
        "the new time of a rule may be a string",
        takes("update_kicking_rule", "time", "60", 60, lambda given: isinstance(given, str)),
    ),
    "rules-of-no-app": validation(
        "CO-45",
        "the rules can be listed without an appid",
        admit_query("list_kicking_rules", "appid", lambda given: not given, APP),
        lambda a: a.get("/v1/kicking-rule"),
    ),
    "page-of-501": validation(
        "CO-54",
        "a page may have 501 channels",
        admit_query("list_channels", "page_size", lambda given: int(given) > 500, "500"),
        lambda a: a.channels(page_size=501),
    ),
    "page-of-500-is-refused": validation(
        "CO-54",
        "a page of 500 channels is refused",
        refuse(
            "list_channels", lambda call: "page_size=500" in call.query, respond(400, {"message": "invalid parameter"})
        ),
        lambda a: a.channels(page_size=500),
        only_in="observed",
    ),
    "page-below-zero": validation(
        "CO-54",
        "page -1 is taken for page 0",
        admit_query("list_channels", "page_no", lambda given: int(given) < 0, "0"),
        lambda a: a.channels(page_no=-1),
    ),
}
