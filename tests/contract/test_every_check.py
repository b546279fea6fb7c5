"""Each check sees its fact broken and leaves a sound server alone."""

from __future__ import annotations

import base64
from itertools import product

import pytest
from faults.catalogue import catalogue
from faults.fault import DIALECTS, Category, Dialect, Fault, checks
from faults.servers import breaks, faulty_server, remote_server

from agora_rest import spec
from agora_rest.contract.checking.checks import Check
from agora_rest.contract.http.server import Server
from agora_rest.contract.machines import base
from agora_rest.contract.outcomes import Broken
from agora_rest.contract.safety.access import Profile
from agora_rest.emulator import (
    DEFAULT_CUSTOMER_CERTIFICATE,
    DEFAULT_CUSTOMER_ID,
    DEMO_APP_ID,
    Emulator,
    recordings,
    rules,
)

PROOFS = [fault for fault in catalogue() if fault.caught_by]
UNPROVABLE = {"only_https_is_spoken": "it passes over servers on this machine"}
"""The checks that no fault of a server on this machine can break, and why."""

TRIES = 5
"""Two calls that are sent at once do not always arrive at once on a busy machine, and no seed draws everything."""

ROOMS: dict[str, list[Check]] = {}
for each in checks().values():
    ROOMS.setdefault(each.function.__module__.rpartition(".")[2], []).append(each)
SLICES = [
    pytest.param(room, dialect, marks=[pytest.mark.slow] if "machine" in room else [])
    for room, dialect in product(ROOMS, DIALECTS)
]
"""Machines draw whole stories, which takes seconds."""


def checks_of(room: str, dialect: Dialect) -> list[Check]:
    """The checks of a module that are for servers of a dialect."""
    return [each for each in ROOMS[room] if each.applies_to(spec.edition_of(dialect))]


def is_noticed(check: Check, server: Server) -> bool:
    """Whether a check breaks, in one of several runs."""

    def broke(seed: int) -> bool:
        server.seed = seed
        return breaks(check, server) is not None

    return any(map(broke, range(TRIES)))


@pytest.mark.slow
@pytest.mark.parametrize("fault", PROOFS, ids=lambda fault: fault.name)
def test_a_fault_is_seen(fault: Fault, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(base, "SHRINK_TIMEOUT", 0)
    with faulty_server(fault.dialect, fault) as server:
        missed = [name for name in fault.caught_by if not is_noticed(checks()[name], server)]
    assert missed == []


def test_every_check_is_proved_by_a_fault() -> None:
    proved = {name for fault in PROOFS for name in fault.caught_by}
    assert checks().keys() - proved == set(UNPROVABLE)
    assert proved <= checks().keys()


@pytest.mark.parametrize(("room", "dialect"), SLICES)
def test_a_sound_server_breaks_nothing(room: str, dialect: Dialect) -> None:
    with faulty_server(dialect) as server:
        broken = {each.name: breaks(each, server) for each in checks_of(room, dialect)}
    assert {name: error for name, error in broken.items() if error is not None} == {}


@pytest.mark.slow
@pytest.mark.parametrize("profile", [Profile.READ_ONLY, Profile.FULL])
@pytest.mark.parametrize(("room", "dialect"), SLICES)
def test_a_sound_server_without_control_breaks_nothing_and_is_left_as_it_was(
    room: str, dialect: Dialect, profile: Profile
) -> None:
    emulator = Emulator(dialect=dialect, rate_limit=False)
    certificate = emulator.world.projects.all()[0].certificate
    sent: set[str] = set()
    with remote_server(emulator, profile) as server:
        for check in checks_of(room, dialect):
            if check.obstacle(server) is None:
                assert (check.name, breaks(check, server)) == (check.name, None)
                sent |= {exchange.method for exchange in server.trail}
                assert "reset_certificate" not in {exchange.operation for exchange in server.trail}
    now = emulator.clock.now()
    begun = [resource.recording for resource in emulator.world.recordings.resources() if resource.recording]
    assert not any(recording.is_running(now) for recording in begun)
    (demo,) = emulator.world.projects.all()
    assert (demo.app_id, demo.certificate, demo.enabled) == (DEMO_APP_ID, certificate, True)
    assert emulator.world.rules.of(DEMO_APP_ID, now) == []
    if profile is Profile.READ_ONLY:
        assert sent <= {"GET", "HEAD", "OPTIONS"}


def breaks_with(seed: int, check: str) -> Broken | None:
    with faulty_server("documented") as server:
        server.seed = seed
        return breaks(checks()[check], server)


def test_a_machine_shows_the_story_and_the_broken_fact(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recordings, "RESOURCE_LIFETIME", 3600.0)
    monkeypatch.setattr(base, "SHRINK_TIMEOUT", 1)
    found = (breaks_with(seed, "recordings_live_as_documented") for seed in range(1, 10))
    broken = next(each for each in found if each is not None)
    assert isinstance(broken, Broken)
    assert broken.facts == ("CR-11",)
    assert "error 433" in broken.expected
    assert broken.trail is not None
    assert [exchange.operation for exchange in broken.trail][-1] == "start_recording"


@pytest.mark.slow
def test_a_machine_shows_the_shortest_story_it_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "SHORTEST_MINUTES", 0)
    with faulty_server("documented") as server:
        broken = breaks(checks()["kicking_rules_bar_as_documented"], server)
    assert isinstance(broken, Broken)
    assert set(broken.facts) & {"CO-42", "CO-46", "CO-47"}
    assert broken.trail is not None
    assert "create_kicking_rule" in {exchange.operation for exchange in broken.trail}
    assert len(broken.trail) < 50


def test_no_finding_about_a_project_shows_a_certificate(monkeypatch: pytest.MonkeyPatch) -> None:
    certificate = "c0ffee" * 5 + "00"
    monkeypatch.setattr("agora_rest.emulator.ids.Ids.certificate", lambda _: certificate)
    with faulty_server("documented") as server:
        for check in (*ROOMS["projects"], *ROOMS["certificates"]):
            broken = breaks(check, server)
            if isinstance(broken, Broken):
                assert certificate not in server.secrets.hide_members(f"{broken.expected} {broken.got}")


def test_no_finding_about_credentials_shows_them() -> None:
    certificate = DEFAULT_CUSTOMER_CERTIFICATE
    token = base64.b64encode(f"{DEFAULT_CUSTOMER_ID}:{certificate}".encode()).decode()
    secrets = (certificate, certificate.swapcase(), certificate[1:], certificate[:-1], token[:16])
    for fault in (each for each in PROOFS if each.category is Category.AUTHENTICATION):
        with faulty_server(fault.dialect, fault) as server:
            for name in fault.caught_by:
                broken = breaks(checks()[name], server)
                shown = "\n".join(server.curl.lines([*(getattr(broken, "trail", None) or ()), *server.trail]))
                assert [secret for secret in secrets if secret in shown] == [], (fault.name, name)
