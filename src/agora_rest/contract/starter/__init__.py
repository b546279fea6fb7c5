"""The files of `contract init`: a workflow, a target of make, a first test."""

from __future__ import annotations

from collections.abc import Iterable
from importlib.resources import files
from pathlib import Path
from typing import Final

FILES: Final = {
    ".github/workflows/agora-contract.yml": "agora-contract.yml",
    "agora-contract.mk": "agora-contract.mk",
    "tests/test_agora_contract.py": "test_agora_contract.py.txt",
}
"""Where each file goes, below the repository, and what it is called here."""

INCLUDE: Final = "include agora-contract.mk"

IGNORED: Final = (".venv-agora-contract/", ".agora-rest/", ".hypothesis/", "reports/agora/")
"""Files that a run creates, for .gitignore."""


def write(repository: Path, *, overwrite: bool = False) -> list[Path]:
    """Write the files, include one in the Makefile, and have git ignore what a run leaves; returns what was written.

    Raises FileExistsError, before anything is written, if one of the files exists and `overwrite` does not allow it.
    """
    there = [name for name in FILES if (repository / name).exists()]
    if there and not overwrite:
        raise FileExistsError(f"{', '.join(there)}: there already, and nothing was written; --force overwrites")
    written = [_write(repository / name, template) for name, template in FILES.items()]
    # At the end of each, so that the first target of a Makefile stays the default one.
    return written + [
        path
        for path, lines in ((repository / "Makefile", (INCLUDE,)), (repository / ".gitignore", IGNORED))
        if _append(path, lines)
    ]


def _append(path: Path, lines: Iterable[str]) -> bool:
    """Append the missing lines to `path`, creating the file if necessary; returns whether any were missing."""
    before = path.read_text(encoding="utf-8") if path.exists() else ""
    missing = [line for line in lines if line not in before.splitlines()]
    if missing:
        end = "\n" if before and not before.endswith("\n") else ""
        path.write_text(before + end + "".join(f"{line}\n" for line in missing), encoding="utf-8")
    return bool(missing)


def _write(path: Path, template: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text((files(__package__) / template).read_text(encoding="utf-8"), encoding="utf-8")
    return path
