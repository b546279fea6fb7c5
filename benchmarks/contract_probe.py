"""One run in a process of its own, measured.

`python -m benchmarks.contract_probe ours DIALECT EXAMPLES API`, `plain DIALECT REQUESTS API` or `full PROJECTS USERS
EXAMPLES` prints the CPU of this process, without imports, and how many requests it sent. Another one has the emulator.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing import get_context
from multiprocessing.connection import Connection
from typing import Any

import requests

import agora_rest.contract.checking._schemathesis  # noqa: F401  so that no import is measured
from agora_rest import spec
from agora_rest.contract.options import Options, parse_apis
from agora_rest.contract.results.events import Event, Outcome, RunFinished
from agora_rest.contract.runner import run
from agora_rest.contract.safety.access import Profile
from agora_rest.contract.safety.gate import Gate
from agora_rest.contract.safety.ledger import Ledger
from agora_rest.emulator import DEFAULT_CUSTOMER_CERTIFICATE, DEFAULT_CUSTOMER_ID, DEMO_APP_ID, Emulator


class _Counting(Gate):
    """A gate that counts what passes."""

    count = 0

    def passing(self, method: str, url: str, content: bytes) -> Any:
        self.count += 1
        return super().passing(method, url, content)


class _Last:
    """A handler that keeps how the run ended."""

    sentence = ""

    def handle(self, event: Event) -> None:
        if isinstance(event, RunFinished):
            self.sentence = f"{event.sentence} {[(each.check, each.expected, each.got) for each in event.findings]}"


def _ours(url: str, dialect: spec.Dialect, examples: int, apis: tuple[spec.Api, ...]) -> int:
    return _run(_Counting(Profile.LOCAL), url, dialect, examples, apis)


def _full(url: str, examples: int) -> int:
    return _run(_Counting(Profile.FULL, Ledger()), url, "documented", examples, spec.APIS)


def _run(gate: _Counting, url: str, dialect: spec.Dialect, examples: int, apis: tuple[spec.Api, ...]) -> int:
    last = _Last()
    options = Options(
        apis=apis,
        base_url=url,
        customer_id=DEFAULT_CUSTOMER_ID,
        customer_certificate=DEFAULT_CUSTOMER_CERTIFICATE,
        app_id=DEMO_APP_ID,
        dialect=dialect,
        owned=True,
        seed=1,
        max_examples=examples,
    )
    if run(options, [last], gate=gate) is not Outcome.HOLDS:
        raise RuntimeError(last.sentence)
    return gate.count


def _plain(url: str, dialect: spec.Dialect, most: int, apis: tuple[spec.Api, ...]) -> int:
    """Plain schemathesis on one API after the other, until it has sent so many requests."""
    from strength.plain import failures

    send, sent = requests.adapters.HTTPAdapter.send, 0

    def counted(self: Any, *args: Any, **options: Any) -> requests.Response:
        nonlocal sent
        sent += 1
        if sent > most:
            raise KeyboardInterrupt
        return send(self, *args, **options)

    requests.adapters.HTTPAdapter.send = counted  # type: ignore[method-assign]
    try:
        for api in apis:
            for _ in failures(api, url, 1, max(1, most // 60), dialect):
                pass
    except KeyboardInterrupt:
        pass
    return min(sent, most)


def _serve(connection: Connection, dialect: spec.Dialect, projects: int, users: int) -> None:
    emulator = Emulator(dialect=dialect, rate_limit=False)
    for number in range(projects - 1):
        emulator.add_project(f"project-{number}")
    if users:
        emulator.join(DEMO_APP_ID, "full", range(1, users + 1))
    with emulator.serve() as server:
        connection.send(server.url)
        connection.recv()


@contextmanager
def _server(dialect: spec.Dialect, projects: int = 1, users: int = 0) -> Iterator[str]:
    ours, its = get_context("spawn").Pipe()
    process = get_context("spawn").Process(target=_serve, args=(its, dialect, projects, users), daemon=True)
    process.start()
    try:
        yield ours.recv()
    finally:
        process.terminate()
        process.join()


def main() -> None:
    kind, *arguments = sys.argv[1:]
    dialect: Any = arguments[0] if kind != "full" else "documented"
    projects, users = (int(arguments[0]), int(arguments[1])) if kind == "full" else (1, 0)
    with _server(dialect, projects, users) as url:
        makes: dict[str, Callable[[], int]] = {
            "ours": lambda: _ours(url, dialect, int(arguments[1]), parse_apis(arguments[2:])),
            "plain": lambda: _plain(url, dialect, int(arguments[1]), parse_apis(arguments[2:])),
            "full": lambda: _full(url, int(arguments[2])),
        }
        used = time.process_time()
        count = makes[kind]()
        print(json.dumps({"cpu": time.process_time() - used, "requests": count}))


if __name__ == "__main__":
    main()
