"""Files of recordings of the present documents: their types, snapshots, and how `query` and `stop` list them."""

from __future__ import annotations

from itertools import product
from typing import Any, Final

from agora_rest.contract.checking.checks import check
from agora_rest.contract.http.control import Control
from agora_rest.contract.http.server import OMIT, STORAGE, Recording, Response, Server
from agora_rest.contract.scenarios._console import join_all
from agora_rest.contract.scenarios._current import (
    OF_CHANNELS,
    SNAPSHOTS,
    UPLOADED_AFTER,
    configured,
    end,
    record,
    resource_for,
    server_response,
    settings,
    start,
    start_refuses,
    start_takes,
    values,
)
from agora_rest.contract.scenarios._recording import must_not_be_there

_NEEDS: Final = Control.USERS | Control.CLOCK
_UPLOADING_STATES: Final = ("uploaded", "backuped", "unknown")
_TRACKS: Final = ("audio", "video", "audio_and_video")
_MILLISECONDS: Final = range(10**12, 10**13)
"""Unix times in milliseconds, from 2001 to 2286."""

_WITH_77: Final = (("subscribe", "77"), ("subscribe", "#allstream#"), ("unSubscribe", "78"))
"""Lists for one medium that user 77 is among."""

_OF_78: Final = (
    ("subscribe", "78", ("78",)),
    ("subscribe", "#allstream#", ("78", "79")),
    ("unSubscribe", "79", ("78",)),
)
"""Lists for one medium, with those of the users 78 and 79 that are among them."""

_MP4: Final = {"avFileType": ["hls", "mp4"]}


def _recorded(server: Server, mode: str, **more: Any) -> Recording:
    """A recording whose first file is uploaded."""
    recording = record(server, mode, settings(mode, **more))
    server.advance(seconds=UPLOADED_AFTER)
    return recording


@check("CR-122")
def files_are_hls_with_or_without_mp4(server: Server) -> None:
    """`avFileType` is `["hls"]` or `hls` and `mp4` in any order; `mp4` alone and anything else is error 2."""
    for mode in ("mix", "web"):
        right: tuple[Any, ...] = ({}, {"avFileType": ["hls"]}, _MP4, {"avFileType": ["mp4", "hls"]})
        start_takes(server, mode, *(settings(mode, recordingFileConfig=files) for files in right))
        wrong: tuple[Any, ...] = (["mp4"], [], ["aac"], ["hls", "aac"], "hls", 1, {"hls": True}, [1])
        start_refuses(server, mode, *(settings(mode, recordingFileConfig={"avFileType": each}) for each in wrong))


@check("CR-124")
def files_may_be_left_to_the_server(server: Server) -> None:
    """`recordingFileConfig` may be left out in every mode, also beside snapshots, and may be given beside them."""
    start_takes(server, "mix", settings("mix"))
    start_takes(
        server,
        "individual",
        settings("individual"),
        settings("individual", snapshotConfig=dict(SNAPSHOTS)),
        settings("individual", snapshotConfig=dict(SNAPSHOTS), recordingFileConfig={"avFileType": ["hls"]}),
    )


@check("CR-125")
def snapshots_have_an_interval_and_a_type(server: Server) -> None:
    """`captureInterval` is from 5 to 3600 whole seconds; `fileType` is `["jpg"]` and required."""
    given = ({}, *({"captureInterval": seconds} for seconds in (5, 10, 3600)))
    start_takes(server, "individual", *(_snapshots(**each) for each in given))
    wrong: tuple[Any, ...] = (4, 1, 0, -1, 3601, 5.5, "often", True, [])
    start_refuses(server, "individual", *(_snapshots(captureInterval=seconds) for seconds in wrong))
    types: tuple[Any, ...] = (OMIT, ["png"], [], "jpg", ["jpg", "png"], 5)
    start_refuses(server, "individual", *(_snapshots(fileType=each) for each in types))


def _snapshots(**more: Any) -> dict[str, Any]:
    given = {name: value for name, value in {**SNAPSHOTS, **more}.items() if value is not OMIT}
    return settings("individual", snapshotConfig=given)


@check("CR-126")
def snapshots_need_video(server: Server) -> None:
    """With snapshots, `streamTypes` is 1 or 2, and a list of those to hear comes with one of those to see."""

    def taking(**config: Any) -> dict[str, Any]:
        return {**configured("individual", **config), "snapshotConfig": dict(SNAPSHOTS)}

    lists = {"subscribeAudioUids": ["1"], "subscribeVideoUids": ["1"]}
    start_takes(server, "individual", taking(streamTypes=1), taking(streamTypes=2), taking(**lists))
    start_takes(server, "individual", taking(subscribeVideoUids=["1"]))
    start_refuses(server, "individual", taking(streamTypes=0), taking(subscribeAudioUids=["1"]))


@check("CR-141", "CR-142", needs=_NEEDS)
def a_mix_names_its_index(server: Server) -> None:
    """In mode `mix` without MP4 files `fileList` is the name of the M3U8 file, and `fileListMode` is `string`."""
    recording = _recorded(server, "mix")
    for response in (server.query(recording), server.stop(recording)):
        found = server_response(response)
        _must_be(response, found.get("fileListMode"), "string", "fileListMode")
        name = found.get("fileList")
        response.must(isinstance(name, str) and name.endswith(".m3u8"), "the name of an M3U8 file as `fileList`")


@check("CR-160", "CR-141", needs=_NEEDS)
def an_index_is_named_by_its_recording(server: Server) -> None:
    """In mode `mix` the M3U8 file is named `<sid>_<cname>.m3u8`, behind the folders of `fileNamePrefix`."""
    for folders in ([], ["directory1"], ["directory1", "B2", "c"]):
        cname = server.fresh_channel().replace("-", "")
        server.join(cname, 77)
        resource = server.acquire(cname)
        prefix = {"fileNamePrefix": folders} if folders else {}
        recording = server.recording(resource, server.start(resource, storage=prefix))
        server.advance(seconds=UPLOADED_AFTER)
        name = "".join(f"{folder}/" for folder in folders) + f"{recording.sid}_{cname}.m3u8"
        for response in (server.query(recording), server.stop(recording)):
            _must_be(response, server_response(response).get("fileList"), name, "fileList")


@check("CR-141", "CR-142", needs=_NEEDS)
def a_mix_with_mp4_lists_its_files(server: Server) -> None:
    """In mode `mix` with MP4 files `fileListMode` is `json`, and every file is of all users, whose ID is `0`."""
    recording = _recorded(server, "mix", recordingFileConfig=_MP4)
    for response in (server.query(recording), server.stop(recording)):
        files = _files(response)
        endings = {file["fileName"].rpartition(".")[2] for file in files}
        response.must(endings == {"m3u8", "mp4"}, "an M3U8 file and MP4 files in `fileList`")
        for file in files:
            if file["uid"] != "0" or file["mixedAllUser"] is not True:
                raise response.broken('files of all users: `uid` "0" and `mixedAllUser` true')


@check("CR-141", "CR-142", needs=_NEEDS)
def individual_mode_lists_its_files(server: Server) -> None:
    """In mode `individual` `fileListMode` is `json`, and every file is of one user who was there."""
    recording = _recorded(server, "individual")
    for response in (server.query(recording), server.stop(recording)):
        for file in _files(response):
            if file["uid"] != "77" or file["mixedAllUser"] is not False:
                raise response.broken('files of the user who was there: `uid` "77" and `mixedAllUser` false')


@check("CR-142", needs=_NEEDS)
def a_mix_lists_the_tracks_that_it_has(server: Server) -> None:
    """`trackType` of the files of a mix is `audio` with `streamTypes` 0, `video` with 1, `audio_and_video` with 2."""
    for types, track in enumerate(_TRACKS):
        recording = record(server, "mix", {**configured(streamTypes=types), "recordingFileConfig": _MP4})
        server.advance(seconds=UPLOADED_AFTER)
        response = server.query(recording)
        response.must({file["trackType"] for file in _files(response)} == {track}, f"files with `trackType` {track}")


@check("CR-142", needs=_NEEDS)
def a_file_begins_when_its_user_came(server: Server) -> None:
    """In mode `individual` `sliceStartTime` of the files of a user who comes later is as much later."""
    recording = _recorded(server, "individual")
    server.join(recording.resource.cname, 78)
    server.advance(seconds=UPLOADED_AFTER)
    response = server.query(recording)
    first, later = (_beginning(response, uid) for uid in ("77", "78"))
    least = (UPLOADED_AFTER - 10) * 1000
    response.must(later - first >= least, f"files of user 78 that begin {least} ms or more after those of user 77")


def _beginning(response: Response, uid: str) -> int:
    """When the first file of a user begins."""
    found = [file["sliceStartTime"] for file in _files(response) if file["uid"] == uid]
    if not found:
        raise response.broken(f"a file of user {uid} in `fileList`")
    return int(min(found))


@check("CR-141", "CR-142", needs=_NEEDS)
def users_who_have_left_keep_their_files(server: Server) -> None:
    """In mode `individual` the files of a user who was recorded are listed when the user has left, too."""
    recording = record(server, "individual")
    server.join(recording.resource.cname, 78)
    server.advance(seconds=UPLOADED_AFTER)
    server.leave(recording.resource.cname, 78)
    server.advance(seconds=UPLOADED_AFTER)
    for response in (server.query(recording), server.stop(recording)):
        _must_be_of(response, "77", "78")


@check("CR-114", needs=_NEEDS)
def a_group_is_recorded_as_a_whole(server: Server) -> None:
    """Of one user more than `subscribeUidGroup` allows, files of so many are listed: 2, 7, 12, 17, 32 or 49."""
    for group, most in enumerate((2, 7, 12, 17, 32, 49)):
        resource = resource_for(server, "individual")
        join_all(server, resource.app_id, resource.cname, range(1, most + 2))
        response = start(server, resource, "individual", configured("individual", subscribeUidGroup=group))
        recording = server.recording(resource, response, "individual")
        server.advance(seconds=UPLOADED_AFTER)
        response = server.query(recording)
        found = len({file["uid"] for file in _files(response)})
        response.must(found == most, f"files of {most} users of {most + 1} in group {group}, not of {found}")


@check("CR-116", needs=_NEEDS)
def standard_mode_has_an_index_of_both_media(server: Server) -> None:
    """In stream mode `standard` each user has an index of audio, one of video and one of both; in `default` two."""
    for mode, tracks in (("default", {"audio", "video"}), ("standard", set(_TRACKS))):
        recording = record(server, "individual", configured("individual", streamMode=mode))
        server.advance(seconds=UPLOADED_AFTER)
        response = server.query(recording)
        found = {file["trackType"] for file in _files(response)}
        response.must(found == tracks, f"files with {', '.join(sorted(tracks))} in stream mode {mode}")


@check("CR-113", "CR-111", needs=_NEEDS)
def a_list_for_one_medium_excludes_the_other(server: Server) -> None:
    """With a list of users for audio only, mode `individual` lists files with audio only; the same holds for video."""
    for medium, (verb, uid) in product(("Audio", "Video"), _WITH_77):
        recording = record(server, "individual", configured("individual", **{f"{verb}{medium}Uids": [uid]}))
        server.advance(seconds=UPLOADED_AFTER)
        response = server.query(recording)
        if {file["trackType"] for file in _files(response)} != {medium.lower()}:
            raise response.broken(f"files with {medium.lower()} only: no other medium has a list of users")


@check("CR-146", needs=_NEEDS)
def new_lists_take_the_place_of_the_former_ones(server: Server) -> None:
    """After an `update` with other users, mode `individual` lists files of these users too, and of no others."""
    lists = {"subscribeAudioUids": ["77", "79"], "subscribeVideoUids": ["77", "79"]}
    recording = record(server, "individual", configured("individual", subscribeUidGroup=1, **lists))
    server.join(recording.resource.cname, 78)
    server.advance(seconds=UPLOADED_AFTER)
    _must_be_of(server.query(recording), "77")
    other = {"audioUidList": {"subscribeAudioUids": ["78"]}, "videoUidList": {"subscribeVideoUids": ["78"]}}
    server.update(recording, streamSubscribe=other).must_succeed()
    server.join(recording.resource.cname, 79)  # a user of the former lists
    server.advance(seconds=UPLOADED_AFTER)
    _must_be_of(server.query(recording), "77", "78")


@check("CR-146", "CR-145", needs=_NEEDS)
def an_update_without_lists_changes_no_subscription(server: Server) -> None:
    """After an `update` without lists of users the same users are recorded as before."""
    lists = {"subscribeAudioUids": ["77"], "subscribeVideoUids": ["77"]}
    recording = record(server, "individual", configured("individual", subscribeUidGroup=1, **lists))
    others: tuple[dict[str, Any], ...] = ({}, {"streamSubscribe": {}}, {"storageConfig": dict(STORAGE)})
    for other in others:
        server.update(recording, **other).must_succeed()
    server.join(recording.resource.cname, 78)
    server.advance(seconds=UPLOADED_AFTER)
    _must_be_of(server.query(recording), "77")


@check("CR-111", "CR-146", needs=_NEEDS)
def everybody_can_be_subscribed_to_anew(server: Server) -> None:
    """After an `update` with `#allstream#` all users are recorded, also those who come later: by this recorder only."""
    lists = {"subscribeAudioUids": ["77"], "subscribeVideoUids": ["77"]}
    client = configured("individual", subscribeUidGroup=1, **lists)
    recording = record(server, "individual", client)
    other = record(server, "individual", client, cname=recording.resource.cname)
    everybody = {
        "audioUidList": {"subscribeAudioUids": ["#allstream#"]},
        "videoUidList": {"subscribeVideoUids": ["#allstream#"]},
    }
    server.update(recording, streamSubscribe=everybody).must_succeed()
    server.join(recording.resource.cname, 78)
    server.advance(seconds=UPLOADED_AFTER)
    _must_be_of(server.query(recording), "77", "78")
    _must_be_of(server.query(other), "77")


@check("CR-113", "CR-111", "CR-146", needs=_NEEDS)
def a_new_list_for_one_medium_excludes_the_other(server: Server) -> None:
    """After an `update` with a list of users for audio only, no more video is recorded, and vice versa."""
    for medium, (verb, uid, users) in product(("Audio", "Video"), _OF_78):
        recording = record(server, "individual", configured("individual", subscribeUidGroup=1))
        lists = {f"{medium.lower()}UidList": {f"{verb}{medium}Uids": [uid]}}
        server.update(recording, streamSubscribe=lists).must_succeed()
        server.join(recording.resource.cname, 78)
        server.join(recording.resource.cname, 79)
        server.advance(seconds=UPLOADED_AFTER)
        response = server.query(recording)
        later = {(file["uid"], file["trackType"]) for file in _files(response) if file["uid"] != "77"}
        expected = {(user, medium.lower()) for user in users}
        response.must(later == expected, f"of those who came later only {medium.lower()} of {' and '.join(users)}")


def _must_be_of(response: Response, *users: str) -> None:
    if {file["uid"] for file in _files(response)} != set(users):
        raise response.broken(f"files of the users subscribed to: {' and '.join(users)}")


@check("CR-142", needs=_NEEDS)
def a_recording_reports_its_start_time(server: Server) -> None:
    """`sliceStartTime` of a recording is a Unix time in milliseconds, in modes `individual` and `mix`."""
    for mode in OF_CHANNELS:
        response = server.query(_recorded(server, mode))
        if server_response(response).get("sliceStartTime") not in _MILLISECONDS:
            raise response.broken("`sliceStartTime` in milliseconds")


@check("CR-143", needs=_NEEDS)
def snapshots_list_no_files(server: Server) -> None:
    """With snapshots only, neither `query` nor `stop` has a list of files."""
    recording = _recorded(server, "individual", snapshotConfig=dict(SNAPSHOTS))
    for response in (server.query(recording), server.stop(recording)):
        _must_list_nothing(response)


@check("CR-141", needs=_NEEDS)
def a_recording_without_files_lists_none(server: Server) -> None:
    """While there is no file, `query` has neither `fileListMode` nor `fileList`."""
    for mode in OF_CHANNELS:
        _must_list_nothing(server.query(record(server, mode)))


@check("CR-153", needs=_NEEDS)
def a_stop_reports_the_upload(server: Server) -> None:
    """In modes `individual` and `mix` the answer of `stop` has an `uploadingStatus` and the files."""
    for mode in OF_CHANNELS:
        response = end(server, _recorded(server, mode))
        found = server_response(response)
        if found.get("uploadingStatus") not in _UPLOADING_STATES:
            raise response.broken(f"an `uploadingStatus`: one of {', '.join(_UPLOADING_STATES)}")
        response.must(found.get("fileList"), "the files of the recording in `fileList`")


@check("CR-153", needs=_NEEDS)
def a_stop_lists_what_query_listed(server: Server) -> None:
    """`fileList` in the answer of `stop` has every file that `query` has listed before."""
    for mode, more in (("individual", {}), ("mix", {"recordingFileConfig": _MP4})):
        recording = record(server, mode, settings(mode, **more))
        server.join(recording.resource.cname, 78)
        server.advance(seconds=UPLOADED_AFTER)
        before = _names(server.query(recording))
        response = server.stop(recording)
        response.must(before <= _names(response), f"the files {', '.join(sorted(before))} in `fileList`")


def _names(response: Response) -> set[str]:
    return {file["fileName"] for file in _files(response)}


@check("CR-152", needs=_NEEDS)
def a_stop_may_be_asynchronous(server: Server) -> None:
    """`stop` takes `async_stop`, true or false, and ends the recording; anything else is error 2 and stops nothing."""
    for value in (True, False):
        recording = _recorded(server, "mix")
        end(server, recording, async_stop=value)
        server.advance(seconds=UPLOADED_AFTER)
        must_not_be_there(server.query(recording))
    recording = _recorded(server, "mix")
    for wrong in values("soon", 1, 0, [], {}):
        server.stop(recording, clientRequest={"async_stop": wrong}).must_be_refused(code=2)
    server.query(recording).must_succeed()


def _files(response: Response) -> list[dict[str, Any]]:
    """The entries of a list of files, each with all its members."""
    found = server_response(response)
    _must_be(response, found.get("fileListMode"), "json", "fileListMode")
    files = found.get("fileList")
    if not isinstance(files, list) or not files or not all(_is_file(file) for file in files):
        raise response.broken("a `fileList` of files with a name, a track, a user and a time in milliseconds")
    return files


def _is_file(file: Any) -> bool:
    return (
        isinstance(file, dict)
        and isinstance(file.get("fileName"), str)
        and file.get("trackType") in _TRACKS
        and isinstance(file.get("uid"), str)
        and isinstance(file.get("mixedAllUser"), bool)
        and isinstance(file.get("isPlayable"), bool)
        and file.get("sliceStartTime") in _MILLISECONDS
    )


def _must_list_nothing(response: Response) -> None:
    found = server_response(response)
    if "fileList" in found or "fileListMode" in found:
        raise response.broken("a response without `fileList` and `fileListMode`")


def _must_be(response: Response, value: Any, expected: str, name: str) -> None:
    response.must(value == expected, f"`{name}` {expected!r}")
