"""Sections of sets, and what their pools hold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    Index,
    ScalarSelect,
    Select,
    String,
    Text,
    and_,
    func,
    literal,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import InstrumentedAttribute, Mapped, mapped_column

from quizapp.core.sections import Pool
from quizapp.database import Base
from quizapp.models.items import Item


class SetSection(Base):
    """A named part of a set, with instructions of its own; its questions name it."""

    __tablename__ = "set_sections"
    __table_args__ = (CheckConstraint("drawn >= 1", name="drawn"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    item_set_id: Mapped[int] = mapped_column(ForeignKey("item_sets.id", ondelete="CASCADE"), index=True)
    position: Mapped[int] = mapped_column()  # from 1; gaps and ties are harmless
    title: Mapped[str] = mapped_column(String(120))
    instruction: Mapped[str] = mapped_column(Text, default="")
    drawn: Mapped[int | None] = mapped_column()  # so many of its own questions by lot; None: all
    pool: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))  # of core.sections; None: no pool
    removed_items: Mapped[list[Any] | None] = mapped_column(
        JSON(none_as_null=True)
    )  # None: it stands; once it is removed, the questions it had, to be put back with it


class ItemTag(Base):
    """A tag of an item's current wording, in the form it is found by; a fold of the versions."""

    __tablename__ = "item_tags"
    __table_args__ = (Index("ix_item_tags_tag", "tag", "item_id"),)

    item_id: Mapped[int] = mapped_column(ForeignKey("items.id", ondelete="CASCADE"), primary_key=True)
    tag: Mapped[str] = mapped_column(Text, primary_key=True)


def planned_from_pools(item_set_id: InstrumentedAttribute[int]) -> ScalarSelect[int]:
    """Select how many questions the pools of a set are to give."""
    return (
        select(func.coalesce(func.sum(SetSection.pool["number"].as_integer()), 0))
        .where(SetSection.item_set_id == item_set_id, SetSection.removed_items.is_(None))
        .scalar_subquery()
    )


def pool_items(owner_id: int | None, pools: Mapping[int, Pool], kinds: Sequence[str]) -> Select[int, int, int]:
    """Select (key of the pool, item, topic) of what fits pools: published questions of the owner, and those shipped.

    `kinds` are those that any quiz can ask; a pool that names kinds has some of them. There must be a pool.
    """
    fitting = union_all(*(_fitting(key, owner_id, pool, kinds) for key, pool in pools.items())).subquery()
    return select(fitting.c.pool, fitting.c.item_id, fitting.c.topic_id).order_by(fitting.c.pool, fitting.c.item_id)


def _fitting(key: int, owner_id: int | None, pool: Pool, kinds: Sequence[str]) -> Select[int, int, int]:
    shipped = and_(Item.owner_id.is_(None), Item.is_listed)
    query = select(literal(key).label("pool"), Item.id.label("item_id"), Item.topic_id).where(
        Item.status == "published",
        Item.kind.in_([kind for kind in kinds if not pool.kinds or kind in pool.kinds]),
        shipped if owner_id is None else or_(Item.owner_id == owner_id, shipped),
    )
    if pool.topics:
        query = query.where(Item.topic_id.in_(pool.topics))
    if pool.tags:
        query = query.where(Item.id.in_(select(ItemTag.item_id).where(ItemTag.tag.in_(pool.tags))))
    return query
