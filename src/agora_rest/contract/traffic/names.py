"""What a secret is called, and what it looks like where it has no name."""

from __future__ import annotations

import base64
import binascii
import re

from agora_rest import redaction

#: What is no secret, and yet nobody's affair where traffic is given away.
_PERSONAL = re.compile(r"(?:customer|session)[-_]?id$", re.IGNORECASE)

#: Names that are secrets as parameters in a URL; in a body they are too common to say anything.
_IN_URLS = frozenset({"auth", "key", "sig"})


def is_secret(name: str) -> bool:
    """Whether what is called `name` is taken out of traffic."""
    return redaction.is_secret(name) or _PERSONAL.search(name) is not None


def is_secret_in_url(name: str) -> bool:
    """Whether a URL's parameter called `name` is a secret."""
    return name.lower() in _IN_URLS or is_secret(name)


#: Secrets with looks of their own: JSON web tokens, Agora's tokens (006…, 007…), AWS access keys, private keys.
_LOOKS = re.compile(
    r"eyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*"
    r"|006[0-9a-fA-F]{32}[A-Za-z0-9+/]{16,}={0,2}"
    r"|007eJx[A-Za-z0-9+/_-]{32,}={0,2}"
    r"|A(?:KI|SI)A[0-9A-Z]{16}(?![0-9A-Za-z])"
    r"|-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|\Z)"
)

#: Credentials behind the name of their scheme.
_SCHEME = re.compile(r"(?i:(basic|bearer))\s+(?P<token>[A-Za-z0-9+/=._~-]+)")
_USERINFO = re.compile(r"://(?P<userinfo>[^/\s@\"'<>?#]+)@")
_LONG = 16
_SCHEMES = re.compile(r"(?i:basic|bearer|digest|negotiate|agora|aws4-hmac-sha256)\s+(?=\S)")


def by_looks(text: str, position: int) -> tuple[int, int] | None:
    """Where the secret is that begins at `position` and is known by its looks."""
    if found := _LOOKS.match(text, position):
        return found.span()
    if found := _USERINFO.match(text, position):
        return found.span("userinfo")
    if found := _SCHEME.match(text, position):
        token = found["token"]
        if found[1].lower() == "basic":
            secret = password_of(token) is not None
        else:
            secret = len(token) >= _LONG and any(map(str.isdecimal, token))
        return found.span("token") if secret else None
    return None


def password_of(token: str) -> str | None:
    """The password in the token of HTTP Basic, or None where it is no such token."""
    try:
        user, colon, password = base64.b64decode(token, validate=True).decode("utf-8").partition(":")
    except (binascii.Error, ValueError):
        return None
    return password if user and colon else None


def scheme_end(value: str) -> int:
    """Where the credentials begin in the value of an `Authorization` header: behind the name of their scheme."""
    found = _SCHEMES.match(value)
    return found.end() if found else 0
