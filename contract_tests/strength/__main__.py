"""The command: plant the faults, run the suites, print the scores, write docs/strength.md.

Exit code 0 when our score is at least 98 % and nothing is found where nothing is wrong, 1 otherwise, 2 when a fault of
the catalogue does not apply any more or a suite could not run.
"""

from __future__ import annotations

import argparse
import resource
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

from faults.catalogue import catalogue
from faults.fault import DIALECTS, Category, DoesNotApply, Fault

from agora_rest.contract.options import DEFAULT_MAX_EXAMPLES
from strength import recorded_report
from strength.first_finding import figures, first_findings, sample, words
from strength.order import order
from strength.order import write as write_order
from strength.report import Results, markdown, terminal
from strength.runner import Size, clean_runs, matrix, pool
from strength.trial import OURS, PLAIN, Suite

EXAMPLES = 10
"""Of each operation, for both suites: so many that the whole benchmark is over in ten minutes on two processors."""

DOCUMENT = Path(__file__).parents[2] / "docs" / "strength.md"
_SUITES: dict[str, tuple[Suite, ...]] = {"ours": (OURS,), "plain": (PLAIN,), "both": (OURS, PLAIN)}


def main(arguments: list[str] | None = None) -> int:
    """Run the benchmark."""
    options = _options(arguments)
    if options.suite == "recorded":
        return _recorded(options)
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
    size = Size(options.seed, options.max_examples)
    suites = _SUITES[options.suite]
    started, used = time.monotonic(), _processor_seconds()
    try:
        verdicts = matrix(faults, suites, size, _say) if faults else {}
    except DoesNotApply as error:
        print(f"The catalogue is out of date: {error}", file=sys.stderr)
        return 2
    excluded = [fault for fault in catalogue() if fault.excluded]
    times = time.monotonic() - started, _processor_seconds() - used
    results = Results(faults, verdicts, suites, size, *times, excluded)
    if options.clean or options.clean_only:
        results.clean = clean_runs(range(1, options.seeds + 1), DEFAULT_MAX_EXAMPLES, _say)
    print(terminal(results))
    if options.write:
        if len(faults) < len(counted) or suites != _SUITES["both"] or results.troubles:
            print("docs/strength.md is not written: this was not the whole benchmark", file=sys.stderr)
        else:
            of_recordings = recorded_report.kept(DOCUMENT)
            text = markdown(results, datetime.now(UTC).date())
            DOCUMENT.write_text(recorded_report.replaced(text, of_recordings), encoding="utf-8")
    if results.troubles:
        print("Trials that came to nothing:", *results.troubles, sep="\n  ", file=sys.stderr)
        return 2
    code = 0 if results.good else 1
    return max(code, _recorded(options)) if options.write else code  # the page has both figures


def _recorded(options: argparse.Namespace) -> int:
    """Measure what recorded traffic proves."""
    counted = [fault for fault in catalogue() if fault.counted]
    faults = [fault for fault in counted if _is_meant(fault, options)]
    results = recorded_report.measure(faults, _say)
    print(recorded_report.terminal(results))
    if options.write and len(faults) == len(counted):
        text = recorded_report.replaced(DOCUMENT.read_text(encoding="utf-8"), recorded_report.section(results))
        DOCUMENT.write_text(text, encoding="utf-8")
    return 0 if results.good else 1


def _options(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="strength", description="How strong is the contract suite?")
    parser.add_argument(
        "--only", action="append", default=[], metavar="NAME", help="only faults with this in their name"
    )
    parser.add_argument("--category", action="append", default=[], choices=[each.value for each in Category])
    parser.add_argument("--dialect", action="append", default=[], choices=DIALECTS)
    parser.add_argument("--suite", choices=[*sorted(_SUITES), "recorded"], default="both")
    parser.add_argument("--max-examples", type=int, default=EXAMPLES, help="for both suites")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--clean", action="store_true", help="also run the suite on the emulator as it is")
    parser.add_argument("--clean-only", action="store_true", help="run it on nothing else")
    parser.add_argument("--seeds", type=int, default=5, help="of clean runs, in each dialect")
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


def _processor_seconds() -> float:
    """Of this process and of those it has waited for."""
    spent = [resource.getrusage(whose) for whose in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in spent)


def _say(line: str) -> None:
    print(line, flush=True)


def _tell(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
