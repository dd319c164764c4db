"""When attempts end: worked out at their start, and again when a close or somebody's extra time changes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from quizapp.core.rules import deadline, read_rules
from quizapp.models import Attempt, ItemSet, Person
from quizapp.web import auditing


def deadline_for(
    session: Session,
    learner_id: int,
    rules: Mapping[str, Any],
    started_at: datetime,
    closes_at: datetime | None,
) -> datetime | None:
    """Return when an attempt by stored rules ends for this learner, their extra time included; None: never."""
    found = read_rules(rules)
    factor = time_factor(session, learner_id) if found.limit_seconds is not None else 1.0
    return deadline(found, started_at, closes_at, factor)


def time_factor(session: Session, person_id: int) -> float | None:
    """Return what a limit is multiplied by for somebody, from 1 to 3; None: they have no limit."""
    return session.execute(select(Person.time_factor).where(Person.id == person_id)).scalar_one()


def closing(item_set: ItemSet) -> datetime | None:
    """Return when a set closes or closed for everybody, by itself or by hand; None: it does not."""
    return min((moment for moment in (item_set.closes_at, item_set.closed_at) if moment is not None), default=None)


def move_deadlines_of_set(session: Session, item_set: ItemSet, actor_id: int | None, now: datetime) -> int:
    """Work out anew when the attempts under way at a set end, and return how many changed.

    Each keeps the limit that it began with. One whose time is up stays ended.
    """
    query = _under_way(now).where(Attempt.item_set_id == item_set.id)
    rows = session.execute(query.add_columns(Person.time_factor)).all()
    closes_at = closing(item_set)
    moved = sum(_move(attempt, closes_at, factor) for attempt, factor in rows)
    return _recorded(session, moved, actor_id, "item_set", item_set.id, now)


def move_deadlines_of_person(session: Session, person_id: int, actor_id: int | None, now: datetime) -> int:
    """Work out anew when somebody's attempts under way at sets end, and return how many changed."""
    factor = time_factor(session, person_id)
    query = _under_way(now).join(ItemSet, ItemSet.id == Attempt.item_set_id).where(Attempt.learner_id == person_id)
    rows = session.execute(query.add_columns(ItemSet)).all()
    moved = sum(_move(attempt, closing(item_set), factor) for attempt, item_set in rows)
    return _recorded(session, moved, actor_id, "person", person_id, now)


def _under_way(now: datetime) -> Select[Any]:
    return (
        select(Attempt)
        .join(Person, Person.id == Attempt.learner_id)
        .where(Attempt.closed_at.is_(None), or_(Attempt.deadline_at.is_(None), Attempt.deadline_at > now))
        .order_by(Attempt.learner_id, Attempt.id)
        .with_for_update(of=Attempt)
        .execution_options(populate_existing=True)
    )


def _move(attempt: Attempt, closes_at: datetime | None, factor: float | None) -> bool:
    ends_at = deadline(read_rules(attempt.rules), attempt.started_at, closes_at, factor)
    is_moved = ends_at != attempt.deadline_at
    attempt.deadline_at = ends_at
    return is_moved


def _recorded(session: Session, moved: int, actor_id: int | None, subject: str, subject_id: int, now: datetime) -> int:
    if moved:
        auditing.record(session, actor_id, "deadlines.moved", subject, subject_id, now=now, attempts=moved)
    session.flush()
    return moved
