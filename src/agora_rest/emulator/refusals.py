"""The exceptions of the emulator's domain: the documents' errors, independent of HTTP."""

from __future__ import annotations

from enum import IntEnum
from typing import NamedTuple, Self


class Code(IntEnum):
    """The numbered errors of Cloud Recording (CR-62, CR-63, CR-64, CR-65), and the facts behind them."""

    facts: tuple[str, ...]

    def __new__(cls, number: int, *facts: str) -> Self:
        """A code, which is equal to its number."""
        code = int.__new__(cls, number)
        code._value_, code.facts = number, facts
        return code

    INVALID_PARAMETER = 2, "CR-62"
    """A parameter is missing, of the wrong type or in the wrong case (CR-62)."""
    INVALID_OPERATION = 49, "CR-155"
    """The recording is exiting already (CR-155)."""
    RECORDER_BUSY = 53
    """The same App ID, channel and uid is recording under another resource ID. Observed, not documented."""
    RECORDING_NOT_FOUND = 404, "CR-65"
    """The recording does not exist, or no longer exists (CR-65)."""
    ACCOUNT_STOPPED = 405, "CR-157"
    """The account is stopped, for instance because it is unpaid (CR-157)."""
    TOO_MANY_RECORDINGS = 406, "CR-157"
    """The account has as many recordings at the same time as it may (CR-157)."""
    RESOURCE_EXPIRED = 433, "CR-11"
    """The resource ID is more than five minutes old (CR-11)."""
    RESOURCE_UNDECODABLE = 1001, "CR-38"
    """The resource ID was not issued here (CR-38)."""
    RESOURCE_MISMATCH = 1003, "CR-39"
    """The resource ID belongs to something else (CR-39)."""
    ALREADY_RECORDING = 1004, "CR-37"
    """The resource is already recording (CR-37)."""
    RESOURCE_USED = 1005, "CR-12"
    """The resource has been used for its recording (CR-12)."""
    INVALID_CHANNEL_NAME = 1013, "CR-63"
    """Not 1 to 64 of the 89 characters (CR-63)."""


class Refusal(NamedTuple):
    """The stored form of a refusal. Storing the exception would keep its stack frames alive."""

    reason: str
    facts: tuple[str, ...]


class Refused(Exception):  # noqa: N818  # saying no is no error of the emulator
    """A refused request, with the reason. Callers see the reason, so it never contains a secret.

    The methods of an emulator that control it raise its subclasses. They are no errors of the client:
    `agora_rest.InvalidAppId`, for instance, is another class.
    """

    facts: tuple[str, ...] = ()
    """The facts that the call broke, if the refusal names them."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason

    @property
    def refusal(self) -> Refusal:
        """Its stored form."""
        return Refusal(self.reason, self.facts)


class RecordingRefused(Refused):
    """A refusal of Cloud Recording: its code, more specific facts, and `cname` and `uid` if known."""

    def __init__(self, code: Code, reason: str, *facts: str, cname: str | None = None, uid: int | None = None) -> None:
        super().__init__(reason)
        self.code = code
        self.facts = facts or code.facts
        self.cname = cname
        self.uid = uid


class InvalidAppId(Refused):
    """No existing, enabled project has this App ID (CR-15)."""

    facts = ("CR-15",)

    def __init__(self, reason: str = "invalid appid") -> None:
        super().__init__(reason)


class NoSuchProject(Refused):
    """The project is unknown, deleted or, for some operations, disabled (CO-17, CO-19, CO-20, CO-21)."""

    facts = ("CO-17",)

    def __init__(self) -> None:
        super().__init__("project not exit")  # sic: as the document prints it


class NoSuchRule(Refused):
    """No kicking rule of this App ID has this ID, or it has expired (CO-46, CO-47)."""

    def __init__(self) -> None:
        super().__init__("kicking rule not found")


class InvalidInput(Refused):
    """The input is well-formed, but not allowed (CO-04: 400); with the facts if no schema states the rule."""

    def __init__(self, reason: str, *facts: str) -> None:
        super().__init__(reason)
        self.facts = facts


class UnsupportedMediaType(InvalidInput):
    """A body does not say that it is JSON (CR-03, CO-02, CO-65)."""


class Barred(Refused):
    """A kicking rule keeps this user out (CO-48)."""


class Conflict(Refused):
    """A control request contradicts the current state: another channel mode, a recorder's uid."""


class NotInChannel(Refused):
    """A control request concerns a user who is not in the channel."""


class NoSuchRecording(Refused):
    """A control request concerns a recording that does not exist."""

    def __init__(self) -> None:
        super().__init__("sid: no recording has it")
