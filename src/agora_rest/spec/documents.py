"""The bundled OpenAPI documents, and JSON pointers into them.

Each API has two: its edition of 2019, and the current one, which is the first with an overlay applied. They ship in the
generated packages, so an installed wheel needs nothing else.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final, Literal
from urllib.parse import urlsplit

Api = Literal["cloud-recording", "console"]

APIS: Final[tuple[Api, ...]] = ("cloud-recording", "console")

Edition = Literal["2019", "current"]
"""A state of Agora's documents: those of 2019 and 2020, or the present ones."""

EDITIONS: Final[tuple[Edition, ...]] = ("2019", "current")

_FILES: Final[dict[Edition, str]] = {"2019": "openapi-2019.json", "current": "openapi.json"}

PACKAGES: Final[dict[Api, str]] = {"cloud-recording": "agora_cloud_recording", "console": "agora_console"}
"""The generated package of each API."""


@cache
def document(api: Api, edition: Edition = "current") -> dict[str, Any]:
    """The bundled specification of `api`. The object is shared: treat it as read-only."""
    # Located without importing the package, which would load httpx for callers that only read the specification.
    package = find_spec(PACKAGES[api])
    if package is None or package.origin is None:
        raise ModuleNotFoundError(f"the generated package {PACKAGES[api]} is not installed", name=PACKAGES[api])
    text = Path(package.origin).with_name(_FILES[edition]).read_text(encoding="utf-8")
    loaded: dict[str, Any] = json.loads(text)
    return loaded


@cache
def prefix(api: Api) -> str:
    """The path prefix of the operations of `api` on a server: that of the documented URL, such as `/dev`."""
    url: str = document(api)["servers"][0]["url"]
    return urlsplit(url).path.rstrip("/")


def resolve(api: Api, node: dict[str, Any], edition: Edition = "current") -> dict[str, Any]:
    """`node`, or the object that its local `$ref` refers to."""
    while "$ref" in node:
        node = at(api, node["$ref"], edition=edition)
    return node


def alternatives(
    api: Api, schema: dict[str, Any], edition: Edition = "current", conditions: Iterable[str] = ("then", "else")
) -> Iterator[dict[str, Any]]:
    """A schema, and all schemas that it is composed of, its `conditions` included: any of them may describe a value."""
    schema = resolve(api, schema, edition)
    yield schema
    for keyword in ("allOf", "anyOf", "oneOf"):
        for inner in schema.get(keyword, ()):
            yield from alternatives(api, inner, edition, conditions)
    for keyword in conditions:
        if isinstance(schema.get(keyword), dict):
            yield from alternatives(api, schema[keyword], edition, conditions)


def pointer(*steps: str | int) -> str:
    """The JSON pointer of a place in a document, with `#` before it."""
    return "#" + "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in steps)


def at(api: Api, place: str | Iterable[str | int], default: Any = None, edition: Edition = "current") -> Any:
    """The value at a JSON pointer, or at a list of steps, in the document of `api`; `default` if there is none."""
    node: Any = document(api, edition)
    for step in _steps(place) if isinstance(place, str) else place:
        node = step_into(node, step, default)
    return node


def step_into(node: Any, step: str | int, default: Any = None) -> Any:
    """The member `step` of an object, or the item at that index of an array; `default` if there is none."""
    if isinstance(node, dict):
        return node.get(str(step), default)
    if isinstance(node, list) and str(step).isdecimal() and int(step) < len(node):
        return node[int(step)]
    return default


def objects(node: Any, where: str = "#") -> Iterator[tuple[str, dict[str, Any]]]:
    """Every object at and below `node`, with its JSON pointer."""
    if isinstance(node, dict):
        yield where, node
    for step, child in node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ():
        yield from objects(child, where + pointer(step)[1:])


def _steps(place: str) -> list[str]:
    return [step.replace("~1", "/").replace("~0", "~") for step in place.removeprefix("#").split("/")[1:]]
