"""Shared parts of the state machines: predictions, time, and a short trail of requests for a failed prediction.

A machine is a `RuleBasedStateMachine` of Hypothesis over a *model*: plain objects written from the facts, which know no
HTTP. Each rule calls the server, gets the responses the documents allow from the model, and compares:

    class Projects(Machine):
        projects = Bundle("projects")

        @initialize()
        def begin(self) -> None:
            self.model = ProjectModel()

        @rule(target=projects)
        def create(self) -> Held:
            response = self.server.send("create_project", body=…)
            self.compare(response, success("CO-10"))
            return Held(response.project["id"], self.model.create())

        @rule(held=projects)
        def delete(self, held: Held) -> None:
            allowed = self.model.delete(held.model)         # (success("CO-18"),) or (refusal(404, "CO-17"),)
            self.compare(self.server.delete_project(held.id), *allowed)

and one check in `scenarios/` runs it:

    @check("CO-10", "CO-17", "CO-18", needs=Control.RESET)
    def projects_live_as_documented(server: Server) -> None:
        \"\"\"For any sequence of project calls, each response is one that the documents allow.\"\"\"
        run_machine(Projects, server)

If the documents allow several responses, the model allows them all; a rule whose outcome would put the model in
doubt about the state is not drawn (a precondition). Every example starts from a reset server. `self.server.advance`
moves the server's clock; move the model's by the same amount. The time that passes on its own where the server's clock
runs is not modelled, so keep every moment the model can reach further from every limit than `TOLERANCE` seconds. The
trick of `recordings`: time moves by multiples of seven seconds, and no limit is one.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, ClassVar, Final

import hypothesis
from hypothesis import HealthCheck, Phase, Verbosity
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable
from hypothesis.stateful import RuleBasedStateMachine, run_state_machine_as_test

from agora_rest.contract.draws import drawn_by_seed_only
from agora_rest.contract.http.exchange import Exchange
from agora_rest.contract.http.server import Response, Server
from agora_rest.contract.outcomes import Broken, Skipped

TURNED: Final = st.booleans()
"""Whether the members of all bodies of an example come in the opposite order, on which nothing depends."""

SHRINK_TIMEOUT = 6.0
"""Seconds to look for a shorter example once one has failed."""


@dataclass(frozen=True)
class Outcome:
    """A response that the documents allow.

    words: a description that completes "expected …". facts: why it is allowed. fits: whether a response matches.
    """

    words: str
    facts: tuple[str, ...]
    fits: Callable[[Response], bool] = field(repr=False, compare=False)


def success(*facts: str) -> Outcome:
    """The call is carried out."""
    return Outcome("success", facts, lambda response: response.succeeded)


def refusal(status: int, *facts: str, code: int | None = None, saying: str | None = None) -> Outcome:
    """The call is refused with this status, and with this error code or text where they are given."""

    def fits(response: Response) -> bool:
        if response.status != status or (code is not None and response.code != code):
            return False
        return saying is None or response.exchange.message == saying

    words = f"error {code} with status {status}" if code is not None else f"status {status}"
    return Outcome(words if saying is None else f"{words} saying {saying!r}", facts, fits)


@dataclass
class _Witness:
    """The shortest failing example so far, and how long to continue looking for a shorter one."""

    patience: float
    error: Exception | None = None
    trail: tuple[Exchange, ...] = ()
    _until: float = 0.0

    def take(self, error: Exception, trail: list[Exchange]) -> None:
        """Remember a failing example if it is shorter than the one known."""
        if self.error is None:
            self._until = time.monotonic() + self.patience
        if self.error is None or len(trail) < len(self.trail):
            self.error, self.trail = error, tuple(trail)

    @property
    def suffices(self) -> bool:
        """Whether a deadline is set and has passed."""
        return self.error is not None and time.monotonic() > self._until


class _Enough(BaseException):
    """Ends the search for a shorter example. Hypothesis does not catch exceptions outside of `Exception`."""


class Machine(RuleBasedStateMachine):
    """A state machine bound to a server, which `run_machine` does."""

    server: ClassVar[Server]
    witness: ClassVar[_Witness]

    TOLERANCE: ClassVar[float | None] = None
    """Seconds an example may take before a clock that runs is too far ahead of the model's; None if none runs."""

    def __init__(self) -> None:
        if self.witness.suffices:
            raise _Enough
        super().__init__()
        self.server.begin()
        self._began = time.monotonic()

    def keep_time(self) -> None:
        """Give the example up when it has taken so long that the model's time is not the server's any more."""
        if self.TOLERANCE is not None and time.monotonic() - self._began > self.TOLERANCE:
            hypothesis.reject()

    def compare(self, response: Response, *allowed: Outcome) -> Outcome:
        """The `allowed` outcome that `response` matches; raises Broken if there is none."""
        self.keep_time()
        for outcome in allowed:
            if outcome.fits(response):
                return outcome
        facts = tuple(dict.fromkeys(fact for outcome in allowed for fact in outcome.facts))
        words = " or ".join(outcome.words for outcome in allowed)
        raise response.broken(f"{words} ({', '.join(facts)})").about(*facts)

    def conclude(self) -> None:
        """The end of every example, which makes the effects of its calls visible."""

    def teardown(self) -> None:
        """Conclude the example, note its outcome, and remove what it made."""
        error = sys.exc_info()[1]
        try:
            if error is None:
                self.conclude()
        except Exception as late:
            error = late
            raise
        finally:
            if isinstance(error, Exception) and not isinstance(error, hypothesis.errors.UnsatisfiedAssumption):
                self.witness.take(error, self.server.trail)
            self.server.clean_up()


def run_machine(machine: type[Machine], server: Server, *, examples: int = 20, steps: int = 30) -> None:
    """Run `machine` on `server`: that many examples of at most that many steps, the same ones for the same seed.

    Raises `Broken` with the requests of the shortest example that fails; it is looked for for `SHRINK_TIMEOUT` seconds.
    """
    witness = _Witness(SHRINK_TIMEOUT)
    members: dict[str, Any] = {"server": server, "witness": witness, "__module__": machine.__module__}
    if server.stands_still():
        members["TOLERANCE"] = None  # however long an example takes, no time passes
    bound: type[Machine] = hypothesis.seed(server.seed)(type(machine.__name__, (machine,), members))
    try:
        with drawn_by_seed_only():
            run_state_machine_as_test(bound, settings=_settings(examples, steps))
    except _Enough:
        pass
    except Unsatisfiable:
        raise Skipped("the server responds too slowly to predict time-dependent behaviour") from None
    except Exception:
        if witness.error is None:
            raise
    if witness.error is not None:
        if isinstance(witness.error, Broken):
            witness.error.trail = witness.trail
        server.trail[:] = witness.trail
        raise witness.error.with_traceback(None)


def _settings(examples: int, steps: int) -> hypothesis.settings:
    return hypothesis.settings(
        max_examples=examples,
        stateful_step_count=steps,
        deadline=None,
        database=None,
        derandomize=False,  # the seed is the run's
        report_multiple_bugs=False,
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
        verbosity=Verbosity.quiet,
        print_blob=False,
    )
