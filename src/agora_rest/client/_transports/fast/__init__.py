"""The transports of `agora-rest[fast]`, which send httpx requests: pyreqwest for threads, aiohttp for tasks.

Both libraries have a transport for httpx, with two faults that are corrected here: they report requests that were sent
but got no response as connection failures, so that a call would be retried that must not be; and they raise errors that
are not httpx's. pyreqwest is not used for tasks, because its tasks occasionally abort Python at exit.
"""

from __future__ import annotations

from typing import Final

IDLE: Final = 5.0
"""Seconds for which an idle connection is kept, as in httpx: the server must not close it first."""
