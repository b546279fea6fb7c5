"""Profiles: accounts that are kept in a file only its owner can read.

[default]
customer_id = "…"
customer_certificate = "…"
app_id = "…"                 # optional, as everything below
base_url = "https://…"

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
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import typer

from agora_rest.cli._exits import Complaint, Exit

DEFAULT: Final = "default"
"""The profile that is used when nothing else names an account."""

_FIELDS: Final = ("customer_id", "customer_certificate", "base_url", "app_id")
_STORAGE_FIELDS: Final = ("vendor", "region", "bucket", "access_key", "secret_key")

Profiles = Mapping[str, Mapping[str, str]]
"""By name, the fields of each profile; those of its storage as `storage.bucket`."""


def path() -> Path:
    """Where the profiles are: `~/.config/agora-rest/profiles.toml`, or where the platform keeps such files."""
    return Path(typer.get_app_dir("agora-rest")) / "profiles.toml"


def read() -> Profiles:
    """All profiles; none where there is no file. Raises Complaint for a file that others can read, or that is wrong."""
    file = path()
    try:
        with file.open("rb") as stream:
            _must_be_private(file, os.fstat(stream.fileno()).st_mode)
            found = tomllib.load(stream)
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError) as error:
        raise Complaint(f"{file} cannot be read: {_reason(error)}.", Exit.CREDENTIALS) from None
    except tomllib.TOMLDecodeError as error:
        # What it says may quote the file; where it is says enough.
        where = re.search(r"at (line \d+, column \d+|end of document)", str(error))
        raise Complaint(f"{file} is not TOML: see {where[1] if where else 'the file'}.", Exit.CREDENTIALS) from None
    return {name: _profile(file, name, table) for name, table in found.items()}


def add(name: str, fields: Mapping[str, str]) -> Path:
    """Write a new profile behind those there are, whose lines stay as they are; gives the file.

    Raises Complaint where the name is taken, and for what a line of text cannot hold.
    """
    file = path()
    if name in read():
        raise Complaint(f"There is a profile {name!r} in {file} already: change it there, or choose another name.")
    for field, value in {"name": name, **fields}.items():
        if not (value and value.isprintable()):
            raise Complaint(f"{field} must be a text without control characters.")
    lines = [f"[{_quoted(name)}]", *(f"{field} = {_quoted(value)}" for field, value in fields.items())]
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        # Private from its first moment on: whoever opens it before a chmod could read it ever after.
        descriptor = os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        with open(descriptor, "a", encoding="utf-8") as stream:  # noqa: PTH123  a descriptor, not a path
            stream.write("\n".join(["" if stream.tell() else "# Accounts of agora-rest", *lines, ""]))
    except OSError as error:
        raise Complaint(f"{file} cannot be written: {_reason(error)}.") from None
    return file


def _quoted(text: str) -> str:
    """As TOML writes it; what is printable it writes as JSON does."""
    return json.dumps(text, ensure_ascii=False)


def names() -> list[str]:
    """The names of the profiles, for completion, which must not complain."""
    try:
        return sorted(read())
    except Complaint:
        return []


def _must_be_private(file: Path, mode: int) -> None:
    if os.name == "posix" and mode & 0o077:
        allowed = stat.filemode(mode)[1:]
        raise Complaint(
            f"{file} holds secrets and is open to other users ({allowed}). Run: chmod 600 '{file}'", Exit.CREDENTIALS
        )


def _profile(file: Path, name: str, table: Any) -> dict[str, str]:
    if not isinstance(table, dict):
        raise Complaint(f"{file}: {name!r} stands outside of a profile; begin one with [{DEFAULT}].", Exit.CREDENTIALS)
    storage = table.pop("storage", {})
    fields = _texts(file, f"[{name}]", table, _FIELDS)
    in_storage = _texts(file, f"[{name}.storage]", storage, _STORAGE_FIELDS)
    return {**fields, **{f"storage.{field}": value for field, value in in_storage.items()}}


def _texts(file: Path, where: str, table: Any, known: tuple[str, ...]) -> dict[str, str]:
    if not isinstance(table, dict):
        raise Complaint(f"{file}: {where} must be a table.", Exit.CREDENTIALS)
    for field, value in table.items():
        if field not in known:
            raise Complaint(f"{file}: {where} has no field {field!r}; there are {', '.join(known)}.", Exit.CREDENTIALS)
        if isinstance(value, bool) or not isinstance(value, str | int):
            raise Complaint(f"{file}: {field} in {where} must be a text in quotes.", Exit.CREDENTIALS)
    return {field: str(value) for field, value in table.items() if value != ""}


def _reason(error: OSError | UnicodeDecodeError) -> str:
    return error.strerror or type(error).__name__ if isinstance(error, OSError) else "it is not UTF-8"
