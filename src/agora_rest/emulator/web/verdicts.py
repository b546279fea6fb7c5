"""Judges exchanges by the specifications, when the log is read and not during the call."""

from __future__ import annotations

import json
from enum import StrEnum
from http import HTTPStatus
from typing import Any, Final, NamedTuple

from agora_rest import spec
from agora_rest.emulator.faults import FaultKind
from agora_rest.emulator.refusals import Refusal
from agora_rest.emulator.request_log import Exchange
from agora_rest.emulator.web.editions import holding
from agora_rest.emulator.web.endpoints import endpoints
from agora_rest.emulator.web.leniency import without_nulls
from agora_rest.emulator.web.operations import OBSERVED_MEMBERS
from agora_rest.emulator.web.reasons import reason
from agora_rest.spec.members import unknown_members

_PREFIX: Final[dict[spec.Api, str]] = {"cloud-recording": "CR-", "console": "CO-"}

_UNAUTHORIZED: Final[dict[spec.Api, tuple[str, ...]]] = {"cloud-recording": ("CR-02",), "console": ("CO-01",)}
_STATUSES: Final[dict[spec.Api, tuple[str, ...]]] = {"cloud-recording": ("CR-60",), "console": ("CO-04",)}
_JSON: Final[dict[spec.Api, tuple[str, ...]]] = {"cloud-recording": ("CR-03",), "console": ("CO-02",)}
_PATHS: Final[dict[spec.Api, tuple[str, ...]]] = {"cloud-recording": ("CR-04",), "console": ("CO-04",)}
_QUOTAS: Final = {"console": ("CO-03",), "kicking-rules": ("CO-49",)}
"""By group; those of Cloud Recording are all CR-05."""


class Kind(StrEnum):
    """The kind of a verdict."""

    OK = "ok"
    """Request and response conform to the specification."""
    REFUSED = "refused"
    """The call broke a rule, and the response reports it as specified."""
    FAULT = "fault"
    """An injected fault determined or blocked the response."""
    BROKEN = "broken"
    """The response does not conform to the specification."""
    CUT = "cut"
    """An injected fault kept the response from the caller."""


class Verdict(NamedTuple):
    """The verdict on an exchange: kind, broken facts and reason."""

    kind: Kind
    facts: tuple[str, ...] = ()
    reason: str = ""
    """The reason, without values, which may be secrets."""
    ignored: tuple[str, ...] = ()
    """The paths of request members that have no effect here."""

    def shown(self) -> dict[str, Any]:
        """As JSON, including the texts of the facts."""
        return self._asdict() | {"titles": {number: spec.facts()[number].title for number in self.facts}}


def judge(exchange: Exchange) -> Verdict:
    """The verdict on one exchange, with facts that hold in its edition."""
    verdict = _judge(exchange)
    return verdict._replace(facts=holding(verdict.facts, exchange.edition))


def _judge(exchange: Exchange) -> Verdict:
    if exchange.status is None:
        return Verdict(Kind.CUT, (), f"the fault {exchange.fault} cut the connection")
    if exchange.operation is None:
        return _nowhere(exchange)
    operation = spec.operation(exchange.operation, exchange.edition)
    breach = _breach(exchange, operation, exchange.status)
    if exchange.fault is not None:
        what = "the response conforms to the specification" if breach is None else breach.reason
        return Verdict(Kind.FAULT, (), f"the injected fault {exchange.fault} decided the response; {what}")
    if breach is not None:
        return breach
    if exchange.status < HTTPStatus.BAD_REQUEST and exchange.refusal is None:  # servers refuse with 201 too (CR-37)
        ignored = _ignored(exchange, operation)
        notes = ["the present documents no longer have this call"] if operation.is_deprecated else []
        notes += [f"not known here, ignored: {', '.join(ignored)}"] if ignored else []
        return Verdict(Kind.OK, (), "; ".join(notes), ignored)
    return _refusal(exchange, operation)


def _nowhere(exchange: Exchange) -> Verdict:
    api: spec.Api = "console" if exchange.target.startswith(f"{spec.prefix('console')}/") else "cloud-recording"
    if endpoints(exchange.edition).find(exchange.target.partition("?")[0]) is None:
        return Verdict(Kind.REFUSED, _PATHS[api], "no operation has this path")
    return Verdict(Kind.REFUSED, _PATHS[api], f"no operation of this path is called with {exchange.method}")


def _breach(exchange: Exchange, operation: spec.Operation, status: int) -> Verdict | None:
    """How the response violates the specification, or None."""
    validator = spec.response_validator(operation.id, status, operation.edition)
    if validator is None:
        return Verdict(Kind.BROKEN, _STATUSES[operation.api], f"{operation.id} has no response with status {status}")
    if exchange.fault == FaultKind.TRUNCATE:
        return Verdict(Kind.BROKEN, _JSON[operation.api], "the response was truncated")
    try:
        body = json.loads(exchange.response_body)
    except (ValueError, RecursionError):
        return Verdict(Kind.BROKEN, _JSON[operation.api], "the response is not JSON")
    error = next(iter(validator.iter_errors(body)), None)
    if error is None:
        return None
    facts = spec.response_facts(operation.id, status, spec.best_match(error).evaluation_path, operation.edition)
    document = spec.document(operation.api, operation.edition)
    return Verdict(Kind.BROKEN, facts, f"response: {reason(error, document, 'the whole of it')}")


def _ignored(exchange: Exchange, operation: spec.Operation) -> tuple[str, ...]:
    """The members of a request body that neither the specification declares nor the emulator uses."""
    try:
        body = json.loads(exchange.request_body or b"null")
    except (ValueError, RecursionError):
        return ()
    return unknown_members(operation.id, body, OBSERVED_MEMBERS.get(operation.id, ()), operation.edition)


def _refusal(exchange: Exchange, operation: spec.Operation) -> Verdict:
    if exchange.refusal is not None:
        facts = _facts(exchange.refusal, exchange, operation) or _STATUSES[operation.api]
        return Verdict(Kind.REFUSED, facts, exchange.refusal.reason)
    if exchange.status == HTTPStatus.UNAUTHORIZED:
        return Verdict(Kind.REFUSED, _UNAUTHORIZED[operation.api], "the credentials are missing or wrong")
    if exchange.status == HTTPStatus.TOO_MANY_REQUESTS:
        limit = operation.rate_limit
        facts = _QUOTAS.get(limit.group, ("CR-05",))
        return Verdict(Kind.REFUSED, facts, f"more than {limit.calls} calls of {limit.group} in {limit.per:g} s")
    return Verdict(Kind.REFUSED, _STATUSES[operation.api])


def _facts(refusal: Refusal, exchange: Exchange, operation: spec.Operation) -> tuple[str, ...]:
    """The facts named by a refusal, or else those nearest to the broken rule of the specification.

    Refusal classes serve both APIs: facts of the other API are left out.
    """
    named = tuple(fact for fact in refusal.facts if fact.startswith(_PREFIX[operation.api]))
    return _parameter_facts(refusal, operation) or _body_facts(exchange, operation) or named


def _parameter_facts(refusal: Refusal, operation: spec.Operation) -> tuple[str, ...]:
    """The facts of the parameter whose name starts the reason; for a list, `name[0]`."""
    name = refusal.reason.partition(":")[0].partition("[")[0]
    parameter = operation.parameter(name)
    return parameter.facts if parameter else ()


def _body_facts(exchange: Exchange, operation: spec.Operation) -> tuple[str, ...]:
    if spec.request_validator(operation.id, operation.edition) is None:
        return ()
    try:
        return spec.request_facts(operation.id, without_nulls(json.loads(exchange.request_body)), operation.edition)
    except (ValueError, RecursionError):
        return _JSON[operation.api]
