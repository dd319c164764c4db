"""Sections of a teacher's set: added, described, moved, taken away and put back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from quizapp.authoring.pools import asks
from quizapp.authoring.sequences import blocks, entries, joined, put_in_order
from quizapp.authoring.sets import own_set
from quizapp.core.sections import Pool, stored_pool
from quizapp.errors import Conflict, NotFound
from quizapp.models import ItemSet, ItemSetItem, SetSection

MOST_SECTIONS = 30


@dataclass(frozen=True)
class RemovedSection:
    """A section that can be put back."""

    id: int
    title: str


def add_section(session: Session, set_id: int, owner_id: int, title: str) -> int:
    """Put a new section at the end of the set and return its id. Raises Conflict when the set has very many."""
    own_set(session, set_id, owner_id)
    row = entries(session, set_id)
    number = sum(isinstance(entry, SetSection) for entry in row)
    if number >= MOST_SECTIONS:
        raise Conflict(f"A set has at most {MOST_SECTIONS} sections.")
    section = SetSection(item_set_id=set_id, position=number + 1, title=title, instruction="")
    session.add(section)
    session.flush()
    return section.id


def change_section(
    session: Session,
    set_id: int,
    section_id: int,
    owner_id: int,
    *,
    title: str,
    instruction: str,
    drawn: int | None,
    pool: Pool | None,
) -> None:
    """Change what a section is called and how it is drawn. Attempts under way keep what they were given."""
    own_set(session, set_id, owner_id)
    section = _standing(session, set_id, section_id)
    section.title, section.instruction = title, instruction
    section.drawn, section.pool = drawn, stored_pool(pool)
    session.flush()


def move_section(session: Session, set_id: int, section_id: int, owner_id: int, to: Literal["up", "down"]) -> int:
    """Let a section with its questions change places with its neighbour; return its place. At the ends it stays."""
    own_set(session, set_id, owner_id)
    section = _standing(session, set_id, section_id)
    cut = blocks(entries(session, set_id))
    place = next(index for index, block in enumerate(cut) if section in block)
    target = min(max(place + (-1 if to == "up" else 1), 1), len(cut) - 1)
    cut.insert(target, cut.pop(place))
    put_in_order(session, joined(cut))
    return target


def remove_section(session: Session, set_id: int, section_id: int, owner_id: int) -> None:
    """Take a section away; its questions stay and follow those before it.

    It can be put back until another section is removed. Raises Conflict for the only thing that a published set asks.
    """
    item_set = own_set(session, set_id, owner_id)
    section = _standing(session, set_id, section_id)
    row = entries(session, set_id)
    if item_set.status == "published" and not asks(session, item_set, without_section=section_id):
        raise Conflict("Nothing else is asked in this published set. Close it, or add a question first.")
    session.execute(delete(SetSection).where(SetSection.item_set_id == set_id, SetSection.removed_items.is_not(None)))
    place = section.position
    section.removed_items = [
        entry.item_id for entry in row if isinstance(entry, ItemSetItem) and entry.section_id == section_id
    ]
    put_in_order(session, [entry for entry in row if entry is not section])
    section.position = place
    session.flush()


def put_section_back(session: Session, set_id: int, section_id: int, owner_id: int) -> None:
    """Put a removed section back at its place, with those of its questions that the set still has."""
    own_set(session, set_id, owner_id)
    section = session.get(SetSection, section_id)
    if section is None or section.item_set_id != set_id:
        raise NotFound
    if section.removed_items is None:
        return
    row = entries(session, set_id)
    own = [entry for entry in row if isinstance(entry, ItemSetItem) and entry.item_id in section.removed_items]
    cut = blocks([entry for entry in row if entry not in own])
    cut.insert(min(max(section.position, 1), len(cut)), [section, *own])
    section.removed_items = None
    put_in_order(session, joined(cut))


def removed_section(session: Session, set_id: int, section_id: int, owner_id: int) -> RemovedSection | None:
    """Return a section of the person's set that was removed and can be put back, or None."""
    row = session.execute(
        select(SetSection.id, SetSection.title)
        .join(ItemSet, ItemSet.id == SetSection.item_set_id)
        .where(
            SetSection.id == section_id,
            SetSection.removed_items.is_not(None),
            ItemSet.id == set_id,
            ItemSet.owner_id == owner_id,
        )
    ).one_or_none()
    return RemovedSection(*row) if row is not None else None


def _standing(session: Session, set_id: int, section_id: int) -> SetSection:
    section = session.get(SetSection, section_id)
    if section is None or section.item_set_id != set_id or section.removed_items is not None:
        raise NotFound
    return section
