"""Items, their immutable versions and evidence, and the sets that teachers publish."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column

from quizapp.core.rules import Rules, stored_rules
from quizapp.database import Base, Immutable


class Item(Base):
    """A question; what it says stands in its versions, and `version_number` tells the current one."""

    __tablename__ = "items"
    __table_args__ = (
        CheckConstraint("status IN ('draft', 'published', 'rejected', 'retired')", name="status"),
        CheckConstraint("version_number >= 1", name="version_number"),
        CheckConstraint("replaces_id <> id", name="replaces_another"),
        Index("ix_items_topic_listed", "topic_id", "kind", sqlite_where=text("is_listed = 1 AND status = 'published'"),
              postgresql_where=text("is_listed AND status = 'published'")),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    external_id: Mapped[str | None] = mapped_column(String(120), unique=True)  # of the seed or import it came from
    kind: Mapped[str] = mapped_column(String(20))  # never changes: another kind is another question
    topic_id: Mapped[int] = mapped_column(ForeignKey("topics.id"), index=True)
    passage_id: Mapped[int | None] = mapped_column(ForeignKey("passages.id"), index=True)
    owner_id: Mapped[int | None] = mapped_column(
        ForeignKey("people.id", ondelete="SET NULL"), index=True
    )  # None: shipped
    status: Mapped[str] = mapped_column(String(10), default="draft")
    is_listed: Mapped[bool] = mapped_column(default=False, server_default=false())  # may be drawn for anyone's practice
    version_number: Mapped[int] = mapped_column(default=1)
    is_stale: Mapped[bool] = mapped_column(
        default=False, server_default=false()
    )  # its evidence was not found in the passage's current wording
    replaces_id: Mapped[int | None] = mapped_column(
        ForeignKey("items.id", ondelete="SET NULL")
    )  # the question it retired
    created_at: Mapped[datetime] = mapped_column()


class ItemVersion(Immutable, Base):
    """One wording of an item, as the neutral item in JSON; attempts and reviews pin it."""

    __tablename__ = "item_versions"
    __table_args__ = (
        UniqueConstraint("item_id", "number"),
        CheckConstraint("number >= 1", name="number"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("items.id", ondelete="CASCADE"))
    number: Mapped[int] = mapped_column()
    content: Mapped[dict[str, Any]] = mapped_column()
    created_by: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="SET NULL"))
    created_at: Mapped[datetime] = mapped_column()


class Evidence(Immutable, Base):
    """A verbatim span: `passage text[start:end] == quote`, in Unicode code points, checked on write."""

    __tablename__ = "evidence"
    __table_args__ = (
        CheckConstraint('"start" >= 0 AND "end" > "start"', name="span"),
        UniqueConstraint("item_version_id", "passage_version_id", "start", "end"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    item_version_id: Mapped[int] = mapped_column(ForeignKey("item_versions.id", ondelete="CASCADE"))
    passage_version_id: Mapped[int] = mapped_column(ForeignKey("passage_versions.id", ondelete="CASCADE"), index=True)
    start: Mapped[int] = mapped_column()
    end: Mapped[int] = mapped_column()
    quote: Mapped[str] = mapped_column(Text)


class ItemEnemy(Base):
    """Two items that give each other away; stored once, the smaller id first."""

    __tablename__ = "item_enemies"
    __table_args__ = (CheckConstraint("item_id < enemy_id", name="ordered"),)

    item_id: Mapped[int] = mapped_column(ForeignKey("items.id", ondelete="CASCADE"), primary_key=True)
    enemy_id: Mapped[int] = mapped_column(ForeignKey("items.id", ondelete="CASCADE"), primary_key=True, index=True)


class ItemSet(Base):
    """What a teacher writes and publishes; taking it is a quiz."""

    __tablename__ = "item_sets"
    __table_args__ = (
        CheckConstraint("status IN ('draft', 'published', 'closed')", name="status"),
        CheckConstraint("visibility IN ('here', 'link')", name="visibility"),
        CheckConstraint("status = 'draft' OR published_at IS NOT NULL", name="published_at"),
        CheckConstraint("(status = 'closed') = (closed_at IS NOT NULL)", name="closed_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(80), unique=True)  # of a set shared by link: not to be guessed
    title: Mapped[str] = mapped_column(String(120))
    description: Mapped[str] = mapped_column(Text, default="")
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="SET NULL"), index=True)
    status: Mapped[str] = mapped_column(String(10), default="draft")
    visibility: Mapped[str] = mapped_column(String(10), default="here")
    rules: Mapped[dict[str, Any]] = mapped_column(default=lambda: stored_rules(Rules()))  # frozen into each attempt
    created_at: Mapped[datetime] = mapped_column()
    published_at: Mapped[datetime | None] = mapped_column()
    closes_at: Mapped[datetime | None] = mapped_column()  # by itself, for everybody
    closed_at: Mapped[datetime | None] = mapped_column()


class ItemSetItem(Base):
    """An item's place in a set and its share of the mark."""

    __tablename__ = "item_set_items"
    __table_args__ = (CheckConstraint("max_mark > 0", name="max_mark"),)

    item_set_id: Mapped[int] = mapped_column(ForeignKey("item_sets.id", ondelete="CASCADE"), primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("items.id", ondelete="CASCADE"), primary_key=True, index=True)
    position: Mapped[int] = mapped_column()  # from 1, section after section; gaps and ties are harmless
    section_id: Mapped[int | None] = mapped_column(
        ForeignKey("set_sections.id", ondelete="SET NULL"), index=True
    )  # None: before the first section
    max_mark: Mapped[float] = mapped_column(default=1.0)


Index("ix_item_sets_status_published_at", ItemSet.status, ItemSet.published_at)
