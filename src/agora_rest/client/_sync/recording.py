# Derived from the file of the same name in `_async` by scripts/derive_sync.py. Change that one.
"""A started recording."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

from agora_rest.client._retries import LEAVING
from agora_rest.client._uncancellable import run_uncancellable
from agora_rest.client.clocks import Clock
from agora_rest.client.enums import KEPT, OVER, RecordingMode, RecordingStatus, UploadingStatus
from agora_rest.client.models import RecordedFile, RecordingState, StartedRecording, StoppedRecording
from agora_rest.errors import (
    CAUSES_OF_AN_EARLY_END,
    CAUSES_OF_AN_EARLY_END_OF_A_PAGE,
    AgoraError,
    ApiError,
    CallError,
    InvalidArgument,
    NotFound,
    NothingRecorded,
    RateLimited,
    RecordingEnded,
    RecordingNotStarted,
    RecordingNotUploaded,
)
from agora_rest.redaction import HIDDEN, hidden, shielded

if TYPE_CHECKING:
    from agora_rest.client._sync.recording_calls import RecordingCalls
    from agora_rest.client.settings import Storage, Subscription, UserBackground
    from agora_rest.layouts import Layout

FIRST_QUERY: Final = 5.0
"""Seconds after the start before which a query returns nothing useful."""
LONGEST_PAUSE: Final = 20.0
"""The maximum number of seconds between two queries."""
START_LIMIT: Final = 90.0
"""Seconds after which a recorder that is not in the channel will no longer join."""
UPLOAD_LIMIT: Final = 300.0
"""Seconds after a stop within which files should be uploaded."""

_DONE: Final = OVER - {RecordingStatus.RECORDING_STOPPED}

_WEB_STOPS: Final = (5.0, 10.0, 15.0, 30.0, 35.0)
"""Seconds between the stops of a web page's recording, for longer than the service takes to move it (CR-144)."""


class Recording:
    """A started recording and its last known state."""

    def __init__(self, recordings: RecordingCalls, started: StartedRecording, clock: Clock) -> None:
        self.started = started
        """The values that identify it. Keep them to stop it from another process."""
        self._recordings = recordings
        self._clock = clock
        self._started_at = clock.now()
        self._state: RecordingState | None = None
        self._stopped: StoppedRecording | None = None
        self._missing_since: float | None = None
        """When a web page's recording was first not found by its stops."""
        self._has_push: bool | None = None
        """Whether it was started with an address to push to; None if that is not known here."""
        self._stop_may_be_done = False
        """Whether a stop was interrupted before its response."""

    @property
    def sid(self) -> str:
        """The recording's ID (CR-36)."""
        return self.started.sid

    @property
    def resource_id(self) -> str:
        """The resource ID it was started with."""
        return self.started.resource_id

    @property
    def status(self) -> RecordingStatus | None:
        """The status of the last query; None before the first."""
        return self._state.status if self._state else None

    @property
    def files(self) -> tuple[RecordedFile, ...]:
        """The known files: those of the stop, or else those of the last query."""
        stopped = self._stopped.files if self._stopped else ()
        return stopped or (self._state.files if self._state else ())

    @property
    def uploading_status(self) -> UploadingStatus | None:
        """The upload status of the files (CR-51); None before the stop."""
        return self._stopped.uploading_status if self._stopped else None

    @property
    def mode(self) -> RecordingMode:
        """How it is made."""
        return RecordingMode(self.started.mode)

    def update(
        self,
        *,
        subscribe_audio: Subscription | None = None,
        subscribe_video: Subscription | None = None,
        onhold: bool | None = None,
        rtmp_urls: Sequence[str] | None = None,
        storage: Storage | None = None,
        extra: Mapping[str, Any] | None = None,
    ) -> None:
        """Change it (CR-145): see `Recordings.update`.

        `rtmp_urls` is refused in the block of a recording that was started without: a push can be moved, but not added
        (CR-148). A handle to a recording that was started elsewhere cannot know that: then nothing is pushed.
        """
        rtmp_urls, storage, extra = hidden(rtmp_urls), shielded(storage), shielded(extra)
        if rtmp_urls is not None and self._has_push is False:
            rule = "needs a recording that was started with an address to push to: pass rtmp_urls in its WebConfig"
            raise InvalidArgument("rtmp_urls", rule, HIDDEN, operation="update_recording", facts=("CR-148",))
        self._recordings.update(
            self.started,
            subscribe_audio=subscribe_audio,
            subscribe_video=subscribe_video,
            onhold=onhold,
            rtmp_urls=rtmp_urls,
            storage=storage,
            extra=extra,
        )

    def pause(self) -> None:
        """Pause the recording of a web page: no more files come until `resume` (CR-147)."""
        self.update(onhold=True)

    def resume(self) -> None:
        """Resume the recording of a web page (CR-147)."""
        self.update(onhold=False)

    def update_layout(
        self,
        layout: Layout,
        *,
        background_color: str | None = None,
        background_image: str | None = None,
        default_user_background_image: str | None = None,
        background_config: Sequence[UserBackground] | None = None,
        extra: Mapping[str, Any] | None = None,
    ) -> None:
        """Rearrange its videos, in mode `mix` (CR-150). Omitted arguments return to their defaults (CR-151)."""
        self._recordings.update_layout(
            self.started,
            layout,
            background_color=background_color,
            background_image=background_image,
            default_user_background_image=default_user_background_image,
            background_config=background_config,
            extra=extra,
        )

    def query(self) -> RecordingState:
        """Query its state (CR-42)."""
        self._state = self._recordings.query(self.started)
        return self._state

    def wait_until_started(self, *, within: float = START_LIMIT) -> RecordingState:
        """Wait until the recorder is in the channel, or has the web page.

        It is queried 5 seconds after the start, then at growing intervals.

        Raises RecordingNotStarted `within` seconds after the start, and RecordingEnded if the recording is over. A
        server that does not find the recording may be moving it to another machine, so the wait continues.
        """
        deadline = self._started_at + within
        pause = max(0.0, self._started_at + FIRST_QUERY - self._clock.now())
        while True:
            self._clock.sleep(max(0.0, min(pause, deadline - self._clock.now())))
            state = self._query_if_found()
            if state and state.is_running:
                return state
            if state and state.is_over:
                raise self._error(RecordingEnded, "was over before it was seen running")
            if self._clock.now() >= deadline:
                raise self._error(RecordingNotStarted, f"has not started within {within:g} seconds")
            pause = min(max(pause, FIRST_QUERY) * 1.5, LONGEST_PAUSE)

    def states(self, *, every: float = 60.0) -> Iterator[RecordingState]:
        """Yield its state now, and whenever status or files change, until the recording is over.

        Queries at intervals of `every` seconds; Agora recommends two minutes. A server that does not find the recording
        may be moving it to another machine: RecordingEnded is raised only after 90 seconds of that.
        """
        seen: RecordingState | None = None
        found_at = self._clock.now()
        while True:
            state = self._query_if_found()
            if state is not None:
                found_at = self._clock.now()
                if state != seen:
                    seen = state
                    yield state
                if state.is_over:
                    return
            elif self._clock.now() - found_at > START_LIMIT:
                raise self._error(RecordingEnded, f"has not been found for {START_LIMIT:g} seconds")
            self._clock.sleep(every)

    def wait_until_uploaded(self, *, within: float = UPLOAD_LIMIT) -> tuple[RecordedFile, ...]:
        """Stop it if necessary, wait until its files are in the bucket or in Agora's backup, and return them.

        The response to the stop usually reports the upload (CR-51, CR-52); otherwise this method queries until the
        service has finished or no longer finds the recording (CR-53). Raises RecordingNotUploaded after `within`
        seconds, and NotFound if the recording was stopped elsewhere and its stop finds it no more: see `stop`.
        """
        stopped = self.stop()
        deadline, pause = self._clock.now() + within, FIRST_QUERY
        while stopped.uploading_status not in KEPT:
            state = self._query_if_found()
            if state is None or state.status in _DONE or (state.web is not None and state.is_over):
                break
            if self._clock.now() >= deadline:
                raise self._error(RecordingNotUploaded, f"is not uploaded after {within:g} seconds")
            self._clock.sleep(min(pause, deadline - self._clock.now()))
            pause = min(pause * 1.5, LONGEST_PAUSE)
        return self.files

    def stop(self) -> StoppedRecording:
        """Stop it and return its upload status and files. Stopping it again with this object returns the same result.

        This also succeeds if nothing was recorded, in which case there are no files, and if an earlier attempt whose
        response was lost has stopped it.

        If another process has stopped it, or another handle, the upload status is UNKNOWN and the files are those of a
        query; as soon as the service does not find the recording any more, NotFound is raised.
        """
        if self._stopped is not None:
            return self._stopped
        try:
            # A cancelled task must not leave a recording behind.
            return run_uncancellable(self._stop_once)
        except Exception as error:
            error.add_note(f"The recording may still be running: {self.started}")
            raise

    def end(self) -> None:
        """Stop it; if that fails, put its recorder offline and raise the error: its files may be incomplete.

        The recorder of a web page cannot be put offline: its stop is repeated for a minute and a half instead.
        """
        run_uncancellable(self._end)

    def end_after(self, failure: BaseException) -> None:
        """End it because of `failure`. If the stop fails too, a note on `failure` reports it."""
        try:
            self.end()
        except Exception as error:  # noqa: BLE001  the failure is what the caller has to see
            failure.add_note(" ".join([str(error), *getattr(error, "__notes__", ())]))
            if isinstance(failure, AgoraError) and isinstance(error, AgoraError):
                failure.may_be_running = error.may_be_running

    def _end(self) -> None:
        try:
            (self._stop_web() if self.mode is RecordingMode.WEB else self._stop_once())
        except Exception as error:  # Including NotFound: the service may fail to find a recorder that is still running.
            note, may_be_running = self._end_otherwise(error)
            error.add_note(note)
            if isinstance(error, AgoraError):
                error.may_be_running = may_be_running
            raise

    def _stop_web(self) -> StoppedRecording:
        """Stop it, again if need be: nothing else can end it."""
        began = self._clock.now()
        for pause in _WEB_STOPS:
            try:
                return self._stop_once()
            except NotFound:
                self._missing_since = self._clock.now() if self._missing_since is None else self._missing_since
            except CallError as error:
                self._missing_since = None
                refused = isinstance(error, ApiError) and not isinstance(error, RateLimited)
                takes_long = self._clock.now() - began > START_LIMIT
                if takes_long or (refused and not error.may_have_taken_effect):
                    raise
            self._clock.sleep(pause)
        return self._stop_once()

    def _end_otherwise(self, error: Exception) -> tuple[str, bool]:
        """End it after a stop that failed with `error`. Returns a note, and whether it may be running."""
        if self.mode is not RecordingMode.WEB:
            return self._put_offline()
        missing_for = 0.0 if self._missing_since is None else self._clock.now() - self._missing_since
        if isinstance(error, NotFound) and missing_for > START_LIMIT:
            return f"It was not found for {missing_for:.0f} seconds, so nothing is running of {self.started}.", False
        until = (
            "No kicking rule reaches the recorder of a web page: it ends after its max_recording_hour at the latest."
        )
        return f"The recording may still be running: {self.started}. {until}", True

    def _put_offline(self) -> tuple[str, bool]:
        """Put the recorder offline instead of a stop that failed. Returns a note, and whether it may be running."""
        try:
            rule = self._recordings.put_offline(self.started.channel, self.started.uid)
        except Exception as failure:  # noqa: BLE001  what the stop raised comes first
            running = f"The recording may still be running: {self.started}."
            return f"{running} Putting its recorder offline failed: {failure}", True
        return f"Rule {rule.id} put the recorder offline instead, so nothing is running of {self.started}.", False

    def _stop_once(self) -> StoppedRecording:
        if self._stopped is None:
            try:
                self._stopped = self._stop()
            except BaseException as error:
                self._stop_may_be_done = self._stop_may_be_done or not isinstance(error, AgoraError)
                raise
        return self._stopped

    def _stop(self) -> StoppedRecording:
        try:
            return self._recordings.stop(self.started)
        except NothingRecorded:
            return StoppedRecording(uploading_status=UploadingStatus.UNKNOWN, files=())
        except ApiError as error:
            if not self._is_over_despite(error):
                raise
        # It is over, but no response lists its files.
        return StoppedRecording(uploading_status=UploadingStatus.UNKNOWN, files=self.files)

    def _is_over_despite(self, refusal: ApiError) -> bool:
        """Whether nothing is left to stop although the server refused to. Queries the recording, also for its files.

        If an earlier attempt may have stopped it, it is over unless the query shows it running. If the server merely
        does not find it, it is over only if a query has shown its end: a recorder that is being moved to another
        machine is not found either.
        """
        stopped_before = refusal.code == LEAVING or refusal.may_have_taken_effect or self._stop_may_be_done
        if not (isinstance(refusal, NotFound) or refusal.code == LEAVING):
            return False
        seen_over = self._state is not None and self._state.is_over
        with suppress(AgoraError):
            if (state := self._query_if_found()) is not None:
                return state.is_over
        return seen_over or stopped_before

    def _query_if_found(self) -> RecordingState | None:
        try:
            return self.query()
        except NotFound:
            return None

    def _error(
        self, kind: type[RecordingEnded | RecordingNotStarted | RecordingNotUploaded], what: str
    ) -> RecordingEnded | RecordingNotStarted | RecordingNotUploaded:
        seen = "it was not found" if self._state is None else f"its last status was {self._state.status.name}"
        message = f"Recording {self.sid} {what}; {seen}."
        if kind is not RecordingNotUploaded:
            is_page = self.mode is RecordingMode.WEB
            message += f" {CAUSES_OF_AN_EARLY_END_OF_A_PAGE if is_page else CAUSES_OF_AN_EARLY_END}"
        return kind(message, resource_id=self.resource_id, sid=self.sid, status=self.status)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.sid}>"
