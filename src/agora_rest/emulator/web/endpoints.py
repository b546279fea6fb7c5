"""The operations of the two specifications as the emulator serves them: path, limits and request validation.

Paths are known from the start; what validates a request is compiled when it is needed first.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any, Final, NamedTuple
from urllib.parse import parse_qsl

from agora_rest import spec
from agora_rest.emulator.quotas import Limit
from agora_rest.emulator.refusals import Code, InvalidInput, RecordingRefused, Refused
from agora_rest.emulator.web.leniency import with_numbers
from agora_rest.emulator.web.reasons import reason
from agora_rest.emulator.web.routing import BAD_ESCAPE, Router, decode

if TYPE_CHECKING:
    from jsonschema_rs import Draft202012Validator, ValidationError

WITHOUT_SLASH: Final = "/v1/reset_signkey"
"""The one Console path that is served without a slash at its end only (CO-05)."""

_REFUSED_BY_MEANING: Final = frozenset({"appid", "resourceid", "sid"})
"""Path parameters whose wrong values have specific errors: invalid appid, 1001, 1003."""

_INTEGER: Final = re.compile(r"-?(0|[1-9][0-9]*)")

MAX_FIELDS: Final = 100
"""The most fields of a query."""


class Call(NamedTuple):
    """A request that satisfies the specification of its operation."""

    parameters: dict[str, Any]
    """Path and query parameters, converted to the specified types, with defaults."""
    body: dict[str, Any]


class Parameter(NamedTuple):
    """One parameter of a path or a query."""

    name: str
    required: bool
    default: Any
    read: Callable[[str], Any]
    validator: Draft202012Validator
    document: dict[str, Any]
    """The document with its schema."""

    def value(self, text: str) -> Any:
        """Convert `text`. Raises InvalidInput if it breaks the schema."""
        value = self.read(text)
        if not self.validator.is_valid(value):
            raise InvalidInput(reason(next(self.validator.iter_errors(value)), self.document, self.name))
        return value

    def single(self, given: list[str]) -> Any:
        """Convert what a query has for it. Raises InvalidInput if it is not one value, or breaks the schema."""
        if len(given) != 1:
            raise InvalidInput(f"{self.name}: must be given once")
        return self.value(given[0])

    def absent(self) -> Any:
        """Its default. Raises InvalidInput if it is required."""
        if self.required:
            raise InvalidInput(f"{self.name}: is required")
        return self.default


@dataclass(eq=False, repr=False)
class Endpoint:
    """One operation."""

    operation: spec.Operation
    id: str
    api: spec.Api
    edition: spec.Edition
    limits: tuple[Limit, ...]

    @cached_property
    def path(self) -> tuple[Parameter, ...]:
        """The parameters in its path, except those that are refused by their meaning."""
        return tuple(each for each in self._parameters("path") if each.name not in _REFUSED_BY_MEANING)

    @cached_property
    def query(self) -> tuple[Parameter, ...]:
        """The parameters in its query."""
        return self._parameters("query")

    @cached_property
    def body(self) -> Draft202012Validator | None:
        """The validator of its body; None if it has none."""
        return spec.request_validator(self.id, self.edition) if self.operation.body_schema else None

    def _parameters(self, place: str) -> tuple[Parameter, ...]:
        found = [each for each in self.operation.parameters if each.place == place]
        return tuple(_parameter(self.operation, each) for each in found)

    def read_parameters(self, segments: dict[str, str], query: str) -> dict[str, Any]:
        """The parameters in a path and a query. Raises InvalidInput."""
        values: dict[str, Any] = {name: decoded(name, segment) for name, segment in segments.items()}
        for parameter in self.path:
            values[parameter.name] = parameter.value(values[parameter.name])
        if self.query:
            given = _read_query(query)
            for parameter in self.query:
                found = given.get(parameter.name)
                values[parameter.name] = parameter.absent() if found is None else parameter.single(found)
        return values

    def check_body(self, value: Any, *, quoted: bool) -> dict[str, Any]:
        """Validate a body, in which digits in quotes may stand for a number if `quoted`.

        Raises InvalidInput; 1013 if only the channel name is invalid.
        """
        errors = self._errors(value)
        if errors and quoted:
            numbers = with_numbers(value, errors)
            if numbers is not value:
                value, errors = numbers, self._errors(numbers)
        if errors:
            raise self._refusal(errors)
        body: dict[str, Any] = value
        return body

    def _errors(self, value: Any) -> list[ValidationError]:
        if self.body is None or self.body.is_valid(value):
            return []
        return list(self.body.iter_errors(value))

    def _refusal(self, errors: list[ValidationError]) -> Refused:
        others = [error for error in errors if not _is_bad_channel_name(error)]
        if not others and self.api == "cloud-recording":
            return RecordingRefused(Code.INVALID_CHANNEL_NAME, "cname: must be 1 to 64 of the 89 characters")  # CR-63
        document = spec.document(self.api, self.edition)
        return InvalidInput("; ".join(dict.fromkeys(reason(error, document) for error in others or errors)))


def decoded(name: str, segment: str) -> str:
    """Decode a path parameter. Raises InvalidInput."""
    try:
        return decode(segment)
    except ValueError:
        raise InvalidInput(f"{name}: is not percent-encoded UTF-8") from None


@cache
def endpoints(edition: spec.Edition) -> Router[Endpoint]:
    """Every operation of both APIs in one edition, routed."""
    router: Router[Endpoint] = Router()
    for operation in spec.operations(edition).values():
        limits = _limits(operation.rate_limit)
        endpoint = Endpoint(operation, operation.id, operation.api, operation.edition, limits)
        for path in _paths(operation):
            router.add(operation.method, path, endpoint)
    return router


@cache
def limits() -> tuple[Limit, ...]:
    """All limits of both editions, without duplicates."""
    operations = [each for edition in spec.EDITIONS for each in spec.operations(edition).values()]
    found = [limit for operation in operations for limit in _limits(operation.rate_limit)]
    return tuple(dict.fromkeys(found))


def _paths(operation: spec.Operation) -> tuple[str, ...]:
    if operation.api != "console":
        return (operation.path,)
    path = operation.prefix + operation.path
    return (path,) if operation.path == WITHOUT_SLASH else (path, f"{path}/")


def _limits(rate: spec.RateLimit) -> tuple[Limit, ...]:
    """A group inside a wider one is subject to both limits, which are equal (CO-03, CO-49)."""
    groups = (rate.group,) if rate.within is None else (rate.group, rate.within)
    return tuple(Limit(group, rate.calls, rate.per) for group in groups)


def _parameter(operation: spec.Operation, parameter: spec.Parameter) -> Parameter:
    return Parameter(
        name=parameter.name,
        required=parameter.required,
        default=parameter.schema.get("default"),
        read=_READERS.get(parameter.schema.get("type"), str),
        validator=spec.validator(operation.api, parameter.pointer, operation.edition),
        document=spec.document(operation.api, operation.edition),
    )


def _read_integer(text: str) -> int | str:
    """Convert to an integer; other text is returned unchanged, and the schema rejects it."""
    try:
        return int(text) if _INTEGER.fullmatch(text) else text
    except ValueError:  # more digits than Python reads
        return text


_READERS: Final[dict[str | None, Callable[[str], Any]]] = {
    "integer": _read_integer,
    "array": lambda text: text.split(","),  # `explode: false`: one parameter, commas in between (CO-30)
}


def _read_query(query: str) -> dict[str, list[str]]:
    values: dict[str, list[str]] = {}
    if "%" not in query and "+" not in query and query.count("&") < MAX_FIELDS:  # nothing in it is encoded
        for part in filter(None, query.split("&")):
            name, _, value = part.partition("=")
            values.setdefault(name, []).append(value)
        return values
    try:
        if BAD_ESCAPE.search(query):
            raise InvalidInput("the query has a broken percent-encoding")
        for name, value in parse_qsl(query, keep_blank_values=True, errors="strict", max_num_fields=MAX_FIELDS):
            values.setdefault(name, []).append(value)
    except ValueError:
        raise InvalidInput("the query cannot be read") from None
    return values


def _is_bad_channel_name(error: ValidationError) -> bool:
    return list(error.instance_path) == ["cname"] and error.kind.name in ("pattern", "minLength", "maxLength")
