"""The output of `--json`: the fields of the models, under their Python names.

Dates and times are ISO 8601, statuses and roles go by their names in lower case (`recording`), the words of the API
stay as they are.
`extra` is included only if the server sent undocumented fields. Secrets are hidden.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from enum import IntEnum
from typing import Any


def to_json(value: Any) -> Any:
    """`value`, a model or a list of them, as JSON knows it."""
    from agora_rest.redaction import redact

    return redact(plain_data(value))


def plain_data(value: Any) -> Any:
    """The same with its secrets."""
    if names := _fields(value):
        members = {name: getattr(value, name) for name in names}
        return {name: plain_data(member) for name, member in members.items() if name != "extra" or member}
    if isinstance(value, Mapping):
        return {str(key): plain_data(member) for key, member in value.items()}
    if isinstance(value, IntEnum):
        return value.name.lower()
    if isinstance(value, date):  # a datetime too
        return value.isoformat()
    if isinstance(value, Iterable) and not isinstance(value, str):
        return [plain_data(item) for item in value]
    return value


def _fields(value: Any) -> tuple[str, ...]:
    """The fields of a model, a msgspec struct or a dataclass; none for other objects."""
    if is_dataclass(value):
        return tuple(item.name for item in fields(value))
    return getattr(type(value), "__struct_fields__", ())


def dumped(value: Any, *, ascii_only: bool, indent: int | None) -> str:
    """JSON text of what `to_json` gave."""
    return json.dumps(value, ensure_ascii=ascii_only, indent=indent)
