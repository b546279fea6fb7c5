"""Whole runs against a real account: the requests, their rate, and the state of the account afterwards."""

from __future__ import annotations

import asyncio
import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import unquote

import httpx
import pytest
from typer.testing import CliRunner

from agora_rest import spec
from agora_rest.cli.contract import app
from agora_rest.contract import runner as run_module
from agora_rest.contract.checking.checks import Check, checks_by_fact
from agora_rest.contract.http.control import Control, ControlApi
from agora_rest.contract.http.server import Server
from agora_rest.contract.options import Options
from agora_rest.contract.results.events import (
    CheckFailed,
    CheckSkipped,
    CoverageSeen,
    FindingFound,
    Outcome,
    RunStarted,
)
from agora_rest.contract.safety.access import Profile
from agora_rest.contract.safety.dry_run import rehearse
from agora_rest.contract.safety.gate import Gate, pace_of
from agora_rest.contract.safety.ledger import Ledger
from agora_rest.contract.target import CouldNotRun
from agora_rest.emulator import (
    DEFAULT_CUSTOMER_CERTIFICATE,
    DEFAULT_CUSTOMER_ID,
    DEMO_APP_ID,
    Emulator,
    Fault,
    FrozenClock,
    request_log,
)
from tests.contract.runs import EventRecorder, made, quick_checks, reason

#: What only a run that is told to is on a server elsewhere.
OWNED: dict[str, Any] = {"access": "full", "owned": True}


@pytest.fixture
def elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    """This machine counts as remote; calls are not limited, and the request log keeps everything."""
    monkeypatch.setattr("agora_rest.contract.target.is_loopback_url", lambda _: False)
    monkeypatch.setattr("agora_rest.contract.target.CALLS_PER_SECOND", 100_000)
    monkeypatch.setattr(request_log, "KEPT", 1_000_000)


class Waiting:
    """A clock for permits that is the server's: waiting moves it."""

    def __init__(self, clock: FrozenClock) -> None:
        self._clock = clock

    def now(self) -> float:
        return self._clock.now()

    def wait(self, alarm: threading.Event, seconds: float) -> None:
        if not alarm.is_set():
            self._clock.advance(seconds)

    async def wait_async(self, alarm: asyncio.Event, seconds: float) -> None:
        raise NotImplementedError


@contextmanager
def account_with_content(**settings: Any) -> Iterator[tuple[Emulator, str]]:
    """An emulator with a life of its own: a second project, users, a kicking rule, a recording that runs."""
    emulator = Emulator(**{"dialect": "documented", "rate_limit": False, **settings})
    strange = emulator.add_project("strange", enable_certificate=True)
    emulator.join(strange.app_id, "theirs", 7)
    emulator.join(DEMO_APP_ID, "theirs", 7)
    with emulator.serve() as server:
        credentials = (DEFAULT_CUSTOMER_ID, DEFAULT_CUSTOMER_CERTIFICATE)
        with httpx.Client(base_url=server.url, auth=credentials, trust_env=False) as theirs:
            rule = {"appid": strange.app_id, "cname": "barred", "time": 1440, "privileges": ["join_channel"]}
            assert theirs.post("/dev/v1/kicking-rule", json=rule).is_success
            recorder = {"cname": "theirs", "uid": "99"}
            base = f"/v1/apps/{DEMO_APP_ID}/cloud_recording"
            resource = theirs.post(f"{base}/acquire", json={**recorder, "clientRequest": {}}).json()
            resource = resource.get("Body", resource)["resourceId"]
            storage = {"vendor": 2, "region": 3, "bucket": "b", "accessKey": "a" * 9, "secretKey": "s" * 9}
            body = {**recorder, "clientRequest": {"storageConfig": storage}}
            started = theirs.post(f"{base}/resourceid/{resource}/mode/mix/start", json=body)
            assert started.is_success
        yield emulator, server.url


def what_there_is(emulator: Emulator) -> dict[str, Any]:
    """Everything that is alive: what must be the same after a run as before."""
    state = emulator.state()
    return {
        "projects": [
            (project, emulator.world.projects.get(project["id"]).certificate) for project in state["projects"]
        ],
        "channels": state["channels"],
        "kicking_rules": state["kicking_rules"],
        "recordings": [each["sid"] for each in state["recordings"] if each["status"] not in (6, 7, 8, 20)],
    }


def asked(emulator: Emulator, after: int = 0) -> list[tuple[str, str, str, Any]]:
    """Method, operation, path and body (bytes where it is no JSON) of every request since the `after`th."""
    found = []
    for _, each in emulator.request_log.since(after):
        try:
            body = json.loads(each.request_body)
        except (ValueError, RecursionError):
            body = each.request_body
        found.append((each.method, each.operation or "", each.target, body))
    return found


# -- reading -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("said", [{"owned": True}, {"access": "read-only", "owned": True}], ids=str)
def test_unless_two_things_are_said_only_gets_are_sent(said: dict[str, Any], elsewhere: None) -> None:
    with account_with_content() as (emulator, url):
        before, already = what_there_is(emulator), emulator.request_log.total
        made(url, fuzz=False, **said)
        assert {method for method, *_ in asked(emulator, already)} == {"GET"}
        assert what_there_is(emulator) == before


@pytest.mark.slow
def test_a_whole_run_that_reads_sends_only_gets_and_says_what_it_could_not_check(elsewhere: None) -> None:
    with account_with_content() as (emulator, url):
        before, already = what_there_is(emulator), emulator.request_log.total
        _, heard = made(url, max_examples=1)
        requests = asked(emulator, already)
        assert what_there_is(emulator) == before
    assert len(requests) > 500
    assert {method for method, *_ in requests} == {"GET"}
    assert {each.check for each in heard.of(CheckFailed)} == set()
    assert {each.operation for each in heard.of(CoverageSeen) if each.status == 200} >= {
        "list_projects",
        "get_usage_v1",
    }
    skipped = {fact: each.reason for each in heard.of(CheckSkipped) for fact in each.facts}
    assert "read-only" in skipped["CR-12"]
    assert {fact for each in checks_by_fact()["CR-36"] for fact in each.facts} <= set(skipped)
    for operation in spec.operations("2019").values():
        if operation.method != "GET":
            assert set(operation.facts) <= set(skipped)


def test_this_machine_is_only_read_where_that_is_wished_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("agora_rest.contract.target.CALLS_PER_SECOND", 100_000)
    with account_with_content() as (emulator, url):
        before, already = what_there_is(emulator), emulator.request_log.total
        outcome, heard = made(url, access="read-only", fuzz=False)
        requests = asked(emulator, already)
        assert what_there_is(emulator) == before
    assert outcome is Outcome.HOLDS, heard.finished.findings
    assert {method for method, *_ in requests} == {"GET"}


# -- making and removing -----------------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize(("dialect", "fuzz"), [("documented", True), ("observed", False), ("current", True)])
def test_a_full_run_leaves_everything_as_it_was_and_never_hurries(dialect: str, fuzz: bool, elsewhere: None) -> None:
    """Time passes only where the run waits. The server notes when it was asked what, and has its limit of ten."""
    clock = FrozenClock(time.time())
    ledger = Ledger()
    with account_with_content(dialect=dialect, clock=clock) as (emulator, url):
        clock.advance(10)
        before, already = what_there_is(emulator), emulator.request_log.total
        emulator.settings.rate_limit = True
        gate = Gate(Profile.FULL, ledger, pace_of(8, Waiting(clock)))
        _, heard = made(url, gate, max_examples=1, fuzz=fuzz, **OWNED)
        log = [each for _, each in emulator.request_log.since(already)]
        requests = asked(emulator, already)
        after = what_there_is(emulator)
    assert (after, heard.finished.remarks) == (before, ())
    assert {each.check for each in heard.of(CheckFailed)} == set()
    assert len(requests) > 3000
    assert most_in_a_second([each.at for each in log]) == 8
    assert 429 not in {each.status for each in log}
    assert [each for each in requests if is_harm(each, ledger, before)] == []
    certificates = [each.reason for each in heard.of(CheckSkipped) if "CO-21" in each.facts]
    assert sum("cannot be restored" in reason for reason in certificates) == fuzz


def is_harm(request: tuple[str, str, str, Any], ledger: Ledger, before: dict[str, Any]) -> bool:
    """Whether a full run may not have sent this, by the log of the server alone."""
    method, operation, target, body = request
    if method == "GET" or operation in ("acquire", "stop_recording", "create_project"):
        return False
    if operation == "":  # but for what only a server that minds no case would take for an operation's
        return not re.match(r"/v1/apps/", target, re.IGNORECASE)
    theirs = {project["id"] for project, _ in before["projects"]} | {rule["id"] for rule in before["kicking_rules"]}
    their_apps = {project["app_id"] for project, _ in before["projects"]}
    made_up = re.compile(rf"contract-\w+-{ledger.mark}-\d+")
    if operation in ("start_recording", "update_recording", "update_layout"):
        _, _, _, app_id, _, _, resource, *_ = target.split("/")
        cname = body.get("cname") if isinstance(body, dict) else None
        return app_id in their_apps and not ledger.owns(unquote(resource)) and not made_up.fullmatch(str(cname))
    if isinstance(body, bytes):  # nested more deeply than json will read from here
        return any(f'"{each}"'.encode() in body for each in (*theirs, *their_apps))
    if operation == "create_kicking_rule":
        return not made_up.fullmatch(str(body["cname"])) and (not body["cname"] or body["appid"] in their_apps)
    return operation == "reset_certificate" or body["id"] in theirs


def most_in_a_second(moments: list[float]) -> int:
    return max(sum(1 for each in moments[at : at + 50] if each < moments[at] + 1) for at in range(len(moments)))


def made_into_check(function: Callable[[Server], None], *facts: str) -> Check:
    return Check(function.__name__, facts, Control.NONE, Profile.FULL, function)


def making(server: Server) -> None:
    """Makes one thing of each kind."""
    server.create_project()
    server.kick(cname=server.fresh_channel())
    server.record(maxIdleTime=86400)


@pytest.mark.parametrize("crash", [RuntimeError, KeyboardInterrupt, SystemExit, MemoryError])
def test_a_check_that_crashes_leaves_nothing(
    crash: type[BaseException], elsewhere: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crashing(server: Server) -> None:
        """Makes one thing of each kind, and more is not to come."""
        making(server)
        raise crash

    monkeypatch.setattr(run_module, "all_checks", lambda: (made_into_check(crashing, "CR-12"),))
    with account_with_content() as (emulator, url):
        before = what_there_is(emulator)
        try:
            outcome, heard = made(url, fuzz=False, **OWNED)
        except SystemExit:
            outcome, heard = Outcome.COULD_NOT_RUN, EventRecorder()
        assert what_there_is(emulator) == before
    if crash is KeyboardInterrupt:
        assert outcome is Outcome.COULD_NOT_RUN
        assert heard.finished.sentence == "The contract could not be checked: the run was interrupted."


@pytest.mark.parametrize("operation", ["create_project", "create_kicking_rule", "start_recording"])
@pytest.mark.parametrize("kind", ["cut_after", "status", "truncate", "not_json"])
@pytest.mark.parametrize("dialect", ["documented", "observed", "current"])
def test_what_was_made_by_a_call_whose_answer_was_lost_is_removed(
    operation: str, kind: str, dialect: str, elsewhere: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run_module, "all_checks", lambda: (made_into_check(making, "CR-10"),))
    with account_with_content(dialect=dialect) as (emulator, url):
        before = what_there_is(emulator)
        already = emulator.request_log.total
        emulator.inject(Fault(kind, operation=operation, after_effect=True, times=1))
        outcome, _ = made(url, fuzz=False, **OWNED)
        assert operation in {each[1] for each in asked(emulator, already)}
        assert what_there_is(emulator) == before
    assert outcome is Outcome.BROKEN


def test_what_cannot_be_removed_is_named(elsewhere: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run_module, "all_checks", lambda: (made_into_check(making, "CR-10"),))
    with account_with_content() as (emulator, url):
        emulator.inject(Fault("status", status=500, operation="delete_project"))
        _, heard = made(url, Gate(Profile.FULL, Ledger(sleep=lambda _: None)), fuzz=False, **OWNED)
        (left,) = (each["id"] for each in emulator.state()["projects"] if each["name"].startswith("contract-"))
    assert heard.finished.remarks == (f"Could not be removed, remove it by hand: the project {left}",)


# -- interrupted -------------------------------------------------------------------------------------------------------

COMMAND = """
import sys
from agora_rest.contract import target
target.is_loopback_url = lambda _: False
target.CALLS_PER_SECOND = 100_000
from agora_rest.cli import main
main()
"""


def command(program: str, *words: str) -> subprocess.Popen[str]:
    """A program of Python that runs with the emulator's account; its output is one text."""
    account = {"CUSTOMER_ID": DEFAULT_CUSTOMER_ID, "CUSTOMER_CERTIFICATE": DEFAULT_CUSTOMER_CERTIFICATE}
    env = os.environ | {f"AGORA_{name}": value for name, value in account.items()}
    started = [sys.executable, "-c", program, *words]
    return subprocess.Popen(started, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


@pytest.mark.slow
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM], ids=lambda how: how.name)
@pytest.mark.parametrize("in_the", ["start_recording", "create_kicking_rule"])
def test_an_interrupted_run_leaves_everything_as_it_was(how: signal.Signals, in_the: str) -> None:
    """The signal comes while an answer is on its way: whether the server has done it, the run does not know."""
    with account_with_content() as (emulator, url):
        before, already = what_there_is(emulator), emulator.request_log.total
        words = ["contract", "run", "--base-url", url, "--access", "full", "--i-own-this-account", "--no-keep"]
        with command(COMMAND, *words) as process:
            wait_for(lambda: emulator.request_log.total > already + 200)
            held_up = emulator.inject(Fault("delay", seconds=30, after_effect=True, operation=in_the, times=1))
            wait_for(lambda: held_up.struck or process.poll() is not None)
            process.send_signal(how)
            said, _ = process.communicate(timeout=200)
        assert what_there_is(emulator) == before
    assert process.returncode == 2, said
    assert "The contract could not be checked: the run was interrupted." in said
    assert "Traceback" not in said


def wait_for(condition: Callable[[], bool]) -> None:
    """Another process has to get somewhere; there is no clock to be moved for that."""
    deadline = time.monotonic() + 120
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


# -- not at all --------------------------------------------------------------------------------------------------------


def test_a_full_run_that_nobody_answers_for_sends_nothing(elsewhere: None) -> None:
    with account_with_content() as (emulator, url):
        already = emulator.request_log.total
        assert "--i-own-this-account" in reason(made(url, access="full"))
        assert emulator.request_log.total == already
    with pytest.raises(CouldNotRun, match="--i-own-this-account"):
        rehearse(Options(base_url=url, access="full"))


def test_an_emulator_elsewhere_is_reset_where_that_is_wished_for(
    elsewhere: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run_module, "all_checks", lambda: quick_checks("CR-39"))
    with account_with_content() as (emulator, url):
        outcome, heard = made(url, access="emulator", fuzz=False, apis=("cloud-recording",))
        assert outcome is Outcome.HOLDS, heard.finished
        assert "strange" not in {project["name"] for project in emulator.state()["projects"]}


@pytest.mark.parametrize(
    "handshake",
    [
        lambda _: httpx.Response(404, json={"message": "no Route matched with those values"}),
        lambda _: httpx.Response(200, json={"rate_limit": True, "emulator": "agora-rest", "proof": "0" * 64}),
        lambda request: httpx.Response(200, json={"proof": request.url.params.get("nonce")}),
        lambda _: httpx.Response(200, text="<html>welcome</html>"),
    ],
    ids=["a proxy of Agora", "an old recording of a proof", "an echo", "accepts every path"],
)
def test_nothing_but_an_emulator_proves_to_be_one(handshake: Callable[[httpx.Request], httpx.Response]) -> None:
    with httpx.Client(transport=httpx.MockTransport(handshake), base_url="http://127.0.0.1") as http:
        assert ControlApi.of(http) is None


def test_a_port_on_this_machine_that_leads_to_an_account_is_only_read_and_the_run_says_how_to_get_more(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("agora_rest.contract.target.CALLS_PER_SECOND", 100_000)
    monkeypatch.setattr("agora_rest.contract.target.ControlApi.of", lambda _: None)
    monkeypatch.setattr(run_module, "all_checks", lambda: quick_checks("CO-18", "CO-14"))
    with account_with_content() as (emulator, url):
        before, already = what_there_is(emulator), emulator.request_log.total
        _, heard = made(url, fuzz=False)
        assert {method for method, *_ in asked(emulator, already)} == {"GET"}
        refused, _ = made(url, fuzz=False, access="full")
        assert {method for method, *_ in asked(emulator, already)} == {"GET"}
        assert what_there_is(emulator) == before
    (started,) = heard.of(RunStarted)
    assert started.access == "read-only"
    assert started.note.endswith("--access full --i-own-this-account also creates, and removes what it created")
    assert refused is Outcome.COULD_NOT_RUN


def test_a_server_that_is_called_an_emulator_must_be_one(elsewhere: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("agora_rest.contract.target.ControlApi.of", lambda _: None)
    with account_with_content() as (emulator, url):
        before = what_there_is(emulator)
        assert "does not prove to be an emulator" in reason(made(url, access="emulator"))
        assert what_there_is(emulator) == before


def test_a_rehearsal_lists_what_is_sent_and_what_is_kept_back_and_why() -> None:
    options = Options(apis=("cloud-recording",), base_url="https://api.agora.io", max_examples=1, seed=1)
    lines = "\n".join(rehearse(options).lines())
    assert "Nothing was sent. With read-only access a run against https://api.agora.io would send about" in lines
    assert re.search(r"^query_recording: \d+$", lines, re.MULTILINE)
    assert re.search(r"^  by .*missing_and_wrong_credentials_are_distinguished \(3\)", lines, re.MULTILINE)
    assert not re.search(r"^(create_project|acquire|start_recording): \d+$", lines, re.MULTILINE)
    assert re.search(r"CR-12.*: start_recording may change something, and this run is read-only", lines)


def test_the_command_rehearses_without_credentials_or_a_network(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run_module, "all_checks", lambda: quick_checks("CO-14"))
    words = ["run", "--dry-run", "--api", "console", "--base-url", "https://nowhere.invalid", "--max-examples", "1"]
    result = CliRunner().invoke(app, words)
    assert result.exit_code == 0, result.output
    assert "https://nowhere.invalid" in result.output
    result = CliRunner().invoke(app, [*words, "--access", "full"])
    assert result.exit_code == 2
    assert "--i-own-this-account" in result.output


@pytest.mark.slow
def test_requests_that_the_gate_withholds_from_an_account_are_no_findings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("agora_rest.contract.target.CALLS_PER_SECOND", 1000)
    monkeypatch.setattr("agora_rest.contract.target.ControlApi.of", lambda _: None)
    with Emulator(rate_limit=False).serve() as server:
        outcome, heard = made(server.url, apis=("console",), max_examples=1, facts=False, **OWNED)
    assert [each.finding.title for each in heard.of(FindingFound)] == []
    assert outcome is Outcome.HOLDS
