"""The right change or response for the wrong project."""

from __future__ import annotations

from datetime import date
from typing import Any

from agora_rest.emulator import projects, world
from agora_rest.emulator.usage import Business
from faults.caller import APP, DAY, DEMO, UNKNOWN, Caller
from faults.middleware import HttpCall, on_request, on_response, put
from faults.patches import also, called_with, first, method, result
from faults.seeds import identity


def _either_will_do(original: Any, self: Any, *, project_id: Any = None, name: Any = None) -> Any:
    for project in self._by_id.values():
        if project_id == project.id or name == project.name:
            return project
    return original(self, project_id=project_id, name=name)


def _beginning_of_a_name(original: Any, self: Any, *, project_id: Any = None, name: Any = None) -> Any:
    for project in self._by_id.values():
        if project_id in (None, project.id) and name and project.name.startswith(name):
            return project
    return original(self, project_id=project_id, name=name)


def _switches_all(self: Any, enabled: Any) -> None:
    for other in self.projects.all():
        other.enabled = enabled


def _resets_all(result: Any, self: Any) -> None:
    for other in self.all():
        other.certificate, other.certificate_enabled = result.certificate, True


def _deletes_namesakes(original: Any, self: Any, project_id: Any) -> Any:
    deleted = original(self, project_id)
    for other in [each for each in self._by_id.values() if each.created == deleted.created]:
        original(self, other.id)
    return deleted


def _unknown_as_zero(original: Any, self: Any, first: Any, last: Any, project_ids: Any = None) -> Any:
    found = original(self, first, last, project_ids)
    known = {project.id for project, _ in found}
    nobody = [each for each in project_ids or () if each not in known]
    blank: dict[str, Any] = {"name": "", "app_id": "", "created": 0.0, "certificate": ""}
    return [*found, *((projects.Project(id=each, **blank), self.usage.minutes(each, first, last)) for each in nobody)]


def _one_project(original: Any, self: Any, project_id: Any, business: Any, first: Any, last: Any) -> Any:
    self.projects.get(project_id)
    return original(self, self.projects.all()[0].id, business, first, last)


def _any_project(original: Any, self: Any, project_id: Any, business: Any, first: Any, last: Any) -> Any:
    known = project_id in {project.id for project in self.projects.all()}
    return original(self, project_id if known else self.projects.all()[0].id, business, first, last)


def _two(a: Caller) -> tuple[str, str]:
    return a.project("first")["id"], a.project("second")["id"]


def _name_in_lower_case(call: HttpCall) -> None:
    if isinstance(call.body, dict) and isinstance(call.body.get("name"), str):
        call.body = {**call.body, "name": call.body["name"].lower()}


FAULTS = {
    "find-by-either": identity(
        "CO-15",
        "find gives a project that has the id or the name, where both are given",
        method(projects.Projects, "find", _either_will_do),
        lambda a: a.find(id=DEMO, name="other"),
    ),
    "find-by-name-only": identity(
        "CO-15",
        "find does not look at the id where a name is given",
        called_with(
            projects.Projects, "find", project_id=lambda project_id, name: None if name is not None else project_id
        ),
        lambda a: a.find(id=UNKNOWN, name="demo"),
    ),
    "find-by-beginning": identity(
        "CO-15",
        "find gives a project whose name only begins with the one asked for",
        method(projects.Projects, "find", _beginning_of_a_name),
        lambda a: a.find(name="dem"),
    ),
    "one-app-id-for-all": identity(
        "CO-11",
        "all projects have the same App ID",
        on_response("create_project find_project list_projects set_project_status", put("project.vendor_key", APP)),
    ),
    "status-of-the-first": identity(
        "CO-16",
        "setting a status answers with the first project",
        result(world.World, "set_project_status", lambda self: self.projects.all()[0]),
        lambda a: a.post("/v1/project_status", id=_two(a)[1], status=0),
    ),
    "status-of-all": identity(
        "CO-16",
        "setting a status sets that of every project",
        also(world.World, "set_project_status", _switches_all),
        lambda a: [made := _two(a), a.post("/v1/project_status", id=made[0], status=0), a.find(id=made[1])],
    ),
    "reset-of-all": identity(
        "CO-21",
        "resetting a certificate gives every project the new one",
        also(projects.Projects, "reset_certificate", _resets_all),
        lambda a: [made := _two(a), a.post("/v1/reset_signkey", id=made[0]), a.find(id=made[1])],
    ),
    "name-in-lower-case": identity(
        "CO-10 CO-11",
        "a new project's name is put into lower case",
        on_request("create_project", _name_in_lower_case),
        lambda a: a.create("MyProject"),
    ),
    "deletes-others-too": identity(
        "CO-18",
        "a deletion takes the projects of the same second along",
        method(projects.Projects, "delete", _deletes_namesakes),
        lambda a: [made := _two(a), a.delete("/v1/project", id=made[0]), a.find(id=made[1]).status],
    ),
    "usage-of-all": identity(
        "CO-30",
        "v1 usage covers all projects, whichever are named",
        called_with(world.World, "usage_minutes", project_ids=None),
        lambda a: [made := _two(a), a.get("/v1/usage", projects=made[0], **DAY)],
    ),
    "usage-of-the-first-named": identity(
        "CO-30",
        "v1 usage covers only the first of the projects that are named",
        called_with(world.World, "usage_minutes", project_ids=lambda project_ids: project_ids and project_ids[:1]),
        lambda a: [made := _two(a), a.get("/v1/usage", projects=",".join(made), **DAY)],
    ),
    "unknown-project-has-no-minutes": identity(
        "CO-33",
        "v1 usage answers unknown projects with zeros",
        method(world.World, "usage_minutes", _unknown_as_zero),
        lambda a: a.get("/v1/usage", projects=UNKNOWN, **DAY),
    ),
    "unknown-project-is-an-error": identity(
        "CO-33",
        "an unknown project makes v1 usage a 404",
        first(
            world.World,
            "usage_minutes",
            lambda self, project_ids: [self.projects.get(each) for each in project_ids or ()],
        ),
        lambda a: a.get("/v1/usage", projects=f"{DEMO},{UNKNOWN}", **DAY),
    ),
    "one-business-for-all": identity(
        "CO-34",
        "v3 usage is that of RTC, whatever business is asked about",
        called_with(world.World, "usage_metrics", business=Business.DEFAULT),
        lambda a: a.get("/v3/usage", project_id=DEMO, business="miniapp", **DAY),
    ),
    "metrics-of-the-first": identity(
        "CO-34",
        "v3 usage is that of the first project",
        method(world.World, "usage_metrics", _one_project),
        lambda a: [
            made := _two(a),
            a.control(a.emulator.seed_metrics, made[0], date(2026, 1, 1), {"durationAudioAll": 5}),
            a.get("/v3/usage", project_id=made[0], business="default", **DAY),
        ],
    ),
    "metrics-of-anybody": identity(
        "CO-36",
        "v3 usage of a project that does not exist is that of the first",
        method(world.World, "usage_metrics", _any_project),
        lambda a: a.get("/v3/usage", project_id=UNKNOWN, business="default", **DAY),
    ),
}
