"""The benchmarks run, and docs/performance.md is what they write. How fast anything is, is not tested here."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from benchmarks import document, emulators, limiter, rivals
from benchmarks.__main__ import SECTIONS, main, measure
from benchmarks.measure import compared, in_turn
from benchmarks.rows import TINY, Results, Row, Section
from tests.programs import unavailable

MISSING = {
    "emulator": (emulators.PRISM.exists, "Prism is missing: run `make node_modules/.installed`"),
    "overhead": (
        lambda: any((rivals.PROJECT / ".venv").glob("rivals-*/.complete")),
        "other clients are missing: run `make rivals`, which installs them apart",
    ),
}
"""What a benchmark needs that `make setup` does not install."""


@pytest.mark.slow
@pytest.mark.timeout(1200)  # plain schemathesis alone takes minutes on a busy machine
@pytest.mark.parametrize("section", SECTIONS, ids=lambda section: section.name)
def test_each_benchmark_gives_rows_that_can_be_kept(
    section: Section, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limiter, "CALLERS", limiter.CALLERS[-1:])  # the others wait as long for the same limit
    is_there, reason = MISSING.get(section.name, (lambda: True, ""))
    if not is_there():
        unavailable(reason)

    results = measure(section, TINY)

    assert len({row.what for row in results.rows}) == len(results.rows) > 0
    assert any(row.target for row in results.rows) or section.name == "thin"
    assert Results.from_json(results.to_json()) == results
    assert all(row.what in capsys.readouterr().out for row in results.rows[:1])


def test_the_document_is_what_its_results_give() -> None:
    assert document.DOCUMENT.read_text(encoding="utf-8") == document.markdown(SECTIONS, document.kept())


def test_every_benchmark_is_in_the_document() -> None:
    assert set(document.kept()) == {section.name for section in SECTIONS}


@pytest.mark.parametrize(
    ("ratio", "target", "forbidden", "verdict"),
    [
        (1.10, "≤ 1.10", 0, "met"),
        (1.11, "≤ 1.10", 0, "**not met**"),
        (15.0, "≥ 15", 0, "met"),
        (14.9, "≥ 15", 0, "**not met**"),
        (0.99, "≥ 0.95", 1, "**not met**"),
        (99.0, None, 3, ""),
    ],
)
def test_a_verdict_follows_from_ratio_target_and_what_must_never_happen(
    ratio: float, target: str | None, forbidden: int, verdict: str
) -> None:
    assert Row("a row", ratio, ratio, ratio, target=target, forbidden=forbidden).verdict == verdict


def test_a_missed_target_is_shown_in_the_summary_and_explained() -> None:
    def nothing(_: object) -> Iterator[Row]:
        yield from ()

    rows = (Row("quick", 1.0, 1.0, 1.0, target="≤ 1.10"), Row("slow", 3.0, 3.0, 3.0, target="≤ 2.00"))
    results = {"sample": Results(rows, "2026-01-01", "one core")}

    explained = document.markdown([Section("sample", "A sample", "Words.", nothing, limits="Physics.")], results)
    unexplained = document.markdown([Section("sample", "A sample", "Words.", nothing)], results)

    assert "| [A sample](#a-sample) | 1 of 2 | slow (3.00) |" in explained
    assert "Physics." in explained
    assert "remains to be said" in unexplained


def test_everything_is_measured_in_turn_and_each_round_the_other_way_round() -> None:
    order: list[str] = []
    in_turn({name: lambda name=name: order.append(name) for name in "abc"}, 2)  # type: ignore[misc]
    assert order == ["a", "b", "c", "c", "b", "a"]


def test_a_ratio_is_taken_within_each_round() -> None:
    row = compared("a row", [2.0, 20.0, 200.0], [1.0, 10.0, 100.0])
    assert (row.ratio, row.low, row.high) == (2.0, 2.0, 2.0)


def test_a_rough_run_is_not_written(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--quick", "--write"])
    assert "too rough" in capsys.readouterr().err
