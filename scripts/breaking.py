"""Names what would break callers: changes of the public Python API (griffe) and of both specifications (Redocly).

    breaking.py [REF]    compares the working tree with REF, by default the latest release

Exit code 0: nothing breaks. 1: something does, which a release says in its version and its changelog.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import colorama
import griffe

PROJECT = Path(__file__).parents[1]
SPECIFICATIONS = (
    "openapi/cloud-recording.yaml",
    "openapi/console.yaml",
    "generated/agora_cloud_recording/openapi.json",
    "generated/agora_console/openapi.json",
)
"""The documents of 2019, and those of today as they result from the overlays."""
PARTS = (None, "client._sync", "client._async")
"""The package and the parts of it that griffe compares. The latter are private, but what they define is exported."""


def latest_release() -> str | None:
    """The tag of the latest release; None before the first."""
    command = ["git", "describe", "--tags", "--abbrev=0", "--match=v[0-9]*"]
    found = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True)
    return found.stdout.strip() or None


def python_breaks(ref: str) -> bool:
    """Compare what callers of `agora_rest` see."""
    print(f"==> the public Python API since {ref}", flush=True)
    before = griffe.load_git("agora_rest", ref=ref, repo=PROJECT, search_paths=["src"], resolve_aliases=True)
    now = griffe.load("agora_rest", search_paths=[PROJECT / "src"], resolve_aliases=True)
    pairs = [(before[part], now[part]) if part else (before, now) for part in PARTS]
    breakages = [breakage for pair in pairs for breakage in griffe.find_breaking_changes(*pair)]
    colorama.init()  # griffe writes with colours, and this takes them out where standard output is no terminal
    for breakage in breakages:
        print(breakage.explain(griffe.ExplanationStyle.ONE_LINE), flush=True)
    return bool(breakages)


def specification_breaks(ref: str) -> bool:
    """Compare both editions of both documents."""
    redocly = PROJECT / "node_modules/.bin/redocly"
    broken = False
    with tempfile.TemporaryDirectory() as folder:
        for path in SPECIFICATIONS:
            print(f"==> {path} since {ref}", flush=True)
            before = Path(folder) / path.replace("/", "-")
            shown = subprocess.run(["git", "show", f"{ref}:{path}"], cwd=PROJECT, check=True, capture_output=True)
            before.write_bytes(shown.stdout)
            quiet = {**os.environ, "REDOCLY_TELEMETRY": "off", "REDOCLY_SUPPRESS_UPDATE_NOTICE": "true"}
            broken |= (
                subprocess.run(
                    [redocly, "diff", before, path, "--config", PROJECT / "scripts/redocly-diff.yaml"],
                    cwd=PROJECT,
                    env=quiet,
                ).returncode
                != 0
            )
    return broken


def main(arguments: list[str]) -> int:
    ref = arguments[0] if arguments else latest_release()
    if ref is None:
        print("Nothing has been released yet, so nothing can break. Name a commit to compare with it.")
        return 0
    return 1 if python_breaks(ref) | specification_breaks(ref) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
