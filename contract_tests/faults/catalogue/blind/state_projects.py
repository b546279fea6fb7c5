"""Projects: what happened and is forgotten, or did not happen and is claimed."""

from __future__ import annotations

from typing import Any

from agora_rest.emulator import projects, world
from agora_rest.emulator.refusals import NoSuchProject
from faults.caller import DEMO, UNKNOWN, Caller, one
from faults.patches import Patch, called_with, first, marked, method, result
from faults.seeds import state


def _still_listed() -> tuple[Patch, ...]:
    def delete(original: Any, self: Any, project_id: Any) -> Any:
        project = original(self, project_id)
        self.__dict__.setdefault("deleted", []).append(project)
        return project

    def everything(original: Any, self: Any) -> Any:
        return [*original(self), *self.__dict__.get("deleted", [])]

    return method(projects.Projects, "delete", delete), method(projects.Projects, "all", everything)


def _deletes_nothing_gladly(original: Any, self: Any, project_id: Any) -> None:
    try:
        original(self, project_id)
    except NoSuchProject:
        return


def _answers_only(original: Any, self: Any, project_id: Any, enabled: Any) -> Any:
    project = self.projects.get(project_id)
    return projects.Project(**{**vars(project), "enabled": enabled})


def _disabled_will_do(original: Any, self: Any, project_id: Any, *value: Any) -> Any:
    project = self.projects.get(project_id)
    was, project.enabled = project.enabled, True
    try:
        return original(self, project_id, *value)
    finally:
        project.enabled = was


def _disabled_server(original: Any, self: Any, project_id: Any, address: Any) -> Any:
    return _disabled_will_do(original, self, project_id, address)


def _disabled_certificate(original: Any, self: Any, project_id: Any, enabled: Any) -> Any:
    return _disabled_will_do(original, self, project_id, enabled)


def _disabled_reset(original: Any, self: Any, project_id: Any) -> Any:
    project = self.get(project_id)
    was, project.enabled = project.enabled, True
    try:
        return original(self, project_id)
    finally:
        project.enabled = was


def _same_certificate(original: Any, self: Any, project_id: Any) -> Any:
    project = self.get_enabled(project_id)
    project.certificate_enabled = True
    return project


def _reset_and_off(original: Any, self: Any, project_id: Any) -> Any:
    was = self.get_enabled(project_id).certificate_enabled
    project = original(self, project_id)
    project.certificate_enabled = was
    return project


def _created_with_certificate(original: Any, self: Any, name: Any, now: Any, **more: Any) -> Any:
    return original(self, name, now, **{**more, "enable_certificate": True})


def _lost(original: Any, self: Any, name: Any, now: Any, **more: Any) -> Any:
    project = original(self, name, now, **more)
    if more.get("project_id") is None:
        del self._by_id[project.id]
    return project


def _off(a: Caller) -> Any:
    return a.post("/v1/project_status", id=DEMO, status=0).status


FAULTS = {
    "deleted-project-is-found": state(
        "CO-18 CO-17",
        "a deleted project is still there",
        method(projects.Projects, "delete", lambda _original, self, project_id: self.get(project_id)),
        lambda a: [a.delete("/v1/project", id=DEMO), a.find(id=DEMO).status],
    ),
    "deleted-project-is-listed": state(
        "CO-18 CO-14",
        "a deleted project is still in the list",
        _still_listed(),
        lambda a: [
            made := a.project(),
            a.delete("/v1/project", id=made["id"]),
            a.get("/v1/projects").content.count(made["id"].encode()),
        ],
    ),
    "deleting-nobody-succeeds": state(
        "CO-18",
        "deleting a project that does not exist succeeds",
        method(world.World, "delete_project", _deletes_nothing_gladly),
        lambda a: a.delete("/v1/project", id=UNKNOWN),
    ),
    "status-is-not-kept": state(
        "CO-16",
        "the new status of a project is answered and not kept",
        method(world.World, "set_project_status", _answers_only),
        lambda a: [_off(a), one(a.find(id=DEMO))["status"]],
    ),
    "disabled-for-good": state(
        "CO-16",
        "a disabled project cannot be enabled: 404",
        first(world.World, "set_project_status", lambda self, project_id: self.projects.get_enabled(project_id)),
        lambda a: [_off(a), a.post("/v1/project_status", id=DEMO, status=1).status],
    ),
    "disabled-takes-a-recording-server": state(
        "CO-19",
        "a disabled project takes a recording server",
        method(world.World, "set_recording_server", _disabled_server),
        lambda a: [_off(a), a.post("/v1/recording_config", id=DEMO, recording_server="1.2.3.4:80").status],
    ),
    "disabled-switches-its-certificate": state(
        "CO-20",
        "a disabled project's certificate can be switched",
        method(world.World, "enable_certificate", _disabled_certificate),
        lambda a: [_off(a), a.post("/v1/signkey", id=DEMO, enable=True).status],
    ),
    "disabled-resets-its-certificate": state(
        "CO-21",
        "a disabled project's certificate can be reset",
        method(projects.Projects, "reset_certificate", _disabled_reset),
        lambda a: [_off(a), a.post("/v1/reset_signkey", id=DEMO).status],
    ),
    "disabled-is-not-listed": state(
        "CO-14",
        "the list of projects leaves out the disabled ones",
        result(projects.Projects, "all", lambda result: [project for project in result if project.enabled]),
        lambda a: [_off(a), a.get("/v1/projects")],
    ),
    "reset-changes-nothing": state(
        "CO-21",
        "a reset certificate is the old one",
        method(projects.Projects, "reset_certificate", _same_certificate),
        lambda a: [a.post("/v1/reset_signkey", id=DEMO).status, one(a.find(id=DEMO))["sign_key"]],
    ),
    "reset-does-not-enable": state(
        "CO-21",
        "resetting a certificate that is off leaves it off",
        method(projects.Projects, "reset_certificate", _reset_and_off),
        lambda a: [a.post("/v1/reset_signkey", id=DEMO).status, one(a.find(id=DEMO))["sign_key"]],
    ),
    "certificate-stays-on": state(
        "CO-20",
        "a certificate cannot be turned off, though success is answered",
        called_with(world.World, "enable_certificate", enabled=True),
        lambda a: [
            made := a.project(),
            a.post("/v1/signkey", id=made["id"], enable=False).status,
            one(a.find(id=made["id"]))["sign_key"],
        ],
    ),
    "recording-server-is-forgotten": state(
        "CO-19",
        "the recording server is not kept",
        marked(world.World, "set_recording_server", recording_server=None),
        lambda a: [
            a.post("/v1/recording_config", id=DEMO, recording_server="1.2.3.4:80").status,
            one(a.find(id=DEMO))["recording_server"],
        ],
    ),
    "certificate-from-the-start": state(
        "CO-10",
        "enable_sign_key is not looked at: the certificate is always on",
        method(projects.Projects, "create", _created_with_certificate),
        lambda a: a.project(enable=False),
    ),
    "created-and-lost": state(
        "CO-10 CO-14",
        "a new project is answered and not kept",
        method(projects.Projects, "create", _lost),
        lambda a: [a.create().status, a.get("/v1/projects")],
    ),
}
