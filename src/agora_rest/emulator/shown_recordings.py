"""A recording of the present documents, as the state and the page show it."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from agora_rest.emulator.clock import Instant, iso
from agora_rest.emulator.current_recordings import CurrentRecording
from agora_rest.emulator.modes import RecordingMode
from agora_rest.emulator.recorded_files import snapshot_series
from agora_rest.emulator.subscriptions import EVERYBODY, NOBODY, Medium, UidList
from agora_rest.redaction import redact, without_url_secrets


def shown(recording: CurrentRecording, now: Instant) -> dict[str, Any]:
    """As JSON, without the keys of the storage and of the push, and without secrets in addresses."""
    common = {
        "mode": recording.mode,
        "storage": asdict(recording.storage) | {"folders": list(recording.storage.folders)},
        "failing_over": recording.is_running(now) and recording.is_failing_over(now),
        "failovers": [{"since": iso(each.since), "until": iso(each.until)} for each in recording.failovers],
    }
    if recording.mode is RecordingMode.WEB:
        return common | _page(recording, now)
    common |= {
        "subscription": {
            "audio": _users(recording.subscription.audio),
            "video": _users(recording.subscription.video),
            "most_users": recording.subscription.most_users,
        },
        "recorded": _recorded(recording),
    }
    if recording.mode is RecordingMode.MIX:
        return common | {"layout": _layout(recording)}
    series = [each._asdict() for each in snapshot_series(recording, now)]
    return common | {"stream_mode": recording.setup.stream_mode, "snapshots": series}


def _users(users: UidList) -> str | dict[str, list[int]]:
    if users == EVERYBODY:
        return "everybody"
    if users == NOBODY:
        return "nobody"
    return {"all_but" if users.all_but else "only": sorted(users.uids)}


def _recorded(recording: CurrentRecording) -> list[dict[str, Any]]:
    """Who is recorded at present, and what of them. Snapshots alone have no sound."""
    active = list(recording.spans.active) if recording.ended_at is None else []
    snapshots = recording.setup.snapshots
    if snapshots is not None and snapshots.only:
        active = [track for track in active if track.medium is Medium.VIDEO]
    return [
        {"uid": uid, **{medium.value: any(track == (uid, medium) for track in active) for medium in Medium}}
        for uid in dict.fromkeys(track.uid for track in active)
    ]


def _layout(recording: CurrentRecording) -> dict[str, Any]:
    layout = recording.layout
    width, height = recording.setup.canvas
    return {
        "kind": layout.kind.name.lower(),
        "width": width,
        "height": height,
        "background_color": layout.background_color,
        "background_image": redact(layout.background_image),
        "regions": [region._asdict() for region in recording.regions()],
    }


def _page(recording: CurrentRecording, now: Instant) -> dict[str, Any]:
    page, push = recording.setup.page, recording.push
    shown_push = None if push is None else {"url": push.shown_url, "status": _push_status(recording, now)}
    return {
        "page": {
            "url": "" if page is None else without_url_secrets(page.url),
            "state": recording.service_state(now),
            "on_hold": recording.on_hold,
            "max_hours": 0 if page is None else page.max_hours,
        },
        "push": shown_push,
    }


def _push_status(recording: CurrentRecording, now: Instant) -> str:
    push = recording.push
    if push is None or not recording.is_running(now):
        return "ended"
    return push.status(now, on_hold=recording.on_hold)
