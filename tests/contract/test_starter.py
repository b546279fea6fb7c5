"""`agora-rest contract init`: what it writes works in an empty repository."""

from __future__ import annotations

import ast
import importlib
import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from typer.testing import CliRunner

from agora_rest.cli._app import app

RUN = CliRunner()


def first_test(folder: Path) -> str:
    """The output of the test that was written into a folder."""
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests/test_agora_contract.py"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True).stdout


@pytest.mark.slow
def test_the_first_contract_test_passes_as_it_is_written_and_fails_where_the_contract_is_broken(tmp_path: Path) -> None:
    written = RUN.invoke(app, ["contract", "init", str(tmp_path)])
    assert written.exit_code == 0, written.output
    assert "2 passed" in first_test(tmp_path)
    test = tmp_path / "tests/test_agora_contract.py"
    code = test.read_text(encoding="utf-8")
    broken = code.replace("minutes=60)", 'minutes=60, extra={"cname": "x" * 65})')
    broken = broken.replace('ban(channel="lesson-42", uid=7', "ban(uid=7")
    test.write_text(broken, encoding="utf-8")
    assert "2 failed" in first_test(tmp_path)


def test_the_makefile_keeps_its_own_targets(tmp_path: Path) -> None:
    (tmp_path / "Makefile").write_text("all:\n\t@echo mine", encoding="utf-8")
    RUN.invoke(app, ["contract", "init", str(tmp_path)])
    mine = subprocess.run(["make"], cwd=tmp_path, capture_output=True, text=True, env={"PATH": os.environ["PATH"]})
    assert mine.stdout == "mine\n"
    theirs = subprocess.run(["make", "-n", "agora-contract"], cwd=tmp_path, capture_output=True, text=True)
    assert "pytest --junit-xml=reports/agora/tests.xml tests/test_agora_contract.py" in theirs.stdout
    assert RUN.invoke(app, ["contract", "init", "--force", str(tmp_path)]).exit_code == 0
    assert (tmp_path / "Makefile").read_text(encoding="utf-8").count("include agora-contract.mk") == 1


def test_what_a_run_leaves_is_ignored_by_git_and_what_was_ignored_stays_so(tmp_path: Path) -> None:
    (tmp_path / ".gitignore").write_text("*.pyc", encoding="utf-8")
    RUN.invoke(app, ["contract", "init", str(tmp_path)])
    RUN.invoke(app, ["contract", "init", "--force", str(tmp_path)])
    ignored = (tmp_path / ".gitignore").read_text(encoding="utf-8").splitlines()
    assert ignored == ["*.pyc", ".venv-agora-contract/", ".agora-rest/", ".hypothesis/", "reports/agora/"]


def test_the_workflow_uploads_what_make_writes(tmp_path: Path) -> None:
    RUN.invoke(app, ["contract", "init", str(tmp_path)])
    workflow = yaml.safe_load((tmp_path / ".github/workflows/agora-contract.yml").read_text(encoding="utf-8"))
    steps = [step for job in workflow["jobs"].values() for step in job["steps"]]
    uploaded = {step["with"]["path"] for step in steps if "upload-artifact" in step.get("uses", "")}
    assert uploaded == {"reports/agora"}
    assert "AGORA_REPORTS := reports/agora" in (tmp_path / "agora-contract.mk").read_text(encoding="utf-8")
    assert any("--report-dir reports/agora" in step.get("run", "") for step in steps)


def test_the_workflow_has_a_job_for_a_server_of_ones_own(tmp_path: Path) -> None:
    RUN.invoke(app, ["contract", "init", str(tmp_path)])
    workflow = yaml.safe_load((tmp_path / ".github/workflows/agora-contract.yml").read_text(encoding="utf-8"))
    server = workflow["jobs"]["server"]
    assert server["if"] == "vars.AGORA_SERVER != ''"
    assert any('agora-rest contract run --base-url "$AGORA_SERVER"' in step.get("run", "") for step in server["steps"])


def test_the_first_test_imports_only_what_is_supported(tmp_path: Path) -> None:
    RUN.invoke(app, ["contract", "init", str(tmp_path)])
    tree = ast.parse((tmp_path / "tests/test_agora_contract.py").read_text(encoding="utf-8"))
    imports = [each for each in ast.walk(tree) if isinstance(each, ast.ImportFrom) and "agora_rest" in str(each.module)]
    assert len(imports) == 3
    for each in imports:
        public = importlib.import_module(str(each.module)).__all__
        assert {name.name for name in each.names} <= set(public)


def test_the_package_of_the_repository_is_installed_beside_ours(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("[project]\nname = 'mine'\nversion = '1'\n", encoding="utf-8")
    RUN.invoke(app, ["contract", "init", str(tmp_path)])
    command = ["make", "-n", "agora-contract", "AGORA_REST=./elsewhere"]
    shown = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True).stdout
    assert "pip install --quiet './elsewhere'" in shown
    assert "pip install --quiet --editable ." in shown


def test_nothing_is_overwritten_and_nothing_half_written(tmp_path: Path) -> None:
    (tmp_path / "agora-contract.mk").write_text("mine", encoding="utf-8")
    refused = RUN.invoke(app, ["contract", "init", str(tmp_path)])
    assert refused.exit_code == 2
    assert "agora-contract.mk: there already, and nothing was written" in refused.output
    assert [path.name for path in tmp_path.iterdir()] == ["agora-contract.mk"]


OUR_WORKFLOWS = sorted((Path(__file__).parents[2] / ".github/workflows").glob("*.yml"))


def test_actions_are_pinned_to_one_version_everywhere_also_in_what_is_written_for_others(tmp_path: Path) -> None:
    RUN.invoke(app, ["contract", "init", str(tmp_path)])
    pins: set[str] = set()
    for path in (*OUR_WORKFLOWS, tmp_path / ".github/workflows/agora-contract.yml"):
        jobs = yaml.safe_load(path.read_text(encoding="utf-8"))["jobs"]
        uses = [step["uses"] for job in jobs.values() for step in job["steps"] if "uses" in step]
        assert uses
        assert all(len(action.partition("@")[2]) == 40 for action in uses), path
        lines = path.read_text(encoding="utf-8").splitlines()
        pins |= {line.partition("uses: ")[2] for line in lines if "uses: " in line}  # with the comment on the version
    assert len(pins) == len({pin.partition("@")[0] for pin in pins}), sorted(pins)
