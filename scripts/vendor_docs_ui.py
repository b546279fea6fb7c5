"""Update the Swagger UI files of the emulator's `/docs`, or check that they are unmodified.

    python scripts/vendor_docs_ui.py            # check
    python scripts/vendor_docs_ui.py 5.35.0     # fetch this version from npm and take its files over

They lie in the package as npm has them, with their licence and a manifest of what they are. `npm pack` only fetches: it
runs nothing of the package and installs none of its dependencies.
"""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path
from typing import Any

NAME = "swagger-ui-dist"
FILES = ("swagger-ui-bundle.js", "swagger-ui-bundle.js.LICENSE.txt", "swagger-ui.css", "LICENSE", "NOTICE")
FOLDER = Path(__file__).parents[1] / "src" / "agora_rest" / "emulator" / "web" / "assets" / "swagger-ui"
MANIFEST = FOLDER / "manifest.json"


def main(arguments: list[str]) -> int:
    """Do what is asked for; 1 when the files are not those of the manifest."""
    if arguments:
        renew(arguments[0])
        return 0
    wrong = changed()
    for name in wrong:
        print(f"{FOLDER / name} is not the file of {NAME} that the manifest names")
    return 1 if wrong else 0


def renew(version: str) -> None:
    """Take over the files of a version, and note what they are."""
    with tempfile.TemporaryDirectory() as place:
        command = ["npm", "pack", "--json", "--ignore-scripts", f"{NAME}@{version}"]
        (packed,) = described(json.loads(subprocess.run(command, cwd=place, check=True, capture_output=True).stdout))
        with tarfile.open(Path(place) / packed["filename"]) as archive:
            archive.extractall(place, filter="data")
        package = Path(place) / "package"
        FOLDER.mkdir(parents=True, exist_ok=True)
        for name in FILES:
            (FOLDER / name).write_bytes((package / name).read_bytes())
        licence = json.loads((package / "package.json").read_text(encoding="utf-8"))["license"]
    manifest = {
        "name": NAME,
        "version": packed["version"],
        "license": licence,
        "integrity": packed["integrity"],
        "files": {name: digest(FOLDER / name) for name in FILES},
    }
    MANIFEST.write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")
    print(f"{NAME} {packed['version']}: {sum((FOLDER / name).stat().st_size for name in FILES):,} bytes")


def described(packed: Any) -> list[dict[str, Any]]:
    """What `npm pack` says it has packed: a list, or from npm 12 on an object by name."""
    return list(packed.values()) if isinstance(packed, dict) else packed


def changed() -> list[str]:
    """The files that are not as the manifest says."""
    files = json.loads(MANIFEST.read_text(encoding="utf-8"))["files"]
    return [name for name, wanted in files.items() if digest(FOLDER / name) != wanted]


def digest(file: Path) -> str:
    """SHA-256 in hexadecimal."""
    return hashlib.sha256(file.read_bytes()).hexdigest() if file.exists() else ""


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
