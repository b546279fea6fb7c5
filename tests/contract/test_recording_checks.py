"""Each check of recordings, and of what both APIs share, sees its fact broken and leaves a sound server alone."""

from __future__ import annotations

import base64

import pytest

from agora_rest.contract.checking.checks import Check, all_checks
from agora_rest.contract.http.server import Server
from agora_rest.contract.machines import base
from agora_rest.contract.outcomes import Broken
from agora_rest.contract.safety.access import Profile
from agora_rest.emulator import DEFAULT_CUSTOMER_CERTIFICATE, DEFAULT_CUSTOMER_ID, DEMO_APP_ID, Emulator, recordings
from tests.contract.faults import DIALECTS, Dialect, Fault, breaks, faulty_server, somebodys_server
from tests.contract.recording_faults import RECORDING_FAULTS
from tests.contract.request_faults import REQUEST_FAULTS
from tests.contract.transport_faults import CREDENTIALS, TRANSPORT_FAULTS

ROOMS = (
    *("recording_answers", "recording_channel_names", "recording_files", "recording_identity", "recording_idle"),
    *("recording_life", "recording_machine", "recording_ownership", "recording_settings"),
    *("at_once", "bodies", "credentials", "limits", "routes", "secrets_in_answers"),
)
CHECKS = {each.name: each for each in all_checks() if each.function.__module__.rpartition(".")[2] in ROOMS}
FAULTS = [*REQUEST_FAULTS, *RECORDING_FAULTS, *TRANSPORT_FAULTS]

#: What no fault of a server on this machine can break, and why.
UNPROVABLE = {"only_https_is_spoken": "it passes over servers on this machine"}


TRIES = 5
"""Two calls that are sent at once arrive at once only mostly, on a busy machine; and no seed draws everything."""


def is_noticed(check: Check, server: Server) -> bool:
    """Whether a check breaks, in one of several runs."""

    def broke(seed: int) -> bool:
        server.seed = seed
        return breaks(check, server) is not None

    return any(map(broke, range(TRIES)))


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.what)
def test_a_fault_is_seen(fault: Fault, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(base, "SHRINK_TIMEOUT", 0)
    if fault.patch is not None:
        fault.patch(monkeypatch)
    with faulty_server(fault.dialect, fault.edge) as server:
        blind = [name for name in fault.caught_by if not is_noticed(CHECKS[name], server)]
    assert blind == []


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_sound_server_breaks_nothing(dialect: Dialect) -> None:
    with faulty_server(dialect) as server:
        broken = {name: breaks(each, server) for name, each in CHECKS.items()}
    assert {name: error for name, error in broken.items() if error is not None} == {}


def test_every_check_is_proved_by_a_fault() -> None:
    proved = {name for fault in FAULTS for name in fault.caught_by}
    assert set(CHECKS) - proved == set(UNPROVABLE)


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("profile", [Profile.READ_ONLY, Profile.FULL])
def test_a_sound_server_that_is_nobodys_toy_breaks_nothing_and_is_left_as_it_was(
    dialect: Dialect, profile: Profile
) -> None:
    emulator = Emulator(dialect=dialect, rate_limit=False)
    sent: set[str] = set()
    with somebodys_server(emulator, profile) as server:
        for name, check in CHECKS.items():
            if check.obstacle(server) is None:
                assert (name, breaks(check, server)) == (name, None)
                sent |= {exchange.method for exchange in server.trail}
    now = emulator.clock.now()
    begun = [resource.recording for resource in emulator.world.recordings.resources() if resource.recording]
    assert not any(recording.is_running(now) for recording in begun)
    assert [project.app_id for project in emulator.world.projects.all()] == [DEMO_APP_ID]
    assert emulator.world.rules.of(DEMO_APP_ID, now) == []
    if profile is Profile.READ_ONLY:
        assert sent <= {"GET", "HEAD", "OPTIONS"}


def test_a_machine_shows_the_story_and_the_broken_fact(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recordings, "RESOURCE_LIFETIME", 3600.0)
    monkeypatch.setattr(base, "SHRINK_TIMEOUT", 1)
    with faulty_server("documented") as server:
        broken = breaks(CHECKS["recordings_live_as_documented"], server)
    assert isinstance(broken, Broken)
    assert broken.facts == ("CR-11",)
    assert "error 433" in broken.expected
    assert broken.trail is not None
    assert [exchange.operation for exchange in broken.trail][-1] == "start_recording"


def test_no_finding_about_credentials_shows_them() -> None:
    certificate = DEFAULT_CUSTOMER_CERTIFICATE
    token = base64.b64encode(f"{DEFAULT_CUSTOMER_ID}:{certificate}".encode()).decode()
    for fault in CREDENTIALS:
        with faulty_server(fault.dialect, fault.edge) as server:
            for name in fault.caught_by:
                broken = breaks(CHECKS[name], server)
                shown = "\n".join(server.curl.lines([*(getattr(broken, "trail", None) or ()), *server.trail]))
                for secret in (certificate, certificate.swapcase(), certificate[1:], certificate[:-1], token[:16]):
                    assert secret not in shown, (fault.what, name)
