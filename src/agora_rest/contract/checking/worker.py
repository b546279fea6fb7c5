"""A process that makes units of a run on an embedded emulator of its own; `workers` starts it and talks to it.

Both directions are pickled objects in a row. It gets a `Work`, then numbers of units with the units; it answers with
`Frame`s. It ends with its standard input, however the process that started it ended.
"""

from __future__ import annotations

import gc
import os
import pickle
import sys
import threading
import time
import traceback
from dataclasses import dataclass
from queue import SimpleQueue
from typing import IO, Any, Final, Literal

import httpx

from agora_rest import spec
from agora_rest.contract.checking.checks import all_checks
from agora_rest.contract.checking.units import Done, Drawn, Unit, execute
from agora_rest.contract.embedded import embedded_target
from agora_rest.contract.http.wire import Gone
from agora_rest.contract.results.events import Event
from agora_rest.contract.results.findings import Finding
from agora_rest.contract.safety.access import RequestedAccess
from agora_rest.contract.safety.bounds import Bounds, Stopped
from agora_rest.contract.target import CouldNotRun, Target

_INTERVAL: Final = 0.1
"""Seconds for which happenings are gathered before they are sent."""


_THRESHOLDS: Final = (100_000, 50, 1_000)
"""Of the garbage collector: with Python's own, it takes a tenth of the time of drawing."""


@dataclass(frozen=True)
class Work:
    """The part of a run's options that every process needs."""

    dialect: spec.Dialect | None
    access: RequestedAccess | None
    drawn: Drawn
    seconds: float = 0.0
    """How long the run may continue."""


@dataclass(frozen=True)
class Failure:
    """A unit did not come to its end."""

    kind: Literal["could not run", "stopped", "gone", "crashed"]
    text: str


@dataclass(frozen=True)
class Frame:
    """The happenings in a unit since the last frame, and its end, if it has ended."""

    number: int
    happenings: tuple[Event | Finding, ...]
    end: Done | Failure | None = None


class _Relay:
    """Sends what happens in one unit."""

    def __init__(self, channel: IO[bytes], number: int) -> None:
        self._channel, self._number = channel, number
        self._gathered: list[Event | Finding] = []
        self._sent = time.monotonic()

    def take(self, happening: Event | Finding) -> None:
        """Send `happening`, soon."""
        self._gathered.append(happening)
        if time.monotonic() - self._sent > _INTERVAL:
            self.send()

    def send(self, end: Done | Failure | None = None) -> None:
        """Send what was gathered."""
        pickle.dump(Frame(self._number, tuple(self._gathered), end), self._channel, pickle.HIGHEST_PROTOCOL)
        self._channel.flush()
        self._gathered.clear()
        self._sent = time.monotonic()


def main() -> None:
    """Make units until standard input ends."""
    channel = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever is printed goes where people read it
    orders: SimpleQueue[Any] = SimpleQueue()
    threading.Thread(target=_listen, args=(orders,), daemon=True).start()
    work: Work = orders.get()
    with embedded_target(work.dialect, requested=work.access, bounds=Bounds(work.seconds)) as target:
        checks = all_checks()
        gc.freeze()  # what is there stays: no collection need look at it again
        gc.set_threshold(*_THRESHOLDS)
        while True:
            number, unit = orders.get()
            relay = _Relay(channel, number)
            relay.send(_made(unit, target, checks, work, relay))


def _made(unit: Unit, target: Target, checks: Any, work: Work, relay: _Relay) -> Done | Failure:
    try:
        return execute(unit, target, target.watch(), checks, work.drawn, relay.take)
    except CouldNotRun as error:
        return Failure("could not run", str(error))
    except Stopped as stopped:
        return Failure("stopped", str(stopped))
    except Gone as gone:
        return Failure("gone", str(gone))
    except httpx.HTTPError as error:
        return Failure("gone", type(error).__name__)
    except Exception:  # noqa: BLE001  the process that asked for the unit raises it
        return Failure("crashed", traceback.format_exc())


def _listen(orders: SimpleQueue[Any]) -> None:
    """Receive orders. When they end, the process ends immediately."""
    try:
        while True:
            orders.put(pickle.load(sys.stdin.buffer))  # noqa: S301  from the process that started this one
    except (EOFError, pickle.UnpicklingError):
        os._exit(0)
