"""An ASGI application that gives one constant answer, under uvicorn: what any server of this kind can give at most.

`python -m benchmarks.bare PORT` serves until it is ended.
"""

from __future__ import annotations

import sys
from typing import Any

import uvicorn

from benchmarks.answerer import PROJECTS_ANSWER

_HEADERS = [(b"content-type", b"application/json"), (b"content-length", str(len(PROJECTS_ANSWER)).encode())]


async def app(scope: dict[str, Any], receive: Any, send: Any) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": _HEADERS})
    await send({"type": "http.response.body", "body": PROJECTS_ANSWER})


if __name__ == "__main__":
    uvicorn.run(
        app, port=int(sys.argv[1]), http="httptools", loop="asyncio", lifespan="off", log_config=None, access_log=False
    )
