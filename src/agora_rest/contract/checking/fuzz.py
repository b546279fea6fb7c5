"""Fuzzing from the specifications: schemathesis' examples, coverage, fuzzing and stateful phases, one API at a time.

What schemathesis finds becomes findings with facts. Besides its own checks, all traffic is observed (one dialect, no
secrets), and every operation must have succeeded at least once: an operation that always fails was not tested.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from functools import partial
from typing import Any, Final

from agora_rest import spec
from agora_rest.contract.checking._schemathesis import (
    ALL_PHASES,
    UNIT_PHASES,
    DrawnCall,
    FuzzFailed,
    PhaseBegan,
    PhaseEnded,
    Plan,
    Run,
    Tested,
    Unanswered,
)
from agora_rest.contract.checking.coverage import parameters_of
from agora_rest.contract.checking.leniency import is_taken_anyway
from agora_rest.contract.checking.passive import Watch, cause_of, cause_of_letting_in, conformance
from agora_rest.contract.checking.rules import broken_facts, path_is_valid
from agora_rest.contract.checking.successes import kept_from
from agora_rest.contract.http.exchange import NOT_JSON, Exchange
from agora_rest.contract.results.events import (
    CoverageSeen,
    Events,
    PhaseFinished,
    PhaseStarted,
    Progress,
)
from agora_rest.contract.results.findings import Finding
from agora_rest.contract.safety.access import Profile
from agora_rest.contract.safety.live_ids import Draft, pin
from agora_rest.contract.safety.resources import Live
from agora_rest.contract.target import Target

EXCEPTIONS: Final[dict[str, Any]] = {
    # A random request "without Authorization" gets it all the same from the configured credentials, and its acceptance
    # is then called a failure. `ignored_auth` tries credentials, and so do, in more ways, the checks of CR-02, CO-01.
    "generation": {"with-security-parameters": False},
    # Chains of calls meet refusals that depend on what came before (a resource ID serves once, CR-12; a recording can
    # be gone, CR-65), which no specification can rule out. The checks of facts know when a refusal is right.
    "phases": {"stateful": {"checks": {"positive_data_acceptance": {"expected-statuses": ["2xx", "400", "404"]}}}},
    "operations": [
        {
            # A rule of 0 minutes has already expired when it is created (CO-42): it can be neither changed nor deleted.
            "include-operation-id": ["update_kicking_rule", "delete_kicking_rule"],
            "checks": {"ensure_resource_availability": {"enabled": False}},
        },
        {
            # A project may have been deleted before. Schemathesis notices that by the path, and here the body names it.
            "include-operation-id": "delete_project",
            "checks": {"ensure_resource_availability": {"enabled": False}},
        },
    ],
}
"""Settings that differ from schemathesis' defaults, with reasons, in the format of schemathesis.toml."""

_READ_ONLY_EXCEPTION: Final[dict[str, Any]] = {
    "include-operation-id": "query_recording",
    "checks": {"positive_data_acceptance": {"expected-statuses": ["2xx", "400", "404"]}},
}
"""One more where nothing may be made: no recording to ask about, and a made-up resource ID is a 400 (CR-38)."""

_FACTS_OF_CHECK: Final[dict[str, dict[spec.Api, tuple[str, ...]]]] = {
    "ignored_auth": {"cloud-recording": ("CR-02",), "console": ("CO-01",)},
    "missing_required_header": {"cloud-recording": ("CR-02",), "console": ("CO-01",)},
    "not_a_server_error": {"cloud-recording": ("CR-60",), "console": ("CO-04",)},
    "unsupported_method": {"cloud-recording": ("CR-60",), "console": ("CO-04",)},
}
"""Facts behind the schemathesis checks that concern neither a schema nor a request body."""


_NO_SUCH_METHOD: Final = frozenset({404, 405})
"""Accepted statuses for an unsupported method; which of the two, and whether `Allow` is sent, is not specified."""


class Fuzz:
    """Fuzzes one API of a target."""

    def __init__(
        self, target: Target, api: spec.Api, live: Live, watch: Watch, report: Callable[[Finding], None], events: Events
    ) -> None:
        self._target, self._api, self._live, self._watch = target, api, live, watch
        self._report, self._events = report, events
        self._edition = spec.edition_of(target.dialect)
        self._turns: Counter[str] = Counter()
        self._succeeded: set[str] = set()
        self._overheard: list[Finding] = []

    def run(self, seed: int, max_examples: int, phases: frozenset[str] = ALL_PHASES) -> frozenset[str]:
        """Run these phases; returns the IDs of the operations that succeeded."""
        more = [_READ_ONLY_EXCEPTION] if self._target.profile is Profile.READ_ONLY else []
        operations = self._operations()
        plan = Plan(
            document=spec.document(self._api, self._edition),
            base_url=self._target.url_of(self._api),
            credentials=self._target.account.credentials,
            seed=seed,
            max_examples=max_examples,
            without=frozenset(each.id for each in spec.operations(self._edition).values() if each not in operations),
            own_methods_only=self._target.profile is not Profile.LOCAL,
            phases=phases,
            application=self._target.application,
            exceptions=self._exceptions(more),
            edition=self._edition,
        )
        started, done = time.monotonic(), 0
        with closing(iter(Run(plan, self._target.gate, self._prepare, self._sent))) as happenings:
            for happening in happenings:
                if isinstance(happening, PhaseBegan):
                    started, done = time.monotonic(), 0
                    total = len(operations) if happening.phase in UNIT_PHASES else max_examples
                    self._events.send(PhaseStarted(happening.phase, self._api, total))
                elif isinstance(happening, Tested):
                    done += 1
                    self._events.send(Progress(happening.phase, done, happening.label))
                elif isinstance(happening, PhaseEnded):
                    self._live.tidy()
                    self._events.send(PhaseFinished(happening.phase, self._api, time.monotonic() - started))
                elif isinstance(happening, FuzzFailed):
                    if not _misjudged(happening, self._watch.dialect.dialect):
                        self._report(self._finding(happening))
                elif isinstance(happening, Unanswered):
                    self._live.server_must_be_there()
                    self._report(self._silence(happening))
                self._report_overheard()
                if self._target.gate.bounds is not None:
                    self._target.gate.bounds.require()
        return frozenset(self._succeeded)

    def _report_overheard(self) -> None:
        """Report what was seen during calls, afterwards: schemathesis would catch an exception raised during a call."""
        overheard, self._overheard = self._overheard, []
        for finding in overheard:
            self._report(finding)

    def _exceptions(self, operations: list[Any]) -> dict[str, Any]:
        exceptions = {**EXCEPTIONS, "operations": [*EXCEPTIONS["operations"], *operations]}
        if self._target.profile is Profile.READ_ONLY:  # no chain of calls begins where nothing may be made
            exceptions["phases"] = {**EXCEPTIONS["phases"], "stateful": {"enabled": False}}
        return exceptions

    def _operations(self) -> list[spec.Operation]:
        """The operations of the API that may be called at all."""
        return [each for each in self._of_api() if not kept_from(each, self._target.profile)]

    def _of_api(self) -> list[spec.Operation]:
        found = spec.operations(self._edition).values()
        return [each for each in found if each.api == self._api and not each.is_deprecated]

    def _prepare(self, call: DrawnCall) -> list[Exchange]:
        """Bring a request to name what is alive; returns the calls that took."""
        turn = self._turns[call.operation]
        self._turns[call.operation] += 1
        keep = () if call.phase in UNIT_PHASES else self._live.issued
        pin(Draft(call.operation, call.path, call.query, call.body, keep, turn, self._edition), self._live)
        return self._live.setup()

    def _sent(self, exchange: Exchange, phase: str) -> None:
        """Check a response in addition to schemathesis' checks, and undo the request's side effects."""
        if not exchange.operation:
            return
        if exchange.succeeded or _nothing_was_recorded(exchange):
            self._succeeded.add(exchange.operation)
        self._events.send(CoverageSeen(exchange.operation, exchange.status, parameters_of(exchange), phase))
        for finding in self._watch.beyond_the_spec(exchange, phase):
            self._overheard.append(finding)
        self._live.settle(exchange, at_once=phase in UNIT_PHASES)

    def _finding(self, failed: FuzzFailed) -> Finding:
        last = failed.trail[-1] if failed.trail else None
        secrets = self._target.secrets
        why = cause_of_letting_in if failed.check == "ignored_auth" else cause_of
        return Finding(
            operation=failed.operation,
            facts=self._facts(failed.check, last) if last else (),
            title=failed.title,
            expected=secrets.hide_members(" ".join(failed.message.split())),
            got=secrets.hide_members(last.summary()) if last else "",
            requests=self._target.curl.lines(list(failed.trail)),
            check=failed.check,
            phase=failed.phase,
            cause=why(last) if last else (),
        )

    def _facts(self, check: str, exchange: Exchange) -> tuple[str, ...]:
        """The facts a failed check of schemathesis is about."""
        if check in _FACTS_OF_CHECK:
            return _FACTS_OF_CHECK[check][self._api]
        if not exchange.operation:
            return ()
        if check == "negative_data_rejection":
            return broken_facts(exchange)
        return next((breach.facts for breach in conformance(exchange)), ())

    def _silence(self, unanswered: Unanswered) -> Finding:
        return Finding(
            operation="",
            facts=(),
            title=f"The server responds to every request; it did not respond to {unanswered.label}",
            expected="a response",
            got=self._target.secrets.hide_members(unanswered.message),
            check="answers",
            phase=unanswered.phase,
            cause=("no response",),
        )


def _nothing_was_recorded(exchange: Exchange) -> bool:
    """Whether a `stop` succeeded on an empty channel: 206 with code 435 (CR-64)."""
    return exchange.status == 206 and isinstance(exchange.json, dict) and exchange.json.get("code") == 435


def _misjudged(failed: FuzzFailed, dialect: spec.Dialect | None) -> bool:
    """Whether schemathesis calls a request valid that was not when it was sent.

    It undoes percent escapes in a path parameter before it encodes it, and so makes another name, perhaps a broken one,
    of a channel name with a `%` before two hexadecimal digits. Of a method that a path does not have it wants to be
    sent more than the documents promise. Nulls, and in the observed dialect numbers in quotes, may be taken.
    """
    sent = failed.trail[-1] if failed.trail else None
    if sent is not None and failed.check == "unsupported_method":
        return sent.status in _NO_SUCH_METHOD or _was_documented(sent)
    if sent is not None and sent.operation and failed.check == "response_schema_conformance":
        return any(conformance(sent)) and not any(conformance(sent, dialect))
    if sent is not None and sent.operation and failed.check == "negative_data_rejection":
        is_taken = partial(is_taken_anyway, observed=dialect != "documented", edition=sent.edition)
        return sent.asked is not NOT_JSON and path_is_valid(sent) and is_taken(sent.operation, sent.asked)
    if sent is None or failed.check != "positive_data_acceptance":
        return False
    return bool(sent.operation) and not path_is_valid(sent)


def _was_documented(sent: Exchange) -> bool:
    """Whether an edition of the documents has the method at this path: servers may still serve what is gone today."""
    found = (each for edition in spec.EDITIONS for each in spec.operations(edition).values())
    return any(each.method == sent.method and each.match_path(sent.path, any_base=True) is not None for each in found)
