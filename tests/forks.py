"""Forking in tests: in a new process, where no thread of another test holds a lock that the copy would wait for."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from multiprocessing import get_context

TIMEOUT = 60.0
"""Seconds for a process and its copy."""


def code_in_new_process(act: Callable[..., int], *arguments: object) -> int:
    """The exit code of `act(*arguments)`, called in a new process. Raises AssertionError if it does not end."""
    process = get_context("spawn").Process(target=_exit_with, args=(act, *arguments))
    process.start()
    process.join(TIMEOUT)
    if process.exitcode is None:
        process.kill()
        process.join()
        raise AssertionError(f"{act.__name__} did not end within {TIMEOUT:.0f} s")
    return process.exitcode


def code_of_fork(act: Callable[[], int]) -> int:
    """The exit code of `act()`, called in a copy of this process."""
    child = os.fork()
    if child == 0:
        code = 1
        try:
            code = act()
        finally:
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def _exit_with(act: Callable[..., int], *arguments: object) -> None:
    sys.exit(act(*arguments))
