"""What a call does must not depend on how much the emulator holds: shortcuts give what a look at everything would."""

from __future__ import annotations

import random

import pytest

from agora_rest.emulator import Emulator
from agora_rest.emulator.channels import Channel, Channels
from agora_rest.emulator.current_recordings import CurrentRecording
from agora_rest.emulator.request_log import KEPT, Exchange, RequestLog, pack
from agora_rest.emulator.rules import Privilege, Target
from agora_rest.emulator.spans import Span, Spans
from agora_rest.emulator.subscriptions import Medium
from tests.emulator.callers import APP
from tests.emulator.current_callers import CurrentApi


def test_spans_are_those_of_a_look_at_every_moment() -> None:
    drawn = random.Random(7)
    spans: Spans[str] = Spans()
    seen: list[tuple[float, set[str]]] = []
    for moment in range(200):
        active = set(drawn.sample("abcdefgh", drawn.randrange(5)))
        spans.set_active(active, float(moment))
        seen.append((float(moment), active))
        assert set(spans.active) == active
    for moment, active in seen:
        assert {key for key, found in spans.by_key.items() if any(_covers(each, moment) for each in found)} == active
    assert spans.first == min(moment for moment, active in seen if active)
    assert Spans(spans.by_key) == spans


def _covers(span: Span, moment: float) -> bool:
    return span.since <= moment and (span.until is None or moment < span.until)


def test_joining_a_recorded_channel_does_not_look_at_everybody_in_it(
    current: CurrentApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    emulator = current.emulator
    emulator.join(APP, "lesson", 100)
    found = current.mix()
    drawn = random.Random(3)
    monkeypatch.setattr(Channel, "streams", lambda _: pytest.fail("everybody was looked at"))
    for _ in range(300):
        uid = drawn.randrange(2, 60)
        if drawn.random() < 0.5:
            emulator.join(APP, "lesson", uid)
        elif _is_there(emulator, uid):
            emulator.leave(APP, "lesson", uid)
        if _is_there(emulator, uid) and drawn.random() < 0.3:
            emulator.publish(APP, "lesson", uid, video=drawn.random() < 0.5)
    monkeypatch.undo()
    recording = _recording(emulator, found.sid)
    channel = emulator.world.channels.find(APP, "lesson")
    assert channel is not None
    assert list(recording.streams.items()) == list(channel.streams().items())
    assert recording.spans.active == sorted(
        recording.subscription.tracks(channel.streams()), key=list(recording.spans.by_key).index
    )


def _is_there(emulator: Emulator, uid: int) -> bool:
    channel = emulator.world.channels.find(APP, "lesson")
    return channel is not None and uid in channel.users


def _recording(emulator: Emulator, sid: str) -> CurrentRecording:
    found = next(
        each.recording for each in emulator.world.recordings.resources() if each.recording and each.recording.sid == sid
    )
    assert isinstance(found, CurrentRecording)
    return found


def test_a_rule_against_publishing_in_one_channel_leaves_other_recordings_alone(
    current: CurrentApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    emulator = current.emulator
    for channel in ("lesson", "other"):
        emulator.join(APP, channel, 7)
    found = current.mix()
    current.run("mix", cname="other")
    observed: list[str] = []
    streams = type(emulator.world).streams
    monkeypatch.setattr(
        type(emulator.world),
        "streams",
        lambda world, channel, *at: observed.append(channel.name) or streams(world, channel, *at),
    )
    rule = emulator.world.create_rule(
        APP, Target(cname="lesson", uid=7), 1, privileges=frozenset({Privilege.PUBLISH_VIDEO})
    )
    assert set(observed) == {"lesson"}
    assert {track.medium for track in _recording(emulator, found.sid).spans.active} == {Medium.AUDIO}
    emulator.clock.advance(rule.until - emulator.clock.now() + 1)
    emulator.world.settle()
    assert {track.medium for track in _recording(emulator, found.sid).spans.active} == set(Medium)


def test_pages_list_channels_by_name_whatever_began_and_ended() -> None:
    drawn, channels, there = random.Random(5), Channels(), set()
    for _ in range(300):
        name = f"room-{drawn.randrange(40)}"
        if name in there:
            channels.leave(APP, name, 1)
            there.discard(name)
        else:
            channels.join(APP, name, 1, 0.0)
            there.add(name)
        page = channels.page(APP, 1, 5)
        assert [each.name for each in page.channels] == sorted(there)[5:10]
        assert page.total == len(there)


def test_the_log_keeps_the_latest_exchanges_and_counts_all() -> None:
    journal = RequestLog()
    for number in range(KEPT + 500):
        journal.add(
            Exchange(
                at=0.0,
                seconds=0.0,
                method="GET",
                target=f"/{number}",
                operation=None,
                edition="current",
                status=200,
                fault=None,
                refusal=None,
                packed_request_headers=pack([(b"host", b"a"), (b"host", b"b")]),
                request_body=b"secret",
                packed_response_headers=pack(()),
                response_body=b"",
            )
        )
    kept = list(journal.since())
    assert journal.total == KEPT + 500
    assert [number for number, _ in kept] == list(range(501, KEPT + 501))
    assert kept[0][1].target == "/500"
    assert kept[0][1].request_headers == [(b"host", b"a"), (b"host", b"b")]
    assert "secret" not in repr(kept[0][1])
