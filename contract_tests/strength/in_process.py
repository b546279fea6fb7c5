"""Makes runs of schemathesis shorter, and equal in every process, without changing their requests or responses.

Its requests are answered in this process instead of over a socket. What its coverage phase draws for a pattern is kept
from run to run: those draws have a seed of their own, which is always 0, and so come out the same each time. So are the
canonical forms of schemas, and the strategies that are made of them. What its configuration has for an operation is
merged once in a run, instead of with each request. And it is kept from the words in our source code, which Hypothesis
reads in every module of the process: a schemathesis that is run by itself has none of them, and which there are depends
on what else the process has done.

Written against schemathesis 4.32, which pyproject.toml pins, and its Hypothesis.
"""

from __future__ import annotations

import asyncio
import io
import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from typing import Any, Final
from unittest.mock import patch

import jsonschema_rs
import requests
from faults import asgi
from requests.adapters import BaseAdapter, HTTPAdapter
from schemathesis.config import ChecksConfig, GenerationConfig, PhasesConfig
from schemathesis.core.cache import BoundedCache
from schemathesis.engine import context
from schemathesis.generation.coverage import GenerationSession
from schemathesis.generation.hypothesis import canonical_strategy_cache
from schemathesis.specs.openapi import formats
from urllib3 import HTTPResponse
from urllib3._collections import HTTPHeaderDict

from agora_rest.contract.draws import drawn_by_seed_only
from agora_rest.contract.http.in_process import EagerLoop

URL: Final = "http://127.0.0.1:1"
"""Where the emulator seems to be; nothing listens there, so a request that went astray would be noticed."""

Answer = tuple[Any, ...]
"""Status, headers and body of a response; of an application that raises, what it raises."""
Known = Callable[[dict[str, Any], bytes], Answer | None]
"""The response to a request with this scope and this body, or None."""

_TIMEOUT: Final = 10.0
_TEXT: Final = ((b"content-type", b"text/plain; charset=utf-8"),)
_REFUSED: Final = (400, _TEXT, b"Bad Request")
"""The response of uvicorn to bytes that no header may have."""
_BROKEN: Final = (500, _TEXT, b"Internal Server Error")
"""Its response when the application raises."""
_KEPT: Final = 10_000
"""Strategies that are kept: more than all runs have. Schemathesis keeps 128, and a run has a few more than that."""
_DRAWN: Final = GenerationSession()
_DRAWN.draw_outcomes = BoundedCache(_KEPT)
_CANONICALIZE: Final = jsonschema_rs.canonicalize
_CANONICAL: Final[dict[tuple[str, str], Any]] = {}
_MERGED: Final = (ChecksConfig, GenerationConfig, PhasesConfig)
_REGISTER: Final = formats.register_string_format
_REGISTERED: Final[set[str]] = set()


def in_process(app: Any) -> AbstractContextManager[str]:
    """Answer what `requests` sends to the URL that is given from `app`."""
    return answered_by(Adapter(app))


@contextmanager
def answered_by(adapter: Adapter) -> Iterator[str]:
    """Answer what `requests` sends to the URL that is given with an adapter."""

    def adapter_for(self: requests.Session, url: str) -> BaseAdapter:
        if not url.startswith(URL):
            raise requests.ConnectionError(f"a request to {url}, which is not the emulator")
        return adapter

    with (
        patch.object(requests.Session, "get_adapter", adapter_for),
        patch.object(requests.sessions, "get_environ_proxies", lambda *_, **__: {}),  # which would be asked each time
    ):
        try:
            yield URL
        finally:
            adapter.close()


@contextmanager
def by_itself() -> Iterator[None]:
    """Let a run know none of our source code, and begin with the patterns that earlier ones have drawn."""
    with ExitStack() as changed:
        for part in _MERGED:
            changed.enter_context(patch.object(part, "from_hierarchy", _once(part.from_hierarchy)))
        changed.enter_context(patch.object(context, "GenerationSession", _Session))
        changed.enter_context(patch.object(jsonschema_rs, "canonicalize", _canonical))
        changed.enter_context(patch.object(formats, "register_string_format", _register))
        changed.enter_context(patch.object(canonical_strategy_cache, "_maxsize", _KEPT))
        changed.enter_context(drawn_by_seed_only())
        yield


def _canonical(schema: Any, **options: Any) -> Any:
    """The canonical form of a schema, which depends on nothing else and never changes, kept from run to run."""
    try:
        key = json.dumps(schema), repr(sorted(options.items(), key=lambda option: option[0]))
    except (TypeError, ValueError):
        return _CANONICALIZE(schema, **options)
    if key not in _CANONICAL:
        _CANONICAL[key] = _CANONICALIZE(schema, **options)
    return _CANONICAL[key]


def _once(merge: Callable[[list[Any]], Any]) -> Callable[[list[Any]], Any]:
    """A function that merges parts of a configuration, but the same parts only once. They do not change in a run."""
    kept: dict[tuple[int, ...], tuple[list[Any], Any]] = {}

    def merged(parts: list[Any]) -> Any:
        key = tuple(map(id, parts))
        if key not in kept:
            kept[key] = parts, merge(parts)  # with the parts, for the number of one that is gone is given again
        return kept[key][1]

    return merged


def _register(name: str, strategy: Any) -> None:
    """Register a format once: each run registers the one that suits the server, and all have the same server.

    When a format is registered, schemathesis drops every strategy that it has made.
    """
    if name not in _REGISTERED:
        _REGISTERED.add(name)
        _REGISTER(name, strategy)


class _Session(GenerationSession):
    """One whose drawn patterns outlive it."""

    def __init__(self) -> None:
        super().__init__()
        self.pattern_strategies = _DRAWN.pattern_strategies
        self.draw_outcomes = _DRAWN.draw_outcomes

    def close(self) -> None:
        """Empty the other caches."""
        fresh = GenerationSession()
        self.pattern_strategies, self.draw_outcomes = fresh.pattern_strategies, fresh.draw_outcomes
        super().close()


class Adapter(BaseAdapter):
    """An adapter of `requests` that calls an application, as uvicorn would.

    known: gives the response to a request where the application need not be asked.
    """

    def __init__(self, app: Any, known: Known = lambda _, __: None) -> None:
        super().__init__()
        self._app, self._known = app, known
        self._loop = EagerLoop()
        self._build = HTTPAdapter().build_response

    def send(self, request: requests.PreparedRequest, *_: Any, **__: Any) -> requests.Response:
        """Answer `request`."""
        if any(b"\0" in _bytes(value) for value in request.headers.values()):
            return self._answer(request, *_REFUSED)
        body = request.body or b""
        content = body.encode() if isinstance(body, str) else body
        if not isinstance(content, bytes):
            raise TypeError(f"a body that is {type(content).__name__} is not sent")
        scope = _scope(request)
        known = self._known(scope, content)
        if known is not None:
            return self._answer(request, *known)
        try:
            call = self._loop.begin(asgi.exchange(self._app, scope, content))
            if not call.done():
                self._loop.run_until_complete(asyncio.wait_for(call, _TIMEOUT))
            return self._answer(request, *call.result())
        except TimeoutError:
            raise requests.ReadTimeout(request=request) from None
        except Exception:  # noqa: BLE001  a server responds to any failure of its application
            return self._answer(request, *_BROKEN)

    def _answer(
        self, request: requests.PreparedRequest, status: int, fields: Iterable[tuple[bytes, bytes]], body: bytes
    ) -> requests.Response:
        headers = HTTPHeaderDict()
        for name, value in fields:
            headers.add(name.decode("latin-1"), value.decode("latin-1"))
        silent = request.method == "HEAD" or status in (204, 304)
        content = io.BytesIO(b"" if silent else body)
        return self._build(request, HTTPResponse(content, headers, status, preload_content=False))

    def turn_to(self, app: Any) -> None:
        """From now on answer from another application, on a loop that no other process has."""
        self._app, self._loop = app, EagerLoop()

    def close(self) -> None:
        """End the loop."""
        self._loop.close()


def _scope(request: requests.PreparedRequest) -> dict[str, Any]:
    path, _, query = request.path_url.partition("?")
    headers = [(_bytes(name).lower(), _bytes(value)) for name, value in request.headers.items()]
    return {
        "type": "http",
        "method": request.method,
        "path": path,
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "headers": [(b"host", b"127.0.0.1:1"), *headers],
    }


def _bytes(text: str | bytes) -> bytes:
    return text if isinstance(text, bytes) else text.encode("latin-1")
