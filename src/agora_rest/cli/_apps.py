"""The App that a command is about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agora_rest.cli._accounts import Account
from agora_rest.cli._exits import CliError

if TYPE_CHECKING:
    from agora_rest import Agora, App


def app_of(agora: Agora, account: Account) -> App:
    """The App that `account` names, or the only enabled one. Raises CliError if there are several or none."""
    named = account.get("app_id")
    return agora.app(named.value if named else _only_app_id(agora))


def _only_app_id(agora: Agora) -> str:
    enabled = [project for project in agora.projects.list() if project.enabled]
    if len(enabled) == 1:
        return enabled[0].app_id
    raise CliError(
        f"Which App? The account has {len(enabled)} enabled projects: pass --app-id, or set AGORA_APP_ID. "
        "`agora-rest projects list` shows them."
    )
