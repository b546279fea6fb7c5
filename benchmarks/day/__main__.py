"""The command: simulate, and print a table as docs/fleet.md has it."""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any, Final

from agora_rest.fleet import Timings

from .events import simulated
from .plan import GROUPS, Outcome, Plan, spread

DOCUMENTED: Final = dict.fromkeys(GROUPS, 10)
LONG_POLL_INTERVAL: Final = replace(Timings(), query_every=1800.0, first_query=30.0)
RAISED: Final = {"acquire": 75, "start": 90, "stop": 75, "query": 300, "console": 10}
PLANS: Final = (
    Plan(name="documented limits, stops that wait", stops_wait=True),
    Plan(name="documented limits"),
    Plan(name="raised limits", limits=RAISED, timings=LONG_POLL_INTERVAL),
    Plan(name="raised limits, all on the quarter of an hour", limits=RAISED, timings=LONG_POLL_INTERVAL, bell=900.0),
    Plan(name="eight accounts", accounts=8, timings=LONG_POLL_INTERVAL),
    Plan(name="thirty accounts", accounts=30, timings=LONG_POLL_INTERVAL),
)
THREE: Final = dict.fromkeys(GROUPS, 3)
CHECKED: Final = (
    Plan(
        name="an hour under limits of three", recordings=6_250, hours=(1.0,), timings=LONG_POLL_INTERVAL, limits=THREE
    ),
    Plan(name="one whose stops wait", recordings=900, hours=(1.0,), stops_wait=True, limits=THREE),
)
"""What the real code goes through as well: the busiest hour of one of eight accounts, three tenths of its size."""


def main() -> None:
    given = _options()
    print("| | Started | Starts late: half, 99 %, worst | Stops late | Put offline | Upload not seen |")
    print("| --- | --: | --: | --: | --: | --: |")
    for name, plan, simulate in _simulations(given):
        began = time.monotonic()
        outcome = simulate(plan)
        print(_row(name, plan, outcome), flush=True)
        print(_calls(outcome), f"{time.monotonic() - began:.0f} s", end="\n\n", flush=True)


def _simulations(given: argparse.Namespace) -> Iterator[tuple[str, Plan, Callable[[Plan], Outcome]]]:
    if given.check:
        from .real import worked_off

        for plan in CHECKED:
            yield f"{plan.name}: events", plan, simulated
            yield f"{plan.name}: the fleet", plan, worked_off
    elif own := _own(given):
        yield "this plan", Plan(**own), simulated
    else:
        for plan in PLANS:
            yield plan.name, plan, simulated


def _own(given: argparse.Namespace) -> dict[str, Any]:
    """The plan that the arguments describe; nothing when there are none."""
    own: dict[str, Any] = {
        name: value
        for name in ("recordings", "accounts", "workers", "bell", "answer", "upload", "stops_wait")
        if (value := getattr(given, name))
    }
    if given.limit:
        own["limits"] = {**DOCUMENTED, **dict(given.limit)}
    if given.query_every or given.first_query:
        every, first = given.query_every or Timings().query_every, given.first_query or Timings().first_query
        own["timings"] = replace(Timings(), query_every=every, first_query=first)
    return own


def _row(name: str, plan: Plan, outcome: Outcome) -> str:
    started = len(outcome.late_starts)
    late = (", ".join(map(_time, spread(each))) for each in (outcome.late_starts, outcome.late_stops))
    counts = (f"{started / plan.recordings:.1%}", *late, f"{outcome.put_offline:,}", f"{outcome.unconfirmed:,}")
    return f"| {name} | {' | '.join(counts)} |"


def _calls(outcome: Outcome) -> str:
    busiest = ", ".join(f"{group} {outcome.busiest[group]}" for group in GROUPS)
    calls = sum(outcome.calls.values())
    refused = sum(outcome.refused.values())
    return f"  busiest second: {busiest}; {calls:,} calls, {refused} refused;"


def _time(seconds: float) -> str:
    if seconds < 100:
        return f"{seconds:.1f} s"
    return f"{seconds / 60:.0f} min" if seconds < 6000 else f"{seconds / 3600:.1f} h"


def _limit(text: str) -> tuple[str, int]:
    group, _, calls = text.partition("=")
    if group not in GROUPS or not calls.isdecimal():
        raise argparse.ArgumentTypeError(f"like start=30, for one of {', '.join(GROUPS)}")
    return group, int(calls)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="benchmarks.day", description="How late is what, on a day of many?")
    parser.add_argument("--check", action="store_true", help="the real code beside the events")
    parser.add_argument("--recordings", type=int, help="on the day (1,000,000)")
    parser.add_argument("--accounts", type=int, help="that share them (1)")
    parser.add_argument("--workers", type=int, help="of each account (4)")
    parser.add_argument("--limit", type=_limit, action="append", metavar="GROUP=CALLS", help="a second; documented: 10")
    parser.add_argument("--stops-wait", action="store_true", help="for the upload, as without async_stop")
    parser.add_argument("--query-every", type=float, metavar="SECONDS", help="120")
    parser.add_argument("--first-query", type=float, metavar="SECONDS", help="5")
    parser.add_argument("--bell", type=float, metavar="SECONDS", help="recordings start at multiples of it only")
    parser.add_argument("--answer", type=float, metavar="SECONDS", help="0.25")
    parser.add_argument("--upload", type=float, metavar="SECONDS", help="20")
    return parser.parse_args()


if __name__ == "__main__":
    main()
