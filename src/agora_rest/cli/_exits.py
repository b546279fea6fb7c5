"""The exit codes of commands and their meanings."""

from __future__ import annotations

import sys
from enum import IntEnum
from typing import Final


class Exit(IntEnum):
    """The exit codes of `agora-rest`, for scripts.

    `contract run` and `contract check` report a verdict: 0 the contract holds, 1 it is broken, 2 not checked.
    """

    OK = 0
    """Success. (Contract: it holds.)"""
    REFUSED = 1
    """Agora refused, or found nothing; a recording did not reach the expected state; a confirmation was
    declined. (Contract: it is broken.)"""
    USAGE = 2
    """The command is invalid as written; nothing was changed. (Contract: it could
    not be checked, for any reason: credentials, network, Ctrl-C.)"""
    CREDENTIALS = 3
    """Credentials are missing or not accepted, or the address or the profile is not safe to use."""
    NO_ANSWER = 4
    """No usable response was received, and nothing was changed: the command can be retried."""
    UNCERTAIN = 5
    """The command may have taken effect, or something may still be running: check before retrying. Also
    used if the result could not be written."""
    BUG = 70
    """A bug in agora-rest."""
    INTERRUPTED = 130
    """Interrupted (Ctrl-C): the operation in progress may have taken effect."""
    UNREAD = 141
    """The reader of its output exited (`| head -1`)."""
    TERMINATED = 143
    """SIGTERM ended it. The emulator has saved its state by then."""


IN_SHORT: Final = {
    Exit.OK: "success (contract: it holds)",
    Exit.REFUSED: "refused, not found, or not confirmed (contract: it is broken)",
    Exit.USAGE: "the command is invalid as written (contract: it could not be checked)",
    Exit.CREDENTIALS: "credentials are missing or not accepted",
    Exit.NO_ANSWER: "no usable response, and nothing was changed: the command can be retried",
    Exit.UNCERTAIN: "the command may have taken effect: check before retrying",
    Exit.BUG: "a bug in agora-rest",
    Exit.INTERRUPTED: "interrupted (Ctrl-C): the operation in progress may have taken effect",
    Exit.UNREAD: "the reader of its output exited early",
    Exit.TERMINATED: "ended by SIGTERM",
}
"""One line per exit code, for the help of `agora-rest` and the documentation."""

ALL: Final = "Exit codes:\n\n" + "\n".join(f"* {code.value} {words}" for code, words in IN_SHORT.items())
"""The same as Markdown."""

EPILOG: Final = "Exit codes: see agora-rest --help."
"""Replaces the table in the help of groups."""

CONTRACT_EPILOG: Final = (
    "Exit codes of run and check: 0 the contract holds, 1 it is broken, 2 it could not be checked, for any "
    "reason. The others: see agora-rest --help."
)
"""The same for the group of contract commands."""


class CliError(Exception):
    """A command cannot continue; the message states the reason and the remedy."""

    def __init__(self, message: str, exit_code: Exit = Exit.USAGE) -> None:
        super().__init__(message)
        self.exit_code = exit_code


def exit_of(error: Exception) -> Exit:
    """The exit code for an error of the command line or of the client."""
    from agora_rest import errors

    match error:
        case CliError():
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
    """Whether a fleet's database did not respond. Avoids importing the fleet and SQLAlchemy if they are not loaded."""
    fleet = sys.modules.get("agora_rest.fleet.errors")
    return fleet is not None and isinstance(error, fleet.JournalUnavailable)


def words_of(error: Exception) -> str:
    """The message shown for an error."""
    if isinstance(error, OSError):
        reason = error.strerror or type(error).__name__
        return f"{error.filename}: {reason}." if error.filename else f"The output cannot be written: {reason}."
    return str(error)
