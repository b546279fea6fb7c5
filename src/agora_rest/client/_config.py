"""Addresses, credentials and proxy of a client, resolved once when it is created."""

from __future__ import annotations

import base64
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar, Final, NamedTuple

from agora_rest.addresses import DEFAULT_BASE_URL, is_loopback, path_mistake
from agora_rest.errors import ConfigurationError
from agora_rest.pickling import NotPicklable
from agora_rest.redaction import Secret, hidden

if TYPE_CHECKING:
    import httpx

_CUSTOMER_ID: Final = "AGORA_CUSTOMER_ID"
_CUSTOMER_CERTIFICATE: Final = "AGORA_CUSTOMER_CERTIFICATE"
_CUSTOMER_SECRET: Final = "AGORA_CUSTOMER_SECRET"  # noqa: S105  the name of a variable
_BASE_URL: Final = "AGORA_BASE_URL"


@dataclass(frozen=True, slots=True)
class Config(NotPicklable):
    """The addresses, credentials and proxy of a client. Its `repr` contains no credential."""

    _instead: ClassVar[str] = "it contains credentials; create a client in each process."

    base_urls: tuple[str, ...]
    """The preferred address first; none has a trailing slash. The Console's `/dev` is added to it."""
    customer_id: str = field(repr=False)
    customer_certificate: str = field(repr=False)
    proxy: str | None = field(default=None, repr=False)
    """The proxy for all requests; its URL may contain a password."""

    @classmethod
    def resolve(
        cls,
        customer_id: str | None,
        customer_certificate: str | None,
        base_url: str | Sequence[str] | None,
        proxy: str | None = None,
    ) -> Config:
        """Resolve arguments, environment and defaults. Raises ConfigurationError if a value is missing or invalid."""
        given = base_url or os.environ.get(_BASE_URL) or DEFAULT_BASE_URL
        urls = tuple(map(_safe_url, given if isinstance(given, list | tuple) else (given,)))
        return cls(
            base_urls=urls,
            customer_id=_credential(customer_id, "customer_id", _CUSTOMER_ID),
            customer_certificate=_credential(
                certificate_from_environment().value if customer_certificate is None else customer_certificate,
                "customer_certificate",
                _CUSTOMER_CERTIFICATE,
                f" or {_CUSTOMER_SECRET}; Agora's console calls it Customer Secret",
            ),
            proxy=_proxy_for(urls, proxy),
        )

    @property
    def base_url(self) -> str:
        """The preferred address."""
        return self.base_urls[0]

    @property
    def https(self) -> bool:
        """Whether all addresses use HTTPS; otherwise all are loopback addresses."""
        return all(url.startswith("https:") for url in self.base_urls)

    @property
    def authorization(self) -> str:
        """The value of the `Authorization` header (CR-02, CO-01)."""
        return f"Basic {base64.b64encode(f'{self.customer_id}:{self.customer_certificate}'.encode()).decode()}"

    @property
    def host(self) -> str:
        """The server's host, for display."""
        return self.base_url.partition("://")[2]

    @property
    def owner(self) -> str:
        """The key under which a server counts calls: the account, whichever address a call goes to."""
        return f"{self.customer_id}@{self.host}"

    @property
    def short_customer_id(self) -> str:
        """Enough of the customer ID to distinguish two accounts."""
        return f"{self.customer_id[:4]}…" if len(self.customer_id) > 8 else "…"


class FoundCertificate(NamedTuple):
    """The customer certificate in the environment, and its variable."""

    value: str
    variable: str

    def __repr__(self) -> str:
        return f"<the value of {self.variable}>"


def certificate_from_environment() -> FoundCertificate:
    """The value of AGORA_CUSTOMER_CERTIFICATE or AGORA_CUSTOMER_SECRET, empty if neither is set.

    Raises ConfigurationError if they are set to different values.
    """
    found = [
        FoundCertificate(hidden(os.environ.get(name, "")), name) for name in (_CUSTOMER_CERTIFICATE, _CUSTOMER_SECRET)
    ]
    given = [each for each in found if each.value]
    if len({each.value for each in given}) > 1:
        raise ConfigurationError(
            f"{_CUSTOMER_CERTIFICATE} and {_CUSTOMER_SECRET} are two names of one thing and have different values: "
            "unset one of them."
        )
    return (given or found)[0]


def _credential(given: str | None, argument: str, variable: str, also: str = "") -> str:
    value = hidden(os.environ.get(variable) if given is None else given)
    if not value:
        raise ConfigurationError(f"No credentials: pass {argument}=… or set the environment variable {variable}{also}.")
    if not isinstance(value, str) or not value.isprintable():
        raise ConfigurationError(f"{argument} ({variable}) must be a text without control characters.")
    if argument == "customer_id" and ":" in value:
        raise ConfigurationError(
            f"{argument} ({variable}) must not have a colon, which HTTP Basic ends a user name with."
        )
    return value


def _safe_url(text: str) -> str:
    """Require HTTPS, because every request carries the credentials (CR-01, CO-01); loopback may use HTTP."""
    import httpx

    try:
        url = httpx.URL(text)
    except (httpx.InvalidURL, TypeError):
        raise ConfigurationError(f"base_url ({_BASE_URL}) is not a URL.") from None
    if url.userinfo:
        raise ConfigurationError(f"base_url ({_BASE_URL}) must not have credentials in it; pass them as arguments.")
    shown = _SECRET_PARTS.sub("…", text)
    if url.query or url.fragment or not _is_host(url):
        raise ConfigurationError(
            f"base_url ({_BASE_URL}) must be a scheme and a host, like {DEFAULT_BASE_URL}, not {shown!r}."
        )
    if url.scheme != "https" and not (url.scheme == "http" and is_loopback(url.host)):
        raise ConfigurationError(
            f"base_url ({_BASE_URL}) must be https, because every request carries the credentials; "
            f"http is for loopback addresses only, not {shown!r}."
        )
    base = str(url).rstrip("/")
    if mistake := path_mistake(base):
        raise ConfigurationError(f"base_url ({_BASE_URL}) {mistake}.")
    return base


def _proxy_for(base_urls: Sequence[str], given: str | None) -> str | None:
    """The proxy of the argument or of the environment (HTTPS_PROXY, ALL_PROXY, NO_PROXY); none for loopback.

    It sees no credentials: HTTPS is tunnelled, and plain HTTP does not leave this machine.
    """
    import httpx

    urls = [httpx.URL(base_url) for base_url in base_urls]
    tunnelled = all(url.scheme == "https" for url in urls)
    if given is not None:
        if not tunnelled:
            raise ConfigurationError("proxy is for https: over plain HTTP it would see the credentials.")
        return _proxy(given, "proxy")
    if not tunnelled or any(is_loopback(url.host) for url in urls):
        return None
    from urllib.request import getproxies, proxy_bypass

    proxies = getproxies()
    found = hidden(proxies.get("https") or proxies.get("all"))
    if not found or any(proxy_bypass(url.host) for url in urls):
        return None
    return _proxy(found if "://" in found else Secret(f"http://{found}"), "the proxy of HTTPS_PROXY or ALL_PROXY")


def _proxy(text: str, name: str) -> str:
    import httpx

    try:
        url = httpx.URL(text)
        fits = url.scheme in ("http", "https", "socks5", "socks5h") and bool(url.host)
    except (httpx.InvalidURL, TypeError):
        fits = False
    if not fits:
        raise ConfigurationError(f"{name} must be an http, https, socks5 or socks5h URL.")
    return text


_HOST: Final = re.compile(r"[\w-]{1,63}(\.[\w-]{1,63})*\.?", re.ASCII)
_SECRET_PARTS: Final = re.compile(r".*@|[?#].*", re.DOTALL)
"""The parts of an address that may hold a password or a key."""


def _is_host(url: httpx.URL) -> bool:
    """Whether a host name can be resolved; other names raise an error that is not a network error."""
    host = url.raw_host.decode("ascii")
    return ":" in host or _HOST.fullmatch(host) is not None
