"""Let a teacher give one person another time, close or number of attempts in a set."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from quizapp.database import UtcDateTime

revision = "20261201_overrides"
down_revision = "20261201_sections"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "overrides",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("learner_id", sa.Integer(), nullable=False),
        sa.Column("item_set_id", sa.Integer(), nullable=True),
        sa.Column("time_factor", sa.Double(), nullable=True),
        sa.Column("is_untimed", sa.Boolean(), nullable=False),
        sa.Column("closes_at", UtcDateTime(), nullable=True),
        sa.Column("attempts_allowed", sa.Integer(), nullable=True),
        sa.Column("given_at", UtcDateTime(), nullable=False),
        sa.Column("given_by", sa.Integer(), nullable=True),
        sa.CheckConstraint("time_factor BETWEEN 1 AND 3", name=op.f("ck_overrides_time_factor")),
        sa.CheckConstraint("NOT is_untimed OR time_factor IS NULL", name=op.f("ck_overrides_one_time")),
        sa.CheckConstraint("attempts_allowed >= 1", name=op.f("ck_overrides_attempts_allowed")),
        sa.ForeignKeyConstraint(
            ["learner_id"], ["people.id"], name=op.f("fk_overrides_learner_id_people"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["item_set_id"], ["item_sets.id"], name=op.f("fk_overrides_item_set_id_item_sets"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["given_by"], ["people.id"], name=op.f("fk_overrides_given_by_people"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_overrides")),
    )
    op.create_index(op.f("ix_overrides_item_set_id"), "overrides", ["item_set_id"])
    of_a_set = sa.text("item_set_id IS NOT NULL")
    op.create_index(
        "uq_overrides_learner_set",
        "overrides",
        ["learner_id", "item_set_id"],
        unique=True,
        sqlite_where=of_a_set,
        postgresql_where=of_a_set,
    )


def downgrade() -> None:
    op.drop_table("overrides")
