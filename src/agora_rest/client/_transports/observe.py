"""Reports calls and their attempts: hook events, log lines, OpenTelemetry spans, drift of the API."""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from types import TracebackType
from typing import TYPE_CHECKING, Any, Final, Self

from agora_rest.client._transports import Call
from agora_rest.client._transports.errors import beginning, request_id_of, secrets_of
from agora_rest.client._transports.listening import note_response
from agora_rest.client.hooks import RequestEvent, ResponseEvent, emit, logger
from agora_rest.errors import CallError, MalformedResponse, ResponseTooLarge, SpecificationViolation
from agora_rest.redaction import HIDDEN, is_secret, redact, without
from agora_rest.text import printable

if TYPE_CHECKING:
    import httpx

_LONGEST_BODY: Final = 2_000
_TRACER: Final = "agora_rest"
_OPERATION: Final = "agora_rest.operation"


class Observation:
    """Reports one attempt, from its request to its outcome."""

    def __init__(self, request: httpx.Request, call: Call) -> None:
        self._request, self._call = request, call
        self._options, self._id = call.options, call.operation.id
        self._span: Any = None

    def __enter__(self) -> Self:
        request, call = self._request, self._call
        self._began = call.sent = call.now()
        if hook := self._options.hooks.on_request:
            url = str(request.url)
            emit(hook, RequestEvent(operation=self._id, attempt=call.attempts, method=request.method, url=url))
        if logger.isEnabledFor(logging.DEBUG):
            secrets = secrets_of(request)
            sent = f"{shown_headers(request.headers.items(), secrets)} {shown_body(request.content, secrets)}"
            logger.debug("%s attempt %d: %s %s %s", self._id, call.attempts, request.method, request.url, sent)
        self._span = _span(request, call)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._span is not None:
            if kind is not None:
                _mark_failed(self._span, kind)
            self._span.end()

    def responded(self, response: httpx.Response) -> None:
        """Record a success.

        With `validate="raise"`, raises SpecificationViolation for an invalid response.
        """
        self._done(response)
        note_response(self._request, response, self._call)
        if logger.isEnabledFor(logging.DEBUG):
            secrets = secrets_of(self._request)
            body = shown_body(response.content, secrets)
            logger.debug(
                "%s: HTTP %d %s %s",
                self._id,
                response.status_code,
                shown_headers(response.headers.items(), secrets),
                body,
            )
        rule = None if self._options.validate == "off" else self._rule(response)
        if rule and self._options.validate == "raise":
            raise SpecificationViolation(
                rule,
                operation=self._id,
                may_have_taken_effect=self._call.may_change_something,
                status=response.status_code,
                request_id=request_id_of(self._request, response),
            )

    def failed(self, error: CallError) -> None:
        """Record a failure."""
        error.attempts = self._call.attempts
        self._done(error)
        logger.debug("%s", error)
        if self._options.validate != "off":
            self._judge(error)

    def _judge(self, error: CallError) -> None:
        """Report the drift that a failure shows. The models learn nothing from a response that cannot be parsed."""
        watch, body = self._options.drift.watch, getattr(error, "body", None)
        if isinstance(error, MalformedResponse) and not isinstance(error, ResponseTooLarge) and error.status:
            watch.malformed(self._id, error.status, error.message)
        if error.status is None or body is None:
            self._follow(0, None)
            return
        rule = watch.response(self._id, error.status, body)
        self._follow(error.status, body)
        if rule and self._options.validate == "raise":
            error.add_note(f"The response violates the specification: {rule}")

    def _done(self, outcome: httpx.Response | CallError) -> None:
        error = outcome if isinstance(outcome, CallError) else None
        status = outcome.status if isinstance(outcome, CallError) else outcome.status_code
        if self._span is not None and status is not None:
            self._span.set_attribute("http.response.status_code", status)
        if hook := self._options.hooks.on_response:
            event = ResponseEvent(
                operation=self._id,
                attempt=self._call.attempts,
                seconds=self._call.now() - self._began,
                status=status,
                request_id=outcome.request_id
                if isinstance(outcome, CallError)
                else request_id_of(self._request, outcome),
                error=error,
            )
            emit(hook, event)

    def _rule(self, response: httpx.Response) -> str | None:
        """The rule that a success breaks, for `validate="raise"`."""
        from agora_rest.client._json_reader import parse_json

        value = parse_json(response.content)
        rule = self._options.drift.watch.response(self._id, response.status_code, value)
        self._follow(response.status_code, value)
        return rule

    def _follow(self, status: int, value: Any) -> None:
        """Compare an exchange with the earlier ones of the client."""
        call = self._call
        watch = self._options.drift.watch
        watch.exchange(call.operation, self._request, status, value, sent=call.sent, done=call.now())


def shown_headers(headers: Any, secrets: set[str]) -> dict[str, str]:
    """Header fields for the log, without secrets."""
    return {_safe(name, secrets): HIDDEN if is_secret(name) else _safe(value, secrets) for name, value in headers}


def _safe(text: str, secrets: set[str]) -> str:
    return printable(without(text, secrets))


def shown_body(content: bytes, secrets: set[str]) -> str:
    """A body for the log, without secrets. If it is not JSON, only its size, because fields cannot be identified."""
    if not content:
        return ""
    from agora_rest.client._json_reader import parse_json

    try:
        text = json.dumps(redact(parse_json(content), secrets), ensure_ascii=False)
    except ValueError:
        return f"({len(content)} bytes that are not JSON)"
    return printable(without(beginning(text, secrets), secrets), limit=_LONGEST_BODY)


def call_span(call: Call) -> AbstractContextManager[None]:
    """A span over all attempts of a call, the parent of theirs, if the program has loaded OpenTelemetry."""
    trace = sys.modules.get("opentelemetry.trace")
    return nullcontext() if trace is None else _call_span(trace, call)


@contextmanager
def _call_span(trace: Any, call: Call) -> Iterator[None]:
    # OpenTelemetry would record the message and the traceback of an error.
    with trace.get_tracer(_TRACER).start_as_current_span(
        call.operation.id,
        kind=trace.SpanKind.INTERNAL,
        attributes={_OPERATION: call.operation.id},
        record_exception=False,
        set_status_on_exception=False,
    ) as span:
        try:
            yield
        except BaseException as error:
            _mark_failed(span, type(error))
            raise
        finally:
            span.set_attribute("agora_rest.attempts", call.attempts)


def _mark_failed(span: Any, kind: type[BaseException]) -> None:
    span.set_attribute("error.type", kind.__name__)
    span.set_status(sys.modules["opentelemetry.trace"].StatusCode.ERROR)


def _span(request: httpx.Request, call: Call) -> Any:
    """A client span with OpenTelemetry's attribute names, if the program has loaded OpenTelemetry."""
    trace = sys.modules.get("opentelemetry.trace")
    if trace is None:
        return None
    template = call.operation.prefix + call.operation.path
    attributes = {
        _OPERATION: call.operation.id,
        "http.request.method": request.method,
        "server.address": request.url.host,
        "server.port": request.url.port or {"https": 443, "http": 80}[request.url.scheme],
        "url.full": str(request.url),
        "url.template": template,
        "http.request.resend_count": call.attempts - 1,
    }
    tracer = trace.get_tracer(_TRACER)
    return tracer.start_span(f"{request.method} {template}", kind=trace.SpanKind.CLIENT, attributes=attributes)
