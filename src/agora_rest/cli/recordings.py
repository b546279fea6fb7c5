"""`agora-rest recordings`: record channels into one's own storage, call by call or in one go."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from agora_rest.cli import _completing, _live
from agora_rest.cli._command import command
from agora_rest.cli._exits import EPILOG, CliError
from agora_rest.cli._live import RecorderUid
from agora_rest.cli._recording_options import ConfigOptions, StorageOptions
from agora_rest.cli._session import AppSession
from agora_rest.cli._tokens import TokenCommand, token_of
from agora_rest.cli.channels import ChannelName

if TYPE_CHECKING:
    from agora_rest import Resource, StartedRecording

app = typer.Typer(help="Record channels into your own storage.", no_args_is_help=True, epilog=EPILOG)
_live.register(app)


@dataclass(frozen=True)
class Named:
    """Which recording."""

    recording: Annotated[
        Path | None,
        typer.Option(
            "--recording",
            metavar="FILE",
            help="A file with the output of `start --json`; - is standard input.",
            allow_dash=True,
        ),
    ] = None
    resource_id: Annotated[str | None, typer.Option(metavar="ID", help="The resource ID it was started with.")] = None
    sid: Annotated[str | None, typer.Option(metavar="ID", help="Its own ID.")] = None

    def started(self, channel: str | None = None, uid: str | None = None) -> StartedRecording:
        """The values that name it, from the file and the options; options win. Raises CliError for what is missing."""
        from agora_rest import StartedRecording

        known = _read(self.recording) if self.recording else {}
        given = {"resource_id": self.resource_id, "sid": self.sid, "channel": channel, "uid": uid}
        known |= {name: value for name, value in given.items() if value is not None}
        missing = [f"--{name.replace('_', '-')}" for name in ("resource_id", "sid") if not known.get(name)]
        if missing:
            raise CliError(f"Which recording? Pass {' and '.join(missing)}, or --recording FILE.")
        resource_id, sid, channel, uid = (str(known.get(name, "")) for name in given)
        return StartedRecording(resource_id=resource_id, sid=sid, channel=channel, uid=uid)


@command(app, "acquire", example="agora-rest recordings acquire lesson-42 --uid 527841")
def acquire(session: AppSession, channel: ChannelName, uid: RecorderUid) -> None:
    """Get a resource ID, valid for one recording and for five minutes."""
    with session.app() as found:
        resource = found.recordings.acquire(channel, uid)
    _show(session, resource)


@command(app, "start", example="agora-rest recordings start lesson-42 --uid 527841 --json > recording.json")
def start(
    session: AppSession,
    channel: ChannelName,
    uid: RecorderUid,
    config: ConfigOptions,
    storage: StorageOptions,
    resource_id: Annotated[
        str | None,
        typer.Option(
            metavar="ID", help="The resource ID from `acquire`; acquired first if left out.", show_default=False
        ),
    ] = None,
    token_command: TokenCommand = None,
) -> None:
    """Start a recording, and leave it running.

    Keep the output: it is required to stop the recording. `record` starts and stops automatically.
    """
    from agora_rest import CallError, Resource

    settled, configured = storage.settled(session.account), config.config()
    with session.app() as found:
        token = token_of(token_command, found.id, channel, uid)
        resource = (
            Resource(resource_id=resource_id, channel=channel, uid=uid)
            if resource_id
            else found.recordings.acquire(channel, uid)
        )
        try:
            started = found.recordings.start(resource, settled, config=configured, token=token)
        except CallError as error:
            if error.may_have_taken_effect:
                error.add_note(
                    "It may be recording. The same command with "
                    f"--resource-id {resource.resource_id} never starts a second recording, and may return the sid."
                )
            raise
    _show(session, started)


@command(app, "query", example="agora-rest recordings query --recording recording.json")
def query(session: AppSession, named: Named) -> None:
    """Show the status of a recording."""
    started = named.started()
    with session.app() as found:
        state = found.recordings.query(started)
    if session.json:
        session.out.document(state)
    else:
        session.out.fields([("Status", state.status.name.lower()), ("Files", [file.name for file in state.files])])


@command(app, "stop", example="agora-rest recordings stop --recording recording.json")
def stop(
    session: AppSession,
    named: Named,
    channel: Annotated[
        str | None, typer.Option(metavar="NAME", help="Its channel.", autocompletion=_completing.channels)
    ] = None,
    uid: Annotated[str | None, typer.Option(metavar="ID", help="The recorder's user ID.")] = None,
) -> None:
    """Stop a recording, and show its files. This may take a minute."""
    started = named.started(channel, uid)
    if not (started.channel and started.uid):
        raise CliError("To stop a recording, its --channel and the recorder's --uid are needed, or --recording FILE.")
    with session.app() as found:
        stopped = found.recordings.stop(started)
    if session.json:
        session.out.document(stopped)
    else:
        files = [file.name for file in stopped.files]
        session.out.fields([("Uploading", stopped.uploading_status.value), ("Files", files)])


@command(app, "watch", example="agora-rest recordings watch --recording recording.json --every 120")
def watch(session: AppSession, named: Named, every: _live.Every = 60.0) -> None:
    """Show a recording's status whenever it changes, until it is over; with --json as JSON Lines."""
    started = named.started()
    with session.app(quietly=True) as found:
        for state in found.recordings.handle(started).states(every=every):
            _live.show_state(session.out, state)


def _show(session: AppSession, named: Resource | StartedRecording) -> None:
    if session.json:
        session.out.document(named)
        return
    pairs = [("Resource ID", named.resource_id), ("sid", getattr(named, "sid", None))]
    pairs += [("Channel", named.channel), ("Recorder", named.uid)]
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
    return {name: known[name] for name in ("resource_id", "sid", "channel", "uid") if name in known}
