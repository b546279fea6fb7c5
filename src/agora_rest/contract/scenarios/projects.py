"""Projects: made, found, switched, forgotten; each its own."""

from __future__ import annotations

from typing import Any, Final

from agora_rest import spec
from agora_rest.contract.checking.checks import check
from agora_rest.contract.http.control import Control
from agora_rest.contract.http.server import OMIT, Server
from agora_rest.contract.outcomes import Broken, Skipped, require
from agora_rest.contract.safety.access import Profile
from agora_rest.contract.scenarios._almost import almost
from agora_rest.contract.scenarios._console import (
    SETTINGS,
    is_documented,
    must_be_done,
    must_be_no_app_id,
    must_be_no_project,
    must_be_same,
    must_show,
    now,
    slack,
    unix_seconds,
    unknown_project_id,
)
from agora_rest.contract.scenarios._recording import all_refused, must_be_400_or_404

_HARD_NAMES: Final = ('Größe & 50% + #1/2 ?x=y "課程" 🎓 {}', "  {} ")
"""A name with what URLs, forms and JSON give a meaning to, and with characters of two, three and four bytes; and one
with spaces around it, which belong to it."""

_LOOKED_AT: Final = 3
"""The number of projects of an account that are read one by one if nothing may be created."""


# -- made --------------------------------------------------------------------------------------------------------------


@check("CO-10", "CO-11")
def a_new_project_is_as_requested(server: Server) -> None:
    """A new project has the given name, is enabled, and has a certificate if and only if one was requested."""
    for enabled in (True, False, True):
        name = server.fresh_name("project")
        response = server.send("create_project", body={"name": name, "enable_sign_key": enabled}).must_succeed()
        project = response.project
        for member, expected in (("name", name), ("status", 1)):
            if project.get(member) != expected:
                raise Broken(f"a project with `{member}` {expected!r}", repr(project.get(member)), response.exchange)
        if bool(project.get("sign_key")) is not enabled:
            wanted = "a certificate in `sign_key`" if enabled else "an empty `sign_key`"
            raise Broken(wanted, "an empty `sign_key`" if enabled else "a certificate in `sign_key`", response.exchange)
        if project.get("recording_server"):
            raise Broken("no recording server", repr(project["recording_server"]), response.exchange)
        must_show(server, project)


@check("CO-10", "CO-15")
def a_name_comes_back_as_it_was_given(server: Server) -> None:
    """A project's name of any characters is returned, listed and found unchanged."""
    for form in _HARD_NAMES:
        name = form.format(server.fresh_name("project"))
        project = server.create_project(name)
        if project["name"] != name:
            raise Broken(f"the name {name!r}", repr(project["name"]), server.trail[-1])
        found = server.find_project(name=name).must_succeed()
        must_be_same(found.project, project, found.exchange)
        must_show(server, project)


@check("CO-11")
def projects_share_nothing(server: Server) -> None:
    """No two projects have an ID, an App ID or a certificate in common, even if they have their name.

    In the present documents no two have the same name (CO-70).
    """
    name = server.fresh_name("namesake")
    names = (None, None, None) if server.edition == "current" else (None, None, None, name, name)
    projects = [server.create_project(each) for each in names]
    if projects[-1]["id"] == projects[-2]["id"]:
        raise Broken("a second project", "the one that has the name already", server.trail[-1])
    others = server.list_projects()
    for member in ("id", "vendor_key", "sign_key"):
        values = [each[member] for each in others if each.get(member)]
        if len(set(values)) != len(values) or any(not each.get(member) for each in projects):
            raise Broken(
                f"a `{member}` of its own in every project", f"a shared or missing `{member}`", server.trail[-1]
            )


@check("CO-12")
def creation_is_dated_when_it_happened(server: Server) -> None:
    """`created` is the moment of creation in Unix seconds or, as the document's table says, milliseconds, and stays."""
    before = now(server)
    response = server.send("create_project", body={"name": server.fresh_name("project"), "enable_sign_key": False})
    project = response.must_succeed().project
    created = unix_seconds(project, response.exchange)
    if not before - slack(server) <= created <= now(server) + slack(server):
        raise Broken(f"`created` near the server's time {before:.0f}", f"{created:.0f}", response.exchange)
    if Control.CLOCK in server.offers:
        server.advance(minutes=100)
    must_show(server, project)
    server.set_project_status(project["id"], 0).must_succeed()
    must_show(server, {**project, "status": 0})


@check("CO-04", "CO-10", "CO-13")
def a_documented_success_is_200(server: Server) -> None:
    """In the documented dialect, with projects in a list of one, success is the documented status 200, never 201."""
    created = server.send("create_project", body={"name": server.fresh_name("project"), "enable_sign_key": False})
    if not is_documented(created.must_succeed()):
        raise Skipped("the server does not use the documented dialect; in the others, success may be 201")
    project_id = created.project["id"]
    created.must_succeed(200)
    server.find_project(id=project_id).must_succeed(200)
    server.set_project_status(project_id, 1).must_succeed(200)
    for operation, more in SETTINGS.items():
        server.send(operation, body={"id": project_id, **more}).must_succeed(200).must_hold(True, "success")
    server.ask_kick(appid=created.project["vendor_key"], cname="contract-room", time=1).must_succeed(200)
    server.delete_project(project_id).must_succeed(200)


# -- found -------------------------------------------------------------------------------------------------------------


@check("CO-14", "CO-16", "CO-18")
def the_list_has_every_project_once(server: Server) -> None:
    """The list has every project of the account once, disabled ones too, as they are, and none that was deleted."""
    before = server.list_projects()
    kept, disabled, gone = (server.create_project(enable_sign_key=flag) for flag in (True, False, True))
    server.set_project_status(disabled["id"], 0).must_succeed()
    server.delete_project(gone["id"]).must_succeed()
    expected = {each["id"]: each for each in (*before, kept, {**disabled, "status": 0})}
    listed = server.list_projects()
    ids = sorted(each["id"] for each in listed)
    require(ids == sorted(expected), f"the projects {sorted(expected)} once each", ids, server.trail[-1])
    for each in listed:
        must_be_same(each, expected[each["id"]], server.trail[-1])


@check("CO-15")
def a_project_is_found_by_id_by_name_or_by_both(server: Server) -> None:
    """Either the ID or the name finds a project; if both are given, both must match."""
    one, other = server.create_project(), server.create_project()
    unknown = unknown_project_id(server)
    for mine, foreign in ((one, other), (other, one)):
        for asked in ({"id": mine["id"]}, {"name": mine["name"]}, {"id": mine["id"], "name": mine["name"]}):
            found = server.find_project(**asked).must_succeed()
            must_be_same(found.project, mine, found.exchange)
        must_be_no_project(server.find_project(id=mine["id"], name=foreign["name"]))
        must_be_no_project(server.find_project(id=mine["id"], name=f"{mine['name']}x"))
        must_be_no_project(server.find_project(id=unknown, name=mine["name"]))


@check("CO-15", "CO-17")
def a_name_is_found_whole(server: Server) -> None:
    """A part of a project's name, one that is almost the same, and an App ID in the place of the ID are a 404.

    What is almost its ID is refused too.
    """
    project = server.create_project()
    for name in (project["name"][:-1], project["name"][1:], *almost(project["name"])):
        must_be_no_project(server.find_project(name=name))
    must_be_no_project(server.find_project(id=project["vendor_key"]))
    must_be_no_project(server.find_project(id=project["name"]))
    for number in almost(project["id"]):
        must_be_400_or_404(server.find_project(id=number))


@check("CO-15", profile=Profile.READ_ONLY)
def a_search_names_something(server: Server) -> None:
    """A search for a project by neither ID nor name is refused: 400."""
    server.find_project().must_be_refused(400)


@check("CO-14", "CO-15", profile=Profile.READ_ONLY)
def what_is_listed_is_found(server: Server) -> None:
    """A listed project is found by its ID, and by ID and name, and looks the same."""
    listed = server.list_projects()
    if not listed:
        raise Skipped("the account has no projects")
    for each in listed[:_LOOKED_AT]:
        for asked in ({"id": each["id"]}, {"id": each["id"], "name": each["name"]}):
            found = server.find_project(**asked).must_succeed()
            must_be_same(found.project, each, found.exchange)


@check("CO-17", profile=Profile.READ_ONLY)
def an_unknown_project_is_not_found(server: Server) -> None:
    """A search for an unknown ID or name is a 404 with the documents' text, with its misspelling."""
    unknown = unknown_project_id(server)
    must_be_no_project(server.find_project(id=unknown))
    must_be_no_project(server.find_project(name=f"contract-nobody-{unknown}"))
    must_be_no_project(server.find_project(id=unknown, name=f"contract-nobody-{unknown}"))


@check("CO-17", "CO-18", "CO-19", "CO-20")
def every_call_on_an_unknown_project_is_404(server: Server) -> None:
    """Status, deletion, recording server and certificate of a project that is not there are a 404, and make none."""
    unknown = unknown_project_id(server)
    before = server.list_projects()
    must_be_no_project(server.set_project_status(unknown, 0))
    must_be_no_project(server.set_project_status(unknown, 1))
    must_be_no_project(server.delete_project(unknown))
    for operation, more in SETTINGS.items():
        must_be_no_project(server.send(operation, body={"id": unknown, **more}))
    _must_list(server, before)


@check("CO-17", "CO-18", "CO-11")
def an_app_id_is_no_id_of_a_project(server: Server) -> None:
    """The `vendor_key` of a project in the place of its `id` is a 404, and nothing is changed.

    What is almost its `id`, for example in another case, is refused too.
    """
    project = server.create_project()
    before = server.list_projects()
    must_be_no_project(server.delete_project(project["vendor_key"]))
    must_be_no_project(server.set_project_status(project["vendor_key"], 0))
    for operation, more in SETTINGS.items():
        must_be_no_project(server.send(operation, body={"id": project["vendor_key"], **more}))
    for number in almost(project["id"]):
        must_be_400_or_404(server.delete_project(number))
        must_be_400_or_404(server.set_project_status(number, 0))
        for operation, more in SETTINGS.items():
            must_be_400_or_404(server.send(operation, body={"id": number, **more}))
    _must_list(server, before)


# -- forgotten ---------------------------------------------------------------------------------------------------------


@check("CO-17", "CO-18")
def a_deleted_project_is_forgotten(server: Server) -> None:
    """A deleted project is neither listed nor found, every call that names it is a 404, and no other is deleted.

    Not even one of the same name.
    """
    kept, gone = server.create_project(), server.create_project()
    namesake = server.create_project(gone["name"])
    server.delete_project(gone["id"]).must_succeed().must_hold(True, "success")
    must_show(server, namesake)
    server.delete_project(namesake["id"]).must_succeed()
    if gone["id"] in {each["id"] for each in server.list_projects()}:
        raise Broken("a list without the deleted project", "one with it", server.trail[-1])
    for asked in ({"id": gone["id"]}, {"name": gone["name"]}, {"id": gone["id"], "name": gone["name"]}):
        must_be_no_project(server.find_project(**asked))
    for status in (0, 1):
        must_be_no_project(server.set_project_status(gone["id"], status))
    must_be_no_project(server.delete_project(gone["id"]))
    for operation, more in SETTINGS.items():
        must_be_no_project(server.send(operation, body={"id": gone["id"], **more}))
    must_show(server, kept)


@check("CO-18", "CO-40", "CO-45", "CO-54")
def a_deleted_project_leaves_no_app_id(server: Server) -> None:
    """The App ID of a deleted project is unknown: channels and kicking rules refuse it with 400."""
    gone = server.create_project()
    app_id = gone["vendor_key"]
    server.channels(app_id=app_id)
    rule = {"appid": app_id, "cname": "contract-room", "time": 1}
    rule_id = int(server.ask_kick(**rule).must_succeed().need("id"))
    server.delete_project(gone["id"]).must_succeed()
    _must_know_no_app_id(server, app_id, rule, rule_id)


@check("CO-16", "CO-04", "CO-45", "CO-67")
def a_disabled_project_hides_its_app_id(server: Server) -> None:
    """The App ID of a disabled project is unknown: channels and kicking rules refuse it with 400.

    When the project is enabled again, its rules are still there.
    """
    project = server.create_project()
    app_id = project["vendor_key"]
    rule = {"appid": app_id, "cname": "contract-room", "time": 60}
    rule_id = int(server.ask_kick(**rule).must_succeed().need("id"))
    before = server.kicking_rules(app_id)
    server.set_project_status(project["id"], 0).must_succeed()
    _must_know_no_app_id(server, app_id, rule, rule_id)
    server.set_project_status(project["id"], 1).must_succeed()
    listed = server.kicking_rules(app_id)
    require(listed == before, f"the rules as they were, {before}", listed, server.trail[-1])


def _must_know_no_app_id(server: Server, app_id: str, rule: dict[str, Any], rule_id: int) -> None:
    """Every call about channels and rules refuses this App ID."""
    user = {"appid": app_id, "cname": "contract-room", "uid": "7"}
    hosts = ("list_channel_hosts",) if server.edition == "current" else ()
    for operation in ("list_channels", "list_channel_users", "get_user_property", *hosts):
        must_be_no_app_id(server.send(operation, path=user))
    must_be_no_app_id(server.send("list_kicking_rules", query={"appid": app_id}))
    must_be_no_app_id(server.ask_kick(**rule))
    must_be_no_app_id(server.send("update_kicking_rule", body={"appid": app_id, "id": rule_id, "time": 1}))
    must_be_no_app_id(server.send("delete_kicking_rule", body={"appid": app_id, "id": rule_id}))


@check("CO-18")
def a_deletion_is_requested_in_the_body(server: Server) -> None:
    """A `DELETE` that names the project in the query instead of the body is refused with 400, and deletes nothing."""
    project = server.create_project()
    credentials = server.account.credentials
    path = spec.operation("find_project").url()
    for url in (f"{path}?id={project['id']}", path):
        server.request("DELETE", url, operation="delete_project", auth=credentials).must_be_refused(400)
    must_show(server, project)
    server.delete_project(project["id"]).must_succeed()


@check("CO-10", "CO-17", "CO-18")
def a_deleted_projects_name_is_free_again(server: Server) -> None:
    """A project that is created under a deleted one's name is a new one, with a new ID and App ID."""
    old = server.create_project()
    server.delete_project(old["id"]).must_succeed()
    new = server.create_project(old["name"])
    for member in ("id", "vendor_key", "sign_key"):
        require(new[member] != old[member], f"a new `{member}`", "that of the deleted project", server.trail[-1])
    must_be_no_project(server.find_project(id=old["id"]))
    must_show(server, new)


# -- switched ----------------------------------------------------------------------------------------------------------


@check("CO-16")
def a_switch_returns_the_new_status(server: Server) -> None:
    """A status change returns the project in its new status, which stays, and changes nothing else."""
    project, other = server.create_project(), server.create_project(enable_sign_key=False)
    project = _with_recording_server(server, project, "10.1.2.3:99")
    for status in (0, 0, 1, 1, 0):
        response = server.set_project_status(project["id"], status).must_succeed()
        must_be_same(response.project, {**project, "status": status}, response.exchange)
        must_show(server, {**project, "status": status})
    must_show(server, other)


@check("CO-16", "CO-17", "CO-18", "CO-19", "CO-20")
def a_disabled_project_takes_no_settings(server: Server) -> None:
    """On a disabled project recording server and certificate are a 404 and stay as they were; enabled, they are set."""
    project = server.create_project(enable_sign_key=False)
    server.set_project_status(project["id"], 0).must_succeed()
    for operation, more in SETTINGS.items():
        must_be_no_project(server.send(operation, body={"id": project["id"], **more}))
    must_be_no_project(server.send("enable_certificate", body={"id": project["id"], "enable": False}))
    must_show(server, {**project, "status": 0})
    server.set_project_status(project["id"], 1).must_succeed()
    must_show(server, project)
    for operation, more in SETTINGS.items():
        must_be_done(server, server.send(operation, body={"id": project["id"], **more}), project["id"])


@check("CO-14", "CO-15", "CO-18")
def a_disabled_project_is_still_there(server: Server) -> None:
    """A disabled project is listed and found, by ID and by name, and can be deleted."""
    project = server.create_project()
    server.set_project_status(project["id"], 0).must_succeed()
    must_show(server, {**project, "status": 0})
    server.find_project(name=project["name"]).must_succeed()
    server.delete_project(project["id"]).must_succeed().must_hold(True, "success")
    must_be_no_project(server.find_project(id=project["id"]))


# -- recording server --------------------------------------------------------------------------------------------------


@check("CO-11", "CO-19")
def the_recording_server_is_the_one_last_set(server: Server) -> None:
    """A project shows the recording server last set for it, and nothing else in it or in other projects changes."""
    project, other = server.create_project(), server.create_project()
    for address in ("10.12.1.5:8080", "0.0.0.0:1", "255.255.255.255:65535"):
        must_show(server, _with_recording_server(server, project, address))
    must_show(server, other)


@check("CO-04", "CO-19")
def a_recording_server_is_an_address_and_a_port(server: Server) -> None:
    """A recording server that is not an IPv4 address with a port is refused with 400, and the current one stays."""
    project = _with_recording_server(server, server.create_project(), "10.12.1.5:8080")
    keep, wrong = tuple(server.trail), ({"id": project["id"], "recording_server": each} for each in _NO_ADDRESSES)
    all_refused(server, wrong, lambda each: server.send("set_recording_server", body=each), 400, keep=keep)
    must_show(server, project)


def _with_recording_server(server: Server, project: dict[str, Any], address: str) -> dict[str, Any]:
    """The project with a recording server, which is set."""
    body = {"id": project["id"], "recording_server": address}
    must_be_done(server, server.send("set_recording_server", body=body), project["id"])
    return {**project, "recording_server": address}


_NO_ADDRESSES: Final[tuple[Any, ...]] = (
    "10.12.1.5",
    "10.12.1.5:",
    ":8080",
    "10.12.1:8080",
    "10.12.1.256:8080",
    "10.12.1.5:0",
    "10.12.1.5:65536",
    "10.12.1.5:eighty",
    "example.com:8080",
    "http://10.12.1.5:8080",
    "10.12.1.5:8080 ",
    "",
    8080,
    None,
    OMIT,
)


def _must_list(server: Server, expected: list[dict[str, Any]]) -> None:
    """Asserts that the list contains exactly these projects, in any order."""
    listed = {each["id"]: each for each in server.list_projects()}
    if listed.keys() != {each["id"] for each in expected}:
        raise Broken(f"the projects {sorted(each['id'] for each in expected)}", f"{sorted(listed)}", server.trail[-1])
    for each in expected:
        must_be_same(listed[each["id"]], each, server.trail[-1])
