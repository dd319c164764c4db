"""The order of a set: its questions and the headings of its sections in one row, as its page shows them."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp.models import ItemSetItem, SetSection

Entry = ItemSetItem | SetSection


def entries(session: Session, set_id: int) -> list[Entry]:
    """Return the row of a set: what stands outside the sections, then each heading with its questions."""
    sections = session.scalars(
        select(SetSection)
        .where(SetSection.item_set_id == set_id, SetSection.removed_items.is_(None))
        .order_by(SetSection.position, SetSection.id)
    ).all()
    held = session.scalars(
        select(ItemSetItem).where(ItemSetItem.item_set_id == set_id).order_by(ItemSetItem.position, ItemSetItem.item_id)
    ).all()
    known = {section.id for section in sections}
    row: list[Entry] = [item for item in held if item.section_id not in known]
    for section in sections:
        row += [section, *(item for item in held if item.section_id == section.id)]
    return row


def put_in_order(session: Session, row: Sequence[Entry]) -> None:
    """Let a set have this row: each question belongs to the heading before it."""
    section_id, sections, questions = None, 0, 0
    for entry in row:
        if isinstance(entry, SetSection):
            sections += 1
            section_id, entry.position = entry.id, sections
        else:
            questions += 1
            entry.section_id, entry.position = section_id, questions
    session.flush()


def blocks(row: Sequence[Entry]) -> list[list[Entry]]:
    """Return a row cut before each heading; the first block holds what stands outside the sections."""
    cut: list[list[Entry]] = [[]]
    for entry in row:
        if isinstance(entry, SetSection):
            cut.append([])
        cut[-1].append(entry)
    return cut


def block_of(cut: Sequence[list[Entry]], section_id: int | None) -> list[Entry]:
    """Return the block of a section; the last one where there is no such section."""
    headed = {block[0].id: block for block in cut if block and isinstance(block[0], SetSection)}
    return headed.get(section_id or 0, cut[-1])


def joined(cut: Sequence[Sequence[Entry]]) -> list[Entry]:
    """Return the row that blocks make."""
    return [entry for block in cut for entry in block]
