"""How to record and where the files go: every member of `start`'s settings, its values and their neighbours."""

from __future__ import annotations

from functools import partial
from typing import Any, Final

from agora_rest.contract.checking.checks import check
from agora_rest.contract.http.control import Control
from agora_rest.contract.http.server import OMIT, STORAGE, Server
from agora_rest.contract.scenarios._recording import (
    CONFIG,
    INVALID,
    STORED,
    TRANSCODING,
    PathInBody,
    all_refused,
    alone,
    changed,
    must_be_over,
    must_run,
    settings_together,
    start_as,
    start_body,
    start_refuses,
    start_takes,
    start_with,
    stop,
)
from agora_rest.contract.scenarios.recording_identity import BAD_UIDS, GOOD_UIDS, incomplete

REGIONS: Final = {0: 4, 1: 18, 2: 19}
"""How many regions each vendor has (CR-35): Qiniu, Amazon S3, Alibaba Cloud."""

_NO_INTEGERS: Final[tuple[Any, ...]] = (None, "0", "1", "", 0.5, 1.5, True, False, [], [1], {}, {"value": 1})
"""Values that are not integers, for any range."""

_FAR: Final = (-(2**31), 2**31, 2**63, 10**30, -1)


def _enum(server: Server, path: PathInBody, values: range) -> None:
    """Each of `values` is accepted; their neighbours, distant values and non-integers are not."""
    start_takes(server, path, values)
    start_refuses(server, path, (values[-1] + 1, values[-1] + 2, *_FAR, *_NO_INTEGERS))


# -- recordingConfig ---------------------------------------------------------------------------------------------------


@check("CR-21", "CR-22", "CR-25", "CR-26", "CR-27", "CR-30", "CR-31")
def every_setting_may_be_left_out(server: Server) -> None:
    """`recordingConfig` and everything in it may be left out; an empty one is as good as none."""
    start_takes(server, CONFIG, (OMIT, {}, {"transcodingConfig": {}}))


@check("CR-21")
def the_documents_example_starts_a_recording(server: Server) -> None:
    """The settings of the document's own example start a recording."""
    config = {
        "maxIdleTime": 30,
        "streamTypes": 2,
        "audioProfile": 1,
        "channelType": 0,
        "videoStreamType": 1,
        "transcodingConfig": {
            "height": 640,
            "bitrate": 500,
            "fps": 15,
            "mixedVideoLayout": 1,
            "maxResolutionUid": "1",
            "width": 360,
        },
    }
    start_takes(server, CONFIG, (config,))


@check(
    *("CR-21", "CR-22", "CR-24", "CR-25", "CR-26", "CR-27", "CR-28", "CR-29", "CR-30", "CR-31", "CR-32"),
    needs=Control.CLOCK,
)
def settings_go_together(server: Server) -> None:
    """Any two settings go together, and beside any other a recording has the `maxIdleTime` that it was given."""
    recordings = []
    for config in settings_together():
        with alone(server):
            recordings.append((config.get("maxIdleTime", 30), server.record(**config)))
    passed = 0
    for moment in (3, 15, 45, 300, 610):
        server.advance(seconds=moment - passed)
        for idle_time, recording in recordings:
            if idle_time > moment:
                must_run(server, recording)
            elif idle_time > passed:
                must_be_over(server, recording)
        passed = moment


@check("CR-22")
def stream_types_are_three(server: Server) -> None:
    """`streamTypes` is 0, 1 or 2; anything else is error 2."""
    _enum(server, (*CONFIG, "streamTypes"), range(3))


@check("CR-25")
def channel_types_are_two(server: Server) -> None:
    """`channelType` is 0 or 1; anything else is error 2."""
    _enum(server, (*CONFIG, "channelType"), range(2))


@check("CR-26")
def audio_profiles_are_three(server: Server) -> None:
    """`audioProfile` is 0, 1 or 2; anything else is error 2."""
    _enum(server, (*CONFIG, "audioProfile"), range(3))


@check("CR-27")
def video_streams_are_two(server: Server) -> None:
    """`videoStreamType` is 0 or 1; anything else is error 2."""
    _enum(server, (*CONFIG, "videoStreamType"), range(2))


@check("CR-31")
def layouts_are_three(server: Server) -> None:
    """`mixedVideoLayout` is 0, 1 or 2; anything else is error 2."""
    _enum(server, (*TRANSCODING, "mixedVideoLayout"), range(3))


@check("CR-23", "CR-24")
def decryption_takes_a_mode_and_a_secret(server: Server) -> None:
    """`decryptionMode` is 0 … 3, and 1 to 3 need a `secret`: without one, or with an empty one, it is error 2."""
    secret = "contract-secret"  # noqa: S105  invented
    start_takes(server, CONFIG, ({"decryptionMode": mode, "secret": secret} for mode in range(4)))
    start_takes(server, CONFIG, ({"decryptionMode": 0}, {"secret": secret}))
    alone_or_empty = ({"decryptionMode": mode, **more} for mode in (1, 2, 3) for more in ({}, {"secret": ""}))
    start_refuses(server, CONFIG, alone_or_empty)
    start_refuses(server, CONFIG, ({"decryptionMode": 1, "Secret": secret},))
    modes = (4, 5, *_FAR, *_NO_INTEGERS)
    start_refuses(server, CONFIG, ({"decryptionMode": mode, "secret": secret} for mode in modes))
    secrets: tuple[Any, ...] = (None, 0, 1, 12345678, True, [], {}, [secret])
    start_refuses(server, CONFIG, ({"decryptionMode": 1, "secret": each} for each in secrets))


@check("CR-28")
def the_idle_time_is_five_seconds_at_least(server: Server) -> None:
    """`maxIdleTime` of 5 seconds and more passes, however many, 4 is error 2."""
    path = (*CONFIG, "maxIdleTime")
    start_takes(server, path, (5, 6, 30, 3600, 86400, 86401, 2**31 - 1))
    start_refuses(server, path, (4, 3, 1, 0, -1, -5, -30, -(10**12), *_NO_INTEGERS, "30", "5", 5.5, 30.5))


# -- transcodingConfig -------------------------------------------------------------------------------------------------


@check("CR-29")
def pictures_up_to_1080p_pass(server: Server) -> None:
    """Pictures up to 1920 by 1080 pass, lying or standing, and one side may be left out."""
    start_takes(server, TRANSCODING, map(_size, ((1920, 1080), (1080, 1920), (1080, 1080), (1919, 1079), (1, 1))))
    start_takes(server, TRANSCODING, map(_size, ((360, 640), (1920, 1), (1, 1920), (1080, 1919), (640, 360))))
    start_takes(server, TRANSCODING, ({"width": 1920}, {"height": 1920}, {"width": 1080}, {"height": 1080}))


@check("CR-29")
def pictures_over_1080p_are_refused(server: Server) -> None:
    """A longer side over 1920 or a shorter one over 1080 is error 2, also if the other side is omitted."""
    over = ((1921, 1080), (1080, 1921), (1920, 1081), (1081, 1920), (1081, 1081), (1920, 1920), (1921, 1), (1, 1921))
    start_refuses(server, TRANSCODING, map(_size, over))
    start_refuses(server, TRANSCODING, map(_size, ((3840, 2160), (4096, 16), (10**9, 10**9), (1081, 1082))))
    start_refuses(server, TRANSCODING, ({"width": 1921}, {"height": 1921}, {"width": 10**9}, {"height": 10**9}))


@check("CR-29", "CR-30")
def picture_settings_are_positive_integers(server: Server) -> None:
    """`width`, `height`, `fps` and `bitrate` are integers from 1; 0, negative ones and other types are error 2."""
    for name, values in (
        ("width", (1, 2)),
        ("height", (1, 2)),
        ("fps", (1, 15, 30)),
        ("bitrate", (1, 500, 4000, 10**6)),
    ):
        start_takes(server, (*TRANSCODING, name), values)
        start_refuses(server, (*TRANSCODING, name), (0, -1, -500, *_NO_INTEGERS))


@check("CR-32")
def the_large_picture_is_a_uid(server: Server) -> None:
    """`maxResolutionUid` is a uid as a string, as everywhere; it may be given with and without the vertical layout."""
    path = (*TRANSCODING, "maxResolutionUid")
    start_takes(server, path, GOOD_UIDS)
    start_refuses(server, path, BAD_UIDS)
    start_takes(server, TRANSCODING, ({"mixedVideoLayout": layout, "maxResolutionUid": "7"} for layout in range(3)))


# -- storageConfig -----------------------------------------------------------------------------------------------------


@check("CR-33")
def each_storage_setting_is_needed(server: Server) -> None:
    """`vendor`, `region`, `bucket`, `accessKey` and `secretKey` are needed, in this spelling; else it is error 2."""
    resource = server.acquire()
    wrong = [changed(start_body(resource), STORED, storage) for storage in incomplete(dict(STORAGE))]
    all_refused(server, wrong, partial(start_as, server, resource), code=INVALID, keep=server.trail[-1:])
    start_refuses(server, STORED, ({}, {"vendor": 2}))
    server.start(resource).must_succeed()


@check("CR-33")
def storage_names_and_keys_are_strings(server: Server) -> None:
    """`bucket`, `accessKey` and `secretKey` are non-empty strings; anything else is error 2."""
    for name in ("bucket", "accessKey", "secretKey"):
        start_refuses(server, (*STORED, name), ("", None, 0, 1, 1.5, True, [], ["key"], {}))
        start_takes(server, (*STORED, name), ("k", "contract/with spaces + signs=", "x" * 512))


@check("CR-34")
def storage_vendors_are_three(server: Server) -> None:
    """`vendor` is 0, 1 or 2; anything else is error 2."""
    start_takes(server, STORED, ({**STORAGE, "vendor": vendor, "region": 0} for vendor in REGIONS))
    others = (3, 4, 5, *_FAR, *_NO_INTEGERS, "2")
    start_refuses(server, STORED, ({**STORAGE, "vendor": vendor, "region": 0} for vendor in others))


@check("CR-35")
def every_region_of_every_vendor_passes(server: Server) -> None:
    """The 4 regions of Qiniu, 18 of Amazon S3 and 19 of Alibaba Cloud all pass."""
    places = [(vendor, region) for vendor, count in REGIONS.items() for region in range(count)]
    start_takes(server, STORED, ({**STORAGE, "vendor": vendor, "region": region} for vendor, region in places))


@check("CR-35")
def a_region_the_vendor_does_not_have_is_refused(server: Server) -> None:
    """A region behind a vendor's last one is error 2, though another vendor may have it."""
    for vendor, count in REGIONS.items():
        wrong = (*range(count, 24), *_FAR, *_NO_INTEGERS)
        start_refuses(server, STORED, ({**STORAGE, "vendor": vendor, "region": region} for region in wrong))


# -- the rest of the request -------------------------------------------------------------------------------------------


@check("CR-21")
def unknown_settings_pass(server: Server) -> None:
    """Settings that the documents do not know pass, at every level of `start`."""
    new = {"somethingNew": [1, {"deep": "课"}], "subscribeUidGroup": 0}
    for path in ((), ("clientRequest",), CONFIG, TRANSCODING, STORED):
        for name, value in new.items():
            start_takes(server, (*path, name), (value,))


@check("CR-20")
def mix_is_the_only_mode(server: Server) -> None:
    """`mode` is `mix` in `start`, `query` and `stop`; any other value is error 2 on live IDs."""
    resource = server.acquire()
    keep = server.trail[-1:]
    modes = ("individual", "web", "MIX", "Mix", "mix2", "mi", "mixed", " mix", "0", "null")
    all_refused(server, modes, lambda mode: server.start(resource, path={"mode": mode}), code=INVALID, keep=keep)
    recording = server.recording(resource, server.start(resource))
    keep = [*keep, server.trail[-1]]
    for mode in modes:
        with alone(server, keep):
            server.query(recording, path={"mode": mode}).must_be_refused(code=INVALID)
            server.stop(recording, path={"mode": mode}).must_be_refused(code=INVALID)
    must_run(server, recording)


@check("CR-04", needs=Control.CLOCK)
def settings_are_read_in_their_own_spelling_only(server: Server) -> None:
    """A setting under its name in another case is an unknown one: it changes nothing, unless the server refuses it."""
    for name in ("maxidletime", "MaxIdleTime", "MAXIDLETIME", "max_idle_time"):
        with alone(server):
            resource = server.acquire()
            response = start_with(server, resource, (*CONFIG, name), 5)
            if response.succeeded:
                server.advance(seconds=10)
                stop(server, server.recording(resource, response))
            else:
                response.must_be_refused(code=INVALID)


def _size(sides: tuple[int, int]) -> dict[str, int]:
    return {"width": sides[0], "height": sides[1]}
