# Derived from the file of the same name in `_async` by scripts/derive_sync.py. Change that one.
"""The projects of an account."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from agora_rest.client._argument_names import argument_name
from agora_rest.client._extra import merged
from agora_rest.client._project_ids import project_id
from agora_rest.client._results import projects as results
from agora_rest.client._results.success import done
from agora_rest.client._sync.calls import Calls
from agora_rest.client.enums import ProjectStatus
from agora_rest.client.models import Project
from agora_rest.errors import InvalidArgument, NotFound
from agora_rest.redaction import shielded


class Projects:
    """Projects and their primary App certificates (facts CO-10 … CO-22, CO-68 … CO-75).

    A method that takes a project accepts its `id` or the `Project` itself. An unknown project raises NotFound (CO-17).
    """

    def __init__(self, calls: Calls) -> None:
        self._calls = calls

    def create(self, name: str, *, enable_sign_key: bool = False, extra: Mapping[str, Any] | None = None) -> Project:
        """Create a project, with its primary App certificate enabled or not (CO-10).

        `extra` sets members that servers accept but the documents do not mention; InvalidArgument is raised for a
        member that another argument sets to a different value.

        After a lost response, check the list before you repeat this call: it would create a second project.
        """
        from agora_console.api.projects import create_project

        extra = shielded(extra)
        members = {"name": name, "enable_sign_key": enable_sign_key}
        name_of = partial(argument_name, "create_project")
        body = merged(members, extra, operation="create_project", name_of=name_of)
        return self._calls.send(create_project.request(body=body), results.project)

    def list(self) -> tuple[Project, ...]:
        """List all projects (CO-14)."""
        from agora_console.api.projects import list_projects

        return self._calls.send(list_projects.request(), results.projects)

    def find(self, *, id: str | None = None, name: str | None = None) -> Project:  # noqa: A002  as in the API
        """Find the project with this ID, this name, or both (CO-15)."""
        from agora_console.api.projects import find_project

        if id is None and name is None:
            raise InvalidArgument("id", "or name is required", None, operation="find_project", facts=("CO-15",))
        wanted = None if id is None else project_id(id, "find_project")
        return self._calls.send(find_project.request(id=wanted, name=name), results.project)

    def set_status(self, project: str | Project, status: ProjectStatus | int) -> Project:
        """Enable (1) or disable (0) a project. Returns it with its new status (CO-16)."""
        from agora_console.api.projects import set_project_status

        body = {"id": project_id(project, "set_project_status"), "status": status}
        return self._calls.send(set_project_status.request(body=body), results.project)

    def enable(self, project: str | Project) -> Project:
        """Enable a project."""
        return self.set_status(project, ProjectStatus.ENABLED)

    def disable(self, project: str | Project) -> Project:
        """Disable a project. Its recording server and certificate cannot be changed then (CO-19 … CO-21)."""
        return self.set_status(project, ProjectStatus.DISABLED)

    def delete(self, project: str | Project) -> None:
        """Delete a project permanently (CO-18).

        The present documents do not have this call, so Agora's servers may refuse it: use `disable`.
        """
        from agora_console.api.projects import delete_project

        try:
            self._calls.send(delete_project.request(body={"id": project_id(project, "delete_project")}), done)
        except NotFound as error:
            if not error.may_have_taken_effect:
                raise  # Otherwise an earlier attempt, whose response was lost, deleted it.

    def set_recording_server(self, project: str | Project, address: str) -> Project | None:
        """Set `ip:port` of the server for On-premise Recording up to 1.9.0 (CO-19).

        Returns the project if the response contains it: the present documents promise it, those of 2020 do not (CO-74).
        """
        from agora_console.api.projects import set_recording_server

        body = {"id": project_id(project, "set_recording_server"), "recording_server": address}
        return self._calls.send(set_recording_server.request(body=body), results.project_if_given)

    def enable_certificate(self, project: str | Project, *, enable: bool = True) -> Project | None:
        """Enable the primary App certificate, or disable it with `enable=False` (CO-20).

        Returns the project if the response contains it: the present documents promise it, those of 2020 do not (CO-74).
        """
        from agora_console.api.projects import enable_certificate

        body = {"id": project_id(project, "enable_certificate"), "enable": enable}
        return self._calls.send(enable_certificate.request(body=body), results.project_if_given)

    def reset_certificate(self, project: str | Project) -> Project | None:
        """Replace the primary App certificate, and enable it (CO-21). Tokens made with the old one become invalid.

        Returns the project if the response contains it, as in `enable_certificate`; `find` always returns it.
        """
        from agora_console.api.projects import reset_certificate

        body = {"id": project_id(project, "reset_certificate")}
        return self._calls.send(reset_certificate.request(body=body), results.project_if_given)
