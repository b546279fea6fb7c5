"""Proves that a server is an emulator, so that a tool which resets servers never resets anything else.

The caller sends a fresh nonce, and an emulator returns its digest. A proxy in front of Agora, a server that accepts
every path, and a server that echoes requests cannot return it.
"""

from __future__ import annotations

import hashlib

_PRODUCT = "agora-rest emulator"


def proof(nonce: str) -> str:
    """The digest an emulator returns for `nonce`, in hexadecimal."""
    return hashlib.sha256(f"{_PRODUCT}\n{nonce}".encode()).hexdigest()
