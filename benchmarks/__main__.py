"""The command: measure, print, and write docs/performance.md.

Exit code 0 when every target is met, 1 when one is not, 2 when something could not be measured.
"""

from __future__ import annotations

import argparse
import importlib.metadata
import os
import platform
import signal
import sys
import time
from datetime import UTC, datetime

from benchmarks import contract_runs, document, emulators, growth, limiter, overhead, parsing, starting, thin
from benchmarks.rows import FULL, QUICK, Results, Row, Section, Size

SECTIONS = (
    overhead.SECTION,
    thin.SECTION,
    limiter.SECTION,
    starting.SECTION,
    parsing.SECTION,
    emulators.SECTION,
    growth.SECTION,
    contract_runs.LOOPS,
    contract_runs.GROWTH,
)


def main(arguments: list[str] | None = None) -> int:
    options = _options(arguments)
    results = document.kept()
    if options.render:
        document.write(SECTIONS, results)
        return 0
    code = 0
    for section in (section for section in SECTIONS if not options.only or section.name in options.only):
        try:
            measured = measure(section, QUICK if options.quick else FULL)
        except (RuntimeError, OSError) as error:
            print(f"{section.name} could not be measured: {error}", file=sys.stderr)
            code = 2
            continue
        if any(row.met is False for row in measured.rows):
            code = max(code, 1)
        if options.write:  # at once, so that what comes later may fail
            results[section.name] = measured
            document.write(SECTIONS, results)
    return code


def measure(section: Section, size: Size) -> Results:
    """What a benchmark gives; its rows are printed as they come."""
    began, machine = time.monotonic(), _machine()
    print(f"\n{section.title} [{section.name}]", flush=True)
    rows: list[Row] = []
    for row in section.measure(size):
        rows.append(row)
        judged = f"  {row.target} {row.verdict}" if row.target else ""
        print(f"  {row.what}: {document.number(row.ratio)}  ({row.figures}){judged}", flush=True)
    print(f"  {time.monotonic() - began:.0f} s", flush=True)
    versions = {name: version for name in section.packages if (version := _version(name))} | section.other_versions()
    return Results(tuple(rows), f"{datetime.now(UTC):%Y-%m-%d}", machine, versions)


def _version(package: str) -> str | None:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return None


def _machine() -> str:
    load = f"; load at its start {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
    python = f"{platform.python_implementation()} {platform.python_version()}"
    return f"{os.cpu_count()} cores, {platform.system()} {platform.machine()}, {python}{load}"


def _options(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="benchmarks", description="What does the package cost?")
    names = [section.name for section in SECTIONS]
    parser.add_argument("--only", action="append", default=[], choices=names, metavar="NAME", help=", ".join(names))
    parser.add_argument("--quick", action="store_true", help="in a minute, to see what a change does")
    parser.add_argument(
        "--write", action="store_true", help="write docs/performance.md; with --only, those parts of it"
    )
    parser.add_argument("--render", action="store_true", help="measure nothing, write it from benchmarks/results.json")
    options = parser.parse_args(arguments)
    if options.write and options.quick:
        parser.error("--quick is too rough to be written")
    return options


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that no server is left running
    sys.exit(main())
