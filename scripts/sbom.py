"""Writes a release's bill of materials, in CycloneDX: what `agora-rest[all]` installs, and what the wheel contains.

The packages are those that the wheel brings into an empty environment, in the locked versions of requirements/dev.txt,
on the system and the Python that build it. The file has the same bytes whenever and wherever these are the same.
"""

from __future__ import annotations

import base64
import json
import platform
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from scripts.measured import digest

PROGRAMS = Path(sys.executable).parent
PACKAGE = "agora-rest"
VENDORED = Path("src/agora_rest/emulator/web/assets/swagger-ui/manifest.json")
"""States which version of Swagger UI the wheel contains."""
VERSION = "1.6"
"""Of CycloneDX."""


def write(project: Path, distributions: Sequence[Path], environment: Mapping[str, str]) -> Path:
    """Write the bill beside the distributions. `environment` has SOURCE_DATE_EPOCH, the time that the bill states.

    Raises ValueError if the bill does not agree with the schema of CycloneDX.
    """
    bill = installed(project, distributions, environment)
    complete(bill, project, distributions)
    text = json.dumps(bill, indent=1, ensure_ascii=False, sort_keys=True) + "\n"
    if error := JsonStrictValidator(SchemaVersion.from_version(VERSION)).validate_str(text):
        raise ValueError(f"the bill of materials is not valid: {error}")
    root = bill["metadata"]["component"]
    path = distributions[0].with_name(f"{PACKAGE}-{root['version']}.cdx.json")
    path.write_text(text, encoding="utf-8")
    return path


def installed(project: Path, distributions: Sequence[Path], environment: Mapping[str, str]) -> dict[str, Any]:
    """What cyclonedx-py finds in an environment in which nothing was installed but the wheel with all extras."""
    (wheel,) = (file for file in distributions if file.suffix == ".whl")
    with tempfile.TemporaryDirectory() as folder:
        python = Path(folder) / "bin/python"
        versions = project / "requirements/dev.txt"
        wanted = f"{PACKAGE}[all] @ {wheel.as_uri()}"
        bill = Path(folder) / "bill.json"
        commands: list[list[str | Path]] = [
            [PROGRAMS / "uv", "venv", "--quiet", "--python", sys.executable, folder],
            [PROGRAMS / "uv", "pip", "install", "--quiet", "--python", python, "--constraint", versions, wanted],
            [PROGRAMS / "cyclonedx-py", "environment", "--output-reproducible", "--sv", VERSION, "-o", bill, python],
        ]
        for command in commands:
            subprocess.run(command, check=True, env=environment)
        found: dict[str, Any] = json.loads(bill.read_text(encoding="utf-8"))
        return found


def complete(bill: dict[str, Any], project: Path, distributions: Sequence[Path]) -> None:
    """Make our package the subject of the bill, with the digests of its files and what the wheel contains of others."""
    (root,) = (each for each in bill["components"] if each["name"] == PACKAGE)
    bill["components"].remove(root)
    root["purl"] = f"pkg:pypi/{PACKAGE}@{root['version']}"
    root["externalReferences"] = [
        {"type": "distribution", "url": file.name, "hashes": [{"alg": "SHA-256", "content": digest(file)}]}
        for file in distributions
    ]
    swagger = vendored(json.loads((project / VENDORED).read_text(encoding="utf-8")))
    root["components"] = [swagger]
    metadata = bill["metadata"]
    metadata["component"] = root
    built_on = f"Python {platform.python_version()}, {sys.platform} {platform.machine()}"
    metadata.setdefault("properties", []).append({"name": "agora-rest:environment", "value": built_on})
    bill["dependencies"].append({"ref": swagger["bom-ref"]})


def vendored(manifest: Mapping[str, Any]) -> dict[str, Any]:
    """The component that is part of the wheel and no package of Python."""
    purl = f"pkg:npm/{manifest['name']}@{manifest['version']}"
    algorithm, _, content = manifest["integrity"].partition("-")
    return {
        "type": "library",
        "bom-ref": purl,
        "name": manifest["name"],
        "version": manifest["version"],
        "purl": purl,
        "licenses": [{"license": {"id": manifest["license"]}}],
        "hashes": [{"alg": algorithm.replace("sha", "SHA-"), "content": base64.b64decode(content).hex()}],
    }
