"""Options shared by all fleet commands: the journal and the output."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

from agora_rest.cli._command import OutputOptions
from agora_rest.cli._options import flag, option

if TYPE_CHECKING:
    from agora_rest.fleet import Journal


@dataclass
class JournalOptions(OutputOptions):
    """The journal and the form of the output. Each field is an option."""

    journal: Annotated[
        str,
        option(
            "The journal: sqlite:///recordings.db, or postgresql+psycopg://… for workers on many machines.",
            "URL",
            envvar="AGORA_JOURNAL",
        ),
    ] = "sqlite:///recordings.db"
    debug: Annotated[bool, flag("Print the traceback of an error.")] = False

    def opened(self, *, check: bool = True, create: bool = False) -> Journal:
        """The journal. Raises ConfigurationError, JournalOutdated and JournalUnavailable.

        Only with `create` a file that does not exist is created: a mistyped name is an error elsewhere.
        """
        from agora_rest.fleet import Journal

        return Journal(self.journal, check=check, create=create)
