from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from agora_rest import spec
from agora_rest.cli.contract import app
from agora_rest.contract import run as run_module
from agora_rest.contract.events import Outcome
from agora_rest.contract.options import DEFAULT_MAX_EXAMPLES, Options

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


def test_credentials_come_from_the_environment_and_a_server_only_from_its_option(asked: list[Options]) -> None:
    env = {"AGORA_CUSTOMER_ID": "a", "AGORA_CUSTOMER_CERTIFICATE": "b", "AGORA_BASE_URL": "https://api.agora.io"}
    runner.invoke(app, ["run", "--api", "console", "--dialect", "observed", "--seed", "7"], env=env)
    (options,) = asked
    assert (options.customer_id, options.customer_certificate, options.base_url) == ("a", "b", None)
    assert (options.apis, options.dialect, options.seed) == (("console",), "observed", 7)


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
    assert "geheim" not in result.output
    written = (tmp_path / "contract.json").read_text()
    assert json.loads(written)["exit_code"] == 2
    assert "geheim" not in written


def test_the_certificate_is_not_in_the_repr_of_the_options() -> None:
    assert "geheim" not in repr(Options(customer_certificate="geheim"))
