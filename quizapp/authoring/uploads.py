"""Files that authors send: kept once, counted, found again for the editor, and swept when no question shows them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, exists, func, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from quizapp.core.items import Item as NeutralItem
from quizapp.core.items import Media as NeutralMedia
from quizapp.core.media import Cleaned, is_stored_name
from quizapp.errors import Invalid
from quizapp.models import Item, ItemMedia, ItemSetItem, Media

MOST_OF_A_SET = 100 * 1024 * 1024  # bytes
UNUSED_FOR = timedelta(days=3)  # an editor may stay open over a weekend
_AT_ONCE = 50
_GONE = "A picture or sound is not here any more. Remove it and add it again."
Counts = dict[str, int]


def keep_file(session: Session, owner_id: int, set_id: int, file: Cleaned, now: datetime) -> None:
    """Store a file of the person's, for questions of a set; the same file twice is one.

    Raises Invalid for "file" when the set, and what the person sent and never used, would hold too much.
    """
    is_same = (Media.digest == file.digest, Media.owner_id == owner_id)
    if session.scalar(select(Media.id).where(*is_same)) is not None:
        session.execute(update(Media).where(*is_same).values(created_at=now))  # not to be swept just now
        return
    in_set = exists().where(
        ItemMedia.media_id == Media.id, ItemMedia.item_id == ItemSetItem.item_id, ItemSetItem.item_set_id == set_id
    )
    held = session.scalar(
        select(func.coalesce(func.sum(Media.size), 0)).where(Media.owner_id == owner_id, or_(in_set, _is_unused()))
    )
    if (held or 0) + len(file.content) > MOST_OF_A_SET:
        raise Invalid(
            "file",
            f"The pictures and sounds of this set hold {MOST_OF_A_SET // 2**20} MB, which is all there is room for. "
            "Remove some, or begin another set.",
        )
    row = Media(
        digest=file.digest, owner_id=owner_id, kind=file.kind, extension=file.extension, width=file.width,
        height=file.height, size=len(file.content), content=file.content, created_at=now,
    )  # fmt: skip
    try:
        with session.begin_nested():
            session.add(row)
            session.flush()
    except IntegrityError:
        return  # another window sent the same just now


def files_by_name(session: Session, owner_id: int, names: Iterable[str]) -> dict[str, NeutralMedia]:
    """Return the files that the person may put into a question, by their names: their own, and those of their items."""
    digests = {name.partition(".")[0] for name in names if is_stored_name(name)}
    if not digests:
        return {}
    rows = session.execute(
        select(Media.digest, Media.extension, Media.kind, Media.width, Media.height).where(
            Media.digest.in_(digests), _may_be_used_by(owner_id)
        )
    )
    found = (
        NeutralMedia(name=f"{row.digest}.{row.extension}", kind=row.kind, width=row.width, height=row.height)
        for row in rows
    )
    return {file.name: file for file in found}


def link_files(session: Session, item_id: int, item: NeutralItem, author_id: int | None) -> None:
    """Let whoever may see the item see its files. Raises Invalid for "media" when one is gone or somebody else's."""
    digests = {file.name.partition(".")[0] for file in item.media if file.kind and is_stored_name(file.name)}
    if not digests:
        return
    rows = session.execute(
        select(Media.digest, func.min(Media.id))
        .where(Media.digest.in_(digests), _may_be_used_by(author_id))
        .group_by(Media.digest)
    ).all()
    if len(rows) < len(digests):
        raise Invalid("media", _GONE)
    linked = set(session.scalars(select(ItemMedia.media_id).where(ItemMedia.item_id == item_id)))
    session.add_all(ItemMedia(item_id=item_id, media_id=media_id) for _, media_id in rows if media_id not in linked)
    session.flush()


def remove_unused_files(session: Session, now: datetime) -> Counts:
    """Delete files that no question has shown for some days since they were sent, a number at a time."""
    old = select(Media.id).where(Media.created_at < now - UNUSED_FOR, _is_unused()).order_by(Media.id).limit(_AT_ONCE)
    # A file that is being put into a question at this moment is held, and left alone.
    ids = session.scalars(old.with_for_update(skip_locked=True)).all()
    if ids:
        session.execute(delete(Media).where(Media.id.in_(ids)))
    return {"files": len(ids)}


def _is_unused() -> ColumnElement[bool]:
    return ~exists().where(ItemMedia.media_id == Media.id)


def _may_be_used_by(person_id: int | None) -> ColumnElement[bool]:
    is_of_theirs = exists().where(
        ItemMedia.media_id == Media.id, ItemMedia.item_id == Item.id, Item.owner_id == person_id
    )
    return or_(Media.owner_id == person_id, is_of_theirs)
