"""A teacher's sets: made, filled, put in order. Publishing and removing have files of their own."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from quizapp.authoring.items import Source, add_item, correct_item
from quizapp.authoring.sequences import Entry, block_of, blocks, entries, joined, put_in_order
from quizapp.authoring.slugs import secret_slug
from quizapp.core.items import Item as NeutralItem
from quizapp.core.rules import Rules, stored_rules
from quizapp.errors import Conflict, NotFound
from quizapp.models import Item, ItemSet, ItemSetItem, Topic
from quizapp.web.deadlines import move_deadlines_of_set


class Stale(Conflict):
    """The item got another version since its editor was opened; nothing was overwritten."""


@dataclass(frozen=True)
class Held:
    """An item in its set, as the editor finds it."""

    item_id: int
    kind: str
    status: str
    version_number: int
    topic_id: int
    passage_id: int | None
    position: int
    section_id: int | None


def create_set(
    session: Session, owner_id: int, title: str, description: str, now: datetime, *, submission: uuid.UUID | None = None
) -> int:
    """Store a draft set and return its id; the same submission twice is one set."""
    slug = f"draft-{submission.hex}" if submission else secret_slug()
    known = session.scalar(select(ItemSet.id).where(ItemSet.slug == slug, ItemSet.owner_id == owner_id))
    if known is not None:
        return known
    item_set = ItemSet(slug=slug, title=title, description=description, owner_id=owner_id, created_at=now)
    session.add(item_set)
    session.flush()
    return item_set.id


def describe_set(
    session: Session,
    set_id: int,
    owner_id: int,
    *,
    title: str,
    description: str,
    rules: Rules,
    now: datetime,
    closes_at: datetime | None = None,
) -> None:
    """Change what a set is called and how it is taken.

    Attempts under way keep the rules they began with, but for the close, which is everybody's.
    """
    item_set = own_set(session, set_id, owner_id)
    item_set.title, item_set.description = title, description
    item_set.rules, item_set.closes_at = stored_rules(rules), closes_at
    session.flush()
    move_deadlines_of_set(session, item_set, owner_id, now)


def add_to_set(
    session: Session,
    set_id: int,
    owner_id: int,
    item: NeutralItem,
    source: Source,
    now: datetime,
    *,
    submission: uuid.UUID | None = None,
    after_id: int | None = None,
    section_id: int | None = None,
) -> int:
    """Store a new item at the end of the set, of a section of it, or after the item `after_id`, and return its id.

    The same submission twice is one item. In a published set it is published with it. Raises Invalid for a quote that
    is not in the passage.
    """
    item_set = own_set(session, set_id, owner_id)
    external_id = f"form-{submission.hex}" if submission else None
    if submission is not None and (known := submitted_item(session, owner_id, submission)) is not None:
        return known
    item_id = add_item(session, item, source, owner_id=owner_id, now=now, external_id=external_id)
    put_last(session, item_set, item_id, section_id)
    if after_id is not None:
        _move_after(session, set_id, item_id, owner_id, after_id)
    return item_id


def put_last(session: Session, item_set: ItemSet, item_id: int, section_id: int | None = None) -> None:
    """Put an item at the end of a set, or of one of its sections, in the state that the set's asks for."""
    cut = blocks(entries(session, item_set.id))
    block = block_of(cut, section_id)
    block.append(ItemSetItem(item_set_id=item_set.id, item_id=item_id, position=0))
    session.add(block[-1])
    put_in_order(session, joined(cut))
    release(session, item_set)


def submitted_item(session: Session, owner_id: int, submission: uuid.UUID) -> int | None:
    """Return the item that a form has made already, or None."""
    return session.scalar(
        select(Item.id).where(Item.external_id == f"form-{submission.hex}", Item.owner_id == owner_id)
    )


def correct_in_set(
    session: Session,
    set_id: int,
    item_id: int,
    owner_id: int,
    item: NeutralItem,
    source: Source,
    now: datetime,
    *,
    seen_version: int | None = None,
) -> None:
    """Give an item of the set a better wording.

    Raises Conflict when a published one would get another key, Stale when it is not `seen_version` any more.
    """
    item_set = own_set(session, set_id, owner_id)
    _check_seen(held(session, set_id, item_id, owner_id), seen_version)
    correct_item(session, item_id, item, source, author_id=owner_id, now=now)
    release(session, item_set)


def replace_in_set(
    session: Session,
    set_id: int,
    item_id: int,
    owner_id: int,
    item: NeutralItem,
    source: Source,
    now: datetime,
    *,
    seen_version: int | None = None,
) -> int:
    """Put a new item in the place of one that is retired, in every set that holds it; return the new id.

    Raises Stale when it is not `seen_version` any more.
    """
    item_set = own_set(session, set_id, owner_id)
    _check_seen(held(session, set_id, item_id, owner_id), seen_version)
    new_id = add_item(session, item, source, owner_id=owner_id, now=now, replaces_id=item_id)
    session.execute(update(ItemSetItem).where(ItemSetItem.item_id == item_id).values(item_id=new_id))
    session.execute(update(Item).where(Item.id == item_id).values(status="retired", is_listed=False))
    release(session, item_set)
    return new_id


def move_in_set(session: Session, set_id: int, item_id: int, owner_id: int, to: Literal["up", "down"] | int) -> int:
    """Move an item to a place in the row (from 1), or let it change places with a neighbour; return its number.

    The headings of sections stand in the row, too, so that a question moves from one section into another. At the ends
    of the row it stays.
    """
    own_set(session, set_id, owner_id)
    row = entries(session, set_id)
    at = _index(row, item_id)
    if at is None:
        raise NotFound
    place = {"up": at - 1, "down": at + 1}.get(to, -1) if isinstance(to, str) else to - 1
    moved = row.pop(at)
    row.insert(min(max(place, 0), len(row)), moved)
    put_in_order(session, row)
    return session.get_one(ItemSetItem, (set_id, item_id)).position


def own_set(session: Session, set_id: int, owner_id: int) -> ItemSet:
    """Return the person's own set, locked for the transaction. Raises NotFound for anybody else's."""
    item_set = session.scalar(
        select(ItemSet).where(ItemSet.id == set_id, ItemSet.owner_id == owner_id).with_for_update()
    )
    if item_set is None:
        raise NotFound
    return item_set


def held(session: Session, set_id: int, item_id: int, owner_id: int) -> Held:
    """Return an item of the person's own set. Raises NotFound."""
    row = session.execute(
        select(
            Item.id,
            Item.kind,
            Item.status,
            Item.version_number,
            Item.topic_id,
            Item.passage_id,
            ItemSetItem.position,
            ItemSetItem.section_id,
        )
        .join(ItemSetItem, ItemSetItem.item_id == Item.id)
        .join(ItemSet, ItemSet.id == ItemSetItem.item_set_id)
        .where(ItemSet.id == set_id, ItemSet.owner_id == owner_id, Item.id == item_id)
    ).one_or_none()
    if row is None:
        raise NotFound
    return Held(*row)


def release(session: Session, item_set: ItemSet) -> None:
    """Give the items of a set the state that the set's own state asks for; a draft set releases nothing.

    Items of a set listed here may be drawn for anyone's practice, so the topics they are at home in are listed too.
    """
    session.flush()
    if item_set.status == "draft":
        return
    is_listed = item_set.visibility == "here"
    items = select(ItemSetItem.item_id).where(ItemSetItem.item_set_id == item_set.id)
    asked = Item.kind != "description"  # a text between questions is nobody's practice
    session.execute(
        update(Item).where(Item.id.in_(items)).values(status="published", is_listed=asked if is_listed else False)
    )
    if is_listed:
        topics = select(Item.topic_id).where(Item.id.in_(items))
        session.execute(
            update(Topic).where(Topic.id.in_(topics), Topic.owner_id == item_set.owner_id).values(is_listed=True)
        )


def _move_after(session: Session, set_id: int, item_id: int, owner_id: int, after_id: int) -> None:
    before = _index(entries(session, set_id), after_id)
    if before is not None:
        move_in_set(session, set_id, item_id, owner_id, before + 2)


def _index(row: Sequence[Entry], item_id: int) -> int | None:
    return next(
        (index for index, entry in enumerate(row) if isinstance(entry, ItemSetItem) and entry.item_id == item_id), None
    )


def _check_seen(item: Held, seen_version: int | None) -> None:
    if seen_version is not None and item.version_number != seen_version:
        raise Stale(
            "This question was changed in another window meanwhile. What you wrote is still here; "
            "save again to put it in place of that change."
        )
