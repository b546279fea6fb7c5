"""The access log: one line per request to the APIs, control and the pages."""

from __future__ import annotations

import logging
from time import perf_counter
from typing import Final

from agora_rest.emulator.web.messages import Message, Request, Send

ACCESS_LOG: Final = logging.getLogger("agora_rest.emulator.access")
"""Silent unless its level is INFO."""


def logged(request: Request, send: Send) -> Send:
    """Wrap `send` to log the request when its response begins. A request without a response is not logged."""
    began = perf_counter()

    async def sent(message: Message) -> None:
        if message["type"] == "http.response.start":
            client = request.scope.get("client") or ("-", 0)
            milliseconds = (perf_counter() - began) * 1000
            what = f"{request.method} {request.target}".encode("unicode_escape").decode("ascii")
            ACCESS_LOG.info('%s "%s" %s %.1f ms', client[0], what, message["status"], milliseconds)
        await send(message)

    return sent
