"""Hides by allow-list: only values that the specifications show to be harmless stay.

A value stays if its specification declares it under a name that is not that of a secret, and it has a form that cannot
hold a secret: a number, a date, an enumerated value, or words that occur in the specifications.
Everything else is replaced by a mark. The same value always gets the same mark, so IDs still match across exchanges,
and a mark is valid for the schema of an edition exactly if the value was: a check has the same result before and after.
"""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache, cached_property, lru_cache
from hashlib import blake2b
from itertools import chain
from typing import Any, Final, NamedTuple

import jsonschema_rs

from agora_rest import spec
from agora_rest.redaction import is_secret
from agora_rest.redaction.occurrences import Occurrences

LONGEST_WORDS: Final = 200
"""The maximum length of a text that is compared with the words of the specifications."""

_MARK: Final = re.compile(
    r"(?:rtmp://)?hidden-[0-9a-f]{12}(?:[_,]hidden-[0-9a-f]{12})*(?:\\é/-*)?|hidden[0-9a-f]{26}(?:A{11}=)?"
    r"|192\.0\.2\.[0-9]{1,3}(?::8080)?|2001:db8::[0-9a-f]{4}:[0-9a-f]{4}"
)
_PLAIN: Final = re.compile(
    r"[0-9]{1,10}|#[0-9a-fA-F]{6}"
    r"|[0-9]{4}-[0-9]{2}-[0-9]{2}(?:[T ][0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,9})?)?(?:Z|[+-][0-9]{2}:?[0-9]{2})?)?"
)
"""Strings that hold no secret: numbers of at most ten digits, colours, dates, times."""
_LARGEST_NUMBER: Final = 2**53

_DIGIT: Final = re.compile(r"[0-9]")
_TOKEN: Final = re.compile(r"[A-Za-z]+|[0-9]+|[^A-Za-z0-9]+")
_CAMEL: Final = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
_MORE_WORDS: Final = frozenset(
    re.findall(
        r"[a-z]+",
        """
        access accept account age agora allow api app auth authorization cache charset client cloud code connection
        content control cookie cookies credential credentials custom customer data date deflate dev encoding error etag
        expires extension forwarded gzip headers host hosts html http https id identity if individual ip json keep key
        keys language last layout length limit list location match max message mode modified name ncs no none not ok on
        only origin page password path payload plain post privileges project query rate referer region remaining request
        reset resource response retry route secret security seconds server session set sid sign signature size status
        store text time timeout to token trace transfer type update uploaded url user users utf v value values vary
        version web with x xml
        """,
    )
)
"""Words of HTTP and of the present API."""

_METRICS: Final = frozenset({"durationVideo1080P", "durationVideo2K", "durationVideo4K"})
"""Names of metrics that are no words (CO-76)."""

_ITEMS: Final = object()
"""The key of an array's items, which cannot be the name of a member."""


class Marks:
    """Creates the marks of one run: without the key, the value behind a mark cannot be computed."""

    def __init__(self, key: bytes | None = None) -> None:
        self._key = key or secrets.token_bytes(32)

    def of(self, value: str) -> str:
        """The mark of a text. A mark is returned unchanged."""
        if _MARK.fullmatch(value):
            return value
        return f"hidden-{self._digest(value)[:12]}"

    def forms(self, value: str) -> Iterator[str]:
        """The mark of a text, and alternatives for places where the first is not valid."""
        mark = self.of(value)
        yield mark
        if mark == value:
            return
        digest = self._digest(value)
        yield f"hidden{digest[:26]}"
        yield (address := f"192.0.2.{int(digest[:2], 16)}")  # the documentation network (RFC 5737)
        yield f"{address}:8080"
        yield f"2001:db8::{digest[:4]}:{digest[4:8]}"  # the IPv6 documentation network (RFC 3849)
        yield "4" + str(int(digest, 16))[:8]
        yield f"rtmp://{mark}"
        yield f"hidden{digest[:26]}{'A' * 11}="  # 32 bytes in Base64
        yield f"{mark}\\é/".ljust(min(len(value), 2000), "-")  # for a value that its schema rejects
        yield f"{mark},{mark}"

    def _digest(self, value: str) -> str:
        return blake2b(value.encode("utf-8", "surrogatepass"), key=self._key, digest_size=16).hexdigest()


class Declaration(NamedTuple):
    """A schema, and the edition of the document that has it."""

    edition: spec.Edition
    node: dict[str, Any]


class Place:
    """A place in a JSON document or a parameter: the schemas of both editions that declare it, empty if unknown."""

    def __init__(self, api: spec.Api, declarations: Iterable[Declaration] = ()) -> None:
        self.api, self.declarations = api, tuple(declarations)
        self._open = [
            Declaration(edition, inner)
            for edition, node in self.declarations
            for inner in spec.alternatives(api, node, edition)
        ]
        self._inner: dict[object, Place] = {}

    def __bool__(self) -> bool:
        return bool(self.declarations)

    def member(self, name: str) -> Place:
        """The place of a member of this object."""
        if name in self._inner:
            return self._inner[name]
        if not self.declares(name):
            return self._place(None, lambda node: node.get("additionalProperties"))
        return self._place(name, lambda node: node.get("properties", {}).get(name))

    def declares(self, name: str) -> bool:
        """Whether a schema names a member of this object."""
        return any(name in node.get("properties", {}) for _, node in self._open)

    @property
    def items(self) -> Place:
        """The place of an item of this array."""
        return self._inner.get(_ITEMS) or self._place(_ITEMS, lambda node: node.get("items"))

    def _place(self, key: object, inner: Callable[[dict[str, Any]], Any]) -> Place:
        if key not in self._inner:
            found = [Declaration(edition, inner(node)) for edition, node in self._open]
            self._inner[key] = Place(self.api, [each for each in found if each.node and isinstance(each.node, dict)])
        return self._inner[key]

    @cached_property
    def secret(self) -> bool:
        """Whether a schema marks it as a secret."""
        return any(node.get("writeOnly") or node.get("format") == "password" for _, node in self._open)

    def enumerates(self, value: object) -> bool:
        """Whether a schema lists `value`."""
        return any(value in (*node.get("enum", ()), node.get("const")) for _, node in self._open)

    def admits(self, value: object) -> frozenset[int]:
        """Which of its schemas accept `value`, by their order: a mark must be accepted by the same ones."""
        return frozenset(
            number
            for number, (edition, node) in enumerate(self.declarations)
            if _validator(self.api, edition, _key_of(node)).is_valid(value)
        )


class AllowList:
    """Replaces values not known to be harmless. `keep` lists members, headers and parameters that stay unchanged."""

    def __init__(self, marks: Marks, keep: Iterable[str] = ()) -> None:
        self.marks = marks
        self._keep = frozenset(name.lower() for name in keep)
        self.hidden = 0
        """How many values were replaced."""
        self.secrets = Occurrences(())
        """Values that are secrets in the current exchange, wherever they occur in it."""

    def keeps(self, name: str) -> bool:
        """Whether the caller keeps everything with this name."""
        return name.lower() in self._keep

    def name(self, name: str) -> str:
        """Redact a name that no specification declares: it stays if it consists of their words."""
        harmless = is_words(name) or name in _METRICS
        return name if self.keeps(name) or (harmless and not self._echoes(name)) else self.text(name)

    def words(self, text: str) -> str:
        """Redact a text: it stays if it consists of words of the specifications."""
        return text if not text or (is_words(text) and not self._echoes(text)) else self.text(text)

    def text(self, text: str) -> str:
        """The mark of a text, with the marks of the secrets that occur in it, because an echo is a finding."""
        if not text or _MARK.fullmatch(text):
            return text
        echoes = sorted({self.marks.of(secret) for secret in self.secrets.echoes_in(text) if _is_telling(secret)})
        mark = self.marks.of(text)
        self.hidden += 1
        return "_".join([mark, *(echo for echo in echoes if echo != mark)])

    def value(self, name: str, value: str, place: Place) -> str:
        """Redact a text under `name` at `place`."""
        if not value or self.keeps(name):
            return value
        declared = place and not place.secret and not is_secret(name) and not self._echoes(value)
        if declared and (place.enumerates(value) or _PLAIN.fullmatch(value) or is_words(value)):
            return value
        return self._stand_in(value, place, self.text(value))

    def json(self, value: Any, place: Place, name: str = "") -> Any:
        """Redact a JSON value under `name` at `place`."""
        if value is None or isinstance(value, bool) or value == "" or self.keeps(name):
            return value
        if not place:
            return self.text(_dumped(value))
        if place.secret or is_secret(name):
            self.hidden += 1
            return self._stand_in(value, place, self.marks.of(value)) if isinstance(value, str) else type(value)()
        if isinstance(value, dict):
            return dict(self._members(value, place))
        if isinstance(value, list):
            return [self.json(item, place.items, name) for item in value]
        if isinstance(value, str):
            return self.value(name, value, place)
        if abs(value) < _LARGEST_NUMBER and not self._echoes(str(value)):
            return value
        self.hidden += 1
        forms = [type(value)(), type(value)(_LARGEST_NUMBER), type(value)(-_LARGEST_NUMBER)]
        admitted = place.admits(value)
        return next((form for form in forms if place.admits(form) == admitted), forms[0])

    def _members(self, value: Mapping[str, Any], place: Place) -> Iterator[tuple[str, Any]]:
        for name, member in value.items():
            inner = place.member(name)
            yield name if place.declares(name) else self.name(name), self.json(member, inner, name)

    def _stand_in(self, value: str, place: Place, mark: str) -> str:
        """A mark that is valid at `place` exactly if `value` is."""
        admitted = place.admits(value) if place else None
        forms = chain([mark], self.marks.forms(value))  # lazily, because the first is nearly always valid
        return next((form for form in forms if not place or place.admits(form) == admitted), mark)

    def _echoes(self, text: str) -> bool:
        return text in self.secrets or any(self.secrets.echoes_in(text))


def undeclared(value: Any, place: Place, path: str = "") -> Iterator[str]:
    """The members of `value` that no schema declares, as dotted paths."""
    if isinstance(value, dict):
        for name, member in value.items():
            where = f"{path}.{name}" if path else name
            inner = place.member(name)
            if inner:
                yield from undeclared(member, inner, where)
            else:
                yield where
    elif isinstance(value, list) and place.items:
        for item in value:
            yield from undeclared(item, place.items, path)


def _is_telling(secret: str) -> bool:
    """Whether a secret is distinctive enough that another occurrence is not a coincidence."""
    return not secret.isalpha()


def _dumped(value: Any) -> str:
    if isinstance(value, str):
        return value
    try:
        return json.dumps(value, sort_keys=True)
    except RecursionError:
        return "nested too deeply"


@lru_cache(maxsize=4096)
def is_words(text: str) -> bool:
    """Whether a text consists of words of the specifications, with at most three digits."""
    if len(text) > LONGEST_WORDS or not text.isascii() or not text.isprintable():
        return False
    tokens = _TOKEN.findall(text)
    if sum(len(token) for token in tokens if token.isdigit()) > 3:
        return False
    return all(_is_word(token) for token in tokens if token.isalpha())


def _is_word(token: str) -> bool:
    if token.lower() in _vocabulary():
        return True
    parts = _CAMEL.findall(token)
    return len(parts) > 1 and all(len(part) > 1 and part.lower() in _vocabulary() for part in parts)


@cache
def _vocabulary() -> frozenset[str]:
    """Every word in the names and texts of all specifications. Single letters only if they are words."""
    found: set[str] = set(_MORE_WORDS)
    left: list[Any] = [spec.document(api, edition) for api in spec.APIS for edition in spec.EDITIONS]
    while left:
        node = left.pop()
        if isinstance(node, dict):
            left += [*node, *node.values()]
        elif isinstance(node, list):
            left += node
        elif isinstance(node, str):
            for chunk in re.split(r"[\s/]+", node):  # a chunk with a digit may be an ID of an example
                tokens = () if _DIGIT.search(chunk) else re.findall(r"[A-Za-z]+", chunk)
                found |= {part.lower() for token in tokens for part in (token, *_CAMEL.findall(token))}
    return frozenset(word for word in found if len(word) > 1 or word in "avx")


_NODES: dict[int, dict[str, Any]] = {}
"""Cached by the schema's identity; schemas live as long as the specifications, which are never unloaded."""


def _key_of(node: dict[str, Any]) -> int:
    _NODES.setdefault(id(node), node)
    return id(node)


@cache
def _validator(api: spec.Api, edition: spec.Edition, key: int) -> jsonschema_rs.Draft202012Validator:
    schema = {"components": spec.document(api, edition)["components"], **_NODES[key]}
    return jsonschema_rs.Draft202012Validator(schema, validate_formats=True)
