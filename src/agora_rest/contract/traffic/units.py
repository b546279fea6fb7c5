"""Cutting a HAR file into units that are small enough to hold in memory.

A unit is one element of an array in `log` (an entry, a page) or what stands between two of them. A string longer than
`LONGEST_STRING` (a recorded video, say) does not stand in its unit: a marker does, and its content goes to a `Spill`.
So memory is bounded by what one exchange says beside its long bodies, however long the file is. The units, with each
marker replaced by what it stands for, are the file, character by character.
"""

from __future__ import annotations

import codecs
import re
import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import IO, Final, Protocol

#: Characters. A longer string is not held in memory.
LONGEST_STRING: Final = 4 * 1024 * 1024

_CHUNK = 1024 * 1024
_SPACE = re.compile(r"[ \t\r\n]*+")
_BARE = re.compile(r"[^\s\"{}\[\],:]++")
_IN_STRING = re.compile(r'(?:[^"\\]++|\\u[0-9a-fA-F]{4}|\\["\\/bfnrt])*+')
_LONGEST_ESCAPE = len(r"\uffff")
_STRING = re.compile(r'"((?:[^"\\]++|\\.)*+)"', re.DOTALL)
#: Everything up to the next bracket, strings included, or up to a string that is not complete.
_FLAT = re.compile(r'[^"{}\[\]]*+(?:"(?:[^"\\]++|\\.)*+"[^"{}\[\]]*+)*+', re.DOTALL)


class HarError(ValueError):
    """The file is no HAR file; the message says where it stops being one."""


class Spill(Protocol):
    """Where the content of an overlong string goes, in pieces that never end inside an escape."""

    def write(self, piece: str) -> None:
        """Take the next piece."""

    def close(self) -> None:
        """The string is complete."""


class Spills(Protocol):
    """Makes a `Spill` for each overlong string."""

    def open(self, marker: str) -> Spill:
        """A spill for the string that `marker` stands for."""


class _Nowhere:
    """Drops overlong strings."""

    def open(self, marker: str) -> Spill:  # noqa: ARG002 - the protocol's signature
        return self

    def write(self, piece: str) -> None:
        pass

    def close(self) -> None:
        pass


@dataclass(frozen=True)
class Unit:
    """A piece of the file.

    array: the name of the array in `log` it is an element of (`entries`, `pages`); "" for what stands between elements.
    markers: the markers in it, each the content of a string, in order.
    """

    array: str
    text: str
    markers: tuple[str, ...] = ()


@dataclass
class _Text:
    """The file as text, of which a part is in memory. Bytes that are no UTF-8 survive as lone surrogates."""

    stream: IO[bytes]
    buffer: str = ""
    position: int = 0
    ended: bool = False
    _decoder: codecs.IncrementalDecoder = field(
        default_factory=lambda: codecs.getincrementaldecoder("utf-8")("surrogateescape")
    )

    def fill(self) -> bool:
        """Read on; False at the end of the file."""
        if self.ended:
            return False
        chunk = self.stream.read(_CHUNK)
        self.ended = not chunk
        self.buffer = self.buffer[self.position :] + self._decoder.decode(chunk, final=self.ended)
        self.position = 0
        return True

    def peek(self) -> str:
        """The next character, "" at the end."""
        while self.position >= len(self.buffer):
            if not self.fill():
                return ""
        return self.buffer[self.position]

    def reach(self, pattern: re.Pattern[str]) -> int:
        """Where `pattern` ends that begins here; here, if it does not match."""
        found = pattern.match(self.buffer, self.position)
        return found.end() if found else self.position

    def take(self, pattern: re.Pattern[str]) -> str:
        """What `pattern`, which can match nothing, matches here; read on while it matches all there is."""
        taken = []
        while True:
            end = self.reach(pattern)
            taken.append(self.buffer[self.position : end])
            self.position = end
            if end < len(self.buffer) or not self.fill():
                return "".join(taken)


class _Cutter:
    """Walks down `log`, and cuts its arrays into their elements."""

    def __init__(self, text: _Text, spills: Spills) -> None:
        self._text, self._spills = text, spills
        self._key = f"long string {secrets.token_hex(8)}"  # nobody can have written it into the file
        self._count = 0
        self._between: list[str] = []
        self._markers: list[str] = []

    def units(self) -> Iterator[Unit]:
        self._between.append(self._text.take(re.compile("\ufeff?")))
        found_entries = False
        for top in self._members("a HAR file is a JSON object"):
            if top != "log":
                self._value(self._between, self._markers)
                continue
            for name in self._members("`log` is an object"):
                found_entries = found_entries or name == "entries"
                self._space()
                if self._text.peek() == "[":
                    yield from self._elements(name)
                else:
                    self._value(self._between, self._markers)
        self._space()
        if self._text.peek():
            raise HarError("something stands behind the end of the JSON object")
        if not found_entries:
            raise HarError("there is no `log.entries` in it")
        yield self._rest()

    def _members(self, expectation: str) -> Iterator[str]:
        """The names of an object's members; the caller reads each value before it asks for the next name."""
        self._space()
        self._expect("{", expectation)
        self._space()
        if self._text.peek() == "}":
            self._expect("}", "")
            return
        while True:
            self._space()
            name: list[str] = []
            self._string(name, self._markers)
            self._between += name
            self._space()
            self._expect(":", "a value follows each name")
            yield "".join(name)[1:-1]
            self._space()
            if self._text.peek() == "}":
                self._expect("}", "")
                return
            self._expect(",", "members are separated by commas")

    def _elements(self, array: str) -> Iterator[Unit]:
        self._expect("[", "")
        self._space()
        while self._text.peek() != "]":
            yield self._rest()
            parts: list[str] = []
            markers: list[str] = []
            self._value(parts, markers)
            yield Unit(array, "".join(parts), tuple(markers))
            self._space()
            if self._text.peek() != "]":
                self._expect(",", f"elements of `{array}` are separated by commas")
                self._space()
        self._expect("]", "")

    def _rest(self) -> Unit:
        unit = Unit("", "".join(self._between), tuple(self._markers))
        self._between, self._markers = [], []
        return unit

    def _space(self) -> None:
        self._between.append(self._text.take(_SPACE))

    def _expect(self, character: str, expectation: str) -> None:
        if self._text.peek() != character:
            raise HarError(f"{expectation or character}, and here is {self._text.peek() or 'the end of the file'!r}")
        self._text.position += 1
        self._between.append(character)

    def _value(self, parts: list[str], markers: list[str]) -> None:
        """Read one value of any kind."""
        self._space()
        if self._text.peek() == '"':
            self._string(parts, markers)
        elif self._text.peek() in ("{", "["):
            self._nested(parts, markers)
        elif not self._take_bare(parts):
            raise HarError(f"a value was expected, and here is {self._text.peek() or 'the end of the file'!r}")

    def _take_bare(self, parts: list[str]) -> bool:
        parts.append(self._text.take(_BARE))
        return bool(parts[-1])

    def _nested(self, parts: list[str], markers: list[str]) -> None:
        """Read an object or array: up to the bracket that closes it."""
        depth = 0
        while True:
            text = self._text
            end = text.reach(_FLAT)
            parts.append(text.buffer[text.position : end])
            text.position = end
            bracket = text.peek()
            if bracket == '"':
                self._string(parts, markers)
            elif bracket in ("{", "[", "}", "]"):
                parts.append(bracket)
                text.position += 1
                depth += 1 if bracket in "{[" else -1
                if depth == 0:
                    return
            elif not bracket:
                raise HarError("the file ends in the middle of an object")

    def _string(self, parts: list[str], markers: list[str]) -> None:
        """Read a string; an overlong one is spilled."""
        text = self._text
        if text.peek() != '"':
            raise HarError(f"a name was expected, and here is {text.peek() or 'the end of the file'!r}")
        while not (found := _STRING.match(text.buffer, text.position)):
            if len(text.buffer) - text.position > LONGEST_STRING:
                self._spill(parts, markers)
                return
            if not text.fill():
                raise HarError("the file ends in the middle of a string")
        parts.append(found.group())
        text.position = found.end()

    def _spill(self, parts: list[str], markers: list[str]) -> None:
        text = self._text
        marker = f"{self._key} {self._count}"
        self._count += 1
        spill = self._spills.open(marker)
        text.position += 1
        while text.peek() != '"':
            end = text.reach(_IN_STRING)
            if end > text.position:
                spill.write(text.buffer[text.position : end])
                text.position = end
            elif len(text.buffer) - text.position >= _LONGEST_ESCAPE:
                raise HarError("a string holds a backslash that escapes nothing")
            elif not text.fill():
                raise HarError("the file ends in the middle of a string")
        text.position += 1
        spill.close()
        parts.append(f'"{marker}"')
        markers.append(marker)


def units(stream: IO[bytes], spills: Spills | None = None) -> Iterator[Unit]:
    """The HAR file in `stream`, unit by unit. Overlong strings go to `spills`, or nowhere.

    Raises HarError.
    """
    yield from _Cutter(_Text(stream), spills or _Nowhere()).units()
