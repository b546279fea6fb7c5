"""Headers that a run sends with every request, because a gateway before the server requires them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Self

_NAME: Final = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}")
_VARIABLE: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_OWN: Final = frozenset(
    {"accept", "accept-encoding", "authorization", "connection", "content-length", "content-type", "host"}
    | {"transfer-encoding"}
)
"""Headers that the suite itself sends, and varies."""


@dataclass(frozen=True)
class AddedHeaders:
    """The headers of one run: the environment variable of each, and its value."""

    variables: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, str] = field(default_factory=dict, repr=False)

    @classmethod
    def read(cls, variables: Mapping[str, str], environment: Mapping[str, str]) -> Self:
        """The headers of these names, with the values that the variables have.

        Raises ValueError if one cannot be sent. The message never contains what was given as a variable: it may be a
        value that was given by mistake.
        """
        for name, variable in variables.items():
            if not _NAME.fullmatch(name) or name.lower() in _OWN:
                raise ValueError(f"{name!r} is not the name of a header that can be added")
            if not _VARIABLE.fullmatch(variable) or not environment.get(variable):
                raise ValueError(
                    f"the header {name} needs the name of an environment variable that has its value; there is no such "
                    "variable, or it is empty"
                )
            value = environment[variable]
            if not (value.isascii() and value.isprintable()) or value != value.strip():
                raise ValueError(f"the value for the header {name} has characters that no header can have")
        return cls(dict(variables), {name: environment[variable] for name, variable in variables.items()})

    @property
    def texts(self) -> tuple[str, ...]:
        """Each header as `NAME=VARIABLE`."""
        return tuple(f"{name}={variable}" for name, variable in self.variables.items())


NO_HEADERS: Final = AddedHeaders()
