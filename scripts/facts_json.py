"""Writes `contract_tests/facts.yaml` as JSON, for the installed package to read without a YAML library."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

PROJECT = Path(__file__).resolve().parent.parent
SOURCE = PROJECT / "contract_tests" / "facts.yaml"
TARGET = PROJECT / "src" / "agora_rest" / "spec" / "facts.json"

REQUIRED = ("number", "api", "title", "sentence", "source")
OPTIONAL = ("decision", "unchecked", "editions")
EDITIONS = ("2019", "current")


def facts_json(source: Path) -> str:
    """The JSON text of the facts at `source`. Raises ValueError for a fact that is incomplete or numbered twice."""
    loaded: dict[str, Any] = YAML(typ="safe").load(source)
    seen: set[str] = set()
    for fact in loaded["facts"]:
        _refuse_faulty(fact, loaded["documents"])
        if fact["number"] in seen:
            raise ValueError(f"{source.name}: two facts are numbered {fact['number']}")
        seen.add(fact["number"])
    return json.dumps(loaded, ensure_ascii=False, indent=1) + "\n"


def _refuse_faulty(fact: dict[str, Any], documents: dict[str, str]) -> None:
    number = fact.get("number", "a fact without a number")
    if missing := [name for name in REQUIRED if not fact.get(name)]:
        raise ValueError(f"{number} lacks {', '.join(missing)}")
    if unknown := fact.keys() - {*REQUIRED, *OPTIONAL}:
        raise ValueError(f"{number} has {', '.join(sorted(unknown))}, which no fact has")
    if not set(editions := fact.get("editions", EDITIONS)) <= set(EDITIONS) or not editions:
        raise ValueError(f"{number}: editions are some of {', '.join(EDITIONS)}, in quotes")
    if fact["source"].keys() != {"document", "section"} or fact["source"]["document"] not in documents:
        raise ValueError(f"{number}: a source is a section of one of the documents {', '.join(documents)}")


def write(source: Path = SOURCE, target: Path = TARGET) -> None:
    """Write the facts at `source` to `target`."""
    text = facts_json(source)
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(text, encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--output", type=Path, default=TARGET, metavar="FILE", help="where to write (default: the package)"
    )
    write(target=parser.parse_args().output)


if __name__ == "__main__":
    main()
