"""Finding secrets in a text of any kind: JSON by its structure, anything else by its looks.

A string inside JSON may hold JSON again, or a URL, a form, base64: each is looked into as well, a few levels down.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Generator, Iterable, Iterator
from dataclasses import dataclass, field

from agora_rest.contract.traffic.edits import JSON_STRING, MARK, PERCENT, Edit, base64_edits, in_order, shifted
from agora_rest.contract.traffic.names import by_looks, is_secret, is_secret_in_url, password_of, scheme_end

_DEEPEST = 6

#: A value this short is found elsewhere by chance.
_SHORTEST_ECHO = 8

#: A string, with the colon behind it where it is a name; a bracket.
_TOKEN = re.compile(r'"((?:[^"\\]++|\\.)*+)"(\s*+:)?|([{}\[\]])', re.DOTALL)
_NUMBER = re.compile(r"\s*+(-?[0-9][0-9.eE+-]*+)")
_OPENING = re.compile(r"\s*+[{\[]")
_SCALAR = re.compile(r'"((?:[^"\\]++|\\.)*+)"(\s*+:)?|(?<![\w.+-])(-?[0-9][0-9.eE+-]*+)', re.DOTALL)

#: Where a secret in running text, or its name, may begin; in small letters. Plain strings, because looking for each of
#: them is ten times faster than one regular expression for all, and nearly all text of a large file holds none.
_HINTS = (
    *("auth", "certificate", "cookie", "credential", "customer", "key", "passphrase", "passw", "secret", "session"),
    *("sig", "token", "basic", "bearer", "://", "eyj", "006", "007ejx", "akia", "asia", "-----begin"),
)
_NAME = re.compile(r"[A-Za-z0-9_-]*+")
_QUOTED = re.compile(r"(\\*+[\"'])\s*+:\s*+(\\*+[\"'])")
_BARE = re.compile(r"\\*+[\"']\s*+:\s*+(-?[0-9][0-9.eE+-]*+)")
_FORM = re.compile(r"=([^&#\s\"'<>\\]++)")
_HEADER = re.compile(r":[ \t]*+([^\r\n]++)")
_MULTIPART = re.compile(r'"[^\r\n]*+(?:\r?\n[^\r\n]++)*+\r?\n\r?\n(.*?)(?=\r?\n--|\Z)', re.DOTALL)
_WORDS = frozenset({"true", "false", "null", "none", "undefined", MARK.lower()})
_ESCAPED_STRUCTURE = re.compile(r"%(?:22|26|3[dD])")


@dataclass
class _Object:
    """An object or array of JSON that is being read, as far as it matters."""

    holder: str
    """The name it is the value of; that of the array it is an element of."""
    key: str = ""
    name: str = ""
    value: tuple[int, int, bool] | None = None
    """Where the content of its member `value` is, and whether that is a string."""


@dataclass
class Search:
    """A search for secrets.

    known: values that are secrets wherever they stand.
    seen: the secrets found, for being looked for elsewhere.
    """

    known: Iterable[str] = ()
    seen: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        longest_first = "|".join(map(re.escape, sorted(self.known, key=len, reverse=True)))
        # Whole words only: a password may be a word that a path is made of.
        self._known = re.compile(rf"(?<!\w)(?:{longest_first})(?!\w)") if longest_first else None

    def in_json(self, text: str) -> list[Edit]:
        """The secrets in `text`, which is JSON or a part of it."""
        return in_order(self._in_json(text, 0))

    def in_text(self, text: str) -> list[Edit]:
        """The secrets in `text`, which may be anything."""
        return in_order(self._in_any(text, 0))

    def _in_any(self, text: str, depth: int) -> list[Edit]:
        if depth > _DEEPEST or not text or text.isspace():
            return []
        if _is_json(text):
            return list(self._in_json(text, depth))
        return self._in_text(text, depth)

    # -- JSON, by its structure ---------------------------------------------------------------------------------------

    def _in_json(self, text: str, depth: int) -> Iterator[Edit]:
        open_objects = [_Object("")]
        passed = 0
        for token in _TOKEN.finditer(text):
            if token.start() < passed:
                continue
            here = open_objects[-1]
            string, colon, bracket = token.groups()
            if colon:
                here.key = _decoded(string)
                if here.key == "value" and (number := _NUMBER.match(text, token.end())):
                    here.value = (*number.span(1), False)
                elif is_secret(here.key):
                    passed = yield from self._everything(text, token.end())
            elif string is not None:
                yield from self._string(text, token.span(1), here, depth)
            elif bracket in "{[":
                open_objects.append(_Object(here.key or here.holder))
            else:
                yield from self._pair(text, here, depth)
                if len(open_objects) > 1:
                    open_objects.pop()
        for unclosed in open_objects:
            yield from self._pair(text, unclosed, depth)

    def _string(self, text: str, span: tuple[int, int], here: _Object, depth: int) -> Iterator[Edit]:
        if here.key == "value":
            here.value = (*span, True)
            return
        if here.key in ("name", "key"):
            here.name = _decoded(text[slice(*span)])
        yield from self._leaf(text, span, depth)

    def _pair(self, text: str, here: _Object, depth: int) -> Iterator[Edit]:
        """An object with `name` and `value`: a header, a cookie, a parameter."""
        if here.value is None:
            return
        start, end, is_string = here.value
        if here.name.lower().endswith("authorization"):
            start += scheme_end(text[start:end])
            yield from self._hide(text, start, end, is_string)
        elif (
            here.holder == "cookies"
            or is_secret(here.name)
            or (here.holder == "queryString" and is_secret_in_url(here.name))
        ):
            yield from self._hide(text, start, end, is_string)
        elif is_string:
            yield from self._leaf(text, (start, end), depth)

    def _everything(self, text: str, start: int) -> Generator[Edit, None, int]:
        """Hide the value that begins at `start`, whatever it is. Gives where it ends."""
        opening = _OPENING.match(text, start)
        end = _closing(text, opening.end() - 1) if opening else start
        if not opening:
            value = _TOKEN.match(text, _skip_space(text, start)) or _NUMBER.match(text, start)
            end = value.end() if value else start
        for scalar in _SCALAR.finditer(text, start, end):
            if not scalar[2]:  # no name
                is_string = scalar[1] is not None
                yield from self._hide(text, *scalar.span(1 if is_string else 3), is_string)
        return end

    def _leaf(self, text: str, span: tuple[int, int], depth: int) -> list[Edit]:
        raw = text[slice(*span)]
        return shifted(JSON_STRING.edits(raw, lambda inside: self._in_any(inside, depth + 1)), span[0])

    def _hide(self, text: str, start: int, end: int, is_string: bool) -> Iterator[Edit]:
        """Hide a value; an empty one says that there is nothing to hide, which is worth seeing."""
        if start == end or _is_hidden(text[start:end]):
            return
        if is_string:
            self._see(_decoded(text[start:end]))
        yield Edit(start, end, MARK if is_string else "0")

    # -- anything else, by its looks ----------------------------------------------------------------------------------

    def _in_text(self, text: str, depth: int) -> list[Edit]:
        encoded = base64_edits(text, lambda inside: in_order(self._in_any(inside, depth + 1)))
        if encoded:
            return encoded
        edits = list(self._hints(text))
        if depth < _DEEPEST and _ESCAPED_STRUCTURE.search(text):
            edits += PERCENT.edits(text, lambda inside: self._in_any(inside, depth + 1) if inside != text else [])
        if self._known:
            edits += [Edit(*found.span()) for found in self._known.finditer(text)]
        return edits

    def _hints(self, text: str) -> Iterator[Edit]:
        passed = 0
        for position in _hints_in(text):
            if position < passed:
                continue
            span = by_looks(text, position) or _named(text, position)
            if span and span[0] < span[1] and not _is_hidden(text[slice(*span)]):
                self._see(text[slice(*span)])
                yield Edit(*span)
                passed = span[1]

    def _see(self, value: str) -> None:
        for secret in (value, password_of(value) or ""):
            if len(secret) >= _SHORTEST_ECHO:
                self.seen.add(secret)


def _is_hidden(value: str) -> bool:
    """Whether `value` is a mark, which may have been made as long as what it hides."""
    return value.rstrip("-") == MARK


def _is_json(text: str) -> bool:
    if text.lstrip("\ufeff \t\r\n")[:1] not in ("{", "["):
        return False
    try:
        json.loads(text.lstrip("\ufeff"), strict=False)
    except (ValueError, RecursionError):
        return False
    return True


def _decoded(string: str) -> str:
    try:
        return JSON_STRING.decode(string)
    except ValueError:
        return string


def _skip_space(text: str, position: int) -> int:
    while position < len(text) and text[position].isspace():
        position += 1
    return position


def _closing(text: str, position: int) -> int:
    """Behind the bracket that closes the one at `position`; the end of `text` where none does."""
    depth = 0
    for token in _TOKEN.finditer(text, position):
        if token[3]:
            depth += 1 if token[3] in "{[" else -1
            if depth == 0:
                return token.end()
    return len(text)


def _hints_in(text: str) -> list[int]:
    """The places in `text` to look at, in order."""
    small = text.lower()
    if len(small) != len(text):  # a few letters grow when they are made small
        small = "".join(letter.lower() if letter.isascii() else letter for letter in text)
    places = []
    for hint in _HINTS:
        place = small.find(hint)
        while place >= 0:
            places.append(place)
            place = small.find(hint, place + len(hint))
    return sorted(places)


def _named(text: str, position: int) -> tuple[int, int] | None:
    """Where the value is that belongs to a secret's name, if `position` is inside one."""
    start = position
    while start and (text[start - 1].isalnum() or text[start - 1] in "_-"):
        start -= 1
    end = _NAME.match(text, start).end()  # type: ignore[union-attr]  # it can match nothing
    name, before = text[start:end], text[start - 1 : start]
    if before in ("", "?", "&", "#") and is_secret_in_url(name):
        found = _FORM.match(text, end)
        if found and found[1].lower() not in _WORDS:
            return found.span(1)
    if not is_secret(name):
        return None
    for form in _FORMS:
        span = form(text, start, end)
        if span:
            return span
    return None


def _in_quotes(text: str, _start: int, end: int) -> tuple[int, int] | None:
    """`"name": "value"`, in quotes of either kind, which may be escaped."""
    found = _QUOTED.match(text, end)
    if not found:
        return None
    quote = found[2]
    if len(quote) == 1:
        closing = re.compile(rf"(?:[^{quote}\\]++|\\.)*+", re.DOTALL).match(text, found.end())
        return (found.end(), closing.end()) if closing else None
    stop = text.find(quote, found.end())
    return found.end(), stop if stop >= 0 else len(text)


def _bare_number(text: str, _start: int, end: int) -> tuple[int, int] | None:
    found = _BARE.match(text, end)
    return found.span(1) if found else None


def _header(text: str, start: int, end: int) -> tuple[int, int] | None:
    """A line of a header."""
    if start and text[start - 1] != "\n":
        return None
    found = _HEADER.match(text, end)
    name = text[start:end].lower()
    if not found or not ("-" in name or name in ("authorization", "cookie")):
        return None
    return found.start(1) + scheme_end(found[1]), found.end(1)


def _multipart(text: str, start: int, end: int) -> tuple[int, int] | None:
    """A part of a multipart form."""
    found = _MULTIPART.match(text, end) if text.endswith('name="', 0, start) else None
    return found.span(1) if found else None


_FORMS: tuple[Callable[[str, int, int], tuple[int, int] | None], ...] = (_in_quotes, _bare_number, _header, _multipart)
