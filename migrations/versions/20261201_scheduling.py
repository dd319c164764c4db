"""Keep a learner's free days and whether due dates are spread, and which cards were missed though surely known."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "20261201_scheduling"
down_revision = "20261201_marks"
branch_labels = None
depends_on = None

# Cards on their way back after a miss that the learner had been sure of.
_SURE_MISSES = """
    UPDATE cards SET is_sure_miss = true WHERE phase IN ('learning', 'relearning') AND EXISTS (
        SELECT 1 FROM reviews AS missed
        WHERE missed.learner_id = cards.learner_id AND missed.item_id = cards.item_id AND missed.part = cards.part
        AND missed.event = 'review' AND missed.source = 'quiz' AND missed.certainty = 'high' AND missed.rating = 1
        AND NOT missed.is_open_book AND NOT EXISTS (
            SELECT 1 FROM reviews AS later
            WHERE later.learner_id = cards.learner_id AND later.item_id = cards.item_id AND later.part = cards.part
            AND later.event = 'review' AND later.phase_after = 'review' AND later.reviewed_at > missed.reviewed_at
        )
    )
"""


def upgrade() -> None:
    with op.batch_alter_table("people") as people:
        people.add_column(sa.Column("week", sa.String(7), nullable=False, server_default="2222222"))
        people.add_column(sa.Column("days_off", sa.String(440), nullable=False, server_default=sa.text("''")))
        people.add_column(sa.Column("is_fuzz_on", sa.Boolean(), nullable=False, server_default=sa.true()))
        people.create_check_constraint(op.f("ck_people_week"), "length(week) = 7")
    op.add_column("cards", sa.Column("is_sure_miss", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.execute(_SURE_MISSES)


def downgrade() -> None:
    op.drop_column("cards", "is_sure_miss")
    with op.batch_alter_table("people") as people:
        people.drop_constraint(op.f("ck_people_week"), type_="check")
        people.drop_column("is_fuzz_on")
        people.drop_column("days_off")
        people.drop_column("week")
