"""A store of permits from a URL."""

from __future__ import annotations

import threading
from importlib import import_module
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit
from weakref import WeakValueDictionary

from agora_rest.errors import ConfigurationError

if TYPE_CHECKING:
    from agora_rest.permits.leases import LeasedPermits

_REDIS: Final = ("redis", "RedisPermits", "redis")
_KINDS: Final = {
    "redis": _REDIS,
    "rediss": _REDIS,
    "unix": _REDIS,
    "sqlite": ("sql", "SqlPermits", "fleet"),
    "postgresql": ("sql", "SqlPermits", "postgresql"),
}
"""The module, its class, and the extra that it needs, by scheme."""

_open: Final[WeakValueDictionary[str, LeasedPermits]] = WeakValueDictionary()
_lock: Final = threading.Lock()


def open_url(url: str) -> LeasedPermits:
    """The store at `url`; one per URL and process.

    The URL is redis://, rediss:// or unix:// for Redis, sqlite:///… for a file, postgresql+psycopg://… for PostgreSQL.
    Raises ConfigurationError for any other URL, and if the extra that it needs is not installed.
    """
    with _lock:
        store = _open.get(url)
        if store is None:
            store = _open[url] = _made(url)
        return store


def _made(url: str) -> LeasedPermits:
    try:
        scheme = urlsplit(url).scheme.partition("+")[0]
    except ValueError:
        raise ConfigurationError("permits is not a URL; it is like redis://host:6379/0.") from None
    if scheme not in _KINDS:
        raise ConfigurationError(
            "permits must be a store of permits or its URL: redis://host:6379/0, sqlite:///permits.db or "
            f"postgresql+psycopg://user:password@host/database; unsupported scheme {scheme or '(none)'!r}."
        )
    module, name, extra = _KINDS[scheme]
    try:
        made: LeasedPermits = getattr(import_module(f".{module}", __package__), name)(url)
    except ModuleNotFoundError as error:
        raise ConfigurationError(
            f"permits in {scheme} need {error.name}, which is not installed: pip install 'agora-rest[{extra}]'"
        ) from None
    return made
