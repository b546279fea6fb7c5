"""The state of an emulator as a file."""

from __future__ import annotations

import json
import stat
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agora_rest.emulator import Emulator, Fault, FrozenClock, Minutes
from agora_rest.emulator.saved_state import StateError, restore
from tests.emulator.callers import APP, Api, emulator_of_2019, inner
from tests.emulator.current_callers import CurrentApi, files_of


def filled(dialect: str = "observed") -> Api:
    """An emulator with something of every kind."""
    api = Api(Emulator(clock=FrozenClock(), rate_limit=False, dialect=dialect))
    emulator = api.emulator
    emulator.join(APP, "lesson", [7, 8], ip="10.0.0.1")
    emulator.join(APP, "stage", 9, role=3)
    api.record()
    api.record("empty", "5", maxIdleTime=600)
    emulator.clock.advance(10)
    ended = api.record("lesson", "6")
    api.stop(*ended, "lesson", "6")
    api.resource("waiting", "4")
    api.project("evening school")
    api.kick(cname="lesson", uid=99, time=5)
    emulator.inject(Fault("delay", operation="acquire", seconds=0, times=3))
    emulator.seed_minutes("demo", date(2020, 1, 1), Minutes(audio=5))
    emulator.seed_metrics("demo", date(2020, 1, 2), {"ours": 2.5})
    return api


def comparable(emulator: Emulator) -> dict:
    state = emulator.state()
    del state["quotas"], state["totals"]
    return state


@pytest.mark.parametrize("dialect", ["documented", "observed"])
def test_what_was_saved_is_there_again_and_goes_on(tmp_path: Path, dialect: str) -> None:
    before = filled(dialect)
    before.emulator.save(tmp_path / "state.json")
    after = Api(Emulator(clock=FrozenClock(), rate_limit=False))
    after.emulator.load(tmp_path / "state.json")
    assert comparable(after.emulator) == comparable(before.emulator)
    assert after("GET", "/dev/v1/projects").json() == before("GET", "/dev/v1/projects").json()
    usage = "/dev/v1/usage?from_date=2020-01-01&to_date=2020-01-01"
    assert after("GET", usage).json() == before("GET", usage).json()
    running = next(found for found in after.emulator.state()["recordings"] if found["uid"] == 527841)
    stopped = after.stop(running["resource_id"], running["sid"])
    assert inner(stopped)["serverResponse"]["fileList"] == f"{running['sid']}_lesson.m3u8"


def test_the_users_whom_a_recording_sees_are_saved_with_it(
    tmp_path: Path, current: CurrentApi, clock: FrozenClock
) -> None:
    current.emulator.join(APP, "lesson", [7, 8])
    current.emulator.publish(APP, "lesson", 8, video=False)
    single = current.individual()
    mixed = current.run(
        "mix",
        uid="6",
        recordingConfig={
            "transcodingConfig": {"width": 640, "height": 360, "fps": 15, "bitrate": 500, "mixedVideoLayout": 1}
        },
    )
    clock.advance(5)
    current.emulator.save(tmp_path / "state.json")
    after = CurrentApi(Emulator(clock=FrozenClock(), rate_limit=False))
    after.emulator.load(tmp_path / "state.json")
    assert after.progress(single) == current.progress(single)
    assert len(files_of(after.progress(single))) == 3
    assert after.shown(mixed)["layout"] == current.shown(mixed)["layout"]
    assert len(after.shown(mixed)["layout"]["regions"]) > 0


def test_ids_do_not_come_again(tmp_path: Path) -> None:
    path = tmp_path / "state.json"
    seen: set[str] = set()
    for _ in range(4):
        api = Api(emulator_of_2019(clock=FrozenClock(), rate_limit=False))
        if path.exists():
            api.emulator.load(path)
        made = api.project()
        seen |= {api.resource(), made["id"], made["vendor_key"]}
        api.emulator.save(path)
    assert len(seen) == 12


def test_time_does_not_go_back(tmp_path: Path) -> None:
    ahead = Emulator(clock=FrozenClock(1_900_000_000))
    ahead.save(tmp_path / "state.json")
    loaded = Emulator(clock=FrozenClock())
    loaded.load(tmp_path / "state.json")
    assert loaded.clock.now() == 1_900_000_000
    later = Emulator(clock=FrozenClock(2_000_000_000))
    later.load(tmp_path / "state.json")
    assert later.clock.now() == 2_000_000_000


def test_a_seed_may_be_written_by_hand(tmp_path: Path) -> None:
    seed = tmp_path / "seed.json"
    seed.write_text(json.dumps({
        "projects": [{"name": "school", "app_id": "a" * 32, "id": "school"}],
        "channels": [{"app_id": "a" * 32, "channel": "lesson", "users": [{"uid": 7}]}],
    }))  # fmt: skip
    emulator = Emulator()
    emulator.load(seed)
    state = emulator.state()
    assert [project["name"] for project in state["projects"]] == ["school"]
    assert state["channels"][0]["users"][0]["uid"] == 7
    seed.write_text("{}")
    emulator.load(seed)
    assert [project["name"] for project in emulator.state()["projects"]] == ["demo"]


def test_the_file_is_its_owners_alone_and_written_whole(tmp_path: Path) -> None:
    path = tmp_path / "state.json"
    filled().emulator.save(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [each.name for each in tmp_path.iterdir()] == ["state.json"]
    assert "planted" not in path.read_text()
    with pytest.raises(OSError, match="No such file"):
        Emulator().save(tmp_path / "missing" / "state.json")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "is not JSON"),
        ("[" * 100_000, "is not JSON"),
        ("[]", "must be an object"),
        ('{"projects": {}}', "projects must be a list"),
        ('{"projects": [{}]}', r"projects\[0\].name is missing"),
        ('{"projects": [5]}', r"projects\[0\]"),
        ('{"recordings": [{"started": "soon"}]}', r"recordings\[0\]"),
        ('{"settings": {"dialect": "x"}}', "settings: 'x'"),
        ('{"clock": {"unix": "x"}}', "clock"),
        ('{"projcts": []}', "'projcts' is not a valid member: .* Did you mean projects?"),
        ('{"clock": {"froze": true}}', "clock: 'froze' is not"),
        ('{"settings": {"rate_limits": false}}', "settings: 'rate_limits' is not"),
        ('{"projects": [{"name": "a", "appid": "x"}]}', r"projects\[0\]: 'appid' is not"),
        ('{"channels": [{"app_id": "x", "channel": "a", "users": [{"id": 1}]}]}', r"channels\[0\]: 'id' is not"),
        ('{"faults": [{"kind": "status", "state": 500}]}', r"faults\[0\]: 'state' is not"),
        ('{"faults": [{"kind": "x"}]}', r"faults\[0\]"),
    ],
)
def test_what_is_no_state_is_refused_and_changes_nothing(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "state.json"
    path.write_text(text)
    emulator = filled().emulator
    before = comparable(emulator)
    with pytest.raises(StateError, match=message):
        emulator.load(path)
    after = comparable(emulator)
    assert {name: after[name] for name in ("projects", "channels", "recordings", "faults")} == {
        name: before[name] for name in ("projects", "channels", "recordings", "faults")
    }


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
        st.sampled_from(["projects", "channels", "users", "uid", "name", "app_id", "clock", "unix", "started", "id",
                         "recordings", "resources", "kicking_rules", "faults", "kind", "usage", "date", "generation"]),
        inner, max_size=5),
    max_leaves=15,
)  # fmt: skip


@given(JSON)
def test_nothing_else_is_raised_whatever_the_file_says(value: object) -> None:
    emulator = Emulator(clock=FrozenClock())
    try:
        restore(emulator, value)
    except StateError:
        assert [project["name"] for project in emulator.state()["projects"]] == ["demo"]
