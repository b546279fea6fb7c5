"""Orders of recordings in files: CSV with a line of names, or JSON Lines."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TextIO

from agora_rest.cli._exits import CliError
from agora_rest.cli._output import printable

if TYPE_CHECKING:
    from agora_rest.client.settings import AnyConfig
    from agora_rest.fleet import Order

MEMBERS: Final = (
    *("key", "app_id", "channel", "uid", "mode", "storage", "secret", "start_at", "stop_at", "config", "extra"),
)
"""The members of an order. `config` is JSON with the members of `recordingConfig`, or in mode web of the web recorder's
`serviceParam`; `extra` what else the request has."""

_NEEDED: Final = ("app_id", "channel", "uid", "storage")
_TEXTS: Final = ("key", "app_id", "channel", "mode", "storage", "secret")
_TIMES: Final = ("start_at", "stop_at")
_OBJECTS: Final = ("config", "extra")
_IN_ORDERS: Final = {"cname": "channel", "appid": "app_id"}
"""Names of the API for arguments with another name."""


class OrderFile:
    """The orders in a file, read lazily. `defaults` are for members that a row omits."""

    def __init__(self, path: Path, defaults: Mapping[str, Any]) -> None:
        self._path, self._defaults = path, defaults
        self.read = 0.0
        """Which share of the file has been read."""
        self.without_key = 0
        """How many orders had no key of their own."""

    def __iter__(self) -> Iterator[Order]:
        """The orders. Raises CliError with the line and the member that is wrong."""
        from agora_rest.errors import InvalidArgument

        for line, row in self._rows():
            try:
                order = order_of(with_defaults(row, self._defaults))
            except (InvalidArgument, ValueError) as error:
                raise self._complaint(line, str(error)) from None
            self.without_key += not row.get("key")
            yield order

    def _rows(self) -> Iterator[tuple[int, dict[str, Any]]]:
        """The rows with the numbers of their last lines."""
        rows = _csv if self._path.suffix.lower() == ".csv" else _json_lines
        try:
            with self._path.open("rb") as raw, io.TextIOWrapper(raw, encoding="utf-8-sig", newline="") as file:
                size = self._path.stat().st_size
                for line, row in rows(file):
                    self.read = raw.tell() / size
                    yield line, row
        except OSError as error:
            raise CliError(f"{self._path} cannot be read: {error.strerror}.") from None
        except UnicodeDecodeError:
            raise CliError(f"{self._path.name} is not text in UTF-8: save it as that.") from None
        except _WrongLine as wrong:
            raise self._complaint(wrong.line, str(wrong)) from None

    def _complaint(self, line: int, why: str) -> CliError:
        return CliError(f"{self._path.name}, line {line}: {why.rstrip('.')}.")


class _WrongLine(Exception):  # noqa: N818  what is wrong is the name
    def __init__(self, line: int, why: str) -> None:
        super().__init__(why)
        self.line = line


def _json_lines(file: TextIO) -> Iterator[tuple[int, dict[str, Any]]]:
    for line, text in enumerate(file, start=1):
        if text.strip():
            try:
                yield line, _object(text.strip())
            except ValueError as error:
                raise _WrongLine(line, str(error)) from None


def _csv(file: TextIO) -> Iterator[tuple[int, dict[str, Any]]]:
    reader = csv.DictReader(file, strict=True)
    try:
        _check_names(reader.fieldnames or (), line=1)
        for row in reader:
            if None in row:
                raise _WrongLine(reader.line_num, "it has more values than the header has names")
            yield reader.line_num, {name: value for name, value in row.items() if value}
    except csv.Error as error:
        raise _WrongLine(reader.line_num, f"it is not CSV: {error}") from None


def order_of(row: Mapping[str, Any]) -> Order:
    """The order that a row describes. Raises InvalidArgument and ValueError naming the members that are wrong."""
    from agora_rest.errors import InvalidArgument
    from agora_rest.fleet import Order

    _check_names(row)
    given = {name: value for name, value in row.items() if value not in (None, "")}
    problems = []
    if missing := [name for name in _NEEDED if name not in given]:
        remedy = ": pass --app-id, or set AGORA_APP_ID" if "app_id" in missing else ""
        problems.append(f"{' and '.join(missing)} {'is' if len(missing) == 1 else 'are'} missing{remedy}")
    if wrong := [name for name in _TEXTS if not isinstance(given.get(name, ""), str)]:
        problems.append(f"{' and '.join(wrong)} must be text, in quotation marks")
    for names, read in ((_TIMES, moment), (_OBJECTS, _object)):
        for name in names:
            if name in given:
                try:
                    given[name] = read(given[name])
                except ValueError as error:
                    problems.append(f"{name}: {error}")
    if problems:
        raise ValueError("; ".join(problems))
    mode = given.pop("mode", "mix")
    try:
        return Order(**{**given, "config": _config(mode, given.get("config"))})
    except InvalidArgument as error:
        name = _IN_ORDERS.get(error.field, error.field.replace("clientRequest.recordingConfig", "config"))
        raise InvalidArgument(name, error.rule, error.value, facts=error.facts) from None


def _config(mode: str, members: Mapping[str, Any] | None) -> AnyConfig | None:
    """The configuration of a mode with these members of a request. Raises InvalidArgument and ValueError."""
    from agora_rest import IndividualConfig, RecordingConfig, WebConfig

    if mode not in _MODES:
        raise ValueError(f"mode must be {', '.join(_MODES[:-1])} or {_MODES[-1]}")
    if mode == "web":
        if members is None or "maxRecordingHour" not in members:
            raise ValueError("config must have url and maxRecordingHour in mode web")
        named = {name: members[member] for member, name in _WEB.items() if member in members}
        return WebConfig(**named, extra={name: value for name, value in members.items() if name not in _WEB})
    if members is None:
        return None if mode == "mix" else IndividualConfig()
    return RecordingConfig(extra=members) if mode == "mix" else IndividualConfig(extra=members)


_MODES: Final = ("mix", "individual", "web")
_WEB: Final = {
    "url": "url",
    "maxRecordingHour": "max_recording_hour",
    "videoWidth": "video_width",
    "videoHeight": "video_height",
    "audioProfile": "audio_profile",
}
"""The members of a web recorder that always have a value, with the arguments that set them."""


def members_of(config: AnyConfig | None) -> dict[str, Any]:
    """The members of a row that a configuration is: `config`, and the rest of the request as `extra`."""
    if config is None:
        return {}
    request = dict(config.client_request())
    services = (request.pop("extensionServiceConfig", None) or {}).get("extensionServices", [])
    if len(services) > 1:
        raise CliError("A journal keeps no stream keys: --rtmp-url cannot be combined with it.")
    recorder = services[0]["serviceParam"] if services else request.pop("recordingConfig", {})
    return {"config": recorder, **({"extra": request} if request else {})}


def with_defaults(row: Mapping[str, Any], defaults: Mapping[str, Any]) -> dict[str, Any]:
    """`row` with what it leaves out, of objects also the members that they leave out. Raises ValueError."""
    from agora_rest.client._extra import filled

    found = {**defaults, **{name: value for name, value in row.items() if value not in (None, "")}}
    for name in _OBJECTS:
        if defaults.get(name) and name in row:
            try:
                found[name] = filled(_object(row[name]), defaults[name])
            except ValueError as error:
                raise ValueError(f"{name}: {error}") from None
    return found


def moment(value: Any) -> float | datetime:
    """A time as people write it: ISO 8601 with a zone, or seconds since 1970. Raises ValueError."""
    try:
        return float(value)
    except (ValueError, TypeError):
        pass
    shown, advice = printable(str(value))[:60], "write 2036-07-01T10:45:00Z, or seconds since 1970"
    try:
        found = datetime.fromisoformat(str(value))
    except ValueError:
        raise ValueError(f"'{shown}' is not a time; {advice}") from None
    if found.tzinfo is None:
        raise ValueError(f"'{shown}' has no time zone; {advice}")
    return found


def _check_names(names: Iterable[str], line: int | None = None) -> None:
    """Raise ValueError for unknown members; for the line of names, its subclass _WrongLine."""
    unknown = [printable(name)[:60] or "''" for name in names if name not in MEMBERS]
    if unknown:
        message = f"unknown {', '.join(unknown)}; an order has {', '.join(MEMBERS)}"
        raise ValueError(message) if line is None else _WrongLine(line, message)


def _object(value: Any) -> dict[str, Any]:
    try:
        found = json.loads(value) if isinstance(value, str) else value
    except json.JSONDecodeError as error:
        raise ValueError(f"it is not JSON: {error.msg} at column {error.colno}") from None
    if not isinstance(found, dict):
        raise ValueError("it must be a JSON object")  # noqa: TRY004  what is read, no type of ours
    return found
