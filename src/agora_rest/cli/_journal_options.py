"""Options shared by all fleet commands: the journal and the output."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Annotated

from agora_rest.cli._options import flag, option
from agora_rest.cli._output import Output

if TYPE_CHECKING:
    from agora_rest.fleet import Journal


@dataclass
class JournalOptions:
    """The journal and the form of the output. Each field is an option."""

    journal: Annotated[
        str,
        option(
            "The journal: sqlite:///recordings.db, or postgresql+psycopg://… for workers on many machines.",
            "URL",
            envvar="AGORA_JOURNAL",
        ),
    ] = "sqlite:///recordings.db"
    json: Annotated[bool, flag("Print JSON for scripts; errors too, on standard error.")] = False
    debug: Annotated[bool, flag("Print the traceback of an error.")] = False

    @cached_property
    def out(self) -> Output:
        """The output of a command."""
        return Output(self.json)

    def opened(self, *, check: bool = True, create: bool = False) -> Journal:
        """The journal. Raises ConfigurationError, JournalOutdated and JournalUnavailable.

        Only with `create` a file that does not exist is created: a mistyped name is an error elsewhere.
        """
        from agora_rest.fleet import Journal

        return Journal(self.journal, check=check, create=create)
