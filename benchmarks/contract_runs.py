"""What `agora-rest contract run` takes: a clean run, the first finding, a request, and servers that are full."""

from __future__ import annotations

import json
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any, Final

from agora_rest import spec
from benchmarks.measure import Cost, compared, in_turn, quartiles
from benchmarks.processes import PROJECT, environment, output_of
from benchmarks.rows import Row, Section, Size

_CLEAN: Final = 20.0
_MEDIAN: Final = 5.0
_LATE: Final = 20.0
_FAULTS: Final = 90
_FEW_FAULTS: Final = 2
_PROGRAM: Final = "from agora_rest.cli import main; main()"
_PROJECTS: Final = (1, 10, 100)
_USERS: Final = 10_000


def measure(size: Size) -> Iterator[Row]:
    """The four questions."""
    whole = size.rounds > 1
    yield from clean_runs(spec.DIALECTS if whole else spec.DIALECTS[:1], whole=whole)
    yield from first_findings(_FAULTS if size.rounds > 5 else _FEW_FAULTS)
    yield from beside_plain(1 if not whole else size.few // 4 + 1, examples=30 if whole else 1)
    yield from full_servers(1 if not whole else 3, examples=5 if whole else 1)


def clean_runs(dialects: tuple[spec.Dialect, ...], *, whole: bool) -> Iterator[Row]:
    """The command with its defaults, from the start of the process to its end."""
    for dialect in dialects:
        options = ["--dialect", dialect, "--seed", "1", "--no-keep", *([] if whole else ["-k", "projects"])]
        costs = [_command(options) for _ in range(3 if whole else 1)]
        seconds = [cost.wall / _CLEAN for cost in costs]
        low, middle, high = quartiles(seconds)
        cpu = statistics.median(cost.cpu for cost in costs)
        figures = f"{middle * _CLEAN:.1f} s, {cpu:.1f} s of CPU / {_CLEAN:.0f} s"
        yield Row(f"a clean run, {dialect}, over {_CLEAN:.0f} s", middle, low, high, figures, "≤ 1.00")


def _command(options: list[str]) -> Cost:
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    output_of([sys.executable, "-c", _PROGRAM, "contract", "run", *options])
    wall, after = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    return Cost(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, wall)


def first_findings(count: int) -> Iterator[Row]:
    """`contract run -x` on a server with one fault, for faults spread over the catalogue."""
    command = [sys.executable, "-m", "strength", "--first-finding", str(count), "--json"]
    done = subprocess.run(
        command,
        cwd=PROJECT,
        env={**environment(), "PYTHONPATH": "contract_tests"},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError("the first findings could not be measured")
    found: list[dict[str, Any]] = json.loads(done.stdout)
    caught = [each for each in found if each["check"]]
    for name, percent, limit in (("median", 50, _MEDIAN), ("95th percentile", 95, _LATE)):
        wall, cpu = (_percentile([each[what] for each in caught], percent) for what in ("seconds", "cpu"))
        figures = f"{wall:.2f} s, {cpu:.2f} s of CPU / {limit:.0f} s; {len(caught)} of {len(found)} faults"
        row = f"the first finding with -x, {name}, over {limit:.0f} s"
        yield Row(row, wall / limit, wall / limit, wall / limit, figures, "≤ 1.00")


def _percentile(values: list[float], percent: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * percent / 100))]


def beside_plain(rounds: int, examples: int) -> Iterator[Row]:
    """The same number of requests by a whole run and by plain schemathesis, each in a process of its own."""
    for dialect in spec.DIALECTS[:1] if examples == 1 else spec.DIALECTS:
        requests = int(_probe("ours", dialect, str(examples))["requests"])
        costs = in_turn(
            {
                "ours": partial(_probe, "ours", dialect, str(examples)),
                "plain": partial(_probe, "plain", dialect, str(requests)),
            },
            rounds,
        )
        ours, plain = ([each["cpu"] / each["requests"] for each in costs[name]] for name in ("ours", "plain"))
        what = f"a request of a run, {dialect}, over one of plain schemathesis, CPU"
        row = compared(what, ours, plain, target="≤ 0.70")
        yield Row(row.what, row.ratio, row.low, row.high, f"{row.figures}, {requests:,} requests each", row.target)


def full_servers(rounds: int, examples: int) -> Iterator[Row]:
    """Runs with full access on a server that is not reset, as one at Agora would not be: what is there stays there."""
    contenders = {
        f"{projects} projects": partial(_probe, "full", str(projects), "0", str(examples)) for projects in _PROJECTS
    }
    contenders |= {f"{_USERS:,} users": partial(_probe, "full", "1", str(_USERS), str(examples))}
    costs = in_turn(contenders, rounds)
    base = f"{_PROJECTS[0]} projects"
    for name, target in ((f"{_PROJECTS[1]} projects", "≤ 1.20"), (f"{_PROJECTS[2]} projects", "≤ 2.00")):
        yield _grown(name, costs[name], costs[base], target)
    yield _grown(f"{_USERS:,} users", costs[f"{_USERS:,} users"], costs[base], "≤ 2.00")


def _grown(name: str, more: list[dict[str, float]], less: list[dict[str, float]], target: str) -> Row:
    what = f"a run on an account with {name} over one with a single project, CPU"
    row = compared(what, [each["cpu"] for each in more], [each["cpu"] for each in less], target=target)
    figures = f"{row.figures}; {more[0]['requests']:,.0f} / {less[0]['requests']:,.0f} requests"
    return Row(row.what, row.ratio, row.low, row.high, figures, row.target)


def _probe(*arguments: str) -> dict[str, float]:
    """What a process of `benchmarks.contract_probe` measures."""
    paths = {"PYTHONPATH": str(Path("contract_tests"))}
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.contract_probe", *arguments],
        cwd=PROJECT,
        env={**environment(), **paths},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"a run could not be measured: {done.stderr.strip()[-2000:]}")
    found: dict[str, float] = json.loads(done.stdout)
    return found


SECTION = Section(
    name="contract",
    title="What a contract run takes",
    meaning="""
How long you wait for `agora-rest contract run`, in the three loops it is in.

*A clean run* is the command with its defaults against the embedded emulator, from the start of its process to its end.
Its parts are shared by as many processes as there are cores, at most four; its ratio is to the 20 s that it may take on
two cores that do nothing else.

*The first finding* is that of `contract run -x` against a server with one fault: a process of its own, over HTTP, as
somebody's server would be. The faults are spread evenly over the counted ones of [the catalogue](strength.md). The
seconds begin with `run()`; imports take about half a second before that. The run makes its checks in an order that
`python -m strength --order` computes from what each check catches. CPU is that of both sides, which take turns: what
the clock shows where nothing else runs.

*A request* is what the whole run sends against an emulator in another process, facts and fuzzing together, beside as
many requests of plain schemathesis with the project's configuration. CPU is that of the process that sends.

*An account that is full* has more in it than a run made: runs with full access and five examples an operation, without
a reset and without a limit of calls a second. What such a run costs may grow with what lists return, and with nothing
else; the number of its requests stays about as it is.
""",
    measure=measure,
    packages=("agora-rest", "schemathesis", "hypothesis", "httpx", "uvicorn"),
    limits="""
The seconds of a clean run and of a first finding are those of the clock: on a machine that does something else at the
same time, or has one core, they are more. The seconds of CPU beside them say what a quiet machine needs.
""",
)
