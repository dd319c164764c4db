"""Jobs: long work with progress, asked for in a transaction and done by a worker, each claimed by one at a time.

A function does its work in short transactions of its own and calls `progress` at least every two minutes: a job not
heard of for longer counts as crashed and is begun again. So what a job does must bear being done twice.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Any, cast

from sqlalchemy import CursorResult, and_, or_, select, update
from sqlalchemy.orm import Session

from quizapp.background.sweeps import Counts, Turn, failure_of, report, told
from quizapp.models import Job

JOB_LEASE = timedelta(minutes=2)
MOST_TRIES = 4  # the first and three more after a crash
_MOST_A_TURN = 200


class JobLost(Exception):
    """The job was not heard of for too long and belongs to another worker now."""


class WorkerEnding(Exception):
    """The worker was told to end; the job goes back to those that wait, and the try does not count."""


@dataclass
class JobRun:
    """What a job's function is given."""

    turn: Turn
    id: int
    kind: str
    payload: dict[str, Any]
    owner_id: int | None
    tries: int
    result: dict[str, Any] | None = field(default=None)  # set by the function, stored when it returns

    def progress(self, done: int, total: int) -> None:
        """Store how far the job is and keep it for two more minutes. Raises JobLost, WorkerEnding."""
        if self.turn.is_ending():
            raise WorkerEnding
        with self.turn.database.write_session() as session:
            values = {"done_count": done, "total_count": total, "leased_until": self.turn.clock() + JOB_LEASE}
            if not _change(session, self, values):
                raise JobLost


JobFunction = Callable[[JobRun], None]


def add_job(
    session: Session,
    kind: str,
    payload: dict[str, Any],
    *,
    now: datetime,
    owner_id: int | None = None,
    run_at: datetime | None = None,
) -> int:
    """Ask for a job, to be begun at `run_at` or as soon as a worker is free; return its number."""
    job = Job(kind=kind, payload=payload, owner_id=owner_id, created_at=now, run_at=run_at or now)
    session.add(job)
    session.flush()
    return job.id


def run_jobs(turn: Turn, kinds: Mapping[str, JobFunction]) -> Counts:
    """Do the jobs of these kinds that wait, one after the other; other kinds stay waiting."""
    with turn.database.read_session() as session:
        if not _is_any(session, kinds, turn.clock()):
            return {}
    with turn.database.write_session() as session:
        counts: Counts = _settle_crashed(session, turn.clock())
        run = None if turn.is_ending() else _claim(session, turn, kinds)
    left = _MOST_A_TURN
    while run is not None:
        outcome, values = _do(run, kinds[run.kind])
        with turn.database.write_session() as session:  # the end of one and the claim of the next
            if outcome != "lost" and not _change(session, run, values):
                outcome = "lost"
            left -= 1
            run = None if turn.is_ending() or not left else _claim(session, turn, kinds)
        counts[outcome] = counts.get(outcome, 0) + 1
    return counts


def _is_any(session: Session, kinds: Collection[str], now: datetime) -> bool:
    waits = and_(Job.status == "waiting", Job.run_at <= now, Job.kind.in_(kinds))
    crashed = and_(Job.status == "running", Job.leased_until <= now)
    return session.scalar(select(Job.id).where(or_(waits, crashed)).limit(1)) is not None


def _settle_crashed(session: Session, now: datetime) -> Counts:
    crashed = update(Job).where(Job.status == "running", Job.leased_until <= now)
    session.execute(
        crashed.where(Job.tries >= MOST_TRIES).values(
            status="failed", error=f"The worker died or hung {MOST_TRIES} times in it.", finished_at=now
        )
    )
    again = session.execute(crashed.where(Job.tries < MOST_TRIES).values(status="waiting", leased_until=None))
    number = cast(CursorResult[Any], again).rowcount
    return {"begun_again": number} if number else {}


def _claim(session: Session, turn: Turn, kinds: Collection[str]) -> JobRun | None:
    now = turn.clock()
    next_id = (
        select(Job.id)
        .where(Job.status == "waiting", Job.run_at <= now, Job.kind.in_(kinds))
        .order_by(Job.run_at)
        .limit(1)
        .with_for_update(skip_locked=True)
        .scalar_subquery()
    )
    row = session.execute(
        update(Job)
        .where(Job.id == next_id)
        .values(status="running", tries=Job.tries + 1, leased_until=now + JOB_LEASE)
        .returning(Job.id, Job.kind, Job.payload, Job.owner_id, Job.tries)
        .execution_options(synchronize_session=False)
    ).one_or_none()
    return None if row is None else JobRun(turn, *row)


def _do(run: JobRun, function: JobFunction) -> tuple[str, dict[str, Any]]:
    """Call the function; return the outcome and what is to be stored of it."""
    error = failure_of(partial(function, run))
    now = run.turn.clock()
    if isinstance(error, JobLost):
        return "lost", {}
    if isinstance(error, WorkerEnding):
        return "put_back", {"status": "waiting", "leased_until": None, "tries": run.tries - 1}
    if error is not None:
        report(f"jobs: {run.kind}", error)
        return "failed", {"status": "failed", "error": told(error), "finished_at": now}
    return "done", {"status": "done", "error": None, "result": run.result, "finished_at": now}


def _change(session: Session, run: JobRun, values: dict[str, Any]) -> bool:
    """Change the job as long as it is this run's: a later one has counted another try."""
    changed = session.execute(
        update(Job)
        .where(Job.id == run.id, Job.status == "running", Job.tries == run.tries)
        .values(values)
        .execution_options(synchronize_session=False)
    )
    return cast(CursorResult[Any], changed).rowcount == 1
