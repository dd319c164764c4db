"""Keep the pictures and sounds of questions.

Going down forgets them: the older schema has no place for them.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "20261122_media"
down_revision = "20261122_set_rules"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "media",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("extension", sa.String(length=4), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("length(digest) = 64", name=op.f("ck_media_digest")),
        sa.CheckConstraint("kind IN ('image', 'audio')", name=op.f("ck_media_kind")),
        sa.CheckConstraint("size > 0", name=op.f("ck_media_size")),
        sa.CheckConstraint("(kind = 'image') = (width > 0 AND height > 0)", name=op.f("ck_media_sides")),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["people.id"], name=op.f("fk_media_owner_id_people"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_media")),
        sa.UniqueConstraint("digest", "owner_id", name=op.f("uq_media_digest_owner_id")),
    )
    op.create_index(op.f("ix_media_owner_id"), "media", ["owner_id"])
    op.create_table(
        "item_media",
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("media_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["item_id"], ["items.id"], name=op.f("fk_item_media_item_id_items"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["media_id"], ["media.id"], name=op.f("fk_item_media_media_id_media")),
        sa.PrimaryKeyConstraint("item_id", "media_id", name=op.f("pk_item_media")),
    )
    op.create_index(op.f("ix_item_media_media_id"), "item_media", ["media_id"])


def downgrade() -> None:
    op.drop_table("item_media")
    op.drop_table("media")
