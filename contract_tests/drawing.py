"""Values that a schema of our specifications allows, and requests that an operation allows.

Own code, because hypothesis-jsonschema 0.23 does not run under the hypothesis of today, and schemathesis' generator is
not public. It knows the keywords that our documents use and refuses any other; what it draws is filtered by the real
validator all the same.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

import jsonschema_rs
from hypothesis import strategies as st

from agora_rest import spec
from agora_rest.contract.http.wire import OMIT
from agora_rest.contract.samples import Sample

ANNOTATIONS = {"description", "title", "examples", "default", "format", "readOnly", "writeOnly", "deprecated"}
KNOWN = {
    "type",
    "enum",
    "const",
    "anyOf",
    "oneOf",
    "allOf",
    "$ref",
    "properties",
    "required",
    "additionalProperties",
    "items",
}
LIMITS = {
    "minimum",
    "maximum",
    "minLength",
    "maxLength",
    "minItems",
    "maxItems",
    "pattern",
    "not",
    "if",
    "then",
    "minProperties",
    "contains",
    "minContains",
    "maxContains",
    "dependentRequired",
    "unevaluatedProperties",
}

scalars = st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=8)
UNKNOWN = "x-"
"""How the names of members begin that no schema of ours knows; each is used once, so that none hides another."""

unknown_members = st.dictionaries(st.uuids().map(lambda name: f"{UNKNOWN}{name}"), scalars, max_size=2)
moments = st.datetimes(datetime.datetime(2015, 1, 1), datetime.datetime(2035, 1, 1)).map(  # noqa: DTZ001
    lambda moment: moment.isoformat(timespec="milliseconds") + "Z"
)
days = st.dates(datetime.date(2015, 1, 1), datetime.date(2026, 1, 1)).map(str)

REAL = {
    "#/components/schemas/DayNumber": st.dates(datetime.date(1000, 1, 1)).map(lambda day: int(day.strftime("%Y%m%d")))
}
"""Where values have to obey what no schema can say: a number of eight digits is not always a day."""


def values(api: spec.Api, schema: dict[str, Any]) -> st.SearchStrategy[Any]:
    """Values of `schema`, which stands in the document of `api`."""
    if schema.get("$ref") in REAL:
        return REAL[schema["$ref"]]
    if "$ref" in schema:
        return st.deferred(lambda: values(api, spec.resolve(api, schema)))
    foreign = {word for word in schema if not word.startswith("x-")} - ANNOTATIONS - KNOWN - LIMITS
    if foreign:
        raise NotImplementedError(f"keywords {sorted(foreign)}")
    if "const" in schema:
        return st.just(schema["const"])
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    if variants := schema.get("anyOf") or schema.get("oneOf"):
        return st.one_of([values(api, variant) for variant in variants])
    types = schema.get("type", "any")
    return st.one_of([_of_type(api, schema, name) for name in ([types] if isinstance(types, str) else types)])


def _of_type(api: spec.Api, schema: dict[str, Any], name: str) -> st.SearchStrategy[Any]:
    low, high = schema.get("minimum"), schema.get("maximum")
    match name:
        case "object":
            return _objects(api, schema)
        case "array":
            return _arrays(api, schema)
        case "integer":
            return st.integers(-(2**53) if low is None else low, 2**53 if high is None else high)
        case "number":
            return st.integers(low or 0, high or 2**53) | st.floats(low, high, allow_nan=False, allow_infinity=False)
        case "string":
            return _strings(schema)
        case "boolean":
            return st.booleans()
        case "null":
            return st.none()
        case _:
            return scalars


def _arrays(api: spec.Api, schema: dict[str, Any]) -> st.SearchStrategy[list[Any]]:
    items = values(api, schema.get("items", {}))
    low, high = schema.get("minItems", 0), min(schema.get("maxItems", 4), 4)
    lists = st.lists(items, min_size=low, max_size=high)
    if (contained := schema.get("contains")) is None:
        return lists
    fits = jsonschema_rs.Draft202012Validator(contained).is_valid
    others = st.lists(items.filter(lambda item: not fits(item)), max_size=high - 1)
    return st.builds(lambda one, more: [one, *more], items.filter(fits), others)


def _strings(schema: dict[str, Any]) -> st.SearchStrategy[str]:
    if schema.get("format") == "date-time":
        return moments
    if schema.get("format") == "date":
        return days
    if "pattern" in schema:
        return st.from_regex(schema["pattern"], fullmatch=True)
    return st.text(min_size=schema.get("minLength", 0), max_size=min(schema.get("maxLength", 40), 40))


def _objects(api: spec.Api, schema: dict[str, Any]) -> st.SearchStrategy[dict[str, Any]]:
    members = {name: values(api, member) for name, member in schema.get("properties", {}).items()}
    required = set(schema.get("required", ()))
    known = st.fixed_dictionaries(
        {name: strategy for name, strategy in members.items() if name in required},
        optional={name: strategy for name, strategy in members.items() if name not in required},
    )
    more = schema.get("additionalProperties")
    others = (
        st.dictionaries(st.text(min_size=1, max_size=8), values(api, more), max_size=3)
        if isinstance(more, dict)
        else unknown_members
    )
    return st.builds(lambda extra, named: {**extra, **named}, others, known)


def requests(operation: spec.Operation) -> st.SearchStrategy[Sample]:
    """Requests of an operation: its parameters, optional ones included or not, and its body, with unknown members."""
    return st.builds(
        Sample, st.just(operation.id), _parameters(operation, "path"), _parameters(operation, "query"), _body(operation)
    )


def _parameters(operation: spec.Operation, place: str) -> st.SearchStrategy[dict[str, Any]]:
    found = {each.name: each for each in operation.parameters if each.place == place}
    drawn = {name: values(operation.api, each.schema).filter(_valid(operation, name)) for name, each in found.items()}
    required = {name for name, each in found.items() if each.required}
    return st.fixed_dictionaries(
        {name: drawn[name] for name in drawn if name in required},
        optional={name: drawn[name] for name in drawn if name not in required},
    )


def _valid(operation: spec.Operation, name: str) -> Callable[[Any], bool]:
    validator = spec.parameter_validator(operation.id, name)
    return validator.is_valid if validator is not None else lambda _: True


def _body(operation: spec.Operation) -> st.SearchStrategy[Any]:
    validator = spec.request_validator(operation.id)
    if validator is None or operation.body_schema is None:
        return st.just(OMIT)
    return values(operation.api, operation.body_schema).filter(validator.is_valid)
