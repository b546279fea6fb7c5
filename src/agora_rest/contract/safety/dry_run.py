"""Dry run: lists the requests of a run without sending them, by running it on the embedded emulator behind the gate."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any, Final

from agora_rest.addresses import is_loopback_url
from agora_rest.contract.http.parsed_request import Outgoing
from agora_rest.contract.options import Options
from agora_rest.contract.results import events
from agora_rest.contract.results.events import Event
from agora_rest.contract.runner import run
from agora_rest.contract.safety.access import Profile
from agora_rest.contract.safety.gate import Gate
from agora_rest.contract.safety.ledger import Ledger
from agora_rest.contract.target import CALLS_PER_SECOND, check_statement, profile_of

_BEFORE: Final = "before the first check"
"""The server is looked up, its projects are listed."""

_ABOUT_THE_ADDRESS: Final = ("only_https_is_spoken",)
"""The checks that depend on the server's address, which differs here."""


@dataclass
class Rehearsal:
    """The planned effects of a run on a server.

    sent: for each kind of request, how many of them each check or phase would send. refused: for each reason, how many
    of which kind the profile keeps each check or phase from sending. skipped: facts not checked, by reason.
    """

    server: str
    profile: Profile
    sent: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    refused: dict[str, Counter[tuple[str, str]]] = field(default_factory=lambda: defaultdict(Counter))
    skipped: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    _at: str = _BEFORE

    def handle(self, event: Event) -> None:
        """Record the current phase of the run, and what it skips."""
        match event:
            case events.PhaseStarted():
                self._at = _BEFORE if event.phase == "facts" else event.phase
            case events.Progress(phase="facts"):
                self._at = event.note
            case events.CheckSkipped() if event.check not in _ABOUT_THE_ADDRESS:
                self.skipped[event.reason].update(event.facts)
            case _:
                pass

    def note(self, request: Outgoing, refusal: str) -> None:
        """Take note of a request."""
        if refusal:
            self.refused[refusal][(request.words, self._at)] += 1
        else:
            self.sent[request.words][self._at] += 1

    @property
    def requests(self) -> int:
        """How many requests would be sent."""
        return sum(counter.total() for counter in self.sent.values())

    def lines(self) -> Iterator[str]:
        """The summary of the dry run."""
        yield (
            f"Nothing was sent. With {self.profile.word} access a run against {self.server} would send about "
            f"{self.requests} requests{self._pace()}; the exact number depends on the responses."
        )
        if self.profile is Profile.LOCAL and self.server.startswith("http"):
            yield "\nThe server is taken for an emulator; one that does not prove to be one is only read from."
        for what, by in sorted(self.sent.items(), key=lambda item: (-item[1].total(), item[0])):
            yield f"\n{what}: {by.total()}"
            yield f"  by {_listed(by)}"
        if self.refused:
            yield "\nKept back:"
        for reason, by_what in sorted(self.refused.items()):
            kinds = Counter[str]()
            places = Counter[str]()
            for (what, at), count in by_what.items():
                kinds[what] += count
                places[at] += count
            yield f"\n{_listed(kinds)}: {reason}"
            yield f"  by {_listed(places)}"
        skipped = {reason: facts for reason, facts in self.skipped.items() if facts}
        if skipped:
            yield "\nNot checked in this run, or not by every check there is:"
        for reason, facts in sorted(skipped.items()):
            yield f"  {', '.join(sorted(facts))}: {reason}"

    def as_dict(self) -> dict[str, Any]:
        """The rehearsal as JSON can carry it."""
        return {
            "server": self.server,
            "access": self.profile.word,
            "requests": self.requests,
            "sent": {what: dict(by) for what, by in sorted(self.sent.items())},
            "kept_back": [
                {"request": what, "by": at, "times": times, "reason": reason}
                for reason, by_what in sorted(self.refused.items())
                for (what, at), times in sorted(by_what.items())
            ],
            "skipped": {reason: sorted(facts) for reason, facts in sorted(self.skipped.items()) if facts},
        }

    def _pace(self) -> str:
        if self.profile is Profile.LOCAL:
            return ""
        minutes = max(1, round(self.requests / CALLS_PER_SECOND / 60))
        return f", at most {CALLS_PER_SECOND} in any second, so in {minutes} minutes or more"


def rehearse(options: Options) -> Rehearsal:
    """Find out what a run with these options would send; raises `target.CouldNotRun` if it would not begin.

    Nothing is sent to the server named in them. One on this machine is taken for an emulator, unless `owned` states
    whose account is behind it.
    """
    server = options.base_url or "the embedded emulator"
    check_statement(options.base_url or "", options.access, owned=options.owned)
    assumed = options.base_url is None or options.access == "emulator"
    assumed = assumed or (is_loopback_url(options.base_url or "") and not options.owned)
    profile = profile_of(options.access, is_emulator=assumed, owned=options.owned)
    rehearsal = Rehearsal(server, profile)
    gate = Gate(profile, Ledger())
    gate.listener = rehearsal.note
    stage = replace(options, base_url=None, headers={}, app_id=None, baseline=None, write_baseline=None, keep=None)
    run(stage, [rehearsal], gate=gate)
    return rehearsal


def _listed(counts: Counter[str]) -> str:
    return ", ".join(f"{name} ({count})" for name, count in counts.most_common())
