"""A machine that makes, finds, switches, changes and deletes projects in any order.

The model holds the expected fields of a project and whether it still exists. Server-chosen values (IDs, certificates)
is taken from it once and must stay; a certificate that was never shown is not known until it is.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, rule

from agora_rest.contract.http.response import Response
from agora_rest.contract.machines.base import TURNED, Machine, Outcome, refusal, success
from agora_rest.contract.outcomes import Broken
from agora_rest.contract.scenarios._console import NO_SUCH_PROJECT, must_be_same

_ADDRESSES = st.sampled_from(("10.2.2.8:8080", "10.12.1.5:1", "192.0.2.1:65535"))
_WAYS: Final = (("id",), ("name",), ("id", "name"))

Draw = Callable[[st.SearchStrategy[Any]], Any]


@dataclass
class ModelProject:
    """A project as it should be: `shown` is what the server should show of it.

    certificate: the value shown when enabled; None until it has been seen. former: its earlier certificates.
    """

    shown: dict[str, Any]
    certificate: str | None = field(repr=False)
    former: tuple[str, ...] = field(default=(), repr=False)
    exists: bool = True

    @property
    def id(self) -> str:
        """Its ID."""
        return str(self.shown["id"])

    @property
    def is_enabled(self) -> bool:
        """Whether it exists and is enabled."""
        return self.exists and self.shown["status"] == 1

    def learn(self, sign_key: str) -> None:
        """Take note of a certificate that is seen for the first time."""
        self.certificate = self.shown["sign_key"] = sign_key


class Projects(Machine):
    """See the module."""

    @initialize(turned=TURNED)
    def begin(self, turned: bool) -> None:
        """Projects that existed before the run stay unchanged."""
        self.server.turned = turned
        self.others = self.server.list_projects()
        self.all: list[ModelProject] = []
        self.looks = 0
        self._create(self.server.fresh_name("project"), enable=True)

    @rule(data=st.data())
    def act(self, data: st.DataObject) -> None:
        """Do something. One rule, so that Hypothesis leaves no action out of an example, as it does with rules."""
        actions = (
            *(self._create_one, self._find, self._switch, self._switch, self._delete, self._use),
            *(self._set_recording_server, self._enable_certificate, self._enable_certificate, self._reset_certificate),
        )
        data.draw(st.sampled_from(actions))(data.draw)

    @invariant()
    def all_are_listed(self) -> None:
        """All projects are listed, and as they should be; one of the latest is found by its ID, its name, or both."""
        response = self.server.send("list_projects")
        self.compare(response, success("CO-14"))
        listed = {each["id"]: each for each in response.need("projects")}
        there = {each.id: each for each in self.all if each.exists}
        expected = sorted([each["id"] for each in self.others] + list(there))
        if sorted(each["id"] for each in response.need("projects")) != expected:
            raise response.broken(f"the projects {expected} once each").about("CO-14")
        for other in self.others:
            must_be_same(listed[other["id"]], other, response.exchange)
        for known in there.values():
            self._see(known, listed[known.id], response)
        self.looks += 1
        known = self.all[-1 - self.looks % min(3, len(self.all))]
        self._look_for({name: known.shown[name] for name in _WAYS[self.looks // 3 % 3]})

    # -- made and found -----------------------------------------------------------------------------------------------

    def _create_one(self, draw: Draw) -> None:
        """Create a project with a new name, or with that of any project so far, deleted or not."""
        name = self._any(draw).shown["name"] if draw(st.booleans()) else self.server.fresh_name("project")
        self._create(name, enable=draw(st.booleans()))

    def _find(self, draw: Draw) -> None:
        """Look for a project by its ID, its name, or the ID of one and the name of another."""
        one, other, way = self._any(draw), self._any(draw), draw(st.sampled_from(_WAYS))
        self._look_for({name: (one if name == way[0] else other).shown[name] for name in way})

    # -- changed ------------------------------------------------------------------------------------------------------

    def _switch(self, draw: Draw) -> None:
        """Enable or disable a project."""
        self._set_status(self._any(draw), draw(st.sampled_from((0, 1))))

    def _set_status(self, project: ModelProject, status: int) -> None:
        response = self.server.set_project_status(project.id, status)
        self.compare(response, success("CO-16") if project.exists else _no_project("CO-16"))
        if project.exists:
            project.shown["status"] = status
            self._see(project, response.project, response)

    def _set_recording_server(self, draw: Draw) -> None:
        """Set the recording server."""
        project, address = self._any(draw), draw(_ADDRESSES)
        response = self._setting(project, "set_recording_server", "CO-19", recording_server=address)
        if response is not None:
            project.shown["recording_server"] = address
            self._must_be_done(project, response)

    def _enable_certificate(self, draw: Draw) -> None:
        """Switch the certificate on or off."""
        project, enable = self._any(draw), draw(st.booleans())
        response = self._setting(project, "enable_certificate", "CO-20", enable=enable)
        if response is not None:
            project.shown["sign_key"] = project.certificate if enable else ""
            self._must_be_done(project, response)

    def _reset_certificate(self, draw: Draw) -> None:
        """Reset the certificate."""
        project = self._any(draw)
        response = self._setting(project, "reset_certificate", "CO-21")
        if response is not None:
            if project.certificate is not None:
                project.former = (*project.former, project.certificate)
            project.certificate = project.shown["sign_key"] = None
            self._must_be_done(project, response)

    def _delete(self, draw: Draw) -> None:
        """Delete a project."""
        project = self._any(draw)
        response = self.server.delete_project(project.id)
        self.compare(response, success("CO-18") if project.exists else _no_project("CO-18"))
        project.exists = False

    # -- used ---------------------------------------------------------------------------------------------------------

    def _use(self, draw: Draw) -> None:
        """Query usage: existing projects are included, others left out. A deleted App ID is invalid."""
        self._use_these(self._any(draw), self._any(draw))

    def conclude(self) -> None:
        """Disable the latest projects, and query their usage."""
        for project in self.all[-2:]:
            self._set_status(project, 0)
            self._use_these(project, self.all[0])

    def _use_these(self, one: ModelProject, other: ModelProject) -> None:
        named = sorted({one.id: one, other.id: other}.items())
        days = {"from_date": "2020-02-28", "to_date": "2020-02-29"}
        query = {**days, "projects": ",".join(number for number, _ in named)}
        response = self.server.send("get_usage_v1", query=query)
        self.compare(response, success("CO-30"))
        expected = [number for number, each in named if each.exists]
        if sorted(usage["project"] for usage in response.need("usages")) != expected:
            raise response.broken(f"the usage of {expected}").about("CO-30", "CO-33")
        response = self.server.send("get_usage_v3", query={**days, "project_id": one.id, "business": "default"})
        self.compare(response, success("CO-34") if one.exists else _no_project("CO-36"))
        if one.is_enabled or not one.exists:  # The documents do not define calls with a disabled project's App ID.
            response = self.server.send("list_channels", path={"appid": one.shown["vendor_key"]})
            self.compare(response, success("CO-54") if one.exists else refusal(400, "CO-18"))

    # -- inside -------------------------------------------------------------------------------------------------------

    def _any(self, draw: Draw) -> ModelProject:
        """A project, deleted or not, the latest ones more often."""
        found: ModelProject = draw(st.sampled_from(self.all[-3:]))
        return found

    def _look_for(self, query: dict[str, str]) -> None:
        met = [
            each for each in self.all if each.exists and all(each.shown[name] == value for name, value in query.items())
        ]
        response = self.server.find_project(**query)
        self.compare(response, success("CO-15") if met else _no_project("CO-15"))
        if met:  # Which of several the documents do not say.
            found = next((each for each in met if each.id == response.project["id"]), met[0])
            self._see(found, response.project, response)

    def _create(self, name: str, enable: bool) -> None:
        response = self.server.send("create_project", body={"name": name, "enable_sign_key": enable})
        is_taken = any(each.exists and each.shown["name"] == name for each in self.all)
        if is_taken and self.server.edition == "current":
            self.compare(response, refusal(400, "CO-70"))
            return
        self.compare(response, success("CO-10"))
        shown = dict(response.project)
        expected = {**shown, "name": name, "status": 1, "sign_key": shown["sign_key"] if enable else ""}
        must_be_same(shown, expected, response.exchange)
        response.must(not shown.get("recording_server"), "no recording server of a new project (CO-11)")
        for known in (*(each.shown for each in self.all), *self.others):
            if shown["id"] == known["id"] or shown["vendor_key"] == known["vendor_key"]:
                raise response.broken("an ID and an App ID never used by a project").about("CO-11")
        if enable:
            self._must_be_new(shown["sign_key"], (), response)
        self.all.append(ModelProject(shown, shown["sign_key"] or None))

    def _setting(self, project: ModelProject, operation: str, fact: str, **body: Any) -> Response | None:
        """Send a change that requires an enabled project; returns the response if it was applied."""
        response = self.server.send(operation, body={"id": project.id, **body})
        self.compare(response, success(fact) if project.is_enabled else _no_project(fact))
        return response if project.is_enabled else None

    def _must_be_done(self, project: ModelProject, response: Response) -> None:
        """A change returns success, or in the observed dialect the updated project."""
        if isinstance(response.get("project"), dict):
            self._see(project, response.project, response)
        else:
            response.must_hold(True, "success")

    def _see(self, project: ModelProject, seen: dict[str, Any], response: Response) -> None:
        """Compare a project with its expected state; record a certificate that is seen for the first time."""
        if project.shown["sign_key"] is None:
            self._must_be_new(seen["sign_key"], project.former, response)
            project.learn(seen["sign_key"])
        must_be_same(seen, project.shown, response.exchange)

    def _must_be_new(self, sign_key: Any, former: tuple[str, ...], response: Response) -> None:
        known = {each.certificate for each in self.all} | {each["sign_key"] for each in self.others} | set(former)
        if not sign_key or sign_key in known:
            wanted = Broken(
                "a certificate never used by a project", "no certificate, or a known one", response.exchange
            )
            raise wanted.about("CO-11", "CO-20", "CO-21")


def _no_project(*facts: str) -> Outcome:
    return refusal(404, "CO-17", *facts, saying=NO_SUCH_PROJECT)
