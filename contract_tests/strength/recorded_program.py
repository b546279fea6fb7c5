"""A program that keeps what it says and hears: in this process, by the emulator's clock, without a network."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import quote, urlencode

from agora_rest import spec
from agora_rest.contract.http.exchange import Exchange
from agora_rest.contract.http.in_process import InProcess
from agora_rest.contract.http.wire import OMIT
from agora_rest.contract.samples import Sample
from agora_rest.emulator import DEFAULT_CUSTOMER_CERTIFICATE, DEFAULT_CUSTOMER_ID, Emulator
from agora_rest.emulator.refusals import Barred, Refused

HOST: Final = "https://api.agora.io"
_BETWEEN_CALLS: Final = 0.25
"""Seconds from one call to the next: no quota is used up."""
_TOKEN: Final = base64.b64encode(f"{DEFAULT_CUSTOMER_ID}:{DEFAULT_CUSTOMER_CERTIFICATE}".encode()).decode()
_LATENCY: Final = 0.05
_BEFORE_A_MOVE: Final = 11.0


class BrokeDown(Exception):  # noqa: N818  as DoesNotApply
    """The fault itself raised: the recording ends before this call, as if the program had been stopped."""


@dataclass(frozen=True)
class Call:
    """An exchange of the program, and when it was sent, Unix seconds."""

    exchange: Exchange
    at: float


@dataclass
class Program:
    """Calls an emulator and keeps each exchange. A response that lacks what it needs does not stop it."""

    emulator: Emulator
    transport: InProcess
    calls: list[Call] = field(default_factory=list)

    @property
    def today(self) -> bool:
        """Does it speak to a server of the present documents?"""
        return self.emulator.settings.dialect.value == "current"

    def wait(self, seconds: float) -> None:
        """Let time pass."""
        self.emulator.clock.advance(seconds)

    def call(
        self, method: str, path: str, body: Any = None, query: Mapping[str, Any] | None = None, *, pause: bool = True
    ) -> Any:
        """The response's JSON without its envelope; None if there is none. `pause`: whether time passes before it."""
        if pause:
            self.wait(_BETWEEN_CALLS)
        target = f"{path}?{urlencode(query)}" if query else path
        content = b"" if body is None else json.dumps(body).encode()
        headers = {"authorization": f"Basic {_TOKEN}"}
        if content:
            headers["content-type"] = "application/json;charset=utf-8"
        at = self.emulator.clock.now()
        sent = [(name.encode(), value.encode()) for name, value in headers.items()]
        try:
            answer = self.transport.send(method, target.encode(), sent, content)
        except Exception as error:
            raise BrokeDown from error
        received = {name.decode().lower(): value.decode() for name, value in answer.headers}
        exchange = Exchange(
            "", method, HOST + target, headers, content, answer.status, received, answer.content, _LATENCY
        )
        self.calls.append(Call(exchange, at))
        payload = exchange.payload
        return payload if isinstance(payload, dict) else None

    def sample(self, sample: Sample) -> Any:
        """Make a call that is made from the specification's examples."""
        operation = spec.operation(sample.operation)
        path = {name: quote(value, safe="") for name, value in sample.path.items()}
        target = operation.prefix + operation.path.format(**path)
        query = {name: ",".join(value) if isinstance(value, list) else value for name, value in sample.query.items()}
        answer = self.call(operation.method, target, None if sample.body is OMIT else sample.body, query)
        return {} if answer is None else answer

    # People, of whom the recording shows nothing; they come and go while nobody looks

    def join(self, app: str, channel: str, *uids: int, **more: Any) -> None:
        """Let users join; whom a rule keeps out stays outside."""
        self.wait(_BEFORE_A_MOVE)
        for uid in uids:
            try:
                self.emulator.join(app, channel, uid, **more)
            except (Barred, Refused):
                continue

    def leave(self, app: str, channel: str, *uids: int) -> None:
        """Let users leave who are there."""
        self.wait(_BEFORE_A_MOVE)
        for uid in uids:
            try:
                self.emulator.leave(app, channel, uid)
            except Refused:
                continue
