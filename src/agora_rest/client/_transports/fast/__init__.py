"""The transports of `agora-rest[fast]`, which send what httpx has built: pyreqwest for threads, aiohttp for tasks.

Both libraries have a transport for httpx. What those lack is put right here: they say of requests that were sent and
never answered that there was no connection, and then a call would be repeated that must not be; and they let errors out
that are not httpx's. pyreqwest is not used for tasks, because its tasks now and then abort Python when it exits.
"""

from __future__ import annotations

from typing import Final

IDLE: Final = 5.0
"""Seconds for which a connection is kept for the next call, as in httpx: a server must not be the first to let go."""
