"""Let the worker find attempts past their deadline, and closed ones without marks, without reading the others."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "20261122_worker"
down_revision = "20261122_trust"
branch_labels = None
depends_on = None

_OPEN = sa.text("closed_at IS NULL AND deadline_at IS NOT NULL")
_UNGRADED = sa.text("closed_at IS NOT NULL AND graded_at IS NULL AND outcome <> 'abandoned'")


def upgrade() -> None:
    op.create_index(
        "ix_attempts_open_deadline", "attempts", ["deadline_at"], sqlite_where=_OPEN, postgresql_where=_OPEN
    )
    op.create_index(
        "ix_attempts_ungraded", "attempts", ["closed_at"], sqlite_where=_UNGRADED, postgresql_where=_UNGRADED
    )


def downgrade() -> None:
    op.drop_index("ix_attempts_ungraded", "attempts")
    op.drop_index("ix_attempts_open_deadline", "attempts")
