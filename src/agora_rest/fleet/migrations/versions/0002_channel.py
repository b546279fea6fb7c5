"""An index by which notifications and names of files find their recording."""

from __future__ import annotations

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the index."""
    op.create_index("agora_recordings_channel", "agora_recordings", ["channel"])


def downgrade() -> None:
    """Remove the index."""
    op.drop_index("agora_recordings_channel")
