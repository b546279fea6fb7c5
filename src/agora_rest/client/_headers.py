"""Header fields that a caller adds to every request."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from agora_rest.errors import ConfigurationError
from agora_rest.redaction import hidden

_RESERVED: Final = frozenset(
    {
        "authorization",
        "connection",
        "content-length",
        "content-type",
        "expect",
        "host",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
    }
)
"""Header fields that the client sets itself: the credentials, and those that frame a message."""
_NAME: Final = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_VALUE: Final = re.compile(r"[\x21-\x7e]([\x20-\x7e\t]*[\x21-\x7e])?")


class Headers(dict[str, str]):
    """Header fields. Their values may be keys, so `repr` shows only the names, and hides each value."""

    def __init__(self, given: Mapping[str, str]) -> None:
        super().__init__({name: hidden(value) for name, value in given.items()})

    def __repr__(self) -> str:
        return f"<headers {', '.join(map(str, self))}>"


def checked_headers(given: Mapping[str, str]) -> Headers:
    """Validate `given`. Raises ConfigurationError, which quotes no value, for a field that cannot be sent."""
    if not isinstance(given, Mapping):
        raise ConfigurationError("default_headers must be a mapping of names to texts.")
    for name, value in given.items():
        if not isinstance(name, str) or _NAME.fullmatch(name) is None:
            raise ConfigurationError(f"default_headers: {name!r} is not the name of a header field.")
        if name.lower() in _RESERVED:
            raise ConfigurationError(f"default_headers must not contain {name}: the client sets it itself.")
        if not isinstance(value, str) or _VALUE.fullmatch(value) is None:
            raise ConfigurationError(f"default_headers: the value of {name} must be printable ASCII text.")
    return Headers(given)
