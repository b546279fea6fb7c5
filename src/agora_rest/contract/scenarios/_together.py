"""Calls that are made at the same moment."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from agora_rest.contract.http.response import Response


def at_once(calls: Sequence[Callable[[], Response]]) -> list[Response]:
    """The answers to calls that are sent by as many threads, all let go together."""
    barrier = Barrier(len(calls))

    def send(call: Callable[[], Response]) -> Response:
        barrier.wait(timeout=30)
        return call()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(send, calls))
