"""The command line: `agora-rest`.

Each command has its own module and imports its dependencies when it runs, so that `--help` stays fast and a
missing extra concerns only the commands that need it.
"""

from __future__ import annotations

import gc
import io
import os
import sys
from pathlib import Path
from typing import NoReturn


def main() -> None:
    """Run the command line. Names the extra to install if one is missing."""
    if sys.argv[1:2] == ["emulator"]:
        gc.disable()  # Until it serves: what is loaded stays, and collections take a twentieth of the start.
    try:
        from agora_rest.cli._building import build_app
    except ModuleNotFoundError as missing:
        _give_up(f"the command line needs {missing.name}: pip install 'agora-rest[cli]'")
    if sys.stderr is None:  # closed by the caller (`2>&-`)
        sys.stderr = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115  open until the process ends
    if sys.stdout is None:
        _give_up("standard output is closed, so nothing was done; redirect it to /dev/null to discard the results")
    if isinstance(sys.stdout, io.TextIOWrapper):
        # Escape what the terminal cannot encode, as Python does for stderr; names come in any language.
        sys.stdout.reconfigure(errors="backslashreplace")
    _read_shell(*sys.argv[1:])
    try:
        build_app(*sys.argv[1:2])(prog_name="agora-rest")
    except ModuleNotFoundError as missing:
        if (extra := _extra_that_brings(missing.name or "")) is None:
            raise
        _give_up(f"this command needs {missing.name}: pip install 'agora-rest[{extra}]'")
    except OSError as error:  # help that cannot be written; commands see to it themselves
        from agora_rest.cli._exits import exit_of, words_of
        from agora_rest.cli._output import discard_output

        discard_output()
        _give_up(words_of(error), exit_of(error))
    finally:
        gc.enable()


def _read_shell(option: str = "", shell: str = "", *_: str) -> None:
    """Let `--show-completion` name a shell, which Typer ignores: it prints the script of the shell that runs it."""
    if option == "--show-completion" and shell in _SHELLS:
        os.environ["_AGORA_REST_COMPLETE"] = f"source_{shell}"
    if option == "--install-completion" and shell:
        _give_up(
            f"{option} names no shell, because it is for the one that runs it; `agora-rest --show-completion {shell}` "
            "prints the script for another"
        )


_SHELLS = ("bash", "zsh", "fish", "powershell", "pwsh")


def _give_up(why: str, code: int = 2) -> NoReturn:
    """Exit with the code of an invalid command: 1 would mean that Agora has refused."""
    print(f"agora-rest: {why}", file=sys.stderr)  # noqa: T201  typer may be what is missing
    sys.exit(code)


_EXTRAS = {
    "charts": ("altair", "vl_convert"),
    "fleet": ("sqlalchemy", "alembic"),
    "emulator": ("uvicorn", "httptools"),
    "contract": ("schemathesis", "hypothesis", "jinja2"),
}


def _extra_that_brings(module: str) -> str | None:
    top = module.partition(".")[0]
    return next((extra for extra, modules in _EXTRAS.items() if top in modules), None)
