"""The interface of a store of permits: in memory, in a database, or in Redis."""

from __future__ import annotations

from collections.abc import Sequence
from types import TracebackType
from typing import Any, NamedTuple, Protocol

from agora_rest.errors import restored
from agora_rest.permits.limits import Priority, Quota


class Permit(NamedTuple):
    """The permission to make one call now."""

    waited: float
    """Seconds spent waiting for it."""


class PermitTimeoutError(TimeoutError):
    """No permit became free in time. Nothing was sent."""

    def __init__(self, quotas: Sequence[Quota], timeout: float) -> None:
        limits = " and ".join(f"{quota.group} ({quota.limit.calls} calls in {quota.limit.per:g} s)" for quota in quotas)
        super().__init__(f"no permit within {timeout:g} s under the limit of {limits}; nothing was sent")

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickles by the message, although the constructor has other parameters."""
        return restored, (type(self), self.args, self.__dict__)


class PermitStoreError(PermitTimeoutError):
    """No permit was granted, because the shared store is unreachable. Nothing was sent."""

    def __init__(self, quotas: Sequence[Quota], timeout: float, why: str) -> None:
        super().__init__(quotas, timeout)
        self.args = (f"{self}, because {why}",)


class Hold(Protocol):
    """A permit for the duration of a `with` or an `async with` block. It can be used once."""

    def __enter__(self) -> Permit:
        """Wait in this thread for the permit. Raises PermitTimeoutError after the timeout."""
        ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None, /
    ) -> bool | None:
        """Return the permit: the call has ended, with or without a response."""
        ...

    async def __aenter__(self) -> Permit:
        """Wait in this task for the permit. Raises PermitTimeoutError after the timeout."""
        ...

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None, /
    ) -> bool | None:
        """Return the permit, as `__exit__` does."""
        ...


class PermitStore(Protocol):
    """Hands out permits such that no server ever counts more calls than its limit in any span of time.

    A server counts a request at an unknown moment between its permit and its response. So each of
    a limit's permits serves one call at a time and rests from the *response* on for the whole span: two calls it serves
    reach the server at least that far apart, on any network, and ten such permits cannot make eleven calls
    in any one second. The usable share of the limit is 1 / (1 + round trip); nothing faster is safe without
    trust in the network.

    A store that outlives this process must free the permits of a process that died, which makes them leases: they have
    to outlive the longest time a request may be in progress.
    """

    def hold(
        self, quotas: Sequence[Quota], *, priority: Priority = Priority.OTHER, timeout: float | None = None
    ) -> Hold:
        """A permit under all of `quotas` at once, the widest group first; held while the block lasts.

        All are taken or none, so groups inside each other cannot lock each other out. `timeout` in seconds limits the
        waiting; None waits as long as it takes.

            async with permits.hold(quotas, priority=Priority.STOP, timeout=30):
                response = await inner.handle_async_request(request)
        """
        ...
