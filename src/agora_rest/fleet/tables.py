"""The journal's table, the same for SQLite and PostgreSQL. `migrations` creates it; a test keeps both equal."""

from __future__ import annotations

from typing import Final

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Double,
    Index,
    Integer,
    MetaData,
    SmallInteger,
    Table,
    Text,
    false,
    text,
)

VERSION: Final = "0003"
"""The newest migration."""
VERSION_TABLE: Final = "agora_recordings_version"

metadata: Final = MetaData()

recordings: Final = Table(
    "agora_recordings",
    metadata,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True),
    Column("key", Text, nullable=False, unique=True),
    # What is wanted. Storage and password by name only: no secret is ever in here.
    Column("app_id", Text, nullable=False),
    Column("channel", Text, nullable=False),
    Column("uid", Text, nullable=False),
    Column("mode", Text, nullable=False),
    Column("storage", Text),
    Column("secret", Text),
    Column("config", JSON, nullable=False),
    Column("extra", JSON, nullable=False),
    Column("start_at", Double, nullable=False),
    Column("stop_at", Double),
    Column("revision", Integer, nullable=False, server_default=text("0")),
    # How far it is.
    Column("state", Text, nullable=False),
    Column("resource_id", Text),
    Column("acquired_at", Double),
    Column("maybe_started", Boolean, nullable=False, server_default=false()),
    Column("sid", Text),
    Column("started_at", Double),
    Column("stopping_at", Double),
    Column("missing_since", Double),
    Column("status", Integer),
    # What to do next, when, and who is at it. A lease is a row that is not due before the lease ends.
    Column("lane", SmallInteger, nullable=False),
    Column("next_at", Double),
    Column("attempts", Integer, nullable=False, server_default=text("0")),
    Column("owner", Text),
    Column("fence", Integer, nullable=False, server_default=text("0")),
    # What became of it.
    Column("files", JSON, nullable=False),
    Column("uploading_status", Text),
    Column("ended", Text),
    Column("ended_at", Double),
    Column("error", Text),
    Column("created_at", Double, nullable=False),
    Column("updated_at", Double, nullable=False),
    # Claims read it from its beginning; without it they take ten times as long.
    Index("agora_recordings_due", "lane", "next_at"),
    Index("agora_recordings_state", "state"),
    # What comes from outside names a channel: a notification, a file.
    Index("agora_recordings_channel", "channel"),
)
