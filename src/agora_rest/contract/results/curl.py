"""Requests as curl lines that can be pasted as they are: credentials and ids from responses become variables."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from agora_rest.contract.http.exchange import Exchange
from agora_rest.redaction import Secrets, basic_token, decode_basic

_CREDENTIALS = '-u "$AGORA_CUSTOMER_ID:$AGORA_CUSTOMER_CERTIFICATE"'

_BASIC = "AGORA_BASIC"
_BASIC_COMMAND = '"$(printf %s "$AGORA_CUSTOMER_ID:$AGORA_CUSTOMER_CERTIFICATE" | base64 | tr -d "\\n")"'
"""A variable that is written as the command which makes it: the token of the account."""


_DULL_HEADERS = frozenset(
    {
        "accept",
        "accept-encoding",
        "authorization",
        "connection",
        "content-length",
        "host",
        "user-agent",
        "x-schemathesis-testcaseid",
    }
)
"""Headers that clients add automatically and that are irrelevant to a finding."""

_ID_MEMBERS = frozenset({"resourceId", "sid", "id", "vendor_key"})
"""Members of responses that later requests refer to."""

_UNPRINTABLE = re.compile(rb"[^\x20-\x7e]")

_MARK = "\x00"
_MARKED = re.compile(f"{_MARK}(\\w+){_MARK}")
"""Placeholder for a variable in a text that is not yet quoted; a character that no request contains unescaped."""

Variables = Mapping[object, str]


@dataclass(frozen=True)
class Curl:
    """Writes exchanges as curl lines.

    A URL below `base_url` is written with `$AGORA_BASE_URL` if `variable_base` is set: an embedded server is gone
    after the run, and its port means nothing.
    """

    base_url: str
    secrets: Secrets
    credentials: tuple[str, str] = field(repr=False)
    variable_base: bool = False
    added: Mapping[str, str] = field(default_factory=dict)
    """Headers that go with every request, each with the environment variable that has its value."""

    def line(self, exchange: Exchange, variables: Variables | None = None) -> str:
        """The request of `exchange`; the values of `variables` are written as the variables of those names."""
        parts = ["curl -sS"]
        if exchange.method != ("POST" if exchange.request_body else "GET"):
            parts.append(f"-X {exchange.method}")
        parts += self._authorization(exchange.request_headers)
        parts += [f'-H {shlex.quote(f"{name}: ")}"${variable}"' for name, variable in self.added.items()]
        for name, value in exchange.request_headers.items():
            if name.lower() not in _DULL_HEADERS:
                parts.append(f"-H {shlex.quote(f'{name}: {value}')}")
        if exchange.request_body:
            parts.append(f"--data-binary {_quote_bytes(exchange.request_body, variables or {})}")
        parts.append(self._url(exchange.url, variables or {}))
        return self.secrets.hide(" ".join(parts))

    def lines(self, exchanges: Iterable[Exchange]) -> tuple[str, ...]:
        """The requests of a sequence, in order. Ids used later are extracted from responses by jq."""
        sequence = list(exchanges)
        variables: dict[object, str] = {}
        lines = []
        for number, exchange in enumerate(sequence):
            line = self.line(exchange, variables)
            later = sequence[number + 1 :]
            given = {
                value: path
                for path, value in _ids(exchange.json)
                if value not in variables and any(_uses(each, value) for each in later)
            }
            if given:
                line = f"response=$({line})"
            for value, path in given.items():
                variables[value] = _fresh_name(path[-1], variables.values())
                line += f'; {variables[value]}=$(jq -r {shlex.quote(_jq(path))} <<<"$response")'
            lines.append(line)
        return tuple(lines)

    def _authorization(self, headers: Mapping[str, str]) -> list[str]:
        """The credentials of a request, with variables for what must not be shown, so that the line runs."""
        value = next((text for name, text in headers.items() if name.lower() == "authorization"), None)
        if value is None:
            return []
        scheme, _, token = value.partition(" ")
        decoded = decode_basic(token) if scheme == "Basic" else None
        if decoded == ":".join(self.credentials):
            return [_CREDENTIALS]
        if decoded is not None:
            return [f"-u {_quote(self._with_certificate(decoded))}"]
        header = _quote(self._with_certificate(f"Authorization: {value}"))
        return ["-H " + header.replace(f'"${_BASIC}"', _BASIC_COMMAND)]

    def _with_certificate(self, text: str) -> str:
        """`text` with marks for the certificate, and for the token that Basic authentication makes of the account."""
        _, certificate = self.credentials
        for secret, name in ((basic_token(*self.credentials), _BASIC), (certificate, "AGORA_CUSTOMER_CERTIFICATE")):
            text = text.replace(secret, f"{_MARK}{name}{_MARK}") if secret else text
        return text

    def _url(self, url: str, variables: Variables) -> str:
        base = ""
        if self.variable_base and url.startswith(self.base_url):
            base, url = '"$AGORA_BASE_URL"', url.removeprefix(self.base_url)
        for value, name in variables.items():
            if isinstance(value, str):
                url = url.replace(value, f"{_MARK}{name}{_MARK}")
        return base + _quote(url)


def _quote_bytes(data: bytes, variables: Variables) -> str:
    """`data` as one shell word; bytes that cannot be typed are written as escapes."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        text = ""
    if text and text.isprintable():
        for value, name in variables.items():
            text = _literal(value).sub(f"{_MARK}{name}{_MARK}", text)
        return _quote(text)
    escaped = _UNPRINTABLE.sub(
        lambda match: f"\\x{match.group()[0]:02x}".encode(), data.replace(b"\\", b"\\\\").replace(b"'", b"\\'")
    )
    return f"$'{escaped.decode('ascii')}'"


def _quote(text: str) -> str:
    """`text` as one shell word, the marks in it as variables."""
    return _MARKED.sub(r"""'"$\1"'""", shlex.quote(text)).replace("''", "") if _MARK in text else shlex.quote(text)


def _literal(value: object) -> re.Pattern[str]:
    """The form of an id in JSON: any string value, or a numeric member `id`."""
    return re.compile(re.escape(value)) if isinstance(value, str) else re.compile(rf'(?<="id": ){value}\b')


def _uses(exchange: Exchange, value: object) -> bool:
    body = exchange.request_body.decode("utf-8", errors="replace")
    return (isinstance(value, str) and value in exchange.url) or bool(_literal(value).search(body))


def _ids(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], object]]:
    """The ids in a response with their paths. Short ids are skipped, because they match unrelated text."""
    if isinstance(value, dict):
        for name, member in value.items():
            if name in _ID_MEMBERS and _is_id(member):
                yield (*path, name), member
            yield from _ids(member, (*path, name))
    elif isinstance(value, list):
        for index, member in enumerate(value):
            yield from _ids(member, (*path, index))


def _is_id(value: object) -> bool:
    return len(value) > 4 if isinstance(value, str) else type(value) is int


def _jq(path: tuple[str | int, ...]) -> str:
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)


def _fresh_name(wanted: str | int, taken: Iterable[str]) -> str:
    used = set(taken)
    names = (str(wanted) if number == 1 else f"{wanted}{number}" for number in range(1, len(used) + 2))
    return next(name for name in names if name not in used)
