"""Options that do not exist: errors for type checkers, and at runtime with the nearest name."""

from __future__ import annotations

import inspect
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from agora_rest import Agora, AsyncAgora, ConfigurationError
from agora_rest.client import _async, _sync  # noqa: F401  the two forms
from agora_rest.client._async.client import AsyncClientOptions
from agora_rest.client._sync.client import ClientOptions
from agora_rest.emulator import Emulator, Fault
from agora_rest.mocks import AgoraRouter
from tests.client.conftest import APP_ID, CERTIFICATE, CUSTOMER_ID, Client

RIGHT = """
from agora_rest import Agora, AsyncAgora, QiniuRegion, QiniuStorage, S3Region, S3Storage
from agora_rest.emulator import Emulator, Fault
from agora_rest.mocks import AgoraRouter

agora = Agora.from_env(retries=3, timeout=2.5, default_headers={"X-Trace": "1"})
agora.with_options(deadline=3)
AsyncAgora.from_env(retries=3)
Emulator(dialect="observed")
AgoraRouter(dialect="observed")
Fault("status")
S3Storage(region=S3Region.EU_WEST_1, bucket="b", access_key="k", secret_key="s")
S3Storage(region=4, bucket="b", access_key="k", secret_key="s")
QiniuStorage(region=QiniuRegion.BEIMEI, bucket="b", access_key="k", secret_key="s")
"""

WRONG = [
    "Agora.from_env(retry=3)",
    "Agora.from_env(timout=1.0)",
    "Agora.from_env(retries='3')",
    "AsyncAgora.from_env(timout=1.0)",
    "Agora(timout=1.0)",
    "agora.with_options(retry=1)",
    "Emulator(dialect='observd')",
    "Emulator(dialct='observed')",
    "AgoraRouter(dialect='observd')",
    "Fault('statuss')",
    "S3Storage(region=QiniuRegion.BEIMEI, bucket='b', access_key='k', secret_key='s')",
    "S3Storage(region='eu-west-1', bucket='b', access_key='k', secret_key='s')",
    "S3Storage(region=4, bucket='b', acces_key='k', secret_key='s')",
]


def test_type_checkers_see_what_is_misspelt(tmp_path: Path) -> None:
    lines = [*RIGHT.splitlines(), *WRONG]
    source = tmp_path / "program.py"
    source.write_text("\n".join(lines), encoding="utf-8")
    checked = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--no-error-summary", "--follow-imports=silent", str(source)],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
        env={**os.environ, "MYPY_CACHE_DIR": str(Path(__file__).parents[2] / ".mypy_cache" / "options")},
    )
    found = {int(number) for number in re.findall(r"program\.py:(\d+): error", checked.stdout)}
    first = len(lines) - len(WRONG) + 1
    assert found == set(range(first, len(lines) + 1)), checked.stdout + checked.stderr


@pytest.mark.parametrize(
    ("use", "named"),
    [
        (lambda: Agora.from_env(retry=3), "'retry'; did you mean 'retries'"),  # type: ignore[call-arg]
        (lambda: AsyncAgora.from_env(timout=1), "'timout'; did you mean 'timeout'"),  # type: ignore[call-arg]
        (lambda: Emulator(dialect="observd"), "one of documented, observed, current. Did you mean observed"),
        (lambda: AgoraRouter(dialect="observd"), "'documented', 'observed', 'current'"),
        (lambda: Fault("statuss"), "one of status, delay, cut_before, .*Did you mean status"),
    ],
)
def test_what_is_misspelt_is_named_with_what_there_is(use: Any, named: str) -> None:
    with pytest.raises((TypeError, ValueError), match=named):
        use()


@pytest.mark.parametrize(("kind", "options"), [(Agora, ClientOptions), (AsyncAgora, AsyncClientOptions)])
def test_from_env_takes_the_options_of_the_constructor(kind: Any, options: Any) -> None:
    assert list(inspect.signature(kind).parameters) == list(options.__annotations__)


def test_default_headers_are_sent_with_every_request(client: Client, network: Any) -> None:
    route = network.route().respond(200, json={"projects": [], "resourceId": "r"})
    client.options["default_headers"] = {"x-trace": "1", "user-agent": "mine"}
    for use in (lambda a: a.projects.list(), lambda a: a.app(APP_ID).recordings.acquire("a", 1)):
        client(use)
        sent = route.calls.last.request.headers
        assert (sent.get_list("x-trace"), sent.get_list("user-agent")) == (["1"], ["mine"])
        assert sent["authorization"].startswith("Basic ")


@pytest.mark.parametrize(
    "headers",
    [
        {"Authorization": "planted"},
        {"authorization": "planted"},
        {"Host": "planted"},
        {"Content-Length": "1"},
        {"X-Key": "planted\r\nX-Other: 1"},
        {"X Key": "planted"},
        {"X-Key": 7},
        {"X-Key": "pläntéd"},
        ["X-Key"],
    ],
    ids=str,
)
def test_default_headers_replace_none_of_the_clients_own(headers: Any) -> None:
    with pytest.raises(ConfigurationError, match="default_headers") as caught:
        Agora(CUSTOMER_ID, CERTIFICATE, default_headers=headers)
    assert "planted" not in str(caught.value)


SCRIPT = """
from agora_rest import Agora
import httpx
answer = httpx.MockTransport(lambda _: httpx.Response(200, json={"projects": []}))
with Agora("customer", "planted-certificate", transport=answer) as agora:
    agora.projects.list()
"""


@pytest.mark.parametrize(("level", "is_shown"), [("debug", True), ("DEBUG", True), ("info", False), ("", False)])
def test_a_variable_turns_the_log_on(level: str, is_shown: bool) -> None:
    ran = subprocess.run(
        [sys.executable, "-c", SCRIPT],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "AGORA_LOG": level},
    )
    assert ("list_projects" in ran.stderr, "planted" in ran.stderr) == (is_shown, False)


def test_another_level_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AGORA_LOG", "loud")
    with pytest.raises(ConfigurationError, match="AGORA_LOG must be debug or info, not 'loud'"):
        Agora(CUSTOMER_ID, CERTIFICATE)
