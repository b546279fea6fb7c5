"""Generates all identifiers from one seed, so that the same calls give the same IDs."""

from __future__ import annotations

import base64
import itertools
import random
import string
from typing import Final

_RESOURCE_BYTES: Final = 192
"""256 characters of base64: as long as the resource ID the document prints."""

_ALPHANUMERIC: Final = string.ascii_letters + string.digits


class Ids:
    """Identifiers in Agora's formats. They look like secrets but are not: they can be computed from the seed."""

    def __init__(self, seed: int | str | None = None) -> None:
        """Create a generator. `seed` None gives different IDs every time."""
        self._random = random.Random(seed)  # noqa: S311  # nothing here is a secret
        # A separate generator, so that the number of requests does not affect the next sid. With another seed, because
        # otherwise the first request would have the ID that is the first certificate.
        self._requests = random.Random(None if seed is None else f"requests {seed}")  # noqa: S311
        self._rules = itertools.count(1)
        self._operations = itertools.count(1001)

    def resource_id(self) -> str:
        """URL-safe base64 (CR-10). It has no content: an ID that was never issued cannot be decoded (CR-38)."""
        return base64.urlsafe_b64encode(self._random.randbytes(_RESOURCE_BYTES)).decode("ascii")

    def sid(self) -> str:
        """32 hexadecimal digits (CR-36)."""
        return self._random.randbytes(16).hex()

    def app_id(self) -> str:
        """32 hexadecimal digits (CO-11, `vendor_key`)."""
        return self._random.randbytes(16).hex()

    def certificate(self) -> str:
        """32 hexadecimal digits (CO-11, `sign_key`)."""
        return self._random.randbytes(16).hex()

    def project_id(self) -> str:
        """A short word of letters and digits (CO-11)."""
        return "".join(self._random.choices(_ALPHANUMERIC, k=11))

    def rule_id(self) -> int:
        """1, 2, 3 … (CO-40)."""
        return next(self._rules)

    def skip_rules(self, rule_id: int) -> None:
        """Never issue this rule ID or a lower one."""
        self._rules = itertools.count(max(rule_id + 1, next(self._rules)))

    def operation_id(self) -> int:
        """The `opid` of a kicking rule (CO-45)."""
        return next(self._operations)

    def request_id(self) -> str:
        """The `X-Request-ID` of a response: 32 hexadecimal digits."""
        return self._requests.randbytes(16).hex()
