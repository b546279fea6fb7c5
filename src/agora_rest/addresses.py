"""Server addresses: Agora's own, loopback addresses, and common mistakes in base URLs."""

from __future__ import annotations

import re
from ipaddress import ip_address
from typing import Final
from urllib.parse import urlsplit

DEFAULT_BASE_URL: Final = "https://api.agora.io"
"""The address at which Agora serves both APIs."""

_PATHS_OF_OPERATIONS: Final = re.compile(
    r"(/+dev)?/+v\d+(/+(apps|projects?|usage|kicking-rule|channel)(/.*)?)?/*|/+dev/*", re.IGNORECASE
)
"""The end of a URL that is part of the operations' paths, not of the server's address."""


_OF_AGORA: Final = re.compile(r"(.+\.)?(agora\.io|sd-rtn\.com)\.?", re.IGNORECASE)


def is_agora(host: str) -> bool:
    """Whether a host name is one of Agora's own."""
    return _OF_AGORA.fullmatch(host) is not None


def is_loopback(host: str) -> bool:
    """Whether a host name or address always means this machine."""
    host = host.strip("[]").lower()
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def is_loopback_url(url: str) -> bool:
    """Whether the host of `url` is this machine."""
    return is_loopback(urlsplit(url).hostname or "")


def advice_if_refused(url: str, error: BaseException) -> str:
    """How to start an emulator at `url` if `error` says that nothing listens there; empty for other machines."""
    address = urlsplit(url)
    if address.scheme != "http" or not is_loopback(address.hostname or "") or not _was_refused(error):
        return ""
    port = address.port or 80
    return f"Nothing listens at {address.netloc}: `agora-rest emulator --port {port}` starts an emulator there."


def _was_refused(error: BaseException | None) -> bool:
    """Whether a connection was refused. Libraries say so by the type of a cause, or only in words."""
    if error is None:
        return False
    if isinstance(error, ConnectionRefusedError) or "refused" in str(error).lower():
        return True
    parts = error.exceptions if isinstance(error, BaseExceptionGroup) else (error.__cause__ or error.__context__,)
    return any(map(_was_refused, parts))


def path_mistake(url: str) -> str | None:
    """The error in the path of a base URL, with the correct URL; None for a valid path.

    The client adds `/v1/apps/…` and `/dev/v1/…` itself.
    """
    parts = urlsplit(url)
    for start in (found.start() for found in re.finditer("/+", parts.path)):
        if end := _PATHS_OF_OPERATIONS.fullmatch(parts.path, start):
            right = f"{parts.scheme}://{parts.netloc}{parts.path[:start]}"
            return f"must not end in {end[0].rstrip('/')}, which is added to it for each call; use {right}"
    return None
