"""Profiles: accounts stored in a file that only its owner can read.

[default]
customer_id = "…"
customer_certificate = "…"
app_id = "…"                 # optional, as everything below
base_url = "https://…"
allow_http = "true"          # for a base_url of http://… on another machine

[default.storage]
vendor = "s3"
region = "EU_WEST_1"
bucket = "lessons"
access_key = "…"
secret_key = "…"
"""

from __future__ import annotations

import json
import os
import re
import stat
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, Final, Literal

import typer

from agora_rest.cli._exits import CliError, Exit

DEFAULT: Final = "default"
"""The profile that is used when nothing else names an account."""

_FIELDS: Final = ("customer_id", "customer_certificate", "base_url", "allow_http", "app_id")
_STORAGE_FIELDS: Final = (
    *("vendor", "region", "bucket", "endpoint", "file_name_prefix", "access_key", "secret_key", "sts_token"),
)

Profiles = Mapping[str, Mapping[str, str]]
"""By name, the fields of each profile; those of its storage as `storage.bucket`."""


def path() -> Path:
    """The file of profiles: `~/.config/agora-rest/profiles.toml`, or the platform's own place."""
    return Path(typer.get_app_dir("agora-rest")) / "profiles.toml"


def read() -> Profiles:
    """All profiles; empty if there is no file.

    Raises CliError for a file that other users own or can read, a special file, a large one, or a malformed one.
    """
    file = path()
    try:
        with _opened(file, os.O_RDONLY, "rb") as stream:
            return _profiles_in(file, stream)
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise CliError(f"{file} cannot be read: {_reason(error)}.", Exit.CREDENTIALS) from None


def add(name: str, fields: Mapping[str, str]) -> Path:
    """Append a new profile to the file and return its path. Existing lines stay as they are.

    Raises CliError if the name is taken, and for values that do not fit into a line of text.
    """
    for field, value in {"name": name, **fields}.items():
        if not (value and value.isprintable()):
            raise CliError(f"{field} must be a text without control characters.")
    file = path()
    lines = [f"[{_quoted(name)}]", *(f"{field} = {_quoted(value)}" for field, value in fields.items())]
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        # Created with mode 0600: a chmod afterwards would leave a moment in which another user could open the file.
        with _opened(file, os.O_RDWR | os.O_APPEND | os.O_CREAT, "r+b") as stream:
            _lock(stream)
            if name in _profiles_in(file, stream):
                raise CliError(f"There is a profile {name!r} in {file} already: change it there, or use another name.")
            size = os.fstat(stream.fileno()).st_size
            text = "\n".join(["" if size else "# Accounts of agora-rest", *lines, ""])
            try:
                stream.write(text.encode())
                stream.flush()
            except OSError:
                stream.truncate(size)  # A full disk must not leave half a profile, which would invalidate the file.
                raise
    except OSError as error:
        raise CliError(f"{file} cannot be written: {_reason(error)}.") from None
    return file


MAX_SIZE: Final = 1 << 20
"""Bytes of the file; a hundred profiles have 40,000."""


@contextmanager
def _opened(file: Path, flags: int, mode: Literal["rb", "r+b"]) -> Iterator[BinaryIO]:
    """The file, once it is known to be private. Raises OSError and CliError."""
    # Without O_NONBLOCK, opening a named pipe would wait for a writer.
    descriptor = os.open(file, flags | getattr(os, "O_NONBLOCK", 0), 0o600)
    try:
        # The open file is checked, not the path, which another process may have replaced meanwhile.
        _must_be_private(file, os.fstat(descriptor))
    except BaseException:
        os.close(descriptor)
        raise
    with open(descriptor, mode) as stream:  # noqa: PTH123  a descriptor, not a path
        yield stream


def _profiles_in(file: Path, stream: BinaryIO) -> Profiles:
    try:
        text = stream.read(MAX_SIZE + 1)
        if len(text) > MAX_SIZE:
            raise CliError(f"{file} is larger than {MAX_SIZE} bytes: it is not a profile file.", Exit.CREDENTIALS)
        found = tomllib.loads(text.decode())
    except (OSError, UnicodeDecodeError) as error:
        raise CliError(f"{file} cannot be read: {_reason(error)}.", Exit.CREDENTIALS) from None
    except (ValueError, RecursionError) as error:
        # The parser's message may quote the file, so only the position is shown.
        where = re.search(r"at (line \d+, column \d+|end of document)", str(error))
        raise CliError(f"{file} is not TOML: see {where[1] if where else 'the file'}.", Exit.CREDENTIALS) from None
    return {name: _profile(file, name, table) for name, table in found.items()}


def _lock(stream: BinaryIO) -> None:
    """Wait until no other process adds a profile: two of the same name would invalidate the file."""
    try:
        import fcntl
    except ImportError:  # Windows
        return
    fcntl.flock(stream, fcntl.LOCK_EX)


def _quoted(text: str) -> str:
    """As TOML writes it; what is printable it writes as JSON does."""
    return json.dumps(text, ensure_ascii=False)


def names() -> list[str]:
    """The names of the profiles, for completion; errors give no names."""
    try:
        return sorted(read())
    except CliError:
        return []


def _must_be_private(file: Path, status: os.stat_result) -> None:
    if not stat.S_ISREG(status.st_mode):
        raise CliError(f"{file} must be a regular file, or a link to one.", Exit.CREDENTIALS)
    if os.name != "posix":
        return
    if status.st_uid not in (os.geteuid(), 0):
        raise CliError(f"{file} belongs to another user, who could replace its accounts.", Exit.CREDENTIALS)
    if status.st_mode & 0o077:
        allowed = stat.filemode(status.st_mode)[1:]
        raise CliError(
            f"{file} holds secrets and is open to other users ({allowed}). Run: chmod 600 '{file}'", Exit.CREDENTIALS
        )


def _profile(file: Path, name: str, table: Any) -> dict[str, str]:
    if not isinstance(table, dict):
        raise CliError(f"{file}: {name!r} is outside a profile; start one with [{DEFAULT}].", Exit.CREDENTIALS)
    storage = table.pop("storage", {})
    fields = _texts(file, f"[{name}]", table, _FIELDS)
    in_storage = _texts(file, f"[{name}.storage]", storage, _STORAGE_FIELDS)
    return {**fields, **{f"storage.{field}": value for field, value in in_storage.items()}}


def _texts(file: Path, where: str, table: Any, known: tuple[str, ...]) -> dict[str, str]:
    if not isinstance(table, dict):
        raise CliError(f"{file}: {where} must be a table.", Exit.CREDENTIALS)
    for field, value in table.items():
        if field not in known:
            raise CliError(f"{file}: {where} has no field {field!r}; there are {', '.join(known)}.", Exit.CREDENTIALS)
        if isinstance(value, bool) or not isinstance(value, str | int):
            raise CliError(f"{file}: {field} in {where} must be a text in quotes.", Exit.CREDENTIALS)
    return {field: str(value) for field, value in table.items() if value != ""}


def _reason(error: OSError | UnicodeDecodeError) -> str:
    return error.strerror or type(error).__name__ if isinstance(error, OSError) else "it is not UTF-8"
