"""Let sets have sections with pools, and find questions by their tags; tags are filled from the current wordings."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "20261201_sections"
down_revision = "20261201_saves"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "set_sections",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("item_set_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(120), nullable=False),
        sa.Column("instruction", sa.Text(), nullable=False),
        sa.Column("drawn", sa.Integer(), nullable=True),
        sa.Column("pool", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("removed_items", sa.JSON(none_as_null=True), nullable=True),
        sa.CheckConstraint("drawn >= 1", name=op.f("ck_set_sections_drawn")),
        sa.ForeignKeyConstraint(
            ["item_set_id"],
            ["item_sets.id"],
            name=op.f("fk_set_sections_item_set_id_item_sets"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_set_sections")),
    )
    op.create_index(op.f("ix_set_sections_item_set_id"), "set_sections", ["item_set_id"])
    with op.batch_alter_table("item_set_items") as held:
        held.add_column(sa.Column("section_id", sa.Integer(), nullable=True))
        held.create_foreign_key(
            op.f("fk_item_set_items_section_id_set_sections"),
            "set_sections",
            ["section_id"],
            ["id"],
            ondelete="SET NULL",
        )
        held.create_index(op.f("ix_item_set_items_section_id"), ["section_id"])
    tags = op.create_table(
        "item_tags",
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("tag", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["items.id"], name=op.f("fk_item_tags_item_id_items"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("item_id", "tag", name=op.f("pk_item_tags")),
    )
    op.create_index("ix_item_tags_tag", "item_tags", ["tag", "item_id"])
    items = sa.table("items", *(sa.column(name) for name in ("id", "version_number")))
    versions = sa.table("item_versions", sa.column("item_id"), sa.column("number"), sa.column("content", sa.JSON()))
    current = sa.select(items.c.id, versions.c.content).join_from(
        items, versions, (versions.c.item_id == items.c.id) & (versions.c.number == items.c.version_number)
    )
    rows = [
        {"item_id": item_id, "tag": tag}
        for item_id, content in op.get_bind().execute(current).all()
        for tag in sorted({" ".join(str(tag).casefold().split()) for tag in content.get("tags", ())} - {""})
    ]
    if rows:
        op.bulk_insert(tags, rows)


def downgrade() -> None:
    op.drop_table("item_tags")
    with op.batch_alter_table("item_set_items") as held:
        held.drop_index(op.f("ix_item_set_items_section_id"))
        held.drop_constraint(op.f("fk_item_set_items_section_id_set_sections"), type_="foreignkey")
        held.drop_column("section_id")
    op.drop_table("set_sections")
