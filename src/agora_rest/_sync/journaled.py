# Derived from the file of the same name in `_async` by scripts/derive_sync.py. Change that one.
"""The calls of a recording, each written down in a journal before it is made and after it was answered."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..arguments import uid_text
from ..clocks import shield
from ..errors import AgoraError, AlreadyRecording, CallError, NothingRecorded
from ..following import Follower, Following, RecordingJournal
from ..models import Ban, Resource, StartedRecording, StoppedRecording
from ..settings import RecordingConfig, Storage
from .calls import Calls
from .recordings import Recordings


class JournaledRecordings(Recordings):
    """Recordings of an App ID, of which it makes one. To be used in `with`, which leaves the rest to others."""

    def __init__(self, calls: Calls, app_id: str, journal: RecordingJournal) -> None:
        super().__init__(calls, app_id)
        self._journal, self._follower = journal, Follower()
        self._following: Following | None = None

    def acquire(self, channel: str, uid: int | str, *, extra: Mapping[str, Any] | None = None) -> Resource:
        """See `Recordings`."""
        following = self._follower.do(self._journal.follow, self._app_id, channel, uid_text(uid))
        self._following = following
        try:
            resource = super().acquire(channel, uid, extra=extra)
        except AgoraError as error:
            self._follower.do(following.failed, str(error))
            raise
        self._follower.do(following.acquired, resource.resource_id)
        return resource

    def start(
        self,
        resource: Resource,
        storage: Storage,
        *,
        config: RecordingConfig | None = None,
        extra: Mapping[str, Any] | None = None,
    ) -> StartedRecording:
        """See `Recordings`."""
        try:
            started = super().start(resource, storage, config=config, extra=extra)
        except AgoraError as error:
            unclear = isinstance(error, CallError) and error.may_have_been_carried_out
            if self._following and not (unclear or isinstance(error, AlreadyRecording)):
                self._follower.do(self._following.failed, str(error))
            raise
        if self._following:
            with shield():  # It runs: that must not be forgotten because a task was cancelled.
                self._follower.do(self._following.started, started.sid)
        return started

    def stop(self, recording: StartedRecording, *, extra: Mapping[str, Any] | None = None) -> StoppedRecording:
        """See `Recordings`."""
        if self._following:
            self._follower.do(self._following.stopping)
        try:
            stopped = super().stop(recording, extra=extra)
        except NothingRecorded:
            if self._following:
                self._follower.do(self._following.stopped, (), None)
            raise
        if self._following:
            files = [file.name for file in stopped.files]
            self._follower.do(self._following.stopped, files, str(stopped.uploading_status))
        return stopped

    def put_offline(self, channel: str, uid: str, *, repeat: bool = True) -> Ban:
        """See `Recordings`."""
        rule = super().put_offline(channel, uid, repeat=repeat)
        if self._following:
            self._follower.do(self._following.put_offline)
        return rule

    def leave(self) -> None:
        """What is not over now, a worker of the journal's fleet has to end."""
        if self._following:
            with shield():
                self._follower.do(self._following.leave)
