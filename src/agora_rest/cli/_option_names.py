"""Names a command's options instead of the client's arguments: `--max-users` for `subscribe_uid_group`."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterable, Mapping
from typing import Final, get_args

from typer.models import OptionInfo

_ARGUMENTS: Final = {
    "av_file_type": ("files",),
    "capture_interval": ("snapshot_interval",),
    "file_name_prefix": ("prefix",),
    "max_recording_hour": ("max_hours",),
    "onhold": ("pause", "paused"),
    "resource_expired_hour": ("control_hours",),
    "rtmp_urls": ("rtmp_url",),
    "subscribe_uid_group": ("max_users",),
    "video_bitrate": ("bitrate",),
    "video_fps": ("fps",),
    "video_height": ("height",),
    "video_width": ("width",),
}
"""The client's arguments that options of another name set, with the parameters of commands."""


def option_names(parameters: Iterable[inspect.Parameter]) -> dict[str, str]:
    """The options of a command, by the names of the client's arguments that they set, where the two differ.

    An option such as `--uid` is clear from the argument's name, which stays as it is.
    """
    named = {parameter.name: option for parameter in parameters if (option := _option(parameter))}
    for argument, candidates in _ARGUMENTS.items():
        for candidate in candidates:
            if candidate in named:
                named.setdefault(argument, named[candidate])
    return {argument: option for argument, option in named.items() if option != f"--{argument}"}


def parameters_for(argument: str) -> tuple[str, ...]:
    """The parameters of commands that may set an argument of the client."""
    return _ARGUMENTS.get(argument, (argument,))


def _option(parameter: inspect.Parameter) -> str | None:
    """`--max-users` for `max_users`; None for any other field."""
    for extra in get_args(parameter.annotation)[1:]:
        if isinstance(extra, OptionInfo):
            given = [name for name in extra.param_decls or () if name.startswith("--")]
            return given[0].partition("/")[0] if given else f"--{parameter.name.replace('_', '-')}"
    return None


def name_options(error: Exception, options: Mapping[str, str]) -> None:
    """Name the options of the command in an InvalidArgument, instead of the client's arguments."""
    from agora_rest.errors import InvalidArgument

    if not isinstance(error, InvalidArgument):
        return
    error.argument = ", ".join(options.get(name, name) for name in error.argument.split(", "))
    error.rule = _SNAKE_CASE.sub(lambda word: options.get(word[0], word[0]), error.rule)


_SNAKE_CASE: Final = re.compile(r"\b[a-z]+(?:_[a-z]+)+\b")
"""A name of two words or more. One of a single word may be a word of a sentence."""
