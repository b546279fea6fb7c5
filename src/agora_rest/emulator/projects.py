"""Projects, the owners of App IDs and certificates (CO-10 … CO-22)."""

from __future__ import annotations

from dataclasses import dataclass, field

from agora_rest.emulator.clock import Instant
from agora_rest.emulator.ids import Ids
from agora_rest.emulator.refusals import Conflict, InvalidAppId, InvalidInput, NoSuchProject


@dataclass
class Project:
    """One project (CO-11)."""

    id: str
    name: str
    app_id: str
    created: Instant
    certificate: str = field(repr=False)
    """The primary certificate, kept while disabled; the emulator has no other (CO-22)."""
    certificate_enabled: bool = False
    recording_server: str | None = None
    enabled: bool = True

    @property
    def sign_key(self) -> str:
        """The certificate shown to callers: empty while disabled."""
        return self.certificate if self.certificate_enabled else ""


class Projects:
    """All projects of the account, in the order they were created."""

    def __init__(self, ids: Ids) -> None:
        self._ids = ids
        self._by_id: dict[str, Project] = {}
        self._by_app_id: dict[str, Project] = {}

    def create(
        self,
        name: str,
        now: Instant,
        *,
        enable_certificate: bool = False,
        app_id: str | None = None,
        project_id: str | None = None,
        is_name_unique: bool = False,
    ) -> Project:
        """Create an enabled project (CO-10), with new IDs unless they are passed.

        Names may repeat, because the documents of 2020 allow it, unless `is_name_unique` (CO-70). Raises Conflict if an
        ID is taken, InvalidInput if the name is.
        """
        if is_name_unique and any(project.name == name for project in self._by_id.values()):
            raise InvalidInput("name: a project has it already", "CO-70")
        if app_id in self._by_app_id or project_id in self._by_id:
            raise Conflict("app_id, id: belongs to another project")
        project = Project(
            id=project_id or self._ids.project_id(),
            name=name,
            app_id=app_id or self._ids.app_id(),
            created=now,
            certificate=self._ids.certificate(),
            certificate_enabled=enable_certificate,
        )
        self._by_id[project.id] = self._by_app_id[project.app_id] = project
        return project

    def all(self) -> list[Project]:
        """All projects, including disabled ones (CO-14)."""
        return list(self._by_id.values())

    def find(self, *, project_id: str | None = None, name: str | None = None) -> Project:
        """The oldest project with this ID and this name; at least one is required (CO-15)."""
        if project_id is None and name is None:
            raise InvalidInput("id, name: at least one of them is needed", "CO-15")
        for project in self._by_id.values():
            if project_id in (None, project.id) and name in (None, project.name):
                return project
        raise NoSuchProject

    def get(self, project_id: str) -> Project:
        """The project with this ID, enabled or not (CO-16, CO-17)."""
        try:
            return self._by_id[project_id]
        except KeyError:
            raise NoSuchProject from None

    def get_enabled(self, project_id: str) -> Project:
        """The project with this ID; a disabled one counts as unknown (CO-19, CO-20, CO-21)."""
        project = self.get(project_id)
        if not project.enabled:
            raise NoSuchProject
        return project

    def require_app_id(self, app_id: str) -> Project:
        """The enabled project with this App ID (CR-15)."""
        project = self._by_app_id.get(app_id)
        if project is None or not project.enabled:
            raise InvalidAppId
        return project

    def delete(self, project_id: str) -> Project:
        """Delete a project, disabled or not (CO-18)."""
        project = self.get(project_id)
        del self._by_id[project.id], self._by_app_id[project.app_id]
        return project

    def reset_certificate(self, project_id: str) -> Project:
        """Replace the primary certificate, and enable it (CO-21)."""
        project = self.get_enabled(project_id)
        project.certificate = self._ids.certificate()
        project.certificate_enabled = True
        return project
