"""Keep plans to a date: their topics, and who follows them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from quizapp.database import UtcDateTime, Uuid16

revision = "20261201_plans"
down_revision = "20261201_overrides"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "plans",
        sa.Column("id", Uuid16(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("exam_on", sa.Date(), nullable=False),
        sa.Column("minutes_per_day", sa.Integer(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("minutes_per_day BETWEEN 5 AND 600", name=op.f("ck_plans_minutes_per_day")),
        sa.ForeignKeyConstraint(["owner_id"], ["people.id"], op.f("fk_plans_owner_id_people"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plans")),
    )
    op.create_index(op.f("ix_plans_owner_id"), "plans", ["owner_id"])
    op.create_table(
        "plan_topics",
        sa.Column("plan_id", Uuid16(), nullable=False),
        sa.Column("topic_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["plan_id"], ["plans.id"], op.f("fk_plan_topics_plan_id_plans"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["topic_id"], ["topics.id"], op.f("fk_plan_topics_topic_id_topics")),
        sa.PrimaryKeyConstraint("plan_id", "topic_id", name=op.f("pk_plan_topics")),
    )
    op.create_table(
        "plan_learners",
        sa.Column("learner_id", sa.Integer(), nullable=False),
        sa.Column("plan_id", Uuid16(), nullable=False),
        sa.ForeignKeyConstraint(
            ["learner_id"], ["people.id"], op.f("fk_plan_learners_learner_id_people"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["plan_id"], ["plans.id"], op.f("fk_plan_learners_plan_id_plans"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("learner_id", "plan_id", name=op.f("pk_plan_learners")),
    )


def downgrade() -> None:
    op.drop_table("plan_learners")
    op.drop_table("plan_topics")
    op.drop_index(op.f("ix_plans_owner_id"), "plans")
    op.drop_table("plans")
