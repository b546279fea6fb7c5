"""Writes everything that is generated: two client packages, the sync client, the facts, the exported names.

A client package is generated from the current edition of its API: the document in `openapi/` with its overlay applied.
It contains both editions as JSON.

`python -m scripts.generate` writes into the project. With `--check` it writes into a temporary directory and fails when
the project differs from it.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from scripts import exports, facts_json, overlays, overrides

PROJECT = Path(__file__).resolve().parent.parent
PACKAGES = {"cloud-recording": "agora_cloud_recording", "console": "agora_console"}
METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")

# `--isolated`: the output must not depend on where it is written. Unused and unsorted imports are mended, nothing else.
GENERATOR_CONFIG = """\
post_hooks:
  - ruff check --isolated --no-cache --quiet --line-length 120 --select F401,F811,I --fix .
  - ruff format --isolated --no-cache --quiet --line-length 120 .
"""


def edition_2019(api: str) -> dict[str, Any]:
    """The hand-written document of `api`."""
    return bundle(PROJECT / "openapi" / f"{api}.yaml")


def edition_current(api: str) -> dict[str, Any]:
    """The hand-written document of `api` with its overlay applied."""
    return overlays.applied(edition_2019(api), PROJECT / "openapi" / "overlays" / f"{api}.yaml")


def bundle(source: Path) -> dict[str, Any]:
    """The specification at `source`, self-contained. Raises ValueError for a reference that leaves the document."""
    document: dict[str, Any] = YAML(typ="safe").load(source)
    for where, node in objects(document, source.name):
        reference = node.get("$ref")
        if isinstance(reference, str) and not reference.startswith("#/"):
            raise ValueError(f"{where}: {reference} leaves the document; the generator reads one file only")
    return document


def objects(node: Any, where: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every object in a document, with the JSON pointer to it behind `where`."""
    if isinstance(node, dict):
        yield where, node
    for key, child in node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ():
        yield from objects(child, f"{where}/{str(key).replace('~', '~0').replace('/', '~1')}")


def write_package(api: str, output: Path, scratch: Path) -> None:
    """Write the generated package of `api` to `output`/generated."""
    package = output / "generated" / PACKAGES[api]
    package.parent.mkdir(parents=True, exist_ok=True)
    specification = scratch / f"{PACKAGES[api]}.json"
    specification.write_text(_json(edition_current(api)), encoding="utf-8")
    config = scratch / "generator.yaml"
    config.write_text(GENERATOR_CONFIG, encoding="utf-8")
    generator = ["openapi-python-client", "generate", "--meta", "none", "--fail-on-warning", "--overwrite"]
    places = [
        "--path",
        specification,
        "--config",
        config,
        "--custom-template-path",
        scratch / "templates",
        "--output-path",
        package,
    ]
    finished = subprocess.run([*generator, *map(str, places)], capture_output=True, text=True, check=False)
    if finished.returncode:
        raise SystemExit(f"{api}: {finished.stdout}{finished.stderr}")
    shutil.copy(specification, package / "openapi.json")
    (package / "openapi-2019.json").write_text(_json(edition_2019(api)), encoding="utf-8")
    (package / "py.typed").touch()


def _json(document: dict[str, Any]) -> str:
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def generate(output: Path) -> list[Path]:
    """Write everything below `output`. Returns the generated places, relative to it."""
    with tempfile.TemporaryDirectory() as directory:
        scratch = Path(directory)
        overrides.write_templates(scratch / "templates")
        for api in PACKAGES:
            write_package(api, output, scratch)
    program, derived = PROJECT / "scripts/derive_sync.py", output / "src/agora_rest/client/_sync"
    subprocess.run([sys.executable, str(program), "--output", str(derived)], check=True)
    facts_json.write(PROJECT / "contract_tests/facts.yaml", output / "src/agora_rest/spec/facts.json")
    exports.write(output / "src/agora_rest/__init__.py")
    return [
        *(Path("generated") / package for package in PACKAGES.values()),
        Path("src/agora_rest/client/_sync"),
        Path("src/agora_rest/spec/facts.json"),
        Path("src/agora_rest/__init__.py"),
    ]


def install(fresh: Path, target: Path) -> None:
    """Put what was generated at `fresh` in the place of what is at `target`."""
    if fresh.is_file():
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(fresh, target)
        return
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(fresh, target)


def differences(fresh: Path, current: Path) -> list[str]:
    """What `current` lacks, has too much or has otherwise, a line each."""
    wanted, found = _contents(fresh), _contents(current)
    lines = [f"missing: {name}" for name in sorted(wanted.keys() - found.keys())]
    lines += [f"not generated: {name}" for name in sorted(found.keys() - wanted.keys())]
    lines += [f"differs: {name}" for name in sorted(wanted.keys() & found.keys()) if wanted[name] != found[name]]
    return lines


def _contents(place: Path) -> dict[str, bytes]:
    if place.is_file():
        return {place.name: place.read_bytes()}
    return {
        str(path.relative_to(place)): path.read_bytes()
        for path in place.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; fail when the project differs")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as directory:
        output = Path(directory)
        places = generate(output)
        if not arguments.check:
            for place in places:
                install(output / place, PROJECT / place)
            return
        drift = [f"{place}: {line}" for place in places for line in differences(output / place, PROJECT / place)]
    if drift:
        raise SystemExit(
            "\n".join([*drift, "Generated code differs from what the specifications give: run `make generate`."])
        )
    print(f"no drift in {', '.join(map(str, places))}")


if __name__ == "__main__":
    main()
