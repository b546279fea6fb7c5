"""Shared parts of the Console checks: reading responses in both dialects, and comparing states."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any, Final
from urllib.parse import quote

from agora_rest.contract.http.control import Control
from agora_rest.contract.http.exchange import Exchange
from agora_rest.contract.http.server import Response, Server
from agora_rest.contract.outcomes import Broken, Skipped, require
from agora_rest.contract.samples import sample
from agora_rest.contract.scenarios._recording import INVALID_APP_ID

NO_SUCH_PROJECT: Final = "project not exit"
"""The documents' message for an unknown project, in their own spelling (CO-17)."""

PROJECT_MEMBERS: Final = ("id", "name", "vendor_key", "sign_key", "recording_server", "status", "created")
"""The members of a project (CO-11)."""

_SET: Final = ("sign_key", "recording_server")
"""The members that these calls set. The responses that the present documents print show those of before (CO-74)."""

_MILLISECONDS: Final = 10**11
"""From here on a Unix time is one in milliseconds (CO-12)."""

SETTINGS: Final[Mapping[str, Mapping[str, Any]]] = {
    operation: {name: value for name, value in sample(operation).body.items() if name != "id"}
    for operation in ("set_recording_server", "enable_certificate")
}
"""The Console's POST calls on one project, each with what it needs beside the `id` and may be sent as often as one
likes. `reset_certificate` is not among them: it cannot be taken back."""


# -- refusals ----------------------------------------------------------------------------------------------------------


def must_be_no_project(response: Response) -> None:
    """The 404 of a project that is not there, with the text of the documents (CO-17)."""
    response.must_be_refused(404, saying=NO_SUCH_PROJECT)


def must_be_no_app_id(response: Response) -> None:
    """The 400 for an unknown App ID."""
    if response.status != 400 or response.exchange.message not in INVALID_APP_ID:
        raise response.broken('status 400 with {"message": "invalid appid"}')


# -- projects ----------------------------------------------------------------------------------------------------------


def is_documented(response: Response) -> bool:
    """Whether a response with one project is in the documented dialect: a list of one (CO-13)."""
    return isinstance(response.get("project"), list)


def speaks_documented(server: Server) -> bool:
    """Whether the server uses the documented dialect, determined from a response with a project (CO-13)."""
    known = server.list_projects()
    if not known:
        raise Skipped("the account has no project, so the server's dialect cannot be determined")
    return is_documented(server.find_project(id=known[0]["id"]).must_succeed())


def must_be_done(server: Server, response: Response, project_id: str) -> None:
    """A setting was made (CO-19 … CO-21): `{"success": true}`, or the project.

    In the observed dialect it is shown as it is now; today it may be shown as it was before (CO-74).
    """
    response.must_succeed()
    project = response.get("project")
    if isinstance(project, dict) and project.get("id") == project_id:
        but = _SET if response.exchange.edition == "current" else ()
        must_be_same(project, look(server, project_id), response.exchange, but=but)
    elif response.get("success") is not True:
        raise response.broken('{"success": true}')


def look(server: Server, project_id: str) -> dict[str, Any]:
    """A project as the server shows it, which must be the same found as listed."""
    response = server.find_project(id=project_id).must_succeed()
    found = response.project
    listed = [each for each in server.list_projects() if each.get("id") == project_id]
    require(len(listed) == 1, f"the project {project_id} once in the list", f"{len(listed)} times", server.trail[-1])
    must_be_same(listed[0], found, server.trail[-1])
    return found


def must_be_same(
    seen: Mapping[str, Any], expected: Mapping[str, Any], exchange: Exchange | None, *, but: Iterable[str] = ()
) -> None:
    """Two views of one project agree in every member `but` these, down to the type."""
    for name in (name for name in PROJECT_MEMBERS if name not in but):
        one, other = seen.get(name), expected.get(name)
        if one != other or type(one) is not type(other):
            raise Broken(f"the project's `{name}` to be {_shown(name, other)}", _shown(name, one), exchange)


def must_show(server: Server, project: Mapping[str, Any]) -> None:
    """The server shows the project so, found and listed."""
    must_be_same(look(server, project["id"]), project, server.trail[-1])


def _shown(name: str, value: Any) -> str:
    """A member as a finding may show it; certificates are not shown."""
    if name == "sign_key" and value:
        return "a certificate (a different one)"
    return repr(value)


def unknown_project_id(server: Server) -> str:
    """An unused project ID, in the format of the account's own."""
    known = {each["id"] for each in server.list_projects()}
    pattern = next(iter(sorted(known)), "0123456789abcdef")
    return next(each for each in _variations(pattern) if each not in known)


def unknown_app_id(server: Server, *known: str) -> str:
    """A well-formed, unused App ID."""
    taken = {server.app_id, *known}
    with suppress(Broken):
        taken |= {each["vendor_key"] for each in server.list_projects()}
    return next(each for each in _variations(server.app_id) if each not in taken)


def _variations(text: str) -> Iterable[str]:
    """Texts of the same length and characters: the first is `text` turned round."""
    yield text[::-1]
    for turn in range(1, len(text)):
        yield text[turn:] + text[:turn]
    while True:
        text = f"{text}0"
        yield text


def app_id_of(server: Server) -> str:
    """The App ID of a new project: nothing but what the check does happens under it."""
    found: str = server.create_project()["vendor_key"]
    return found


# -- time --------------------------------------------------------------------------------------------------------------


def now(server: Server) -> float:
    """The server's time in Unix seconds: its clock if it can be read, otherwise that of this machine."""
    if server.control is None or Control.CLOCK not in server.offers:
        return time.time()
    return float(server.control.clock()["unix"])


def slack(server: Server) -> float:
    """How many seconds the server's time may be away from `now`: a few, or what strangers' clocks differ by."""
    return 5 if Control.CLOCK in server.offers else 600


def unix_seconds(project: Mapping[str, Any], exchange: Exchange | None = None) -> float:
    """When a project was created; a value of 10¹¹ or more is in milliseconds (CO-12)."""
    created = project.get("created")
    if not isinstance(created, int) or isinstance(created, bool):
        raise Broken("`created` to be a whole number", repr(created), exchange)
    return created if created < _MILLISECONDS else created / 1000


def instant(text: Any, exchange: Exchange | None = None) -> float:
    """An ISO 8601 time in Unix seconds; raises Broken if it has no time zone (CO-45)."""
    try:
        moment = datetime.fromisoformat(text)
    except (TypeError, ValueError):
        raise Broken("a time in ISO 8601", repr(text), exchange) from None
    require(moment.tzinfo is not None, "a time with its zone, such as Z", repr(text), exchange)
    return moment.timestamp()


def must_be_about(seen: float, expected: float, within: float, what: str, exchange: Exchange | None = None) -> None:
    """Asserts that two moments or durations, in seconds, differ by at most `within`."""
    if abs(seen - expected) > within:
        raise Broken(f"{what} to be {expected:.0f} s, give or take {within:.0f} s", f"{seen:.0f} s", exchange)


# -- users -------------------------------------------------------------------------------------------------------------


def join_all(server: Server, app_id: str, cname: str, uids: Sequence[int], **more: Any) -> None:
    """Put many users into a channel with one call of the control API; Skipped if it takes only one at a time."""
    if Control.USERS not in server.offers:
        raise Skipped("the server does not let us control: users")
    url = f"/_emulator/channels/{app_id}/{quote(cname, safe='')}/users"
    if not server.request("POST", url, content=json.dumps({"uids": list(uids), **more}).encode()).succeeded:
        raise Skipped("the server's control takes no crowd of users in one call")
