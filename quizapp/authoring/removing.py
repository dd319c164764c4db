"""Questions taken out of a set and put back at their place; sets deleted."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, delete, exists, or_, select, update
from sqlalchemy.orm import Session, aliased

from quizapp.authoring.pools import asks
from quizapp.authoring.sequences import entries, put_in_order
from quizapp.authoring.sets import held, own_set, release
from quizapp.core.items import plain_stem, read_item
from quizapp.errors import Conflict, NotFound
from quizapp.models import Attempt, Item, ItemSetItem, ItemVersion, SetSection

LAST_PLACE = 10_000  # far more than a set has questions


@dataclass(frozen=True)
class Removed:
    """A question that can be put back."""

    item_id: int
    stem: str


def remove_from_set(session: Session, set_id: int, item_id: int, owner_id: int) -> int:
    """Take an item out of the set and return its position: a published one retires, attempts keep what they pinned.

    A draft can be put back until the person removes another question; then it is deleted. Raises Conflict for the only
    question of a published set.
    """
    item_set = own_set(session, set_id, owner_id)
    item = held(session, set_id, item_id, owner_id)
    if item_set.status == "published" and not asks(session, item_set, without_item=item_id):
        raise Conflict("This is the only question of a published set. Close the set, or add another question first.")
    _delete_removed_drafts(session, owner_id)
    session.execute(delete(ItemSetItem).where(ItemSetItem.item_set_id == set_id, ItemSetItem.item_id == item_id))
    if session.scalar(select(ItemSetItem.item_set_id).where(ItemSetItem.item_id == item_id).limit(1)) is None:
        status = "rejected" if item.status == "draft" else "retired"
        session.execute(update(Item).where(Item.id == item_id).values(status=status, is_listed=False))
    return item.position


def put_back(
    session: Session, set_id: int, item_id: int, owner_id: int, position: int, section_id: int | None = None
) -> None:
    """Put an item that was taken out of a set back at its position and into its section; one that is there stays.

    Raises NotFound for one that is not the person's or was replaced by another.
    """
    item_set = own_set(session, set_id, owner_id)
    if session.get(ItemSetItem, (set_id, item_id)) is not None:
        return
    if removed(session, item_id, owner_id) is None:
        raise NotFound
    position = min(max(position, 1), LAST_PLACE)
    session.execute(
        update(ItemSetItem)
        .where(ItemSetItem.item_set_id == set_id, ItemSetItem.position >= position)
        .values(position=ItemSetItem.position + 1)
    )
    session.add(
        ItemSetItem(
            item_set_id=set_id, item_id=item_id, position=position, section_id=_section(session, set_id, section_id)
        )
    )
    put_in_order(session, entries(session, set_id))
    session.execute(update(Item).where(Item.id == item_id).values(status="draft"))
    release(session, item_set)


def removed(session: Session, item_id: int, owner_id: int) -> Removed | None:
    """Return a question of the person's that is in no set any more and can be put back, or None."""
    row = session.execute(
        select(Item.id, ItemVersion.content)
        .join(ItemVersion, ItemVersion.item_id == Item.id)
        .where(Item.id == item_id, ItemVersion.number == Item.version_number, *_taken_out(owner_id))
    ).one_or_none()
    return Removed(row.id, plain_stem(read_item(row.content).stem)) if row is not None else None


def delete_set(session: Session, set_id: int, owner_id: int) -> None:
    """Delete a draft that nobody has taken, with its draft items. Raises Conflict for any other."""
    item_set = own_set(session, set_id, owner_id)
    taken = session.scalar(select(Attempt.id).where(Attempt.item_set_id == set_id).limit(1))
    if item_set.status != "draft" or taken is not None:
        raise Conflict("A set that was published stays, with what people answered. Close it instead.")
    item_ids = list(session.scalars(select(ItemSetItem.item_id).where(ItemSetItem.item_set_id == set_id)))
    session.delete(item_set)
    session.flush()
    elsewhere = select(ItemSetItem.item_id).where(ItemSetItem.item_id.in_(item_ids))
    session.execute(delete(Item).where(Item.id.in_(item_ids), Item.status == "draft", Item.id.not_in(elsewhere)))
    _delete_removed_drafts(session, owner_id)


def _section(session: Session, set_id: int, section_id: int | None) -> int | None:
    """Return a section's number if the set still has it."""
    standing = SetSection.removed_items.is_(None)
    return session.scalar(
        select(SetSection.id).where(SetSection.id == section_id, SetSection.item_set_id == set_id, standing)
    )


def _delete_removed_drafts(session: Session, owner_id: int) -> None:
    is_from_editor = or_(Item.external_id.is_(None), Item.external_id.startswith("form-"))
    session.execute(
        delete(Item).where(
            Item.owner_id == owner_id, Item.status == "rejected", is_from_editor,
            ~exists().where(ItemSetItem.item_id == Item.id),
        )
    )  # fmt: skip


def _taken_out(owner_id: int) -> tuple[ColumnElement[bool], ...]:
    other = aliased(Item)
    return (
        Item.owner_id == owner_id,
        Item.status.in_(("rejected", "retired")),
        ~exists().where(ItemSetItem.item_id == Item.id),
        ~exists().where(other.replaces_id == Item.id),
    )
