"""What must never be read by anybody but the server: which fields those are, and how they are hidden.

Hiding is by the *name* of a field, so that it works for a body nobody has seen before, and by *value* for text that has
no fields: whatever stood in a secret field of a request is taken out of what is said about its answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

HIDDEN: Final = "<hidden>"
"""What stands in the place of a secret."""

SECRET_FIELDS: Final = frozenset(
    {
        "accesskey",  # of the storage a recording is uploaded to
        "secretkey",
        "secret",  # the password of an encrypted channel
        "salt",
        "token",
        "signkey",  # the certificate of a project
        "signsecret",
        "customercertificate",
        "certificate",
        "authorization",
        "password",
    }
)
"""Names of secret fields, without regard to case, `_` and `-`: `secretKey`, `secret_key` and `Secret-Key` are one."""


def is_secret(field: str) -> bool:
    """Whether the value of a field of this name must not be shown."""
    return field.replace("_", "").replace("-", "").lower() in SECRET_FIELDS


def redact(value: Any, secrets: Iterable[str] = ()) -> Any:
    """`value`, JSON-like, with every secret field hidden at any depth, and `secrets` hidden in every text.

    The original is not touched.
    """
    if isinstance(value, Mapping):
        return {key: _redact_member(str(key), member, secrets) for key, member in value.items()}
    if isinstance(value, list | tuple):
        return [redact(item, secrets) for item in value]
    return without(value, secrets) if isinstance(value, str) else value


def _redact_member(name: str, member: Any, secrets: Iterable[str]) -> Any:
    """An empty value says that there is no secret, which is worth seeing."""
    if is_secret(name):
        return HIDDEN if member not in (None, "") else member
    return redact(member, secrets)


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


def without(text: str, secrets: Iterable[str]) -> str:
    """`text` with every one of `secrets` hidden in it, the longest first, since one may contain another."""
    for secret in sorted(secrets, key=len, reverse=True):
        text = text.replace(secret, HIDDEN)
    return text


class Payload(dict[str, Any]):
    """The JSON object of a request. It shows itself without its secrets, also in a traceback that shows variables."""

    def __repr__(self) -> str:
        return repr(redact(self))
