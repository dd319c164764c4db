"""What is running: the sweeps, the jobs, the outbox and the size of the database, for those who look after it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import case, func, select, text
from sqlalchemy.orm import Session

from quizapp.background.outbox import MOST_TRIES
from quizapp.models import Job, Lease, OutboxMessage


@dataclass(frozen=True)
class SweepState:
    """One sweep as its last run left it."""

    name: str
    holder: str  # who ran it last, or runs it now
    is_running: bool
    ran_at: datetime | None
    result: dict[str, Any]
    error: str | None


@dataclass(frozen=True)
class Running:
    """The state of everything that runs outside requests."""

    sweeps: tuple[SweepState, ...]  # by name
    jobs: dict[str, int]  # by status
    mail_waiting: int
    mail_given_up: int
    database_bytes: int


def running(session: Session, now: datetime) -> Running:
    """Return what is running, in four queries."""
    waits = case((OutboxMessage.tries < MOST_TRIES, 1), else_=0)
    unsent, waiting = session.execute(
        select(func.count(), func.coalesce(func.sum(waits), 0)).where(OutboxMessage.sent_at.is_(None))
    ).one()
    jobs = session.execute(select(Job.status, func.count()).group_by(Job.status).order_by(Job.status))
    return Running(
        sweeps=tuple(
            SweepState(row.name, row.holder, row.until > now, row.ran_at, row.result or {}, row.error)
            for row in session.scalars(select(Lease).order_by(Lease.name))
        ),
        jobs={row[0]: row[1] for row in jobs},
        mail_waiting=waiting,
        mail_given_up=unsent - waiting,
        database_bytes=_database_bytes(session),
    )


def _database_bytes(session: Session) -> int:
    if session.get_bind().dialect.name == "postgresql":
        query = "SELECT pg_database_size(current_database())"
    else:
        query = "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()"
    return int(session.scalars(text(query)).one())
