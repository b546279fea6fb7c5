"""Projects and their certificates."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs

from agora_rest.emulator.ids import Ids
from agora_rest.emulator.projects import Project, Projects
from agora_rest.emulator.world import World
from faults.fault import Category, Table, targeted
from faults.middleware import At, Forward, HttpCall, on_request, on_response, put, respond
from faults.patches import called_with, marked, method


def _before(project: Project, change: Callable[[], object]) -> Project:
    """The project as it was before `change`."""
    copy = replace(project)
    change()
    return copy


def _with(project: Project, **changes: Any) -> Project:
    for name, value in changes.items():
        setattr(project, name, value)
    return project


def _same_ids_again(create: Any, self: Any, name: Any, *args: Any, **more: Any) -> Any:
    """A new project has the IDs of the last one of its name, if that is gone."""
    known: dict[str, Project] = vars(self).setdefault("known", {})
    old = known.get(name)
    if old is not None and old.id not in self._by_id:
        more |= {"project_id": old.id, "app_id": old.app_id}
    known[name] = create(self, name, *args, **more)
    return known[name]


def _sets_another_server() -> At:
    async def middleware(call: HttpCall, forward: Forward) -> None:
        await forward()
        if call.operation == "set_recording_server" and call.status == 400 and isinstance(call.body, dict):
            refused = call.status, call.response_body
            call.body = {**call.body, "recording_server": "10.9.9.9:9"}
            await forward()
            call.status, call.response_body = refused

    return At(lambda: middleware)


def _id_from_the_query(call: HttpCall) -> None:
    if ids := parse_qs(call.query).get("id"):
        call.content = json.dumps({"id": ids[0]}).encode()
        call.set_header(b"content-type", b"application/json")


def _set_before_refused(_original: Any, self: Any, number: Any) -> Any:
    if not self.get(number).enabled:
        self.get(number).certificate_enabled = True
        return self.get("nobody")
    return self.get(number)


PROJECTS: Table = {
    "a_name_comes_back_as_it_was_given": {
        "names lose what is not ASCII": on_response(
            "", put("project.name", lambda name: name.encode("ascii", "ignore").decode())
        ),
    },
    "a_new_project_is_as_requested": {
        "a new project is given a recording server": marked(World, "create_project", recording_server="10.0.0.1:80"),
    },
    "projects_share_nothing projects_made_at_once_are_apart": {
        "no new project has a certificate": marked(World, "create_project", certificate_enabled=False),
    },
    "projects_share_nothing": {
        "all projects share a certificate": method(Ids, "certificate", lambda _original, _: "0" * 32),
        "the list has its first project twice": on_response(
            "list_projects", put("projects", lambda all_: all_ + all_[:1])
        ),
    },
    "creation_is_dated_when_it_happened": {
        "`created` is a day off": on_response("", put("project.created", lambda created: created - 86400)),
    },
    "certificates_outlast_a_switch_of_the_project": {
        "a switch moves `created` into the future": marked(
            World, "set_project_status", created=lambda self: self.clock.now() + 77
        ),
    },
    "a_documented_success_is_200": {
        "a documented creation is a 201": on_response("create_project", respond(201)),
        "a setting is answered with false": on_response("set_recording_server", put("success", False)),
    },
    "a_deletion_is_requested_in_the_body": {
        "the list of projects ends too early": on_response("list_projects", put("projects", lambda all_: all_[:-1])),
        "a deletion is taken from the query": on_request("delete_project", _id_from_the_query),
    },
    "the_recording_server_is_the_one_last_set": {
        "the list shows no recording servers": on_response("list_projects", put("projects.*.recording_server", "")),
        "only the first recording server is kept": called_with(
            World,
            "set_recording_server",
            address=lambda self, project_id, address: self.projects.get_enabled(project_id).recording_server or address,
        ),
    },
    "a_project_is_found_by_id_by_name_or_by_both": {
        "a search with ID and name looks at the ID only": called_with(
            Projects, "find", name=lambda project_id, name: None if project_id else name
        ),
    },
    "a_search_names_something": {
        "a search without anything finds the first project": method(
            Projects, "find", lambda find, self, **given: find(self, **given) if any(given.values()) else self.all()[0]
        ),
    },
    "a_name_is_found_whole": {
        "a search takes an App ID for an ID": called_with(
            Projects,
            "find",
            project_id=lambda self, project_id: getattr(self._by_app_id.get(project_id), "id", project_id),
        ),
    },
    "what_is_listed_is_found": {
        "a project that is found has another name": on_response("find_project", put("project.name", str.upper)),
    },
    "an_unknown_project_is_not_found": {
        "the misspelled text is spelled right": on_response(
            "", respond(404, {"error_msg": "project not exist"}), status=404
        ),
    },
    "a_deleted_projects_name_is_free_again": {
        "a deleted project's IDs are given again": method(Projects, "create", _same_ids_again),
    },
    "a_switch_returns_the_new_status": {
        "a switch is answered with the old status": method(
            World,
            "set_project_status",
            lambda switch, self, number, enabled: _before(
                self.projects.get(number), lambda: switch(self, number, enabled)
            ),
        ),
    },
    "a_disabled_project_takes_no_settings": {
        "a disabled project is set before it is refused": method(Projects, "get_enabled", _set_before_refused),
    },
    "console_calls_miss_what_is_left_out": {
        "a refused recording server changes the old one": _sets_another_server(),
    },
}

CERTIFICATES: Table = {
    "a_first_certificate_is_made_when_it_is_switched_on": {
        "a certificate is the App ID": marked(World, "create_project", certificate=lambda result: result.app_id),
    },
    "a_reset_switches_the_certificate_on": {
        "switching a certificate changes `created`": marked(
            World, "enable_certificate", created=lambda result: result.created + 5
        ),
    },
    "a_reset_gives_a_new_certificate": {
        "a reset turns the certificate round": method(
            Projects,
            "reset_certificate",
            lambda _original, self, number: _with(
                self.get_enabled(number), certificate=self.get(number).certificate[::-1], certificate_enabled=True
            ),
        ),
    },
    "a_reset_wants_an_enabled_project": {
        "a reset of an unknown project succeeds": method(
            Projects,
            "reset_certificate",
            lambda reset, self, number: reset(self, number) if number in self._by_id else self.all()[0],
        ),
    },
}

OBSERVED: Table = {
    "the_recording_server_is_the_one_last_set": {
        "a setting is answered with another project": on_response("set_recording_server", put("project.id", "nobody")),
        "a setting is answered with the project as it was": method(
            World,
            "set_recording_server",
            lambda set_, self, number, address: _before(
                self.projects.get_enabled(number), lambda: set_(self, number, address)
            ),
        ),
    },
}

FAULTS = (
    *targeted(Category.STATE, PROJECTS),
    *targeted(Category.STATE, CERTIFICATES),
    *targeted(Category.STATE, OBSERVED, dialect="observed"),
)
