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
    "clientRequest.async_stop": "async_stop",
    "clientRequest.backgroundColor": "background_color",
    "clientRequest.backgroundConfig": "background_config",
    "clientRequest.backgroundImage": "background_image",
    "clientRequest.defaultUserBackgroundImage": "default_user_background_image",
    "clientRequest.extensionServiceConfig": "config",
    "clientRequest.extensionServiceConfig.extensionServices[1].serviceParam.outputs": "rtmp_urls",
    "clientRequest.layoutConfig": "layout",
    "clientRequest.maxResolutionUid": "layout",
    "clientRequest.mixedVideoLayout": "layout",
    "clientRequest.recordingConfig": "config",
    "clientRequest.recordingConfig.subscribeAudioUids": "subscribe_audio",
    "clientRequest.recordingConfig.subscribeVideoUids": "subscribe_video",
    "clientRequest.recordingConfig.transcodingConfig": "transcoding_config",
    "clientRequest.recordingConfig.transcodingConfig.layoutConfig": "layout",
    "clientRequest.recordingConfig.unSubscribeAudioUids": "subscribe_audio",
    "clientRequest.recordingConfig.unSubscribeVideoUids": "subscribe_video",
    "clientRequest.recordingFileConfig.avFileType": "av_file_type",
    "clientRequest.rtmpPublishConfig": "rtmp_urls",
    "clientRequest.rtmpPublishConfig.outputs": "rtmp_urls",
    "clientRequest.scene": "mode",
    "clientRequest.snapshotConfig": "snapshot_config",
    "clientRequest.startParameter.token": "token",
    "clientRequest.storageConfig": "storage",
    "clientRequest.storageConfig.extensionParams.endpoint": "endpoint",
    "clientRequest.storageConfig.extensionParams.sse": "sse",
    "clientRequest.storageConfig.extensionParams.tag": "tag",
    "clientRequest.streamSubscribe": "subscribe_audio, subscribe_video",
    "clientRequest.streamSubscribe.audioUidList.subscribeAudioUids": "subscribe_audio",
    "clientRequest.streamSubscribe.audioUidList.unSubscribeAudioUids": "subscribe_audio",
    "clientRequest.streamSubscribe.videoUidList.subscribeVideoUids": "subscribe_video",
    "clientRequest.streamSubscribe.videoUidList.unSubscribeVideoUids": "subscribe_video",
    "clientRequest.token": "token",
    "clientRequest.webRecordingConfig": "onhold",
    "clientRequest.webRecordingConfig.onhold": "onhold",
}
"""Arguments whose names differ from those of their members, by the member's dotted path."""

_SAME_NAME: Final = frozenset(
    ["uid", "ip", "name", "status", "enable", "enable_sign_key", "from_date", "to_date", "business", "projects"]
)
"""Arguments with the name of their member."""

_INSIDE_A_LIST: Final = re.compile(r"(.*)\[\d+\]")
"""A path of something in a list, and the path of the list."""

_RULES: Final = frozenset({"update_kicking_rule", "delete_kicking_rule"})


def argument_name(operation: str | None, path: str) -> str | None:
    """The argument that sets the member at the dotted `path` of a request, or None."""
    if path == "id":
        return "rule" if operation in _RULES else "id" if operation == "find_project" else "project"
    if path in _SAME_NAME:
        return path
    found = _ARGUMENTS.get(path) or _settings().get(path)
    if found or not (listed := _INSIDE_A_LIST.match(path)):
        return found
    return _ARGUMENTS.get(listed[1]) or _settings().get(listed[1])  # of `uids[2]` the argument `uids`


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
    from agora_rest.client.settings import (  # they import this module
        IndividualConfig,
        RecordingConfig,
        ResourceConfig,
        S3Storage,
        SnapshotConfig,
        TranscodingConfig,
        WebConfig,
    )

    places: list[tuple[str, Any]] = [
        ("clientRequest", ResourceConfig),
        ("clientRequest.storageConfig", S3Storage),
        ("clientRequest.recordingConfig", RecordingConfig),
        ("clientRequest.recordingConfig", IndividualConfig),
        ("clientRequest.recordingConfig.transcodingConfig", TranscodingConfig),
        ("clientRequest.snapshotConfig", SnapshotConfig),
        ("clientRequest.extensionServiceConfig.extensionServices[0].serviceParam", WebConfig),
    ]
    return {
        f"{place}.{camel_case(item.name)}": item.name
        for place, kind in places
        for item in fields(kind)
        if item.name != "extra"
    }
