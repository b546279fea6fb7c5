"""The emulator beside Prism, which mocks from the same specification: the start, and how much either answers."""

from __future__ import annotations

import base64
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final, NamedTuple

import httpx

from benchmarks.answerer import APP_ID
from benchmarks.load import CONNECTIONS, Answered, Load
from benchmarks.measure import compared, in_rates, in_turn
from benchmarks.processes import PROJECT, Worker, environment, line_of, process, worker
from benchmarks.rows import Row, Section, Size
from tests.services import free_port

CREDENTIALS: Final = ("emulator", "emulator-secret")
PATIENCE: Final = 60.0
"""Seconds that a server gets to answer for the first time."""

OPERATIONS: Final[dict[str, tuple[str, str, object]]] = {
    "list_projects": ("GET", "/v1/projects", None),
    "list_channel_users": ("GET", f"/v1/channel/user/{APP_ID}/lesson", None),
    "get_usage_v1": ("GET", "/v1/usage?from_date=2019-01-02&to_date=2019-01-03", None),
    "list_kicking_rules": ("GET", f"/v1/kicking-rule?appid={APP_ID}", None),
    "set_project_status": ("POST", "/v1/project_status", {"id": "demo", "status": 1}),
}

PRISM: Final = PROJECT / "node_modules" / ".bin" / "prism"

EMBEDDED: Final = """
from agora_rest.emulator import Emulator
with Emulator(dialect="documented").serve() as server:
    print(server.port, flush=True)
    input()
"""


class Started(NamedTuple):
    """A server that runs."""

    port: int
    process: int

    @property
    def cpu(self) -> float:
        """Seconds of CPU that it has used, all its threads; 0 where the system does not say."""
        if not sys.platform.startswith("linux"):
            return 0.0
        return time.clock_gettime((~self.process << 3) | 2)  # the clock of another process: see clock_getcpuclockid(3)


class Mock:
    """A mock server that can be started. `prefix` is where it has the Console."""

    def __init__(self, name: str, command: Sequence[str | Path], prefix: str) -> None:
        self.name, self._command, self.prefix = name, command, prefix

    @contextmanager
    def started(self) -> Iterator[Started]:
        """Runs in the block. It may not answer yet."""
        port = free_port()
        command = [str(part).replace("PORT", str(port)) for part in self._command]
        with subprocess.Popen(
            command, cwd=PROJECT, env=environment(), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL
        ) as process:
            try:
                yield Started(port, process.pid)
            finally:
                process.terminate()

    def request(self, operation: str) -> str:
        """An operation in bytes."""
        method, path, body = OPERATIONS[operation]
        content = "" if body is None else json.dumps(body)
        token = base64.b64encode(":".join(CREDENTIALS).encode()).decode()
        head = f"{method} {self.prefix}{path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Basic {token}\r\n"
        if content:
            head += f"Content-Type: application/json\r\nContent-Length: {len(content)}\r\n"
        return f"{head}\r\n{content}"

    def first_answer(self) -> float:
        """Seconds from its start until it has answered."""
        began = time.perf_counter()
        with self.started() as server:
            wait_for_answer(server.port, self.request("list_projects"))
            return time.perf_counter() - began


_COMMAND: Final = (
    Path(sys.executable).with_name("agora-rest"),
    "emulator",
    "--dialect",
    "documented",
    "--port",
    "PORT",
)
OURS: Final = Mock("ours", _COMMAND, "/dev")
_PRISM: Final = (PRISM, "mock", "--port", "PORT", PROJECT / "openapi" / "console.yaml")
THEIRS: Final = Mock("Prism", _PRISM, "")
# It logs several lines for each request; without them it is quicker.
QUIET: Final = Mock("Prism without its log", (*_PRISM, "--verboseLevel", "silent"), "")
# What is left of a server under uvicorn when it does nothing.
BARE: Final = Mock("bare ASGI", [sys.executable, "-m", "benchmarks.bare", "PORT"], "")


def measure(size: Size) -> Iterator[Row]:
    """Nothing where Prism is not installed."""
    if not PRISM.exists():
        raise RuntimeError("Prism is not installed: `make lint` installs it.")
    yield from starts(size)
    yield from throughput(size)


def starts(size: Size) -> Iterator[Row]:
    """Time to the first answer, each in turn; in few rounds, because Prism takes its time."""
    contenders: dict[str, Callable[[], float]] = {
        "ours": OURS.first_answer,
        "embedded": embedded,
        "another": another,
        "bare": BARE.first_answer,
        "Prism": THEIRS.first_answer,
    }
    for contender in contenders.values() if size.few > 1 else ():
        contender()  # compiles what it imports
    seconds = in_turn(contenders, size.few)
    for name, what, target in (
        ("ours", "`agora-rest emulator`", "≤ 0.125"),
        ("embedded", "Python and `Emulator().serve()`", "≤ 0.125"),
        ("another", "another `Emulator().serve()` of a process", None),
        ("bare", "bare ASGI", None),
    ):
        yield compared(
            f"time to first answer: {what} over Prism",
            seconds[name],
            seconds["Prism"],
            target=target,
        )


def embedded() -> float:
    """Seconds from the start of Python until an emulator in it has answered."""
    began = time.perf_counter()
    with process("-c", EMBEDDED) as started:
        wait_for_answer(int(line_of(started.stdout)), OURS.request("list_projects"))
        return time.perf_counter() - began


def another() -> float:
    """Seconds for an emulator in a process that has had one: what each test of a suite would pay."""
    from agora_rest.emulator import Emulator

    began = time.perf_counter()
    with Emulator(dialect="documented").serve() as server:
        wait_for_answer(server.port, OURS.request("list_projects"))
        return time.perf_counter() - began


def throughput(size: Size) -> Iterator[Row]:
    """Answers a second, operation by operation. The load has a core of its own, where there is more than one."""
    load_core, server_cores = divided_cores()
    with (
        on_cores(load_core),
        worker("benchmarks.load") as load,
        on_cores(server_cores),
        OURS.started() as ours,
        THEIRS.started() as theirs,
        QUIET.started() as quiet,
        BARE.started() as bare,
    ):
        servers = {OURS: ours, THEIRS: theirs, QUIET: quiet, BARE: bare}
        for mock, server in servers.items():
            wait_for_answer(server.port, mock.request("list_projects"))
        prepare(ours.port)
        for operation in OPERATIONS:
            loads = {mock.name: loading(load, server, mock, operation, size.burst) for mock, server in servers.items()}
            bursts = in_turn(loads, size.few)
            yield from rows(operation, bursts)


class Burst(NamedTuple):
    """What a server gave: answers a second, and answers for a second of its CPU."""

    rate: float
    efficiency: float


def rows(operation: str, bursts: Mapping[str, Sequence[Burst]]) -> Iterator[Row]:
    """Those of one operation."""
    rates = {name: [burst.rate for burst in given] for name, given in bursts.items()}
    if all(burst.efficiency for given in bursts.values() for burst in given):
        ours, bare = ([burst.efficiency for burst in bursts[mock.name]] for mock in (OURS, BARE))
        what = f"answers for the CPU, {operation}: ours over bare ASGI"
        yield compared(what, ours, bare, target="≥ 0.50", figures=lambda a, b: f"{in_rates(a, b)} of CPU")
    yield compared(f"throughput, {operation}: ours over bare ASGI", rates["ours"], rates["bare ASGI"], figures=in_rates)
    for mock in (THEIRS, QUIET):
        what = f"throughput, {operation}: ours over {mock.name}"
        yield compared(what, rates["ours"], rates[mock.name], figures=in_rates)


def loading(load: Worker, server: Started, mock: Mock, operation: str, seconds: float) -> Callable[[], Burst]:
    """What loads a server for a moment. It has been loaded for longer before, for the compiler in Node."""
    loaded(load, server, mock, operation, 10 * seconds)
    return lambda: loaded(load, server, mock, operation, 3 * seconds)


def loaded(load: Worker, server: Started, mock: Mock, operation: str, seconds: float) -> Burst:
    """Raises RuntimeError when one of the answers was not a 200."""
    before = server.cpu
    answered = Answered(*load(Load(server.port, mock.request(operation), seconds)))
    if answered.refused:
        raise RuntimeError(f"{mock.name} refused {operation}: {answered.refused}")
    used = server.cpu - before
    return Burst(answered.answers / answered.seconds, answered.answers / used if used else 0.0)


def prepare(port: int) -> None:
    """Something to answer with, about as much as Prism's examples have; and no limit."""
    url = f"http://127.0.0.1:{port}"
    day = {"project_id": "demo", "date": "2019-01-02", "minutes": {"audio": 20, "sd": 100, "hd": 132, "hdp": 225}}
    rule = {"appid": APP_ID, "cname": "11", "time": 60, "privileges": ["join_channel"]}
    with httpx.Client(base_url=url, auth=CREDENTIALS) as client:
        for method, path, body in (
            ("PATCH", "/_emulator/settings", {"rate_limit": False}),
            ("POST", f"/_emulator/channels/{APP_ID}/lesson/users", {"uid": 527841, "mode": 1}),
            ("POST", "/_emulator/usage", day),
            ("POST", "/dev/v1/kicking-rule", rule),
        ):
            client.request(method, path, json=body).raise_for_status()


def wait_for_answer(port: int, request: str) -> None:
    """Return when the server answers. Raises RuntimeError when it does not."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as connection:
                connection.sendall(request.encode())
                answer = connection.recv(65536)
        except OSError:
            time.sleep(0.002)
            continue
        if not answer.startswith(b"HTTP/1.1 200"):
            raise RuntimeError(f"a mock server refused the first request: {answer[:500].decode('latin-1')}")
        return
    raise RuntimeError("a mock server did not start")


def divided_cores() -> tuple[set[int], set[int]]:
    """One for the load, the others for the servers; all for both where there is one, or the system does not say."""
    cores: set[int] = os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else set()
    return (cores, cores) if len(cores) < 2 else ({max(cores)}, cores - {max(cores)})


@contextmanager
def on_cores(cores: set[int]) -> Iterator[None]:
    """What is started in the block stays on these cores."""
    if not cores:
        yield
        return
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, cores)
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def prism_version() -> str:
    package = PROJECT / "node_modules" / "@stoplight" / "prism-cli" / "package.json"
    version: str = json.loads(package.read_text(encoding="utf-8"))["version"] if package.exists() else "not installed"
    return version


SECTION = Section(
    name="emulator",
    title="The emulator compared with Prism",
    meaning=f"""
The time for which a test suite waits for its server, and the number of requests that the server handles. Prism is the
usual mock of an API from its specification: it returns the examples of the same document, without state and rules. Both
are started as by a user, `agora-rest emulator` in the dialect of that document and `prism mock openapi/console.yaml`,
and their output is not read; the rows *without its log* are with Prism's log switched off (`--verboseLevel silent`),
which makes it faster. *Bare ASGI* is an application of two lines that reads nothing and returns a constant response,
under the same uvicorn, parser and event loop: no Python server under uvicorn can be faster.

The target of the emulator is half of bare ASGI, in responses per second of the server's CPU. The other half is for what
a mock does not do: the emulator checks credentials and requests, keeps state, enforces the rules, and logs each
request. The rates are those of one core, and depend more on the machine.

The first response is the first 200 to `list_projects` after the start of the process. Throughput is measured with
{CONNECTIONS} open connections, from a process that only sends bytes written beforehand; it has a core of its own, and
the servers share the others, under load in turn. The emulator's rate limit is off, and its responses are about as long
as Prism's examples.
""",
    limits="""
Where a time to the first answer is not met: Python itself and the import of uvicorn are in the row of *bare ASGI*. What
lies between that row and ours is the import of the emulator and the reading of its specifications; for the command,
also that of the command line. What checks arguments, and control, are loaded when they are needed first.

If an operation is below half of bare ASGI: on a busy machine the emulator appears slower than it is, because it runs
more code, which must be loaded into the processor's caches again after another program has run.
""",
    measure=measure,
    packages=("agora-rest", "uvicorn", "httptools"),
    other_versions=lambda: {"Prism": prism_version()},
)
