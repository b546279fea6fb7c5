"""The emulator is no tool for other sites: whose requests are refused, of the APIs, of control and of the pages."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agora_rest.emulator import Emulator
from agora_rest.emulator.web.messages import EXTENSION, Request
from agora_rest.emulator.web.origins import OriginPolicy
from tests.emulator.callers import Api, emulator_of_2019

PATHS = ["/dev/v1/projects", "/_emulator/state", "/_emulator/assets/page.css"]
PAGES = ["/", "/docs", "/docs/console.json"]
LABEL = st.text("abcdefghijklmnopqrstuvwxyz0123456789", min_size=1, max_size=8)


def responded(
    emulator: Emulator, path: str, *headers: tuple[bytes, bytes], method: str = "GET", **extension: Any
) -> tuple[int, dict[bytes, bytes]]:
    """The status and the headers of the response to a request as our own server hands it over."""
    extensions = {EXTENSION: {"loopback": True, "name": "127.0.0.1", **extension}}
    return Api(emulator).bare(method, path, *headers, scheme="http", extensions=extensions)[:2]


def status(emulator: Emulator, path: str, *headers: tuple[bytes, bytes], **extension: Any) -> int:
    return responded(emulator, path, *headers, **extension)[0]


@pytest.fixture
def emulator() -> Emulator:
    return emulator_of_2019(allow_hosts=["emulator.example"], allow_origins=["http://localhost:3000"])


OURS = (b"host", b"127.0.0.1:80")

REFUSED = [
    [OURS, (b"origin", b"http://evil.example")],
    [OURS, (b"origin", b"null")],
    [OURS, (b"origin", b"http://[evil")],
    [OURS, (b"origin", b"https://127.0.0.1:80")],
    [OURS, (b"origin", b"http://127.0.0.1:81")],
    [OURS, (b"sec-fetch-site", b"cross-site")],
    [OURS, (b"sec-fetch-site", b"same-site")],
    [(b"host", b"evil.example")],
    [(b"host", b"evil.example"), (b"origin", b"http://evil.example"), (b"sec-fetch-site", b"same-origin")],
    [(b"host", b"127.0.0.1.evil.example")],
    [(b"host", b"evil.example@127.0.0.1")],
    [OURS, (b"host", b"evil.example")],
    [],
]


@pytest.mark.parametrize(
    "path", [*PATHS, "/", "/docs", "/docs/console.json", "/_emulator/events", "/_emulator/nowhere"]
)
@pytest.mark.parametrize("headers", REFUSED)
def test_requests_of_other_sites_are_refused(emulator: Emulator, path: str, headers: list) -> None:
    assert status(emulator, path, *headers) == 403
    assert emulator.request_log.total == 0


@pytest.mark.parametrize("path", PATHS)
def test_the_target_in_absolute_form_is_judged_by_its_host(emulator: Emulator, path: str) -> None:
    assert status(emulator, path, OURS, authority=b"evil.example:80") == 403
    assert status(emulator, path, (b"host", b"evil.example"), authority=b"127.0.0.1:80") == 200


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(
    "headers",
    [
        [OURS],
        [(b"host", b"LOCALHOST")],
        [(b"host", b"[::1]:80")],
        [OURS, (b"origin", b"http://127.0.0.1:80"), (b"sec-fetch-site", b"same-origin")],
        [OURS, (b"sec-fetch-site", b"none")],
        [(b"host", b"emulator.example:8080")],
        [OURS, (b"origin", b"http://localhost:3000"), (b"sec-fetch-site", b"same-site")],
    ],
)
def test_programs_our_own_pages_and_what_is_allowed_pass(emulator: Emulator, path: str, headers: list) -> None:
    assert status(emulator, path, *headers) == 200


def test_a_page_of_an_allowed_origin_may_read_and_send(emulator: Emulator) -> None:
    origin = (b"origin", b"http://localhost:3000")
    _, headers = responded(emulator, "/dev/v1/projects", OURS, origin)
    assert headers[b"access-control-allow-origin"] == b"http://localhost:3000"
    preflight = (b"access-control-request-method", b"POST")
    found, headers = responded(emulator, "/dev/v1/project", OURS, origin, preflight, method="OPTIONS")
    assert found == 204
    assert b"authorization" in headers[b"access-control-allow-headers"]
    other = (b"origin", b"http://localhost:3001")
    found, headers = responded(emulator, "/dev/v1/project", OURS, other, preflight, method="OPTIONS")
    assert found == 403
    assert b"access-control-allow-origin" not in headers


@pytest.mark.parametrize("host", [b"10.0.0.7:80", b"emulator", b"host.docker.internal", b"my.test", b"[2001:db8::1]"])
def test_elsewhere_than_on_loopback_names_that_no_site_can_have_pass(emulator: Emulator, host: bytes) -> None:
    assert status(emulator, "/dev/v1/projects", (b"host", host), loopback=False, name="0.0.0.0") == 200


def test_the_name_it_listens_at_is_its_own(emulator: Emulator) -> None:
    host = (b"host", b"agora.corp.example")
    assert status(emulator, "/dev/v1/projects", host, loopback=False, name="agora.corp.example") == 200
    assert status(emulator, "/dev/v1/projects", host, loopback=False, name="0.0.0.0") == 403


@given(st.lists(LABEL, min_size=2, max_size=4).map(".".join), st.booleans())
def test_no_name_that_a_site_can_have_is_ours(name: str, loopback: bool) -> None:
    host = f"{name}.example"
    scope = {"type": "http", "method": "GET", "path": "/", "query_string": b"", "headers": [(b"host", host.encode())],
             "extensions": {EXTENSION: {"loopback": loopback, "name": "0.0.0.0"}}}  # fmt: skip
    assert OriginPolicy().refuses(Request(scope))


def test_within_another_server_the_host_is_not_ours_to_judge() -> None:
    scope = {"type": "http", "method": "GET", "path": "/", "query_string": b"", "headers": [(b"host", b"api.agora.io")]}
    assert not OriginPolicy().refuses(Request(scope))


@pytest.mark.parametrize("origin", ["localhost:3000", "http://", "ftp://x", "*", "http://a/b"])
def test_what_is_no_origin_is_refused(origin: str) -> None:
    with pytest.raises(ValueError, match="is not an origin"):
        Emulator(allow_origins=[origin])
