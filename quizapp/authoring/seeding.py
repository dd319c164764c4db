"""Seed files to rows: the shipped passages and their items, loaded or brought up to date, idempotent by external id."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select, text, update
from sqlalchemy.orm import Session

from quizapp.authoring.items import Source, add_item, correct_item, set_enemies
from quizapp.core.items import Item as NeutralItem
from quizapp.core.items import locate, read_item
from quizapp.errors import QuizappError, Unreadable
from quizapp.models import Item, Passage, PassageVersion, Topic

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
    return [_read_file(path) for path in sorted((folder / "passages").glob("*.toml"))]


def seed(session: Session, files: list[SeedFile], now: datetime) -> int:
    """Load or update the seed files and return the number of items now published from them.

    Processes that come together queue up: SQLite by the write lock of the transaction, PostgreSQL by a lock taken here.
    An item whose key changed is refused (it needs a new external id); one that left its file is retired.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
    return sum(_load(session, position, file, now) for position, file in enumerate(files, start=1))


def _load(session: Session, position: int, file: SeedFile, now: datetime) -> int:
    topic = session.scalar(select(Topic).where(Topic.slug == file.slug))
    if topic is None:
        topic = Topic(slug=file.slug, created_at=now)
        session.add(topic)
    topic.title, topic.position, topic.is_listed = file.topic, position, True
    session.flush()
    source = _load_passage(session, topic.id, file, now)
    rows = session.execute(
        select(Item.external_id, Item.id).where(Item.passage_id == source.passage_id, Item.external_id.is_not(None))
    )
    known = {external_id: item_id for external_id, item_id in rows if external_id is not None}
    ids: dict[str, int] = {}
    for item in file.items:
        try:
            ids[item.external_id] = _load_item(session, item, known.get(item.external_id), source, now)
        except QuizappError as error:
            raise Unreadable(None, f"{file.name}, item {item.external_id}: {error.message}") from error
    for external_id in sorted(set(known) - set(ids)):
        session.execute(update(Item).where(Item.id == known[external_id]).values(status="retired", is_listed=False))
    pairs = [(ids[item.external_id], ids[enemy]) for item in file.items for enemy in item.enemies if enemy in ids]
    set_enemies(session, sorted(ids.values()), pairs)
    return len(ids)


def _load_passage(session: Session, topic_id: int, file: SeedFile, now: datetime) -> Source:
    digest = hashlib.sha256(file.text.encode()).hexdigest()
    passage = session.scalar(select(Passage).where(Passage.external_id == file.name))
    if passage is None:
        passage = Passage(external_id=file.name, version_number=0, created_at=now)
        session.add(passage)
    passage.topic_id, passage.heading, passage.note, passage.key_facts = (
        topic_id,
        file.heading,
        file.note,
        file.key_facts,
    )
    version = None
    if passage.version_number:
        version = session.scalar(
            select(PassageVersion).where(PassageVersion.passage_id == passage.id, PassageVersion.number == passage.version_number)
        )  # fmt: skip
    if version is None or version.sha256 != digest:
        passage.version_number += 1
        session.flush()
        version = PassageVersion(
            passage_id=passage.id, number=passage.version_number, text=file.text, sha256=digest, created_at=now
        )
        session.add(version)
    session.flush()
    return Source(topic_id, passage.id, version.id, version.text)


def _load_item(session: Session, item: NeutralItem, item_id: int | None, source: Source, now: datetime) -> int:
    if item_id is None:
        return add_item(
            session,
            item,
            source,
            owner_id=None,
            now=now,
            status="published",
            is_listed=True,
            external_id=item.external_id,
        )
    correct_item(session, item_id, item, source, author_id=None, now=now)
    return item_id


def _read_file(path: Path) -> SeedFile:
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
        text_ = data["text"]
        return SeedFile(
            name=path.stem,
            topic=data["topic"],
            slug=data["slug"],
            heading=data["heading"],
            note=data.get("note", ""),
            text=text_,
            key_facts=[_key_fact(fact, text_) for fact in data.get("key_facts", [])],
            items=tuple(_read_seed_item(entry) for entry in data.get("items", [])),
        )
    except (tomllib.TOMLDecodeError, KeyError, Unreadable) as error:
        reason = f"“{error.args[0]}” is missing." if isinstance(error, KeyError) else str(error)
        raise Unreadable(None, f"{path.name}: {reason}") from error


def _key_fact(fact: Mapping[str, Any], text_: str) -> dict[str, Any]:
    span = locate(fact["quote"], text_, fact.get("start"))
    return {"text": fact["text"], "start": span.start, "end": span.end}


def _read_seed_item(entry: Mapping[str, object]) -> NeutralItem:
    try:
        return read_item(entry)
    except Unreadable as error:
        raise Unreadable(None, f"item {entry.get('external_id', '?')}: {error.reason}") from error
