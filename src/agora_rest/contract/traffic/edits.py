"""Changes to a text, carried through the layers that it is wrapped in: JSON escapes, percent-encoding, base64."""

from __future__ import annotations

import base64
import binascii
import json
import re
from bisect import bisect_left
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final, NamedTuple
from urllib.parse import unquote

#: What stands in the place of a secret. It can stand in JSON, in a URL and in a header without being escaped.
MARK: Final = "REDACTED"


class Edit(NamedTuple):
    """The characters from `start` to `end` become `text`."""

    start: int
    end: int
    text: str = MARK


def in_order(edits: Iterable[Edit]) -> list[Edit]:
    """`edits` from left to right, those that overlap made one."""
    merged: list[Edit] = []
    for edit in sorted(edits):
        if merged and edit.start < merged[-1].end:
            last = merged[-1]
            merged[-1] = Edit(last.start, max(last.end, edit.end), last.text)
        else:
            merged.append(edit)
    return merged


def apply(text: str, edits: list[Edit]) -> str:
    """`text` with `edits`, which are in order, made to it."""
    parts, position = [], 0
    for edit in edits:
        parts += [text[position : edit.start], edit.text]
        position = edit.end
    return "".join([*parts, text[position:]])


def shifted(edits: Iterable[Edit], by: int) -> list[Edit]:
    """`edits` of a part of a text, as edits of the whole: the part begins at `by`."""
    return [Edit(edit.start + by, edit.end + by, edit.text) for edit in edits]


@dataclass(frozen=True)
class Layer:
    """A way to wrap text that writes some characters as longer sequences.

    sequence: matches one such sequence, which stands for one character.
    decode: gives the text that is wrapped; may raise ValueError.
    """

    sequence: re.Pattern[str]
    decode: Callable[[str], str]

    def edits(self, wrapped: str, find: Callable[[str], list[Edit]]) -> list[Edit]:
        """What `find` would change in the text inside, as changes of `wrapped`; the rest stays as it is written."""
        try:
            inside = self.decode(wrapped)
        except ValueError:
            return find(wrapped)
        found = find(inside)
        return self.outside(wrapped, found) if found and inside != wrapped else found

    def outside(self, wrapped: str, edits: Iterable[Edit]) -> list[Edit]:
        """`edits` of the text inside, as edits of `wrapped`."""
        starts, surplus = [], [0]
        for match in self.sequence.finditer(wrapped):
            starts.append(match.start() - surplus[-1])
            surplus.append(surplus[-1] + len(match.group()) - 1)

        def position(inside: int) -> int:
            return inside + surplus[bisect_left(starts, inside)]

        return [Edit(position(edit.start), position(edit.end), edit.text) for edit in edits]


def _unescape(text: str) -> str:
    if "\\" not in text:
        return text
    decoded: str = json.loads(f'"{text}"', strict=False)
    return decoded


def _unquote(text: str) -> str:
    return unquote(text, encoding="latin-1")


#: The content of a JSON string. A character beyond the basic plane is a pair of escapes.
JSON_STRING = Layer(
    re.compile(r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4}|\\.", re.DOTALL),
    _unescape,
)

#: Percent-encoding, byte by byte.
PERCENT = Layer(re.compile(r"%[0-9a-fA-F]{2}"), _unquote)

_BASE64 = re.compile(r"(?:[A-Za-z0-9+/]{4}){4,}+(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?")


def base64_edits(text: str, find: Callable[[str], list[Edit]]) -> list[Edit]:
    """What `find` would change in the text that `text` is the base64 of; nothing where it is no base64.

    Each mark is as long as what it hides, so that the rest of the base64 stays as it is.
    """
    if not _BASE64.fullmatch(text):
        return []
    try:
        decoded = base64.b64decode(text, validate=True)
    except binascii.Error:
        return []
    edits = in_order(find(decoded.decode("latin-1")))
    if not edits:
        return []
    hidden = bytearray(decoded)
    for edit in edits:
        length = edit.end - edit.start
        hidden[edit.start : edit.end] = edit.text.ljust(length, "-")[:length].encode("latin-1")
    first, last = edits[0].start // 3 * 4, -(-edits[-1].end // 3) * 4
    return [Edit(first, last, base64.b64encode(hidden).decode("ascii")[first:last])]
