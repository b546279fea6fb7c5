"""A server that repeats in each response every secret it has ever been sent; nothing that the client shows has one."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import io
import json
import logging
import pickle
import time
import traceback
from collections.abc import Callable, Iterator
from typing import Any, Final

import pytest

from agora_rest import Agora, AgoraError, AsyncAgora, RecordingConfig, Resource, S3Storage
from agora_rest.client._transports.secrets import MAX_KNOWN, KnownSecrets
from agora_rest.client.hooks import Hooks
from agora_rest.redaction import redact
from tests.client.conftest import APP_ID, CERTIFICATE, CUSTOMER_ID
from tests.client.sockets import Behaviour, answer, hangs_up_after, sends, serving
from tests.client.test_secrets import walked

PROXY: Final = "planted-proxy-password"
RECORDING: Final = {
    "storage": S3Storage(region=0, bucket="b", access_key="planted-access-key", secret_key="planted-secret-key"),
    "config": RecordingConfig(decryption_mode=1, secret="planted-password"),
    "token": "planted-token",
    "extra": {"snapshot": {"privateKey": "planted-extra-key"}},
}
HEADERS: Final = {"X-Gateway-Key": "planted-gateway-key", "Cookie": "session=planted-cookie"}
BASIC: Final = base64.b64encode(f"{CUSTOMER_ID}:{CERTIFICATE}".encode()).decode()
PROXY_BASIC: Final = base64.b64encode(f"user:{PROXY}".encode()).decode()
PLANTED: Final = [
    CERTIFICATE,
    BASIC,
    "planted-access-key",
    "planted-secret-key",
    "planted-password",
    "planted-token",
    "planted-extra-key",
    *HEADERS.values(),
]
ALL: Final = " ".join(PLANTED)
ECHO: Final = json.dumps({"code": 2, "reason": ALL, "message": ALL, ALL: 1, "list": [ALL, {"x": ALL}], "status": ALL})

SHAPES: Final[dict[str, Behaviour]] = {
    "refusal": sends(answer(ECHO.encode(), "400 Bad", f"X-Request-ID: {ALL}", f"X-Echo: {ALL}", f"{BASIC}: 1")),
    "reason": sends(answer(b"", f"400 {ALL}", f"Retry-After: {ALL}", f"Set-Cookie: a={ALL}")),
    "escaped": sends(answer(ECHO.replace("planted", r"\u0070lanted").encode(), "404 No")),
    "page": sends(answer(f"<html><body>{ALL}</body></html>".encode(), "502 Bad", "Content-Type: text/html")),
    "cut off": sends(answer(f'{{"reason": "{ALL}", "x": "{ALL}'.encode(), "500 Bad")),
    "redirect": sends(answer(b"{}", "307 Go", f"Location: https://example.com/{PLANTED[0]}")),
    "success of another shape": sends(answer(json.dumps({"projects": ALL, "success": ALL, "rules": ALL}).encode())),
    "success with members": sends(answer(json.dumps({"projects": [{"id": ALL, ALL: ALL, "status": ALL}]}).encode())),
    "no success": sends(answer(ALL.encode(), "200 OK", f"X-Request-ID: {ALL}")),
    "no HTTP": sends(f"{ALL}\r\n\r\n".encode()),
    "no status": sends(f"HTTP/1.1 {ALL}\r\n\r\n".encode()),
    "no header": sends(f"HTTP/1.1 200 OK\r\n{ALL}\r\n\r\n".encode()),
    "no chunk": sends(f"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{ALL}\r\n".encode()),
    "no gzip": sends(answer(ALL.encode(), "200 OK", "Content-Encoding: gzip")),
    "no encoding": sends(answer(b"", "200 OK", f"Content-Encoding: {PLANTED[0]}")),
    "no length": sends(f"HTTP/1.1 200 OK\r\nContent-Length: {PLANTED[0]}\r\n\r\n".encode()),
    "no upgrade": sends(f"HTTP/1.1 101 {ALL}\r\nUpgrade: {PLANTED[0]}\r\n\r\n".encode()),
}


@contextlib.contextmanager
def everything_logged() -> Iterator[io.StringIO]:
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    try:
        yield stream
    finally:
        root.removeHandler(handler)
        root.setLevel(level)


def shown(error: BaseException) -> list[str]:
    """Everything that can be seen of an error, the variables of all frames but these tests' included."""
    told = traceback.TracebackException.from_exception(error, capture_locals=True)
    frames = [f"{frame.name} {frame.locals}" for frame in told.stack if "/tests/" not in frame.filename]
    frames += [
        f"{frame.f_code.co_name} {walked(frame.f_locals)}"
        for frame, _ in traceback.walk_tb(error.__traceback__)
        if "/tests/" not in frame.f_code.co_filename
    ]
    again = pickle.loads(pickle.dumps(error))
    texts = [str(error), repr(error), str(vars(error)), repr(pickle.dumps(error)), repr(again), str(vars(again))]
    return [*texts, *frames, "".join(traceback.format_exception(error))]


def leaks(texts: list[str]) -> list[str]:
    words = ("planted", BASIC, PROXY_BASIC)
    return [text for text in texts if any(word in text for word in words)]


class Kept:
    """One client for several calls."""

    def __init__(self, form: str, **options: Any) -> None:
        self._runner = asyncio.Runner() if form == "async" else None
        self.agora: Any = (AsyncAgora if self._runner else Agora)(
            CUSTOMER_ID, CERTIFICATE, permits=None, retries=0, deadline=2, **options
        )

    def __call__(self, use: Callable[[Any], Any], **options: Any) -> Any:
        async def main() -> Any:
            return await use(self.agora.with_options(**options))

        return self._runner.run(main()) if self._runner else use(self.agora.with_options(**options))

    def close(self) -> None:
        if self._runner is None:
            self.agora.close()
        else:
            self._runner.run(self.agora.aclose())
            self._runner.close()


def failures(caller: Kept, use: Callable[[Any], Any], **options: Any) -> list[AgoraError]:
    try:
        caller(use, **options)
    except AgoraError as error:
        return [error]
    return []


@pytest.mark.parametrize("transport", [None, "fast"], ids=["httpx", "fast"])
@pytest.mark.parametrize("form", ["sync", "async"])
def test_no_secret_of_an_earlier_request_is_shown(form: str, transport: str | None) -> None:
    events: list[Any] = []
    hooks = Hooks(**dict.fromkeys(("on_request", "on_response", "on_retry", "on_wait"), events.append))
    resource = Resource(resource_id="r", channel="c", uid="7")
    found: list[AgoraError] = []
    with (
        serving(sends(answer(b'{"sid": "s"}')), *SHAPES.values(), *SHAPES.values()) as server,
        everything_logged() as log,
    ):
        caller = Kept(form, base_url=server.url, transport=transport, hooks=hooks, default_headers=HEADERS)
        caller(lambda agora: agora.app(APP_ID).recordings.start(resource, **RECORDING))
        for validate in ("off", "warn"):
            for _ in SHAPES:
                found += failures(caller, lambda agora: agora.projects.list(), validate=validate)
        caller.close()
    assert len(found) >= 2 * (len(SHAPES) - 1)
    visible = [
        repr(caller.agora),
        *map(str, events),
        *(str(vars(event.error)) for event in events if hasattr(event, "error") and event.error),
    ]
    assert leaks([*visible, *(text for error in found for text in shown(error)), *log.getvalue().splitlines()]) == []


def test_a_secret_of_one_client_may_be_a_part_of_anothers() -> None:
    """Of the longer one, nothing is left beside the shorter one."""
    known = [KnownSecrets([secret]) for secret in ("certificate", "planted-certificate-2", "planted-certificate")]
    with everything_logged() as log:
        logging.getLogger("httpcore.http11").debug("header %s", "planted-certificate-2 certificate")
    assert log.getvalue() == "header <hidden> <hidden>\n"
    assert len(known) == 3


PROXIES: Final[dict[str, bytes]] = {
    "refusal": f"HTTP/1.1 407 {PROXY} {PROXY_BASIC}\r\nX-Echo: {PROXY}\r\nContent-Length: 0\r\n\r\n".encode(),
    "no HTTP": f"{PROXY} {PROXY_BASIC}\r\n\r\n".encode(),
    "no header": f"HTTP/1.1 200 OK\r\n{PROXY}\r\n\r\n".encode(),
    "no TLS": f"HTTP/1.1 200 OK\r\n\r\n{PROXY} {PROXY_BASIC}\r\n\r\n".encode(),
}


@pytest.mark.parametrize("transport", [None, "fast"], ids=["httpx", "fast"])
@pytest.mark.parametrize("form", ["sync", "async"])
def test_no_password_of_a_proxy_is_shown(form: str, transport: str | None) -> None:
    found: list[AgoraError] = []
    for response in PROXIES.values():
        with serving(hangs_up_after(response)) as server, everything_logged() as log:
            proxy = server.url.replace("://", f"://user:{PROXY}@")
            caller = Kept(form, base_url="https://127.0.0.1:1", transport=transport, proxy=proxy)
            found += failures(caller, lambda agora: agora.projects.list())
            caller.close()
            assert PROXY_BASIC.encode() in server.requests[0]
        assert leaks(log.getvalue().splitlines()) == []
    assert len(found) == len(PROXIES)
    assert leaks([text for error in found for text in shown(error)]) == []


def test_the_known_secrets_are_bounded_and_the_latest_stay() -> None:
    known = KnownSecrets(["planted-forever"])
    for number in range(3 * MAX_KNOWN):
        known.add([f"planted-{number}", "planted-often"])
    values = known.values()
    assert len(values) == MAX_KNOWN + 1
    assert {"planted-forever", "planted-often", f"planted-{3 * MAX_KNOWN - 1}"} <= values
    assert "planted" not in repr(known)


def test_many_secrets_are_hidden_in_a_large_body_in_linear_time() -> None:
    secrets = {f"planted-{number:040}" for number in range(MAX_KNOWN)}
    body = {"list": [*(f"some text {number}" for number in range(30_000)), *secrets]}
    began = time.process_time()
    assert "planted" not in str(redact(body, secrets)["list"][-MAX_KNOWN:])
    assert time.process_time() - began < 1.5
