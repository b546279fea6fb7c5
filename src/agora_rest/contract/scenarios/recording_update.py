"""`update`: other users, other keys of the storage."""

from __future__ import annotations

from typing import Any, Final

from agora_rest.contract.checking.checks import check
from agora_rest.contract.http.server import STORAGE, Server
from agora_rest.contract.scenarios._current import (
    MODES,
    OF_CHANNELS,
    configured,
    record,
    update_refuses,
    update_takes,
    values,
)
from agora_rest.contract.scenarios._recording import alone, must_be_400_or_404

_RENEWED: Final = {**STORAGE, "stsToken": "contract-new-token", "stsExpiration": 1798761600}


def _audio(**lists: Any) -> dict[str, Any]:
    return {"streamSubscribe": {"audioUidList": lists}}


def _video(**lists: Any) -> dict[str, Any]:
    return {"streamSubscribe": {"videoUidList": lists}}


@check("CR-145")
def everything_in_an_update_may_be_left_out(server: Server) -> None:
    """An `update` may have none of its members, in every mode."""
    for mode in MODES:
        update_takes(server, mode, {})


@check("CR-145")
def an_update_of_another_mode_passes(server: Server) -> None:
    """Members of an `update` that belong to another mode than the recording has pass without effect."""
    for mode in OF_CHANNELS:
        outputs = [{"rtmpUrl": "rtmp://example.com/live/key"}]
        update_takes(
            server, mode, {"webRecordingConfig": {"onhold": True}}, {"rtmpPublishConfig": {"outputs": outputs}}
        )
    update_takes(server, "web", _audio(subscribeAudioUids=["1"]))


@check("CR-145")
def a_client_request_of_an_update_is_an_object(server: Server) -> None:
    """The parts of an `update` are objects; anything else is error 2."""
    names = ("streamSubscribe", "webRecordingConfig", "rtmpPublishConfig", "storageConfig")
    for mode in MODES:
        update_refuses(server, mode, *({name: wrong} for name in names for wrong in values(5, "x", [], True)))


@check("CR-146")
def users_are_subscribed_to_anew(server: Server) -> None:
    """`streamSubscribe` takes the lists of users that `start` takes, as often as one likes."""
    right = (
        _audio(subscribeAudioUids=["1", "2"]),
        _audio(unSubscribeAudioUids=["4294967295"]),
        _audio(subscribeAudioUids=["#allstream#"]),
        _video(subscribeVideoUids=[str(uid) for uid in range(1, 33)]),
        _video(unSubscribeVideoUids=["444", "555"]),
        _video(unsubscribeVideoUids=["444", "555", "666"]),
        {"streamSubscribe": {**_audio(subscribeAudioUids=["1"])["streamSubscribe"], "videoUidList": {}}},
    )
    for mode in OF_CHANNELS:
        update_takes(server, mode, *right)


@check("CR-146")
def wrong_lists_are_refused_by_update_too(server: Server) -> None:
    """Lists of users that `start` refuses are error 2 in `update`."""
    most = [str(uid) for uid in range(1, 34)]
    wrong: tuple[Any, ...] = ([], most, ["0"], ["4294967296"], ["a"], "1", 1, [""])
    for mode in OF_CHANNELS:
        update_refuses(
            server,
            mode,
            *(_audio(**{name: uids}) for name in ("subscribeAudioUids", "unSubscribeAudioUids") for uids in wrong),
            *(_video(**{name: uids}) for name in ("subscribeVideoUids", "unSubscribeVideoUids") for uids in wrong),
            _audio(subscribeAudioUids=["1"], unSubscribeAudioUids=["2"]),
            _video(unSubscribeVideoUids=["1"], unsubscribeVideoUids=["2"]),
            _video(unSubscribeVideoUids=["#allstream#"]),
        )


@check("CR-146", "CR-112")
def new_lists_go_with_the_types_of_streams(server: Server) -> None:
    """In a recording with `streamTypes` 0 `update` takes no list for video, in one with 1 none for audio."""
    audio, video = _audio(subscribeAudioUids=["1"]), _video(subscribeVideoUids=["1"])
    for mode in OF_CHANNELS:
        for types, right, wrong in ((0, audio, video), (1, video, audio)):
            first = configured(mode, streamTypes=types)
            update_takes(server, mode, right, first=first)
            update_refuses(server, mode, wrong, first=first)


@check("CR-149", "CR-102")
def the_keys_of_a_storage_are_renewed(server: Server) -> None:
    """`update` takes a whole storage, with temporary keys or without, in every mode."""
    for mode in MODES:
        update_takes(server, mode, {"storageConfig": _RENEWED}, {"storageConfig": dict(STORAGE)})


@check("CR-149")
def half_a_storage_is_refused_by_update(server: Server) -> None:
    """A storage in `update` has all required members and obeys the rules of `start`; otherwise it is error 2."""
    halves = ({name: each for name, each in STORAGE.items() if name != missing} for missing in STORAGE)
    wrong: tuple[dict[str, Any], ...] = (
        *halves,
        {**STORAGE, "vendor": 4},
        {**STORAGE, "region": 99},
        {**STORAGE, "fileNamePrefix": ["a_b"]},
        {**STORAGE, "fileNamePrefix": ["a" * 64, "b" * 63]},
        {**STORAGE, "vendor": 1, "region": 0, "extensionParams": {"sse": "aes128"}},
        {**STORAGE, "vendor": 11, "region": 0},
        {**STORAGE, "stsExpiration": "soon"},
        {},
    )
    for mode in MODES:
        update_refuses(server, mode, *({"storageConfig": each} for each in wrong))


@check("CR-145", "CR-93")
def an_update_is_of_its_recording(server: Server) -> None:
    """`update` with another `cname`, `uid`, resource ID or `sid` than the recording's is refused with 400 or 404."""
    recording, other = record(server, "mix"), record(server, "mix")
    keep = list(server.trail)
    resource = recording.resource
    right = {"cname": resource.cname, "uid": resource.uid, "clientRequest": {}}
    path = {"appid": resource.app_id, "resourceid": resource.id, "sid": recording.sid, "mode": "mix"}
    cases = (
        (path, {**right, "cname": other.resource.cname}),
        (path, {**right, "uid": other.resource.uid}),
        ({**path, "resourceid": other.resource.id}, right),
        ({**path, "sid": other.sid}, right),
    )
    for operation in ("update_recording", "update_layout"):
        for wrong, body in cases:
            with alone(server, keep):
                must_be_400_or_404(server.send(operation, path=wrong, body=body))
        server.send(operation, path=path, body=right).must_succeed()
