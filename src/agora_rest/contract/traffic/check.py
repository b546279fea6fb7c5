"""Checks recorded traffic against the specifications: each exchange alone, and all of them together.

An exchange is judged by the edition of the documents that knows it. What one edition knows and the other does not is
noted; what neither knows is a finding.

Findings show no secrets, even if the file is not redacted.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import IO, Any, Final, Literal, NamedTuple
from urllib.parse import urlsplit

from agora_rest import spec
from agora_rest.contract.checking.dialect import DialectWatch
from agora_rest.contract.checking.passive import Breach, Watch, conformance, facts_in
from agora_rest.contract.http.exchange import NOT_JSON, Exchange
from agora_rest.contract.results.curl import Curl
from agora_rest.contract.results.findings import Finding, Findings
from agora_rest.contract.traffic import modes
from agora_rest.contract.traffic.har import Recorded, read
from agora_rest.contract.traffic.requests import differences, request_breaches, undeclared_members
from agora_rest.contract.traffic.routes import Servers, address_of, host_of, resembled, route, undescribed
from agora_rest.contract.traffic.sequence import Sequence, observed
from agora_rest.contract.traffic.shown import CREDENTIALS, secrets_of, shown, shown_path
from agora_rest.redaction import Secrets
from agora_rest.state_models import Deviation, Observed

PHASE: Final = "traffic"

_WITHOUT_BODY: Final = frozenset({"status_in_spec", "headers_in_spec"})
"""Checks that need no body."""

_MOST_UNMATCHED: Final = 200
"""Different requests to no operation that a report lists."""

_MOST_ADDRESSES: Final = 20
"""Base URLs that a report suggests."""

_NO_ROUTE: Final = "no route matched"


Known = Literal["both", "2019", "current", "parts", "neither"]
"""Which edition of the documents knows an exchange. `parts`: one knows the request, the other the response."""


class Unmatched(NamedTuple):
    """A request to a host of the two APIs that belongs to no operation of theirs."""

    method: str
    path: str
    status: int
    resembles: str
    """The operation whose path is most like it, as method and path; "" if none is."""
    base_url: str = ""
    """The base URL below which the request would call that operation; "" if there is none."""


@dataclass
class Report:
    """The result of checking files."""

    findings: Findings = field(default_factory=Findings)
    """Each defect once."""
    exchanges: Counter[str] = field(default_factory=Counter)
    """Checked ones by operation ID."""
    statuses: set[tuple[str, int]] = field(default_factory=set)
    """The operations of those, each with the statuses that came."""
    other_hosts: Counter[str] = field(default_factory=Counter)
    """Passed over, by host."""
    addresses: Counter[str] = field(default_factory=Counter)
    """Base URLs that were not named, and how many requests below each look like calls of the two APIs."""
    other_paths: int = 0
    """Requests to hosts of the two APIs that belong to no operation."""
    unmatched: Counter[Unmatched] = field(default_factory=Counter)
    """Those of them that went to a host of Agora's or to a named one, and how often."""
    known_to: Counter[tuple[str, Known]] = field(default_factory=Counter)
    """Which edition of the documents knows the checked exchanges, by operation ID."""
    not_in_documents: Counter[tuple[str, str]] = field(default_factory=Counter)
    """Features that only the present documents have, by operation: no breach of the contract."""
    not_in_present: Counter[tuple[str, str]] = field(default_factory=Counter)
    """Features that only the documents of 2019 have, by operation."""
    ignored_members: Counter[tuple[str, str]] = field(default_factory=Counter)
    """Members of requests that neither edition declares, by operation: not known here, ignored."""
    unanswered: int = 0
    """Requests without a response, or with one that an injected fault decided: only the request was checked."""
    unseen_bodies: int = 0
    """Responses whose body is not in the file."""
    assumed: int = 0
    """Findings that rest on the assumption that others changed nothing, see `check`."""
    seen: dict[tuple[str, ...], tuple[float, float]] = field(default_factory=dict)
    """When each defect was seen first and last, Unix seconds, by the key of its finding."""

    @property
    def checked(self) -> int:
        """How many exchanges were checked."""
        return self.exchanges.total()

    @property
    def has_judged(self) -> bool:
        """Whether anything was checked: a report without findings says nothing otherwise."""
        return bool(self.checked or self.findings)

    def found(self, finding: Finding, at: float | None, *, doubtful: bool = False) -> None:
        """Take a finding in, seen at a time. doubtful: whether it assumes that others changed nothing."""
        if at is not None:
            first, last = self.seen.get(finding.key, (at, at))
            self.seen[finding.key] = min(first, at), max(last, at)
        self.assumed += doubtful
        self.findings.add(finding)

    def only_in(self, edition: spec.Edition, operation: str, what: str) -> None:
        """Note what the documents of one edition have and those of the other do not."""
        notes = self.not_in_documents if edition == "current" else self.not_in_present
        notes[operation, what] += 1

    def unknown(self, operation: str, what: str) -> None:
        """Note a member that neither edition declares."""
        self.ignored_members[operation, what] += 1


def check(
    stream: IO[bytes],
    report: Report,
    *,
    name: str = "",
    hosts: Iterable[str] = (),
    base_urls: Iterable[str] = (),
    undisturbed: float = 0.0,
) -> None:
    """Check the HAR file in `stream` and add the result to `report`.

    name: what findings call the file. hosts, base_urls: servers beside Agora's and this machine, see `Servers`.
    undisturbed: seconds within which others changed nothing between two exchanges, see `StateModels`.

    Raises HarError for a file that is not HAR, ValueError for an invalid host name or base URL.
    """
    _Check(report, name, Servers(hosts, base_urls), undisturbed).run(stream)


@dataclass
class _Server:
    """One API of one server, which keeps to one dialect."""

    watch: Watch
    edition: spec.Edition = "2019"
    """The edition of the documents that it follows: the present one as soon as an exchange shows it."""
    shown: spec.Edition | None = None
    """The edition that a response has shown; None before that."""


class _Part(NamedTuple):
    """The breaches in the request, or in the response, of an exchange by edition."""

    breaches: dict[spec.Edition, list[Breach]]
    """By each edition that has the operation."""

    @property
    def known(self) -> frozenset[spec.Edition]:
        """The editions that know it."""
        return frozenset(edition for edition, broken in self.breaches.items() if not broken)

    def judge(self, preferred: spec.Edition) -> spec.Edition:
        """The edition to judge it by: the one with fewer breaches.

        If both have as many, it is `preferred` if they are the same ones, and else the present edition.
        """
        if len(self.breaches) == 1:
            return next(iter(self.breaches))
        counts = {edition: len(broken) for edition, broken in self.breaches.items()}
        if counts["2019"] != counts["current"]:
            return min(spec.EDITIONS, key=lambda edition: counts[edition])
        titles = [[each.title for each in self.breaches[edition]] for edition in spec.EDITIONS]
        return preferred if titles[0] == titles[1] else "current"


class _Check:
    """The check of one file."""

    def __init__(self, report: Report, name: str, served: Servers, undisturbed: float) -> None:
        self._report, self._name, self._served = report, name, served
        self._servers: dict[tuple[str, spec.Api], _Server] = {}
        self._sequence = Sequence(undisturbed)
        self._clock = 0.0

    def run(self, stream: IO[bytes]) -> None:
        for recorded in read(stream):
            for finding in self._look(recorded):
                self._report.found(finding, recorded.started)
        for deviation in self._sequence.rest():
            self._across(deviation)

    def _look(self, recorded: Recorded) -> Iterator[Finding]:
        exchange = recorded.exchange
        place = self._served.place(exchange.url)
        if place is None:
            self._report.other_hosts[host_of(exchange.url) or "?"] += 1
            self._suggest(exchange)
            return
        way = route(exchange.method, place.path) if exchange.method != "OPTIONS" else None
        if way is None:
            yield from self._unmatched(recorded, place.path)
            return
        recorded = replace(recorded, exchange=replace(exchange, operation=way.operation), parameters=way.parameters)
        self._report.exchanges[way.operation or "?"] += 1
        if way.operation:
            self._report.statuses.add((way.operation, exchange.status))
        if way.breach:
            yield self._finding(recorded, way.breach)
            return
        yield from self._judge(recorded)
        for deviation in self._sequence.observe(self._observed(recorded)):
            self._across(deviation)

    def _judge(self, recorded: Recorded) -> Iterator[Finding]:
        """Judge an exchange by the edition that knows it."""
        operation = recorded.exchange.operation
        server, views = self._server(recorded.exchange), _views(recorded)
        of_mode = list(modes.request_breaches(recorded))
        permits_http = self._served.permits_http(recorded.exchange.url)
        request = _Part(
            {edition: [*request_breaches(view, permits_http=permits_http), *of_mode] for edition, view in views.items()}
        )
        edition = request.judge(server.edition)
        self._note_request(views, request, edition)
        for breach in request.breaches[edition]:
            yield self._finding(views[edition], breach)
        declared = _declaring(views)
        response = self._response_part(views, server)
        self._report.known_to[operation, _known(request.known & declared or request.known, response)] += 1
        if response is None:
            self._report.unanswered += 1
            return
        spoken = edition if not response.known and len(request.known) == 1 else response.judge(server.edition)
        if response.known == {"current"} or (recorded.exchange.succeeded and request.known == {"current"}):
            server.edition = server.shown = "current"
        elif response.known == {"2019"} and len(views) == len(spec.EDITIONS) and server.shown is None:
            server.shown = "2019"
        yield from self._response(views[spoken], server, response)

    def _note_request(self, views: dict[spec.Edition, Recorded], request: _Part, edition: spec.Edition) -> None:
        """Note what one edition has and the other does not, and the members that neither has."""
        operation = views[edition].exchange.operation
        others = [each for each in views if each != edition]
        if not others:
            self._report.only_in(edition, operation, "this call")
        for other in others:
            if request.breaches[other]:
                here = set(differences(views[edition]))
                for what in dict.fromkeys(each for each in differences(views[other]) if each not in here):
                    self._report.only_in(edition, operation, what)
        undeclared = {each: undeclared_members(view) for each, view in views.items()}
        for name in sorted(frozenset.intersection(*undeclared.values())):
            self._report.unknown(operation, f"`{name}`")
        for other in others:
            for name in sorted(undeclared[other] - undeclared[edition]):
                self._report.only_in(edition, operation, f"`{name}`")
            for name in sorted(undeclared[edition] - undeclared[other]):
                self._report.only_in(other, operation, f"`{name}`")

    def _suggest(self, exchange: Exchange) -> str:
        """Note the base URL below which an exchange calls an operation, as far as it may be shown."""
        address = address_of(exchange.method, exchange.url)
        if not address or shown_path(urlsplit(address).path) != urlsplit(address).path:
            return ""
        if address in self._report.addresses or len(self._report.addresses) < _MOST_ADDRESSES:
            self._report.addresses[address] += 1
        return address

    def _unmatched(self, recorded: Recorded, path: str) -> Iterator[Finding]:
        """A request to no operation: listed if the host serves other paths too; a finding if the server rejects it."""
        exchange = recorded.exchange
        self._report.other_paths += 1
        newer = undescribed(path)
        no_route = exchange.status >= 400 and _NO_ROUTE in (exchange.message or exchange.text[:500]).lower()
        if newer and not no_route:
            self._report.only_in("current", "a request", newer)
            return
        address, seen = self._suggest(exchange), shown_path(exchange.path)
        like = resembled(exchange.path.removeprefix(urlsplit(address).path) if address else path)
        listed = Unmatched(exchange.method, seen, exchange.status, like, address)
        named = exchange.method != "OPTIONS" and (address or self._served.serves_nothing_else(exchange.url))
        if named and (listed in self._report.unmatched or len(self._report.unmatched) < _MOST_UNMATCHED):
            self._report.unmatched[listed] += 1
        if no_route:
            expected = f"a documented operation, like {like}" if like else "a documented operation"
            got = f"{exchange.method} {seen}: {exchange.status} no Route matched"
            yield self._finding(
                recorded, Breach("no_such_route", (), "A request goes to a path of the API", expected, got)
            )

    def _response_part(self, views: dict[spec.Edition, Recorded], server: _Server) -> _Part | None:
        """The breaches in a response by edition; None if there is no response."""
        if any(view.exchange.status == 0 for view in views.values()):
            return None
        breaches = {}
        of_today = modes.is_result_of_today(next(iter(views.values())))
        for edition, view in views.items():
            if of_today and edition != "current":  # its schemas are open: they do not look into what they do not know
                continue
            judged = _completed(view)
            found = conformance(judged.exchange, server.watch.dialect.dialect)
            breaches[edition] = [each for each in found if view.body_known or each.check in _WITHOUT_BODY]
            breaches[edition] += modes.response_breaches(view)
        return _Part(breaches)

    def _response(self, recorded: Recorded, server: _Server, response: _Part) -> Iterator[Finding]:
        self._report.unseen_bodies += not recorded.body_known
        edition = recorded.exchange.edition
        for other, breaches in response.breaches.items():
            if other != edition and not response.breaches[edition]:
                for breach in breaches:
                    self._report.only_in(edition, recorded.exchange.operation, _different(breach, recorded.exchange))
        judged = _completed(recorded)
        for finding in server.watch.inspect(judged.exchange, PHASE):
            if recorded.body_known or finding.check in _WITHOUT_BODY:
                yield self._shown(judged, finding)
        for breach in (*_echo(recorded), *modes.response_breaches(recorded)):
            yield self._finding(recorded, breach)
        if server.edition == "current" or recorded.parameters.get("mode") == "web":
            of_today = replace(recorded, exchange=replace(recorded.exchange, edition="current"))
            for breach in modes.upload_breaches(of_today):
                yield self._finding(of_today, breach)

    def _server(self, exchange: Exchange) -> _Server:
        """The server of an exchange, as far as its API goes."""
        key = (self._address(exchange), spec.operation(exchange.operation).api)
        if key not in self._servers:
            self._servers[key] = _Server(Watch(DialectWatch(), _SHOWN, Secrets([])))
        return self._servers[key]

    def _address(self, exchange: Exchange) -> str:
        """Host, port and path of a server."""
        place = self._served.place(exchange.url)
        return urlsplit(exchange.url).netloc + (place.prefix if place else "")

    def _observed(self, recorded: Recorded) -> Observed:
        credentials = recorded.exchange.request_headers.get("authorization", "")
        account = hashlib.sha256(f"{self._address(recorded.exchange)} {credentials}".encode()).hexdigest()
        seen = observed(recorded, account, self._clock, self._server(recorded.exchange).shown)
        self._clock = seen.sent
        return seen

    def _finding(self, recorded: Recorded, breach: Breach) -> Finding:
        finding = Finding(
            operation=recorded.exchange.operation,
            facts=facts_in(breach.facts, recorded.exchange.edition),
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

    def _across(self, deviation: Deviation) -> None:
        """Take in a deviation that shows across exchanges."""
        seen = deviation.seen
        finding = Finding(
            operation=seen.operation,
            facts=facts_in(deviation.facts, seen.edition or "2019") or deviation.facts,
            title=deviation.title,
            expected=deviation.expected,
            got=f"{deviation.got} [{self._place(seen.number)}]",
            check=deviation.check,
            phase=PHASE,
        )
        self._report.found(finding, seen.sent if seen.unix else None, doubtful=deviation.doubtful)

    def _place(self, number: int) -> str:
        return f"{self._name}: exchange {number}" if self._name else f"exchange {number}"


def _views(recorded: Recorded) -> dict[spec.Edition, Recorded]:
    """An exchange as one of each edition that describes its operation."""
    found: dict[spec.Edition, Recorded] = {}
    for edition in spec.EDITIONS:
        operation = spec.operations(edition).get(recorded.exchange.operation)
        if operation is not None and not operation.is_deprecated:
            found[edition] = replace(recorded, exchange=replace(recorded.exchange, edition=edition))
    return found


def _declaring(views: dict[spec.Edition, Recorded]) -> frozenset[spec.Edition]:
    """The editions that declare every member of a request that any edition declares."""
    undeclared = {edition: undeclared_members(view) for edition, view in views.items()}
    known_to_none = frozenset.intersection(*undeclared.values())
    return frozenset(edition for edition, names in undeclared.items() if names == known_to_none)


def _known(request: frozenset[spec.Edition], response: _Part | None) -> Known:
    """Which edition knows an exchange, given those that know its request and what they say of the response."""
    answered = request if response is None else response.known
    if not request or not answered:
        return "neither"
    if len(request & answered) == 1:
        return next(iter(request & answered))
    return "both" if request & answered else "parts"


def _different(breach: Breach, exchange: Exchange) -> str:
    """The part of a response that an edition does not know, in short."""
    if breach.check == "status_in_spec":
        return f"status {exchange.status}"
    if exchange.enveloped:
        return "the envelope of responses"
    return f"the response at `{breach.title.rpartition(' at ')[2]}`"


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
        app_id = exchange.query.get("appid", "")
        rules = exchange.payload.get("rules")
        _set_defaults(rules if isinstance(rules, list) else [], {"appid": app_id, "opid": 0})
    elif exchange.operation == "stop_recording" and recorded.parameters.get("mode") != "web":
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
