"""Checks recorded traffic against the specifications: each exchange alone, and all of them together.

Findings show no secrets, even if the file is not redacted.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import IO, Any, Final, NamedTuple
from urllib.parse import parse_qsl, urlsplit

from agora_rest import spec
from agora_rest.contract.checking.dialect import DialectWatch
from agora_rest.contract.checking.passive import Breach, Watch
from agora_rest.contract.http.exchange import NOT_JSON, Exchange
from agora_rest.contract.results.curl import Curl
from agora_rest.contract.results.findings import Finding, Findings
from agora_rest.contract.traffic import present
from agora_rest.contract.traffic.har import Recorded, read
from agora_rest.contract.traffic.requests import request_breaches
from agora_rest.contract.traffic.routes import host_of, is_agora, is_named, resembled, route
from agora_rest.contract.traffic.sequence import Dated, Sequence, Step, step_of
from agora_rest.contract.traffic.shown import CREDENTIALS, secrets_of, shown, shown_path
from agora_rest.redaction import Secrets

PHASE: Final = "traffic"

_WITHOUT_BODY: Final = frozenset({"status_in_spec", "headers_in_spec"})
"""Checks that need no body."""

_MOST_UNMATCHED: Final = 200
"""Different requests to no operation that a report lists."""

_NO_ROUTE: Final = "no route matched"


class Unmatched(NamedTuple):
    """A request to a host of the two APIs that belongs to no operation of theirs."""

    method: str
    path: str
    status: int
    resembles: str
    """The operation whose path is most like it, as method and path; "" if none is."""


@dataclass
class Report:
    """The result of checking files."""

    findings: Findings = field(default_factory=Findings)
    """Each defect once."""
    exchanges: Counter[str] = field(default_factory=Counter)
    """Checked ones by operation ID."""
    other_hosts: Counter[str] = field(default_factory=Counter)
    """Passed over, by host."""
    other_paths: int = 0
    """Requests to hosts of the two APIs that belong to no operation."""
    unmatched: Counter[Unmatched] = field(default_factory=Counter)
    """Those of them that went to a host of Agora's or to a named one, and how often."""
    not_in_documents: Counter[tuple[str, str]] = field(default_factory=Counter)
    """Features that only the present API has, by operation: not checked, and not a breach of the contract."""
    ignored_members: Counter[tuple[str, str]] = field(default_factory=Counter)
    """Members of requests that the specifications do not declare, by operation: not known here, ignored."""
    unanswered: int = 0
    """Requests without a response, of which only the request was checked."""
    unseen_bodies: int = 0
    """Responses whose body is not in the file."""

    @property
    def checked(self) -> int:
        """How many exchanges were checked."""
        return self.exchanges.total()

    def newer(self, operation: str, what: str) -> None:
        """Note what only the present API has."""
        self.not_in_documents[operation, what] += 1

    def unknown(self, operation: str, what: str) -> None:
        """Note a member that the specifications do not declare."""
        self.ignored_members[operation, what] += 1


def check(stream: IO[bytes], report: Report, *, name: str = "", hosts: Iterable[str] = ()) -> None:
    """Check the HAR file in `stream` and add the result to `report`.

    name: what findings call the file. hosts: names of hosts that serve the two APIs beside Agora's and this machine.

    Raises HarError for a file that is not HAR.
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
            self._report.other_hosts[host_of(exchange.url) or "?"] += 1
            return
        way = route(exchange.method, exchange.url) if exchange.method != "OPTIONS" else None
        if way is None:
            yield from self._unmatched(recorded)
            return
        recorded = replace(recorded, exchange=replace(exchange, operation=way.operation), parameters=way.parameters)
        self._report.exchanges[way.operation or "?"] += 1
        if way.breach:
            yield self._finding(recorded, way.breach)
            return
        for breach in request_breaches(recorded, self._report):
            yield self._finding(recorded, breach)
        yield from self._response(recorded)
        yield from map(self._dated, self._sequence.look(self._step(recorded)))

    def _unmatched(self, recorded: Recorded) -> Iterator[Finding]:
        """A request to no operation: listed if the host serves other paths too; a finding if the server rejects it."""
        exchange = recorded.exchange
        self._report.other_paths += 1
        newer = present.operation(exchange.method, exchange.path)
        no_route = exchange.status >= 400 and _NO_ROUTE in (exchange.message or exchange.text[:500]).lower()
        if newer and not no_route:
            self._report.newer(newer, f"{exchange.method} {newer}")
            return
        like, path = resembled(exchange.path), shown_path(exchange.path)
        listed = Unmatched(exchange.method, path, exchange.status, like)
        named = exchange.method != "OPTIONS" and is_named(exchange.url, self._hosts)
        if named and (listed in self._report.unmatched or len(self._report.unmatched) < _MOST_UNMATCHED):
            self._report.unmatched[listed] += 1
        if no_route:
            expected = f"a documented operation, like {like}" if like else "a documented operation"
            got = f"{exchange.method} {path}: {exchange.status} no Route matched"
            yield self._finding(
                recorded, Breach("no_such_route", (), "A request goes to a path of the API", expected, got)
            )

    def _response(self, recorded: Recorded) -> Iterator[Finding]:
        if recorded.exchange.status == 0:
            self._report.unanswered += 1
            return
        self._report.unseen_bodies += not recorded.body_known
        judged = _completed(recorded)
        for finding in self._watch(judged.exchange).look(judged.exchange, PHASE):
            of_today = finding.check == "schema_of_answers" and recorded.parameters.get("mode") in present.MODES
            if (recorded.body_known or finding.check in _WITHOUT_BODY) and not of_today:
                yield self._shown(judged, finding)
        for breach in _echo(recorded):
            yield self._finding(recorded, breach)

    def _watch(self, exchange: Exchange) -> Watch:
        """The watch on one API of one server, which keeps to one dialect."""
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
        secrets = Secrets(secrets_of(exchange))

        def hidden(text: str) -> str:
            return secrets.hide_members(text.replace(exchange.summary(), shown(exchange).summary()))

        got = f"{hidden(finding.got)} [{self._place(recorded.number)}]"
        return replace(finding, expected=hidden(finding.expected), got=got)

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
    """Check that a response about a recording has the IDs of the request (CR-36, CR-41)."""
    if not recorded.exchange.succeeded or not recorded.body_known:
        return
    for member, parameter in (("resourceId", "resourceid"), ("sid", "sid")):
        said, asked = recorded.exchange.member(member), recorded.parameters.get(parameter)
        if isinstance(said, str) and asked is not None and said != asked:
            facts = ("CR-36",) if recorded.exchange.operation == "start_recording" else ("CR-39",)
            title = f"A response has the `{member}` of its request"
            yield Breach("ids_are_echoed", facts, title, asked, said)


def _completed(recorded: Recorded) -> Recorded:
    """`recorded`, its response with the members that servers are known to leave out.

    The App ID of a rule is that of the request, and a missing upload status of a stop is unknown.
    """
    exchange = recorded.exchange
    body = exchange.json
    if body is NOT_JSON or not recorded.body_known or not 200 <= exchange.status < 300:
        return recorded
    if exchange.operation == "list_kicking_rules" and isinstance(exchange.payload, dict):
        app_id = dict(parse_qsl(urlsplit(exchange.url).query)).get("appid", "")
        rules = exchange.payload.get("rules")
        _set_defaults(rules if isinstance(rules, list) else [], {"appid": app_id, "opid": 0})
    elif exchange.operation == "stop_recording" and exchange.member("serverResponse") is not None:
        _set_defaults([exchange.member("serverResponse")], {"uploadingStatus": "unknown", "fileList": ""})
    completed = json.dumps(body, ensure_ascii=False).encode("utf-8", "surrogatepass")
    return (
        recorded if body == json.loads(exchange.body) else replace(recorded, exchange=replace(exchange, body=completed))
    )


def _set_defaults(objects: list[Any], defaults: dict[str, Any]) -> None:
    for each in objects:
        if isinstance(each, dict):
            for name, value in defaults.items():
                each.setdefault(name, value)


class _ShownCurl(Curl):
    """Writes requests without their secrets."""

    def lines(self, exchanges: Iterable[Exchange]) -> tuple[str, ...]:
        """The requests of a sequence, in order."""
        return super().lines(map(shown, exchanges))


_SHOWN: Final = _ShownCurl("", Secrets([]), CREDENTIALS)
