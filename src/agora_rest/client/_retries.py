"""Decides whether and when a failed call is retried: values and arithmetic, no network, no clock.

`x-retry` of the specifications decides, not the HTTP method. A call that certainly had no effect (429, no connection)
may always be retried; a call that may have had an effect only if repeating it changes nothing more. `start` is such a
call because its resource ID is good for one recording only (CR-12): the same ID cannot start a second one.
"""

from __future__ import annotations

import math
import random
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from enum import Enum
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from agora_rest.spec import Operation

ACQUIRE: Final = "acquire"

LEAVING: Final = 49
"""The code of a refused stop: the recording is already being stopped."""
UPLOADING: Final = 50
"""The code of a successful stop whose upload takes longer."""
UNFINISHED: Final = frozenset({62, 65})
"""Codes of uncompleted requests that should be retried. 62: the service timed out; 65: not completed.

For acquire, 62 with a status of 4xx means that the service is not enabled, which a retry does not change.
"""


# Outcomes are not dataclasses, which take four times as long to define: every program loads them.


class NotSent:
    """There was no connection, so the call cannot have taken effect."""

    def __repr__(self) -> str:
        return "NotSent()"


class Lost:
    """The request was sent, but no response can be parsed: the call may have taken effect."""

    def __repr__(self) -> str:
        return "Lost()"


class Responded(NamedTuple):
    """The server responded with an error."""

    status: int
    """The HTTP status; for a success status, the status in the envelope."""
    code: int | None = None
    """Agora's own number in the body."""
    retry_after: float | None = None
    """How many seconds the server asks the client to wait."""


class Untrusted:
    """The server's certificate is not trusted, so that no request was sent; a retry would find the same certificate."""

    def __repr__(self) -> str:
        return "Untrusted()"


Outcome = NotSent | Untrusted | Lost | Responded


class Effect(Enum):
    """The effect of an attempt on the server."""

    NONE = "certainly nothing"
    """It was never sent, or the rate limit refused it (CR-05, CO-03)."""
    POSSIBLE = "nothing or everything"
    SETTLED = "what the server says"


class Decision(NamedTuple):
    """The decision about an outcome."""

    again: bool
    delay: float
    """Seconds to wait before the retry."""
    why: str
    """A clause for logs and errors."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryPolicy:
    """How long and how often a call is attempted. Raises ValueError if a value is out of range.

    The delay between attempts is a random part (full jitter) of `base`, `2 · base`, `4 · base`, … seconds, at most
    `longest`, so that calls that failed together are not retried together. A Retry-After is observed in full; a call
    that would have to wait longer than `longest_retry_after`, or beyond `deadline`, fails immediately.
    """

    attempts: int = 6
    """The maximum number of times a request is sent, including the first; 1 disables retries."""
    deadline: float = 30.0
    """Seconds from the call to its outcome, including waits. Infinity disables the deadline."""
    base: float = 0.5
    """Seconds."""
    longest: float = 8.0
    """Seconds."""
    longest_retry_after: float = 60.0
    """Seconds."""
    start_delays: tuple[float, ...] = (3.0, 6.0, 9.0)
    """Seconds before each retry of `start`, as Agora recommends; some jitter is added, never subtracted."""

    def __post_init__(self) -> None:
        """Validate the values."""
        if self.attempts < 1:
            raise ValueError(f"a call is attempted at least once, not {self.attempts} times")
        if not self.deadline > 0:
            raise ValueError(f"a deadline lies more than 0 seconds ahead, not {self.deadline}")
        if not (0 <= self.base <= self.longest < math.inf):
            raise ValueError("base and longest are seconds, the first not above the second")
        if not all(delay >= 0 for delay in (self.longest_retry_after, *self.start_delays)):
            raise ValueError("longest_retry_after and start_delays are seconds, none of them below 0")

    def decide(
        self, operation: Operation, outcome: Outcome, *, attempt: int, elapsed: float, chance: float
    ) -> Decision:
        """Decide about a retry after attempt number `attempt` (from 1), `elapsed` seconds after the call began.

        `chance` is the random source of the jitter, from 0 up to 1.
        """
        done, why = effect(operation, outcome)
        if done is Effect.SETTLED or isinstance(outcome, Untrusted):
            return _no(why)
        if done is Effect.POSSIBLE and operation.retry == "once":
            return _no(f"{why}, and {operation.id} may have taken effect, which must not happen twice")
        advised = self.start_delays if done is Effect.POSSIBLE and operation.effect.kind == "starts" else None
        if attempt >= (self.attempts if advised is None else min(self.attempts, len(advised) + 1)):
            return _no(f"{why}, {attempt} times")
        asked = (outcome.retry_after if isinstance(outcome, Responded) else None) or 0.0
        if asked > self.longest_retry_after:
            return _no(f"{why}, and the server asks for a longer wait than is allowed")
        least = max(asked, advised[attempt - 1] if advised else 0.0)
        delay = least + chance * (self.base if least else self._backoff(attempt))
        if elapsed + delay >= self.deadline:
            return _no(f"{why}, and the deadline of {self.deadline:g} s leaves no time")
        return Decision(True, delay, why)

    def _backoff(self, attempt: int) -> float:
        return min(self.longest, self.base * 2.0 ** min(attempt - 1, 64))


def _no(why: str) -> Decision:
    return Decision(False, 0.0, why)


def effect(operation: Operation, outcome: Outcome) -> tuple[Effect, str]:
    """The effect of a call with this outcome, and a clause that describes the outcome."""
    match outcome:
        case NotSent():
            return Effect.NONE, "nothing was sent"
        case Untrusted():
            return Effect.NONE, "the certificate of the server is not trusted"
        case Lost():
            return Effect.POSSIBLE, "no response that can be parsed"
        case Responded(status=429):
            return Effect.NONE, "HTTP 429: too many calls in one second"
        case Responded(code=code) if code == UPLOADING and operation.effect.kind == "stops":
            return Effect.SETTLED, f"code {code}: stopped, the upload takes longer"
        case Responded(code=code, status=status) if code in UNFINISHED and not (
            operation.id == ACQUIRE and 400 <= status < 500
        ):
            return Effect.POSSIBLE, f"code {code}: not completed"
        case Responded(status=206, code=None) if operation.effect.kind == "starts":
            return Effect.POSSIBLE, "HTTP 206: not completed"
        case Responded(status=status) if status >= 500 or status == 408:
            return Effect.POSSIBLE, f"HTTP {status}"
        case Responded(status=status):
            return Effect.SETTLED, f"HTTP {status}: the response would be the same again"


class RetryBudget:
    """Limits retries, so that an outage does not multiply the traffic. Safe for threads and tasks.

    A retry costs a token and returns it when it succeeds; a first attempt that succeeds earns a part of one. So single
    faults never exhaust the tokens, while an outage uses them up, after which each call is sent once.

    There is no lock, which an exception raised by a signal could leave locked for the rescue of a recording. Threads
    that pay at the same moment may lose a token or win one.
    """

    def __init__(self, capacity: float = 50.0, earned: float = 0.2) -> None:
        self._capacity, self._earned = capacity, earned
        self._tokens = capacity

    @property
    def tokens(self) -> float:
        """The number of retries left."""
        return self._tokens

    def spend(self) -> bool:
        """Take a token for a retry. Returns False if none is left."""
        if self._tokens < 1:
            return False
        self._tokens -= 1
        return True

    def earn(self, *, repeated: bool) -> None:
        """Record a regular response, at the first attempt or after retries."""
        self._tokens = min(self._capacity, self._tokens + (1.0 if repeated else self._earned))


class Attempts:
    """The attempts of one call, under a policy and a budget.

        attempts = Attempts(policy, budget, operation, generator)
        while (decision := attempts.failed(outcome, elapsed)).again: …

    `stop`, and any other call that ends a recording (`is_cleanup`), needs no token: a failure would leave a running
    recording that costs money, and there are never more such calls than recordings.
    """

    def __init__(
        self,
        policy: RetryPolicy,
        budget: RetryBudget,
        operation: Operation,
        generator: random.Random | None = None,
        *,
        is_cleanup: bool = False,
    ) -> None:
        self.made = 1
        """The number of attempts so far, including the current one."""
        self.unclear = False
        """Whether a failed attempt may have taken effect: a later refusal may be its consequence."""
        self._policy, self._budget, self._operation = policy, budget, operation
        self._needs_token = operation.effect.kind != "stops" and not is_cleanup
        self._chance = (generator or _GENERATOR).random

    def failed(self, outcome: Outcome, elapsed: float) -> Decision:
        """Decide after this attempt, `elapsed` seconds after the call began. A retry counts as the next attempt."""
        done, _ = effect(self._operation, outcome)
        self.unclear |= done is Effect.POSSIBLE and self._operation.retry != "safe"
        decision = self._policy.decide(
            self._operation, outcome, attempt=self.made, elapsed=elapsed, chance=self._chance()
        )
        if done is Effect.SETTLED:
            self.succeeded()  # A refusal shows that the server works.
        if not decision.again:
            return decision
        if not self._budget.spend() and self._needs_token:
            return _no(f"{decision.why}, and too many calls fail to repeat this one")
        self.made += 1
        return decision

    def succeeded(self) -> None:
        """Record success."""
        self._budget.earn(repeated=self.made > 1)


_GENERATOR: Final = random.Random()  # noqa: S311  spreads attempts; nothing secret comes of it

_SECONDS: Final = re.compile(r"\d+(\.\d+)?", re.ASCII)


def retry_after(value: str, *, now: datetime, sent: str | None = None) -> float | None:
    """The wait in seconds that the header `Retry-After: value` requests, as a number of seconds or an HTTP date.

    A date is relative to the response's own `Date` (`sent`) if present, so that the clocks need not agree; otherwise
    to `now`. Returns None for any other value.
    """
    value = value.strip()
    if _SECONDS.fullmatch(value):
        return float(value)
    until = http_date(value)
    if until is None:
        return None
    return max(0.0, (until - (http_date(sent or "") or now)).total_seconds())


def http_date(text: str) -> datetime | None:
    """The time in a header such as `Date`; None if it is not a date."""
    try:
        parsed = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)
