"""One account at Agora: its objects and their interactions, independent of HTTP."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from heapq import heappop, heappush
from typing import Any, Final

from agora_rest.emulator.channels import Channel, ChannelPage, Channels, Mode, Platform, Role, User
from agora_rest.emulator.clock import Clock, Instant
from agora_rest.emulator.current_recordings import CurrentRecording
from agora_rest.emulator.ids import Ids
from agora_rest.emulator.modes import RecordingMode
from agora_rest.emulator.projects import Project, Projects
from agora_rest.emulator.quotas import Quotas
from agora_rest.emulator.recordings import (
    DEFAULT_MAX_IDLE_TIME,
    FILE_TYPES,
    REFUSED_AFTER,
    Ending,
    Identity,
    Recording,
    Recordings,
    Resource,
)
from agora_rest.emulator.refusals import Barred, Code, Conflict, InvalidInput, NoSuchRecording
from agora_rest.emulator.rules import JOIN_ONLY, Privilege, Rule, Rules, Target, ban_minutes, ban_seconds
from agora_rest.emulator.settings import DialectName, Settings
from agora_rest.emulator.setups import Setup, Storage
from agora_rest.emulator.subscriptions import Medium, Streams, Subscription
from agora_rest.emulator.usage import Business, DayOfMinutes, MetricsReport, Usage, check_range
from agora_rest.emulator.web_pages import PageFate

DEMO_NAME: Final = "demo"
"""Name of the project that a new emulator has."""
DEMO_ID: Final = "demo"
"""ID of that project."""
DEMO_APP_ID: Final = "0123456789abcdef0123456789abcdef"
"""App ID of that project."""


class World:
    """The projects of one account and their channels. Starts with one project, `demo`."""

    def __init__(self, clock: Clock, ids: Ids, settings: Settings | None = None, *, with_demo: bool = True) -> None:
        self.clock = clock
        self.settings = settings or Settings()
        self.quotas = Quotas()
        self.projects = Projects(ids)
        self.channels = Channels()
        self.rules = Rules(ids)
        self.recordings = Recordings(ids)
        self.usage = Usage()
        self.pages: dict[str, PageFate] = {}
        """The outcome of opening a URL, if it is not the usual one."""
        self._mutes: list[tuple[Instant, str, str]] = []
        """When rules against publishing end, their App IDs, and their channels (empty: all of them): a heap."""
        if with_demo:
            self.create_project(DEMO_NAME, app_id=DEMO_APP_ID, project_id=DEMO_ID)

    # Recordings

    def acquire(self, identity: Identity, **announced: Any) -> Resource:
        """Issue a resource ID for one recording (CR-10). What `acquire` has `announced` are fields of `Resource`."""
        self.projects.require_app_id(identity.app_id)
        if self.settings.edition == "current":
            self.recordings.check_account(self.clock.now())
        return self.recordings.acquire(identity, self.clock.now(), **announced)

    def start(
        self,
        resource_id: str,
        identity: Identity,
        *,
        max_idle_time: float = DEFAULT_MAX_IDLE_TIME,
        file_types: Sequence[str] = FILE_TYPES,
        digest: bytes | None = None,
        bucket: str = "",
        setup: Setup | None = None,
    ) -> Recording:
        """Send the recorder into the channel (CR-20).

        No user of the channel may have its uid (CR-14). If a kicking rule keeps it out, the recording starts and ends
        immediately, abnormally (CO-48). `digest` is that of the request, for a resource with a `start_digest`. `bucket`
        is where files go. With `setup`, the recording is one of the present documents.
        """
        self.projects.require_app_id(identity.app_id)
        now = self.clock.now()
        mode = RecordingMode.MIX if setup is None else setup.mode
        channel = None if mode is RecordingMode.WEB else self.channels.find(identity.app_id, identity.cname)
        recording = self.recordings.start(
            resource_id,
            identity,
            now,
            max_idle_time=max_idle_time,
            users=() if channel is None else channel.users.keys(),
            is_idle=mode is not RecordingMode.WEB and self._is_idle(channel),
            needs_users=self.settings.dialect != DialectName.DOCUMENTED,
            file_types=file_types,
            digest=digest,
            mode=mode,
            create=Recording if setup is None else partial(CurrentRecording, setup=setup),
        )
        if bucket in self.recordings.refused_buckets:
            recording.refused_at = now + REFUSED_AFTER
        if channel is not None:
            recording.observe(self.streams(channel), now)
        if isinstance(recording, CurrentRecording) and recording.setup.push_url is not None:
            recording.start_push(recording.setup.push_url, self.fate_of(recording.setup.push_url), now)
        if recording.is_in_channel and self.rules.deny_join(identity.app_id, identity.cname, identity.uid, None, now):
            recording.end(Ending.PUT_OFFLINE, now)
        return recording

    def query(self, app_id: str, resource_id: str, sid: str, mode: RecordingMode = RecordingMode.MIX) -> Recording:
        """A recording, while it runs and for some time afterwards (CR-40)."""
        self.projects.require_app_id(app_id)
        return self._reachable(self.recordings.resource(app_id, resource_id), sid, mode)

    def running(self, resource_id: str, sid: str, identity: Identity, mode: RecordingMode) -> CurrentRecording:
        """A running recording of the present documents; one that is over is not found (CR-144)."""
        self.projects.require_app_id(identity.app_id)
        resource = self.recordings.owned(resource_id, identity)
        recording = self._reachable(resource, sid, mode)
        if not isinstance(recording, CurrentRecording) or not recording.is_running(self.clock.now()):
            raise resource.worker_not_found()
        return recording

    def update(
        self,
        recording: CurrentRecording,
        *,
        subscription: Subscription | None = None,
        on_hold: bool | None = None,
        push_url: str | None = None,
        storage: Storage | None = None,
    ) -> CurrentRecording:
        """Change a running recording (CR-145). What does not concern its mode has no effect."""
        now = self.clock.now()
        if subscription is not None:
            recording.subscribe(subscription, now)
        if recording.mode is RecordingMode.WEB:
            if on_hold is not None:
                recording.hold(on_hold, now)
            if push_url is not None and recording.push is not None:
                recording.start_push(push_url, self.fate_of(push_url), now)
        if storage is not None:
            recording.storage = storage
        return recording

    def stop(
        self, resource_id: str, sid: str, identity: Identity, mode: RecordingMode = RecordingMode.MIX
    ) -> Recording:
        """Take the recorder out of the channel (CR-50). While it exits, another stop is refused with 49 (CR-155)."""
        self.projects.require_app_id(identity.app_id)
        if self.settings.edition == "current":
            resource = self.recordings.owned(resource_id, identity)
            if not self._reachable(resource, sid, mode).is_running(self.clock.now()):
                raise resource.refused(Code.INVALID_OPERATION, "invalid operation")
        return self.recordings.stop(resource_id, sid, identity, self.clock.now())

    def fail_over(self, sid: str, seconds: float) -> CurrentRecording:
        """Move a running recording of the present documents to another server (CR-144). Raises NoSuchRecording."""
        for resource in self.recordings.resources():
            recording = resource.recording
            if recording is not None and recording.sid == sid:
                if not isinstance(recording, CurrentRecording) or not recording.is_running(self.clock.now()):
                    raise Conflict("sid: is not a running recording of the current dialect")
                if recording.is_failing_over(self.clock.now()):
                    raise Conflict("sid: is on the way to another server already")
                recording.fail_over(seconds, self.clock.now())
                return recording
        raise NoSuchRecording

    def fate_of(self, url: str) -> PageFate:
        """The outcome of opening a URL."""
        return self.pages.get(url, PageFate.LOADS)

    def with_fate(self, setup: Setup) -> Setup:
        """`setup` with what happens when its page is opened."""
        if setup.page is None:
            return setup
        return replace(setup, page=replace(setup.page, fate=self.fate_of(setup.page.url)))

    def _reachable(self, resource: Resource, sid: str, mode: RecordingMode) -> Recording:
        """The recording with this sid and mode, unless it is failing over (CR-80, CR-144)."""
        now = self.clock.now()
        recording = resource.find(sid, now)
        if isinstance(recording, CurrentRecording):
            if recording.mode is not mode:
                raise resource.worker_not_found("CR-80")
            if recording.is_failing_over(now):
                raise resource.worker_not_found()
        return recording

    # Projects

    def create_project(self, name: str, **more: Any) -> Project:
        """Create a project, with new IDs unless they are passed (CO-10). See `Projects.create` for the rest."""
        return self.projects.create(name, self.clock.now(), **more)

    def set_project_status(self, project_id: str, enabled: bool) -> Project:
        """Enable or disable a project (CO-16). When disabled, its App ID is invalid; users stay in its channels."""
        project = self.projects.get(project_id)
        project.enabled = enabled
        return project

    def delete_project(self, project_id: str) -> None:
        """Delete a project (CO-18): its channels, rules and recordings end with it."""
        app_id = self.projects.delete(project_id).app_id
        now = self.clock.now()
        for recording in self.recordings.of(app_id, now):
            recording.end(Ending.PUT_OFFLINE, now)
        self.channels.forget(app_id)
        self.rules.forget(app_id)

    def set_recording_server(self, project_id: str, address: str) -> Project:
        """Store the address of an on-premise recording server (CO-19)."""
        project = self.projects.get_enabled(project_id)
        project.recording_server = address
        return project

    def enable_certificate(self, project_id: str, enabled: bool) -> Project:
        """Enable or disable the primary certificate (CO-20)."""
        project = self.projects.get_enabled(project_id)
        project.certificate_enabled = enabled
        return project

    # Usage

    def usage_minutes(
        self, first: date, last: date, project_ids: Sequence[str] | None = None
    ) -> list[tuple[Project, list[DayOfMinutes]]]:
        """Minutes per project and day (CO-30); by default of all projects. Unknown projects are ignored (CO-33)."""
        check_range(first, last)
        # A project that is named twice is returned once.
        chosen = None if project_ids is None else set(project_ids)
        return [
            (project, self.usage.minutes(project.id, first, last))
            for project in self.projects.all()
            if chosen is None or project.id in chosen
        ]

    def usage_metrics(self, project_id: str, business: Business, first: date, last: date) -> MetricsReport:
        """The metrics of one project by day (CO-34). An unknown project is CO-17's 404 (CO-36)."""
        check_range(first, last)
        present = self.settings.edition == "current"
        return self.usage.metrics(self.projects.get(project_id).id, business, first, last, present=present)

    # Kicking rules

    def create_rule(
        self,
        app_id: str,
        target: Target,
        time: float | None = None,
        time_in_seconds: float | None = None,
        privileges: frozenset[Privilege] = JOIN_ONLY,
    ) -> Rule:
        """Put matching users offline and keep them out for `time` minutes (CO-40, CO-42), or for `time_in_seconds`.

        If both are given, `time_in_seconds` applies (CO-84). With other privileges, users stay and are muted (CO-79).
        """
        self.projects.require_app_id(app_id)
        for name, given in (("time", time), ("time_in_seconds", time_in_seconds)):
            if given is not None and given < 0:
                raise InvalidInput(f"{name}: must not be negative")  # an update may be (CO-46)
        rule = self.rules.create(app_id, target, _ban(time, time_in_seconds), self.clock.now(), privileges=privileges)
        if rule.bars:
            self._put_offline(rule)
        self._on_mute(rule)
        return rule

    def list_rules(self, app_id: str) -> list[Rule]:
        """The rules in force (CO-45)."""
        self.projects.require_app_id(app_id)
        return self.rules.of(app_id, self.clock.now())

    def update_rule(
        self, app_id: str, rule_id: int, time: float | None = None, time_in_seconds: float | None = None
    ) -> Rule:
        """Set a rule to end `time` minutes from now: at least one, also for negative values; 0 ends it (CO-46)."""
        self.projects.require_app_id(app_id)
        rule = self.rules.update(app_id, rule_id, _ban(time, time_in_seconds), self.clock.now())
        if rule.bars and self.settings.edition == "current" and not rule.in_force(self.clock.now()):
            self._put_offline(rule)  # once more (CO-83)
        self._on_mute(rule)
        return rule

    def delete_rule(self, app_id: str, rule_id: int) -> Rule:
        """Delete a rule (CO-47)."""
        self.projects.require_app_id(app_id)
        rule = self.rules.delete(app_id, rule_id, self.clock.now())
        self._on_mute(rule)
        return rule

    def settle(self) -> None:
        """Let the users publish again whose rules have ended since the last call. Called before anything is read."""
        if not self._mutes:
            return
        now = self.clock.now()
        while self._mutes and self._mutes[0][0] <= now:
            until, app_id, cname = heappop(self._mutes)
            self._show_streams(app_id, cname, until)

    def restore_rule(self, rule: Rule) -> None:
        """Add an existing rule."""
        self.rules.restore(rule)
        self._on_mute(rule)

    def _on_mute(self, rule: Rule) -> None:
        """Apply a rule against publishing that was created, changed or deleted."""
        if rule.mutes:
            cname = rule.target.cname or ""
            heappush(self._mutes, (rule.until, rule.app_id, cname))
            self._show_streams(rule.app_id, cname, self.clock.now())

    def _put_offline(self, rule: Rule) -> None:
        """Apply a new rule to the current users (CO-48).

        Users do not rejoin on their own; a recorder rejoins immediately unless a rule keeps it out. So a rule of 0
        minutes (CO-42) empties channels but ends no recording.
        """
        now, cname = self.clock.now(), rule.target.cname
        for channel in self.channels.selected(rule.app_id, cname):
            for user in list(channel.users.values()):
                if rule.target.fits(channel.name, user.uid, user.ip):
                    self._take_out(rule.app_id, channel.name, user.uid)
        if rule.in_force(now):
            for recording in self.recordings.unended(rule.app_id, cname):
                fits = rule.target.fits(recording.identity.cname, recording.identity.uid, None)
                if fits and recording.is_in_channel and recording.is_running(now):
                    recording.end(Ending.PUT_OFFLINE, now)

    # Channels

    def join(
        self,
        app_id: str,
        cname: str,
        uid: int,
        *,
        ip: str | None = None,
        role: Role | None = None,
        mode: Mode | None = None,
        platform: Platform = Platform.OTHER,
    ) -> User:
        """Add a user to a channel. Raises InvalidAppId, Conflict, and Barred while a rule denies it (CO-48)."""
        self.projects.require_app_id(app_id)
        now = self.clock.now()
        if self.rules.deny_join(app_id, cname, uid, ip, now):
            raise Barred("a kicking rule keeps this user out of the channel")
        recordings = self.recordings.in_channel(app_id, cname, now)
        if any(recording.identity.uid == uid for recording in recordings):
            raise Conflict("uid: is a recorder's in this channel")  # CR-14
        was_idle = not recordings or self._is_idle(self.channels.find(app_id, cname))
        user = self.channels.join(app_id, cname, uid, now, ip=ip, role=role, mode=mode, platform=platform)
        if recordings:  # looking for hosts takes long where many users are
            self._on_idle_change(app_id, cname, was_idle, now)
        self._show_user(app_id, cname, uid, user, now)
        return user

    def leave(self, app_id: str, cname: str, uid: int) -> None:
        """Remove a user from a channel. Raises NotInChannel."""
        self._take_out(app_id, cname, uid)

    def publish(self, app_id: str, cname: str, uid: int, media: frozenset[Medium]) -> User:
        """Let a user publish exactly these media from now on. Raises NotInChannel, and Conflict for the audience."""
        user = self.channels.publish(app_id, cname, uid, media)
        self._show_user(app_id, cname, uid, user, self.clock.now())
        return user

    def streams(self, channel: Channel, at: Instant | None = None) -> Streams:
        """The media that each user of a channel publishes and no rule forbids."""
        at = self.clock.now() if at is None else at
        if not any(rule.mutes for rule in self.rules.of(channel.app_id, at)):
            return channel.streams()
        allowed = partial(self.rules.allowed_media, channel.app_id, channel.name)
        return {user.uid: user.publishes & allowed(user.uid, user.ip, at) for user in channel.users.values()}

    def _take_out(self, app_id: str, cname: str, uid: int) -> None:
        was_idle = self._is_idle(self.channels.find(app_id, cname))
        self.channels.leave(app_id, cname, uid)
        now = self.clock.now()
        self._show_user(app_id, cname, uid, None, now)
        self._on_idle_change(app_id, cname, was_idle, now)

    def _on_idle_change(self, app_id: str, cname: str, was_idle: bool, now: Instant) -> None:
        """Record that a channel has become idle, also because its last host became audience, or is idle no more."""
        is_idle = self._is_idle(self.channels.find(app_id, cname))
        if is_idle and not was_idle:
            self.recordings.on_users_left(app_id, cname, now)
        elif was_idle and not is_idle:
            self.recordings.on_users_joined(app_id, cname, now)

    def _is_idle(self, channel: Channel | None) -> bool:
        """Whether a channel lets recordings idle: it has no users, or today no hosts if it is live (CR-28, CR-108)."""
        if channel is None:
            return True
        return self.settings.edition == "current" and channel.mode is Mode.LIVE and not channel.has_hosts

    def _show_streams(self, app_id: str, cname: str, at: Instant) -> None:
        """Pass to the recordings of a channel, or of all if `cname` is empty, the media that users publish."""
        for channel in self.channels.selected(app_id, cname or None):
            if self.recordings.in_channel(app_id, channel.name, at):
                self.recordings.on_streams(app_id, channel.name, self.streams(channel, at), at)

    def _show_user(self, app_id: str, cname: str, uid: int, user: User | None, now: Instant) -> None:
        """Pass to the recordings of a channel the media of one user; None if the user has left."""
        recordings = self.recordings.in_channel(app_id, cname, now)
        if not recordings:
            return
        published = None
        if user is not None:
            published = user.publishes & self.rules.allowed_media(app_id, cname, uid, user.ip, now)
        for recording in recordings:
            recording.observe_user(uid, published, now)

    def find_user(self, app_id: str, cname: str, uid: int) -> User | None:
        """A user of a channel, or None (CO-50)."""
        channel = self.find_channel(app_id, cname)
        return None if channel is None else channel.users.get(uid)

    def find_channel(self, app_id: str, cname: str) -> Channel | None:
        """A channel, or None if it has no users (CO-51 … CO-53)."""
        self.projects.require_app_id(app_id)
        return self.channels.find(app_id, cname)

    def channel_page(self, app_id: str, number: int, size: int) -> ChannelPage:
        """A page of the existing channels (CO-54)."""
        self.projects.require_app_id(app_id)
        return self.channels.page(app_id, number, size)


def _ban(time: float | None, time_in_seconds: float | None) -> float:
    """The minutes of a ban; if its duration is given in both units, seconds apply (observed)."""
    return ban_minutes(time) if time_in_seconds is None else ban_seconds(time_in_seconds) / 60
