"""How an emulator proves that it is one, so that a tool which resets servers never resets anything else.

The caller sends a nonce that it has just drawn, and an emulator returns its digest. A proxy in front of Agora, a server
that accepts every path and one that echoes what it is sent cannot return it.
"""

from __future__ import annotations

import hashlib

_PRODUCT = "agora-rest emulator"


def proof(nonce: str) -> str:
    """The digest an emulator returns for `nonce`, in hexadecimal."""
    return hashlib.sha256(f"{_PRODUCT}\n{nonce}".encode()).hexdigest()
