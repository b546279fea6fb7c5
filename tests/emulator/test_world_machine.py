"""Whatever happens in whatever order, some things are always so."""

from __future__ import annotations

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, invariant, precondition, rule

from agora_rest.emulator import DEMO_APP_ID, DEMO_ID, FrozenClock
from agora_rest.emulator.ids import Ids
from agora_rest.emulator.recordings import ENDING, STARTING, Identity, Recording, Resource, Status
from agora_rest.emulator.refusals import Barred, Code, Conflict, InvalidAppId, NotInChannel, RecordingRefused
from agora_rest.emulator.rules import Target
from agora_rest.emulator.settings import DialectName, Settings
from agora_rest.emulator.world import World

CHANNELS = st.sampled_from(["a", "b"])
UIDS = st.integers(1, 3)
UNDER_WAY = {status for _, status in STARTING} | {Status.UPLOADING}
OVER = {status for _, status in ENDING} | {Status.ABNORMAL_EXIT}


class WorldMachine(RuleBasedStateMachine):
    resources = Bundle("resources")
    recordings = Bundle("recordings")

    def __init__(self) -> None:
        super().__init__()
        self.clock = FrozenClock()
        self.world = World(self.clock, Ids(0), Settings(DialectName.DOCUMENTED))
        self.enabled = True
        self.started: list[Recording] = []
        self.over: set[str] = set()

    @precondition(lambda self: self.enabled)
    @rule(target=resources, cname=CHANNELS, uid=UIDS)
    def acquire(self, cname: str, uid: int):
        return self.world.acquire(Identity(DEMO_APP_ID, cname, uid))

    @precondition(lambda self: self.enabled)
    @rule(target=recordings, resource=resources)
    def start(self, resource):
        try:
            recording = self.world.start(resource.id, resource.owner)
        except RecordingRefused as refused:
            self.check_refusal(refused.code, resource)
            return resource.recording
        assert self.clock.now() - resource.acquired_at <= 300
        self.started.append(recording)
        return recording

    def check_refusal(self, code: Code, resource: Resource) -> None:
        used = (Code.ALREADY_RECORDING, Code.RESOURCE_USED)
        assert (code in used) == (resource.recording is not None)
        if resource.recording is not None:
            assert (code is Code.ALREADY_RECORDING) == resource.recording.is_running(self.clock.now())
        else:
            expired = self.clock.now() - resource.acquired_at > 300
            assert (code is Code.RESOURCE_EXPIRED) == expired

    @precondition(lambda self: self.enabled)
    @rule(recording=consumes(recordings))
    def stop(self, recording: Recording | None) -> None:
        if recording is None:
            return
        was_running = recording.is_running(self.clock.now())
        try:
            self.world.stop(recording.resource_id, recording.sid, recording.identity)
        except RecordingRefused as refused:
            answered = refused.code
        else:
            answered = None
        assert answered is (None if was_running else Code.RECORDING_NOT_FOUND)

    @rule(cname=CHANNELS, uid=UIDS)
    def join(self, cname: str, uid: int) -> None:
        barred = self.world.rules.deny_join(DEMO_APP_ID, cname, uid, None, self.clock.now())
        try:
            self.world.join(DEMO_APP_ID, cname, uid)
        except Barred:
            assert barred
        except InvalidAppId:
            assert not self.enabled
        except Conflict:
            assert any(found.identity.uid == uid for found in self.under_way(cname))
        else:
            assert self.enabled
            assert not barred

    @rule(cname=CHANNELS, uid=UIDS)
    def leave(self, cname: str, uid: int) -> None:
        try:
            self.world.leave(DEMO_APP_ID, cname, uid)
        except NotInChannel:
            channel = self.world.channels.find(DEMO_APP_ID, cname)
            assert channel is None or uid not in channel.users

    @precondition(lambda self: self.enabled)
    @rule(cname=st.none() | CHANNELS, uid=UIDS, time=st.sampled_from([0, 0.5, 1, 2000]))
    def kick(self, cname: str | None, uid: int, time: float) -> None:
        self.world.create_rule(DEMO_APP_ID, Target(cname, uid), time)

    @rule()
    def switch(self) -> None:
        self.enabled = not self.enabled
        self.world.set_project_status(DEMO_ID, self.enabled)

    @rule(seconds=st.sampled_from([0.5, 3, 29, 31, 61, 301]))
    def wait(self, seconds: float) -> None:
        self.clock.advance(seconds)

    def under_way(self, cname: str) -> list[Recording]:
        return self.world.recordings.in_channel(DEMO_APP_ID, cname, self.clock.now())

    @invariant()
    def nobody_is_where_a_rule_keeps_them_out(self) -> None:
        for channel in self.world.channels.all():
            for user in channel.users.values():
                assert not self.world.rules.deny_join(DEMO_APP_ID, channel.name, user.uid, user.ip, self.clock.now())

    @invariant()
    def a_uid_is_one_somebodys_in_a_channel(self) -> None:
        for cname in ("a", "b"):
            recorders = [found.identity.uid for found in self.under_way(cname)]
            channel = self.world.channels.find(DEMO_APP_ID, cname)
            users = set() if channel is None else set(channel.users)
            assert len(set(recorders)) == len(recorders)
            assert users.isdisjoint(recorders)

    @invariant()
    def what_is_over_stays_over_and_every_status_is_one_of_its_phase(self) -> None:
        now = self.clock.now()
        for recording in self.started:
            running = recording.is_running(now)
            assert not (running and recording.sid in self.over)
            assert recording.status(now) in (UNDER_WAY if running else OVER)
            if not running:
                self.over.add(recording.sid)

    @invariant()
    def no_recording_outlives_its_idle_time_in_an_empty_channel(self) -> None:
        for cname in ("a", "b"):
            if self.world.channels.find(DEMO_APP_ID, cname) is None:
                for recording in self.under_way(cname):
                    assert recording.idle_since is not None
                    assert self.clock.now() - recording.idle_since <= 30


TestWorld = WorldMachine.TestCase
TestWorld.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
