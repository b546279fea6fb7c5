"""A load generator that is not what is measured: eight connections, kept open, and bytes that were written beforehand.

`python -m benchmarks.load`: each line in is a Load, each line out what was answered.
"""

from __future__ import annotations

import json
import re
import selectors
import socket
import sys
import time
from typing import Final, NamedTuple

CONNECTIONS: Final = 8

_LENGTH: Final = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)


class Load(NamedTuple):
    """One request, again and again."""

    port: int
    request: str
    seconds: float


class Answered(NamedTuple):
    """What came back, in how long; `refused` is the first answer that was not a 200."""

    answers: int
    seconds: float
    refused: str


class Connection:
    """Asks, and asks again as soon as the answer is whole."""

    def __init__(self, port: int, request: bytes) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._request = request
        self._seen = b""

    def ask(self) -> None:
        self.socket.sendall(self._request)

    def answer(self) -> bytes | None:
        """The whole answer, when it is there."""
        self._seen += self.socket.recv(1 << 18)
        end = self._seen.find(b"\r\n\r\n")
        length = _LENGTH.search(self._seen, 0, end) if end >= 0 else None
        if not self._seen or (end >= 0 and length is None):
            raise ConnectionError("the server has closed the connection, or does not say how long its answer is")
        if length is None or len(self._seen) < end + 4 + int(length[1]):
            return None
        answer, self._seen = self._seen, b""
        return answer


def put_on(load: Load) -> Answered:
    """Put the load on the server."""
    connections = [Connection(load.port, load.request.encode()) for _ in range(CONNECTIONS)]
    with selectors.DefaultSelector() as selector:
        for connection in connections:
            selector.register(connection.socket, selectors.EVENT_READ, connection)
            connection.ask()
        answers, refused, began = 0, "", time.perf_counter()
        until = began + load.seconds
        while (now := time.perf_counter()) < until or not answers:
            for key, _ in selector.select(1.0):
                answer = key.data.answer()
                if answer is not None:
                    answers += 1
                    if not answer.startswith(b"HTTP/1.1 200"):
                        refused = refused or answer[:500].decode("latin-1")
                    key.data.ask()
    for connection in connections:
        connection.socket.close()
    return Answered(answers, now - began, refused)


def main() -> None:
    for line in sys.stdin:
        print(json.dumps(put_on(Load(*json.loads(line)))), flush=True)


if __name__ == "__main__":
    main()
