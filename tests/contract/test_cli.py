from __future__ import annotations

import json
import logging
import re
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from agora_rest import spec
from agora_rest.cli.contract import app
from agora_rest.contract import runner as run_module
from agora_rest.contract.options import DEFAULT_MAX_EXAMPLES, Options
from agora_rest.contract.results.events import Outcome
from tests.contract.runs import quick_checks

runner = CliRunner()


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[Options]:
    """What the command makes of its options; nothing is run."""
    seen: list[Options] = []

    def note(options: Options, handlers: Any) -> Outcome:
        seen.append(options)
        return Outcome.BROKEN

    monkeypatch.setattr(run_module, "run", note)
    return seen


def test_without_options_both_apis_are_tested_on_the_embedded_emulator(asked: list[Options]) -> None:
    result = runner.invoke(app, ["run"], env={"AGORA_CUSTOMER_ID": None, "AGORA_CUSTOMER_CERTIFICATE": None})
    assert result.exit_code == 1, result.output
    (options,) = asked
    assert (options.apis, options.base_url, options.dialect) == (spec.APIS, None, None)
    assert (options.seed, options.max_examples) == (None, DEFAULT_MAX_EXAMPLES)


ENVIRONMENT = {"AGORA_CUSTOMER_ID": "a", "AGORA_CUSTOMER_CERTIFICATE": "b", "AGORA_BASE_URL": "https://api.agora.io"}
SERVER = "https://127.0.0.1:1"


def test_credentials_come_from_the_environment_and_a_server_never(asked: list[Options]) -> None:
    runner.invoke(app, ["run", "--api", "console", "--dialect", "observed", "--seed", "7"], env=ENVIRONMENT)
    runner.invoke(app, ["run", "--base-url", SERVER, "--access", "read-only"], env=ENVIRONMENT)
    embedded, elsewhere = asked
    assert (embedded.apis, embedded.base_url, embedded.dialect, embedded.seed) == (("console",), None, "observed", 7)
    assert (elsewhere.customer_id, elsewhere.customer_certificate, elsewhere.base_url) == ("a", "b", SERVER)
    assert elsewhere.access == "read-only"


def test_a_profile_is_an_account_with_its_server(asked: list[Options], work: Path) -> None:
    app_id = "f" * 32
    work.write_text(
        '[work]\ncustomer_id = "me"\ncustomer_certificate = "geheim"\nbase_url = "https://work.test"\n'
        f'app_id = "{app_id}"\n',
        encoding="utf-8",
    )
    work.chmod(0o600)
    assert runner.invoke(app, ["run", "--profile", "work"], env=ENVIRONMENT).exit_code == 1
    runner.invoke(app, ["run", "--profile", "work", "--base-url", SERVER, "--app-id", "e" * 32], env=ENVIRONMENT)
    runner.invoke(app, ["run", "--base-url", SERVER], env={**ENVIRONMENT, "AGORA_PROFILE": "work"})
    runner.invoke(app, ["run"], env={**ENVIRONMENT, "AGORA_PROFILE": "work"})
    named, at_another_server, by_variable, embedded = asked
    assert (named.base_url, named.customer_id, named.app_id) == ("https://work.test", "me", app_id)
    assert (named.profile, embedded.profile) == ("work", None)
    assert (at_another_server.base_url, at_another_server.app_id) == (SERVER, "e" * 32)
    assert (by_variable.base_url, by_variable.customer_id) == (SERVER, "me")
    assert embedded.base_url is None


def test_a_file_of_profiles_that_is_not_needed_is_not_looked_at(asked: list[Options], work: Path) -> None:
    work.write_text("no TOML", encoding="utf-8")
    assert runner.invoke(app, ["run"], env={"AGORA_CUSTOMER_ID": None}).exit_code == 1
    refused = runner.invoke(app, ["run", "--profile", "work", "--json"])
    assert (refused.exit_code, refused.stdout, len(asked)) == (2, "", 1)
    assert json.loads(refused.stderr)["error"]["exit_code"] == 2


@pytest.fixture
def work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the file of profiles is."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    (tmp_path / "agora-rest").mkdir()
    return tmp_path / "agora-rest" / "profiles.toml"


@pytest.fixture
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    """Runs are of a few checks, without fuzzing."""
    monkeypatch.setattr(run_module, "all_checks", lambda: quick_checks("CO-14"))
    monkeypatch.setattr(run_module._Run, "_fuzz", lambda *_: None)


@pytest.mark.usefixtures("short")
def test_json_is_the_report_and_nothing_else_is_on_standard_output(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    words = ["run", "--json", "--api", "console", "--max-examples", "1", "--no-keep"]
    ran = runner.invoke(app, words)
    report = json.loads(ran.stdout)
    assert (ran.exit_code, report["outcome"], report["exit_code"], ran.stderr) == (0, "holds", 0, "")
    assert report["run"]["access"] == "unlimited"
    refused = runner.invoke(app, ["run", "--json", "--github"])
    assert (refused.exit_code, refused.stdout) == (2, "")


@pytest.mark.parametrize("credentials", [{}, {"AGORA_CUSTOMER_ID": "a", "AGORA_CUSTOMER_CERTIFICATE": "geheim"}])
def test_what_cannot_be_run_is_said_in_json_too(credentials: dict[str, str]) -> None:
    nobody = dict.fromkeys(ENVIRONMENT)
    ran = runner.invoke(app, ["run", "--json", "--base-url", SERVER], env={**nobody, **credentials})
    report = json.loads(ran.stdout)
    assert (ran.exit_code, report["outcome"], report["exit_code"]) == (2, "could_not_run", 2)
    assert "geheim" not in ran.output


@pytest.mark.usefixtures("short")
def test_debug_shows_every_exchange_and_where_trouble_comes_from(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, logger="agora_rest")  # to have undone what --debug sets
    caplog.handler.setLevel(logging.DEBUG)
    runner.invoke(app, ["run", "--debug", "--api", "console", "--max-examples", "1", "--no-keep"])
    exchanges = [record.getMessage() for record in caplog.records if record.name == "agora_rest.contract"]
    assert any(re.fullmatch(r"GET http://\S+/dev/v1/projects: 201", each) for each in exchanges)
    caplog.clear()
    assert runner.invoke(app, ["run", "--debug", "--base-url", SERVER], env=ENVIRONMENT).exit_code == 2
    assert "CouldNotRun" in caplog.text


def test_a_place_for_reports_that_is_none_is_said_before_the_run(asked: list[Options], tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine", encoding="utf-8")
    ran = runner.invoke(app, ["run", "--report-dir", str(tmp_path / "file" / "reports")])
    assert (ran.exit_code, asked) == (2, [])
    assert "Not a directory" in ran.output


@pytest.mark.parametrize("wrong", [["--api", "all-of-them"], ["--dialect", "spoken"], ["--max-examples", "0"]])
def test_a_wrong_option_is_an_exit_2(wrong: list[str], asked: list[Options]) -> None:
    assert runner.invoke(app, ["run", *wrong]).exit_code == 2
    assert asked == []


def test_what_cannot_be_run_is_an_exit_2_with_one_sentence_and_a_report(tmp_path: Path) -> None:
    arguments = ["run", "--base-url", "http://127.0.0.1:1", "--customer-id", "a", "--certificate-stdin"]
    result = runner.invoke(app, [*arguments, "--report-dir", str(tmp_path)], input="geheim\n")
    assert result.exit_code == 2
    assert result.output.count("\n") == 1
    assert "cannot be reached" in result.output
    assert "`agora-rest emulator --port 1` starts an emulator there" in result.output
    assert "geheim" not in result.output
    written = (tmp_path / "contract.json").read_text()
    assert json.loads(written)["exit_code"] == 2
    assert "geheim" not in written


def test_the_certificate_is_not_in_the_repr_of_the_options() -> None:
    assert "geheim" not in repr(Options(customer_certificate="geheim"))
