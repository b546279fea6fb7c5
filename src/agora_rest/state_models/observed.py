"""An exchange as the models see it: its operation, times and parsed bodies."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from agora_rest import spec


@dataclass(order=True)
class Observed:
    """A request and its response."""

    sent: float
    """When it was sent, seconds of any clock that all exchanges share."""
    number: int
    """Its place among the exchanges, from 1."""
    done: float = field(compare=False)
    """When the response was complete."""
    operation: str = field(compare=False)
    status: int = field(compare=False)
    """The HTTP status; 0 if no response came."""
    account: str = field(compare=False, default="")
    """The server and the credentials of the exchange."""
    path: Mapping[str, str] = field(compare=False, default_factory=dict)
    """The parameters in the path, decoded."""
    query: Mapping[str, str] = field(compare=False, default_factory=dict)
    """The parameters in the query."""
    body: Any = field(compare=False, default=None)
    """The JSON of the request; None if there is none, or it is not known."""
    payload: Any = field(compare=False, default=None)
    """The JSON of the response without its envelope; None if it is not known."""
    edition: spec.Edition | None = field(compare=False, default=None)
    """The edition of the documents that the server follows; None while no response has shown it."""
    enveloped: bool = field(compare=False, default=False)
    """Whether the response came in an envelope."""
    unix: bool = field(compare=False, default=True)
    """Whether the times are Unix times, which can be compared with those in responses."""

    @property
    def succeeded(self) -> bool:
        """Whether the status is a 2xx and the body carries no error code."""
        return 200 <= self.status < 300 and self.code in (None, 200)

    @property
    def effect(self) -> spec.Effect:
        """The effect of its operation, and the kind of resource that it affects."""
        return spec.operation(self.operation).effect

    @cached_property
    def code(self) -> int | None:
        """The error code in the body; None if there is none."""
        found = self.in_response("code")
        return found if isinstance(found, int) else None

    def in_response(self, *path: str | int) -> Any:
        """The value at `path` in the response; None if it is missing."""
        return dig(self.payload, *path)

    def in_request(self, *path: str | int) -> Any:
        """The value at `path` in the request's body; None if it is missing."""
        return dig(self.body, *path)

    def after(self, other: Observed | None) -> bool:
        """Whether it was sent when the response of `other` was there."""
        return other is not None and other.done <= self.sent and other.number < self.number


def dig(value: Any, *path: str | int) -> Any:
    """The value at `path` inside `value`; None if it is missing."""
    for step in path:
        if isinstance(step, str) and isinstance(value, dict):
            value = value.get(step)
        elif isinstance(step, int) and isinstance(value, list) and -len(value) <= step < len(value):
            value = value[step]
        else:
            return None
    return value


def objects(value: Any) -> list[dict[str, Any]]:
    """The objects in a list; none if it is no list."""
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []
