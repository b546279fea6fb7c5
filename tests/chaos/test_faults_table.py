"""docs/faults.md says what happens."""

from __future__ import annotations

from pathlib import Path

import pytest

from agora_rest.client._transports import send
from scripts import faults_table

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "faults.md"


def test_the_table_of_faults_is_what_the_client_does(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(send, "MIN_READ_TIMEOUT", {})
    written = DOCUMENT.read_text(encoding="utf-8").splitlines()
    assert [row for _, row in faults_table.rows(delays=False) if row not in written] == []


def test_it_has_every_kind_of_fault_and_nothing_is_left_running_in_it() -> None:
    text = DOCUMENT.read_text(encoding="utf-8")
    rows = [line for line in text.splitlines() if line.startswith("| ") and "---" not in line]
    assert len(rows) == len(faults_table.USES) * (2 * len(faults_table.FAULTS) + 1)
    assert {str(fault.kind) for _, fault in faults_table.FAULTS} == set(faults_table.FaultKind)
    assert "1 running" not in text
    assert "2 created" not in text
    assert "2 rules" not in text
