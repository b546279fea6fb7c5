"""Builds the documentation into site/. Whatever is doubtful, such as a link that leads nowhere, ends it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).parents[1]


def main() -> int:
    """The command."""
    quiet = {**os.environ, "NO_MKDOCS_2_WARNING": "1"}
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", *sys.argv[1:]]
    return subprocess.run(command, cwd=PROJECT, env=quiet).returncode


if __name__ == "__main__":
    sys.exit(main())
