"""Rate limiting: never above a server's limits, and as close to them as the network allows (CR-05, CO-03, CO-49).

Most programs only pass a URL: `Agora(permits="redis://host:6379/0")` shares the limits with every client that
names the same Redis. `sqlite:///permits.db` serves the processes of one machine, `postgresql+psycopg://…` many
machines; by default, limits are kept in memory. A store can also be used alone, for any server with a limit of calls:

    permits = open_url("sqlite:///permits.db")
    quotas = (Quota("search", "my account", Limit(calls=10, per=1.0)),)
    with permits.hold(quotas, timeout=30):          # or `async with`, under asyncio or trio
        response = httpx.get("https://…")           # the permit rests from here on for a second

`store` defines the interface, and why a permit rests from the response on. `memory` serves the threads and tasks of one
process; `wait_queue` and `fair_share` decide the order, `limits` has the values. `leases` serves many processes from a
`ledger`: `sql` or `redis`, which are loaded when first used.
"""

from agora_rest.permits.clock import SystemClock, WaitingClock
from agora_rest.permits.limits import Limit, Limits, Priority, Quota
from agora_rest.permits.memory import MemoryPermits, shared
from agora_rest.permits.opening import open_url
from agora_rest.permits.store import Hold, Permit, PermitStore, PermitStoreError, PermitTimeoutError
from agora_rest.permits.usage import PermitUsage

__all__ = [
    "Hold",
    "Limit",
    "Limits",
    "MemoryPermits",
    "Permit",
    "PermitStore",
    "PermitStoreError",
    "PermitTimeoutError",
    "PermitUsage",
    "Priority",
    "Quota",
    "SystemClock",
    "WaitingClock",
    "open_url",
    "shared",
]
