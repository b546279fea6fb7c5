"""`agora-rest recordings`: record channels and web pages into one's own storage, call by call or in one go."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from agora_rest.cli import _completing, _layouts, _live
from agora_rest.cli._command import command
from agora_rest.cli._exits import EPILOG, CliError
from agora_rest.cli._live import Label, RecorderUid, recorder
from agora_rest.cli._options import argument, flag, option
from agora_rest.cli._recording_options import (
    ConfigOptions,
    Mode,
    ResourceOptions,
    StartMode,
    rtmp_urls,
    subscription_of,
)
from agora_rest.cli._session import AppSession
from agora_rest.cli._storage_options import StorageOptions
from agora_rest.cli._tokens import TokenCommand, token_of

if TYPE_CHECKING:
    from agora_rest import RecordingState, Resource, ResourceConfig, StartedRecording

app = typer.Typer(help="Record channels and web pages into your own storage.", no_args_is_help=True, epilog=EPILOG)
app.registered_commands += _live.app.registered_commands


@dataclass(frozen=True)
class RecordingRef:
    """The recording."""

    recording: Annotated[
        Path | None,
        option(
            "A file with the output of `start --json`; - is standard input.", "FILE", "--recording", allow_dash=True
        ),
    ] = None
    resource_id: Annotated[str | None, option("The resource ID it was started with.", "ID")] = None
    sid: Annotated[str | None, option("The ID that its start returned.", "ID")] = None
    mode: StartMode = None

    def started(self) -> StartedRecording:
        """The values that name it, from the file and the options; options win. Raises CliError for what is missing."""
        return self._started({})

    def _started(self, more: dict[str, str | None]) -> StartedRecording:
        from agora_rest import RecordingMode, StartedRecording

        known = _read(self.recording) if self.recording else {}
        given = {"resource_id": self.resource_id, "sid": self.sid, "mode": self.mode, **more}
        known |= {name: value for name, value in given.items() if value is not None}
        missing = [f"--{name.replace('_', '-')}" for name in ("resource_id", "sid") if not known.get(name)]
        if missing:
            raise CliError(f"No recording: pass {' and '.join(missing)}, or --recording FILE.")
        resource_id, sid, channel, uid = (str(known.get(name, "")) for name in ("resource_id", "sid", "channel", "uid"))
        mode = RecordingMode(str(known.get("mode", "mix")))
        return StartedRecording(resource_id=resource_id, sid=sid, channel=channel, uid=uid, mode=mode)


@dataclass(frozen=True)
class FullRecordingRef(RecordingRef):
    """The recording, for calls that need its channel and recorder too."""

    channel: Annotated[
        str | None, option("Its channel, or the label of a web page.", "NAME", autocompletion=_completing.channels)
    ] = None
    uid: Annotated[str | None, option("The recorder's user ID.", "ID")] = None

    def started(self) -> StartedRecording:
        """See `RecordingRef`."""
        started = self._started({"channel": self.channel, "uid": self.uid})
        if not (started.channel and started.uid):
            raise CliError("This command needs the recording's --channel and --uid too, or --recording FILE.")
        return started


@command(app, "acquire", example="agora-rest recordings acquire lesson-42 --uid 527841")
def acquire(
    session: AppSession, service: ResourceOptions, channel: Label = None, uid: RecorderUid = None, mode: Mode = "mix"
) -> None:
    """Get a resource ID, valid for one recording and for five minutes. Start the recording in the same mode."""
    channel, uid = recorder(mode, channel, uid)
    with session.app() as found:
        resource = found.recordings.acquire(channel, uid, mode=mode, config=service.resource_config())
    _show(session, resource)


@command(app, "start", example="agora-rest recordings start lesson-42 --uid 527841 --json > recording.json")
def start(
    session: AppSession,
    config: ConfigOptions,
    storage: StorageOptions,
    service: ResourceOptions,
    channel: Label = None,
    uid: RecorderUid = None,
    mode: Mode = "mix",
    resource_id: Annotated[
        str | None, option("The resource ID from `acquire`; acquired first if left out.", "ID")
    ] = None,
    token_command: TokenCommand = None,
) -> None:
    """Start a recording, and leave it running.

    Keep the output: it is required to stop the recording. `record` starts and stops automatically.
    """
    from agora_rest import CallError, Resource

    channel, uid = recorder(mode, channel, uid)
    resolved, configured = storage.resolve(session.account), config.config(mode)
    with session.app() as found:
        token = None if mode == "web" else token_of(token_command, found.id, channel, uid)
        if resource_id:
            resource = Resource(resource_id=resource_id, channel=channel, uid=uid)
        else:
            resource_config = _resource_config(mode, configured, service)
            found.recordings.check_start(
                channel, uid=uid, storage=resolved, config=configured, resource_config=resource_config, token=token
            )
            resource = found.recordings.acquire(channel, uid, mode=mode, config=resource_config)
        try:
            started = found.recordings.start(resource, resolved, config=configured, token=token)
        except CallError as error:
            if error.may_have_taken_effect:
                error.add_note(
                    "It may be recording. The same command with "
                    f"--resource-id {resource.resource_id} never starts a second recording, and may return the sid."
                )
            raise
    _show(session, started)


def _resource_config(mode: str, configured: Any, service: ResourceOptions) -> ResourceConfig | None:
    """The settings of the resource; that of a web page must be valid for as long as its recording may last."""
    from agora_rest.client._recording_requests import outlasting

    given = service.resource_config()
    return outlasting(configured, given) if mode == "web" else given


@command(app, "query", example="agora-rest recordings query --recording recording.json")
def query(session: AppSession, ref: RecordingRef) -> None:
    """Show the status of a recording."""
    started = ref.started()
    with session.app() as found:
        state = found.recordings.query(started)
    session.out.document(state)
    session.out.fields(_state(state))


def _state(state: RecordingState) -> list[tuple[str, Any]]:
    """The fields shown for a state. The addresses that a page is pushed to have keys, so only their status is shown."""
    pairs: list[tuple[str, Any]] = [("Status", state.status.name.lower())]
    if state.web is not None:
        pairs += [("Page", state.web.state and state.web.state.value), ("Paused", state.web.onhold)]
    pairs += [("Push", push.status and push.status.value) for push in state.rtmp]
    return [*pairs, ("Files", [file.name for file in state.files])]


@command(
    app,
    "update",
    example="agora-rest recordings update --recording recording.json --subscribe-audio 7,8",
)
def update(
    session: AppSession,
    ref: FullRecordingRef,
    storage: StorageOptions,
    subscribe_audio: Annotated[
        str | None, option("Users whose sound is recorded: 7,8 or all or except:7,8.", "UIDS")
    ] = None,
    subscribe_video: Annotated[
        str | None, option("Users whose video is recorded. Give both media, or only one is recorded.", "UIDS")
    ] = None,
    pause: Annotated[bool, flag("Pause the recording of a web page.")] = False,
    resume: Annotated[bool, flag("Resume the recording of a web page.")] = False,
    rtmp_url: Annotated[
        str | None,
        option(
            "Push a web page to this address from now on, if it was started with one; its key is in AGORA_RTMP_KEY.",
            "URL",
        ),
    ] = None,
    new_keys: Annotated[bool, flag("Renew the recording's storage keys, because temporary keys expire.")] = False,
) -> None:
    """Change a running recording: the recorded users, a pause, the address of a push, the storage keys."""
    if pause and resume:
        raise CliError("--pause and --resume contradict each other: pass one of them.")
    changes: dict[str, Any] = {
        "subscribe_audio": subscription_of("subscribe_audio", subscribe_audio),
        "subscribe_video": subscription_of("subscribe_video", subscribe_video),
        "onhold": pause if pause or resume else None,
        "rtmp_urls": rtmp_urls(rtmp_url),
        "storage": storage.resolve(session.account) if new_keys else None,
    }
    if all(value is None for value in changes.values()):
        raise CliError(
            "Nothing to change: pass --subscribe-audio and --subscribe-video, --pause, --resume, --rtmp-url "
            "or --new-keys."
        )
    started = ref.started()
    with session.app() as found:
        found.recordings.update(started, **changes)
    _done(session, f"Updated the recording {started.sid}.")


@command(app, "update-layout", example="agora-rest recordings update-layout grid:7,8,9 --recording recording.json")
def update_layout(
    session: AppSession,
    ref: FullRecordingRef,
    layout: Annotated[
        str,
        argument(
            f"{_layouts.HELP[0].upper()}{_layouts.HELP[1:]}.",
            "LAYOUT",
            autocompletion=_completing.fixed_offers(*_layouts.NAMES),
        ),
    ],
    max_resolution_uid: Annotated[str | None, option("User ID shown large in the vertical layout.", "UID")] = None,
    background_color: Annotated[
        str | None, option("Colour behind the videos, e.g. '#203040'; black if left out.", "COLOR")
    ] = None,
    background_image: Annotated[str | None, option("Image behind the videos; none if left out.", "URL")] = None,
) -> None:
    """Rearrange the videos of a recording in mode mix. Omitted options return to their defaults."""
    wanted = _layouts.layout_of(layout, max_resolution_uid)
    started = ref.started()
    with session.app() as found:
        found.recordings.update_layout(
            started, wanted, background_color=background_color, background_image=background_image
        )
    _done(session, f"Rearranged the recording {started.sid}.")


@command(app, "stop", example="agora-rest recordings stop --recording recording.json")
def stop(
    session: AppSession,
    ref: FullRecordingRef,
    no_wait: Annotated[bool, flag("Do not wait for the upload, whose result is then unknown.")] = False,
) -> None:
    """Stop a recording, and show its files. This may take a minute."""
    started = ref.started()
    with session.app() as found:
        if no_wait:
            stopped = found.recordings.stop(started, async_stop=True)
        else:
            stopped = found.recordings.handle(started).stop()  # which succeeds if it is being stopped already
    session.out.document(stopped)
    files = [file.name for file in stopped.files]
    session.out.fields([("Uploading", stopped.uploading_status.value), ("Files", files)])
    if not files and not no_wait:
        session.out.note(
            "No file is known: nothing was recorded, or it was stopped before and its files are not listed."
        )


@command(app, "watch", example="agora-rest recordings watch --recording recording.json --every 120")
def watch(session: AppSession, ref: RecordingRef, every: _live.Every = 60.0) -> None:
    """Show a recording's status whenever it changes, until it is over; with --json as JSON Lines."""
    started = ref.started()
    with session.app(quietly=True) as found:
        for state in found.recordings.handle(started).states(every=every):
            _live.show_state(session.out, state)


def _done(session: AppSession, sentence: str) -> None:
    session.out.document(None)
    session.out.message(sentence)


def _show(session: AppSession, result: Resource | StartedRecording) -> None:
    session.out.document(result)
    pairs = [("Resource ID", result.resource_id), ("sid", getattr(result, "sid", None))]
    pairs += [("Channel", result.channel), ("Recorder", result.uid), ("Mode", getattr(result, "mode", None))]
    session.out.fields([(name, value) for name, value in pairs if value is not None])


def _read(file: Path) -> dict[str, Any]:
    where = "standard input" if str(file) == "-" else str(file)
    try:
        text = sys.stdin.read() if str(file) == "-" else file.read_text(encoding="utf-8")
        known = json.loads(text)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not JSON"
        raise CliError(f"--recording: {where} cannot be read: {reason}.") from None
    if not isinstance(known, dict):
        raise CliError(f"--recording: {where} is not what `start --json` prints, a JSON object.")
    return {name: known[name] for name in ("resource_id", "sid", "channel", "uid", "mode") if name in known}
