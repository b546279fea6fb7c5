"""Sending an answer that goes on: until the listener leaves, or the server stops."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from typing import Final

from agora_rest.emulator.web.messages import Receive, Send, Stream

SEND_TIMEOUT: Final = 10.0
"""Real seconds that a listener may take to read what it was sent."""

END: Final = {"type": "http.response.body", "body": b"", "more_body": False}


async def send_stream(stream: Stream, receive: Receive, send: Send) -> None:
    """Send what comes, as it comes. Where the server stops, the answer is ended and not broken off."""
    await send({"type": "http.response.start", "status": 200, "headers": list(stream.headers)})
    gone = asyncio.ensure_future(_gone(receive))
    try:
        async with aclosing(stream.chunks) as chunks:
            async for chunk in chunks:
                if gone.done():
                    return
                if chunk:
                    async with asyncio.timeout(SEND_TIMEOUT):
                        await send({"type": "http.response.body", "body": chunk, "more_body": True})
    except TimeoutError:
        return  # its buffers are full, and it reads no more
    except asyncio.CancelledError:
        await send(END)
        raise
    finally:
        gone.cancel()
    await send(END)


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
