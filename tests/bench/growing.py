"""A log that grows to any length: a learner whose past reaches further back, among ever more who did as another did."""

from __future__ import annotations

import math
import uuid
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import Table, case, func, insert, select, text, true
from sqlalchemy.orm import Session

from quizapp.database import Base, Database
from quizapp.demo import DAYS
from quizapp.models import (
    Attempt,
    AttemptItem,
    Card,
    DailyTotal,
    ItemSet,
    Person,
    RecallTotal,
    Response,
    Review,
    SignIn,
)

SMALLEST = 10_000  # reviews
_OWN = (Attempt, AttemptItem, Response, Card, Review, DailyTotal, RecallTotal)  # in the order of their keys
GROWING = frozenset(model.__tablename__ for model in (*_OWN, Person, SignIn, ItemSet))
_FIRST_HEAVY = 6_000  # of the first 10,000: more than a year
_BLOCK_DAYS = DAYS + 1  # the demo's past begins within the day before its first
_CLASS = 30  # people who take one set
_AT_ONCE = 500  # people added in one transaction


def heavy_share(reviews: int) -> int:
    """Return how many of so many reviews are the heavy learner's: twice as many with each tenfold."""
    return round(_FIRST_HEAVY * 2 ** math.log10(reviews / SMALLEST))


def grow(database: Database, heavy_id: int, typical_id: int, reviews: int) -> None:
    """Add reviews with all that belongs to them until there are about so many.

    The heavy learner's last three weeks are repeated before those that are there, so that every week has as much in it
    and only the past gets longer. Everybody else is a copy of the typical learner, in classes that take a set each.
    """
    with database.write_session() as session:
        _lengthen(session, heavy_id, heavy_share(reviews))
        typical = _reviews(session, typical_id)
        missing = (reviews - _reviews(session)) // typical
    for start in range(0, missing, _AT_ONCE):
        with database.write_session() as session:
            _add_people(session, typical_id, min(_AT_ONCE, missing - start))
    if not database.is_sqlite:
        with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE"))


def _reviews(session: Session, learner_id: int | None = None) -> int:
    counted = select(func.count()).select_from(Review)
    return session.scalar(counted if learner_id is None else counted.where(Review.learner_id == learner_id)) or 0


def _lengthen(session: Session, learner_id: int, reviews: int) -> None:
    recent = {model: _recent(session, model, learner_id) for model in _OWN if model is not Card}
    first = session.scalar(select(func.min(Review.study_day)).where(Review.learner_id == learner_id)) or date.max
    today = datetime.now(UTC).date()
    done = math.ceil((today - first).days / _BLOCK_DAYS)
    missing = (reviews - _reviews(session, learner_id)) / len(recent[Review])
    for block in range(done, done + round(missing)):
        set_id = _add_sets(session, 1, datetime.now(UTC))
        for model, rows in recent.items():
            if rows:
                session.execute(insert(_table(model)), [_earlier(row, block, set_id) for row in rows])


def _recent(session: Session, model: type[Base], learner_id: int) -> list[dict[str, Any]]:
    """Return a learner's rows of the last three weeks; what is still under way happens only once."""
    table = _table(model)
    rows = select(table).where(table.c.learner_id == learner_id)
    if "study_day" in table.c:
        rows = rows.where(table.c.study_day > datetime.now(UTC).date() - timedelta(days=_BLOCK_DAYS))
    if "attempt_id" in table.c or model is Attempt:
        attempt_id = table.c.id if model is Attempt else table.c.attempt_id
        since = datetime.now(UTC) - timedelta(days=_BLOCK_DAYS)
        taken = select(Attempt.id).where(
            Attempt.learner_id == learner_id, Attempt.closed_at.is_not(None), Attempt.started_at > since
        )
        rows = rows.where(attempt_id.is_(None) | attempt_id.in_(taken))
    if model is Review:
        rows = rows.where(table.c.event == "review")
    return [dict(row._mapping) for row in session.execute(rows)]


def _earlier(row: dict[str, Any], block: int, set_id: int) -> dict[str, Any]:
    """Return a row as of some blocks of three weeks before, under ids of its own; a set taken is another one."""
    back = timedelta(days=_BLOCK_DAYS * block)

    def moved(value: Any) -> Any:
        if isinstance(value, uuid.UUID):
            return uuid.uuid5(value, str(block))
        return value - back if isinstance(value, date) else value

    return {name: set_id if name == "item_set_id" and value else moved(value) for name, value in row.items()}


def _add_people(session: Session, typical_id: int, number: int) -> None:
    now = datetime.now(UTC)
    last = session.scalar(select(func.max(Person.id))) or 0
    people = [
        {"shown_name": f"Learner {last + index}", "sign_in_name": f"learner{last + index}", "created_at": now}
        for index in range(number)
    ]
    session.execute(insert(Person), people)
    ids = session.scalars(select(Person.id).where(Person.id > last).order_by(Person.id)).all()
    session.execute(
        insert(SignIn),
        [{"id": uuid.uuid4(), "person_id": id_, "device": "Bench", "created_at": now, "seen_at": now} for id_ in ids],
    )
    first_set = _add_sets(session, -(-number // _CLASS), now)
    for model in _OWN:
        _copy(session, model, typical_id, ids, first_set)


def _add_sets(session: Session, number: int, now: datetime) -> int:
    """Publish that many sets by link and return the number of the first."""
    last = session.scalar(select(func.max(ItemSet.id))) or 0
    kept = {"status": "published", "visibility": "link", "created_at": now, "published_at": now}
    session.execute(
        insert(ItemSet), [{"slug": f"bench-{last + index}", "title": "A set", **kept} for index in range(number)]
    )
    return session.scalars(select(ItemSet.id).where(ItemSet.id > last).order_by(ItemSet.id)).first() or 0


def _copy(session: Session, model: type[Base], typical_id: int, ids: Sequence[int], first_set: int) -> None:
    table, people = _table(model), _table(Person)
    person = people.c.id
    changed: dict[str, Any] = {"learner_id": person}
    if model is Attempt:
        of_class = first_set + (person - ids[0]) // _CLASS
        changed["item_set_id"] = case((table.c.item_set_id.is_not(None), of_class))
    rows = (
        select(*(changed.get(column.name, column) for column in table.columns))
        .select_from(people.join(table, true()))
        .where(table.c.learner_id == typical_id, person.between(ids[0], ids[-1]))
        .order_by(person)
    )
    session.execute(insert(table).from_select([column.name for column in table.columns], rows))


def _table(model: type[Base]) -> Table:
    return Base.metadata.tables[model.__tablename__]
