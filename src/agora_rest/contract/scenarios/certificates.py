"""The primary certificate of a project: enabled, disabled, reset, and never that of another project."""

from __future__ import annotations

from typing import Any

from agora_rest.contract.checking.checks import check
from agora_rest.contract.http.server import Response, Server
from agora_rest.contract.outcomes import Broken
from agora_rest.contract.safety.access import Profile
from agora_rest.contract.scenarios._console import (
    look,
    must_be_done,
    must_be_no_project,
    must_be_same,
    must_show,
    unknown_project_id,
)


@check("CO-20", "CO-22")
def a_certificate_is_switched_on_and_off(server: Server) -> None:
    """Switched off, a certificate is not shown; switched on, it is the one it was; and nothing else changes."""
    project, on, off = (server.create_project(enable_sign_key=flag) for flag in (True, True, False))
    for enable in (True, False, False, True, True):
        must_be_done(server, _enable(server, project, enable), project["id"])
        must_show(server, project if enable else {**project, "sign_key": ""})
        must_show(server, on)
        must_show(server, off)


@check("CO-11", "CO-20")
def a_first_certificate_is_made_when_it_is_switched_on(server: Server) -> None:
    """A project created without a certificate gets its own as soon as it is enabled."""
    project, other = server.create_project(enable_sign_key=False), server.create_project()
    must_be_done(server, _enable(server, project, False), project["id"])
    must_show(server, project)
    must_be_done(server, _enable(server, project, True), project["id"])
    must_show(server, _must_have_new(server, project, other["sign_key"], project["vendor_key"]))
    must_show(server, other)


@check("CO-21", "CO-22", profile=Profile.LOCAL)
def a_reset_gives_a_new_certificate(server: Server) -> None:
    """Each reset gives a certificate that never was before, keeps it from then on, and changes nothing else."""
    project, other = server.create_project(), server.create_project()
    known = [project["sign_key"], other["sign_key"]]
    for _ in range(3):
        must_be_done(server, _reset(server, project["id"]), project["id"])
        seen = _must_have_new(server, project, *known)
        known.append(seen["sign_key"])
        must_be_done(server, _enable(server, project, False), project["id"])
        must_be_done(server, _enable(server, project, True), project["id"])
        must_show(server, seen)
    must_show(server, other)


@check("CO-21", profile=Profile.LOCAL)
def a_reset_switches_the_certificate_on(server: Server) -> None:
    """A certificate that is off, or was never on, is on after a reset, and a new one."""
    never, off = server.create_project(enable_sign_key=False), server.create_project()
    must_be_done(server, _enable(server, off, False), off["id"])
    for project in (never, off):
        must_be_done(server, _reset(server, project["id"]), project["id"])
        _must_have_new(server, project, project["sign_key"])


@check("CO-17", "CO-21", profile=Profile.LOCAL)
def a_reset_wants_an_enabled_project(server: Server) -> None:
    """The certificate of an unknown, a deleted or a disabled project is not reset: 404, and it stays what it was."""
    must_be_no_project(_reset(server, unknown_project_id(server)))
    gone, disabled = server.create_project(), server.create_project()
    server.delete_project(gone["id"]).must_succeed()
    must_be_no_project(_reset(server, gone["id"]))
    server.set_project_status(disabled["id"], 0).must_succeed()
    must_be_no_project(_reset(server, disabled["id"]))
    server.set_project_status(disabled["id"], 1).must_succeed()
    must_show(server, disabled)


@check("CO-16", "CO-22")
def certificates_outlast_a_switch_of_the_project(server: Server) -> None:
    """A project that is disabled and enabled again has its certificate as before, on or off."""
    for project in (server.create_project(), server.create_project(enable_sign_key=False)):
        server.set_project_status(project["id"], 0).must_succeed()
        server.set_project_status(project["id"], 1).must_succeed()
        must_show(server, project)


def _enable(server: Server, project: dict[str, Any], enable: bool) -> Response:
    return server.send("enable_certificate", body={"id": project["id"], "enable": enable})


def _reset(server: Server, project_id: str) -> Response:
    return server.send("reset_certificate", body={"id": project_id})


def _must_have_new(server: Server, project: dict[str, Any], *known: str) -> dict[str, Any]:
    """The project as it is now: with a certificate that is on and none of `known`, and otherwise as it was."""
    seen = look(server, project["id"])
    must_be_same(seen, project, server.trail[-1], but=("sign_key",))
    if not seen["sign_key"] or seen["sign_key"] in known:
        got = "a certificate that was known" if seen["sign_key"] else "no certificate"
        raise Broken("a new certificate of its own", got, server.trail[-1])
    return seen
