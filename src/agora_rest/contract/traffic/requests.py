"""Checks of a recorded request against its specification."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from email.message import Message
from typing import Any, Final
from urllib.parse import parse_qsl, urlsplit

from agora_rest import spec
from agora_rest.addresses import is_loopback_url
from agora_rest.contract.checking.leniency import without_nulls
from agora_rest.contract.checking.passive import Breach
from agora_rest.contract.checking.rules import parameter_is_valid
from agora_rest.contract.http.exchange import NOT_JSON, Exchange
from agora_rest.contract.traffic.har import Recorded
from agora_rest.contract.traffic.places import request_place
from agora_rest.redaction import is_secret
from agora_rest.redaction.allow_list import is_words, undeclared

_INTEGER: Final = re.compile(r"-?[0-9]{1,40}")

_SHORT: Final = 80
"""How many characters of a value a finding shows."""


def request_breaches(recorded: Recorded, *, permits_http: bool = False) -> Iterator[Breach]:
    """Every rule that a request to one of the operations breaks, in the edition of its exchange.

    Missing credentials are no breach: they may have been removed from the file.
    """
    exchange = recorded.exchange
    operation = exchange.specified
    yield from _transport(exchange, operation, permits_http)
    yield from _parameters(recorded, operation)
    if recorded.request_body_known:
        yield from _body(exchange, operation)


def undeclared_members(recorded: Recorded) -> frozenset[str]:
    """The members of a request's body that its schema, in the edition of its exchange, does not declare."""
    body = _parsed(recorded.exchange)
    operation = recorded.exchange.specified
    return frozenset(undeclared(body, request_place(operation.id, operation.edition)))


def differences(recorded: Recorded) -> Iterator[str]:
    """The parts of a request that its specification does not allow: a parameter or member, with its plain value.

    A text is shown if it consists of words of the specifications, so that a redacted file gives the same.
    """
    exchange = recorded.exchange
    operation = exchange.specified
    for parameter, value in _faulty(recorded, operation):
        yield f"`{parameter.name}`{_plain(value)}"
    validator = spec.request_validator(operation.id, operation.edition)
    for error in validator.iter_errors(_parsed(exchange)) if validator and exchange.request_body else ():
        rule = spec.broken_rule(error, spec.document(operation.api, operation.edition))
        name = rule.named("the body")
        yield f"no `{name}`" if rule.is_missing else f"`{name}`{_plain(rule.chain[-1].instance)}"


def _transport(exchange: Exchange, operation: spec.Operation, permits_http: bool) -> Iterator[Breach]:
    recording = operation.api == "cloud-recording"
    if urlsplit(exchange.url).scheme != "https" and not permits_http and not is_loopback_url(exchange.url):
        yield Breach("https_only", ("CR-01" if recording else "CO-01",), "Calls go over HTTPS", "https", "http")
    scheme = exchange.request_headers.get("authorization", "").partition(" ")[0]
    if scheme and scheme.lower() != "basic" and 200 <= exchange.status < 300:
        fact = "CR-02" if recording else "CO-01"
        title = "Only HTTP Basic credentials are accepted"
        yield Breach("basic_credentials", (fact,), title, "401", f"{exchange.status} with the scheme {scheme}")


def _parameters(recorded: Recorded, operation: spec.Operation) -> Iterator[Breach]:
    for parameter, values in _given_parameters(recorded, operation):
        yield from _parameter(operation, parameter, values)


def _given_parameters(recorded: Recorded, operation: spec.Operation) -> Iterator[tuple[spec.Parameter, list[str]]]:
    """Each parameter of an operation with the values that a request has for it."""
    query = parse_qsl(urlsplit(recorded.exchange.url).query, keep_blank_values=True)
    for parameter in operation.parameters:
        if parameter.place == "path":
            yield parameter, [recorded.parameters.get(parameter.name, "")]
        else:
            yield parameter, [value for name, value in query if name == parameter.name]


def _faulty(recorded: Recorded, operation: spec.Operation) -> Iterator[tuple[spec.Parameter, str]]:
    """Each parameter whose value its schema does not allow, and the value."""
    for parameter, values in _given_parameters(recorded, operation):
        if len(values) == 1 and not _is_valid(operation, parameter.name, _value(parameter, values[0])):
            yield parameter, values[0]


def _parameter(operation: spec.Operation, parameter: spec.Parameter, values: list[str]) -> Iterator[Breach]:
    name, facts = parameter.name, parameter.facts
    if not values:
        if parameter.required:
            yield Breach("parameters", facts, f"The parameter `{name}` is required", f"`{name}`", "no such parameter")
        return
    if len(values) > 1:
        yield Breach("parameters", facts, f"The parameter `{name}` is given once", "one value", f"{len(values)} values")
    value = _value(parameter, values[0])
    if not _is_valid(operation, name, value):
        title = f"The parameter `{name}` is as its schema says"
        yield Breach("parameters", facts, title, _rule(operation, name, value), repr(values[0]))


def _value(parameter: spec.Parameter, text: str) -> str | list[str]:
    return text.split(",") if parameter.is_list else text


def _rule(operation: spec.Operation, name: str, value: object) -> str:
    """The rule that the value of a parameter breaks, described."""
    validator, parameter = spec.parameter_validator(operation.id, name, operation.edition), operation.parameter(name)
    if parameter and parameter.schema.get("type") == "integer" and _INTEGER.fullmatch(str(value)):
        value = int(str(value))
    error = next(iter(validator.iter_errors(value)), None) if validator else None
    if error is None:
        return f"a valid `{name}`"
    broken = spec.broken_rule(error, spec.document(operation.api, operation.edition))
    return f"{broken.named(name)} {broken.rule}"


def _is_valid(operation: spec.Operation, name: str, value: object) -> bool:
    try:
        return parameter_is_valid(operation.id, name, value, operation.edition)
    except ValueError:  # a number with more digits than Python reads
        return False


def _body(exchange: Exchange, operation: spec.Operation) -> Iterator[Breach]:
    validator = spec.request_validator(operation.id, operation.edition)
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
    yield from _shape(operation, without_nulls(body))


def _shape(operation: spec.Operation, body: Any) -> Iterator[Breach]:
    """Whether a body has the shape of its schema."""
    validator = spec.request_validator(operation.id, operation.edition)
    broken = next(iter(validator.iter_errors(body)), None) if validator else None
    if broken is not None:
        rule = spec.broken_rule(broken, spec.document(operation.api, operation.edition))
        title = f"The body of the request has the shape of its schema at {rule.named('its root')}"
        facts = spec.request_facts(operation.id, body, operation.edition)
        yield Breach("schema_of_requests", facts, title, f"{rule.named('the body')} {rule.rule}", _given(rule))


def _parsed(exchange: Exchange) -> Any:
    """The body of a request without its nulls; None if it is not JSON."""
    try:
        return None if exchange.asked is NOT_JSON else without_nulls(exchange.asked)
    except RecursionError:
        return None


def _plain(value: object) -> str:
    """A space and the value, if it is a number or words; "" for any other."""
    if isinstance(value, int | float) or (isinstance(value, str) and is_words(value)):
        return f" {value}"
    return ""


def _given(broken: spec.BrokenRule) -> str:
    """The value that breaks a rule, in short; of a secret only that there is one."""
    if broken.is_missing:
        return "no such member"
    if any(is_secret(str(step)) for step in broken.path):
        return "another value"
    value = broken.chain[-1].instance
    if isinstance(value, dict | list):
        return "an object" if isinstance(value, dict) else f"a list of {len(value)} items"
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _SHORT else f"{text[:_SHORT]}…"


def _media_type(header: str) -> tuple[str, str]:
    """Type and charset, in small letters."""
    message = Message()
    message["content-type"] = header
    return message.get_content_type() if header else "", (message.get_content_charset() or "")
