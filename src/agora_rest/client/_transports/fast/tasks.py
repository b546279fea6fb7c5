"""Sends requests of asyncio tasks with aiohttp."""

from __future__ import annotations

import ssl
from typing import TYPE_CHECKING, Any

import aiohttp
import httpx
from yarl import URL

from agora_rest.client._transports import call_of
from agora_rest.client._transports.content import BodyTooLarge, check_size, check_time
from agora_rest.client._transports.fast import IDLE
from agora_rest.redaction import basic_token

if TYPE_CHECKING:
    from agora_rest.client._config import Config


class AsyncFastTransport(httpx.AsyncBaseTransport):
    """Sends requests with aiohttp, under asyncio only. The timeouts are httpx's: one for each step.

    It does not use httpx-aiohttp, whose streams take a tenth of the time of a call: bodies are read here, within the
    limits of the call.
    """

    def __init__(self, config: Config, trust: ssl.SSLContext) -> None:
        proxy = _proxy(config.proxy) if config.proxy else None
        self._trust = trust
        self._through: dict[str, Any] = {}
        if proxy is not None:
            self._through = {"proxy": str(proxy.url), "proxy_headers": proxy.headers}
        self._session: aiohttp.ClientSession | None = None

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send `request` and return its response, fully read."""
        if self._session is None:  # here, because it belongs to the loop that creates it
            self._session = _session(self._trust)
        try:
            return await self._sent(self._session, request)
        except (aiohttp.ClientError, TimeoutError, ValueError) as error:
            failure = _as_httpx(error, request)
        raise failure

    async def _sent(self, session: aiohttp.ClientSession, request: httpx.Request) -> httpx.Response:
        times = request.extensions["timeout"]
        response = await session.request(
            request.method,
            URL(str(request.url), encoded=True),
            headers=request.headers.multi_items(),
            data=request.content or None,
            allow_redirects=False,
            timeout=aiohttp.ClientTimeout(
                sock_connect=times["connect"], sock_read=times["read"], connect=times["pool"]
            ),
            **self._through,
        )
        try:
            return httpx.Response(
                response.status, headers=response.raw_headers, stream=httpx.ByteStream(await _body(response, request))
            )
        except BodyTooLarge as error:
            error.response = httpx.Response(response.status, headers=response.raw_headers)
            raise
        finally:
            response.close()  # the connection, if its response was not read to the end

    async def aclose(self) -> None:
        """Close the connections."""
        if self._session is not None:
            await self._session.close()


async def _body(response: aiohttp.ClientResponse, request: httpx.Request) -> bytes:
    """The body as received, within the maximum size and the deadline."""
    call, parts, size = call_of(request), [], 0
    while part := await response.content.readany():
        size += len(part)
        check_size(size, call)
        parts.append(part)
        check_time(request, call)
    return parts[0] if len(parts) == 1 else b"".join(parts)


def _proxy(url: str) -> httpx.Proxy:
    """A proxy whose credentials are a header field, because aiohttp's argument for them is deprecated."""
    given = httpx.Proxy(url)
    if given.auth is None:
        return given
    return httpx.Proxy(given.url, headers={"Proxy-Authorization": f"Basic {basic_token(*given.auth)}"})


def _session(trust: ssl.SSLContext) -> aiohttp.ClientSession:
    """Without cookies and without aiohttp's own retries, which would not be reported."""
    connector = aiohttp.TCPConnector(ssl=trust, keepalive_timeout=IDLE)
    session = aiohttp.ClientSession(
        connector=connector,
        cookie_jar=aiohttp.DummyCookieJar(),
        auto_decompress=False,  # Bodies are decompressed within a limit, by `_transports.content`.
    )
    session._retry_connection = False  # noqa: SLF001  there is no public way; a test sees whether it works
    return session


def _as_httpx(error: aiohttp.ClientError | TimeoutError | ValueError, request: httpx.Request) -> httpx.RequestError:
    match error:
        case aiohttp.ClientHttpProxyError() | aiohttp.ClientProxyConnectionError():
            return httpx.ProxyError("the proxy refused", request=request)
        case aiohttp.ConnectionTimeoutError():
            return httpx.ConnectTimeout(str(error), request=request)
        case aiohttp.ClientConnectorError(os_error=ConnectionRefusedError()):
            return httpx.ConnectError(f"Connection refused by {error.host}:{error.port}", request=request)
        case aiohttp.ClientConnectorError():
            return httpx.ConnectError(str(error), request=request)
        case TimeoutError():
            return httpx.ReadTimeout(str(error), request=request)
        case aiohttp.ClientConnectionError() | aiohttp.ClientPayloadError():
            return httpx.ReadError(str(error) or type(error).__name__, request=request)
    # Other texts may contain the invalid header or the invalid response.
    return httpx.ProtocolError(type(error).__name__, request=request)
