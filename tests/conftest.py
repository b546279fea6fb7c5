"""What every test may ask for, and what every test leaves as it was."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest

from tests.browser import browser
from tests.services import postgresql, redis_server

__all__ = ["browser", "postgresql", "redis_server"]


@pytest.fixture(autouse=True)
def _quiet_log() -> Iterator[None]:
    """The log is as quiet after a test as before: `--debug` of a command makes it loud for the whole process."""
    logger = logging.getLogger("agora_rest")
    handlers, level = list(logger.handlers), logger.level
    yield
    logger.handlers[:] = handlers
    logger.setLevel(level)
