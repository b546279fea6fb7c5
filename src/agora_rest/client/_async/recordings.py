"""Records channels into the caller's own storage."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
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
from agora_rest.client._retries import UPLOADING
from agora_rest.client._uncancellable import async_run_uncancellable
from agora_rest.client.enums import UploadingStatus
from agora_rest.client.models import Ban, RecordingState, Resource, StartedRecording, StoppedRecording
from agora_rest.errors import (
    AlreadyRecording,
    ApiError,
    CallError,
    InvalidArgument,
    RateLimited,
    RecordingLost,
)
from agora_rest.redaction import HIDDEN, Payload, hidden, shielded

if TYPE_CHECKING:
    from agora_rest.client.settings import RecordingConfig, Storage

_MODE: Final = "mix"  # CR-20: all users in one file, and no other mode


class AsyncRecordings:
    """Recordings of the channels of one App ID (facts CR-10 … CR-54).

    Most programs need only `record`. Its four calls are available too, for programs that store the values between them.
    `token` is the recorder's token: Agora requires one if the project's App Certificate is enabled. It must be valid
    for the channel and the recorder's uid, for longer than the recording lasts.
    `extra` sets members of `clientRequest` that servers accept but the documents do not mention. It is merged with the
    other arguments, object by object; InvalidArgument is raised for a member that both set to different values.
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
        token: str | None = None,
        extra: Mapping[str, Any] | None = None,
        journal: RecordingJournal | None = None,
    ) -> AbstractAsyncContextManager[AsyncRecording]:
        """Record `channel` during the block: acquire and start before it, always stop after it.

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
        """
        token, extra = hidden(token), shielded(extra)
        recordings: AsyncRecordings = self
        if journal is not None:
            from agora_rest.client._async.journaled import (
                AsyncJournaledRecordings,  # not at the top: it imports this module
            )

            recordings = AsyncJournaledRecordings(self._calls, self._app_id, journal)

        async def acquire() -> Resource:
            self._check(channel, uid, _start_request(storage, config, token, extra))
            await async_run_uncancellable(self._load_end)
            return await recordings.acquire(channel, uid)

        async def start(acquired: Resource) -> StartedRecording:
            return await recordings.start(acquired, storage, config=config, token=token, extra=extra)

        return AsyncRecordSession(recordings, acquire, start)

    async def acquire(
        self, channel: str, uid: int | str, *, token: str | None = None, extra: Mapping[str, Any] | None = None
    ) -> Resource:
        """Acquire a resource ID for one recording of `channel` by `uid`, valid for five minutes (CR-10 … CR-14).

        A `token` is sent in `startParameter`, which the documents do not mention; servers that accept it require that
        `start` sends the same. Most callers pass the token to `start` only.
        """
        from agora_cloud_recording.api.recordings import acquire

        token, extra = hidden(token), shielded(extra)
        members = {} if token is None else {"startParameter": Payload(token=_valid_token("acquire", token))}
        request = _client_request("acquire", members, extra)
        return await self._calls.send(
            acquire.request(appid=self._app_id, body=_request(channel, uid, request)),
            _results.resource(channel, uid_text(uid)),
        )

    async def start(
        self,
        resource: Resource,
        storage: Storage,
        *,
        config: RecordingConfig | None = None,
        token: str | None = None,
        extra: Mapping[str, Any] | None = None,
    ) -> StartedRecording:
        """Start the recording that `resource` was acquired for (CR-20 … CR-36).

        Keep the result: without it, the recording cannot be stopped. Raises ResourceExpired after five minutes,
        AlreadyRecording while it runs, ResourceUsed afterwards. Repeating it with the same resource never starts a
        second recording (CR-12).
        """
        from agora_cloud_recording.api.recordings import start_recording

        token, extra = hidden(token), shielded(extra)
        request = _start_request(storage, config, token, extra)
        return await self._calls.send(
            start_recording.request(
                appid=self._app_id,
                resourceid=resource.resource_id,
                mode=_MODE,
                body=_request(resource.channel, resource.uid, request),
            ),
            _results.started(resource),
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
            query_recording.request(
                appid=self._app_id, resourceid=recording.resource_id, sid=recording.sid, mode=_MODE
            ),
            _results.recording_state,
        )

    async def stop(self, recording: StartedRecording, *, extra: Mapping[str, Any] | None = None) -> StoppedRecording:
        """Stop a recording. Returns its files and their upload status (CR-50 … CR-53).

        The server may need half a minute, so this may take a minute, whatever the deadline of other calls.
        """
        from agora_cloud_recording.api.recordings import stop_recording

        extra = shielded(extra)
        request = _client_request("stop_recording", {}, extra)
        try:
            return await self._calls.rescuing().send(
                stop_recording.request(
                    appid=self._app_id,
                    resourceid=recording.resource_id,
                    sid=recording.sid,
                    mode=_MODE,
                    body=_request(recording.channel, recording.uid, request),
                ),
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

    def _check(self, channel: str, uid: int | str, request: Payload) -> None:
        """Raise the InvalidArgument of `start` before a resource ID is acquired for it."""
        from agora_cloud_recording.api.recordings import acquire, start_recording

        self._calls.check(acquire.request(appid=self._app_id, body=_request(channel, uid, {})))
        body = _request(channel, uid, request)
        self._calls.check(start_recording.request(appid=self._app_id, resourceid="any", mode=_MODE, body=body))

    async def _load_end(self) -> None:
        """Load what ends a recording: later there may be no file descriptor left to read a module with."""
        if AsyncRecordings._can_end:
            return
        from agora_cloud_recording.api.recordings import query_recording, stop_recording
        from agora_console.api.kicking_rules import create_kicking_rule, list_kicking_rules

        from agora_rest.client._async.kicking_rules import AsyncKickingRules  # noqa: F401

        recording = {"appid": self._app_id, "resourceid": "any", "sid": "any", "mode": _MODE}
        rule = {"appid": self._app_id, "cname": "any", "uid": 1, "time": 1, "privileges": ["join_channel"]}
        self._calls.check(query_recording.request(**recording))
        self._calls.check(stop_recording.request(**recording, body=_request("any", "1", {})))
        self._calls.check(create_kicking_rule.request(body=rule))
        self._calls.check(list_kicking_rules.request(appid=self._app_id))
        AsyncRecordings._can_end = True

    async def _rescue_start(self, acquired: Resource, cause: BaseException | None) -> RecordingLost:
        """Put the recorder of a possibly started recording offline. Returns the error that describes its state."""
        # A cancelled task must not leave a recording behind.
        return await async_run_uncancellable(lambda: self._rescue(acquired, cause))

    async def _rescue(self, acquired: Resource, cause: BaseException | None) -> RecordingLost:
        started = "was" if isinstance(cause, AlreadyRecording) else "may have been"
        message = f"The recording of {acquired.channel!r} by {acquired.uid} {started} started, but its sid is unknown."
        try:
            rule = await self.put_offline(acquired.channel, acquired.uid)
        except Exception as failure:  # noqa: BLE001  whatever it is, the caller has to know what may be running
            message += f" Putting the recorder offline failed ({failure}), so it may be running until the channel is "
            message += f"empty for its idle time. Starting {acquired} again is safe, and may give the sid."
            return _lost(message, acquired, None)
        message += f" The recorder was put offline, so nothing runs; rule {rule.id} keeps it out for a minute."
        return _lost(message, acquired, rule)

    async def _note_started(self, started: StartedRecording) -> None:
        """Called when it is running. Only a journal records it."""

    async def _leave(self) -> None:
        """Called when the program can do no more to end it. Only a journal records it."""

    def handle(self, recording: StartedRecording) -> AsyncRecording:
        """A handle to a recording that was started before, possibly by another process."""
        return AsyncRecording(self, recording, self._calls.clock)


def _lost(message: str, acquired: Resource, rule: Ban | None) -> RecordingLost:
    return RecordingLost(
        message,
        resource_id=acquired.resource_id,
        channel=acquired.channel,
        uid=acquired.uid,
        may_be_running=rule is None,
        rule_id=rule.id if rule else None,
    )


def _start_request(
    storage: Storage, config: RecordingConfig | None, token: str | None, extra: Mapping[str, Any] | None
) -> Payload:
    members = Payload(storageConfig=_written("storage", storage, "a QiniuStorage, S3Storage or AlibabaStorage"))
    if config is not None:
        members["recordingConfig"] = _written("config", config, "a RecordingConfig")
    if token is not None:
        members["token"] = _valid_token("start_recording", token)
    return _client_request("start_recording", members, extra)


def _written(name: str, setting: Any, kinds: str) -> Payload:
    """`setting` in the form of a request. For other objects only the type is reported: they may contain keys."""
    if setting is None:
        raise InvalidArgument(name, "is required", None, operation="start_recording")
    if not hasattr(setting, "to_request"):
        raise InvalidArgument(name, f"must be {kinds}", type(setting), operation="start_recording")
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
