"""Reads a HAR file piece by piece: each exchange, each page, and each other member separately, in bounded memory.

`ijson` reads the JSON. Around it are the bounds: a string longer than `LONGEST_STRING` is cut while it is read, and a
value that is nested or large beyond any recording is refused.
"""

from __future__ import annotations

import codecs
import re
import secrets
from collections.abc import Iterator
from typing import IO, Any, Final, NamedTuple

import ijson

LONGEST_STRING: Final = 4 * 1024 * 1024
"""Minimum number of characters kept of a string. Only recorded media is longer."""

LARGEST_VALUE: Final = 48 * 1024 * 1024
"""Bytes of one exchange, roughly, as it takes up memory."""

DEEPEST: Final = 100
"""Levels of arrays and objects inside an exchange."""

_CHUNK: Final = 64 * 1024
_EVENT_COST: Final = 60
"""Bytes that a value takes up beside its characters."""

_CLEAN: Final = re.compile(r'[^\\"]{6}|[^\\"](?=\\)')
"""Where no escape sequence is open: none is longer than six characters, and a backslash behind another character begins
one."""
_INSIDE_STRING: Final = re.compile(r'(?:[^"\\]++|\\.)*+', re.DOTALL)

JsonEvent = tuple[str, Any]


class HarError(Exception):
    """A file cannot be read as HAR. The message is a sentence without anything of the file's content."""


class Shortened(str):
    """The beginning of a string that was too long to keep."""

    __slots__ = ()


class HarPiece(NamedTuple):
    """A piece of a HAR file.

    array: `entries` or `pages` for an element of those, "" for another member of `log`.
    number: the place of an element in its array, from 1; 0 marks the beginning of the array.
    """

    array: str
    number: int
    name: str
    value: Any


def units(stream: IO[bytes]) -> Iterator[HarPiece]:
    """Every piece of the HAR file in `stream`, in order. Raises HarError."""
    events = _Events(stream)
    found = False
    if events.next()[0] != "start_map":
        raise HarError("it is not a HAR file: it does not contain a JSON object")
    for name in events.keys():  # noqa: SIM118  not a dictionary
        event = events.next()
        if name == "log" and event[0] == "start_map":
            for unit in _log(events):
                found = found or unit.array == "entries"
                yield unit
        else:
            value = events.build(event, f"`{name[:40]}`" if name in ("log", "info", "item") else "a member")
            _refuse_postman(name, value)
    events.finish()
    if not found:
        raise HarError("it is not a HAR file: it has no `log.entries`")


def _log(events: _Events) -> Iterator[HarPiece]:
    for name in events.keys():  # noqa: SIM118  not a dictionary
        event = events.next()
        if name in ("entries", "pages") and event[0] == "start_array":
            number = 0
            yield HarPiece(name, 0, name, None)
            while (event := events.next())[0] != "end_array":
                number += 1
                what = f"exchange {number}" if name == "entries" else f"page {number}"
                yield HarPiece(name, number, name, events.build(event, what))
        else:
            yield HarPiece("", 0, name, events.build(event, "a member of `log`"))


def _refuse_postman(name: str, value: Any) -> None:
    if name != "info" or not isinstance(value, dict):
        return
    if "_postman_id" in value or "postman.com" in str(value.get("schema")):
        raise HarError(
            "it is a Postman collection, which contains requests but no recorded traffic. Send the requests through a "
            "recording proxy (mitmproxy: `mitmdump --set hardump=session.har`), or record them in a browser or with "
            "agora_rest.contract.traffic.record"
        )


class _Events:
    """The events of `ijson` within the bounds, and values built from them."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._sent: Any = ijson.sendable_list()
        self._parser = ijson.basic_parse_coro(self._sent, use_float=True)
        self._cut = f"cut {secrets.token_hex(16)}"
        """Ends a shortened string; cannot occur in a file."""
        self._pending = 0
        """Characters of an unfinished string or number that the parser has."""
        self._events = self._read(_texts(stream))

    def next(self) -> JsonEvent:
        """The next event."""
        event = next(self._events, None)
        if event is None:
            raise HarError("it is truncated: the JSON ends too early")
        return event

    def finish(self) -> None:
        """Read the rest, which must be nothing."""
        for _ in self._events:
            raise HarError("it is not JSON: something follows the end of the document")

    def keys(self) -> Iterator[str]:
        """The names in the object that was just opened; after each, its value must be read."""
        while (event := self.next())[0] != "end_map":
            yield event[1]

    def build(self, event: JsonEvent, what: str) -> Any:
        """The value that begins with `event`."""
        holder: list[Any] = []
        stack: list[Any] = [holder]
        keys: list[str] = [""]
        size = 0
        while True:
            kind, value = event
            size += _EVENT_COST + (len(value) if isinstance(value, str) else 0)
            if size > LARGEST_VALUE:
                raise HarError(f"{what} is larger than {LARGEST_VALUE >> 20} MiB")
            if kind == "map_key":
                keys[-1] = value
            elif kind in ("end_map", "end_array"):
                stack.pop()
                keys.pop()
            else:
                made = {} if kind == "start_map" else [] if kind == "start_array" else self._scalar(value)
                if isinstance(stack[-1], dict):
                    stack[-1][keys[-1]] = made
                else:
                    stack[-1].append(made)
                if kind in ("start_map", "start_array"):
                    stack.append(made)
                    keys.append("")
                    if len(stack) > DEEPEST:
                        raise HarError(f"{what} is nested more than {DEEPEST} levels deep")
            if len(stack) == 1:
                return holder[0]
            event = self.next()

    def _scalar(self, value: Any) -> Any:
        # By the mark alone: a string written in escape sequences is up to six times shorter when it is decoded.
        cut = isinstance(value, str) and value.endswith(self._cut)
        return Shortened(value.removesuffix(self._cut)) if cut else value

    def _read(self, texts: Iterator[str]) -> Iterator[JsonEvent]:
        for text in self._growing(texts):
            rest, pending = text, self._pending
            if pending > LONGEST_STRING and (clean := _CLEAN.search(text)):
                self._send(text[: clean.end()])
                rest = text[clean.end() :] if self._sent else self._skip_string(text[clean.end() :], texts)
                pending = 0
            elif pending > 2 * LONGEST_STRING:
                raise HarError("it has a string or a gap without end")
            self._send(rest)
            self._pending = 0 if self._sent else pending + len(text)
            yield from self._sent
            del self._sent[:]
        try:
            self._parser.close()
        except ijson.JSONError:
            raise HarError("it is truncated: the JSON ends too early") from None
        yield from self._sent

    def _growing(self, texts: Iterator[str]) -> Iterator[str]:
        """`texts`, joined until they are as long as what the parser has pending.

        The parser reads an unfinished string from its beginning with each piece: pieces of one size take quadratic
        time.
        """
        held: list[str] = []
        for text in texts:
            held.append(text)
            if sum(map(len, held)) >= min(self._pending, LONGEST_STRING):
                yield "".join(held)
                held = []
        yield "".join(held)

    def _skip_string(self, text: str, texts: Iterator[str]) -> str:
        """Leave out the rest of a long string, and give what follows: its end, and more."""
        while True:
            inside = _INSIDE_STRING.match(text)
            end = inside.end() if inside else 0
            if text[end : end + 1] == '"':
                return self._cut + text[end:]
            following = next(texts, None)
            if following is None:
                raise HarError("it is truncated: the JSON ends too early")
            text = text[end:] + following  # at most a backslash is left

    def _send(self, text: str) -> None:
        if not text:  # would be the end
            return
        try:
            self._parser.send(text.encode("utf-8"))
        except (ijson.JSONError, ValueError, OverflowError):
            raise HarError("it is not JSON, or it was cut off or changed by hand") from None


_COMPRESSED: Final = {b"\x1f\x8b": "gzip", b"PK": "zip", b"\x28\xb5\x2f\xfd": "zstd", b"BZh": "bzip2"}


def _texts(stream: IO[bytes]) -> Iterator[str]:
    """The text of the file. Bytes that are not UTF-8 are replaced."""
    chunk = stream.read(_CHUNK)
    for beginning, name in _COMPRESSED.items():
        if chunk.startswith(beginning):
            raise HarError(f"it is compressed with {name}: unpack it first")
    encoding = "utf-16" if chunk.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else "utf-8-sig"
    decoder = codecs.getincrementaldecoder(encoding)(errors="replace")
    while chunk:
        yield decoder.decode(chunk)
        chunk = stream.read(_CHUNK)
    yield decoder.decode(b"", final=True)
