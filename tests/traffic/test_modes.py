"""Recorded traffic: the rules that depend on the recording mode in the path."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.traffic.hars import IDENTITY, RECORDING, STORAGE, acquired, entry, started
from tests.traffic.test_check import found

WHO = {"cname": "lesson-42", "uid": "527841", "resourceId": "r1"}
PAGE = {"url": "https://example.com", "audioProfile": 1, "videoWidth": 1280, "videoHeight": 720, "maxRecordingHour": 3}
CLIENTS: dict[str, dict[str, Any]] = {
    "individual": {"recordingConfig": {"subscribeUidGroup": 0}},
    "mix": {},
    "web": {
        "extensionServiceConfig": {"extensionServices": [{"serviceName": "web_recorder_service", "serviceParam": PAGE}]}
    },
}
"""What a start needs in each mode."""

RECORDER = {"serviceName": "web_recorder_service", "payload": {"state": "inProgress", "onhold": False, "fileList": []}}
UPLOAD = {"serviceName": "upload_service", "payload": {"uploadingStatus": "uploaded"}}
FILE = {
    "fileName": "a.m3u8",
    "trackType": "audio",
    "uid": "123",
    "mixedAllUser": False,
    "isPlayable": True,
    "sliceStartTime": 1623060000000,
}


def start(mode: str, client: dict[str, Any] | None = None, status: int = 200) -> dict[str, Any]:
    body = {**IDENTITY, "clientRequest": {"storageConfig": STORAGE, **(CLIENTS[mode] if client is None else client)}}
    answer = {**WHO, "sid": "s1"} if status == 200 else {"code": 2, "reason": "invalid parameter"}
    return entry("POST", f"{RECORDING}/resourceid/r1/mode/{mode}/start", body, status, answer)


def acquire(**client: Any) -> dict[str, Any]:
    return acquired(body={**IDENTITY, "clientRequest": client}, answer=WHO)


def query(mode: str, **result: Any) -> dict[str, Any]:
    answer = {**WHO, "sid": "s1", "serverResponse": {"status": 5, **result}}
    return entry("GET", f"{RECORDING}/resourceid/r1/sid/s1/mode/{mode}/query", answer=answer)


def stop(mode: str, **result: Any) -> dict[str, Any]:
    answer = {**WHO, "sid": "s1", "serverResponse": result}
    return entry("POST", f"{RECORDING}/resourceid/r1/sid/s1/mode/{mode}/stop", IDENTITY, answer=answer)


def checks(*entries: dict[str, Any]) -> list[tuple[str, tuple[str, ...]]]:
    return [(finding.check, finding.facts) for finding in found(*entries)]


@pytest.mark.fact("CR-115")
@pytest.mark.parametrize("client", [{}, {"recordingConfig": {}}, {"recordingConfig": {"channelType": 1}}])
def test_an_individual_start_without_a_group_is_found(client: dict[str, Any]) -> None:
    assert checks(start("individual", client)) == [("mode_of_requests", ("CR-115",))]
    assert checks(start("individual", client, status=400)) == [("mode_of_requests", ("CR-115",))]


@pytest.mark.fact("CR-115")
def test_a_start_whose_body_is_not_in_the_file_is_not_judged_by_its_mode() -> None:
    exchange = start("individual", {})
    del exchange["request"]["postData"]
    exchange["request"]["bodySize"] = 300
    assert checks(exchange) == []


@pytest.mark.parametrize("mode", CLIENTS)
def test_a_start_with_what_its_mode_needs_breaks_nothing(mode: str) -> None:
    assert checks(start(mode)) == []


@pytest.mark.fact("CR-141", "CR-142")
def test_files_of_single_users_as_a_string_are_found() -> None:
    files = {"fileListMode": "string", "fileList": "a.m3u8"}
    wrong = [("mode_of_answers", ("CR-141", "CR-142"))]
    assert checks(query("individual", **files)) == wrong
    assert checks(stop("individual", **files, uploadingStatus="uploaded")) == wrong
    assert checks(query("mix", **files)) == []


@pytest.mark.fact("CR-141", "CR-142")
def test_files_of_single_users_as_a_list_break_nothing() -> None:
    files = {"fileListMode": "json", "fileList": [FILE]}
    assert checks(query("individual", **files), stop("individual", **files, uploadingStatus="uploaded")) == []
    assert checks(query("individual")) == []


@pytest.mark.fact("CR-139", "CR-154")
def test_an_answer_about_a_page_without_its_services_is_found() -> None:
    assert checks(query("web")) == [("mode_of_answers", ("CR-139",))]
    assert checks(query("web", fileListMode="string", fileList="a.m3u8")) == [("mode_of_answers", ("CR-139",))]
    assert checks(stop("web", uploadingStatus="uploaded")) == [("mode_of_answers", ("CR-154",))]


@pytest.mark.fact("CR-139", "CR-154")
def test_an_answer_about_a_page_with_its_services_breaks_nothing() -> None:
    assert checks(query("web", extensionServiceState=[RECORDER]), stop("web", extensionServiceState=[UPLOAD])) == []


@pytest.mark.fact("CR-154", "CR-139")
def test_the_upload_of_a_page_beside_its_services_is_found() -> None:
    beside = {"extensionServiceState": [UPLOAD], "uploadingStatus": "uploaded"}
    assert checks(stop("web", **beside)) == [("mode_of_answers", ("CR-154",))]


@pytest.mark.fact("CR-152")
@pytest.mark.parametrize(
    ("mode", "result"),
    [("mix", {"uploadingStatus": "uploaded"}), ("web", {"extensionServiceState": [UPLOAD]})],
)
def test_a_stop_that_does_not_wait_does_not_know_the_upload(mode: str, result: dict[str, Any]) -> None:
    exchange = stop(mode, **result)
    assert checks(exchange) == []
    exchange["request"]["postData"]["text"] = json.dumps({**IDENTITY, "clientRequest": {"async_stop": True}})
    assert (("stop_waits", ("CR-152",)) in checks(exchange)) is (mode == "web")  # a server of 2019 would wait
    assert ("stop_waits", ("CR-152",)) in checks(start("individual"), exchange)


@pytest.mark.fact("CR-84")
@pytest.mark.parametrize(("scene", "mode"), [(1, "mix"), (1, "individual"), (0, "web")])
def test_a_recording_in_a_mode_of_another_scene_is_found(scene: int, mode: str) -> None:
    (finding,) = found(acquire(scene=scene), start(mode))
    assert (finding.check, finding.facts) == ("mode_of_scene", ("CR-84",))
    assert f"mode {mode}, and exchange 1 asked for scene {scene}" in finding.got


@pytest.mark.fact("CR-83", "CR-84")
def test_a_resource_is_for_channels_if_its_scene_is_left_out() -> None:
    assert checks(acquire(), start("mix")) == []
    assert checks(acquire(), start("web")) == [("mode_of_scene", ("CR-84",))]


@pytest.mark.fact("CR-84")
def test_the_scene_of_a_resource_is_not_guessed() -> None:
    unseen = acquire(scene=1)
    del unseen["request"]["postData"]
    unseen["request"]["bodySize"] = 300
    assert "mode_of_scene" not in [name for name, _ in checks(unseen, start("mix"))]
    assert checks(start("web")) == checks(start("mix")) == []
    assert checks(acquire(scene=1), start("mix", status=400)) == []
    of_2019 = acquired(body={**IDENTITY, "clientRequest": {"scene": 1}})
    assert checks(of_2019, started()) == []


@pytest.mark.parametrize("body", [None, [], 5, "text", {"clientRequest": []}, {"clientRequest": None}])
def test_a_body_of_another_form_is_not_judged_by_its_mode(body: Any) -> None:
    exchange = start("individual")
    exchange["request"]["postData"]["text"] = json.dumps(body)
    assert "mode_of_requests" not in [name for name, _ in checks(exchange)]
