"""Seed files to rows: the shipped passages and their items, loaded or brought up to date, idempotent by external id."""

from __future__ import annotations

import hashlib
from datetime import datetime

from sqlalchemy import or_, select, text, update
from sqlalchemy.orm import Session

from quizapp.authoring.items import Source, add_item, correct_item, current_content, set_enemies
from quizapp.authoring.seed_files import SeedFile
from quizapp.authoring.slugs import free_slug
from quizapp.core.items import Item as NeutralItem
from quizapp.core.items import same_key
from quizapp.errors import QuizappError, Unreadable
from quizapp.models import Item, Passage, PassageVersion, Topic
from quizapp.web.questions import CARD_KINDS

_LOCK = 7_041_777  # of pg_advisory_xact_lock; any number that nothing else takes


def seed(session: Session, files: list[SeedFile], now: datetime) -> int:
    """Load or update the seed files and return the number of items now published from them.

    Processes that come together queue up: SQLite by the write lock of the transaction, PostgreSQL by a lock taken here.
    An item whose key changed is refused (it needs a new external id); one that left its file is retired. What people
    wrote is left alone.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
    return sum(_load(session, position, file, now) for position, file in enumerate(files, start=1))


def _load(session: Session, position: int, file: SeedFile, now: datetime) -> int:
    passage = session.scalar(select(Passage).where(Passage.external_id == file.name))
    topic = _load_topic(session, position, file, passage, now)
    source = _load_passage(session, passage, topic.id, file, now)
    known = _known_items(session, file, source)
    ids: dict[str, int] = {}
    for item in file.items:
        try:
            ids[item.external_id] = _load_item(session, item, known.get(item.external_id), source, now)
        except QuizappError as error:
            raise Unreadable(None, f"{file.name}.toml: item {item.external_id}: {error.message}") from error
    gone = [item_id for external_id, item_id in known.items() if external_id not in ids]
    session.execute(update(Item).where(Item.id.in_(gone)).values(status="retired", is_listed=False))
    pairs = [(ids[item.external_id], ids[enemy]) for item in file.items for enemy in item.enemies]
    set_enemies(session, sorted(ids.values()), pairs)
    return len(ids)


def _load_topic(session: Session, position: int, file: SeedFile, passage: Passage | None, now: datetime) -> Topic:
    """Find the topic by its passage, else by its address; the address may belong to a person's topic meanwhile."""
    is_shipped = Topic.owner_id.is_(None)
    topic = session.scalar(select(Topic).where(Topic.slug == file.slug, is_shipped))
    if topic is None and passage is not None:
        topic = session.scalar(select(Topic).where(Topic.id == passage.topic_id, is_shipped))
    if topic is None:
        topic = Topic(slug=free_slug(session, Topic, file.slug, "topic"), created_at=now)
        session.add(topic)
    topic.title, topic.position, topic.is_listed = file.topic, position, True
    session.flush()
    return topic


def _load_passage(session: Session, passage: Passage | None, topic_id: int, file: SeedFile, now: datetime) -> Source:
    digest = hashlib.sha256(file.text.encode()).hexdigest()
    if passage is None:
        passage = Passage(external_id=file.name, version_number=0, created_at=now)
        session.add(passage)
    passage.topic_id, passage.heading, passage.note = topic_id, file.heading, file.note
    passage.key_facts = file.key_facts
    version = None
    if passage.version_number:
        version = session.scalar(
            select(PassageVersion).where(
                PassageVersion.passage_id == passage.id, PassageVersion.number == passage.version_number
            )
        )
    if version is None or version.sha256 != digest:
        passage.version_number += 1
        session.flush()
        version = PassageVersion(
            passage_id=passage.id, number=passage.version_number, text=file.text, sha256=digest, created_at=now
        )
        session.add(version)
    session.flush()
    return Source(topic_id, passage.id, version.id, version.text)


def _known_items(session: Session, file: SeedFile, source: Source) -> dict[str, int]:
    rows = session.execute(
        select(Item.external_id, Item.id).where(
            or_(
                Item.passage_id == source.passage_id,
                Item.external_id.in_([item.external_id for item in file.items]),
            ),
            Item.external_id.is_not(None),
            Item.owner_id.is_(None),
        )
    )
    return {external_id: item_id for external_id, item_id in rows if external_id is not None}


def _load_item(session: Session, item: NeutralItem, item_id: int | None, source: Source, now: datetime) -> int:
    """Store an item, correct it, or put a new one in its place when another answer is right now.

    A kind without a page yet is published and not listed: it waits until it can be asked.
    """
    is_listed = item.kind in CARD_KINDS
    if item_id is not None and same_key(current_content(session, item_id), item):
        correct_item(session, item_id, item, source, author_id=None, now=now)
        session.execute(
            update(Item)
            .where(Item.id == item_id, or_(Item.status != "published", Item.is_listed != is_listed))
            .values(status="published", is_listed=is_listed)
        )
        return item_id
    if item_id is not None:
        retired = {"status": "retired", "is_listed": False, "external_id": None}
        session.execute(update(Item).where(Item.id == item_id).values(retired))
    return add_item(
        session,
        item,
        source,
        owner_id=None,
        now=now,
        status="published",
        is_listed=is_listed,
        external_id=item.external_id,
        replaces_id=item_id,
    )
