"""Summarises drift: what a client wrote into its `drift_file`, or what a check of recorded traffic finds."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import IO, Any, Final

from agora_rest.contract.traffic.check import Report, check
from agora_rest.contract.traffic.units import HarError

_LONGEST_LINE: Final = 64 * 1024
_MOST_KINDS: Final = 2_000
_MEMBERS: Final = ("run", "at", "operation", "check", "rule", "expected", "got")
"""The members of a line that are texts."""


class NothingChecked(Exception):  # noqa: N818  the file may be good
    """Recorded traffic has no exchange to check. `report` has what was passed over."""

    def __init__(self, report: Report) -> None:
        super().__init__("no exchange was checked")
        self.report = report


@dataclass
class Drift:
    """One kind of drift: a rule that responses to an operation broke."""

    operation: str
    check: str
    """The name of the rule."""
    rule: str
    """The rule as a sentence."""
    facts: tuple[str, ...]
    times: int
    first: str
    """When it was seen first, ISO 8601 in UTC; "" if that is unknown."""
    last: str
    expected: str
    """An example, without secrets: what the documents say, and what came."""
    got: str


def drift_in(
    stream: IO[bytes], *, name: str = "", hosts: Iterable[str] = (), base_urls: Iterable[str] = ()
) -> list[Drift]:
    """The drift in a file of either kind, the most frequent kind first.

    hosts, base_urls: as `check` takes them. Raises HarError for any other file, `NothingChecked` for recorded traffic
    without an exchange to check.
    """
    beginning = stream.read(4096)
    stream.seek(0)
    if _is_drift(beginning, name):
        found = _written(stream)
    else:
        report = Report()
        check(stream, report, name=name, hosts=hosts, base_urls=base_urls)
        if not report.has_judged:
            raise NothingChecked(report)
        found = _recorded(report)
    return sorted(found, key=lambda each: (-each.times, each.operation, each.check))


def _is_drift(beginning: bytes, name: str) -> bool:
    """Whether a file begins with a line of drift, or is one to which a client has not written any: it is empty then."""
    if not beginning.strip():
        return not name.lower().endswith(".har")
    first = beginning.splitlines()[0]
    return first.startswith(b"{") and b'"run"' in first and b'"check"' in first


def _written(stream: IO[bytes]) -> list[Drift]:
    """The kinds in a file of a client. A line has the number of times that its kind was seen in its run so far."""
    kinds: dict[tuple[str, str, str], Drift] = {}
    counts: dict[tuple[str, str, str], dict[str, int]] = {}
    for number, line in enumerate(_lines(stream), start=1):
        entry = _entry(line)
        if entry is None and _is_cut_off(line):
            continue
        if entry is None:
            raise HarError(f"line {number} is not a drift entry of a client")
        key = entry["operation"], entry["check"], entry["rule"]
        if key not in kinds and len(kinds) >= _MOST_KINDS:
            continue
        facts = tuple(str(fact) for fact in entry["facts"][:20])
        known = kinds.setdefault(key, Drift(*key, facts, 0, entry["at"], entry["at"], entry["expected"], entry["got"]))
        known.first, known.last = min(known.first, entry["at"]), max(known.last, entry["at"])
        runs = counts.setdefault(key, {})
        runs[entry["run"]] = max(runs.get(entry["run"], 0), entry["times"])
        known.times = sum(runs.values())
    return list(kinds.values())


def _is_cut_off(line: bytes) -> bool:
    """Whether a client could not finish a line: its process was killed, or the disk was full."""
    try:
        json.loads(line)
    except (ValueError, RecursionError):
        return line.startswith(b'{"run": "')
    return False


def _lines(stream: IO[bytes]) -> Iterator[bytes]:
    while line := stream.readline(_LONGEST_LINE):
        if line.strip():
            yield line


def _entry(line: bytes) -> dict[str, Any] | None:
    try:
        entry = json.loads(line)
    except (ValueError, RecursionError):
        return None
    if not isinstance(entry, dict) or not all(isinstance(entry.get(name), str) for name in _MEMBERS):
        return None
    times, facts = entry.get("times"), entry.get("facts")
    is_count = isinstance(times, int) and not isinstance(times, bool) and times > 0
    return entry if is_count and isinstance(facts, list) else None


def _recorded(report: Report) -> list[Drift]:
    found = []
    for each in report.findings:
        first, last = map(_time, report.seen.get(each.key, (None, None)))
        kind = each.operation, each.check, each.title, each.facts
        found.append(Drift(*kind, each.times, first, last, each.expected, each.got))
    return found


def _time(at: float | None) -> str:
    return "" if at is None else datetime.fromtimestamp(at, UTC).isoformat(timespec="seconds")
