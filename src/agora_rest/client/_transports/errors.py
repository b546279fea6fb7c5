"""Distinguishes successful responses from errors, and chooses the error.

Servers refuse requests in many ways: by status, by a code in the body that may contradict the status, inside the
envelope or bare, as `reason`, `message` or `error_msg`, in HTML, or with an empty success. Each becomes an error of
`agora_rest.errors` before a result is read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from agora_rest.addresses import advice_if_refused
from agora_rest.client._reading import NestedTooDeeply, unwrap_envelope
from agora_rest.client._retries import retry_after
from agora_rest.client._transports import Call, call_of
from agora_rest.error_codes import LOST_PAGE, LOST_RECORDING, refusal
from agora_rest.errors import (
    ApiError,
    CallError,
    ConnectionFailed,
    MalformedResponse,
    NotFound,
    ResponseTooLarge,
    TimedOut,
    TransportError,
)
from agora_rest.redaction import redact, without
from agora_rest.text import one_line, printable

if TYPE_CHECKING:
    import httpx

_NOT_HTTP: Final = frozenset({432, 433, 435})
"""Codes of the service in the range of HTTP statuses."""

_MESSAGE_FIELDS: Final = ("reason", "message", "error_msg")

_LONGEST_REQUEST_ID: Final = 100

_BEGINNING: Final = 100_000


class _Outcome(NamedTuple):
    """The outcome stated by the body of a response."""

    failed: bool
    code: int | None = None
    status: int | None = None
    """The HTTP status in the envelope."""
    message: str = ""
    body: dict[str, Any] | None = None


def read_at_once(request: httpx.Request, response: httpx.Response) -> Any:
    """The result of a success that is exactly as described; None if the response must be checked first."""
    return call_of(request).reader.read_bytes(response.content) if response.is_success else None


def judged(request: httpx.Request, response: httpx.Response) -> dict[str, Any] | CallError:
    """The JSON object of a success response, or the error of any other response.

    The error is returned, not raised, so that no frame in the traceback holds the response.
    """
    from agora_rest.client._json_reader import parse_json

    try:
        value = parse_json(response.content)
    except ValueError as error:
        value, why = None, _why_unreadable(response.content, error)
    else:
        why = "" if isinstance(value, dict) else f"a JSON object was expected, not {_kind(value)}"
    outcome = _Outcome(failed=False) if why else _outcome_of(value, call_of(request))
    if response.is_success and why:
        return malformed(request, response, why)
    if response.is_success and not outcome.failed:
        accepted: dict[str, Any] = value
        return accepted
    if why:
        outcome = _Outcome(failed=True, message=_plain(response.content, secrets_of(request)))
    return _refusal(request, response, outcome)


def network_failure(request: httpx.Request, error: httpx.RequestError | OSError) -> TransportError | MalformedResponse:
    """The error for a network failure, which is quoted, not chained, because its frames hold the request."""
    import httpx

    call = call_of(request)
    unsent = (
        ConnectionRefusedError,
        httpx.ConnectError,
        httpx.ConnectTimeout,
        httpx.PoolTimeout,
        httpx.ProxyError,
        httpx.UnsupportedProtocol,
    )
    place = f" to {_address_of(request)}" if isinstance(error, httpx.ConnectError | httpx.ConnectTimeout) else ""
    words = f"{type(error).__name__}{place}{f': {error}' if str(error) else ''}"
    message = one_line(without(words, secrets_of(request)))
    sent = not isinstance(error, unsent)
    changed = call.may_change_something and sent
    if isinstance(error, httpx.DecodingError):
        return MalformedResponse(message, operation=call.operation.id, may_have_taken_effect=changed)
    kind = TimedOut if isinstance(error, httpx.TimeoutException | TimeoutError) else ConnectionFailed
    failure = kind(message, operation=call.operation.id, may_have_taken_effect=changed, sent=sent)
    if isinstance(error, httpx.ConnectError | OSError):
        failure.advice = advice_if_refused(str(request.url), error)
    if isinstance(failure, ConnectionFailed) and _UNTRUSTED.search(str(error)):
        failure.untrusted, failure.advice = True, _TRUST if _OWN_AUTHORITY.search(str(error)) else ""
    return failure


_UNTRUSTED: Final = re.compile(r"certificate.verify.failed|invalid peer certificate", re.IGNORECASE)
"""The words of OpenSSL and of rustls for a certificate that was refused."""
_OWN_AUTHORITY: Final = re.compile(r"self.signed|issuer|first certificate", re.IGNORECASE)
_TRUST: Final = (
    "The certificate of the server is not trusted: if its authority is your own, set SSL_CERT_FILE to the file of the "
    "authority's certificate."
)


def _address_of(request: httpx.Request) -> str:
    return request.url.netloc.decode("ascii")  # without credentials, which no address may have


def _outcome_of(value: Any, call: Call) -> _Outcome:
    """Read codes and messages in either dialect (CR-61, CR-65, CO-17, CO-56)."""
    status, inner = unwrap_envelope(value)
    code = _number(inner.get("code"))
    if code is None and status is not None and (status in _NOT_HTTP or not 100 <= status < 600):
        code, status = status, None  # The envelope has an error number instead of the HTTP status.
    state = inner.get("status")
    failed = (
        not (code in (None, 0) or 200 <= code < 300)
        or not (status is None or 200 <= status < 300)
        or inner.get("success") is False
        or (isinstance(state, str) and state.lower() != "success")
    )
    if failed and call.operation.id == "start_recording" and inner.get("sid"):
        failed = False  # Whatever the code: with a sid, the recording is running and can be stopped.
    message = next((text for name in _MESSAGE_FIELDS if isinstance(text := inner.get(name, value.get(name)), str)), "")
    return _Outcome(failed, code, status, message, value)


def malformed(
    request: httpx.Request, response: httpx.Response, why: str, field: str | None = None
) -> MalformedResponse:
    """The error for a success response that cannot be parsed."""
    call = call_of(request)
    return MalformedResponse(
        why,
        operation=call.operation.id,
        may_have_taken_effect=call.may_change_something,
        field=field,
        status=response.status_code,
        request_id=request_id_of(request, response),
    )


def too_large(request: httpx.Request, response: httpx.Response) -> ResponseTooLarge:
    """The error for a response whose body exceeds the maximum size."""
    call = call_of(request)
    return ResponseTooLarge(
        f"its body has more than {call.options.max_response_size} bytes, the max_response_size of this client",
        operation=call.operation.id,
        may_have_taken_effect=call.may_change_something and not _certainly_refused(response.status_code),
        status=response.status_code,
        request_id=request_id_of(request, response),
    )


def request_id_of(request: httpx.Request, response: httpx.Response) -> str | None:
    """The sanitized `X-Request-ID` of a response, which may echo a secret of the request."""
    value = response.headers.get("x-request-id")
    return None if value is None else printable(without(value, secrets_of(request)), limit=_LONGEST_REQUEST_ID)


def _refusal(request: httpx.Request, response: httpx.Response, outcome: _Outcome) -> ApiError:
    call = call_of(request)
    secrets, is_web = secrets_of(request), "/mode/web/" in request.url.path
    known = refusal(
        call.operation.id, response.status_code, code=outcome.code, claimed=outcome.status, reason=outcome.message
    )
    if known.kind is NotFound and call.operation.parameter("sid"):
        known = LOST_PAGE if is_web else LOST_RECORDING
    error = known.kind(
        one_line(without(outcome.message, secrets)),
        operation=call.operation.id,
        status=response.status_code,
        code=outcome.code,
        body=redact(outcome.body, secrets),
        may_have_taken_effect=call.may_change_something and not _certainly_refused(response.status_code),
        request_id=request_id_of(request, response),
    )
    error.retry_after = _retry_after(response)
    if known.meaning:
        error.meaning, error.advice = known.meaning, known.advice
    elif error.advice_for_web and is_web:
        error.advice = error.advice_for_web
    if response.is_success and outcome.status is not None:
        error.effective_status = outcome.status
    series = "CR" if call.operation.api == "cloud-recording" else "CO"
    error.facts = known.facts or tuple(fact for fact in error.facts if fact.startswith(series))
    return error


def _retry_after(response: httpx.Response) -> float | None:
    value = response.headers.get("retry-after")
    return retry_after(value, now=datetime.now(UTC), sent=response.headers.get("date")) if value else None


def _certainly_refused(status: int) -> bool:
    """Whether `status` rules out an effect: a redirect or a 4xx, except 408, after which the server may have begun."""
    return 300 <= status < 500 and status != 408


def secrets_of(request: httpx.Request) -> set[str]:
    """Every secret that this client has sent, with `request` or before, in case the server repeats it."""
    return call_of(request).secrets.values()


def _number(value: Any) -> int | None:
    if isinstance(value, str) and value.isascii() and value.isdigit():
        return int(value[:18])
    return value if type(value) is int else None


def _why_unreadable(content: bytes, error: Exception) -> str:
    if not content.strip():
        return "it is empty"
    if isinstance(error, NestedTooDeeply):
        return "it is nested too deeply"
    return "it is not valid JSON, or was truncated"


def _plain(content: bytes, secrets: set[str]) -> str:
    """The text of an HTML page. Secrets are removed first, because they cannot be recognised in fragments."""
    text = without(beginning(content.decode(errors="replace"), secrets), secrets)[:20_000]
    if _BROKEN_JSON.search(text):  # It may contain any field, and secret fields cannot be identified.
        message = _BROKEN_MESSAGE.search(text)
        return message[1] if message else ""
    for element in _NOT_TEXT:
        text = _without_element(text, *element)
    return re.sub(r"<[^<>]*>", " ", text)


def beginning(text: str, secrets: Iterable[str]) -> str:
    """The first 100,000 characters of `text`, of which the last may be a part of a secret, so those are left out."""
    if len(text) <= _BEGINNING:
        return text
    return text[: max(0, _BEGINNING - max(map(len, secrets), default=0))]


def _without_element(text: str, begin: re.Pattern[str], end: re.Pattern[str]) -> str:
    """`text` without everything between `begin` and `end`, in linear time: no end is searched for twice."""
    parts, position = [], 0
    while (opened := begin.search(text, position)) and (closed := end.search(text, opened.end())):
        parts.append(text[position : opened.start()])
        position = closed.end()
    return " ".join([*parts, text[position:]])


_NOT_TEXT: Final = tuple(
    (re.compile(rf"(?i)<{name}\b"), re.compile(rf"(?i)</{name}\s*>")) for name in ("script", "style", "head")
)
_BROKEN_JSON: Final = re.compile(r'"\s*:')
_BROKEN_MESSAGE: Final = re.compile(rf'"(?:{"|".join(_MESSAGE_FIELDS)})"\s*:\s*"([^"\\]*)')


def _kind(value: Any) -> str:
    return {list: "an array", str: "a string", bool: "a boolean", type(None): "null"}.get(type(value), "a number")
