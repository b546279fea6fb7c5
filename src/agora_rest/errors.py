"""The errors of this package, as a tree.

    AgoraError
    ├── ConfigurationError          the client cannot be created with these settings
    ├── InvalidArgument             an argument violates a documented rule; nothing was sent
    ├── RecordingError              a recording did not reach the expected state
    │   ├── RecordingNotStarted
    │   ├── RecordingEnded
    │   ├── RecordingNotUploaded
    │   └── RecordingLost           it may have started, and its sid is unknown
    └── CallError                   a call was made and did not succeed
        ├── ApiError                the server refused the request, or failed
        │   ├── InvalidParameter (2) · ResourceExpired (433) · ResourceUndecodable (1001)
        │   ├── ResourceMismatch (1003, 432) · ResourceUsed (1005) · AlreadyRecording (1004, 7) · RecorderBusy (53)
        │   ├── InvalidChannelName (1013) · InvalidAppId · NotCompleted (65) · NothingRecorded (435)
        │   ├── TooManyRecordings (406 of acquire)
        │   ├── AuthenticationFailed (401) · NotFound (404) · RateLimited (429) · ServerError (5xx)
        │   └── WrongAddress            the server has no such path
        ├── MalformedResponse       the response could not be parsed, or lacks what the result needs
        │   ├── SpecificationViolation  it was parsed, but violates the specification (`validate="raise"`)
        │   └── ResponseTooLarge    its body exceeds `max_response_size`
        └── TransportError          no response: ConnectionFailed, TimedOut

`agora_rest.error_codes` maps codes to errors and states their meanings.

No error carries a credential, a storage key, a certificate or a decryption password: bodies are redacted by field name,
and messages of the network layer are quoted, not chained, because its frames hold the request.
"""

# The names say what went wrong; the base class says that it is an error.
# ruff: noqa: N818
from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import Enum
from typing import Any, ClassVar, Final, TypeVar

from agora_rest.redaction import HIDDEN

Error = TypeVar("Error", bound=Exception)


EARLY_END_PAGE: Final = "agora_rest/docs/recording-not-found.md"
"""The documentation page about recordings that are not found, which the installed package contains too."""

CAUSES_OF_AN_EARLY_END: Final = (
    "A recording that was started ends early or is not found when the service finds a parameter of the start wrong "
    "afterwards; when the storage's bucket, region or keys are wrong; when the token is missing or is not for this "
    "channel and user ID; when a kicking rule bars that user ID, as for a minute after `put_offline` or RecordingLost; "
    "when no user in the channel sends audio or video for `max_idle_time` seconds; or, for up to 90 seconds, while the "
    f"service moves it to another machine. See {EARLY_END_PAGE}."
)
"""The causes that Agora documents, and a kicking rule (CO-48)."""

CAUSES_OF_AN_EARLY_END_OF_A_PAGE: Final = (
    "The recording of a web page ends early when the page cannot be opened, leads to another domain, or does not "
    "report within `ready_timeout` that it is loaded; when the storage's bucket, region or keys are wrong; after its "
    f"`max_recording_hour`; or is not found for up to 90 seconds while the service moves it. See {EARLY_END_PAGE}."
)
"""The same for the recording of a web page (CR-132, CR-134, CR-136)."""


class AgoraError(Exception):
    """Base class of every error that this package raises on purpose."""

    may_be_running: bool = False
    """Whether a recording may still be running that could neither be stopped nor put offline."""

    def __repr__(self) -> str:
        """The whole text: hooks, and logs of structured data, show errors like this."""
        return f"{type(self).__name__}({str(self)!r})"

    def __reduce__(self) -> tuple[Any, ...]:
        """Support pickling although the constructors take keyword arguments."""
        return restored, (type(self), self.args, self.__dict__)


class ConfigurationError(AgoraError):
    """The client cannot be created: credentials are missing, or the address is not safe to send them to."""


class InvalidArgument(AgoraError, ValueError):
    """An argument violates a rule of Agora's documents. Nothing was sent."""

    def __init__(
        self,
        field: str,
        rule: str,
        value: object,
        *,
        operation: str | None = None,
        facts: tuple[str, ...] = (),
        argument: str | None = None,
    ) -> None:
        self.field = field
        """The member, as a dotted path in the request: `clientRequest.storageConfig.region`."""
        self.rule = rule
        """The rule in words."""
        self.value = value
        """The value that was passed; a placeholder for a secret."""
        self.operation = operation
        """The operation that was called."""
        self.facts = facts
        """The fact numbers behind the rule."""
        self.argument = argument or field
        """The name of the client's argument: `region`."""
        super().__init__(field, rule)

    def __str__(self) -> str:
        where = f"{self.operation}: " if self.operation else ""
        facts = f" [{', '.join(self.facts)}]" if self.facts else ""
        name = self.field if self.argument == self.field else f"{self.argument} ({self.field})"
        given = "" if isinstance(self.value, str) and self.value == HIDDEN else f", but {_brief(self.value)} was given"
        return f"{where}{name} {self.rule}{given}. Nothing was sent.{facts}"


class RecordingError(AgoraError):
    """A recording did not reach the expected state. It may still be running: `sid` and `resource_id` identify it."""

    def __init__(self, message: str, *, resource_id: str, sid: str | None, status: int | None = None) -> None:
        super().__init__(message)
        self.resource_id = resource_id
        """The resource ID the recording was started with."""
        self.sid = sid
        """The recording's ID; None if unknown."""
        self.status = status
        """The last observed status (CR-42)."""


class RecordingNotStarted(RecordingError):
    """The recorder did not join the channel in time."""


class RecordingEnded(RecordingError):
    """The recording ended before it was seen running."""


class RecordingNotUploaded(RecordingError):
    """The files were not in the bucket in time."""


class RecordingLost(RecordingError):
    """The response to a start was lost, and with it the `sid`, so the recording cannot be stopped by its ID.

    Where possible, a kicking rule of one minute has put the recorder offline, which ends the recording. No rule reaches
    the recorder of a web page: the start was retried with the same resource ID, and the recording stopped if that
    returned its `sid`.
    `__cause__` is the error of the start.
    """

    def __init__(
        self, message: str, *, resource_id: str, channel: str, uid: str, may_be_running: bool, rule_id: int | None
    ) -> None:
        super().__init__(message, resource_id=resource_id, sid=None)
        self.channel = channel
        self.uid = uid
        """The recorder's user ID."""
        self.may_be_running = may_be_running
        """False if the recording is certainly not running."""
        self.rule_id = rule_id
        """The kicking rule that keeps the recorder out for a minute; None if it could not be created."""


class CallError(AgoraError):
    """A call was made and did not succeed."""

    def __init__(
        self,
        message: str,
        *,
        operation: str,
        may_have_taken_effect: bool,
        status: int | None = None,
        request_id: str | None = None,
        attempts: int = 1,
    ) -> None:
        super().__init__(message)
        self.message = message
        """The message of the server or of the network layer."""
        self.operation = operation
        """The operation ID in the specifications: `start_recording`."""
        self.may_have_taken_effect = may_have_taken_effect
        """Whether the server may have changed something nevertheless. False means that it certainly did not."""
        self.status = status
        """The HTTP status; None without a response."""
        self.request_id = request_id
        """The response's `X-Request-ID`, which Agora's support asks for."""
        self.attempts = attempts
        """How many times the request was sent."""

    def __str__(self) -> str:
        return f"{self.operation} {self._what()} [{', '.join(self._circumstances())}]"

    def _what(self) -> str:
        return f"failed: {self.message}."

    def _circumstances(self) -> list[str]:
        return [
            *([f"HTTP {self.status}"] if self.status is not None else []),
            *([f"request {self.request_id}"] if self.request_id else []),
            f"{self.attempts} attempt{'s' if self.attempts != 1 else ''}",
            "may have taken effect" if self.may_have_taken_effect else "nothing was changed",
        ]


class ApiError(CallError):
    """The server refused the request or failed. Subclasses cover the documented errors, this class all others."""

    meaning: str = ""
    """The meaning of the refusal, in a few words; empty if only the server's message explains it."""
    advice: str = ""
    """Advice for the caller."""
    advice_for_web: ClassVar[str] = ""
    """Advice about the recording of a web page, which no kicking rule reaches; empty if it is the same."""
    facts: tuple[str, ...] = ()
    """The fact numbers behind it."""

    def __init__(
        self,
        message: str,
        *,
        operation: str,
        status: int,
        code: int | None = None,
        body: Mapping[str, Any] | None = None,
        may_have_taken_effect: bool = False,
        request_id: str | None = None,
        attempts: int = 1,
    ) -> None:
        super().__init__(
            message,
            operation=operation,
            may_have_taken_effect=may_have_taken_effect,
            status=status,
            request_id=request_id,
            attempts=attempts,
        )
        self.code = code
        """Agora's own error number, e.g. 433; None if the response has none."""
        self.body = body
        """The response's JSON object with its secrets hidden; None if it was not a JSON object."""
        self.retry_after: float | None = None
        """The seconds that the server asks the client to wait (`Retry-After`); None if the header is absent."""
        self.effective_status = status
        """The HTTP status; for a success status, the status in the envelope."""

    def _what(self) -> str:
        verb = "failed" if isinstance(self, ServerError) else "was refused"
        reason = f'the server responded "{self.message}"' if self.message else "the server gave no reason"
        code = f" ({self.code})" if self.code is not None else ""
        sentences = [f"{verb}: {self.meaning or reason}{code}.", self.advice]
        if self.meaning and self.message:
            sentences.append(f"{reason[0].upper()}{reason[1:]}.")
        return " ".join(filter(None, sentences))

    def _circumstances(self) -> list[str]:
        return [*self.facts, *super()._circumstances()]


class InvalidParameter(ApiError):
    """Error 2: a parameter is missing, or its type or case is wrong (CR-62)."""

    meaning = "a parameter is missing, or its type or case is wrong"
    advice = "Compare names and types with the documents; both are case-sensitive."
    facts = ("CR-62",)


class ResourceExpired(ApiError):
    """Error 433: the resource ID is more than 5 minutes old (CR-11, CR-91)."""

    meaning = "the resource ID is more than 5 minutes old"
    advice = "Acquire a new one and start at once."
    facts = ("CR-11", "CR-91")


class ResourceUndecodable(ApiError):
    """Error 1001: the resource ID cannot be decrypted (CR-38)."""

    meaning = "the resource ID cannot be decrypted"
    advice = "Pass it exactly as `acquire` gave it, or acquire a new one."
    facts = ("CR-38",)


class ResourceMismatch(ApiError):
    """Error 1003: App ID, sid, channel or uid do not belong to the resource ID (CR-39, CR-93)."""

    meaning = "the App ID or sid does not belong to the resource ID"
    advice = "Use the resource ID, App ID and sid of the same recording."
    facts = ("CR-39", "CR-93")


class AlreadyRecording(ApiError):
    """Error 1004: this resource ID is already recording (CR-37, CR-94). Observed: 201, code 7 and no sid."""

    meaning = "this resource ID is already recording"
    advice = (
        "Stop it with the sid that its start returned; if that sid is lost, end it with `recordings.put_offline`. "
        "A second recording needs a resource ID of its own."
    )
    advice_for_web = (
        "Stop it with the sid that its start returned; if that sid is lost, it ends after its max_recording_hour. "
        "A second recording needs a resource ID of its own."
    )
    facts = ("CR-37", "CR-94")


class RecorderBusy(ApiError):
    """Code 53 (observed): this user ID is already recording this channel, with another resource ID."""

    meaning = "this user ID is already recording this channel, with another resource ID"
    advice = (
        "Wait until that recording ends, stop it with its own resource ID and sid, or record with another user ID; if "
        "its sid is lost, end it with `recordings.put_offline`."
    )
    advice_for_web = (
        "Wait until that recording ends, which it does after its max_recording_hour, stop it with its own resource ID "
        "and sid, or record with another user ID."
    )


class ResourceUsed(ApiError):
    """Error 1005: the resource ID has been used for its one recording (CR-12)."""

    meaning = "the resource ID has served its one recording"
    advice = "Acquire a new one."
    facts = ("CR-12", "CR-92")


class InvalidChannelName(ApiError):
    """Error 1013: the channel name is too long or has a character that is not allowed (CR-63, CR-82)."""

    meaning = "the channel name is not valid"
    advice = "It has at most 64 bytes of the 89 characters that are allowed."
    facts = ("CR-63", "CR-82")


class TooManyRecordings(ApiError):
    """Code 406 of acquire: the account has reached its limit of concurrent recordings (CR-157)."""

    meaning = "the account has reached its limit of concurrent recordings"
    advice = "Wait until a recording ends, stop recordings that were forgotten, or ask Agora for a higher quota."
    facts = ("CR-157",)


class InvalidAppId(ApiError):
    """Message "invalid appid": the server does not know the App ID (CR-15)."""

    meaning = "the App ID is not valid"
    advice = "Use that of the channel's project; `agora-rest projects list` shows it."
    facts = ("CR-15", "CR-64")


class NotCompleted(ApiError):
    """Code 65 (observed): the server has not finished, and the outcome is unknown."""

    meaning = "the server did not complete the request"
    advice = "Repeat it unchanged in a few seconds."


class NothingRecorded(ApiError):
    """Code 435 (observed): the recording ended without a file, because no user sent anything."""

    meaning = "the recording ended without a file"
    advice = "Nothing is left to do: no user in the channel sent audio or video that the recorder subscribes to."


class AuthenticationFailed(ApiError):
    """Status 401: the customer ID or certificate was not accepted (CR-02, CO-01)."""

    meaning = "the customer ID or certificate was not accepted"
    advice = "They are those of the account's RESTful API page, not an App ID and its certificate."
    facts = ("CR-02", "CO-01")


class NotFound(ApiError):
    """Status 404: the project, rule or recording does not exist, or no longer exists (CO-17, CR-65)."""

    facts = ("CR-65", "CO-17")


class WrongAddress(ApiError):
    """Status 404, message "no Route matched with those values": the gateway knows no such path or method.

    It says nothing about a project, a rule or a recording.
    """

    meaning = "the server has no such path, so the address is wrong"
    advice = "Compare `base_url` with https://api.agora.io: it has no path of its own, neither /v1 nor /dev."


class RateLimited(ApiError):
    """Status 429: more calls than the account may make, which is 10 per second (CR-05, CO-03, CO-49)."""

    meaning = "too many calls in one second"
    advice = "Nothing is lost: wait a second and repeat."
    facts = ("CR-05", "CO-03", "CO-49")


class ServerError(ApiError):
    """Status 500 and above: the server failed."""


class MalformedResponse(CallError):
    """The response could not be parsed: not JSON, truncated, or a required field is missing or wrong."""

    def __init__(
        self,
        message: str,
        *,
        operation: str,
        may_have_taken_effect: bool,
        field: str | None = None,
        status: int | None = None,
        request_id: str | None = None,
        attempts: int = 1,
    ) -> None:
        super().__init__(
            message,
            operation=operation,
            may_have_taken_effect=may_have_taken_effect,
            status=status,
            request_id=request_id,
            attempts=attempts,
        )
        self.field = field
        """The field that is missing or wrong, as a dotted path; None if it is the response as a whole."""

    def _what(self) -> str:
        return f"got a response that cannot be parsed: {self.message}."


class SpecificationViolation(MalformedResponse):
    """The response was parsed but violates the specification; only with `validate="raise"`. The call took effect."""

    def _what(self) -> str:
        return f"got a response that violates the specification: {self.message}."


class ResponseTooLarge(MalformedResponse):
    """The decompressed response has more bytes than `max_response_size` allows; the rest was not read."""

    def _what(self) -> str:
        return f"got a response that is too large: {self.message}."


class TransportError(CallError):
    """No response arrived: the network failed."""

    def __init__(
        self,
        message: str,
        *,
        operation: str,
        may_have_taken_effect: bool,
        sent: bool = True,
        attempts: int = 1,
    ) -> None:
        super().__init__(message, operation=operation, may_have_taken_effect=may_have_taken_effect, attempts=attempts)
        self.sent = sent
        """Whether the last attempt may have reached the server."""
        self.advice = ""
        """Advice for the caller; empty if there is none."""

    def _what(self) -> str:
        return " ".join(filter(None, [super()._what(), self.advice]))


class ConnectionFailed(TransportError):
    """The connection could not be opened, or it broke."""

    untrusted: bool = False
    """Whether the server's certificate is not trusted. Such a call is not retried at the same address."""


class TimedOut(TransportError):
    """Connecting, sending or waiting took too long."""


def _written(value: object) -> str:
    """A value as the caller writes it."""
    if isinstance(value, type):
        return f"an object of type {value.__name__}"
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, Enum) and not isinstance(value, str) else repr(value)


def restored(kind: type[Error], args: tuple[Any, ...], state: dict[str, Any]) -> Error:
    """Rebuild the error that `__reduce__` pickled."""
    error = kind.__new__(kind, *args)
    error.args = args
    error.__dict__.update(state)
    return error


def _brief(value: object, limit: int = 100) -> str:
    if value is None:
        return "nothing"
    try:
        text = _written(value)
    except Exception:  # noqa: BLE001  a number with thousands of digits, or a faulty `__repr__` of the caller's
        name = type(value).__name__
        return f"a{'n' if name[0] in 'aeiou' else ''} {name}"
    return text if len(text) <= limit else f"{text[:limit]}…"
