"""Declares commands: shared options are dataclasses, and errors become one sentence."""

from __future__ import annotations

import inspect
import logging
import shutil
import sys
import textwrap
import traceback
from collections.abc import Callable, Mapping
from dataclasses import MISSING, dataclass, fields, is_dataclass
from functools import cached_property
from typing import Annotated, Any, Final, get_args, get_type_hints

import typer
from typer.models import OptionInfo

from agora_rest.cli._exits import CliError, Exit, exit_of, words_of
from agora_rest.cli._json import dumped, to_json
from agora_rest.cli._option_names import name_options, option_names
from agora_rest.cli._options import flag
from agora_rest.cli._output import Output, discard_output, printable

Function = Callable[..., None]


@dataclass
class OutputOptions:
    """Output options, shared by all commands."""

    json: Annotated[bool, flag("Print JSON for scripts; errors too, on standard error.")] = False
    debug: Annotated[bool, flag("Log every request and response; show a traceback for errors.")] = False

    @cached_property
    def out(self) -> Output:
        """The output of a command."""
        return Output(self.json)


def command(
    app: typer.Typer, name: str, *, example: str = "", question: bool = False, of_2019: bool = False
) -> Callable[[Function], Function]:
    """Add the decorated function to `app`, with an `example` below its help.

    A parameter whose type is a dataclass adds one option for each of its fields: `Session` gives every
    command the common options. A `question` command reports its verdict by its exit code, and every error
    that prevents a verdict has the same code. The help of the group lists a command that is `of_2019`, because
    the present documents do not have its call, below all others.
    """

    def add(function: Function) -> Function:
        epilog = f"Example:\n\n    {example}" if example else None
        panel = "Commands for the documents of 2019" if of_2019 else None
        text = _unwrapped(inspect.getdoc(function) or "")
        add_to_app = app.command(name, help=text, epilog=epilog, rich_help_panel=panel)
        add_to_app(_flat(function, question=question))
        return function

    return add


def _unwrapped(text: str) -> str:
    """Each paragraph on one line, which the terminal's width breaks."""
    return "\n\n".join(" ".join(paragraph.split()) for paragraph in text.split("\n\n"))


def _flat(function: Function, *, question: bool) -> Function:
    """`function` with its dataclass parameters flattened for Typer, and rebuilt for the call."""
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
        _guarded(function, arguments, named, question=question)

    parameters = own + shared
    named = option_names(parameters)
    for parameter in parameters:
        _complete(parameter)
    run.__name__, run.__doc__ = function.__name__, function.__doc__
    run.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
    run.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]  # the documented way to present another signature
    return run


def _complete(parameter: inspect.Parameter) -> None:
    """Name a flag, to which Typer would add `--no-…`, and set the metavar of an option that has none.

    Typer prints Python's types, `<str>`, and newer releases (0.29) `<bool>` beside a flag, which takes no value.
    """
    kind, *extras = get_args(parameter.annotation) or (None,)
    for extra in extras:
        if not isinstance(extra, OptionInfo):
            continue
        if extra.metavar is None and kind in _METAVARS:
            extra.metavar = _METAVARS[kind]
        names = extra.param_decls or ()
        if kind is bool and not any(name.startswith("--") for name in names):
            extra.param_decls = (f"--{parameter.name.replace('_', '-')}", *names)


def _options(kind: type) -> list[inspect.Parameter]:
    hints = get_type_hints(kind, include_extras=True)
    return [
        inspect.Parameter(
            field.name,
            inspect.Parameter.KEYWORD_ONLY,
            default=inspect.Parameter.empty if field.default is MISSING else field.default,
            annotation=hints[field.name],
        )
        for field in fields(kind)
    ]


def _guarded(function: Function, arguments: Mapping[str, Any], options: Mapping[str, str], *, question: bool) -> None:
    """Call it. Expected errors become a sentence and an exit code; any other error is reported as a bug."""
    from agora_rest.errors import AgoraError

    debug, as_json = (any(getattr(each, name, False) for each in arguments.values()) for name in ("debug", "json"))
    if debug:
        logging.basicConfig(level=logging.WARNING, format="%(name)s: %(message)s", stream=sys.stderr)
        logging.getLogger("agora_rest").setLevel(logging.DEBUG)
    try:
        function(**arguments)
        sys.stdout.flush()  # while a closed pipe can still be reported
    except BrokenPipeError:
        discard_output()
        raise typer.Exit(Exit.UNREAD) from None
    except (AgoraError, CliError, OSError) as error:
        exit_code = Exit.USAGE if question else exit_of(error)
        name_options(error, options)
        _report(error, exit_code, debug=debug, as_json=as_json)
        discard_output()
        raise typer.Exit(exit_code) from None
    except KeyboardInterrupt as interruption:
        for note in getattr(interruption, "__notes__", ()):
            typer.echo(printable(note), err=True)
        raise typer.Exit(Exit.USAGE if question else Exit.INTERRUPTED) from None
    except _PASSED_ON:
        raise
    except Exception as error:  # noqa: BLE001  the last place to replace a traceback by a message
        if debug:
            traceback.print_exc()
        # The exception's message is not shown: it may contain a secret.
        bug = CliError(
            f"A bug in agora-rest ({type(error).__name__}); --debug shows where. Please report it.", Exit.BUG
        )
        _report(bug, Exit.BUG, debug=False, as_json=as_json)
        raise typer.Exit(Exit.BUG) from None


_METAVARS: Final = {bool: "", bool | None: "", str: "TEXT", str | None: "TEXT"}
"""The values that help shows for options without a metavar."""

_PASSED_ON: Final = (typer.Exit, typer.Abort, typer.BadParameter, ModuleNotFoundError)
"""Exceptions that the callers of a command handle."""

_ERROR_FIELDS: Final = (
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
"""Fields of errors included in JSON output."""


def _report(error: Exception, exit_code: Exit, *, debug: bool, as_json: bool) -> None:
    notes, message = list(getattr(error, "__notes__", ())), words_of(error)
    if debug:
        traceback.print_exception(error)
    if as_json:
        known = {name: getattr(error, name) for name in _ERROR_FIELDS if getattr(error, name, None) is not None}
        kind = type(error).__name__
        shown = {"kind": kind, "message": message, "notes": notes, "exit_code": int(exit_code), **known}
        typer.echo(dumped({"error": to_json(shown)}, ascii_only=True, indent=None), err=True)
        return
    for line in (f"agora-rest: {message}", *(f"  {note}" for note in notes)):
        typer.echo(_fitting(printable(line)), err=True)


def _fitting(line: str) -> str:
    """Broken between words on a terminal, which would break it anywhere; elsewhere a line stays one."""
    if not sys.stderr.isatty():
        return line
    width = shutil.get_terminal_size().columns
    return textwrap.fill(line, width, break_long_words=False, break_on_hyphens=False)
