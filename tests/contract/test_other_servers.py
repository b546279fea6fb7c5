"""Runs against servers of another make, which follow the documents in ways of their own: nothing may be found."""

from __future__ import annotations

import ssl
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from faults import variants
from faults.middleware import HttpCall
from faults.variant_server import Received, VariantServer

from agora_rest.contract import runner as run_module
from agora_rest.contract.checking.checks import checks_by_fact
from agora_rest.contract.results.events import CheckFailed, CheckPassed, Outcome
from agora_rest.contract.safety.access import Profile
from agora_rest.contract.safety.gate import Gate
from agora_rest.contract.safety.ledger import Ledger
from agora_rest.emulator import Emulator
from tests.contract import runs
from tests.contract.runs import EventRecorder, quick_checks, reason


def made(url: str, gate: Gate | None = None, **options: Any) -> tuple[Outcome, EventRecorder]:
    """A run that may do anything to a server which, unlike an emulator, cannot be reset."""
    if gate is None and "access" not in options:
        gate = Gate(Profile.LOCAL, Ledger())
    return runs.made(url, gate, **options)


@pytest.fixture(autouse=True)
def in_no_hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    """Calls are not limited."""
    monkeypatch.setattr("agora_rest.contract.target.CALLS_PER_SECOND", 100_000)


@pytest.fixture
def few_checks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Some checks that make, change and remove projects and rules."""
    monkeypatch.setattr(run_module, "all_checks", lambda: quick_checks("CO-18", "CO-47"))


@pytest.fixture
def other_ids() -> Iterator[None]:
    """IDs look otherwise for a test."""
    with ExitStack() as patches:
        for patch in variants.OTHER_IDS:
            patches.enter_context(patch.applied())
        yield


def found(heard: EventRecorder) -> list[tuple[str, str, str]]:
    return [(each.check, each.expected, each.got) for each in heard.finished.findings]


# -- other ways ------------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_checks_of_facts_find_nothing_wrong_that_does_things_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    emulator = Emulator(dialect="documented", rate_limit=False)  # most of the ways are left open in 2019 only
    ways = (*variants.OTHERWISE, *variants.ids_first(emulator))
    with VariantServer(emulator, ways, chunked=True).serve() as url:
        outcome, heard = made(url, fuzz=False)
    assert found(heard) == []
    assert outcome is Outcome.HOLDS
    assert len(heard.of(CheckPassed)) > 150


@pytest.mark.slow
def test_fuzzing_finds_nothing_wrong_that_does_things_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    emulator = Emulator(dialect="observed", rate_limit=False)
    ways = (variants.no_405(), *variants.OTHERWISE, *variants.ids_first(emulator))
    with VariantServer(emulator, ways, one_call_each=True).serve() as url:
        outcome, heard = made(url, facts=False, apis=("cloud-recording",), max_examples=1)
    assert found(heard) == []
    assert outcome is Outcome.HOLDS


@pytest.mark.usefixtures("few_checks")
@pytest.mark.parametrize("more", [{"http": "HTTP/1.0"}, {"host": "::1"}], ids=str)
def test_an_old_protocol_and_a_new_address_are_no_matter(more: dict[str, Any]) -> None:
    with VariantServer(Emulator(rate_limit=False), **more).serve() as url:
        outcome, heard = made(url, fuzz=False)
    assert (outcome, found(heard)) == (Outcome.HOLDS, [])


def test_no_session_is_kept_that_would_let_strangers_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run_module, "all_checks", lambda: checks_by_fact()["CO-01"])
    server = VariantServer(Emulator(rate_limit=False), (variants.sessions(),))
    with server.serve() as url:
        outcome, heard = made(url, apis=("console",), access="read-only", fuzz=False)
    assert (outcome, found(heard)) == (Outcome.HOLDS, [])
    assert {each.header("cookie") for each in server.received} == {""}


# -- where it is -------------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_whatever_is_sent_passes_the_gate_however_the_address_is_spelled() -> None:
    """Also what schemathesis sends: what it makes is removed."""
    seen = []
    gate = Gate(Profile.LOCAL, Ledger())
    gate.listener = lambda request, _: seen.append(request.operation)
    server = VariantServer(Emulator(rate_limit=False), prefix="/agora/eu")
    with server.serve() as url:
        address = url.replace("127.0.0.1", "LocalHost")
        outcome, heard = made(address, gate, facts=False, apis=("console",), max_examples=1)
    assert (outcome, found(heard)) == (Outcome.HOLDS, [])
    assert len(seen) == len(server.received) > 300
    assert [project.name for project in server.emulator.world.projects.all()] == ["demo"]
    assert {"create_project", "create_kicking_rule"} <= set(seen)


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A self-signed certificate, with its key beside it."""
    folder = tmp_path_factory.mktemp("authority")
    names = ["-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1"]
    key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", folder / "key.pem"]
    command = ["openssl", "req", "-x509", *key, "-out", folder / "certificate.pem", "-days", "2", *names]
    subprocess.run(command, check=True, capture_output=True)
    return folder


def test_a_private_authority_is_trusted_where_it_is_named(authority: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run_module, "all_checks", lambda: checks_by_fact()["CR-38"])
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(authority / "certificate.pem", authority / "key.pem")
    options: dict[str, Any] = {"apis": ("cloud-recording",), "access": "read-only", "max_examples": 1}
    with VariantServer(Emulator(rate_limit=False), tls=context).serve() as url:
        assert "naming the file of its authority in SSL_CERT_FILE" in reason(made(url, **options))
        monkeypatch.setenv("SSL_CERT_FILE", str(authority / "certificate.pem"))
        outcome, heard = made(url, **options)
        assert (outcome, found(heard)) == (Outcome.HOLDS, [])
        monkeypatch.setenv("SSL_CERT_FILE", str(authority / "nowhere.pem"))
        assert "SSL_CERT_FILE" in reason(made(url, **options))


def test_proxies_of_the_environment_play_no_part(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {"HTTP_PROXY": "http://127.0.0.1:9", "NO_PROXY": ""}.items():
        monkeypatch.setenv(name, value)
        monkeypatch.setenv(name.lower(), value)
    with VariantServer(Emulator(rate_limit=False)).serve() as url:
        outcome, heard = made(url, facts=False, apis=("cloud-recording",), access="read-only", max_examples=1)
    assert (outcome, found(heard)) == (Outcome.HOLDS, [])


def test_settings_may_be_answered_with_the_project_as_it_was_before(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run_module, "all_checks", lambda: quick_checks("CO-19", "CO-20", "CO-21", "CO-22", "CO-74"))
    emulator = Emulator(dialect="current", rate_limit=False)
    with VariantServer(emulator, (variants.settings_shown_late(emulator),)).serve() as url:
        outcome, heard = made(url, fuzz=False)
    assert (outcome, found(heard)) == (Outcome.HOLDS, [])
    assert "a_reset_gives_a_new_certificate" in [each.check for each in heard.of(CheckPassed)]


def test_an_address_with_nothing_there_is_said_to_be_one() -> None:
    with VariantServer(Emulator(), prefix="/agora").serve() as url:
        assert "check that this is the base URL of the APIs" in reason(made(f"{url}/elsewhere"))


def test_a_server_that_sends_its_callers_elsewhere_is_not_followed() -> None:
    def moved(call: HttpCall) -> None:
        call.status, call.response_body = 308, b""
        call.response_headers = [(b"Location", b"https://api.example.com" + call.path.encode())]

    server = VariantServer(Emulator(), (variants.after(moved),))
    with server.serve() as url:
        assert "redirects to https://api.example.com: " in reason(made(url))
    paths = [each.target.partition("?")[0] for each in server.received]
    assert paths == ["/_emulator/handshake", "/dev/v1/projects"]


# -- going away --------------------------------------------------------------------------------------------------------


def mortal(calls: int) -> VariantServer:
    """A server that answers so many calls."""

    def is_dead(_: Received) -> bool:
        if len(server.received) <= calls:
            return False
        server.die()
        return True

    # One call each, so that no connection outlives it.
    server = VariantServer(Emulator(rate_limit=False), drops=is_dead, one_call_each=True)
    return server


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("agora_rest.contract.http.wire._PAUSES", (0, 0))
    monkeypatch.setattr("agora_rest.contract.safety.ledger._PAUSE", 0)


@pytest.mark.usefixtures("impatient", "few_checks")
@pytest.mark.parametrize("layer", [{"fuzz": False, "apis": ("console",)}, {"facts": False}], ids=["facts", "fuzzing"])
def test_a_server_that_goes_away_breaks_no_rule(layer: dict[str, Any]) -> None:
    with mortal(60).serve() as url:
        outcome, heard = made(url, max_examples=1, **layer)
    assert heard.finished.sentence == f"The contract could not be checked: {url} went away (ConnectError)."
    assert outcome is Outcome.COULD_NOT_RUN
    assert any(each.startswith("Could not be removed, remove it by hand: ") for each in heard.finished.remarks)


@pytest.mark.usefixtures("impatient", "few_checks")
def test_a_request_that_is_not_answered_is_a_finding_where_others_are() -> None:
    def mute(received: Received) -> bool:
        return received.method == "DELETE" and "kicking" in received.target

    with VariantServer(Emulator(rate_limit=False), drops=mute).serve() as url:
        outcome, heard = made(url, apis=("console",), fuzz=False)
    assert outcome is Outcome.BROKEN
    assert "a_deleted_rule_is_gone" in {each.check for each in heard.of(CheckFailed)}
    assert all(expected == "a response" for _, expected, _ in found(heard))
