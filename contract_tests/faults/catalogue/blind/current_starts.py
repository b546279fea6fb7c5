"""Faults of what a start of the present documents takes: storages, streams, layouts, files, snapshots, web pages."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from agora_rest.emulator import current_recordings, recordings, world
from faults.caller import Caller
from faults.current import REGION, Started, acquired, began, push, recording, services, settings, start
from faults.edits import edit_client_request, refuse_client_request
from faults.fault import Category, Fault, seeded
from faults.middleware import At, HttpCall, admit, error, exactly, given, refuse
from faults.patches import method

_cross = partial(seeded, Category.CROSS_FIELD)
_state = partial(seeded, Category.STATE)
_time = partial(seeded, Category.TIME)
_validation = partial(seeded, Category.VALIDATION)

_STORAGE = "clientRequest.storageConfig"
_CONFIG = "clientRequest.recordingConfig"
_PICTURE = f"{_CONFIG}.transcodingConfig"

Edit = Callable[[dict[str, Any]], object]


def _taken(
    name: str, facts: str, sentence: str, path: str, wrong: Callable[[Any], bool], instead: Any, shows: Any
) -> Fault:
    """A wrong value that `start` takes."""
    return _validation(name, facts, sentence, admit("start_recording", path, wrong, instead), shows)


def _refused(name: str, facts: str, sentence: str, path: str, right: Callable[[Any], bool], shows: Any) -> Fault:
    """A right value that `start` refuses."""
    return _validation(name, facts, sentence, refuse("start_recording", given(path, right), error(2)), shows)


_changed = partial(edit_client_request, "start_recording")
_refusing = partial(refuse_client_request, "start_recording")


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


def _page_takes(member: str, wrong: Callable[[Any], bool], instead: Any) -> At:
    def change(request: dict[str, Any]) -> None:
        parameters = _parameters(request)
        if wrong(parameters.get(member)):
            parameters[member] = instead

    return _changed(change)


def _page_refuses(member: str, *values: Any) -> At:
    return _refusing(lambda request: exactly(*values)(_parameters(request).get(member)))


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
    _taken(
        "token-as-a-number",
        "CR-97",
        "token may be a number",
        "clientRequest.token",
        lambda token: type(token) is int,
        "t",
        _with(token=5),
    ),
    _refused("empty-token", "CR-97", "an empty token is refused", "clientRequest.token", exactly(""), _with(token="")),
    _taken("vendor-four", "CR-98", "vendor 4 is taken", f"{_STORAGE}.vendor", exactly(4), 1, _stored(vendor=4)),
    _taken("vendor-twelve", "CR-98", "vendor 12 is taken", f"{_STORAGE}.vendor", exactly(12), 1, _stored(vendor=12)),
    _refused("no-vendor-three", "CR-98", "vendor 3 is refused", f"{_STORAGE}.vendor", exactly(3), _stored(vendor=3)),
    _refused(
        "no-vendor-eight", "CR-98 CR-99", "vendor 8 is refused", f"{_STORAGE}.vendor", exactly(8), _stored(vendor=8)
    ),
    _validation(
        "tencent-has-region-20",
        "CR-99",
        "Tencent Cloud has a region 20",
        _changed(lambda request: _replaced(request["storageConfig"], "region", exactly(20), 19)),
        _stored(vendor=3, region=20),
    ),
    _validation(
        "baidu-has-region-0",
        "CR-99",
        "Baidu has a region 0",
        _changed(
            lambda request: (
                request["storageConfig"]["vendor"] == 8 and _replaced(request["storageConfig"], "region", exactly(0), 1)
            )
        ),
        _stored(vendor=8, region=0),
    ),
    _validation(
        "amazon-ends-at-17-today",
        "CR-99",
        "Amazon S3 has no region above 17",
        _refusing(lambda request: request["storageConfig"]["vendor"] == 1 and request["storageConfig"]["region"] > 17),
        _stored(vendor=1, region=25),
    ),
    _validation(
        "alibaba-ends-at-18-today",
        "CR-99",
        "Alibaba Cloud has no region above 18",
        _refusing(lambda request: request["storageConfig"]["vendor"] == 2 and request["storageConfig"]["region"] > 18),
        _stored(vendor=2, region=27),
    ),
    _validation(
        "huawei-has-region-16",
        "CR-99",
        "Huawei Cloud has a region 16",
        _changed(lambda request: _replaced(request["storageConfig"], "region", exactly(16), 15)),
        _stored(vendor=7, region=16),
    ),
    _cross(
        "compatible-without-endpoint",
        "CR-100",
        "vendor 11 needs no endpoint",
        _changed(
            lambda request: (
                request["storageConfig"]["vendor"] == 11
                and request["storageConfig"].setdefault("extensionParams", {}).setdefault("endpoint", "s3.example.com")
            )
        ),
        _stored(vendor=11, region=0),
    ),
    _cross(
        "compatible-with-endpoint-is-refused",
        "CR-100",
        "vendor 11 is refused, whatever its endpoint",
        _refusing(lambda request: request["storageConfig"]["vendor"] == 11),
        _stored(vendor=11, region=0, extensionParams={"endpoint": "s3.example.com"}),
    ),
    _taken(
        "any-encryption-of-files",
        "CR-101",
        "sse may be any text",
        f"{_STORAGE}.extensionParams.sse",
        lambda sse: isinstance(sse, str) and sse not in ("kms", "aes256"),
        "kms",
        _stored(extensionParams={"sse": "aes128"}),
    ),
    _cross(
        "tag-needs-encryption",
        "CR-101",
        "a tag is refused without sse",
        _refusing(lambda request: "sse" not in request["storageConfig"]["extensionParams"]),
        _stored(extensionParams={"tag": "RETENTION_DAYS=30"}),
    ),
    _taken(
        "expiration-as-text",
        "CR-102",
        "stsExpiration may be a text",
        f"{_STORAGE}.stsExpiration",
        lambda end: isinstance(end, str),
        1798761600,
        _stored(stsToken="t", stsExpiration="soon"),
    ),
    _refused(
        "no-temporary-keys",
        "CR-102",
        "stsToken is refused",
        f"{_STORAGE}.stsToken",
        lambda token: isinstance(token, str),
        _stored(stsToken="t", stsExpiration=1798761600),
    ),
    _validation(
        "folders-with-underscores",
        "CR-103",
        "a folder may have an underscore",
        _changed(
            lambda request: request["storageConfig"].update(
                fileNamePrefix=[each.replace("_", "") for each in request["storageConfig"]["fileNamePrefix"]]
            )
        ),
        _stored(fileNamePrefix=["a_b"]),
    ),
    _validation(
        "folders-of-129",
        "CR-103",
        "the folders may have 129 characters with their slashes",
        _changed(
            lambda request: (
                request["storageConfig"].update(fileNamePrefix=["a"])
                if sum(len(each) + 1 for each in request["storageConfig"]["fileNamePrefix"]) == 129
                else None
            )
        ),
        _stored(fileNamePrefix=["a" * 128]),
    ),
    _validation(
        "folders-of-128-are-refused",
        "CR-103",
        "the folders may not have 128 characters with their slashes",
        _refusing(lambda request: sum(len(each) + 1 for each in request["storageConfig"]["fileNamePrefix"]) == 128),
        _stored(fileNamePrefix=["a" * 127]),
    ),
    # Decryption
    _taken(
        "decryption-mode-nine",
        "CR-104",
        "decryption mode 9 is taken",
        f"{_CONFIG}.decryptionMode",
        exactly(9),
        1,
        _config(decryptionMode=9, secret="s"),
    ),
    _refused(
        "no-decryption-mode-six",
        "CR-104",
        "decryption mode 6 is refused",
        f"{_CONFIG}.decryptionMode",
        exactly(6),
        _config(decryptionMode=6, secret="s"),
    ),
    _cross(
        "gcm-without-secret",
        "CR-105",
        "decryption mode 5 is taken without its secret",
        _changed(
            lambda request: (
                request["recordingConfig"].get("decryptionMode") == 5
                and request["recordingConfig"].setdefault("secret", "s")
            )
        ),
        _config(decryptionMode=5),
    ),
    _cross(
        "gcm2-without-salt",
        "CR-106",
        "decryption mode 7 is taken without a salt",
        _changed(
            lambda request: (
                request["recordingConfig"].get("decryptionMode") == 7
                and request["recordingConfig"].setdefault("salt", _32_BYTES)
            )
        ),
        _config(decryptionMode=7, secret="s"),
    ),
    _cross(
        "salt-of-any-length",
        "CR-106",
        "a salt may have any length",
        _changed(
            lambda request: "salt" in request["recordingConfig"] and request["recordingConfig"].update(salt=_32_BYTES)
        ),
        _config(decryptionMode=8, secret="s", salt="AAAA"),
    ),
    _cross(
        "salt-with-gcm-is-refused",
        "CR-106",
        "a salt is refused in decryption mode 6",
        _refusing(
            lambda request: "salt" in request["recordingConfig"] and request["recordingConfig"]["decryptionMode"] == 6
        ),
        _config(decryptionMode=6, secret="s", salt=_32_BYTES),
    ),
    # Idle time
    _taken(
        "idle-time-of-four-today",
        "CR-107",
        "maxIdleTime may be 4",
        f"{_CONFIG}.maxIdleTime",
        exactly(4),
        5,
        _config(maxIdleTime=4),
    ),
    _taken(
        "idle-time-of-a-month-and-a-second",
        "CR-107",
        "maxIdleTime may be 2592001",
        f"{_CONFIG}.maxIdleTime",
        exactly(2592001),
        2592000,
        _config(maxIdleTime=2592001),
    ),
    _refused(
        "idle-time-of-three-days",
        "CR-107",
        "maxIdleTime may be 259200 at most",
        f"{_CONFIG}.maxIdleTime",
        lambda seconds: seconds > 259200,
        _config(maxIdleTime=2592000),
    ),
    _time(
        "listeners-keep-a-recording",
        "CR-108",
        "an audience without hosts keeps a recording from ending",
        method(world.World, "_is_idle", lambda *arguments: arguments[-1] is None),
        _live_without_hosts,
    ),
    _time(
        "idle-an-hour-today",
        "CR-107 CR-108",
        "without maxIdleTime a recording waits for an hour",
        _changed(lambda request: request.setdefault("recordingConfig", {}).setdefault("maxIdleTime", 3600)),
        lambda a: _idle_for(a, 60),
    ),
    _time(
        "pages-are-idle",
        "CR-108",
        "a recording of a page ends when its channel is empty",
        method(
            current_recordings.CurrentRecording,
            "due",
            lambda original, self: (
                (recordings.Ending.IDLE, self.started_at + 30) if self.setup.page else original(self)
            ),
        ),
        lambda a: _page_for(a, 60),
    ),
    # Subscriptions
    _validation(
        "lists-of-33",
        "CR-109",
        "a list of users may have 33",
        _changed(lambda request: _some_uids(request, "subscribeAudioUids")),
        _config(subscribeAudioUids=[str(uid) for uid in range(1, 34)]),
    ),
    _validation(
        "empty-lists",
        "CR-109",
        "a list of users may be empty",
        _changed(_no_empty_list),
        _config(subscribeVideoUids=[]),
    ),
    _validation(
        "uid-of-33-bits-in-a-list",
        "CR-109",
        "a list of users may have the uid 4294967296",
        _changed(
            lambda request: (
                request["recordingConfig"].update(subscribeAudioUids=["1"])
                if "4294967296" in request["recordingConfig"]["subscribeAudioUids"]
                else None
            )
        ),
        _config(subscribeAudioUids=["4294967296"]),
    ),
    _cross(
        "with-and-without",
        "CR-110",
        "there may be a list of those to hear and one of those not to",
        _changed(
            lambda request: (
                "subscribeAudioUids" in request["recordingConfig"]
                and _without(request["recordingConfig"], "unSubscribeAudioUids", "unsubscribeAudioUids")
            )
        ),
        _config(subscribeAudioUids=["1"], unSubscribeAudioUids=["2"]),
    ),
    _cross(
        "without-in-either-spelling",
        "CR-110",
        "there may be two lists of those not to see, in both spellings",
        _changed(
            lambda request: (
                "unsubscribeVideoUids" in request["recordingConfig"]
                and _without(request["recordingConfig"], "unSubscribeVideoUids")
            )
        ),
        _config(unSubscribeVideoUids=["1"], unsubscribeVideoUids=["2"]),
    ),
    _cross(
        "one-spelling-only",
        "CR-110",
        "unsubscribeVideoUids is refused",
        _refusing(lambda request: "unsubscribeVideoUids" in request["recordingConfig"]),
        _config(unsubscribeVideoUids=["2"]),
    ),
    _validation(
        "everybody-cannot-be-named",
        "CR-111",
        "#allstream# is refused",
        _refusing(lambda request: "#allstream#" in request["recordingConfig"]["subscribeAudioUids"]),
        _config(subscribeAudioUids=["#allstream#"]),
    ),
    _validation(
        "nobody-by-all",
        "CR-111",
        "#allstream# may be in a list of those not to see",
        _changed(
            lambda request: (
                "#allstream#" in request["recordingConfig"]["unSubscribeVideoUids"]
                and _without(request["recordingConfig"], "unSubscribeVideoUids")
            )
        ),
        _config(unSubscribeVideoUids=["#allstream#"]),
    ),
    _cross(
        "video-list-for-audio",
        "CR-112",
        "with streamTypes 0 there may be a list for video",
        _changed(
            lambda request: (
                request["recordingConfig"].get("streamTypes") == 0
                and _without(request["recordingConfig"], "subscribeVideoUids")
            )
        ),
        _config(streamTypes=0, subscribeVideoUids=["1"]),
    ),
    _cross(
        "audio-list-for-video",
        "CR-112",
        "with streamTypes 1 there may be a list for audio",
        _changed(
            lambda request: (
                request["recordingConfig"].get("streamTypes") == 1
                and _without(request["recordingConfig"], "unSubscribeAudioUids", "subscribeAudioUids")
            )
        ),
        _config(streamTypes=1, unSubscribeAudioUids=["1"]),
    ),
    _taken(
        "group-six",
        "CR-114",
        "subscribeUidGroup may be 6",
        f"{_CONFIG}.subscribeUidGroup",
        exactly(6),
        5,
        _config("individual", subscribeUidGroup=6),
    ),
    _refused(
        "no-group-five",
        "CR-114",
        "subscribeUidGroup may not be 5",
        f"{_CONFIG}.subscribeUidGroup",
        exactly(5),
        _config("individual", subscribeUidGroup=5),
    ),
    _cross(
        "individual-without-group",
        "CR-115",
        "mode individual needs no subscribeUidGroup",
        _in_mode(
            "individual", lambda request: request.setdefault("recordingConfig", {}).setdefault("subscribeUidGroup", 0)
        ),
        lambda a: began(a, "individual", recordingConfig={"channelType": 0}).status,
    ),
    _cross(
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
        _with(),
    ),
    _taken(
        "any-stream-mode",
        "CR-116",
        "streamMode may be any text",
        f"{_CONFIG}.streamMode",
        exactly("both"),
        "default",
        _config("individual", streamMode="both"),
    ),
    _refused(
        "original-needs-audio",
        "CR-116",
        "the stream mode original is refused",
        f"{_CONFIG}.streamMode",
        exactly("original"),
        _config("individual", streamMode="original", streamTypes=2),
    ),
    # Pictures and layouts
    _validation(
        "area-of-a-line-more",
        "CR-117",
        "a picture of 1441 by 1440 is taken",
        _changed(
            lambda request: _replaced(request["recordingConfig"]["transcodingConfig"], "width", exactly(1441), 1440)
        ),
        _picture(width=1441, height=1440),
    ),
    _validation(
        "sides-of-1080",
        "CR-117",
        "a picture whose sides are both over 1080 is refused",
        _refusing(
            lambda request: (
                min(request["recordingConfig"]["transcodingConfig"][side] for side in ("width", "height")) > 1080
            )
        ),
        _picture(width=1440, height=1440),
    ),
    _validation(
        "side-of-1921",
        "CR-117",
        "a side may have 1921",
        _changed(
            lambda request: _replaced(request["recordingConfig"]["transcodingConfig"], "width", exactly(1921), 1920)
        ),
        _picture(width=1921, height=100),
    ),
    _taken(
        "layout-four",
        "CR-118",
        "mixedVideoLayout may be 4",
        f"{_PICTURE}.mixedVideoLayout",
        exactly(4),
        0,
        _picture(mixedVideoLayout=4),
    ),
    _cross(
        "custom-without-regions",
        "CR-118",
        "layout 3 needs no regions",
        _changed(
            lambda request: (
                request["recordingConfig"]["transcodingConfig"].get("mixedVideoLayout") == 3
                and request["recordingConfig"]["transcodingConfig"].setdefault("layoutConfig", [dict(REGION)])
            )
        ),
        _picture(mixedVideoLayout=3),
    ),
    _cross(
        "regions-of-18",
        "CR-118",
        "a layout may have 18 regions",
        _changed(
            lambda request: request["recordingConfig"]["transcodingConfig"]["layoutConfig"].__delitem__(slice(17, None))
        ),
        _picture(mixedVideoLayout=3, layoutConfig=[dict(REGION)] * 18),
    ),
    _cross(
        "regions-only-with-custom",
        "CR-118",
        "regions are refused with layout 0",
        _refusing(
            lambda request: (
                request["recordingConfig"]["transcodingConfig"].get("mixedVideoLayout", 0) != 3
                and "layoutConfig" in request["recordingConfig"]["transcodingConfig"]
            )
        ),
        _picture(mixedVideoLayout=0, layoutConfig=[dict(REGION)]),
    ),
    _cross(
        "regions-over-the-edge",
        "CR-119",
        "a region may reach over the right edge",
        _changed(_shrunk),
        _region(x_axis=0.5, width=0.6),
    ),
    _validation(
        "regions-beyond-one",
        "CR-119",
        "alpha may be 2",
        _changed(lambda request: _replaced(_first_region(request), "alpha", exactly(2), 1)),
        _region(alpha=2),
    ),
    _validation(
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
    _validation(
        "whole-numbers-are-no-places",
        "CR-119",
        "x_axis may not be the whole number 0",
        _refusing(lambda request: type(_first_region(request)["x_axis"]) is int),
        _region(),
    ),
    _taken(
        "colours-by-name",
        "CR-120",
        "backgroundColor may be a name",
        f"{_PICTURE}.backgroundColor",
        exactly("red"),
        "#FF0000",
        _picture(backgroundColor="red"),
    ),
    _refused(
        "colours-in-capitals",
        "CR-120",
        "backgroundColor may not have small letters",
        f"{_PICTURE}.backgroundColor",
        lambda colour: colour != colour.upper(),
        _picture(backgroundColor="#ff00aa"),
    ),
    _validation(
        "backgrounds-of-nobody",
        "CR-121",
        "an entry of backgroundConfig needs no uid",
        _changed(
            lambda request: request["recordingConfig"]["transcodingConfig"]["backgroundConfig"][0].setdefault(
                "uid", "1"
            )
        ),
        _picture(backgroundConfig=[{"image_url": "https://example.com/a.jpg"}]),
    ),
    _validation(
        "backgrounds-over-https",
        "CR-121",
        "backgroundImage may not be an address of HTTP",
        _refusing(
            lambda request: request["recordingConfig"]["transcodingConfig"]["backgroundImage"].startswith("http:")
        ),
        _picture(backgroundImage="http://example.com/a.jpg"),
    ),
    # Files and snapshots
    _validation(
        "mp4-alone",
        "CR-122",
        "avFileType may be mp4 alone",
        _changed(
            lambda request: (
                request["recordingFileConfig"]["avFileType"] == ["mp4"]
                and request["recordingFileConfig"].update(avFileType=["hls"])
            )
        ),
        _with(recordingFileConfig={"avFileType": ["mp4"]}),
    ),
    _validation(
        "hls-first",
        "CR-122",
        "avFileType must begin with hls",
        _refusing(lambda request: request["recordingFileConfig"]["avFileType"] == ["mp4", "hls"]),
        _with(recordingFileConfig={"avFileType": ["mp4", "hls"]}),
    ),
    _cross(
        "individual-with-mp4",
        "CR-123",
        "mode individual takes mp4",
        _in_mode("individual", lambda request: request["recordingFileConfig"].update(avFileType=["hls"])),
        _with("individual", recordingFileConfig={"avFileType": ["hls", "mp4"]}),
    ),
    _cross(
        "snapshots-need-files",
        "CR-124",
        "snapshots are refused without a recordingFileConfig",
        _refusing(lambda request: "snapshotConfig" in request and "recordingFileConfig" not in request),
        _with("individual", snapshotConfig=_snapshots()),
    ),
    _cross(
        "snapshots-or-files",
        "CR-124",
        "snapshots are refused with a recordingFileConfig",
        _refusing(lambda request: "snapshotConfig" in request and "recordingFileConfig" in request),
        _with("individual", snapshotConfig=_snapshots(), recordingFileConfig={"avFileType": ["hls"]}),
    ),
    _validation(
        "snapshots-every-four-seconds",
        "CR-125",
        "captureInterval may be 4",
        _changed(lambda request: _replaced(request["snapshotConfig"], "captureInterval", exactly(4), 5)),
        _with("individual", snapshotConfig=_snapshots(captureInterval=4)),
    ),
    _validation(
        "snapshots-as-png",
        "CR-125",
        "the files of snapshots may be png",
        _changed(lambda request: request["snapshotConfig"].update(fileType=["jpg"])),
        _with("individual", snapshotConfig={"fileType": ["png"]}),
    ),
    _validation(
        "snapshots-of-no-kind",
        "CR-125",
        "snapshotConfig needs no fileType",
        _changed(lambda request: request["snapshotConfig"].setdefault("fileType", ["jpg"])),
        _with("individual", snapshotConfig={"captureInterval": 5}),
    ),
    _cross(
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
    _cross(
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
    _cross(
        "web-without-services",
        "CR-127",
        "mode web needs no extensionServiceConfig",
        _in_mode("web", lambda request: request.setdefault("extensionServiceConfig", services())),
        lambda a: _without_services(a),
    ),
    _cross(
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
    _validation(
        "services-of-any-name",
        "CR-128",
        "there may be a service of another name",
        _changed(lambda request: request["extensionServiceConfig"]["extensionServices"].__delitem__(slice(1, None))),
        lambda a: (
            began(a, "web", extensionServiceConfig=services({"serviceName": "vod_service", "serviceParam": {}})).status
        ),
    ),
    _validation(
        "two-recorders-of-pages",
        "CR-128",
        "there may be two recorders of pages",
        _changed(lambda request: request["extensionServiceConfig"]["extensionServices"].__delitem__(slice(1, None))),
        lambda a: began(a, "web", extensionServiceConfig=services(services()["extensionServices"][0])).status,
    ),
    _validation(
        "push-without-recorder",
        "CR-128",
        "there may be a push without a recorder",
        _changed(
            lambda request: (
                request["extensionServiceConfig"].update(services())
                if [each["serviceName"] for each in request["extensionServiceConfig"]["extensionServices"]]
                == ["rtmp_publish_service"]
                else None
            )
        ),
        lambda a: began(a, "web", extensionServiceConfig={"extensionServices": [push()]}).status,
    ),
    _validation(
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
    _validation(
        "errors-of-pushes-abort",
        "CR-129",
        "the policy of a push may be error_abort",
        _changed(
            lambda request: _replaced(
                request["extensionServiceConfig"]["extensionServices"][1],
                "errorHandlePolicy",
                exactly("error_abort"),
                "error_ignore",
            )
        ),
        _pushed(errorHandlePolicy="error_abort"),
    ),
    _validation(
        "pages-without-hours",
        "CR-130",
        "maxRecordingHour is not required",
        _changed(lambda request: _parameters(request).setdefault("maxRecordingHour", 1)),
        _page(maxRecordingHour=None),
    ),
    _validation(
        "pages-of-721-hours",
        "CR-130",
        "maxRecordingHour may be 721",
        _page_takes("maxRecordingHour", exactly(721), 720),
        _page(maxRecordingHour=721),
    ),
    _validation(
        "frames-of-four", "CR-130", "videoFps may be 4", _page_takes("videoFps", exactly(4), 5), _page(videoFps=4)
    ),
    _validation(
        "frames-of-sixty-are-refused",
        "CR-130",
        "videoFps may not be 60",
        _page_refuses("videoFps", 60),
        _page(videoFps=60),
    ),
    _validation(
        "files-of-29-minutes",
        "CR-130",
        "maxVideoDuration may be 29",
        _page_takes("maxVideoDuration", exactly(29), 30),
        _page(maxVideoDuration=29),
    ),
    _validation(
        "pages-of-any-area",
        "CR-131",
        "a page of 1920 by 1920 is recorded",
        _changed(lambda request: _replaced(_parameters(request), "videoHeight", exactly(1920), 1080)),
        _page(videoWidth=1920, videoHeight=1920),
    ),
    _validation(
        "narrow-pages",
        "CR-131",
        "videoWidth may not be under 240",
        _refusing(lambda request: _parameters(request)["videoWidth"] < 240),
        _page(videoWidth=100),
    ),
    _time(
        "pages-end-in-minutes",
        "CR-132",
        "maxRecordingHour is taken for minutes",
        method(current_recordings.CurrentRecording, "due", lambda original, self: _sooner(original(self), self)),
        lambda a: _page_for(a, 1800),
    ),
    _time(
        "pages-never-end",
        "CR-132",
        "a recording of a page does not end by itself",
        method(
            current_recordings.CurrentRecording,
            "due",
            lambda original, self: None if self.setup.page else original(self),
        ),
        lambda a: _page_for(a, 4000),
    ),
    _state(
        "hold-is-ignored-at-the-start",
        "CR-133",
        "onhold at the start has no effect",
        method(current_recordings.CurrentRecording, "__post_init__", _not_held),
        _held,
    ),
    _validation(
        "wait-of-61-seconds",
        "CR-134",
        "readyTimeout may be 61",
        _page_takes("readyTimeout", exactly(61), 60),
        _page(readyTimeout=61),
    ),
    _validation(
        "wait-of-a-minute-is-refused",
        "CR-134",
        "readyTimeout may not be 60",
        _page_refuses("readyTimeout", 60),
        _page(readyTimeout=60),
    ),
    _validation(
        "pushes-over-http",
        "CR-135",
        "a push may go to an address of HTTP",
        _changed(lambda request: _parameters(request, 1).update(push()["serviceParam"])),
        _pushed("http://example.com/live"),
    ),
    _validation(
        "two-pushes",
        "CR-135",
        "a push may have two outputs",
        _changed(lambda request: _parameters(request, 1)["outputs"].__delitem__(slice(1, None))),
        _pushed("rtmp://a.example.com/l/k", "rtmp://b.example.com/l/k"),
    ),
    _validation(
        "rtmps-is-refused",
        "CR-135",
        "a push may not go to an address of RTMPS",
        _refusing(lambda request: _parameters(request, 1)["outputs"][0]["rtmpUrl"].startswith("rtmps:")),
        _pushed("rtmps://example.com/live/k"),
    ),
    _validation(
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
