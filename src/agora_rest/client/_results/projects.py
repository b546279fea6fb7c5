"""The results of calls of projects."""

from __future__ import annotations

from typing import Any, Final

from agora_rest.client._json_reader import Located, Reader, Text, UnixTime, Wire, unix_time
from agora_rest.client._reading import UnexpectedShape
from agora_rest.client._results.success import Done
from agora_rest.client.enums import ProjectStatus
from agora_rest.client.models import Project


class _Project(Wire):
    id: Text
    vendor_key: Text
    name: str | None = None
    status: int | None = None
    created: UnixTime | None = None
    sign_key: str | None = None
    recording_server: str | None = None


def _project(item: _Project) -> Project:
    return Project(
        id=item.id,
        name=item.name or "",
        app_id=item.vendor_key,
        sign_key=item.sign_key or "",
        recording_server=item.recording_server,
        status=None if item.status is None else ProjectStatus(item.status),
        created=None if item.created is None else unix_time(item.created),
        extra=item.rest,
    )


def _one_project(value: dict[str, Any]) -> Located:
    """The project, under `project` or (find) `projects`, in a list or as an object (CO-13)."""
    name = "projects" if "projects" in value and "project" not in value else "project"
    if name not in value:
        raise UnexpectedShape(name)
    found = value[name]
    if type(found) is not list:
        return Located(found, name)
    if len(found) != 1:
        raise UnexpectedShape(name, f"one project, not {len(found)}", found)
    return Located(found[0], f"{name}[0]")


project: Final = Reader(_Project, _project, locate=_one_project)
"""One project."""


class _Optional(Reader[Project | None]):
    """The project if the response contains a valid one; the call has succeeded either way (CO-19 … CO-21)."""

    def read(self, value: dict[str, Any]) -> Project | None:
        try:
            return project.read(value)
        except UnexpectedShape:
            return None


project_if_given: Final = _Optional(Done, lambda _: None)
"""The project if the server sends it, as the present documents state; those of 2020 print a bare success (CO-74)."""


class _Projects(Wire):
    projects: list[_Project]


def _projects(response: _Projects) -> tuple[Project, ...]:
    return tuple([_project(item) for item in response.projects])


projects: Final = Reader(_Projects, _projects, is_list=True)
"""All projects (CO-14)."""
