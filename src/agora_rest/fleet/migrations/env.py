"""Run by Alembic: the migrations, over the connection that `schema.migrate` passes."""

from __future__ import annotations

from alembic import context

from agora_rest.fleet.tables import VERSION_TABLE, metadata

context.configure(
    connection=context.config.attributes["connection"], target_metadata=metadata, version_table=VERSION_TABLE
)
with context.begin_transaction():
    context.run_migrations()
