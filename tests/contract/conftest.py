"""A server without a network: whatever a test's function answers."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from agora_rest.contract.http.control import Control, ControlApi
from agora_rest.contract.http.exchange import Exchange
from agora_rest.contract.http.server import Account, Server
from agora_rest.contract.safety.access import Profile
from agora_rest.contract.safety.gate import Gate, GatedTransport
from agora_rest.contract.safety.ledger import Ledger

ACCOUNT = Account("customer", "a-certificate-nobody-sees")
APP_ID = "0123456789abcdef0123456789abcdef"

Answers = Callable[[httpx.Request], httpx.Response]


def exchange(
    operation: str = "list_projects",
    status: int = 200,
    body: Any = None,
    *,
    asked: Any = None,
    method: str = "GET",
    url: str = "http://server/dev/v1/projects",
    headers: dict[str, str] | None = None,
    request_headers: dict[str, str] | None = None,
) -> Exchange:
    """An exchange as if it had gone over the wire; bodies are JSON unless they are bytes."""
    return Exchange(
        operation=operation,
        method=method,
        url=url,
        request_headers=request_headers or {},
        request_body=b"" if asked is None else asked if isinstance(asked, bytes) else json.dumps(asked).encode(),
        status=status,
        headers={"content-type": "application/json"} if headers is None else headers,
        body=body if isinstance(body, bytes) else json.dumps(body).encode(),
    )


@pytest.fixture
def serve() -> Iterator[Callable[..., Server]]:
    """Makes a driver of a server that answers with a function."""
    clients = []

    def build(
        answer: Answers,
        *,
        offers: Control = Control.NONE,
        profile: Profile = Profile.LOCAL,
        gate: Gate | None = None,
    ) -> Server:
        gate = gate or Gate(profile, None if offers else Ledger(sleep=lambda _: None))
        client = httpx.Client(transport=GatedTransport(httpx.MockTransport(answer), gate), base_url="http://server")
        clients.append(client)
        control = ControlApi(client, offers) if offers else None
        return Server(client, ACCOUNT, app_id=APP_ID, gate=gate, control=control)

    yield build
    for client in clients:
        client.close()
