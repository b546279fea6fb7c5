"""`agora-rest fleet`: many recordings by any number of workers, from one journal."""

from __future__ import annotations

import csv
import json
import sys
import textwrap
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import fields
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from agora_rest.cli import _completing, _orders, _receiving, _watching
from agora_rest.cli._command import command
from agora_rest.cli._exits import EPILOG, CliError
from agora_rest.cli._journal_options import JournalOptions
from agora_rest.cli._options import argument, flag, option
from agora_rest.cli._output import Column, Output
from agora_rest.cli._recording_options import ConfigOptions, Mode
from agora_rest.cli._session import Session
from agora_rest.cli._tokens import TokenCommand, token_resolver

if TYPE_CHECKING:
    from agora_rest.fleet import Entry, Journal

app = typer.Typer(
    help="Run many recordings with any number of workers, which share a journal in a database.",
    no_args_is_help=True,
    epilog=EPILOG,
)

Keys = Annotated[list[str] | None, argument("The keys of recordings.", "KEY", autocompletion=_completing.journal_keys)]
Key = Annotated[str, argument("The key of the recording.", "KEY", autocompletion=_completing.journal_keys)]
At = Annotated[
    str | None, option("When to end them: ISO 8601 with a zone, or seconds since 1970; by default now.", "TIME", "--at")
]


@command(app, "submit", example="agora-rest fleet submit --from lessons.csv --storage lessons")
def submit(
    session: JournalOptions,
    config: ConfigOptions,
    file: Annotated[
        Path | None,
        option("Orders to submit: CSV with a header line, or JSON Lines.", "FILE", "--from", dir_okay=False),
    ] = None,
    channel: Annotated[str | None, option("The channel of a single order; in mode web a label of your own.")] = None,
    uid: Annotated[str | None, option("The recorder's user ID; no other user of the channel may have it.")] = None,
    app_id: Annotated[str | None, option("The App ID.", envvar="AGORA_APP_ID")] = None,
    storage: Annotated[str, option("The storage's name, as in the workers' AGORA_STORAGE_<NAME>_BUCKET.")] = "default",
    secret: Annotated[
        str | None, option("The password's name, as in the workers' AGORA_DECRYPTION_SECRET_<NAME>.")
    ] = None,
    key: Annotated[
        str | None, option("Your name for the order. Submitting it again makes no second recording.")
    ] = None,
    mode: Mode = "mix",
    start_at: Annotated[str | None, option("When to start. By default at once.", "TIME")] = None,
    stop_at: Annotated[str | None, option("When to stop. By default only with `fleet stop`.", "TIME")] = None,
) -> None:
    """Add one order to the journal, or thousands from a file.

    With a file, options are defaults for what its rows leave out.
    """
    row: dict[str, Any] = {"app_id": app_id, "storage": storage, "secret": secret, "mode": mode}
    row |= {"start_at": start_at, "stop_at": stop_at, **_orders.members_of(config.config(mode))}
    if file is not None:
        if key or channel or uid:
            raise CliError("--key, --channel and --uid cannot be combined with --from: put them in the file.")
        with session.opened(create=True) as journal:
            _submit_all(session.out, journal, file, row)
        return
    if not (channel and uid):
        raise CliError("Nothing to submit: pass --channel and --uid, or a file with --from.")
    try:
        order = _orders.order_of({**row, "key": key, "channel": channel, "uid": uid})
    except ValueError as error:
        raise CliError(str(error)) from None
    with session.opened(create=True) as journal:
        entry = journal.submit(order)
    session.out.document(entry)
    session.out.message(entry.key)


def _submit_all(out: Output, journal: Journal, file: Path, defaults: dict[str, Any]) -> None:
    from agora_rest.errors import AgoraError

    orders, count, began, rate = _orders.OrderFile(file, defaults), 0, time.monotonic(), ""
    first_new, known = journal.clock.now(), 0
    try:
        with _progress() as show:
            for entries in journal.submitting(orders):
                count += len(entries)
                known += sum(entry.created_at < first_new for entry in entries)
                rate = f"{count} read, {count / max(time.monotonic() - began, 0.001):.0f} a second"
                show(orders.read, rate)
                for entry in entries:
                    out.line({"key": entry.key, "id": entry.id})
    except (AgoraError, CliError) as error:
        error.add_note(f"Before it, {_submitted(count, known)}; nothing after it.")
        raise
    if rate:
        out.note(rate)
    out.message(_submitted(count, known))
    if orders.without_key:
        out.note(
            f"{orders.without_key} of them have no key: submitting the file again would record them again. "
            "Add a column `key` to prevent that."
        )


def _submitted(count: int, known: int) -> str:
    """How many orders were new, and how many were in the journal already."""
    new = f"{count - known} recording{'' if count - known == 1 else 's'} submitted"
    return f"{new}, {known} submitted before" if known else new


@contextmanager
def _progress() -> Iterator[Callable[[float, str], None]]:
    """A progress bar on a terminal; nothing elsewhere."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn

    console = Console(stderr=True)
    columns = BarColumn(), TaskProgressColumn(), TextColumn("{task.description}", markup=False)
    with Progress(*columns, console=console, disable=not console.is_terminal, transient=True) as progress:
        task = progress.add_task("reading …", total=1.0)
        yield lambda share, text: progress.update(task, completed=share, description=text)


@command(app, "worker", example="agora-rest fleet worker --permits redis://cache.internal:6379/0")
def worker(
    session: Session,
    journal: Annotated[str, option("The journal.", "URL", envvar="AGORA_JOURNAL")] = "sqlite:///recordings.db",
    permits: Annotated[
        str | None,
        option(
            "The workers' shared store of rate limits: redis://…, sqlite:///…, postgresql+psycopg://…. "
            "By default each process limits only itself.",
            "URL",
            envvar="AGORA_PERMITS",
        ),
    ] = None,
    query_every: Annotated[
        float,
        option("Seconds between two queries of a recording. Use a long interval with webhooks.", "SECONDS", min=10),
    ] = 120.0,
    drain: Annotated[float, option("How long current calls may take when the worker ends.", "SECONDS", min=0)] = 60.0,
    token_command: TokenCommand = None,
) -> None:
    """Run the journal's recordings until SIGTERM or Ctrl-C, then finish the calls in progress and release the rest.

    Any number of workers may share a journal. When one dies, another takes over its recordings within a minute. What
    keeps a worker from its work goes to standard error, once per cause.
    """
    import asyncio
    import logging

    from agora_rest import AsyncAgora
    from agora_rest.client._logging import write_to_stderr
    from agora_rest.fleet import Fleet, Journal, Timings, Worker, troubles

    customer_id, certificate = session.account.credentials(certificate_stdin=session.certificate_stdin)
    options: dict[str, Any] = {"base_url": session.account.base_url.value, "allow_http": session.account.allow_http}
    if permits is not None:
        options["permits"] = permits
    with Journal(journal) as opened:
        session.out.note(
            f"working for {opened.name}"
            + (", which has no recordings to run yet" if opened.next_due() is None else "")
            + ("" if permits else "; the rate limits are not shared with other processes")
        )

        write_to_stderr(logging.WARNING)
        troubles.logger.setLevel(logging.INFO)  # their end too

        async def work() -> None:
            async with (
                AsyncAgora(customer_id, certificate, **options) as agora,
                Fleet(
                    opened, agora, timings=Timings(query_every=query_every), tokens=token_resolver(token_command)
                ) as fleet,
            ):
                await Worker(fleet, drain=drain).run_until_signalled()

        asyncio.run(work())


@command(app, "list", example="agora-rest fleet list --state lost --state unknown")
def list_(
    session: JournalOptions,
    state: Annotated[list[str] | None, option("Filter by state: intent, started, lost, failed, …", "NAME")] = None,
    app_id: Annotated[str | None, option("Filter by App ID.")] = None,
    limit: Annotated[int, option("The maximum number of recordings to list.", "N", min=1)] = 100,
) -> None:
    """List recordings, oldest first."""
    with session.opened() as journal:
        found = list(journal.entries(*_states(state), app_id=app_id, limit=limit + 1))
    entries, more = found[:limit], len(found) > limit
    session.out.document(entries)
    session.out.table(_IN_SHORT if sys.stdout.isatty() else _COLUMNS, entries, empty="No recordings.")
    if more:
        session.out.note(f"Only the first {limit} are shown; use --limit, or filter with --state and --app-id.")


@command(app, "show", example="agora-rest fleet show lesson-42")
def show(session: JournalOptions, key: Key) -> None:
    """Show all fields of a recording."""
    with session.opened() as journal:
        entry = journal.get(key)
    session.out.document(entry)
    session.out.fields([(item.name, _shown(item.name, entry)) for item in fields(entry) if item.repr])


@command(app, "stop", example="agora-rest fleet stop lesson-42 --at 2036-07-01T10:45:00Z")
def stop(
    session: JournalOptions,
    keys: Keys = None,
    everything: Annotated[bool, flag("Every recording that is not over.", "--all")] = False,
    at: At = None,
) -> None:
    """Schedule the end of recordings, now or at a given time. The workers stop them."""
    if bool(keys) == everything:
        raise CliError("Nothing to stop: pass keys, or --all; not both.")
    try:
        moment = None if at is None else _orders.moment(at)
    except ValueError as error:
        raise CliError(f"--at: {error}") from None
    with session.opened() as journal:
        count = journal.stop_all(at=moment) if everything else journal.stop(*keys or (), at=moment)
    session.out.document({"stopping": count})
    session.out.message(f"{count} will end")


app.registered_commands += _watching.app.registered_commands + _receiving.app.registered_commands


@command(app, "export", example="agora-rest fleet export --format csv --to outcomes.csv")
def export(
    session: JournalOptions,
    to: Annotated[Path | None, option("The output file. Default: standard output.", "FILE", "--to")] = None,
    form: Annotated[Literal["jsonl", "csv"], option("The format: jsonl or csv.", "NAME", "--format")] = "jsonl",
    state: Annotated[list[str] | None, option("Filter by state.", "NAME")] = None,
) -> None:
    """Export all recordings and their outcomes, one per line."""
    from agora_rest.cli._json import dumped, to_json

    with (
        session.opened() as journal,
        to.open("w", encoding="utf-8", newline="") if to else nullcontext(sys.stdout) as file,
    ):
        writer = None
        for entry in journal.entries(*_states(state)):
            row: dict[str, Any] = to_json(entry)
            if form == "jsonl":
                file.write(dumped(row, ascii_only=True, indent=None) + "\n")
                continue
            if writer is None:
                writer = csv.DictWriter(file, [item.name for item in fields(entry)])
                writer.writeheader()
            writer.writerow({name: _in_csv(value) for name, value in row.items()})


@command(app, "migrate", example="agora-rest fleet migrate --journal postgresql+psycopg://fleet@db/fleet")
def migrate(session: JournalOptions) -> None:
    """Create the journal's tables, or migrate them to this version."""
    from agora_rest.fleet.tables import VERSION

    with session.opened(check=False, create=True) as journal:
        before = journal.migrate()
    if before == VERSION:
        session.out.message(f"The tables have version {VERSION} already; nothing was changed.")
    else:
        session.out.message(
            f"The tables have version {VERSION} now; {f'they had {before}' if before else 'they are new'}."
        )


def _states(names: list[str] | None) -> list[Any]:
    from agora_rest.fleet import State

    try:
        return [State(name) for name in names or ()]
    except ValueError:
        raise CliError(f"--state is one of {', '.join(State)}.") from None


_COLUMNS = [
    Column("Key", lambda entry: entry.key),
    Column("Channel", lambda entry: entry.channel),
    Column("Uid", lambda entry: entry.uid),
    Column("State", lambda entry: entry.state, whole=True),
    Column("Ended", lambda entry: entry.ended),
    Column("Ends", lambda entry: _time(entry.ended_at or entry.stop_at), whole=True),
    Column("Files", lambda entry: entry.files),
    Column("Error", lambda entry: entry.error),
]
_IN_SHORT = [
    *_COLUMNS[:-2],
    Column("Files", lambda entry: len(entry.files) or None, number=True),
    Column("Error", lambda entry: textwrap.shorten(entry.error or "", 32, placeholder=" …")),
]
"""On a terminal: names of files and errors are lines long, and `show` has them."""


def _time(seconds: float | None) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)


def _shown(name: str, entry: Entry) -> Any:
    from agora_rest import RecordingStatus

    value = getattr(entry, name)
    if name.endswith(("_at", "_since")):
        return _time(value)
    if name == "lane":
        return value.name.lower()
    return RecordingStatus(value).name.lower() if name == "status" and value is not None else value


def _in_csv(value: Any) -> Any:
    """Values other than text and numbers as JSON, as `submit` reads them."""
    return json.dumps(value) if isinstance(value, dict | list | bool) else value
