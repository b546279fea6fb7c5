"""Requests to Cloud Recording that break a rule and are taken, and right ones that are refused."""

from __future__ import annotations

from functools import partial
from typing import Any

from faults.caller import APP, STORAGE, Caller, Request
from faults.edits import outside, refuses, take_any_type, takes
from faults.middleware import HttpCall, admit, error, on_request
from faults.seeds import validation

_CONFIG = "clientRequest.recordingConfig"


_STORAGE = "clientRequest.storageConfig"

_takes = partial(takes, "start_recording")
_refuses = partial(refuses, "start_recording")


def _no_text(given: Any) -> bool:
    return given is not None and not isinstance(given, str)


def _any_case(call: HttpCall) -> None:
    if isinstance(call.body, dict):
        call.body = {name[:1].lower() + name[1:]: value for name, value in call.body.items()}


def _any_path(call: HttpCall) -> None:
    call.path = call.path.replace("/Acquire", "/acquire")


def _any_mode(call: HttpCall) -> None:
    call.path = call.path.replace("/mode/individual/", "/mode/mix/")


def _acquire_as(a: Caller, media_type: str) -> Any:
    body = {"cname": "lesson", "uid": "1", "clientRequest": {}}
    return a.send(Request("POST", f"/v1/apps/{APP}/cloud_recording/acquire", body, {"content-type": media_type})).status


FAULTS = {
    "acquire-needs-no-client-request": validation(
        "CR-13", "acquire takes a body without clientRequest", takes("acquire", "clientRequest", None, {})
    ),
    "acquire-needs-no-uid": validation("CR-13", "acquire takes a body without uid", takes("acquire", "uid", None, "1")),
    "uid-may-be-a-number": validation(
        "CR-14",
        "the uid may be a number instead of a string",
        takes("acquire", "uid", 5, "1", lambda given: isinstance(given, int)),
    ),
    "uid-may-be-zero": validation(
        "CR-14", "the uid may be 0", admit("acquire", "uid", lambda given: given == "0", "1")
    ),
    "uid-may-have-33-bits": validation(
        "CR-14",
        "the uid may be over 4294967295",
        takes("acquire", "uid", "4294967296", "1", lambda given: int(given) > 2**32 - 1),
    ),
    "uid-may-have-letters": validation(
        "CR-14",
        "the uid may be any string",
        takes("acquire", "uid", "12a", "1", lambda given: isinstance(given, str) and not given.isdigit()),
    ),
    "largest-uid-is-refused": validation(
        "CR-14", "the uid 4294967295 is refused", refuses("acquire", "uid", "4294967295")
    ),
    "client-request-must-be-empty": validation(
        "CR-13",
        "members in the clientRequest of acquire are refused",
        refuses("acquire", "clientRequest", {"resourceExpiredHour": 24}, bool),
    ),
    "stop-needs-no-client-request": validation(
        "CR-50", "stop takes a body without clientRequest", takes("stop_recording", "clientRequest", None, {})
    ),
    "channel-name-of-65": validation(
        "CR-63",
        "a channel name may have 65 characters",
        takes("acquire", "cname", "a" * 65, "lesson", lambda name: len(name) == 65),
    ),
    "channel-name-of-64-is-refused": validation(
        "CR-63",
        "a channel name of 64 characters is refused",
        refuses("acquire", "cname", "a" * 64, lambda name: len(name) == 64, error(1013)),
    ),
    "channel-name-with-slash": validation(
        "CR-63", "a channel name may have a slash in it", admit("acquire", "cname", lambda name: "/" in name, "lesson")
    ),
    "channel-name-beyond-ascii": validation(
        "CR-63",
        "a channel name may have letters beyond ASCII in it",
        takes("acquire", "cname", "caf\xe9", "lesson", lambda name: name.isalpha() and not name.isascii()),
    ),
    "channel-name-without-tilde": validation(
        "CR-63",
        "a channel name with ~ is refused",
        refuses("acquire", "cname", "a~b", lambda name: "~" in name, error(1013)),
    ),
    "channel-name-without-space": validation(
        "CR-63",
        "a channel name with a space is refused",
        refuses("acquire", "cname", "a b", lambda name: " " in name, error(1013)),
    ),
    "member-names-in-any-case": validation(
        "CR-04",
        "Cname is taken for cname",
        on_request("acquire", _any_case),
        lambda a: a.send(
            Request(
                "POST", f"/v1/apps/{APP}/cloud_recording/acquire", {"Cname": "lesson", "uid": "1", "clientRequest": {}}
            )
        ),
    ),
    "paths-in-any-case": validation(
        "CR-04",
        "/Acquire is taken for /acquire",
        on_request("", _any_path),
        lambda a: a.send(
            Request(
                "POST", f"/v1/apps/{APP}/cloud_recording/Acquire", {"cname": "lesson", "uid": "1", "clientRequest": {}}
            )
        ),
    ),
    "recording-bodies-of-any-type": validation(
        "CR-03",
        "Cloud Recording takes bodies that call themselves plain text",
        on_request("acquire start_recording stop_recording", take_any_type),
        lambda a: _acquire_as(a, "text/plain"),
    ),
    "start-in-mode-individual": validation(
        "CR-20",
        "start takes the mode individual",
        on_request("", _any_mode),
        lambda a: a.send(
            Request("POST", f"/v1/apps/{APP}/cloud_recording/resourceid/x/mode/individual/start", {"cname": 7})
        ),
    ),
    "start-needs-no-storage": validation(
        "CR-21", "start takes a clientRequest without storageConfig", _takes(_STORAGE, None, STORAGE)
    ),
    "stream-types-three": validation(
        "CR-22", "streamTypes 3 is taken", admit("start_recording", f"{_CONFIG}.streamTypes", outside(0, 1, 2), 2)
    ),
    "decryption-mode-four": validation(
        "CR-23", "decryptionMode 4 is taken", _takes(f"{_CONFIG}.decryptionMode", 4, 0, lambda given: given > 3)
    ),
    "channel-type-two": validation(
        "CR-25", "channelType 2 is taken", _takes(f"{_CONFIG}.channelType", 2, 0, outside(0, 1))
    ),
    "audio-profile-as-text": validation(
        "CR-26",
        "audioProfile may be a string",
        _takes(f"{_CONFIG}.audioProfile", "1", 0, lambda given: isinstance(given, str)),
        only_in="documented",
    ),
    "audio-profile-two-is-refused": validation(
        "CR-26", "audioProfile 2 is refused", _refuses(f"{_CONFIG}.audioProfile", 2)
    ),
    "video-stream-type-two": validation(
        "CR-27", "videoStreamType 2 is taken", _takes(f"{_CONFIG}.videoStreamType", 2, 0, outside(0, 1))
    ),
    "idle-time-of-four": validation("CR-28", "maxIdleTime 4 is taken", _takes(f"{_CONFIG}.maxIdleTime", 4, 5)),
    "idle-time-of-five-is-refused": validation(
        "CR-28", "maxIdleTime 5 is refused", _refuses(f"{_CONFIG}.maxIdleTime", 5)
    ),
    "frame-rate-as-text": validation(
        "CR-30",
        "fps may be a string",
        _takes(f"{_CONFIG}.transcodingConfig.fps", "15", 15, lambda given: isinstance(given, str)),
        only_in="documented",
    ),
    "layout-three": validation(
        "CR-31",
        "mixedVideoLayout 3 is taken",
        _takes(f"{_CONFIG}.transcodingConfig.mixedVideoLayout", 3, 0, outside(0, 1, 2)),
    ),
    "large-picture-as-number": validation(
        "CR-32",
        "maxResolutionUid may be a number",
        _takes(f"{_CONFIG}.transcodingConfig.maxResolutionUid", 5, "1", _no_text),
    ),
    "storage-needs-no-bucket": validation(
        "CR-33", "storageConfig without a bucket is taken", _takes(f"{_STORAGE}.bucket", None, "b")
    ),
    "storage-needs-no-secret-key": validation(
        "CR-33", "storageConfig without a secretKey is taken", _takes(f"{_STORAGE}.secretKey", None, "s")
    ),
    "vendor-three": validation("CR-34", "vendor 3 is taken", _takes(f"{_STORAGE}.vendor", 3, 1, outside(0, 1, 2))),
}
