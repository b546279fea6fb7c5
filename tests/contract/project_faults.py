"""Faults of projects and their certificates, each with the checks that must see it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

import httpx
import pytest

from agora_rest.emulator import projects
from agora_rest.emulator.ids import Ids
from agora_rest.emulator.projects import Project, Projects
from agora_rest.emulator.world import World
from tests.contract.console_kinds import also, changes, does, merge, refuse, shows, with_
from tests.contract.faults import (
    Fault,
    Sent,
    Serve,
    answer,
    edge,
    inside,
    is_,
    replaced,
    responds,
    sends,
    takes,
    wrapped,
)


def _copy_of(project: Project, change: Callable[[], object]) -> Project:
    """The project as it was before `change`."""
    before = replace(project)
    change()
    return before


def _first(found: Iterable[Project]) -> Project:
    for project in found:
        return project
    raise projects.NoSuchProject


def _enabled(project: Project) -> Project:
    if not project.enabled:
        raise projects.NoSuchProject
    return project


def _gives_ids_again(patch: pytest.MonkeyPatch) -> None:
    """A new project has the IDs of the last one of its name, if that is gone."""
    known: dict[str, Project] = {}

    def around(create: Any, self: Projects, name: str, *args: Any, **more: Any) -> Project:
        old = known.get(name)
        if old is not None and old.id not in self._by_id:
            more |= {"project_id": old.id, "app_id": old.app_id}
        known[name] = create(self, name, *args, **more)
        return known[name]

    wrapped(Projects, "create", around)(patch)


def _sets_another(sent: Sent, serve: Serve) -> httpx.Response:
    """A recording server that is refused is set to something else."""
    response = serve(sent)
    if sent.operation == "set_recording_server" and response.status_code == 400 and isinstance(sent.body, dict):
        serve(sent.with_body(("recording_server",), "10.9.9.9:9"))
    return response


PROJECTS: tuple[Fault, ...] = (
    edge(
        "names are folded to lower case",
        shows(lambda p: merge(p, name=p["name"].lower())),
        "a_name_comes_back_as_it_was_given",
    ),
    edge(
        "names lose what is not ASCII",
        shows(lambda p: merge(p, name=p["name"].encode("ascii", "ignore").decode())),
        "a_name_comes_back_as_it_was_given",
    ),
    inside(
        "a new project is disabled",
        also(World, "create_project", lambda p, *_, **__: setattr(p, "enabled", False)),
        "beyond_the_last_page_there_is_nothing",
    ),
    inside(
        "every new project has a certificate",
        also(World, "create_project", lambda p, *_, **__: setattr(p, "certificate_enabled", True)),
        "a_new_project_is_as_asked",
    ),
    inside(
        "no new project has a certificate",
        also(World, "create_project", lambda p, *_, **__: setattr(p, "certificate_enabled", False)),
        "projects_share_nothing",
        "projects_made_at_once_are_apart",
    ),
    inside(
        "a certificate is shown though it is off",
        replaced(Project, "sign_key", property(lambda p: p.certificate)),
        "a_new_project_is_as_asked",
    ),
    inside("all projects share a certificate", does(Ids, "certificate", lambda _: "0" * 32), "projects_share_nothing"),
    edge("all projects show one App ID", shows(lambda p: merge(p, vendor_key="f" * 32)), "a_rule_names_somebody"),
    inside(
        "a new project is given a recording server",
        also(World, "create_project", lambda p, *_, **__: setattr(p, "recording_server", "10.0.0.1:80")),
        "a_new_project_is_as_asked",
    ),
    edge(
        "`created` is a day off",
        shows(lambda p: merge(p, created=p["created"] - 86400)),
        "creation_is_dated_when_it_happened",
    ),
    inside(
        "`created` is the time of asking",
        also(World, "set_project_status", lambda p, w, *_: setattr(p, "created", w.clock.now() + 77)),
        "certificates_outlast_a_switch_of_the_project",
    ),
    edge(
        "a documented creation is a 201",
        responds(lambda r, s: answer(201, r.json()) if s.operation == "create_project" and r.status_code == 200 else r),
        "a_documented_success_is_200",
    ),
    edge(
        "the list leaves out disabled projects",
        changes("list_projects", lambda b: merge(b, projects=[p for p in b["projects"] if p["status"]])),
        "creation_is_dated_when_it_happened",
    ),
    edge(
        "the list ends too early",
        changes("list_projects", lambda b: b["projects"].pop()),
        "a_deletion_is_asked_for_in_the_body",
    ),
    edge(
        "the list has its first project twice",
        changes("list_projects", lambda b: b["projects"].append(b["projects"][0])),
        "projects_share_nothing",
    ),
    edge(
        "the list shows no recording servers",
        changes("list_projects", lambda b: [merge(p, recording_server="") for p in b["projects"]]),
        "the_recording_server_is_the_one_last_set",
    ),
    inside(
        "a search with ID and name looks at the ID only",
        wrapped(
            Projects,
            "find",
            lambda find, self, *, project_id=None, name=None: find(
                self, project_id=project_id, name=None if project_id else name
            ),
        ),
        "a_project_is_found_by_id_by_name_or_by_both",
    ),
    inside(
        "a search with ID and name looks at the name only",
        wrapped(
            Projects,
            "find",
            lambda find, self, *, project_id=None, name=None: find(
                self, project_id=None if name else project_id, name=name
            ),
        ),
        "a_project_is_found_by_id_by_name_or_by_both",
    ),
    inside(
        "a search without anything finds the first project",
        wrapped(
            Projects,
            "find",
            lambda find, self, *, project_id=None, name=None: (
                find(self, project_id=project_id, name=name) if project_id or name else self.all()[0]
            ),
        ),
        "a_search_names_something",
    ),
    inside(
        "a search matches parts of names",
        does(
            Projects,
            "find",
            lambda self, *, project_id=None, name=None: (
                _first(p for p in self.all() if project_id in (None, p.id) and (name or "") in p.name)
                if project_id or name
                else refuse()
            ),
        ),
        "a_name_is_found_whole",
    ),
    inside(
        "a search takes an App ID for an ID",
        wrapped(
            Projects,
            "find",
            lambda find, self, *, project_id=None, name=None: find(
                self, project_id=getattr(self._by_app_id.get(project_id), "id", project_id), name=name
            ),
        ),
        "a_name_is_found_whole",
    ),
    inside(
        "a disabled project is not found",
        wrapped(Projects, "find", lambda find, self, **asked: _enabled(find(self, **asked))),
        "creation_is_dated_when_it_happened",
    ),
    edge(
        "a project that is found has another name",
        shows(lambda p: merge(p, name=p["name"].upper()), "find_project"),
        "what_is_listed_is_found",
    ),
    edge(
        "the misspelled text is spelled right",
        responds(
            lambda r, s: answer(404, {"error_msg": "project not exist"}) if r.status_code == 404 and s.operation else r
        ),
        "an_unknown_project_is_not_found",
    ),
    edge(
        "an unknown project is a 400",
        responds(lambda r, s: answer(400, r.json()) if r.status_code == 404 and s.operation == "find_project" else r),
        "an_unknown_project_is_not_found",
        "a_deleted_project_is_forgotten",
    ),
    inside(
        "a deletion deletes nothing",
        does(World, "delete_project", lambda self, number: self.projects.get(number)),
        "v3_forgets_a_deleted_project",
    ),
    inside(
        "a deletion deletes the newest project too",
        also(World, "delete_project", lambda _, self, __: self.projects._by_id.popitem()),
        "without_projects_usage_is_of_all",
    ),
    inside(
        "the deletion of an unknown project succeeds",
        wrapped(
            World,
            "delete_project",
            lambda delete, self, number: delete(self, number) if number in self.projects._by_id else None,
        ),
        "every_call_on_an_unknown_project_is_404",
        "a_project_is_deleted_once",
    ),
    inside(
        "a disabled project cannot be deleted",
        wrapped(
            World, "delete_project", lambda delete, self, number: delete(self, self.projects.get_enabled(number).id)
        ),
        "a_disabled_project_is_still_there",
    ),
    inside(
        "a deletion leaves the App ID",
        does(Projects, "delete", lambda self, number: self._by_id.pop(self.get(number).id)),
        "a_deleted_project_leaves_no_app_id",
    ),
    edge(
        "a deletion is taken from the query",
        sends(
            lambda s: (
                s.again(
                    content=json.dumps({"id": s.request.url.params["id"]}).encode(),
                    headers={"content-type": "application/json"},
                )
                if s.operation == "delete_project" and "id" in s.request.url.params
                else s
            )
        ),
        "a_deletion_is_asked_for_in_the_body",
    ),
    inside("a deleted project's IDs are given again", _gives_ids_again, "a_deleted_projects_name_is_free_again"),
    inside(
        "a switch is answered with the old status",
        wrapped(
            World,
            "set_project_status",
            lambda switch, self, number, enabled: _copy_of(
                self.projects.get(number), lambda: switch(self, number, enabled)
            ),
        ),
        "a_switch_is_answered_with_the_new_status",
    ),
    inside(
        "a switch toggles",
        does(
            World,
            "set_project_status",
            lambda self, number, _: with_(self.projects.get(number), enabled=not self.projects.get(number).enabled),
        ),
        "a_documented_success_is_200",
    ),
    inside(
        "a switch switches every project",
        also(
            World,
            "set_project_status",
            lambda _, self, __, enabled: [setattr(p, "enabled", enabled) for p in self.projects.all()],
        ),
        "the_list_has_every_project_once",
    ),
    inside(
        "a switch is not kept",
        wrapped(
            World,
            "set_project_status",
            lambda _switch, self, number, enabled: replace(self.projects.get(number), enabled=enabled),
        ),
        "creation_is_dated_when_it_happened",
        "projects_live_as_documented",
    ),
    inside(
        "a switch forgets the recording server",
        also(World, "set_project_status", lambda p, *_: setattr(p, "recording_server", None)),
        "a_switch_is_answered_with_the_new_status",
    ),
    inside(
        "a switch switches the certificate off",
        also(World, "set_project_status", lambda p, *_: setattr(p, "certificate_enabled", False)),
        "certificates_outlast_a_switch_of_the_project",
    ),
    inside(
        "a disabled project cannot be switched",
        wrapped(
            World,
            "set_project_status",
            lambda switch, self, number, enabled: switch(self, self.projects.get_enabled(number).id, enabled),
        ),
        "certificates_outlast_a_switch_of_the_project",
    ),
    inside(
        "a disabled project takes settings",
        does(Projects, "get_enabled", Projects.get),
        "a_reset_wants_an_enabled_project",
    ),
    inside(
        "a disabled project is set before it is refused",
        does(
            Projects,
            "get_enabled",
            lambda self, number: (
                self.get(number)
                if self.get(number).enabled
                else with_(self.get(number), certificate_enabled=True) and self.get("nobody")
            ),
        ),
        "a_disabled_project_takes_no_settings",
    ),
    inside(
        "a recording server is not kept",
        does(World, "set_recording_server", lambda self, number, _: self.projects.get_enabled(number)),
        "the_recording_server_is_the_one_last_set",
    ),
    inside(
        "a recording server is set for every project",
        also(
            World,
            "set_recording_server",
            lambda _, self, __, address: [setattr(p, "recording_server", address) for p in self.projects.all()],
        ),
        "the_recording_server_is_the_one_last_set",
    ),
    inside(
        "only the first recording server is kept",
        wrapped(
            World,
            "set_recording_server",
            lambda set_, self, number, address: set_(
                self, number, self.projects.get_enabled(number).recording_server or address
            ),
        ),
        "the_recording_server_is_the_one_last_set",
    ),
    edge(
        "recording servers without a port pass",
        takes("set_recording_server", "recording_server", is_("10.12.1.5"), "10.12.1.5:80"),
        "a_recording_server_is_an_address_and_a_port",
    ),
    edge(
        "recording servers have no upper port",
        takes("set_recording_server", "recording_server", is_("10.12.1.5:65536"), "10.12.1.5:80"),
        "a_recording_server_is_an_address_and_a_port",
    ),
    edge("a refused recording server forgets the old one", _sets_another, "console_calls_miss_what_is_left_out"),
    edge(
        "a setting is answered with false",
        changes("set_recording_server", lambda b: merge(b, success=False)),
        "a_documented_success_is_200",
    ),
    edge(
        "a setting is answered with another project",
        changes("set_recording_server", lambda b: merge(b["project"], id="nobody")),
        "the_recording_server_is_the_one_last_set",
        dialect="observed",
    ),
    inside(
        "a setting is answered with the project as it was",
        wrapped(
            World,
            "set_recording_server",
            lambda set_, self, number, address: _copy_of(
                self.projects.get_enabled(number), lambda: set_(self, number, address)
            ),
        ),
        "the_recording_server_is_the_one_last_set",
        dialect="observed",
    ),
)

CERTIFICATES: tuple[Fault, ...] = (
    inside(
        "a certificate cannot be switched off",
        wrapped(World, "enable_certificate", lambda enable, self, number, _enabled: enable(self, number, True)),
        "a_first_certificate_is_made_when_it_is_switched_on",
    ),
    inside(
        "a certificate is new when it is switched on",
        also(
            World, "enable_certificate", lambda p, self, *_: setattr(p, "certificate", self.projects._ids.certificate())
        ),
        "a_certificate_is_switched_on_and_off",
    ),
    inside(
        "a certificate is switched in every project",
        also(
            World,
            "enable_certificate",
            lambda _, self, __, enabled: [setattr(p, "certificate_enabled", enabled) for p in self.projects.all()],
        ),
        "a_certificate_is_switched_on_and_off",
    ),
    inside(
        "a certificate is the App ID",
        also(World, "create_project", lambda p, *_, **__: setattr(p, "certificate", p.app_id)),
        "a_first_certificate_is_made_when_it_is_switched_on",
    ),
    inside(
        "switching a certificate forgets the recording server",
        also(World, "enable_certificate", lambda p, *_: setattr(p, "created", p.created + 5)),
        "a_reset_switches_the_certificate_on",
    ),
    inside(
        "a reset changes nothing",
        does(Projects, "reset_certificate", lambda self, number: self.get_enabled(number)),
        "a_reset_switches_the_certificate_on",
    ),
    inside(
        "a reset turns the certificate round",
        does(
            Projects,
            "reset_certificate",
            lambda self, number: with_(
                self.get_enabled(number), certificate=self.get(number).certificate[::-1], certificate_enabled=True
            ),
        ),
        "a_reset_gives_a_new_certificate",
    ),
    inside(
        "a reset leaves the certificate off",
        does(
            Projects,
            "reset_certificate",
            lambda self, number: with_(self.get_enabled(number), certificate=self._ids.certificate()),
        ),
        "a_reset_switches_the_certificate_on",
    ),
    inside(
        "a reset is of every project",
        also(
            Projects,
            "reset_certificate",
            lambda _, self, __: [setattr(p, "certificate", self._ids.certificate()) for p in self.all()],
        ),
        "a_reset_gives_a_new_certificate",
    ),
    inside(
        "a reset takes a disabled project",
        does(
            Projects,
            "reset_certificate",
            lambda self, number: with_(self.get(number), certificate=self._ids.certificate(), certificate_enabled=True),
        ),
        "a_reset_wants_an_enabled_project",
    ),
    inside(
        "a reset of an unknown project succeeds",
        wrapped(
            Projects,
            "reset_certificate",
            lambda reset, self, number: reset(self, number) if number in self._by_id else self.all()[0],
        ),
        "a_reset_wants_an_enabled_project",
    ),
)
