"""Checks both editions of both specifications: well formed, examples true, extensions complete, readable by outsiders'
tools. Redocly applies the overlays too, and must come to the same document.
"""

from __future__ import annotations

import json
import re
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import jsonschema_rs
from openapi_spec_validator import validate

from scripts.generate import METHODS, PACKAGES, PROJECT, edition_2019, edition_current, objects

RETRY_CLASSES = ("safe", "idempotent", "once")
EFFECTS = ("reads", "creates", "changes", "removes", "starts", "stops")
PRIORITIES = ("stop", "start", "query", "other")
FACT_NUMBER = re.compile(r"^(CR|CO)-\d{2,3}$")
JSON = "application/json"


def problems(document: dict[str, Any]) -> Iterator[str]:
    """What is wrong with one document, a sentence each."""
    for operation in _operations(document):
        yield from _extension_problems(operation)
        yield from _parameter_problems(operation)
    yield from _fact_problems(document)
    yield from _wording_problems(document)
    yield from _example_problems(document)


def _operations(document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for item in document["paths"].values():
        yield from (item[method] for method in METHODS if method in item)


def _extension_problems(operation: dict[str, Any]) -> Iterator[str]:
    name = operation["operationId"]
    if not operation.get("x-facts"):
        yield f"{name} states no x-facts"
    if operation.get("x-retry") not in RETRY_CLASSES:
        yield f"{name}: x-retry must be one of {', '.join(RETRY_CLASSES)}"
    effect = operation.get("x-effect", {})
    if effect.keys() != {"kind", "resource"} or effect["kind"] not in EFFECTS:
        yield f"{name}: x-effect must have a resource and a kind, one of {', '.join(EFFECTS)}"
    elif (effect["kind"] == "reads") != (operation.get("x-retry") == "safe"):
        yield f"{name}: x-retry must be safe if x-effect reads, and only then"
    if operation.get("x-priority") not in PRIORITIES:
        yield f"{name}: x-priority must be one of {', '.join(PRIORITIES)}"
    if not {"group", "calls", "per", "key"} <= operation.get("x-rate-limit", {}).keys():
        yield f"{name}: x-rate-limit must have group, calls, per and key"
    if not operation.get("security"):
        yield f"{name} has no security of its own, and the generator ignores the document's"


def _parameter_problems(operation: dict[str, Any]) -> Iterator[str]:
    for parameter in operation.get("parameters", []):
        schema = parameter.get("schema", {})
        if parameter.get("in") == "query" and schema.get("type") == "array" and parameter.get("explode", True):
            yield f"{operation['operationId']}: {parameter['name']} explodes; the override joins every list in a query"


def _fact_problems(document: dict[str, Any]) -> Iterator[str]:
    for where, node in objects(document, ""):
        for fact in node.get("x-facts", []):
            if not FACT_NUMBER.match(str(fact)):
                yield f"{where}: {fact!r} is no fact number"


def _wording_problems(document: dict[str, Any]) -> Iterator[str]:
    """Every pattern and every `not` has its demand in words beside it, for messages never show the keyword itself."""
    for where, node in objects(document, ""):
        if where.rpartition("/")[2] not in ("properties", "x-rules", "not"):
            stated = node.get("x-rules", {})
            for keyword in ("pattern", "not"):
                if (keyword in node) != (keyword in stated):
                    yield f"{where}: {keyword} must have its demand in words in x-rules, and x-rules no other"


def _example_problems(document: dict[str, Any]) -> Iterator[str]:
    registry = jsonschema_rs.Registry([("agora:document", document)], draft=jsonschema_rs.Draft202012)
    for where, schema, value in _examples(document):
        rooted = {"$ref": f"agora:document#{quote(schema[1:], safe='/~')}"}
        validator = jsonschema_rs.Draft202012Validator(rooted, validate_formats=True, registry=registry)
        for error in validator.iter_errors(value):
            yield f"{where}: {error.message}"


def _examples(document: dict[str, Any]) -> Iterator[tuple[str, str, Any]]:
    """Every example: where it stands, the pointer to its schema, its value."""
    for where, node in objects(document, "#"):
        for name, example in _named_examples(node):
            yield f"{where}/examples/{name}", f"{where}/schema", example["value"]
        if "schema" in node and "example" in node:
            yield f"{where}/example", f"{where}/schema", node["example"]
        if "/schemas/" in where and isinstance(node.get("examples"), list):
            yield from ((f"{where}/examples/{i}", where, value) for i, value in enumerate(node["examples"]))


def _named_examples(node: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    examples = node.get("examples")
    if "schema" not in node or not isinstance(examples, dict):
        return []
    return [(name, example) for name, example in examples.items() if "value" in example]


def check_with_python() -> list[str]:
    """Run the checks that need no Node."""
    found = []
    for api in PACKAGES:
        for edition, document in (("2019", edition_2019(api)), ("current", edition_current(api))):
            validate(document)
            found += [f"{api} ({edition}): {problem}" for problem in problems(document)]
    return found


def check_with_node() -> list[str]:
    """Run Redocly, Spectral and openapi-typescript. Returns the names of those that complained."""
    failed = []
    with tempfile.TemporaryDirectory() as directory:
        specifications = [f"openapi/{api}.yaml" for api in PACKAGES]
        specifications += [_written(edition_current(api), Path(directory, f"{api}.json")) for api in PACKAGES]
        commands = [
            ["redocly", "lint", "--max-problems", "200", *specifications],
            ["redocly", "lint", *(f"openapi/overlays/{api}.yaml" for api in PACKAGES)],
            ["spectral", "lint", "--fail-severity", "hint", *specifications],
            *(["openapi-typescript", path, "--output", f"{directory}/types.ts"] for path in specifications),
        ]
        for command in commands:
            print(f"--- {' '.join(command[:2])}", flush=True)
            finished = subprocess.run(
                [PROJECT / "node_modules/.bin" / command[0], *command[1:]], cwd=PROJECT, check=False
            )
            if finished.returncode:
                failed.append(command[0])
        failed += [
            f"redocly ({api}.yaml with its overlay)" for api in PACKAGES if not _is_applied_alike(api, directory)
        ]
    return failed


def _written(document: dict[str, Any], path: Path) -> str:
    path.write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")
    return str(path)


def _is_applied_alike(api: str, directory: str) -> bool:
    """Whether Redocly applies the overlay of `api` as we do."""
    output = Path(directory, f"{api}-bundled.json")
    overlay = f"openapi/overlays/{api}.yaml"
    command = [f"{PROJECT}/node_modules/.bin/redocly", "bundle", f"openapi/{api}.yaml", "--overlay", overlay]
    finished = subprocess.run([*command, "--output", str(output)], cwd=PROJECT, capture_output=True, check=False)
    return not finished.returncode and json.loads(output.read_text("utf-8")) == edition_current(api)


def main() -> None:
    found = check_with_python()
    for problem in found:
        print(problem)
    print(f"openapi-spec-validator, examples, extensions: {len(found)} problems")
    found += [f"{tool} complained" for tool in check_with_node()]
    if found:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
