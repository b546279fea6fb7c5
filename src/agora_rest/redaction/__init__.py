"""Hides secrets, for client, emulator, contract suite and fleet.

There are two methods. By *name and value*, for this package's own calls: a field with the name of a secret is hidden,
and so is its value wherever else it occurs. By *allow-list* (`redaction.allow_list`), for traffic that leaves the
machine: only values that the specifications show to be harmless stay.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, TypeVar, cast

from agora_rest.redaction.occurrences import SHORTEST_ECHO, Occurrences

if TYPE_CHECKING:
    from _collections_abc import dict_items, dict_values

HIDDEN: Final = "<hidden>"
"""The text shown instead of a secret."""

Given = TypeVar("Given")

_NOT_ALPHANUMERIC: Final = re.compile(r"[^a-z0-9]")

_SECRET: Final = re.compile(
    # `enable_sign_key` is a switch: it states whether a key exists.
    r"(?!enable).*(?:"
    r"accesskey(?:id)?|secretkey|secret|salt"  # of a storage, of an encrypted channel
    r"|signkey|certificate"  # of a project, of a customer
    r"|authorization|credentials?|password|passwd|passphrase|token|cookie|apikey|privatekey|signature"
    r")",
    re.DOTALL,
)
"""Endings of the names of secrets, in lower case, without `-` and `_`: `X-Amz-Security-Token` ends in `token`."""

_STREAM_KEY: Final = re.compile(r"(?i)(\brtmps?://[^\s\"'<>\\]*/)[^/\s\"'<>\\]+")
"""The last segment of an RTMP URL is a key that allows anyone to publish to the stream."""

_URL: Final = re.compile(r"(?i)\b[a-z][a-z0-9+.-]*://[^\s\"'<>\\]+")
_PASSWORD_OF_URL: Final = re.compile(r"(?<=://)[^/?#@]*(?=@)")
_PARAMETER: Final = re.compile(r"([?&;#])([^=&;#?]*)=([^&;#]+)")
_SECRET_PARAMETERS: Final = frozenset({"auth", "jwt", "key", "pass", "pwd", "sig", "ticket"})
"""Names of secrets in the query of a web page, besides those that are secrets anywhere."""

_OBJECT: Final = (dict, Mapping)  # the first is recognised faster

_PLAIN: Final = (str, int, float, type(None))
"""The types of members that contain no others."""

_TEXT_MEMBER: Final = re.compile(r'("((?:[^"\\]|\\.)*)"\s*:\s*)"(?:[^"\\]|\\.)+"')
_BASIC: Final = re.compile(r"\bBasic\s+([A-Za-z0-9+/=_-]+)", re.IGNORECASE)


@lru_cache(maxsize=4096)
def is_secret(name: str) -> bool:
    """Whether a header field, a parameter or a JSON member of this name holds a secret."""
    return _SECRET.fullmatch(_NOT_ALPHANUMERIC.sub("", name.lower())) is not None


def hides(name: str, member: Any) -> bool:
    """Whether a JSON member holds a secret. An empty value is not a secret."""
    return is_secret(name) and member is not None and member != "" and not isinstance(member, bool)


def without(text: str, secrets: Iterable[str], mark: str = HIDDEN) -> str:
    """`text` with each of `secrets` replaced by `mark`, the longest first, since one may contain another.

    A short secret may be a part of other words, so it is hidden only as a whole word, and a single letter only if it is
    the whole `text`.
    """
    for secret in sorted([each for each in secrets if each in text], key=len, reverse=True):
        if len(secret) >= SHORTEST_ECHO or text == secret:
            text = text.replace(secret, mark)
        elif len(secret) > 1 and secret in text:
            text = re.sub(rf"(?<!\w){re.escape(secret)}(?!\w)", mark, text)
    return text


def without_stream_keys(text: str, mark: str = HIDDEN) -> str:
    """`text` with the stream key in each `rtmp://` or `rtmps://` URL replaced by `mark`."""
    return _STREAM_KEY.sub(rf"\g<1>{mark}", text) if "rtmp" in text.lower() else text


def without_url_secrets(text: str, mark: str = HIDDEN, *, every_parameter: bool = False) -> str:
    """`text` with user, password and secret parameters of each URL of a web page replaced by `mark`.

    With `every_parameter`, the values of all parameters: the page's author named them, and may mean a secret by any.
    """
    if "://" not in text:
        return text

    def shown(parameter: re.Match[str]) -> str:
        before, name, _ = parameter.groups()
        return f"{before}{name}={mark}" if every_parameter or _is_secret_parameter(name) else parameter[0]

    return _URL.sub(lambda url: _PARAMETER.sub(shown, _PASSWORD_OF_URL.sub(mark, url[0])), text)


def _secrets_of_url(text: str) -> set[str]:
    """The secrets that `without_url_secrets` hides in a text."""
    if "://" not in text:
        return set()
    urls = _URL.findall(text)
    found = {value for url in urls for _, name, value in _PARAMETER.findall(url) if _is_secret_parameter(name)}
    return found | {user for url in urls for user in _PASSWORD_OF_URL.findall(url) if user}


def _is_secret_parameter(name: str) -> bool:
    return is_secret(name) or name.lower() in _SECRET_PARAMETERS


def redact(value: Any, secrets: Iterable[str] = (), mark: str = HIDDEN) -> Any:
    """A copy of `value`, JSON-like, with each secret field hidden at any depth, and `secrets` hidden in each text."""
    return _redacted(value, Occurrences(secrets), mark)


def _redacted(value: Any, secrets: Occurrences, mark: str) -> Any:
    if isinstance(value, Mapping):
        return {
            without(key, secrets.in_text(key), mark) if isinstance(key, str) else key: (
                mark if hides(str(key), member) else _redacted(member, secrets, mark)
            )
            for key, member in value.items()
        }
    if isinstance(value, list | tuple):
        return [_redacted(item, secrets, mark) for item in value]
    if not isinstance(value, str):
        return value
    text = without_url_secrets(without_stream_keys(value, mark), mark)
    return without(text, secrets.in_text(text), mark)


def secrets_in(value: Any, shortest: int = 1) -> set[str]:
    """The texts of at least `shortest` characters that `redact` hides because of their names, at any depth.

    Of an address to push to, that is the stream key; of a web page's address, the password and secret parameters.
    """
    found: set[str] = set()
    left = [(value, False)]
    while left:
        item, secret = left.pop()
        if isinstance(item, str):
            if secret and len(item) >= shortest:
                found.add(item)
        elif isinstance(item, _OBJECT):
            members = dict.items(item) if isinstance(item, dict) else item.items()  # a Payload's own would hide them
            for key, member in members:
                hidden_here = secret or is_secret(str(key))
                if isinstance(member, str) and "://" in member:
                    own = _stream_keys(member) if key == "rtmpUrl" else _secrets_of_url(member)
                    found |= {text for text in own if len(text) >= shortest}
                if hidden_here or not isinstance(member, _PLAIN):
                    left.append((member, hidden_here))
        elif isinstance(item, list | tuple):
            left += ((member, secret) for member in item)
    return found


def _stream_keys(url: str) -> set[str]:
    """The stream key in an RTMP URL, if it has one."""
    return {found[0].removeprefix(found[1]) for found in _STREAM_KEY.finditer(url)}


def basic_token(user: str, password: str) -> str:
    """The token of Basic authentication for a user and a password."""
    return base64.b64encode(f"{user}:{password}".encode()).decode("ascii")


def decode_basic(token: str) -> str | None:
    """`user:password` in a token of Basic authentication, or None if it is not base64."""
    try:
        return base64.b64decode(token, validate=True).decode("utf-8")
    except (binascii.Error, ValueError):
        return None


def secrets_of_credentials(authorization: str, shortest: int = SHORTEST_ECHO) -> set[str]:
    """The secrets in an `Authorization` header: what follows the scheme, and the password in a Basic token."""
    token = authorization.partition(" ")[2].strip()
    password = (decode_basic(token) or "").partition(":")[2]
    return {text for text in (token, password) if len(text) >= shortest}


class Payload(dict[str, Any]):
    """The JSON object of a request. Its `repr` hides secrets, also in tracebacks that show variables.

    Some error reporters walk through objects instead, and take the `repr` of each member: `items` and `values` return
    members whose `repr` hides what is secret. They are equal to the members, and JSON of them is the same.
    """

    def __repr__(self) -> str:
        return repr(redact(self))

    def items(self) -> dict_items[str, Any]:
        """As of a dict, with secrets as `Secret`, at any depth."""
        return {name: _guarded(name, member) for name, member in super().items()}.items()

    def values(self) -> dict_values[str, Any]:
        """As of a dict, with secrets as `Secret`, at any depth."""
        return dict(self.items()).values()

    def copy(self) -> Payload:
        """A payload, too."""
        return Payload(self)


def _guarded(name: str, member: Any, *, secret: bool = False) -> Any:
    """A member of a Payload, equal to `member`, whose `repr` hides secrets."""
    secret = secret or is_secret(str(name))
    if isinstance(member, Mapping):
        if secret:
            return Payload({key: _guarded(key, value, secret=True) for key, value in member.items()})
        return member if isinstance(member, Payload) else Payload(member)
    if isinstance(member, list | tuple):
        return [_guarded(name, item, secret=secret) for item in member]
    if isinstance(member, bytes):
        return _SecretBytes(member) if secret else member
    if isinstance(member, str) and (secret or ("://" in member and redact(member) != member)):
        return Secret(member)
    return member


def shielded(given: Given) -> Given:
    """`given` as a Payload if it is a mapping; other values are returned unchanged, and accepted or rejected later."""
    return cast("Given", Payload(given)) if isinstance(given, Mapping) else given


class Secret(str):
    """A text whose `repr` hides it, for instance in tracebacks that show variables."""

    __slots__ = ()

    def __repr__(self) -> str:
        return repr(HIDDEN)


class _SecretBytes(bytes):
    """The same of bytes, which no request can have."""

    def __repr__(self) -> str:
        return repr(HIDDEN)


def hidden(value: Given) -> Given:
    """`value`, as a `Secret` if it is a text; in a list or tuple, each text."""
    shown: Any = value
    if isinstance(value, str):
        shown = Secret(value)
    elif type(value) in (list, tuple):
        shown = type(shown)(map(hidden, shown))
    return cast("Given", shown)


class Secrets:
    """The values that one contract run must never show.

    `hide` is for requests of the suite itself: known values are hidden, invented ones stay, so that the request can be
    repeated. `hide_members` also hides each member with the name of a secret; it is for responses.
    """

    def __init__(self, values: Iterable[str], also: Iterable[str] = ()) -> None:
        """also: values that are hidden as well, and whose occurrence in a response is no breach."""
        self._values = sorted({value for value in values if value}, key=len, reverse=True)
        self._hidden = [*self._values, *filter(None, also)]

    def __repr__(self) -> str:
        return f"Secrets({len(self._values)} values)"

    def hide(self, text: str) -> str:
        """`text` without the known values, and without Basic tokens that contain one of them."""
        return without(_BASIC.sub(self._hide_basic, text), self._hidden)

    def hide_members(self, text: str) -> str:
        """As `hide`, and without the strings of members with the name of a secret."""
        return self.hide(without_stream_keys(_TEXT_MEMBER.sub(_hide_member, text)))

    def seen_in(self, text: str) -> bool:
        """Whether one of the known values occurs in `text`."""
        return any(value in text for value in self._values)

    def _hide_basic(self, match: re.Match[str]) -> str:
        decoded = decode_basic(match.group(1))
        return match.group() if decoded is None or not self.seen_in(decoded) else f"Basic {HIDDEN}"


def _hide_member(member: re.Match[str]) -> str:
    return f'{member[1]}"{HIDDEN}"' if is_secret(member[2]) else member[0]
