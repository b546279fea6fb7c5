"""What the fields are called that nobody but the server may read: client, emulator and contract suite all ask here."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Any, Final

HIDDEN: Final = "<hidden>"
"""What stands in the place of a secret."""

_NOT_ALPHANUMERIC: Final = re.compile(r"[^a-z0-9]")

_SECRET: Final = re.compile(
    # A switch is none: `enable_sign_key` says whether there is one.
    r"(?!enable).*(?:"
    r"accesskey(?:id)?|secretkey|secret|salt"  # of a storage, of an encrypted channel
    r"|signkey|certificate"  # of a project, of a customer
    r"|authorization|credentials?|password|passwd|passphrase|token|cookie|apikey|privatekey|signature"
    r")",
    re.DOTALL,
)
"""How names of secrets end, in small letters and without `-` and `_`: `X-Amz-Security-Token` is one for its `token`."""


@lru_cache(maxsize=4096)
def is_secret(name: str) -> bool:
    """Whether nobody is shown the value of a header field, a parameter or a JSON member of this name."""
    return _SECRET.fullmatch(_NOT_ALPHANUMERIC.sub("", name.lower())) is not None


def hides(name: str, member: Any) -> bool:
    """Whether a JSON member holds a secret. An empty one says that there is none, which is worth seeing."""
    return is_secret(name) and member is not None and member != "" and not isinstance(member, bool)


def without(text: str, secrets: Iterable[str], mark: str = HIDDEN) -> str:
    """`text` with `mark` for every one of `secrets` in it, the longest first, since one may contain another.

    A short secret may be a part of other words: it is hidden where it is a word, and one letter only where it is all
    of `text`.
    """
    for secret in sorted(secrets, key=len, reverse=True):
        if len(secret) >= _LONG or text == secret:
            text = text.replace(secret, mark)
        elif len(secret) >= _SHORT and secret in text:
            text = re.sub(rf"(?<!\w){re.escape(secret)}(?!\w)", mark, text)
    return text


_LONG: Final = 8
"""Characters from which on a secret is part of no other word."""
_SHORT: Final = 2
"""Characters below which a secret is hidden only where it is the whole text."""
