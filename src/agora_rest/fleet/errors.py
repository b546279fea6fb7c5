"""The errors of a journal."""

# What went wrong is the name; that it is an error, its base says.
# ruff: noqa: N818
from __future__ import annotations

from agora_rest.errors import AgoraError


class JournalError(AgoraError):
    """The base class of errors of the journal."""


class JournalOutdated(JournalError):
    """The tables have another version than this package."""


class JournalUnavailable(JournalError):
    """The database cannot be reached."""


class UnreadableEntry(JournalError):
    """A row of the journal cannot be read: the file is damaged, or another program wrote to it."""


class NoSuchRecording(JournalError):
    """The journal has no recording of that key or number."""


class KeyTaken(JournalError):
    """The key belongs to another recording already."""


class LeaseLost(JournalError):
    """Another worker has taken the recording over. Nothing was written."""


class JournalMissing(JournalError):
    """The journal's file does not exist, and `create` is False."""
