"""Requests of Cloud Recording: channels, users, settings and storage."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any

from agora_rest.emulator.projects import Projects
from faults.fault import Category, Table, targeted
from faults.middleware import (
    At,
    HttpCall,
    admit,
    error,
    exactly,
    given,
    on_request,
    on_response,
    refuse,
    respond,
)
from faults.patches import method

_CONFIG, _STORED = "clientRequest.recordingConfig", "clientRequest.storageConfig"
_TRANSCODING = f"{_CONFIG}.transcodingConfig"
_STORAGE = {"vendor": 2, "region": 3, "bucket": "b", "accessKey": "a", "secretKey": "s"}


def _members(operations: str, change: Callable[[dict[str, Any]], dict[str, Any]]) -> At:
    """The members of a body are changed; `change` gives those that are other."""

    def changed(call: HttpCall) -> None:
        if isinstance(call.body, dict):
            call.body = {**call.body, **change(call.body)}

    return on_request(operations, changed)


def _any_case(operation: str, *names: str) -> At:
    """Members are taken under their names in any case."""
    return _members(
        operation, lambda body: {name: body[other] for name in names for other in body if other.lower() == name.lower()}
    )


def _lenient_uid(body: dict[str, Any]) -> dict[str, Any]:
    with suppress(ValueError, KeyError, TypeError):
        return {"uid": str(int(body["uid"]))} if isinstance(body["uid"], str) else {}
    return {}


def _trimmed(body: dict[str, Any]) -> dict[str, Any]:
    return {"cname": body["cname"].rstrip("\n")} if isinstance(body.get("cname"), str) else {}


def _no_unknown_members() -> At:
    return refuse("acquire start_recording stop_recording", lambda call: "somethingNew" in str(call.body), error(2))


def _uid(uid: Any) -> At:
    return admit("acquire", "uid", exactly(uid), "5")


def _name(name: str) -> At:
    return admit("acquire", "cname", exactly(name), "x")


IDENTITY: Table = {
    "acquire_without_any_member_is_refused": {
        "acquire takes its members in any case": _any_case("acquire", "cname", "uid"),
    },
    "start_without_any_member_is_refused members_are_case_sensitive": {
        "start takes its members in any case": _any_case("start_recording", "cname", "uid", "clientRequest"),
    },
    "acquire_takes_no_other_types": {
        "clientRequest may be something else": admit("acquire", "clientRequest", exactly([], "", None), {}),
        "a channel may be a number": admit("acquire", "cname", exactly(1), "1"),
    },
    "unknown_members_pass unknown_settings_pass": {
        "unknown members are refused": _no_unknown_members(),
    },
    "other_uids_are_refused": {
        f"uid {uid!r} is taken": _uid(uid)
        for uid in ("１２３", "", None, True, "1e3")  # noqa: RUF001  other digits
    },
    "other_uids_are_refused_by_start_and_stop": {
        "start takes any uid": admit("start_recording", "uid", exactly("0"), "5"),
        "uids are read as lenient programs do": _members("start_recording stop_recording", _lenient_uid),
    },
    "uids_from_1_to_4294967295_pass": {
        "uid 3999999999 is refused": refuse("acquire", given("uid", exactly("3999999999")), error(2)),
    },
    "start_and_stop_refuse_what_is_no_channel_name": {
        "channel names are trimmed": _members("start_recording stop_recording", _trimmed),
        "start takes any channel": admit("start_recording", "cname", exactly("x" * 65), "contract-channel-0-1"),
    },
    (
        "an_unknown_app_id_is_invalid the_app_id_of_a_disabled_project_is_invalid"
        " the_app_id_of_a_deleted_project_is_invalid recordings_live_as_documented a_malformed_app_id_is_refused"
    ): {
        "any App ID records": method(Projects, "require_app_id", lambda *_: None),
    },
    "start_takes_no_other_types": {
        "start takes a list of storages": admit("start_recording", _STORED, exactly([]), _STORAGE),
    },
    "any_other_character_is_refused": {
        f"{name!r} is a channel": _name(name) for name in ("le\x7fsson", "le*sson", "le'sson", "lesson`")
    },
    "each_of_the_89_characters_makes_a_channel_name": {
        f"{character!r} is no channel": refuse("acquire", given("cname", exactly(character)), error(1013))
        for character in "Z0"
    },
}


def _config(name: str, wrong: Any, right: Any) -> At:
    return admit("start_recording", f"{_CONFIG}.{name}", exactly(wrong), right)


def _stored(name: str, wrong: Any, right: Any) -> At:
    return admit("start_recording", f"{_STORED}.{name}", exactly(wrong), right)


def _no_region(vendor: int, number: int) -> At:
    return refuse(
        "start_recording", given(_STORED, lambda it: (it["vendor"], it["region"]) == (vendor, number)), error(2)
    )


def _sized(*sides: tuple[int | None, int | None]) -> Callable[[Any], bool]:
    """Whether a transcodingConfig has one of these sizes."""
    return lambda it: (it.get("width"), it.get("height")) in sides


SETTINGS: Table = {
    "every_setting_may_be_left_out": {
        "recordingConfig is needed": refuse("start_recording", given(_CONFIG, exactly(None)), error(2)),
    },
    "the_documents_example_starts_a_recording audio_profiles_are_three": {
        "audioProfile 1 is refused": refuse("start_recording", given(f"{_CONFIG}.audioProfile", exactly(1)), error(2)),
    },
    "stream_types_are_three": {
        "streamTypes true is taken": _config("streamTypes", True, 1),
        "streamTypes 0 is refused": refuse("start_recording", given(f"{_CONFIG}.streamTypes", exactly(0)), error(2)),
    },
    "audio_profiles_are_three": {
        "audioProfile 3 is taken": _config("audioProfile", 3, 1),
    },
    "video_streams_are_two": {
        "videoStreamType -1 is taken": _config("videoStreamType", -1, 1),
    },
    "the_idle_time_is_five_seconds_at_least": {
        "maxIdleTime may be a string": _config("maxIdleTime", "30", 30),
    },
    "pictures_over_1080p_are_refused": {
        "only pixels are counted": admit("start_recording", _TRANSCODING, _sized((1081, 1081), (1081, 1082)), {}),
    },
    "pictures_up_to_1080p_pass": {
        "a height of more than 1080 is refused": refuse(
            "start_recording", given(_TRANSCODING, _sized((None, 1920))), error(2)
        ),
    },
    "picture_settings_are_positive_integers": {
        "fps 0 is taken": _config("transcodingConfig.fps", 0, 1),
        "half a pixel is taken": _config("transcodingConfig.width", 1.5, 1),
    },
    "the_large_picture_is_a_uid": {
        "maxResolutionUid 0 is taken": _config("transcodingConfig.maxResolutionUid", "0", "1"),
    },
    "each_storage_setting_is_needed": {
        "storage settings are read in any case": admit(
            "start_recording", _STORED, lambda it: "AccessKey" in it, _STORAGE
        ),
    },
    "storage_names_and_keys_are_strings": {
        "a key may be a number": _stored("accessKey", 1, "1"),
    },
    "every_region_of_every_vendor_passes": {
        "region 0 of Qiniu is refused": _no_region(0, 0),
    },
    "mix_is_the_only_mode": {
        "MIX is taken for mix": on_request("", lambda call: setattr(call, "path", call.path.replace("/MIX/", "/mix/"))),
        "another mode is 404": on_response(
            "", lambda call: respond(404, {})(call) if "/mode/mi/" in call.path else None, status=400
        ),
    },
    "settings_are_read_in_their_own_spelling_only": {
        "settings are read in any case": admit(
            "start_recording", _CONFIG, lambda it: "MAXIDLETIME" in it, {"maxIdleTime": 5}
        ),
    },
}

FAULTS = (*targeted(Category.IDENTITY, IDENTITY), *targeted(Category.VALIDATION, SETTINGS))
