"""Hiding what is not known to be harmless in a HAR file, exchange by exchange.

What stays: the structure that HAR 1.2 defines, its numbers and times; methods, statuses, media types, Agora's hosts and
the paths of the two APIs; and in their parameters and JSON bodies what `AllowList` lets through. Servers of the user's
own get neutral names, which `check` knows. Everything else becomes a mark: other hosts, unknown headers, parameters and
members, cookies, comments, bodies that are not JSON of these APIs.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from http import HTTPStatus
from typing import IO, Any, Final, Protocol
from urllib.parse import parse_qsl, quote, unquote, urlsplit

from agora_rest.addresses import is_loopback
from agora_rest.contract.traffic.har import is_injected
from agora_rest.contract.traffic.headers import HeaderRedaction
from agora_rest.contract.traffic.places import RequestPlaces
from agora_rest.contract.traffic.routes import NEUTRAL_HOST, Servers, address_of, host_of
from agora_rest.contract.traffic.units import Shortened, units
from agora_rest.redaction import decode_basic, is_secret, secrets_in
from agora_rest.redaction.allow_list import AllowList, Marks, Place
from agora_rest.redaction.occurrences import Occurrences

Hide = Callable[[Any], Any]
HidePair = Callable[[str, str], tuple[str, str]]

_METHODS: Final = frozenset(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "CONNECT", "TRACE"])
_SCHEMES: Final = frozenset({"http", "https", "ws", "wss"})
_HTTP_VERSION: Final = re.compile(r"(?i)HTTP/[0-9](?:\.[0-9])?|h[23]|http/2\.0|unknown")
_TIME: Final = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,9})?)?(?:Z|[+-][0-9:]{4,6})?"
)

_HIDDEN_URL: Final = re.compile(r"[\w-]+://(?:hidden-[0-9a-f]{12}@)?hidden-[0-9a-f]{12}\.example/hidden-[0-9a-f]{12}")
_MOST_ADDRESSES: Final = 20
_PORT: Final = re.compile(r":[0-9]{1,5}$")


class Writable(Protocol):
    """A stream for a redacted file."""

    def write(self, data: bytes, /) -> object:
        """Write all of `data`."""


@dataclass
class Redacted:
    """How many exchanges there were in a file, and how many values were hidden."""

    exchanges: int = 0
    secrets: int = 0
    of_the_apis: int = 0
    """Exchanges with servers of the two APIs: a check of the file looks at these."""
    addresses: Counter[str] = field(default_factory=Counter)
    """Base URLs that were not named, and how many requests below each look like calls of the two APIs."""


def redact(
    source: IO[bytes],
    target: Writable,
    *,
    keep: Iterable[str] = (),
    hosts: Iterable[str] = (),
    base_urls: Iterable[str] = (),
    key: bytes | None = None,
) -> Redacted:
    """Copy the HAR file in `source` to `target`, with what is not known to be harmless replaced, in bounded memory.

    keep: names of members, headers and parameters whose values stay. hosts, base_urls: servers of the two APIs beside
    Agora's and this machine, see `Servers`; each gets a neutral name that `check` knows, without its path. key: decides
    which mark a value gets; by default random, so that no mark can be computed.

    Raises HarError; what was written to `target` until then must be discarded. Raises ValueError as `Servers` does.
    """
    redaction = Redaction(keep=keep, hosts=hosts, base_urls=base_urls, key=key)
    done = redaction.done
    array = ""

    def write(text: str) -> None:
        target.write(text.encode("utf-8", "surrogatepass"))

    write('{"log": {')
    separator = ""
    for unit in units(source):
        if array and unit.array != array:
            write("]")
        if not unit.array or unit.number == 0:
            name, value = redaction.member(unit.name, unit.value)
            write(f"{separator}\n{_dumped(name)}: {'[' if unit.array else _dumped(value)}")
        else:
            done.exchanges += unit.array == "entries"
            hide = redaction.entry if unit.array == "entries" else redaction.page
            write(f"{',' if unit.number > 1 else ''}\n{_dumped(hide(unit.value))}")
        array, separator = unit.array, ","
    write(f"{']' if array else ''}}}}}\n")
    done.secrets = redaction.hidden
    return done


def _dumped(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


class Redaction:
    """Hides what is not known to be harmless in the parts of a HAR file; the parameters are those of `redact`."""

    def __init__(
        self,
        *,
        keep: Iterable[str] = (),
        hosts: Iterable[str] = (),
        base_urls: Iterable[str] = (),
        key: bytes | None = None,
    ) -> None:
        self._allow = AllowList(Marks(key), keep)
        self._headers = HeaderRedaction(self._allow, self._link)
        self._servers = Servers(hosts, base_urls)
        self._names: dict[tuple[str, str], str] = {}
        """The neutral names of the user's own servers, by host and path."""
        self.done = Redacted()
        self._log: dict[str, Hide] = {
            "version": self._words,
            "creator": partial(self._object, {"name": self._words, "version": self._words}),
            "browser": partial(self._object, {"name": self._words, "version": self._words}),
            "entries": self._unknown,
            "pages": self._unknown,
        }
        self._page: dict[str, Hide] = {
            "startedDateTime": self._time,
            "id": self._text,
            "title": self._text,
            "pageTimings": self._numbers,
        }

    @property
    def hidden(self) -> int:
        """How many values were hidden."""
        return self._allow.hidden

    def member(self, name: str, value: Any) -> tuple[str, Any]:
        """A member of `log`."""
        shown: dict[str, Any] = self._object(self._log, {name: value})
        return next(iter(shown.items()))

    def page(self, page: Any) -> Any:
        """An element of `log.pages`."""
        return self._object(self._page, page)

    def entry(self, entry: Any) -> Any:
        """An element of `log.entries`."""
        if not isinstance(entry, dict):
            return self._unknown(entry)
        request, response = (_object_of(entry.get(name)) for name in ("request", "response"))
        self._allow.secrets = Occurrences([*_secrets_of(request), *_secrets_of(response)])
        target = RequestPlaces(str(request.get("method")).upper(), request.get("url"), self._servers)
        self._count(request, is_known=target.place is not None)
        hide: dict[str, Hide] = {
            "startedDateTime": self._time,
            "time": self._number,
            "pageref": self._text,
            "cache": partial(self._object, {}),
            "timings": self._numbers,
            "comment": lambda value: value if is_injected(value) else self._unknown(value),
            "request": partial(self._request, target=target),
            "response": partial(self._response, target=target),
        }
        return self._object(hide, entry)

    def _count(self, request: dict[str, Any], *, is_known: bool) -> None:
        method, url = str(request.get("method")).upper(), str(request.get("url"))
        self.done.of_the_apis += is_known
        if not is_known and (address := address_of(method, url)) and len(self.done.addresses) < _MOST_ADDRESSES:
            self.done.addresses[address] += 1

    # -- request and response ------------------------------------------------------------------------------------------

    def _request(self, request: Any, target: RequestPlaces) -> Any:
        hide: dict[str, Hide] = {
            **self._message(),
            "method": lambda value: value if str(value).upper() in _METHODS else self._unknown(value),
            "url": partial(self._url, target=target),
            "queryString": partial(self._pairs, hide=partial(self._parameter, target=target)),
            "postData": partial(self._content, place=target.request),
        }
        return self._object(hide, request)

    def _response(self, response: Any, target: RequestPlaces) -> Any:
        status = response.get("status") if isinstance(response, dict) else None
        hide: dict[str, Hide] = {
            **self._message(),
            "status": self._number,
            "statusText": lambda value: value if str(value) in _PHRASES else self._words(value),
            "content": partial(self._content, place=target.response(status)),
            "redirectURL": self._link,
        }
        return self._object(hide, response)

    def _message(self) -> dict[str, Hide]:
        return {
            "httpVersion": lambda value: value if _HTTP_VERSION.fullmatch(str(value)) else self._unknown(value),
            "headers": partial(self._pairs, hide=self._headers.header),
            "cookies": partial(self._pairs, hide=lambda name, value: (self._allow.text(name), self._allow.text(value))),
            "headersSize": self._number,
            "bodySize": self._number,
        }

    def _pairs(self, value: Any, hide: HidePair) -> Any:
        if not isinstance(value, list):
            return self._unknown(value)
        return [self._pair(item, hide) for item in value]

    def _pair(self, item: Any, hide: HidePair) -> Any:
        if not isinstance(item, dict) or not isinstance(item.get("name"), str):
            return self._unknown(item)
        value = item.get("value", "")
        name, shown = hide(item["name"], value if isinstance(value, str) else json.dumps(value))
        rest = {key: member for key, member in item.items() if key not in ("name", "value")}
        return {"name": name, **({"value": shown} if "value" in item else {}), **self._object({}, rest)}

    def _media_type(self, value: Any) -> Any:
        return self._headers.media_type(value) if isinstance(value, str) else self._unknown(value)

    def _content(self, content: Any, place: Place | None) -> Any:
        if not isinstance(content, dict):
            return self._unknown(content)
        hide: dict[str, Hide] = {
            "size": self._number,
            "compression": self._number,
            "mimeType": self._media_type,
            "encoding": lambda value: value if value == "base64" else self._unknown(value),
            "params": partial(self._pairs, hide=lambda name, value: (self._allow.name(name), self._allow.text(value))),
            "text": partial(self._body, place=place, encoded=content.get("encoding") == "base64"),
        }
        shown = self._object(hide, content)
        if isinstance(content.get("text"), Shortened):
            del shown["text"]  # as if the program that recorded it had left it out
            shown["size"] = len(content["text"])
        return shown

    def _body(self, text: Any, place: Place | None, *, encoded: bool) -> Any:
        if not isinstance(text, str):
            return self._unknown(text)
        if not encoded:
            return self._json(text, place)
        try:
            inside = base64.b64decode(text).decode("latin-1" if place is None else "utf-8")
        except UnicodeDecodeError:
            inside, place = text, None
        except (binascii.Error, ValueError):
            return self._allow.text(text)
        return base64.b64encode(self._json(inside, place).encode("utf-8", "surrogatepass")).decode("ascii")

    def _json(self, text: str, place: Place | None) -> str:
        """A body: JSON of the two APIs member by member, anything else as a whole."""
        if place is None:
            return self._allow.text(text)
        try:
            value = json.loads(text)
            return json.dumps(self._allow.json(value, place), ensure_ascii=False, separators=(",", ":"))
        except (ValueError, RecursionError):
            return self._allow.text(text)

    # -- URLs ----------------------------------------------------------------------------------------------------------

    def _link(self, url: Any) -> Any:
        return self._url(url, RequestPlaces("GET", url, self._servers))

    def _url(self, url: Any, target: RequestPlaces) -> Any:
        if not isinstance(url, str):
            return self._unknown(url)
        host = host_of(url)
        if not host:
            return self._allow.text(url)
        parts = urlsplit(url)
        scheme = parts.scheme if parts.scheme in _SCHEMES else self._allow.marks.of(parts.scheme)
        user = f"{quote(self._allow.text(parts.netloc.rpartition('@')[0]))}@" if "@" in parts.netloc else ""
        if target.place is None:
            return url if _HIDDEN_URL.fullmatch(url) else self._hidden_url(scheme, user, host, url)
        if self._servers.permits_http(url) and not is_loopback(host):
            scheme = "https"  # a neutral name permits no other, and the check of the new file finds the same
        port = _PORT.search(parts.netloc)
        name = host if target.prefix is None or is_loopback(host) else self._neutral(host, target.prefix)
        address = f"[{name}]" if ":" in name else name
        address += port[0] if port else ""
        query = "&".join(self._query(parts.query, target))
        fragment = f"#{quote(self._allow.text(parts.fragment))}" if parts.fragment else ""
        return f"{scheme}://{user}{address}{self._path(target.path, target)}{query and '?' + query}{fragment}"

    def _neutral(self, host: str, prefix: str) -> str:
        """A name for a server of the user's own, always the same one."""
        return self._names.setdefault((host, prefix), NEUTRAL_HOST.format(len(self._names) + 1))

    def _hidden_url(self, scheme: str, user: str, host: str, url: str) -> str:
        """The URL of another host, reduced so that only equality remains visible."""
        self._allow.hidden += 1
        return f"{scheme}://{user}{self._allow.marks.of(host)}.example/{self._allow.marks.of(url)}"

    def _query(self, query: str, target: RequestPlaces) -> Iterator[str]:
        for name, value in parse_qsl(query, keep_blank_values=True):
            shown_name, shown = self._parameter(name, value, target)
            yield f"{quote(shown_name, safe='')}={quote(shown, safe=',')}"

    def _parameter(self, name: str, value: str, target: RequestPlaces) -> tuple[str, str]:
        place = target.parameter(name)
        if not place:
            return self._allow.name(name), self._allow.text(value)
        return name, self._value(name, value, place)

    def _value(self, name: str, value: str, place: Place) -> str:
        """A parameter; a list is given with commas."""
        if not place.items:
            return self._allow.value(name, value, place)
        return ",".join(self._allow.value(name, item, place.items) for item in value.split(","))

    def _path(self, path: str, target: RequestPlaces) -> str:
        """The path: its fixed parts stay, and of other paths the words that the specifications use."""
        names = target.names(path)
        return "/".join(map(self._segment, path.split("/"), names, [target] * len(names)))

    def _segment(self, segment: str, name: str | None, target: RequestPlaces) -> str:
        text = unquote(segment)
        if name == "":
            return segment
        shown = self._allow.name(text) if name is None else self._allow.value(name, text, target.parameter(name))
        return segment if shown == text else quote(shown, safe="")

    # -- values of HAR itself ------------------------------------------------------------------------------------------

    def _object(self, hide: Mapping[str, Hide], value: Any) -> Any:
        """An object of HAR: `hide` says what to do with each member that HAR defines."""
        if not isinstance(value, dict):
            return self._unknown(value)
        shown = {}
        for name, member in value.items():
            if self._allow.keeps(name):
                shown[name] = member
            else:
                known = hide.get(name)
                shown[name if known else self._har_name(name)] = (known or self._unknown)(member)
        return shown

    def _har_name(self, name: str) -> str:
        return name if _HAR_NAME.fullmatch(name) else self._allow.name(name)

    def _unknown(self, value: Any) -> Any:
        """A value that may be anything."""
        if value is None or isinstance(value, bool) or value in ("", [], {}):
            return value
        return self._allow.text(value if isinstance(value, str) else _any_dumped(value))

    def _text(self, value: Any) -> Any:
        return self._allow.text(value) if isinstance(value, str) else self._unknown(value)

    def _words(self, value: Any) -> Any:
        return self._allow.words(value) if isinstance(value, str) else self._unknown(value)

    def _number(self, value: Any) -> Any:
        return value if isinstance(value, int | float) and abs(value) < 2**53 else self._unknown(value)

    def _numbers(self, value: Any) -> Any:
        if not isinstance(value, dict):
            return self._unknown(value)
        return {self._har_name(name): self._number(member) for name, member in value.items()}

    def _time(self, value: Any) -> Any:
        return value if isinstance(value, str) and _TIME.fullmatch(value) else self._unknown(value)


_PHRASES: Final = frozenset(status.phrase for status in HTTPStatus)
_HAR_NAME: Final = re.compile(
    r"blocked|dns|connect|send|wait|receive|ssl|comment|path|domain|expires|httpOnly|secure|fileName|contentType"
    r"|serverIPAddress|connection|onContentLoad|onLoad|beforeRequest|afterRequest|_initiator|_priority|_resourceType"
    r"|_webSocketMessages|_transferSize|_error"
)
"""Names of members that HAR defines or browsers add."""


def _any_dumped(value: Any) -> str:
    try:
        return json.dumps(value, sort_keys=True)
    except (ValueError, RecursionError):
        return type(value).__name__


def _object_of(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _secrets_of(message: dict[str, Any]) -> Iterator[str]:
    """The secrets in a request or a response, by the names of headers and members."""
    headers = message.get("headers")
    for header in headers if isinstance(headers, list) else ():
        name, value = (str(_object_of(header).get(key)) for key in ("name", "value"))
        if is_secret(name):
            token = value.partition(" ")[2] or value
            yield from filter(None, (token, (decode_basic(token) or "").partition(":")[2]))
    for part in (message.get("postData"), message.get("content")):
        text = _object_of(part).get("text")
        if isinstance(text, str):
            try:
                yield from secrets_in(json.loads(text))
            except (ValueError, RecursionError):
                continue
