"""No test replaces what the threads of other tests use too: they may serve an emulator in the same process."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Final

import pytest

PROJECT: Final = Path(__file__).parents[1]

SHARED: Final = frozenset({"asyncio", "random", "select", "selectors", "signal", "threading", "time"})
"""Modules that every thread uses. To change one for a module of ours, replace its name there:
`setattr(module, "time", SimpleNamespace(sleep=...))`."""

FILES: Final = [
    path
    for folder in ("tests", "contract_tests", "examples")
    for path in sorted((PROJECT / folder).rglob("*.py"))
    if path.name.startswith(("test_", "conftest"))
]


def replaced(source: str) -> list[str]:
    """What `setattr` and `patch` replace in shared modules."""
    calls = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call) and node.args]
    first = [call.args[0] for call in calls if ast.unparse(call.func).endswith(("setattr", "patch", "patch.object"))]
    targets = [str(each.value) if isinstance(each, ast.Constant) else f"{ast.unparse(each)}." for each in first]
    return [target for target in targets if SHARED & set(target.split(".")[:-1])]


def test_no_module_that_threads_share_is_patched() -> None:
    found = {str(path): replaced(path.read_text(encoding="utf-8")) for path in FILES}
    assert len(found) > 100
    assert {path: targets for path, targets in found.items() if targets} == {}


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ('monkeypatch.setattr("agora_rest.emulator.web.fault_injection.asyncio.sleep", sleep)', True),
        ('monkeypatch.setattr(engines.time, "sleep", sleep)', True),
        ('patch.setattr(threading.Thread, "start", start)', True),
        ('mock.patch("time.sleep")', True),
        ('monkeypatch.setattr(engines, "time", SimpleNamespace(sleep=sleep))', False),
        ('monkeypatch.setattr("agora_rest.fleet.engines.time", stub)', False),
    ],
)
def test_what_counts_as_a_patch_of_a_shared_module(source: str, found: bool) -> None:
    assert bool(replaced(source)) is found
