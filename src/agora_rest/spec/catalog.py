"""The operations of both APIs: everything the specifications state about each of them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from types import MappingProxyType
from typing import Any, Literal, NamedTuple
from urllib.parse import quote, unquote

from agora_rest.spec.documents import APIS, Api, Edition, at, document, pointer, prefix, resolve

Retry = Literal["safe", "idempotent", "once"]
EffectKind = Literal["reads", "creates", "changes", "removes", "starts", "stops"]
Priority = Literal["stop", "start", "query", "other"]


class RateLimit(NamedTuple):
    """The rate limit of a group of operations (`x-rate-limit`; CR-05, CO-03, CO-49)."""

    group: str
    calls: int
    per: float
    """Seconds."""
    key: str
    """The scope of the limit, e.g. `account`."""
    within: str | None = None
    """A wider group that counts these calls too."""


class Effect(NamedTuple):
    """The effect of a successful call on the server (`x-effect`)."""

    kind: EffectKind
    resource: str
    """The kind of resource it affects: `project`, `recording`, `kicking-rule`, …"""


class Parameter(NamedTuple):
    """One parameter of an operation, with its references resolved."""

    name: str
    place: Literal["path", "query", "header", "cookie"]
    required: bool
    schema: dict[str, Any]
    pointer: str
    """The JSON pointer of its schema."""
    facts: tuple[str, ...]
    """The facts of the parameter, or else those of its schema."""
    examples: dict[str, Any]
    """Its named examples; a single example is named `example`."""

    @property
    def is_list(self) -> bool:
        """Whether its value is a comma-separated list (`explode: false`, CO-30)."""
        return self.schema.get("type") == "array"


@dataclass(frozen=True, eq=False)
class Operation:
    """One operation of an API, as one edition of its specification describes it."""

    id: str
    api: Api
    edition: Edition
    method: str
    """In upper case."""
    path: str
    """The path template, below the server's URL."""
    rate_limit: RateLimit
    retry: Retry
    """`x-retry`: whether the call may be retried after an unclear outcome."""
    effect: Effect
    priority: Priority
    """`x-priority`: the order of calls that wait for the same limit."""
    facts: tuple[str, ...]

    @property
    def openapi_object(self) -> dict[str, Any]:
        """Its OpenAPI Operation Object."""
        item: dict[str, Any] = document(self.api, self.edition)["paths"][self.path][self.method.lower()]
        return item

    @property
    def is_deprecated(self) -> bool:
        """Whether this edition no longer describes it: it may still work."""
        return bool(self.openapi_object.get("deprecated"))

    @property
    def tag(self) -> str:
        """The group of operations to which it belongs."""
        tag: str = self.openapi_object["tags"][0]
        return tag

    @property
    def prefix(self) -> str:
        """The path before `path` on a server: `/dev` for the Console, empty for Cloud Recording."""
        return prefix(self.api)

    @cached_property
    def parameters(self) -> tuple[Parameter, ...]:
        """Its parameters in path, query and headers: first those shared by its path, then its own."""
        shared = ("paths", self.path, "parameters")
        own = ("paths", self.path, self.method.lower(), "parameters")
        return tuple(
            _parameter(self.api, pointer(*place, index), self.edition)
            for place in (shared, own)
            for index in range(len(at(self.api, place, edition=self.edition) or ()))
        )

    def parameter(self, name: str) -> Parameter | None:
        """The parameter called `name`, or None."""
        return next((each for each in self.parameters if each.name == name), None)

    @property
    def body_schema(self) -> dict[str, Any] | None:
        """The schema of the JSON request body, unresolved, or None if the operation has no body."""
        body = self.openapi_object.get("requestBody")
        return json_schema(self.resolve(body)["content"]) if body else None

    def response(self, status: int) -> dict[str, Any] | None:
        """The OpenAPI Response Object of `status`, or None if the document has no such status."""
        found = self.openapi_object["responses"].get(str(status))
        return self.resolve(found) if found else None

    @property
    def statuses(self) -> tuple[int, ...]:
        """The documented statuses of its responses, in the order of the document."""
        return tuple(map(int, self.openapi_object["responses"]))

    @property
    def body_examples(self) -> dict[str, Any]:
        """The named examples of the request body."""
        body = self.openapi_object.get("requestBody")
        return _examples(self.api, _media(self.resolve(body)["content"]), self.edition) if body else {}

    def response_examples(self, status: int) -> dict[str, Any]:
        """The named examples of a response; {} if the document has no such status."""
        content = (self.response(status) or {}).get("content")
        return _examples(self.api, _media(content), self.edition) if content else {}

    def resolve(self, node: dict[str, Any]) -> dict[str, Any]:
        """`node`, or the object in its document that its `$ref` refers to."""
        return resolve(self.api, node, self.edition)

    def url(self, **values: object) -> str:
        """The percent-encoded path of a call, prefix included. Raises KeyError if a path parameter is missing."""
        return self.prefix + re.sub(r"{(\w+)}", lambda found: quote(str(values[found[1]]), safe=""), self.path)

    def match(
        self, method: str, path: str, *, any_case: bool = False, any_slash: bool = False
    ) -> dict[str, str] | None:
        """The decoded path parameters of a call, or None if `method` and `path` belong to another operation.

        `path` is percent-encoded and includes the prefix. See `match_path` for the options.
        """
        return self.match_path(path, any_case=any_case, any_slash=any_slash) if method == self.method else None

    def match_path(
        self, path: str, *, any_case: bool = False, any_slash: bool = False, any_base: bool = False
    ) -> dict[str, str] | None:
        """Like `match`, for any method. A parameter may be empty: such a request is a faulty call of this operation.

        `any_case` ignores case. `any_slash` ignores a trailing slash. `any_base` accepts any path in front, such as
        that of a server's base URL.
        """
        found = _pattern(self.prefix + self.path, any_case, any_slash, any_base).fullmatch(path)
        return {name: unquote(value) for name, value in found.groupdict().items()} if found else None

    def __str__(self) -> str:
        return self.id


@cache
def operations(edition: Edition = "current") -> Mapping[str, Operation]:
    """Every operation of both APIs by its ID, in the order of the documents."""
    return MappingProxyType({each.id: each for api in APIS for each in _operations(api, edition)})


def operation(operation_id: str, edition: Edition = "current") -> Operation:
    """The operation called `operation_id`. Raises KeyError if that edition does not have it."""
    return operations(edition)[operation_id]


def json_schema(content: dict[str, Any]) -> dict[str, Any]:
    """The schema of the JSON media type of a `content` object, with or without a charset in its key (CR-03)."""
    schema: dict[str, Any] = _media(content)["schema"]
    return schema


def _operations(api: Api, edition: Edition) -> Iterator[Operation]:
    for path, methods in document(api, edition)["paths"].items():
        for method, item in methods.items():
            if isinstance(item, dict):  # a path item may also contain shared parameters
                yield Operation(
                    id=item["operationId"],
                    api=api,
                    edition=edition,
                    method=method.upper(),
                    path=path,
                    rate_limit=RateLimit(**item["x-rate-limit"]),
                    retry=item["x-retry"],
                    effect=Effect(**item["x-effect"]),
                    priority=item["x-priority"],
                    facts=tuple(item["x-facts"]),
                )


def _parameter(api: Api, place: str, edition: Edition) -> Parameter:
    while "$ref" in (found := at(api, place, edition=edition)):
        place = found["$ref"]
    schema_place = found["schema"].get("$ref") or f"{place}/schema"
    schema = resolve(api, found["schema"], edition)
    return Parameter(
        name=found["name"],
        place=found["in"],
        required=found.get("required", False),
        schema=schema,
        pointer=schema_place,
        facts=tuple(found.get("x-facts") or schema.get("x-facts", ())),
        examples=_examples(api, found, edition),
    )


def _media(content: dict[str, Any]) -> dict[str, Any]:
    return next(media for key, media in content.items() if key.partition(";")[0].strip() == "application/json")


def _examples(api: Api, node: dict[str, Any], edition: Edition) -> dict[str, Any]:
    if "example" in node:
        return {"example": node["example"]}
    return {name: resolve(api, example, edition)["value"] for name, example in node.get("examples", {}).items()}


@cache
def _pattern(template: str, any_case: bool, any_slash: bool, any_base: bool) -> re.Pattern[str]:
    literals_and_names = re.split(r"{(\w+)}", template.rstrip("/") if any_slash else template)
    pattern = "".join(
        f"(?P<{part}>[^/]*)" if index % 2 else re.escape(part) for index, part in enumerate(literals_and_names)
    )
    pattern = (".*" if any_base else "") + pattern + ("/?" if any_slash else "")
    return re.compile(pattern, re.IGNORECASE if any_case else 0)
