"""The known life of each recording: how it was acquired, started, changed and stopped."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

from agora_rest.state_models.memory import Memory
from agora_rest.state_models.observed import Observed, dig, objects

RUNNING: Final = range(1, 6)
"""Statuses of a recording that continues: initialised to in progress (CR-42, CR-137)."""
WEB: Final = "web"


@dataclass
class Life:
    """A resource ID and its recording."""

    acquired: Observed | None = None
    started: Observed | None = None
    """The first start that gave a sid."""
    sid: str = ""
    mode: str = ""
    stopped: Observed | None = None
    """The first stop that succeeded."""
    running: Observed | None = None
    """The latest query that showed it going on."""
    status: int | None = None
    """The latest status, and the query that gave it."""
    status_at: Observed | None = None
    slow: Observed | None = None
    """The first of the queries, since it was last ready, that show it not ready in time."""
    lost: Observed | None = None
    """The latest query that did not find it."""
    refused_starts: list[Observed] = field(default_factory=list)
    """Refused starts since it was last seen running."""
    unsettled: bool = False
    """A start was sent whose response gave no sid."""

    @property
    def identity(self) -> tuple[str, ...]:
        """App ID, channel and uid, as far as they are known."""
        source = self.acquired or self.started
        return () if source is None else identity_of(source)

    @property
    def client(self) -> dict[str, Any]:
        """The client request of the start."""
        found = None if self.started is None else self.started.in_request("clientRequest")
        return found if isinstance(found, dict) else {}


class Lives:
    """Remembers the recordings, by resource ID."""

    def __init__(self, size: int) -> None:
        self._lives: Memory[str, Life] = Memory(size)

    def of(self, seen: Observed) -> Life | None:
        """The recording that an exchange is about; None if it is about none."""
        resource = resource_of(seen)
        return self._lives.get_or_add(resource, Life) if resource else None


def resource_of(seen: Observed) -> str:
    """The resource ID of an exchange: that in the path, for `acquire` that in the response."""
    if seen.operation == "acquire":
        found = seen.in_response("resourceId") if seen.succeeded else None
        return found if isinstance(found, str) else ""
    return seen.path.get("resourceid", "")


def identity_of(seen: Observed) -> tuple[str, ...]:
    """App ID, channel and uid of a request about a recording; () if it does not give them."""
    if seen.effect.resource not in ("resource", "recording") or not isinstance(seen.body, dict):
        return ()
    return seen.path.get("appid", ""), str(seen.in_request("cname")), str(seen.in_request("uid"))


def status_of(seen: Observed) -> int | None:
    """The status of the recording in the response to a query; None if there is none."""
    found = seen.in_response("serverResponse", "status")
    if isinstance(found, str) and found.isdecimal() and len(found) < 4:
        return int(found)
    return found if isinstance(found, int) and not isinstance(found, bool) else None


def service(seen: Observed, name: str) -> dict[str, Any] | None:
    """The payload of an extension service in a response (CR-139, CR-140); None if there is none."""
    for state in objects(seen.in_response("serverResponse", "extensionServiceState")):
        if state.get("serviceName") == name and isinstance(state.get("payload"), dict):
            found: dict[str, Any] = state["payload"]
            return found
    return None


def page_parameters(client: Any, name: str = "web_recorder_service") -> dict[str, Any]:
    """The parameters of an extension service in a client request; {} if it has none."""
    for each in objects(dig(client, "extensionServiceConfig", "extensionServices")):
        if each.get("serviceName") == name and isinstance(each.get("serviceParam"), dict):
            found: dict[str, Any] = each["serviceParam"]
            return found
    return {}
