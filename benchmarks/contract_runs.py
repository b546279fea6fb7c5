"""What `agora-rest contract run` takes: a clean run, the first finding, a request, and servers that are full."""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Iterator
from typing import Any, Final

from agora_rest import spec
from benchmarks.measure import Cost, in_milliseconds
from benchmarks.processes import output_of
from benchmarks.rows import Row, Section, Size

_CLEAN: Final = 20.0
_MEDIAN: Final = 5.0
_LATE: Final = 20.0
_FAULTS: Final = 90
_FEW_FAULTS: Final = 2
_PROGRAM: Final = "from agora_rest.cli import main; main()"
_USERS: Final = 10_000


def measure_loops(size: Size) -> Iterator[Row]:
    """How long people wait."""
    whole = size.rounds > 1
    yield from clean_runs(spec.DIALECTS if whole else spec.DIALECTS[:1], whole=whole)
    yield from first_findings(_FAULTS if size.rounds > 5 else _FEW_FAULTS)


def measure_growth(size: Size) -> Iterator[Row]:
    """What a request costs, and how a run grows with what is there."""
    whole = size.rounds > 1
    yield from beside_plain("documented", examples=5 if whole else 1, apis="console")
    yield from full_servers(5 if whole else 1)


def clean_runs(dialects: tuple[spec.Dialect, ...], *, whole: bool) -> Iterator[Row]:
    """The command with its defaults, from the start of the process to its end."""
    for dialect in dialects:
        options = ["--dialect", dialect, "--seed", "1", "--no-keep", *([] if whole else ["-k", "projects"])]
        cost = _command(options)
        figures = f"{cost.wall:.1f} s, {cost.cpu:.1f} s of CPU / {_CLEAN:.0f} s"
        yield Row.once(f"a clean run, {dialect}, over {_CLEAN:.0f} s", cost.wall / _CLEAN, figures, "≤ 1.00")


def _command(options: list[str]) -> Cost:
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    output_of([sys.executable, "-c", _PROGRAM, "contract", "run", *options])
    wall, after = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    return Cost(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, wall)


def first_findings(count: int) -> Iterator[Row]:
    """`contract run -x` on a server with one fault, for faults spread over the catalogue."""
    found: list[dict[str, Any]] = _measured("strength", "--first-finding", str(count), "--json")
    caught = [each for each in found if each["check"]]
    for name, percent, limit in (("median", 50, _MEDIAN), ("95th percentile", 95, _LATE)):
        wall, cpu = (_percentile([each[what] for each in caught], percent) for what in ("seconds", "cpu"))
        figures = f"{wall:.2f} s, {cpu:.2f} s of CPU / {limit:.0f} s; {len(caught)} of {len(found)} faults"
        row = f"the first finding with -x, {name}, over {limit:.0f} s"
        yield Row.once(row, wall / limit, figures, "≤ 1.00")


def _percentile(values: list[float], percent: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * percent / 100))]


def beside_plain(dialect: spec.Dialect, examples: int, apis: str) -> Iterator[Row]:
    """The same number of requests by a whole run and by plain schemathesis, each in a process of its own."""
    ours = _probe("ours", dialect, str(examples), apis)
    plain = _probe("plain", dialect, str(int(ours["requests"])), apis)
    upper, lower = (each["cpu"] / each["requests"] for each in (ours, plain))
    figures = f"{in_milliseconds(upper, lower)}; {ours['requests']:,} / {plain['requests']:,} requests"
    yield Row.once("a request of a run over one of plain schemathesis, CPU", upper / lower, figures, "≤ 0.70")


def full_servers(examples: int) -> Iterator[Row]:
    """Runs with full access on a server that is not reset, as one at Agora would not be: what is there stays there."""
    least = _probe("full", "1", "0", str(examples))
    for name, projects, users, target in (
        ("10 projects", 10, 0, "≤ 1.20"),
        ("100 projects", 100, 0, "≤ 2.00"),
        (f"{_USERS:,} users in a channel", 1, _USERS, "≤ 2.00"),
    ):
        more = _probe("full", str(projects), str(users), str(examples))
        figures = f"{in_milliseconds(more['cpu'], least['cpu'])}; {more['requests']:,} / {least['requests']:,} requests"
        what = f"a run on an account with {name} over one with a single project, CPU"
        yield Row.once(what, more["cpu"] / least["cpu"], figures, target)


def _probe(*arguments: str) -> dict[str, float]:
    """What a process of `benchmarks.contract_probe` measures."""
    found: dict[str, float] = _measured("benchmarks.contract_probe", *arguments)
    return found


def _measured(module: str, *arguments: str) -> Any:
    """The JSON that a module prints, which sees the package `strength`."""
    return json.loads(output_of([sys.executable, "-m", module, *arguments], PYTHONPATH="contract_tests"))


LOOPS = Section(
    name="contract",
    title="What a contract run takes",
    meaning="""
How long you wait for `agora-rest contract run`. Each row is measured once.

*A clean run* is the command with its defaults against the embedded emulator, from the start of its process to its end.
Its parts are shared by as many processes as there are cores, at most four; its ratio is to the 20 s that it may take on
two cores that do nothing else.

*The first finding* is that of `contract run -x` against a server with one fault: a process of its own, over HTTP, as
somebody's server would be. The faults are spread evenly over the counted ones of [the catalogue](strength.md). The
seconds begin with `run()`; imports take about half a second before that. The run makes its checks in an order that
`python -m strength --order` computes from what each check catches. CPU is that of both sides, which take turns: what
the clock shows where nothing else runs.
""",
    measure=measure_loops,
    packages=("agora-rest", "schemathesis", "hypothesis", "httpx", "uvicorn"),
    limits="""
The seconds of a clean run and of a first finding are those of the clock. On a machine that does something else at the
same time, as its load tells, they are more: the seconds of CPU beside them, divided by the two cores that share a clean
run, are what a quiet machine needs.
""",
)

GROWTH = Section(
    name="contract-growth",
    title="What a contract run costs, and how that grows",
    meaning="""
*A request* is what a whole run on the Console sends against an emulator in another process, facts and fuzzing together,
with five examples an operation, beside plain schemathesis with the project's configuration and so many examples that it
sends about as many, and at most as many. CPU is that of the process that sends. Each row is measured once.

*An account that is full* has more in it than a run made: runs with full access and five examples an operation, without
a reset and without a limit of calls a second. What such a run costs may grow with what lists return, and with nothing
else; the number of its requests stays about as it is.
""",
    measure=measure_growth,
    packages=("agora-rest", "schemathesis", "hypothesis", "httpx", "uvicorn"),
    limits="""
Each project that is there is read in every list of projects, and its schema is checked there: that is what grows.
""",
)
