from __future__ import annotations

from pathlib import Path

import pytest

from agora_rest.contract.checking.checks import Check
from agora_rest.contract.http.control import Control
from agora_rest.contract.results.last_failure import Failed, Kept, failed_first
from agora_rest.contract.safety.access import Profile

FAILED = Failed(42, ("a_check", "b_check"))


def checks(*names: str) -> list[Check]:
    return [Check(name, ("CR-11",), Control.NONE, Profile.FULL, print) for name in names]


def test_what_failed_is_recalled_by_the_next_process(tmp_path: Path) -> None:
    Kept(tmp_path / "new" / "failed.json").remember("http://server", FAILED)
    assert Kept(tmp_path / "new" / "failed.json").recall("http://server") == FAILED
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["failed.json"]


def test_each_server_has_its_own(tmp_path: Path) -> None:
    kept = Kept(tmp_path / "failed.json")
    kept.remember("http://one", FAILED)
    kept.remember("http://two", Failed(1, ()))
    kept.remember("http://two", None)
    assert kept.recall("http://one") == FAILED
    assert kept.recall("http://two") is None


def test_a_run_that_holds_writes_nothing(tmp_path: Path) -> None:
    Kept(tmp_path / "new" / "failed.json").remember("http://server", None)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"s": 1}', '{"s": {"seed": "1", "checks": []}}', '{"s": {"seed": 1}}', "\xff"]
)
def test_a_damaged_file_is_as_good_as_none(tmp_path: Path, text: str) -> None:
    file = tmp_path / "failed.json"
    file.write_bytes(text.encode("latin-1"))
    assert Kept(file).recall("s") is None
    Kept(file).remember("s", FAILED)
    assert Kept(file).recall("s") == FAILED


def test_a_place_that_cannot_be_written_is_no_obstacle(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    Kept(tmp_path / "file" / "failed.json").remember("s", FAILED)
    assert Kept(tmp_path / "file" / "failed.json").recall("s") is None


def test_what_failed_comes_first_and_the_rest_keeps_its_order() -> None:
    ordered = failed_first(checks("c", "b_check", "d", "a_check"), FAILED.checks)
    assert [each.name for each in ordered] == ["b_check", "a_check", "c", "d"]
