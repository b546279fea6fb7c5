"""The source of a recorder's token: a command of the user, or the environment; never the value of an option."""

from __future__ import annotations

import os
import shlex
import subprocess
from collections.abc import Callable
from typing import Annotated, Final

from agora_rest.cli._exits import CliError
from agora_rest.cli._options import option

TOKEN: Final = "AGORA_RECORDER_TOKEN"  # noqa: S105  the name of a variable
"""The variable with the token of one recorder in one channel."""
COMMAND_TIMEOUT: Final = 30.0
"""Seconds that a token command may take."""

TokenCommand = Annotated[
    str | None,
    option(
        "A program that prints the recorder's token, with AGORA_APP_ID, AGORA_CHANNEL and AGORA_UID in its "
        "environment. It is run without a shell.",
        "COMMAND",
        envvar="AGORA_TOKEN_COMMAND",
    ),
]


def token_of(command: str | None, app_id: str, channel: str, uid: str) -> str | None:
    """The token that `command` prints, else that of AGORA_RECORDER_TOKEN, else None. Raises CliError."""
    from agora_rest.errors import ConfigurationError

    if command is None:
        if (token := os.environ.get(TOKEN)) == "":
            raise CliError(f"The environment variable {TOKEN} is empty: set it to a token, or unset it.")
        return token
    try:
        return printed_token(command, app_id, channel, uid)
    except ConfigurationError as error:
        raise CliError(str(error)) from None


def token_resolver(command: str | None) -> Callable[[str, str, str], str] | None:
    """The `tokens` of a fleet: they run `command` for each start. None without a command."""
    return None if command is None else lambda app_id, channel, uid: printed_token(command, app_id, channel, uid)


def printed_token(command: str, app_id: str, channel: str, uid: str) -> str:
    """The first line that `command` prints. Raises ConfigurationError, which quotes none of its output."""
    from agora_rest.errors import ConfigurationError

    environment = {**os.environ, "AGORA_APP_ID": app_id, "AGORA_CHANNEL": channel, "AGORA_UID": uid}
    token, failure = "", ""
    try:
        done = subprocess.run(  # noqa: S603  the user's own command
            shlex.split(command),
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            timeout=COMMAND_TIMEOUT,
            check=False,
            encoding="utf-8",
        )
        token = done.stdout.partition("\n")[0].strip()
        if done.returncode:
            failure = f"ended with exit code {done.returncode}"
        elif not token:
            failure = "printed no token in its first line"
    except subprocess.TimeoutExpired:
        failure = f"took more than {COMMAND_TIMEOUT:g} seconds"
    except OSError as error:
        failure = f"cannot be run: {error.strerror}"
    except UnicodeDecodeError:
        failure = "printed something that is not text"
    except (ValueError, IndexError):
        failure = "is not a command line: check its quotation marks"
    if failure:
        raise ConfigurationError(f"The token command (--token-command) {failure}.")
    return token
