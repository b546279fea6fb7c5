"""Faults of what Cloud Recording takes: one character, one pixel, one region."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from agora_rest.emulator.recordings import Resource
from faults.caller import APP, Caller, Request, acquire
from faults.edits import refuses, takes
from faults.middleware import At, HttpCall, error, on_request, on_response, put
from faults.patches import called_with
from faults.seeds import cross, statuses, validation

_CONFIG = "clientRequest.recordingConfig"
_STORAGE = "clientRequest.storageConfig"

_takes = partial(takes, "start_recording")
_refuses = partial(refuses, "start_recording")
_FOUR = "acquire start_recording query_recording stop_recording"


def _upper_case_app(call: HttpCall) -> None:
    call.path = call.path.replace(f"/apps/{APP.upper()}/", f"/apps/{APP}/")


def _picture(a: Caller, **size: int) -> int:
    return a.started(transcodingConfig=size).status


def _size(when: Callable[[int | None, int | None], bool]) -> At:
    """A picture whose sides satisfy `when` is taken."""

    def change(call: HttpCall) -> None:
        config = (call.body or {}).get("clientRequest", {}).get("recordingConfig", {}).get("transcodingConfig", {})
        width, height = config.get("width"), config.get("height")
        if when(width, height):
            call.body = {**call.body, "clientRequest": {**call.body["clientRequest"], "recordingConfig": {}}}

    return on_request("start_recording", lambda call: _tried(change, call))


def _tried(change: Callable[[HttpCall], None], call: HttpCall) -> None:
    try:
        change(call)
    except (AttributeError, TypeError):
        return


def _mode_of(operation: str, mode: str) -> At:
    def change(call: HttpCall) -> None:
        call.path = call.path.replace(f"/mode/{mode}/{operation}", f"/mode/mix/{operation}")

    return on_request("", change)


def _in_mode(a: Caller, mode: str, what: str) -> int:
    resource, sid = a.record()
    base = f"/v1/apps/{APP}/cloud_recording/resourceid/{resource}/sid/{sid}/mode/{mode}/{what}"
    if what == "query":
        return a.send(Request("GET", base)).status
    return a.send(Request("POST", base, {"cname": "lesson", "uid": "527841", "clientRequest": {}})).status


def _name_with(letter: str) -> At:
    return takes(_FOUR, "cname", f"a{letter}b", "lesson", lambda name: letter in name)


def _name_without(letter: str) -> At:
    return refuses("acquire", "cname", f"a{letter}b", lambda name: letter in name, error(1013))


FAULTS = {
    "app-id-in-any-case": validation(
        "CR-04 CR-15",
        "an App ID in upper case is taken",
        on_request("", _upper_case_app),
        lambda a: a.send(acquire(app=APP.upper())).status,
    ),
    "query-in-mode-web": validation(
        "CR-20 CR-40", "query takes the mode web", _mode_of("query", "web"), lambda a: _in_mode(a, "web", "query")
    ),
    "stop-in-mode-individual": validation(
        "CR-20 CR-50",
        "stop takes the mode individual",
        _mode_of("stop", "individual"),
        lambda a: _in_mode(a, "individual", "stop"),
    ),
    "uid-with-leading-zeros": validation(
        "CR-14",
        "a uid may have zeros in front",
        takes("acquire", "uid", "007", "7", lambda uid: uid.isdigit() and uid.startswith("0") and int(uid) > 0),
    ),
    "uid-with-a-sign": validation(
        "CR-14", "a uid may have a sign in front", takes("acquire", "uid", "+7", "7", lambda uid: uid[:1] in ("+", "-"))
    ),
    "uid-with-spaces": validation(
        "CR-14", "a uid may have spaces around it", takes("acquire", "uid", " 7", "7", lambda uid: uid != uid.strip())
    ),
    "smallest-uid-is-refused": validation("CR-14", "the uid 1 is refused", refuses("acquire", "uid", "1")),
    "channel-name-with-quote": validation("CR-63", 'a channel name may have a " in it', _name_with('"')),
    "channel-name-with-backslash": validation("CR-63", "a channel name may have a backslash in it", _name_with("\\")),
    "channel-name-ends-with-newline": validation(
        "CR-63",
        "a channel name may end with a line feed",
        takes(_FOUR, "cname", "lesson\n", "lesson", lambda name: name.endswith("\n")),
    ),
    "channel-name-without-comma": validation("CR-63", "a channel name with a comma is refused", _name_without(",")),
    "channel-name-without-brace": validation("CR-63", "a channel name with { is refused", _name_without("{")),
    "channel-name-may-be-empty": validation(
        "CR-63", "a channel name may be empty", takes("acquire", "cname", "", "lesson")
    ),
    "bad-name-at-start-is-error-two": statuses(
        "CR-63",
        "start calls a channel name that is none error 2 instead of 1013",
        on_response("start_recording", put("code", 2), code=1013),
    ),
    "wide-pictures": cross(
        "CR-29",
        "a picture may be 1921 pixels wide",
        _size(lambda width, height: width == 1921 and (height or 0) <= 1080),
        lambda a: _picture(a, width=1921, height=1080),
    ),
    "one-line-too-many": cross(
        "CR-29",
        "a picture of 1920 by 1081 pixels is taken",
        _size(lambda width, height: (width, height) == (1920, 1081)),
        lambda a: _picture(a, width=1920, height=1081),
    ),
    "width-alone-is-free": cross(
        "CR-29",
        "the width is not looked at where the height is left out",
        _size(lambda width, height: width is not None and height is None),
        lambda a: _picture(a, width=4000),
    ),
    "height-alone-is-free": cross(
        "CR-29",
        "the height is not looked at where the width is left out",
        _size(lambda width, height: height is not None and width is None),
        lambda a: _picture(a, height=4000),
    ),
    "empty-decryption-secret": cross(
        "CR-24",
        "a decryption mode is taken with an empty secret",
        _takes(f"{_CONFIG}.secret", "", "x", decryptionMode=1),
    ),
    "decryption-mode-three-is-refused": validation(
        "CR-23", "decryptionMode 3 is refused", _refuses(f"{_CONFIG}.decryptionMode", 3, secret="a-password")
    ),
    "negative-region": validation(
        "CR-35", "region -1 is taken", _takes(f"{_STORAGE}.region", -1, 0, lambda given: given < 0)
    ),
    "alibaba-has-region-19": cross(
        "CR-35", "region 19 is taken for Alibaba Cloud", _takes(f"{_STORAGE}.region", 19, 0, vendor=2)
    ),
    "longest-idle-time-is-refused": validation(
        "CR-28",
        "a maxIdleTime of more than a day is refused",
        _refuses(f"{_CONFIG}.maxIdleTime", 100_000, lambda seconds: seconds > 86400),
    ),
    "no-bitrate": validation("CR-30", "a bitrate may be zero", _takes(f"{_CONFIG}.transcodingConfig.bitrate", 0, 500)),
    "sid-in-any-case": validation(
        "CR-04 CR-39",
        "a sid in upper case is taken",
        called_with(Resource, "find", sid=lambda sid: sid.lower()),
        lambda a: [made := a.record(), a.query(made[0], made[1].upper()).status],
    ),
    "stop-needs-no-cname": validation(
        "CR-50", "stop takes a body without cname", takes("stop_recording", "cname", None, "lesson")
    ),
    "empty-bucket": validation(
        "CR-33", "storageConfig with an empty bucket is taken", _takes(f"{_STORAGE}.bucket", "", "b")
    ),
    "channel-type-as-boolean": validation(
        "CR-25", "channelType may be true", _takes(f"{_CONFIG}.channelType", True, 1)
    ),
    "region-as-text": validation(
        "CR-35", "region may be a string", _takes(f"{_STORAGE}.region", "2", 2, lambda given: isinstance(given, str))
    ),
    "vendor-as-text": validation(
        "CR-34", "vendor may be a string", _takes(f"{_STORAGE}.vendor", "1", 1, lambda given: isinstance(given, str))
    ),
}
