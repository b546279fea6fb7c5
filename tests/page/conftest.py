"""A real browser on the page of an emulator whose clock stands still."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page

from agora_rest import Agora
from agora_rest.emulator import Emulator, FrozenClock
from agora_rest.emulator.server import EmulatorServer

Open = Callable[..., Page]

PATIENCE = 120_000
"""Milliseconds the page may take to show something: long, because machines are shared."""


@pytest.fixture
def clock() -> FrozenClock:
    return FrozenClock()


@pytest.fixture
def server(clock: FrozenClock) -> Iterator[EmulatorServer]:
    with Emulator(clock=clock).serve() as running:
        yield running


@pytest.fixture
def emulator(server: EmulatorServer) -> Emulator:
    return server.emulator


@pytest.fixture
def agora(server: EmulatorServer) -> Iterator[Agora]:
    with Agora("emulator", "emulator-secret", base_url=server.url) as client:
        yield client


def is_complaint(said: ConsoleMessage) -> bool:
    """That an answer is a refusal is none, nor that an emulator is gone."""
    return said.type in ("error", "warning") and not said.text.startswith("Failed to load resource")


@pytest.fixture
def open_page(browser: Browser, server: EmulatorServer) -> Iterator[Open]:
    """Opens a page of the emulator. What the browser complains of, a breach of the policy too, fails the test."""
    complaints: list[str] = []
    contexts = []

    def opened(path: str = "/", *, width: int = 1280) -> Page:
        context = browser.new_context(viewport={"width": width, "height": 900}, accept_downloads=True)
        contexts.append(context)
        context.set_default_timeout(PATIENCE)
        page = context.new_page()
        page.on("console", lambda said: complaints.append(said.text) if is_complaint(said) else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("dialog", lambda dialog: (complaints.append(f"a script ran: {dialog.message}"), dialog.dismiss()))
        page.goto(server.url + path)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.fixture
def page(open_page: Open) -> Page:
    return open_page()
