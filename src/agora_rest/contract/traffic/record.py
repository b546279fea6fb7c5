"""Recording what an `httpx` client does, as a HAR file without secrets.

    with Recorder("session.har") as recorder:
        client = httpx.Client(transport=RecordingTransport(httpx.HTTPTransport(), recorder))

The file is complete after every exchange, so a crash loses none of those before it.
"""

from __future__ import annotations

import base64
import contextlib
import json
import logging
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any, Final, Self
from urllib.parse import parse_qsl, urlsplit

import httpx

from agora_rest.contract.http.bounded import MAX_BODY, Unusable, read_bounded
from agora_rest.contract.http.exchange import Exchange
from agora_rest.contract.traffic.redact import Redaction

_BEGINNING: Final = b'{"log":{"version":"1.2","creator":{"name":"agora-rest","version":"1"},"entries":['
_END: Final = b"\n]}}\n"
_ENCODINGS: Final = frozenset({"", "identity", "gzip", "x-gzip", "deflate"})

logger = logging.getLogger("agora_rest.contract")


class Recorder:
    """Writes exchanges into a HAR file, each without its secrets.

    Only what `contract redact` lets through is written. `hosts` and `base_urls` name servers of the two APIs beside
    Agora's and this machine, which get neutral names in the file; `keep` names members, headers and parameters that
    stay as they are. May be used from several threads. `now` gives the time, Unix seconds.

    If the file cannot be written any more, because the disk is full, a warning is logged and the recording ends: the
    calls are not disturbed, and the file stays complete.
    """

    def __init__(
        self,
        path: str | Path,
        *,
        now: Callable[[], float] = time.time,
        hosts: Iterable[str] = (),
        base_urls: Iterable[str] = (),
        keep: Iterable[str] = (),
    ) -> None:
        """Begin a file at `path`; what is there is overwritten."""
        self.now = now
        self._redaction = Redaction(hosts=hosts, base_urls=base_urls, keep=keep)
        self._lock = threading.Lock()
        self._file: IO[bytes] = Path(path).open("wb", buffering=0)  # noqa: SIM115  closed by `close`
        self._path, self._next, self._separator = path, len(_BEGINNING), b"\n"
        self._file.write(_BEGINNING + _END)

    def add(self, exchange: Exchange, started: float, *, body_known: bool = True) -> None:
        """Write an exchange that was sent at `started`, Unix seconds. A status of 0 means that no response came.

        body_known: whether `exchange` has the body of the response; without it, the file says that there was one.
        """
        entry = entry_of(exchange, started)
        if not body_known:
            content = entry["response"]["content"]
            content["size"] = MAX_BODY
            del content["text"]
        with self._lock:
            if self._file.closed:
                return
            text = json.dumps(self._redaction.entry(entry), ensure_ascii=False)
            data = self._separator + text.encode("utf-8", "surrogateescape")
            try:
                self._write(data + _END)
            except OSError as error:
                logger.warning("no more traffic is recorded in %s: %s", self._path, error.strerror)
                self._give_up()
                return
            self._next, self._separator = self._next + len(data), b",\n"

    def _write(self, data: bytes) -> None:
        """Write `data` in the place of the end of the file."""
        self._file.seek(self._next)
        left = memoryview(data)
        while left:  # a raw file may take a part
            left = left[self._file.write(left) :]

    def _give_up(self) -> None:
        """Put the end back behind the last complete exchange, where it was before, and close the file."""
        with contextlib.suppress(OSError):
            self._file.truncate(self._next)
            self._write(_END)
        self._file.close()

    def close(self) -> None:
        """Close the file. Later exchanges are not recorded."""
        with self._lock:
            self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()


def entry_of(exchange: Exchange, started: float) -> dict[str, Any]:
    """An exchange as an entry of a HAR file, not redacted."""
    milliseconds = round(exchange.elapsed * 1000, 3)
    request: dict[str, Any] = {
        "method": exchange.method,
        "url": exchange.url,
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "headers": _pairs(exchange.request_headers.items()),
        "queryString": _pairs(parse_qsl(urlsplit(exchange.url).query, keep_blank_values=True)),
        "headersSize": -1,
        "bodySize": len(exchange.request_body),
    }
    if exchange.request_body:
        request["postData"] = _content(exchange.request_body, exchange.request_headers.get("content-type", ""))
    media_type = exchange.headers.get("content-type", "x-unknown")
    return {
        "startedDateTime": datetime.fromtimestamp(started, UTC).isoformat(timespec="milliseconds"),
        "time": milliseconds,
        "request": request,
        "response": {
            "status": exchange.status,
            "statusText": "",
            "httpVersion": "HTTP/1.1",
            "cookies": [],
            "headers": _pairs(exchange.headers.items()),
            "content": {"size": len(exchange.body), **_content(exchange.body, media_type)},
            "redirectURL": exchange.headers.get("location", ""),
            "headersSize": -1,
            "bodySize": len(exchange.body),
        },
        "cache": {},
        "timings": {"send": 0, "wait": milliseconds, "receive": 0},
    }


def _pairs(items: Any) -> list[dict[str, str]]:
    return [{"name": name, "value": value} for name, value in items]


def _content(body: bytes, media_type: str) -> dict[str, str]:
    try:
        return {"mimeType": media_type, "text": body.decode("utf-8")}
    except UnicodeDecodeError:
        return {"mimeType": media_type, "text": base64.b64encode(body).decode("ascii"), "encoding": "base64"}


class RecordingTransport(httpx.BaseTransport):
    """Passes requests on to `inner` and records each exchange, a failed connection included."""

    def __init__(self, inner: httpx.BaseTransport, recorder: Recorder) -> None:
        self._inner, self._recorder = inner, recorder

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send one request."""
        request.read()
        pending = _Pending(self._recorder, request)
        try:
            response = self._inner.handle_request(request)
        except httpx.TransportError:
            pending.failed()
            raise
        if pending.still_reads(response):
            response.stream = _Stream(response.stream, pending)
        return response

    def close(self) -> None:
        """Close `inner`; the recorder stays open."""
        self._inner.close()


class AsyncRecordingTransport(httpx.AsyncBaseTransport):
    """`RecordingTransport` for an `httpx.AsyncClient`."""

    def __init__(self, inner: httpx.AsyncBaseTransport, recorder: Recorder) -> None:
        self._inner, self._recorder = inner, recorder

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send one request."""
        await request.aread()
        pending = _Pending(self._recorder, request)
        try:
            response = await self._inner.handle_async_request(request)
        except httpx.TransportError:
            pending.failed()
            raise
        if pending.still_reads(response):
            response.stream = _Stream(response.stream, pending)
        return response

    async def aclose(self) -> None:
        """Close `inner`; the recorder stays open."""
        await self._inner.aclose()


class _Pending:
    """An exchange in progress."""

    def __init__(self, recorder: Recorder, request: httpx.Request) -> None:
        self._recorder, self._request, self._started = recorder, request, recorder.now()
        self._response: httpx.Response | None = None
        self._chunks: list[bytes] = []
        self._size = 0

    def failed(self) -> None:
        """Record that no response came."""
        self._add(0, {}, b"")

    def note(self, chunk: bytes) -> None:
        """Keep a piece of the body as it came, unless the body is too large to be recorded."""
        self._size += len(chunk)
        if self._size > MAX_BODY:
            self._chunks.clear()
        else:
            self._chunks.append(chunk)

    def still_reads(self, response: httpx.Response) -> bool:
        """Record a response, or wait until its body has been read; returns whether it is still pending."""
        if response.is_closed:  # made here, by a mock for instance, and not received
            self._add(response.status_code, dict(response.headers), response.content)
            return False
        self._response = response
        return True

    def complete(self) -> None:
        """Record the response: its body was read as far as the caller wanted."""
        if self._response is None:
            return
        response, self._response = self._response, None
        self._add(
            response.status_code, dict(response.headers), self._body(response.headers.get("content-encoding", ""))
        )

    def _body(self, encoding: str) -> bytes | None:
        """The body, decompressed; None if it is too large, too deep, or in an encoding whose size has no bound."""
        if self._size > MAX_BODY or encoding.strip().lower() not in _ENCODINGS:
            return None
        try:
            return read_bounded(self._chunks, encoding)
        except Unusable:
            return None

    def _add(self, status: int, headers: dict[str, str], body: bytes | None) -> None:
        request, now = self._request, self._recorder.now()
        exchange = Exchange(
            operation="",
            method=request.method,
            url=str(request.url),
            request_headers=dict(request.headers),
            request_body=request.content,
            status=status,
            headers=headers,
            body=body or b"",
            elapsed=max(now - self._started, 0.0),
        )
        self._recorder.add(exchange, self._started, body_known=body is not None)


class _Stream(httpx.SyncByteStream, httpx.AsyncByteStream):
    """The body of a response, which is noted while it is read."""

    def __init__(self, inner: Any, pending: _Pending) -> None:
        self._inner, self._pending = inner, pending

    def __iter__(self) -> Iterator[bytes]:
        for chunk in self._inner:
            self._pending.note(chunk)
            yield chunk

    def close(self) -> None:
        self._inner.close()
        self._pending.complete()

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for chunk in self._inner:
            self._pending.note(chunk)
            yield chunk

    async def aclose(self) -> None:
        await self._inner.aclose()
        self._pending.complete()
