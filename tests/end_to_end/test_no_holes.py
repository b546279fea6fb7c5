"""Every operation of the present documents, in each of its modes, is in every part: no cell of this table is empty.

Nothing here lists what the parts have. A column is what a part sends when it is used, seen by an emulator or a router.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import json
import shlex
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import httpx
import pytest
import typer.main
from faults.caller import Caller
from faults.catalogue import catalogue
from faults.fault import emulator as emulator_of
from faults.servers import faulty_server
from sybil import Sybil
from typer.testing import CliRunner

from agora_rest import Agora, AsyncAgora, spec
from agora_rest.cli._app import app
from agora_rest.client.clocks import Clock
from agora_rest.contract.checking.checks import Check, all_checks
from agora_rest.contract.http.exchange import Exchange
from agora_rest.contract.outcomes import Skipped
from agora_rest.contract.samples import Ids, Sample
from agora_rest.contract.traffic.routes import route
from agora_rest.emulator import DEMO_APP_ID, Emulator, FrozenClock
from agora_rest.emulator.rules import Target
from agora_rest.mocks import AgoraRouter
from contract_tests.calls import CALLS
from contract_tests.recorded import CURRENT, Example
from contract_tests.tour import modes, tour
from tests.test_docs import DOCS, PARSERS, Stage

Cell = tuple[str, str]
"""An operation and a mode. `acquire` has no mode in its path: its scene is `web`, or that of the other two."""

Asked = tuple[str, str, Any]
"""The method, the URL and the JSON body of a request."""

WEB_SCENE: Final = 1
"""The scene of a web page (CR-83)."""


def rows() -> set[Cell]:
    """The operations that the present documents describe, each in its modes; "" for one that has none."""
    found: set[Cell] = set()
    for operation in spec.operations("current").values():
        if operation.is_deprecated:
            continue
        allowed = next((each.schema["enum"] for each in operation.parameters if each.name == "mode"), [""])
        found |= {(operation.id, mode) for mode in (["channel", "web"] if operation.id == "acquire" else allowed)}
    return found


ROWS: Final = rows()


def cell(operation: str, parameters: Mapping[str, str], sent: Any) -> Cell:
    """The cell of a request."""
    if operation != "acquire":
        return operation, parameters.get("mode", "")
    client = sent.get("clientRequest") if isinstance(sent, dict) else None
    scene = client.get("scene") if isinstance(client, dict) else None
    return operation, "web" if scene == WEB_SCENE else "channel"


def cells(requests: Iterable[Asked]) -> set[Cell]:
    """The cells of requests."""
    found = set()
    for method, url, sent in requests:
        way = route(method, urlsplit(url).path)
        if way is not None and way.operation:
            found.add(cell(way.operation, way.parameters, sent))
    return found


def asked_of(emulator: Emulator, *, successes: bool = True) -> Iterator[Asked]:
    """The requests that an emulator got, or only those that it carried out."""
    for each in emulator.requests():
        if not successes or (each["status"] or 500) < 300:  # None: the connection was cut
            yield each["method"], f"http://127.0.0.1{each['target']}", each["request"]["body"]


def holes(column: set[Cell]) -> set[Cell]:
    """The rows that a column lacks."""
    return ROWS - column


# -- specification and client ------------------------------------------------------------------------------------------

SUCCESSES: Final = [example for example in CURRENT if 200 <= example.status < 300 and "code" not in example.answer]


def test_the_specification_prints_every_operation_in_each_mode() -> None:
    assert holes({cell(each.operation, each.parameters, each.sent) for each in SUCCESSES}) == set()


@pytest.mark.parametrize("form", ["sync", "async"])
def test_the_client_sends_every_operation_in_each_mode(form: str) -> None:
    with AgoraRouter() as router:
        for example in SUCCESSES:
            if form == "sync":
                with Agora("customer", "certificate", permits=None) as agora:
                    CALLS[example.operation](agora, example.call)
            else:
                asyncio.run(_call(example))
        requests = [call.request for call in router.calls]
    sent = cells((each.method, str(each.url), json.loads(each.content or b"null")) for each in requests)
    assert holes(sent) == set()


async def _call(example: Example) -> None:
    async with AsyncAgora("customer", "certificate", permits=None) as agora:
        await CALLS[example.operation](agora, example.call)


# -- emulator, checks, blind faults ------------------------------------------------------------------------------------


def test_the_emulator_carries_out_every_operation_in_each_mode() -> None:
    emulator = Emulator(clock=FrozenClock(), rate_limit=False)
    emulator.join(DEMO_APP_ID, "lesson", [1, 2])
    with emulator.serve() as server, httpx.Client(base_url=server.url, auth=("emulator", "emulator-secret")) as client:

        def send(call: Sample) -> Any:
            operation = spec.operation(call.operation)
            path = operation.url(**call.path)
            query = {name: ",".join(each) if isinstance(each, list) else each for name, each in call.query.items()}
            body = {"json": call.body} if operation.body_schema is not None else {}
            emulator.clock.advance(5)
            return client.request(operation.method, path, params=query, **body).json()

        tour(send, Ids(app_id=DEMO_APP_ID, channel="lesson"))
        modes(send, Ids(app_id=DEMO_APP_ID, channel="lesson"))
    assert holes(cells(asked_of(emulator))) == set()


def test_a_check_sends_every_operation_in_each_mode() -> None:
    missing = set(ROWS)
    with faulty_server("current") as server:
        for check in _todays_first(all_checks()):
            if not missing:
                break
            server.begin()
            sent: list[Asked] = []
            server.listener = lambda exchange, sent=sent: sent.append(_asked(exchange))
            with contextlib.suppress(Skipped):
                check.function(server)
                missing -= cells(sent)
    assert missing == set()


def _asked(exchange: Exchange) -> Asked:
    sent = None
    with contextlib.suppress(ValueError):  # a check sends what is no JSON as well
        sent = json.loads(exchange.request_body or b"null")
    return exchange.method, exchange.url, sent


def _todays_first(checks: Iterable[Check]) -> list[Check]:
    """The checks that are for a server of today, those that are only for it first."""
    return sorted((each for each in checks if each.applies_to("current")), key=lambda each: each.applies_to("2019"))


def test_a_blind_fault_shows_in_every_operation_in_each_mode() -> None:
    """Seen by the calls that show the fault: it comes out in the last one, or in that one what a change has done."""
    shown: set[Cell] = set()
    for fault in catalogue():
        if not fault.counted or fault.shows is None or not ROWS - shown:
            continue
        with emulator_of(fault.dialect) as right:
            fault.shows(Caller(right))
            asked = list(asked_of(right, successes=False))
        shown |= cells(asked[-1:]) | {row for row in cells(asked) if spec.operation(row[0]).effect.kind == "changes"}
    assert holes(shown) == set()


# -- command line and documentation ------------------------------------------------------------------------------------

START: Final = {
    "mix": ("lesson", "--uid", "1"),
    "individual": ("lesson", "--uid", "2", "--mode", "individual", "--max-users", "2"),
    "web": ("--mode", "web", "--url", "https://example.com/board", "--max-hours", "1"),
}
UPDATE: Final = {
    "individual": ("--subscribe-audio", "101", "--subscribe-video", "101"),
    "web": ("--pause",),
}
OF_THE_CONSOLE: Final = ("projects", "usage", "kicking-rules", "channels")
BUCKET: Final = {"VENDOR": "s3", "REGION": "eu-west-1", "BUCKET": "b", "ACCESS_KEY": "key", "SECRET_KEY": "secret"}
STORAGE: Final = {f"AGORA_STORAGE_{name}": value for name, value in BUCKET.items()}


def of_recordings(folder: Path) -> Iterator[list[str]]:
    """The commands of a recording's life, in each mode."""
    for mode in START:
        kept = str(folder / mode)
        yield ["recordings", "start", *START[mode], "--json"]
        if mode == "mix":
            examples = [words for words in examples_of("recordings") if "--recording" in words]
            changes = [words for words in examples if words[1] not in ("watch", "stop")]
            yield from ([kept if word == "recording.json" else word for word in words] for words in changes)
        else:
            yield ["recordings", "query", "--recording", kept]
            yield ["recordings", "update", *UPDATE[mode], "--recording", kept]
        yield ["recordings", "stop", "--recording", kept]


def examples_of(group: str) -> Iterator[list[str]]:
    """The example below the help of each command of a group; a chart takes long and sends nothing else."""
    groups = getattr(typer.main.get_command(app), "commands", {})
    for command in groups[group].commands.values():
        _, *words = shlex.split(command.epilog.partition("Example:")[2])
        if "--chart" not in words:
            yield words


def run_command(emulator: Emulator, words: Sequence[object]) -> str:
    """Run a command against the emulator, and return what it prints."""
    with emulator.serve() as server:
        account = {"CUSTOMER_ID": "emulator", "CUSTOMER_CERTIFICATE": "emulator-secret", "BASE_URL": server.url}
        environment = {f"AGORA_{name}": value for name, value in {**account, "APP_ID": DEMO_APP_ID}.items()}
        done = CliRunner().invoke(app, list(map(str, words)), env={**environment, **STORAGE})
    assert done.exit_code == 0, f"{words}: {done.output}"
    return done.stdout


def test_a_command_sends_every_operation_in_each_mode(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    emulator = Emulator(rate_limit=False)
    emulator.join(DEMO_APP_ID, "lesson", [101, 102])
    monkeypatch.setattr(Clock, "sleep", lambda _clock, seconds: emulator.clock.advance(seconds))
    for words in of_recordings(tmp_path):
        printed = run_command(emulator, words)
        if words[:2] == ["recordings", "start"]:
            (tmp_path / json.loads(printed).get("mode", "mix")).write_text(printed, encoding="utf-8")
            emulator.clock.advance(10)
    sent = cells(asked_of(emulator))
    for words in (words for group in OF_THE_CONSOLE for words in examples_of(group)):
        alone = Emulator(rate_limit=False)
        rule = alone.world.create_rule(DEMO_APP_ID, Target("lesson-42", 99, None))
        run_command(alone, [rule.id if word == "1953" else word for word in words])
        sent |= cells(asked_of(alone))
    assert holes(sent) == set()


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_page_of_the_documentation_shows_every_operation_in_each_mode(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """Seen by what the snippets of the how-to pages send, and of the tutorial, in Python or as commands."""
    shown: set[Cell] = set()
    for page in (*sorted((DOCS / "how-to").glob("*.md")), DOCS / "tutorial.md"):
        stage = Stage(monkeypatch, tmp_path, request)
        with stage.servers:
            document = Sybil(parsers=PARSERS).parse(page)
            document.namespace["stage"] = stage
            for example in document.examples():
                if "def test_" not in str(example.parsed):  # tests of a page talk to an emulator of their own
                    example.evaluate()
            document.namespace.clear()
            gc.collect()
            shown |= cells(asked_of(stage.emulator))
    assert holes(shown) == set()
