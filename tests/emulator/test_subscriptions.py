"""Whom a recording records: subscription lists, groups, and what users publish."""

from __future__ import annotations

import pytest

from agora_rest.emulator import FrozenClock
from agora_rest.emulator.subscriptions import BOTH, EVERYBODY, NOBODY, Medium, Subscription, Track, UidList
from tests.emulator.callers import APP, code
from tests.emulator.current_callers import CurrentApi, Running, files_of

SOUND = frozenset({Medium.AUDIO})


def recorded(api: CurrentApi, found: Running) -> dict[int, str]:
    """Who is recorded at present, and what of them."""
    return {
        each["uid"]: "".join(letter for name, letter in (("audio", "a"), ("video", "v")) if each[name])
        for each in api.shown(found)["recorded"]
    }


@pytest.mark.fact("CR-113")
@pytest.mark.parametrize(
    ("audio", "video", "expected"),
    [
        (None, None, (EVERYBODY, EVERYBODY)),
        (UidList(frozenset({1})), None, (UidList(frozenset({1})), NOBODY)),
        (None, EVERYBODY, (NOBODY, EVERYBODY)),
    ],
)
def test_a_list_for_one_medium_leaves_the_other_out(audio: UidList, video: UidList, expected: tuple) -> None:
    found = Subscription.of(BOTH, audio, video)
    assert (found.audio, found.video) == expected


def test_stream_types_leave_a_medium_out() -> None:
    assert Subscription.of(SOUND, None, None).media == {Medium.AUDIO}
    assert Subscription().media == BOTH


@pytest.mark.fact("CR-114")
def test_the_first_users_are_recorded_and_others_follow() -> None:
    subscription = Subscription(most_users=2)
    streams = dict.fromkeys((5, 3, 9), SOUND)
    assert subscription.tracks(streams) == [Track(5, Medium.AUDIO), Track(3, Medium.AUDIO)]
    del streams[5]
    assert subscription.tracks(streams) == [Track(3, Medium.AUDIO), Track(9, Medium.AUDIO)]


@pytest.mark.fact("CR-109", "CR-111", "CR-113")
@pytest.mark.parametrize(
    ("config", "expected"),
    [
        ({}, {7: "av", 8: "av"}),
        ({"subscribeAudioUids": ["#allstream#"], "subscribeVideoUids": ["7"]}, {7: "av", 8: "a"}),
        ({"subscribeAudioUids": ["#allstream#"], "unSubscribeVideoUids": ["7"]}, {7: "a", 8: "av"}),
        ({"unsubscribeAudioUids": ["7"], "subscribeVideoUids": ["7"]}, {7: "v", 8: "a"}),
        ({"subscribeAudioUids": ["8"]}, {8: "a"}),
        ({"streamTypes": 0}, {7: "a", 8: "a"}),
        ({"streamTypes": 1}, {7: "v", 8: "v"}),
    ],
)
def test_lists_say_who_is_recorded(current: CurrentApi, config: dict, expected: dict[int, str]) -> None:
    current.emulator.join(APP, "lesson", [7, 8])
    assert recorded(current, current.mix(recordingConfig=config)) == expected


@pytest.mark.fact("CR-146")
def test_an_update_takes_the_place_of_all_lists(current: CurrentApi, clock: FrozenClock) -> None:
    current.emulator.join(APP, "lesson", [7, 8])
    found = current.individual(subscribeAudioUids=["7"], subscribeVideoUids=["7"])
    clock.advance(10)
    assert current.change(found, streamSubscribe={}).status_code == 200
    assert recorded(current, found) == {7: "av"}
    assert current.change(found, streamSubscribe={"audioUidList": {"subscribeAudioUids": ["8"]}}).status_code == 200
    assert recorded(current, found) == {8: "a"}
    assert current.shown(found)["subscription"] == {"audio": {"only": [8]}, "video": "nobody", "most_users": 7}
    clock.advance(10)
    assert len(files_of(current.progress(found))) == 3  # those of user 7 stay


@pytest.mark.fact("CR-112", "CR-146")
def test_an_update_cannot_subscribe_to_a_medium_that_is_not_recorded(current: CurrentApi) -> None:
    found = current.mix(recordingConfig={"streamTypes": 0})
    lists = {"videoUidList": {"subscribeVideoUids": ["7"]}}
    assert code(current.change(found, streamSubscribe=lists)) == 2


@pytest.mark.fact("CO-80")
def test_a_muted_user_stays_and_is_not_recorded_until_the_rule_ends(current: CurrentApi, clock: FrozenClock) -> None:
    current.emulator.join(APP, "lesson", [7, 8])
    found = current.mix()
    rule = current.kick(uid=7, privileges=["publish_audio", "publish_video"], time_in_seconds=60).json()["id"]
    assert recorded(current, found) == {8: "av"}
    assert current.users("lesson")["users"] == [7, 8]
    (channel,) = current.emulator.state()["channels"]
    assert [user["muted"] for user in channel["users"]] == [["audio", "video"], []]
    clock.advance(60)
    assert recorded(current, found) == {8: "av", 7: "av"}
    assert rule


@pytest.mark.fact("CO-80")
def test_a_mute_ends_when_it_ends_and_not_when_somebody_looks(current: CurrentApi, clock: FrozenClock) -> None:
    current.emulator.join(APP, "lesson", 7)
    current.kick(cname="lesson", privileges=["publish_video"], time_in_seconds=10)
    found = current.individual()
    clock.advance(100)
    audio, video = current.progress(found)["fileList"]
    assert (audio["trackType"], video["trackType"]) == ("audio", "video")
    assert video["sliceStartTime"] - audio["sliceStartTime"] == 7_000  # 10 s, and the recorder was ready after 3 s


@pytest.mark.fact("CO-80")
def test_a_mute_that_is_deleted_ends(current: CurrentApi) -> None:
    current.emulator.join(APP, "lesson", 7)
    found = current.mix()
    rule = current.kick(uid=7, privileges=["publish_audio"]).json()["id"]
    assert recorded(current, found) == {7: "v"}
    current("DELETE", "/dev/v1/kicking-rule", {"appid": APP, "id": rule})
    assert recorded(current, found) == {7: "av"}
