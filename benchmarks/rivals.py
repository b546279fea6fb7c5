"""Clients of others that must not come near our own environment: one of their own, locked by hashes in rivals.txt."""

from __future__ import annotations

import hashlib
import shutil
import sys
import venv
from pathlib import Path
from typing import Final

from benchmarks.processes import PROJECT, output_of

REQUIREMENTS: Final = Path(__file__).with_name("rivals.txt")


def python() -> Path:
    """The interpreter of that environment; made when it is first needed, and when the lock changes."""
    digest = hashlib.sha256(REQUIREMENTS.read_bytes() + sys.version.encode()).hexdigest()[:12]
    home = PROJECT / ".venv" / f"rivals-{digest}"
    interpreter = home / "bin" / "python"
    if not (home / ".complete").exists():
        shutil.rmtree(home, ignore_errors=True)
        venv.create(home, with_pip=True)
        # All of them are in the file, so nothing is looked for beside it.
        install = ("-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes", "--no-deps")
        output_of([interpreter, *install, "-r", REQUIREMENTS])
        (home / ".complete").touch()
    return interpreter


def version_of(package: str) -> str:
    lines = REQUIREMENTS.read_text(encoding="utf-8").splitlines()
    return next(line.split()[0] for line in lines if line.startswith(f"{package}==")).partition("==")[2]
