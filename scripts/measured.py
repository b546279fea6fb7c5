"""Runs a program that writes measured figures, and notes in docs/measured.json which sources it measured.

    python -m scripts.measured strength -- python -m strength --clean --write
    python -m scripts.measured              says what has to be measured again; exit code 1 if something has

The note has the Git IDs of the measured folders and the digest of the figures. So figures that were changed by hand, by
a run of a part, or before the sources changed, are known as such. `make release` refuses them.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).parents[1]
NOTES = "docs/measured.json"


@dataclass(frozen=True)
class Measurement:
    """Figures, and what they depend on."""

    name: str
    """Also the target of make that measures it."""
    figures: str
    """The file that the program writes and nobody else."""
    sources: tuple[str, ...]
    """The folders whose code is measured, and measures."""


MEASUREMENTS = (
    Measurement("strength", "docs/strength.md", ("src", "generated", "contract_tests")),
    Measurement("bench", "benchmarks/results.json", ("src", "generated", "benchmarks")),
)
IGNORED = frozenset({"src/agora_rest/_version.py", "benchmarks/results.json"})
"""Files whose content changes no figure: a release writes the one, the benchmarks write the other."""

FIGURES_WRITTEN = (0, 1)
"""Exit codes of the programs: 1 means that a target is missed, with figures that are valid."""


def trees(project: Path, folders: tuple[str, ...]) -> dict[str, str]:
    """The Git IDs of folders as they are now, changes included that are not committed."""
    with tempfile.TemporaryDirectory() as place:
        environment = {**os.environ, "GIT_INDEX_FILE": f"{place}/index"}
        git(project, "add", "--all", "--", *folders, environment=environment)
        return {
            folder: git(project, "write-tree", f"--prefix={folder}/", environment=environment) for folder in folders
        }


def changes(project: Path, before: dict[str, str], now: dict[str, str]) -> list[str]:
    """The files that differ between two states of folders; the whole folder if its former state is not known here."""
    found = []
    for folder in now:
        if before.get(folder) == now[folder]:
            continue
        try:
            names = git(project, "diff", "--name-only", before[folder], now[folder]).splitlines()
        except (KeyError, subprocess.CalledProcessError):
            found.append(f"{folder}/")
        else:
            found += [path for name in names if (path := f"{folder}/{name}") not in IGNORED]
    return found


def outdated(project: Path) -> list[str]:
    """What was not measured on the sources as they are, each with the reason and the command that measures it."""
    path = project / NOTES
    notes = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    found = []
    for each in MEASUREMENTS:
        note = notes.get(each.name)
        if note is None:
            reason = "nothing says which sources were measured"
        elif note["figures"] != digest(project / each.figures):
            reason = "it was changed after the measurement"
        elif changed := changes(project, note["sources"], trees(project, each.sources)):
            more = f" and {len(changed) - 3} more" if len(changed) > 3 else ""
            reason = f"older than {', '.join(changed[:3])}{more}"
        else:
            continue
        found.append(f"{each.figures}: {reason}. Run `make {each.name}`")
    return found


def run(project: Path, name: str, command: list[str]) -> int:
    """Run the program and note what it measured. Gives its exit code; 2 if the sources changed meanwhile."""
    (measurement,) = (each for each in MEASUREMENTS if each.name == name)
    before = trees(project, measurement.sources)
    written = stamp(project / measurement.figures)
    code = subprocess.run(command, cwd=project).returncode
    if code not in FIGURES_WRITTEN or stamp(project / measurement.figures) == written:
        print(f"{NOTES} is left as it is: {measurement.figures} was not written", file=sys.stderr)
        return code
    if changed := changes(project, before, trees(project, measurement.sources)):
        print(f"{NOTES} is left as it is: changed during the measurement: {', '.join(changed)}", file=sys.stderr)
        return 2
    path = project / NOTES
    notes = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    notes[name] = {"figures": digest(project / measurement.figures), "sources": before}
    path.write_text(json.dumps(notes, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    return code


def git(project: Path, *command: str, environment: dict[str, str] | None = None) -> str:
    """What a command of Git prints, without the newline at the end."""
    shown = subprocess.run(["git", *command], cwd=project, env=environment, check=True, capture_output=True, text=True)
    return shown.stdout.rstrip("\n")


def digest(path: Path) -> str:
    """SHA-256 of a file's content; empty if there is none."""
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.exists() else ""


def stamp(path: Path) -> int:
    """When a file was written, in nanoseconds; 0 if there is none."""
    return path.stat().st_mtime_ns if path.exists() else 0


def main(arguments: list[str]) -> int:
    if "--" in arguments:
        return run(PROJECT, arguments[0], arguments[arguments.index("--") + 1 :])
    found = outdated(PROJECT)
    print(*(found or ["All figures belong to the sources as they are."]), sep="\n")
    return bool(found)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
