"""Who does a sweep now, and what its last run came to: one row a sweep."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import CursorResult, Executable, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from quizapp.models import Lease

LEASE = timedelta(minutes=1)  # after it, a sweep whose worker was killed is taken over


def is_free(session: Session, name: str, every: timedelta, now: datetime) -> bool:
    """Tell, without the lock that `take` needs, whether the sweep may be taken."""
    row = session.execute(select(Lease.until, Lease.ran_at).where(Lease.name == name)).one_or_none()
    return row is None or (row.until <= now and (row.ran_at is None or row.ran_at <= now - every))


def take(session: Session, name: str, holder: str, every: timedelta, now: datetime) -> bool:
    """Take the sweep, unless somebody holds it or ran it less than `every` ago; tell whether it is ours."""
    _ensure(session, name, now)
    changed = session.execute(
        update(Lease)
        .where(Lease.name == name, Lease.until <= now, or_(Lease.ran_at.is_(None), Lease.ran_at <= now - every))
        .values(holder=holder, until=now + LEASE)
    )
    return cast(CursorResult[Any], changed).rowcount == 1


def give_back(
    session: Session,
    name: str,
    holder: str,
    *,
    taken_at: datetime,
    result: dict[str, Any] | None,
    error: str | None,
    now: datetime,
) -> bool:
    """Store what the run came to; False, and nothing changed, when the lease ran out and somebody else took it."""
    changed = session.execute(
        update(Lease)
        .where(Lease.name == name, Lease.holder == holder, Lease.until == taken_at + LEASE)
        .values(until=now, ran_at=taken_at, result=result, error=error)
    )
    return cast(CursorResult[Any], changed).rowcount == 1


def note(
    session: Session, name: str, holder: str, *, result: dict[str, Any] | None, error: str | None, now: datetime
) -> None:
    """Store what a run of a shared sweep came to; the last worker to finish one stands in the row."""
    _ensure(session, name, now)
    values = {"holder": holder, "until": now, "ran_at": now, "result": result, "error": error}
    session.execute(update(Lease).where(Lease.name == name).values(values))


def _ensure(session: Session, name: str, now: datetime) -> None:
    session.execute(_insert(session), {"name": name, "holder": "", "until": now})


def _insert(session: Session) -> Executable:
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    return insert(Lease.metadata.tables[Lease.__tablename__]).on_conflict_do_nothing()
