"""Finds which of many secrets occur in a text, in time linear in the length of the text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

SHORTEST_ECHO: Final = 8
"""Shorter values occur elsewhere by chance."""

_FEW: Final = 32
"""The number of secrets up to which a separate search for each is faster."""


class Occurrences:
    """An index of secrets by their first characters, and then by their lengths."""

    def __init__(self, secrets: Iterable[str]) -> None:
        self._all = {secret for secret in secrets if secret}
        self._short = [secret for secret in self._all if len(secret) < SHORTEST_ECHO]
        self._long: dict[str, dict[int, set[str]]] = {}
        if len(self._all) > _FEW:
            for secret in self._all.difference(self._short):
                self._long.setdefault(secret[:SHORTEST_ECHO], {}).setdefault(len(secret), set()).add(secret)

    def __contains__(self, text: str) -> bool:
        """Whether `text` is one of the secrets."""
        return text in self._all

    def in_text(self, text: str) -> list[str]:
        """The secrets that occur in `text`."""
        if len(self._all) <= _FEW:
            return [secret for secret in self._all if secret in text]
        return [*(secret for secret in self._short if secret in text), *set(self.echoes_in(text))]

    def echoes_in(self, text: str) -> Iterator[str]:
        """The secrets in `text` that are too long for a coincidence, with repetitions."""
        if len(self._all) <= _FEW:
            yield from (each for each in self._all if len(each) >= SHORTEST_ECHO and each in text)
            return
        for begin in range(len(text) - SHORTEST_ECHO + 1):
            lengths = self._long.get(text[begin : begin + SHORTEST_ECHO])
            for length in lengths or ():
                if (piece := text[begin : begin + length]) in lengths[length]:  # type: ignore[index]
                    yield piece
