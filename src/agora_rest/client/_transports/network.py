"""Chooses the network transport: httpx's own, the caller's, or a faster one."""

from __future__ import annotations

import logging
import os
import ssl
from functools import cache
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, Final

import httpx

from agora_rest.client._transports.per_loop import PerLoopTransport, PerProcessTransport
from agora_rest.errors import ConfigurationError

if TYPE_CHECKING:
    from agora_rest.client._config import Config

FAST: Final = "fast"
"""The value of `transport=` that selects the transport of the extra of this name."""


def network(config: Config, chosen: Any, *, http2: bool) -> httpx.BaseTransport:
    """The transport for threads."""
    if chosen == FAST:
        _check_fast(config, "pyreqwest", http2)
        from agora_rest.client._transports.fast.sync import FastTransport

        return PerProcessTransport(lambda: FastTransport(config))
    return _given(chosen, http2, "handle_request", "threads") or PerProcessTransport(
        lambda: _proxied(
            config,
            _with_deadlines(
                httpx.HTTPTransport(verify=_trust(config, http2), proxy=_proxy(config), http2=_with_h2(http2))
            ),
        )
    )


def async_network(config: Config, chosen: Any, *, http2: bool) -> httpx.AsyncBaseTransport:
    """The transport for tasks."""
    if chosen == FAST:
        _check_fast(config, "aiohttp", http2)
        from agora_rest.client._transports.fast.tasks import AsyncFastTransport

        return PerLoopTransport(lambda: AsyncFastTransport(config, _trust(config, http2)))
    return _given(chosen, http2, "handle_async_request", "tasks") or PerLoopTransport(
        lambda: _async_proxied(
            config,
            httpx.AsyncHTTPTransport(verify=_trust(config, http2), proxy=_proxy(config), http2=_with_h2(http2)),
        )
    )


def _proxied(config: Config, transport: httpx.BaseTransport) -> httpx.BaseTransport:
    if config.proxy is None:
        return transport
    from agora_rest.client._transports.proxied import ProxiedTransport  # here, because few programs use a proxy

    return ProxiedTransport(transport)


def _async_proxied(config: Config, transport: httpx.AsyncBaseTransport) -> httpx.AsyncBaseTransport:
    if config.proxy is None:
        return transport
    from agora_rest.client._transports.proxied import AsyncProxiedTransport

    return AsyncProxiedTransport(transport)


def _with_deadlines(transport: httpx.HTTPTransport) -> httpx.HTTPTransport:
    """`transport` over network streams that enforce the deadline. httpx has no public API for it; tests cover it."""
    from agora_rest.client._transports.deadline import DeadlineBackend  # here, because it loads httpcore

    transport._pool._network_backend = DeadlineBackend()  # noqa: SLF001
    return transport


def _given(chosen: Any, http2: bool, method: str, whose: str) -> Any:
    if isinstance(chosen, str):
        raise ConfigurationError(f'transport must be an httpx transport or "{FAST}", not {chosen!r}.')
    if chosen is not None and not hasattr(chosen, method):
        raise ConfigurationError(
            f"transport must be an httpx transport for {whose}, with {method}(); {type(chosen).__name__} has none."
        )
    if chosen is not None and http2:
        raise ConfigurationError("http2=True cannot be combined with transport=; enable HTTP/2 on your transport.")
    return chosen


def _proxy(config: Config) -> str | None:
    if config.proxy and config.proxy.startswith("socks") and not find_spec("socksio"):
        raise ConfigurationError("A SOCKS proxy needs socksio, which is not installed: pip install 'httpx[socks]'.")
    return config.proxy


def _with_h2(http2: bool) -> bool:
    if http2 and not find_spec("h2"):
        raise ConfigurationError("http2=True needs h2, which is not installed: pip install 'agora-rest[http2]'.")
    if http2:
        # hpack logs each header block as sent, from which credentials can be decoded.
        logging.getLogger("hpack").setLevel(logging.INFO)
    return http2


def _check_fast(config: Config, module: str, http2: bool) -> None:
    if not find_spec(module):
        raise ConfigurationError(
            f'transport="{FAST}" needs {module.replace("_", "-")}, which is not installed: '
            "pip install 'agora-rest[fast]'."
        )
    if http2:
        raise ConfigurationError(f'transport="{FAST}" supports HTTP/1.1 only; leave out http2=True.')
    if config.proxy and config.proxy.startswith("socks"):
        raise ConfigurationError(f'transport="{FAST}" supports http and https proxies only, not SOCKS.')


def _trust(config: Config, http2: bool) -> ssl.SSLContext:
    """The TLS context, loaded once per process, because that takes longer than the rest of creating a client.

    The cache key contains the file names, and HTTP/2, because httpx stores the protocols in the context.
    """
    if not any(url.startswith("https:") for url in config.base_urls):
        return _no_certificates()
    return _read_trust(os.environ.get("SSL_CERT_FILE"), os.environ.get("SSL_CERT_DIR"), http2)


@cache
def _read_trust(file: str | None, directory: str | None, http2: bool) -> ssl.SSLContext:  # noqa: ARG001  parts of the key
    try:
        return httpx.create_ssl_context()
    except OSError as error:
        raise ConfigurationError(
            f"The certificates that SSL_CERT_FILE or SSL_CERT_DIR name cannot be read: {error}."
        ) from None


@cache
def _no_certificates() -> ssl.SSLContext:
    """Without HTTPS, no certificates are needed."""
    return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
