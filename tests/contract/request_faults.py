"""Faults in what Cloud Recording takes: who records what, and how; each with the checks that must see it."""

from __future__ import annotations

import itertools
from contextlib import suppress
from typing import Any

import httpx

from agora_rest.emulator.projects import Projects
from tests.contract.faults import (
    ACQUIRE,
    CONFIG,
    START,
    STOP,
    STORED,
    Edge,
    Fault,
    Sent,
    Serve,
    answer,
    edge,
    error,
    inside,
    is_,
    recodes,
    refuses,
    replaced,
    responds,
    rewrites,
    sends,
    takes,
)

TRANSCODING = f"{CONFIG}.transcodingConfig"
GOOD_STORAGE = {"vendor": 2, "region": 3, "bucket": "b", "accessKey": "a", "secretKey": "s"}


# -- who and where -----------------------------------------------------------------------------------------------------


def without(name: str) -> Edge:
    """Error 2 whenever a body has a member that no document knows."""

    def knows_better(sent: Sent, serve: Serve) -> httpx.Response:
        return error(2) if sent.operation in (ACQUIRE, START, STOP) and name in str(sent.body) else serve(sent)

    return knows_better


def missing_passes(operation: str, name: str, value: Any) -> Edge:
    """A missing member is made up for."""

    def generous(sent: Sent) -> Sent:
        if sent.operation != operation or not isinstance(sent.body, dict) or name in sent.body:
            return sent
        return sent.with_body((name,), value)

    return sends(generous)


def any_case(operation: str, *names: str) -> Edge:
    """Members are taken under their names in any case."""

    def generous(sent: Sent) -> Sent:
        if sent.operation != operation or not isinstance(sent.body, dict):
            return sent
        for name, other in itertools.product(names, list(sent.body)):
            if other != name and other.lower() == name.lower():
                sent = sent.with_body((name,), sent.body[other])
        return sent

    return sends(generous)


def same_resource_id() -> Edge:
    """One resource ID for one channel and user."""
    given: dict[str, Any] = {}

    def change(payload: Any, sent: Sent) -> Any:
        key = str((sent.body["cname"], sent.body["uid"]))
        return given.setdefault(key, payload)

    return rewrites(change, ACQUIRE, when=lambda status: status == 200)


def lenient_numbers(sent: Sent) -> Sent:
    """Whatever can be read as a number is one."""
    if sent.operation in (START, STOP) and isinstance(sent.body, dict) and isinstance(sent.body.get("uid"), str):
        with suppress(ValueError):
            return sent.with_body(("uid",), str(int(sent.body["uid"])))
    return sent


def trimmed(sent: Sent) -> Sent:
    """A line break at the end is none of the name."""
    if sent.operation in (START, STOP) and isinstance(sent.body, dict) and isinstance(sent.body.get("cname"), str):
        return sent.with_body(("cname",), sent.body["cname"].rstrip("\n"))
    return sent


IDENTITY = [
    edge(
        "gives one resource ID for one channel and user", same_resource_id(), "acquire_gives_a_resource_id_of_its_own"
    ),
    edge("needs no uid", missing_passes(ACQUIRE, "uid", "5"), "acquire_without_any_member_is_refused"),
    edge(
        "needs no clientRequest", missing_passes(ACQUIRE, "clientRequest", {}), "acquire_without_any_member_is_refused"
    ),
    edge("reads members in any case", any_case(ACQUIRE, "cname", "uid"), "acquire_without_any_member_is_refused"),
    edge(
        "reads members in any case, at start",
        any_case(START, "cname", "uid", "clientRequest"),
        *("start_without_any_member_is_refused", "members_are_case_sensitive"),
    ),
    edge(
        "takes clientRequest for what it is not",
        takes(ACQUIRE, "clientRequest", is_([], "", None), {}),
        "acquire_takes_no_other_types",
    ),
    edge("takes a number for a channel", takes(ACQUIRE, "cname", is_(1), "1"), "acquire_takes_no_other_types"),
    edge("knows every member there may be", without("somethingNew"), "unknown_members_pass", "unknown_settings_pass"),
    *(
        edge(f"takes uid {uid!r}", takes(ACQUIRE, "uid", is_(uid), "5"), "other_uids_are_refused")
        for uid in ("0", "01", "4294967296", "+1", "527841\n", "１２３", "", 527841, None, True, "1e3")  # noqa: RUF001
    ),
    *(
        edge(f"refuses uid {uid}", refuses(ACQUIRE, "uid", is_(uid)), "uids_from_1_to_4294967295_pass")
        for uid in ("1", "4294967295", "3999999999")
    ),
    edge("takes any uid to start", takes(START, "uid", is_("0"), "5"), "other_uids_are_refused_by_start_and_stop"),
    edge(
        "reads uids as lenient programs do",
        sends(lenient_numbers),
        "other_uids_are_refused_by_start_and_stop",
    ),
    edge("trims channel names", sends(trimmed), "start_and_stop_refuse_what_is_no_channel_name"),
    inside(
        "records for any App ID",
        replaced(Projects, "require_app_id", lambda _, __: None),
        *("an_unknown_app_id_is_invalid", "the_app_id_of_a_disabled_project_is_invalid"),
        *("the_app_id_of_a_deleted_project_is_invalid", "recordings_live_as_documented"),
        "a_malformed_app_id_is_refused",
    ),
    edge(
        "says 404 to an unknown App ID",
        responds(lambda response, _: answer(404, {"message": "no"}) if "invalid appid" in response.text else response),
        *(
            "an_unknown_app_id_is_invalid",
            "an_unknown_app_id_is_invalid_in_every_call",
            "a_malformed_app_id_is_refused",
        ),
    ),
    edge(
        "start needs no storage",
        takes(START, "clientRequest", is_({}), {"storageConfig": GOOD_STORAGE}),
        "start_without_any_member_is_refused",
    ),
    edge("takes a list of storages", takes(START, STORED, is_([]), GOOD_STORAGE), "start_takes_no_other_types"),
    edge("stop needs no body", missing_passes(STOP, "clientRequest", {}), "stop_without_any_member_is_refused"),
    edge(
        "takes 65 bytes for a channel",
        takes(ACQUIRE, "cname", is_("x" * 65), "x"),
        "a_channel_name_has_64_bytes_at_most",
    ),
    edge(
        "takes 63 characters at most",
        refuses(ACQUIRE, "cname", is_("x" * 64), 1013),
        "a_channel_name_has_64_bytes_at_most",
    ),
    *(
        edge(f"takes {name!r} for a channel", takes(ACQUIRE, "cname", is_(name), "x"), "any_other_character_is_refused")
        for name in ("é", "lesson\n", 'le"sson', "/lesson", "le\x7fsson", "le*sson", "le'sson", "lesson`")
    ),
    *(
        edge(
            f"takes no {character!r} in a channel",
            refuses(ACQUIRE, "cname", is_(character), 1013),
            "each_of_the_89_characters_makes_a_channel_name",
        )
        for character in "~ ,{Z0"
    ),
    edge("takes an empty channel", takes(ACQUIRE, "cname", is_(""), "x"), "a_channel_name_is_not_empty"),
    edge("says 2 to a bad channel name", recodes(1013, 2), "any_other_character_is_refused"),
    edge(
        "starts in any channel",
        takes(START, "cname", is_("x" * 65), "contract-channel-0-1"),
        "start_and_stop_refuse_what_is_no_channel_name",
    ),
]


# -- settings ----------------------------------------------------------------------------------------------------------


def storage_with(name: str, value: Any, instead: Any) -> Edge:
    return takes(START, f"{STORED}.{name}", is_(value), instead)


def region(vendor: int, number: int) -> Edge:
    """This vendor has one region more."""
    return takes(
        START,
        STORED,
        lambda it: isinstance(it, dict) and is_(vendor)(it.get("vendor")) and is_(number)(it.get("region")),
        GOOD_STORAGE,
    )


def no_region(vendor: int, number: int) -> Edge:
    return refuses(
        START, STORED, lambda it: isinstance(it, dict) and (it.get("vendor"), it.get("region")) == (vendor, number)
    )


def sized(*sides: tuple[int | None, int | None]) -> Any:
    """Whether a transcodingConfig has one of these sizes."""
    return lambda it: isinstance(it, dict) and (it.get("width"), it.get("height")) in sides


SETTINGS = [
    edge("needs a recordingConfig", refuses(START, CONFIG, lambda it: it is None), "every_setting_may_be_left_out"),
    edge(
        "knows no high audio profile",
        refuses(START, f"{CONFIG}.audioProfile", is_(1)),
        "the_documents_example_starts_a_recording",
        "audio_profiles_are_three",
    ),
    edge("takes streamTypes 3", takes(START, f"{CONFIG}.streamTypes", is_(3), 2), "stream_types_are_three"),
    edge("takes streamTypes true", takes(START, f"{CONFIG}.streamTypes", is_(True), 1), "stream_types_are_three"),
    edge("refuses streamTypes 0", refuses(START, f"{CONFIG}.streamTypes", is_(0)), "stream_types_are_three"),
    edge("takes channelType 2", takes(START, f"{CONFIG}.channelType", is_(2), 1), "channel_types_are_two"),
    edge(
        "takes channelType null",
        takes(START, CONFIG, lambda it: it == {"channelType": None}, {}),
        "channel_types_are_two",
    ),
    edge("takes audioProfile 3", takes(START, f"{CONFIG}.audioProfile", is_(3), 1), "audio_profiles_are_three"),
    edge("takes videoStreamType -1", takes(START, f"{CONFIG}.videoStreamType", is_(-1), 1), "video_streams_are_two"),
    edge("takes mixedVideoLayout 3", takes(START, f"{TRANSCODING}.mixedVideoLayout", is_(3), 1), "layouts_are_three"),
    edge(
        "needs no secret", takes(START, CONFIG, is_({"decryptionMode": 2}), {}), "decryption_takes_a_mode_and_a_secret"
    ),
    edge(
        "takes an empty secret", takes(START, f"{CONFIG}.secret", is_(""), "s"), "decryption_takes_a_mode_and_a_secret"
    ),
    edge(
        "takes decryptionMode 4",
        takes(START, f"{CONFIG}.decryptionMode", is_(4), 3),
        "decryption_takes_a_mode_and_a_secret",
    ),
    edge(
        "takes an idle time of 4 seconds",
        takes(START, f"{CONFIG}.maxIdleTime", is_(4), 5),
        "the_idle_time_is_five_seconds_at_least",
    ),
    edge(
        "takes an idle time in a string",
        takes(START, f"{CONFIG}.maxIdleTime", is_("30"), 30),
        "the_idle_time_is_five_seconds_at_least",
    ),
    edge(
        "wants six idle seconds",
        refuses(START, f"{CONFIG}.maxIdleTime", is_(5)),
        "the_idle_time_is_five_seconds_at_least",
    ),
    edge("takes 1920×1081", takes(START, TRANSCODING, sized((1920, 1081)), {}), "pictures_over_1080p_are_refused"),  # noqa: RUF001
    edge(
        "counts pixels only",
        takes(START, TRANSCODING, sized((1081, 1081), (1081, 1082)), {}),
        "pictures_over_1080p_are_refused",
    ),
    edge(
        "takes a width of 1921 alone",
        takes(START, TRANSCODING, sized((1921, None)), {}),
        "pictures_over_1080p_are_refused",
    ),
    edge("takes no standing pictures", refuses(START, TRANSCODING, sized((1080, 1920))), "pictures_up_to_1080p_pass"),
    edge(
        "takes a height of 1080 at most", refuses(START, TRANSCODING, sized((None, 1920))), "pictures_up_to_1080p_pass"
    ),
    edge(
        "takes 0 pictures a second",
        takes(START, f"{TRANSCODING}.fps", is_(0), 1),
        "picture_settings_are_positive_integers",
    ),
    edge(
        "takes half a pixel",
        takes(START, f"{TRANSCODING}.width", is_(1.5), 1),
        "picture_settings_are_positive_integers",
    ),
    edge(
        "takes user 0 for the large picture",
        takes(START, f"{TRANSCODING}.maxResolutionUid", is_("0"), "1"),
        "the_large_picture_is_a_uid",
    ),
    edge(
        "needs no bucket",
        takes(START, STORED, lambda it: isinstance(it, dict) and "bucket" not in it and len(it) == 4, GOOD_STORAGE),
        "each_storage_setting_is_needed",
    ),
    edge(
        "reads storage settings in any case",
        takes(START, STORED, lambda it: isinstance(it, dict) and "AccessKey" in it, GOOD_STORAGE),
        "each_storage_setting_is_needed",
    ),
    edge("takes an empty bucket", storage_with("bucket", "", "b"), "storage_names_and_keys_are_strings"),
    edge("takes a number for a key", storage_with("accessKey", 1, "1"), "storage_names_and_keys_are_strings"),
    edge("has a fourth vendor", storage_with("vendor", 3, 0), "storage_vendors_are_three"),
    edge("reads a vendor from a string", storage_with("vendor", "2", 2), "storage_vendors_are_three"),
    edge("has five regions of Qiniu", region(0, 4), "a_region_the_vendor_does_not_have_is_refused"),
    edge("has 19 regions of S3", region(1, 18), "a_region_the_vendor_does_not_have_is_refused"),
    edge("has 20 regions of Alibaba", region(2, 19), "a_region_the_vendor_does_not_have_is_refused"),
    edge("has no US_GOV_WEST_1", no_region(1, 17), "every_region_of_every_vendor_passes"),
    edge("has no EU_East_1", no_region(2, 18), "every_region_of_every_vendor_passes"),
    edge("has no Huadong", no_region(0, 0), "every_region_of_every_vendor_passes"),
    edge(
        "takes MIX for a mode",
        sends(lambda sent: sent.again(url=str(sent.request.url).replace("/MIX/", "/mix/"))),
        "mix_is_the_only_mode",
    ),
    edge(
        "says 404 to another mode",
        responds(lambda response, sent: answer(404, {}) if "/mode/mi/" in str(sent.request.url) else response),
        "mix_is_the_only_mode",
    ),
    edge(
        "reads settings in any case",
        takes(START, CONFIG, lambda it: isinstance(it, dict) and "MAXIDLETIME" in it, {"maxIdleTime": 5}),
        "settings_are_read_in_their_own_spelling_only",
    ),
]

REQUEST_FAULTS: list[Fault] = [*IDENTITY, *SETTINGS]
