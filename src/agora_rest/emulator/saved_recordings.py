"""Recordings of the present documents as JSON, for a saved state."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec import Struct, convert, to_builtins

from agora_rest.emulator.clock import Instant
from agora_rest.emulator.current_recordings import CurrentRecording, Failover
from agora_rest.emulator.layouts import Layout
from agora_rest.emulator.setups import Reservation, Setup, Storage
from agora_rest.emulator.spans import Span, Spans
from agora_rest.emulator.subscriptions import Medium, Published, Subscription, Track
from agora_rest.emulator.web_pages import Push


class _Recorded(Struct):
    uid: int
    medium: Medium
    spans: list[tuple[Instant, Instant | None]]


class _Stream(Struct):
    uid: int
    media: Published


class _Saved(Struct):
    setup: Setup
    subscription: Subscription
    layout: Layout
    storage: Storage
    spans: list[_Recorded]
    streams: list[_Stream]
    on_hold: bool
    push: Push | None
    failovers: list[Failover]
    async_stop: bool


def dump(recording: CurrentRecording) -> dict[str, Any]:
    """The values that `load` needs in addition to the fields of any recording."""
    plain = {name: getattr(recording, name) for name in _Saved.__struct_fields__}
    spans = [
        _Recorded(*track, [(span.since, span.until) for span in spans])
        for track, spans in recording.spans.by_key.items()
    ]
    streams = [_Stream(uid, media) for uid, media in recording.streams.items()]
    return _as_json(plain | {"spans": spans, "streams": streams})


def load(found: Mapping[str, Any], **fields: Any) -> CurrentRecording:
    """The recording with the `fields` of any recording. Raises ValueError."""
    saved = convert(found, _Saved)
    recording = CurrentRecording(**fields, setup=saved.setup)
    for name in ("subscription", "layout", "storage", "on_hold", "push", "failovers", "async_stop"):
        setattr(recording, name, getattr(saved, name))
    recording.spans = Spans(
        {Track(each.uid, each.medium): [Span(*span) for span in each.spans] for each in saved.spans}
    )
    recording.streams = {each.uid: each.media for each in saved.streams}
    return recording


def dump_reservation(reservation: Reservation) -> dict[str, Any]:
    """A reservation as JSON."""
    return _as_json(reservation)


def load_reservation(found: Mapping[str, Any]) -> Reservation:
    """A reservation from JSON. Raises ValueError."""
    return convert(found, Reservation)


def _as_json(value: Any) -> dict[str, Any]:
    plain: dict[str, Any] = to_builtins(value, order="deterministic")
    return plain
