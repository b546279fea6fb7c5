# Derived from the file of the same name in `_async` by scripts/derive_sync.py. Change that one.
"""The calls of a recording, one method for each operation."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Self

from agora_rest.client._arguments import uid_text
from agora_rest.client._modes import MIX, WEB, check_mode, require_mode
from agora_rest.client._recording_requests import (
    acquire_members,
    client_request,
    request_body,
    require,
    require_same_scene,
    start_request,
    update_request,
    valid_token,
)
from agora_rest.client._results import recordings as results
from agora_rest.client._retries import UPLOADING
from agora_rest.client._sync.calls import Calls
from agora_rest.client._sync.recording import Recording
from agora_rest.client.enums import RecordingMode, UploadingStatus
from agora_rest.client.models import Ban, RecordingState, Resource, StartedRecording, StoppedRecording
from agora_rest.errors import ApiError, CallError, InvalidArgument, RateLimited
from agora_rest.redaction import Payload, hidden, shielded

if TYPE_CHECKING:
    from agora_rest.client.settings import AnyConfig, ResourceConfig, Storage, Subscription, UserBackground
    from agora_rest.layouts import Layout


class RecordingCalls:
    """The calls of recordings of one App ID."""

    def __init__(self, calls: Calls, app_id: str) -> None:
        self._calls, self._app_id = calls, app_id

    def check_start(
        self,
        channel: str,
        *,
        uid: int | str,
        storage: Storage,
        config: AnyConfig | None = None,
        resource_config: ResourceConfig | None = None,
        token: str | None = None,
        extra: Mapping[str, Any] | None = None,
    ) -> None:
        """Raise the InvalidArgument that `acquire` or `start` with these arguments would raise. Sends nothing.

        A program that calls both checks first, so that it acquires no resource ID that it cannot use.
        """
        from agora_cloud_recording.api.recordings import acquire, start_recording

        token, extra, storage = hidden(token), shielded(extra), shielded(storage)
        request = start_request(storage, config, token, extra)
        mode = MIX if config is None else config.mode
        members = acquire_members(mode, resource_config)
        try:
            self._calls.check(acquire.request(appid=self._app_id, body=request_body(channel, uid, members)))
        except InvalidArgument as error:
            if mode is WEB and error.field == "cname":
                error.argument = "name"  # as `record_web` calls it
            raise
        body = request_body(channel, uid, request)
        self._calls.check(start_recording.request(appid=self._app_id, resourceid="any", mode=str(mode), body=body))

    def acquire(
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
        members = acquire_members(mode, config)
        if token is not None:
            members["startParameter"] = Payload(token=valid_token("acquire", token))
        request = client_request("acquire", members, extra)
        return self._calls.send(
            acquire.request(appid=self._app_id, body=request_body(channel, uid, request)),
            results.resource(channel, uid_text(uid), RecordingMode(mode)),
        )

    def start(
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

        require("resource", resource, Resource, "start_recording")
        token, extra, storage = hidden(token), shielded(extra), shielded(storage)
        request = start_request(storage, config, token, extra)
        mode = MIX if config is None else config.mode
        require_same_scene(resource, config, mode)
        return self._calls.send(
            start_recording.request(
                appid=self._app_id,
                resourceid=resource.resource_id,
                mode=str(mode),
                body=request_body(resource.channel, resource.uid, request),
            ),
            results.started(resource, mode),
        )

    @contextmanager
    def hold_permit(self) -> Iterator[Self]:
        """A view that holds the permit for one `start`, so that no resource ID ages while waiting for it (CR-11).

        ```python
        with recordings.hold_permit() as holder:
            resource = holder.acquire(channel, uid)
            started = holder.start(resource, storage)
        ```
        """
        with self._calls.hold_permit("start_recording") as calls:
            yield type(self)(calls, self._app_id)

    def query(self, recording: StartedRecording) -> RecordingState:
        """Query the state of a recording (CR-40 … CR-42). Raises NotFound if it does not exist, or no longer exists."""
        from agora_cloud_recording.api.recordings import query_recording

        return self._calls.send(
            query_recording.request(**self._path(recording, "query_recording")),
            results.recording_state,
        )

    def update(
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
        """Change a running recording (CR-145). Omitted settings are unchanged. At least one argument is needed.

        Args:
            recording: The recording.
            subscribe_audio: Whose sound to record from now on; in modes `individual` and `mix` (CR-146). The rule for
                one medium alone is that of `RecordingConfig`: pass both, or the other medium is not recorded any more.
            subscribe_video: Whose video to record from now on; see `subscribe_audio`.
            onhold: Whether to pause the recording of a web page, or to resume it (CR-147).
            rtmp_urls: The one address to push a web page to from now on. It needs a recording that was started with
                one: otherwise the service may accept it, and pushes nothing (CR-148).
            storage: The storage with new keys, in all modes (CR-149). `renew_storage` of `record` does this in time.
            extra: As elsewhere.

        Raises InvalidArgument for what the mode of the recording does not have, NotFound if it is over.
        """
        from agora_cloud_recording.api.recordings import update_recording

        rtmp_urls, storage, extra = hidden(rtmp_urls), shielded(storage), shielded(extra)
        path = self._path(recording, "update_recording")
        request = update_request(
            subscribe_audio, subscribe_video, onhold=onhold, rtmp_urls=rtmp_urls, storage=storage, extra=extra
        )
        check_mode("update_recording", recording.mode, request)
        body = request_body(recording.channel, recording.uid, request)
        self._calls.send(update_recording.request(**path, body=body), results.changed)

    def update_layout(
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
        request = client_request("update_layout", members, shielded(extra))
        body = request_body(recording.channel, recording.uid, request)
        self._calls.send(update_layout.request(**path, body=body), results.changed)

    def stop(
        self,
        recording: StartedRecording,
        *,
        async_stop: bool | None = None,
        extra: Mapping[str, Any] | None = None,
    ) -> StoppedRecording:
        """Stop a recording. Returns its files and their upload status (CR-50 … CR-53, CR-153, CR-154).

        The server may need half a minute, so this may take a minute, whatever the deadline of other calls. With
        `async_stop` it does not wait for the upload (CR-152).

        Raises ApiError with code 49 if it is being stopped already, NotFound if it is over. `handle(recording).stop()`
        takes the first as a success, and queries the files.
        """
        from agora_cloud_recording.api.recordings import stop_recording

        extra, path = shielded(extra), self._path(recording, "stop_recording")
        members = {} if async_stop is None else {"async_stop": async_stop}
        request = client_request("stop_recording", members, extra)
        try:
            return self._calls.with_cleanup_priority().send(
                stop_recording.request(**path, body=request_body(recording.channel, recording.uid, request)),
                results.stopped,
            )
        except ApiError as error:
            if error.code != UPLOADING:
                raise
        return StoppedRecording(uploading_status=UploadingStatus.UNKNOWN, files=())

    def put_offline(self, channel: str, uid: int | str, *, repeat: bool = True) -> Ban:
        """Put a recorder offline for a minute, which ends its recording (CO-48), even with an unknown `sid`.

        During that minute, this `uid` cannot record the channel. With `repeat=False` it is tried once.
        """
        from agora_rest.client._sync.kicking_rules import KickingRules  # most recordings never need it

        rules = KickingRules(self._calls.with_cleanup_priority(), self._app_id)
        for again_after in (1.0, 2.0, 4.0, 8.0, None) if repeat else (None,):
            try:
                return rules.ban(channel=channel, uid=uid, minutes=1)
            except CallError as error:
                # A second rule of one minute is harmless; a recording that is never stopped is not.
                refused = isinstance(error, ApiError) and not isinstance(error, RateLimited)
                if again_after is None or (refused and not error.may_have_taken_effect):
                    raise
            self._calls.clock.sleep(again_after)
        raise AssertionError("unreachable")

    def handle(self, recording: StartedRecording) -> Recording:
        """A handle to a recording that was started before, possibly by another process."""
        require("recording", recording, StartedRecording, None)
        return Recording(self, recording, self._calls.clock)

    def _note_started(self, started: StartedRecording) -> None:
        """Called when it is running. Only a journal records it."""

    def _release(self) -> None:
        """Called when the program can do no more to end it. Only a journal records it."""

    def _path(self, recording: StartedRecording, operation: str) -> dict[str, str]:
        """The parameters of a call about a recording."""
        require("recording", recording, StartedRecording, operation)
        return {
            "appid": self._app_id,
            "resourceid": recording.resource_id,
            "sid": recording.sid,
            "mode": str(recording.mode),
        }
