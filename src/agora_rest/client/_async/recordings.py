"""Records channels into the caller's own storage."""

from __future__ import annotations

import dataclasses
import uuid
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import TYPE_CHECKING, Any, ClassVar, Final, Self

from agora_rest.client import _results
from agora_rest.client._argument_names import argument_name
from agora_rest.client._arguments import uid_text
from agora_rest.client._async.calls import AsyncCalls
from agora_rest.client._async.recording import AsyncRecording
from agora_rest.client._async.session import AsyncRecordSession
from agora_rest.client._extra import merged
from agora_rest.client._journal_protocol import RecordingJournal
from agora_rest.client._modes import INDIVIDUAL, MIX, WEB, check_mode, require_mode
from agora_rest.client._retries import UPLOADING
from agora_rest.client._uncancellable import async_run_uncancellable
from agora_rest.client.enums import RecordingMode, UploadingStatus
from agora_rest.client.models import Ban, RecordingState, Resource, StartedRecording, StoppedRecording
from agora_rest.errors import (
    AgoraError,
    AlreadyRecording,
    ApiError,
    CallError,
    InvalidArgument,
    InvalidParameter,
    RateLimited,
    RecorderBusy,
    RecordingLost,
)
from agora_rest.redaction import HIDDEN, Payload, hidden, shielded

if TYPE_CHECKING:
    from agora_rest.client._renewals import AsyncStorageCallback
    from agora_rest.client.settings import (
        AnyConfig,
        IndividualConfig,
        RecordingConfig,
        ResourceConfig,
        Storage,
        Subscription,
        UserBackground,
        WebConfig,
    )
    from agora_rest.layouts import Layout

_AT_MOST: Final = "for its max_recording_hour at most"


class AsyncRecordings:
    """Recordings of the channels of one App ID, and of web pages (facts CR-10 … CR-54, CR-70 … CR-159).

    Most programs need only `record`, `record_individual` and `record_web`. Their calls are available too, for programs
    that store the values between them. `token` is the recorder's token: Agora requires one if the project's App
    Certificate is enabled. It must be valid for the channel and the recorder's uid, for longer than the recording
    lasts. `extra` sets members of `clientRequest` that servers accept but the documents do not mention. It is merged
    with the other arguments, object by object; InvalidArgument is raised for a member that both set to different
    values.
    """

    _can_end: ClassVar[bool] = False
    """Whether everything that ends a recording is loaded."""

    def __init__(self, calls: AsyncCalls, app_id: str) -> None:
        self._calls, self._app_id = calls, app_id

    def record(
        self,
        channel: str,
        *,
        uid: int | str,
        storage: Storage,
        config: RecordingConfig | None = None,
        resource_config: ResourceConfig | None = None,
        token: str | None = None,
        extra: Mapping[str, Any] | None = None,
        journal: RecordingJournal | None = None,
        renew_storage: AsyncStorageCallback | None = None,
    ) -> AbstractAsyncContextManager[AsyncRecording]:
        """Record `channel` into one file during the block: acquire and start before it, always stop after it.

        `uid` is the recorder's user ID, which must be unique in the channel. If the stop fails, a kicking rule of one
        minute puts the recorder offline, and the stop's error is raised; if the block has failed already, the block's
        error is raised, with a note about what may be running.

        In the main thread, Ctrl-C is held back while the recording is started, stopped or put offline, however often it
        is pressed. It is raised afterwards, at the latest after the deadlines of these calls (two minutes). In the
        block it interrupts as usual.

        The recording belongs to this process: one that is forked in the block, and leaves it, ends nothing.

        A start whose response is lost is retried with the same resource ID, which is good for one recording only
        (CR-12). If its `sid` remains unknown, the recorder is put offline too, and RecordingLost reports what is
        certain.

        With a `journal` (`agora_rest.fleet.Journal`), each call is recorded before it is made. If this program crashes,
        any `agora-rest fleet worker` of that journal, or its `recover`, ends the recording.

        With temporary keys and their `sts_expiration` in `storage`, `renew_storage` is called beside the block, without
        arguments, whenever half of the time until then is over, and after an hour at the latest (CR-102). It returns
        the storage with new keys, which the recording is updated with. Should it fail, it is called again after a
        minute; a warning is logged.
        """
        config = _config_of(MIX, config)
        return self._session(
            channel, uid, storage, config, resource_config, token, extra, journal=journal, renew_storage=renew_storage
        )

    def record_individual(
        self,
        channel: str,
        *,
        uid: int | str,
        storage: Storage,
        config: IndividualConfig,
        resource_config: ResourceConfig | None = None,
        token: str | None = None,
        extra: Mapping[str, Any] | None = None,
        journal: RecordingJournal | None = None,
        renew_storage: AsyncStorageCallback | None = None,
    ) -> AbstractAsyncContextManager[AsyncRecording]:
        """Record each user of `channel` into files of their own during the block, or make snapshots of their videos.

        Everything else is as for `record`.
        """
        config = _config_of(INDIVIDUAL, config)
        return self._session(
            channel, uid, storage, config, resource_config, token, extra, journal=journal, renew_storage=renew_storage
        )

    def record_web(
        self,
        url: str,
        *,
        storage: Storage,
        config: WebConfig,
        name: str | None = None,
        uid: int | str = 1,
        resource_config: ResourceConfig | None = None,
        extra: Mapping[str, Any] | None = None,
        journal: RecordingJournal | None = None,
        renew_storage: AsyncStorageCallback | None = None,
    ) -> AbstractAsyncContextManager[AsyncRecording]:
        """Record the web page at `url` during the block, about 5 seconds after its start.

        `name` tells this recording apart from others, with `uid`: the service refuses a second one of both at the same
        time. It has 1 to 1024 bytes (CR-81); by default it is random.

        Everything else is as for `record`, but for what is done when a call fails: the recorder of a page is in no
        channel, so no kicking rule reaches it. A stop that fails is repeated for a minute and a half. If the `sid` of a
        start remains unknown, the start is repeated with the same resource ID, which cannot start a second recording;
        if that gives the `sid`, the recording is stopped. Otherwise RecordingLost, or a note, says that it may be
        running, which it does for `max_recording_hour` at most.
        """
        config = _config_of(WEB, config, url)
        label = f"web-{uuid.uuid4().hex}" if name is None else name
        return self._session(
            label, uid, storage, config, resource_config, None, extra, journal=journal, renew_storage=renew_storage
        )

    def _session(
        self,
        channel: str,
        uid: int | str,
        storage: Storage,
        config: AnyConfig | None,
        resource_config: ResourceConfig | None,
        token: str | None,
        extra: Mapping[str, Any] | None,
        *,
        journal: RecordingJournal | None,
        renew_storage: AsyncStorageCallback | None,
    ) -> AbstractAsyncContextManager[AsyncRecording]:
        """The block of a recording in any mode."""
        token, extra, mode = hidden(token), shielded(extra), MIX if config is None else config.mode
        recordings: AsyncRecordings = self
        if journal is not None:
            from agora_rest.client._async.journaled import (
                AsyncJournaledRecordings,  # not at the top: it imports this module
            )

            recordings = AsyncJournaledRecordings(self._calls, self._app_id, journal)
        if mode is WEB:
            resource_config = _outlasting(config, resource_config)

        async def acquire() -> Resource:
            self._check(channel, uid, mode, resource_config, _start_request(storage, config, token, extra))
            await async_run_uncancellable(self._load_end)
            return await recordings.acquire(channel, uid, mode=mode, config=resource_config)

        async def start(acquired: Resource) -> StartedRecording:
            return await recordings.start(acquired, storage, config=config, token=token, extra=extra)

        renewal = None
        if renew_storage is not None:
            from agora_rest.client._async.renewal import AsyncStorageRenewal  # most recordings never need it
            from agora_rest.client._renewals import check_renewable

            check_renewable(storage, renew_storage)

            renewal = AsyncStorageRenewal(self, renew_storage, storage, self._calls.clock)
        return AsyncRecordSession(recordings, acquire, start, mode, renewal)

    async def acquire(
        self,
        channel: str,
        uid: int | str,
        *,
        mode: RecordingMode | str = MIX,
        config: ResourceConfig | None = None,
        token: str | None = None,
        extra: Mapping[str, Any] | None = None,
    ) -> Resource:
        """Acquire a resource ID for one recording by `uid`, valid for five minutes (CR-10 … CR-14).

        A resource for mode `web` serves no other mode; `channel` is the label of that recording then, of 1 to 1024
        bytes (CR-81, CR-83, CR-84).

        A `token` is sent in `startParameter`; the service requires that `start` sends the same (CR-90). Most callers
        pass the token to `start` only.
        """
        from agora_cloud_recording.api.recordings import acquire

        token, extra = hidden(token), shielded(extra)
        members = _acquire_members(mode, config)
        if token is not None:
            members["startParameter"] = Payload(token=_valid_token("acquire", token))
        request = _client_request("acquire", members, extra)
        return await self._calls.send(
            acquire.request(appid=self._app_id, body=_request(channel, uid, request)),
            _results.resource(channel, uid_text(uid), RecordingMode(mode)),
        )

    async def start(
        self,
        resource: Resource,
        storage: Storage,
        *,
        config: AnyConfig | None = None,
        token: str | None = None,
        extra: Mapping[str, Any] | None = None,
    ) -> StartedRecording:
        """Start the recording that `resource` was acquired for (CR-20 … CR-36). The type of `config` sets the mode.

        Keep the result: without it, the recording cannot be stopped. Raises ResourceExpired after five minutes,
        AlreadyRecording while it runs, ResourceUsed afterwards. Repeating it with the same resource never starts a
        second recording (CR-12).
        """
        from agora_cloud_recording.api.recordings import start_recording

        _require("resource", resource, Resource, "start_recording")
        token, extra = hidden(token), shielded(extra)
        request = _start_request(storage, config, token, extra)
        mode = MIX if config is None else config.mode
        _require_same_scene(resource, config, mode)
        return await self._calls.send(
            start_recording.request(
                appid=self._app_id,
                resourceid=resource.resource_id,
                mode=str(mode),
                body=_request(resource.channel, resource.uid, request),
            ),
            _results.started(resource, mode),
        )

    @asynccontextmanager
    async def reserving(self) -> AsyncIterator[Self]:
        """A view that holds the permit for one `start`, so that no resource ID ages while waiting for it (CR-11).

        ```python
        async with recordings.reserving() as reserved:
            resource = await reserved.acquire(channel, uid)
            started = await reserved.start(resource, storage)
        ```
        """
        async with self._calls.reserving("start_recording") as calls:
            yield type(self)(calls, self._app_id)

    async def query(self, recording: StartedRecording) -> RecordingState:
        """Query the state of a recording (CR-40 … CR-42). Raises NotFound if it does not exist, or no longer exists."""
        from agora_cloud_recording.api.recordings import query_recording

        return await self._calls.send(
            query_recording.request(**self._path(recording, "query_recording")),
            _results.recording_state,
        )

    async def update(
        self,
        recording: StartedRecording,
        *,
        subscribe_audio: Subscription | None = None,
        subscribe_video: Subscription | None = None,
        onhold: bool | None = None,
        rtmp_urls: Sequence[str] | None = None,
        storage: Storage | None = None,
        extra: Mapping[str, Any] | None = None,
    ) -> None:
        """Change a running recording (CR-145). What is not passed stays as it is. At least one argument is needed.

        Args:
            recording: The recording.
            subscribe_audio: Whose sound to record from now on; in modes `individual` and `mix` (CR-146). The rule for
                one medium alone is that of `RecordingConfig`: pass both, or the other medium is not recorded any more.
            subscribe_video: Whose video to record from now on, likewise.
            onhold: Whether to pause the recording of a web page, or to resume it (CR-147).
            rtmp_urls: The one address to push a web page to from now on; needs a recording that was started with one
                (CR-148).
            storage: The storage with new keys, in all modes (CR-149). `renew_storage` of `record` does this in time.
            extra: As elsewhere.

        Raises InvalidArgument for what the mode of the recording does not have, NotFound if it is over.
        """
        from agora_cloud_recording.api.recordings import update_recording

        path = self._path(recording, "update_recording")
        request = _update_request(
            subscribe_audio, subscribe_video, onhold=onhold, rtmp_urls=rtmp_urls, storage=storage, extra=shielded(extra)
        )
        check_mode("update_recording", recording.mode, request)
        body = _request(recording.channel, recording.uid, request)
        await self._calls.send(update_recording.request(**path, body=body), _results.changed)

    async def update_layout(
        self,
        recording: StartedRecording,
        layout: Layout,
        *,
        background_color: str | None = None,
        background_image: str | None = None,
        default_user_background_image: str | None = None,
        background_config: Sequence[UserBackground] | None = None,
        extra: Mapping[str, Any] | None = None,
    ) -> None:
        """Rearrange the videos of a recording in mode `mix` (CR-150).

        **Each call overwrites the whole layout**: a background that is not passed returns to its default, whatever the
        start or an earlier call has set (CR-151). The arguments are those of `TranscodingConfig`.
        """
        from agora_cloud_recording.api.recordings import update_layout

        from agora_rest.client.settings import layout_members

        path = self._path(recording, "update_layout")
        require_mode("update_layout", recording, [MIX], "a layout")
        members = layout_members(
            layout,
            background_color=background_color,
            background_image=background_image,
            default_user_background_image=default_user_background_image,
            background_config=background_config,
        )
        request = _client_request("update_layout", members, shielded(extra))
        body = _request(recording.channel, recording.uid, request)
        await self._calls.send(update_layout.request(**path, body=body), _results.changed)

    async def stop(
        self,
        recording: StartedRecording,
        *,
        async_stop: bool | None = None,
        extra: Mapping[str, Any] | None = None,
    ) -> StoppedRecording:
        """Stop a recording. Returns its files and their upload status (CR-50 … CR-53, CR-153, CR-154).

        The server may need half a minute, so this may take a minute, whatever the deadline of other calls. With
        `async_stop` it does not wait for the upload (CR-152).
        """
        from agora_cloud_recording.api.recordings import stop_recording

        extra, path = shielded(extra), self._path(recording, "stop_recording")
        members = {} if async_stop is None else {"async_stop": async_stop}
        request = _client_request("stop_recording", members, extra)
        try:
            return await self._calls.rescuing().send(
                stop_recording.request(**path, body=_request(recording.channel, recording.uid, request)),
                _results.stopped,
            )
        except ApiError as error:
            if error.code != UPLOADING:
                raise
        return StoppedRecording(uploading_status=UploadingStatus.UNKNOWN, files=())

    async def put_offline(self, channel: str, uid: str, *, repeat: bool = True) -> Ban:
        """Put a recorder offline for a minute, which ends its recording (CO-48), even with an unknown `sid`.

        During that minute, this `uid` cannot record the channel. With `repeat=False` it is tried once.
        """
        from agora_rest.client._async.kicking_rules import AsyncKickingRules  # most recordings never need it

        rules = AsyncKickingRules(self._calls.rescuing(), self._app_id)
        for again_after in (1.0, 2.0, 4.0, 8.0, None) if repeat else (None,):
            try:
                return await rules.ban(channel=channel, uid=uid, minutes=1)
            except CallError as error:
                # A second rule of one minute is harmless; a recording that is never stopped is not.
                refused = isinstance(error, ApiError) and not isinstance(error, RateLimited)
                if again_after is None or (refused and not error.may_have_taken_effect):
                    raise
            await self._calls.clock.sleep(again_after)
        raise AssertionError("unreachable")

    def _path(self, recording: StartedRecording, operation: str) -> dict[str, str]:
        """The parameters of a call about a recording."""
        _require("recording", recording, StartedRecording, operation)
        return {
            "appid": self._app_id,
            "resourceid": recording.resource_id,
            "sid": recording.sid,
            "mode": str(recording.mode),
        }

    def _check(
        self, channel: str, uid: int | str, mode: RecordingMode, config: ResourceConfig | None, request: Payload
    ) -> None:
        """Raise the InvalidArgument of `start` before a resource ID is acquired for it."""
        from agora_cloud_recording.api.recordings import acquire, start_recording

        members = _acquire_members(mode, config)
        try:
            self._calls.check(acquire.request(appid=self._app_id, body=_request(channel, uid, members)))
        except InvalidArgument as error:
            if mode is WEB and error.field == "cname":
                error.argument = "name"  # as `record_web` calls it
            raise
        body = _request(channel, uid, request)
        self._calls.check(start_recording.request(appid=self._app_id, resourceid="any", mode=str(mode), body=body))

    async def _load_end(self) -> None:
        """Load what ends a recording: later there may be no file descriptor left to read a module with."""
        if AsyncRecordings._can_end:
            return
        from agora_cloud_recording.api.recordings import query_recording, stop_recording
        from agora_console.api.kicking_rules import create_kicking_rule, list_kicking_rules

        from agora_rest.client._async.kicking_rules import AsyncKickingRules  # noqa: F401

        recording = {"appid": self._app_id, "resourceid": "any", "sid": "any", "mode": str(MIX)}
        rule = {"appid": self._app_id, "cname": "any", "uid": 1, "time": 1, "privileges": ["join_channel"]}
        self._calls.check(query_recording.request(**recording))
        self._calls.check(stop_recording.request(**recording, body=_request("any", "1", {})))
        self._calls.check(create_kicking_rule.request(body=rule))
        self._calls.check(list_kicking_rules.request(appid=self._app_id))
        AsyncRecordings._can_end = True

    async def _rescue_start(
        self,
        acquired: Resource,
        cause: BaseException | None,
        mode: RecordingMode,
        start: Callable[[Resource], Any],
    ) -> RecordingLost:
        """End a recording that may have started. Returns the error that describes its state."""

        async def rescue() -> RecordingLost:
            if mode is WEB:
                return await self._rescue_web(acquired, cause, start)
            return await self._rescue(acquired, cause)

        # A cancelled task must not leave a recording behind.
        return await async_run_uncancellable(rescue)

    async def _rescue(self, acquired: Resource, cause: BaseException | None) -> RecordingLost:
        """Put the recorder in a channel offline."""
        message = _unknown(acquired, cause)
        try:
            rule = await self.put_offline(acquired.channel, acquired.uid)
        except Exception as failure:  # noqa: BLE001  whatever it is, the caller has to know what may be running
            message += f" Putting the recorder offline failed ({failure}), so it may be running until the channel is "
            message += f"empty for its idle time. Starting {acquired} again is safe, and may give the sid."
            return _lost(message, acquired, may_be_running=True)
        message += f" The recorder was put offline, so nothing runs; rule {rule.id} keeps it out for a minute."
        return _lost(message, acquired, may_be_running=False, rule=rule)

    async def _rescue_web(
        self, acquired: Resource, cause: BaseException | None, start: Callable[[Resource], Any]
    ) -> RecordingLost:
        """Repeat the start of a web page's recording, which gives its sid or starts it, and stop it."""
        message = f"{_unknown(acquired, cause)} No kicking rule reaches the recorder of a web page."
        try:
            started: StartedRecording = await start(acquired)
        except InvalidParameter as failure:
            message += f" The start was repeated and refused as invalid ({failure}), so nothing runs."
            return _lost(message, acquired, may_be_running=False)
        except Exception as failure:  # noqa: BLE001  as above
            state = "is running" if isinstance(failure, AlreadyRecording | RecorderBusy) else "may be running"
            message += f" Repeating its start failed ({failure}), so it {state}, {_AT_MOST}."
            return _lost(message, acquired, may_be_running=True)
        return await self._ended_web(started, f"{message} The start was repeated with the same resource ID", acquired)

    async def _ended_web(self, started: StartedRecording, message: str, acquired: Resource) -> RecordingLost:
        """Stop a recording whose start was repeated."""
        may_be_running = False
        try:
            await self._note_started(started)
            await self.handle(started).end()
            message += ", and that recording stopped, so nothing runs."
        except Exception as failure:  # noqa: BLE001  as above
            may_be_running = not isinstance(failure, AgoraError) or failure.may_be_running
            state = f"may be running, {_AT_MOST}" if may_be_running else "is not running any more"
            message += f", but stopping it failed ({failure}), so it {state}."
        lost = _lost(message, acquired, may_be_running=may_be_running)
        lost.sid = started.sid
        return lost

    async def _note_started(self, started: StartedRecording) -> None:
        """Called when it is running. Only a journal records it."""

    async def _leave(self) -> None:
        """Called when the program can do no more to end it. Only a journal records it."""

    def handle(self, recording: StartedRecording) -> AsyncRecording:
        """A handle to a recording that was started before, possibly by another process."""
        _require("recording", recording, StartedRecording, None)
        return AsyncRecording(self, recording, self._calls.clock)


def _unknown(acquired: Resource, cause: BaseException | None) -> str:
    started = "was" if isinstance(cause, AlreadyRecording) else "may have been"
    return f"The recording of {acquired.channel!r} by {acquired.uid} {started} started, but its sid is unknown."


def _lost(message: str, acquired: Resource, *, may_be_running: bool, rule: Ban | None = None) -> RecordingLost:
    return RecordingLost(
        message,
        resource_id=acquired.resource_id,
        channel=acquired.channel,
        uid=acquired.uid,
        may_be_running=may_be_running,
        rule_id=rule.id if rule else None,
    )


_CONFIGS: Final = {
    MIX: ("RecordingConfig", "record"),
    INDIVIDUAL: ("IndividualConfig", "record_individual"),
    WEB: ("WebConfig", "record_web"),
}


def _config_of(mode: RecordingMode, config: Any, url: str | None = None) -> Any:
    """The configuration for a mode, and not that of another one."""
    if config is None and mode is MIX:
        return None
    given = None if isinstance(config, type) else getattr(config, "mode", None)
    if given is not mode:
        rule = f"must be {'an' if mode is INDIVIDUAL else 'a'} {_CONFIGS[mode][0]}"
        hint = f"; use {_CONFIGS[given][1]} for that one" if given in _CONFIGS else ""
        raise InvalidArgument("config", rule + hint, type(config) if config is not None else None)
    if mode is WEB:
        if config.url not in (None, url):
            raise InvalidArgument("url", "must not differ from that of `config`", url)
        return dataclasses.replace(config, url=url)
    return config


def _outlasting(config: Any, resource_config: ResourceConfig | None) -> ResourceConfig | None:
    """A resource that a web page's recording can be stopped with for as long as it may last (CR-132)."""
    from agora_rest.client.settings import ResourceConfig

    hours, given = config.max_recording_hour, getattr(resource_config, "resource_expired_hour", None)
    if not isinstance(hours, int) or not isinstance(resource_config, ResourceConfig | None):
        return resource_config  # It is rejected with the other arguments.
    if given is None and _EXPIRED_HOUR < hours <= _MAX_HOURS:
        return dataclasses.replace(resource_config or ResourceConfig(), resource_expired_hour=hours)
    if isinstance(given, int) and given < hours:
        rule = "must be at least max_recording_hour: a recording whose resource has expired cannot be stopped"
        raise InvalidArgument("resource_expired_hour", rule, given, facts=("CR-86", "CR-132"))
    return resource_config


_EXPIRED_HOUR: Final = 72
"""The default of `resource_expired_hour` (CR-85)."""
_MAX_HOURS: Final = 720
"""The most hours of both (CR-85, CR-130). The schema rejects more."""


def _acquire_members(mode: RecordingMode | str, config: ResourceConfig | None) -> Payload:
    """The `clientRequest` of acquire. In the modes of channels it has no `scene`, which is 0 by default (CR-83)."""
    members = Payload()
    if config is not None:
        from agora_rest.client.settings import ResourceConfig

        members = _written("config", config, ResourceConfig, "a ResourceConfig", "acquire")
    if not isinstance(mode, str) or mode not in _CONFIGS:
        rule = f"must be one of {', '.join(map(str, _CONFIGS))}"
        raise InvalidArgument("mode", rule, mode, operation="acquire", facts=("CR-79",))
    return Payload({**members, "scene": 1}) if mode == WEB else members


def _start_request(
    storage: Storage, config: AnyConfig | None, token: str | None, extra: Mapping[str, Any] | None
) -> Payload:
    from agora_rest.client.settings import Storage

    members = Payload(storageConfig=_written("storage", storage, Storage, "a storage such as S3Storage"))
    if config is not None:
        if isinstance(config, type) or not hasattr(config, "client_request"):
            rule = "must be a RecordingConfig, an IndividualConfig or a WebConfig"
            raise InvalidArgument("config", rule, type(config), operation="start_recording")
        members.update(config.client_request())
    if token is not None:
        members["token"] = _valid_token("start_recording", token)
    request = _client_request("start_recording", members, extra)
    check_mode("start_recording", MIX if config is None else config.mode, request)
    return request


def _update_request(
    subscribe_audio: Subscription | None,
    subscribe_video: Subscription | None,
    *,
    onhold: bool | None,
    rtmp_urls: Sequence[str] | None,
    storage: Storage | None,
    extra: Mapping[str, Any] | None,
) -> Payload:
    from agora_rest.client.settings import Storage, rtmp_outputs, subscription_members

    members = Payload()
    lists = {
        "audioUidList": subscription_members("subscribe_audio", subscribe_audio, "Audio"),
        "videoUidList": subscription_members("subscribe_video", subscribe_video, "Video"),
    }
    if subscribed := {name: members for name, members in lists.items() if members}:
        members["streamSubscribe"] = subscribed
    if onhold is not None:
        members["webRecordingConfig"] = {"onhold": onhold}
    if rtmp_urls is not None:
        members["rtmpPublishConfig"] = rtmp_outputs(rtmp_urls)
    if storage is not None:
        kinds = "a storage such as S3Storage"
        members["storageConfig"] = _written("storage", storage, Storage, kinds, "update_recording")
    if not members and extra is None:
        raise InvalidArgument("update", "needs at least one change", None, operation="update_recording")
    return _client_request("update_recording", members, extra)


def _require(name: str, value: Any, kind: type[Resource | StartedRecording], operation: str | None) -> None:
    """Refuse another object than one of `kind`, such as a `sid`."""
    if not isinstance(value, kind):
        hint = ": pass its `started`" if isinstance(getattr(value, "started", None), kind) else ""
        rule = f"must be a {kind.__name__}{hint}"
        given = None if value is None else type(value)
        raise InvalidArgument(name, rule, given, operation=operation)


def _require_same_scene(resource: Resource, config: AnyConfig | None, mode: RecordingMode) -> None:
    """Refuse a web page for the resource of a channel, and the other way round (CR-83)."""
    if resource.mode is None or (resource.mode == WEB) == (mode is WEB):
        return
    kinds = _CONFIGS[WEB][0] if resource.mode == WEB else "RecordingConfig or IndividualConfig"
    rule = f"must be a {kinds}, because the resource was acquired for mode {resource.mode}"
    given = None if config is None else type(config)
    raise InvalidArgument("config", rule, given, operation="start_recording", facts=("CR-83",))


def _written(name: str, setting: Any, kind: Any, kinds: str, operation: str = "start_recording") -> Payload:
    """`setting` in the form of a request. For other objects only the type is reported: they may contain keys."""
    if setting is None:
        raise InvalidArgument(name, "is required", None, operation=operation)
    if not isinstance(setting, kind):
        raise InvalidArgument(name, f"must be {kinds}", type(setting), operation=operation)
    written: Payload = setting.to_request()
    return written


def _valid_token(operation: str, token: Any) -> str:
    if not isinstance(token, str) or not token.isprintable() or not token:
        raise InvalidArgument("token", "must be a text without control characters", HIDDEN, operation=operation)
    return str.__str__(token)


def _client_request(operation: str, members: Mapping[str, Any], extra: Mapping[str, Any] | None) -> Payload:
    def name_of(path: str) -> str | None:
        return argument_name(operation, f"clientRequest.{path}")

    return merged(members, extra, operation=operation, name_of=name_of)


def _request(channel: str, uid: int | str, client_request: Mapping[str, Any]) -> Payload:
    return Payload(cname=channel, uid=uid_text(uid), clientRequest=client_request)
