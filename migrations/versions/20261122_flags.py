"""Let learners say that something is wrong with a question.

Going down forgets what they said: the older schema has no place for it.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "20261122_flags"
down_revision = "20261122_keys"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "flags",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("item_version_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(length=20), nullable=False),
        sa.Column("comment", sa.String(length=1000), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_by", sa.Integer(), nullable=True),
        sa.Column("verdict", sa.String(length=10), nullable=True),
        sa.CheckConstraint(
            "reason IN ('wrong_key', 'several_keys', 'unclear', 'not_in_passage', 'mistake', 'other')",
            name=op.f("ck_flags_reason"),
        ),
        sa.CheckConstraint("length(comment) <= 1000", name=op.f("ck_flags_comment")),
        sa.CheckConstraint("reason <> 'other' OR comment <> ''", name=op.f("ck_flags_other_in_words")),
        sa.CheckConstraint("verdict IN ('fixed', 'no_fault')", name=op.f("ck_flags_verdict")),
        sa.CheckConstraint("(settled_at IS NULL) = (verdict IS NULL)", name=op.f("ck_flags_settled_with_verdict")),
        sa.CheckConstraint("settled_by IS NULL OR settled_at IS NOT NULL", name=op.f("ck_flags_settled_by")),
        sa.ForeignKeyConstraint(["item_id"], ["items.id"], name=op.f("fk_flags_item_id_items"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["item_version_id"],
            ["item_versions.id"],
            name=op.f("fk_flags_item_version_id_item_versions"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_flags_person_id_people"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["settled_by"], ["people.id"], name=op.f("fk_flags_settled_by_people"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_flags")),
    )
    op.create_index(
        "uq_flags_open",
        "flags",
        ["person_id", "item_version_id"],
        unique=True,
        sqlite_where=sa.text("settled_at IS NULL"),
        postgresql_where=sa.text("settled_at IS NULL"),
    )
    op.create_index("ix_flags_person_version", "flags", ["person_id", "item_version_id"])
    op.create_index("ix_flags_item_settled", "flags", ["item_id", "settled_at"])
    op.create_index(op.f("ix_flags_item_version_id"), "flags", ["item_version_id"])


def downgrade() -> None:
    op.drop_table("flags")
