"""Keep where drafts of questions came from and what became of them; tell questions whose sentence is gone.

Going down forgets both: the questions stay.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "20261201_drafts"
down_revision = "20261201_plans"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("items", sa.Column("is_stale", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.create_table(
        "drafts",
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("passage_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("maker", sa.String(length=10), nullable=False),
        sa.Column("rule", sa.String(length=120), nullable=False),
        sa.Column("version", sa.String(length=40), nullable=False),
        sa.Column("seed", sa.String(length=120), nullable=False),
        sa.Column("expected", sa.Double(), nullable=False),
        sa.Column("is_clean", sa.Boolean(), nullable=False),
        sa.Column("decision", sa.String(length=10), nullable=True),
        sa.Column("reason", sa.String(length=20), nullable=True),
        sa.Column("is_counted_right", sa.Boolean(), nullable=False),
        sa.Column("item_set_id", sa.Integer(), nullable=True),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("maker IN ('rules', 'llm')", name=op.f("ck_drafts_maker")),
        sa.CheckConstraint("decision IN ('approved', 'rejected')", name=op.f("ck_drafts_decision")),
        sa.CheckConstraint("(decision IS NULL) = (decided_at IS NULL)", name=op.f("ck_drafts_decided_at")),
        sa.CheckConstraint(
            "reason IN ('wrong_key', 'several_keys', 'ambiguous', 'trivial', 'bad_distractor', 'grammar', "
            "'not_neutral', 'duplicate')",
            name=op.f("ck_drafts_reason"),
        ),
        sa.CheckConstraint(
            "(decision = 'rejected') = (reason IS NOT NULL) OR decision IS NULL", name=op.f("ck_drafts_why_rejected")
        ),
        sa.CheckConstraint("expected BETWEEN 0 AND 1", name=op.f("ck_drafts_expected")),
        sa.ForeignKeyConstraint(["item_id"], ["items.id"], name=op.f("fk_drafts_item_id_items"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["passage_id"], ["passages.id"], name=op.f("fk_drafts_passage_id_passages"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["item_set_id"], ["item_sets.id"], name=op.f("fk_drafts_item_set_id_item_sets"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["people.id"], name=op.f("fk_drafts_decided_by_people"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("item_id", name=op.f("pk_drafts")),
    )
    op.create_index("ix_drafts_passage_position", "drafts", ["passage_id", "position", "item_id"])
    op.create_index(op.f("ix_drafts_item_set_id"), "drafts", ["item_set_id"])
    op.create_index(op.f("ix_drafts_decided_by"), "drafts", ["decided_by"])
    op.create_table(
        "rule_totals",
        sa.Column("rule", sa.String(length=120), nullable=False),
        sa.Column("accepted", sa.Integer(), nullable=False),
        sa.Column("judged", sa.Integer(), nullable=False),
        sa.CheckConstraint("accepted BETWEEN 0 AND judged", name=op.f("ck_rule_totals_accepted")),
        sa.PrimaryKeyConstraint("rule", name=op.f("pk_rule_totals")),
    )


def downgrade() -> None:
    op.drop_table("rule_totals")
    op.drop_table("drafts")
    op.drop_column("items", "is_stale")
