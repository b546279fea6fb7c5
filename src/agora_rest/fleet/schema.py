"""The version of a journal's tables, and their migration to the newest."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, Engine, inspect, text

from agora_rest.fleet.engines import is_sqlite, reading
from agora_rest.fleet.errors import JournalOutdated
from agora_rest.fleet.tables import VERSION, VERSION_TABLE

MIGRATIONS: Final = Path(__file__).parent / "migrations"

_LOCK: Final = 0x61676F7261  # "agora": any number that no other program locks
_one_at_a_time: Final = threading.Lock()  # Alembic's context is global.


def version_of(connection: Connection) -> str | None:
    """The version of the tables; None if there are none."""
    if not inspect(connection).has_table(VERSION_TABLE):
        return None
    found: str | None = connection.execute(text(f"SELECT version_num FROM {VERSION_TABLE}")).scalar()  # noqa: S608
    return found


def make_ready(engine: Engine) -> None:
    """Make the tables of a new SQLite file; for the rest, check the version. Raises JournalOutdated."""
    with reading(engine.connect()) as connection:
        version, embedded = version_of(connection), is_sqlite(connection)
    if version is None and embedded:
        migrate(engine)
    elif version != VERSION:
        raise JournalOutdated(_version_error(version))


def migrate(engine: Engine) -> str | None:
    """Migrate the tables to the newest version; returns the former one. Processes and threads may do so at once."""
    from alembic import command  # only here: a journal that is up to date does not need it
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with _one_at_a_time, engine.begin() as connection:
        if not is_sqlite(connection):  # SQLite has locked the file
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
        before = version_of(connection)
        if before is not None and before > VERSION:
            raise JournalOutdated(_version_error(before))
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
    return before


def _version_error(version: str | None) -> str:
    if version is None:
        return "The journal has no tables yet: run `agora-rest fleet migrate --journal URL` once."
    if version > VERSION:
        return (
            f"The journal's tables have version {version}, and this package knows up to {VERSION}: "
            "a newer agora-rest has migrated them, so upgrade the package here."
        )
    return (
        f"The journal's tables have version {version}, and this package needs {VERSION}: "
        "stop the workers and run `agora-rest fleet migrate --journal URL`."
    )
