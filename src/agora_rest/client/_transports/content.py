"""Enforces the maximum size of a response's body while it is read and decompressed.

Compressed bodies are decoded here and not by httpx, which decodes a piece of any size at once: a thousand times the
size on the network, and millions of times with Brotli and Zstandard. So only gzip and deflate are accepted.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

import httpx

from agora_rest.client._transports import Call, call_of

if TYPE_CHECKING:
    from collections.abc import Iterable

ACCEPT_ENCODING: Final = "gzip, deflate"
"""The `Accept-Encoding` of requests."""
_PIECE: Final = 262_144
"""The maximum number of bytes decompressed at once."""
_MAX_LAYERS: Final = 3
"""The maximum number of nested compressions."""
_DECODERS: Final = {"gzip": zlib.MAX_WBITS | 16, "x-gzip": zlib.MAX_WBITS | 16, "deflate": zlib.MAX_WBITS}


class BodyTooLarge(Exception):  # noqa: N818  becomes ResponseTooLarge
    """A body exceeds the maximum size."""

    response: httpx.Response
    """The response, without its body."""


class Body:
    """Collects the decompressed body of one response, within the maximum size and the deadline of its call."""

    def __init__(self, request: httpx.Request, headers: httpx.Headers) -> None:
        self._request, self._call = request, call_of(request)
        encodings = [name for each in headers.get("content-encoding", "").split(",") if (name := each.strip().lower())]
        layers = [name for name in reversed(encodings) if name != "identity"]
        unknown = [name for name in layers if name not in _DECODERS]
        if unknown or len(layers) > _MAX_LAYERS:
            raise httpx.DecodingError(
                "the encoding of the body is unknown" if unknown else "the body is compressed too many times",
                request=request,
            )
        self._inflaters = [_Inflater(_DECODERS[name], self._call) for name in layers]
        self._size = 0
        self._parts: list[bytes] = []

    def feed(self, data: bytes) -> None:
        """Add a piece of the body as received from the network."""
        pieces: Iterable[bytes] = (data,)
        for inflater in self._inflaters:
            pieces = inflater.inflated(pieces)
        try:
            for piece in pieces:
                self._size += len(piece)
                check_size(self._size, self._call)
                self._parts.append(piece)
                check_time(self._request, self._call)
        except zlib.error:
            raise httpx.DecodingError("the body cannot be decompressed", request=self._request) from None

    def content(self) -> bytes:
        """The whole body."""
        if any(inflater.is_cut_off for inflater in self._inflaters):
            raise httpx.DecodingError("the compressed body was truncated", request=self._request)
        return b"".join(self._parts)


def check_time(request: httpx.Request, call: Call) -> None:
    """Raise ReadTimeout after the deadline."""
    if call.remaining <= 0:
        raise httpx.ReadTimeout("the deadline passed before the end of the response", request=request)


def check_size(size: int, call: Call) -> None:
    """Raise BodyTooLarge if a body of `size` bytes is too large."""
    if size > call.options.max_response_size:
        raise BodyTooLarge


class _Inflater:
    """Decompresses one level, a piece at a time. Its output counts too, even if it is the input of the next level."""

    def __init__(self, window: int, call: Call) -> None:
        self._inflate, self._window, self._begun = zlib.decompressobj(window), window, False
        self._call, self._size = call, 0

    @property
    def is_cut_off(self) -> bool:
        return self._begun and not self._inflate.eof

    def inflated(self, pieces: Iterable[bytes]) -> Iterator[bytes]:
        for data in pieces:
            while data and not self._inflate.eof:
                piece, data = self._piece(data)
                self._size += len(piece)
                check_size(self._size, self._call)
                yield piece

    def _piece(self, data: bytes) -> tuple[bytes, bytes]:
        first, self._begun = not self._begun, True
        try:
            return self._inflate.decompress(data, _PIECE), self._inflate.unconsumed_tail
        except zlib.error:
            if not (first and self._window == zlib.MAX_WBITS):
                raise
        # Some servers call a raw stream "deflate".
        self._inflate = zlib.decompressobj(-zlib.MAX_WBITS)
        return self._inflate.decompress(data, _PIECE), self._inflate.unconsumed_tail
