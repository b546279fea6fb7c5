"""A real browser for tests: the newest Chromium there is."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from tests.programs import chromium, environment_of, nodejs

if TYPE_CHECKING:  # every test loads this file, few of them Playwright
    from playwright.sync_api import Browser


@contextmanager
def launched() -> Iterator[Browser]:
    """A headless Chromium, until the block ends. Raises what pytest skips a test with where there is none."""
    from playwright.sync_api import sync_playwright

    executable = chromium()
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("PLAYWRIGHT_NODEJS_PATH", str(nodejs()))
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=executable,
                env={**environment_of(executable)},
                args=["--no-sandbox"],  # root may not have a sandbox
            )
            yield browser
            browser.close()


# Not longer than a module: while Playwright's loop runs, nothing else in the process can run one of its own.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A browser that the tests of a module share."""
    with launched() as running:
        yield running
