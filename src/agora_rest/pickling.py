"""Objects that belong to one process, because they have connections, locks or credentials."""

from __future__ import annotations

from typing import Any, ClassVar, NoReturn


class NotPicklable:
    """Raises a TypeError that says what to do instead, when it is pickled or copied."""

    __slots__ = ()

    _instead: ClassVar[str]

    def __reduce_ex__(self, protocol: Any) -> NoReturn:
        """Raise TypeError."""
        raise TypeError(f"{type(self).__name__} cannot be pickled or copied: {self._instead}")
