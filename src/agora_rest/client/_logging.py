"""Enables logging by an environment variable: AGORA_LOG=info or AGORA_LOG=debug."""

from __future__ import annotations

import logging
import os
from typing import Final

from agora_rest.errors import ConfigurationError

VARIABLE: Final = "AGORA_LOG"
LEVELS: Final = {"debug": logging.DEBUG, "info": logging.INFO}


def set_up_logging() -> None:
    """Write the log of this package to standard error if AGORA_LOG is `debug` (requests) or `info` (retries).

    If the program has configured handlers for this logger or for the root logger, they are kept, and only the level
    is set. Raises ConfigurationError for another value.
    """
    wanted = os.environ.get(VARIABLE, "").strip().lower()
    if not wanted:
        return
    if wanted not in LEVELS:
        raise ConfigurationError(f"{VARIABLE} must be debug or info, not {wanted!r}.")
    write_to_stderr(LEVELS[wanted])


def write_to_stderr(level: int) -> None:
    """Write the log of this package from this level on to standard error, unless the program has handlers for it."""
    logger = logging.getLogger("agora_rest")
    logger.setLevel(level)
    if not logger.hasHandlers():
        handler = logging.StreamHandler()
        handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
        logger.addHandler(handler)
