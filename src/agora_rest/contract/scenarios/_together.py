"""Calls that are made at the same moment."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from agora_rest.contract.http.response import Response


def at_once(calls: Sequence[Callable[[], Response]]) -> list[Response]:
    """The responses to calls sent at the same moment, each by its own thread."""
    barrier = Barrier(len(calls))

    def send(call: Callable[[], Response]) -> Response:
        barrier.wait(timeout=30)
        return call()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(send, calls))
