"""The memory of a model: a bounded number of the most recently used entries."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from typing import Final, Generic, TypeVar, cast

K = TypeVar("K")
V = TypeVar("V")

REMEMBERED: Final = 10_000
"""Entries of one kind that a model keeps by default."""


class Memory(OrderedDict[K, V], Generic[K, V]):
    """A dictionary that forgets the least recently used entry when it has more than `size`."""

    def __init__(self, size: int = REMEMBERED) -> None:
        super().__init__()
        self._size = size

    def recall(self, key: K) -> V | None:
        """The value of `key`, which counts as used; None if there is none."""
        key = _hashable(key)
        if key not in self:
            return None
        self.move_to_end(key)
        return self[key]

    def keep(self, key: K, value: V) -> V:
        """Remember `value`."""
        key = _hashable(key)
        self[key] = value
        self.move_to_end(key)
        if len(self) > self._size:
            self.popitem(last=False)
        return value

    def get_or_add(self, key: K, new: Callable[[], V]) -> V:
        """The value of `key`, or a new one."""
        found = self.recall(key)
        return self.keep(key, new()) if found is None else found


def _hashable(key: K) -> K:
    """`key`, or a text in its place: a request may have an array or an object where an ID belongs."""
    try:
        hash(key)
    except TypeError:
        return cast("K", repr(key))
    return key
