"""Make room for marks that people give, for what learners say of theirs, and for regrades.

On SQLite this rebuilds `attempt_items` and `responses`. Going down takes the marks away, but not what they came to.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from quizapp.database import Uuid16

revision = "20261201_marks"
down_revision = "20261201_corrections"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)
_CLAIMED = sa.text("claimed_at IS NOT NULL AND claim_verdict IS NULL")
_UNMARKED = sa.text("score IS NULL AND max_mark > 0")
_REGRADED = sa.text("regrade_id IS NOT NULL")


def upgrade() -> None:
    op.create_table(
        "regrades",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("submission_id", Uuid16(), nullable=False),
        sa.Column("item_set_id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("item_version_id", sa.Integer()),
        sa.Column("policy", sa.String(12), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("owner_id", sa.Integer()),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.Column("done_at", _MOMENT),
        sa.Column("taken_back_at", _MOMENT),
        sa.Column("undone_at", _MOMENT),
        sa.CheckConstraint("policy IN ('replace', 'never_lower', 'full', 'drop')", name=op.f("ck_regrades_policy")),
        sa.CheckConstraint(
            "(item_version_id IS NOT NULL) = (policy IN ('replace', 'never_lower'))", name=op.f("ck_regrades_version")
        ),
        *(
            sa.ForeignKeyConstraint(
                [column], [f"{table}.id"], name=op.f(f"fk_regrades_{column}_{table}"), ondelete=ondelete
            )
            for column, table, ondelete in (
                ("item_set_id", "item_sets", "CASCADE"),
                ("item_id", "items", "CASCADE"),
                ("item_version_id", "item_versions", "CASCADE"),
                ("owner_id", "people", "SET NULL"),
            )
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_regrades")),
        sa.UniqueConstraint("submission_id", name=op.f("uq_regrades_submission_id")),
    )
    for column in ("item_set_id", "item_id", "owner_id"):
        op.create_index(op.f(f"ix_regrades_{column}"), "regrades", [column])
    with op.batch_alter_table("attempt_items", recreate="auto") as items:
        items.add_column(sa.Column("marks", sa.Integer(), server_default="0", nullable=False))
        items.add_column(sa.Column("is_dropped", sa.Boolean(), server_default=sa.false(), nullable=False))
        items.add_column(sa.Column("claimed_at", _MOMENT))
        items.add_column(sa.Column("claim_verdict", sa.String(10)))
        items.add_column(sa.Column("claim_reply", sa.Text()))
        items.create_check_constraint("claim_verdict", "claim_verdict IN ('accepted', 'declined')")
        items.create_check_constraint("claimed", "claimed_at IS NOT NULL OR claim_verdict IS NULL")
    op.create_index(
        "ix_attempt_items_unmarked", "attempt_items", ["item_id"], sqlite_where=_UNMARKED, postgresql_where=_UNMARKED
    )
    op.create_index(
        "ix_attempt_items_claimed", "attempt_items", ["item_id"], sqlite_where=_CLAIMED, postgresql_where=_CLAIMED
    )
    with op.batch_alter_table("responses", recreate="auto") as responses:
        responses.add_column(sa.Column("comment", sa.Text()))
        responses.add_column(sa.Column("marked_by_id", sa.Integer()))
        responses.add_column(sa.Column("regrade_id", sa.Integer()))
        responses.drop_constraint(op.f("ck_responses_names_id"), type_="check")
        responses.create_check_constraint("given", "event <> 'given' OR names_id IS NULL")
        responses.create_check_constraint("void", "event <> 'void' OR names_id IS NOT NULL")
        responses.create_foreign_key(
            op.f("fk_responses_marked_by_id_people"), "people", ["marked_by_id"], ["id"], ondelete="SET NULL"
        )
        responses.create_foreign_key(
            op.f("fk_responses_regrade_id_regrades"), "regrades", ["regrade_id"], ["id"], ondelete="SET NULL"
        )
    op.create_index(op.f("ix_responses_marked_by_id"), "responses", ["marked_by_id"])
    op.create_index(
        "ix_responses_regrade", "responses", ["regrade_id"], sqlite_where=_REGRADED, postgresql_where=_REGRADED
    )


def downgrade() -> None:
    op.execute("DELETE FROM responses WHERE event <> 'given'")
    op.drop_index("ix_responses_regrade", "responses")
    op.drop_index(op.f("ix_responses_marked_by_id"), "responses")
    with op.batch_alter_table("responses", recreate="auto") as responses:
        responses.drop_constraint(op.f("fk_responses_regrade_id_regrades"), type_="foreignkey")
        responses.drop_constraint(op.f("fk_responses_marked_by_id_people"), type_="foreignkey")
        for name in ("given", "void"):
            responses.drop_constraint(op.f(f"ck_responses_{name}"), type_="check")
        for name in ("regrade_id", "marked_by_id", "comment"):
            responses.drop_column(name)
        responses.create_check_constraint("names_id", "(event = 'given') = (names_id IS NULL)")
    op.drop_index("ix_attempt_items_claimed", "attempt_items")
    op.drop_index("ix_attempt_items_unmarked", "attempt_items")
    with op.batch_alter_table("attempt_items", recreate="auto") as items:
        for name in ("claimed", "claim_verdict"):
            items.drop_constraint(op.f(f"ck_attempt_items_{name}"), type_="check")
        for name in ("claim_reply", "claim_verdict", "claimed_at", "is_dropped", "marks"):
            items.drop_column(name)
    op.drop_table("regrades")
