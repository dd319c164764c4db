"""Give people extra time in timed quizzes, as a factor of the limit."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "20261122_extra_time"
down_revision = "20261122_media"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("people") as people:
        people.add_column(sa.Column("time_factor", sa.Double(), server_default="1"))
        people.create_check_constraint(op.f("ck_people_time_factor"), "time_factor BETWEEN 1 AND 3")


def downgrade() -> None:
    with op.batch_alter_table("people") as people:
        people.drop_constraint(op.f("ck_people_time_factor"), type_="check")
        people.drop_column("time_factor")
