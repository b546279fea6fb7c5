"""Documentation, help texts and docstrings use plain technical English: docs/contributing/style.md."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import click
import pytest
import typer

from agora_rest.cli._app import app

PROJECT: Final = Path(__file__).parents[1]
SOURCE: Final = PROJECT / "src/agora_rest"

PHRASES: Final = re.compile(
    r"\b(nobody|somebody|anybody|everybody|whoever|whomever|whom|in hand|is told|are told|was told|has told|tells of"
    r"|told apart|told by|it is said|is said of|as is said|be it|goes with no|whichever way|out of hand|no repetition"
    r"|one and the same|what there is|comes? to the same|written down|gives? back|given back|set right|for ever"
    r"|in doubt|what is left out|what is no|under way|goes on|go on|by itself|by themselves|all the same|likewise|anew"
    r"|tells|tell|told)\b",
    re.IGNORECASE,
)
"""Phrases that the style guide replaces."""

OPENINGS: Final = re.compile(r"(What|Whom|Whose) ")
"""First words that no docstring begins with: it begins with what the object is or does."""

WRITTEN_BY_PROGRAMS: Final = frozenset({"docs/facts.md", "docs/faults.md", "docs/performance.md", "docs/strength.md"})

NAMES: Final = re.compile(r"(^|_)(said|told|tells?|says?|hears?|heard|whom|nobody|somebody|answer(s|ed)?)(_|$)")
"""Words that the names of functions, classes and fields replace by terms of the field: request, response, send.

Names of checks are sentences about a server, and are not searched."""

DOCUMENTS: Final = sorted(path.relative_to(PROJECT).as_posix() for path in (PROJECT / "openapi").rglob("*.yaml"))
"""The specifications and their overlays, whose descriptions are part of the documentation."""

STYLE_GUIDE: Final = "docs/contributing/style.md"
"""Quotes the phrases."""


def pages() -> list[str]:
    """The hand-written pages, relative to the project."""
    written = {path.relative_to(PROJECT).as_posix() for path in (PROJECT / "docs").rglob("*.md")}
    written |= {path.name for path in PROJECT.glob("*.md")} | {"contract_tests/fixtures/README.md"}
    written |= {path.relative_to(PROJECT).as_posix() for path in (PROJECT / "changelog.d").glob("*.md")}
    written |= {path.relative_to(PROJECT).as_posix() for path in (PROJECT / "examples").glob("*/README.md")}
    return sorted(written - WRITTEN_BY_PROGRAMS - {STYLE_GUIDE})


def modules() -> list[str]:
    """The modules of src/agora_rest, relative to it."""
    return sorted(path.relative_to(SOURCE).as_posix() for path in SOURCE.rglob("*.py"))


def docstrings(path: Path) -> Iterator[tuple[int, str]]:
    """Every docstring of a module with its line, those of constants and fields included."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
            yield node.lineno, node.value.value


def names(path: Path) -> Iterator[tuple[int, str]]:
    """The names of the functions and classes of a module, and of its annotated fields, each with its line."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.lineno, node.name
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            yield node.lineno, node.target.id


def helps(command: click.Command, name: str) -> Iterator[tuple[str, str]]:
    """The help texts of a command, its options and its subcommands."""
    yield name, f"{command.help or ''} {command.epilog or ''}"
    for parameter in command.params:
        yield f"{name} {parameter.name}", getattr(parameter, "help", None) or ""
    for each, subcommand in getattr(command, "commands", {}).items():
        yield from helps(subcommand, f"{name} {each}")


def phrases(text: str) -> list[str]:
    """The replaced phrases in a text, without code."""
    prose = re.sub(r"```.*?```|`[^`\n]*`", "", text, flags=re.DOTALL)
    return [found.group() for found in PHRASES.finditer(prose)]


@pytest.mark.parametrize("page", pages())
def test_pages_use_plain_english(page: str) -> None:
    assert phrases((PROJECT / page).read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("document", [*DOCUMENTS, "contract_tests/facts.yaml"])
def test_specifications_and_facts_use_plain_english(document: str) -> None:
    lines = (PROJECT / document).read_text(encoding="utf-8").splitlines()
    assert [(number, found) for number, line in enumerate(lines, 1) if (found := phrases(line))] == []


@pytest.mark.parametrize("module", [each for each in modules() if each == "errors.py" or each.startswith("cli/")])
def test_messages_use_plain_english(module: str) -> None:
    tree = ast.parse((SOURCE / module).read_text(encoding="utf-8"))
    texts = [each.value for each in ast.walk(tree) if isinstance(each, ast.Constant) and isinstance(each.value, str)]
    assert [(text, found) for text in texts if (found := phrases(text))] == []


@pytest.mark.parametrize("module", modules())
def test_docstrings_use_plain_english(module: str) -> None:
    texts = list(docstrings(SOURCE / module))
    assert [(line, found) for line, text in texts if (found := phrases(text))] == []
    assert [(line, text) for line, text in texts if OPENINGS.match(text)] == []


@pytest.mark.parametrize("module", [each for each in modules() if not each.startswith("contract/scenarios/")])
def test_names_are_terms_of_the_field(module: str) -> None:
    assert [each for each in names(SOURCE / module) if NAMES.search(each[1])] == []


def test_help_texts_use_plain_english() -> None:
    texts = list(helps(typer.main.get_command(app), "agora-rest"))
    assert len(texts) > 100
    assert {name: found for name, text in texts if (found := phrases(text))} == {}
