"""The command: plant the faults, run the suites, print the scores, write docs/strength.md.

Exit code 0 when our score is at least 98 % and nothing is found where nothing is wrong, 1 otherwise, 2 when a fault of
the catalogue does not apply any more or a suite could not run.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from faults.catalogue import catalogue
from faults.fault import DIALECTS, Category, DoesNotApply, Fault

from strength import recorded_report
from strength.first_finding import figures, first_findings, sample, words
from strength.order import order
from strength.order import write as write_order
from strength.recorded_report import RecordedResults
from strength.report import Results, markdown, readme, terminal
from strength.runner import Measured, Plan, Size, measure, pool
from strength.trial import OURS, PLAIN, Suite

EXAMPLES = 5
"""Of each operation, for both suites: so many that the whole benchmark is over in ten minutes on two processors."""

README = Path(__file__).parents[2] / "README.md"
DOCUMENT = README.parent / "docs" / "strength.md"
_SUITES: dict[str, tuple[Suite, ...]] = {"ours": (OURS,), "plain": (PLAIN,), "both": (OURS, PLAIN), "recorded": ()}


def main(arguments: list[str] | None = None) -> int:
    """Run the benchmark."""
    options = _options(arguments)
    counted = [fault for fault in catalogue() if fault.counted]
    faults = [] if options.clean_only else [fault for fault in counted if _is_meant(fault, options)]
    if options.order:
        with pool() as processes:
            write_order(order(processes, counted, _say))
        return 0
    if options.first_finding:
        found = first_findings(sample(faults, options.first_finding), options.seed, _tell)
        print(figures(found) if options.json else words(found))
        return 0
    plan = _plan(faults, options)
    try:
        measured = measure(plan, _say)
    except DoesNotApply as error:
        print(f"The catalogue is out of date: {error}", file=sys.stderr)
        return 2
    results = Results(plan, measured, [fault for fault in catalogue() if fault.excluded])
    recorded = _of_recordings(plan, measured)
    print(terminal(results), *([recorded_report.terminal(recorded)] if recorded else []), sep="\n\n")
    if results.troubles:
        print("Trials that came to nothing:", *results.troubles, sep="\n  ", file=sys.stderr)
        return 2
    if options.write and not _written(results, recorded, whole=len(faults) == len(counted)):
        print("docs/strength.md is not written: this was not the whole benchmark", file=sys.stderr)
    return 0 if results.good and (recorded is None or recorded.good) else 1


def _plan(faults: Sequence[Fault], options: argparse.Namespace) -> Plan:
    """What the options ask for. The page has the figures of the suites and of recorded traffic."""
    return Plan(
        faults,
        _SUITES[options.suite] if faults else (),
        Size(options.seed, options.max_examples),
        range(1, options.seeds + 1) if options.clean or options.clean_only else (),
        recorded=bool(faults) and (options.suite == "recorded" or (options.write and options.suite == "both")),
        whole=options.whole,
    )


def _of_recordings(plan: Plan, measured: Measured) -> RecordedResults | None:
    if not plan.recorded:
        return None
    seconds = measured.processor_seconds["recorded traffic"]
    return RecordedResults(plan.faults, measured.recorded, measured.false, seconds)


def _written(results: Results, recorded: RecordedResults | None, *, whole: bool) -> bool:
    """Write the page and the README's figures, or the page's part about recordings where nothing else was measured.

    Returns whether there was enough to write.
    """
    if not whole or recorded is None:
        return False
    if results.suites == _SUITES["both"]:
        text = markdown(results, datetime.now(UTC).date())
        README.write_text(readme(README.read_text(encoding="utf-8"), results), encoding="utf-8")
    elif not results.suites:
        text = DOCUMENT.read_text(encoding="utf-8")
    else:
        return False
    DOCUMENT.write_text(recorded_report.replaced(text, recorded_report.section(recorded)), encoding="utf-8")
    return True


def _options(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="strength", description="How strong is the contract suite?")
    parser.add_argument(
        "--only", action="append", default=[], metavar="NAME", help="only faults with this in their name"
    )
    parser.add_argument("--category", action="append", default=[], choices=[each.value for each in Category])
    parser.add_argument("--dialect", action="append", default=[], choices=DIALECTS)
    parser.add_argument("--suite", choices=sorted(_SUITES), default="both")
    parser.add_argument("--max-examples", type=int, default=EXAMPLES, help="for both suites")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--whole", action="store_true", help="plain schemathesis: to its end, also behind the last changed answer"
    )
    parser.add_argument("--clean", action="store_true", help="also run the suite on the emulator as it is")
    parser.add_argument("--clean-only", action="store_true", help="run it on nothing else")
    parser.add_argument("--seeds", type=int, default=3, help="of clean runs, in each dialect")
    parser.add_argument("--order", action="store_true", help="write the order of checks for a run with -x, no more")
    parser.add_argument(
        "--first-finding", type=int, metavar="N", help="measure how soon a run with -x has its finding, on N faults"
    )
    parser.add_argument("--json", action="store_true", help="with --first-finding: the figures as JSON")
    parser.add_argument("--write", action="store_true", help="write docs/strength.md")
    return parser.parse_args(arguments)


def _is_meant(fault: Fault, options: argparse.Namespace) -> bool:
    named = not options.only or any(name in fault.name for name in options.only)
    spoken = not options.dialect or fault.dialect in options.dialect
    return named and spoken and (not options.category or fault.category.value in options.category)


def _say(line: str) -> None:
    print(line, flush=True)


def _tell(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
