# Derived from the file of the same name in `_async` by scripts/derive_sync.py. Change that one.
"""Records channels and web pages into the caller's own storage."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from contextlib import AbstractContextManager
from functools import partial
from typing import TYPE_CHECKING, Any

from agora_rest.client._journal_protocol import RecordingJournal
from agora_rest.client._modes import INDIVIDUAL, MIX, WEB
from agora_rest.client._recording_requests import config_of, outlasting
from agora_rest.client._sync.recording import Recording
from agora_rest.client._sync.recording_calls import RecordingCalls
from agora_rest.client._sync.rescue import load_end
from agora_rest.client._sync.session import RecordSession
from agora_rest.client._uncancellable import run_uncancellable
from agora_rest.client.models import Resource, StartedRecording
from agora_rest.redaction import hidden, shielded

if TYPE_CHECKING:
    from agora_rest.client._renewals import StorageCallback
    from agora_rest.client._sync.renewal import StorageRenewal
    from agora_rest.client.settings import (
        AnyConfig,
        IndividualConfig,
        RecordingConfig,
        ResourceConfig,
        Storage,
        WebConfig,
    )


class Recordings(RecordingCalls):
    """Recordings of the channels of one App ID, and of web pages (facts CR-10 … CR-54, CR-70 … CR-159).

    Most programs need only `record`, `record_individual` and `record_web`. Their calls are available too, for programs
    that store the values between them. `token` is the recorder's token: Agora requires one if the project's App
    Certificate is enabled. It must be valid for the channel and the recorder's uid, for longer than the recording
    lasts. `extra` sets members of `clientRequest` that servers accept but the documents do not mention. It is merged
    with the other arguments, object by object; InvalidArgument is raised for a member that both set to different
    values.
    """

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
        renew_storage: StorageCallback | None = None,
    ) -> AbstractContextManager[Recording]:
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
        config, storage = config_of(MIX, config), shielded(storage)
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
        renew_storage: StorageCallback | None = None,
    ) -> AbstractContextManager[Recording]:
        """Record each user of `channel` into files of their own during the block, or make snapshots of their videos.

        Everything else is as for `record`.
        """
        config, storage = config_of(INDIVIDUAL, config), shielded(storage)
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
        renew_storage: StorageCallback | None = None,
    ) -> AbstractContextManager[Recording]:
        """Record the web page at `url` during the block, about 5 seconds after its start.

        `name` and `uid` identify this recording: the service refuses a second one with both at the same
        time. It has 1 to 1024 bytes (CR-81); by default it is random.

        Everything else is as for `record`, but for what is done when a call fails: the recorder of a page is in no
        channel, so no kicking rule reaches it. A stop that fails is repeated for a minute and a half. If the `sid` of a
        start remains unknown, the start is repeated with the same resource ID, which cannot start a second recording;
        if that gives the `sid`, the recording is stopped. Otherwise RecordingLost, or a note, says that it may be
        running, which it does for `max_recording_hour` at most.
        """
        url = hidden(url)  # its parameters may be secrets
        config, storage = config_of(WEB, config, url), shielded(storage)
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
        renew_storage: StorageCallback | None,
    ) -> AbstractContextManager[Recording]:
        """The block of a recording in any mode."""
        token, extra, mode = hidden(token), shielded(extra), MIX if config is None else config.mode
        recordings: RecordingCalls = self
        if journal is not None:
            from agora_rest.client._sync.journaled import JournaledRecordings  # most programs keep no journal

            recordings = JournaledRecordings(self._calls, self._app_id, journal)
        if mode is WEB:
            resource_config = outlasting(config, resource_config)

        def acquire() -> Resource:
            self.check_start(
                channel,
                uid=uid,
                storage=storage,
                config=config,
                resource_config=resource_config,
                token=token,
                extra=extra,
            )
            run_uncancellable(partial(load_end, self._calls, self._app_id))
            return recordings.acquire(channel, uid, mode=mode, config=resource_config)

        def start(acquired: Resource) -> StartedRecording:
            return recordings.start(acquired, storage, config=config, token=token, extra=extra)

        renewal = self._renewal(storage, renew_storage)
        has_push = getattr(config, "rtmp_urls", None) is not None if mode is WEB else None
        return RecordSession(recordings, acquire, start, mode, renewal, has_push=has_push)

    def _renewal(self, storage: Storage, renew_storage: StorageCallback | None) -> StorageRenewal | None:
        if renew_storage is None:
            return None
        from agora_rest.client._renewals import check_renewable
        from agora_rest.client._sync.renewal import StorageRenewal  # most recordings never need it

        check_renewable(storage, renew_storage)
        return StorageRenewal(self, renew_storage, storage, self._calls.clock)
