"""Rules for every exchange: the response conforms to the specification and the dialect, and leaks no secrets.

The same eyes look at the traffic of fact checks, of fuzzing and of recordings.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from agora_rest import spec
from agora_rest.contract.checking.dialect import DialectWatch
from agora_rest.contract.http.exchange import NOT_JSON, Exchange
from agora_rest.contract.results.curl import Curl
from agora_rest.contract.results.findings import Finding
from agora_rest.redaction import Secrets, is_secret

if TYPE_CHECKING:
    from jsonschema_rs import Draft202012Validator

_LEFT_OUT: Final = frozenset({"appid", "opid", "uploadingStatus"})
"""Members of successes that servers of the observed dialect are known to leave out."""

_CHARSET = re.compile(r"charset\s*=\s*\"?([^\s;\"]+)", re.IGNORECASE)

_REFUSALS: Final = frozenset({401, 403, 429})
"""Statuses of a request that was not let in."""

_SHORTEST_SECRET = 8
"""A shorter value turns up in a response by chance, and so does a plain word."""


class Breach(NamedTuple):
    """A rule that an exchange breaks."""

    check: str
    facts: tuple[str, ...]
    title: str
    expected: str
    got: str


class Watch:
    """Checks exchanges one by one and reports what is wrong with them."""

    def __init__(self, dialect: DialectWatch, curl: Curl, secrets: Secrets) -> None:
        self.dialect, self._curl, self._secrets = dialect, curl, secrets

    def inspect(self, exchange: Exchange, phase: str) -> Iterator[Finding]:
        """Every breach in one exchange with an operation of the two APIs."""
        for breach in (*conformance(exchange, self.dialect.dialect), *self._breaches(exchange)):
            yield self._finding(exchange, phase, breach)

    def beyond_the_spec(self, exchange: Exchange, phase: str) -> Iterator[Finding]:
        """The breaches that no specification can state; for traffic whose conformance something else checks."""
        for breach in self._breaches(exchange):
            yield self._finding(exchange, phase, breach)

    def _breaches(self, exchange: Exchange) -> Iterator[Breach]:
        spoken = self.dialect.breach(exchange)
        if spoken is not None:
            yield Breach(
                "one_dialect",
                _dialect_facts(exchange),
                f"A server keeps to one dialect; this one uses {self.dialect.dialect}, and {spoken} in this response",
                f"a response in the {self.dialect.dialect} dialect",
                exchange.summary(),
            )
        yield from _envelope(exchange)
        leaked = self._leak(exchange)
        if leaked:
            title = f"No response contains a secret of the request; this one contains {leaked}"
            yield Breach("no_secrets_in_responses", (), title, "no secret", f"{leaked} in it")

    def _finding(self, exchange: Exchange, phase: str, breach: Breach) -> Finding:
        return Finding(
            operation=exchange.operation,
            facts=facts_in(breach.facts, exchange.edition),
            title=breach.title,
            expected=self._secrets.hide_members(breach.expected),
            got=self._secrets.hide_members(breach.got),
            requests=self._requests(exchange, breach.check),
            check=breach.check,
            phase=phase,
            cause=_cause(breach, exchange),
        )

    def _requests(self, exchange: Exchange, check: str) -> tuple[str, ...]:
        """The request; for a change of dialect, the one that set the dialect before it."""
        first = self.dialect.first if check == "one_dialect" else None
        return self._curl.lines([first, exchange] if first else [exchange])

    def _leak(self, exchange: Exchange) -> str | None:
        """The name of the request's secret that appears in the response."""
        received = "\n".join([exchange.text, *exchange.headers.values()])
        if self._secrets.seen_in(received):
            return "the customer certificate"
        repeated = [
            (name, value)
            for name, value in _texts(exchange.asked)
            if len(value) >= _SHORTEST_SECRET and is_secret(name) and not value.isalpha() and value in received
        ]
        if not repeated:
            return None
        told = [exchange.url, *(value for name, value in _texts(exchange.asked) if not is_secret(name))]
        for name, value in repeated:
            if not any(value in text for text in told):  # a value that the request also sends openly is not a secret
                return f"`{name}`"
        return None


def cause_of(exchange: Exchange) -> tuple[str, ...]:
    """The breaches in an exchange, independent of any check; () if there are none.

    A response that leaves its specification makes many checks fail: findings of one cause are shown as one.
    """
    if not exchange.operation:
        return ()
    breach = next(conformance(exchange), None)
    if breach is not None:
        return _cause(breach, exchange)
    return ("a server error", exchange.operation, str(exchange.status)) if exchange.status >= 500 else ()


def cause_of_letting_in(exchange: Exchange) -> tuple[str, ...]:
    """The cause of a wrong response to a request without the right credentials.

    Unless it refuses them in another way, or fails, the server does not look at credentials: that is one cause for
    all operations, whatever else is wrong with their responses.
    """
    refused = exchange.status in _REFUSALS or exchange.status >= 500
    return cause_of(exchange) if refused else ("strangers are let in",)


def _cause(breach: Breach, exchange: Exchange) -> tuple[str, ...]:
    facts = " ".join(breach.facts)
    if breach.check == "status_in_spec":
        return (breach.check, facts, str(exchange.status))
    if breach.check == "schema_of_responses":  # the same member is at another place in another operation's response
        return (breach.check, facts, breach.expected.rpartition(".")[2])
    return (breach.check, facts, breach.title, breach.expected)


def conformance(exchange: Exchange, dialect: spec.Dialect | None = None) -> Iterator[Breach]:
    """The places at which a response violates its specification.

    A success of the observed dialect may leave out what the documents print of the other one only.
    """
    documented_response = _documented(exchange.operation, exchange.status, exchange.edition)
    if documented_response is None:
        operation = exchange.specified
        documented = ", ".join(map(str, sorted(operation.statuses)))
        title = "Every status is one of the specification's"
        yield Breach("status_in_spec", (_transport_fact(operation),), title, documented, exchange.summary())
        return
    operation, headers, validator, document = documented_response
    yield from _missing_headers(exchange, headers)
    media_type = exchange.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type != "application/json":
        got = f"{media_type or 'no content type'}: {exchange.summary()}"
        yield Breach("json_responses", (_json_fact(operation),), "Responses are JSON", "application/json", got)
        return
    if exchange.json is NOT_JSON:
        got = f"a body that cannot be parsed: {exchange.summary()}"
        yield Breach("json_responses", (_json_fact(operation),), "Responses are JSON", "a JSON document", got)
        return
    charset = _CHARSET.search(exchange.headers["content-type"])
    if charset is not None and charset[1].lower() not in ("utf-8", "utf8"):
        yield Breach(
            "json_responses", (_json_fact(operation),), "JSON is in UTF-8", "charset=utf-8 or none", charset[0]
        )
    if validator is None or validator.is_valid(exchange.json):
        return
    rules = (spec.broken_rule(each, document) for each in validator.iter_errors(exchange.json))
    broken = next((each for each in rules if not _may_be_left_out(each, exchange, dialect)), None)
    if broken is not None:
        title = f"A response with status {exchange.status} has the shape of its schema at {broken.named('its root')}"
        path = broken.chain[-1].evaluation_path
        facts = spec.response_facts(exchange.operation, exchange.status, path, exchange.edition)
        expected = f"{broken.named('the response')} {broken.rule}"
        yield Breach("schema_of_responses", facts, title, expected, exchange.summary())


def _may_be_left_out(broken: spec.BrokenRule, exchange: Exchange, dialect: spec.Dialect | None) -> bool:
    missing = broken.is_missing and dialect == "observed" and exchange.succeeded
    return missing and broken.path[-1] in _LEFT_OUT


def _envelope(exchange: Exchange) -> Iterator[Breach]:
    """In Cloud Recording's envelope, `Code` is the HTTP status, independent of the inner `code` (CR-61, CR-65)."""
    if spec.operation(exchange.operation).api != "cloud-recording" or not exchange.enveloped:
        return
    code = exchange.json["Code"]
    wrong = code != exchange.status or isinstance(code, bool)
    if wrong and not any(conformance(exchange)):  # otherwise the schema or status check reports it
        title = "The `Code` of an envelope is the HTTP status"
        yield Breach(
            "envelope_code", ("CR-61", "CR-65"), title, str(exchange.status), f"{code!r}: {exchange.summary()}"
        )


class _Documented(NamedTuple):
    """The specified form of the responses of an operation with a status."""

    operation: spec.Operation
    headers: tuple[tuple[str, tuple[str, ...]], ...]
    """The required header fields, each with its facts."""
    validator: Draft202012Validator | None
    document: dict[str, Any]
    """The document with its schema."""


@cache
def _documented(operation_id: str, status: int, edition: spec.Edition) -> _Documented | None:
    """None if the operation has no such status. Kept, because a run receives thousands of responses."""
    operation = spec.operation(operation_id, edition)
    response = operation.response(status)
    if response is None:
        return None
    headers = ((name, operation.resolve(reference)) for name, reference in response.get("headers", {}).items())
    required = tuple((name, tuple(each.get("x-facts", ()))) for name, each in headers if each.get("required"))
    validator = spec.response_validator(operation_id, status, edition)
    return _Documented(operation, required, validator, spec.document(operation.api, edition))


def _missing_headers(exchange: Exchange, required: Iterable[tuple[str, tuple[str, ...]]]) -> Iterator[Breach]:
    for name, facts in required:
        if name.lower() not in exchange.headers:
            title = f"A response with status {exchange.status} has the header {name}"
            yield Breach("headers_in_spec", facts, title, name, "no such header")


def facts_in(numbers: tuple[str, ...], edition: spec.Edition) -> tuple[str, ...]:
    """Those facts that hold in an edition; a schema names those of all."""
    known = spec.facts()
    return tuple(number for number in numbers if number not in known or edition in known[number].editions)


def _dialect_facts(exchange: Exchange) -> tuple[str, ...]:
    facts = ("CR-61", "CR-74") if exchange.specified.api == "cloud-recording" else ("CO-13", "CO-71")
    return facts_in(facts, exchange.edition)


def _transport_fact(operation: spec.Operation) -> str:
    of_2019, of_today = ("CR-60", "CR-77") if operation.api == "cloud-recording" else ("CO-04", "CO-63")
    return of_2019 if operation.edition == "2019" else of_today


def _json_fact(operation: spec.Operation) -> str:
    if operation.api == "cloud-recording":
        return "CR-03"
    return "CO-02" if operation.edition == "2019" else "CO-65"


def _texts(body: Any) -> Iterator[tuple[str, str]]:
    """Every text in a body with the name of the member it is under. Not by recursion: json reads deeper than that."""
    left = [("", body)]
    while left:
        name, value = left.pop()
        if isinstance(value, str):
            yield name, value
        elif isinstance(value, dict):
            left += reversed(value.items())
        elif isinstance(value, list):
            left += ((name, member) for member in reversed(value))
