"""The members of each mode of recording (CR-127): rules that schemas cannot express, because a body has no mode."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final, NoReturn

from agora_rest.client._argument_names import argument_name
from agora_rest.client.enums import RecordingMode
from agora_rest.client.models import StartedRecording
from agora_rest.errors import InvalidArgument
from agora_rest.redaction import HIDDEN, redact

INDIVIDUAL: Final = RecordingMode.INDIVIDUAL
MIX: Final = RecordingMode.MIX
WEB: Final = RecordingMode.WEB

_CHANNEL: Final = (INDIVIDUAL, MIX)

_BELONG_TO: Final[dict[str, dict[tuple[str, ...], tuple[RecordingMode, ...]]]] = {
    "start_recording": {
        ("recordingConfig",): _CHANNEL,
        ("recordingConfig", "transcodingConfig"): (MIX,),
        ("recordingConfig", "audioProfile"): (MIX,),
        ("recordingConfig", "streamMode"): (INDIVIDUAL,),
        ("snapshotConfig",): (INDIVIDUAL,),
        ("extensionServiceConfig",): (WEB,),
    },
    "update_recording": {
        ("streamSubscribe",): _CHANNEL,
        ("webRecordingConfig",): (WEB,),
        ("rtmpPublishConfig",): (WEB,),
    },
}
"""The members of a `clientRequest` that belong to some of the modes only, by operation (CR-127, CR-145)."""

_NEEDED: Final[dict[RecordingMode, tuple[str, ...]]] = {
    INDIVIDUAL: ("recordingConfig", "subscribeUidGroup"),
    WEB: ("extensionServiceConfig",),
}
"""Members that a start requires, by mode (CR-115, CR-127)."""


def check_mode(operation: str, mode: RecordingMode | str, request: Mapping[str, Any]) -> None:
    """Raise InvalidArgument for a member of a `clientRequest` that `mode` does not have, or lacks."""
    for path, modes in _BELONG_TO[operation].items():
        value = _member(request, path)
        if mode not in modes and value is not None:
            _refuse(operation, path, f"belongs to {_named(modes)}, and this is a recording in mode {mode}", value)
    if operation != "start_recording":
        return
    needed = _NEEDED.get(RecordingMode(mode))
    if needed and _member(request, needed) is None:
        _refuse(operation, needed, f"is required in mode {mode}", None)
    types = ("recordingFileConfig", "avFileType")
    if mode == INDIVIDUAL and isinstance(found := _member(request, types), list | tuple) and "mp4" in found:
        _refuse(operation, types, "must not have mp4 in mode individual, which makes no MP4 files", found, "CR-122")


def require_mode(operation: str, recording: StartedRecording, modes: Iterable[RecordingMode], what: str) -> None:
    """Raise InvalidArgument unless the recording is in one of `modes`. `what` names what they have."""
    if recording.mode not in (modes := tuple(modes)):
        rule = f"must be in {_named(modes)}, which {'have' if len(modes) > 1 else 'has'} {what}"
        raise InvalidArgument("recording", rule, f"mode {recording.mode}", operation=operation, facts=("CR-150",))


def _named(modes: Iterable[RecordingMode]) -> str:
    return " or ".join(f"mode {mode}" for mode in modes)


def _member(request: Mapping[str, Any], path: Iterable[str]) -> Any:
    found: Any = request
    for name in path:
        found = found.get(name) if isinstance(found, Mapping) else None
    return found


def _refuse(operation: str, path: tuple[str, ...], rule: str, value: Any, fact: str = "CR-127") -> NoReturn:
    field = ".".join(("clientRequest", *path))
    shown = HIDDEN if isinstance(value, Mapping) else redact(value)
    argument = argument_name(operation, field)
    raise InvalidArgument(field, rule, shown, operation=operation, facts=(fact,), argument=argument)
