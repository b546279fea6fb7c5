"""`agora-rest emulator`."""

from __future__ import annotations

import gc
import inspect
import json
import os
import re
import signal
import ssl
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from agora_rest import spec
from agora_rest.cli import emulator as command
from agora_rest.cli import main
from agora_rest.emulator import DEFAULT_CUSTOMER_CERTIFICATE, DEFAULT_CUSTOMER_ID, DEMO_APP_ID, Emulator
from agora_rest.emulator.server import EmulatorServer
from tests.emulator.callers import APP

RUN = "import sys; sys.argv.insert(1, 'emulator'); from agora_rest.cli import main; main()"


@contextmanager
def running(*options: str, **environment: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """The command, and where it says that it is ready."""
    process = subprocess.Popen(
        [sys.executable, "-c", RUN, *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, **environment},
    )
    try:
        line = process.stdout.readline()
        ready = re.fullmatch(r"Agora emulator ready at (https?://\S+:\d+)\n", line)
        assert ready is not None, line + process.stderr.read()
        yield process, ready[1]
    finally:
        process.kill()
        process.communicate()


def test_it_says_once_that_it_is_ready_and_is_and_ends_quietly_when_interrupted() -> None:
    with running() as (process, url):
        answer = httpx.get(f"{url}/dev/v1/projects", auth=("emulator", "emulator-secret"))
        assert answer.json()["projects"][0]["vendor_key"] == APP
        details = process.stdout.readline()
        process.send_signal(signal.SIGINT)
        rest, errors = process.communicate(timeout=120)
    assert (process.returncode, rest, errors) == (0, "", "")
    assert all(word in details for word in ("emulator-secret", "demo", DEMO_APP_ID))


def test_it_serves_what_it_is_told_to_and_keeps_a_certificate_to_itself() -> None:
    options = ("--dialect", "observed", "--customer-id", "me", "--customer-certificate", "planted-certificate")
    with running(*options) as (process, url):
        assert httpx.get(f"{url}/dev/v1/projects", auth=("emulator", "emulator-secret")).status_code == 401
        body = {"cname": "c", "uid": "1", "clientRequest": {}}
        auth = ("me", "planted-certificate")
        answer = httpx.post(f"{url}/v1/apps/{APP}/cloud_recording/acquire", auth=auth, json=body)
        assert answer.json()["cname"] == "c"
        details = process.stdout.readline()
        process.terminate()
        rest, errors = process.communicate(timeout=120)
    assert "customer ID me" in details
    assert "planted" not in details + rest + errors


def test_a_certificate_may_come_from_the_environment() -> None:
    with running(AGORA_EMULATOR_CUSTOMER_CERTIFICATE="planted-certificate") as (_, url):
        assert httpx.get(f"{url}/dev/v1/projects", auth=("emulator", "planted-certificate")).is_success


def test_it_warns_loudly_when_others_can_reach_it() -> None:
    with running("--host", "0.0.0.0") as (process, url):
        assert url.startswith("http://127.0.0.1:")
        assert httpx.get(f"{url}/_emulator/clock").status_code == 200
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=120)
    assert errors.startswith("WARNING")
    assert "0.0.0.0" in errors


def test_a_port_that_is_taken_is_said_in_one_line() -> None:
    with running() as (_, url):
        port = url.rpartition(":")[2]
        second = subprocess.run(
            [sys.executable, "-c", RUN, "--port", port], capture_output=True, text=True, timeout=120, check=False
        )
    assert second.returncode == 2
    assert second.stderr == (
        f"agora-rest: The emulator cannot be started: Address already in use: port {port} of 127.0.0.1; "
        "choose another port, or 0 for any free one.\n"
    )


def test_its_address_is_json_for_scripts() -> None:
    process = subprocess.Popen([sys.executable, "-c", RUN, "--json"], stdout=subprocess.PIPE, text=True)
    try:
        told = json.loads(process.stdout.readline())
        assert httpx.get(f"{told['url']}/dev/v1/projects", auth=(told["customer_id"], "emulator-secret")).is_success
        assert (told["project"], told["app_id"]) == ("demo", DEMO_APP_ID)
    finally:
        process.kill()
        process.communicate()


@pytest.mark.parametrize("wrong", [("--dialect", "french"), ("--port", "65536"), ("--port", "x")])
def test_other_options_are_refused(wrong: tuple[str, str]) -> None:
    refused = subprocess.run(
        [sys.executable, "-c", RUN, *wrong], capture_output=True, text=True, timeout=120, check=False
    )
    assert refused.returncode == 2


def test_its_defaults_are_the_emulators() -> None:
    defaults = {name: found.default for name, found in inspect.signature(command.emulator).parameters.items()}
    assert defaults["customer_id"] == DEFAULT_CUSTOMER_ID
    assert defaults["customer_certificate"] == DEFAULT_CUSTOMER_CERTIFICATE
    assert (defaults["host"], defaults["port"]) == ("127.0.0.1", 0)
    assert defaults["dialect"] == spec.DEFAULT_DIALECT == Emulator().settings.dialect
    assert DEMO_APP_ID in command.emulator.__doc__


def test_its_state_is_saved_at_the_end_and_there_again(tmp_path: Path) -> None:
    seed, state = tmp_path / "seed.json", tmp_path / "state.json"
    seed.write_text('{"projects": [{"name": "school", "app_id": "' + "a" * 32 + '"}]}')
    for end in (signal.SIGTERM, signal.SIGINT):
        with running("--seed", str(seed), "--state", str(state)) as (process, url):
            assert f"project school, App ID {'a' * 32}" in process.stdout.readline()
            projects = httpx.get(f"{url}/_emulator/state").json()["projects"]
            httpx.post(f"{url}/_emulator/projects", json={"name": "another"})
            process.send_signal(end)
            process.communicate(timeout=120)
            assert process.returncode == (-signal.SIGTERM if end is signal.SIGTERM else 0)
    assert [project["name"] for project in projects] == ["school", "another"]
    saved = json.loads(state.read_text())["projects"]
    assert [project["name"] for project in saved] == ["school", "another", "another"]


def test_a_file_that_is_no_state_is_refused_in_a_line(tmp_path: Path) -> None:
    wrong = tmp_path / "seed.json"
    wrong.write_text("[]")
    refused = subprocess.run(
        [sys.executable, "-c", RUN, "--seed", str(wrong)], capture_output=True, text=True, timeout=120, check=False
    )
    assert refused.returncode == 2
    assert "is not a state of an emulator: it must be an object" in refused.stderr


def test_a_state_that_cannot_be_saved_is_refused_at_the_start(tmp_path: Path) -> None:
    for file in (tmp_path / "missing" / "state.json", tmp_path):
        refused = subprocess.run(
            [sys.executable, "-c", RUN, "--state", str(file)], capture_output=True, text=True, timeout=120, check=False
        )
        assert refused.returncode == 2
        assert f"'{file}'" in refused.stderr
    with running("--state", str(tmp_path / "state.json")):
        assert list(tmp_path.iterdir()) == []  # the check leaves nothing behind


def test_requests_are_printed_where_that_is_wanted() -> None:
    with running("--access-log") as (process, url):
        assert httpx.get(f"{url}/_emulator/health").json() == {"status": "ok"}
        httpx.get(f"{url}/dev/v1/projects?x=%0a")
        process.terminate()
        _, errors = process.communicate(timeout=120)
    lines = [line.split(" ", 2)[2] for line in errors.splitlines()]
    assert re.fullmatch(r'127.0.0.1 "GET /_emulator/health" 200 [0-9.]+ ms', lines[0])
    assert lines[1].startswith('127.0.0.1 "GET /dev/v1/projects?x=%0a" 401 ')


def test_it_serves_https(tmp_path: Path) -> None:
    certificate, key = self_signed(tmp_path)
    with running("--certfile", str(certificate), "--keyfile", str(key)) as (_, url):
        assert url.startswith("https://127.0.0.1:")
        context = ssl.create_default_context(cafile=str(certificate))
        assert httpx.get(f"{url}/_emulator/health", verify=context).status_code == 200
    refused = subprocess.run(
        [sys.executable, "-c", RUN, "--certfile", str(key)], capture_output=True, text=True, timeout=120, check=False
    )
    assert refused.returncode == 2
    assert f"cannot be started: {key} is not a certificate with its key in PEM" in refused.stderr
    refused = subprocess.run(
        [sys.executable, "-c", RUN, "--certfile", "nope.pem"], capture_output=True, text=True, timeout=120, check=False
    )
    assert "No such file or directory: 'nope.pem'" in refused.stderr


def self_signed(folder: Path) -> tuple[Path, Path]:
    certificate, key = folder / "certificate.pem", folder / "key.pem"
    made = ["-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", certificate, "-days", "2"]
    names = ["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"]
    subprocess.run(["openssl", "req", "-x509", *made, *names], check=True, capture_output=True)
    return certificate, key


NOT_NEEDED_YET = {
    "agora_rest.emulator.har",
    "agora_rest.emulator.saved_state",
    "agora_rest.emulator.snapshot",
    "agora_rest.emulator.web.control",
    "agora_rest.emulator.web.verdicts",
    "agora_rest.spec.numbered_facts",
    "agora_rest.spec.validation",
    "difflib",
    "html",
    "importlib.resources",
    "jsonschema_rs",
}
"""Loaded by the first call with arguments, by control, by a page, or by mistakes."""


def test_the_first_answer_needs_neither_control_nor_validators() -> None:
    code = (
        "import base64, http.client, json, sys\n"
        "from agora_rest.emulator import Emulator\n"
        "with Emulator().serve() as server:\n"
        "    connection = http.client.HTTPConnection(server.host, server.port)\n"
        "    token = base64.b64encode(b'emulator:emulator-secret').decode()\n"
        "    connection.request('GET', '/dev/v1/projects', headers={'Authorization': f'Basic {token}'})\n"
        "    assert connection.getresponse().status == 201\n"
        "    print(json.dumps(list(sys.modules)))\n"
    )
    loaded = set(json.loads(subprocess.check_output([sys.executable, "-c", code], text=True)))
    assert loaded & NOT_NEEDED_YET == set()


def test_garbage_is_collected_while_it_serves(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[bool] = []
    monkeypatch.setattr(sys, "argv", ["agora-rest", "emulator"])

    def run(server: EmulatorServer, on_ready: Callable[[], None], *_: object) -> None:
        seen.append(gc.isenabled())
        on_ready()
        seen.append(gc.isenabled())
        server._socket.close()

    monkeypatch.setattr(EmulatorServer, "run", run)
    with pytest.raises(SystemExit):
        main()
    gc.unfreeze()
    assert seen == [False, True]
