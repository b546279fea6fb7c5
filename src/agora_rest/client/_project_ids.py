"""Distinguishes project IDs from App IDs."""

from __future__ import annotations

import re
from typing import Final

from agora_rest.client.models import Project
from agora_rest.errors import InvalidArgument

_APP_ID: Final = re.compile(r"[0-9a-f]{32}", re.IGNORECASE | re.ASCII)


def project_id(project: str | Project, operation: str, field: str = "id") -> str:
    """The ID of `project`, an ID or the project itself. Raises InvalidArgument for an App ID (CO-11)."""
    found = project.id if isinstance(project, Project) else project
    if isinstance(found, str) and _APP_ID.fullmatch(found):
        rule = "must be a project's ID, and 32 hexadecimal digits are an App ID; projects.list() gives the `id` of each"
        raise InvalidArgument(field, f"{rule} `app_id`", found, operation=operation, facts=("CO-11",))
    return found
