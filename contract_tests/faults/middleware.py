"""Faults at the edge of the emulator: a request is changed before it comes in, or an answer before it goes out."""

from __future__ import annotations

import asyncio
import base64
import copy
import json
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Final, Protocol
from urllib.parse import parse_qsl, urlencode

from agora_rest.emulator import DEFAULT_CUSTOMER_CERTIFICATE, DEFAULT_CUSTOMER_ID
from agora_rest.emulator.web.endpoints import endpoints
from agora_rest.emulator.web.messages import Message, Receive, Scope, Send

Forward = Callable[[], Awaitable[None]]
Middleware = Callable[["HttpCall", Forward], Awaitable[None]]
Change = Callable[["HttpCall"], object]

MEANWHILE: Final = 0.02
"""Seconds a call waits for another to come in."""
_CONTROL: Final = b"/_emulator/"
_UNREAD: Final = object()
SUCCESS: Final = range(200, 300)
RIGHT_CREDENTIALS: Final = b"Basic " + base64.b64encode(
    f"{DEFAULT_CUSTOMER_ID}:{DEFAULT_CUSTOMER_CERTIFICATE}".encode()
)


@dataclass(frozen=True)
class At:
    """A fault at the edge. `make` is called for each emulator, so that one does not know what another has seen."""

    make: Callable[[], Middleware]
    operations: tuple[str, ...] = ()
    """The operations whose requests or responses it changes, if it is about some only."""
    shows: Callable[[Any], Any] | None = None
    """Calls that show it, made by a `Caller`, where they follow from the change itself."""


class HttpCall:
    """A request and, once it was forwarded, its answer. Both may be changed."""

    def __init__(self, scope: Scope, content: bytes) -> None:
        self.method: str = scope["method"]
        self.path: str = scope["raw_path"].decode("latin-1")
        self.query: str = scope["query_string"].decode("latin-1")
        self.headers: list[tuple[bytes, bytes]] = list(scope["headers"])
        self.content = content
        self._asked: Any = _UNREAD
        self.status = 0
        self.response_headers: list[tuple[bytes, bytes]] = []
        self.response_body = b""
        found = endpoints("current").find(self.path)
        self.operation: str = ""
        self.parameters: dict[str, str] = {}
        if found is not None and self.method in found.methods:
            self.operation = found.methods[self.method].id
            self.parameters = found.parameters

    @property
    def body(self) -> Any:
        """The JSON of the request, or None. It counts what becomes of it."""
        if self._asked is _UNREAD:
            self._asked = _json(self.content)
        return self._asked

    @body.setter
    def body(self, value: Any) -> None:
        self._asked = value

    @property
    def succeeded(self) -> bool:
        """Was it answered with a 2xx?"""
        return self.status in SUCCESS

    @property
    def payload(self) -> Any:
        """The JSON of the answer."""
        return _json(self.response_body)

    @payload.setter
    def payload(self, value: Any) -> None:
        # As the emulator writes it, so that what is not changed stays the same to the byte.
        self.response_body = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()

    def header(self, name: bytes) -> bytes:
        """The value of a header field of the request, b"" when it is not there."""
        return dict(self.headers).get(name, b"")

    def set_header(self, name: bytes, new: bytes | None) -> None:
        """Another value for a header field of the request, or none."""
        others = [field for field in self.headers if field[0] != name]
        self.headers = others if new is None else [*others, (name, new)]

    def set_response_header(self, name: bytes, new: bytes | None) -> None:
        """Another value for a header field of the answer, or none."""
        others = [field for field in self.response_headers if field[0] != name]
        self.response_headers = others if new is None else [*others, (name, new)]

    def finish(self) -> None:
        """Write a changed JSON body into the request."""
        if self._asked is not _UNREAD and _bytes(self._asked) != _bytes(_json(self.content)):  # to Python, 1 is True
            self.content = _bytes(self._asked)
        self._asked = _UNREAD


class HasApp(Protocol):
    """An emulator, or what stands for one."""

    @property
    def app(self) -> Any:
        """The application, by ASGI."""


class Edge:
    """An emulator's application behind a middleware. Control is let through untouched."""

    def __init__(self, emulator: HasApp, middleware: Middleware) -> None:
        self._app = emulator.app
        self._middleware = middleware

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI's entry."""
        if scope["type"] != "http" or scope["raw_path"].startswith(_CONTROL):
            await self._app(scope, receive, send)
            return
        call = HttpCall(scope, await body_of(receive))

        async def forward() -> None:
            await self._forward(call, scope)

        await self._middleware(call, forward)
        headers = [field for field in call.response_headers if field[0] != b"content-length"]
        if call.status not in (204, 304):
            headers.append((b"content-length", b"%d" % len(call.response_body)))
        await send({"type": "http.response.start", "status": call.status, "headers": headers})
        silent = call.method == "HEAD" or call.status in (204, 304)
        await send({"type": "http.response.body", "body": b"" if silent else call.response_body, "more_body": False})

    async def _forward(self, call: HttpCall, scope: Scope) -> None:
        call.finish()
        length = [(b"content-length", b"%d" % len(call.content))] if call.content else []
        headers = [field for field in call.headers if field[0] != b"content-length"]
        inner = {
            **scope,
            "method": call.method,
            "raw_path": call.path.encode("latin-1"),
            "query_string": call.query.encode("latin-1"),
            "headers": [*headers, *length],
        }
        sent: list[Message] = []

        async def receive() -> Message:
            return {"type": "http.request", "body": call.content, "more_body": False}

        async def send(message: Message) -> None:
            sent.append(message)

        await self._app(inner, receive, send)
        call.status = sent[0]["status"]
        call.response_headers = list(sent[0]["headers"])
        call.response_body = b"".join(message["body"] for message in sent[1:])


class ErrorRecorder:
    """An application whose mishaps are kept: a fault that raises would pass for a server that breaks down."""

    def __init__(self, app: Any) -> None:
        self._app = app
        self.errors: list[Exception] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI's entry."""
        try:
            await self._app(scope, receive, send)
        except Exception as error:
            self.errors.append(error)
            raise


def _apply(change: Change, call: HttpCall) -> None:
    """Change a call, unless the change does not find in it what it needs: then the fault does not touch this call."""
    try:
        change(call)
    except (IndexError, KeyError, TypeError):
        pass
    except AttributeError as missing:  # of a member of another type; a call's own attributes are the fault's mistake
        if isinstance(missing.obj, HttpCall):
            raise


# -- the usual middlewares --------------------------------------------------------------------------------------------


def on_response(operations: str, change: Change, *, status: int | None = None, code: int | None = None) -> At:
    """Answers of these operations (names with spaces in between, "" for all) are changed.

    Those that succeed; with `status` or `code`, those with that status, or that number of an error.
    """
    names = operations.split()

    async def middleware(call: HttpCall, forward: Forward) -> None:
        await forward()
        if names and call.operation not in names:
            return
        if status is None and code is None:
            meant = call.succeeded and bool(call.operation)
        else:
            meant = status in (None, call.status) and code in (None, code_of(call))
        if meant:
            _apply(change, call)

    return At(lambda: middleware, tuple(names))


def on_request(operations: str, change: Change) -> At:
    """Requests of these operations (names with spaces in between, "" for all) are changed."""
    names = operations.split()

    async def middleware(call: HttpCall, forward: Forward) -> None:
        if not names or call.operation in names:
            _apply(change, call)
        await forward()

    return At(lambda: middleware, tuple(names))


def at_once(operation: str, key: Callable[[HttpCall], str], later: Callable[[list[HttpCall], HttpCall], None]) -> At:
    """Calls of an operation with the same key that meet. Each is carried out, in turn.

    Then `later` changes its response, given the calls that it met and that were answered before it.
    """

    def make() -> Middleware:
        under_way: dict[str, list[HttpCall]] = {}
        count: Counter[str] = Counter()

        async def middleware(call: HttpCall, forward: Forward) -> None:
            if call.operation != operation:
                await forward()
                return
            name = key(call)
            count[name] += 1
            await asyncio.sleep(MEANWHILE)
            await forward()
            answered = under_way.setdefault(name, [])
            later(answered, call)
            answered.append(call)
            count[name] -= 1
            if not count[name]:
                del under_way[name]

        return middleware

    return At(make)


def put(path: str, new: Any) -> Change:
    """Change the members of an answer at `path`: `a.b`, `a.*.b` for each of a list.

    `new` is the value, or a function of the old one. A Cloud Recording answer is taken out of its envelope, and
    `project` stands for every project of an answer, whatever holds it.
    """

    def change(call: HttpCall) -> None:
        reply = call.payload
        for holder, name in _places(reply, path):
            holder[name] = new(holder[name]) if callable(new) else new
        call.payload = reply

    return change


def drop(path: str) -> Change:
    """Leave the members of an answer at `path` out; see `put`."""

    def change(call: HttpCall) -> None:
        reply = call.payload
        for holder, name in _places(reply, path):
            del holder[name]
        call.payload = reply

    return change


def inner(reply: Any) -> Any:
    """A Cloud Recording answer without its envelope."""
    return reply["Body"] if isinstance(reply, dict) and "Body" in reply else reply


def projects(reply: Any) -> list[dict[str, Any]]:
    """Every project of an answer, whatever holds it."""
    found: Any = reply.get("projects", reply.get("project", [])) if isinstance(reply, dict) else []
    return found if isinstance(found, list) else [found]


def code_of(call: HttpCall) -> int | None:
    """The number of a Cloud Recording error."""
    reply = inner(call.payload)
    return reply.get("code") if isinstance(reply, dict) else None


def names_no_app_id(call: HttpCall) -> bool:
    """Is the response the refusal of an unknown App ID, in the words of either dialect?"""
    return isinstance(call.payload, dict) and call.payload.get("message") in (
        "invalid appid",
        "appid is invalid",
    )


def admit(operations: str, path: str, wrong: Callable[[Any], bool], instead: Any) -> At:
    """A wrong value in a body is let through: the emulator gets `instead`, a right one. Nothing there is None."""

    def change(call: HttpCall) -> None:
        holder, name = _holder(call.body, path)
        if isinstance(holder, dict) and _is(wrong, holder.get(name)):
            holder[name] = instead

    return on_request(operations, _on_copy(change))


def admit_query(operations: str, name: str, wrong: Callable[[str], bool], instead: str) -> At:
    """A wrong value of a query parameter is let through: the emulator gets `instead`. Nothing there is ""."""

    def change(call: HttpCall) -> None:
        pairs = parse_qsl(call.query, keep_blank_values=True)
        given = dict(pairs).get(name, "")
        if _is(wrong, given):
            call.query = urlencode([pair for pair in pairs if pair[0] != name] + [(name, instead)])

    return on_request(operations, change)


def refuse(operations: str, when: Callable[[HttpCall], Any], change: Change) -> At:
    """A right request is refused: `change` makes a refusal of the response."""

    def refused(call: HttpCall) -> None:
        if when(call):
            change(call)

    return on_response(operations, refused)


def respond(status: int | None = None, payload: Any = _UNREAD) -> Change:
    """Another status, another JSON body, or both."""

    def change(call: HttpCall) -> None:
        call.status = status or call.status
        if payload is not _UNREAD:
            call.payload = payload

    return change


def error(code: int, status: int = 400) -> Change:
    """An error of Cloud Recording, in an envelope where the response that it replaces has one."""

    def change(call: HttpCall) -> None:
        payload = {"code": code, "reason": "refused"}
        enveloped = isinstance(call.payload, dict) and "Code" in call.payload
        respond(status, {"Code": status, "Body": payload} if enveloped else payload)(call)

    return change


def envelope(code: Any) -> Change:
    """Another `Code` in the envelope of a Cloud Recording response that has one."""
    return lambda call: respond(payload={**call.payload, "Code": code})(call) if "Code" in call.payload else None


def edit(change: Callable[[Any], object]) -> Change:
    """Change the JSON of a response in place, a Cloud Recording response without its envelope."""

    def edited(call: HttpCall) -> None:
        reply = call.payload
        change(inner(reply))
        call.payload = reply

    return edited


def given(path: str, test: Callable[[Any], bool]) -> Callable[[HttpCall], bool]:
    """Whether the value at `path` of a request's body passes a test. Nothing there is None."""

    def passes(call: HttpCall) -> bool:
        holder, name = _holder(call.body, path)
        return _is(test, holder.get(name) if isinstance(holder, dict) else None)

    return passes


def exactly(*values: Any) -> Callable[[Any], bool]:
    """Whether a value is one of these, also by its type: 1 is not True."""
    return lambda value: any(type(value) is type(each) and value == each for each in values)


def text_of(call: HttpCall) -> str:
    """The response as text."""
    return call.response_body.decode("utf-8", "replace")


def _is(wrong: Callable[[Any], bool], given: Any) -> bool:
    """Is it wrong? What cannot be compared at all is something else that is wrong."""
    try:
        return wrong(given)
    except (AttributeError, TypeError, ValueError):
        return False


def _holder(body: Any, path: str) -> tuple[Any, str]:
    """The object that holds the last name of `path`, and that name. A number is a place in a list."""
    *way, name = path.split(".")
    for step in way:
        if isinstance(body, list) and step.isdigit():
            body = body[int(step)] if int(step) < len(body) else None
        else:
            body = body.get(step) if isinstance(body, dict) else None
    return body, name


def _on_copy(change: Change) -> Change:
    """`call.body` is parsed once: a change is made on a copy, so that it is seen to be one."""

    def changed(call: HttpCall) -> None:
        call.body = copy.deepcopy(call.body)
        change(call)

    return changed


def _places(reply: Any, path: str) -> list[tuple[Any, Any]]:
    """Where `path` leads: each holder with the name or index in it."""
    first, *rest = path.split(".")
    if first == "project":
        holders: list[Any] = projects(reply)
    else:
        holders, rest = [inner(reply)], [first, *rest]
    for step in rest[:-1]:
        holders = [after for holder in holders for after in _step(holder, step)]
    name = rest[-1]
    if name == "*":
        return [(holder, index) for holder in holders if isinstance(holder, list) for index in range(len(holder))]
    return [(holder, name) for holder in holders if isinstance(holder, dict) and name in holder]


def _step(holder: Any, step: str) -> list[Any]:
    if step == "*":
        return list(holder) if isinstance(holder, list) else []
    return [holder[step]] if isinstance(holder, dict) and step in holder else []


def _json(content: bytes) -> Any:
    try:
        return json.loads(content)
    except (ValueError, RecursionError):
        return None


def _bytes(value: Any) -> bytes:
    return json.dumps(value).encode()  # in ASCII, for half a surrogate has no UTF-8


async def body_of(receive: Receive) -> bytes:
    """The whole body of a request."""
    chunks = []
    while True:
        message = await receive()
        chunks.append(message.get("body", b""))
        if not message.get("more_body", False):
            return b"".join(chunks)
