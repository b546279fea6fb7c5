"""Output of commands: JSON for scripts, tables for people, tab-separated lines for pipes.

Results go to standard output; remarks about them go to standard error. Nothing that a server sends reaches a
terminal as a control sequence or as markup.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import typer

from agora_rest.cli._json import dumped, to_json
from agora_rest.text import printable as escaped


@dataclass(frozen=True)
class Column:
    """A column of a table: its title, and the function that gives its cell for an item."""

    title: str
    cell: Callable[[Any], Any]
    number: bool = False
    """Right-aligned."""
    whole: bool = False
    """Never broken into two lines: for what people copy. Numbers never are."""


@dataclass(frozen=True)
class Output:
    """The output of one command, in two forms: each method prints nothing if the other form is wanted."""

    as_json: bool

    def document(self, value: Any) -> None:
        """With --json: one JSON document."""
        self.raw_document(to_json(value))

    def raw_document(self, value: Any) -> None:
        """With --json: one JSON document from JSON values, including any secrets in them."""
        if self.as_json:
            _write(dumped(value, ascii_only=not _speaks_unicode(), indent=2))

    def line(self, value: Any) -> None:
        """With --json: one line of JSON Lines, at once."""
        if self.as_json:
            _write(dumped(to_json(value), ascii_only=not _speaks_unicode(), indent=None))

    def message(self, text: str) -> None:
        """Without --json: a sentence for people, on standard output."""
        if not self.as_json:
            _write(printable(text))

    def note(self, text: str) -> None:
        """Without --json: a remark that is not a result, on standard error."""
        if not self.as_json:
            typer.echo(printable(text), err=True)

    def fields(self, pairs: Iterable[tuple[str, Any]]) -> None:
        """Without --json: names and values, one pair a line; a value is never broken."""
        if self.as_json:
            return
        shown = [(name, cell(value)) for name, value in pairs]
        width = max(len(name) for name, _ in shown)
        for name, value in shown:
            _write(f"{name:<{width}}  {value}")

    def table(self, columns: Sequence[Column], items: Iterable[Any], *, empty: str) -> None:
        """Without --json: a table on a terminal, elsewhere lines with tabs: the titles, and one for each item."""
        if self.as_json:
            return
        rows = [[cell(column.cell(item)) for column in columns] for item in items]
        if not sys.stdout.isatty():
            for row in [[column.title for column in columns], *rows]:
                _write("\t".join(row))
        elif rows:
            _print_table(columns, rows)
        else:
            _write(empty)


def _write(line: str) -> None:
    """Print a line and flush it, for readers of a pipe. `typer.echo` would not clear a live line."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def discard_output() -> None:
    """Discard unwritten output: Python would retry writing it at exit, and fail with a message."""
    with suppress(OSError, ValueError):
        sys.stdout.flush()
        return
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def cell(value: Any) -> str:
    """A value as people read it."""
    if value is None or value == "":
        return "-"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M:%S}Z"
    if isinstance(value, float):
        return f"{value:,.2f}".rstrip("0").rstrip(".")
    if isinstance(value, list | tuple):
        return ", ".join(map(cell, value)) or "-"
    return printable(str(value))


def printable(text: str) -> str:
    """`text` with every control character escaped, so that it can neither move a cursor nor forge a line."""
    return escaped(text, limit=None)


def _print_table(columns: Sequence[Column], rows: Sequence[Sequence[str]]) -> None:
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, padding=(0, 1, 0, 0), header_style="bold")
    console = Console(highlight=False)
    for column, width in zip(columns, _widths(columns, rows, console.width), strict=True):
        table.add_column(column.title, justify="right" if column.number else "left", width=width, overflow="fold")
    for row in rows:
        table.add_row(*map(Text, row))
    console.print(table)


def _widths(columns: Sequence[Column], rows: Sequence[Sequence[str]], room: int) -> list[int | None]:
    """The widths of the columns; None for natural widths.

    If there is too little room, titles and breakable cells are wrapped. Other cells are wrapped
    only if they alone are too wide, because nothing is truncated.
    """
    from rich.cells import cell_len

    longest = [max(cell_len(row[index]) for row in rows) for index in range(len(columns))]
    room -= 2 * (len(columns) - 1)
    wide = sum(max(width, cell_len(column.title)) for column, width in zip(columns, longest, strict=True)) > room
    whole = [
        max(width, *map(cell_len, column.title.split())) if column.whole or column.number else None
        for column, width in zip(columns, longest, strict=True)
    ]
    return whole if wide and sum(width or 1 for width in whole) <= room else [None] * len(columns)


def _speaks_unicode() -> bool:
    return (sys.stdout.encoding or "").lower().replace("-", "") == "utf8"
