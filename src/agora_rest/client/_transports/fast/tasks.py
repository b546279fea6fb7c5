"""Sends requests of asyncio tasks with aiohttp, through httpx-aiohttp."""

from __future__ import annotations

import ssl
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import aiohttp
import httpx
from httpx_aiohttp import AiohttpTransport

from agora_rest.client._transports.fast import IDLE
from agora_rest.redaction import basic_token

if TYPE_CHECKING:
    from agora_rest.client._config import Config


class AsyncFastTransport(httpx.AsyncBaseTransport):
    """Sends requests with aiohttp, under asyncio only. The timeouts are httpx's: one for each step."""

    def __init__(self, config: Config, trust: ssl.SSLContext) -> None:
        proxy = _proxy(config.proxy) if config.proxy else None
        # The session is created on first use, because it belongs to the loop that creates it.
        self._inner = AiohttpTransport(client=lambda: _session(trust), verify=trust, proxy=proxy)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send `request`."""
        with _errors_of_httpx(request):
            response = await self._inner.handle_async_request(request)
        if isinstance(response.stream, httpx.AsyncByteStream):
            response.stream = _Body(response.stream, request)
        return response

    async def aclose(self) -> None:
        """Close the connections."""
        await self._inner.aclose()


class _Body(httpx.AsyncByteStream):
    def __init__(self, inner: httpx.AsyncByteStream, request: httpx.Request) -> None:
        self._inner, self._request = inner, request

    async def __aiter__(self) -> AsyncIterator[bytes]:
        with _errors_of_httpx(self._request):
            async for chunk in self._inner:
                yield chunk

    async def aclose(self) -> None:
        with _errors_of_httpx(self._request):
            await self._inner.aclose()


def _proxy(url: str) -> httpx.Proxy:
    """A proxy whose credentials are a header field, because httpx-aiohttp passes them in a way that is deprecated."""
    given = httpx.Proxy(url)
    if given.auth is None:
        return given
    return httpx.Proxy(given.url, headers={"Proxy-Authorization": f"Basic {basic_token(*given.auth)}"})


def _session(trust: ssl.SSLContext) -> aiohttp.ClientSession:
    """Without cookies and without aiohttp's own retries, which would not be reported."""
    connector = aiohttp.TCPConnector(ssl=trust, keepalive_timeout=IDLE)
    session = aiohttp.ClientSession(connector=connector, cookie_jar=aiohttp.DummyCookieJar())
    session._retry_connection = False  # noqa: SLF001  there is no public way; a test sees whether it works
    return session


@contextmanager
def _errors_of_httpx(request: httpx.Request) -> Iterator[None]:
    """Translate errors to httpx's, from the original errors and not from those of httpx-aiohttp."""
    try:
        yield
    except httpx.RequestError as error:
        found = error.__cause__ or error
    except (aiohttp.ClientError, ValueError) as error:
        found = error
    else:
        return
    raise _as_httpx(found, request)


def _as_httpx(error: BaseException, request: httpx.Request) -> httpx.RequestError:
    match error:
        case httpx.RequestError():
            return error
        case aiohttp.ClientHttpProxyError() | aiohttp.ClientProxyConnectionError():
            return httpx.ProxyError("the proxy refused", request=request)
        case aiohttp.ConnectionTimeoutError():
            return httpx.ConnectTimeout(str(error), request=request)
        case aiohttp.ClientConnectorError():
            return httpx.ConnectError(str(error), request=request)
        case TimeoutError():
            return httpx.ReadTimeout(str(error), request=request)
        case aiohttp.ClientConnectionError() | aiohttp.ClientPayloadError():
            return httpx.ReadError(str(error) or type(error).__name__, request=request)
    # Other texts may contain the invalid header or the invalid response.
    return httpx.ProtocolError(type(error).__name__, request=request)
