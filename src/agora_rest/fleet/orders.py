"""Orders of recordings, validated before they are written to the journal."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from agora_rest.client._argument_names import argument_name
from agora_rest.client._arguments import check, uid_text
from agora_rest.client._extra import filled, merged
from agora_rest.client._field_docs import with_field_docs
from agora_rest.client._modes import check_mode
from agora_rest.client.enums import RecordingMode
from agora_rest.client.settings import AnyConfig, QiniuStorage
from agora_rest.errors import InvalidArgument
from agora_rest.redaction import HIDDEN, Payload, secrets_in

_EXPIRED_HOUR: Final = 72
"""Hours for which a recording can be stopped unless acquire requests more (CR-85)."""
MAX_HOURS: Final = 720
"""The longest recording of a web page, in hours (CR-130)."""

_SOME_STORAGE: Final = QiniuStorage(region=0, bucket="bucket", access_key="key", secret_key="key")  # noqa: S106


@with_field_docs
@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """A recording to be made, from `start_at` until `stop_at`.

    Raises InvalidArgument for an order that could never be started.
    """

    app_id: str
    channel: str
    """The channel; for a web page a label, which distinguishes recordings (CR-81)."""
    uid: int | str
    """The recorder's user ID, which no other user of the channel may have."""
    storage: str | None
    """The name of a storage, which the workers' `storages` resolves; never its keys."""
    key: str = field(default_factory=lambda: uuid.uuid4().hex)
    """The caller's own name for this recording; ordering the same key twice makes one recording."""
    config: AnyConfig | None = None
    """How to record. Its type sets the mode; None is mode `mix`. It must not contain `secret` (pass its name instead),
    `salt` or `rtmp_urls`, which are secrets. A `WebConfig` needs its `url`, which must not contain a secret either."""
    secret: str | None = None
    """The name of the password of an encrypted channel, which the workers' `secrets` resolves."""
    extra: Mapping[str, Any] = field(default_factory=dict, repr=False)
    """Members of the start's `clientRequest` that the documents do not name, merged with `config` and with the storage.
    A member that both set to different values is refused; for the storage, when the start is due."""
    start_at: datetime | float | None = None
    """When to start: an aware datetime, or seconds since 1970; None is at once."""
    stop_at: datetime | float | None = None
    """When to stop; None for a recording that ends with `Journal.stop` only."""

    def __post_init__(self) -> None:
        """Refuse orders that could never be started, and secrets that must not be stored."""
        if not isinstance(self.extra, Mapping):
            raise InvalidArgument("extra", "must be a mapping of members", type(self.extra))
        if self.config is not None and (isinstance(self.config, type) or not hasattr(self.config, "client_request")):
            rule = "must be a RecordingConfig, an IndividualConfig or a WebConfig"
            raise InvalidArgument("config", rule, type(self.config))
        _no_secrets(self)
        if not self.key:
            raise InvalidArgument("key", "must not be empty", self.key)
        acquire = acquire_request(self.mode, self._members())
        check("acquire", {"appid": self.app_id}, _request(self, acquire))
        # The storage's own members are known to the worker only: it merges them when the start is due.
        storage = filled(_given_storage(self.extra), _SOME_STORAGE.to_request())
        start = merged(self._members(password="password"), {**self.extra, "storageConfig": storage}, name_of=_name_of)  # noqa: S106
        check("start_recording", {"appid": self.app_id, "resourceid": "x", "mode": self.mode}, _request(self, start))
        check_mode("start_recording", self.mode, start)
        begin, end = instant("start_at", self.start_at), instant("stop_at", self.stop_at)
        if begin is not None and end is not None and end <= begin:
            raise InvalidArgument("stop_at", "must be later than start_at", self.stop_at)

    @property
    def mode(self) -> RecordingMode:
        """The mode of the recording."""
        return RecordingMode.MIX if self.config is None else self.config.mode

    def row(self, now: float) -> dict[str, Any]:
        """The row of a new entry."""
        start_at = instant("start_at", self.start_at)
        members = self._members()
        config = members.pop("recordingConfig", {})
        return {
            "key": self.key,
            "app_id": self.app_id,
            "channel": self.channel,
            "uid": uid_text(self.uid),
            "mode": str(self.mode),
            "storage": self.storage,
            "secret": self.secret,
            # Through JSON, so that it compares equal with what comes out of the table.
            "config": json.loads(json.dumps(config)),
            "extra": json.loads(json.dumps(merged(members, self.extra, name_of=_name_of))),
            "start_at": now if start_at is None else start_at,
            "stop_at": instant("stop_at", self.stop_at),
        }

    def _members(self, password: str | None = None) -> dict[str, Any]:
        """The start's `clientRequest` from `config`, with `password` if the order names one."""
        if self.config is None and self.secret is None:
            return {}
        members = {} if self.config is None else dict(self.config.client_request())
        if self.secret is not None and password is not None:
            members["recordingConfig"] = {**members.get("recordingConfig", {}), "secret": password}
        return members


@dataclass(frozen=True, slots=True)
class ModeOnly:
    """A configuration that sets the mode only: everything else of a row goes with the start's `extra`."""

    mode: RecordingMode

    def to_request(self) -> Payload:
        """No members."""
        return Payload()

    client_request = to_request


def client_request(config: Mapping[str, Any], extra: Mapping[str, Any]) -> Payload:
    """The start's `clientRequest` without its storage. Raises InvalidArgument if the two contradict each other."""
    return merged({"recordingConfig": config} if config else {}, extra, name_of=_name_of)


def acquire_request(mode: str, members: Mapping[str, Any]) -> dict[str, Any]:
    """The `clientRequest` of acquire for a start with these members."""
    if mode != RecordingMode.WEB:
        return {}
    hours = max_recording_hours(members)
    return {"scene": 1, **({"resourceExpiredHour": hours} if hours > _EXPIRED_HOUR else {})}


def max_recording_hours(members: Mapping[str, Any]) -> int:
    """For how many hours the recording of a web page lasts at most, by the members of its start (CR-132)."""
    services = (members.get("extensionServiceConfig") or {}).get("extensionServices") or ()
    stated = [(service.get("serviceParam") or {}).get("maxRecordingHour") for service in services]
    return next((hours for hours in stated if isinstance(hours, int)), MAX_HOURS)


def _name_of(path: str) -> str | None:
    return argument_name("start_recording", f"clientRequest.{path}")


def instant(name: str, value: datetime | float | None) -> float | None:
    """Seconds since 1970."""
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise InvalidArgument(name, "must be a datetime with a time zone, or seconds since 1970", value)
        return value.timestamp()
    if value is not None and (isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < 1e11):
        raise InvalidArgument(name, "must be a datetime with a time zone, or seconds since 1970", value)
    return None if value is None else float(value)


def _given_storage(extra: Mapping[str, Any]) -> Mapping[str, Any]:
    found = extra.get("storageConfig") or {}
    if not isinstance(found, Mapping):
        raise InvalidArgument("extra.storageConfig", "must be an object", found)
    return found


def _no_secrets(order: Order) -> None:
    rule = "must not be given: a journal keeps no secrets; give the name of one as `secret`"
    members = {} if order.config is None else order.config.client_request()
    if _has_push(members):
        raise InvalidArgument("config.rtmp_urls", "must not be given: it holds a key, and a journal keeps none", HIDDEN)
    if secrets_in(_pages(members)):
        rule = "must have no secret in it: a journal keeps none; let the page request its token by an ID in its address"
        raise InvalidArgument("config.url", rule, HIDDEN)
    if secrets_in(members):
        raise InvalidArgument("config.secret", rule, HIDDEN)
    if secrets_in(order.extra) or _has_push(order.extra):
        raise InvalidArgument(
            "extra",
            "must have no secret in it: a journal keeps none; a recorder's token comes from the workers' `tokens`",
            HIDDEN,
        )


def _pages(members: Any) -> list[dict[str, str]]:
    """The addresses of web pages and images in the members."""
    if isinstance(members, Mapping):
        here = [{"url": member} for member in members.values() if isinstance(member, str)]
        return here + [page for member in members.values() for page in _pages(member)]
    return [page for member in members for page in _pages(member)] if isinstance(members, list | tuple) else []


def _has_push(members: Any) -> bool:
    """Whether the members contain an address to push to, whose last part is a key."""
    if isinstance(members, Mapping):
        return "rtmpUrl" in members or any(map(_has_push, members.values()))
    return isinstance(members, list | tuple) and any(map(_has_push, members))


def _request(order: Order, client_request: Mapping[str, Any]) -> Payload:
    return Payload(cname=order.channel, uid=uid_text(order.uid), clientRequest=Payload(client_request))
