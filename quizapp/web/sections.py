"""What a set asks, section by section: how many questions of its own, and how many of what fits its pools."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from random import Random

from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp.core.rules import Rules
from quizapp.core.sections import Lot, Pool, draw, read_pool
from quizapp.models import Item, ItemSetItem, SetSection, pool_items
from quizapp.web.enemies import enemies_among
from quizapp.web.questions import ASKABLE_KINDS


@dataclass(frozen=True)
class Asked:
    """What one section asks; the first is what stands outside the sections."""

    id: int  # 0: outside the sections
    title: str
    instruction: str
    own: int  # questions of its own
    drawn: int | None  # so many of them; None: all
    pool: Pool | None
    fits: tuple[int, ...] = ()  # what its pool holds and the set does not ask anyway
    example: tuple[int, ...] = ()  # one draw of them

    @property
    def most(self) -> int:
        """What one attempt can get of its pool beside the rest."""
        return len(self.example)

    @property
    def number(self) -> int:
        """How many questions one attempt gets of it."""
        own = self.own if self.drawn is None else min(self.drawn, self.own)
        return own + self.most

    @property
    def is_by_lot(self) -> bool:
        """Whether attempts get different questions of it."""
        return (self.drawn is not None and self.drawn < self.own) or 0 < self.most < len(self.fits)


def asked_sections(
    session: Session, set_id: int, owner_id: int | None, rules: Rules, *, changed: Asked | None = None
) -> list[Asked]:
    """Return what a set asks, its sections in order; four queries, two without pools.

    `changed` takes the place of the section with its id, as if it were stored.
    """
    rows = session.execute(
        select(SetSection.id, SetSection.title, SetSection.instruction, SetSection.drawn, SetSection.pool)
        .where(SetSection.item_set_id == set_id, SetSection.removed_items.is_(None))
        .order_by(SetSection.position, SetSection.id)
    ).all()
    own: dict[int, dict[int, int]] = defaultdict(dict)
    held = session.execute(
        select(ItemSetItem.section_id, Item.id, Item.topic_id)
        .join(Item, Item.id == ItemSetItem.item_id)
        .where(ItemSetItem.item_set_id == set_id, Item.kind != "description")
        .order_by(ItemSetItem.position, Item.id)
    )
    for section_id, item_id, topic_id in held:
        own[section_id or 0][item_id] = topic_id
    sections = [
        Asked(0, "", "", len(own[0]), rules.drawn, None),
        *(
            Asked(
                row.id,
                row.title,
                row.instruction,
                len(own[row.id]),
                row.drawn,
                read_pool(row.pool) if row.pool else None,
            )
            for row in rows
        ),
    ]
    sections = [changed if changed is not None and section.id == changed.id else section for section in sections]
    if not any(section.pool for section in sections):
        return sections
    pools = fitting(session, owner_id, {section.id: section.pool for section in sections if section.pool})
    lots = [
        Lot(
            own=own[section.id],
            drawn=section.drawn,
            pool=pools.get(section.id, {}),
            number=section.pool.number if section.pool else 0,
        )
        for section in sections
    ]
    enemies = enemies_among(session, {item_id for lot in lots for item_id in (*lot.own, *lot.pool)})
    example = draw(lots, enemies, Random(0))  # noqa: S311  # how many there are, not which
    here = {item_id for items in own.values() for item_id in items}
    return [
        replace(section, fits=tuple(item_id for item_id in lot.pool if item_id not in here), example=drawn.pool)
        for section, lot, drawn in zip(sections, lots, example, strict=True)
    ]


def fitting(session: Session, owner_id: int | None, pools: Mapping[int, Pool]) -> dict[int, dict[int, int]]:
    """Return what fits each pool: items with their topics, by the pool's key."""
    found: dict[int, dict[int, int]] = {key: {} for key in pools}
    if pools:
        for key, item_id, topic_id in session.execute(pool_items(owner_id, pools, ASKABLE_KINDS)):
            found[key][item_id] = topic_id
    return found
