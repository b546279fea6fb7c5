"""The client in both its forms, over a network that is a respx router."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Callable
from typing import Any

import pytest
import respx

from agora_rest import Agora, AsyncAgora, AsyncClock, Clock

BASE_URL = "https://api.agora.io"
APP_ID = "0123456789abcdef0123456789abcdef"
CUSTOMER_ID = "customer-id-1"
CERTIFICATE = "planted-certificate-2"


class Instantly:
    """Time that passes only by waiting, and at once."""

    def __init__(self) -> None:
        self.time = 1000.0
        self.sleeps: list[float] = []

    def now(self) -> float:
        return self.time

    def pass_by(self, seconds: float) -> None:
        self.sleeps.append(seconds)
        self.time += seconds


class Forward(Instantly, Clock):
    def sleep(self, seconds: float) -> None:
        self.pass_by(seconds)


class AsyncForward(Instantly, AsyncClock):
    async def sleep(self, seconds: float) -> None:
        self.pass_by(seconds)


@pytest.fixture(params=["sync", "async"])
def form(request: pytest.FixtureRequest) -> str:
    """The form of the client."""
    return request.param


@pytest.fixture(params=[None, "fast"], ids=["httpx", "fast"])
def transport(request: pytest.FixtureRequest) -> str | None:
    """The HTTP library: httpx, or the fast one."""
    return request.param


class Client:
    """Runs one and the same use of the client in the form that is under test."""

    def __init__(self, form: str, **options: Any) -> None:
        self.form = form
        self.clock = Forward() if form == "sync" else AsyncForward()
        self.options: dict[str, Any] = {
            "customer_id": CUSTOMER_ID,
            "customer_certificate": CERTIFICATE,
            "base_url": BASE_URL,
            "clock": self.clock,
            "permits": None,  # Most tests are about one call; those of the chain say otherwise.
            "retries": 0,
            **options,
        }

    def __call__(self, use: Callable[[Any], Any]) -> Any:
        """`use(agora)`, awaited or collected where it has to be."""
        if self.form == "sync":
            with Agora(**self.options) as agora:
                result = use(agora)
                return list(result) if inspect.isgenerator(result) else result

        async def main() -> Any:
            async with AsyncAgora(**self.options) as agora:
                result = use(agora)
                if inspect.isasyncgen(result):
                    return [item async for item in result]
                return await result if inspect.isawaitable(result) else result

        return asyncio.run(main())

    def record(
        self,
        use: Callable[[Any], Any],
        method: str = "record",
        *positional: Any,
        app_id: str = APP_ID,
        **arguments: Any,
    ) -> Any:
        """`use(recording)` inside of the block of a method of an app's recordings; gives the recording."""

        def block(agora: Any) -> Any:
            return getattr(agora.app(app_id).recordings, method)(*positional, **arguments)

        if self.form == "sync":
            with Agora(**self.options) as agora, block(agora) as recording:
                use(recording)
            return recording

        async def main() -> Any:
            async with AsyncAgora(**self.options) as agora:
                async with block(agora) as recording:
                    result = use(recording)
                    if inspect.isawaitable(result):
                        await result
                return recording

        return asyncio.run(main())


@pytest.fixture(params=["sync", "async"])
def client(request: pytest.FixtureRequest) -> Client:
    return Client(request.param)


@pytest.fixture
def network() -> Any:
    """A router that answers what a test tells it to, and lets nothing out."""
    with respx.mock(base_url=BASE_URL, assert_all_called=False) as router:
        yield router
