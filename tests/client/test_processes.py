"""Forks, the end of the interpreter, pickling and file descriptors: no recording is ended by another process or lost.

The long form, AGORA_REST_PROCESS_CHAOS=1, makes 900 calls with 64 file descriptors instead of 60, and has more cases.
"""

from __future__ import annotations

import copy
import os
import pickle
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Final

import pytest

from agora_rest import (
    Agora,
    AsyncAgora,
    ConfigurationError,
    RecordingConfig,
    S3Storage,
    StartedRecording,
)
from agora_rest.client._transports import deadline
from agora_rest.emulator import DEMO_APP_ID, Emulator
from agora_rest.emulator.server import EmulatorServer
from agora_rest.permits import MemoryPermits
from agora_rest.permits.opening import open_url
from tests.client.conftest import APP_ID, CERTIFICATE, CUSTOMER_ID
from tests.client.sockets import answer, sends, serving
from tests.client.test_transports import PROJECTS

LONG: Final = bool(os.environ.get("AGORA_REST_PROCESS_CHAOS"))
CALLS: Final = 900 if LONG else 60

BEGIN: Final = f"""
import asyncio, atexit, gc, multiprocessing, os, resource, signal, sys, threading
from agora_rest import Agora, AgoraError, AsyncAgora, S3Storage
URL, PERMITS, TRANSPORT = (argument or None for argument in sys.argv[1:4])
OPTIONS = {{"base_url": URL, "permits": PERMITS, "transport": TRANSPORT}}
RECORDING = {{"uid": 7, "storage": S3Storage(region=0, bucket="b", access_key="key1", secret_key="key2")}}

def recordings():
    return Agora("emulator", "emulator-secret", **OPTIONS).app({DEMO_APP_ID!r}).recordings

def async_recordings():
    return AsyncAgora("emulator", "emulator-secret", **OPTIONS).app({DEMO_APP_ID!r}).recordings
"""


@pytest.fixture
def server() -> Iterator[EmulatorServer]:
    with Emulator(rate_limit=False).serve() as found:
        found.emulator.join(DEMO_APP_ID, "lesson", 1)
        yield found


def run(program: str, server: EmulatorServer, permits: str = "", transport: str = "") -> tuple[str, list[str]]:
    """What the program printed, and the operations that it called; it must not fail or write an error."""
    command = [sys.executable, "-c", BEGIN + program, server.url, permits, transport]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=300)
    assert (ran.stderr, ran.returncode) == ("", 0)
    return ran.stdout, [exchange.operation for _, exchange in server.emulator.request_log.since()]


FORKS = """
def leave_normally(): pass
def exit(): sys.exit(3)
def fail(): raise ValueError

for leave in (leave_normally, exit, fail):
    child = None
    try:
        with recordings().record("lesson", **RECORDING) as recording:
            child = os.fork()
            if child:
                os.waitpid(child, 0)
                print(int(recording.query().status) < 6)
            else:
                leave()
    finally:
        if child == 0:
            gc.collect()
            os._exit(0)

def count(queue):
    queue.put(len(agora.projects.list()))

agora = Agora("emulator", "emulator-secret", **OPTIONS)
context = multiprocessing.get_context("fork")
queue = context.Queue()
session = recordings().record("lesson", **RECORDING)
recording = session.__enter__()
processes = [context.Process(target=count, args=[queue]) for _ in range(3)]
for process in processes:
    process.start()
print(*[queue.get(timeout=120) for _ in processes])
for process in processes:
    process.join()
if os.fork() == 0:
    del session
    gc.collect()
    sys.exit()  # with all that is done at the exit of a program
os.wait()
print(int(recording.query().status) < 6)
session.__exit__(None, None, None)
"""


def test_a_forked_process_ends_no_recording_of_its_parent(server: EmulatorServer) -> None:
    printed, operations = run(FORKS, server)
    assert printed.split() == ["True", "True", "True", "1", "1", "1", "True"]
    calls = ["acquire", "start_recording", "query_recording", "stop_recording"]
    assert [each for each in operations if each != "list_projects"] == calls * 4


EXITS = {
    "a daemon thread": """
def record():
    with recordings().record("lesson", **RECORDING):
        ready.set()
        threading.Event().wait()

ready = threading.Event()
threading.Thread(target=record, daemon=True).start()
ready.wait()
""",
    "a block that is never left": """
session = recordings().record("lesson", **RECORDING)
session.__enter__()
""",
    "sys.exit in a thread": """
def record():
    with recordings().record("lesson", **RECORDING):
        sys.exit()

thread = threading.Thread(target=record)
thread.start()
thread.join()
""",
    "SIGTERM to a program whose handler exits": """
signal.signal(signal.SIGTERM, lambda *_: sys.exit())
with recordings().record("lesson", **RECORDING):
    os.kill(os.getpid(), signal.SIGTERM)
    threading.Event().wait()
""",
    "SIGTERM to such a program with tasks": """
signal.signal(signal.SIGTERM, lambda *_: sys.exit())

async def main():
    async with async_recordings().record("lesson", **RECORDING):
        threading.Timer(0.1, os.kill, (os.getpid(), signal.SIGTERM)).start()
        await asyncio.sleep(60)

asyncio.run(main())
""",
    "sys.exit in a task": """
async def main():
    async with async_recordings().record("lesson", **RECORDING):
        sys.exit()

asyncio.run(main())
""",
}


ENDS = [(end, shared) for end in EXITS for shared in (False, True)]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("end", "permits"),
    ENDS
    if LONG
    else [
        ("a daemon thread", True),
        ("sys.exit in a task", False),
        ("SIGTERM to a program whose handler exits", False),
        ("SIGTERM to such a program with tasks", False),
    ],
)
def test_the_end_of_a_program_ends_its_recording(
    end: str, permits: bool, server: EmulatorServer, tmp_path: Path
) -> None:
    url = f"sqlite:///{tmp_path}/permits.db" if permits else ""
    _, operations = run(f"import warnings; warnings.simplefilter('ignore')\n{EXITS[end]}", server, url)
    assert operations == ["acquire", "start_recording", "stop_recording"]


def test_a_host_is_resolved_where_no_thread_can_be_started(monkeypatch: pytest.MonkeyPatch) -> None:
    """From Python 3.12 on, an exiting interpreter starts no threads."""

    class Unstartable(threading.Thread):
        def start(self) -> None:
            raise RuntimeError("can't create new thread at interpreter shutdown")

    monkeypatch.setattr(deadline, "threading", SimpleNamespace(Thread=Unstartable))
    assert "127.0.0.1" in deadline._addresses("localhost", 80, 5.0)


FILES = f"""
resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))

def fill():
    found = []
    try:
        while True:
            found.append(os.open(os.devnull, os.O_RDONLY))
    except OSError:
        return found

def opened():
    return len(os.listdir("/proc/self/fd"))

def record():
    with recordings().record("lesson", **RECORDING):
        files.extend(fill())

def call():
    with Agora("emulator", "emulator-secret", **OPTIONS, deadline=10, retries=1) as agora:
        agora.projects.list()

async def async_record():
    async with async_recordings().record("lesson", **RECORDING):
        files.extend(fill())

async def async_call():
    async with AsyncAgora("emulator", "emulator-secret", **OPTIONS, deadline=10, retries=1) as agora:
        await agora.projects.list()

def full(run, call, record):
    run(record)
    for file in files:
        os.close(file)
    run(call)
    gc.collect()
    before = opened()
    for _ in range({CALLS // 2}):
        run(call)
    gc.collect()
    assert opened() <= before, (before, opened())
    files[:] = fill()
    try:
        run(call)
    except AgoraError as error:
        print("typed")
    for file in files:
        os.close(file)
    for _ in range({CALLS // 2}):
        run(call)

files = []
"""
FORMS = {
    "sync": "full(lambda function: function(), call, record)",
    "async": """
with asyncio.Runner() as runner:
    full(lambda function: runner.run(function()), async_call, async_record)
""",
}


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="needs Linux")
@pytest.mark.parametrize(
    ("form", "transport"),
    [("sync", ""), ("async", "fast"), *([("sync", "fast"), ("async", "")] if LONG else [])],
)
def test_without_file_descriptors_a_recording_is_ended_and_errors_are_typed(
    form: str, transport: str, server: EmulatorServer
) -> None:
    program = (
        f"import warnings; warnings.simplefilter('ignore')\nimport logging; logging.disable()\n{FILES}{FORMS[form]}"
    )
    printed, operations = run(program, server, transport=transport)
    assert printed.split() == ["typed"]
    assert operations[:3] == ["acquire", "start_recording", "stop_recording"]
    assert len(operations) == 4 + CALLS


def test_many_threads_share_a_client() -> None:
    with serving(sends(answer(PROJECTS))) as server:
        results: list[int] = []
        with Agora(CUSTOMER_ID, CERTIFICATE, base_url=server.url, permits=None, retries=0) as agora:
            threads = [
                threading.Thread(target=lambda: results.extend(len(agora.projects.list()) for _ in range(5)))
                for _ in range(40)
            ]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
    assert results == [1] * 200
    assert len(server.requests) == 200


def test_what_belongs_to_a_process_is_not_pickled(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/permits.db"
    agora, tasks = Agora(CUSTOMER_ID, CERTIFICATE, permits=None), AsyncAgora(CUSTOMER_ID, CERTIFICATE, permits=None)
    app = agora.app(APP_ID)
    started = StartedRecording(resource_id="r", sid="s", channel="c", uid="7")
    session = app.recordings.record("c", uid=7, storage=STORAGE)
    parts = [agora, tasks, app, app.recordings, app.kicking_rules, app.channels, agora.projects, agora.usage]
    for each in (*parts, app.recordings.handle(started), session, agora._calls.config, MemoryPermits(), open_url(url)):
        for serialize in (pickle.dumps, copy.deepcopy):
            with pytest.raises(TypeError, match=r"cannot be pickled or copied: .*process"):
                serialize(each)
    assert pickle.loads(pickle.dumps(started)) == started


STORAGE = S3Storage(region=0, bucket="b", access_key="key1", secret_key="key2")


@pytest.mark.parametrize("setting", [STORAGE, RecordingConfig(decryption_mode=1, secret="key3")])
def test_settings_can_be_passed_to_another_process(setting: Any) -> None:
    again = pickle.loads(pickle.dumps(setting))
    assert again == setting
    assert "key" not in repr(again)


def test_without_certificates_the_fast_transport_is_a_configuration_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", "/nowhere")
    monkeypatch.setenv("SSL_CERT_DIR", "/nowhere")
    with pytest.raises(ConfigurationError, match="fast"):
        Agora(CUSTOMER_ID, CERTIFICATE, base_url="https://127.0.0.1:1", transport="fast", permits=None)
