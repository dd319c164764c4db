"""Let people switch single-key shortcuts off, aim at a recall of up to 97 %, and share an email address.

On SQLite this rebuilds `people`, the parent of nearly every other table.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "20261122_keys"
down_revision = "20261122_first"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("people", recreate="auto") as people:
        people.add_column(sa.Column("is_keys_on", sa.Boolean(), server_default=sa.true(), nullable=False))
        people.drop_constraint(op.f("ck_people_target_retention"), type_="check")
        people.create_check_constraint("target_retention", "target_retention BETWEEN 0.8 AND 0.97")
        people.drop_constraint(op.f("uq_people_email"), type_="unique")
        people.create_index(op.f("ix_people_email"), ["email"])


def downgrade() -> None:
    op.execute("UPDATE people SET target_retention = 0.95 WHERE target_retention > 0.95")
    op.execute(
        "UPDATE people SET email = NULL "
        "WHERE id NOT IN (SELECT min(id) FROM people WHERE email IS NOT NULL GROUP BY email)"
    )
    with op.batch_alter_table("people", recreate="auto") as people:
        people.drop_constraint(op.f("ck_people_target_retention"), type_="check")
        people.create_check_constraint("target_retention", "target_retention BETWEEN 0.8 AND 0.95")
        people.drop_column("is_keys_on")
        people.drop_index(op.f("ix_people_email"))
        people.create_unique_constraint(op.f("uq_people_email"), ["email"])
