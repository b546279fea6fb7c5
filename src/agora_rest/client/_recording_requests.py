"""Converts and checks the arguments of the calls of a recording.

Most modules of settings are imported where they are used, because a program that only reads needs none of them.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from agora_rest.client._argument_names import argument_name
from agora_rest.client._arguments import uid_text
from agora_rest.client._extra import merged
from agora_rest.client._modes import INDIVIDUAL, MIX, WEB, check_mode
from agora_rest.client.enums import RecordingMode
from agora_rest.client.models import Resource, StartedRecording
from agora_rest.errors import InvalidArgument
from agora_rest.redaction import HIDDEN, Payload

if TYPE_CHECKING:
    from agora_rest.client.settings import AnyConfig, ResourceConfig, Storage, Subscription

_CONFIGS: Final = {
    MIX: ("RecordingConfig", "record"),
    INDIVIDUAL: ("IndividualConfig", "record_individual"),
    WEB: ("WebConfig", "record_web"),
}


def config_of(mode: RecordingMode, config: Any, url: str | None = None) -> Any:
    """The configuration for a mode, and not that of another one."""
    if config is None and mode is MIX:
        return None
    given = None if isinstance(config, type) else getattr(config, "mode", None)
    if given is not mode:
        rule = f"must be {'an' if mode is INDIVIDUAL else 'a'} {_CONFIGS[mode][0]}"
        hint = f"; use {_CONFIGS[given][1]} for that one" if given in _CONFIGS else ""
        raise InvalidArgument("config", rule + hint, type(config) if config is not None else None)
    if mode is WEB:
        if config.url not in (None, url):
            raise InvalidArgument("url", "must not differ from that of `config`", url)
        try:
            return dataclasses.replace(config, url=url)
        except InvalidArgument as error:
            refused = error.with_traceback(None)  # `replace` has a variable with all arguments, also secret ones.
        raise refused
    return config


def outlasting(config: Any, resource_config: ResourceConfig | None) -> ResourceConfig | None:
    """A resource that a web page's recording can be stopped with for as long as it may last (CR-132)."""
    from agora_rest.client.settings import ResourceConfig

    hours, given = config.max_recording_hour, getattr(resource_config, "resource_expired_hour", None)
    if not isinstance(hours, int) or not isinstance(resource_config, ResourceConfig | None):
        return resource_config  # It is rejected with the other arguments.
    if given is None and _EXPIRED_HOUR < hours <= _MAX_HOURS:
        return dataclasses.replace(resource_config or ResourceConfig(), resource_expired_hour=hours)
    if isinstance(given, int) and given < hours:
        rule = "must be at least max_recording_hour: a recording whose resource has expired cannot be stopped"
        raise InvalidArgument("resource_expired_hour", rule, given, facts=("CR-86", "CR-132"))
    return resource_config


_EXPIRED_HOUR: Final = 72
"""The default of `resource_expired_hour` (CR-85)."""
_MAX_HOURS: Final = 720
"""The most hours of both (CR-85, CR-130). The schema rejects more."""


def acquire_members(mode: RecordingMode | str, config: ResourceConfig | None) -> Payload:
    """The `clientRequest` of acquire. In the modes of channels it has no `scene`, which is 0 by default (CR-83)."""
    members = Payload()
    if config is not None:
        from agora_rest.client.settings import ResourceConfig

        members = _written("config", config, ResourceConfig, "a ResourceConfig", "acquire")
    if not isinstance(mode, str) or mode not in _CONFIGS:
        rule = f"must be one of {', '.join(map(str, _CONFIGS))}"
        raise InvalidArgument("mode", rule, mode, operation="acquire", facts=("CR-79",))
    return Payload({**members, "scene": 1}) if mode == WEB else members


def start_request(
    storage: Storage, config: AnyConfig | None, token: str | None, extra: Mapping[str, Any] | None
) -> Payload:
    from agora_rest.client.settings import Storage

    members = Payload(storageConfig=_written("storage", storage, Storage, "a storage such as S3Storage"))
    if config is not None:
        if isinstance(config, type) or not hasattr(config, "client_request"):
            rule = "must be a RecordingConfig, an IndividualConfig or a WebConfig"
            raise InvalidArgument("config", rule, type(config), operation="start_recording")
        members.update(config.client_request())
    if token is not None:
        members["token"] = valid_token("start_recording", token)
    request = client_request("start_recording", members, extra)
    check_mode("start_recording", MIX if config is None else config.mode, request)
    return request


def update_request(
    subscribe_audio: Subscription | None,
    subscribe_video: Subscription | None,
    *,
    onhold: bool | None,
    rtmp_urls: Sequence[str] | None,
    storage: Storage | None,
    extra: Mapping[str, Any] | None,
) -> Payload:
    from agora_rest.client.settings import Storage, rtmp_outputs, subscription_members

    members = Payload()
    lists = {
        "audioUidList": subscription_members("subscribe_audio", subscribe_audio, "Audio"),
        "videoUidList": subscription_members("subscribe_video", subscribe_video, "Video"),
    }
    if subscribed := {name: members for name, members in lists.items() if members}:
        members["streamSubscribe"] = subscribed
    if onhold is not None:
        members["webRecordingConfig"] = {"onhold": onhold}
    if rtmp_urls is not None:
        members["rtmpPublishConfig"] = rtmp_outputs(rtmp_urls)
    if storage is not None:
        kinds = "a storage such as S3Storage"
        members["storageConfig"] = _written("storage", storage, Storage, kinds, "update_recording")
    if not members and extra is None:
        raise InvalidArgument("update", "needs at least one change", None, operation="update_recording")
    return client_request("update_recording", members, extra)


def require(name: str, value: Any, kind: type[Resource | StartedRecording], operation: str | None) -> None:
    """Refuse another object than one of `kind`, such as a `sid`."""
    if not isinstance(value, kind):
        hint = ": pass its `started`" if isinstance(getattr(value, "started", None), kind) else ""
        rule = f"must be a {kind.__name__}{hint}"
        given = None if value is None else type(value)
        raise InvalidArgument(name, rule, given, operation=operation)


def require_same_scene(resource: Resource, config: AnyConfig | None, mode: RecordingMode) -> None:
    """Refuse a web page for the resource of a channel, and the other way round (CR-83)."""
    if resource.mode is None or (resource.mode == WEB) == (mode is WEB):
        return
    kinds = _CONFIGS[WEB][0] if resource.mode == WEB else "RecordingConfig or IndividualConfig"
    rule = f"must be a {kinds}, because the resource was acquired for mode {resource.mode}"
    given = None if config is None else type(config)
    raise InvalidArgument("config", rule, given, operation="start_recording", facts=("CR-83",))


def _written(name: str, setting: Any, kind: Any, kinds: str, operation: str = "start_recording") -> Payload:
    """`setting` in the form of a request. For other objects only the type is reported: they may contain keys."""
    if setting is None:
        raise InvalidArgument(name, "is required", None, operation=operation)
    if not isinstance(setting, kind):
        raise InvalidArgument(name, f"must be {kinds}", type(setting), operation=operation)
    written: Payload = setting.to_request()
    return written


def valid_token(operation: str, token: Any) -> str:
    if not isinstance(token, str) or not token.isprintable() or not token:
        raise InvalidArgument("token", "must be a text without control characters", HIDDEN, operation=operation)
    return str.__str__(token)


def client_request(operation: str, members: Mapping[str, Any], extra: Mapping[str, Any] | None) -> Payload:
    def name_of(path: str) -> str | None:
        return argument_name(operation, f"clientRequest.{path}")

    return merged(members, extra, operation=operation, name_of=name_of)


def request_body(channel: str, uid: int | str, client_request: Mapping[str, Any]) -> Payload:
    return Payload(cname=channel, uid=uid_text(uid), clientRequest=client_request)
