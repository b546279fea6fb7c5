"""The facts: every checkable statement of Agora's two documents, numbered (`CR-11`, `CO-54`).

They are written in `contract_tests/facts.yaml`; the package ships the same list as JSON.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from types import MappingProxyType
from typing import Final

from agora_rest.spec import Api


@dataclass(frozen=True)
class Fact:
    """One statement of a document.

    number: `CR-…` or `CO-…`, given once and for good.
    sentence: what the document says, in this project's words.
    document, section: where it says so; a section is its heading in the document, with an English gloss.
    decision: what this project does where the document contradicts itself, has a misprint or is silent; "" elsewhere.
    unchecked: why no check of it can exist; "" where one can.
    """

    number: str
    api: Api
    title: str
    sentence: str
    document: str
    section: str
    decision: str = ""
    unchecked: str = ""

    def __str__(self) -> str:
        return f"{self.number} {self.title}"


def _load() -> Mapping[str, Fact]:
    loaded = json.loads(files(__package__).joinpath("facts.json").read_text(encoding="utf-8"))
    facts = (
        Fact(
            number=row["number"],
            api=row["api"],
            title=row["title"],
            sentence=row["sentence"],
            document=loaded["documents"][row["source"]["document"]],
            section=row["source"]["section"],
            decision=row.get("decision", ""),
            unchecked=row.get("unchecked", ""),
        )
        for row in loaded["facts"]
    )
    return MappingProxyType({each.number: each for each in facts})


FACTS: Final[Mapping[str, Fact]] = _load()
"""Every fact by its number, in the order of the documents."""


def fact(number: str) -> Fact:
    """The fact called `number`; KeyError when there is none."""
    return FACTS[number]
