"""Control over HTTP."""

from __future__ import annotations

import hashlib
import inspect
import json
from pathlib import Path
from typing import Any

import httpx
import pytest
from openapi_spec_validator import validate

from agora_rest.emulator import DEMO_ID, Emulator, Fault, FrozenClock, Refused
from agora_rest.emulator.state import EmulatorState
from agora_rest.emulator.web import control_api
from tests.emulator.callers import APP, Api, inner, one_project


class Control:
    """Calls control. What it answers must be what its own document says."""

    def __init__(self, emulator: Emulator) -> None:
        self.api = Api(emulator)
        self.api.auth = None

    def __call__(self, method: str, path: str, body: Any = None, **options: Any) -> httpx.Response:
        options |= {} if body is None else {"json": body}
        answer = self.api.send(method, f"/_emulator/{path}", **options)
        assert answer.headers["content-type"] == "application/json; charset=utf-8"
        if answer.status_code != 405:
            self.check(method, path.partition("?")[0], answer)
        return answer

    @staticmethod
    def check(method: str, path: str, answer: httpx.Response) -> None:
        document = control_api.document()
        parts = path.split("/")
        for template, item in document["paths"].items():
            segments = template.removeprefix("/_emulator/").split("/")
            if len(segments) == len(parts) and all(a[0] == "{" or a == b for a, b in zip(segments, parts, strict=True)):
                described = item[method.lower()]["responses"][str(answer.status_code)]
                break
        else:
            assert answer.status_code in (404, 403)
            return
        while "$ref" in described:
            described = document["components"]["responses"][described["$ref"].rpartition("/")[2]]
        schema = described["content"]["application/json"]["schema"]
        if "$ref" in schema:
            assert control_api.complaint(schema["$ref"].rpartition("/")[2], answer.json(), "answer") is None


@pytest.fixture
def control(emulator: Emulator) -> Control:
    return Control(emulator)


def test_control_describes_itself(control: Control) -> None:
    document = control("GET", "openapi.json").json()
    validate(document)
    assert document["openapi"] == "3.1.0"


def test_everything_control_describes_is_there_and_nothing_else(control: Control) -> None:
    parts = {"app_id": APP, "channel": "lesson", "uid": "7", "id": "1", "sid": "x"}
    for template, item in control_api.document()["paths"].items():
        answer = control.api.send("OPTIONS", template.format(**parts))
        assert {method.upper() for method in item} == set(answer.headers["allow"].split(", ")) - {"HEAD", "OPTIONS"}


def test_an_emulator_proves_that_it_is_one_and_no_response_serves_twice(control: Control) -> None:
    first, second = (control("GET", f"handshake?nonce={nonce}").json() for nonce in ("a" * 16, "b" * 16))
    assert first["emulator"] == second["emulator"] == "agora-rest"
    assert first["proof"] == hashlib.sha256(b"agora-rest emulator\n" + b"a" * 16).hexdigest()
    assert first["proof"] != second["proof"]
    assert control("GET", "handshake").status_code == 400
    assert control("GET", "handshake?nonce=short").json() == {"message": "nonce: must have 16 to 128 characters"}


def test_the_guide_names_every_change_that_control_can_make() -> None:
    guide = (Path(__file__).parents[2] / "docs/how-to/emulate-today.md").read_text(encoding="utf-8")
    of_the_state = {"begin", "save", "load", "state", "requests", "session"}  # `begin` is for `load`; others only read
    methods = {name for name, _ in inspect.getmembers(EmulatorState, inspect.isfunction) if not name.startswith("_")}
    assert {name for name in methods - of_the_state if f"{name}(" not in guide} == set()


def test_the_clock_is_read_and_moved(control: Control, clock: FrozenClock) -> None:
    assert control("GET", "clock").json() == {"now": "2026-01-01T00:00:00.000Z", "unix": clock.now(), "frozen": True}
    assert control("POST", "clock", {"advance": 300.5}).json()["now"] == "2026-01-01T00:05:00.500Z"
    assert clock.now() == control("GET", "clock").json()["unix"]


def test_the_clock_is_stopped_and_let_run(control: Control, clock: FrozenClock) -> None:
    began = clock.now()
    assert control("POST", "clock", {"frozen": False}).json()["frozen"] is False
    assert clock.now() > began
    stopped = control("POST", "clock", {"frozen": True, "advance": 60}).json()
    assert stopped["frozen"] is True
    assert stopped["unix"] >= began + 60
    assert control("GET", "clock").json() == control("GET", "state").json()["clock"] == stopped
    assert control("POST", "reset").json() == {"now": "2026-01-01T00:00:00.000Z", "unix": began, "frozen": True}


def test_a_reset_leaves_a_clock_running(control: Control) -> None:
    control("POST", "clock", {"frozen": False})
    assert control("POST", "reset").json()["frozen"] is False


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"advance": -1},
        {"advance": "5"},
        {"advance": 1, "x": 2},
        {"advance": 1e12},
        {"frozen": 1},
        {"frozen": None},
        [],
    ],
)
def test_the_clock_is_moved_by_nothing_else(control: Control, clock: FrozenClock, body: object) -> None:
    before = clock.now()
    assert control("POST", "clock", body).status_code == 400
    assert clock.now() == before


def test_the_clock_has_an_end(control: Control) -> None:
    century = {"advance": 3153600000}
    statuses = [control("POST", "clock", century).status_code for _ in range(71)]
    assert (statuses[0], statuses[-1]) == (200, 400)
    assert control("GET", "state").status_code == 200


UNLIMITED = {"account_active": True, "max_recordings": 0, "refused_buckets": []}


def test_settings_are_read_and_changed(control: Control) -> None:
    assert control("GET", "settings").json() == {
        "dialect": "documented", "rate_limit": False, "stop_outcome": "uploaded", **UNLIMITED,
    }  # fmt: skip
    changed = control("PATCH", "settings", {"dialect": "observed", "stop_outcome": "unknown"}).json()
    assert changed == {"dialect": "observed", "rate_limit": False, "stop_outcome": "unknown", **UNLIMITED}
    assert "resourceId" in Api(control.api.emulator).acquire().json()
    for wrong in (
        {},
        {"dialect": "french"},
        {"rate_limit": 1},
        {"stop_outcome": "lost"},
        {"refused_buckets": "b"},
        {"unknown": 1},
    ):
        assert control("PATCH", "settings", wrong).status_code == 400
    assert control("GET", "settings").json() == changed


def test_a_reset_begins_anew_but_for_dialect_rate_limit_and_ids(control: Control, api: Api, clock: FrozenClock) -> None:
    resource, sid = api.record()
    api.project()
    api.kick(uid=7)
    control("POST", f"channels/{APP}/lesson/users", {"uid": 8})
    control("POST", "faults", {"kind": "delay", "operation": "acquire"})
    limits = {"account_active": False, "max_recordings": 1, "refused_buckets": ["b"]}
    control("PATCH", "settings", {"dialect": "observed", "stop_outcome": "backuped", **limits})
    control("POST", "clock", {"advance": 1000})
    began = clock.now() - 1000
    assert control("POST", "reset").json()["unix"] == began
    state = control("GET", "state").json()
    assert [project["name"] for project in state["projects"]] == ["demo"]
    assert all(state[name] == [] for name in ("channels", "recordings", "resources", "kicking_rules", "faults"))
    assert state["settings"] == {"dialect": "observed", "rate_limit": False, "stop_outcome": "uploaded", **UNLIMITED}
    assert state["totals"] == {"requests": 0, "resources": 0, "recordings": 0, "running": 0}
    assert api.query(resource, sid).status_code == 400
    assert api.resource() != resource


def test_a_reset_with_a_seed_lets_ids_begin_again(control: Control, api: Api) -> None:
    def ids() -> str:
        control("POST", "reset", {"seed": 5})
        return api.resource()

    assert ids() == ids()


def test_users_join_and_leave(control: Control, api: Api) -> None:
    users = f"channels/{APP}/lesson/users"
    assert control("POST", users, {"uid": 7}).json() == {"app_id": APP, "channel": "lesson", "mode": 1, "user_count": 1}
    assert control("POST", users, {"uids": [8, 9], "ip": "10.0.0.1"}).json()["user_count"] == 3
    assert api.users("lesson")["users"] == [7, 8, 9]
    assert control("DELETE", f"{users}/7").json()["user_count"] == 2
    assert control("DELETE", f"{users}/7").status_code == 404
    for uid in (8, 9):
        left = control("DELETE", f"{users}/{uid}")
    assert left.json() == {"app_id": APP, "channel": "lesson", "mode": None, "user_count": 0}


def test_contradictions_are_conflicts(control: Control, api: Api) -> None:
    api.record("lesson", "5")
    users = f"channels/{APP}/lesson/users"
    assert control("POST", users, {"uid": 5}).status_code == 409
    assert control("POST", users, {"uid": 6, "role": 2, "mode": 1}).status_code == 409
    assert control("POST", "projects", {"name": "x", "app_id": APP}).status_code == 409


@pytest.mark.parametrize(
    ("path", "body"),
    [
        (f"channels/{APP}/lesson/users", {}),
        (f"channels/{APP}/lesson/users", {"uid": 0}),
        (f"channels/{APP}/lesson/users", {"uid": "7"}),
        (f"channels/{APP}/lesson/users", {"uid": 7, "role": 4}),
        (f"channels/{APP}/lesson/users", {"uid": 7, "mode": 0}),
        (f"channels/{APP}/lesson/users", {"uid": 7, "ip": "here"}),
        (f"channels/{APP}/les%2Fson/users", {"uid": 7}),
        (f"channels/{APP}/%FF/users", {"uid": 7}),
        (f"channels/{'f' * 32}/lesson/users", {"uid": 7}),
    ],
)
def test_nobody_joins_by_a_bad_request(control: Control, path: str, body: dict) -> None:
    assert control("POST", path, body).status_code == 400
    assert control("GET", "state").json()["channels"] == []


@pytest.mark.parametrize("uids", [0, -1, 2**32, True, "7", [7, "abc"], [7, 0], [None]])
def test_python_refuses_the_users_that_control_refuses(api: Api, uids: Any) -> None:
    with pytest.raises(Refused, match="uid: must be an integer from 1 to 4294967295"):
        api.emulator.join(APP, "lesson", uids)
    assert api.emulator.state()["channels"] == []


def test_a_project_is_added_with_ids_of_ones_choice(control: Control, api: Api) -> None:
    wanted = {"name": "mine", "app_id": "a" * 32, "id": "mine-1", "certificate_enabled": True}
    added = control("POST", "projects", wanted)
    assert (added.status_code, added.json()["certificate_enabled"]) == (201, True)
    found = one_project(api("GET", "/dev/v1/project", params={"id": "mine-1"}))
    assert (found["vendor_key"], found["name"]) == ("a" * 32, "mine")
    assert found["sign_key"] not in control("GET", "state").text
    assert inner(api.acquire(app="a" * 32))
    for wrong in ({}, {"name": ""}, {"name": "x", "app_id": "short"}, {"name": "x", "id": "a/b"}):
        assert control("POST", "projects", wrong).status_code == 400


@pytest.mark.fact("CO-32", "CO-35")
def test_usage_is_seeded(control: Control, api: Api) -> None:
    minutes = {"audio": 20, "sd": 100, "hd": 132, "hdp": 225}
    meta = {"mine": {"cn": "我", "en": "Mine", "unit": "piece"}}
    seed = {"project_id": DEMO_ID, "date": "2020-01-02", "minutes": minutes, "business": "miniapp",
            "metrics": {"mine": 3}, "meta": meta}  # fmt: skip
    assert control("POST", "usage", seed).status_code == 201
    window = "from_date=2020-01-02&to_date=2020-01-02"
    assert api("GET", f"/dev/v1/usage?{window}").json()["usages"][0]["daily"] == [{"date": 20200102, **minutes}]
    metrics = api("GET", f"/dev/v3/usage?{window}&project_id={DEMO_ID}&business=miniapp").json()
    assert (metrics["meta"]["mine"], metrics["usages"][0]["usage"]["mine"]) == (meta["mine"], 3)
    assert control("POST", "usage", {**seed, "project_id": "nobody"}).status_code == 404
    for wrong in ({"date": "2020-02-30"}, {"minutes": {"audio": -1}}, {"business": "x"}, {"metrics": {"a": "b"}}):
        assert control("POST", "usage", {**seed, **wrong}).status_code == 400
    assert control("POST", "usage", {"project_id": DEMO_ID, "date": "2020-01-02"}).status_code == 400


def test_the_log_shows_what_was_asked_and_answered_without_secrets(control: Control, api: Api) -> None:
    api.record(decryptionMode=1, secret="planted-password")
    api("GET", "/dev/v1/nowhere")
    key = api.project()["sign_key"]
    log = control("GET", "requests").json()
    assert log["total"] == 4
    acquired, started, lost, created = log["requests"]
    assert [found["operation"] for found in log["requests"]] == ["acquire", "start_recording", None, "create_project"]
    storage = started["request"]["body"]["clientRequest"]["storageConfig"]
    assert (storage["secretKey"], storage["accessKey"], storage["bucket"]) == ("<hidden>", "<hidden>", "b")
    assert created["answer"]["body"]["project"][0]["sign_key"] == "<hidden>"
    assert ["authorization", "<hidden>"] in acquired["request"]["headers"]
    assert acquired["answer"]["body"]["Code"] == 200
    assert (lost["status"], lost["method"], lost["target"]) == (404, "GET", "/dev/v1/nowhere")
    text = json.dumps(log)
    assert not any(secret in text for secret in ("planted", key, "emulator-secret", "ZW11bGF0b3I6ZW11bGF0b3Itc2VjcmV0"))
    assert [found["number"] for found in control("GET", "requests?after=2").json()["requests"]] == [3, 4]
    assert control("GET", "requests?after=x").status_code == 400


def test_the_log_measures_what_it_cannot_read_or_keep(control: Control, api: Api) -> None:
    path = f"/v1/apps/{APP}/cloud_recording/acquire"
    api("POST", path, content=b'{"secretKey": "planted-secret-key"', headers={"content-type": "application/json"})
    api.acquire(filler="x" * 70_000)
    broken, long = control("GET", "requests").json()["requests"]
    assert broken["request"]["body"] == "(34 bytes that are not JSON)"
    assert long["request"]["body"].endswith("bytes)")


def test_faults_are_injected_listed_and_taken_back(control: Control, api: Api) -> None:
    fault = {
        "kind": "status",
        "operation": "acquire",
        "status": 504,
        "body": {"message": "x"},
        "times": 3,
        "expires": 60,
    }
    injected = control("POST", "faults", fault)
    assert injected.status_code == 201
    assert (injected.json()["until"], injected.json()["struck"]) == ("2026-01-01T00:01:00.000Z", 0)
    assert api.send("POST", "/v1/apps/x/cloud_recording/acquire").status_code == 504
    (listed,) = control("GET", "faults").json()["faults"]
    assert (listed["struck"], listed["operation"], listed["kind"]) == (1, "acquire", "status")
    other = control("POST", "faults", {"kind": "not_json"}).json()["id"]
    assert [found["id"] for found in control("DELETE", f"faults/{listed['id']}").json()["faults"]] == [other]
    assert control("DELETE", "faults").json() == {"faults": []}


@pytest.mark.parametrize(
    "fault",
    [
        {},
        {"kind": "flood"},
        {"kind": "status", "operation": "unknown"},
        {"kind": "status", "status": 99},
        {"kind": "status", "status": 600},
        {"kind": "status", "headers": {"content-length": "5"}},
        {"kind": "status", "headers": {"Transfer-Encoding": "chunked"}},
        {"kind": "status", "headers": {"x": "a\r\nb: c"}},
        {"kind": "status", "headers": {"a b": "c"}},
        {"kind": "delay", "seconds": -1},
        {"kind": "delay", "seconds": 301},
        {"kind": "delay", "times": 0},
        {"kind": "delay", "probability": 1.1},
        {"kind": "delay", "unknown": 1},
    ],
)
def test_a_bad_fault_is_refused(control: Control, fault: dict) -> None:
    assert control("POST", "faults", fault).status_code == 400
    assert control("GET", "faults").json() == {"faults": []}


def test_the_state_shows_everything_that_is_there(control: Control, api: Api, clock: FrozenClock) -> None:
    resource, sid = api.record()
    waiting = api.resource("other")
    api.emulator.join(APP, "lesson", 7, ip="10.0.0.1")
    api.kick(uid=99, time=1)
    clock.advance(6)
    state = control("GET", "state").json()
    (recording,) = state["recordings"]
    assert (recording["sid"], recording["status"], recording["running"]) == (sid, 5, True)
    assert [found["resource_id"] for found in state["resources"]] == [waiting]
    assert state["channels"][0]["users"][0]["ip"] == "10.0.0.1"
    assert state["kicking_rules"][0]["until"] == "2026-01-01T00:01:00.000Z"
    assert state["totals"] == {"requests": 4, "resources": 2, "recordings": 1, "running": 1}
    api.stop(resource, sid)
    clock.advance(301)
    state = control("GET", "state").json()
    assert (state["recordings"], state["resources"], state["totals"]["running"]) == ([], [], 0)


def test_other_paths_and_methods_are_told_so(control: Control) -> None:
    assert control("GET", "nowhere").status_code == 404
    refused = control("GET", "reset")
    assert (refused.status_code, refused.headers["allow"]) == (405, "OPTIONS, POST")


@pytest.mark.parametrize("body", [b"{", b"\xff", b'{"advance": 1, "advance": 2}', b"x" * (2 << 20)])
def test_broken_bodies_are_refused(control: Control, body: bytes) -> None:
    assert control("POST", "clock", content=body).status_code == 400


def test_control_asks_for_no_credentials_and_counts_no_calls(clock: FrozenClock) -> None:
    control = Control(Emulator(clock=clock))
    assert {control("GET", "state").status_code for _ in range(50)} == {200}


def test_the_log_hides_secrets_that_an_injected_response_repeats(api: Api) -> None:
    storage = {"vendor": 1, "region": 0, "bucket": "b", "accessKey": "planted-access", "secretKey": "planted-secret"}
    echoed = {"code": 2, "reason": "not planted-access nor planted-secret", "planted-secret": 1}
    api.emulator.inject(
        Fault("status", status=400, body=echoed, headers={"X-Echo": "planted-access"}, after_effect=True)
    )
    body = {"cname": "c", "uid": "5", "clientRequest": {"storageConfig": storage}}
    api("POST", f"/v1/apps/{APP}/cloud_recording/resourceid/r/mode/mix/start?hint=planted-access", json=body)
    (logged,) = api.emulator.requests()
    assert "planted" not in json.dumps(logged)
    assert logged["answer"]["body"]["reason"] == "not <hidden> nor <hidden>"
