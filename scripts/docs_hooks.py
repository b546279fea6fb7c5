"""What mkdocs adds to the pages under docs/: those that are written from the code, which they cannot differ from."""

from __future__ import annotations

import inspect
from html import escape
from typing import Any

import typer
from mkdocs.structure.files import File, Files
from typer.cli import get_docs_for_click

from agora_rest import errors
from agora_rest.cli._app import app


def on_files(files: Files, *, config: Any) -> Files:
    """Add the generated pages."""
    pages = {"reference/cli.md": command_line(), "reference/errors.md": error_table()}
    for uri, content in pages.items():
        files.append(File.generated(config, uri, content=content))
    return files


def command_line() -> str:
    """Every command with its options, as `--help` has them."""
    command = typer.main.get_command(app)
    return get_docs_for_click(obj=command, ctx=typer.Context(command), name="agora-rest", title="Command line")


def error_table() -> str:
    """Every error: what it means, what to do, the rules behind it."""
    kinds = [each for _, each in inspect.getmembers(errors, inspect.isclass) if issubclass(each, errors.AgoraError)]
    kinds.sort(key=lambda each: inspect.getsourcelines(each)[1])
    rows = [f"| `{kind.__name__}` | {_meaning(kind)} | {_advice(kind)} | {_facts(kind)} |" for kind in kinds]
    tree = (errors.__doc__ or "").partition("\n\n")[2]
    head = "# Errors\n\nNo error ever carries a secret. All of them can be pickled.\n\n"
    table = "\n".join(["| error | cause | cure | rules |", "| --- | --- | --- | --- |", *rows])
    return f"{head}{table}\n\n## The tree\n\n{tree}\n"


def _meaning(kind: type[errors.AgoraError]) -> str:
    return escape(" ".join((inspect.getdoc(kind) or "").split()))


def _advice(kind: type[errors.AgoraError]) -> str:
    return getattr(kind, "advice", "")


def _facts(kind: type[errors.AgoraError]) -> str:
    return ", ".join(f"[{fact}](../facts.md)" for fact in getattr(kind, "facts", ()))
