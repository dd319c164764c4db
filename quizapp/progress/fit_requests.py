"""Who is to have the memory models fitted to their log: those with enough new reviews, and who asks."""

from __future__ import annotations

from datetime import datetime
from importlib import import_module

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from quizapp.background.jobs import JobRun, add_job
from quizapp.models import DailyTotal, Job, MemoryFit, Person

JOB = "memory_fit"
FEWEST_NEW = 200  # reviews and answers since the last try, and a quarter of those it rested on
FEWEST_NEW_OF_ALL = 1_000
EVERYBODY = 0  # in the place of a learner: all of them together
_MOST = 100
_ASKED = select(Job.id).where(Job.kind == JOB, Job.status.in_(("waiting", "running")))
_IS_ASKED = _ASKED.where(Job.owner_id == DailyTotal.learner_id).exists()


def due_fits(session: Session, now: datetime) -> list[tuple[int]]:
    """Return whom a new fit is worth it for, everybody together first, where none is on its way."""
    total = func.sum(DailyTotal.reviews + DailyTotal.answers)
    tried = (
        select(MemoryFit.learner_id, func.max(MemoryFit.counted).label("counted"))
        .group_by(MemoryFit.learner_id)
        .subquery()
    )
    learners = session.scalars(
        select(DailyTotal.learner_id)
        .join(Person, Person.id == DailyTotal.learner_id)
        .outerjoin(tried, tried.c.learner_id == DailyTotal.learner_id)
        .where(Person.role != "guest", Person.disabled_at.is_(None), ~_IS_ASKED)
        .group_by(DailyTotal.learner_id, tried.c.counted)
        .having(total >= func.coalesce(tried.c.counted, 0) * 1.25 + FEWEST_NEW)
        .order_by(DailyTotal.learner_id)
        .limit(_MOST)
    )
    found = [(learner_id,) for learner_id in learners]
    if is_fit_asked(session, EVERYBODY) or not found:
        return found
    last = session.scalar(select(func.max(MemoryFit.counted)).where(MemoryFit.learner_id.is_(None))) or 0
    is_due = counted(session, EVERYBODY) >= last * 1.25 + FEWEST_NEW_OF_ALL
    return [(EVERYBODY,), *found] if is_due else found


def ask_for_fit(session: Session, learner_id: int, now: datetime) -> None:
    """Ask for a fit to a learner's log, or EVERYBODY's; nothing happens while one is on its way."""
    if not is_fit_asked(session, learner_id):
        add_job(session, JOB, {"learner": learner_id}, owner_id=learner_id or None, now=now)


def fit_memory(run: JobRun) -> None:
    """Do the job. Fitting needs numpy, which only a worker that fits waits for."""
    import_module("quizapp.progress.fitting").fit_memory(run)


def is_fit_asked(session: Session, learner_id: int) -> bool:
    """Tell whether a fit waits or is being made."""
    whose = Job.owner_id == learner_id if learner_id else Job.owner_id.is_(None)
    return session.scalar(_ASKED.where(whose).limit(1)) is not None


def counted(session: Session, learner_id: int) -> int:
    """Return the reviews and answers of a learner, or EVERYBODY, from the daily totals."""
    total = select(func.coalesce(func.sum(DailyTotal.reviews + DailyTotal.answers), 0))
    return int(session.scalars(total.where(DailyTotal.learner_id == learner_id) if learner_id else total).one())
