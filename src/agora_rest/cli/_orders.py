"""Orders of recordings in files: CSV with a line of names, or JSON Lines."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TextIO

from agora_rest.cli._exits import Complaint

if TYPE_CHECKING:
    from agora_rest.fleet import Order

MEMBERS: Final = ("key", "app_id", "channel", "uid", "storage", "secret", "start_at", "stop_at", "config", "extra")
"""What an order may say. `config` is JSON, as `recordingConfig` has it; `extra` what else the request has."""


def orders_in(path: Path, defaults: Mapping[str, Any]) -> Iterator[Order]:
    """The orders in a file, as they are read. Raises Complaint naming the line of what is wrong."""
    from agora_rest.errors import InvalidArgument

    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            for line, row in _rows(path, file):
                try:
                    yield order_of({**defaults, **row})
                except (InvalidArgument, ValueError) as error:
                    raise Complaint(f"{path.name}, line {line}: {error}") from None
    except OSError as error:
        raise Complaint(f"{path} cannot be read: {error.strerror}.") from None


def order_of(row: Mapping[str, Any]) -> Order:
    """The order that a row describes. Raises InvalidArgument and ValueError."""
    from agora_rest import RecordingConfig
    from agora_rest.fleet import Order

    if unknown := sorted(set(row) - set(MEMBERS)):
        raise ValueError(f"there is no {', '.join(unknown)} in an order; there are {', '.join(MEMBERS)}")
    given = {name: value for name, value in row.items() if value not in (None, "")}
    if missing := [name for name in ("app_id", "channel", "uid", "storage") if name not in given]:
        raise ValueError(f"{', '.join(missing)} is missing")
    for name in ("start_at", "stop_at"):
        if name in given:
            given[name] = moment(str(given[name]))
    for name in ("config", "extra"):
        if isinstance(given.get(name), str):
            given[name] = json.loads(given[name])
    if "config" in given:
        given["config"] = RecordingConfig(extra=given["config"])
    return Order(**given)


def moment(text: str) -> float | datetime:
    """A time as people write it: ISO 8601 with a zone, or seconds since 1970. Raises ValueError."""
    try:
        return float(text)
    except ValueError:
        return datetime.fromisoformat(text)


def _rows(path: Path, file: TextIO) -> Iterator[tuple[int, dict[str, Any]]]:
    if path.suffix.lower() == ".csv":
        reader = csv.DictReader(file, strict=True)
        for row in reader:
            yield reader.line_num, row
        return
    for line, text in enumerate(file, start=1):
        if text.strip():
            row = json.loads(text)
            if not isinstance(row, dict):
                raise Complaint(f"{path.name}, line {line}: an order is a JSON object.")
            yield line, row
