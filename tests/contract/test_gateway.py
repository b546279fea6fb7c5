"""A server behind a gateway that requires a header of its own (`contract run --header`)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import pytest
from faults.variant_server import Received, Response, VariantServer
from typer.testing import CliRunner

from agora_rest.cli.contract import app
from agora_rest.contract import Options
from agora_rest.contract import runner as run_module
from agora_rest.contract.http.added_headers import AddedHeaders
from agora_rest.contract.results.curl import Curl
from agora_rest.contract.results.events import FindingFound, Outcome, RunStarted
from agora_rest.contract.safety.access import Profile
from agora_rest.contract.safety.gate import Gate
from agora_rest.contract.safety.ledger import Ledger
from agora_rest.emulator import Emulator
from agora_rest.redaction import Secrets
from tests.contract import runs
from tests.contract.conftest import ACCOUNT, exchange

KEY = "planted-gateway-key-1"
HEADERS = {"X-Gateway-Key": "GATEWAY_KEY"}


@dataclass
class Gateway(VariantServer):
    """Lets nothing through without its key, also no request without credentials."""

    repeats_the_key: bool = False

    def respond(self, received: Received) -> Response:
        """Refuse, and say why; or repeat the key in a response that breaks the contract."""
        if received.header("x-gateway-key") != KEY:
            return Response(401, [(b"content-type", b"application/json")], b'{"detail": "no gateway key"}')
        if self.repeats_the_key and received.target == "/dev/v1/projects" and received.method == "GET":
            body = json.dumps({"projects": [], "note": KEY}).encode()
            return Response(418, [(b"content-type", b"application/json")], body)
        return super().respond(received)


@pytest.fixture(autouse=True)
def key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GATEWAY_KEY", KEY)
    monkeypatch.setattr("agora_rest.contract.target.CALLS_PER_SECOND", 100_000)
    monkeypatch.setattr(run_module, "all_checks", lambda: runs.quick_checks("CO-01", "CO-18"))


def made(url: str, **options: Any) -> tuple[Outcome, runs.EventRecorder]:
    gate = Gate(Profile.LOCAL, Ledger())
    return runs.made(url, gate, **{"apis": ("console",), "max_examples": 1, "headers": HEADERS, **options})


def test_every_request_has_the_header() -> None:
    server = Gateway(Emulator(rate_limit=False))
    with server.serve() as url:
        outcome, heard = made(url)
    assert (outcome, heard.finished.findings) == (Outcome.HOLDS, ())
    assert {each.header("x-gateway-key") for each in server.received} == {KEY}
    assert any(not each.header("authorization") for each in server.received)


def test_the_value_is_shown_nowhere_and_findings_can_be_repeated() -> None:
    with Gateway(Emulator(rate_limit=False), repeats_the_key=True).serve() as url:
        outcome, heard = made(url, app_id="0" * 32)
    assert outcome is Outcome.BROKEN
    assert KEY not in repr(heard.events)
    findings = [each.finding for each in heard.of(FindingFound) if each.finding.requests]
    assert all("-H 'X-Gateway-Key: '\"$GATEWAY_KEY\"" in line for each in findings for line in each.requests)
    assert all("--header X-Gateway-Key=GATEWAY_KEY" in each.command for each in findings)
    assert {each.check for each in findings}.isdisjoint({"no_secrets_in_responses"})
    assert heard.of(RunStarted)[0].headers == ("X-Gateway-Key=GATEWAY_KEY",)


def test_a_refusal_says_what_the_server_said() -> None:
    with Gateway(Emulator()).serve() as url:
        why = runs.reason(runs.made(url))
    assert "no gateway key" in why
    assert "--header" in why


def test_a_refusal_hides_secrets_and_is_short(monkeypatch: pytest.MonkeyPatch) -> None:
    said = json.dumps({"token": "planted", "detail": f"{KEY} {'long ' * 100}"}).encode()
    monkeypatch.setattr(Gateway, "respond", lambda *_: Response(403, [], said))
    with Gateway(Emulator()).serve() as url:
        why = runs.reason(made(url))
    assert "planted" not in why
    assert why.count("long") < 50


@pytest.mark.parametrize(
    ("headers", "value"),
    [
        ({"X-Gateway-Key": "planted-value"}, KEY),
        ({"X-Gateway-Key": "planted_variable"}, KEY),
        ({"X-Gateway-Key": "GATEWAY_KEY"}, ""),
        ({"X-Gateway-Key": "GATEWAY_KEY"}, "planted\n"),
        ({"X-Gateway-Key": "GATEWAY_KEY"}, "planted\u2026"),
        ({"Authorization": "GATEWAY_KEY"}, KEY),
        ({"two words": "GATEWAY_KEY"}, KEY),
    ],
)
def test_what_cannot_be_sent_is_refused_and_not_shown(
    headers: dict[str, str], value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GATEWAY_KEY", value)
    why = runs.reason(made("http://127.0.0.1:9", headers=headers))
    assert next(iter(headers)) in why
    assert "planted" not in why


def test_the_value_goes_nowhere_in_clear_and_to_no_emulator_of_the_run() -> None:
    assert "unencrypted" in runs.reason(made("http://gateway.example", access="emulator"))
    assert "none was given" in runs.reason(runs.made(headers=HEADERS))


def test_the_command_takes_names_of_variables_and_shows_no_value(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Options] = []
    monkeypatch.setattr(run_module, "run", lambda options, _: asked.append(options) or Outcome.HOLDS)
    words = ["run", "--base-url", "https://gateway.example", "--header", "X-Gateway-Key=GATEWAY_KEY", "--header", "A=B"]
    assert CliRunner().invoke(app, words).exit_code == 0
    assert asked[0].headers == {"X-Gateway-Key": "GATEWAY_KEY", "A": "B"}
    wrong = CliRunner().invoke(app, ["run", "--header", "planted"])
    assert wrong.exit_code == 2
    assert "NAME=VARIABLE" in wrong.output
    assert "planted" not in wrong.output


def test_values_are_in_no_repr() -> None:
    assert KEY not in repr(AddedHeaders.read(HEADERS, {"GATEWAY_KEY": KEY}))


def test_a_short_value_is_no_secret_that_a_response_leaks() -> None:
    secrets = Secrets(["certificate"], ["1"])
    assert not secrets.seen_in("1 of 1")
    line = Curl("http://server", secrets, ACCOUNT.credentials, added=HEADERS).line(exchange())
    assert line == "curl -sS -H 'X-Gateway-Key: '\"$GATEWAY_KEY\" http://server/dev/v1/projects"
