"""What the present documents refuse, and with which codes."""

from __future__ import annotations

from pathlib import Path

import pytest

from agora_rest.emulator import Fault, FaultKind
from tests.emulator.callers import STORAGE
from tests.emulator.current_callers import CurrentApi


@pytest.mark.fact("CR-96", "CR-157", "CR-158")
@pytest.mark.parametrize(
    ("operation", "refusal", "status", "reason"),
    [
        ("acquire", 405, 400, "no_active_status"),
        ("acquire", 406, 400, "vendor_over_load"),
        ("acquire", 500, 500, "internal_error"),
        ("acquire", 501, 500, "no_worker_manager_available"),
        ("acquire", 504, 500, "allocate_timeout"),
        ("start_recording", 502, 500, "Failed to allocate worker"),
        ("start_recording", 62, 500, "request timeout"),
        ("start_recording", 65, 206, "request not completed"),
        ("query_recording", 62, 504, "request timeout"),
        ("update_recording", 65, 206, "request not completed"),
        ("update_layout", 62, 504, "request timeout"),
        ("stop_recording", 65, 206, "request not completed"),
        ("stop_recording", 50, 206, "request timeout"),
    ],
)
def test_faults_answer_with_the_documented_codes(
    current: CurrentApi, operation: str, refusal: int, status: int, reason: str
) -> None:
    found = current.mix()
    current.emulator.inject(Fault(FaultKind.STATUS, operation, status=status, body={"code": refusal, "reason": reason}))
    answer = {
        "acquire": lambda: current.acquire(uid="2"),
        "start_recording": lambda: current.begin("mix", found.resource),
        "query_recording": lambda: current.ask(found),
        "update_recording": lambda: current.change(found),
        "update_layout": lambda: current.arrange(found),
        "stop_recording": lambda: current.end(found),
    }[operation]()
    assert (answer.status_code, answer.json()["code"]) == (status, refusal)


@pytest.mark.fact("CR-157")
def test_a_stopped_account_gets_no_resources_and_keeps_its_recordings(current: CurrentApi) -> None:
    found = current.mix()
    current.emulator.set_account(active=False)
    refused = current.acquire(uid="2")
    assert (refused.status_code, refused.json()) == (400, {"code": 405, "reason": "no_active_status"})
    assert current.ask(found).status_code == 200
    current.emulator.set_account(active=True)
    assert current.acquire(uid="2").status_code == 200


@pytest.mark.fact("CR-157")
def test_over_its_limit_of_recordings_an_account_gets_no_resources_until_one_ends(current: CurrentApi) -> None:
    current.emulator.limit_recordings(2)
    first = current.mix()
    current.run("mix", uid="2")
    refused = current.acquire(uid="3")
    assert (refused.status_code, refused.json()) == (400, {"code": 406, "reason": "vendor_over_load"})
    assert current.end(first).status_code in (200, 206)
    assert current.acquire(uid="3").status_code == 200
    current.emulator.limit_recordings(0)
    current.run("mix", uid="4")
    current.run("mix", uid="5")


@pytest.mark.fact("CR-157")
def test_what_limits_an_account_is_saved(current: CurrentApi, tmp_path: Path) -> None:
    current.emulator.set_account(active=False)
    current.emulator.limit_recordings(7)
    current.emulator.save(tmp_path / "state.json")
    current.emulator.reset()
    assert current.emulator.state()["settings"]["account_active"]
    current.emulator.load(tmp_path / "state.json")
    assert current.emulator.state()["settings"]["max_recordings"] == 7
    assert current.acquire().json()["code"] == 405
    with pytest.raises(ValueError, match="negative"):
        current.emulator.limit_recordings(-1)


@pytest.mark.fact("CR-149")
def test_new_keys_of_the_storage_are_taken_and_not_shown(current: CurrentApi) -> None:
    found = current.mix()
    storage = {**STORAGE, "stsToken": "planted-password", "stsExpiration": 1_800_000_000}
    assert current.change(found, storageConfig=storage).status_code == 200
    shown = current.shown(found)["storage"]
    assert shown == {"vendor": 2, "region": 3, "bucket": "b", "folders": [], "sts_expires": 1_800_000_000}
    assert "planted" not in str(current.emulator.state())
