"""How a command ends: its exit codes, in the one place that says what each of them means."""

from __future__ import annotations

from enum import IntEnum
from typing import Final


class Exit(IntEnum):
    """The exit codes of `agora-rest`, for scripts."""

    OK = 0
    """It was done."""
    REFUSED = 1
    """Agora refused, or does not know what was asked about; a recording did not do what was waited for; a question was
    answered with no. (`contract run`: the contract is broken.)"""
    USAGE = 2
    """The command cannot be carried out as it was written; nothing was sent that changes anything."""
    CREDENTIALS = 3
    """Credentials are missing or not accepted, or the address or the profile is not safe to use."""
    NO_ANSWER = 4
    """No usable answer came, and nothing was changed: the command can be repeated."""
    UNCERTAIN = 5
    """It may have been carried out all the same, or something may be running still: look before repeating it."""
    BUG = 70
    """A mistake in agora-rest itself."""
    INTERRUPTED = 130
    """It was interrupted (Ctrl-C)."""


ALL: Final = "\n\n".join(
    [
        "Exit codes:",
        "0 done",
        "1 refused, not found, or answered with no (contract run: the contract is broken)",
        "2 the command cannot be carried out as it was written",
        "3 credentials are missing or not accepted",
        "4 no usable answer came, and nothing was changed",
        "5 it may have been carried out all the same: look before repeating it",
        "70 a bug in agora-rest · 130 interrupted",
    ]
)
"""The same in short, below the help of `agora-rest`."""

EPILOG: Final = "Exit codes: see agora-rest --help."
"""What stands below the help of a group instead."""


class Complaint(Exception):  # noqa: N818  what the command line itself has to say, no failure of its own
    """Why a command cannot go on, in a sentence that says what to do."""

    def __init__(self, message: str, exit_code: Exit = Exit.USAGE) -> None:
        super().__init__(message)
        self.exit_code = exit_code


def exit_of(error: Exception) -> Exit:
    """The exit code for an error of the command line or of the client."""
    from agora_rest import errors

    match error:
        case Complaint():
            return error.exit_code
        case errors.InvalidArgument():
            return Exit.USAGE
        case errors.ConfigurationError() | errors.AuthenticationFailed():
            return Exit.CREDENTIALS
        case errors.RecordingLost():
            return Exit.UNCERTAIN if error.may_be_running else Exit.REFUSED
        case errors.CallError(may_have_been_carried_out=True):
            return Exit.UNCERTAIN
        case errors.ServerError() | errors.RateLimited() | errors.MalformedAnswer() | errors.TransportError():
            return Exit.NO_ANSWER
        case _:
            return Exit.REFUSED
