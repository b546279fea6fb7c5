"""The facts: every checkable statement of Agora's documents, by number.

They are written in `contract_tests/facts.yaml`; the package ships the same list as JSON.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import NamedTuple

from agora_rest.spec.documents import EDITIONS, Api, Edition


class Fact(NamedTuple):
    """One checkable statement of Agora's documents."""

    number: str
    """`CR-…` or `CO-…`; a number is never reused."""
    api: Api
    title: str
    sentence: str
    """The statement of the document, in this project's words."""
    document: str
    section: str
    """The heading of the document that contains it, with an English gloss."""
    decision: str
    """This project's decision if the document contradicts itself, has a misprint or is silent; "" otherwise."""
    unchecked: str
    """Why it cannot be checked; "" if it can."""
    editions: tuple[Edition, ...]
    """The editions of the documents in which it holds."""

    def __str__(self) -> str:
        return f"{self.number} {self.title}"


@cache
def facts() -> Mapping[str, Fact]:
    """Every fact by its number, in the order of the documents."""
    loaded = json.loads(files("agora_rest.spec").joinpath("facts.json").read_text(encoding="utf-8"))
    found = (
        Fact(
            number=row["number"],
            api=row["api"],
            title=row["title"],
            sentence=row["sentence"],
            document=loaded["documents"][row["source"]["document"]],
            section=row["source"]["section"],
            decision=row.get("decision", ""),
            unchecked=row.get("unchecked", ""),
            editions=tuple(row.get("editions", EDITIONS)),
        )
        for row in loaded["facts"]
    )
    return MappingProxyType({each.number: each for each in found})
