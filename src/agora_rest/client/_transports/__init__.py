"""The transports that every request passes through, outermost first:

retry → observe → errors → send (permit, deadline, reading) → the network

Each transport has one job and one module. Its decisions are plain functions here, which table-driven tests cover; the
code that carries them out is in `_async.transports`, from which the synchronous form is derived.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    import httpx

    from agora_rest.client._json_reader import Reader
    from agora_rest.client._options import Options
    from agora_rest.client._transports.secrets import KnownSecrets
    from agora_rest.permits import Quota
    from agora_rest.spec import Operation

_CALL: Final = "agora_rest.call"


@dataclass(slots=True)
class Call:
    """The call behind a request, shared by all of its attempts."""

    operation: Operation
    reader: Reader[Any] = field(repr=False)
    """The reader of the result."""
    options: Options = field(repr=False)
    now: Callable[[], float] = field(repr=False)
    """The clock."""
    secrets: KnownSecrets = field(repr=False)
    """Everything secret that the client has sent."""
    quotas: tuple[Quota, ...] = field(default=(), repr=False)
    """The rate limits that count it."""
    attempts: int = 1
    """The number of attempts, including the current one."""
    unclear: bool = False
    """Whether an earlier attempt may have taken effect."""
    result: Any = field(default=None, init=False, repr=False)
    """The result that `reader` has read from the response."""
    began: float = field(init=False, repr=False)
    sent: float = field(init=False, repr=False)
    """When the current attempt began."""

    def __post_init__(self) -> None:
        """The start of the deadline."""
        self.began = self.sent = self.now()

    @property
    def may_change_something(self) -> bool:
        """Whether the call can change something (`x-retry`)."""
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
