"""In turn, in short bursts: what else the machine does then troubles all alike, and a ratio keeps its meaning."""

from __future__ import annotations

import resource
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple, TypeVar

from benchmarks.rows import Row

T = TypeVar("T")


class Cost(NamedTuple):
    """Seconds for one call."""

    cpu: float
    wall: float


def in_turn(contenders: Mapping[str, Callable[[], T]], rounds: int) -> dict[str, list[T]]:
    """What each gives, `rounds` times: A B C, C B A, A B C … The caller has warmed them up."""
    given: dict[str, list[T]] = {name: [] for name in contenders}
    for number in range(rounds):
        for name in list(contenders)[:: 1 if number % 2 == 0 else -1]:
            given[name].append(contenders[name]())
    return given


def calls_for(seconds: float, call: Callable[[], object]) -> int:
    """How often `call` fits into so many seconds, about: at least once. Warms it up, too."""
    call()
    began = time.perf_counter()
    call()
    once = time.perf_counter() - began
    return max(1, round(seconds / max(once, 1e-7)))


def repeated(call: Callable[[], object], times: int) -> Callable[[], Cost]:
    """A burst of `times` calls in this process: what each has cost."""

    def burst() -> Cost:
        cpu, wall = time.process_time(), time.perf_counter()
        for _ in range(times):
            call()
        return Cost((time.process_time() - cpu) / times, (time.perf_counter() - wall) / times)

    return burst


def compared(
    what: str,
    upper: Sequence[float],
    lower: Sequence[float],
    *,
    target: str | None = None,
    figures: Callable[[float, float], str] | None = None,
) -> Row:
    """The row `upper / lower`: the median over the rounds, and the middle half of them."""
    ratios = [a / b for a, b in zip(upper, lower, strict=True)]
    low, middle, high = quartiles(ratios)
    written = (figures or in_milliseconds)(statistics.median(upper), statistics.median(lower))
    return Row(what, middle, low, high, written, target)


def quartiles(values: Sequence[float]) -> tuple[float, float, float]:
    """The middle one, and the ends of the middle half."""
    if len(values) < 2:
        return values[0], values[0], values[0]
    low, middle, high = statistics.quantiles(values, n=4, method="inclusive")
    return low, middle, high


def in_megabytes() -> float:
    """The memory of this process at present in MiB; where the system does not say, the most it has had."""
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return pages * resource.getpagesize() / (1 << 20)


def in_milliseconds(upper: float, lower: float) -> str:
    """Two times for people."""
    return f"{milliseconds(upper)} / {milliseconds(lower)}"


def milliseconds(seconds: float) -> str:
    """A time with three digits that count."""
    return f"{seconds * 1e3:.3g} ms" if seconds < 1 else f"{seconds:.3g} s"


def in_rates(upper: float, lower: float) -> str:
    """Two rates for people."""
    return f"{upper:,.0f} / {lower:,.0f} a second"
