"""The secrets that a client has sent, which a server may repeat in any later response."""

from __future__ import annotations

import json
import logging
import weakref
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote, urlsplit

from agora_rest.redaction import basic_token, is_secret, without

if TYPE_CHECKING:
    from agora_rest.client._config import Config

_NONE: Final[frozenset[str]] = frozenset()

MAX_KNOWN: Final = 1_000
"""The number of secrets of requests that a client remembers; those that were sent last."""

_HARMLESS: Final = frozenset(
    {"accept", "accept-language", "traceparent", "tracestate", "user-agent", "x-correlation-id", "x-request-id"}
)
"""Header fields of a caller whose values are no keys."""


def secrets_of_client(config: Config, headers: Mapping[str, str]) -> Iterator[str]:
    """The secrets that are part of each request: credentials, the caller's header fields, the proxy's password."""
    yield config.customer_certificate
    yield config.authorization.removeprefix("Basic ")
    for name, value in headers.items():
        if is_secret(name) or name.lower() not in _HARMLESS:
            yield value
    if config.proxy:
        proxy = urlsplit(config.proxy)
        user, password = unquote(proxy.username or ""), unquote(proxy.password or "")
        if user or password:
            yield basic_token(user, password)
        yield from (proxy.password, password) if proxy.password else (proxy.username or "", user)


class KnownSecrets:
    """The secrets of one client: `always` those that are part of each request, and the latest of those added.

    There is no lock: each step is one operation of a dict.
    """

    def __init__(self, always: Iterable[str] = ()) -> None:
        self._always = frozenset(form for value in always for form in _forms(value))
        self._added: dict[str, frozenset[str]] = {}
        _all.add(self)
        for name in _LOGGERS:
            logging.getLogger(name).addFilter(_hide)  # A filter is added once only.

    def add(self, values: Iterable[str]) -> None:
        """Remember `values`."""
        for value in values:
            self._added[value] = self._added.pop(value, _NONE) or _forms(value)  # at the end, as the latest
        for oldest in list(self._added)[:-MAX_KNOWN] if len(self._added) > MAX_KNOWN else ():
            self._added.pop(oldest, None)

    def values(self) -> set[str]:
        """All of them, also as JSON escapes them."""
        return set(self._always.union(*list(self._added.values())))

    def __repr__(self) -> str:
        return f"KnownSecrets({len(self._always) + len(self._added)} values)"


_LOGGERS: Final = ("httpcore.connection", "httpcore.http11", "httpcore.http2", "httpcore.proxy", "httpcore.socks")
"""The loggers of httpcore. At DEBUG they show the header fields of responses and the reasons of proxies."""

_all: Final[weakref.WeakSet[KnownSecrets]] = weakref.WeakSet()


def _hide(record: logging.LogRecord) -> bool:
    """Hide the known secrets of all clients in a record of httpcore: at once, for one's may be a part of another's."""
    secrets = set().union(*(known.values() for known in list(_all)))
    record.msg, record.args = without(record.getMessage(), secrets), ()
    return True


def _forms(value: str) -> frozenset[str]:
    """`value` as it is, and as JSON writes it."""
    return frozenset({value, *(json.dumps(value, ensure_ascii=plain)[1:-1] for plain in (True, False))} - {""})
