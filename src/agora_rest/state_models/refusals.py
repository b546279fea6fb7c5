"""Refusals of what the documents allow: reading calls that find nothing, and valid requests that are called invalid."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from agora_rest import spec
from agora_rest.state_models.deviations import Deviation, deviation
from agora_rest.state_models.observed import Observed, dig
from agora_rest.state_models.times import is_number

_NEVER_MISSING: Final = {
    "list_channels": "CO-54 CO-55",
    "list_channel_users": "CO-53",
    "list_channel_hosts": "CO-53 CO-90",
    "get_user_property": "CO-50 CO-53",
    "list_projects": "CO-14 CO-60",
    "list_kicking_rules": "CO-45",
    "get_usage_v1": "CO-32 CO-33",
}
"""Calls that answer what is not there with a success: an empty page, false, or zero."""
_NOT_FOUND: Final = 404
_INVALID: Final = 400
_WRONG_PARAMETER: Final = frozenset({2, 401, 1013})
"""Codes of an invalid request, and of an invalid channel name (CR-62, CR-63, CR-82)."""
_BEYOND_SCHEMAS: Final = frozenset(
    {"layoutConfig", "fileNamePrefix", "backgroundConfig", "startParameter", "extensionParams", "salt", "stsToken"}
)
"""Members of requests with rules that no schema states."""
_LARGEST_SIDE: Final = 1920
LARGEST_AREA: Final = 1920 * 1080
"""Pixels of a picture (CR-29, CR-117)."""
_PICTURE: Final = (360, 640)
_PAGING: Final = frozenset({"page_no", "page_size"})


class Refusals:
    """Looks at refused calls; remembers nothing."""

    def observe(self, seen: Observed) -> Iterator[Deviation]:
        """A call that cannot find nothing, or one that is refused although it is valid."""
        described = spec.operations(seen.edition or "current").get(seen.operation)
        if described is None or described.is_deprecated:
            return  # a server of this edition may not have the call
        if seen.status == _NOT_FOUND and seen.operation in _NEVER_MISSING:
            title = "What is not there is answered with a success that says so"
            yield deviation("nothing_is_a_success", _NEVER_MISSING[seen.operation], title, "200", "404", seen)
        elif seen.status == _INVALID and seen.operation == "acquire" and is_called_invalid(seen) and is_valid(seen):
            yield refused(seen, "CR-13 CR-14 CR-63 CR-81")
        elif seen.status == _INVALID and seen.operation == "list_channels" and _is_page(seen):
            yield refused(seen, "CO-54")
        elif seen.status == _INVALID and seen.operation == "create_kicking_rule" and _is_rule(seen):
            yield refused(seen, "CO-40 CO-42 CO-44 CO-78")


def refused(seen: Observed, facts: str) -> Deviation:
    """A valid request that is refused as invalid."""
    title = "A request that follows the documents is not refused as invalid"
    got = f"{seen.status}" if seen.code is None else f"{seen.status} with code {seen.code}"
    return deviation("valid_is_taken", facts, title, "another response", got, seen)


def is_called_invalid(seen: Observed) -> bool:
    """Whether a response of Cloud Recording says that the request is invalid."""
    return seen.status == _INVALID and seen.code in _WRONG_PARAMETER


def is_valid(seen: Observed) -> bool:
    """Whether a request follows the documents for certain: its schema, and no member has rules beyond that.

    A server of 2019 may know members of today, whose rules must be followed, too.
    """
    if seen.body is None or _has_more_rules(seen.body):
        return False
    editions: tuple[spec.Edition, ...] = spec.EDITIONS if seen.edition == "2019" else ("current",)
    described = [edition for edition in editions if seen.operation in spec.operations(edition)]
    try:
        validators = [spec.request_validator(seen.operation, edition) for edition in described]
        follows = all(each is not None and each.is_valid(seen.body) for each in validators)
        return follows and bool(validators) and _picture_fits(seen)
    except (ValueError, RecursionError, KeyError):
        return False


def _has_more_rules(body: Any) -> bool:
    """Whether a member somewhere in a request has rules that no schema states."""
    left = [body]
    while left:
        value = left.pop()
        if isinstance(value, dict):
            if value.keys() & _BEYOND_SCHEMAS or any(name.lower().startswith("unsubscribe") for name in value):
                return True
            left += value.values()
        elif isinstance(value, list):
            left += value
    return False


def _picture_fits(seen: Observed) -> bool:
    picture = dig(seen.body, "clientRequest", "recordingConfig", "transcodingConfig")
    if picture is None:
        return True
    width, height = (dig(picture, name) for name in ("width", "height"))
    if (width is None) != (height is None):
        return False
    sides = [_PICTURE[0] if width is None else width, _PICTURE[1] if height is None else height]
    if not all(is_number(side) and 0 < side <= _LARGEST_SIDE for side in sides):
        return False
    return bool(sides[0] * sides[1] <= LARGEST_AREA)


def _is_page(seen: Observed) -> bool:
    """Whether page and size are in their bounds (CO-54), and the App ID is not called unknown."""
    number, size = seen.query.get("page_no", "0"), seen.query.get("page_size", "100")
    plain = all(each.isascii() and each.isdecimal() and len(each) < 5 for each in (number, size))
    return plain and 1 <= int(size) <= 500 and seen.query.keys() <= _PAGING and not is_about_app(seen)


def _is_rule(seen: Observed) -> bool:
    """Whether a rule matches users, for a time that the documents allow (CO-42, CO-44)."""
    body = seen.body
    if not isinstance(body, dict) or not any(body.get(name) for name in ("cname", "uid", "ip")) or is_about_app(seen):
        return False
    time = body.get("time", 60)
    return is_number(time) and time >= 0 and "time_in_seconds" not in body and is_valid(seen)


def is_about_app(seen: Observed) -> bool:
    """Whether a refusal may be about the App ID (CR-15, CO-67)."""
    texts = [seen.in_response(name) for name in ("message", "error_msg", "reason")]
    return not any(isinstance(text, str) for text in texts) or any("app" in str(text).lower() for text in texts)
