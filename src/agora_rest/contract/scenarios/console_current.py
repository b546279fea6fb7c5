"""The Console of the present documents: its statuses and errors, projects and usage."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, Final

from agora_rest.contract.checking.checks import check
from agora_rest.contract.http.control import Control
from agora_rest.contract.http.server import OMIT, Response, Server
from agora_rest.contract.safety.access import Profile
from agora_rest.contract.scenarios._almost import almost
from agora_rest.contract.scenarios._calls import live_calls
from agora_rest.contract.scenarios._console import (
    PROJECT_MEMBERS,
    must_be_about,
    must_be_no_app_id,
    now,
    slack,
    unknown_app_id,
    unknown_project_id,
)
from agora_rest.contract.scenarios._recording import all_refused, alone

_SUCCESSES: Final = (200, 201)
_METRICS: Final = (
    "durationAudioAll",
    "durationVideoHd",
    "durationVideoHdp",
    "durationVideo1080P",
    "durationVideo2K",
    "durationVideo4K",
)
"""The metrics of `default` (CO-76)."""

_ADDRESS: Final = "10.12.1.5:8080"


def create(server: Server, **body: Any) -> Response:
    """Ask for a project."""
    return server.send("create_project", body={"name": server.fresh_name("project"), "enable_sign_key": True, **body})


def _change(server: Server, project_id: str) -> Iterator[tuple[str, Response]]:
    """Every call that changes a project, with its operation."""
    changes: dict[str, dict[str, Any]] = {
        "set_project_status": {"status": 1},
        "set_recording_server": {"recording_server": _ADDRESS},
        "enable_certificate": {"enable": True},
        "reset_certificate": {},
    }
    for operation, body in changes.items():
        yield operation, server.send(operation, body={"id": project_id, **body})


# -- every call --------------------------------------------------------------------------------------------------------


@check("CO-60", "CO-63", profile=Profile.READ_ONLY)
def paths_have_no_slash_at_the_end(server: Server) -> None:
    """The paths that the present documents print, without a slash at the end, are served."""
    for call in live_calls(server, "console"):
        if call.method == "GET":
            call.send(server).must_succeed()


@check("CO-60")
def paths_of_the_console_are_case_sensitive(server: Server) -> None:
    """A path of the Console in another case does not exist."""
    for path in ("/dev/v1/Projects", "/dev/V1/projects", f"/dev/v1/Channel/{server.app_id}"):
        response = server.request("GET", path, auth=server.account.credentials)
        response.must(response.status == 404, "status 404: paths are case-sensitive")


@check("CO-62", needs=Control.QUOTA | Control.CLOCK, profile=Profile.LOCAL)
def a_console_call_has_ten_a_second(server: Server) -> None:
    """Each call of the Console passes ten times in a second at most; the next one is 429, and passes a second later."""
    app_id = server.app_id
    calls = (
        partial(server.send, "list_projects"),
        partial(server.send, "list_channel_hosts", path={"appid": app_id, "cname": "contract"}),
        partial(server.send, "list_channels", path={"appid": app_id}),
    )
    server.limit_rate()
    for call in calls:
        server.advance(seconds=2)
        responses = [call() for _ in range(12)]
        if sum(response.status != 429 for response in responses) > 10:
            raise responses[-1].broken("at most ten calls in a second")
        responses[-1].must_be_refused(429, saying="API rate limit exceeded")
        server.advance(seconds=2)
        call().must_succeed()


@check("CO-62", needs=Control.QUOTA | Control.CLOCK, profile=Profile.LOCAL)
def an_account_has_one_quota_for_all_its_app_ids(server: Server) -> None:
    """A call that was made ten times in a second is 429, whichever App ID of the account it names."""
    app_ids = [server.app_id, create(server).must_succeed().project["vendor_key"]]
    for operation, more in (("list_channels", {}), ("list_channel_users", {"cname": "contract"})):
        server.limit_rate()
        server.advance(seconds=2)
        responses = [server.send(operation, path={"appid": app_id, **more}) for _ in range(6) for app_id in app_ids]
        if sum(response.status != 429 for response in responses) > 10:
            raise responses[-1].broken("at most ten calls in a second for all App IDs of the account")


@check("CO-63", profile=Profile.READ_ONLY)
def calls_about_channels_are_200(server: Server) -> None:
    """The calls about channels and kicking rules succeed with 200."""
    for call in live_calls(server, "console"):
        if call.method == "GET" and "channel" in call.operation:
            call.send(server).must_succeed(200)


@check("CO-63", "CO-64")
def a_malformed_request_is_400(server: Server) -> None:
    """A request without what it needs, or with a wrong type, is 400 with a `message`."""
    for response in (
        create(server, name=5),
        create(server, enable_sign_key="yes"),
        server.send("set_project_status", body={"status": 1}),
        server.send("set_recording_server", body={"id": "x"}),
        server.ask_kick(uid="somebody"),
        server.send("update_kicking_rule", body={"appid": server.app_id}),
        server.send("create_project", content=b"{"),
    ):
        _must_explain(response.must_be_refused(400))


def _must_explain(response: Response) -> None:
    body = response.exchange.json
    message = body.get("message") if isinstance(body, dict) else None
    response.must(isinstance(message, str) and message, "what went wrong in the member `message`")


@check("CO-64", "CO-75")
def an_unknown_project_is_404_with_a_message(server: Server) -> None:
    """A call about a project that is not there is 404, with a `message`."""
    unknown = unknown_project_id(server)
    responses = [response for _, response in _change(server, unknown)]
    for response in (*responses, server.find_project(id=unknown), server.find_project(name="no such name")):
        _must_explain(response.must_be_refused(404))


@check("CO-65")
def a_body_of_another_type_is_415(server: Server) -> None:
    """A body whose `Content-Type` is not JSON is 415; JSON with a charset of UTF-8 is read, and no JSON is 400."""
    body = b'{"name": "contract", "enable_sign_key": true}'
    operations = [call.operation for call in live_calls(server, "console") if call.body is not OMIT]
    for kind in ("text/plain", "application/xml", "application/x-www-form-urlencoded"):
        with alone(server):
            headers = {"Content-Type": kind}
            for operation in operations:
                server.send(operation, content=body, headers=headers).must_be_refused(415)
    server.send("create_project", content=b"name=contract").must_be_refused(400)
    name = server.fresh_name("project").encode()
    typed = {"Content-Type": "application/json; charset=utf-8"}
    content = b'{"name": "' + name + b'", "enable_sign_key": true}'
    server.send("create_project", content=content, headers=typed).must_succeed()


@check("CO-67")
def an_app_id_that_does_not_exist_is_400(server: Server) -> None:
    """Kicking rules and channels of an App ID that does not exist are 400, `invalid appid`."""
    stranger = unknown_app_id(server)
    channel = {"appid": stranger, "cname": "contract"}
    for response in (
        server.ask_kick(appid=stranger, uid=7),
        server.send("list_kicking_rules", query={"appid": stranger}),
        server.send("get_user_property", path={**channel, "uid": "7"}),
        server.send("list_channel_users", path=channel),
        server.send("list_channel_hosts", path=channel),
        server.send("list_channels", path={"appid": stranger}),
        server.send("update_kicking_rule", body={"appid": stranger, "id": 1, "time": 5}),
        server.send("delete_kicking_rule", body={"appid": stranger, "id": 1}),
    ):
        must_be_no_app_id(response)


@check("CO-67")
def a_disabled_app_id_is_400(server: Server) -> None:
    """The App ID of a disabled project counts as one that does not exist, until it is enabled again."""
    project = create(server).must_succeed().project
    path = {"appid": project["vendor_key"]}
    server.send("set_project_status", body={"id": project["id"], "status": 0}).must_succeed()
    must_be_no_app_id(server.send("list_channels", path=path))
    server.send("set_project_status", body={"id": project["id"], "status": 1}).must_succeed()
    server.send("list_channels", path=path).must_succeed()


# -- projects ----------------------------------------------------------------------------------------------------------


@check("CO-68", "CO-71", "CO-74")
def calls_about_projects_return_the_project(server: Server) -> None:
    """The calls that create or change a project are 201 (or 200), with that project as an object in `project`."""
    created = create(server)
    project = _the_project(created)
    created.must(project["recording_server"] is None, "`recording_server` null: none is set")
    for operation, response in _change(server, project["id"]):
        changed = _the_project(response)
        for name in ("id", "name", "vendor_key", "created"):
            response.must(changed[name] == project[name], f"the `{name}` of the project that {operation} is about")


def _the_project(response: Response) -> dict[str, Any]:
    _must_be_done(response)
    found = response.get("project")
    if not isinstance(found, dict) or not set(PROJECT_MEMBERS) <= found.keys():
        raise response.broken("the project as an object, with all its members")
    return found


def _must_be_done(response: Response) -> None:
    response.must(response.status in _SUCCESSES, "a success with status 201 or 200")


@check("CO-74", "CO-71")
def the_response_shows_the_change(server: Server) -> None:
    """The address of a recording server is that which was asked for, also in the answers to later changes."""
    project = create(server).must_succeed().project
    for address in (_ADDRESS, "192.0.2.1:80"):
        body = {"id": project["id"], "recording_server": address}
        server.send("set_recording_server", body=body).must_succeed()
        found = server.find_project(id=project["id"]).must_succeed()
        found.must(found.project["recording_server"] == address, f"`recording_server` {address}")
    for operation, body in (("set_project_status", {"status": 1}), ("reset_certificate", {})):
        response = server.send(operation, body={"id": project["id"], **body})
        shown = _the_project(response)["recording_server"]
        response.must(shown == address, f"`recording_server` {address}, which was set before")


@check("CO-69")
def a_name_has_up_to_255_characters(server: Server) -> None:
    """A project's name has 1 to 255 characters; `name` and `enable_sign_key` are required."""
    mark = server.fresh_name("project")
    for name in (f"{mark}-{letter}".ljust(255, letter) for letter in "né录\U0001f600"):
        with alone(server):
            found = create(server, name=name).must_succeed().project
            if found["name"] != name:
                raise Response(server.trail[-1]).broken("the name that was given")
    wrong: list[dict[str, Any]] = [{"name": name} for name in ("", f"{mark}-".ljust(256, "n"), 5, [], OMIT)]
    wrong += [{"enable_sign_key": switch} for switch in (OMIT, "true", 1, [])]
    all_refused(server, wrong, lambda body: create(server, **body), 400)


@check("CO-70")
def a_name_that_is_taken_is_400(server: Server) -> None:
    """Two projects of an account never have the same name, disabled or not: the second is 400, and not created.

    A name that is almost the same, for example in another case, is another name.
    """
    name = server.fresh_name("namesake")
    create(server, name=name).must_succeed()
    for enable in (True, False):
        create(server, name=name, enable_sign_key=enable).must_be_refused(400)
    listed = [project for project in server.list_projects() if project["name"] == name]
    if len(listed) != 1:
        raise Response(server.trail[-1]).broken("one project of that name")
    project = create(server, name=f"{name}-2").must_succeed().project
    server.set_project_status(project["id"], 0).must_succeed()
    create(server, name=f"{name}-2").must_be_refused(400)
    for other in almost(name):
        create(server, name=other).must_succeed()


@check("CO-72")
def a_project_is_dated_in_seconds(server: Server) -> None:
    """`created` is the Unix time in seconds at which a project was created."""
    began = now(server)
    response = create(server).must_succeed()
    project = response.project
    created = project["created"]
    response.must(isinstance(created, int) and not isinstance(created, bool), "`created` to be a whole number")
    must_be_about(created, began, slack(server), "`created`", response.exchange)
    listed = next(each for each in server.list_projects() if each["id"] == project["id"])
    if listed["created"] != created:
        raise Response(server.trail[-1]).broken("`created` as it was answered")


@check("CO-73", "CO-68")
def what_is_found_is_a_list(server: Server) -> None:
    """A project that is found by `id`, by `name` or by both comes in a list under `projects`."""
    project = create(server).must_succeed().project
    by_id, by_name = {"id": project["id"]}, {"name": project["name"]}
    for query in (by_id, by_name, {**by_id, **by_name}):
        response = server.find_project(**query)
        _must_be_done(response)
        found = response.get("projects")
        if not isinstance(found, list) or [each.get("id") for each in found] != [project["id"]]:
            raise response.broken("a list `projects` with the project")
    _must_be_done(server.send("list_projects"))


# -- usage -------------------------------------------------------------------------------------------------------------


def _usage(server: Server, **query: Any) -> Response:
    day = (datetime.fromtimestamp(now(server), UTC) - timedelta(days=2)).date().isoformat()
    project = next(each for each in server.list_projects() if each["status"] == 1)
    asked = {"project_id": project["id"], "from_date": day, "to_date": day, "business": "default", **query}
    return server.send("get_usage_v3", query=asked)


@check("CO-77", profile=Profile.READ_ONLY)
def usage_is_200(server: Server) -> None:
    """Usage v3 succeeds with 200."""
    _usage(server).must_succeed(200)


@check("CO-76", profile=Profile.READ_ONLY)
def usage_has_its_metrics_in_seconds(server: Server) -> None:
    """The metrics of `default` are in `meta` with an English name and the unit second, and in each day's `usage`."""
    response = _usage(server).must_succeed()
    meta = response.need("meta")
    for name in _METRICS:
        about = meta.get(name)
        if not isinstance(about, dict) or not isinstance(about.get("en"), str) or about.get("unit") != "second":
            raise response.broken(f"{name} in `meta`, with its English name and the unit second")
    for day in response.need("usages"):
        if not set(_METRICS) <= day.get("usage", {}).keys():
            raise response.broken(f"each of {', '.join(_METRICS)} in the `usage` of a day")


@check("CO-76", needs=Control.USAGE)
def each_metric_has_its_own_figure(server: Server) -> None:
    """The figures of a day are those of their own metrics, also beyond 32 bits."""
    project = create(server).must_succeed().project["id"]
    figures = {name: 60 + number * 2**31 for number, name in enumerate(_METRICS)}
    server.seed_usage(project_id=project, date="2020-05-05", metrics=figures)
    asked = {"project_id": project, "from_date": "2020-05-05", "to_date": "2020-05-05", "business": "default"}
    response = server.send("get_usage_v3", query=asked).must_succeed()
    used = [day.get("usage") for day in response.need("usages")]
    response.must(used == [figures], f"the figures {figures}")
