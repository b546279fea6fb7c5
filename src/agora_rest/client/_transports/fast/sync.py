"""Sends requests of threads with pyreqwest, which wraps Rust's reqwest."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

import httpx
from pyreqwest.client import SyncClient, SyncClientBuilder
from pyreqwest.exceptions import DecodeError, PoolTimeoutError, PyreqwestError
from pyreqwest.proxy import ProxyBuilder
from pyreqwest.response import SyncResponse

from agora_rest.client._transports import Call, call_of
from agora_rest.client._transports.content import BodyTooLarge, check_size
from agora_rest.client._transports.fast import IDLE
from agora_rest.client._transports.send import CONNECT_TIMEOUT
from agora_rest.errors import ConfigurationError

if TYPE_CHECKING:
    from agora_rest.client._config import Config

_NO_CONNECTION: Final = "client error (Connect)"
"""The message of the innermost library if nothing can have been sent. If it changes one day, no call is retried
wrongly: a request counts as sent unless the message matches."""
_CUT_OFF: Final = frozenset({"client error (SendRequest)", "error reading a body from connection"})


class FastTransport(httpx.BaseTransport):
    """Sends requests with pyreqwest, using the system's certificates. A timeout is for the whole attempt.

    It does not use pyreqwest's own transport for httpx, which adds up the four timeouts of a request.
    """

    def __init__(self, config: Config) -> None:
        self._client = _client(config)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send `request` and return its response, fully read."""
        try:
            return _sent(self._client, request)
        except (PyreqwestError, ValueError, RuntimeError) as error:
            failure = _failure(error, request)
        raise failure

    def close(self) -> None:
        """Close the connections."""
        self._client.close()


def _client(config: Config) -> SyncClient:
    """Configured like httpx: only the Config's proxy, no redirects, and HTTPS only if all addresses use it."""
    builder = (
        SyncClientBuilder()
        .no_proxy()
        .follow_redirects(enable=False)
        .referer(enable=False)
        .gzip(enable=False)  # Bodies are decompressed within a limit, by `_transports.content`.
        .deflate(enable=False)
        .brotli(enable=False)
        .zstd(enable=False)
        .https_only(config.https)
        .connect_timeout(timedelta(seconds=CONNECT_TIMEOUT))
        .pool_idle_timeout(timedelta(seconds=IDLE))
    )
    if config.proxy:
        builder = builder.proxy(ProxyBuilder.all(config.proxy))
    try:
        return builder.build()
    except PyreqwestError as error:  # No certificates, or no file descriptor to read them with.
        why = (_causes(error) or ["its cause is unknown"])[-1]
        failure = ConfigurationError(f'transport="fast" cannot be created: {why}.')
    except RuntimeError:
        why = 'transport="fast" was used before this process was forked, and its threads are not here: make no such '
        failure = ConfigurationError(f"{why}client before forking, or leave transport out in one of the two.")
    raise failure


def _sent(client: SyncClient, request: httpx.Request) -> httpx.Response:
    timeout = timedelta(seconds=request.extensions["timeout"]["read"])
    built = client.request(request.method, str(request.url)).headers(request.headers.multi_items()).timeout(timeout)
    ready = (built.body_bytes(request.content) if request.content else built).build_streamed()
    call = call_of(request)
    with ready as response:
        try:
            stream = httpx.ByteStream(_body(response, call))
        except BodyTooLarge as error:
            error.response = httpx.Response(response.status, headers=list(response.headers.items()))
            raise
        return httpx.Response(response.status, headers=list(response.headers.items()), stream=stream)


def _body(response: SyncResponse, call: Call) -> bytes:
    """The body as received, within the maximum size.

    A body whose length the server has stated is read in one step: at each step other threads can take the interpreter,
    so with 50 threads a second step costs a tenth of a call. No more than the stated length is read.
    """
    length = response.get_header("content-length") or ""
    if length.isdecimal() and response.get_header("transfer-encoding") is None:  # which would make the length void
        check_size(int(length), call)
        return bytes(response.bytes())
    parts, size = [], 0
    while part := response.body_reader.read_chunk():
        size += len(part)
        check_size(size, call)
        parts.append(bytes(part))
    return b"".join(parts)


def _failure(error: PyreqwestError | ValueError | RuntimeError, request: httpx.Request) -> httpx.RequestError:
    """The corresponding httpx error."""
    if not isinstance(error, PyreqwestError):  # Its text may contain the invalid header or URL.
        return httpx.LocalProtocolError("the request cannot be written", request=request)
    causes = _causes(error)
    return _kind(error, causes)(causes[-1] if causes else type(error).__name__, request=request)


def _causes(error: PyreqwestError) -> list[str]:
    """The causes of an error, the innermost last."""
    details: Any = getattr(error, "details", None) or {}
    return [cause["message"] for cause in details.get("causes") or ()]


def _kind(error: PyreqwestError, causes: list[str]) -> type[httpx.RequestError]:
    late = isinstance(error, TimeoutError)
    if _NO_CONNECTION in causes:
        return httpx.ConnectTimeout if late else httpx.ConnectError
    if isinstance(error, PoolTimeoutError):
        return httpx.PoolTimeout
    if late:
        return httpx.ReadTimeout
    if isinstance(error, DecodeError) and _CUT_OFF.isdisjoint(causes):
        return httpx.DecodingError
    return httpx.ReadError
