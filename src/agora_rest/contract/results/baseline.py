"""Known findings, accepted until a date: a small TOML file in the repository of the suite's user.

    [[accepted]]
    operation = "query_recording"
    check = "schema_of_responses"
    facts = ["CR-42"]
    title = "A response with status 200 has the shape of its schema at serverResponse.status"
    until = 2027-03-31
    reason = "reported to the vendor"

An entry accepts the findings of one check on one operation that are about just these facts; `title`, which may be left
out, narrows it to one rule. An entry past its date accepts nothing any more, so every exception is temporary.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final, Self

from agora_rest.contract.results.findings import Finding

ACCEPTED_FOR: Final = timedelta(days=90)
"""Days for which a new entry is valid."""

_HEADER = """\
# Findings of `agora-rest contract run --baseline` that are known. Each is accepted until its date and counts as broken
# after it; the run reports entries that have expired or are no longer needed.
"""

_UNEXPLAINED = "written by --write-baseline, not explained yet"

_TYPES: Final[Mapping[str, type]] = {
    "operation": str,
    "check": str,
    "facts": list,
    "until": date,
    "reason": str,
    "title": str,
}
_OPTIONAL = frozenset({"title"})


class BaselineError(ValueError):
    """A baseline cannot be read; the message gives the place and the reason."""


@dataclass(frozen=True)
class Entry:
    """One known finding.

    operation, check, facts: those of the finding; operation is "" for the whole server. title: the rule,
    ignoring numbers and IDs; "" for every rule of the check. until: the last day it is accepted.
    """

    operation: str
    check: str
    facts: tuple[str, ...]
    until: date
    reason: str
    title: str = ""

    def __str__(self) -> str:
        facts = f" [{', '.join(self.facts)}]" if self.facts else ""
        return f"{self.operation or 'the server'}, {self.check}{facts}"

    def covers(self, finding: Finding) -> bool:
        """Whether the entry matches `finding`."""
        return (
            (self.operation, self.check) == (finding.operation, finding.check)
            and set(self.facts) == set(finding.facts)
            and (not self.title or replace(finding, title=self.title).key == finding.key)
        )


@dataclass(frozen=True)
class Accepted:
    """A finding that an entry accepts, until when, and why."""

    finding: Finding
    until: date
    reason: str


@dataclass(frozen=True)
class Verdict:
    """The findings of a run, divided: `broken` ones fail the run, `accepted` ones do not.

    remarks: a sentence for each entry that is past its date or not needed any more.
    """

    broken: tuple[Finding, ...]
    accepted: tuple[Accepted, ...] = ()
    remarks: tuple[str, ...] = ()


def judge(
    entries: Iterable[Entry],
    findings: Iterable[Finding],
    today: date,
    *,
    operations: Collection[str],
    skipped: Collection[str] = (),
) -> Verdict:
    """Divide findings into broken and accepted ones.

    operations: those of the run; entries for others are not reported as unneeded. skipped: the checks that were not
    made; entries for them are not reported as unneeded either.
    """
    entries, findings = tuple(entries), tuple(findings)
    broken, accepted = [], []
    for finding in findings:
        good = [entry for entry in entries if entry.covers(finding) and today <= entry.until]
        if good:
            longest = max(good, key=lambda entry: entry.until)
            accepted.append(Accepted(finding, longest.until, longest.reason))
        else:
            broken.append(finding)
    remarks = []
    for entry in entries:
        if not any(entry.covers(finding) for finding in findings):
            if entry.operation in ("", *operations) and entry.check not in skipped:
                remarks.append(f"Baseline: {entry} was not found; the entry is not needed any more.")
        elif entry.until < today and any(entry.covers(finding) for finding in broken):
            remarks.append(f"Baseline: {entry} was accepted until {entry.until} ({entry.reason}) and counts as broken.")
    return Verdict(tuple(broken), tuple(accepted), tuple(remarks))


def read_baseline(path: Path, *, optional: bool = False) -> tuple[Entry, ...]:
    """The entries of the file at `path`. Raises `BaselineError`; if it is `optional`, another file has none."""
    try:
        return parse_baseline(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        if optional:
            return ()
        raise BaselineError(f"the baseline {path} cannot be read: {error}") from error


def parse_baseline(text: str) -> tuple[Entry, ...]:
    """The entries of a baseline. Raises ValueError for invalid TOML and for unknown, missing or mistyped members."""
    loaded = tomllib.loads(text)
    rows = loaded.pop("accepted", [])
    if loaded:
        raise ValueError(f"it has {', '.join(loaded)}, and only [[accepted]] is known")
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise ValueError("its entries begin with [[accepted]], in double brackets")
    return tuple(_entry(row, f"entry {number}") for number, row in enumerate(rows, 1))


def _entry(row: dict[str, Any], where: str) -> Entry:
    if unknown := row.keys() - _TYPES.keys():
        raise ValueError(f"{where} has {', '.join(sorted(unknown))}, which no entry has")
    if missing := [name for name in _TYPES if name not in row and name not in _OPTIONAL]:
        raise ValueError(f"{where} lacks {', '.join(missing)}")
    for name, value in row.items():
        if type(value) is not _TYPES[name]:
            raise ValueError(f"{where}: {name} is no {_NAMES[_TYPES[name]]}")
    if not all(isinstance(fact, str) for fact in row["facts"]):
        raise ValueError(f"{where}: facts are strings, such as CR-42")
    if not row["reason"].strip():
        raise ValueError(f"{where}: reason is empty")
    return Entry(**{**row, "facts": tuple(row["facts"])})


_NAMES: Final = {str: "string", list: "list", date: "date such as 2027-03-31"}


def baseline_text(
    findings: Iterable[Finding], today: date, known: Iterable[Entry] = (), kept: Iterable[Entry] = ()
) -> str:
    """A baseline that accepts all of `findings`; those an entry of `known` covers keep its reason, and its date if that
    is not past. `kept` are further entries, which no finding has met.
    """
    known = tuple(known)
    entries = dict.fromkeys([*(_entry_for(finding, today, known) for finding in findings), *kept])
    return "\n".join([_HEADER, *map(_toml, entries)])


@dataclass(frozen=True)
class BaselineFile:
    """A file for a new baseline. It exists after the run only if the run wrote it.

    before: the entries that it had. overwrite: whether those that a run does not meet are dropped.
    """

    path: Path
    before: tuple[Entry, ...] = ()
    overwrite: bool = False

    @classmethod
    def opened(cls, path: Path, *, overwrite: bool = False) -> Self:
        """The file at `path`, which can be written. Raises `BaselineError` if it cannot, or is no baseline."""
        is_new = not path.exists()
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("ab"):
                pass
            if is_new:
                path.unlink()
        except OSError as error:
            raise BaselineError(f"the baseline {path} cannot be written: {error.strerror}; nothing was sent") from None
        before = () if is_new else read_baseline(path, optional=overwrite)
        return cls(path, before, overwrite)

    def write(self, findings: Iterable[Finding], today: date, known: Iterable[Entry] = ()) -> str:
        """Write a baseline that accepts `findings`; returns what was written, in a sentence.

        Entries of the file keep their reasons. Those that no finding has met stay in it unless `overwrite` drops them:
        a run that is made for one API, or ends early, cannot meet all.
        """
        findings, known = tuple(findings), (*self.before, *known)
        unmet = [entry for entry in self.before if not any(entry.covers(finding) for finding in findings)]
        text = baseline_text(findings, today, known, () if self.overwrite else unmet)
        self.path.write_text(text, encoding="utf-8")
        count = len(parse_baseline(text))
        drops = "were dropped" if self.overwrite else "were kept; --force drops them"
        rest = f", and {len(unmet)} of the former ones, which this run did not meet, {drops}" if unmet else ""
        return f"Baseline written: {self.path} has {count} {'entry' if count == 1 else 'entries'}{rest}."


def _entry_for(finding: Finding, today: date, known: Collection[Entry]) -> Entry:
    for entry in known:
        if entry.covers(finding) and today <= entry.until:
            return entry
    expired = next((entry for entry in known if entry.covers(finding)), None)
    if expired is not None:
        return replace(expired, until=today + ACCEPTED_FOR)
    return Entry(
        operation=finding.operation,
        check=finding.check,
        facts=finding.facts,
        until=today + ACCEPTED_FOR,
        reason=_UNEXPLAINED,
        title=finding.title,
    )


def _toml(entry: Entry) -> str:
    title = [f"title = {_string(entry.title)}"] if entry.title else []
    lines = [
        "[[accepted]]",
        f"operation = {_string(entry.operation)}",
        f"check = {_string(entry.check)}",
        f"facts = [{', '.join(map(_string, entry.facts))}]",
        *title,
        f"until = {entry.until}",
        f"reason = {_string(entry.reason)}",
    ]
    return "\n".join(lines) + "\n"


def _string(text: str) -> str:
    """`text` as a TOML string: JSON's escapes, DEL escaped as well, and nothing that UTF-8 cannot carry."""
    whole = text.encode("utf-8", errors="replace").decode("utf-8")
    return json.dumps(whole, ensure_ascii=False).replace("\x7f", "\\u007f")
