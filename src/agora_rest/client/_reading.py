"""Parts of reading JSON that the transports need. They are not beside the reader, which would be loaded for them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

_MISSING: Final = object()
MAX_DEPTH: Final = 100
"""The maximum nesting of a response. Documented responses have five levels; the code that walks them recurses."""


class NestedTooDeeply(ValueError):  # noqa: N818  as in errors.py
    """JSON is nested more than MAX_DEPTH levels deep."""


class UnexpectedShape(ValueError):  # noqa: N818  as in errors.py
    """A member of a response is missing or has a wrong type. The value is omitted, because it may be a secret."""

    def __init__(self, path: str, expected: str = "", value: object = _MISSING) -> None:
        self.field = path
        self._problem = "is missing" if value is _MISSING else f"is {_kind(value)} and should be {expected}"
        super().__init__(path, self._problem)

    def __str__(self) -> str:
        return f"{self.field or 'it'} {self._problem}"

    def within(self, path: str) -> UnexpectedShape:
        """The same error with the path of the enclosing value in front."""
        self.field = f"{path}.{self.field}" if path else self.field
        return self


def unwrap_envelope(value: Mapping[str, Any]) -> tuple[int | None, Mapping[str, Any]]:
    """The status and content of an envelope; a bare response is its own content (CR-61)."""
    body = value.get("Body")
    if type(body) is not dict:
        return None, value
    status = value.get("Code", value.get("code"))
    return (status if type(status) is int else None), body


def _kind(value: object) -> str:
    if value is None:
        return "null"
    if value == "":
        return "an empty string"
    if isinstance(value, bool):
        return "a boolean"
    kinds: dict[type, str] = {dict: "an object", list: "an array", str: "a string"}
    return kinds.get(type(value), "a number")
