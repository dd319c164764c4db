"""Let learners flag cards for themselves, type the answers of flashcards, and say how long a session is.

On SQLite this rebuilds `people`, the parent of nearly every other table.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "20261122_card_settings"
down_revision = "20261122_working_answers"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("cards", sa.Column("flagged_at", sa.DateTime(timezone=True)))
    with op.batch_alter_table("people", recreate="auto") as people:
        people.add_column(sa.Column("is_typing_on", sa.Boolean(), server_default=sa.false(), nullable=False))
        people.add_column(sa.Column("session_length", sa.String(3), server_default="all", nullable=False))
        people.create_check_constraint(
            "session_length", "session_length IN ('all', '5m', '10m', '20m', '10', '20', '50')"
        )


def downgrade() -> None:
    with op.batch_alter_table("people", recreate="auto") as people:
        people.drop_constraint(op.f("ck_people_session_length"), type_="check")
        people.drop_column("session_length")
        people.drop_column("is_typing_on")
    op.drop_column("cards", "flagged_at")
