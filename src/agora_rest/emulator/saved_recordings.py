"""Recordings of the present documents as JSON, for a saved state."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any

from agora_rest.emulator.current_recordings import CurrentRecording, Failover
from agora_rest.emulator.layouts import Layout, LayoutKind, Region, RenderMode, UserBackground
from agora_rest.emulator.modes import RecordingMode, Scene, StreamMode
from agora_rest.emulator.setups import Reservation, Setup, Snapshots, Storage
from agora_rest.emulator.spans import Span, Spans
from agora_rest.emulator.subscriptions import Medium, Subscription, Track, UidList
from agora_rest.emulator.web_pages import Page, PageFate, Push


def dump(recording: CurrentRecording) -> dict[str, Any]:
    """What `load` needs beside the fields of any recording."""
    return {
        "setup": _dump_setup(recording.setup),
        "subscription": _dump_subscription(recording.subscription),
        "layout": asdict(recording.layout),
        "storage": asdict(recording.storage),
        "spans": [
            {"uid": track.uid, "medium": track.medium, "spans": [[span.since, span.until] for span in spans]}
            for track, spans in recording.spans.by_key.items()
        ],
        "streams": [{"uid": uid, "media": sorted(media)} for uid, media in recording.streams.items()],
        "on_hold": recording.on_hold,
        "push": None if recording.push is None else asdict(recording.push),
        "failovers": [list(each) for each in recording.failovers],
        "async_stop": recording.async_stop,
    }


def load(found: Mapping[str, Any], **fields: Any) -> CurrentRecording:
    """The recording with the `fields` of any recording. Raises KeyError, TypeError and ValueError."""
    recording = CurrentRecording(**fields, setup=_load_setup(found["setup"]))
    recording.subscription = _load_subscription(found["subscription"])
    recording.layout = _load_layout(found["layout"])
    recording.storage = _load_storage(found["storage"])
    recording.spans = Spans(
        {
            Track(int(each["uid"]), Medium(each["medium"])): [Span(since, until) for since, until in each["spans"]]
            for each in found["spans"]
        }
    )
    recording.streams = {int(each["uid"]): _media(each["media"]) for each in found["streams"]}
    recording.on_hold, recording.async_stop = bool(found["on_hold"]), bool(found["async_stop"])
    if (push := found["push"]) is not None:
        recording.push = Push(push["url"], float(push["since"]), PageFate(push["fate"]))
    recording.failovers = [Failover(float(since), float(until)) for since, until in found["failovers"]]
    return recording


def dump_reservation(reservation: Reservation) -> dict[str, Any]:
    """A reservation as JSON."""
    return asdict(reservation)


def load_reservation(found: Mapping[str, Any]) -> Reservation:
    """A reservation from JSON."""
    return Reservation(
        Scene(found["scene"]), found.get("region"), int(found["region_affinity"]), tuple(found["excluded"])
    )


def _dump_setup(setup: Setup) -> dict[str, Any]:
    plain = replace(setup, subscription=Subscription(), stream_types=frozenset())
    return asdict(plain) | {
        "stream_types": sorted(setup.stream_types),
        "subscription": _dump_subscription(setup.subscription),
    }


def _load_setup(found: Mapping[str, Any]) -> Setup:
    snapshots, page = found["snapshots"], found["page"]
    width, height = found["canvas"]
    return Setup(
        RecordingMode(found["mode"]),
        _load_storage(found["storage"]),
        _media(found["stream_types"]),
        _load_subscription(found["subscription"]),
        StreamMode(found["stream_mode"]),
        None if snapshots is None else Snapshots(int(snapshots["interval"]), bool(snapshots["only"])),
        _load_layout(found["layout"]),
        (int(width), int(height)),
        None if page is None else Page(**{**page, "fate": PageFate(page["fate"])}),
        found["push_url"],
    )


def _dump_subscription(subscription: Subscription) -> dict[str, Any]:
    lists = {"audio": subscription.audio, "video": subscription.video}
    return {"most_users": subscription.most_users} | {
        name: {"uids": sorted(users.uids), "all_but": users.all_but} for name, users in lists.items()
    }


def _load_subscription(found: Mapping[str, Any]) -> Subscription:
    audio, video = (UidList(frozenset(found[name]["uids"]), found[name]["all_but"]) for name in ("audio", "video"))
    return Subscription(audio, video, int(found["most_users"]))


def _load_layout(found: Mapping[str, Any]) -> Layout:
    regions = [
        Region(x, y, width, height, uid, alpha, RenderMode(mode))
        for x, y, width, height, uid, alpha, mode in found["regions"]
    ]
    backgrounds = [UserBackground(uid, url, RenderMode(mode)) for uid, url, mode in found["user_backgrounds"]]
    rest = {name: value for name, value in found.items() if name not in ("kind", "regions", "user_backgrounds")}
    return Layout(LayoutKind(found["kind"]), **rest, regions=tuple(regions), user_backgrounds=tuple(backgrounds))


def _load_storage(found: Mapping[str, Any]) -> Storage:
    return Storage(**{**found, "folders": tuple(found["folders"])})


def _media(names: list[str]) -> frozenset[Medium]:
    return frozenset(Medium(name) for name in names)
