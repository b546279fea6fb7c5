"""An ASGI application that gives one constant answer, under uvicorn as the emulator is: none gives more.

`python -m benchmarks.bare PORT` serves until it is ended.
"""

from __future__ import annotations

import sys
from importlib.util import find_spec
from typing import Any

import uvicorn

from benchmarks.answerer import PROJECTS_ANSWER

_HEADERS = [(b"content-type", b"application/json"), (b"content-length", str(len(PROJECTS_ANSWER)).encode())]


async def app(scope: dict[str, Any], receive: Any, send: Any) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": _HEADERS})
    await send({"type": "http.response.body", "body": PROJECTS_ANSWER})


if __name__ == "__main__":
    loop = "uvloop" if find_spec("uvloop") else "asyncio"  # as for the emulator
    uvicorn.run(
        app, port=int(sys.argv[1]), http="httptools", loop=loop, lifespan="off", log_config=None, access_log=False
    )
