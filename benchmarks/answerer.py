"""A server that does as little as a server can: the answer depends on the path only, so what is measured is the caller.

`python -m benchmarks.answerer` prints its port.
"""

from __future__ import annotations

import asyncio
import json
import socket
from typing import Final

APP_ID: Final = "0123456789abcdef0123456789abcdef"
RESOURCE_ID: Final = "JyvK8nXHuV1BE64GDkAaBGEscvtHW7v8BrQoRPCHxmeVxwY22"
SID: Final = "38f8e3cfdc474cd56fc1ceba380d7e1a"
QUERY_PATH: Final = f"/v1/apps/{APP_ID}/cloud_recording/resourceid/{RESOURCE_ID}/sid/{SID}/mode/mix/query"
PROJECTS_PATH: Final = "/dev/v1/projects"

QUERY_ANSWER: Final = json.dumps(
    {
        "cname": "lesson",
        "uid": "527841",
        "resourceId": RESOURCE_ID,
        "sid": SID,
        "serverResponse": {"status": 5, "fileListMode": "string", "fileList": f"{SID}_lesson.m3u8"},
    }
).encode()
PROJECTS_ANSWER: Final = json.dumps(
    {
        "projects": [
            {
                "id": "xxxx",
                "name": "demo",
                "vendor_key": APP_ID,
                "sign_key": "",
                "recording_server": "10.2.2.8:8080",
                "status": 1,
                "created": 1464165672,
            }
        ]
    }
).encode()


def _whole(body: bytes) -> bytes:
    head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(body)
    return head + body


class Answerer(asyncio.Protocol):
    """One connection. Requests have no body, so an empty line ends each."""

    _query, _projects = _whole(QUERY_ANSWER), _whole(PROJECTS_ANSWER)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._seen = b""
        transport.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def data_received(self, data: bytes) -> None:
        *requests, self._seen = (self._seen + data).split(b"\r\n\r\n")
        for request in requests:
            self._transport.write(self._query if b"/query " in request[:300] else self._projects)


async def main() -> None:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(Answerer, "127.0.0.1", 0, backlog=512)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main())
