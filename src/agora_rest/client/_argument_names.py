"""The names of the client's arguments for the members of a request: `max_idle_time` for `maxIdleTime`."""

from __future__ import annotations

import re
from dataclasses import fields
from functools import cache
from typing import Any, Final

_ARGUMENTS: Final = {
    "appid": "app_id",
    "cname": "channel",
    "page_no": "number",
    "page_size": "size",
    "project_id": "project",
    "recording_server": "address",
    "resourceid": "resource_id",
    "time": "minutes",
    "time_in_seconds": "seconds",
    "clientRequest.recordingConfig": "config",
    "clientRequest.recordingConfig.transcodingConfig": "transcoding_config",
    "clientRequest.startParameter.token": "token",
    "clientRequest.storageConfig": "storage",
    "clientRequest.token": "token",
}
"""Arguments whose names differ from those of their members, by the member's dotted path."""

_SAME_NAME: Final = frozenset(
    ["uid", "ip", "name", "status", "enable", "enable_sign_key", "from_date", "to_date", "business", "projects"]
)
"""Arguments with the name of their member."""

_RULES: Final = frozenset({"update_kicking_rule", "delete_kicking_rule"})


def argument_name(operation: str | None, path: str) -> str | None:
    """The argument that sets the member at the dotted `path` of a request, or None."""
    if path == "id":
        return "rule" if operation in _RULES else "id" if operation == "find_project" else "project"
    if path in _SAME_NAME:
        return path
    return _ARGUMENTS.get(path) or _settings().get(path)


def snake_case(name: str) -> str:
    """`maxIdleTime` as `max_idle_time`."""
    return re.sub(r"(?<=[a-z0-9])([A-Z])", lambda letter: f"_{letter[1].lower()}", name)


def camel_case(name: str) -> str:
    """`max_idle_time` as `maxIdleTime`."""
    head, *tail = name.split("_")
    return head + "".join(part.capitalize() for part in tail)


@cache
def _settings() -> dict[str, str]:
    """The fields of the classes in `agora_rest.client.settings`, by the paths of their members."""
    from agora_rest.client.settings import QiniuStorage, RecordingConfig, TranscodingConfig  # they import this module

    places: dict[str, Any] = {
        "clientRequest.storageConfig": QiniuStorage,
        "clientRequest.recordingConfig": RecordingConfig,
        "clientRequest.recordingConfig.transcodingConfig": TranscodingConfig,
    }
    return {
        f"{place}.{camel_case(item.name)}": item.name
        for place, kind in places.items()
        for item in fields(kind)
        if item.name != "extra"
    }
