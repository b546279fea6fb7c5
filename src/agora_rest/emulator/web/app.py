"""The emulator as an ASGI application: routing, fault injection and logging."""

from __future__ import annotations

import asyncio
import logging
from functools import cached_property
from time import perf_counter
from typing import TYPE_CHECKING, Final

from agora_rest.emulator.faults import Fault, FaultKind
from agora_rest.emulator.request_log import Exchange, kept, pack
from agora_rest.emulator.web.access_log import ACCESS_LOG, logged
from agora_rest.emulator.web.bodies import Disconnected
from agora_rest.emulator.web.calls import Calls
from agora_rest.emulator.web.fault_injection import apply_fault, break_off, cut, delay, reset
from agora_rest.emulator.web.messages import Receive, Request, Response, Scope, Send, json_response
from agora_rest.emulator.web.origins import REFUSED, OriginPolicy
from agora_rest.emulator.web.pages import PAGES, Pages
from agora_rest.emulator.web.streams import send_stream

if TYPE_CHECKING:
    from agora_rest.emulator.state import EmulatorState
    from agora_rest.emulator.web.control import Control


OWN: Final = ("/_emulator/", "/docs/")
"""The prefix of paths outside the APIs, except for the pages themselves."""


class Application:
    """Serves an emulator: the two APIs, control, and its pages."""

    def __init__(
        self, emulator: EmulatorState, customer_id: str, customer_certificate: str, origins: OriginPolicy
    ) -> None:
        self._emulator = emulator
        self._calls = Calls(emulator, customer_id, customer_certificate)
        self._origins = origins
        self._pages = Pages(emulator, origins)

    @cached_property
    def _control(self) -> Control:
        from agora_rest.emulator.web.control import Control  # here, because calls of the APIs do not need it

        return Control(self._emulator, self._origins)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle an ASGI scope."""
        if scope["type"] == "http":
            request = Request(scope)
            if ACCESS_LOG.isEnabledFor(logging.INFO):
                send, request.respond = logged(request, send), None
            is_ours = request.path.startswith(OWN) or request.path in PAGES
            try:
                policy = self._origins
                preflight = policy.preflight(request)
                if preflight is not None and not policy.refuses(request):
                    await self._send(request, Response(204, b"", preflight), send)
                elif is_ours:
                    await self._show(request, receive, send)
                else:
                    await self._serve(request, receive, send)
            except Disconnected:
                pass  # the client has disconnected
            except asyncio.CancelledError:  # the server stops during a delay or an event stream
                if not is_ours:
                    reset(request)
                raise
        elif scope["type"] == "lifespan":
            await _live(receive, send)
        else:  # a WebSocket, which is not supported
            await send({"type": "websocket.close"})

    async def _show(self, request: Request, receive: Receive, send: Send) -> None:
        """Handle a request to the emulator itself."""
        if self._pages.serves(request.path):
            await self._send(request, self._pages.respond(request), send)
            return
        response = await self._control.respond(request, receive)
        if isinstance(response, Response):
            await self._send(request, response, send)
        elif request.method == "HEAD":
            await self._send(request, Response(200, b"", response.headers), send)
        else:
            await send_stream(response, receive, send)

    async def _serve(self, request: Request, receive: Receive, send: Send) -> None:
        """Handle a call of the APIs, subject to faults, and log it."""
        if self._origins.refuses(request):
            await self._send(request, json_response(403, {"message": REFUSED}), send)
            return
        began, at = perf_counter(), self._emulator.clock.now()
        match = self._calls.find(request)
        endpoint = None if match is None else match.methods.get("GET" if request.method == "HEAD" else request.method)
        fault: Fault | None = None
        response: Response | None
        if match is None or endpoint is None:
            response = self._calls.nothing_there(match, request.method)
        else:
            delays: list[Fault] = []
            if self._emulator.faults.are_active:
                with self._emulator.lock:
                    delays, fault = self._emulator.faults.draw(endpoint.id, at)
                await delay(delays, after_effect=False)
            response = None
            if fault is None or fault.lets_through:
                response = await self._calls.respond(endpoint, match.parameters, request, receive)
            if fault is not None:
                response = apply_fault(fault, response)
            if delays:
                await delay(delays, after_effect=True)
        if response is not None:
            request_id = (b"x-request-id", self._emulator.ids.request_id().encode("ascii"))
            headers = (*response.headers, request_id, *self._origins.cors(request))
            response = Response(response.status, response.body, headers)
        operation = None if endpoint is None else endpoint.id
        self._log(request, response, operation, fault, at, perf_counter() - began)
        if response is None:
            await cut(request, receive)
        elif fault is not None and fault.kind is FaultKind.TRUNCATE:
            await self._send(request, response, send, half=True)
            await break_off(request, receive)
        else:
            await self._send(request, response, send, is_ours=fault is None)

    @staticmethod
    async def _send(
        request: Request, response: Response, send: Send, *, half: bool = False, is_ours: bool = True
    ) -> None:
        """Send a response, or the first half of a truncated one. `is_ours`: its header fields need no check."""
        headers = response.headers
        if response.status not in (204, 304):
            headers = (*headers, (b"content-length", b"%d" % len(response.body)))
        body = b"" if request.method == "HEAD" else response.body
        if (
            request.respond is not None
            and is_ours
            and not half
            and request.respond(send, response.status, headers, body)
        ):
            return
        await send({"type": "http.response.start", "status": response.status, "headers": headers})
        await send({"type": "http.response.body", "body": body[: len(body) // 2] if half else body, "more_body": half})

    def _log(
        self,
        request: Request,
        response: Response | None,
        operation: str | None,
        fault: Fault | None,
        at: float,
        seconds: float,
    ) -> None:
        exchange = Exchange(
            at=at,
            seconds=seconds,
            method=request.method,
            target=request.target,
            operation=operation,
            edition=self._emulator.settings.edition,
            status=None if response is None else response.status,
            fault=None if fault is None else fault.kind,
            refusal=request.refusal,
            packed_request_headers=pack(request.headers),
            request_body=kept(request.body),
            packed_response_headers=pack(() if response is None else response.headers),
            response_body=b"" if response is None else kept(response.body),
        )
        with self._emulator.lock:
            self._emulator.request_log.add(exchange)


async def _live(receive: Receive, send: Send) -> None:
    """Handle ASGI's lifespan, without startup or shutdown work."""
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return
