"""The parts of a run that need nothing of each other, so that they can be made side by side.

Every check of facts begins with a reset, and so does every unit of fuzzing. What a unit does depends on the seed of the
run and on nothing that another unit did: a run has the same findings and the same coverage however many processes make
it. A server that cannot be reset is fuzzed in one unit for each API, so that what a phase needs is made once.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from agora_rest import spec
from agora_rest.contract.checking.checks import PHASE, Check, run_checks
from agora_rest.contract.checking.passive import Watch
from agora_rest.contract.http.server import Server
from agora_rest.contract.results.events import Event, Events
from agora_rest.contract.results.findings import Finding
from agora_rest.contract.safety.resources import Live
from agora_rest.contract.target import CouldNotRun, Target

Take = Callable[[Event | Finding], None]
"""Takes what happens in a unit, in its order."""

_CHUNK: Final = 10
"""Checks of facts in a unit: so few that no process waits long for the last one."""

_MACHINES: Final = "machine"
"""Part of the names of modules with state machines; each of their checks is a unit of its own."""

_PARTS: Final[dict[spec.Api, tuple[tuple[str, ...], ...]]] = {
    "cloud-recording": (("examples", "coverage"), ("fuzzing",), ("stateful",)),
    "console": (("examples", "coverage"), ("fuzzing", "stateful")),
}
"""The phases of an API that are fuzzed together."""

_WHOLE: Final = ("examples", "coverage", "fuzzing", "stateful")


@dataclass(frozen=True)
class Unit:
    """A part of a run: some checks of facts by their names, or some phases of fuzzing of an API.

    first: how many checks of facts come before it.
    """

    phases: tuple[str, ...]
    api: spec.Api | None = None
    checks: tuple[str, ...] = ()
    first: int = 0

    @property
    def fuzzes(self) -> bool:
        """Whether it is one of fuzzing."""
        return self.api is not None


@dataclass(frozen=True)
class Done:
    """A unit is over. succeeded: the IDs of the operations that succeeded while it fuzzed."""

    seconds: float
    succeeded: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Drawn:
    """The seed of a run, and how much it draws."""

    seed: int
    max_examples: int


def units_of(checks: Sequence[Check], apis: Sequence[spec.Api], *, parted: bool) -> list[Unit]:
    """The units of a run: these checks in their order, then the phases of fuzzing of these APIs.

    parted: as many as go side by side; otherwise as few as there are.
    """
    facts = [Unit((PHASE,), None, tuple(each.name for each in checks))] if checks else []
    if not parted:
        return [*facts, *(Unit(_WHOLE, api) for api in apis)]
    return [*_chunks(checks), *(Unit(phases, api) for api in apis for phases in _PARTS[api])]


def _chunks(checks: Sequence[Check]) -> Iterator[Unit]:
    start = 0
    while start < len(checks):
        end = start + 1
        while end < min(start + _CHUNK, len(checks)) and not (_is_long(checks[start]) or _is_long(checks[end])):
            end += 1
        yield Unit((PHASE,), None, tuple(each.name for each in checks[start:end]), start)
        start = end


def _is_long(check: Check) -> bool:
    return _MACHINES in check.function.__module__


def execute(unit: Unit, target: Target, watch: Watch, checks: Sequence[Check], drawn: Drawn, take: Take) -> Done:
    """Make a unit on a target, whose traffic `watch` looks at; `checks` are those it may name."""
    began = time.monotonic()
    events = Events([_Taker(take)])
    succeeded: frozenset[str] = frozenset()
    with target.server(drawn.seed) as server:
        if unit.api is None:
            named = {each.name: each for each in checks}
            run_checks(server, [named[name] for name in unit.checks], watch, take, events, first=unit.first)
        else:
            succeeded = _fuzz(unit.phases, unit.api, target, server, watch, drawn, take, events)
    return Done(time.monotonic() - began, succeeded)


def _fuzz(
    phases: Sequence[str],
    api: spec.Api,
    target: Target,
    server: Server,
    watch: Watch,
    drawn: Drawn,
    take: Take,
    events: Events,
) -> frozenset[str]:
    # Imported here: importing schemathesis is slow, and a run that cannot start should fail immediately.
    from agora_rest.contract.checking._schemathesis import Trouble
    from agora_rest.contract.checking.fuzz import Fuzz

    server.begin()
    live = Live(server)
    try:
        fuzz = Fuzz(target, api, live, watch, take, events)
        return fuzz.run(drawn.seed, drawn.max_examples, frozenset(phases))
    except Trouble as trouble:
        server.must_be_there()
        raise CouldNotRun(f"schemathesis could not test {api}: {trouble}") from trouble
    finally:
        live.tidy()
        server.clean_up()


class _Taker:
    """A handler of events that hands them on."""

    def __init__(self, take: Take) -> None:
        self._take = take

    def handle(self, event: Event) -> None:
        """Hand on `event`."""
        self._take(event)
