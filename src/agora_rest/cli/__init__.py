"""The command line: `agora-rest`.

Each command stands in a module of its own and loads what it needs when it runs, so that `--help` stays quick and a
missing extra concerns only the commands that need it.
"""

from __future__ import annotations

import sys
from typing import NoReturn


def main() -> None:
    """Run the command line. Says which extra to install when one is missing."""
    try:
        from agora_rest.cli._app import app
    except ModuleNotFoundError as missing:
        _give_up(f"the command line needs {missing.name}: pip install 'agora-rest[cli]'")
    try:
        app()
    except ModuleNotFoundError as missing:
        if (extra := _extra_that_brings(missing.name or "")) is None:
            raise
        _give_up(f"this command needs {missing.name}: pip install 'agora-rest[{extra}]'")


def _give_up(why: str) -> NoReturn:
    """With the exit code of a command that cannot be carried out: 1 would say that Agora has refused."""
    print(f"agora-rest: {why}", file=sys.stderr)  # noqa: T201  typer may be what is missing
    sys.exit(2)


_EXTRAS = {
    "charts": ("altair", "vl_convert"),
    "fleet": ("sqlalchemy", "alembic"),
    "emulator": ("uvicorn", "httptools"),
    "contract": ("schemathesis", "hypothesis", "jinja2"),
}


def _extra_that_brings(module: str) -> str | None:
    top = module.partition(".")[0]
    return next((extra for extra, modules in _EXTRAS.items() if top in modules), None)
