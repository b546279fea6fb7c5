"""Routes percent-encoded, case-sensitive paths by a tree of segments (CR-04, CO-57)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final, Generic, NamedTuple, TypeVar
from urllib.parse import unquote_to_bytes

T = TypeVar("T")

BAD_ESCAPE: Final = re.compile(r"%(?![0-9A-Fa-f]{2})")


class Match(NamedTuple, Generic[T]):
    """A matched path: the target of each method, and the parameters, still percent-encoded."""

    methods: dict[str, T]
    parameters: dict[str, str]

    @property
    def allow(self) -> bytes:
        """The value of the `Allow` header, with HEAD for GET, and OPTIONS."""
        implied = {"HEAD", "OPTIONS"} if "GET" in self.methods else {"OPTIONS"}
        return ", ".join(sorted(self.methods.keys() | implied)).encode("ascii")


@dataclass
class _Node(Generic[T]):
    methods: dict[str, T] = field(default_factory=dict)
    names: tuple[str, ...] = ()
    fixed: dict[str, _Node[T]] = field(default_factory=dict)
    open: _Node[T] | None = None


class Router(Generic[T]):
    """Finds the target of a path. Fixed segments take precedence over parameters; a parameter is never empty."""

    def __init__(self) -> None:
        self._root: _Node[T] = _Node()
        self._whole: dict[str, Match[T]] = {}
        """Of the templates without parameters, which take precedence over all others."""

    def add(self, method: str, template: str, target: T) -> None:
        """Route `method` on a path such as `/v1/channel/{appid}` to `target`."""
        node, names = self._root, []
        for segment in template.split("/")[1:]:
            if segment.startswith("{"):
                names.append(segment[1:-1])
                node.open = node.open or _Node()
                node = node.open
            else:
                node = node.fixed.setdefault(segment, _Node())
        node.methods[method], node.names = target, tuple(names)
        if not names:
            self._whole[template] = Match(node.methods, {})

    def find(self, path: str) -> Match[T] | None:
        """The match for this percent-encoded path, or None."""
        if (whole := self._whole.get(path)) is not None:
            return whole
        segments = path.split("/")[1:]
        if "%" not in path and (found := self._straight(segments)) is not None:
            return found
        for node, values in _walk(self._root, segments, 0, ()):
            if node.methods:
                return Match(node.methods, dict(zip(node.names, values, strict=True)))
        return None

    def _straight(self, segments: list[str]) -> Match[T] | None:
        """The first match in the order of `_walk`, if it is found without going back: true of almost every request."""
        node, values = self._root, []
        for segment in segments:
            following = node.fixed.get(segment)
            if following is None:
                following = node.open
                if following is None or not segment:
                    return None
                values.append(segment)
            node = following
        return Match(node.methods, dict(zip(node.names, values, strict=True))) if node.methods else None


def decode(segment: str) -> str:
    """Decode a percent-encoded segment. Raises ValueError if the encoding or the UTF-8 is invalid."""
    if "%" not in segment:
        segment.encode("ascii")
        return segment
    if BAD_ESCAPE.search(segment):
        raise ValueError("broken percent-encoding")
    return unquote_to_bytes(segment).decode("utf-8")


def _walk(
    node: _Node[T], segments: list[str], index: int, values: tuple[str, ...]
) -> Iterator[tuple[_Node[T], tuple[str, ...]]]:
    if index == len(segments):
        yield node, values
        return
    segment = segments[index]
    fixed = node.fixed.get(segment) or (node.fixed.get(_plain(segment)) if "%" in segment else None)
    if fixed is not None:
        yield from _walk(fixed, segments, index + 1, values)
    if node.open is not None and segment:
        yield from _walk(node.open, segments, index + 1, (*values, segment))


def _plain(segment: str) -> str:
    """Decode a segment for comparison with fixed ones: `%761` is `v1`. Invalid segments stay, and never match."""
    try:
        return decode(segment)
    except ValueError:
        return segment
