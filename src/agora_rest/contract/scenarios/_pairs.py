"""Few combinations of settings in which each value of each meets each value of every other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import Any

from agora_rest.contract.http.wire import OMIT

Row = tuple[int, ...]
"""The index of a value for each setting."""

Cell = tuple[int, int]
"""A setting and the index of its value."""


def pairwise(factors: Mapping[str, Sequence[Any]]) -> list[dict[str, Any]]:
    """Settings such that any two values of two factors meet in one of them; `OMIT` leaves a member out.

    Greedy and without chance: the same factors give the same rows.
    """
    columns = list(factors.values())
    missing = {
        ((one, first), (other, second))
        for one, other in combinations(range(len(columns)), 2)
        for first in range(len(columns[one]))
        for second in range(len(columns[other]))
    }
    rows: list[Row] = []
    while missing:
        row = _row(columns, missing)
        missing -= set(combinations(enumerate(row), 2))
        rows.append(row)
    values = [
        dict(zip(factors, (column[at] for column, at in zip(columns, row, strict=True)), strict=True)) for row in rows
    ]
    return [{name: value for name, value in each.items() if value is not OMIT} for each in values]


def _row(columns: Sequence[Sequence[Any]], missing: set[tuple[Cell, Cell]]) -> Row:
    """A row that begins with a missing pair, and has with every further value as many more as can be."""
    chosen = dict(min(missing))
    for factor in (each for each in range(len(columns)) if each not in chosen):

        def met(at: int, factor: int = factor) -> int:
            return sum(tuple(sorted(((factor, at), cell))) in missing for cell in chosen.items())

        chosen[factor] = max(range(len(columns[factor])), key=met)
    return tuple(chosen[factor] for factor in range(len(columns)))
