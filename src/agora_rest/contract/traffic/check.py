"""Recorded traffic against the specifications: each exchange by itself, and all of them together.

What is found is shown without secrets, whether the file was redacted or not.
"""

from __future__ import annotations

import base64
import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import IO, Final
from urllib.parse import urlsplit

from agora_rest import spec
from agora_rest.contract.checking.dialect import DialectWatch
from agora_rest.contract.checking.passive import Breach, Watch
from agora_rest.contract.http.exchange import Exchange
from agora_rest.contract.results.curl import Curl
from agora_rest.contract.results.findings import Finding, Findings
from agora_rest.contract.traffic.edits import MARK, apply
from agora_rest.contract.traffic.har import Recorded, read
from agora_rest.contract.traffic.names import is_secret
from agora_rest.contract.traffic.requests import request_breaches
from agora_rest.contract.traffic.routes import is_agora, route
from agora_rest.contract.traffic.search import Search
from agora_rest.contract.traffic.sequence import Dated, Sequence, Step, step_of
from agora_rest.redaction import Secrets

PHASE: Final = "traffic"

#: Checks that need no body.
_WITHOUT_BODY = frozenset({"status_in_spec", "headers_in_spec"})


@dataclass
class Report:
    """What came of checking files.

    findings: each defect once. exchanges: checked ones by operation ID. other_hosts: passed over, by host. other_paths:
    passed over on hosts of the two APIs. unanswered: requests without an answer, of which only the request was checked.
    unseen_bodies: answers whose body is not in the file.
    """

    findings: Findings = field(default_factory=Findings)
    exchanges: Counter[str] = field(default_factory=Counter)
    other_hosts: Counter[str] = field(default_factory=Counter)
    other_paths: int = 0
    unanswered: int = 0
    unseen_bodies: int = 0

    @property
    def checked(self) -> int:
        """How many exchanges were checked."""
        return self.exchanges.total()


def check(stream: IO[bytes], report: Report, *, name: str = "", hosts: Iterable[str] = ()) -> None:
    """Check the HAR file in `stream` and put what comes of it into `report`.

    name: what findings call the file. hosts: names of hosts that serve the two APIs beside Agora's and this machine.

    Raises HarError for what is no HAR file.
    """
    _Check(report, name, frozenset(host.lower() for host in hosts)).run(stream)


class _Check:
    """The check of one file."""

    def __init__(self, report: Report, name: str, hosts: frozenset[str]) -> None:
        self._report, self._name, self._hosts = report, name, hosts
        self._watches: dict[tuple[str, spec.Api], Watch] = {}
        self._sequence = Sequence()
        self._clock = 0.0

    def run(self, stream: IO[bytes]) -> None:
        for recorded in read(stream):
            for finding in self._look(recorded):
                self._report.findings.add(finding)
        for dated in self._sequence.rest():
            self._report.findings.add(self._dated(dated))

    def _look(self, recorded: Recorded) -> Iterator[Finding]:
        exchange = recorded.exchange
        if not is_agora(exchange.url, self._hosts):
            self._report.other_hosts[urlsplit(exchange.url).hostname or "?"] += 1
            return
        way = route(exchange.method, exchange.url) if exchange.method != "OPTIONS" else None
        if way is None:
            self._report.other_paths += 1
            return
        recorded = replace(recorded, exchange=replace(exchange, operation=way.operation), parameters=way.parameters)
        self._report.exchanges[way.operation or "?"] += 1
        if way.breach:
            yield self._finding(recorded, way.breach)
            return
        for breach in request_breaches(recorded):
            yield self._finding(recorded, breach)
        yield from self._answer(recorded)
        yield from map(self._dated, self._sequence.look(self._step(recorded)))

    def _answer(self, recorded: Recorded) -> Iterator[Finding]:
        if recorded.exchange.status == 0:
            self._report.unanswered += 1
            return
        self._report.unseen_bodies += not recorded.body_known
        for finding in self._watch(recorded.exchange).look(recorded.exchange, PHASE):
            if recorded.body_known or finding.check in _WITHOUT_BODY:
                yield self._shown(recorded, finding)
        for breach in _echo(recorded):
            yield self._finding(recorded, breach)

    def _watch(self, exchange: Exchange) -> Watch:
        """The eyes on one API of one server, which keeps to one dialect."""
        parts = urlsplit(exchange.url)
        key = (parts.netloc, spec.operation(exchange.operation).api)
        if key not in self._watches:
            self._watches[key] = Watch(DialectWatch(), _SHOWN, Secrets([]))
        return self._watches[key]

    def _step(self, recorded: Recorded) -> Step:
        parts = urlsplit(recorded.exchange.url)
        credentials = recorded.exchange.request_headers.get("authorization", "")
        account = hashlib.sha256(f"{parts.netloc} {credentials}".encode()).hexdigest()
        step = step_of(recorded, account, self._clock)
        self._clock = step.at
        return step

    def _finding(self, recorded: Recorded, breach: Breach) -> Finding:
        finding = Finding(
            operation=recorded.exchange.operation,
            facts=breach.facts,
            title=breach.title,
            expected=breach.expected,
            got=breach.got,
            requests=_SHOWN.lines([recorded.exchange]),
            check=breach.check,
            phase=PHASE,
        )
        return self._shown(recorded, finding)

    def _shown(self, recorded: Recorded, finding: Finding) -> Finding:
        """`finding` with its place, and without the secrets of its exchange."""
        exchange = recorded.exchange
        search = Search()
        headers = [*exchange.request_headers.items(), *exchange.headers.items()]
        lines = "\n".join(f"{name}: {value}" for name, value in headers)
        for text in (lines, exchange.url, exchange.request_body.decode("utf-8", "replace"), exchange.text):
            search.in_text(text)
        known = Search(known=search.seen)
        expected, got = (apply(text, known.in_text(text)) for text in (finding.expected, finding.got))
        return replace(finding, expected=expected, got=f"{got} [{self._place(recorded.number)}]")

    def _dated(self, dated: Dated) -> Finding:
        breach = dated.breach
        return Finding(
            operation=dated.step.operation,
            facts=breach.facts,
            title=breach.title,
            expected=breach.expected,
            got=f"{breach.got} [{self._place(dated.step.number)}]",
            check=breach.check,
            phase=PHASE,
        )

    def _place(self, number: int) -> str:
        return f"{self._name}: exchange {number}" if self._name else f"exchange {number}"


def _echo(recorded: Recorded) -> Iterator[Breach]:
    """An answer about a recording names the IDs of the request (CR-36, CR-41)."""
    if not recorded.exchange.succeeded or not recorded.body_known:
        return
    for member, parameter in (("resourceId", "resourceid"), ("sid", "sid")):
        said, asked = recorded.exchange.member(member), recorded.parameters.get(parameter)
        if isinstance(said, str) and asked is not None and said != asked:
            facts = ("CR-36",) if recorded.exchange.operation == "start_recording" else ("CR-39",)
            title = f"An answer has the `{member}` of its request"
            yield Breach("ids_are_echoed", facts, title, asked, said)


class _ShownCurl(Curl):
    """Writes requests without their secrets."""

    def lines(self, exchanges: Iterable[Exchange]) -> tuple[str, ...]:
        """The requests of a sequence, in order."""
        return super().lines(map(_without_secrets, exchanges))


def _without_secrets(exchange: Exchange) -> Exchange:
    headers = {
        name: _CREDENTIALS if name == "authorization" else MARK if is_secret(name) else _hidden(value)
        for name, value in exchange.request_headers.items()
    }
    sent, body = (_hidden(each.decode("utf-8", "surrogateescape")) for each in (exchange.request_body, exchange.body))
    return replace(
        exchange,
        url=_hidden(exchange.url),
        request_headers=headers,
        request_body=sent.encode("utf-8", "surrogateescape"),
        body=body.encode("utf-8", "surrogateescape"),
    )


def _hidden(text: str) -> str:
    return apply(text, Search().in_text(text))


#: Stands for the credentials of any recording: `Curl` writes variables in their place.
_USER, _PASSWORD = "customer-id", "customer-certificate"
_CREDENTIALS = f"Basic {base64.b64encode(f'{_USER}:{_PASSWORD}'.encode()).decode()}"
_SHOWN = _ShownCurl("", Secrets([]), (_USER, _PASSWORD))
