"""Calls an ASGI application in this process, in place of a server behind a socket.

The embedded emulator is called this way: two thirds of what a request over a local socket costs are the socket, the
parsers on both sides, and handing the interpreter from thread to thread.
"""

from __future__ import annotations

import asyncio
import contextvars
import re
import threading
from asyncio import events
from collections.abc import Awaitable, Callable, Coroutine, Iterable
from typing import Any, Final, NamedTuple

import httpx

from agora_rest.emulator.web.messages import EXTENSION

Headers = Iterable[tuple[bytes, bytes]]

_TURN: Final = 0.0005
"""Seconds after which a waiting thread looks whether the event loop needs a thread to run it."""

_TEXT: Final = ((b"content-type", b"text/plain; charset=utf-8"),)


_FORBIDDEN: Final = re.compile(rb"[\0\r\n]")
"""Bytes that no header field may have."""

_BODILESS: Final = frozenset({204, 304})
"""Statuses of responses without a body."""


class Answer(NamedTuple):
    """A response as the application sent it."""

    status: int
    headers: tuple[tuple[bytes, bytes], ...]
    content: bytes


_UNREADABLE: Final = Answer(400, _TEXT, b"Invalid HTTP request received.")
"""The response of a server to bytes that no header may have."""

_BROKEN: Final = Answer(500, _TEXT, b"Internal Server Error")
"""The response of a server whose application raises."""


_Callback = tuple[contextvars.Context | None, Callable[..., object], tuple[Any, ...]]


class EagerLoop(asyncio.SelectorEventLoop):
    """An event loop that is entered only for what waits.

    Most responses are computed without waiting for anything. A round of the loop for each, with a call to the system to
    look for input, took as long as the emulator needs for its response.
    """

    def __init__(self) -> None:
        super().__init__()
        self._held: list[_Callback] | None = None

    def begin(self, coming: Coroutine[Any, Any, Answer]) -> asyncio.Task[Answer]:
        """Run a new task up to its end, or to where it waits: then the loop has to run for the rest."""
        held: list[_Callback] = []
        self._held = held
        try:
            task = self.create_task(coming)
        finally:
            self._held = None
        events._set_running_loop(self)  # noqa: SLF001  "intended to be used by event loops"
        try:
            for context, callback, args in held:
                (context or contextvars.copy_context()).run(callback, *args)
        except BaseException:  # as Ctrl-C: a task that nobody asks for its exception logs it
            if task.done() and not task.cancelled():
                task.exception()
            raise
        finally:
            events._set_running_loop(None)  # noqa: SLF001
        return task

    def call_soon(  # type: ignore[override]
        self, callback: Callable[..., object], *args: Any, context: contextvars.Context | None = None
    ) -> asyncio.Handle | None:
        """As any loop, except that the first step of a task that begins is left to `begin`."""
        if self._held is None:
            return super().call_soon(callback, *args, context=context)
        self._held.append((context, callback, args))
        return None


class InProcess(httpx.BaseTransport):
    """Calls `app` on one event loop, where requests of several threads meet as they would on a server.

    The loop has no thread of its own: handing every request from thread to thread costs more than the response. The
    thread that finds the loop at rest runs it until it has its response, and serves those of other threads meanwhile.
    """

    def __init__(self, app: Any) -> None:
        self._app = app
        self._loop = EagerLoop()
        self._running = threading.Lock()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request. What the application raises is raised here."""
        sent = self.send(request.method, request.url.raw_path, request.headers.raw, request.read())
        return httpx.Response(sent.status, headers=list(sent.headers), content=sent.content)

    def send(self, method: str, target: bytes, headers: Headers, content: bytes) -> Answer:
        """The same as bytes."""
        coming = exchange(self._app, scope_of(method, target, headers), content)
        if self._running.acquire(blocking=False):
            return self._begin(coming)
        response = asyncio.run_coroutine_threadsafe(coming, self._loop)
        while True:
            try:
                return response.result(_TURN)
            except TimeoutError:
                if response.done():  # since this moment, or with the application's own TimeoutError
                    return response.result()
            if self._running.acquire(blocking=False):
                return self._run(asyncio.wrap_future(response, loop=self._loop))

    def _begin(self, coming: Coroutine[Any, Any, Answer]) -> Answer:
        try:
            task = self._loop.begin(coming)
            return task.result() if task.done() else self._loop.run_until_complete(task)
        finally:
            self._running.release()

    def _run(self, coming: Awaitable[Answer]) -> Answer:
        try:
            return self._loop.run_until_complete(coming)
        finally:
            self._running.release()

    def close(self) -> None:
        """End the loop. A second time does nothing."""
        self._loop.close()


class Application(InProcess):
    """An application that answers as its server would: it outlives its errors, and clients that are closed."""

    def send(self, method: str, target: bytes, headers: Headers, content: bytes) -> Answer:
        """The response, whatever the application does."""
        listed = list(headers)
        if _FORBIDDEN.search(b" ".join([value for _, value in listed])):
            return _UNREADABLE
        try:
            answer = super().send(method, target, listed, content)
        except Exception:  # noqa: BLE001  a server responds to any failure of its application
            return _BROKEN
        return answer._replace(content=b"") if method == "HEAD" or answer.status in _BODILESS else answer

    def close(self) -> None:
        """Nothing: it serves several clients, one after the other."""

    def shut(self) -> None:
        """End the loop."""
        super().close()


async def exchange(app: Any, scope: dict[str, Any], content: bytes) -> Answer:
    """The response of `app` to a request of this scope and body. Raises whatever `app` raises."""
    sent: list[Any] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": content, "more_body": False}

    def take_body(by: Any) -> bytes | None:
        return content if by is receive else None

    async def send(message: Any) -> None:
        sent.append(message)

    # The emulator need not watch how long a body takes that is here; a middleware's `receive` is another one.
    await app({**scope, "extensions": {EXTENSION: {"take_body": take_body}}}, receive, send)
    body = b"".join(message.get("body", b"") for message in sent[1:])
    return Answer(sent[0]["status"], tuple(sent[0]["headers"]), body)


def scope_of(method: str, target: bytes, headers: Headers) -> dict[str, Any]:
    """The ASGI scope of a request."""
    path, _, query = target.partition(b"?")
    return {
        "type": "http",
        "method": method,
        "path": path.decode("latin-1"),
        "raw_path": path,
        "query_string": query,
        "headers": [(name.lower(), value) for name, value in headers],
    }
