"""Checks of facts: the registry, and the runner that runs them and reports the ones it had to skip.

A check is a function of a `Server`. It sends requests and raises `Broken` (mostly by way of an response's
`must_…` methods) when a fact does not hold:

    @check("CR-11", needs=Control.CLOCK)
    def a_resource_id_lasts_five_minutes(server: Server) -> None:
        \"\"\"A resource ID starts a recording until five minutes after it was acquired, and no later.\"\"\"

The docstring is the sentence a finding shows, so it states the rule. Modules with checks live in `scenarios/`; each is
discovered automatically.
"""

from __future__ import annotations

import importlib
import pkgutil
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

import httpx

from agora_rest.contract.checking.coverage import parameters_of
from agora_rest.contract.http.control import Control
from agora_rest.contract.outcomes import Broken, Skipped
from agora_rest.contract.results.events import CheckFailed, CheckPassed, CheckSkipped, CoverageSeen, Events, Progress
from agora_rest.contract.results.findings import Finding
from agora_rest.contract.safety.access import Profile
from agora_rest.spec import Api, Edition, facts

if TYPE_CHECKING:
    from agora_rest.contract.checking.passive import Watch
    from agora_rest.contract.http.exchange import Exchange
    from agora_rest.contract.http.server import Server

CheckFunction = Callable[["Server"], None]

PHASE = "facts"
_API_OF: dict[str, Api] = {"CR": "cloud-recording", "CO": "console"}


@dataclass(frozen=True)
class Check:
    """A registered check.

    facts: the numbers it guards. needs: what it must be able to do to the server. profile: the lowest profile it may
    run under.
    """

    name: str
    facts: tuple[str, ...]
    needs: Control
    profile: Profile
    function: CheckFunction

    @property
    def sentence(self) -> str:
        """The rule it checks: the first paragraph of its docstring, on one line."""
        paragraph = (self.function.__doc__ or self.name.replace("_", " ")).strip().split("\n\n")[0]
        return " ".join(paragraph.split())

    @property
    def apis(self) -> frozenset[Api]:
        """The APIs whose facts it guards."""
        return frozenset(_API_OF[fact.partition("-")[0]] for fact in self.facts)

    def applies_to(self, edition: Edition) -> bool:
        """Whether one of its facts holds in an edition of the documents."""
        return bool(self.facts_in(edition))

    def facts_in(self, edition: Edition) -> tuple[str, ...]:
        """Those of its facts that hold in an edition of the documents."""
        return tuple(fact for fact in self.facts if edition in facts()[fact].editions)

    def obstacle(self, server: Server) -> str | None:
        """Why it cannot be made on `server`, or None."""
        if server.profile < self.profile:
            return f"it needs {self.profile.word} access, and this run has {server.profile.word} access"
        missing = self.needs & ~server.offers
        return f"the server does not let us control: {', '.join(missing.names)}" if missing else None


_registry: dict[str, Check] = {}


def check(
    *facts: str, needs: Control = Control.NONE, profile: Profile = Profile.FULL
) -> Callable[[CheckFunction], CheckFunction]:
    """Register a function as the check of these facts.

    needs: parts of the control API without which it cannot be made; it is then reported as skipped.
    profile: the lowest profile it may run under: READ_ONLY for a check that sends GET requests only, LOCAL for one that
    changes what the run did not make (resets a certificate, uses up the account's quota).
    """
    if not facts or any(fact.partition("-")[0] not in _API_OF for fact in facts):
        raise ValueError(f"a check names the facts it guards, as CR-11 or CO-54, not {facts!r}")

    def register(function: CheckFunction) -> CheckFunction:
        known = _registry.get(function.__name__)
        if known is not None and known.function.__module__ != function.__module__:
            raise ValueError(f"two checks are named {function.__name__}")
        if not function.__doc__:
            raise ValueError(f"check {function.__name__} has no docstring that states the rule it checks")
        _registry[function.__name__] = Check(function.__name__, facts, needs, profile, function)
        return function

    return register


def all_checks() -> tuple[Check, ...]:
    """Every check in `scenarios/`, in a fixed order."""
    from agora_rest.contract import scenarios

    for module in sorted(each.name for each in pkgutil.iter_modules(scenarios.__path__)):
        importlib.import_module(f"{scenarios.__name__}.{module}")
    return tuple(sorted(_registry.values(), key=lambda each: (each.function.__module__, each.name)))


def checks_by_fact() -> dict[str, tuple[Check, ...]]:
    """Every fact that is checked, with its checks."""
    found: dict[str, tuple[Check, ...]] = {}
    for each in all_checks():
        for fact in each.facts:
            found[fact] = (*found.get(fact, ()), each)
    return dict(sorted(found.items()))


def run_checks(
    server: Server,
    checks: Iterable[Check],
    watch: Watch,
    report: Callable[[Finding], None],
    events: Events,
    *,
    first: int = 0,
) -> None:
    """Make every check on `server`: what is broken goes to `report`, how it went to `events`.

    `watch` looks at all traffic of the checks as well, regardless of which check sent it. first: how many checks of the
    phase come before these.
    """
    for number, each in enumerate(checks, first):
        events.send(Progress(PHASE, number, each.name))
        obstacle = each.obstacle(server)
        if obstacle is not None:
            events.send(CheckSkipped(each.name, each.facts_in(server.edition), obstacle))
            continue
        server.listener = partial(_overhear, each.name, watch, report, events)
        try:
            _run_one(server, each, report, events)
        finally:
            server.listener = None


def _overhear(check: str, watch: Watch, report: Callable[[Finding], None], events: Events, exchange: Exchange) -> None:
    events.send(CoverageSeen(exchange.operation, exchange.status, parameters_of(exchange), PHASE, check))
    for finding in watch.inspect(exchange, PHASE):
        report(replace(finding, during=check))


def _run_one(server: Server, each: Check, report: Callable[[Finding], None], events: Events) -> None:
    started, numbers = time.monotonic(), each.facts_in(server.edition)
    broken: Broken | None = None
    unanswered = False
    try:
        server.begin()
        each.function(server)
    except Skipped as skipped:
        events.send(CheckSkipped(each.name, numbers, str(skipped)))
        return
    except Broken as error:
        broken = error
    except httpx.HTTPError as error:
        broken, unanswered = Broken("a response", f"none: {error!r}"), True
    except Exception as error:  # noqa: BLE001  a malformed response can fail a check anywhere; the server is the cause
        broken = Broken("responses of the documented shape", f"a response that made the check fail: {error!r}")
    finally:
        trail = list(server.trail)
        server.clean_up()
    if unanswered:
        server.must_be_there()
    seconds = time.monotonic() - started
    if broken is None:
        events.send(CheckPassed(each.name, numbers, PHASE, seconds))
        return
    events.send(CheckFailed(each.name, numbers, PHASE, seconds))
    report(_finding(server, each, broken, trail if broken.trail is None else broken.trail, unanswered=unanswered))


def _finding(server: Server, each: Check, broken: Broken, trail: Sequence[Exchange], *, unanswered: bool) -> Finding:
    from agora_rest.contract.checking.passive import cause_of

    at = broken.exchange or next((exchange for exchange in reversed(trail) if exchange.operation), None)
    return Finding(
        operation=at.operation if at else "",
        facts=broken.facts or each.facts_in(server.edition),
        title=each.sentence,
        expected=server.secrets.hide_members(broken.expected),
        got=server.secrets.hide_members(broken.got),
        requests=server.curl.lines(trail),
        check=each.name,
        phase=PHASE,
        cause=("no response",) if unanswered else broken.cause or (cause_of(at) if at else ()),
    )
