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
