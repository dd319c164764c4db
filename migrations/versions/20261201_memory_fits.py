"""Keep fits of the memory models, and which one each learner is read with."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from quizapp.database import UtcDateTime

revision = "20261201_memory_fits"
down_revision = "20261201_drafts"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "memory_fits",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("learner_id", sa.Integer()),
        sa.Column("model", sa.String(10), nullable=False),
        sa.Column("numbers", sa.JSON(), nullable=False),
        sa.Column("is_accepted", sa.Boolean(), nullable=False),
        sa.Column("parameters_before", sa.Integer(), nullable=False),
        sa.Column("reviews", sa.Integer(), nullable=False),
        sa.Column("counted", sa.Integer(), nullable=False),
        sa.Column("report", sa.JSON(), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("model IN ('fsrs6', 'fsrs7')", name=op.f("ck_memory_fits_model")),
        sa.CheckConstraint("reviews >= 0 AND counted >= 0", name=op.f("ck_memory_fits_counts")),
        sa.ForeignKeyConstraint(
            ["learner_id"], ["people.id"], name=op.f("fk_memory_fits_learner_id_people"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_memory_fits")),
    )
    op.create_index("ix_memory_fits_learner_made", "memory_fits", ["learner_id", "made_at"])
    op.add_column("people", sa.Column("parameters_id", sa.Integer(), server_default="0", nullable=False))


def downgrade() -> None:
    op.drop_column("people", "parameters_id")
    op.drop_table("memory_fits")
