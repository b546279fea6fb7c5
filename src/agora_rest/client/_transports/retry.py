"""Decides after an error whether the request is retried, when, and at which address."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from agora_rest.client._retries import Attempts, Lost, NotSent, Outcome, Responded, RetryBudget, Untrusted
from agora_rest.client._transports import Call
from agora_rest.client.hooks import RetryEvent, emit, logger
from agora_rest.errors import (
    ApiError,
    CallError,
    ConnectionFailed,
    ResponseTooLarge,
    SpecificationViolation,
    TransportError,
)
from agora_rest.permits import Priority

if TYPE_CHECKING:
    import httpx

RETURN_AFTER: Final = 60.0
"""Seconds after which the first address is tried again."""


def outcome_of(error: CallError) -> Outcome:
    """The outcome of an attempt. A success response that cannot be parsed is treated as a lost response."""
    if isinstance(error, ApiError):
        return Responded(error.effective_status, error.code, error.retry_after)
    if isinstance(error, SpecificationViolation | ResponseTooLarge):
        return Responded(error.status or 200)  # The next response would be no better.
    return NotSent() if isinstance(error, TransportError) and not error.sent else Lost()


class Addresses:
    """The addresses of the API, the preferred one first. Safe for threads and tasks."""

    def __init__(self, base_urls: Sequence[str]) -> None:
        self.all = tuple(base_urls)
        self._current = 0
        self._since = 0.0

    def current(self, now: float) -> str:
        """The address to start with: the one that worked last, and after a minute the first again."""
        if self._current and now - self._since > RETURN_AFTER:
            self._current = 0
        return self.all[self._current]

    def failed(self, address: str, now: float) -> None:
        """Record that `address` is unreachable, so that the next one is used."""
        if address == self.all[self._current]:
            self._current, self._since = (self._current + 1) % len(self.all), now


class RetryLoop:
    """The attempts of one request: their addresses, and the decision after each failure."""

    def __init__(self, request: httpx.Request, call: Call, budget: RetryBudget, addresses: Addresses) -> None:
        self._request, self._call, self._addresses = request, call, addresses
        self._attempts = Attempts(
            call.options.policy, budget, call.operation, is_cleanup=call.options.priority is Priority.STOP
        )
        self._address = addresses.all[0]
        self._refused: set[str] = set()

    def select_address(self) -> None:
        """Set the address of the next attempt on the request."""
        address = self._addresses.current(self._call.now())
        if address != self._address:
            import httpx

            self._request.url = httpx.URL(address + str(self._request.url).removeprefix(self._address))
            self._request.headers["Host"] = self._request.url.netloc.decode("ascii")
            self._address = address

    def succeeded(self) -> None:
        """Record success."""
        self._attempts.succeeded()

    def failed(self, error: CallError) -> float | None:
        """The seconds to wait before a retry; None for no retry. Stores the number of attempts on `error`."""
        call, attempts, outcome = self._call, self._attempts, outcome_of(error)
        if isinstance(error, ConnectionFailed) and error.untrusted and not self._has_other_address():
            outcome = Untrusted()
        error.attempts = attempts.made if error.attempts else attempts.made - 1  # without a permit, none was made
        decision = attempts.failed(outcome, call.elapsed)
        call.attempts, call.unclear = attempts.made, attempts.unclear
        error.may_have_taken_effect |= attempts.unclear
        delay = self._elsewhere(outcome, decision.delay) if isinstance(error, TransportError) else decision.delay
        if not decision.again:
            logger.info("%s is given up: %s", call.operation.id, decision.why)
            return None
        logger.info("%s again in %.2f s (attempt %d): %s", call.operation.id, delay, attempts.made, decision.why)
        event = RetryEvent(
            operation=call.operation.id, attempt=error.attempts, delay=delay, reason=decision.why, error=error
        )
        emit(call.options.hooks.on_retry, event)
        return delay

    def _has_other_address(self) -> bool:
        """Whether an address is left that this request has not been sent to."""
        return not {*self._addresses.all} <= {*self._refused, self._address}

    def _elsewhere(self, outcome: Outcome, delay: float) -> float:
        """Whether to retry at another address without delay: not if the request may be in progress at this one."""
        self._refused.add(self._address)
        self._addresses.failed(self._address, self._call.now())
        fresh = self._addresses.current(self._call.now()) not in self._refused
        return 0.0 if fresh and isinstance(outcome, NotSent) else delay
