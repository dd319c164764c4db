"""Find the corrections of a review without reading the log."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "20261201_corrections"
down_revision = "20261201_certainty_totals"
branch_labels = None
depends_on = None

_CORRECT = sa.text("event = 'correct'")


def upgrade() -> None:
    op.create_index(
        "ix_reviews_correct", "reviews", ["learner_id", "names_id"], sqlite_where=_CORRECT, postgresql_where=_CORRECT
    )


def downgrade() -> None:
    op.drop_index("ix_reviews_correct", "reviews")
