"""Comparing values of which some may be marks of a redacted recording."""

from __future__ import annotations

import re
from typing import Any, Final

_MARK: Final = re.compile(r"hidden-?([0-9a-f]{12})")
"""A mark begins so wherever it is; the rest depends on what is valid at its place."""
_OTHER_MARK: Final = re.compile(r"192\.0\.2\.[0-9]{1,3}(?::8080)?|2001:db8::[0-9a-f:]+|4[0-9]{8}")
"""Marks that do not show which value they stand for."""
_PLAIN: Final = re.compile(r"[0-9]{1,10}|#[0-9a-fA-F]{6}|[0-9]{4}-[0-9]{2}-[0-9]{2}.*")
"""Texts that redaction keeps beside words."""


_ONE_FOR_ALL: Final = frozenset({"REDACTED", "<hidden>"})
"""Marks that are the same for every value: those of the emulator's page and of texts of this package."""


def is_known(text: str) -> bool:
    """Whether a text is a value, or a mark that stands for one value only."""
    return text not in _ONE_FOR_ALL and not _OTHER_MARK.fullmatch(text)


def differ(one: Any, other: Any) -> bool:
    """Whether two values of one type certainly differ. Of a mark and a value, or of unlike marks, that is unknown."""
    if type(one) is not type(other) or one == other:
        return False
    if not isinstance(one, str) or not one or not other:
        return True
    marks = _MARK.search(one), _MARK.search(other)
    if marks[0] and marks[1]:
        return marks[0][1] != marks[1][1]
    if marks[0] or marks[1] or not is_known(one) or not is_known(other):
        return False
    # Redaction keeps the one and hides the other: what cannot be told afterwards is not told before.
    return _stays(one) == _stays(other)


def _stays(text: str) -> bool:
    """Whether redaction may keep a text."""
    from agora_rest.redaction.allow_list import is_words  # loads the validator; needed only where values differ

    return is_words(text) or _PLAIN.fullmatch(text) is not None
