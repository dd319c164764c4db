"""Give sets their rules as one value, and a moment at which they close by themselves.

On SQLite this rebuilds `item_sets`, the parent of attempts.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "20261122_set_rules"
down_revision = "20261122_recall_totals"
branch_labels = None
depends_on = None

_SETS = sa.table(
    "item_sets",
    sa.column("id", sa.Integer()),
    sa.column("rules", sa.JSON()),
    sa.column("feedback", sa.String()),
    sa.column("is_shuffled", sa.Boolean()),
)


def upgrade() -> None:
    with op.batch_alter_table("item_sets") as sets:
        sets.add_column(sa.Column("rules", sa.JSON(), server_default="{}", nullable=False))
        sets.add_column(sa.Column("closes_at", sa.DateTime(timezone=True)))
    connection = op.get_bind()
    for row in connection.execute(sa.select(_SETS.c.id, _SETS.c.feedback, _SETS.c.is_shuffled)).all():
        rules = {"feedback": row.feedback} | ({} if row.is_shuffled else {"is_shuffled": False})
        connection.execute(_SETS.update().where(_SETS.c.id == row.id).values(rules=rules))
    with op.batch_alter_table("item_sets") as sets:
        sets.alter_column("rules", server_default=None)
        sets.drop_constraint(op.f("ck_item_sets_feedback"), type_="check")
        sets.drop_column("feedback")
        sets.drop_column("is_shuffled")


def downgrade() -> None:
    with op.batch_alter_table("item_sets") as sets:
        sets.add_column(sa.Column("feedback", sa.String(10), server_default="at_end", nullable=False))
        sets.add_column(sa.Column("is_shuffled", sa.Boolean(), server_default=sa.true(), nullable=False))
    connection = op.get_bind()
    for row in connection.execute(sa.select(_SETS.c.id, _SETS.c.rules)).all():
        values = {"feedback": row.rules.get("feedback", "at_end"), "is_shuffled": row.rules.get("is_shuffled", True)}
        connection.execute(_SETS.update().where(_SETS.c.id == row.id).values(**values))
    with op.batch_alter_table("item_sets") as sets:
        sets.alter_column("feedback", server_default=None)
        sets.alter_column("is_shuffled", server_default=None)
        sets.create_check_constraint("feedback", "feedback IN ('at_once', 'at_end')")
        sets.drop_column("closes_at")
        sets.drop_column("rules")
