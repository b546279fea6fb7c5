"""Faults of projects: what is switched along, what is forgotten."""

from __future__ import annotations

from typing import Any

from agora_rest.emulator import projects, world
from agora_rest.emulator.refusals import NoSuchProject
from faults.caller import DEMO, Caller
from faults.edits import refuses, takes
from faults.middleware import respond
from faults.patches import also, called_with, first, marked, method
from faults.probes import Shows
from faults.seeds import authentication, idempotency, identity, state, timing, validation


def _no_reset_while_on(original: Any, self: Any, project_id: Any) -> Any:
    project = self.get_enabled(project_id)
    return project if project.certificate_enabled else original(self, project_id)


def _off_by_reset(original: Any, self: Any, project_id: Any) -> Any:
    project = self.get_enabled(project_id)
    was_on = project.certificate_enabled
    original(self, project_id)
    project.certificate_enabled = not was_on
    return project


def _new_when_off(result: Any, enabled: Any) -> None:
    if not enabled:
        result.certificate = result.certificate[::-1]


def _one_of_a_name(original: Any, self: Any, name: Any, now: Any, **more: Any) -> Any:
    same = [each for each in self._by_id.values() if each.name == name]
    return same[0] if same else original(self, name, now, **more)


def _switched_off_with_it(result: Any, enabled: Any) -> None:
    if not enabled:
        result.certificate_enabled = False


def _app_id_by_reset(result: Any, self: Any) -> None:
    del self._by_app_id[result.app_id]
    result.app_id = result.app_id[::-1]
    self._by_app_id[result.app_id] = result


def _enabled_only(result: Any) -> None:
    if not result.enabled:
        raise NoSuchProject


def _certificates_of_all(self: Any, enabled: Any) -> None:
    for each in self.projects.all():
        each.certificate_enabled = enabled


def _servers_of_all(self: Any, address: Any) -> None:
    for each in self.projects.all():
        each.recording_server = address


def _deletes_namesakes(original: Any, self: Any, project_id: Any) -> Any:
    gone = original(self, project_id)
    for each in [each for each in self.all() if each.name == gone.name]:
        original(self, each.id)
    return gone


def _of_a_new_project(path: str, **members: Any) -> Shows:
    """A call of a new project, and how the project is found afterwards."""

    def shows(a: Caller) -> Any:
        made = a.project()["id"]
        return a.post(path, id=made, **members).content, a.find(id=made).content

    return shows


FAULTS = {
    "no-reset-while-on": state(
        "CO-21",
        "a reset gives no new certificate where the old one is on",
        method(projects.Projects, "reset_certificate", _no_reset_while_on),
        _of_a_new_project("/v1/reset_signkey"),
    ),
    "reset-toggles": state(
        "CO-21",
        "a reset turns a certificate off that was on",
        method(projects.Projects, "reset_certificate", _off_by_reset),
        _of_a_new_project("/v1/reset_signkey"),
    ),
    "reset-changes-the-app-id": identity(
        "CO-21 CO-22",
        "a reset gives the project another App ID",
        also(projects.Projects, "reset_certificate", _app_id_by_reset),
        _of_a_new_project("/v1/reset_signkey"),
    ),
    "off-and-on-again": idempotency(
        "CO-20 CO-22",
        "a certificate that was off is another one when it is on again",
        also(world.World, "enable_certificate", _new_when_off),
        lambda a: [
            made := a.project()["id"],
            *(a.post("/v1/signkey", id=made, enable=on) for on in (False, True)),
            a.find(id=made).content,
        ],
    ),
    "begins-disabled": state(
        "CO-10 CO-11",
        "a new project is off",
        marked(projects.Projects, "create", enabled=lambda result: result.name == "demo"),
        lambda a: a.project()["status"],
    ),
    "name-is-trimmed": identity(
        "CO-10 CO-11",
        "spaces around a project's name are lost",
        called_with(projects.Projects, "create", name=lambda name: name.strip()),
        lambda a: a.project(" a ")["name"],
    ),
    "name-of-32-letters": identity(
        "CO-10 CO-11",
        "a project's name is cut off after 32 characters",
        called_with(projects.Projects, "create", name=lambda name: name[:32]),
        lambda a: a.project("n" * 40)["name"],
    ),
    "one-project-of-a-name": idempotency(
        "CO-10",
        "creating a project of a name that there is gives that one again",
        method(projects.Projects, "create", _one_of_a_name),
        lambda a: a.project()["id"] == a.project()["id"],
    ),
    "disabled-cannot-be-deleted": state(
        "CO-18",
        "a disabled project cannot be deleted: 404",
        first(projects.Projects, "delete", lambda self, project_id: self.get_enabled(project_id)),
        lambda a: [
            made := a.project()["id"],
            a.post("/v1/project_status", id=made, status=0),
            a.delete("/v1/project", id=made).status,
        ],
    ),
    "disabling-turns-the-certificate-off": state(
        "CO-16 CO-20",
        "disabling a project turns its certificate off",
        also(world.World, "set_project_status", _switched_off_with_it),
        _of_a_new_project("/v1/project_status", status=0),
    ),
    "disabling-forgets-the-server": state(
        "CO-16 CO-19",
        "switching a project forgets its recording server",
        marked(world.World, "set_project_status", recording_server=None),
        lambda a: [
            made := a.project()["id"],
            a.post("/v1/recording_config", id=made, recording_server="10.0.0.1:80"),
            a.post("/v1/project_status", id=made, status=1).content,
        ],
    ),
    "created-when-switched": timing(
        "CO-11 CO-16",
        "switching a project makes it as new: created is now",
        marked(world.World, "set_project_status", created=lambda self: self.clock.now()),
        lambda a: [made := a.project()["id"], a.advance(100), a.post("/v1/project_status", id=made, status=0).content],
    ),
    "port-65536": validation(
        "CO-19",
        "the recording server may have port 65536",
        takes(
            "set_recording_server",
            "recording_server",
            "10.0.0.1:65536",
            "10.0.0.1:80",
            lambda text: text.endswith(":65536"),
        ),
    ),
    "address-256": validation(
        "CO-19",
        "the recording server may have the address 10.0.0.256",
        takes(
            "set_recording_server",
            "recording_server",
            "10.0.0.256:80",
            "10.0.0.1:80",
            lambda text: "256" in text.split(":")[0],
        ),
    ),
    "server-by-name": validation(
        "CO-19",
        "the recording server may be given by a name",
        takes(
            "set_recording_server", "recording_server", "localhost:80", "10.0.0.1:80", lambda text: text[:1].isalpha()
        ),
    ),
    "port-zero": validation(
        "CO-19",
        "the recording server may have port 0",
        takes(
            "set_recording_server", "recording_server", "10.0.0.1:0", "10.0.0.1:80", lambda text: text.endswith(":0")
        ),
    ),
    "highest-port-is-refused": validation(
        "CO-19",
        "port 65535 of a recording server is refused",
        refuses(
            "set_recording_server",
            "recording_server",
            "10.0.0.1:65535",
            lambda text: text.endswith(":65535"),
            respond(400, {"message": "no"}),
        ),
        only_in="observed",
    ),
    "certificate-in-an-answer": authentication(
        "CO-11 CO-20",
        "a certificate that is off is shown all the same",
        method(projects.Project, "sign_key", lambda _, self: self.certificate),
        lambda a: bool(a.project(enable=False)["sign_key"]),
    ),
    "found-by-old-status": state(
        "CO-15 CO-16",
        "find cannot see disabled projects",
        also(projects.Projects, "find", _enabled_only),
        _of_a_new_project("/v1/project_status", status=0),
    ),
    "status-as-boolean": validation(
        "CO-16", "a project's status may be set to true", takes("set_project_status", "status", True, 1)
    ),
    "certificates-of-all": identity(
        "CO-20",
        "switching a certificate switches that of every project",
        also(world.World, "enable_certificate", _certificates_of_all),
        lambda a: [made := a.project()["id"], a.post("/v1/signkey", id=DEMO, enable=False), a.find(id=made).content],
    ),
    "one-server-for-all": identity(
        "CO-19",
        "a recording server is set for every project",
        also(world.World, "set_recording_server", _servers_of_all),
        lambda a: [
            made := a.project()["id"],
            a.post("/v1/recording_config", id=DEMO, recording_server="10.0.0.1:80"),
            a.find(id=made).content,
        ],
    ),
    "namesakes-are-deleted": identity(
        "CO-18",
        "a deletion takes all projects of that name along",
        method(projects.Projects, "delete", _deletes_namesakes),
        lambda a: [a.project("x"), a.delete("/v1/project", id=a.project("x")["id"]), a.get("/v1/projects").content],
    ),
}
