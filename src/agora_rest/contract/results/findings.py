"""What a run found: a rule of the documents and the requests that show it broken."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

#: What differs between two sightings of one defect: numbers, hex IDs, quoted values.
_VARIABLE = re.compile(r"'[^']*'|\"[^\"]*\"|[0-9a-f]{16,}|\d+")


@dataclass(frozen=True)
class Finding:
    """One broken rule.

    operation: operation ID, or "" where the whole server is meant.
    facts: the numbers of the broken facts, or () where only the specification's text is broken.
    title: one sentence, the rule as it should hold.
    requests: the smallest sequence of requests that shows it, each a curl line with credentials as variables.
    expected, got: what the rule wants, what the server did.
    check: the name of the check that saw it.
    phase: the part of the run it belongs to (`facts`, `coverage`, `fuzzing`, …).
    times: how often it was seen; duplicates are folded into the one with the shortest requests.
    """

    operation: str
    title: str
    expected: str
    got: str
    facts: tuple[str, ...] = ()
    requests: tuple[str, ...] = ()
    check: str = ""
    phase: str = ""
    times: int = 1

    def __post_init__(self) -> None:
        """Servers send whatever they like: half a surrogate pair, which no file or terminal takes, is written out."""
        for name in ("operation", "title", "expected", "got"):
            object.__setattr__(self, name, _writable(getattr(self, name)))
        object.__setattr__(self, "requests", tuple(map(_writable, self.requests)))

    @property
    def key(self) -> tuple[str, ...]:
        """What two sightings of one defect share. Numbers, IDs and quoted values are left out of it."""
        return (self.operation, self.check, " ".join(self.facts), _VARIABLE.sub("…", self.title))

    @property
    def size(self) -> tuple[int, int]:
        """How much there is to read before the defect is reproduced: fewer requests first, shorter ones next."""
        return (len(self.requests), sum(map(len, self.requests)))

    def as_dict(self) -> dict[str, Any]:
        """The finding as JSON can carry it."""
        return {
            "operation": self.operation,
            "facts": list(self.facts),
            "title": self.title,
            "expected": self.expected,
            "got": self.got,
            "requests": list(self.requests),
            "check": self.check,
            "phase": self.phase,
            "times": self.times,
        }


def _writable(text: str) -> str:
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


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
