"""How what nobody is shown is hidden: by its name, and then wherever else the same text stands."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from typing import Any, Final

from agora_rest.secrecy import HIDDEN, hides, without

SHORTEST_ECHO: Final = 8
"""A shorter value is found elsewhere by chance."""


def without_secrets(value: Any, mark: str = HIDDEN) -> Any:
    """`value`, JSON-like, with `mark` for every secret in it that has a name. An empty one stays: it hides nothing."""
    if isinstance(value, dict):
        return {name: mark if hides(name, member) else without_secrets(member, mark) for name, member in value.items()}
    if isinstance(value, list):
        return [without_secrets(member, mark) for member in value]
    return value


def secrets_in(value: Any) -> Iterator[str]:
    """Every text that `without_secrets` would hide, if it is long enough to be known again."""
    if isinstance(value, dict):
        for name, member in value.items():
            yield from _texts(member) if hides(name, member) else secrets_in(member)
    elif isinstance(value, list):
        for member in value:
            yield from secrets_in(member)


def secrets_of_credentials(authorization: str) -> Iterator[str]:
    """The secrets in an `Authorization` header: what follows the scheme, and for HTTP Basic the password in it."""
    credentials = authorization.partition(" ")[2].strip()
    try:
        password = base64.b64decode(credentials, validate=True).decode("utf-8").partition(":")[2]
    except ValueError:
        password = ""
    yield from (text for text in (credentials, password) if len(text) >= SHORTEST_ECHO)


def hide_in(value: Any, secrets: frozenset[str], mark: str = HIDDEN) -> Any:
    """`value`, JSON-like, with `without` applied to every text in it."""
    if isinstance(value, str):
        return without(value, secrets, mark)
    if isinstance(value, dict):
        return {name: hide_in(member, secrets, mark) for name, member in value.items()}
    return [hide_in(member, secrets, mark) for member in value] if isinstance(value, list) else value


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str) and len(value) >= SHORTEST_ECHO:
        yield value
    elif isinstance(value, dict | list):
        for member in value.values() if isinstance(value, dict) else value:
            yield from _texts(member)
