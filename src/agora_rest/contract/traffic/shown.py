"""An exchange as findings may show it: without secrets, and without bodies that cannot be searched for them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Final
from urllib.parse import parse_qsl, unquote_plus, urlsplit, urlunsplit

from agora_rest.contract.http.exchange import Exchange
from agora_rest.contract.traffic.headers import is_harmless
from agora_rest.redaction import HIDDEN, basic_token, is_secret, redact, secrets_in, secrets_of_credentials
from agora_rest.redaction.allow_list import is_words

CREDENTIALS: Final = "customer-id", "customer-certificate"
"""Stand for the credentials of any recording: `Curl` writes variables in their place."""

SHORTEST_SECRET: Final = 4
"""A shorter value occurs elsewhere by chance, and hiding it would spoil words."""

_SHORTEST_UNKNOWN: Final = 8
"""The same of the value of an unknown header, which may as well be no secret."""

_OPEN_HEADERS: Final = frozenset({"host", "user-agent", "origin", "referer", "accept-language"})
"""Headers whose values are no secrets; they may hold names."""

_SHOWN_SEGMENT: Final = re.compile(r"[A-Za-z0-9._~-]{1,24}|[0-9a-f]{32}")
_URL_SECRETS: Final = frozenset({"auth", "key", "sig"})
"""Names of secrets in a query; in a body they are too common."""


def shown(exchange: Exchange) -> Exchange:
    """`exchange` without its secrets."""
    return replace(
        exchange,
        url=_url(exchange.url),
        request_headers={name: _header(name, value) for name, value in exchange.request_headers.items()},
        request_body=_body(exchange.request_body),
        body=_body(exchange.body),
    )


def secrets_of(exchange: Exchange) -> set[str]:
    """The values in an exchange that are secrets by the name of their header, parameter or member.

    Also those of unknown headers of the request: a gateway may require a key in any.
    """
    unknown = {name: value for name, value in exchange.request_headers.items() if name not in _OPEN_HEADERS}
    found = {text for name, text in unknown.items() if len(text) >= _SHORTEST_UNKNOWN and not is_harmless(name, text)}
    for headers in (exchange.request_headers, exchange.headers):
        found |= {text for name, value in headers.items() if is_secret(name) for text in _of_header(value)}
    found |= {value for name, value in parse_qsl(urlsplit(exchange.url).query) if _is_secret_in_url(name)}
    for body in (exchange.request_body, exchange.body):
        try:
            found |= secrets_in(json.loads(body or b"null"))
        except (ValueError, RecursionError):
            continue
    return {text for text in found if len(text) >= SHORTEST_SECRET}


def shown_path(path: str) -> str:
    """A path, with each segment hidden that is longer than a name and is not an App ID."""
    return "/".join(
        segment if not segment or _SHOWN_SEGMENT.fullmatch(segment) else HIDDEN for segment in path.split("/")[:20]
    )


def _of_header(value: str) -> Iterator[str]:
    yield value
    yield from secrets_of_credentials(value, SHORTEST_SECRET)


def _is_secret_in_url(name: str) -> bool:
    return name.lower() in _URL_SECRETS or is_secret(name)


def _header(name: str, value: str) -> str:
    if name == "authorization":
        return f"Basic {basic_token(*CREDENTIALS)}"
    return value if is_harmless(name, value) and not is_secret(name) else HIDDEN


def _url(url: str) -> str:
    """A URL without user and password, and without the values of secret parameters."""
    parts = urlsplit(url)
    query = "&".join(map(_parameter, parts.query.split("&")))
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2], query=query))


def _parameter(text: str) -> str:
    name, equals, _ = text.partition("=")
    return f"{name}={HIDDEN}" if equals and _is_secret_in_url(unquote_plus(name)) else text


def _body(body: bytes) -> bytes:
    if not body:
        return body
    try:
        value = json.loads(body)
        hidden = redact(value)
        return body if hidden == value else json.dumps(hidden, ensure_ascii=False).encode("utf-8", "surrogatepass")
    except (ValueError, RecursionError):
        text = body.decode("utf-8", "replace")
        return body if is_words(text) else f"({len(body)} bytes that are not JSON)".encode()
