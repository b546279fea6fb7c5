"""Each check of the Console sees its fact broken and leaves a sound server alone."""

from __future__ import annotations

import pytest

from agora_rest.contract.checking.checks import all_checks
from agora_rest.contract.machines import base
from agora_rest.contract.outcomes import Broken
from agora_rest.contract.safety.access import Profile
from agora_rest.emulator import DEMO_APP_ID, Emulator, rules
from tests.contract.channel_faults import CHANNELS
from tests.contract.faults import DIALECTS, Dialect, Fault, breaks, faulty_server, somebodys_server
from tests.contract.kicking_faults import RULES
from tests.contract.project_faults import CERTIFICATES, PROJECTS
from tests.contract.quota_faults import BODIES, QUOTAS
from tests.contract.usage_faults import USAGE

ROOMS = (
    *("projects", "certificates", "usage", "kicking_rules", "bans", "channels"),
    *("console_at_once", "console_bodies", "console_machines", "console_quota"),
)
FAULTS = (*PROJECTS, *CERTIFICATES, *USAGE, *RULES, *CHANNELS, *QUOTAS, *BODIES)
CHECKS = {each.name: each for each in all_checks() if each.function.__module__.rpartition(".")[2] in ROOMS}


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.what)
def test_a_fault_is_seen(fault: Fault, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(base, "SHRINK_TIMEOUT", 0)
    if fault.patch is not None:
        fault.patch(monkeypatch)
    with faulty_server(fault.dialect, fault.edge) as server:
        blind = [name for name in fault.caught_by if breaks(CHECKS[name], server) is None]
    assert blind == []


def test_every_check_is_proved_by_a_fault() -> None:
    assert set(CHECKS) == {name for fault in FAULTS for name in fault.caught_by}


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_sound_server_breaks_nothing(dialect: Dialect) -> None:
    with faulty_server(dialect) as server:
        broken = {name: breaks(each, server) for name, each in CHECKS.items()}
    assert {name: error for name, error in broken.items() if error is not None} == {}


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("profile", [Profile.READ_ONLY, Profile.FULL])
def test_a_sound_server_without_control_breaks_nothing_and_is_left_as_it_was(
    dialect: Dialect, profile: Profile
) -> None:
    emulator = Emulator(dialect=dialect, rate_limit=False)
    certificate = emulator.world.projects.all()[0].certificate
    sent: set[str] = set()
    with somebodys_server(emulator, profile) as server:
        for name, check in CHECKS.items():
            if check.obstacle(server) is None:
                assert (name, breaks(check, server)) == (name, None)
                sent |= {exchange.method for exchange in server.trail}
                assert "reset_certificate" not in {exchange.operation for exchange in server.trail}
    (demo,) = emulator.world.projects.all()
    assert (demo.app_id, demo.certificate, demo.enabled) == (DEMO_APP_ID, certificate, True)
    assert emulator.world.rules.of(DEMO_APP_ID, emulator.clock.now()) == []
    if profile is Profile.READ_ONLY:
        assert sent == {"GET"}


def test_a_machine_shows_the_shortest_story_it_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "SHORTEST_MINUTES", 0)
    with faulty_server("documented") as server:
        broken = breaks(CHECKS["kicking_rules_bar_as_documented"], server)
    assert isinstance(broken, Broken)
    assert set(broken.facts) & {"CO-42", "CO-46", "CO-47"}
    assert broken.trail is not None
    assert "create_kicking_rule" in {exchange.operation for exchange in broken.trail}
    assert len(broken.trail) < 40


def test_no_finding_about_a_project_shows_a_certificate(monkeypatch: pytest.MonkeyPatch) -> None:
    certificate = "c0ffee" * 5 + "00"
    monkeypatch.setattr("agora_rest.emulator.ids.Ids.certificate", lambda _: certificate)
    with faulty_server("documented") as server:
        for each in CHECKS.values():
            broken = breaks(each, server) if each.function.__module__.endswith(("projects", "certificates")) else None
            if isinstance(broken, Broken):
                assert certificate not in server.secrets.hide_members(f"{broken.expected} {broken.got}")
