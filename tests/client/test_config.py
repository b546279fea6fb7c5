"""Where to call, as whom, how long to wait: what is refused, and what the defaults are."""

from __future__ import annotations

import asyncio
import base64
import copy
import math
from pathlib import Path
from typing import Any

import httpx
import pytest

from agora_rest import Agora, AsyncAgora, AsyncClock, Clock, ConfigurationError, S3Region, S3Storage
from agora_rest.client._config import Config
from agora_rest.mocks import AgoraRouter
from agora_rest.permits import open_url, shared
from tests.client.conftest import APP_ID, Client

KINDS = pytest.mark.parametrize("kind", [Agora, AsyncAgora])


@pytest.fixture(autouse=True)
def _no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (
        "AGORA_CUSTOMER_ID",
        "AGORA_CUSTOMER_CERTIFICATE",
        "AGORA_CUSTOMER_SECRET",
        "AGORA_BASE_URL",
        "AGORA_ALLOW_HTTP",
        "AGORA_PERMITS",
    ):
        monkeypatch.delenv(name, raising=False)


@KINDS
@pytest.mark.parametrize(
    "url",
    [
        "https://api-us-west-1.sd-rtn.com/",
        "https://10.0.0.1:8443/agora",
        *(f"http://{name}:8080" for name in ("127.0.0.1", "127.8.9.1", "localhost", "LOCALHOST", "[::1]")),
        *(f"https://a.b{path}" for path in ("", "/", "/behind", "/dev/behind", "/v1/behind", "/device", "/apps/v1x")),
    ],
)
def test_https_goes_anywhere_and_http_stays_on_this_machine(kind: Any, url: str) -> None:
    kind("id", "certificate", base_url=url)


@KINDS
@pytest.mark.parametrize(
    "url",
    [
        "http://api.agora.io",
        "http://128.0.0.1",
        "http://localhost.example.com",
        "http://127.0.0.1.example.com",
        "http://0.0.0.0",
        "ftp://localhost",
        "api.agora.io",
        "//api.agora.io",
        "https://",
        "https:///path",
        "https://user:planted@api.agora.io",
        "user:planted@api.agora.io",
        "https://api.agora.io?key=planted",
        "https://api.agora.io#planted",
        "https://api.agora.io,https://other.example.com",
        "https://api..agora.io",
        f"https://{'a' * 64}.io",
        "https://api.agora.io#x",
        "https://api.agora.io/dev",
        "https://api.agora.io/dev/",
        "https://api.agora.io\r\nHost: elsewhere",
        "https://[::1",
        7,
    ],
)
def test_an_address_that_is_not_safe_is_refused_when_the_client_is_made(kind: Any, url: str) -> None:
    with pytest.raises(ConfigurationError, match="AGORA_BASE_URL") as caught:
        kind("id", "certificate", base_url=url)
    assert "planted" not in str(caught.value)


@KINDS
@pytest.mark.parametrize("url", ["http://agora:8080", "http://10.0.0.1", "http://gateway.example.com/behind"])
def test_http_to_another_machine_needs_a_permission(kind: Any, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ConfigurationError, match=r"allow_http=True \(AGORA_ALLOW_HTTP=true\).*unencrypted"):
        kind("id", "certificate", base_url=url)
    kind("id", "certificate", base_url=url, allow_http=True)
    monkeypatch.setenv("AGORA_ALLOW_HTTP", "True")
    kind("id", "certificate", base_url=url)
    with pytest.raises(ConfigurationError, match="allow_http"):
        kind("id", "certificate", base_url=url, allow_http=False)
    with pytest.raises(ConfigurationError, match="proxy is for https"):
        kind("id", "certificate", base_url=url, proxy="http://proxy:3128")


@KINDS
@pytest.mark.parametrize(
    "host",
    ["api.agora.io", "API.Agora.IO", "api.agora.io.", "api.agora.io:8080", "api-eu-west-1.sd-rtn.com", "sd-rtn.com"],
)
def test_agoras_own_hosts_are_never_called_over_http(kind: Any, host: str) -> None:
    with pytest.raises(ConfigurationError, match="never called over http"):
        kind("id", "certificate", base_url=["http://127.0.0.1", f"http://{host}"], allow_http=True)


@pytest.mark.parametrize("given", ["yes", "1", ""])
def test_the_permission_for_http_is_true_or_false(given: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AGORA_ALLOW_HTTP", given)
    with pytest.raises(ConfigurationError, match="AGORA_ALLOW_HTTP"):
        Agora("id", "certificate")
    with pytest.raises(ConfigurationError, match="allow_http"):
        Agora("id", "certificate", allow_http=given)  # type: ignore[arg-type]


def test_no_proxy_of_the_environment_is_used_over_http(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALL_PROXY", "http://proxy.invalid:3128")
    config = Config.resolve("id", "certificate", "http://agora:8080", allow_http=True)
    assert config.proxy is None
    assert not config.https


@KINDS
@pytest.mark.parametrize("name", ["AGORA_BASE_URL", "AGORA_CUSTOMER_ID", "AGORA_CUSTOMER_CERTIFICATE"])
def test_an_empty_variable_is_an_error_and_not_the_default(
    kind: Any, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AGORA_CUSTOMER_ID", "id")
    monkeypatch.setenv("AGORA_CUSTOMER_SECRET", "certificate")
    monkeypatch.setenv(name, "")
    with pytest.raises(ConfigurationError, match=f"{name} is empty"):
        kind.from_env()
    kind("id", "certificate", base_url="https://api.agora.io")


@KINDS
@pytest.mark.parametrize("given", ["", [], (), ["https://api.agora.io", ""]])
def test_an_empty_address_is_an_error_and_not_the_default(kind: Any, given: Any) -> None:
    with pytest.raises(ConfigurationError, match="base_url"):
        kind("id", "certificate", base_url=given)


@KINDS
def test_the_environments_certificate_belongs_to_the_id_there(kind: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AGORA_CUSTOMER_CERTIFICATE", "planted")
    kind("me")
    monkeypatch.setenv("AGORA_CUSTOMER_ID", "me")
    kind("me")
    monkeypatch.setenv("AGORA_CUSTOMER_ID", "another")
    for given in ({}, {"customer_certificate": None}):
        with pytest.raises(ConfigurationError, match="No certificate for this customer_id") as caught:
            kind("me", **given)
        assert "planted" not in str(caught.value)


@KINDS
def test_from_env_shares_the_permits_of_the_environment(
    kind: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def permits(client: Any) -> Any:
        return client._calls.options.permits

    monkeypatch.setenv("AGORA_CUSTOMER_ID", "id")
    monkeypatch.setenv("AGORA_CUSTOMER_CERTIFICATE", "certificate")
    assert permits(kind.from_env()) is shared()
    url = f"sqlite:///{tmp_path}/permits.db"
    monkeypatch.setenv("AGORA_PERMITS", url)
    assert permits(kind.from_env()) is open_url(url)
    assert permits(kind.from_env(permits=None)) is None
    monkeypatch.setenv("AGORA_PERMITS", "")
    with pytest.raises(ConfigurationError, match="AGORA_PERMITS is empty"):
        kind.from_env()


@KINDS
@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("permits", Path("permits.db")),
        ("permits", {"url": "planted"}),
        ("limits", 5),
        ("limits", {"acquire": None}),
        ("hooks", print),
        ("clock", 5),
    ],
)
def test_an_option_of_a_wrong_type_is_refused_when_the_client_is_made(kind: Any, name: str, given: Any) -> None:
    with pytest.raises(ConfigurationError, match=f"{name} must be .*not {type(given).__name__}") as caught:
        kind("id", "certificate", **{name: given})
    assert "planted" not in str(caught.value)
    if name in ("permits", "hooks"):
        with pytest.raises(ConfigurationError, match=f"{name} must be"):
            kind("id", "certificate").with_options(**{name: given})


def test_the_clock_is_of_the_clients_form() -> None:
    with pytest.raises(ConfigurationError, match="clock must be an object of type AsyncClock, not Clock"):
        AsyncAgora("id", "certificate", clock=Clock())  # type: ignore[arg-type]
    with pytest.raises(ConfigurationError, match="clock must be an object of type Clock, not AsyncClock"):
        Agora("id", "certificate", clock=AsyncClock())  # type: ignore[arg-type]


@KINDS
def test_what_record_returns_has_no_members_outside_the_block(kind: Any) -> None:
    storage = S3Storage(region=S3Region.EU_WEST_1, bucket="lessons", access_key="key", secret_key="secret")
    session = kind("id", "certificate").app(APP_ID).recordings.record("lesson", uid=7, storage=storage)
    with pytest.raises(AttributeError, match="has no attribute 'stop': use \"with\", whose"):
        session.stop()
    assert not hasattr(session, "_private")
    copy.copy(session)


@KINDS
def test_a_file_of_drift_needs_validation(kind: Any, tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="drift_file has no effect without validate"):
        kind("id", "certificate", drift_file=tmp_path / "drift.jsonl")


@KINDS
@pytest.mark.parametrize(
    "host", ["https://api.agora.io", "http://127.0.0.1:8080", "https://gateway.example.com/behind"]
)
@pytest.mark.parametrize(
    "end",
    [
        "/v1",
        "/v1/",
        "/v1/apps",
        "/v1/apps/x/cloud_recording",
        "/dev/v1",
        "/dev/v1/projects",
        "/dev/v1/projects/",
        "/dev",
        "/v3",
        "/V1",
    ],
)
def test_an_address_with_the_path_of_an_operation_is_refused_with_the_right_one(
    kind: Any, host: str, end: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AGORA_BASE_URL", host + end)
    for use in (lambda: kind("id", "certificate"), lambda: kind("id", "certificate", base_url=host + end)):
        with pytest.raises(ConfigurationError, match="AGORA_BASE_URL") as caught:
            use()
        assert str(caught.value).endswith(f"; use {host}.")
    with pytest.raises(ValueError, match=f"use {host}$"):
        AgoraRouter(base_url=host + end)


@KINDS
def test_missing_credentials_name_the_variable(kind: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ConfigurationError, match="AGORA_CUSTOMER_ID"):
        kind.from_env()
    monkeypatch.setenv("AGORA_CUSTOMER_ID", "id")
    with pytest.raises(ConfigurationError, match="AGORA_CUSTOMER_CERTIFICATE"):
        kind.from_env()
    with pytest.raises(ConfigurationError, match="AGORA_CUSTOMER_CERTIFICATE"):
        kind("id", "")


@KINDS
def test_the_certificate_may_be_called_customer_secret(kind: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AGORA_CUSTOMER_ID", "id")
    with pytest.raises(ConfigurationError, match=r"AGORA_CUSTOMER_SECRET.*console.*Customer Secret"):
        kind.from_env()
    monkeypatch.setenv("AGORA_CUSTOMER_SECRET", "planted-1")
    kind.from_env()
    monkeypatch.setenv("AGORA_CUSTOMER_CERTIFICATE", "planted-1")
    kind.from_env()
    monkeypatch.setenv("AGORA_CUSTOMER_CERTIFICATE", "planted-2")
    with pytest.raises(ConfigurationError, match=r"AGORA_CUSTOMER_CERTIFICATE.*AGORA_CUSTOMER_SECRET") as caught:
        kind.from_env()
    assert "planted" not in str(caught.value)
    kind(customer_certificate="given")


@pytest.mark.parametrize(("customer", "certificate"), [("a:b", "c"), ("a\r\n", "c"), ("a", "planted\n"), (7, "c")])
def test_credentials_that_http_basic_cannot_carry_are_refused(customer: Any, certificate: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        Agora(customer, certificate)
    assert "planted" not in str(caught.value)


def test_arguments_go_before_the_environment(monkeypatch: pytest.MonkeyPatch, network: Any) -> None:
    route = network.route().respond(200, json={"projects": []})
    monkeypatch.setenv("AGORA_CUSTOMER_ID", "from-env")
    monkeypatch.setenv("AGORA_CUSTOMER_CERTIFICATE", "env-certificate")
    monkeypatch.setenv("AGORA_BASE_URL", "https://api.agora.io/")
    for agora, user in ((Agora.from_env(), "from-env:env-certificate"), (Agora("me", "own"), "me:own")):
        with agora:
            agora.projects.list()
        sent = route.calls.last.request.headers["authorization"]
        assert base64.b64decode(sent.removeprefix("Basic ")).decode() == user


@pytest.mark.parametrize("timeout", [0, -1, math.inf, math.nan, None, "30", True])
def test_a_timeout_is_a_number_of_seconds(timeout: Any) -> None:
    with pytest.raises(ConfigurationError, match="timeout"):
        Agora("id", "certificate", timeout=timeout)


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({}, (5.0, 30.0)),
        ({"timeout": 2}, (2.0, 2.0)),
        ({"timeout": 90}, (5.0, 30.0)),
        ({"timeout": 90, "deadline": 120}, (5.0, 90.0)),
    ],
)
def test_every_call_has_a_timeout(options: Any, expected: tuple[float, float], network: Any) -> None:
    route = network.route().respond(200, json={"projects": []})
    for form in ("sync", "async"):
        Client(form, **options)(lambda agora: agora.projects.list())
        timeout = route.calls.last.request.extensions["timeout"]
        assert (timeout["connect"], timeout["read"]) == expected
        assert timeout["write"] == timeout["pool"] == expected[1]


def test_a_base_url_may_have_a_path(network: Any) -> None:
    route = network.route().respond(200, json={"projects": [], "resourceId": "r"})
    with Agora("id", "certificate", base_url="https://api.agora.io/behind/") as agora:
        agora.projects.list()
        assert route.calls.last.request.url.path == "/behind/dev/v1/projects"
        agora.app(APP_ID).recordings.acquire("a", 1)
        assert route.calls.last.request.url.path == f"/behind/v1/apps/{APP_ID}/cloud_recording/acquire"


def test_a_closed_client_says_so(client: Client, network: Any) -> None:
    kept: list[Any] = []
    client(kept.append)
    network.route().respond(200, json={"projects": []})
    late = (
        (lambda: kept[0].projects.list()) if client.form == "sync" else (lambda: asyncio.run(kept[0].projects.list()))
    )
    with pytest.raises(ConfigurationError, match="closed"):
        late()


def test_a_transport_of_ones_own_is_used_and_closed() -> None:
    class Own(httpx.BaseTransport):
        closed = False

        def handle_request(self, _: httpx.Request) -> httpx.Response:
            return httpx.Response(200, json={"projects": []})

        def close(self) -> None:
            self.closed = True

    own = Own()
    with Agora("id", "certificate", transport=own) as agora:
        assert agora.projects.list() == ()
    assert own.closed


def test_a_netrc_does_not_replace_the_credentials(monkeypatch: pytest.MonkeyPatch, tmp_path: Any, network: Any) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine api.agora.io login other password other\n")
    monkeypatch.setenv("NETRC", str(netrc))
    route = network.route().respond(200, json={"projects": []})
    Client("sync")(lambda agora: agora.projects.list())
    sent = route.calls.last.request.headers["authorization"]
    assert b"other" not in base64.b64decode(sent.removeprefix("Basic "))
