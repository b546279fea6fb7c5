"""What `make scaffold` writes for an operation that nothing but the specification has."""

from __future__ import annotations

import ast
import dataclasses
import shutil
from pathlib import Path

import pytest

from agora_rest import spec
from scripts import scaffold

ROOT = Path(__file__).resolve().parents[2]
NEW = "made_up_operation"


def tree(operation: spec.Operation, copy: Path) -> Path:
    """A copy of the files that a scaffold is written into."""
    for skeleton in scaffold.skeletons(scaffold.Operation(operation)):
        if (ROOT / skeleton.path).exists():
            (copy / skeleton.path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / skeleton.path, copy / skeleton.path)
        else:
            (copy / skeleton.path).parent.mkdir(parents=True, exist_ok=True)
    return copy


@pytest.mark.slow
@pytest.mark.parametrize("like", spec.operations().values(), ids=str)
def test_every_file_gets_a_skeleton_that_is_valid_and_no_other_change(like: spec.Operation, tmp_path: Path) -> None:
    """An operation like each that there is, under another name."""
    operation = dataclasses.replace(like, id=NEW)
    root = tree(operation, tmp_path)
    before = {path: path.read_text() for path in root.rglob("*.py")}
    written = [name for name in scaffold.scaffold(operation, root) if name.endswith(".py")]
    assert len(written) == (8 if like.effect.kind == "changes" else 9)
    for name in written:
        text = (root / name).read_text()
        ast.parse(text)
        assert NEW in text
        lost = set(before.get(root / name, "").splitlines()) - set(text.splitlines())
        assert not [line for line in lost if not line.startswith(("from ", "import "))]


def written_for(like: str, tmp_path: Path, name: str = NEW) -> dict[str, str]:
    """The files with the skeletons of an operation like this one, by the ends of their paths."""
    operation = dataclasses.replace(spec.operation(like), id=name)
    root = tree(operation, tmp_path)
    return {"/".join(Path(path).parts[-2:]): (root / path).read_text() for path in scaffold.scaffold(operation, root)}


def test_a_call_about_a_project_takes_a_project_and_returns_what_its_siblings_return(tmp_path: Path) -> None:
    written = written_for("set_project_status", tmp_path, "rename_project")
    assert "async def rename(self, project: str | Project, status: int) -> Project:" in written["_async/projects.py"]
    assert "def rename(\n    session: Session,\n    project: ProjectId,\n" in written["cli/projects.py"]
    assert "typer.Argument" not in written["cli/projects.py"]
    assert 'run("projects", "rename", "demo", "0")' in written["cli/test_projects.py"]


def test_a_call_about_a_recording_takes_the_recording(tmp_path: Path) -> None:
    written = written_for("update_layout", tmp_path)
    client = written["_async/recording_calls.py"].partition(f"async def {NEW}(")[2]
    assert client.lstrip().startswith("self, recording: StartedRecording, ")
    assert "results.changed,\n" in client
    assert f"def {NEW}(\n    session: AppSession,\n    ref: FullRecordingRef,\n" in written["cli/recordings.py"]


def test_the_response_of_a_call_of_today_is_made_by_the_dialect_of_today(tmp_path: Path) -> None:
    written = written_for("list_channel_hosts", tmp_path)
    assert f"def {NEW}(self" in written["web/current_dialect.py"]


def test_a_response_with_one_member_is_read_without_a_class_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scaffold, "_success", lambda operation: operation.id)  # no other has the same
    monkeypatch.setattr(scaffold.Operation, "example", (200, {"status": "success", "count": 2}))
    operation = dataclasses.replace(spec.operation("list_kicking_rules"), id="count_kicking_rules")
    root = tree(operation, tmp_path)
    written = {name: (root / name).read_text() for name in scaffold.scaffold(operation, root)}
    client = "src/agora_rest/client"
    assert "async def count(self) -> int:" in written[f"{client}/_async/kicking_rules.py"]
    assert "count_kicking_rules: Final = Reader(" in written[f"{client}/_results/kicking_rules.py"]
    assert "def count_kicking_rules(self, app_id: str) -> int:" in written["src/agora_rest/emulator/world.py"]
    assert 'query={"appid": app_id}' in written["src/agora_rest/contract/scenarios/kicking_rules.py"]
    assert f'query={{"appid": "{scaffold.APP_ID}"}}' in written["contract_tests/calls.py"].rpartition("Case(")[2]
    assert "`kicking_rules.count(…)`" in written["changelog.d/+count-kicking-rules.added.md"]


def test_a_second_run_changes_nothing(tmp_path: Path) -> None:
    operation = dataclasses.replace(spec.operation("set_recording_server"), id=NEW)
    root = tree(operation, tmp_path)
    scaffold.scaffold(operation, root)
    before = {path: path.read_text() for path in root.rglob("*.py")}
    assert scaffold.scaffold(operation, root) == {}
    assert {path: path.read_text() for path in root.rglob("*.py")} == before


def test_an_operation_that_the_project_has_already_is_left_alone(tmp_path: Path) -> None:
    operation = spec.operation("set_recording_server")
    root = tree(operation, tmp_path)
    before = (root / "src/agora_rest/emulator/web/operations.py").read_text()
    scaffold.scaffold(operation, root)
    assert (root / "src/agora_rest/emulator/web/operations.py").read_text() == before


def test_an_operation_that_no_specification_has_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.argv", ["scaffold.py", "nowhere"])
    with pytest.raises(SystemExit, match=r"'nowhere' is no operation .* write it in openapi/ first"):
        scaffold.main()
