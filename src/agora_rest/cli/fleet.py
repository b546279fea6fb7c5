"""`agora-rest fleet`: many recordings, made by workers that may die, from a journal that outlives them."""

from __future__ import annotations

import csv
import sys
import time
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from agora_rest.cli import _orders
from agora_rest.cli._command import command
from agora_rest.cli._exits import EPILOG, Complaint
from agora_rest.cli._output import Column, Output
from agora_rest.cli._session import Session
from agora_rest.cli.recording_options import ConfigOptions

if TYPE_CHECKING:
    from agora_rest.fleet import Entry, Journal

app = typer.Typer(help="Many recordings, by workers that may die.", no_args_is_help=True, epilog=EPILOG)

Keys = Annotated[list[str] | None, typer.Argument(metavar="KEY", help="What they were submitted as.")]
Key = Annotated[str, typer.Argument(metavar="KEY", help="What it was submitted as.")]
At = Annotated[str | None, typer.Option("--at", metavar="TIME", help="ISO 8601 with a zone, or seconds since 1970.")]


@dataclass
class Book:
    """Which journal, and how to print."""

    journal: Annotated[
        str,
        typer.Option(
            envvar="AGORA_JOURNAL",
            metavar="URL",
            help="The journal: sqlite:///recordings.db, or postgresql+psycopg://… for workers on many machines.",
            show_envvar=True,
        ),
    ] = "sqlite:///recordings.db"
    json: Annotated[bool, typer.Option("--json", help="Print JSON for scripts; errors too, on standard error.")] = False
    debug: Annotated[bool, typer.Option("--debug", help="Show of an error where it came from.")] = False

    @cached_property
    def out(self) -> Output:
        """Where results go."""
        return Output(self.json)

    def opened(self, *, check: bool = True) -> Journal:
        """The journal. Raises Complaint and JournalOutdated."""
        from agora_rest.fleet import Journal

        return Journal(self.journal, check=check)


@command(app, "migrate")
def migrate(session: Book) -> None:
    """Make the journal's tables, or bring them to this version."""
    with session.opened(check=False) as journal:
        before = journal.migrate()
        session.out.say(f"The tables are of this version now; they were {before or 'not there'}.")


@command(app, "submit")
def submit(
    session: Book,
    config: ConfigOptions,
    file: Annotated[
        Path | None,
        typer.Option("--from", metavar="FILE", help="Many: CSV with a line of names, or JSON Lines.", dir_okay=False),
    ] = None,
    channel: Annotated[str | None, typer.Option(help="One: its channel.")] = None,
    uid: Annotated[str | None, typer.Option(help="The recorder's user ID, nobody else's in the channel.")] = None,
    app_id: Annotated[str | None, typer.Option(envvar="AGORA_APP_ID", help="The App ID.")] = None,
    storage: Annotated[
        str, typer.Option(help="The storage by its name: the workers' AGORA_STORAGE_<NAME>_BUCKET, …")
    ] = "default",
    secret: Annotated[
        str | None, typer.Option(help="The channel's password by its name: AGORA_DECRYPTION_SECRET_<NAME>.")
    ] = None,
    key: Annotated[str | None, typer.Option(help="Your name for it: the same key again makes no second one.")] = None,
    start_at: Annotated[str | None, typer.Option(metavar="TIME", help="When to start; left out, at once.")] = None,
    stop_at: Annotated[str | None, typer.Option(metavar="TIME", help="When to stop; left out, when told to.")] = None,
) -> None:
    """Write down one recording that is to be made, or thousands from a file."""
    defaults = {"app_id": app_id, "storage": storage}
    with session.opened() as journal:
        if file is not None:
            _submit_all(session.out, journal, file, defaults)
            return
        configured = config.config()
        row = {"key": key, "channel": channel, "uid": uid, "secret": secret, "start_at": start_at, "stop_at": stop_at}
        if configured is not None:
            row["config"] = configured.to_request()  # type: ignore[assignment]
        try:
            entry = journal.submit(_orders.order_of({**defaults, **row}))
        except ValueError as error:
            raise Complaint(str(error)) from None
    session.out.document(entry) if session.json else session.out.say(entry.key)


def _submit_all(out: Output, journal: Journal, file: Path, defaults: dict[str, Any]) -> None:
    count, began = 0, time.monotonic()
    for entries in journal.submitting(_orders.orders_in(file, defaults)):
        count += len(entries)
        out.note(f"{count} written down, {count / max(time.monotonic() - began, 0.001):.0f} a second")
        if out.as_json:
            for entry in entries:
                out.line({"key": entry.key, "id": entry.id})
    out.say(f"{count} recordings")


@command(app, "list")
def list_(
    session: Book,
    state: Annotated[list[str] | None, typer.Option(help="Only these: intent, started, lost, failed, …")] = None,
    app_id: Annotated[str | None, typer.Option(help="Only this App ID's.")] = None,
    limit: Annotated[int, typer.Option(min=1, help="At most so many.")] = 100,
) -> None:
    """List recordings, oldest first."""
    with session.opened() as journal:
        entries = list(journal.entries(*_states(state), app_id=app_id, limit=limit))
    if session.json:
        session.out.document(entries)
    else:
        session.out.table(_COLUMNS, entries, empty="There are none.")


@command(app, "show")
def show(session: Book, key: Key) -> None:
    """Show everything that is known of a recording."""
    with session.opened() as journal:
        entry = journal.get(key)
    if session.json:
        session.out.document(entry)
    else:
        session.out.fields([(item.name, _shown(item.name, entry)) for item in fields(entry) if item.repr])


@command(app, "stop")
def stop(
    session: Book,
    keys: Keys = None,
    everything: Annotated[bool, typer.Option("--all", help="All that are not over.")] = False,
    at: At = None,
) -> None:
    """Let recordings end, now or at a time; workers do it."""
    if bool(keys) == everything:
        raise Complaint("Which? Name their keys, or pass --all.")
    try:
        moment = None if at is None else _orders.moment(at)
    except ValueError as error:
        raise Complaint(f"--at: {error}") from None
    with session.opened() as journal:
        count = journal.stop_all(at=moment) if everything else journal.stop(*keys or (), at=moment)
    session.out.document({"stopping": count}) if session.json else session.out.say(f"{count} will end")


@command(app, "watch")
def watch(
    session: Book,
    every: Annotated[float, typer.Option(min=0.2, metavar="SECONDS", help="How often to look.")] = 2.0,
    once: Annotated[bool, typer.Option("--once", help="Look once.")] = False,
) -> None:
    """Show how many recordings are in which state, what is late, and what is in doubt, until Ctrl-C."""
    from rich.console import Console

    with session.opened() as journal:
        while True:
            seen = _seen(journal)
            if session.json:
                session.out.line(seen)
            else:
                if sys.stdout.isatty() and not once:
                    Console().clear()
                session.out.fields(seen.items())
            if once:
                return
            time.sleep(every)


def _seen(journal: Journal) -> dict[str, Any]:
    journal.look_at_clock()
    counts, due, now = journal.counts(), journal.next_due(), journal.clock.now()
    return {
        **{str(state): count for state, count in counts.items()},
        "changes a second": round(journal.changed_since(now - 10) / 10, 1),
        "oldest due, seconds late": 0.0 if due is None else round(max(0.0, now - due), 1),
    }


@command(app, "export")
def export(
    session: Book,
    to: Annotated[Path | None, typer.Option("--to", metavar="FILE", help="Left out, standard output.")] = None,
    form: Annotated[Literal["jsonl", "csv"], typer.Option("--format", help="JSON Lines, or CSV.")] = "jsonl",
    state: Annotated[list[str] | None, typer.Option(help="Only these.")] = None,
) -> None:
    """Write all recordings and their outcomes, a line each."""
    from agora_rest.cli._json import dumped, to_json

    with session.opened() as journal, to.open("w", encoding="utf-8", newline="") if to else _kept_open() as file:
        writer = None
        for entry in journal.entries(*_states(state)):
            row: dict[str, Any] = to_json(entry)
            if form == "jsonl":
                file.write(dumped(row, ascii_only=True, indent=None) + "\n")
                continue
            if writer is None:
                writer = csv.DictWriter(file, [item.name for item in fields(entry)])
                writer.writeheader()
            writer.writerow(row)


@command(app, "worker")
def worker(
    session: Session,
    journal: Annotated[
        str, typer.Option(envvar="AGORA_JOURNAL", metavar="URL", help="The journal.", show_envvar=True)
    ] = "sqlite:///recordings.db",
    permits: Annotated[
        str | None,
        typer.Option(
            envvar="AGORA_PERMITS",
            metavar="URL",
            help="Who keeps all workers below the account's limits: redis://…, sqlite:///…, postgresql+psycopg://…. "
            "Left out, this process alone keeps them.",
            show_envvar=True,
        ),
    ] = None,
    drain: Annotated[float, typer.Option(min=0, metavar="SECONDS", help="How long calls may take to end.")] = 60.0,
) -> None:
    """Make the journal's recordings, until SIGTERM or Ctrl-C; then finish the calls under way and give back the rest.

    Any number of workers may share a journal. What one leaves when it dies, another takes up within a minute.
    """
    import asyncio

    from agora_rest.fleet import Journal

    customer_id, certificate = session.account.credentials(certificate_stdin=session.certificate_stdin)
    options: dict[str, Any] = {"base_url": session.account.base_url.value}
    if permits is not None:
        options["permits"] = permits
    with Journal(journal) as opened:
        session.out.note(f"working for {opened!r}" + ("" if permits else "; this process alone keeps the limits"))
        asyncio.run(_work(opened, customer_id, certificate, options, drain))


async def _work(journal: Journal, customer_id: str, certificate: str, options: dict[str, Any], drain: float) -> None:
    from agora_rest import AsyncAgora
    from agora_rest.fleet import Fleet, Worker

    async with AsyncAgora(customer_id, certificate, **options) as agora, Fleet(journal, agora) as fleet:
        await Worker(fleet, drain=drain).run_until_signalled()


def _states(names: list[str] | None) -> list[Any]:
    from agora_rest.fleet import State

    try:
        return [State(name) for name in names or ()]
    except ValueError:
        raise Complaint(f"--state is one of {', '.join(State)}.") from None


_COLUMNS = [
    Column("Key", lambda entry: entry.key, whole=True),
    Column("Channel", lambda entry: entry.channel),
    Column("Uid", lambda entry: entry.uid),
    Column("State", lambda entry: entry.state, whole=True),
    Column("Ended", lambda entry: entry.ended),
    Column("Ends", lambda entry: _time(entry.ended_at or entry.stop_at)),
    Column("Files", lambda entry: entry.files),
    Column("Error", lambda entry: entry.error),
]


def _time(seconds: float | None) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)


def _shown(name: str, entry: Entry) -> Any:
    value = getattr(entry, name)
    return _time(value) if name.endswith(("_at", "_since")) else value


def _kept_open() -> Any:
    from contextlib import nullcontext

    return nullcontext(sys.stdout)
