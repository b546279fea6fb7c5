"""Sends streaming responses until the listener disconnects or the server stops."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from typing import Final

from agora_rest.emulator.web.messages import Receive, Send, Stream

SEND_TIMEOUT: Final = 10.0
"""The maximum number of real seconds for a listener to read a chunk."""

END: Final = {"type": "http.response.body", "body": b"", "more_body": False}


async def send_stream(stream: Stream, receive: Receive, send: Send) -> None:
    """Send chunks as they arrive. When the server stops, the response is completed, not truncated."""
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
        return  # the listener's buffers are full, and it has stopped reading
    except asyncio.CancelledError:
        await send(END)
        raise
    finally:
        gone.cancel()
    await send(END)


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
