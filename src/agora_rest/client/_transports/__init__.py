"""What every request passes through on its way out and back, outermost first:

retry → observe → errors → send (permit, deadline, reading) → the network

Each transport is one job in one module: what it decides is a plain function here, which a table of values can test; the
few lines that do as decided are in `_async.transports`, and their synchronous form is derived from those.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    import httpx

    from agora_rest.client._json_reader import Reader
    from agora_rest.client._options import Options
    from agora_rest.permits import Quota
    from agora_rest.spec import Operation

_CALL: Final = "agora_rest.call"
_RESULT: Final = "agora_rest.result"


@dataclass(slots=True)
class Call:
    """What the transports know about a request besides the request itself: one call, however often it is sent."""

    operation: Operation
    reader: Reader[Any] = field(repr=False)
    """Reads the result from a response."""
    options: Options = field(repr=False)
    now: Callable[[], float] = field(repr=False)
    """The clock."""
    quotas: tuple[Quota, ...] = field(default=(), repr=False)
    """The limits it is counted under."""
    attempts: int = 1
    """How many times it has been sent, the present time included."""
    unclear: bool = False
    """Whether an earlier attempt may have taken effect."""
    began: float = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """The deadline counts from here."""
        self.began = self.now()

    @property
    def may_change_something(self) -> bool:
        """Whether sending it can have an effect (`x-retry`)."""
        return self.operation.retry != "safe"

    @property
    def elapsed(self) -> float:
        """Seconds since the call was made."""
        return self.now() - self.began

    @property
    def remaining(self) -> float:
        """Seconds until the deadline."""
        return self.options.policy.deadline - self.elapsed


def labelled(call: Call) -> dict[str, Any]:
    """The extensions of a request that belongs to `call`."""
    return {_CALL: call}


def call_of(request: httpx.Request) -> Call:
    """The call that `request` belongs to."""
    call: Call = request.extensions[_CALL]
    return call


def keep_result(response: httpx.Response, value: Any) -> None:
    """Leave what was read on `response`."""
    response.extensions[_RESULT] = value


def result_of(response: httpx.Response) -> Any:
    """What `keep_result` has left."""
    return response.extensions[_RESULT]
