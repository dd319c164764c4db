"""Short ways to make what tests need; each goes through the same tables as the application."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from flask import Flask
from sqlalchemy import event, func, select
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Session

from quizapp.models import Item, ItemVersion, Person, SignIn, Topic


def make_person(session: Session, shown_name: str, *, now: datetime, role: str = "student", **fields: Any) -> int:
    """Add a person without a password and return their number."""
    person = Person(
        shown_name=shown_name, sign_in_name=shown_name.lower().replace(" ", "."), role=role, created_at=now, **fields
    )
    session.add(person)
    session.flush()
    return person.id


def make_guest(session: Session, *, now: datetime) -> int:
    """Add a guest and return their number."""
    guest = Person(role="guest", shown_name="Guest", created_at=now)
    session.add(guest)
    session.flush()
    return guest.id


def make_sign_in(session: Session, person_id: int, *, now: datetime) -> uuid.UUID:
    """Add a signed-in device and return its id."""
    row = SignIn(id=uuid.uuid4(), person_id=person_id, device="Test browser", created_at=now, seen_at=now)
    session.add(row)
    session.flush()
    return row.id


@contextmanager
def counted_queries(app: Flask) -> Iterator[list[str]]:
    """Collect the statements sent to the database, without BEGIN and PRAGMA."""
    statements: list[str] = []

    def note(_connection: Connection, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.startswith(("BEGIN", "PRAGMA")):
            statements.append(statement)

    engine = app.extensions["quizapp.database"].engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(engine, "before_cursor_execute", note)


def listed_count(session: Session, slug: str | None = None) -> int:
    """Return the number of questions open to everyone, of all topics or one."""
    listed = select(func.count(Item.id)).join(Topic, Topic.id == Item.topic_id).where(Item.is_listed)
    return session.scalar(listed if slug is None else listed.where(Topic.slug == slug)) or 0


def card_count(session: Session, slug: str) -> int:
    """Return the number of cards that a topic's open questions make: one for each direction."""
    both = (
        select(func.count(Item.id))
        .join(Topic, Topic.id == Item.topic_id)
        .join(ItemVersion, (ItemVersion.item_id == Item.id) & (ItemVersion.number == Item.version_number))
        .where(Topic.slug == slug, Item.is_listed, ItemVersion.content["is_reversible"].as_boolean().is_(True))
    )
    return listed_count(session, slug) + (session.scalar(both) or 0)
