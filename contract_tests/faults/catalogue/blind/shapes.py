"""Answers of another shape than the documents give them."""

from __future__ import annotations

from typing import Any

from faults.caller import APP, DEMO, Caller
from faults.fault import Category, Fault
from faults.middleware import HttpCall, drop, on_response, projects, put

_DAY = {"from_date": "2026-01-01", "to_date": "2026-01-01"}


def _keyed_by_id(call: HttpCall) -> None:
    call.payload = {"projects": {project["id"]: project for project in projects(call.payload)}}


def _bare(call: HttpCall) -> None:
    call.payload = call.payload["Body"]


def _listed(call: HttpCall) -> None:
    call.payload = {"project": projects(call.payload)}


def _misprinted(call: HttpCall) -> None:
    reply = call.payload
    reply["sucess"] = reply.pop("success")
    call.payload = reply


def _nan(call: HttpCall) -> None:
    call.response_body = call.response_body.replace(b'"audio":0', b'"audio":NaN')


def _plain_text(call: HttpCall) -> None:
    call.response_body = b"something went wrong"


def _as_list(call: HttpCall) -> None:
    reply = call.payload
    reply["meta"] = [{"name": name, **said} for name, said in reply["meta"].items()]
    call.payload = reply


def _unwrapped_error(call: HttpCall) -> None:
    call.payload = {"error": {"number": call.payload["Body"]["code"]}}


def _shape(
    name: str, fact: str, sentence: str, operations: str, change: Any, shows: Any, only_in: Any = None, **more: Any
) -> Fault:
    return Fault(name, Category.SHAPES, (fact,), sentence, on_response(operations, change, **more), shows, only_in)


def _live(a: Caller) -> Any:
    a.join(1, role=2)
    a.join(2, role=3)
    return a.users()


def _talk(a: Caller) -> Any:
    a.join(1, 2)
    return a.users()


def _listed_channels(a: Caller) -> Any:
    a.join(1)
    return a.channels()


def _ruled(a: Caller) -> Any:
    a.kick(uid=7)
    return a.rules()


def _updated(a: Caller) -> Any:
    a.kick(uid=7)
    return a.put("/v1/kicking-rule", appid=APP, id=1, time=5)


def _deleted(a: Caller) -> Any:
    a.kick(uid=7)
    return a.delete("/v1/kicking-rule", appid=APP, id=1)


FAULTS = (
    _shape(
        "acquire-without-resource-id",
        "CR-10",
        "acquire succeeds and gives no resourceId",
        "acquire",
        drop("resourceId"),
        lambda a: a.acquire(),
    ),
    _shape(
        "resource-id-is-a-number",
        "CR-10",
        "acquire gives the resourceId as a number",
        "acquire",
        put("resourceId", 4711),
        lambda a: a.acquire(),
    ),
    _shape(
        "start-without-sid",
        "CR-36",
        "start succeeds and gives no sid",
        "start_recording",
        drop("sid"),
        lambda a: a.start(a.resource()),
    ),
    _shape(
        "start-without-resource-id",
        "CR-36",
        "start does not repeat the resourceId",
        "start_recording",
        drop("resourceId"),
        lambda a: a.start(a.resource()),
    ),
    _shape(
        "query-without-server-response",
        "CR-41",
        "query tells the IDs and nothing of the recording",
        "query_recording",
        drop("serverResponse"),
        lambda a: a.query(*a.record()),
    ),
    _shape(
        "file-list-is-a-number",
        "CR-41",
        "fileList is how many files there are",
        "query_recording",
        put("serverResponse.fileList", 3),
        lambda a: a.query(*a.record()),
    ),
    _shape(
        "status-is-a-word",
        "CR-42",
        "the status of a recording is a word",
        "query_recording",
        put("serverResponse.status", "recording"),
        lambda a: a.query(*a.record()),
    ),
    _shape(
        "stop-without-uploading-status",
        "CR-51",
        "stop does not say where the files are",
        "stop_recording",
        drop("serverResponse.uploadingStatus"),
        lambda a: [a.join(1), a.stop(*a.record())],
    ),
    _shape(
        "stop-answers-a-string",
        "CR-51",
        "what stop says is a string instead of an object",
        "stop_recording",
        put("serverResponse", "uploaded"),
        lambda a: a.stop(*a.record()),
    ),
    _shape(
        "envelope-code-is-a-string",
        "CR-61",
        "Code in the envelope is a string",
        "",
        lambda call: setattr(
            call, "payload", {**call.payload, "Code": "200"} if "Code" in call.payload else call.payload
        ),
        lambda a: a.acquire(),
        "documented",
    ),
    _shape(
        "query-leaves-the-envelope",
        "CR-61",
        "query alone answers bare where all others are enveloped",
        "query_recording",
        _bare,
        lambda a: a.query(*a.record()),
        "documented",
    ),
    _shape(
        "errors-leave-the-envelope",
        "CR-61",
        "errors come bare where successes are enveloped",
        "acquire start_recording query_recording stop_recording",
        lambda call: setattr(call, "payload", call.payload.get("Body", call.payload)),
        lambda a: a.acquire(uid="0"),
        "documented",
        status=400,
    ),
    _shape(
        "error-without-number",
        "CR-65",
        "an error of Cloud Recording has no code",
        "start_recording",
        _unwrapped_error,
        lambda a: a.start("unknown"),
        "documented",
        status=400,
    ),
    _shape(
        "error-in-plain-text",
        "CR-03",
        "a refused acquire is answered in plain text",
        "acquire",
        _plain_text,
        lambda a: a.acquire(uid="0"),
        status=400,
    ),
    _shape(
        "project-without-app-id",
        "CO-11",
        "projects have no vendor_key",
        "list_projects find_project",
        drop("project.vendor_key"),
        lambda a: a.get("/v1/projects"),
    ),
    _shape(
        "project-status-is-a-boolean",
        "CO-11",
        "the status of a project is true or false",
        "list_projects",
        put("project.status", bool),
        lambda a: a.get("/v1/projects").content,
    ),
    _shape(
        "created-is-a-date",
        "CO-12",
        "created is a date in words instead of an integer",
        "create_project",
        put("project.created", "2026-01-01T00:00:00Z"),
        lambda a: a.create(),
    ),
    _shape(
        "sign-key-is-an-object",
        "CO-11",
        "sign_key is an object",
        "find_project",
        put("project.sign_key", lambda key: {"key": key}),
        lambda a: a.find(id=DEMO),
    ),
    _shape(
        "projects-by-id",
        "CO-14",
        "projects is an object with the ids as names",
        "list_projects",
        _keyed_by_id,
        lambda a: a.get("/v1/projects"),
    ),
    _shape(
        "create-answers-a-list",
        "CO-13",
        "create answers with a list where this server sends the project itself",
        "create_project",
        _listed,
        lambda a: a.create(),
        "observed",
    ),
    _shape(
        "deletion-says-yes",
        "CO-18",
        "success of a deletion is the string yes",
        "delete_project",
        put("success", "yes"),
        lambda a: a.delete("/v1/project", id=DEMO),
    ),
    _shape(
        "recording-server-answers-nothing",
        "CO-19",
        "setting the recording server answers an empty object",
        "set_recording_server",
        lambda call: setattr(call, "payload", {}),
        lambda a: a.post("/v1/recording_config", id=DEMO, recording_server="1.2.3.4:80"),
    ),
    _shape(
        "no-such-project-without-text",
        "CO-17",
        "the 404 of an unknown project has no text",
        "set_project_status",
        lambda call: setattr(call, "payload", {}),
        lambda a: a.post("/v1/project_status", id="nobodys", status=1),
        status=404,
    ),
    _shape(
        "usage-date-is-a-string",
        "CO-32",
        "the date of a day of v1 usage is a string with dashes",
        "get_usage_v1",
        put("usages.*.daily.*.date", "2026-01-01"),
        lambda a: a.get("/v1/usage", **_DAY),
    ),
    _shape(
        "usage-without-hdp",
        "CO-32",
        "days of v1 usage have no hdp",
        "get_usage_v1",
        drop("usages.*.daily.*.hdp"),
        lambda a: a.get("/v1/usage", **_DAY),
    ),
    _shape(
        "usage-is-not-a-number",
        "CO-32",
        "minutes of audio are NaN, which is no JSON",
        "get_usage_v1",
        _nan,
        lambda a: a.get("/v1/usage", **_DAY),
    ),
    _shape(
        "metrics-as-a-list",
        "CO-35",
        "meta is a list",
        "get_usage_v3",
        _as_list,
        lambda a: a.get("/v3/usage", project_id=DEMO, business="default", **_DAY),
    ),
    _shape(
        "metric-without-unit",
        "CO-35",
        "metrics are described without their unit",
        "get_usage_v3",
        put("meta", lambda meta: {name: {"cn": said["cn"], "en": said["en"]} for name, said in meta.items()}),
        lambda a: a.get("/v3/usage", project_id=DEMO, business="recording", **_DAY),
    ),
    _shape(
        "rule-without-id",
        "CO-40",
        "a new kicking rule is answered without its id",
        "create_kicking_rule",
        drop("id"),
        lambda a: a.kick(uid=7),
    ),
    _shape(
        "rule-times-in-seconds",
        "CO-45",
        "createAt and updateAt of a rule are Unix seconds",
        "list_kicking_rules",
        put("rules.*.createAt", 1767225600),
        _ruled,
    ),
    _shape(
        "unset-is-left-out",
        "CO-45",
        "what a rule does not say is left out instead of null",
        "list_kicking_rules",
        drop("rules.*.cname"),
        _ruled,
    ),
    _shape(
        "update-without-end",
        "CO-46",
        "an updated rule is answered without its new end",
        "update_kicking_rule",
        drop("result.ts"),
        _updated,
    ),
    _shape(
        "status-is-true",
        "CO-47",
        "the status of a deleted rule is true instead of success",
        "delete_kicking_rule",
        put("status", True),
        _deleted,
    ),
    _shape(
        "in-channel-is-a-number",
        "CO-50",
        "in_channel is 1",
        "get_user_property",
        put("data.in_channel", 1),
        lambda a: (a.join(5), a.user(5)),
    ),
    _shape(
        "users-as-strings",
        "CO-51",
        "the uids of a communication channel are strings",
        "list_channel_users",
        put("data.users.*", str),
        _talk,
    ),
    _shape(
        "audience-total-is-a-string",
        "CO-52",
        "audience_total is a string",
        "list_channel_users",
        put("data.audience_total", str),
        _live,
    ),
    _shape(
        "channel-without-user-count",
        "CO-55",
        "a listed channel has no user_count",
        "list_channels",
        drop("data.channels.*.user_count"),
        _listed_channels,
    ),
    _shape(
        "channels-as-names",
        "CO-55",
        "channels is a list of names",
        "list_channels",
        put("data.channels.*", lambda row: row["channel_name"]),
        _listed_channels,
    ),
    _shape(
        "success-misprinted",
        "CO-56",
        "success is spelled sucess, as two tables print it",
        "list_channels",
        _misprinted,
        _listed_channels,
    ),
)
