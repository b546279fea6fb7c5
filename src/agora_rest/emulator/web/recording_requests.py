"""Reads the bodies of Cloud Recording's present documents, and checks the rules that no schema states.

Bodies satisfy their schemas here. Members of another mode than the recording's have no effect (CR-127, CR-145).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from agora_rest.emulator.layouts import Layout, LayoutKind, Region, RenderMode, UserBackground
from agora_rest.emulator.modes import RecordingMode, Scene, StreamMode
from agora_rest.emulator.refusals import InvalidInput
from agora_rest.emulator.setups import DEFAULT_VALIDITY, Reservation, Setup, Snapshots, Storage
from agora_rest.emulator.subscriptions import (
    BOTH,
    EVERYBODY,
    GROUP_SIZES,
    MOST_USERS,
    Medium,
    Subscription,
    UidList,
)
from agora_rest.emulator.web_pages import Page

MOST_PIXELS: Final = 1920 * 1080
"""The largest area of a picture (CR-117, CR-131)."""

LONGEST_LABEL: Final = 1024
"""In bytes (CR-81)."""

LONGEST_PREFIX: Final = 128
"""In characters, with a slash behind each folder (CR-103)."""

ALL_STREAMS: Final = "#allstream#"

_STREAM_TYPES: Final = (frozenset({Medium.AUDIO}), frozenset({Medium.VIDEO}), BOTH)
"""By the value of `streamTypes`."""

_ROUNDING: Final = 1e-6
"""Positions and sizes have six decimal places (CR-119)."""


def reservation(body: Mapping[str, Any]) -> Reservation:
    """The arguments of `acquire` about the recording that will follow."""
    if len(body["cname"].encode("utf-8")) > LONGEST_LABEL:
        raise InvalidInput(f"cname: must have at most {LONGEST_LABEL} bytes", "CR-81")
    request = body["clientRequest"]
    return Reservation(
        scene=Scene(request.get("scene", Scene.CHANNEL)),
        region=request.get("region"),
        region_affinity=request.get("regionAffinity", 0),
        excluded=tuple(request.get("excludeResourceIds", ())),
    )


def validity(request: Mapping[str, Any]) -> float:
    """For how many seconds calls find the recording (CR-85, CR-86)."""
    hours = request.get("resourceExpiredHour")
    return DEFAULT_VALIDITY if hours is None else float(hours * 3600)


def setup(mode: RecordingMode, request: Mapping[str, Any]) -> Setup:
    """The arguments of `start` for a recording in this mode. Raises InvalidInput."""
    made = _SETUPS[mode](request)
    _check_transcoding(request.get("recordingConfig", {}).get("transcodingConfig", {}))
    return made


def storage(config: Mapping[str, Any], place: str = "clientRequest.storageConfig") -> Storage:
    """The destination of files, without the keys (CR-98 … CR-103)."""
    folders = tuple(config.get("fileNamePrefix", ()))
    if sum(len(folder) + 1 for folder in folders) > LONGEST_PREFIX:
        raise InvalidInput(f"{place}.fileNamePrefix: must have at most {LONGEST_PREFIX} characters", "CR-103")
    return Storage(config["vendor"], config["region"], config["bucket"], folders, config.get("stsExpiration"))


def subscription(config: Mapping[str, Any], most_users: int = MOST_USERS) -> Subscription:
    """The users that `recordingConfig` subscribes to (CR-109 … CR-114)."""
    return Subscription.of(stream_types(config), _list(config, "Audio"), _list(config, "Video"), most_users)


def new_subscription(request: Mapping[str, Any], former: Setup) -> Subscription | None:
    """The subscriptions of `update`, which replace all former ones; None if it has no list (CR-146)."""
    streams = request.get("streamSubscribe", {})
    audio = _list(streams.get("audioUidList", {}), "Audio")
    video = _list(streams.get("videoUidList", {}), "Video")
    for medium, name, users in ((Medium.AUDIO, "audio", audio), (Medium.VIDEO, "video", video)):
        if users is not None and medium not in former.stream_types and former.mode is not RecordingMode.WEB:
            place = f"clientRequest.streamSubscribe.{name}UidList"
            raise InvalidInput(f"{place}: the streamTypes of the recording exclude {name}", "CR-112")
    if audio is None and video is None:
        return None
    return Subscription.of(former.stream_types, audio, video, former.subscription.most_users)


def new_push(request: Mapping[str, Any]) -> str | None:
    """The address to which `update` pushes the page, or None (CR-148)."""
    outputs = request.get("rtmpPublishConfig", {}).get("outputs", ())
    return next((output["rtmpUrl"] for output in outputs if "rtmpUrl" in output), None)


def layout(config: Mapping[str, Any], place: str = "clientRequest") -> Layout:
    """The layout that `transcodingConfig` or `updateLayout` describes (CR-118 … CR-121)."""
    regions = config.get("layoutConfig", ())
    for index, region in enumerate(regions):
        for start, size in (("x_axis", "width"), ("y_axis", "height")):
            if region[start] + region[size] > 1 + _ROUNDING:
                raise InvalidInput(f"{place}.layoutConfig[{index}]: {start} + {size} must be at most 1", "CR-119")
    return Layout(
        kind=LayoutKind(config.get("mixedVideoLayout", LayoutKind.FLOATING)),
        large_uid=_uid(config.get("maxResolutionUid")),
        background_color=config.get("backgroundColor", Layout.background_color),
        background_image=config.get("backgroundImage"),
        default_user_background_image=config.get("defaultUserBackgroundImage"),
        regions=tuple(_region(each) for each in regions),
        user_backgrounds=tuple(
            UserBackground(int(each["uid"]), each["image_url"], RenderMode(each.get("render_mode", RenderMode.CROP)))
            for each in config.get("backgroundConfig", ())
        ),
    )


def stream_types(config: Mapping[str, Any]) -> frozenset[Medium]:
    """The recorded media (`streamTypes`)."""
    return _STREAM_TYPES[config.get("streamTypes", 2)]


def _individual(request: Mapping[str, Any]) -> Setup:
    config, snapshots = request.get("recordingConfig", {}), request.get("snapshotConfig")
    group = config.get("subscribeUidGroup")
    if group is None:
        raise InvalidInput("clientRequest.recordingConfig.subscribeUidGroup: is required in mode individual", "CR-115")
    files = request.get("recordingFileConfig")
    if files is not None and "mp4" in files.get("avFileType", ()):
        raise InvalidInput("clientRequest.recordingFileConfig.avFileType: has no mp4 in mode individual", "CR-123")
    return Setup(
        RecordingMode.INDIVIDUAL,
        storage(request["storageConfig"]),
        stream_types(config),
        subscription(config, GROUP_SIZES[group]),
        StreamMode(config.get("streamMode", StreamMode.DEFAULT)),
        None if snapshots is None else Snapshots(snapshots.get("captureInterval", 10), only=files is None),
    )


def _mix(request: Mapping[str, Any]) -> Setup:
    config = request.get("recordingConfig", {})
    transcoding = config.get("transcodingConfig", {})
    return Setup(
        RecordingMode.MIX,
        storage(request["storageConfig"]),
        stream_types(config),
        subscription(config),
        layout=layout(transcoding, "clientRequest.recordingConfig.transcodingConfig"),
        canvas=_canvas(transcoding),
    )


def _web(request: Mapping[str, Any]) -> Setup:
    services = request.get("extensionServiceConfig", {}).get("extensionServices", ())
    by_name = {service["serviceName"]: service["serviceParam"] for service in services}
    page = by_name.get("web_recorder_service")
    if page is None:
        raise InvalidInput("services not selected!", "CR-127")
    if page["videoWidth"] * page["videoHeight"] > MOST_PIXELS:
        raise InvalidInput(f"serviceParam: videoWidth * videoHeight must be at most {MOST_PIXELS}", "CR-131")
    push = by_name.get("rtmp_publish_service")
    return Setup(
        RecordingMode.WEB,
        storage(request["storageConfig"]),
        canvas=(page["videoWidth"], page["videoHeight"]),
        page=Page(
            page["url"],
            page["maxRecordingHour"],
            page.get("maxVideoDuration", 120),
            page.get("readyTimeout", 0),
            page.get("onhold", False),
        ),
        push_url=None if push is None else push["outputs"][0]["rtmpUrl"],
    )


_SETUPS: Final = {RecordingMode.INDIVIDUAL: _individual, RecordingMode.MIX: _mix, RecordingMode.WEB: _web}


def _check_transcoding(config: Mapping[str, Any]) -> None:
    """The rule about the area holds whether or not the mode uses the picture (CR-117)."""
    width, height = _canvas(config)
    if width * height > MOST_PIXELS:
        place = "clientRequest.recordingConfig.transcodingConfig"
        raise InvalidInput(f"{place}: width * height must be at most {MOST_PIXELS}", "CR-117")


def _canvas(config: Mapping[str, Any]) -> tuple[int, int]:
    return config.get("width", 360), config.get("height", 640)


def _list(config: Mapping[str, Any], medium: str) -> UidList | None:
    """The list of one medium, or None. Both spellings of the list of others are in use (CR-110, CR-111)."""
    wanted = config.get(f"subscribe{medium}Uids")
    if wanted is not None:
        return EVERYBODY if ALL_STREAMS in wanted else UidList(frozenset(map(int, wanted)))
    unwanted = config.get(f"unSubscribe{medium}Uids", config.get(f"unsubscribe{medium}Uids"))
    return None if unwanted is None else UidList(frozenset(map(int, unwanted)), all_but=True)


def _region(config: Mapping[str, Any]) -> Region:
    return Region(
        config["x_axis"],
        config["y_axis"],
        config["width"],
        config["height"],
        _uid(config.get("uid")),
        config.get("alpha", 1.0),
        RenderMode(config.get("render_mode", RenderMode.CROP)),
    )


def _uid(value: Any) -> int | None:
    return None if value is None else int(value)
