"""Keeping below a server's limits of calls: never over them, and as close as a network allows (CR-05, CO-03, CO-49).

`store` says what the client asks for, and why a permit rests from the answer on; `memory` gives it to the threads and
tasks of one process; `line` and `shares` are its rules (who goes next), `limits` its values.
"""

from .clock import Clock, SystemClock
from .limits import Limit, Limits, Priority, Quota
from .memory import MemoryPermits, shared
from .store import Hold, Permit, PermitStore, PermitTimeoutError

__all__ = [
    "Clock",
    "Hold",
    "Limit",
    "Limits",
    "MemoryPermits",
    "Permit",
    "PermitStore",
    "PermitTimeoutError",
    "Priority",
    "Quota",
    "SystemClock",
    "shared",
]
