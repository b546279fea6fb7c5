"""`agora-rest recordings record`: a recording that lasts as long as the command."""

from __future__ import annotations

import re
import shlex
import sys
import uuid
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from agora_rest.cli import _completing
from agora_rest.cli._command import command
from agora_rest.cli._exits import CliError, Exit
from agora_rest.cli._interrupting import InterruptibleClock, signals_call
from agora_rest.cli._options import argument, option
from agora_rest.cli._output import Output, cell
from agora_rest.cli._recording_options import ConfigOptions, Mode, ResourceOptions
from agora_rest.cli._session import AppSession
from agora_rest.cli._storage_options import StorageOptions
from agora_rest.cli._tokens import TokenCommand, token_of

if TYPE_CHECKING:
    from agora_rest import AgoraError, App, Recording, RecordingState, UploadingStatus

Label = Annotated[
    str | None,
    argument(
        "The channel name; case-sensitive. With --mode web a label of your own, random if left out.",
        "[CHANNEL]",
        autocompletion=_completing.channels,
    ),
]
RecorderUid = Annotated[
    str | None,
    option("The recorder's user ID, unique in the channel. With --mode web it may be left out.", "ID"),
]
Every = Annotated[float, option("Time between queries; Agora advises 120.", "SECONDS", min=1)]


app = typer.Typer()


def recorder(mode: str, channel: str | None, uid: str | None) -> tuple[str, str]:
    """The channel and the recorder's user ID; of a web page its label, and 1. Raises CliError for a missing one."""
    if mode == "web":
        return channel or f"web-{uuid.uuid4().hex}", uid or "1"
    if channel is None:
        raise CliError("No channel: pass its name after the command.")
    if uid is None:
        raise CliError("No recorder: pass --uid, a user ID that is unique in the channel.")
    return channel, uid


def seconds(text: str) -> float:
    """A length of time as people write it: `90`, `90s`, `10m`, `1h30m`."""
    found = _LENGTH.fullmatch(text.strip().lower())
    length = (
        sum(int(number or 0) * unit for number, unit in zip(found.groups(), (3600, 60, 1), strict=True)) if found else 0
    )
    if not length:
        raise typer.BadParameter(f"{text!r} is not a duration; write it as 90s, 10m or 1h30m.")
    return float(length)


_LENGTH: Final = re.compile(r"(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s?)?", re.ASCII)


@command(
    app, "record", example="agora-rest recordings record lesson-42 --uid 527841 --duration 45m --max-idle-time 300"
)
def record(
    session: AppSession,
    config: ConfigOptions,
    storage: StorageOptions,
    service: ResourceOptions,
    channel: Label = None,
    uid: RecorderUid = None,
    mode: Mode = "mix",
    duration: Annotated[
        Any, option("How long to record, e.g. 90s, 10m or 1h30m; without it, until Ctrl-C.", "TIME", parser=seconds)
    ] = None,
    every: Every = 60.0,
    token_command: TokenCommand = None,
) -> None:
    """Record a channel or a web page for a while or until Ctrl-C, and show its files.

    The recording is always stopped: at the end, on Ctrl-C or a termination signal, and after an error. With
    --json, the events are printed as JSON Lines.
    """
    channel, uid = recorder(mode, channel, uid)
    resolved, configured = storage.resolve(session.account), config.config(mode, duration=duration)
    clock = InterruptibleClock()
    # The signals come first: one that comes before the recording is there must still end it.
    with signals_call(clock.interrupt), session.app(clock=clock, quietly=True) as app:
        given = {
            "uid": uid,
            "storage": resolved,
            "config": configured,
            "resource_config": service.resource_config(),
        }
        if mode != "web":
            given["token"] = token_of(token_command, app.id, channel, uid)
        with _started(_block(app, mode, channel, given)) as run:
            report = ProgressReport(session.out, duration)
            report.started(run.recording)
            with report.display(config.url or channel, duration), clock.until_over(duration):
                run.follow(report, every)
        report.ended(run)


def _block(app: App, mode: str, channel: str, given: dict[str, Any]) -> AbstractContextManager[Recording]:
    """The block of a recording in a mode."""
    recordings = app.recordings
    if mode == "web":
        return recordings.record_web(given["config"].url, name=channel, **given)
    if mode == "individual":
        return recordings.record_individual(channel, **given)
    return recordings.record(channel, **given)


class Run:
    """One recording from its start to its end."""

    def __init__(self, recording: Recording) -> None:
        self.recording = recording
        self.ended_by_itself = False

    def follow(self, report: ProgressReport, every: float) -> None:
        """Report its states until it is over."""
        report.state(self.recording.wait_until_started())
        for state in self.recording.states(every=every):
            report.state(state)
        self.ended_by_itself = True


@contextmanager
def _started(recording: Any) -> Iterator[Run]:
    """The block of a recording. If the recording has ended on its own, the refusal of its stop is ignored."""
    from agora_rest import AgoraError, NotFound

    run: Run | None = None
    try:
        with recording as handle:
            run = Run(handle)
            yield run
    except NotFound as error:
        if run is None or not run.ended_by_itself:
            _note_how_to_stop(run, error)
            raise
    except AgoraError as error:
        _note_how_to_stop(run, error)
        raise


def _note_how_to_stop(run: Run | None, error: AgoraError) -> None:
    """Add the command that stops a recording which may be running still."""
    if run is not None and error.may_be_running:
        options = [(f"--{name.replace('_', '-')}", value) for name, value in _values(run.recording).items()]
        words = shlex.join([word for option in options for word in option])
        error.add_note(f"Stop it with: agora-rest recordings stop {words}")


class ProgressReport:
    """Reports progress: text or JSON events on standard output, and a live line on a terminal."""

    def __init__(self, out: Output, duration: float | None) -> None:
        self._out, self._duration = out, duration
        self._last: Any = None

    def started(self, recording: Recording) -> None:
        """Report the start; the IDs come first, because they allow stopping the recording from elsewhere."""
        self._out.line({"event": "started", **_values(recording)})
        self._out.message(f"Recording {recording.started.channel}: sid {recording.sid}")
        self._out.note(f"resource ID {recording.resource_id}")

    def state(self, state: RecordingState) -> None:
        """Report a state if it has changed."""
        if state != self._last:
            self._last = state
            show_state(self._out, state)

    @contextmanager
    def display(self, channel: str, duration: float | None) -> Iterator[None]:
        """A line with the time on the terminal, while the block lasts."""
        from rich.console import Console
        from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

        console = Console(stderr=True)
        until = f"of {timedelta(seconds=duration)}; Ctrl-C stops it now" if duration else "until Ctrl-C"
        progress = Progress(
            SpinnerColumn(),
            TextColumn(f"recording {channel}", markup=False),
            TimeElapsedColumn(),
            TextColumn(until),
            console=console,
            disable=not console.is_terminal,
            transient=True,
            redirect_stdout=sys.stdout.isatty(),
            redirect_stderr=True,
        )
        with progress:
            progress.add_task("")
            yield
        self._out.note("Stopping; this may take a minute …")

    def ended(self, run: Run) -> None:
        """The end and the files."""
        recording = run.recording
        uploading = recording.uploading_status
        event, how = ("ended", "The recording ended on its own") if run.ended_by_itself else ("stopped", "Stopped")
        self._out.line({"event": event, "uploading_status": uploading, "files": recording.files})
        self._out.message(f"{how}; {_upload_state(uploading)}{':' if recording.files else '.'}")
        for file in recording.files:
            self._out.message(f"  {cell(file.name)}")
        if run.ended_by_itself and _is_abnormal(recording):
            raise CliError("The recording exited abnormally: it may be incomplete.", Exit.REFUSED)
        if run.ended_by_itself and self._duration is not None:
            raise CliError(
                f"The recording ended before the {timedelta(seconds=self._duration)} of --duration were over: "
                f"{_why_it_ended(recording)}.",
                Exit.REFUSED,
            )


def _why_it_ended(recording: Recording) -> str:
    if recording.started.mode == "web":
        return "the page was probably not reached, or not ready within --ready-timeout seconds"
    return "the channel was probably empty for --max-idle-time seconds"


def _upload_state(uploading: UploadingStatus | None) -> str:
    """A description of the upload state."""
    if uploading is None or uploading.value == "unknown":
        return "the server did not report whether its files are uploaded; check the storage"
    return f"its files are {uploading.value}"


def show_state(out: Output, state: RecordingState) -> None:
    """Print a state as an event or as text."""
    out.line({"event": "state", "status": state.status, "files": state.files})
    files = f": {cell([file.name for file in state.files])}" if state.files else ""
    out.message(f"{state.status.name.lower()}{files}")


def _values(recording: Recording) -> dict[str, str]:
    started = recording.started
    return {
        "resource_id": started.resource_id,
        "sid": started.sid,
        "channel": started.channel,
        "uid": started.uid,
        **({} if started.mode == "mix" else {"mode": str(started.mode)}),
    }


def _is_abnormal(recording: Recording) -> bool:
    from agora_rest import RecordingStatus

    return recording.status == RecordingStatus.EXITED_ABNORMALLY
