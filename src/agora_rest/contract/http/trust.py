"""The trusted certificate authorities: SSL_CERT_FILE or SSL_CERT_DIR if one is set, as for the client."""

from __future__ import annotations

import os
import ssl

import httpx


def trust() -> ssl.SSLContext:
    """For httpx. Raises OSError where the file that is named cannot be read."""
    return httpx.create_ssl_context()


def trusted_file() -> str | bool:
    """The same for requests: where the certificates are, or True for the usual ones."""
    return os.environ.get("SSL_CERT_FILE") or os.environ.get("SSL_CERT_DIR") or True
