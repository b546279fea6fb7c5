"""Builds the documentation into site/. Whatever is doubtful ends it: a link that leads nowhere, a name without a page.

python -m scripts.docs                            builds site/
python -m scripts.docs --version 0.1.0 latest     builds it and commits it to the branch gh-pages, under these names
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from pathlib import Path

from scripts.documented import undocumented

PROJECT = Path(__file__).parents[1]
BRANCH = "gh-pages"
"""Has the site of every version, each in a directory, and the list that the selector shows."""


def main() -> int:
    parser = argparse.ArgumentParser(prog="docs", description="Build the documentation.")
    parser.add_argument("--version", nargs="+", metavar=("VERSION", "ALIAS"), help=f"commit it to the branch {BRANCH}")
    versions = parser.parse_args().version
    try:
        if versions:
            deploy(*versions)
        else:
            run("mkdocs", "build", "--strict")
    except subprocess.CalledProcessError as error:
        return error.returncode
    found = undocumented(PROJECT / "site")
    print(*found, sep="\n", file=sys.stderr)
    return bool(found)


def deploy(*versions: str) -> None:
    """Commit the site to its branch. The address without a version leads to `latest`, once there is one."""
    where = ("--ignore-remote-status", "--branch", BRANCH)
    run("mike", "deploy", "--update-aliases", *where, *versions)
    if "latest" in versions:
        run("mike", "set-default", "--allow-empty", *where, "latest")


def run(program: str, *arguments: str) -> None:
    """Run a program of this environment."""
    quiet = {**os.environ, "NO_MKDOCS_2_WARNING": "1"}
    command = [str(Path(sys.executable).with_name(program)), *arguments]
    subprocess.run(command, cwd=PROJECT, env=quiet, check=True)


if __name__ == "__main__":
    sys.exit(main())
