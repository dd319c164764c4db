"""Seed files to rows: the shipped passages and their items, loaded or brought up to date, idempotent by external id."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import or_, select, text, update
from sqlalchemy.orm import Session

from quizapp.authoring.items import Source, add_item, correct_item, current_content, set_enemies
from quizapp.authoring.slugs import free_slug
from quizapp.core.items import Item as NeutralItem
from quizapp.core.items import locate, read_item, same_key
from quizapp.errors import QuizappError, Unreadable
from quizapp.models import Item, Passage, PassageVersion, Topic
from quizapp.web.questions import ASKABLE_KINDS

_LOCK = 7_041_777  # of pg_advisory_xact_lock; any number that nothing else takes


@dataclass(frozen=True)
class SeedFile:
    """One passage with its items, as its file says."""

    name: str
    topic: str
    slug: str
    heading: str
    note: str
    text: str
    key_facts: list[dict[str, Any]]  # {"text", "start", "end"}
    items: tuple[NeutralItem, ...]


def read_seed_files(folder: Path) -> list[SeedFile]:
    """Read `passages/*.toml` in name order. Raises Unreadable, naming the file and what is wrong."""
    files = [_read_file(path) for path in sorted((folder / "passages").glob("*.toml"))]
    homes: dict[str, str] = {}
    for file in files:
        for item in file.items:
            if (home := homes.setdefault(item.external_id, file.name)) != file.name:
                raise Unreadable(None, f"{file.name}.toml: item {item.external_id} is in {home}.toml already.")
    return files


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
    is_listed = item.kind in ASKABLE_KINDS
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


def _read_file(path: Path) -> SeedFile:
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
        text_ = _text(data, "text")
        file = SeedFile(
            name=path.stem,
            topic=_text(data, "topic"),
            slug=_text(data, "slug"),
            heading=_text(data, "heading"),
            note=_text(data, "note") if "note" in data else "",
            text=text_,
            key_facts=[_key_fact(fact, text_) for fact in _tables(data, "key_facts")],
            items=tuple(_read_seed_item(entry, text_) for entry in _tables(data, "items")),
        )
        _check_ids(file)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError, Unreadable) as error:
        reason = error.reason if isinstance(error, Unreadable) else f"it can't be read as TOML: {error}"
        raise Unreadable(None, f"{path.name}: {reason}") from error
    return file


def _text(table: Mapping[str, Any], name: str) -> str:
    value = table.get(name)
    if not isinstance(value, str) or not value.strip():
        raise Unreadable(None, f"“{name}” must be a text that is not empty.")
    return value


def _tables(data: Mapping[str, Any], name: str) -> list[dict[str, Any]]:
    entries = data.get(name, [])
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise Unreadable(None, f"“{name}” must be tables, each under [[{name}]].")
    return entries


def _key_fact(fact: Mapping[str, Any], text_: str) -> dict[str, Any]:
    span = locate(_text(fact, "quote"), text_, fact.get("start"))
    return {"text": _text(fact, "text"), "start": span.start, "end": span.end}


def _read_seed_item(entry: Mapping[str, object], text_: str) -> NeutralItem:
    try:
        item = read_item(entry)
        _text(entry, "external_id")
        for evidence in item.evidence:
            locate(evidence.quote, text_, evidence.start)
    except Unreadable as error:
        raise Unreadable(None, f"item {entry.get('external_id', '?')}: {error.reason}") from error
    return item


def _check_ids(file: SeedFile) -> None:
    ids = [item.external_id for item in file.items]
    if twin := next((id_ for id_ in ids if ids.count(id_) > 1), ""):
        raise Unreadable(None, f"two items have the external_id {twin}.")
    for item in file.items:
        if lost := next((enemy for enemy in item.enemies if enemy not in ids), ""):
            raise Unreadable(None, f"item {item.external_id}: its enemy {lost} is not in this file.")
