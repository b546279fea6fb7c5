"""Recordings of web pages, and pushes of them: their parameters, states, pauses and ends."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from agora_rest.contract.checking.checks import check
from agora_rest.contract.http.control import Control
from agora_rest.contract.http.server import OMIT, STORAGE, Recording, Response, Server
from agora_rest.contract.scenarios._current import (
    PUSHED_TO,
    UPLOADED_AFTER,
    end,
    paged,
    payload_of,
    push,
    record,
    resource_for,
    server_response,
    services,
    settings,
    start,
    start_refuses,
    start_takes,
    update_refuses,
    update_takes,
    values,
)
from agora_rest.contract.scenarios._recording import must_be_400_or_404, must_not_be_there, past, to_the_half_second

_RECORDER: Final = "web_recorder_service"
_PUSH: Final = "rtmp_publish_service"
_ELSEWHERE: Final = "rtmps://other.example.com/live/another-key"
_STATES: Final = ("init", "inProgress", "exit")
_NO_NUMBERS: Final[tuple[Any, ...]] = (0.5, "many", True, [], {})


def _pages(name: str, *values: Any) -> list[dict[str, Any]]:
    return [paged(**{name: value}) for value in values]


def _opened(server: Server, *more: Any, **page: Any) -> Recording:
    """A recording of a page that has been open for some time."""
    recording = record(server, "web", paged(*more, **page))
    server.advance(seconds=UPLOADED_AFTER)
    return recording


@check("CR-128")
def a_page_has_one_recorder_and_one_push(server: Server) -> None:
    """`extensionServices` has one `web_recorder_service` and at most one `rtmp_publish_service`, nothing else."""
    pushed_first = {"extensionServices": services(push())["extensionServices"][::-1]}
    start_takes(server, "web", paged(), paged(push()), settings("web", extensionServiceConfig=pushed_first))
    recorder = services()["extensionServices"][0]
    wrong: tuple[Any, ...] = (
        [],
        [push()],
        [recorder, recorder],
        [recorder, push(), push()],
        [recorder, {"serviceName": "vod_service", "serviceParam": {}}],
        [{"serviceName": _RECORDER}],
        [{"serviceParam": recorder["serviceParam"]}],
        recorder,
        OMIT,
    )
    lists = ({} if each is OMIT else {"extensionServices": each} for each in wrong)
    start_refuses(server, "web", *(settings("web", extensionServiceConfig=each) for each in lists))


@check("CR-129")
def each_service_has_its_policy_of_errors(server: Server) -> None:
    """`errorHandlePolicy` is `error_abort` for all and for the recorder, `error_ignore` for a push."""

    def with_policies(all_services: Any, recorder: Any, pushing: Any) -> dict[str, Any]:
        found = services(push(**_policy(pushing)), url="https://example.com")
        found["extensionServices"][0].update(_policy(recorder))
        return settings("web", extensionServiceConfig={**found, **_policy(all_services)})

    start_takes(server, "web", with_policies("error_abort", "error_abort", "error_ignore"))
    start_refuses(
        server,
        "web",
        with_policies("error_ignore", OMIT, OMIT),
        with_policies(OMIT, "error_ignore", OMIT),
        with_policies(OMIT, OMIT, "error_abort"),
        with_policies("abort", OMIT, OMIT),
        with_policies(5, OMIT, OMIT),
    )


def _policy(policy: Any) -> dict[str, Any]:
    return {} if policy is OMIT else {"errorHandlePolicy": policy}


@check("CR-130")
def a_page_needs_its_parameters(server: Server) -> None:
    """`url`, `audioProfile`, `videoWidth`, `videoHeight` and `maxRecordingHour` are required."""
    names = ("url", "audioProfile", "videoWidth", "videoHeight", "maxRecordingHour")
    start_refuses(server, "web", *(paged(**{name: OMIT}) for name in names))


@check("CR-130")
def the_parameters_of_a_page_have_their_ranges(server: Server) -> None:
    """Each parameter of a page has a range; a value outside of it is error 2."""
    ranges: dict[str, tuple[tuple[int, ...], tuple[Any, ...]]] = {
        "audioProfile": ((0, 1, 2), (3, -1, *_NO_NUMBERS)),
        "maxRecordingHour": ((1, 720), (0, 721, -1, *_NO_NUMBERS)),
        "videoFps": ((5, 15, 60), (4, 61, 0, *_NO_NUMBERS)),
        "maxVideoDuration": ((30, 120, 240), (29, 241, *_NO_NUMBERS)),
        "videoBitrate": ((1, 2000), (0, -1, *_NO_NUMBERS)),
    }
    for name, (right, wrong) in ranges.items():
        start_takes(server, "web", *_pages(name, *right))
        start_refuses(server, "web", *_pages(name, *wrong))
    start_takes(server, "web", *_pages("mobile", True, False), *_pages("onhold", True, False))
    start_refuses(server, "web", *_pages("onhold", 1, "yes", []), *_pages("url", 5, [], True))


@check("CR-131")
def the_area_of_a_page_is_limited(server: Server) -> None:
    """The picture of a page has at most 1920 by 1080 pixels and no side over 1920."""
    sizes = ((1920, 1080), (1080, 1920), (1440, 1440), (100, 100), (1, 1), (1920, 1))
    start_takes(server, "web", *(paged(videoWidth=width, videoHeight=height) for width, height in sizes))
    wrong: tuple[tuple[Any, Any], ...] = (
        (1920, 1081),
        (1441, 1440),
        (1920, 1920),
        (1921, 100),
        (0, 720),
        (1280, -1),
        *((number, 720) for number in _NO_NUMBERS),
    )
    start_refuses(server, "web", *(paged(videoWidth=width, videoHeight=height) for width, height in wrong))


@check("CR-132", needs=Control.CLOCK)
@to_the_half_second
def a_page_is_recorded_for_its_hours(server: Server) -> None:
    """A recording of a page continues for `maxRecordingHour` hours and stops on its own then."""
    for hours in (1, 3, 100):
        recording = record(server, "web", paged(maxRecordingHour=hours), resourceExpiredHour=720)
        rest = past(server, hours * 3600)
        _must_be_on(server.query(recording))
        server.advance(seconds=rest + 100)
        must_not_be_there(server.query(recording))


def _must_be_on(response: Response) -> None:
    response.must(server_response(response).get("status") in range(6), "a recording that is in progress (status 0 … 5)")


@check("CR-133", "CR-147", "CR-139", needs=Control.CLOCK)
def a_page_may_begin_on_hold(server: Server) -> None:
    """With `onhold` true a page is opened and not recorded, until `update` sets it to false: then a file begins."""
    other = record(server, "web")
    recording = _opened(server, onhold=True)
    _must_hold(server.query(recording), True)
    if payload_of(server.query(recording), _RECORDER).get("fileList"):
        raise server.query(recording).broken("no file of a recording that is on hold from its start")
    server.update(recording, webRecordingConfig={"onhold": False}).must_succeed()
    _must_hold(server.query(recording), False)
    server.advance(seconds=UPLOADED_AFTER)
    began, response = _beginning(server.query(other)), server.query(recording)
    least = (UPLOADED_AFTER - 10) * 1000
    later = _beginning(response) - began >= least
    response.must(later, f"a file that begins {least} ms or more after that of a page that was not on hold")


def _beginning(response: Response) -> int:
    """When the first file of a page begins."""
    files = payload_of(response, _RECORDER).get("fileList")
    if not isinstance(files, list) or not files or not all(_is_file(file) for file in files):
        raise response.broken("files with a `filename` and a `sliceStartTime` in milliseconds")
    return int(min(file["sliceStartTime"] for file in files))


@check("CR-147", needs=Control.CLOCK)
def a_pause_is_of_one_page(server: Server) -> None:
    """A pause is one of a single recording, and not of another one under the same label."""
    one = _opened(server)
    resource = server.acquire(one.resource.cname, mode="web")
    other = server.recording(resource, start(server, resource, "web", settings("web")), "web")
    for first, second in ((one, other), (other, one)):
        server.update(first, webRecordingConfig={"onhold": True}).must_succeed()
        _must_hold(server.query(second), False)
        server.update(first, webRecordingConfig={"onhold": False}).must_succeed()


@check("CR-80", "CR-93", needs=Control.CLOCK)
def a_refused_update_pauses_nothing(server: Server) -> None:
    """An `update` that names another mode, `cname` or `uid` than the recording's is refused and pauses no page."""
    recording, another = _opened(server), resource_for(server, "web")
    hold: dict[str, Any] = {"webRecordingConfig": {"onhold": True}}
    for mode in ("mix", "individual"):
        must_be_400_or_404(server.update(recording, path={"mode": mode}, **hold), "the recording has another mode")
    for wrong in ({"cname": another.cname}, {"uid": another.uid}):
        stranger = replace(recording, resource=replace(recording.resource, **wrong))
        must_be_400_or_404(server.update(stranger, **hold), "the recording is of another `cname` or `uid`")
    _must_hold(server.query(recording), False)


@check("CR-147", needs=Control.CLOCK)
def a_page_is_paused_and_resumed(server: Server) -> None:
    """`webRecordingConfig.onhold` pauses and resumes the recording of a page, and `query` shows it."""
    recording = _opened(server)
    _must_hold(server.query(recording), False)
    for on_hold in (True, True, False, True, False):
        server.update(recording, webRecordingConfig={"onhold": on_hold}).must_succeed()
        _must_hold(server.query(recording), on_hold)


@check("CR-147", "CR-145", needs=Control.CLOCK)
def other_updates_leave_a_pause_as_it_is(server: Server) -> None:
    """An `update` without `webRecordingConfig` neither pauses nor resumes the recording of a page."""
    recording = _opened(server, push())
    others: tuple[dict[str, Any], ...] = (
        {},
        {"storageConfig": dict(STORAGE)},
        {"rtmpPublishConfig": {"outputs": [{"rtmpUrl": _ELSEWHERE}]}},
    )
    for on_hold in (False, True):
        server.update(recording, webRecordingConfig={"onhold": on_hold}).must_succeed()
        for other in others:
            server.update(recording, **other).must_succeed()
            _must_hold(server.query(recording), on_hold)


@check("CR-122", "CR-130", "CR-139", needs=Control.CLOCK)
def a_page_has_a_new_mp4_file_after_its_longest(server: Server) -> None:
    """With `mp4` in `avFileType` a page has MP4 files too, each of `maxVideoDuration` minutes at most."""
    formats = {"recordingFileConfig": {"avFileType": ["hls", "mp4"]}}
    recording = record(server, "web", settings("web", extensionServiceConfig=services(maxVideoDuration=30), **formats))
    for minutes, least in ((20, 1), (20, 2)):
        server.advance(minutes=minutes)
        response = server.query(recording)
        kinds = [name.rpartition(".")[2] for name in _file_names(response)]
        response.must(kinds.count("mp4") >= least, f"{least} MP4 files of a page at least")
        response.must("m3u8" in kinds, "an M3U8 file beside the MP4 files")


@check("CR-147", needs=Control.CLOCK)
def a_pause_adds_no_files(server: Server) -> None:
    """No file is added while the recording of a page is paused, and further ones are after it is resumed."""
    formats = {"recordingFileConfig": {"avFileType": ["hls", "mp4"]}}
    page = services(maxVideoDuration=30, maxRecordingHour=6)
    recording = record(server, "web", settings("web", extensionServiceConfig=page, **formats))
    server.advance(minutes=20)
    for _ in range(2):
        server.update(recording, webRecordingConfig={"onhold": True}).must_succeed()
        server.advance(seconds=UPLOADED_AFTER)  # the last file before the pause may still be uploaded
        before = _file_names(server.query(recording))
        server.advance(minutes=45)
        response = server.query(recording)
        response.must(_file_names(response) == before, "no further file while the page is paused")
        server.update(recording, webRecordingConfig={"onhold": False}).must_succeed()
        server.advance(minutes=45)
        response = server.query(recording)
        response.must(_file_names(response) > before, "a further file of the page, which is recorded again")


def _file_names(response: Response) -> frozenset[str]:
    files = payload_of(response, _RECORDER).get("fileList")
    return frozenset(str(file.get("filename")) for file in files or () if isinstance(file, dict))


@check("CR-147")
def a_pause_is_true_or_false(server: Server) -> None:
    """`onhold` in `update` is true or false; anything else is error 2."""
    update_takes(server, "web", *({"webRecordingConfig": each} for each in ({"onhold": True}, {"onhold": False}, {})))
    update_refuses(server, "web", *({"webRecordingConfig": {"onhold": each}} for each in values(1, "yes", [], 0.5)))


def _must_hold(response: Response, on_hold: bool) -> None:
    response.must(payload_of(response, _RECORDER).get("onhold") is on_hold, f"`onhold` {str(on_hold).lower()}")


@check("CR-134")
def the_wait_for_a_page_is_up_to_a_minute(server: Server) -> None:
    """`readyTimeout` is from 0 to 60 whole seconds; anything else is error 2."""
    start_takes(server, "web", *_pages("readyTimeout", 0, 1, 60))
    start_refuses(server, "web", *_pages("readyTimeout", 61, -1, *_NO_NUMBERS))


@check("CR-135")
def a_push_goes_to_one_address(server: Server) -> None:
    """A push has one output with an address of RTMP or RTMPS; anything else is error 2."""
    start_takes(server, "web", paged(push(PUSHED_TO)), paged(push(_ELSEWHERE)))
    addresses: tuple[Any, ...] = ("http://example.com/live", "https://example.com/live", "example.com/live", "", 5, [])
    start_refuses(server, "web", *(paged(push(address)) for address in addresses))
    outputs: tuple[Any, ...] = ([], [{}], [{"rtmpUrl": PUSHED_TO}] * 2, {"rtmpUrl": PUSHED_TO}, PUSHED_TO)
    wrong = [{"outputs": each} for each in outputs] + [{}]
    start_refuses(server, "web", *(paged({"serviceName": _PUSH, "serviceParam": each}) for each in wrong))


@check("CR-139", "CR-137", needs=Control.CLOCK)
def a_query_reports_the_state_of_a_page(server: Server) -> None:
    """`query` of a page has its recorder's `state`, `onhold`, and a list of files with `filename` and a time."""
    recording = record(server, "web")
    response = server.query(recording)
    response.must(payload_of(response, _RECORDER).get("state") in _STATES, f"a `state`: one of {', '.join(_STATES)}")
    server.advance(seconds=UPLOADED_AFTER)
    response = server.query(recording)
    payload = payload_of(response, _RECORDER)
    response.must(payload.get("state") == "inProgress", "`state` inProgress of a page that is recorded")
    _beginning(response)
    found = server_response(response)
    if "fileList" in found or "fileListMode" in found:
        raise response.broken("no list of files beside the states of the services")


def _is_file(file: Any) -> bool:
    name, time = (file.get("filename"), file.get("sliceStartTime")) if isinstance(file, dict) else (None, None)
    return isinstance(name, str) and bool(name) and isinstance(time, int) and time >= 10**12


@check("CR-140", needs=Control.CLOCK)
def a_query_reports_the_state_of_a_push(server: Server) -> None:
    """With a push, `query` has its `state` and its output, which is published after some time, or on hold."""
    recording = record(server, "web", paged(push()))
    response = server.query(recording)
    if _output(response).get("status") not in ("connecting", "publishing"):
        raise response.broken("the `status` of a push that begins: connecting or publishing")
    server.advance(seconds=UPLOADED_AFTER)
    _must_push(server.query(recording), "publishing")
    server.update(recording, webRecordingConfig={"onhold": True}).must_succeed()
    server.advance(seconds=30)
    _must_push(server.query(recording), "onhold")


@check("CR-140", needs=Control.CLOCK)
def no_push_has_no_state(server: Server) -> None:
    """Without a push, `query` has no state of one."""
    response = server.query(_opened(server))
    names = [state["serviceName"] for state in server_response(response)["extensionServiceState"]]
    response.must(names == [_RECORDER], f"{_RECORDER} as the only service")


def _output(response: Response) -> dict[str, Any]:
    payload = payload_of(response, _PUSH)
    outputs = payload.get("outputs")
    found = outputs[0] if isinstance(outputs, list) and len(outputs) == 1 else None
    if not isinstance(found, dict) or not isinstance(found.get("rtmpUrl"), str) or payload.get("state") not in _STATES:
        raise response.broken("one output with its `rtmpUrl`, and a `state`")
    return found


def _must_push(response: Response, status: str) -> None:
    response.must(_output(response).get("status") == status, f"the `status` {status} of a push")


@check("CR-148", needs=Control.CLOCK)
def a_push_is_sent_elsewhere(server: Server) -> None:
    """`rtmpPublishConfig` gives a push another address, and `query` shows it."""
    recording = _opened(server, push())
    before = _output(server.query(recording))["rtmpUrl"]
    server.update(recording, rtmpPublishConfig={"outputs": [{"rtmpUrl": _ELSEWHERE}]}).must_succeed()
    server.advance(seconds=30)
    response = server.query(recording)
    response.must(_output(response)["rtmpUrl"] != before, "another `rtmpUrl` than before the update")
    _must_push(response, "publishing")


@check("CR-148")
def a_new_address_of_a_push_obeys_the_rules(server: Server) -> None:
    """`update` takes one address of RTMP or RTMPS; anything else is error 2."""
    right = {"rtmpPublishConfig": {"outputs": [{"rtmpUrl": _ELSEWHERE}]}}
    update_takes(server, "web", right, first=paged(push()))
    wrong: tuple[Any, ...] = ([{"rtmpUrl": "http://example.com/a"}], [{"rtmpUrl": PUSHED_TO}] * 2, PUSHED_TO, [5])
    update_refuses(server, "web", *({"rtmpPublishConfig": {"outputs": each}} for each in wrong), first=paged(push()))


@check("CR-154", needs=Control.CLOCK)
def a_stop_of_a_page_reports_the_upload(server: Server) -> None:
    """In mode `web` the answer of `stop` has the `uploadingStatus` in the payload of `upload_service`."""
    response = end(server, _opened(server))
    if payload_of(response, "upload_service").get("uploadingStatus") not in ("uploaded", "backuped", "unknown"):
        raise response.broken("an `uploadingStatus` in the payload of upload_service")


@check("CR-154", needs=Control.CLOCK)
def a_stop_tells_of_a_pause(server: Server) -> None:
    """In mode `web` the answer of `stop` has the `onhold` that `query` had before, if the recorder is in it."""
    for on_hold in (True, False):
        recording = _opened(server)
        server.update(recording, webRecordingConfig={"onhold": on_hold}).must_succeed()
        response = end(server, recording)
        names = [state["serviceName"] for state in server_response(response)["extensionServiceState"]]
        if _RECORDER in names:
            _must_hold(response, on_hold)
