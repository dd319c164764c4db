"""Items as rows: a first version, further versions, evidence that is checked on write."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import delete, insert, or_, select
from sqlalchemy.orm import Session

from quizapp.authoring.uploads import link_files
from quizapp.core.items import Evidence as NeutralEvidence
from quizapp.core.items import Item as NeutralItem
from quizapp.core.items import locate, read_item, same_key, write_item
from quizapp.core.sections import tag_key
from quizapp.errors import Conflict, Invalid, NotFound, Unreadable
from quizapp.models import Evidence, Item, ItemEnemy, ItemTag, ItemVersion, Passage, PassageVersion


@dataclass(frozen=True)
class Source:
    """Where an item is at home: its topic, and the passage version its evidence stands in."""

    topic_id: int
    passage_id: int | None = None
    passage_version_id: int | None = None
    text: str = ""


def current_source(session: Session, passage_id: int) -> Source:
    """Return the current version of a passage. Raises NotFound."""
    row = session.execute(
        select(Passage.topic_id, Passage.id, PassageVersion.id, PassageVersion.text)
        .join(PassageVersion, PassageVersion.passage_id == Passage.id)
        .where(Passage.id == passage_id, PassageVersion.number == Passage.version_number)
    ).one_or_none()
    if row is None:
        raise NotFound
    return Source(*row)


def add_item(
    session: Session,
    item: NeutralItem,
    source: Source,
    *,
    owner_id: int | None,
    now: datetime,
    status: str = "draft",
    is_listed: bool = False,
    external_id: str | None = None,
    replaces_id: int | None = None,
) -> int:
    """Store a new item with its first version and return its id. Raises Invalid for a quote that is not there."""
    row = Item(
        external_id=external_id,
        kind=item.kind,
        topic_id=source.topic_id,
        passage_id=source.passage_id,
        owner_id=owner_id,
        status=status,
        is_listed=is_listed,
        version_number=1,
        replaces_id=replaces_id,
        created_at=now,
    )
    session.add(row)
    session.flush()
    _add_version(session, row.id, 1, item, source, author_id=owner_id, now=now)
    return row.id


def correct_item(
    session: Session, item_id: int, item: NeutralItem, source: Source, *, author_id: int | None, now: datetime
) -> int:
    """Add a version that asks the same question better, and return its number; nothing changes when nothing changed.

    Raises Conflict when what earns credit changed in an item that is already published: that is a new question.
    """
    row = session.get(Item, item_id, with_for_update=True)
    if row is None:
        raise NotFound
    content = current_content(session, item_id)
    if content == item and not _moved(session, row, source):
        return row.version_number
    if row.kind != item.kind:
        raise Conflict("Another kind of question is a new question. Replace the question instead.")
    if row.status != "draft" and not same_key(content, item):
        raise Conflict("This changes which answer is right, so it is a new question. Replace the question instead.")
    row.topic_id, row.passage_id = source.topic_id, source.passage_id
    row.version_number += 1
    row.is_stale = False
    session.flush()
    _add_version(session, item_id, row.version_number, item, source, author_id=author_id, now=now)
    return row.version_number


def current_content(session: Session, item_id: int) -> NeutralItem:
    """Return the item as its current version says it. Raises NotFound."""
    content = session.scalar(
        select(ItemVersion.content)
        .join(Item, Item.id == ItemVersion.item_id)
        .where(Item.id == item_id, ItemVersion.number == Item.version_number)
    )
    if content is None:
        raise NotFound
    return read_item(content)


def placed_content(session: Session, item_id: int) -> NeutralItem:
    """Return the item as it stands, its evidence where it is in the passage's current wording.

    What was not found there keeps the quotes that it has. Raises NotFound.
    """
    item = current_content(session, item_id)
    spans = session.execute(
        select(Evidence.quote, Evidence.start, Evidence.end)
        .join(ItemVersion, ItemVersion.id == Evidence.item_version_id)
        .join(Item, Item.id == ItemVersion.item_id)
        .join(Passage, Passage.id == Item.passage_id)
        .join(PassageVersion, PassageVersion.id == Evidence.passage_version_id)
        .where(
            Item.id == item_id,
            ItemVersion.number == Item.version_number,
            PassageVersion.passage_id == Passage.id,
            PassageVersion.number == Passage.version_number,
        )
        .order_by(Evidence.start)
    ).all()
    if not spans:
        return item
    return replace(
        item, evidence=tuple(NeutralEvidence(quote=quote, start=start, end=end) for quote, start, end in spans)
    )


def set_enemies(session: Session, item_ids: Sequence[int], pairs: Iterable[tuple[int, int]]) -> None:
    """Make `pairs` the enemies among and of `item_ids`; each pair is stored once."""
    if not item_ids:
        return
    wanted = {(min(pair), max(pair)) for pair in pairs if pair[0] != pair[1]}
    touched = or_(ItemEnemy.item_id.in_(item_ids), ItemEnemy.enemy_id.in_(item_ids))
    found = {(a, b) for a, b in session.execute(select(ItemEnemy.item_id, ItemEnemy.enemy_id).where(touched))}
    for item_id, enemy_id in sorted(found - wanted):
        session.execute(delete(ItemEnemy).where(ItemEnemy.item_id == item_id, ItemEnemy.enemy_id == enemy_id))
    if missing := sorted(wanted - found):
        session.execute(insert(ItemEnemy), [{"item_id": a, "enemy_id": b} for a, b in missing])


def _add_version(
    session: Session,
    item_id: int,
    number: int,
    item: NeutralItem,
    source: Source,
    *,
    author_id: int | None,
    now: datetime,
) -> None:
    spans = _spans(item, source)
    version = ItemVersion(
        item_id=item_id, number=number, content=write_item(item), created_by=author_id, created_at=now
    )
    session.add(version)
    session.flush()
    link_files(session, item_id, item, author_id)
    _set_tags(session, item_id, item.tags)
    session.add_all(
        Evidence(
            item_version_id=version.id, passage_version_id=source.passage_version_id, start=start, end=end, quote=quote
        )
        for start, end, quote in spans
    )
    session.flush()


def _set_tags(session: Session, item_id: int, tags: Iterable[str]) -> None:
    session.execute(delete(ItemTag).where(ItemTag.item_id == item_id))
    session.add_all(ItemTag(item_id=item_id, tag=tag) for tag in sorted({tag_key(tag) for tag in tags} - {""}))


def _spans(item: NeutralItem, source: Source) -> list[tuple[int, int, str]]:
    spans = []
    for evidence in item.evidence:
        if source.passage_version_id is None:
            raise Invalid("evidence", "Choose the passage that this sentence comes from.")
        try:
            found = locate(evidence.quote, source.text, evidence.start)
        except Unreadable as error:
            raise Invalid("evidence", error.reason) from error
        start = found.start or 0
        spans.append((start, start + len(found.quote), found.quote))
    return sorted(set(spans))


def _moved(session: Session, row: Item, source: Source) -> bool:
    if (row.topic_id, row.passage_id) != (source.topic_id, source.passage_id):
        return True
    version_id = session.scalar(
        select(ItemVersion.id).where(ItemVersion.item_id == row.id, ItemVersion.number == row.version_number)
    )
    places = set(session.scalars(select(Evidence.passage_version_id).where(Evidence.item_version_id == version_id)))
    return bool(places) and places != {source.passage_version_id}
