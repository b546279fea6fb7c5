"""What a repository needs to keep its contract with Agora: a workflow, a target of make, a first test."""

from __future__ import annotations

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


def write(repository: Path, *, overwrite: bool = False) -> list[Path]:
    """Write the files, and let the Makefile include its part; it is made where there is none. Gives what was written.

    Raises FileExistsError, before anything is written, where one of the files exists and `overwrite` does not allow it.
    """
    there = [name for name in FILES if (repository / name).exists()]
    if there and not overwrite:
        raise FileExistsError(f"{', '.join(there)}: there already, and nothing was written; --force overwrites")
    written = [_write(repository / name, template) for name, template in FILES.items()]
    makefile = repository / "Makefile"
    before = makefile.read_text(encoding="utf-8") if makefile.exists() else ""
    if INCLUDE not in before.splitlines():
        # At the end, so that the first target of theirs stays the default one.
        makefile.write_text(before + ("\n" if before and not before.endswith("\n") else "") + INCLUDE + "\n", "utf-8")
        written.append(makefile)
    return written


def _write(path: Path, template: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text((files(__package__) / template).read_text(encoding="utf-8"), encoding="utf-8")
    return path
