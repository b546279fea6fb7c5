"""A response that contradicts its own request: another name, ID or status than requested."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from agora_rest.state_models.comparing import differ
from agora_rest.state_models.deviations import Deviation, deviation
from agora_rest.state_models.observed import Observed, objects
from agora_rest.state_models.projects import projects_in

_SET_BY_A_CALL: Final = {
    "name": ("project_name", "CO-10 CO-11"),
    "status": ("project_status", "CO-16"),
    "recording_server": ("recording_server", "CO-19 CO-74"),
}
"""The check and the facts of each member of a project that a request may set."""


class Outcomes:
    """Compares each success with its request; remembers nothing."""

    def observe(self, seen: Observed) -> Iterator[Deviation]:
        """The members of a response that contradict its request."""
        if not seen.succeeded or not isinstance(seen.payload, dict):
            return
        if seen.effect.resource in ("resource", "recording"):
            yield from _identity(seen)
        elif seen.effect.resource == "project" and seen.effect.kind in ("creates", "changes"):
            yield from _project(seen)
        elif seen.operation == "find_project":
            yield from _found(seen)
        elif seen.operation in ("update_kicking_rule", "delete_kicking_rule"):
            yield from _rule(seen)
        elif seen.operation == "list_kicking_rules":
            yield from _rules(seen)


def _identity(seen: Observed) -> Iterator[Deviation]:
    for name in ("cname", "uid"):
        received, requested = seen.in_response(name), seen.in_request(name)
        if differ(received, requested):
            title = f"A response repeats the `{name}` of its request"
            yield deviation("identity_is_echoed", "CR-76 CR-36", title, "the same", "another", seen)


def _project(seen: Observed) -> Iterator[Deviation]:
    found = projects_in(seen)
    if len(found) != 1:
        return
    project = found[0]
    yield from _same(seen, "project_is_the_one", "CO-74 CO-16", "id", project.get("id"))
    if seen.effect.kind == "changes" and seen.edition == "current":
        return  # the answers that the present documents print do not show the change (CO-74)
    for name, (check, facts) in _SET_BY_A_CALL.items():
        yield from _same(seen, check, facts, name, project.get(name) or ("" if name == "recording_server" else 0))
    yield from _certificate(seen, project, _enables_certificate(seen))
    if seen.operation == "create_project" and project.get("status") in (0, False):
        title = "A new project is enabled"
        yield deviation("new_project_is_on", "CO-10 CO-11", title, "status 1", "status 0", seen)


def _enables_certificate(seen: Observed) -> Any:
    """Whether a project has a certificate after the call; None if the call is not about it."""
    if seen.operation == "reset_certificate":
        return True
    return seen.in_request("enable_sign_key" if seen.operation == "create_project" else "enable")


def _same(seen: Observed, check: str, facts: str, name: str, received: Any) -> Iterator[Deviation]:
    requested = seen.in_request(name)
    if differ(received, requested):
        title = f"A response has the `{name}` of its request"
        yield deviation(check, facts, title, "the same", "another", seen)


def _certificate(seen: Observed, project: dict[str, Any], enabled: Any) -> Iterator[Deviation]:
    key = project.get("sign_key")
    if isinstance(key, str) and isinstance(enabled, bool) and bool(key) != enabled:
        title = "A project shows its certificate while it is on, and only then"
        expected, got = ("a certificate", "none") if enabled else ("none", "a certificate")
        yield deviation("certificate_as_asked", "CO-10 CO-11 CO-20 CO-21", title, expected, got, seen)


def _found(seen: Observed) -> Iterator[Deviation]:
    for name in ("id", "name"):
        requested = seen.query.get(name)
        if requested and any(differ(each.get(name), requested) for each in projects_in(seen)):
            title = f"What is found has the `{name}` that was looked for"
            yield deviation("found_is_looked_for", "CO-15", title, "that one", "another", seen)


def _rule(seen: Observed) -> Iterator[Deviation]:
    facts = "CO-46" if seen.operation == "update_kicking_rule" else "CO-47"
    received = seen.in_response("result", "id") if seen.operation == "update_kicking_rule" else seen.in_response("id")
    requested = seen.in_request("id")
    if isinstance(received, int) and isinstance(requested, int) and received != requested:
        title = "A response has the `id` of the requested rule"
        yield deviation("rule_is_the_one", facts, title, f"{requested}", f"{received}", seen)


def _rules(seen: Observed) -> Iterator[Deviation]:
    requested = seen.query.get("appid")
    for rule in objects(seen.in_response("rules")):
        if requested and differ(rule.get("appid"), requested):
            title = "Only rules of the requested App ID are listed"
            yield deviation("rules_of_the_app", "CO-45", title, "that App ID", "another", seen)
            return
