"""Answers of another shape than the documents give them."""

from __future__ import annotations

from faults.caller import DAY
from faults.middleware import HttpCall, drop, edit, envelope, inner, on_response, projects, put, respond
from faults.seeds import shapes


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


FAULTS = {
    "acquire-without-resource-id": shapes(
        "CR-10", "acquire succeeds and gives no resourceId", on_response("acquire", drop("resourceId"))
    ),
    "resource-id-is-a-number": shapes(
        "CR-10", "acquire gives the resourceId as a number", on_response("acquire", put("resourceId", 4711))
    ),
    "start-without-sid": shapes(
        "CR-36", "start succeeds and gives no sid", on_response("start_recording", drop("sid"))
    ),
    "start-without-resource-id": shapes(
        "CR-36", "start does not repeat the resourceId", on_response("start_recording", drop("resourceId"))
    ),
    "query-without-server-response": shapes(
        "CR-41",
        "query tells the IDs and nothing of the recording",
        on_response("query_recording", drop("serverResponse")),
    ),
    "file-list-is-a-number": shapes(
        "CR-41",
        "fileList is how many files there are",
        on_response("query_recording", put("serverResponse.fileList", 3)),
    ),
    "status-is-a-word": shapes(
        "CR-42",
        "the status of a recording is a word",
        on_response("query_recording", put("serverResponse.status", "recording")),
    ),
    "stop-without-uploading-status": shapes(
        "CR-51",
        "stop does not say where the files are",
        on_response("stop_recording", drop("serverResponse.uploadingStatus")),
    ),
    "stop-answers-a-string": shapes(
        "CR-51",
        "what stop says is a string instead of an object",
        on_response("stop_recording", put("serverResponse", "uploaded")),
    ),
    "envelope-code-is-a-string": shapes(
        "CR-61",
        "Code in the envelope is a string",
        on_response("", envelope("200")),
        lambda a: a.acquire(),
        only_in="documented",
    ),
    "query-leaves-the-envelope": shapes(
        "CR-61",
        "query alone answers bare where all others are enveloped",
        on_response("query_recording", _bare),
        only_in="documented",
    ),
    "errors-leave-the-envelope": shapes(
        "CR-61",
        "errors come bare where successes are enveloped",
        on_response("acquire start_recording query_recording stop_recording", _bare, status=400),
        only_in="documented",
    ),
    "error-without-number": shapes(
        "CR-65",
        "an error of Cloud Recording has no code",
        on_response("start_recording", _unwrapped_error, status=400),
        only_in="documented",
    ),
    "error-in-plain-text": shapes(
        "CR-03", "a refused acquire is answered in plain text", on_response("acquire", _plain_text, status=400)
    ),
    "project-without-app-id": shapes(
        "CO-11", "projects have no vendor_key", on_response("list_projects find_project", drop("project.vendor_key"))
    ),
    "project-status-is-a-boolean": shapes(
        "CO-11", "the status of a project is true or false", on_response("list_projects", put("project.status", bool))
    ),
    "created-is-a-date": shapes(
        "CO-12",
        "created is a date in words instead of an integer",
        on_response("create_project", put("project.created", "2026-01-01T00:00:00Z")),
    ),
    "sign-key-is-an-object": shapes(
        "CO-11", "sign_key is an object", on_response("find_project", put("project.sign_key", lambda key: {"key": key}))
    ),
    "projects-by-id": shapes(
        "CO-14", "projects is an object with the ids as names", on_response("list_projects", _keyed_by_id)
    ),
    "create-answers-a-list": shapes(
        "CO-13",
        "create answers with a list where this server sends the project itself",
        on_response("create_project", _listed),
        only_in="observed",
    ),
    "deletion-says-yes": shapes(
        "CO-18", "success of a deletion is the string yes", on_response("delete_project", put("success", "yes"))
    ),
    "recording-server-answers-nothing": shapes(
        "CO-19",
        "setting the recording server answers an empty object",
        on_response("set_recording_server", respond(payload={})),
    ),
    "no-such-project-without-text": shapes(
        "CO-17",
        "the 404 of an unknown project has no text",
        on_response("set_project_status", respond(payload={}), status=404),
    ),
    "usage-date-is-a-string": shapes(
        "CO-32",
        "the date of a day of v1 usage is a string with dashes",
        on_response("get_usage_v1", put("usages.*.daily.*.date", "2026-01-01")),
    ),
    "usage-without-hdp": shapes(
        "CO-32", "days of v1 usage have no hdp", on_response("get_usage_v1", drop("usages.*.daily.*.hdp"))
    ),
    "usage-is-not-a-number": shapes(
        "CO-32",
        "minutes of audio are NaN, which is no JSON",
        on_response("get_usage_v1", _nan),
        lambda a: a.get("/v1/usage", **DAY),
    ),
    "metrics-as-a-list": shapes(
        "CO-35",
        "meta is a list",
        on_response("get_usage_v3", put("meta", lambda meta: [{"name": name, **said} for name, said in meta.items()])),
    ),
    "metric-without-unit": shapes(
        "CO-35",
        "metrics are described without their unit",
        on_response(
            "get_usage_v3",
            put("meta", lambda meta: {name: {"cn": said["cn"], "en": said["en"]} for name, said in meta.items()}),
        ),
    ),
    "rule-without-id": shapes(
        "CO-40", "a new kicking rule is answered without its id", on_response("create_kicking_rule", drop("id"))
    ),
    "rule-times-in-seconds": shapes(
        "CO-45",
        "createAt and updateAt of a rule are Unix seconds",
        on_response("list_kicking_rules", put("rules.*.createAt", 1767225600)),
    ),
    "unset-is-left-out": shapes(
        "CO-45",
        "what a rule does not say is left out instead of null",
        on_response("list_kicking_rules", drop("rules.*.cname")),
    ),
    "update-without-end": shapes(
        "CO-46",
        "an updated rule is answered without its new end",
        on_response("update_kicking_rule", drop("result.ts")),
    ),
    "status-is-true": shapes(
        "CO-47",
        "the status of a deleted rule is true instead of success",
        on_response("delete_kicking_rule", put("status", True)),
    ),
    "in-channel-is-a-number": shapes(
        "CO-50", "in_channel is 1", on_response("get_user_property", put("data.in_channel", 1))
    ),
    "users-as-strings": shapes(
        "CO-51",
        "the uids of a communication channel are strings",
        on_response("list_channel_users", put("data.users.*", str)),
    ),
    "audience-total-is-a-string": shapes(
        "CO-52", "audience_total is a string", on_response("list_channel_users", put("data.audience_total", str))
    ),
    "channel-without-user-count": shapes(
        "CO-55", "a listed channel has no user_count", on_response("list_channels", drop("data.channels.*.user_count"))
    ),
    "channels-as-names": shapes(
        "CO-55",
        "channels is a list of names",
        on_response("list_channels", put("data.channels.*", lambda row: row["channel_name"])),
    ),
    "success-misprinted": shapes(
        "CO-56",
        "success is spelled sucess, as two tables print it",
        on_response("list_channels", edit(lambda reply: reply.update(sucess=reply.pop("success")))),
    ),
}
