"""Addresses, credentials and proxy of a client, resolved once when it is created."""

from __future__ import annotations

import base64
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar, Final, NamedTuple

from agora_rest.addresses import DEFAULT_BASE_URL, is_agora, is_loopback, path_mistake
from agora_rest.errors import ConfigurationError
from agora_rest.pickling import NotPicklable
from agora_rest.redaction import Secret, hidden

if TYPE_CHECKING:
    import httpx

_CUSTOMER_ID: Final = "AGORA_CUSTOMER_ID"
_CUSTOMER_CERTIFICATE: Final = "AGORA_CUSTOMER_CERTIFICATE"
_CUSTOMER_SECRET: Final = "AGORA_CUSTOMER_SECRET"  # noqa: S105  the name of a variable
_BASE_URL: Final = "AGORA_BASE_URL"
_ALLOW_HTTP: Final = "AGORA_ALLOW_HTTP"
PERMITS: Final = "AGORA_PERMITS"
"""The variable of the store of permits."""


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
        *,
        allow_http: bool | None = None,
    ) -> Config:
        """Resolve arguments, environment and defaults. Raises ConfigurationError if a value is missing or invalid."""
        urls = _base_urls(base_url, allow_http=_allows_http(allow_http))
        return cls(
            base_urls=urls,
            customer_id=_customer_id(customer_id),
            customer_certificate=_certificate(customer_certificate, customer_id),
            proxy=_proxy_for(urls, proxy),
        )

    @property
    def base_url(self) -> str:
        """The preferred address."""
        return self.base_urls[0]

    @property
    def https(self) -> bool:
        """Whether all addresses use HTTPS."""
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


def from_environment(variable: str) -> str | None:
    """The value of an environment variable; None if it is not set.

    Raises ConfigurationError for an empty one: it is usually a variable of CI that is not defined, and the default
    would be another server or account.
    """
    value = hidden(os.environ.get(variable))
    if value == "":
        raise ConfigurationError(f"The environment variable {variable} is empty: set it to a value, or unset it.")
    return value


def certificate_from_environment() -> FoundCertificate | None:
    """The value of AGORA_CUSTOMER_CERTIFICATE or AGORA_CUSTOMER_SECRET; None if neither is set.

    An empty one comes first, and callers refuse it. Raises ConfigurationError if they are set to different values.
    """
    names = [name for name in (_CUSTOMER_CERTIFICATE, _CUSTOMER_SECRET) if name in os.environ]
    found = sorted(
        (FoundCertificate(hidden(os.environ[name]), name) for name in names), key=lambda each: each.value != ""
    )
    if len({each.value for each in found if each.value}) > 1:
        raise ConfigurationError(
            f"{_CUSTOMER_CERTIFICATE} and {_CUSTOMER_SECRET} are two names of one thing and have different values: "
            "unset one of them."
        )
    return found[0] if found else None


def _customer_id(given: str | None) -> str:
    value = given if given is not None else from_environment(_CUSTOMER_ID)
    found = _credential(value, "customer_id", _CUSTOMER_ID)
    if ":" in found:
        raise ConfigurationError(
            f"customer_id ({_CUSTOMER_ID}) must not have a colon, which HTTP Basic ends a user name with."
        )
    return found


def _certificate(given: str | None, customer_id: str | None) -> str:
    """The certificate. That of the environment belongs to the customer ID there, and is used for no other."""
    if given is None and (found := certificate_from_environment()) is not None:
        if customer_id is not None and os.environ.get(_CUSTOMER_ID, customer_id) != customer_id:
            raise ConfigurationError(
                f"No certificate for this customer_id: pass customer_certificate=… too. The one in {found.variable} "
                f"belongs to the account of {_CUSTOMER_ID}, which is another one."
            )
        given = from_environment(found.variable)
    also = f" or {_CUSTOMER_SECRET}; Agora's console calls it Customer Secret"
    return _credential(given, "customer_certificate", _CUSTOMER_CERTIFICATE, also)


def _credential(value: str | None, argument: str, variable: str, also: str = "") -> str:
    value = hidden(value)
    if value is None or value == "":
        raise ConfigurationError(f"No credentials: pass {argument}=… or set the environment variable {variable}{also}.")
    if not isinstance(value, str) or not value.isprintable():
        raise ConfigurationError(f"{argument} ({variable}) must be a text without control characters.")
    return value


def _allows_http(given: bool | None) -> bool:
    """Whether credentials may be sent unencrypted to another machine."""
    if isinstance(given, bool):
        return given
    if given is not None:
        raise ConfigurationError(f"allow_http must be True or False, not {given!r}.")
    return truth(from_environment(_ALLOW_HTTP) or "false", _ALLOW_HTTP)


def truth(text: str, name: str) -> bool:
    """Read a setting that is `true` or `false`, in any case. Raises ConfigurationError for another text."""
    value = text.lower()
    if value not in ("true", "false"):
        raise ConfigurationError(f"{name} must be true or false, not {value!r}.")
    return value == "true"


def _base_urls(given: str | Sequence[str] | None, *, allow_http: bool) -> tuple[str, ...]:
    if given is None:
        given = from_environment(_BASE_URL) or DEFAULT_BASE_URL
    urls = given if isinstance(given, list | tuple) else (given,)
    if not urls:
        raise ConfigurationError(f"base_url must have at least one address, like {DEFAULT_BASE_URL}.")
    return tuple(_safe_url(url, allow_http=allow_http) for url in urls)


def _safe_url(text: str, *, allow_http: bool) -> str:
    """Require a scheme and a host without an operation's path; HTTP only where `_may_be_unencrypted` permits it."""
    import httpx

    try:
        url = httpx.URL(text)
    except (httpx.InvalidURL, TypeError):
        raise ConfigurationError(f"base_url ({_BASE_URL}) is not a URL.") from None
    if url.userinfo:
        del url  # Its `repr` shows the user.
        raise ConfigurationError(f"base_url ({_BASE_URL}) must not have credentials in it; pass them as arguments.")
    shown = _SECRET_PARTS.sub("…", text)
    if url.query or url.fragment or url.scheme not in ("http", "https") or not _is_host(url):
        raise ConfigurationError(
            f"base_url ({_BASE_URL}) must be https or http, and a host, like {DEFAULT_BASE_URL}, not {shown!r}."
        )
    if url.scheme == "http":
        _may_be_unencrypted(url, shown, allow_http=allow_http)
    base = str(url).rstrip("/")
    if mistake := path_mistake(base):
        raise ConfigurationError(f"base_url ({_BASE_URL}) {mistake}.")
    return base


def _may_be_unencrypted(url: httpx.URL, shown: str, *, allow_http: bool) -> None:
    """Refuse HTTP, because every request carries the credentials (CR-01, CO-01).

    Loopback may use it; other hosts only if the caller allows it; Agora's own never.
    """
    if is_loopback(url.host):
        return
    if is_agora(url.raw_host.decode("ascii")):
        raise ConfigurationError(
            f"base_url ({_BASE_URL}) must be https, because every request carries the credentials: Agora is never "
            f"called over http, not even with allow_http, so {shown!r} is refused."
        )
    if not allow_http:
        raise ConfigurationError(
            f"base_url ({_BASE_URL}) must be https, because every request carries the credentials, not {shown!r}. "
            f"If it is an emulator in a private network, allow_http=True ({_ALLOW_HTTP}=true) permits http: the "
            "credentials are then sent unencrypted, and everyone on the way can read them."
        )


def _proxy_for(base_urls: Sequence[str], given: str | None) -> str | None:
    """The proxy of the argument or of the environment (HTTPS_PROXY, ALL_PROXY, NO_PROXY); none for HTTP and loopback.

    It sees no credentials: HTTPS is tunnelled, and plain HTTP is never sent to a proxy.
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
