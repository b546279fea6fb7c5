"""A row a recording."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table. Written out, for what `tables.py` says will change."""
    op.create_table(
        "agora_recordings",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True, autoincrement=True),
        sa.Column("key", sa.Text, nullable=False, unique=True),
        sa.Column("app_id", sa.Text, nullable=False),
        sa.Column("channel", sa.Text, nullable=False),
        sa.Column("uid", sa.Text, nullable=False),
        sa.Column("mode", sa.Text, nullable=False),
        sa.Column("storage", sa.Text),
        sa.Column("secret", sa.Text),
        sa.Column("config", sa.JSON, nullable=False),
        sa.Column("extra", sa.JSON, nullable=False),
        sa.Column("start_at", sa.Double, nullable=False),
        sa.Column("stop_at", sa.Double),
        sa.Column("wish", sa.Integer, nullable=False, server_default=sa.text("0")),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("resource_id", sa.Text),
        sa.Column("acquired_at", sa.Double),
        sa.Column("doubt", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.Column("sid", sa.Text),
        sa.Column("started_at", sa.Double),
        sa.Column("stopping_at", sa.Double),
        sa.Column("missing_since", sa.Double),
        sa.Column("status", sa.Integer),
        sa.Column("lane", sa.SmallInteger, nullable=False),
        sa.Column("next_at", sa.Double),
        sa.Column("attempts", sa.Integer, nullable=False, server_default=sa.text("0")),
        sa.Column("owner", sa.Text),
        sa.Column("fence", sa.Integer, nullable=False, server_default=sa.text("0")),
        sa.Column("files", sa.JSON, nullable=False),
        sa.Column("uploading_status", sa.Text),
        sa.Column("ended", sa.Text),
        sa.Column("ended_at", sa.Double),
        sa.Column("error", sa.Text),
        sa.Column("created_at", sa.Double, nullable=False),
        sa.Column("updated_at", sa.Double, nullable=False),
    )
    op.create_index("agora_recordings_due", "agora_recordings", ["lane", "next_at"])
    op.create_index("agora_recordings_state", "agora_recordings", ["state"])


def downgrade() -> None:
    """Throw the journal away."""
    op.drop_table("agora_recordings")
