"""How what nobody must read is kept out of what this package shows.

Hiding is by the *name* of a field, so that it works for a body nobody has seen before, and by *value* for text that has
no fields: whatever stood in a secret field of a request is taken out of what is said about its answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

from agora_rest.secrecy import HIDDEN, hides, is_secret, without

Given = TypeVar("Given")


def redact(value: Any, secrets: Iterable[str] = ()) -> Any:
    """`value`, JSON-like, with every secret field hidden at any depth, and `secrets` hidden in every text.

    The original is not touched.
    """
    if isinstance(value, Mapping):
        return {
            without(key, secrets) if isinstance(key, str) else key: HIDDEN
            if hides(str(key), member)
            else redact(member, secrets)
            for key, member in value.items()
        }
    if isinstance(value, list | tuple):
        return [redact(item, secrets) for item in value]
    return without(value, secrets) if isinstance(value, str) else value


def secrets_in(value: Any) -> set[str]:
    """The texts in the secret fields of `value`, at any depth."""
    if isinstance(value, Mapping):
        found: set[str] = set()
        for key, member in value.items():
            found |= {member} if is_secret(str(key)) and isinstance(member, str) else secrets_in(member)
        return found - {""}
    if isinstance(value, list | tuple):
        return set().union(*map(secrets_in, value))
    return set()


class Payload(dict[str, Any]):
    """The JSON object of a request. It shows itself without its secrets, also in a traceback that shows variables."""

    def __repr__(self) -> str:
        return repr(redact(self))


def shielded(extra: Given) -> Given | Payload:
    """`extra` as a Payload if it is a mapping; anything else stays, to be refused."""
    return Payload(extra) if isinstance(extra, Mapping) else extra


class Secret(str):
    """A text that does not show itself, in a traceback that shows variables for instance."""

    __slots__ = ()

    def __repr__(self) -> str:
        return repr(HIDDEN)


def hidden(value: Given) -> Given | Secret:
    """`value`, which does not show itself if it is a text."""
    return Secret(value) if isinstance(value, str) else value
