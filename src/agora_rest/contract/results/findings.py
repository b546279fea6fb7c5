"""Findings: a rule of the documents, and the requests that show it broken."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Final

from agora_rest.text import printable

_VARIABLE: Final = re.compile(r"'[^']*'|\"[^\"]*\"|[0-9a-f]{16,}|\d+")
"""Parts that differ between two occurrences of one defect: numbers, hex IDs, quoted values."""

_PLAINEST: Final = (
    "status_in_spec",
    "json_responses",
    "headers_in_spec",
    "schema_of_responses",
    "one_dialect",
    "not_a_server_error",
    "ignored_auth",
    "the_console_needs_the_right_credentials",
    "recording_needs_the_right_credentials",
)
"""The checks that identify a root cause; other checks see its consequences."""


_LONGEST_TEXT: Final = 2_000
_LONGEST_REQUEST: Final = 100_000
"""Characters of a text, and of a request, which runs only when it is whole."""


@dataclass(frozen=True)
class CausePlace:
    """The place of a cause."""

    operation: str
    check: str
    phase: str
    facts: tuple[str, ...]
    times: int

    def __str__(self) -> str:
        times = f", {self.times} times" if self.times > 1 else ""
        return f"{self.operation or 'the server'} ({self.check}, {self.phase}{times})"


@dataclass(frozen=True)
class Finding:
    """One broken rule."""

    operation: str
    """Operation ID, or "" if the finding concerns the whole server."""

    title: str
    """One sentence, the rule as it should hold."""

    expected: str
    """The requirement of the rule; completes "expected …"."""

    got: str
    """The actual behaviour of the server."""

    facts: tuple[str, ...] = ()
    """The numbers of the broken facts, or () if only the specification's text is broken."""

    requests: tuple[str, ...] = ()
    """The smallest sequence of requests that shows it, each a curl line with credentials as variables."""

    check: str = ""
    """The name of the check that saw it."""

    phase: str = ""
    """The part of the run it belongs to (`facts`, `coverage`, `fuzzing`, …)."""

    times: int = 1
    """How often it was seen; duplicates are folded into the one with the shortest requests."""

    during: str = ""
    """The check of facts that was running, if `check` applies to all traffic."""

    cause: tuple[str, ...] = ()
    """Key shared with findings of the same root cause; () if the finding has its own cause."""

    command: str = ""
    """The command that makes the check again."""

    places: tuple[CausePlace, ...] = ()
    """Everything that has the same cause, itself included; () before findings are grouped."""

    def __post_init__(self) -> None:
        """Make every text harmless: servers send control characters, and half surrogate pairs."""
        for name in ("operation", "title", "expected", "got"):
            object.__setattr__(self, name, printable(getattr(self, name), limit=_LONGEST_TEXT))
        requests = tuple(printable(each, limit=_LONGEST_REQUEST) for each in self.requests)
        object.__setattr__(self, "requests", requests)

    @property
    def key(self) -> tuple[str, ...]:
        """Key shared by two occurrences of one defect. Numbers, IDs and quoted values are left out of it."""
        return (self.operation, self.check, " ".join(self.facts), _VARIABLE.sub("…", self.title))

    @property
    def size(self) -> tuple[int, int]:
        """How much there is to read before the defect is reproduced: fewer requests first, shorter ones next."""
        return (len(self.requests), sum(map(len, self.requests)))

    def as_dict(self) -> dict[str, Any]:
        """The finding as JSON can carry it."""
        found = asdict(self)
        del found["during"], found["cause"]
        return found

    @property
    def operations(self) -> tuple[str, ...]:
        """The operations of everything that has the same cause, its own first; "" is the whole server."""
        return tuple(dict.fromkeys((self.operation, *(place.operation for place in self.places))))

    @property
    def all_facts(self) -> tuple[str, ...]:
        """The facts of everything that has the same cause, its own first."""
        return tuple(dict.fromkeys((*self.facts, *(fact for place in self.places for fact in place.facts))))


def grouped(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """One finding for each cause: the plainest, with the places of all. In the order the causes were first seen."""
    groups: dict[tuple[str, ...], list[Finding]] = {}
    for finding in findings:
        cause = tuple(_VARIABLE.sub("…", part) for part in finding.cause) or finding.key
        groups.setdefault(cause, []).append(finding)
    return tuple(map(_group, groups.values()))


def _group(findings: list[Finding]) -> Finding:
    def plainness(finding: Finding) -> tuple[int, tuple[int, int]]:
        named = finding.check in _PLAINEST
        return (_PLAINEST.index(finding.check) if named else len(_PLAINEST), finding.size)

    plainest = min(findings, key=plainness)
    places = tuple(CausePlace(each.operation, each.check, each.phase, each.facts, each.times) for each in findings)
    return replace(plainest, places=places, times=sum(each.times for each in findings))


@dataclass
class Findings:
    """The findings of a run, each defect once."""

    _by_key: dict[tuple[str, ...], Finding] = field(default_factory=dict)

    def add(self, finding: Finding) -> bool:
        """Take a finding in; True when this defect was not known yet."""
        known = self._by_key.get(finding.key)
        if known is None:
            self._by_key[finding.key] = finding
            return True
        smaller = min(known, finding, key=lambda each: each.size)
        self._by_key[finding.key] = replace(smaller, times=known.times + finding.times)
        return False

    def __iter__(self) -> Iterator[Finding]:
        return iter(self._by_key.values())

    def __len__(self) -> int:
        return len(self._by_key)

    def __bool__(self) -> bool:
        return bool(self._by_key)
