"""Let an attempt say when its key is told, where that is not at its end, and how far it has come."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "20261122_key_told"
down_revision = "20261122_extra_time"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("attempts", sa.Column("key_told", sa.String(6)))
    op.add_column("attempts", sa.Column("reached", sa.Integer(), server_default="1", nullable=False))
    told_later = sa.text("key_told IS NOT NULL")
    op.create_index(
        "ix_attempts_key_told", "attempts", ["learner_id"], sqlite_where=told_later, postgresql_where=told_later
    )


def downgrade() -> None:
    op.drop_index("ix_attempts_key_told", "attempts")
    op.drop_column("attempts", "reached")
    op.drop_column("attempts", "key_told")
