"""Answers of another shape than the documents give them."""

from __future__ import annotations

from faults.middleware import HttpCall, drop, edit, envelope, inner, on_response, projects, put, respond
from faults.seeds import shapes

_DAY = {"from_date": "2026-01-01", "to_date": "2026-01-01"}


def _keyed_by_id(call: HttpCall) -> None:
    call.payload = {"projects": {project["id"]: project for project in projects(call.payload)}}


def _bare(call: HttpCall) -> None:
    call.payload = inner(call.payload)


def _listed(call: HttpCall) -> None:
    call.payload = {"project": projects(call.payload)}


def _nan(call: HttpCall) -> None:
    call.response_body = call.response_body.replace(b'"audio":0', b'"audio":NaN')


def _plain_text(call: HttpCall) -> None:
    call.response_body = b"something went wrong"


def _unwrapped_error(call: HttpCall) -> None:
    call.payload = {"error": {"number": call.payload["Body"]["code"]}}


FAULTS = (
    shapes(
        "acquire-without-resource-id",
        "CR-10",
        "acquire succeeds and gives no resourceId",
        on_response("acquire", drop("resourceId")),
    ),
    shapes(
        "resource-id-is-a-number",
        "CR-10",
        "acquire gives the resourceId as a number",
        on_response("acquire", put("resourceId", 4711)),
    ),
    shapes(
        "start-without-sid", "CR-36", "start succeeds and gives no sid", on_response("start_recording", drop("sid"))
    ),
    shapes(
        "start-without-resource-id",
        "CR-36",
        "start does not repeat the resourceId",
        on_response("start_recording", drop("resourceId")),
    ),
    shapes(
        "query-without-server-response",
        "CR-41",
        "query tells the IDs and nothing of the recording",
        on_response("query_recording", drop("serverResponse")),
    ),
    shapes(
        "file-list-is-a-number",
        "CR-41",
        "fileList is how many files there are",
        on_response("query_recording", put("serverResponse.fileList", 3)),
    ),
    shapes(
        "status-is-a-word",
        "CR-42",
        "the status of a recording is a word",
        on_response("query_recording", put("serverResponse.status", "recording")),
    ),
    shapes(
        "stop-without-uploading-status",
        "CR-51",
        "stop does not say where the files are",
        on_response("stop_recording", drop("serverResponse.uploadingStatus")),
    ),
    shapes(
        "stop-answers-a-string",
        "CR-51",
        "what stop says is a string instead of an object",
        on_response("stop_recording", put("serverResponse", "uploaded")),
    ),
    shapes(
        "envelope-code-is-a-string",
        "CR-61",
        "Code in the envelope is a string",
        on_response("", envelope("200")),
        lambda a: a.acquire(),
        only_in="documented",
    ),
    shapes(
        "query-leaves-the-envelope",
        "CR-61",
        "query alone answers bare where all others are enveloped",
        on_response("query_recording", _bare),
        only_in="documented",
    ),
    shapes(
        "errors-leave-the-envelope",
        "CR-61",
        "errors come bare where successes are enveloped",
        on_response("acquire start_recording query_recording stop_recording", _bare, status=400),
        only_in="documented",
    ),
    shapes(
        "error-without-number",
        "CR-65",
        "an error of Cloud Recording has no code",
        on_response("start_recording", _unwrapped_error, status=400),
        only_in="documented",
    ),
    shapes(
        "error-in-plain-text",
        "CR-03",
        "a refused acquire is answered in plain text",
        on_response("acquire", _plain_text, status=400),
    ),
    shapes(
        "project-without-app-id",
        "CO-11",
        "projects have no vendor_key",
        on_response("list_projects find_project", drop("project.vendor_key")),
    ),
    shapes(
        "project-status-is-a-boolean",
        "CO-11",
        "the status of a project is true or false",
        on_response("list_projects", put("project.status", bool)),
    ),
    shapes(
        "created-is-a-date",
        "CO-12",
        "created is a date in words instead of an integer",
        on_response("create_project", put("project.created", "2026-01-01T00:00:00Z")),
    ),
    shapes(
        "sign-key-is-an-object",
        "CO-11",
        "sign_key is an object",
        on_response("find_project", put("project.sign_key", lambda key: {"key": key})),
    ),
    shapes(
        "projects-by-id",
        "CO-14",
        "projects is an object with the ids as names",
        on_response("list_projects", _keyed_by_id),
    ),
    shapes(
        "create-answers-a-list",
        "CO-13",
        "create answers with a list where this server sends the project itself",
        on_response("create_project", _listed),
        only_in="observed",
    ),
    shapes(
        "deletion-says-yes",
        "CO-18",
        "success of a deletion is the string yes",
        on_response("delete_project", put("success", "yes")),
    ),
    shapes(
        "recording-server-answers-nothing",
        "CO-19",
        "setting the recording server answers an empty object",
        on_response("set_recording_server", respond(payload={})),
    ),
    shapes(
        "no-such-project-without-text",
        "CO-17",
        "the 404 of an unknown project has no text",
        on_response("set_project_status", respond(payload={}), status=404),
    ),
    shapes(
        "usage-date-is-a-string",
        "CO-32",
        "the date of a day of v1 usage is a string with dashes",
        on_response("get_usage_v1", put("usages.*.daily.*.date", "2026-01-01")),
    ),
    shapes(
        "usage-without-hdp",
        "CO-32",
        "days of v1 usage have no hdp",
        on_response("get_usage_v1", drop("usages.*.daily.*.hdp")),
    ),
    shapes(
        "usage-is-not-a-number",
        "CO-32",
        "minutes of audio are NaN, which is no JSON",
        on_response("get_usage_v1", _nan),
        lambda a: a.get("/v1/usage", **_DAY),
    ),
    shapes(
        "metrics-as-a-list",
        "CO-35",
        "meta is a list",
        on_response("get_usage_v3", put("meta", lambda meta: [{"name": name, **said} for name, said in meta.items()])),
    ),
    shapes(
        "metric-without-unit",
        "CO-35",
        "metrics are described without their unit",
        on_response(
            "get_usage_v3",
            put("meta", lambda meta: {name: {"cn": said["cn"], "en": said["en"]} for name, said in meta.items()}),
        ),
    ),
    shapes(
        "rule-without-id",
        "CO-40",
        "a new kicking rule is answered without its id",
        on_response("create_kicking_rule", drop("id")),
    ),
    shapes(
        "rule-times-in-seconds",
        "CO-45",
        "createAt and updateAt of a rule are Unix seconds",
        on_response("list_kicking_rules", put("rules.*.createAt", 1767225600)),
    ),
    shapes(
        "unset-is-left-out",
        "CO-45",
        "what a rule does not say is left out instead of null",
        on_response("list_kicking_rules", drop("rules.*.cname")),
    ),
    shapes(
        "update-without-end",
        "CO-46",
        "an updated rule is answered without its new end",
        on_response("update_kicking_rule", drop("result.ts")),
    ),
    shapes(
        "status-is-true",
        "CO-47",
        "the status of a deleted rule is true instead of success",
        on_response("delete_kicking_rule", put("status", True)),
    ),
    shapes(
        "in-channel-is-a-number",
        "CO-50",
        "in_channel is 1",
        on_response("get_user_property", put("data.in_channel", 1)),
    ),
    shapes(
        "users-as-strings",
        "CO-51",
        "the uids of a communication channel are strings",
        on_response("list_channel_users", put("data.users.*", str)),
    ),
    shapes(
        "audience-total-is-a-string",
        "CO-52",
        "audience_total is a string",
        on_response("list_channel_users", put("data.audience_total", str)),
    ),
    shapes(
        "channel-without-user-count",
        "CO-55",
        "a listed channel has no user_count",
        on_response("list_channels", drop("data.channels.*.user_count")),
    ),
    shapes(
        "channels-as-names",
        "CO-55",
        "channels is a list of names",
        on_response("list_channels", put("data.channels.*", lambda row: row["channel_name"])),
    ),
    shapes(
        "success-misprinted",
        "CO-56",
        "success is spelled sucess, as two tables print it",
        on_response("list_channels", edit(lambda reply: reply.update(sucess=reply.pop("success")))),
    ),
)
