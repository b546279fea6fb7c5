"""Writes docs/faults.md: the outcome of every fault of the emulator for a caller, by causing each of them.

    python scripts/faults_table.py [--output FILE]

The client has its default settings, except that its pauses take no time, its rate is not limited, and its timeout for a
delayed response is 0.4 seconds, also for a stop and a ban: otherwise the table would take an hour.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

from agora_rest import Agora, AgoraError, Clock, Hooks, QiniuStorage, RecordingConfig
from agora_rest.client._transports import send
from agora_rest.emulator import (
    DEFAULT_CUSTOMER_CERTIFICATE,
    DEFAULT_CUSTOMER_ID,
    DEMO_APP_ID,
    DEMO_ID,
    Emulator,
    Fault,
    FaultKind,
)

OUTPUT = Path(__file__).resolve().parent.parent / "docs" / "faults.md"
STORAGE = QiniuStorage(region=0, bucket="lessons", access_key="key", secret_key="secret")
CONFIG = RecordingConfig(max_idle_time=3600)
TIMEOUT = 0.4


class Use(NamedTuple):
    """A use of the client, and the operation of it that fails."""

    title: str
    operation: str
    do: Callable[[Any], Any]
    after: Callable[[dict[str, Any]], int]
    """Returns how many of the objects are on the server afterwards."""
    what: str


def record(agora: Any) -> Any:
    with agora.app(DEMO_APP_ID).recordings.record("lesson-42", uid=7, storage=STORAGE, config=CONFIG):
        pass


def running(state: dict[str, Any]) -> int:
    return int(state["totals"]["running"])


def created(state: dict[str, Any]) -> int:
    return len(state["projects"]) - 1


USES = (
    Use("`projects.list()`", "list_projects", lambda agora: agora.projects.list(), running, ""),
    Use("`projects.create(…)`", "create_project", lambda agora: agora.projects.create("new"), created, "created"),
    Use(
        "`projects.delete(…)`",
        "delete_project",
        lambda agora: agora.projects.delete(DEMO_ID),
        lambda state: len(state["projects"]),
        "left",
    ),
    Use(
        "`kicking_rules.ban(…)`",
        "create_kicking_rule",
        lambda agora: agora.app(DEMO_APP_ID).kicking_rules.ban(channel="c", uid=9),
        lambda state: len(state["kicking_rules"]),
        "rules",
    ),
    Use("`with recordings.record(…)`: its acquire", "acquire", record, running, "running"),
    Use("`with recordings.record(…)`: its start", "start_recording", record, running, "running"),
    Use("`with recordings.record(…)`: its stop", "stop_recording", record, running, "running"),
)

FAULTS = (
    ("HTTP 500, without effect", Fault(FaultKind.STATUS, status=500)),
    (
        "HTTP 503 in HTML, after the effect",
        Fault(FaultKind.STATUS, status=503, body="<h1>Busy</h1>", after_effect=True),
    ),
    ("HTTP 429", Fault(FaultKind.STATUS, status=429, body={"message": "API rate limit exceeded"})),
    ("HTTP 404", Fault(FaultKind.STATUS, status=404, body={"code": 404, "reason": "failed to find worker"})),
    ("delay before the effect, longer than the timeout", Fault(FaultKind.DELAY, seconds=3 * TIMEOUT)),
    ("delay after the effect, longer than the timeout", Fault(FaultKind.DELAY, seconds=3 * TIMEOUT, after_effect=True)),
    ("connection cut before the effect", Fault(FaultKind.CUT_BEFORE)),
    ("connection cut after the effect", Fault(FaultKind.CUT_AFTER)),
    ("response cut off", Fault(FaultKind.TRUNCATE)),
    ("HTML for JSON", Fault(FaultKind.NOT_JSON)),
    ("JSON of another shape", Fault(FaultKind.WRONG_SHAPE)),
)


class NoPause(Clock):
    """A clock that only waits advance, which take no time."""

    def __init__(self) -> None:
        self.time = 0.0

    def now(self) -> float:
        return self.time

    def sleep(self, seconds: float) -> None:
        self.time += seconds


def seen(use: Use, fault: Fault) -> str:
    """The cells of a row: the outcome of `use` if `fault` strikes its operation."""
    emulator = Emulator(dialect="observed", rate_limit=False)
    sent: list[str] = []
    options: dict[str, Any] = {
        "permits": None,
        "clock": NoPause(),
        "timeout": TIMEOUT if fault.kind is FaultKind.DELAY else 20,
        "hooks": Hooks(on_request=lambda event: sent.append(event.operation)),
    }
    with emulator.serve() as server:
        emulator.inject(replace(fault, operation=use.operation))
        with Agora(DEFAULT_CUSTOMER_ID, DEFAULT_CUSTOMER_CERTIFICATE, base_url=server.url, **options) as agora:
            try:
                use.do(agora)
                cells = ["succeeds", "", ""]
            except AgoraError as error:
                cells = cells_of(error)
        emulator.clear_faults()
    left = f"{use.after(emulator.state())} {use.what}" if use.what else ""
    return " | ".join([*cells, str(sent.count(use.operation)), left])


def cells_of(error: AgoraError) -> list[str]:
    """An error as its cells: class, message, whether it may have taken effect."""
    unclear = getattr(error, "may_be_running", False) or getattr(error, "may_have_taken_effect", False)
    text = str(error).rpartition(" [")[0] or str(error)
    text = re.sub(r": (\w+(Error|Timeout)): .*", r": a transport error (`\1`).", text)
    text = text.replace("ReadError", NETWORK).replace("RemoteProtocolError", NETWORK)
    notes = [
        re.sub(r" of StartedRecording\([^)]*\)", "", note)
        for note in getattr(error, "__notes__", [])
        if "offline" in note
    ]
    return [f"`{type(error).__name__}`", " ".join([text, *notes]).replace("|", "\\|"), "maybe" if unclear else "no"]


NETWORK = "ReadError"
"""A connection that is cut raises either this or RemoteProtocolError."""

HEADER = """# Faults and their outcomes

This page is for readers who want to know how the client behaves in a given failure. `scripts/faults_table.py` writes
it: each row is a run of the client against the emulator with one fault, in the `observed` dialect.

- *Strikes*: `once` is the first call only, `always` is every call.
- *Unclear*: whether the error states that the call may have taken effect, or that a recording may be running.
- *Sent*: how often the operation was sent.
- *Left*: the objects on the server afterwards. In no row was anything created twice or left running.
"""

COLUMNS = (
    "| Fault | Strikes | Caller sees | Message | Unclear | Sent | Left |\n| --- | --- | --- | --- | --- | --- | --- |"
)


def rows(*, delays: bool = True) -> list[tuple[Use, str]]:
    """Every row with its use; `delays` includes those of delays, which take longer."""
    send.MIN_READ_TIMEOUT.clear()
    planned = [
        (use, f"{name} | {how}", replace(fault, times=times))
        for use in USES
        for name, fault in FAULTS
        for how, times in (("once", 1), ("always", None))
        if delays or fault.kind is not FaultKind.DELAY
    ]
    with ThreadPoolExecutor(4) as pool:  # they mostly wait
        cells = pool.map(lambda row: seen(row[0], row[2]), planned)
        return [(use, f"| {begin} | {end} |") for (use, begin, _), end in zip(planned, cells, strict=True)]


def table() -> str:
    lines, found = [HEADER], rows()
    for use in USES:
        lines += [f"\n## {use.title}\n", COLUMNS, *(row for about, row in found if about is use)]
    return "\n".join(lines) + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--output", type=Path, default=OUTPUT, help="where to write it (default: docs/faults.md)")
    parser.parse_args().output.write_text(table(), encoding="utf-8")


if __name__ == "__main__":
    main()
