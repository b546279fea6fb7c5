"""A success without a result."""

from __future__ import annotations

from typing import Any, Final

from agora_rest.client._json_reader import Reader, Wire


class Done(Wire):
    """All members are optional: the status reports success."""

    success: Any = None


done: Final[Reader[None]] = Reader(Done, lambda _: None)
"""A success without a result (CO-18, CO-47)."""
