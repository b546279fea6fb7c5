"""Whatever users, rules and calls do in whatever order: who is recorded follows from who publishes what."""

from __future__ import annotations

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from agora_rest.emulator import DEMO_APP_ID, FrozenClock
from agora_rest.emulator.current_recordings import CurrentRecording
from agora_rest.emulator.ids import Ids
from agora_rest.emulator.modes import RecordingMode
from agora_rest.emulator.recorded_files import recorded_files, snapshot_series
from agora_rest.emulator.recordings import Identity
from agora_rest.emulator.refusals import Conflict, NotInChannel
from agora_rest.emulator.rules import Privilege, Target
from agora_rest.emulator.settings import DialectName, Settings
from agora_rest.emulator.setups import Setup, Snapshots, Storage
from agora_rest.emulator.subscriptions import BOTH, EVERYBODY, Medium, Subscription, Track, UidList
from agora_rest.emulator.world import World

UIDS = st.integers(1, 4)
SOME = [frozenset({Medium.AUDIO}), frozenset({Medium.VIDEO}), BOTH]
MEDIA = st.sampled_from([frozenset(), *SOME])
LISTS = st.one_of(
    st.none(), st.just(EVERYBODY), st.builds(UidList, st.frozensets(UIDS, min_size=1, max_size=2), st.booleans())
)
PRIVILEGES = {Medium.AUDIO: Privilege.PUBLISH_AUDIO, Medium.VIDEO: Privilege.PUBLISH_VIDEO}


class CurrentMachine(RuleBasedStateMachine):
    """One recording, a model of its channel, and what follows from it."""

    @initialize(mode=st.sampled_from(["mix", "individual"]), audio=LISTS, video=LISTS, most=st.integers(1, 4))
    def begin(self, mode: str, audio: UidList | None, video: UidList | None, most: int) -> None:
        self.clock = FrozenClock()
        self.world = World(self.clock, Ids(0), Settings(DialectName.CURRENT))
        self.users: dict[int, frozenset[Medium]] = {}
        self.mutes: list[tuple[int, frozenset[Medium], float]] = []
        self.named: list[str] = []
        who = Identity(DEMO_APP_ID, "lesson", 99)
        setup = Setup(
            RecordingMode(mode),
            Storage(1, 0, "b"),
            subscription=Subscription.of(BOTH, audio, video, most),
            snapshots=Snapshots(5, only=False) if mode == "individual" else None,
        )
        recording = self.world.start(self.world.acquire(who).id, who, max_idle_time=10**6, setup=setup)
        assert isinstance(recording, CurrentRecording)
        self.recording = recording

    @rule(uid=UIDS)
    def join(self, uid: int) -> None:
        self.world.join(DEMO_APP_ID, "lesson", uid)
        self.users[uid] = BOTH

    @rule(uid=UIDS)
    def leave(self, uid: int) -> None:
        try:
            self.world.leave(DEMO_APP_ID, "lesson", uid)
        except NotInChannel:
            assert uid not in self.users
        self.users.pop(uid, None)

    @rule(uid=UIDS, media=MEDIA)
    def publish(self, uid: int, media: frozenset[Medium]) -> None:
        if uid in self.users:
            self.world.publish(DEMO_APP_ID, "lesson", uid, media)
            self.users[uid] = media

    @rule(uid=UIDS, media=st.sampled_from(SOME), seconds=st.integers(10, 60))
    def mute(self, uid: int, media: frozenset[Medium], seconds: int) -> None:
        privileges = frozenset(PRIVILEGES[medium] for medium in media)
        self.world.create_rule(DEMO_APP_ID, Target(uid=uid), time_in_seconds=seconds, privileges=privileges)
        self.mutes.append((uid, media, self.clock.now() + seconds))

    @rule(audio=LISTS, video=LISTS)
    def subscribe(self, audio: UidList | None, video: UidList | None) -> None:
        most = self.recording.subscription.most_users
        self.world.update(self.recording, subscription=Subscription.of(BOTH, audio, video, most))

    @rule(seconds=st.integers(1, 90))
    def fail_over(self, seconds: int) -> None:
        try:
            self.world.fail_over(self.recording.sid, seconds)
        except Conflict:
            assert self.recording.is_failing_over(self.clock.now())

    @rule(seconds=st.integers(1, 40))
    def wait(self, seconds: int) -> None:
        self.clock.advance(seconds)
        self.world.settle()

    def expected(self) -> list[Track]:
        """The recorded tracks, by the model."""
        now, subscription = self.clock.now(), self.recording.subscription
        lists = {Medium.AUDIO: subscription.audio, Medium.VIDEO: subscription.video}
        found: dict[int, list[Track]] = {}
        for uid, media in self.users.items():
            muted = {medium for who, each, until in self.mutes if who == uid and now < until for medium in each}
            heard = [each for each in Medium if each in media - muted and lists[each].includes(uid)]
            if heard and len(found) < subscription.most_users:
                found[uid] = [Track(uid, medium) for medium in heard]
        return [track for tracks in found.values() for track in tracks]

    @invariant()
    def who_is_recorded_follows_from_who_publishes(self) -> None:
        if hasattr(self, "recording"):
            assert set(self.recording.spans.active) == set(self.expected())

    @invariant()
    def files_stay_and_are_named_once(self) -> None:
        if not hasattr(self, "recording"):
            return
        now = self.clock.now()
        names = [file.name for file in recorded_files(self.recording, now)]
        assert len(names) == len(set(names))
        assert set(self.named) <= set(names)
        assert all(file.since <= now for file in recorded_files(self.recording, now))
        self.named = names

    @invariant()
    def snapshots_are_at_least_an_interval_apart(self) -> None:
        if hasattr(self, "recording"):
            for series in snapshot_series(self.recording, self.clock.now()):
                spans = self.recording.spans.by_key[Track(series.uid, Medium.VIDEO)]
                assert series.taken <= (self.clock.now() - spans[0].since) // 5 + len(spans) + len(
                    self.recording.failovers
                )


TestCurrent = CurrentMachine.TestCase
TestCurrent.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
