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


def _replaced(holder: dict[str, Any], member: str, wrong: Callable[[Any], bool], instead: Any) -> None:
    if wrong(holder.get(member)):
        holder[member] = instead


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


def _without(holder: dict[str, Any], *names: str) -> None:
    for name in names:
        holder.pop(name, None)


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

FAULTS = (
    # Token and storage
    validation(
        "token-as-a-number",
        "CR-97",
        "token may be a number",
        _takes("clientRequest.token", 5, "t", lambda token: type(token) is int),
    ),
    validation("empty-token", "CR-97", "an empty token is refused", _refuses("clientRequest.token", "")),
    validation("vendor-four", "CR-98", "vendor 4 is taken", _takes(f"{_STORAGE}.vendor", 4, 1)),
    validation("vendor-twelve", "CR-98", "vendor 12 is taken", _takes(f"{_STORAGE}.vendor", 12, 1)),
    validation("no-vendor-three", "CR-98", "vendor 3 is refused", _refuses(f"{_STORAGE}.vendor", 3)),
    validation("no-vendor-eight", "CR-98 CR-99", "vendor 8 is refused", _refuses(f"{_STORAGE}.vendor", 8)),
    validation(
        "tencent-has-region-20",
        "CR-99",
        "Tencent Cloud has a region 20",
        _takes(f"{_STORAGE}.region", 20, 19, vendor=3),
    ),
    validation(
        "baidu-has-region-0",
        "CR-99",
        "Baidu has a region 0",
        _edit_storage(lambda storage: storage["vendor"] == 8 and _replaced(storage, "region", exactly(0), 1)),
        _stored(vendor=8, region=0),
    ),
    validation(
        "amazon-ends-at-17-today",
        "CR-99",
        "Amazon S3 has no region above 17",
        _bar_storage(lambda storage: storage["vendor"] == 1 and storage["region"] > 17),
        _stored(vendor=1, region=25),
    ),
    validation(
        "alibaba-ends-at-18-today",
        "CR-99",
        "Alibaba Cloud has no region above 18",
        _bar_storage(lambda storage: storage["vendor"] == 2 and storage["region"] > 18),
        _stored(vendor=2, region=27),
    ),
    validation(
        "huawei-has-region-16", "CR-99", "Huawei Cloud has a region 16", _takes(f"{_STORAGE}.region", 16, 15, vendor=7)
    ),
    cross(
        "compatible-without-endpoint",
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
    cross(
        "compatible-with-endpoint-is-refused",
        "CR-100",
        "vendor 11 is refused, whatever its endpoint",
        _bar_storage(lambda storage: storage["vendor"] == 11),
        _stored(vendor=11, region=0, extensionParams={"endpoint": "s3.example.com"}),
    ),
    validation(
        "any-encryption-of-files",
        "CR-101",
        "sse may be any text",
        _takes(
            f"{_STORAGE}.extensionParams.sse",
            "aes128",
            "kms",
            lambda sse: isinstance(sse, str) and sse not in ("kms", "aes256"),
        ),
    ),
    cross(
        "tag-needs-encryption",
        "CR-101",
        "a tag is refused without sse",
        _bar_storage(lambda storage: "sse" not in storage["extensionParams"]),
        _stored(extensionParams={"tag": "RETENTION_DAYS=30"}),
    ),
    validation(
        "expiration-as-text",
        "CR-102",
        "stsExpiration may be a text",
        _takes(f"{_STORAGE}.stsExpiration", "soon", 1798761600, lambda end: isinstance(end, str), stsToken="t"),
    ),
    validation(
        "no-temporary-keys",
        "CR-102",
        "stsToken is refused",
        _refuses(f"{_STORAGE}.stsToken", "t", lambda token: isinstance(token, str), stsExpiration=1798761600),
    ),
    validation(
        "folders-with-underscores",
        "CR-103",
        "a folder may have an underscore",
        _edit_storage(
            lambda storage: storage.update(fileNamePrefix=[each.replace("_", "") for each in storage["fileNamePrefix"]])
        ),
        _stored(fileNamePrefix=["a_b"]),
    ),
    validation(
        "folders-of-129",
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
    validation(
        "folders-of-128-are-refused",
        "CR-103",
        "the folders may not have 128 characters with their slashes",
        _bar_storage(lambda storage: sum(len(each) + 1 for each in storage["fileNamePrefix"]) == 128),
        _stored(fileNamePrefix=["a" * 127]),
    ),
    # Decryption
    validation(
        "decryption-mode-nine",
        "CR-104",
        "decryption mode 9 is taken",
        _takes(f"{_CONFIG}.decryptionMode", 9, 1, secret="s"),
    ),
    validation(
        "no-decryption-mode-six",
        "CR-104",
        "decryption mode 6 is refused",
        _refuses(f"{_CONFIG}.decryptionMode", 6, secret="s"),
    ),
    cross(
        "gcm-without-secret",
        "CR-105",
        "decryption mode 5 is taken without its secret",
        _edit_config(lambda config: config.get("decryptionMode") == 5 and config.setdefault("secret", "s")),
        _config(decryptionMode=5),
    ),
    cross(
        "gcm2-without-salt",
        "CR-106",
        "decryption mode 7 is taken without a salt",
        _edit_config(lambda config: config.get("decryptionMode") == 7 and config.setdefault("salt", _32_BYTES)),
        _config(decryptionMode=7, secret="s"),
    ),
    cross(
        "salt-of-any-length",
        "CR-106",
        "a salt may have any length",
        _edit_config(lambda config: "salt" in config and config.update(salt=_32_BYTES)),
        _config(decryptionMode=8, secret="s", salt="AAAA"),
    ),
    cross(
        "salt-with-gcm-is-refused",
        "CR-106",
        "a salt is refused in decryption mode 6",
        _bar_config(lambda config: "salt" in config and config["decryptionMode"] == 6),
        _config(decryptionMode=6, secret="s", salt=_32_BYTES),
    ),
    # Idle time
    validation("idle-time-of-four-today", "CR-107", "maxIdleTime may be 4", _takes(f"{_CONFIG}.maxIdleTime", 4, 5)),
    validation(
        "idle-time-of-a-month-and-a-second",
        "CR-107",
        "maxIdleTime may be 2592001",
        _takes(f"{_CONFIG}.maxIdleTime", 2592001, 2592000),
    ),
    validation(
        "idle-time-of-three-days",
        "CR-107",
        "maxIdleTime may be 259200 at most",
        _refuses(f"{_CONFIG}.maxIdleTime", 2592000, lambda seconds: seconds > 259200),
    ),
    timing(
        "listeners-keep-a-recording",
        "CR-108",
        "an audience without hosts keeps a recording from ending",
        method(world.World, "_is_idle", lambda *arguments: arguments[-1] is None),
        _live_without_hosts,
    ),
    timing(
        "idle-an-hour-today",
        "CR-107 CR-108",
        "without maxIdleTime a recording waits for an hour",
        _changed(lambda request: request.setdefault("recordingConfig", {}).setdefault("maxIdleTime", 3600)),
        lambda a: _idle_for(a, 60),
    ),
    timing(
        "pages-are-idle",
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
    validation(
        "lists-of-33",
        "CR-109",
        "a list of users may have 33",
        _changed(lambda request: _some_uids(request, "subscribeAudioUids")),
        _config(subscribeAudioUids=[str(uid) for uid in range(1, 34)]),
    ),
    validation(
        "empty-lists",
        "CR-109",
        "a list of users may be empty",
        _changed(_no_empty_list),
        _config(subscribeVideoUids=[]),
    ),
    validation(
        "uid-of-33-bits-in-a-list",
        "CR-109",
        "a list of users may have the uid 4294967296",
        _edit_config(
            lambda config: (
                config.update(subscribeAudioUids=["1"]) if "4294967296" in config["subscribeAudioUids"] else None
            )
        ),
        _config(subscribeAudioUids=["4294967296"]),
    ),
    cross(
        "with-and-without",
        "CR-110",
        "there may be a list of those to hear and one of those not to",
        _edit_config(
            lambda config: (
                "subscribeAudioUids" in config and _without(config, "unSubscribeAudioUids", "unsubscribeAudioUids")
            )
        ),
        _config(subscribeAudioUids=["1"], unSubscribeAudioUids=["2"]),
    ),
    cross(
        "without-in-either-spelling",
        "CR-110",
        "there may be two lists of those not to see, in both spellings",
        _edit_config(lambda config: "unsubscribeVideoUids" in config and _without(config, "unSubscribeVideoUids")),
        _config(unSubscribeVideoUids=["1"], unsubscribeVideoUids=["2"]),
    ),
    cross(
        "one-spelling-only",
        "CR-110",
        "unsubscribeVideoUids is refused",
        _bar_config(lambda config: "unsubscribeVideoUids" in config),
        _config(unsubscribeVideoUids=["2"]),
    ),
    validation(
        "everybody-cannot-be-named",
        "CR-111",
        "#allstream# is refused",
        _bar_config(lambda config: "#allstream#" in config["subscribeAudioUids"]),
        _config(subscribeAudioUids=["#allstream#"]),
    ),
    validation(
        "nobody-by-all",
        "CR-111",
        "#allstream# may be in a list of those not to see",
        _edit_config(
            lambda config: "#allstream#" in config["unSubscribeVideoUids"] and _without(config, "unSubscribeVideoUids")
        ),
        _config(unSubscribeVideoUids=["#allstream#"]),
    ),
    cross(
        "video-list-for-audio",
        "CR-112",
        "with streamTypes 0 there may be a list for video",
        _edit_config(lambda config: config.get("streamTypes") == 0 and _without(config, "subscribeVideoUids")),
        _config(streamTypes=0, subscribeVideoUids=["1"]),
    ),
    cross(
        "audio-list-for-video",
        "CR-112",
        "with streamTypes 1 there may be a list for audio",
        _edit_config(
            lambda config: (
                config.get("streamTypes") == 1 and _without(config, "unSubscribeAudioUids", "subscribeAudioUids")
            )
        ),
        _config(streamTypes=1, unSubscribeAudioUids=["1"]),
    ),
    validation(
        "group-six",
        "CR-114",
        "subscribeUidGroup may be 6",
        _takes(f"{_CONFIG}.subscribeUidGroup", 6, 5, mode="individual"),
    ),
    validation(
        "no-group-five",
        "CR-114",
        "subscribeUidGroup may not be 5",
        _refuses(f"{_CONFIG}.subscribeUidGroup", 5, mode="individual"),
    ),
    cross(
        "individual-without-group",
        "CR-115",
        "mode individual needs no subscribeUidGroup",
        _in_mode(
            "individual", lambda request: request.setdefault("recordingConfig", {}).setdefault("subscribeUidGroup", 0)
        ),
        lambda a: began(a, "individual", recordingConfig={"channelType": 0}).status,
    ),
    cross(
        "mix-needs-a-group",
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
    validation(
        "any-stream-mode",
        "CR-116",
        "streamMode may be any text",
        _takes(f"{_CONFIG}.streamMode", "both", "default", mode="individual"),
    ),
    validation(
        "original-needs-audio",
        "CR-116",
        "the stream mode original is refused",
        _refuses(f"{_CONFIG}.streamMode", "original", mode="individual", streamTypes=2),
    ),
    # Pictures and layouts
    validation(
        "area-of-a-line-more",
        "CR-117",
        "a picture of 1441 by 1440 is taken",
        _takes(f"{_PICTURE}.width", 1441, 1440, height=1440),
    ),
    validation(
        "sides-of-1080",
        "CR-117",
        "a picture whose sides are both over 1080 is refused",
        _bar_picture(lambda picture: min(picture[side] for side in ("width", "height")) > 1080),
        _picture(width=1440, height=1440),
    ),
    validation("side-of-1921", "CR-117", "a side may have 1921", _takes(f"{_PICTURE}.width", 1921, 1920, height=100)),
    validation("layout-four", "CR-118", "mixedVideoLayout may be 4", _takes(f"{_PICTURE}.mixedVideoLayout", 4, 0)),
    cross(
        "custom-without-regions",
        "CR-118",
        "layout 3 needs no regions",
        _edit_picture(
            lambda picture: picture.get("mixedVideoLayout") == 3 and picture.setdefault("layoutConfig", [dict(REGION)])
        ),
        _picture(mixedVideoLayout=3),
    ),
    cross(
        "regions-of-18",
        "CR-118",
        "a layout may have 18 regions",
        _edit_picture(lambda picture: picture["layoutConfig"].__delitem__(slice(17, None))),
        _picture(mixedVideoLayout=3, layoutConfig=[dict(REGION)] * 18),
    ),
    cross(
        "regions-only-with-custom",
        "CR-118",
        "regions are refused with layout 0",
        _bar_picture(lambda picture: picture.get("mixedVideoLayout", 0) != 3 and "layoutConfig" in picture),
        _picture(mixedVideoLayout=0, layoutConfig=[dict(REGION)]),
    ),
    cross(
        "regions-over-the-edge",
        "CR-119",
        "a region may reach over the right edge",
        _changed(_shrunk),
        _region(x_axis=0.5, width=0.6),
    ),
    validation("regions-beyond-one", "CR-119", "alpha may be 2", _takes(f"{_REGION}.alpha", 2, 1), _region(alpha=2)),
    validation(
        "regions-without-height",
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
    validation(
        "whole-numbers-are-no-places",
        "CR-119",
        "x_axis may not be the whole number 0",
        _refusing(lambda request: type(_first_region(request)["x_axis"]) is int),
        _region(),
    ),
    validation(
        "colours-by-name",
        "CR-120",
        "backgroundColor may be a name",
        _takes(f"{_PICTURE}.backgroundColor", "red", "#FF0000"),
    ),
    validation(
        "colours-in-capitals",
        "CR-120",
        "backgroundColor may not have small letters",
        _refuses(f"{_PICTURE}.backgroundColor", "#ff00aa", lambda colour: colour != colour.upper()),
    ),
    validation(
        "backgrounds-of-nobody",
        "CR-121",
        "an entry of backgroundConfig needs no uid",
        _edit_picture(lambda picture: picture["backgroundConfig"][0].setdefault("uid", "1")),
        _picture(backgroundConfig=[{"image_url": "https://example.com/a.jpg"}]),
    ),
    validation(
        "backgrounds-over-https",
        "CR-121",
        "backgroundImage may not be an address of HTTP",
        _bar_picture(lambda picture: picture["backgroundImage"].startswith("http:")),
        _picture(backgroundImage="http://example.com/a.jpg"),
    ),
    # Files and snapshots
    validation(
        "mp4-alone",
        "CR-122",
        "avFileType may be mp4 alone",
        _changed(
            lambda files: files["avFileType"] == ["mp4"] and files.update(avFileType=["hls"]),
            part="recordingFileConfig",
        ),
        _with(recordingFileConfig={"avFileType": ["mp4"]}),
    ),
    validation(
        "hls-first",
        "CR-122",
        "avFileType must begin with hls",
        _refusing(lambda files: files["avFileType"] == ["mp4", "hls"], part="recordingFileConfig"),
        _with(recordingFileConfig={"avFileType": ["mp4", "hls"]}),
    ),
    cross(
        "individual-with-mp4",
        "CR-123",
        "mode individual takes mp4",
        _in_mode("individual", lambda request: request["recordingFileConfig"].update(avFileType=["hls"])),
        _with("individual", recordingFileConfig={"avFileType": ["hls", "mp4"]}),
    ),
    cross(
        "snapshots-need-files",
        "CR-124",
        "snapshots are refused without a recordingFileConfig",
        _refusing(lambda request: "snapshotConfig" in request and "recordingFileConfig" not in request),
        _with("individual", snapshotConfig=_snapshots()),
    ),
    cross(
        "snapshots-or-files",
        "CR-124",
        "snapshots are refused with a recordingFileConfig",
        _refusing(lambda request: "snapshotConfig" in request and "recordingFileConfig" in request),
        _with("individual", snapshotConfig=_snapshots(), recordingFileConfig={"avFileType": ["hls"]}),
    ),
    validation(
        "snapshots-every-four-seconds",
        "CR-125",
        "captureInterval may be 4",
        _changed(lambda snapshots: _replaced(snapshots, "captureInterval", exactly(4), 5), part="snapshotConfig"),
        _with("individual", snapshotConfig=_snapshots(captureInterval=4)),
    ),
    validation(
        "snapshots-as-png",
        "CR-125",
        "the files of snapshots may be png",
        _changed(lambda snapshots: snapshots.update(fileType=["jpg"]), part="snapshotConfig"),
        _with("individual", snapshotConfig={"fileType": ["png"]}),
    ),
    validation(
        "snapshots-of-no-kind",
        "CR-125",
        "snapshotConfig needs no fileType",
        _changed(lambda snapshots: snapshots.setdefault("fileType", ["jpg"]), part="snapshotConfig"),
        _with("individual", snapshotConfig={"captureInterval": 5}),
    ),
    cross(
        "snapshots-of-sound",
        "CR-126",
        "there may be snapshots with streamTypes 0",
        _changed(
            lambda request: (
                "snapshotConfig" in request and _replaced(request["recordingConfig"], "streamTypes", exactly(0), 2)
            )
        ),
        _with("individual", config={"streamTypes": 0}, snapshotConfig=_snapshots()),
    ),
    cross(
        "snapshots-of-nobody",
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
    cross(
        "web-without-services",
        "CR-127",
        "mode web needs no extensionServiceConfig",
        _in_mode("web", lambda request: request.setdefault("extensionServiceConfig", services())),
        lambda a: _without_services(a),
    ),
    cross(
        "snapshots-in-mix-are-refused",
        "CR-127",
        "snapshotConfig is refused in mode mix",
        refuse(
            "start_recording",
            lambda call: call.parameters["mode"] == "mix" and "snapshotConfig" in call.body["clientRequest"],
            error(2),
        ),
        _with(snapshotConfig=_snapshots()),
    ),
    validation(
        "services-of-any-name",
        "CR-128",
        "there may be a service of another name",
        _changed(
            lambda services_: services_["extensionServices"].__delitem__(slice(1, None)), part="extensionServiceConfig"
        ),
        lambda a: (
            began(a, "web", extensionServiceConfig=services({"serviceName": "vod_service", "serviceParam": {}})).status
        ),
    ),
    validation(
        "two-recorders-of-pages",
        "CR-128",
        "there may be two recorders of pages",
        _changed(
            lambda services_: services_["extensionServices"].__delitem__(slice(1, None)), part="extensionServiceConfig"
        ),
        lambda a: began(a, "web", extensionServiceConfig=services(services()["extensionServices"][0])).status,
    ),
    validation(
        "push-without-recorder",
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
    validation(
        "errors-of-pages-ignored",
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
    validation(
        "errors-of-pushes-abort",
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
    validation(
        "pages-without-hours",
        "CR-130",
        "maxRecordingHour is not required",
        _changed(lambda request: _parameters(request).setdefault("maxRecordingHour", 1)),
        _page(maxRecordingHour=None),
    ),
    validation(
        "pages-of-721-hours",
        "CR-130",
        "maxRecordingHour may be 721",
        _page_takes(f"{_PAGE}.maxRecordingHour", 721, 720),
    ),
    validation("frames-of-four", "CR-130", "videoFps may be 4", _page_takes(f"{_PAGE}.videoFps", 4, 5)),
    validation(
        "frames-of-sixty-are-refused", "CR-130", "videoFps may not be 60", _page_refuses(f"{_PAGE}.videoFps", 60)
    ),
    validation(
        "files-of-29-minutes", "CR-130", "maxVideoDuration may be 29", _page_takes(f"{_PAGE}.maxVideoDuration", 29, 30)
    ),
    validation(
        "pages-of-any-area",
        "CR-131",
        "a page of 1920 by 1920 is recorded",
        _page_takes(f"{_PAGE}.videoHeight", 1920, 1080, videoWidth=1920),
    ),
    validation(
        "narrow-pages",
        "CR-131",
        "videoWidth may not be under 240",
        _refusing(lambda request: _parameters(request)["videoWidth"] < 240),
        _page(videoWidth=100),
    ),
    timing(
        "pages-end-in-minutes",
        "CR-132",
        "maxRecordingHour is taken for minutes",
        method(current_recordings.CurrentRecording, "due", lambda original, self: _sooner(original(self), self)),
        lambda a: _page_for(a, 1800),
    ),
    timing(
        "pages-never-end",
        "CR-132",
        "a recording of a page does not end by itself",
        result(current_recordings.CurrentRecording, "due", lambda result, self: None if self.setup.page else result),
        lambda a: _page_for(a, 4000),
    ),
    state(
        "hold-is-ignored-at-the-start",
        "CR-133",
        "onhold at the start has no effect",
        method(current_recordings.CurrentRecording, "__post_init__", _not_held),
        _held,
    ),
    validation("wait-of-61-seconds", "CR-134", "readyTimeout may be 61", _page_takes(f"{_PAGE}.readyTimeout", 61, 60)),
    validation(
        "wait-of-a-minute-is-refused",
        "CR-134",
        "readyTimeout may not be 60",
        _page_refuses(f"{_PAGE}.readyTimeout", 60),
    ),
    validation(
        "pushes-over-http",
        "CR-135",
        "a push may go to an address of HTTP",
        _changed(lambda request: _parameters(request, 1).update(push()["serviceParam"])),
        _pushed("http://example.com/live"),
    ),
    validation(
        "two-pushes",
        "CR-135",
        "a push may have two outputs",
        _changed(lambda request: _parameters(request, 1)["outputs"].__delitem__(slice(1, None))),
        _pushed("rtmp://a.example.com/l/k", "rtmp://b.example.com/l/k"),
    ),
    validation(
        "rtmps-is-refused",
        "CR-135",
        "a push may not go to an address of RTMPS",
        _refusing(lambda request: _parameters(request, 1)["outputs"][0]["rtmpUrl"].startswith("rtmps:")),
        _pushed("rtmps://example.com/live/k"),
    ),
    validation(
        "gone-members-are-refused",
        "CR-159",
        "transcodeOptions is refused",
        _refusing(lambda request: "transcodeOptions" in request),
        _with(transcodeOptions={"transConfig": {"transMode": "audioMix"}}),
    ),
)


def _sooner(due: Any, made: Any) -> Any:
    return (due[0], made.started_at + (due[1] - made.started_at) / 60) if due and made.setup.page else due


def _without_services(a: Caller) -> int:
    resource = acquired(a, scene=1).json["resourceId"]
    request = {name: part for name, part in settings("web").items() if name != "extensionServiceConfig"}
    return a.send(start(resource, "web", request)).status
