"""The engine of schemathesis as a library: everything that uses its private parts.

Written against schemathesis 4.32.5, which pyproject.toml pins to 4.32. Private, and to be reviewed before the pin is
changed: `schemathesis.engine` (engine, events, recorder), `schemathesis.hooks.GLOBAL_HOOK_DISPATCHER` (the only place
for `before_call`), `send_probe` of `schemathesis.specs.openapi.checks` (what `ignored_auth` sends), the keys of
`SchemathesisConfig.from_dict` (those of schemathesis.toml).

Nothing is left behind in the process: the hooks pass over other schemas, the fence over other servers, both are taken
out again, and the adaptive caches on disk are off. With the same seed and a server that behaves the same, the same
requests are made.
"""

from __future__ import annotations

import copy
import io
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import requests
import requests.adapters
import schemathesis
import urllib3
import urllib3.connection
from schemathesis import Case, CheckContext, Response
from schemathesis.config import SchemathesisConfig
from schemathesis.core.failures import Failure
from schemathesis.engine import events, from_schema
from schemathesis.engine.recorder import ScenarioRecorder
from schemathesis.engine.run import INTERNAL_PHASES, PhaseName
from schemathesis.hooks import GLOBAL_HOOK_DISPATCHER, HookContext
from schemathesis.schemas import BaseSchema
from schemathesis.specs.openapi import checks as openapi_checks
from schemathesis.specs.openapi._auth_retry import send_probe

from agora_rest import spec
from agora_rest.contract.draws import drawn_by_seed_only
from agora_rest.contract.http.bounded import Unusable, read_bounded
from agora_rest.contract.http.exchange import Exchange
from agora_rest.contract.http.in_process import Application
from agora_rest.contract.http.trust import trusted_file
from agora_rest.contract.safety.bounds import Stopped
from agora_rest.contract.safety.gate import Gate, Refused

# How one run goes:
#
#     from_schema(document).execute()          the engine: phases of scenarios, in worker threads of its own
#       before_call(case)      ──► _before     put live IDs into the request (`prepare`), keep what that took
#       HTTPAdapter.send       ──► _fence      the gate: refuse, pace, bound, read; below every session of the engine
#       after_call(response)   ──► _after      keep the exchange under the case's ID, hand it on (`sent`)
#       event: ScenarioFinished──► _failures   failed checks of each case, with the chain of calls that led to it
#
# The engine catches what is raised in its hooks, so nothing that ends a run is raised there: the caller looks between
# two events. A request that is not sent gets a made-up 401 with the header `_WITHHELD`, and nothing that the engine
# concludes from it is reported.

_TIMEOUT = 10
"""Time limit for one response, in seconds; a slower response is a finding."""

_ADAPTER = requests.adapters.HTTPAdapter()

_METHODS = frozenset({"get", "post", "put", "patch", "delete"})

_WITHHELD = "agora-rest-withheld"
"""Marks the placeholder response that stands in for a request that was not sent."""

UNIT_PHASES = frozenset({"examples", "coverage", "fuzzing"})
"""Phases whose requests are independent; requests of other phases may follow from earlier responses."""


ALL_PHASES = UNIT_PHASES | {"stateful"}


@dataclass
class DrawnCall:
    """A request about to be sent: which operation, in which phase, and its parts, to be changed in place."""

    operation: str
    phase: str
    path: dict[str, Any]
    query: dict[str, Any]
    body: Any


@dataclass(frozen=True)
class PhaseBegan:
    """A phase begins."""

    phase: str


@dataclass(frozen=True)
class PhaseEnded:
    """A phase is over."""

    phase: str


@dataclass(frozen=True)
class Tested:
    """One operation was tested in a phase (in the stateful phase: one sequence of calls)."""

    phase: str
    label: str


@dataclass(frozen=True)
class FuzzFailed:
    """A check of schemathesis failed.

    operation: the one it was testing, also where it tried another method on its path. trail: the calls that lead there,
    the failing one last.
    """

    operation: str
    check: str
    phase: str
    title: str
    message: str
    trail: tuple[Exchange, ...]


@dataclass(frozen=True)
class Unanswered:
    """The server did not respond to a request, or closed the connection."""

    phase: str
    label: str
    message: str


class Trouble(Exception):  # noqa: N818  no error of the program's
    """Schemathesis failed; the message names the cause."""


Happening = PhaseBegan | PhaseEnded | Tested | FuzzFailed | Unanswered


@dataclass
class Plan:
    """Configuration of one run: the document, the URL and the phases."""

    document: dict[str, Any]
    base_url: str
    credentials: tuple[str, str] = field(repr=False)
    seed: int
    max_examples: int
    without: frozenset[str] = frozenset()
    """Operations that are left out. Without all that change something, only GET is sent at all."""
    own_methods_only: bool = False
    """Try no method that a path does not have."""
    edition: spec.Edition = "2019"
    """The edition of the documents that the server follows."""
    phases: frozenset[str] = ALL_PHASES
    """The phases to run."""
    application: Application | None = None
    """Called in place of a server at that URL."""
    exceptions: dict[str, Any] = field(default_factory=dict)
    """More settings of `generation`, `phases` and `operations`, as schemathesis.toml has them."""


class Run:
    """One run of the engine.

    gate: what every request passes through; a refused request is not sent, and its placeholder response is ignored.
    prepare: called before each request; may change its parts, and returns the requests it made for its sake.
    sent: called after each request with the phase. The exchange has no operation when its method was not the one of the
    operation.
    """

    def __init__(
        self,
        plan: Plan,
        gate: Gate,
        prepare: Callable[[DrawnCall], list[Exchange]],
        sent: Callable[[Exchange, str], None],
    ) -> None:
        self._plan, self._gate, self._prepare, self._sent = plan, gate, prepare, sent
        self._exchanges: dict[str, Exchange] = {}
        self._setups: dict[str, list[Exchange]] = {}
        self._withheld: set[str] = set()
        config = SchemathesisConfig.from_dict(_configuration(plan))
        self._schema: BaseSchema = schemathesis.openapi.from_dict(_document(plan), config=config)

    def __iter__(self) -> Generator[Happening, None, None]:
        fence = _fence(self._gate, self._plan.base_url, self._plan.application)
        with self._hooks(), fence, drawn_by_seed_only():
            stream = from_schema(self._schema).execute()
            try:
                for event in stream:
                    yield from self._translate(event)
            finally:
                # Where the consumer leaves early, the workers end in here: outside, the gate and the watchdog are gone.
                stream.stop()
                stream.generator.close()

    @contextmanager
    def _hooks(self) -> Iterator[None]:
        def before_call(_context: HookContext, case: Case[Any], _kwargs: dict[str, Any]) -> None:
            if case.operation.schema is self._schema:
                self._before(case)

        def after_call(_context: HookContext, case: Case[Any], response: Response) -> None:
            self._after(case, response)

        def seen_probe(ctx: CheckContext, parent: Case[Any], probe: Case[Any]) -> Response:
            response = send_probe(ctx, parent, probe)
            if probe.operation.schema is self._schema:
                self._after(probe, response)
            return response

        GLOBAL_HOOK_DISPATCHER.register_hook_with_name(before_call, "before_call")
        self._schema.hooks.register_hook_with_name(after_call, "after_call")
        # The requests of `ignored_auth`, which the hooks do not see.
        openapi_checks.send_probe = seen_probe  # type: ignore[attr-defined]
        try:
            yield
        finally:
            GLOBAL_HOOK_DISPATCHER.unregister(before_call)
            openapi_checks.send_probe = send_probe  # type: ignore[attr-defined]

    def _before(self, case: Case[Any]) -> None:
        call = DrawnCall(_operation_id(case), _phase_of(case), case.path_parameters, case.query, case.body)
        try:
            self._setups[case.id] = self._prepare(call)
        except Stopped:  # the caller ends the run; raised in here, it would end a worker of the engine
            self._setups[case.id] = []
        # What is valid stays valid and what is broken stays broken. Without these hooks, schemathesis would look at the
        # percent-encoded text of a path, which is valid where the text itself is not.
        case._sync_validated_hashes()  # noqa: SLF001

    def _after(self, case: Case[Any], response: Response) -> None:
        if _WITHHELD in response.headers:
            self._withheld.add(case.id)
            return
        own_method = case.method.upper() == case.operation.method.upper()
        exchange = _exchange(response, _operation_id(case) if own_method else "", self._plan.edition)
        self._exchanges[case.id] = exchange
        with suppress(Stopped):
            self._sent(exchange, _phase_of(case))

    def _translate(self, event: events.EngineEvent) -> Iterator[Happening]:
        if isinstance(event, events.PhaseStarted) and _is_run(event):
            yield PhaseBegan(event.phase.name.value)
        elif isinstance(event, events.PhaseFinished) and _is_run(event):
            yield PhaseEnded(event.phase.name.value)
        elif isinstance(event, events.ScenarioFinished):
            yield from self._failures(event.recorder, event.phase)
            for case_id in event.recorder.cases:
                self._exchanges.pop(case_id, None)
                self._setups.pop(case_id, None)
                self._withheld.discard(case_id)
            yield Tested(event.phase.value, event.label or "")
        elif isinstance(event, events.NonFatalError):
            phase = event.phase.value if event.phase else ""
            if not isinstance(event.value, requests.RequestException):
                raise Trouble(f"{event.label}: {event.info.format()}") from event.value
            yield Unanswered(phase, event.label, str(event.value))
        elif isinstance(event, events.FatalError):
            raise Trouble(str(event.exception)) from event.exception
        elif isinstance(event, events.Interrupted):
            raise KeyboardInterrupt

    def _failures(self, recorder: ScenarioRecorder, phase: PhaseName) -> Iterator[FuzzFailed]:
        for case_id, checks in recorder.checks.items():
            for check in checks:
                if check.failure_info is None or case_id in self._withheld:
                    continue
                failure: Failure = check.failure_info.failure
                trail = self._trail(case.id for case in recorder.iter_chain_cases(case_id=case_id))
                operation = _operation_id(recorder.cases[case_id].value)
                yield FuzzFailed(operation, check.name, phase.value, failure.title, failure.message, trail)

    def _trail(self, case_ids: Iterable[str]) -> tuple[Exchange, ...]:
        """The calls of these cases, each behind the ones made for its sake."""
        trail: list[Exchange] = []
        for case_id in case_ids:
            if case_id in self._exchanges:
                trail += [*self._setups.get(case_id, []), self._exchanges[case_id]]
        return tuple(dict.fromkeys(trail))


def _document(plan: Plan) -> dict[str, Any]:
    """A copy of the document to test from, because the loader modifies it."""
    document = copy.deepcopy(plan.document)
    for item in document["paths"].values():
        for method in _METHODS & item.keys():
            if item[method]["operationId"] in plan.without:
                del item[method]
            else:
                for response in item[method]["responses"].values():
                    _unlink(response, document, plan.without)
    return document


def _unlink(response: dict[str, Any], document: dict[str, Any], without: frozenset[str]) -> None:
    """Remove the links that lead to excluded operations from a response, which may be a shared one."""
    defined = document["components"].get("links", {})
    response = document["components"].get("responses", {}).get(response.get("$ref", "").rpartition("/")[2], response)
    for name, link in list(response.get("links", {}).items()):
        if defined.get(link.get("$ref", "").rpartition("/")[2], link).get("operationId") in without:
            del response["links"][name]


def _configuration(plan: Plan) -> dict[str, Any]:
    """The configuration of a run, in the words of schemathesis.toml."""
    user, password = map(str, plan.credentials)  # plain texts: schemathesis refuses those whose `repr` is hidden
    return {
        "seed": plan.seed,
        "base-url": plan.base_url,
        "auth": {"basic": {"username": user, "password": password}},
        "request-timeout": _TIMEOUT,
        "workers": 1,
        "continue-on-failure": True,
        # Learning from earlier runs or from responses would make a run depend on more than its seed.
        "cache": {"enabled": False},
        "analysis": {"constants": {"enabled": False}},
        "generation": {"max-examples": plan.max_examples, "database": "none", **plan.exceptions.get("generation", {})},
        "phases": _phases(plan),
        "operations": plan.exceptions.get("operations", []),
    }


def _phases(plan: Plan) -> dict[str, Any]:
    taught_by_responses = {"extra-data-sources": {"responses": False}}
    phases: dict[str, Any] = {
        "examples": {**taught_by_responses},
        "coverage": {**taught_by_responses},
        "fuzzing": {**taught_by_responses, "error-feedback": {"enabled": False}},
        "stateful": {},
    }
    if plan.own_methods_only:
        phases["coverage"]["unexpected-methods"] = []
    for phase, settings in plan.exceptions.get("phases", {}).items():
        phases[phase].update(settings)
    for phase in ALL_PHASES - plan.phases:
        phases[phase] = {"enabled": False}
    return phases


def _is_run(event: events.PhaseStarted | events.PhaseFinished) -> bool:
    return event.phase.is_enabled and event.phase.name not in INTERNAL_PHASES


def _operation_id(case: Case[Any]) -> str:
    found: str = case.operation.definition.raw["operationId"]
    return found


def _phase_of(case: Case[Any]) -> str:
    return case.meta.phase.name.value if case.meta else ""


@contextmanager
def _fence(gate: Gate, base_url: str, application: Application | None) -> Iterator[None]:
    """Have every request to the server pass the gate, and go out as those of the rest of a run do.

    The sessions of schemathesis are internal, some are used for one request only, and it retries requests. All of them
    end in one method of requests: that is where none goes round. No proxy of the environment counts there, and no
    certificates but those of `trust`.
    """
    server = _origin(base_url)
    adapter = requests.adapters.HTTPAdapter
    send = adapter.send

    def gated(self: Any, request: requests.PreparedRequest, **options: Any) -> requests.Response:
        url, body = request.url or "", request.body
        if not url.startswith(server):
            return send(self, request, **options)
        content = body if isinstance(body, bytes) else body.encode() if isinstance(body, str) else b""
        options |= {"proxies": {}, "verify": trusted_file(), "stream": True}
        options["timeout"] = gate.limited(_TIMEOUT)
        try:
            with gate.passing(request.method or "", url, content) as on_response:
                response = (
                    send(self, _completed(request, gate), **options)
                    if application is None
                    else _called(application, request)
                )
                response.request = request
                _read(response)
                on_response(response.status_code, response.headers, response.content)
                return response
        except Unusable as unusable:
            raise requests.ConnectionError(str(unusable), request=request) from unusable
        except (Refused, Stopped) as reason:
            return _withheld(request, reason)

    adapter.send = gated  # type: ignore[method-assign,assignment]
    try:
        # Looking for proxies in the environment takes longer than a request, and none counts at the server.
        with _no_proxies(server), _watched_sockets(gate):
            yield
    finally:
        adapter.send = send  # type: ignore[method-assign]


def _completed(request: requests.PreparedRequest, gate: Gate) -> requests.PreparedRequest:
    """`request` with the headers of the gate, which the engine does not see."""
    if not gate.headers:
        return request
    completed = request.copy()
    completed.headers.update(gate.headers)
    return completed


@contextmanager
def _watched_sockets(gate: Gate) -> Iterator[None]:
    """Register the connections of the engine with the watchdog, which shuts them when a request takes too long."""
    connection = urllib3.connection.HTTPConnection
    getresponse = connection.getresponse

    def tracked(self: Any) -> Any:
        if gate.watchdog is not None:
            gate.watchdog.track(self.sock)
        return getresponse(self)

    connection.getresponse = tracked  # type: ignore[method-assign]
    try:
        yield
    finally:
        connection.getresponse = getresponse  # type: ignore[method-assign]


@contextmanager
def _no_proxies(server: str) -> Iterator[None]:
    """Let `requests` look for no proxy in the environment for URLs of this server."""
    sessions: Any = requests.sessions
    look = sessions.get_environ_proxies

    def found(url: str, no_proxy: Any = None) -> Any:
        return {} if url.startswith(server) else look(url, no_proxy=no_proxy)

    sessions.get_environ_proxies = found
    try:
        yield
    finally:
        sessions.get_environ_proxies = look


def _called(application: Application, request: requests.PreparedRequest) -> requests.Response:
    """The response of an application that is called in this process."""
    body: Any = request.body or b""
    content = body if isinstance(body, bytes) else body.encode() if isinstance(body, str) else b"".join(body)
    fields = [(_bytes(name), _bytes(value)) for name, value in request.headers.items()]
    host = urlsplit(request.url or "").netloc.encode()
    response = application.send(request.method or "", request.path_url.encode(), [(b"host", host), *fields], content)
    named = ((name.decode("latin-1"), value.decode("latin-1")) for name, value in response.headers)
    return _response(request, response.status, named, response.content)


def _response(
    request: requests.PreparedRequest, status: int, fields: Iterable[tuple[str, str]], body: bytes
) -> requests.Response:
    """A response as an adapter of requests makes it. Schemathesis reads its headers off the raw one below."""
    headers = urllib3.HTTPHeaderDict()
    for name, value in fields:
        headers.add(name, value)
    raw = urllib3.HTTPResponse(io.BytesIO(body), headers, status, preload_content=False)
    return _ADAPTER.build_response(request, raw)


def _bytes(text: str | bytes) -> bytes:
    return text if isinstance(text, bytes) else text.encode("latin-1")


def _read(response: requests.Response) -> None:
    """Read a response as `requests` does, within the bounds of every response."""
    pieces = response.raw.stream(2**16, decode_content=False)
    try:
        body = read_bounded(pieces, response.headers.get("Content-Encoding", ""))
    except urllib3.exceptions.HTTPError as error:
        response.close()
        raise requests.ConnectionError(error, request=response.request) from error
    except Unusable:
        response.close()
        raise
    response._content = body  # noqa: SLF001  as requests' own tests do
    response._content_consumed = True  # noqa: SLF001


def _origin(url: str) -> str:
    """Where every URL of this server begins, spelled as requests spells it."""
    parts = urlsplit(requests.Request("GET", url).prepare().url or "")
    return f"{parts.scheme}://{parts.netloc}/"


def _withheld(request: requests.PreparedRequest, reason: BaseException) -> requests.Response:
    """Placeholder response for a request that was not sent: a 401, for which schemathesis reports least."""
    fields = [("content-type", "application/json"), (_WITHHELD, " ".join(str(reason).split()))]
    response = _response(request, 401, fields, b'{"message": "Invalid authentication credentials"}')
    _read(response)
    return response


def _exchange(response: Response, operation: str, edition: spec.Edition) -> Exchange:
    request = response.request
    body: Any = request.body or b""
    return Exchange(
        operation=operation,
        method=request.method or "",
        url=request.url or "",
        request_headers={name.lower(): _text(value) for name, value in request.headers.items()},
        request_body=body.encode() if isinstance(body, str) else body,
        status=response.status_code,
        headers={name.lower(): ", ".join(values) for name, values in response.headers.items()},
        body=response.content,
        elapsed=response.elapsed,
        edition=edition,
    )


def _text(value: str | bytes) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else value
