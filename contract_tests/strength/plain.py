"""Plain schemathesis, as a fair rival: all its checks, the same specifications, credentials and number of examples.

It runs with the project's own schemathesis.toml, which keeps it from false alarms, and on an emulator without a rate
limit, or most of what it sends would be refused. What the examples of the documents name is there: they name its App ID
and project, users are in their channel, and what they delete or switch off is a project that nothing else needs.
"""

from __future__ import annotations

import copy
import pickle
import sys
import time
import tomllib
from asyncio import run
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import date
from functools import cache, lru_cache
from pathlib import Path
from types import CodeType, FrameType
from typing import Any, Final, NamedTuple

import schemathesis
from faults import asgi, middleware, patches
from faults.catalogue.blind import concurrency
from faults.fault import Dialect, Fault, emulator, planted
from faults.middleware import At, Edge
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import Status, events, from_schema

from agora_rest import spec
from agora_rest.contract.checking.leniency import is_taken_anyway
from agora_rest.emulator import DEMO_APP_ID, DEMO_ID, DEMO_NAME, Emulator, Minutes, Mode
from agora_rest.emulator.web.messages import Message, Receive, Scope, Send
from strength.in_process import Answer, by_itself, in_process
from strength.trial import PLAIN, TrialResult

CONFIGURATION: Final = Path(__file__).parents[2] / "schemathesis.toml"

_PROJECT: Final = "xxxx"
_AT_HOME: Final = {"4855xxxxxxxxxxxxxxxxxxxxxxxxeae2": DEMO_APP_ID, "project1": DEMO_NAME, "id1": DEMO_ID}
"""Names in the documents' examples to the emulator's names for the same things."""
_TAKEN: Final = {
    "include-operation-id": "create_project",
    "checks": {"positive_data_acceptance": {"expected-statuses": ["2xx", "400"]}},
}
"""Two projects of one name are a 400 today (CO-70), and no schema knows which names are taken."""
SPARE: Final = {"delete_project": "to-be-deleted", "set_project_status": "to-be-switched"}
"""The projects of those operations that leave one behind which is of no more use."""


Function = tuple[str, int, str]
"""The file, the first line and the name of a function."""


class Exchange(NamedTuple):
    """A request as it reached the application, and what it answered."""

    scope: dict[str, Any]
    content: bytes
    answer: Answer


def plain(fault: Fault, recordings: Path, *, seed: int = 1, max_examples: int) -> TrialResult:
    """Run schemathesis on a fault from its beginning, up to its first failure: `trunk` has the same result sooner.

    With the same seed and the same answers it sends the same requests: so a fault that answers every request of the run
    without a fault as ever cannot be noticed, and need not be waited for.
    """
    started = time.monotonic()
    for api in sorted(spec.APIS, key=lambda api: api not in fault.apis):
        if changes(fault, load(recordings, api, fault.dialect)):
            result = plain_on(api, fault, seed=seed, max_examples=max_examples)
            if result.caught:
                return replace(result, seconds=time.monotonic() - started)
    return TrialResult(PLAIN, "", "", (), time.monotonic() - started)


def plain_on(api: spec.Api, fault: Fault, *, seed: int = 1, max_examples: int) -> TrialResult:
    """The same on one API, whether or not the fault changes an answer."""
    started = time.monotonic()
    with emulator(fault.dialect, fault) as broken, in_process(broken.app) as url, by_itself():
        furnish(broken)
        for phase, failure in failures(api, url, seed, max_examples, fault.dialect):
            return TrialResult(PLAIN, phase, failure, (), time.monotonic() - started)
    return TrialResult(PLAIN, "", "", (), time.monotonic() - started)


def failures(
    api: spec.Api, url: str, seed: int, max_examples: int, dialect: Dialect = "documented"
) -> Iterator[tuple[str, str]]:
    """Run schemathesis; every failure as its phase and its check. Raises RuntimeError when it cannot do its work."""
    schema = schemathesis.openapi.from_dict(
        document_of(api, spec.edition_of(dialect)), config=_configuration(api, url, seed, max_examples, dialect)
    )
    stream = from_schema(schema).execute()
    try:
        for event in stream:
            yield from failures_in(event, dialect)
    finally:
        stream.stop()


def failures_in(event: object, dialect: Dialect) -> Iterator[tuple[str, str]]:
    """The failures in an event of the engine, each as its phase and its check."""
    if isinstance(event, events.ScenarioFinished):
        for case_id, checks in event.recorder.checks.items():
            case = event.recorder.cases[case_id].value
            for check in checks:
                if check.status is not Status.SUCCESS and not _is_no_breach(check.name, case, dialect):
                    yield event.phase.value, check.name
    elif isinstance(event, events.NonFatalError | events.FatalError):
        # What breaks the engine, such as an answer that never comes, is shown to its user as an error.
        yield "errors", type(event).__name__


def _is_no_breach(check: str, case: schemathesis.Case[Any], dialect: Dialect) -> bool:
    """Whether a check fails because of a body that breaks its schema and that servers take: null, digits in quotes."""
    operation = case.operation.definition.raw["operationId"]
    return check == "negative_data_rejection" and is_taken_anyway(
        operation, case.body, observed=dialect == "observed", edition=spec.edition_of(dialect)
    )


def record(api: spec.Api, dialect: Dialect, recordings: Path, *, seed: int = 1, max_examples: int) -> Sequence[str]:
    """Run schemathesis on the emulator as it is and keep every exchange; returns the failures, all of them false."""
    exchanges, false = _without_fault(api, dialect, seed, max_examples)
    _file(recordings, api, dialect).write_bytes(pickle.dumps((exchanges, called_for(exchanges, dialect))))
    return false


@cache
def _without_fault(
    api: spec.Api, dialect: Dialect, seed: int, max_examples: int
) -> tuple[Sequence[Exchange], Sequence[str]]:
    """The exchanges and the false failures of a run on the emulator as it is."""
    with emulator(dialect) as right:
        furnish(right)
        recorder = Recorder(right)
        with in_process(recorder) as url, by_itself():
            false = [check for _, check in failures(api, url, seed, max_examples, dialect)]
    return recorder.exchanges, false


def warm_up(api: spec.Api, dialect: Dialect, *, seed: int, max_examples: int) -> None:
    """Let this process have made a run, so that what schemathesis and Hypothesis keep is there before it is forked."""
    _without_fault(api, dialect, seed, max_examples)


def changes_in_run(fault: Fault, api: spec.Api, recordings: Path) -> dict[int, Answer]:
    """The answers of the run without faults on one API that the fault changes, by their place.

    A fault in functions that the emulator never calls in that run changes none.
    """
    exchanges, called = _load(recordings, api, fault.dialect)
    return changes(fault, exchanges) if may_reach(fault, called) else {}


def may_reach(fault: Fault, called: frozenset[Function]) -> bool:
    """Whether the fault is at the edge, or in anything but functions that are not among these."""
    codes = [patch.code for patch in fault.patches]
    return not codes or any(code is None or _function_of(code) in called for code in codes)


def called_for(exchanges: Sequence[Exchange], dialect: Dialect) -> frozenset[Function]:
    """The functions that an emulator without a fault calls for these answers."""
    called: set[Function] = set()

    def note(frame: FrameType, event: str, _: object) -> None:
        if event == "call":
            called.add(_function_of(frame.f_code))

    async def ask(app: Any) -> None:
        for each in exchanges:
            await answer_of(app, each)

    sys.setprofile(note)
    try:
        with emulator(dialect) as right:
            furnish(right)
            run(ask(right.app))
    finally:
        sys.setprofile(None)
    return frozenset(called)


def _function_of(code: CodeType) -> Function:
    return code.co_filename, code.co_firstlineno, code.co_name


def changes(fault: Fault, exchanges: Sequence[Exchange]) -> dict[int, Answer]:
    """The answers that the fault changes, asked for in this order, by their place."""
    with alone():
        return run(_changes(fault, exchanges))


async def _changes(fault: Fault, exchanges: Sequence[Exchange]) -> dict[int, Answer]:
    found = await changes_at_the_edge(fault, exchanges)
    if found is None:
        with planted(fault.dialect, fault) as broken:
            furnish(broken)
            found = {place: await answer_of(broken.app, each) for place, each in enumerate(exchanges)}
    return {place: answer for place, answer in found.items() if answer != exchanges[place].answer}


async def changes_at_the_edge(fault: Fault, exchanges: Sequence[Exchange]) -> dict[int, Answer] | None:
    """All answers of a fault at the edge, without the emulator; None if the emulator has to be asked.

    Behind the edge are the recorded answers. As long as each request passes it once and unchanged, an emulator there is
    in the state of the one that was recorded, and its answers are known. This costs a fifth of asking an emulator.
    """
    if not isinstance(fault.plant, At):
        return None
    behind = _Recorded()
    edge, found = Edge(behind, fault.plant.make()), {}
    for place, exchange in enumerate(exchanges):
        behind.turn_to(exchange)
        found[place] = await answer_of(edge, exchange)
        if behind.passed != 1:
            return None
    return found


@contextmanager
def alone() -> Iterator[None]:
    """Let no call wait for others to come in: schemathesis makes one after the other."""
    with ExitStack() as changed:
        for module in (middleware, concurrency):
            changed.enter_context(patches.value(module, "MEANWHILE", 0.0).applied())
        yield


class _Recorded:
    """An application that has one recorded answer to one recorded request."""

    def __init__(self) -> None:
        self.app = self  # where `Edge` looks for what is behind it
        self.passed = 0
        """How many requests came; another one than the recorded counts as many."""
        self._exchange: Exchange | None = None

    def turn_to(self, exchange: Exchange) -> None:
        """The next request is this one."""
        self._exchange, self.passed = exchange, 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI's entry."""
        assert self._exchange is not None
        if not is_same_request(self._exchange, scope, (await receive())["body"]):
            self.passed = _STRAYED
            raise ValueError("the fault changes this request")
        self.passed += 1
        status, headers, body = self._exchange.answer
        await send({"type": "http.response.start", "status": status, "headers": list(headers)})
        await send({"type": "http.response.body", "body": body})


_STRAYED: Final = -1_000_000


def is_same_request(exchange: Exchange, scope: Scope, content: bytes) -> bool:
    """Whether a request is that of an exchange, but for the number that schemathesis gives it."""
    return content == exchange.content and _content_of(scope) == _content_of(exchange.scope)


def _content_of(scope: Scope) -> tuple[Any, ...]:
    """A request without its body, its length and the number of schemathesis' case."""
    headers = sorted((name, value) for name, value in scope["headers"] if name not in _IGNORED)
    return scope["method"], scope["raw_path"], scope["query_string"], headers


_IGNORED: Final = (b"content-length", b"x-schemathesis-testcaseid")


def load(recordings: Path, api: spec.Api, dialect: Dialect) -> list[Exchange]:
    """The exchanges that `record` kept."""
    return _load(recordings, api, dialect)[0]


@lru_cache(maxsize=6)
def _load(recordings: Path, api: spec.Api, dialect: Dialect) -> tuple[list[Exchange], frozenset[Function]]:
    kept: tuple[list[Exchange], frozenset[Function]] = pickle.loads(_file(recordings, api, dialect).read_bytes())
    return kept


def furnish(emulator: Emulator) -> None:
    """Put there what the documents' examples speak of, beside the project that any emulator has."""
    for spare in SPARE.values():
        emulator.add_project(spare, project_id=spare)
    emulator.join(DEMO_APP_ID, "channel1", (527841, 527842))
    emulator.join(DEMO_APP_ID, "lkj144", (1, 2), mode=Mode.LIVE)
    emulator.seed_minutes(DEMO_ID, date(2015, 1, 1), Minutes(audio=5, sd=6, hd=7, hdp=8))


def document_of(api: spec.Api, edition: spec.Edition) -> dict[str, Any]:
    """The document of an API, whose examples name what the emulator has, without operations that are gone."""
    document = copy.deepcopy(spec.document(api, edition))
    for item in document["paths"].values():
        for method in [name for name, each in item.items() if isinstance(each, dict) and each.get("deprecated")]:
            del item[method]
    document["paths"] = {path: item for path, item in document["paths"].items() if item}
    for item in document["paths"].values():
        for operation in item.values():
            if isinstance(operation, dict):
                names = {**_AT_HOME, _PROJECT: SPARE.get(operation["operationId"], DEMO_ID)}
                _rename(operation.get("parameters"), names)
                _rename(operation.get("requestBody"), names)
    _rename(document["components"]["parameters"], _AT_HOME)
    return document


def _rename(part: Any, names: dict[Any, str]) -> None:
    """Replace the examples' IDs, wherever they stand."""
    for key, value in list(part.items() if isinstance(part, dict) else enumerate(part or ())):
        if isinstance(value, dict | list):
            _rename(value, names)
        elif value in names:
            part[key] = names[value]


def _file(recordings: Path, api: spec.Api, dialect: Dialect) -> Path:
    return recordings / f"{api}-{dialect}.pickle"


def _configuration(api: spec.Api, url: str, seed: int, max_examples: int, dialect: Dialect) -> SchemathesisConfig:
    settings = tomllib.loads(CONFIGURATION.read_text(encoding="utf-8"))
    for project in settings["project"]:
        project["base-url"] = url + spec.prefix(api)
        if dialect == "current":
            project["operations"].append(_TAKEN)
    settings["seed"] = seed
    settings["generation"] |= {"max-examples": max_examples, "database": "none"}
    settings["cache"] = {"enabled": False}  # what it learned on one fault is not for the next one
    settings["request-timeout"] = 10
    if dialect != "documented":  # a method that a path does not have is 404 in the others, and not 405
        settings["checks"] = {"unsupported_method": {"enabled": False}}
    return SchemathesisConfig.from_dict(settings)


class Recorder:
    """An application that keeps what went through it."""

    def __init__(self, emulator: Emulator) -> None:
        self._app = emulator.app
        self.exchanges: list[Exchange] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        content = await middleware.body_of(receive)
        sent: list[Message] = []

        async def receive_again() -> Message:
            return {"type": "http.request", "body": content, "more_body": False}

        async def keep_and_send(message: Message) -> None:
            sent.append(message)
            await send(message)

        await self._app(scope, receive_again, keep_and_send)
        kept = {name: scope[name] for name in ("type", "method", "path", "raw_path", "query_string", "headers")}
        self.exchanges.append(Exchange(kept, content, _answer_in(sent)))


async def answer_of(app: Any, exchange: Exchange) -> Answer:
    """What an application answers to the request of an exchange."""
    try:
        answer = await asgi.exchange(app, dict(exchange.scope), exchange.content)
    except Exception as error:  # noqa: BLE001  another response than the recorded one; the run itself shows which
        return (repr(error),)
    return answer.status, sorted(map(tuple, answer.headers)), answer.content


def _answer_in(sent: list[Message]) -> Answer:
    body = b"".join(message["body"] for message in sent[1:])
    return sent[0]["status"], sorted(map(tuple, sent[0]["headers"])), body
