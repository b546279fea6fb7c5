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
    title="Duration of a contract run",
    meaning="""
The duration of `agora-rest contract run`. Each row is measured once.

*A clean run* is the command with its defaults against the embedded emulator, from the start of its process to its end.
It uses as many processes as there are cores, at most four; its ratio is to the 20 s that it may take on two idle cores.

*The first finding* is that of `contract run -x` against a server with one fault, in a process of its own, over HTTP,
like a user's server. The faults are spread evenly over the counted ones of [the catalogue](strength.md). The seconds
begin with `run()`; imports take about half a second before that. The order of the checks is the one that `python -m
strength --order` computes from what each check catches. CPU is that of both sides, which take turns: it equals the
elapsed time on an idle machine.
""",
    measure=measure_loops,
    packages=("agora-rest", "schemathesis", "hypothesis", "httpx", "uvicorn"),
    limits="""
The seconds of a clean run and of a first finding are elapsed time, which is longer on a busy machine (see its load).
The seconds of CPU beside them, divided by the two cores that share a clean run, are the time on an idle machine.
""",
)

GROWTH = Section(
    name="contract-growth",
    title="Cost and growth of a contract run",
    meaning="""
*A request* is one of a whole run on the Console against an emulator in another process, facts and fuzzing together,
with five examples per operation, compared with plain schemathesis with the project's configuration and enough examples
to send about as many requests, but not more. CPU is that of the sending process. Each row is measured once.

*An account that is full* contains more than the run created: runs with full access and five examples per operation,
without a reset and without a rate limit. The cost of such a run may only grow with the size of lists; the number of its
requests stays about the same.
""",
    measure=measure_growth,
    packages=("agora-rest", "schemathesis", "hypothesis", "httpx", "uvicorn"),
    limits="""
Each existing project is read and validated in every list of projects: this is the part that grows.
""",
)
