"""Two columns by the names that the package uses for them."""

from __future__ import annotations

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_RENAMED = {"wish": "revision", "doubt": "maybe_started"}


def upgrade() -> None:
    """Rename the columns. SQLite and PostgreSQL share this statement, and neither rewrites rows for it."""
    for before, after in _RENAMED.items():
        op.execute(f"ALTER TABLE agora_recordings RENAME COLUMN {before} TO {after}")


def downgrade() -> None:
    """Restore the earlier names."""
    for before, after in _RENAMED.items():
        op.execute(f"ALTER TABLE agora_recordings RENAME COLUMN {after} TO {before}")
