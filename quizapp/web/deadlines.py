"""When attempts end: worked out at their start, and again when a close or somebody's extra time changes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, or_, select
from sqlalchemy.orm import Session

from quizapp.core.rules import deadline, read_rules
from quizapp.models import Attempt, ItemSet, Override, Person
from quizapp.web import auditing


def deadline_for(
    session: Session,
    learner_id: int,
    rules: Mapping[str, Any],
    started_at: datetime,
    item_set: ItemSet,
    override: Override | None,
) -> datetime | None:
    """Return when an attempt at a set by stored rules ends for this learner, with all they were given; None: never."""
    found = read_rules(rules)
    factor = time_factor(session, learner_id) if found.limit_seconds is not None else 1.0
    return deadline(found, started_at, closing(item_set, override), factor_with(factor, override))


def time_factor(session: Session, person_id: int) -> float | None:
    """Return what a limit is multiplied by for somebody, from 1 to 3; None: they have no limit."""
    return session.execute(select(Person.time_factor).where(Person.id == person_id)).scalar_one()


def override_for(session: Session, learner_id: int, set_id: int) -> Override | None:
    """Return what a learner was given in a set otherwise than the rest, or None."""
    return session.scalar(select(Override).where(Override.learner_id == learner_id, Override.item_set_id == set_id))


def factor_with(factor: float | None, override: Override | None) -> float | None:
    """Return the factor of somebody's limit in a set: what they were given there, never less than they have."""
    if override is None or factor is None:
        return factor
    return None if override.is_untimed else max(factor, override.time_factor or 1.0)


def closing(item_set: ItemSet, override: Override | None = None) -> datetime | None:
    """Return when a set closes or closed, by itself or by hand, for everybody or for whom it is overridden.

    A close by hand ends everybody's time; a close of somebody's own that was given after it begins anew for them. None:
    it does not close.
    """
    everybody = min((moment for moment in (item_set.closes_at, item_set.closed_at) if moment is not None), default=None)
    if override is None or override.closes_at is None:
        return everybody
    by_hand = item_set.closed_at if item_set.closed_at != item_set.closes_at else None
    return everybody if by_hand is not None and by_hand >= override.given_at else override.closes_at


def move_deadlines_of_set(session: Session, item_set: ItemSet, actor_id: int | None, now: datetime) -> int:
    """Work out anew when the attempts under way at a set end, and return how many changed.

    Each keeps the limit that it began with. One whose time is up stays ended.
    """
    query = _under_way(now).where(Attempt.item_set_id == item_set.id)
    rows = session.execute(query.add_columns(Person.time_factor, Override)).all()
    moved = sum(_move(attempt, item_set, factor, override) for attempt, factor, override in rows)
    return _recorded(session, moved, actor_id, "item_set", item_set.id, now)


def move_deadlines_of_person(
    session: Session, person_id: int, actor_id: int | None, now: datetime, *, set_id: int | None = None
) -> int:
    """Work out anew when somebody's attempts under way, at all sets or at one, end; return how many changed."""
    query = _under_way(now).join(ItemSet, ItemSet.id == Attempt.item_set_id).where(Attempt.learner_id == person_id)
    if set_id is not None:
        query = query.where(ItemSet.id == set_id)
    rows = session.execute(query.add_columns(ItemSet, Person.time_factor, Override)).all()
    moved = sum(_move(attempt, item_set, factor, override) for attempt, item_set, factor, override in rows)
    return _recorded(session, moved, actor_id, "person", person_id, now)


def _under_way(now: datetime) -> Select[Any]:
    return (
        select(Attempt)
        .join(Person, Person.id == Attempt.learner_id)
        .outerjoin(
            Override, and_(Override.learner_id == Attempt.learner_id, Override.item_set_id == Attempt.item_set_id)
        )
        .where(Attempt.closed_at.is_(None), or_(Attempt.deadline_at.is_(None), Attempt.deadline_at > now))
        .order_by(Attempt.learner_id, Attempt.id)
        .with_for_update(of=Attempt)
        .execution_options(populate_existing=True)
    )


def _move(attempt: Attempt, item_set: ItemSet, factor: float | None, override: Override | None) -> bool:
    closes_at = closing(item_set, override)
    ends_at = deadline(read_rules(attempt.rules), attempt.started_at, closes_at, factor_with(factor, override))
    is_moved = ends_at != attempt.deadline_at
    attempt.deadline_at = ends_at
    return is_moved


def _recorded(session: Session, moved: int, actor_id: int | None, subject: str, subject_id: int, now: datetime) -> int:
    if moved:
        auditing.record(session, actor_id, "deadlines.moved", subject, subject_id, now=now, attempts=moved)
    session.flush()
    return moved
