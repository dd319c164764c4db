"""Let two pages with one question open notice each other: count saves of a working answer, and say which page saved.

On SQLite this rebuilds `working_answers`. Going down forgets those that were emptied: the older schema has none.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "20261122_working_answers"
down_revision = "20261122_audit_filters"
branch_labels = None
depends_on = None

_ID = sa.LargeBinary(16).with_variant(sa.Uuid(), "postgresql")
_CHECKS = {
    "position": "position >= 1",
    "base_revision": "base_revision >= 0",
    "revision": "revision >= 1",
    "save_number": "save_number >= 1",
}


def upgrade() -> None:
    with op.batch_alter_table("working_answers", recreate="auto") as table:
        table.add_column(sa.Column("revision", sa.Integer()))
        table.add_column(sa.Column("client_id", _ID))
        table.add_column(sa.Column("save_number", sa.Integer()))
    # Which page saved them is not known: none that is open, so any other id will do.
    op.execute("UPDATE working_answers SET revision = 1, client_id = attempt_id, save_number = 1")
    with op.batch_alter_table("working_answers", recreate="auto") as table:
        table.alter_column("answer", existing_type=sa.JSON(), nullable=True)
        table.alter_column("revision", existing_type=sa.Integer(), nullable=False)
        table.alter_column("client_id", existing_type=_ID, nullable=False)
        table.alter_column("save_number", existing_type=sa.Integer(), nullable=False)
        for name, condition in _CHECKS.items():
            table.create_check_constraint(name, condition)


def downgrade() -> None:
    op.execute("DELETE FROM working_answers WHERE answer IS NULL")
    with op.batch_alter_table("working_answers", recreate="auto") as table:
        for name in _CHECKS:
            table.drop_constraint(op.f(f"ck_working_answers_{name}"), type_="check")
        for column in ("revision", "client_id", "save_number"):
            table.drop_column(column)
        table.alter_column("answer", existing_type=sa.JSON(), nullable=False)
