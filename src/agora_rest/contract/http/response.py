"""A server's response, with assertions for checks."""

from __future__ import annotations

from typing import Any, Self

from agora_rest.contract.http.exchange import Exchange
from agora_rest.contract.outcomes import Broken

_STATUS_OF_CODE = {404: 404}
"""The HTTP status that goes with an error code of Cloud Recording where it is not 400 (CR-65)."""


class Response:
    """A server's response, with assertions. Every `must_…` raises `Broken` or returns the response."""

    def __init__(self, exchange: Exchange) -> None:
        self.exchange = exchange

    def __repr__(self) -> str:
        return f"Response({self.exchange.operation}: {self.status})"

    @property
    def status(self) -> int:
        """The HTTP status."""
        return self.exchange.status

    @property
    def succeeded(self) -> bool:
        """Whether the status is a 2xx and the body carries no error code."""
        return self.exchange.succeeded

    @property
    def code(self) -> int | None:
        """The error code in the body, in either dialect."""
        return self.exchange.code

    @property
    def payload(self) -> Any:
        """The decoded body, out of its envelope."""
        return self.exchange.payload

    def get(self, *path: str | int) -> Any:
        """The value at `path` inside the payload, or None."""
        return self.exchange.member(*path)

    def need(self, *path: str | int) -> Any:
        """The value at `path` inside the payload; raises `Broken` if it is missing."""
        value = self.get(*path)
        if value is None:
            raise self.broken(f"a response with `{'.'.join(map(str, path))}`")
        return value

    @property
    def project(self) -> dict[str, Any]:
        """The single project of a response, in either dialect (CO-13)."""
        found = self.get("project")
        if found is None:
            found = self.get("projects")
        if isinstance(found, dict):
            return found
        if isinstance(found, list) and len(found) == 1 and isinstance(found[0], dict):
            return found[0]
        raise self.broken("one project")

    def must_succeed(self, status: int | None = None) -> Self:
        """A 2xx (or exactly `status`) without an error code."""
        if not self.succeeded or status not in (None, self.status):
            raise self.broken(f"status {status}" if status else "success")
        return self

    def must_be_refused(self, status: int | None = None, *, code: int | None = None, saying: str | None = None) -> Self:
        """A refusal: with this error code, this text, this status (default: the one of the code, else any 4xx)."""
        if status is None and code is not None:
            status = _STATUS_OF_CODE.get(code, 400)
        wanted = " ".join(
            [f"a refusal with status {status}" if status else "a refusal with a 4xx"]
            + ([f"and code {code}"] if code is not None else [])
            + ([f"saying {saying!r}"] if saying is not None else [])
        )
        right_status = self.status == status if status else 400 <= self.status < 500
        if not right_status or code not in (None, self.code) or saying not in (None, self.exchange.message):
            raise self.broken(wanted)
        return self

    def must_hold(self, expected: Any, *path: str | int) -> Self:
        """The value at `path` inside the payload equals `expected`."""
        value = self.get(*path)
        if value != expected or type(value) is not type(expected):
            raise Broken(f"`{'.'.join(map(str, path))}` = {expected!r}", repr(value), self.exchange)
        return self

    def must(self, holds: object, expected: str) -> Self:
        """Something about the response holds; `expected` completes "expected …"."""
        if not holds:
            raise self.broken(expected)
        return self

    def broken(self, expected: str) -> Broken:
        """The error stating that this response is not the expected one."""
        return Broken(expected, self.exchange.summary(), self.exchange)
