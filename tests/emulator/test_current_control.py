"""Control of what there is in the current dialect only, and its saved state."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from agora_rest.emulator import Emulator, FrozenClock, Mode, Role
from agora_rest.emulator.refusals import Conflict, NotInChannel
from agora_rest.emulator.web import control_api
from tests.emulator.callers import APP, STORAGE, code
from tests.emulator.current_callers import PAGE, PUSH, CurrentApi, Running


def users(api: CurrentApi) -> dict[int, list[str]]:
    """What each user publishes."""
    (channel,) = api.emulator.state()["channels"]
    return {user["uid"]: user["publishes"] for user in channel["users"]}


def test_users_join_publishing_but_for_the_audience(current: CurrentApi) -> None:
    current.emulator.join(APP, "lesson", 7, mode=Mode.LIVE)
    current.emulator.join(APP, "lesson", 8, role=Role.AUDIENCE)
    assert users(current) == {7: ["audio", "video"], 8: []}
    with pytest.raises(Conflict):
        current.emulator.publish(APP, "lesson", 8, audio=True)
    with pytest.raises(NotInChannel):
        current.emulator.publish(APP, "lesson", 9, audio=True)


def test_control_lets_a_user_publish(current: CurrentApi) -> None:
    current.emulator.join(APP, "lesson", 7)
    path = f"/_emulator/channels/{APP}/lesson/users/7"
    answer = current.send("PATCH", path, json={"video": False})
    assert (answer.status_code, answer.json()["publishes"]) == (200, ["audio"])
    assert control_api.complaint("UserState", answer.json(), "answer") is None
    assert users(current) == {7: ["audio"]}
    for body in ({}, {"audio": 1}, {"sound": True}):
        assert current.send("PATCH", path, json=body).status_code == 400
    assert current.send("PATCH", f"{path}1", json={"audio": True}).status_code == 404


def test_control_sets_what_pages_do(current: CurrentApi) -> None:
    answer = current.send("PUT", "/_emulator/pages", json={"url": PAGE, "fate": "fails"})
    assert (answer.status_code, answer.json()) == (200, {"pages": [{"url": PAGE, "fate": "fails"}]})
    assert current.send("GET", "/_emulator/pages").json() == answer.json()
    assert current.send("PUT", "/_emulator/pages", json={"url": PAGE, "fate": "burns"}).status_code == 400


def test_control_says_from_which_platform_a_user_comes(current: CurrentApi) -> None:
    path = f"/_emulator/channels/{APP}/lesson/users"
    assert current.send("POST", path, json={"uid": 7, "platform": 2}).status_code == 201
    assert current.send("POST", path, json={"uid": 8, "platform": 3}).status_code == 400
    (channel,) = current.emulator.state()["channels"]
    assert channel["users"][0]["platform"] == 2


def everything(api: CurrentApi, clock: FrozenClock) -> list[Running]:
    """One recording of each mode, and all that happens to them."""
    emulator = api.emulator
    emulator.join(APP, "lesson", [7, 8], platform=1)
    emulator.publish(APP, "lesson", 8, video=False)
    emulator.set_page("https://example.com/broken", "fails")
    regions = [{"uid": "7", "x_axis": 0, "y_axis": 0, "width": 0.5, "height": 1, "alpha": 0.5, "render_mode": 1}]
    layout = {
        "mixedVideoLayout": 3,
        "layoutConfig": regions,
        "backgroundConfig": [{"uid": "7", "image_url": "https://example.com/7.jpg"}],
    }
    found = [
        api.run("mix", uid="1", recordingConfig={"transcodingConfig": layout, "unSubscribeAudioUids": ["9"]}),
        api.run(
            "individual",
            uid="2",
            recordingConfig={"subscribeUidGroup": 1, "streamMode": "standard"},
            snapshotConfig={"fileType": ["jpg"]},
            recordingFileConfig={},
        ),
        api.web(push=PUSH, files={"avFileType": ["hls", "mp4"]}),
    ]
    api.prepare("web", cname="waits", uid="5", region="EU", resourceExpiredHour=5)
    clock.advance(20)
    api.kick(uid=7, privileges=["publish_audio"], time_in_seconds=100)
    emulator.fail_over(found[0].sid)
    api.change(found[2], webRecordingConfig={"onhold": True})
    clock.advance(61)
    return found


def test_the_state_is_as_control_describes_it(current: CurrentApi, clock: FrozenClock) -> None:
    everything(current, clock)
    assert control_api.complaint("State", current.emulator.state(), "state") is None


def test_everything_is_saved_and_there_again(current: CurrentApi, clock: FrozenClock, tmp_path: Path) -> None:
    found = everything(current, clock)
    current.emulator.save(tmp_path / "state.json")
    other = CurrentApi(Emulator(clock=clock, rate_limit=False, dialect="current"))
    other.emulator.load(tmp_path / "state.json")
    assert kept(other) == kept(current)
    clock.advance(60)  # the mute ends
    for each in (current, other):
        each.emulator.publish(APP, "lesson", 8, video=True)
        each.change(found[2], webRecordingConfig={"onhold": False})
    clock.advance(30)
    assert [other.progress(each) for each in found] == [current.progress(each) for each in found]
    assert kept(other) == kept(current)


def kept(api: CurrentApi) -> dict[str, Any]:
    """What a saved state keeps."""
    state = api.emulator.state()
    return {name: state[name] for name in state if name not in ("totals", "quotas")}


@pytest.mark.fact("CR-90")
def test_what_acquire_announced_is_saved(current: CurrentApi, clock: FrozenClock, tmp_path: Path) -> None:
    resource = current.prepare("mix", startParameter={"storageConfig": STORAGE, "token": "t"})
    current.emulator.save(tmp_path / "state.json")
    current.emulator.load(tmp_path / "state.json")
    assert code(current.begin("mix", resource)) == 2
    assert current.begin("mix", resource, token="t").status_code == 200
