"""What the pools of a set's sections hold: what can be asked for, how much of it fits, and what every student gets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from quizapp.core.items import plain_stem
from quizapp.core.sections import Pool, read_pool
from quizapp.models import Item, ItemSet, ItemSetItem, ItemTag, ItemVersion, SetSection, Topic
from quizapp.web.questions import ASKABLE_KINDS, KIND_NAMES
from quizapp.web.rendering import count
from quizapp.web.sections import Asked, fitting

EXAMPLES = 3
_TAGS_SHOWN = 40
_WITH_POOLS = (
    select(SetSection.id, SetSection.title, SetSection.pool, ItemSet.owner_id)
    .join(ItemSet, ItemSet.id == SetSection.item_set_id)
    .where(SetSection.removed_items.is_(None), SetSection.pool.is_not(None))
)


@dataclass(frozen=True)
class PoolView:
    """What a pool draws, in words, with a few of the questions that fit."""

    asks: str  # “5 of: Treaties; tagged peace; Gaps or Number”
    fits: str  # “12 questions fit.”
    falls_short: str  # what the student gets then; empty: there are enough
    examples: tuple[str, ...]


@dataclass(frozen=True)
class PoolChoices:
    """What a pool can be made of."""

    topics: tuple[tuple[int, str], ...]
    tags: tuple[str, ...]  # the most used first


def pool_choices(session: Session, owner_id: int) -> PoolChoices:
    """Return the topics and the most used tags of what the person may draw."""
    usable = _usable(owner_id)
    topics = session.execute(
        select(Topic.id, Topic.title)
        .where(select(Item.id).where(Item.topic_id == Topic.id, usable).exists())
        .order_by(Topic.position, Topic.title)
    )
    tags = session.scalars(
        select(ItemTag.tag)
        .join(Item, Item.id == ItemTag.item_id)
        .where(usable)
        .group_by(ItemTag.tag)
        .order_by(func.count().desc(), ItemTag.tag)
        .limit(_TAGS_SHOWN)
    )
    return PoolChoices(tuple((topic_id, title) for topic_id, title in topics), tuple(tags))


def pool_views(session: Session, sections: Sequence[Asked]) -> dict[int, PoolView]:
    """Return the views of the pools of sections, by section; two queries, none without pools."""
    pools = [(section, section.pool) for section in sections if section.pool]
    if not pools:
        return {}
    shown = {item_id for section, _ in pools for item_id in section.fits[:EXAMPLES]}
    stems = {
        item_id: plain_stem(content["stem"])
        for item_id, content in session.execute(
            select(Item.id, ItemVersion.content)
            .join(ItemVersion, and_(ItemVersion.item_id == Item.id, ItemVersion.number == Item.version_number))
            .where(Item.id.in_(shown))
        )
    }
    wanted = {topic_id for _, pool in pools for topic_id in pool.topics}
    named = session.execute(select(Topic.id, Topic.title).where(Topic.id.in_(wanted)))
    titles = {row.id: row.title for row in named}
    return {section.id: _view(section, pool, stems, titles) for section, pool in pools}


def asks(session: Session, item_set: ItemSet, *, without_item: int = 0, without_section: int = 0) -> bool:
    """Tell whether a set asks anything: a question of its own, or of a pool; as if one of either were gone."""
    own = select(ItemSetItem.item_id).join(Item, Item.id == ItemSetItem.item_id)
    own = own.where(ItemSetItem.item_set_id == item_set.id, Item.kind != "description", Item.id != without_item)
    if session.scalar(own.limit(1)) is not None:
        return True
    rows = session.execute(_WITH_POOLS.where(SetSection.item_set_id == item_set.id, SetSection.id != without_section))
    pools = {row.id: read_pool(row.pool) for row in rows}
    return any(fitting(session, item_set.owner_id, pools).values())


def pooled_titles(session: Session, set_id: int) -> dict[int, str]:
    """Return the section's title for each item that fits a pool of the set."""
    rows = session.execute(_WITH_POOLS.where(SetSection.item_set_id == set_id)).all()
    found = fitting(session, rows[0].owner_id, {row.id: read_pool(row.pool) for row in rows}) if rows else {}
    return {item_id: row.title for row in rows for item_id in found[row.id]}


def _usable(owner_id: int) -> ColumnElement[bool]:
    mine = or_(Item.owner_id == owner_id, and_(Item.owner_id.is_(None), Item.is_listed))
    return and_(Item.status == "published", Item.kind.in_(ASKABLE_KINDS), mine)


def _view(section: Asked, pool: Pool, stems: Mapping[int, str], titles: Mapping[int, str]) -> PoolView:
    kinds = " or ".join(KIND_NAMES[kind] for kind in pool.kinds if kind in KIND_NAMES)
    tags = "tagged " + " or ".join(pool.tags) if pool.tags else ""
    topics = " or ".join(titles.get(topic_id, "a topic that is gone") for topic_id in pool.topics)
    of = "; ".join(filter(None, (topics, tags, kinds))) or "all questions you may use"
    fits = len(section.fits)
    return PoolView(
        asks=f"{count(pool.number, 'question')} drawn from: {of}",
        fits=f"{count(fits, 'question fits', 'questions fit')}.",
        falls_short=_falls_short(section, pool.number, fits),
        examples=tuple(stems[item_id] for item_id in section.fits[:EXAMPLES] if item_id in stems),
    )


def _falls_short(section: Asked, number: int, fits: int) -> str:
    if section.most >= number:
        return ""
    gets = "no question from here" if not section.most else f"{section.most} instead of {number}"
    why = "Others give away one of these or of the set. " if fits > section.most else ""
    return f"{why}Each student gets {gets} until more fit."
