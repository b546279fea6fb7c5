"""Faults of what a start of the present documents takes: storages, streams, layouts, files, snapshots, web pages."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from agora_rest.emulator import current_recordings, recordings, world
from faults.caller import Caller
from faults.current import REGION, Started, acquired, began, push, recording, services, settings, start
from faults.edits import edit_client_request, refuse_client_request, refuses, takes
from faults.middleware import At, HttpCall, admit, error, exactly, refuse
from faults.patches import method, result
from faults.seeds import cross, state, timing, validation

_STORAGE = "clientRequest.storageConfig"
_CONFIG = "clientRequest.recordingConfig"
_PICTURE = f"{_CONFIG}.transcodingConfig"
_REGION = f"{_PICTURE}.layoutConfig.0"
_PAGE = "clientRequest.extensionServiceConfig.extensionServices.0.serviceParam"

Edit = Callable[[dict[str, Any]], object]


_takes = partial(takes, "start_recording")
_refuses = partial(refuses, "start_recording")
_page_takes = partial(_takes, mode="web")
_page_refuses = partial(_refuses, mode="web")
_changed = partial(edit_client_request, "start_recording")
_refusing = partial(refuse_client_request, "start_recording")
_bar_config = partial(_refusing, part="recordingConfig")
_bar_picture = partial(_refusing, part="recordingConfig.transcodingConfig")
_bar_storage = partial(_refusing, part="storageConfig")
_edit_config = partial(_changed, part="recordingConfig")
_edit_picture = partial(_changed, part="recordingConfig.transcodingConfig")
_edit_storage = partial(_changed, part="storageConfig")


def _in_mode(mode: str, change: Edit) -> At:
    """As `_changed`, for one mode."""
    plant = _changed(change)

    def make() -> Any:
        inner = plant.make()

        async def middleware(call: HttpCall, forward: Any) -> None:
            if call.parameters.get("mode") == mode:
                await inner(call, forward)
            else:
                await forward()

        return middleware

    return At(make)


def _with(mode: str = "mix", /, **more: Any) -> Callable[[Caller], int]:
    return lambda a: began(a, mode, **more).status


def _config(mode: str = "mix", /, **config: Any) -> Callable[[Caller], int]:
    return lambda a: began(a, mode, config=config).status


def _stored(**storage: Any) -> Callable[[Caller], int]:
    return lambda a: began(a, storage=storage).status


def _picture(**picture: Any) -> Callable[[Caller], int]:
    return lambda a: began(a, config={"transcodingConfig": picture}).status


def _region(**region: Any) -> Callable[[Caller], int]:
    return _picture(mixedVideoLayout=3, layoutConfig=[{**REGION, **region}])


def _page(**page: Any) -> Callable[[Caller], int]:
    return lambda a: began(a, "web", extensionServiceConfig=services(**page)).status


def _pushed(*urls: str, **more: Any) -> Callable[[Caller], int]:
    return lambda a: began(a, "web", extensionServiceConfig=services(push(*urls, **more))).status


def _parameters(request: dict[str, Any], service: int = 0) -> dict[str, Any]:
    found: dict[str, Any] = request["extensionServiceConfig"]["extensionServices"][service]["serviceParam"]
    return found


def _replaced(holder: dict[str, Any], member: str, wrong: Callable[[Any], bool], instead: Any) -> bool:
    found = wrong(holder.get(member))
    if found:
        holder[member] = instead
    return found


def _first_region(request: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = request["recordingConfig"]["transcodingConfig"]["layoutConfig"][0]
    return found


def _shrunk(request: dict[str, Any]) -> None:
    region = _first_region(request)
    region["width"] = min(region["width"], 1 - region["x_axis"])


def _some_uids(request: dict[str, Any], name: str) -> None:
    uids = request["recordingConfig"][name]
    if isinstance(uids, list) and len(uids) == 33:
        del uids[32]


def _no_empty_list(request: dict[str, Any]) -> None:
    if request["recordingConfig"].get("subscribeVideoUids") == []:
        del request["recordingConfig"]["subscribeVideoUids"]


def _without(holder: dict[str, Any], *names: str) -> list[Any]:
    return [holder.pop(name, None) for name in names]


def _idle_for(a: Caller, seconds: float, **config: Any) -> int:
    made = recording(a, config=config)
    a.advance(seconds)
    return made.query().status


def _live_without_hosts(a: Caller) -> int:
    a.join(1, mode=2, role=3)
    made = recording(a, config={"channelType": 1, "maxIdleTime": 30})
    a.advance(60)
    return made.query().status


def _page_for(a: Caller, seconds: float, **page: Any) -> int:
    made = recording(a, "web", extensionServiceConfig=services(**page))
    a.advance(seconds)
    return made.query().status


def _held(a: Caller) -> Any:
    made = recording(a, "web", extensionServiceConfig=services(onhold=True))
    a.advance(20)
    return _payload(made)


def _payload(made: Started) -> Any:
    return made.server_response()["extensionServiceState"][0]["payload"].get("onhold")


def _snapshots(**more: Any) -> dict[str, Any]:
    return {"fileType": ["jpg"], **more}


def _not_held(original: Any, self: Any) -> None:
    original(self)
    self.on_hold = False


_32_BYTES = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="

FAULTS = {
    # Token and storage
    "token-as-a-number": validation(
        "CR-97", "token may be a number", _takes("clientRequest.token", 5, "t", lambda token: type(token) is int)
    ),
    "empty-token": validation("CR-97", "an empty token is refused", _refuses("clientRequest.token", "")),
    "vendor-four": validation("CR-98", "vendor 4 is taken", _takes(f"{_STORAGE}.vendor", 4, 1)),
    "vendor-twelve": validation("CR-98", "vendor 12 is taken", _takes(f"{_STORAGE}.vendor", 12, 1)),
    "no-vendor-three": validation("CR-98", "vendor 3 is refused", _refuses(f"{_STORAGE}.vendor", 3)),
    "no-vendor-eight": validation("CR-98 CR-99", "vendor 8 is refused", _refuses(f"{_STORAGE}.vendor", 8)),
    "tencent-has-region-20": validation(
        "CR-99", "Tencent Cloud has a region 20", _takes(f"{_STORAGE}.region", 20, 19, vendor=3)
    ),
    "baidu-has-region-0": validation(
        "CR-99",
        "Baidu has a region 0",
        _edit_storage(lambda storage: storage["vendor"] == 8 and _replaced(storage, "region", exactly(0), 1)),
        _stored(vendor=8, region=0),
    ),
    "amazon-ends-at-17-today": validation(
        "CR-99",
        "Amazon S3 has no region above 17",
        _bar_storage(lambda storage: storage["vendor"] == 1 and storage["region"] > 17),
        _stored(vendor=1, region=25),
    ),
    "alibaba-ends-at-18-today": validation(
        "CR-99",
        "Alibaba Cloud has no region above 18",
        _bar_storage(lambda storage: storage["vendor"] == 2 and storage["region"] > 18),
        _stored(vendor=2, region=27),
    ),
    "huawei-has-region-16": validation(
        "CR-99", "Huawei Cloud has a region 16", _takes(f"{_STORAGE}.region", 16, 15, vendor=7)
    ),
    "compatible-without-endpoint": cross(
        "CR-100",
        "vendor 11 needs no endpoint",
        _edit_storage(
            lambda storage: (
                storage["vendor"] == 11
                and storage.setdefault("extensionParams", {}).setdefault("endpoint", "s3.example.com")
            )
        ),
        _stored(vendor=11, region=0),
    ),
    "compatible-with-endpoint-is-refused": cross(
        "CR-100",
        "vendor 11 is refused, whatever its endpoint",
        _bar_storage(lambda storage: storage["vendor"] == 11),
        _stored(vendor=11, region=0, extensionParams={"endpoint": "s3.example.com"}),
    ),
    "any-encryption-of-files": validation(
        "CR-101",
        "sse may be any text",
        _takes(
            f"{_STORAGE}.extensionParams.sse",
            "aes128",
            "kms",
            lambda sse: isinstance(sse, str) and sse not in ("kms", "aes256"),
        ),
    ),
    "tag-needs-encryption": cross(
        "CR-101",
        "a tag is refused without sse",
        _bar_storage(lambda storage: "sse" not in storage["extensionParams"]),
        _stored(extensionParams={"tag": "RETENTION_DAYS=30"}),
    ),
    "expiration-as-text": validation(
        "CR-102",
        "stsExpiration may be a text",
        _takes(f"{_STORAGE}.stsExpiration", "soon", 1798761600, lambda end: isinstance(end, str), stsToken="t"),
    ),
    "no-temporary-keys": validation(
        "CR-102",
        "stsToken is refused",
        _refuses(f"{_STORAGE}.stsToken", "t", lambda token: isinstance(token, str), stsExpiration=1798761600),
    ),
    "folders-with-underscores": validation(
        "CR-103",
        "a folder may have an underscore",
        _edit_storage(
            lambda storage: storage.update(fileNamePrefix=[each.replace("_", "") for each in storage["fileNamePrefix"]])
        ),
        _stored(fileNamePrefix=["a_b"]),
    ),
    "folders-of-129": validation(
        "CR-103",
        "the folders may have 129 characters with their slashes",
        _edit_storage(
            lambda storage: (
                storage.update(fileNamePrefix=["a"])
                if sum(len(each) + 1 for each in storage["fileNamePrefix"]) == 129
                else None
            )
        ),
        _stored(fileNamePrefix=["a" * 128]),
    ),
    "folders-of-128-are-refused": validation(
        "CR-103",
        "the folders may not have 128 characters with their slashes",
        _bar_storage(lambda storage: sum(len(each) + 1 for each in storage["fileNamePrefix"]) == 128),
        _stored(fileNamePrefix=["a" * 127]),
    ),
    # Decryption
    "decryption-mode-nine": validation(
        "CR-104", "decryption mode 9 is taken", _takes(f"{_CONFIG}.decryptionMode", 9, 1, secret="s")
    ),
    "no-decryption-mode-six": validation(
        "CR-104", "decryption mode 6 is refused", _refuses(f"{_CONFIG}.decryptionMode", 6, secret="s")
    ),
    "gcm-without-secret": cross(
        "CR-105",
        "decryption mode 5 is taken without its secret",
        _edit_config(lambda config: config.get("decryptionMode") == 5 and config.setdefault("secret", "s")),
        _config(decryptionMode=5),
    ),
    "gcm2-without-salt": cross(
        "CR-106",
        "decryption mode 7 is taken without a salt",
        _edit_config(lambda config: config.get("decryptionMode") == 7 and config.setdefault("salt", _32_BYTES)),
        _config(decryptionMode=7, secret="s"),
    ),
    "salt-of-any-length": cross(
        "CR-106",
        "a salt may have any length",
        _edit_config(lambda config: "salt" in config and config.update(salt=_32_BYTES)),
        _config(decryptionMode=8, secret="s", salt="AAAA"),
    ),
    "salt-with-gcm-is-refused": cross(
        "CR-106",
        "a salt is refused in decryption mode 6",
        _bar_config(lambda config: "salt" in config and config["decryptionMode"] == 6),
        _config(decryptionMode=6, secret="s", salt=_32_BYTES),
    ),
    # Idle time
    "idle-time-of-four-today": validation("CR-107", "maxIdleTime may be 4", _takes(f"{_CONFIG}.maxIdleTime", 4, 5)),
    "idle-time-of-a-month-and-a-second": validation(
        "CR-107", "maxIdleTime may be 2592001", _takes(f"{_CONFIG}.maxIdleTime", 2592001, 2592000)
    ),
    "idle-time-of-three-days": validation(
        "CR-107",
        "maxIdleTime may be 259200 at most",
        _refuses(f"{_CONFIG}.maxIdleTime", 2592000, lambda seconds: seconds > 259200),
    ),
    "listeners-keep-a-recording": timing(
        "CR-108",
        "an audience without hosts keeps a recording from ending",
        method(world.World, "_is_idle", lambda *arguments: arguments[-1] is None),
        _live_without_hosts,
    ),
    "idle-an-hour-today": timing(
        "CR-107 CR-108",
        "without maxIdleTime a recording waits for an hour",
        _changed(lambda request: request.setdefault("recordingConfig", {}).setdefault("maxIdleTime", 3600)),
        lambda a: _idle_for(a, 60),
    ),
    "pages-are-idle": timing(
        "CR-108",
        "a recording of a page ends when its channel is empty",
        result(
            current_recordings.CurrentRecording,
            "due",
            lambda result, self: (recordings.Ending.IDLE, self.started_at + 30) if self.setup.page else result,
        ),
        lambda a: _page_for(a, 60),
    ),
    # Subscriptions
    "lists-of-33": validation(
        "CR-109",
        "a list of users may have 33",
        _changed(lambda request: _some_uids(request, "subscribeAudioUids")),
        _config(subscribeAudioUids=[str(uid) for uid in range(1, 34)]),
    ),
    "empty-lists": validation(
        "CR-109", "a list of users may be empty", _changed(_no_empty_list), _config(subscribeVideoUids=[])
    ),
    "uid-of-33-bits-in-a-list": validation(
        "CR-109",
        "a list of users may have the uid 4294967296",
        _edit_config(
            lambda config: (
                config.update(subscribeAudioUids=["1"]) if "4294967296" in config["subscribeAudioUids"] else None
            )
        ),
        _config(subscribeAudioUids=["4294967296"]),
    ),
    "with-and-without": cross(
        "CR-110",
        "there may be a list of those to hear and one of those not to",
        _edit_config(
            lambda config: (
                "subscribeAudioUids" in config and _without(config, "unSubscribeAudioUids", "unsubscribeAudioUids")
            )
        ),
        _config(subscribeAudioUids=["1"], unSubscribeAudioUids=["2"]),
    ),
    "without-in-either-spelling": cross(
        "CR-110",
        "there may be two lists of those not to see, in both spellings",
        _edit_config(lambda config: "unsubscribeVideoUids" in config and _without(config, "unSubscribeVideoUids")),
        _config(unSubscribeVideoUids=["1"], unsubscribeVideoUids=["2"]),
    ),
    "one-spelling-only": cross(
        "CR-110",
        "unsubscribeVideoUids is refused",
        _bar_config(lambda config: "unsubscribeVideoUids" in config),
        _config(unsubscribeVideoUids=["2"]),
    ),
    "everybody-cannot-be-named": validation(
        "CR-111",
        "#allstream# is refused",
        _bar_config(lambda config: "#allstream#" in config["subscribeAudioUids"]),
        _config(subscribeAudioUids=["#allstream#"]),
    ),
    "nobody-by-all": validation(
        "CR-111",
        "#allstream# may be in a list of those not to see",
        _edit_config(
            lambda config: "#allstream#" in config["unSubscribeVideoUids"] and _without(config, "unSubscribeVideoUids")
        ),
        _config(unSubscribeVideoUids=["#allstream#"]),
    ),
    "video-list-for-audio": cross(
        "CR-112",
        "with streamTypes 0 there may be a list for video",
        _edit_config(lambda config: config.get("streamTypes") == 0 and _without(config, "subscribeVideoUids")),
        _config(streamTypes=0, subscribeVideoUids=["1"]),
    ),
    "audio-list-for-video": cross(
        "CR-112",
        "with streamTypes 1 there may be a list for audio",
        _edit_config(
            lambda config: (
                config.get("streamTypes") == 1 and _without(config, "unSubscribeAudioUids", "subscribeAudioUids")
            )
        ),
        _config(streamTypes=1, unSubscribeAudioUids=["1"]),
    ),
    "group-six": validation(
        "CR-114", "subscribeUidGroup may be 6", _takes(f"{_CONFIG}.subscribeUidGroup", 6, 5, mode="individual")
    ),
    "no-group-five": validation(
        "CR-114", "subscribeUidGroup may not be 5", _refuses(f"{_CONFIG}.subscribeUidGroup", 5, mode="individual")
    ),
    "individual-without-group": cross(
        "CR-115",
        "mode individual needs no subscribeUidGroup",
        _in_mode(
            "individual", lambda request: request.setdefault("recordingConfig", {}).setdefault("subscribeUidGroup", 0)
        ),
        lambda a: began(a, "individual", recordingConfig={"channelType": 0}).status,
    ),
    "mix-needs-a-group": cross(
        "CR-115",
        "mode mix needs a subscribeUidGroup",
        refuse(
            "start_recording",
            lambda call: (
                call.parameters["mode"] == "mix"
                and "subscribeUidGroup" not in call.body["clientRequest"].get("recordingConfig", {})
            ),
            error(2),
        ),
    ),
    "any-stream-mode": validation(
        "CR-116", "streamMode may be any text", _takes(f"{_CONFIG}.streamMode", "both", "default", mode="individual")
    ),
    "original-needs-audio": validation(
        "CR-116",
        "the stream mode original is refused",
        _refuses(f"{_CONFIG}.streamMode", "original", mode="individual", streamTypes=2),
    ),
    # Pictures and layouts
    "area-of-a-line-more": validation(
        "CR-117", "a picture of 1441 by 1440 is taken", _takes(f"{_PICTURE}.width", 1441, 1440, height=1440)
    ),
    "sides-of-1080": validation(
        "CR-117",
        "a picture whose sides are both over 1080 is refused",
        _bar_picture(lambda picture: min(picture[side] for side in ("width", "height")) > 1080),
        _picture(width=1440, height=1440),
    ),
    "side-of-1921": validation("CR-117", "a side may have 1921", _takes(f"{_PICTURE}.width", 1921, 1920, height=100)),
    "layout-four": validation("CR-118", "mixedVideoLayout may be 4", _takes(f"{_PICTURE}.mixedVideoLayout", 4, 0)),
    "custom-without-regions": cross(
        "CR-118",
        "layout 3 needs no regions",
        _edit_picture(
            lambda picture: picture.get("mixedVideoLayout") == 3 and picture.setdefault("layoutConfig", [dict(REGION)])
        ),
        _picture(mixedVideoLayout=3),
    ),
    "regions-of-18": cross(
        "CR-118",
        "a layout may have 18 regions",
        _edit_picture(lambda picture: picture["layoutConfig"].__delitem__(slice(17, None))),
        _picture(mixedVideoLayout=3, layoutConfig=[dict(REGION)] * 18),
    ),
    "regions-only-with-custom": cross(
        "CR-118",
        "regions are refused with layout 0",
        _bar_picture(lambda picture: picture.get("mixedVideoLayout", 0) != 3 and "layoutConfig" in picture),
        _picture(mixedVideoLayout=0, layoutConfig=[dict(REGION)]),
    ),
    "regions-over-the-edge": cross(
        "CR-119", "a region may reach over the right edge", _changed(_shrunk), _region(x_axis=0.5, width=0.6)
    ),
    "regions-beyond-one": validation("CR-119", "alpha may be 2", _takes(f"{_REGION}.alpha", 2, 1), _region(alpha=2)),
    "regions-without-height": validation(
        "CR-119",
        "a region needs no height",
        _changed(lambda request: _first_region(request).setdefault("height", 1)),
        lambda a: (
            began(
                a,
                config={
                    "transcodingConfig": {
                        "mixedVideoLayout": 3,
                        "layoutConfig": [{"x_axis": 0, "y_axis": 0, "width": 1}],
                    }
                },
            ).status
        ),
    ),
    "whole-numbers-are-no-places": validation(
        "CR-119",
        "x_axis may not be the whole number 0",
        _refusing(lambda request: type(_first_region(request)["x_axis"]) is int),
        _region(),
    ),
    "colours-by-name": validation(
        "CR-120", "backgroundColor may be a name", _takes(f"{_PICTURE}.backgroundColor", "red", "#FF0000")
    ),
    "colours-in-capitals": validation(
        "CR-120",
        "backgroundColor may not have small letters",
        _refuses(f"{_PICTURE}.backgroundColor", "#ff00aa", lambda colour: colour != colour.upper()),
    ),
    "backgrounds-of-nobody": validation(
        "CR-121",
        "an entry of backgroundConfig needs no uid",
        _edit_picture(lambda picture: picture["backgroundConfig"][0].setdefault("uid", "1")),
        _picture(backgroundConfig=[{"image_url": "https://example.com/a.jpg"}]),
    ),
    "backgrounds-over-https": validation(
        "CR-121",
        "backgroundImage may not be an address of HTTP",
        _bar_picture(lambda picture: picture["backgroundImage"].startswith("http:")),
        _picture(backgroundImage="http://example.com/a.jpg"),
    ),
    # Files and snapshots
    "mp4-alone": validation(
        "CR-122",
        "avFileType may be mp4 alone",
        _changed(
            lambda files: files["avFileType"] == ["mp4"] and files.update(avFileType=["hls"]),
            part="recordingFileConfig",
        ),
        _with(recordingFileConfig={"avFileType": ["mp4"]}),
    ),
    "hls-first": validation(
        "CR-122",
        "avFileType must begin with hls",
        _refusing(lambda files: files["avFileType"] == ["mp4", "hls"], part="recordingFileConfig"),
        _with(recordingFileConfig={"avFileType": ["mp4", "hls"]}),
    ),
    "individual-with-mp4": cross(
        "CR-123",
        "mode individual takes mp4",
        _in_mode("individual", lambda request: request["recordingFileConfig"].update(avFileType=["hls"])),
        _with("individual", recordingFileConfig={"avFileType": ["hls", "mp4"]}),
    ),
    "snapshots-need-files": cross(
        "CR-124",
        "snapshots are refused without a recordingFileConfig",
        _refusing(lambda request: "snapshotConfig" in request and "recordingFileConfig" not in request),
        _with("individual", snapshotConfig=_snapshots()),
    ),
    "snapshots-or-files": cross(
        "CR-124",
        "snapshots are refused with a recordingFileConfig",
        _refusing(lambda request: "snapshotConfig" in request and "recordingFileConfig" in request),
        _with("individual", snapshotConfig=_snapshots(), recordingFileConfig={"avFileType": ["hls"]}),
    ),
    "snapshots-every-four-seconds": validation(
        "CR-125",
        "captureInterval may be 4",
        _changed(lambda snapshots: _replaced(snapshots, "captureInterval", exactly(4), 5), part="snapshotConfig"),
        _with("individual", snapshotConfig=_snapshots(captureInterval=4)),
    ),
    "snapshots-as-png": validation(
        "CR-125",
        "the files of snapshots may be png",
        _changed(lambda snapshots: snapshots.update(fileType=["jpg"]), part="snapshotConfig"),
        _with("individual", snapshotConfig={"fileType": ["png"]}),
    ),
    "snapshots-of-no-kind": validation(
        "CR-125",
        "snapshotConfig needs no fileType",
        _changed(lambda snapshots: snapshots.setdefault("fileType", ["jpg"]), part="snapshotConfig"),
        _with("individual", snapshotConfig={"captureInterval": 5}),
    ),
    "snapshots-of-sound": cross(
        "CR-126",
        "there may be snapshots with streamTypes 0",
        _changed(
            lambda request: (
                "snapshotConfig" in request and _replaced(request["recordingConfig"], "streamTypes", exactly(0), 2)
            )
        ),
        _with("individual", config={"streamTypes": 0}, snapshotConfig=_snapshots()),
    ),
    "snapshots-of-nobody": cross(
        "CR-126",
        "there may be snapshots with a list for audio only",
        _changed(
            lambda request: (
                "snapshotConfig" in request and request["recordingConfig"].setdefault("subscribeVideoUids", ["1"])
            )
        ),
        _with("individual", config={"subscribeAudioUids": ["1"]}, snapshotConfig=_snapshots()),
    ),
    # Members of a mode, and web pages
    "web-without-services": cross(
        "CR-127",
        "mode web needs no extensionServiceConfig",
        _in_mode("web", lambda request: request.setdefault("extensionServiceConfig", services())),
        lambda a: _without_services(a),
    ),
    "snapshots-in-mix-are-refused": cross(
        "CR-127",
        "snapshotConfig is refused in mode mix",
        refuse(
            "start_recording",
            lambda call: call.parameters["mode"] == "mix" and "snapshotConfig" in call.body["clientRequest"],
            error(2),
        ),
        _with(snapshotConfig=_snapshots()),
    ),
    "services-of-any-name": validation(
        "CR-128",
        "there may be a service of another name",
        _changed(
            lambda services_: services_["extensionServices"].__delitem__(slice(1, None)), part="extensionServiceConfig"
        ),
        lambda a: (
            began(a, "web", extensionServiceConfig=services({"serviceName": "vod_service", "serviceParam": {}})).status
        ),
    ),
    "two-recorders-of-pages": validation(
        "CR-128",
        "there may be two recorders of pages",
        _changed(
            lambda services_: services_["extensionServices"].__delitem__(slice(1, None)), part="extensionServiceConfig"
        ),
        lambda a: began(a, "web", extensionServiceConfig=services(services()["extensionServices"][0])).status,
    ),
    "push-without-recorder": validation(
        "CR-128",
        "there may be a push without a recorder",
        _changed(
            lambda services_: (
                services_.update(services())
                if [each["serviceName"] for each in services_["extensionServices"]] == ["rtmp_publish_service"]
                else None
            ),
            part="extensionServiceConfig",
        ),
        lambda a: began(a, "web", extensionServiceConfig={"extensionServices": [push()]}).status,
    ),
    "errors-of-pages-ignored": validation(
        "CR-129",
        "the policy of all services may be error_ignore",
        admit(
            "start_recording",
            "clientRequest.extensionServiceConfig.errorHandlePolicy",
            exactly("error_ignore"),
            "error_abort",
        ),
        lambda a: began(a, "web", extensionServiceConfig={**services(), "errorHandlePolicy": "error_ignore"}).status,
    ),
    "errors-of-pushes-abort": validation(
        "CR-129",
        "the policy of a push may be error_abort",
        _changed(
            lambda services_: _replaced(
                services_["extensionServices"][1],
                "errorHandlePolicy",
                exactly("error_abort"),
                "error_ignore",
            ),
            part="extensionServiceConfig",
        ),
        _pushed(errorHandlePolicy="error_abort"),
    ),
    "pages-without-hours": validation(
        "CR-130",
        "maxRecordingHour is not required",
        _changed(lambda request: _parameters(request).setdefault("maxRecordingHour", 1)),
        _page(maxRecordingHour=None),
    ),
    "pages-of-721-hours": validation(
        "CR-130", "maxRecordingHour may be 721", _page_takes(f"{_PAGE}.maxRecordingHour", 721, 720)
    ),
    "frames-of-four": validation("CR-130", "videoFps may be 4", _page_takes(f"{_PAGE}.videoFps", 4, 5)),
    "frames-of-sixty-are-refused": validation(
        "CR-130", "videoFps may not be 60", _page_refuses(f"{_PAGE}.videoFps", 60)
    ),
    "files-of-29-minutes": validation(
        "CR-130", "maxVideoDuration may be 29", _page_takes(f"{_PAGE}.maxVideoDuration", 29, 30)
    ),
    "pages-of-any-area": validation(
        "CR-131", "a page of 1920 by 1920 is recorded", _page_takes(f"{_PAGE}.videoHeight", 1920, 1080, videoWidth=1920)
    ),
    "narrow-pages": validation(
        "CR-131",
        "videoWidth may not be under 240",
        _refusing(lambda request: _parameters(request)["videoWidth"] < 240),
        _page(videoWidth=100),
    ),
    "pages-end-in-minutes": timing(
        "CR-132",
        "maxRecordingHour is taken for minutes",
        method(current_recordings.CurrentRecording, "due", lambda original, self: _sooner(original(self), self)),
        lambda a: _page_for(a, 1800),
    ),
    "pages-never-end": timing(
        "CR-132",
        "a recording of a page does not end by itself",
        result(current_recordings.CurrentRecording, "due", lambda result, self: None if self.setup.page else result),
        lambda a: _page_for(a, 4000),
    ),
    "hold-is-ignored-at-the-start": state(
        "CR-133",
        "onhold at the start has no effect",
        method(current_recordings.CurrentRecording, "__post_init__", _not_held),
        _held,
    ),
    "wait-of-61-seconds": validation("CR-134", "readyTimeout may be 61", _page_takes(f"{_PAGE}.readyTimeout", 61, 60)),
    "wait-of-a-minute-is-refused": validation(
        "CR-134", "readyTimeout may not be 60", _page_refuses(f"{_PAGE}.readyTimeout", 60)
    ),
    "pushes-over-http": validation(
        "CR-135",
        "a push may go to an address of HTTP",
        _changed(lambda request: _parameters(request, 1).update(push()["serviceParam"])),
        _pushed("http://example.com/live"),
    ),
    "two-pushes": validation(
        "CR-135",
        "a push may have two outputs",
        _changed(lambda request: _parameters(request, 1)["outputs"].__delitem__(slice(1, None))),
        _pushed("rtmp://a.example.com/l/k", "rtmp://b.example.com/l/k"),
    ),
    "rtmps-is-refused": validation(
        "CR-135",
        "a push may not go to an address of RTMPS",
        _refusing(lambda request: _parameters(request, 1)["outputs"][0]["rtmpUrl"].startswith("rtmps:")),
        _pushed("rtmps://example.com/live/k"),
    ),
    "gone-members-are-refused": validation(
        "CR-159",
        "transcodeOptions is refused",
        _refusing(lambda request: "transcodeOptions" in request),
        _with(transcodeOptions={"transConfig": {"transMode": "audioMix"}}),
    ),
}


def _sooner(due: Any, made: Any) -> Any:
    return (due[0], made.started_at + (due[1] - made.started_at) / 60) if due and made.setup.page else due


def _without_services(a: Caller) -> int:
    resource = acquired(a, scene=1).json["resourceId"]
    request = {name: part for name, part in settings("web").items() if name != "extensionServiceConfig"}
    return a.send(start(resource, "web", request)).status
