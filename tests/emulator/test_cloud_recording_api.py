"""The four calls of Cloud Recording on the wire, in both dialects."""

from __future__ import annotations

import re

import pytest

from agora_rest.emulator import FrozenClock
from tests.emulator.callers import APP, STORAGE, Api, code, emulator_of_2019, inner


@pytest.mark.fact("CR-10", "CR-36", "CR-40", "CR-50", "CR-61")
def test_a_recording_is_acquired_started_queried_and_stopped(both: Api, clock: FrozenClock) -> None:
    both.emulator.join(APP, "lesson", 7)
    resource, sid = both.record()
    assert re.fullmatch(r"[A-Za-z0-9_-]+", resource)
    assert inner(both.query(resource, sid))["resourceId"] == resource
    assert both.status(resource, sid) == 1
    clock.advance(6)
    assert both.status(resource, sid) == 5
    stopped = inner(both.stop(resource, sid))
    assert (stopped["sid"], stopped["resourceId"]) == (sid, resource)
    assert stopped["serverResponse"]["fileList"] == f"{sid}_lesson.m3u8"
    assert stopped["serverResponse"]["uploadingStatus"] == "uploaded"
    assert both.status(resource, sid) == 6


@pytest.mark.fact("CR-61")
def test_documented_answers_are_enveloped_and_nothing_else(api: Api, clock: FrozenClock) -> None:
    acquired = api.acquire().json()
    assert acquired == {"Code": 200, "Body": {"resourceId": acquired["Body"]["resourceId"]}}
    resource = acquired["Body"]["resourceId"]
    started = api.start(resource).json()
    sid = started["Body"]["sid"]
    assert started == {"Code": 200, "Body": {"sid": sid, "resourceId": resource}}
    assert api.query(resource, sid).json()["Body"]["serverResponse"] == {"fileList": "", "status": "1"}
    clock.advance(5)
    expected = {"fileList": f"{sid}_lesson.m3u8", "status": "5"}
    assert api.query(resource, sid).json()["Body"]["serverResponse"] == expected


@pytest.mark.fact("CR-61")
def test_observed_answers_are_bare_and_say_more(api: Api, clock: FrozenClock) -> None:
    api.emulator.settings.dialect = "observed"
    api.emulator.join(APP, "lesson", 7)
    begin = clock.now()
    acquired = api.acquire().json()
    assert acquired == {"cname": "lesson", "uid": "527841", "resourceId": acquired["resourceId"]}
    started = api.start(acquired["resourceId"]).json()
    assert started.keys() == {"cname", "uid", "resourceId", "sid"}
    slice_start = int(begin * 1000)
    progress = api.query(started["resourceId"], started["sid"]).json()["serverResponse"]
    assert progress == {"status": 1, "sliceStartTime": slice_start}
    clock.advance(5)
    progress = api.query(started["resourceId"], started["sid"]).json()["serverResponse"]
    name = f"{started['sid']}_lesson.m3u8"
    assert progress == {"status": 5, "fileListMode": "string", "fileList": name, "sliceStartTime": slice_start}


@pytest.mark.fact("CR-11", "CR-12", "CR-38", "CR-39", "CR-64", "CR-65")
def test_refusals_have_their_codes(both: Api, clock: FrozenClock) -> None:
    expired = both.resource()
    clock.advance(301)
    assert code(both.start(expired)) == 433
    assert code(both.start("forged")) == 1001
    resource, sid = both.record()
    assert code(both.start(both.resource("other"), "lesson")) == 1003
    assert code(both.query(resource, "0" * 32)) == 1003
    assert code(both.start(both.resource())) == 53
    both.stop(resource, sid)
    assert code(both.start(resource)) == 1005
    again = both.stop(resource, sid)
    assert (again.status_code, code(again)) == (404, 404)
    clock.advance(301)
    assert both.query(resource, sid).status_code == 404


@pytest.mark.fact("CR-37")
def test_a_second_start_is_1004_as_documented_and_201_with_code_7_as_observed(both: Api, dialect: str) -> None:
    resource, _ = both.record()
    answer = both.start(resource)
    if dialect == "documented":
        assert (answer.status_code, code(answer)) == (400, 1004)
    else:
        assert answer.status_code == 201
        assert answer.json()["code"] == 7
        assert "sid" not in answer.json()
    assert both.emulator.state()["totals"]["recordings"] == 1


@pytest.mark.fact("CR-65")
def test_documented_refusals_are_enveloped_and_observed_ones_are_bare(both: Api, dialect: str) -> None:
    resource, sid = both.record()
    both.stop(resource, sid)
    answer = both.start(resource).json()
    if dialect == "documented":
        assert answer == {"Code": 400, "Body": {"code": 1005, "reason": answer["Body"]["reason"]}}
    else:
        assert answer == {"code": 1005, "reason": answer["reason"], "cname": "lesson", "uid": "527841"}


@pytest.mark.fact("CR-15", "CR-65")
@pytest.mark.parametrize("app", ["f" * 32, "x", APP.upper(), APP[:-1]])
def test_an_unknown_app_id_is_invalid_and_bare_in_both_dialects(both: Api, dialect: str, app: str) -> None:
    message = "invalid appid" if dialect == "documented" else "appid is invalid"
    resource, sid = both.record()
    for answer in (
        both.acquire(app=app),
        both.start(resource, app=app),
        both.query(resource, sid, app=app),
        both.stop(resource, sid, app=app),
    ):
        assert (answer.status_code, answer.json()) == (400, {"message": message})


@pytest.mark.fact("CR-63")
@pytest.mark.parametrize("cname", ["", "a" * 65, "a/b", 'a"b', "a*b", "ä", "a\n", "\x00", "'", "\\", "`"])
def test_a_bad_channel_name_is_1013(both: Api, cname: str) -> None:
    assert code(both.acquire(cname)) == 1013
    assert code(both.start("any", cname)) == 1013
    assert code(both.stop("any", "any", cname)) == 1013


@pytest.mark.fact("CR-63")
@pytest.mark.parametrize("cname", ["a" * 64, " ", "..", "!#$%&()+-:;<=.>?@[]^_{}|~,"])
def test_a_channel_name_of_the_89_characters_is_recorded(both: Api, cname: str) -> None:
    both.emulator.join(APP, cname, 7)
    resource, sid = both.record(cname)
    assert inner(both.stop(resource, sid, cname))["serverResponse"]["fileList"] == f"{sid}_{cname}.m3u8"


@pytest.mark.fact("CR-14", "CR-62")
@pytest.mark.parametrize("uid", ["0", "", "-1", "4294967296", "01", " 1", "1.0", "abc", "\uff11", 5, None, True, ["1"]])
def test_a_bad_uid_is_error_2(both: Api, uid: object) -> None:
    assert code(both.acquire(uid=uid)) == 2


@pytest.mark.fact("CR-14")
@pytest.mark.parametrize("uid", ["1", "4294967295"])
def test_the_extreme_uids_are_recorded(both: Api, uid: str) -> None:
    both.record(uid=uid)


@pytest.mark.fact("CR-13", "CR-50", "CR-62")
@pytest.mark.parametrize("member", ["cname", "uid", "clientRequest"])
def test_every_member_is_needed_spelled_as_it_is(both: Api, member: str) -> None:
    body = {"cname": "lesson", "uid": "1", "clientRequest": {}}
    value = body.pop(member)
    for broken in (body, {**body, member.capitalize(): value}, {**body, member: None}):
        assert code(both("POST", f"/v1/apps/{APP}/cloud_recording/acquire", broken)) == 2


@pytest.mark.fact("CR-13")
def test_what_callers_of_today_send_besides_passes(both: Api) -> None:
    both.acquire(clientRequest={"resourceExpiredHour": 24, "scene": 0}, token="x")


@pytest.mark.fact("CR-62")
def test_a_bad_channel_name_beside_another_fault_is_error_2(both: Api) -> None:
    assert code(both.acquire("ä", uid="0")) == 2
    assert code(both.acquire(cname=5)) == 2


GOOD_CONFIGS = [
    {"streamTypes": 0, "decryptionMode": 0, "channelType": 1, "audioProfile": 2, "videoStreamType": 1},
    {"decryptionMode": 3, "secret": "planted-password"},
    {"maxIdleTime": 5},
    {"transcodingConfig": {}},
    {"transcodingConfig": {"width": 1920, "height": 1080, "fps": 15, "bitrate": 500, "mixedVideoLayout": 2}},
    {"transcodingConfig": {"width": 1080, "height": 1920, "maxResolutionUid": "1"}},
    {"unknownToTheDocuments": 1},
]
BAD_CONFIGS = [
    {"streamTypes": 3},
    {"streamTypes": "two"},
    {"decryptionMode": 4, "secret": "planted-password"},
    {"decryptionMode": 1},
    {"decryptionMode": 1, "secret": ""},
    {"secret": 5},
    {"channelType": 2},
    {"audioProfile": 3},
    {"videoStreamType": 2},
    {"maxIdleTime": 4},
    {"maxIdleTime": "30 "},
    {"maxIdleTime": 5.5},
    {"transcodingConfig": {"width": 1081, "height": 1081}},
    {"transcodingConfig": {"width": 1921}},
    {"transcodingConfig": {"height": 1921}},
    {"transcodingConfig": {"mixedVideoLayout": 3}},
    {"transcodingConfig": {"maxResolutionUid": 1}},
    {"transcodingConfig": {"fps": "15.5"}},
]


@pytest.mark.fact("CR-22", "CR-23", "CR-24", "CR-25", "CR-26", "CR-27", "CR-28", "CR-29", "CR-30", "CR-31", "CR-32")
@pytest.mark.parametrize("config", GOOD_CONFIGS)
def test_a_good_configuration_starts_a_recording(both: Api, config: dict) -> None:
    both.record(**config)


@pytest.mark.fact("CR-22", "CR-23", "CR-24", "CR-25", "CR-26", "CR-27", "CR-28", "CR-29", "CR-30", "CR-31", "CR-32")
@pytest.mark.parametrize("config", BAD_CONFIGS)
def test_a_bad_configuration_is_error_2_and_the_resource_id_is_not_used_up(both: Api, config: dict) -> None:
    resource = both.resource()
    assert code(both.start(resource, recordingConfig=config)) == 2
    inner(both.start(resource))


@pytest.mark.fact("CR-33", "CR-34", "CR-35")
@pytest.mark.parametrize(("vendor", "regions"), [(0, 4), (1, 18), (2, 19)])
def test_each_vendor_has_its_regions(both: Api, vendor: int, regions: int) -> None:
    for region in range(regions):
        uid = str(region + 1)
        storage = {**STORAGE, "vendor": vendor, "region": region}
        inner(both.start(both.resource(uid=uid), uid=uid, storageConfig=storage))
    for region in (-1, regions, "zero", None):
        assert code(both.start(both.resource(), storageConfig={**STORAGE, "vendor": vendor, "region": region})) == 2


@pytest.mark.fact("CR-33")
@pytest.mark.parametrize("member", STORAGE)
def test_every_part_of_the_storage_is_needed(both: Api, member: str) -> None:
    storage = {name: value for name, value in STORAGE.items() if name != member}
    assert code(both.start(both.resource(), storageConfig=storage)) == 2
    assert code(both("POST", f"/v1/apps/{APP}/cloud_recording/resourceid/{both.resource()}/mode/mix/start",
                     {"cname": "lesson", "uid": "527841", "clientRequest": {}})) == 2  # fmt: skip


@pytest.mark.fact("CR-20")
@pytest.mark.parametrize("mode", ["individual", "web", "Mix", "%20mix"])
def test_there_is_no_mode_but_mix(both: Api, mode: str) -> None:
    resource, sid = both.record()
    base = f"/v1/apps/{APP}/cloud_recording/resourceid/{resource}"
    body = {"cname": "lesson", "uid": "527841", "clientRequest": {"storageConfig": STORAGE}}
    assert code(both("POST", f"{base}/mode/{mode}/start", body)) == 2
    assert code(both("GET", f"{base}/sid/{sid}/mode/{mode}/query")) == 2
    assert code(both("POST", f"{base}/sid/{sid}/mode/{mode}/stop", body)) == 2


@pytest.mark.fact("CR-51", "CR-52", "CR-53")
@pytest.mark.parametrize("outcome", ["uploaded", "backuped", "unknown"])
def test_a_stop_can_be_made_to_answer_each_outcome(both: Api, outcome: str) -> None:
    both.emulator.stop_with(outcome)
    both.emulator.join(APP, "lesson", 7)
    resource, sid = both.record()
    assert inner(both.stop(resource, sid))["serverResponse"]["uploadingStatus"] == outcome


@pytest.mark.fact("CR-28")
def test_the_idle_time_that_was_asked_for_is_kept(both: Api, clock: FrozenClock) -> None:
    both.emulator.join(APP, "lesson", 7)
    resource, sid = both.record(maxIdleTime=100)
    both.emulator.leave(APP, "lesson", 7)
    clock.advance(100)
    assert both.status(resource, sid) == 5
    clock.advance(1)
    assert both.status(resource, sid) == 6


@pytest.mark.fact("CO-48")
def test_a_kicked_recorder_exits_abnormally(both: Api) -> None:
    resource, sid = both.record()
    both.kick(cname="lesson", uid=527841, time=1)
    assert both.status(resource, sid) == 20
    assert both.stop(resource, sid).status_code == 404


def test_the_same_calls_give_the_same_ids_again_and_another_seed_others() -> None:

    def ids(seed: int | None, requests_before: int = 0) -> tuple[str, str, str]:
        caller = Api(emulator_of_2019(clock=FrozenClock(), seed=seed))
        for _ in range(requests_before):
            caller("GET", "/dev/v1/projects")
        return (*caller.record(), caller.project()["id"])

    assert ids(1) == ids(1) == ids(1, requests_before=3)
    assert ids(1) != ids(2)
    assert ids(None) != ids(None)
