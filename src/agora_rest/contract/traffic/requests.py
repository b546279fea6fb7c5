"""Checks of a recorded request against its specification."""

from __future__ import annotations

import json
from collections.abc import Iterator
from email.message import Message
from typing import Any, Protocol
from urllib.parse import parse_qsl, urlsplit

from agora_rest import spec
from agora_rest.addresses import is_loopback_url
from agora_rest.contract.checking.passive import Breach
from agora_rest.contract.checking.rules import parameter_is_valid
from agora_rest.contract.http.exchange import Exchange
from agora_rest.contract.traffic import present
from agora_rest.contract.traffic.har import Recorded
from agora_rest.contract.traffic.redact import request_place
from agora_rest.redaction.allow_list import undeclared


class Notes(Protocol):
    """Where to put what is worth saying and breaks no rule."""

    def newer(self, operation: str, what: str) -> None:
        """A request uses what only the present API has."""

    def unknown(self, operation: str, what: str) -> None:
        """A request has a member that its specification does not declare."""


def request_breaches(recorded: Recorded, notes: Notes) -> Iterator[Breach]:
    """Every rule of the specification that a request to one of the operations breaks.

    Undeclared members and values of the present API go into `notes`. Missing credentials are no breach: they may have
    been removed from the file.
    """
    exchange = recorded.exchange
    operation = spec.operation(exchange.operation)
    yield from _transport(exchange, operation)
    yield from _parameters(recorded, operation, notes)
    if recorded.request_body_known:
        yield from _body(exchange, operation, notes)


def _transport(exchange: Exchange, operation: spec.Operation) -> Iterator[Breach]:
    recording = operation.api == "cloud-recording"
    if urlsplit(exchange.url).scheme != "https" and not is_loopback_url(exchange.url):
        yield Breach("https_only", ("CR-01" if recording else "CO-01",), "Calls go over HTTPS", "https", "http")
    scheme = exchange.request_headers.get("authorization", "").partition(" ")[0]
    if scheme and scheme.lower() != "basic" and 200 <= exchange.status < 300:
        fact = "CR-02" if recording else "CO-01"
        title = "Only HTTP Basic credentials are accepted"
        yield Breach("basic_credentials", (fact,), title, "401", f"{exchange.status} with the scheme {scheme}")


def _parameters(recorded: Recorded, operation: spec.Operation, notes: Notes) -> Iterator[Breach]:
    query = parse_qsl(urlsplit(recorded.exchange.url).query, keep_blank_values=True)
    for parameter in _documented(operation):
        name = parameter["name"]
        values = [value for each, value in query if each == name]
        if parameter["in"] == "path":
            values = [recorded.parameters.get(name, "")]
        if name == "mode" and values[0] in present.MODES:
            notes.newer(operation.id, f"`mode` {values[0]}")
            continue
        yield from _parameter(operation, parameter, values)


def _parameter(operation: spec.Operation, parameter: dict[str, Any], values: list[str]) -> Iterator[Breach]:
    name, facts = parameter["name"], tuple(parameter.get("x-facts", ()))
    if not values:
        if parameter.get("required"):
            yield Breach("parameters", facts, f"The parameter `{name}` is required", f"`{name}`", "no such parameter")
        return
    if len(values) > 1:
        yield Breach("parameters", facts, f"The parameter `{name}` is given once", "one value", f"{len(values)} values")
    schema = spec.resolve(operation.api, parameter["schema"])
    value: Any = values[0].split(",") if schema.get("type") == "array" else values[0]
    if not _is_valid(operation, name, value):
        facts = facts or tuple(schema.get("x-facts", ()))
        title = f"The parameter `{name}` is as its schema says"
        yield Breach("parameters", facts, title, str(schema.get("description", "")).strip(), repr(values[0]))


def _is_valid(operation: spec.Operation, name: str, value: object) -> bool:
    try:
        return parameter_is_valid(operation.id, name, value)
    except ValueError:  # a number with more digits than Python reads
        return False


def _documented(operation: spec.Operation) -> list[dict[str, Any]]:
    item = spec.document(operation.api)["paths"][operation.path]
    references = [*item.get("parameters", []), *spec.operation_object(operation.id).get("parameters", [])]
    return [spec.resolve(operation.api, reference) for reference in references]


def _body(exchange: Exchange, operation: spec.Operation, notes: Notes) -> Iterator[Breach]:
    validator = spec.request_validator(operation.id)
    facts: tuple[str, ...] = ("CR-03" if operation.api == "cloud-recording" else "CO-02",)
    if validator is None:
        if exchange.request_body:
            body_facts = ("CR-40",) if operation.id == "query_recording" else ()
            yield Breach("no_body", body_facts, "This request has no body", "none", "a body")
        return
    if not exchange.request_body:
        yield Breach("json_requests", facts, "This request has a body", "a JSON body", "none")
        return
    media_type, charset = _media_type(exchange.request_headers.get("content-type", ""))
    if media_type != "application/json" or charset not in ("", "utf-8"):
        got = exchange.request_headers.get("content-type", "no content type")
        yield Breach("json_requests", facts, "Requests are JSON, in UTF-8", "application/json", got)
        return
    try:
        body = json.loads(exchange.request_body)
    except (ValueError, RecursionError) as error:
        yield Breach("json_requests", facts, "Requests are JSON, in UTF-8", "JSON", f"none: {error}")
        return
    yield from _shape(operation, _without_nulls(body), notes)


def _shape(operation: spec.Operation, body: Any, notes: Notes) -> Iterator[Breach]:
    """Whether a body has the shape of its schema. Values of the present API are noted only."""
    validator = spec.request_validator(operation.id)
    for name in undeclared(body, request_place(operation.id)):
        notes.unknown(operation.id, f"`{name}`")
    broken = next(iter(validator.iter_errors(body)), None) if validator else None
    if validator and broken:
        documented, newer = present.as_documented(body)
        if newer:
            body, broken = documented, next(iter(validator.iter_errors(documented)), None)
        for each in newer:
            notes.newer(operation.id, each)
    if broken is not None:
        where = ".".join(map(str, broken.instance_path)) or "its root"
        title = f"The body of the request has the shape of its schema at {where}"
        facts = spec.request_facts(operation.id, body)
        yield Breach("schema_of_requests", facts, title, "a valid body", broken.message)


def _without_nulls(value: Any) -> Any:
    """`value` without members that are null: a server takes those as not given."""
    if isinstance(value, dict):
        return {name: _without_nulls(member) for name, member in value.items() if member is not None}
    return [_without_nulls(item) for item in value] if isinstance(value, list) else value


def _media_type(header: str) -> tuple[str, str]:
    """Type and charset, in small letters."""
    message = Message()
    message["content-type"] = header
    return message.get_content_type() if header else "", (message.get_content_charset() or "")
