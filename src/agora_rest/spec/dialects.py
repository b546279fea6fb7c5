"""The dialects in which servers speak, and the edition of the documents behind each."""

from __future__ import annotations

from typing import Final, Literal, get_args

from agora_rest.spec.documents import Edition

Dialect = Literal["documented", "observed", "current"]
"""`documented`: as the documents of 2019 print it. `observed`: as servers are known to send it since. `current`: as the
present documents print it."""

DIALECTS: Final[tuple[Dialect, ...]] = get_args(Dialect)

DEFAULT_DIALECT: Final[Dialect] = "current"
"""The dialect of an emulator, a router of mocks and a contract run without a server, by default."""


def edition_of(dialect: str | None) -> Edition:
    """The edition of the documents that servers of a dialect follow; that of 2019 if the dialect is not known."""
    return "current" if dialect == "current" else "2019"
