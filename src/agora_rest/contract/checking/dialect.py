"""Determines a server's dialect and checks that the server keeps to it (CR-61, CO-13, CO-17).

What separates `documented` from the other two shows in single responses: the envelope, a project in a list. `observed`
and `current` differ in what the schemas of their editions say, and in no rule of their own.
"""

from __future__ import annotations

from agora_rest import spec
from agora_rest.contract.http.exchange import Exchange
from agora_rest.spec import Dialect

_GATEWAY_STATUSES = frozenset({401, 405, 429, 500, 502, 503, 504})
"""Responses that look alike in all dialects: those of the gateway and of a failing server."""


def dialect_of(exchange: Exchange) -> Dialect | None:
    """The dialect that a response reveals, or None if it would look the same in all.

    A response that is not `documented` is `current` or `observed` by the edition of its exchange.
    """
    if exchange.status in _GATEWAY_STATUSES or not isinstance(exchange.json, dict):
        return None
    if spec.operation(exchange.operation).api == "cloud-recording":
        spoken = _of_recording(exchange)
    else:
        spoken = _of_console(exchange.json, exchange.status)
    return "current" if spoken == "observed" and exchange.edition == "current" else spoken


def _of_recording(exchange: Exchange) -> Dialect | None:
    """Enveloped or bare (CR-61); a bare `message` comes from the gateway in all."""
    if exchange.enveloped:
        return "documented"
    return "observed" if exchange.json.keys() & {"code", "resourceId", "sid"} else None


def _of_console(body: dict[str, object], status: int) -> Dialect | None:
    """A project in a list or on its own (CO-13); `error_msg` or `message` for what is missing (CO-17)."""
    if status < 300 and isinstance(body.get("project"), list | dict):
        return "documented" if isinstance(body["project"], list) else "observed"
    if status == 404 and "error_msg" in body:
        return "documented"
    if status == 404 and body.get("message") == "project not exit":
        return "observed"
    return None


class DialectWatch:
    """Remembers a server's dialect: the configured one, or else the first one observed."""

    def __init__(self, expected: Dialect | None = None) -> None:
        self.dialect: Dialect | None = expected
        self.first: Exchange | None = None

    def breach(self, exchange: Exchange) -> Dialect | None:
        """The dialect of `exchange` if it differs from the server's; None if it matches or cannot be determined."""
        spoken = dialect_of(exchange)
        if spoken is not None and self.dialect is None:
            self.dialect, self.first = spoken, exchange
        if spoken is None or (spoken == "documented") == (self.dialect == "documented"):
            return None
        return spoken
