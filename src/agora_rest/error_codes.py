"""Known error codes and reasons of the servers: the error class of each, its meaning, and what to do.

A number in `code` belongs to the service, not to HTTP: acquire refuses an invalid channel name with HTTP 400 and code
401. So the error class is chosen by reason, code and status, in this order.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from agora_rest.errors import (
    CAUSES_OF_AN_EARLY_END,
    CAUSES_OF_AN_EARLY_END_OF_A_PAGE,
    AlreadyRecording,
    ApiError,
    AuthenticationFailed,
    InvalidAppId,
    InvalidChannelName,
    InvalidParameter,
    NotCompleted,
    NotFound,
    NothingRecorded,
    RateLimited,
    RecorderBusy,
    ResourceExpired,
    ResourceMismatch,
    ResourceUndecodable,
    ResourceUsed,
    ServerError,
    TooManyRecordings,
    WrongAddress,
)

ACQUIRE: Final = "acquire"


class Refusal(NamedTuple):
    """The error of a refused call. Meaning and advice default to those of its class."""

    kind: type[ApiError]
    meaning: str = ""
    advice: str = ""
    facts: tuple[str, ...] = ()
    """The fact numbers behind it; default to those of the class."""


_AGAIN_LATER: Final = "Repeat it later, with growing pauses."
_NEW_SESSION: Final = "Acquire a new resource ID and start with it."

BY_CODE: Final[dict[int, Refusal]] = {
    2: Refusal(InvalidParameter),
    7: Refusal(AlreadyRecording),
    8: Refusal(
        ApiError,
        "the HTTP method, a header or the JSON of the request is wrong",
        "Send the request with this client, or compare method, Content-Type and body with the documents.",
    ),
    49: Refusal(
        ApiError,
        "the recording is being stopped already",
        "Nothing is left to do: it was stopped before, its recorder was removed, or its idle time is over.",
    ),
    50: Refusal(
        ApiError,
        "the recording has been stopped, and its upload takes longer",
        "Nothing is left to stop. The files follow; query the recording to see when they are uploaded.",
    ),
    53: Refusal(RecorderBusy),
    62: Refusal(
        ApiError,
        "the service did not respond in time",
        "Repeat it unchanged. A start that fails again needs a new resource ID.",
    ),
    65: Refusal(NotCompleted),
    109: Refusal(ApiError, "the recorder's token has expired", "Start with a new token for this channel and user ID."),
    110: Refusal(
        ApiError,
        "the recorder's token is not valid",
        "Start with a token that was made for this App ID, this channel and this user ID.",
    ),
    432: Refusal(
        ResourceMismatch,
        "the start differs from what was acquired, or does not belong to the resource ID",
        "Start with the App ID, channel, user ID and parameters that acquire was called with.",
    ),
    433: Refusal(ResourceExpired),
    435: Refusal(NothingRecorded),
    501: Refusal(
        ApiError, "the recording is ending", "Nothing is left to do; a new recording needs a new resource ID."
    ),
    502: Refusal(ApiError, "the service found no machine for the recording", _NEW_SESSION),
    1001: Refusal(ResourceUndecodable),
    1003: Refusal(ResourceMismatch),
    1004: Refusal(AlreadyRecording),
    1005: Refusal(ResourceUsed),
    1013: Refusal(InvalidChannelName),
    1028: Refusal(
        InvalidParameter,
        "the layout is not valid",
        "Compare its regions with the documents: agora_rest.layouts refuses what could not be shown.",
    ),
}
"""By code, in responses of any operation of Cloud Recording (CR-62 … CR-64, CR-155 … CR-158)."""

_REFUSED_ACQUIRE: Final = Refusal(
    ApiError,
    "the service refused the App ID, its account or the channel",
    "The server's words say which of them; compare them with the console.",
)

BY_CODE_OF_ACQUIRE: Final[dict[int, Refusal]] = {
    62: Refusal(
        ApiError,
        "cloud recording is not enabled for this App ID, or did not respond in time",
        "Enable the service for the project in Agora's console.",
    ),
    400: Refusal(
        InvalidAppId,
        "the App ID is not valid for cloud recording",
        "Enable the service for the project in Agora's console, and use the App ID of the channel's project.",
    ),
    401: _REFUSED_ACQUIRE,
    402: _REFUSED_ACQUIRE,
    403: _REFUSED_ACQUIRE,
    404: _REFUSED_ACQUIRE,
    405: Refusal(
        ApiError,
        "the service is not available to this App ID",
        "Look at the state of the account: an unpaid bill suspends the service.",
    ),
    406: Refusal(TooManyRecordings),
    500: Refusal(ServerError, "the service failed", _AGAIN_LATER),
    501: Refusal(ServerError, "the service has no machine to record with", _AGAIN_LATER),
    504: Refusal(ServerError, "the service did not find a machine in time", _AGAIN_LATER),
}
"""By code, in responses to acquire, where the same number means something else."""

BY_REASON: Final[dict[str, Refusal]] = {
    "invalid appid": Refusal(InvalidAppId),
    "appid is invalid": Refusal(InvalidAppId),
    "invalid_appid": BY_CODE_OF_ACQUIRE[400],
    "invalid_channel_name": Refusal(InvalidChannelName),
    "request_hash mismatch": Refusal(
        InvalidParameter,
        "the start differs from the startParameter that acquire was called with",
        "Send to start exactly what acquire announced as startParameter, or acquire without it.",
    ),
    "services not selected": Refusal(
        InvalidParameter,
        "the parameters of the start select no service that can record them",
        "Compare layout, file types and storage with what the mode of the recording supports.",
    ),
    "failed to find worker": Refusal(NotFound),
    "project not exit": Refusal(
        NotFound,
        "the account has no such project, or it is disabled",
        "`agora-rest projects list` shows all projects.",
    ),
    "no route matched with those values": Refusal(WrongAddress),
}
"""By reason or message, in lower case and without a final exclamation mark or full stop."""

_NO_RULE: Final = "the App ID has no such rule, or it has ended"
_LIST_RULES: Final = "`agora-rest kicking-rules list` shows the rules that exist."

BY_CALL: Final[dict[tuple[str, int], Refusal]] = {
    ("create_project", 400): Refusal(
        ApiError,
        "the account cannot have this project",
        "Names are unique, and the number of projects is limited: `agora-rest projects list` shows those that exist.",
        ("CO-70",),
    ),
    ("update_kicking_rule", 404): Refusal(NotFound, _NO_RULE, _LIST_RULES, ("CO-46",)),
    ("delete_kicking_rule", 404): Refusal(NotFound, _NO_RULE, _LIST_RULES, ("CO-47",)),
}
"""By operation and status, for servers that state the reason in words of their own."""

BY_STATUS: Final[dict[int, Refusal]] = {
    401: Refusal(AuthenticationFailed),
    404: Refusal(NotFound),
    429: Refusal(RateLimited),
}

_NOT_FOUND: Final = "the service does not find this recording, or not any more"
_STOPPED_OR_MISNAMED: Final = (
    "If it was stopped before, nothing is left to do. With another mode than that of its start it may not be found."
)

LOST_RECORDING: Final = Refusal(NotFound, _NOT_FOUND, f"{_STOPPED_OR_MISNAMED} {CAUSES_OF_AN_EARLY_END}")
LOST_PAGE: Final = Refusal(NotFound, _NOT_FOUND, f"{_STOPPED_OR_MISNAMED} {CAUSES_OF_AN_EARLY_END_OF_A_PAGE}")
"""The same in a call about the recording of a web page."""


def refusal(operation_id: str, status: int, *, code: int | None, claimed: int | None, reason: str) -> Refusal:
    """The refusal that HTTP `status`, `code` and `reason` are; `claimed` is the status that an envelope states.

    A claimed status counts only where HTTP itself reports success.
    """
    http = claimed if claimed is not None and 200 <= status < 300 else status
    return (
        BY_REASON.get(reason.strip().lower().rstrip("!."))
        or _by_code(operation_id, http, code)
        or BY_CALL.get((operation_id, http))
        or BY_STATUS.get(http)
        or Refusal(ServerError if http >= 500 else ApiError)
    )


def _by_code(operation_id: str, status: int, code: int | None) -> Refusal | None:
    if code is None:
        return None
    if operation_id == ACQUIRE and code in BY_CODE_OF_ACQUIRE:
        known = BY_CODE_OF_ACQUIRE[code]
        if status == code and status in BY_STATUS:
            return None
    elif code in BY_CODE:
        known = BY_CODE[code]
    else:
        return None
    if known.kind is ApiError and status >= 500:
        return known._replace(kind=ServerError)
    if known.kind is ServerError and status < 500:
        return known._replace(kind=ApiError)
    return known
