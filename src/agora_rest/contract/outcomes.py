"""How a check ends when it does not simply pass: a rule is broken, or it cannot be checked here."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from agora_rest.contract.http.exchange import Exchange


class Broken(AssertionError):  # noqa: N818  the server is broken, not the program
    """A fact does not hold. `expected` and `got` complete "expected …, got …"; `exchange` shows it."""

    facts: tuple[str, ...] = ()
    """The broken facts, if a check can be more specific than its own list."""

    trail: Sequence[Exchange] | None = None
    """The requests that show it, if fewer are needed than the check made."""

    cause: tuple[str, ...] = ()
    """The cause, if the check knows it: a finding about a secret is never a consequence of a response's shape."""

    def __init__(self, expected: str, got: str, exchange: Exchange | None = None) -> None:
        super().__init__(f"expected {expected}, got {got}")
        self.expected, self.got, self.exchange = expected, got, exchange

    def about(self, *facts: str) -> Self:
        """The same with the facts that are broken."""
        self.facts = facts
        return self

    def because(self, *cause: str) -> Self:
        """The same with its cause."""
        self.cause = cause
        return self


def require(holds: object, expected: str, got: object, exchange: Exchange | None = None) -> None:
    """Raise `Broken` unless something holds."""
    if not holds:
        raise Broken(expected, str(got), exchange)


class Skipped(Exception):  # noqa: N818  skipping is not an error
    """A check cannot be made here; the message completes "skipped: …"."""
