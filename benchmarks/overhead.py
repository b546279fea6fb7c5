"""What a call costs, over a real connection, beside others who make the same call."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack
from importlib.util import find_spec
from typing import Final, NamedTuple

from benchmarks import rivals
from benchmarks.callers import CALLERS, TASKS, THREADS
from benchmarks.measure import compared, in_rates, in_turn
from benchmarks.processes import Worker, server, worker
from benchmarks.rows import Row, Section, Size

FAST_TARGET: Final = "≥ 1.10"


def measure(size: Size) -> Iterator[Row]:
    """Each caller in its own process, all of them alive at once and asked in turn."""
    with ExitStack() as stack:
        url = stack.enter_context(server("-m", "benchmarks.answerer"))
        workers = {name: stack.enter_context(start(name, url)) for name in CALLERS if is_there(name)}
        for mode, at_once in {**THREADS, **TASKS}.items():
            asked = {
                name: asking(one, mode, at_once, size.burst) for name, one in workers.items() if takes_part(name, mode)
            }
            yield from Mode(mode, in_turn(asked, size.rounds)).rows()


def start(name: str, url: str) -> AbstractContextManager[Worker]:
    if name == "official":
        return worker("benchmarks.callers", name, url, python=rivals.python())
    return worker("benchmarks.callers", name, url)


def takes_part(name: str, mode: str) -> bool:
    """Whether a caller can call so, and has a reason to."""
    can = hasattr(CALLERS[name], "sync" if mode in THREADS else "asynchronous")
    return can and (name != "pooled httpx" or {**THREADS, **TASKS}[mode] > 1)


def is_there(name: str) -> bool:
    """Whether what the caller needs is installed."""
    return "fast" not in name or all(map(find_spec, ("pyreqwest", "httpx_aiohttp")))


class Burst(NamedTuple):
    """What a call has cost, and how many of the burst have failed."""

    cpu: float
    wall: float
    failed: int


def asking(one: Worker, mode: str, at_once: int, seconds: float) -> Callable[[], Burst]:
    """A burst of about so many seconds, warmed up. Of many at once each makes four calls at least, to get going."""
    one([mode, at_once])
    wall = Burst(*one([mode, 50 if seconds else 1])).wall
    calls = max(at_once * (4 if seconds else 1), round(seconds / wall))
    return lambda: Burst(*one([mode, calls]))


class Mode:
    """The ratios of one way to call."""

    def __init__(self, name: str, bursts: Mapping[str, Sequence[Burst]]) -> None:
        self._name, self._bursts = name, bursts

    def rows(self) -> Iterator[Row]:
        yield self._cpu("generated", "httpx", "≤ 1.10")
        yield self._cpu("ours", "generated", "≤ 1.10")
        yield self._cpu("ours", "httpx")
        yield self._rate("ours", "httpx")
        if "ours, fast" in self._bursts:
            yield self._calls_for_cpu("ours, fast", "fast httpx", FAST_TARGET)
            yield self._rate("ours, fast", "fast httpx")
            yield self._rate("ours, fast", "httpx")
            yield self._cpu("ours, fast", "httpx")
        for name in ("fast httpx", "pooled httpx", "sockets"):
            if name in self._bursts:
                yield self._rate(name, "httpx")
        if "official" in self._bursts:
            yield self._cpu("official", "ours")
            yield self._rate("official", "ours")

    def _cpu(self, upper: str, lower: str, target: str | None = None) -> Row:
        values = [[burst.cpu for burst in self._bursts[name]] for name in (upper, lower)]
        return compared(f"{self._name}: {upper} over {lower}, CPU", *values, target=target)

    def _calls_for_cpu(self, upper: str, lower: str, target: str) -> Row:
        values = [[1 / burst.cpu for burst in self._bursts[name]] for name in (upper, lower)]
        what = f"{self._name}: {upper} over {lower}, calls for the CPU"
        return compared(what, *values, target=target, figures=lambda a, b: f"{in_rates(a, b)} of CPU")

    def _rate(self, upper: str, lower: str, target: str | None = None) -> Row:
        values = [[1 / burst.wall for burst in self._bursts[name]] for name in (upper, lower)]
        failed = "".join(map(self._failed, (upper, lower)))
        what = f"{self._name}: {upper} over {lower}, rate"
        return compared(what, *values, target=target, figures=lambda a, b: in_rates(a, b) + failed)

    def _failed(self, name: str) -> str:
        failed = sum(burst.failed for burst in self._bursts[name])
        return f"; {failed} calls of {name} failed" if failed else ""


SECTION = Section(
    name="overhead",
    title="Cost of a call",
    meaning="""
The cost of a call of this client, compared with bare httpx. A call also checks arguments, decides about retries, keeps
one deadline, and returns typed errors and results. CPU matters for a process that makes many calls; the rate is what a
process reaches that does nothing else. A call to Agora itself, tens of milliseconds away, mostly waits for the network.

Each caller sends `query_recording` to one server over plain HTTP on this machine, and reads the status from the
response. The server returns a constant response, much faster than any caller (`sockets`: the same bytes without an HTTP
client). No rate limit applies. Each caller is a process of its own; all exist at the same time and make bursts in turn.

- `httpx`: `Client.get(…).raise_for_status().json()`, with its defaults.
- `pooled httpx`: the same, with up to 100 idle connections. By default it keeps 20, so with 50 callers it constantly
  closes and opens connections. Failed calls are counted and shown.
- `generated`: the plain client in `generated/`, made from the same specification.
- `ours`: `recordings.query(…)`. `ours, fast`: the same with `transport="fast"`, the extra `agora-rest[fast]`.
- `fast httpx`: bare httpx over the same libraries, by their own transports for httpx: pyreqwest for threads and
  httpx-aiohttp for tasks. It is the fastest choice for users of httpx, so the target of *ours, fast* is relative to it:
  calls per second of CPU, which is the rate on a machine that does nothing else.
- `official`: agora-rest-client from PyPI. It supports Cloud Recording only, without asyncio, and has no option for
  another address: `Client.get_api_url` puts `https://` before names from a table in `core/domain.py`. Both are
  overridden here. This saves the TLS handshake that it makes for each call, because it keeps no connections.
""",
    limits="""
If *generated over httpx* is not met: that client also builds its models, whose cost is in the next section; its code is
as the generator writes it. Ours reads responses without those models.
""",
    measure=measure,
    packages=("agora-rest", "httpx", "httpcore", "pyreqwest", "httpx-aiohttp", "aiohttp"),
    other_versions=lambda: {"agora-rest-client": rivals.version_of("agora-rest-client")},
)
