"""How a command is declared: options that several share are dataclasses, and errors end in one sentence."""

from __future__ import annotations

import inspect
import logging
import shutil
import sys
import textwrap
import traceback
from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field, dataclass, fields, is_dataclass
from functools import cached_property
from typing import Annotated, Any, Final, get_type_hints

import typer

from agora_rest.cli._exits import Complaint, Exit, exit_of, words_of
from agora_rest.cli._json import dumped, to_json
from agora_rest.cli._output import Output, let_go, printable

Function = Callable[..., None]


@dataclass
class Manner:
    """How a command speaks. Its fields are the options that all commands share."""

    json: Annotated[bool, typer.Option("--json", help="Print JSON for scripts; errors too, on standard error.")] = False
    debug: Annotated[bool, typer.Option("--debug", help="Show every exchange, and of an error where it came from.")] = (
        False
    )

    @cached_property
    def out(self) -> Output:
        """Where results go."""
        return Output(self.json)


def command(
    app: typer.Typer, name: str, *, example: str = "", question: bool = False
) -> Callable[[Function], Function]:
    """Add the decorated function to `app`, with an `example` below its help.

    A parameter whose type is a dataclass stands for all its fields, each an option of its own: `Session` is how every
    command gets those that all have. A command that is a `question` answers it with its exit code, and whatever keeps
    it from an answer is one and the same code.
    """

    def add(function: Function) -> Function:
        epilog = f"Example:\n\n    {example}" if example else None
        add_to_app = app.command(name, help=_unwrapped(inspect.getdoc(function) or ""), epilog=epilog)
        add_to_app(_flat(function, question=question))
        return function

    return add


def _unwrapped(text: str) -> str:
    """Each paragraph on one line, which the terminal's width breaks."""
    return "\n\n".join(" ".join(paragraph.split()) for paragraph in text.split("\n\n"))


def _flat(function: Function, *, question: bool) -> Function:
    """`function` with its dataclasses taken apart, for Typer to see, and put together again for a call."""
    hints = get_type_hints(function, include_extras=True)
    own: list[inspect.Parameter] = []
    shared: list[inspect.Parameter] = []
    groups: dict[str, tuple[type, list[str]]] = {}
    for parameter in inspect.signature(function).parameters.values():
        kind = hints[parameter.name]
        if is_dataclass(kind) and isinstance(kind, type):
            options = _options(kind)
            groups[parameter.name] = kind, [option.name for option in options]
            shared += options
        else:
            own.append(parameter.replace(annotation=kind, kind=inspect.Parameter.KEYWORD_ONLY))

    def run(**arguments: Any) -> None:
        for name, (kind, names) in groups.items():
            arguments[name] = kind(**{option: arguments.pop(option) for option in names})
        _guarded(function, arguments, question=question)

    parameters = own + shared
    run.__name__, run.__doc__ = function.__name__, function.__doc__
    run.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
    run.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]  # how a function shows another one
    return run


def _options(kind: type) -> list[inspect.Parameter]:
    hints = get_type_hints(kind, include_extras=True)
    return [
        inspect.Parameter(
            field.name, inspect.Parameter.KEYWORD_ONLY, default=_default(field), annotation=hints[field.name]
        )
        for field in fields(kind)
    ]


def _default(field: Field[Any]) -> Any:
    return inspect.Parameter.empty if field.default is MISSING else field.default


def _guarded(function: Function, arguments: Mapping[str, Any], *, question: bool) -> None:
    """Call it. Errors that are meant for people become a sentence and an exit code; a bug says that it is one."""
    from agora_rest.errors import AgoraError

    debug, as_json = (any(getattr(each, name, False) for each in arguments.values()) for name in ("debug", "json"))
    if debug:
        logging.basicConfig(level=logging.WARNING, format="%(name)s: %(message)s", stream=sys.stderr)
        logging.getLogger("agora_rest").setLevel(logging.DEBUG)
    try:
        function(**arguments)
        sys.stdout.flush()  # while somebody can be told that nobody will read it
    except BrokenPipeError:
        let_go()
        raise typer.Exit(Exit.UNREAD) from None
    except (AgoraError, Complaint, OSError) as error:
        exit_code = Exit.USAGE if question else exit_of(error)
        _report(error, exit_code, debug=debug, as_json=as_json)
        let_go()
        raise typer.Exit(exit_code) from None
    except KeyboardInterrupt as interruption:
        for note in getattr(interruption, "__notes__", ()):
            typer.echo(printable(note), err=True)
        raise typer.Exit(Exit.USAGE if question else Exit.INTERRUPTED) from None
    except _PASSED_ON:
        raise
    except Exception as error:  # noqa: BLE001  the last place that can say something better than a traceback
        if debug:
            traceback.print_exc()
        # Its words are not for show: nobody has looked whether there is a secret in them.
        bug = Complaint(
            f"A bug in agora-rest ({type(error).__name__}); --debug shows where. Please report it.", Exit.BUG
        )
        _report(bug, Exit.BUG, debug=False, as_json=as_json)
        raise typer.Exit(Exit.BUG) from None


_PASSED_ON: Final = (typer.Exit, typer.Abort, typer.BadParameter, ModuleNotFoundError)
"""What those who call a command know how to deal with."""

_TOLD: Final = (
    "operation",
    "status",
    "code",
    "request_id",
    "attempts",
    "may_have_taken_effect",
    "field",
    "resource_id",
    "sid",
    "may_be_running",
    "rule_id",
)
"""What an error may know beside its message."""


def _report(error: Exception, exit_code: Exit, *, debug: bool, as_json: bool) -> None:
    notes, message = list(getattr(error, "__notes__", ())), words_of(error)
    if debug:
        traceback.print_exception(error)
    if as_json:
        known = {name: getattr(error, name) for name in _TOLD if getattr(error, name, None) is not None}
        kind = type(error).__name__
        told = {"kind": kind, "message": message, "notes": notes, "exit_code": int(exit_code), **known}
        typer.echo(dumped({"error": to_json(told)}, ascii_only=True, indent=None), err=True)
        return
    for line in (f"agora-rest: {message}", *(f"  {note}" for note in notes)):
        typer.echo(_fitting(printable(line)), err=True)


def _fitting(line: str) -> str:
    """Broken between words on a terminal, which would break it anywhere; elsewhere a line stays one."""
    if not sys.stderr.isatty():
        return line
    width = shutil.get_terminal_size().columns
    return textwrap.fill(line, width, break_long_words=False, break_on_hyphens=False)
