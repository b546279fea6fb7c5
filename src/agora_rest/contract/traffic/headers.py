"""Hides what is not known to be harmless in the headers of a recorded exchange."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from agora_rest.redaction.allow_list import AllowList

_CREDENTIALS: Final = re.compile(r"(?i)(basic|bearer|digest|negotiate|agora) (.*)", re.DOTALL)
_MEDIA_TYPE: Final = re.compile(
    r"(?i)application/(?:json|xml|javascript|octet-stream|x-www-form-urlencoded|problem\+json)|multipart/form-data"
    r"|text/(?:plain|html|css|csv|xml|javascript|event-stream)|image/(?:png|jpeg|gif|svg\+xml)|\*/\*|x-unknown"
)
_CHARSET: Final = re.compile(r"(?i)\s*charset\s*=\s*\"?(?:utf-?8|us-ascii|latin-?1|iso-8859-1|gbk|gb2312)\"?\s*")

_HEADER_VALUES: Final = {
    name: re.compile(pattern, re.IGNORECASE)
    for names, pattern in (
        ("content-length retry-after age x-ratelimit-limit x-ratelimit-remaining x-ratelimit-reset", r"[0-9]{1,10}"),
        ("date expires last-modified", r"[a-z]{3}, [0-9]{2} [a-z]{3} [0-9]{4} [0-9]{2}:[0-9]{2}:[0-9]{2} GMT"),
        ("connection", r"keep-alive|close|upgrade"),
        (
            "transfer-encoding content-encoding accept-encoding",
            r"(?:(?:chunked|gzip|br|deflate|zstd|identity)(?:, ?)?)+",
        ),
        ("cache-control", r"(?:(?:no-cache|no-store|private|max-age=[0-9]{1,8})(?:, ?)?)+"),
        ("allow", r"(?:[a-z]{3,7}(?:, ?)?)+"),
    )
    for name in names.split()
}
"""The values of headers that stay, by the header's name in lower case."""

_MEDIA_TYPES: Final = frozenset({"content-type", "accept"})
_URL_HEADERS: Final = frozenset({"location", "referer", "origin"})


def is_harmless(name: str, value: str) -> bool:
    """Whether a header and its value are known to hold neither a secret nor a name."""
    lower = name.lower()
    if lower in _MEDIA_TYPES:
        return all(map(_is_known_media_type, value.split(",")))
    known = _HEADER_VALUES.get(lower)
    return known is not None and known.fullmatch(value) is not None


def _is_known_media_type(text: str) -> bool:
    kind, *parameters = text.split(";")
    return _MEDIA_TYPE.fullmatch(kind.strip()) is not None and all(map(_CHARSET.fullmatch, parameters))


class HeaderRedaction:
    """Hides values of headers. `link` hides those that are URLs."""

    def __init__(self, allow: AllowList, link: Callable[[str], str]) -> None:
        self._allow, self._link = allow, link

    def header(self, name: str, value: str) -> tuple[str, str]:
        """A header: known values stay, and the scheme of credentials."""
        lower = name.lower()
        if self._allow.keeps(name) or is_harmless(name, value):
            return name, value
        shown: Callable[[str], str] = self._allow.text
        if lower in _MEDIA_TYPES:
            shown = self.media_type
        elif lower in ("authorization", "proxy-authorization"):
            shown = self._credentials
        elif lower in _URL_HEADERS:
            shown = self._link
        return self._allow.name(name), shown(value)

    def _credentials(self, value: str) -> str:
        """The scheme is kept, so that it can still be checked."""
        found = _CREDENTIALS.fullmatch(value)
        return f"{found[1]} {self._allow.text(found[2])}" if found and found[2] else self._allow.text(value)

    def media_type(self, value: str) -> str:
        """A media type with its parameters: known ones stay."""
        kind, *parameters = value.split(";")
        shown = kind if not kind or _MEDIA_TYPE.fullmatch(kind.strip()) else self._allow.text(kind)
        return ";".join([shown, *map(self._media_parameter, parameters)])

    def _media_parameter(self, text: str) -> str:
        if not text.strip() or _CHARSET.fullmatch(text):
            return text
        name, equals, value = text.partition("=")
        return f"{name if name.strip().lower() == 'charset' else ' x'}{equals}{self._allow.text(value)}"
