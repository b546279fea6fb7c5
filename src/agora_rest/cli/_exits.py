"""How a command ends: its exit codes, in the one place that says what each of them means."""

from __future__ import annotations

import sys
from enum import IntEnum
from typing import Final


class Exit(IntEnum):
    """The exit codes of `agora-rest`, for scripts.

    `contract run` and `contract check` answer a question: 0 is yes, 1 is no, 2 whatever keeps them from an answer.
    """

    OK = 0
    """It was done. (Contract: it holds.)"""
    REFUSED = 1
    """Agora refused, or does not know what was asked about; a recording did not do what was waited for; a question was
    answered with no. (Contract: it is broken.)"""
    USAGE = 2
    """The command cannot be carried out as it was written; nothing was sent that changes anything. (Contract: it could
    not be checked, whatever the reason: credentials, network, Ctrl-C.)"""
    CREDENTIALS = 3
    """Credentials are missing or not accepted, or the address or the profile is not safe to use."""
    NO_ANSWER = 4
    """No usable answer came, and nothing was changed: the command can be repeated."""
    UNCERTAIN = 5
    """It may have taken effect all the same, or something may be running still: look before repeating it. So it
    ends as well where its result could not be written."""
    BUG = 70
    """A mistake in agora-rest itself."""
    INTERRUPTED = 130
    """It was interrupted (Ctrl-C): what was under way may have taken effect."""
    UNREAD = 141
    """Whoever read its output went away (`| head -1`)."""


IN_SHORT: Final = {
    Exit.OK: "done (contract: it holds)",
    Exit.REFUSED: "refused, not found, or answered with no (contract: it is broken)",
    Exit.USAGE: "it cannot be carried out as it was written (contract: it could not be checked)",
    Exit.CREDENTIALS: "credentials are missing or not accepted",
    Exit.NO_ANSWER: "no usable answer came, and nothing was changed: it can be repeated",
    Exit.UNCERTAIN: "it may have taken effect all the same: look before repeating it",
    Exit.BUG: "a bug in agora-rest",
    Exit.INTERRUPTED: "interrupted (Ctrl-C): what was under way may have taken effect",
    Exit.UNREAD: "nobody read its output to the end",
}
"""Each in a line, as it stands below the help of `agora-rest` and in the documentation."""

ALL: Final = "Exit codes:\n\n" + "\n".join(f"* {code.value} {words}" for code, words in IN_SHORT.items())
"""The same as Markdown."""

EPILOG: Final = "Exit codes: see agora-rest --help."
"""What stands below the help of a group instead."""

CONTRACT_EPILOG: Final = (
    "Exit codes of run and check: 0 the contract holds, 1 it is broken, 2 it could not be checked, whatever the "
    "reason. The others: see agora-rest --help."
)
"""The same below the group that answers a question."""


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
        case OSError():  # a file that was named; or else a stream, which is read and written while things are done
            return Exit.USAGE if error.filename else Exit.UNCERTAIN
        case errors.AgoraError(may_be_running=True):
            return Exit.UNCERTAIN
        case errors.InvalidArgument():
            return Exit.USAGE
        case errors.ConfigurationError() | errors.AuthenticationFailed():
            return Exit.CREDENTIALS
        case errors.RecordingLost():
            return Exit.REFUSED
        case errors.CallError(may_have_taken_effect=True):
            return Exit.UNCERTAIN
        case errors.ServerError() | errors.RateLimited() | errors.MalformedResponse() | errors.TransportError():
            return Exit.NO_ANSWER
        case _ if _is_journal_away(error):
            return Exit.NO_ANSWER
        case _:
            return Exit.REFUSED


def _is_journal_away(error: Exception) -> bool:
    """Whether a fleet's database did not answer. Who has not loaded the fleet, and SQLAlchemy with it, need not."""
    fleet = sys.modules.get("agora_rest.fleet.errors")
    return fleet is not None and isinstance(error, fleet.JournalUnavailable)


def words_of(error: Exception) -> str:
    """What is said of an error."""
    if isinstance(error, OSError):
        reason = error.strerror or type(error).__name__
        return f"{error.filename}: {reason}." if error.filename else f"The output cannot be written: {reason}."
    return str(error)
