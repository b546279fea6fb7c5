"""Makes untrusted text safe to print: a server's messages, request IDs, header values, names from files.

Such text may hold escape codes that repaint a terminal or set its title, line breaks that forge a log line,
bidirectional controls that reorder what is read, and halves of surrogate pairs that cannot be encoded. Every part calls
`printable` on it once, when it enters an error, a log line or a report.
"""

from __future__ import annotations

from typing import Final
from unicodedata import category

DEFAULT_LIMIT: Final = 300
"""The maximum number of characters shown, unless a caller sets another limit."""


def printable(text: str, *, limit: int | None = DEFAULT_LIMIT, newlines: bool = False) -> str:
    r"""`text` with every unprintable character escaped as Python writes it (`\x1b`, `\u202e`), at most `limit` long.

    `str.isprintable` decides what is unprintable: controls, format and bidirectional characters, line separators, lone
    surrogates, private and unassigned characters. Other spaces become the ASCII space. With `newlines`, line feeds and
    tabs stay. Longer text is truncated and ends in `…`; only the shown part is inspected. None is no limit.
    """
    shown = text if limit is None else text[: limit + 1]
    if not shown.isprintable():
        kept = "\n\t" if newlines else ""
        shown = "".join(c if c.isprintable() or c in kept else _escaped(c) for c in shown)
    return shown if limit is None or len(shown) <= limit else f"{shown[: limit - 1]}…"


def one_line(text: str, *, limit: int = DEFAULT_LIMIT) -> str:
    """`printable`, with every run of white space as one space, for messages that were formatted for a page."""
    return printable(" ".join(text[: 64 * limit].split()), limit=limit)


def _escaped(character: str) -> str:
    return " " if category(character) == "Zs" else character.encode("unicode_escape").decode("ascii")
