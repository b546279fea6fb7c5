"""The two specifications and the facts behind them as data: what client, emulator and contract suite all read.

The documents are the bundled ones that ship inside the generated packages, so an installed wheel needs nothing else.
The facts are written in `contract_tests/facts.yaml`; the package ships the same list as JSON. Nothing is loaded before
it is asked for.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple
from urllib.parse import quote

if TYPE_CHECKING:
    import jsonschema_rs

Api = Literal["cloud-recording", "console"]

APIS: Final[tuple[Api, ...]] = ("cloud-recording", "console")

PACKAGES: Final[dict[Api, str]] = {"cloud-recording": "agora_cloud_recording", "console": "agora_console"}
"""The generated package of each API."""


class RateLimit(NamedTuple):
    """How often the operations of a group may be called (`x-rate-limit`; CR-05, CO-03, CO-49)."""

    group: str
    calls: int
    per: float
    """Seconds."""
    key: str
    """What the limit is counted by, e.g. `account`."""
    within: str | None = None
    """A wider group whose calls these are counted among as well."""


class Operation(NamedTuple):
    """One operation of an API, as its specification describes it."""

    id: str
    api: Api
    method: str
    """In capitals."""
    path: str
    """The path template, below the server's URL."""
    rate_limit: RateLimit
    retry: Literal["safe", "idempotent", "once"]
    """`x-retry`: may it be repeated after an unclear outcome?"""
    facts: tuple[str, ...]


class Fact(NamedTuple):
    """One checkable statement of Agora's two documents."""

    number: str
    """`CR-…` or `CO-…`, given once and for good."""
    api: Api
    title: str
    sentence: str
    """What the document says, in this project's words."""
    document: str
    section: str
    """Where it says so: its heading in the document, with an English gloss."""
    decision: str
    """What this project does where the document contradicts itself, has a misprint or is silent; "" elsewhere."""
    unchecked: str
    """Why no check of it can exist; "" where one can."""

    def __str__(self) -> str:
        return f"{self.number} {self.title}"


@cache
def facts() -> Mapping[str, Fact]:
    """Every fact by its number, in the order of the documents."""
    loaded = json.loads(files("agora_rest.spec").joinpath("facts.json").read_text(encoding="utf-8"))
    found = (
        Fact(
            number=row["number"],
            api=row["api"],
            title=row["title"],
            sentence=row["sentence"],
            document=loaded["documents"][row["source"]["document"]],
            section=row["source"]["section"],
            decision=row.get("decision", ""),
            unchecked=row.get("unchecked", ""),
        )
        for row in loaded["facts"]
    )
    return MappingProxyType({each.number: each for each in found})


@cache
def document(api: Api) -> dict[str, Any]:
    """The bundled specification of `api`. Shared: treat it as read-only."""
    # Found without importing the package, which would load httpx for those who only read the specification.
    package = find_spec(PACKAGES[api])
    if package is None or package.origin is None:
        raise ModuleNotFoundError(f"the generated package {PACKAGES[api]} is not installed", name=PACKAGES[api])
    loaded: dict[str, Any] = json.loads(Path(package.origin).with_name("openapi.json").read_text(encoding="utf-8"))
    return loaded


@cache
def operations() -> dict[str, Operation]:
    """Every operation of both APIs by its ID, in the order of the documents."""
    return {
        item["operationId"]: _operation(api, method, path, item)
        for api in APIS
        for path, methods in document(api)["paths"].items()
        for method, item in methods.items()
        if isinstance(item, dict)  # beside the methods there may be parameters they share
    }


def _operation(api: Api, method: str, path: str, item: dict[str, Any]) -> Operation:
    limit = RateLimit(**item["x-rate-limit"])
    return Operation(item["operationId"], api, method.upper(), path, limit, item["x-retry"], tuple(item["x-facts"]))


def operation(operation_id: str) -> Operation:
    """The operation called `operation_id`; KeyError when there is none."""
    return operations()[operation_id]


def operation_object(operation_id: str) -> dict[str, Any]:
    """The OpenAPI Operation Object of `operation_id`."""
    found = operation(operation_id)
    item: dict[str, Any] = document(found.api)["paths"][found.path][found.method.lower()]
    return item


def resolve(api: Api, node: dict[str, Any]) -> dict[str, Any]:
    """`node`, or what its local `$ref` points to."""
    while "$ref" in node:
        node = _at(document(api), node["$ref"])
    return node


@cache
def validator(api: Api, pointer: str) -> jsonschema_rs.Draft202012Validator:
    """A compiled validator of the schema at `pointer` in the document of `api`.

    `pointer` is the name of a component schema (`ChannelName`) or a JSON pointer (`#/paths/…/schema`). Formats such as
    `date` are asserted.
    """
    import jsonschema_rs

    if not pointer.startswith("#"):
        pointer = f"#/components/schemas/{pointer}"
    schema = {"$ref": f"agora:{api}#{quote(pointer[1:], safe='/~')}"}
    return jsonschema_rs.Draft202012Validator(schema, validate_formats=True, registry=_registry())


def request_validator(operation_id: str) -> jsonschema_rs.Draft202012Validator | None:
    """The validator of an operation's JSON request body, or None when it has none."""
    body = operation_object(operation_id).get("requestBody")
    if body is None:
        return None
    return validator(operation(operation_id).api, json_schema(body["content"])["$ref"])


def response_validator(operation_id: str, status: int) -> jsonschema_rs.Draft202012Validator | None:
    """The validator of an operation's answer with `status`, or None when that status is not in the document."""
    responses = operation_object(operation_id)["responses"]
    if str(status) not in responses:
        return None
    api = operation(operation_id).api
    response = resolve(api, responses[str(status)])
    return validator(api, json_schema(response["content"])["$ref"])


def json_schema(content: dict[str, Any]) -> dict[str, Any]:
    """The schema of the JSON media type of a `content` object, whether its key names a charset (CR-03) or not."""
    return next(
        media["schema"] for key, media in content.items() if key.partition(";")[0].strip() == "application/json"
    )


def most_telling(error: jsonschema_rs.ValidationError) -> jsonschema_rs.ValidationError:
    """Where a value fits none of several alternatives, what keeps it from the one it comes closest to.

    The closest is the one in which the mistake lies deepest: its envelope, or its list, was there.
    """
    alternatives = getattr(error.kind, "context", None) or ()
    inner = [each for alternative in alternatives for each in alternative]
    return most_telling(max(inner, key=lambda each: len(each.instance_path))) if inner else error


def request_facts(operation_id: str, body: object) -> tuple[str, ...]:
    """The facts stated nearest to the first rule that a request body breaks; () when it breaks none."""
    validator = request_validator(operation_id)
    error = next(iter(validator.iter_errors(body)), None) if validator else None
    if error is None:
        return ()
    schema = json_schema(operation_object(operation_id)["requestBody"]["content"])
    return _facts_along(operation(operation_id).api, schema, most_telling(error).evaluation_path)


def response_facts(operation_id: str, status: int, path: Iterable[str | int]) -> tuple[str, ...]:
    """The facts stated nearest to the rule at `path` in the schema of an answer."""
    api = operation(operation_id).api
    response = resolve(api, operation_object(operation_id)["responses"][str(status)])
    return _facts_along(api, json_schema(response["content"]), path) or tuple(response.get("x-facts", ()))


def _facts_along(api: Api, schema: dict[str, Any], path: Iterable[str | int]) -> tuple[str, ...]:
    node: Any = schema
    facts: tuple[str, ...] = ()
    for step in ["", *path]:  # "" stands for the schema itself
        if step not in ("", "$ref"):
            node = _step(node, step)
        while isinstance(node, dict):
            facts = tuple(node.get("x-facts", facts))
            if "$ref" not in node:
                break
            node = resolve(api, {"$ref": node["$ref"]})
    return facts


def _step(node: Any, step: str | int) -> Any:
    if isinstance(node, dict):
        return node.get(str(step))
    if isinstance(node, list) and isinstance(step, int) and step < len(node):
        return node[step]
    return None


@cache
def _registry() -> jsonschema_rs.Registry:
    import jsonschema_rs

    return jsonschema_rs.Registry([(f"agora:{api}", document(api)) for api in APIS], draft=jsonschema_rs.Draft202012)


def _at(root: dict[str, Any], pointer: str) -> dict[str, Any]:
    node: Any = root
    for part in pointer.removeprefix("#/").split("/"):
        node = node[part.replace("~1", "/").replace("~0", "~")]
    found: dict[str, Any] = node
    return found
