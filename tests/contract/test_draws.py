"""One seed makes one run, whatever else the process has loaded."""

from __future__ import annotations

import sys
from types import ModuleType

from hypothesis.internal.conjecture import providers

from agora_rest.contract.draws import drawn_by_seed_only


def test_constants_of_loaded_modules_are_not_drawn(monkeypatch, tmp_path) -> None:
    source = tmp_path / "of_the_user.py"
    source.write_text("PLANTED = 7_654_321\n", encoding="utf-8")
    module = ModuleType("of_the_user")
    module.__file__ = str(source)
    monkeypatch.setitem(sys.modules, "of_the_user", module)
    before = providers._get_local_constants
    with drawn_by_seed_only():
        assert not len(providers._get_local_constants())
    assert providers._get_local_constants is before
    assert 7_654_321 in providers._get_local_constants().integers, "Hypothesis no longer reads constants: mend the test"


def test_a_version_of_hypothesis_that_reads_none_is_left_alone(monkeypatch) -> None:
    monkeypatch.delattr(providers, "_get_local_constants")
    with drawn_by_seed_only():
        assert not hasattr(providers, "_get_local_constants")
