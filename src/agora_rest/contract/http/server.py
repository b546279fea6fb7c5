"""A server as checks see it: one method per operation, and responses with assertions.

Responses of both dialects are supported. All else (broken bodies, other paths) goes through `send` and `request`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from agora_rest.contract.http.control import Control
from agora_rest.contract.http.response import Response
from agora_rest.contract.http.wire import OMIT, Account, Wire

__all__ = ["OMIT", "STORAGE", "Account", "Recording", "Resource", "Response", "Server"]

STORAGE: Final[Mapping[str, Any]] = {
    "vendor": 2,
    "region": 3,
    "bucket": "contract-bucket",
    "accessKey": "contract-access-key",
    "secretKey": "contract-secret-key",
}
"""Storage settings that any check may record with. The keys are invented."""


PAGE: Final[Mapping[str, Any]] = {
    "url": "https://example.com/board",
    "audioProfile": 0,
    "videoWidth": 1280,
    "videoHeight": 720,
    "maxRecordingHour": 1,
}
"""Parameters of a page that any check may record; no server under test needs to open it."""


def client_request(mode: str) -> dict[str, Any]:
    """The client request of a `start` in `mode`, with nothing in it that may be left out."""
    if mode == "web":
        service = {"serviceName": "web_recorder_service", "serviceParam": dict(PAGE)}
        return {"storageConfig": dict(STORAGE), "extensionServiceConfig": {"extensionServices": [service]}}
    group = {"recordingConfig": {"subscribeUidGroup": 0}} if mode == "individual" else {}
    return {"storageConfig": dict(STORAGE), **group}


@dataclass(frozen=True)
class Resource:
    """The result of `acquire`, and the channel and user it was acquired for."""

    id: str
    app_id: str
    cname: str
    uid: str


@dataclass(frozen=True)
class Recording:
    """A recording that was started."""

    resource: Resource
    sid: str
    mode: str = "mix"
    """As in the paths of its calls (CR-79)."""


class Server(Wire):
    """One server under test, and what people do with it."""

    # -- recordings ---------------------------------------------------------------------------------------------------

    def ask_acquire(self, cname: str | None = None, uid: str | None = None, **body: Any) -> Response:
        """Ask for a resource ID; `body` replaces or adds members (`OMIT` takes one away)."""
        members = {"cname": cname or self.fresh_channel(), "uid": uid or self.fresh_uid(), "clientRequest": {}, **body}
        return self.send("acquire", body=members)

    def acquire(
        self,
        cname: str | None = None,
        uid: str | None = None,
        *,
        app_id: str | None = None,
        mode: str = "mix",
        **client: Any,
    ) -> Resource:
        """A resource ID for a recording in `mode`, by this client request; the call must succeed."""
        cname, uid, app_id = cname or self.fresh_channel(), uid or self.fresh_uid(), app_id or self.app_id
        body = {"cname": cname, "uid": uid, "clientRequest": {**({"scene": 1} if mode == "web" else {}), **client}}
        response = self.send("acquire", path={"appid": app_id}, body=body).must_succeed()
        return Resource(response.need("resourceId"), app_id, cname, uid)

    def start(
        self,
        resource: Resource,
        *,
        config: Mapping[str, Any] | None = None,
        storage: Mapping[str, Any] | None = None,
        path: Mapping[str, str] | None = None,
        **body: Any,
    ) -> Response:
        """Ask for a recording.

        `config` and `storage` are laid over settings that work; `body` and `path` replace members.
        """
        settings = {
            **({"recordingConfig": dict(config)} if config is not None else {}),
            "storageConfig": {**STORAGE, **(storage or {})},
        }
        members = {"cname": resource.cname, "uid": resource.uid, "clientRequest": settings, **body}
        return self.send("start_recording", path={**path_of(resource), **(path or {})}, body=members)

    def record(
        self, cname: str | None = None, uid: str | None = None, *, app_id: str | None = None, **config: Any
    ) -> Recording:
        """A running recording; `config` are members of `recordingConfig`. Both calls must succeed."""
        resource = self.acquire(cname, uid, app_id=app_id)
        return self.recording(resource, self.start(resource, config=config or None))

    def record_in(self, mode: str, **config: Any) -> Recording:
        """A running recording in `mode`; `config` are members of `recordingConfig`. Both calls must succeed."""
        resource = self.acquire(mode=mode)
        client = client_request(mode)
        if mode != "web":
            client["recordingConfig"] = {**client.get("recordingConfig", {}), **config}
        return self.recording(resource, self.start(resource, path={"mode": mode}, clientRequest=client), mode)

    def recording(self, resource: Resource, response: Response, mode: str = "mix") -> Recording:
        """The recording a `start` in `mode` gave; it must have succeeded."""
        return Recording(resource, response.must_succeed().need("sid"), mode)

    def update(self, recording: Recording, *, path: Mapping[str, str] | None = None, **client: Any) -> Response:
        """Ask for changes of a recording; `client` are members of the client request."""
        return self.send("update_recording", path={**path_of(recording), **(path or {})}, body=_of(recording, client))

    def update_layout(self, recording: Recording, *, path: Mapping[str, str] | None = None, **client: Any) -> Response:
        """Ask for another layout of a recording in mode `mix`; `client` are members of the client request."""
        named = {**path_of(recording), "mode": "mix", **(path or {})}
        return self.send("update_layout", path=named, body=_of(recording, client))

    def query(self, recording: Recording, *, path: Mapping[str, str] | None = None) -> Response:
        """Ask how a recording is."""
        return self.send("query_recording", path={**path_of(recording), **(path or {})})

    def stop(self, recording: Recording, *, path: Mapping[str, str] | None = None, **body: Any) -> Response:
        """Ask for a recording's end."""
        members = {**_of(recording, {}), **body}
        return self.send("stop_recording", path={**path_of(recording), **(path or {})}, body=members)

    # -- projects -----------------------------------------------------------------------------------------------------

    def create_project(self, name: str | None = None, *, enable_sign_key: bool = True) -> dict[str, Any]:
        """A new project, as the server describes it; the call must succeed."""
        members = {"name": name or self.fresh_name("project"), "enable_sign_key": enable_sign_key}
        return self.send("create_project", body=members).must_succeed().project

    def list_projects(self) -> list[dict[str, Any]]:
        """All projects; the call must succeed."""
        found: list[dict[str, Any]] = self.send("list_projects").must_succeed().need("projects")
        return found

    def find_project(self, *, id: str | object = OMIT, name: str | object = OMIT) -> Response:  # noqa: A002
        """Look a project up."""
        return self.send("find_project", query={"id": id, "name": name})

    def set_project_status(self, id: str, status: int) -> Response:  # noqa: A002
        """Switch a project on (1) or off (0)."""
        return self.send("set_project_status", body={"id": id, "status": status})

    def delete_project(self, id: str) -> Response:  # noqa: A002
        """Ask for a project's end."""
        return self.send("delete_project", body={"id": id})

    # -- kicking rules ------------------------------------------------------------------------------------------------

    def ask_kick(self, **body: Any) -> Response:
        """Ask for a kicking rule; `body` are its members (`OMIT` takes one away)."""
        return self.send(
            "create_kicking_rule", body={"appid": self.app_id, "time": 60, "privileges": ["join_channel"], **body}
        )

    def kick(self, **body: Any) -> int:
        """A kicking rule's ID; the call must succeed."""
        found: int = self.ask_kick(**body).must_succeed().need("id")
        return found

    def kicking_rules(self, app_id: str | None = None) -> list[dict[str, Any]]:
        """All kicking rules of an App ID; the call must succeed."""
        response = self.send("list_kicking_rules", query={"appid": app_id or self.app_id}).must_succeed()
        found: list[dict[str, Any]] = response.need("rules")
        return found

    # -- channels -----------------------------------------------------------------------------------------------------

    def user(self, cname: str, uid: int, *, app_id: str | None = None) -> Response:
        """A user's status in a channel; the call must succeed."""
        path = {"appid": app_id or self.app_id, "uid": str(uid), "cname": cname}
        return self.send("get_user_property", path=path).must_succeed()

    def users(self, cname: str, *, app_id: str | None = None) -> Response:
        """The users in a channel; the call must succeed."""
        return self.send("list_channel_users", path={"appid": app_id or self.app_id, "cname": cname}).must_succeed()

    def channels(self, *, app_id: str | None = None, **query: Any) -> Response:
        """A page of channels; `query`: `page_no`, `page_size`. The call must succeed."""
        return self.send("list_channels", path={"appid": app_id or self.app_id}, query=query).must_succeed()

    # -- emulator only -----------------------------------------------------------------------------

    def advance(self, *, minutes: float = 0, seconds: float = 0) -> None:
        """Move the server's clock forward."""
        self._controls(Control.CLOCK).advance(60 * minutes + seconds)

    def stands_still(self) -> bool:
        """Whether the server's clock moves only when it is advanced."""
        return self.control is not None and Control.CLOCK in self.offers and self.control.stands_still()

    def join(self, cname: str, uid: int, *, app_id: str | None = None, **more: Any) -> bool:
        """Add a user to a channel; returns False when a rule denies it. `more`: `ip`, `role`, `mode`."""
        return self._controls(Control.USERS).join(app_id or self.app_id, cname, uid, **more)

    def leave(self, cname: str, uid: int, *, app_id: str | None = None) -> None:
        """Take a user out of a channel."""
        self._controls(Control.USERS).leave(app_id or self.app_id, cname, uid)

    def limit_rate(self) -> None:
        """Put the rate limit in force, which checks otherwise run without."""
        self._controls(Control.QUOTA).set(rate_limit=True)

    def choose_upload(self, outcome: str) -> None:
        """Let a `stop` find the files in this state from now on; raises HTTPStatusError where they cannot be chosen."""
        self._controls(Control.CLOCK).set(stop_outcome=outcome)

    def layout(self, recording: Recording) -> dict[str, Any]:
        """The layout of a recording in mode `mix`, as the server's state shows it."""
        found: dict[str, Any] = self._controls(Control.STATE).recording(recording.sid).get("layout", {})
        return found

    def seed_usage(self, **body: Any) -> None:
        """Seed usage figures; the body is the emulator's own."""
        self._controls(Control.USAGE).usage(**body)


def path_of(what: Resource | Recording) -> dict[str, str]:
    """The path parameters that name a resource or a recording."""
    resource = what.resource if isinstance(what, Recording) else what
    path = {"appid": resource.app_id, "resourceid": resource.id}
    return {**path, "sid": what.sid, "mode": what.mode} if isinstance(what, Recording) else path


def _of(recording: Recording, client: Mapping[str, Any]) -> dict[str, Any]:
    """The body of a call about a recording."""
    return {"cname": recording.resource.cname, "uid": recording.resource.uid, "clientRequest": dict(client)}
