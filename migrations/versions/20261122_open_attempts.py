"""Find what somebody is taking without reading what they took before."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "20261122_open_attempts"
down_revision = "20261122_worker"
branch_labels = None
depends_on = None

_OPEN = sa.text("closed_at IS NULL")


def upgrade() -> None:
    op.create_index("ix_attempts_open", "attempts", ["learner_id"], sqlite_where=_OPEN, postgresql_where=_OPEN)


def downgrade() -> None:
    op.drop_index("ix_attempts_open", "attempts")
