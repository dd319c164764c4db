"""The job that fits the memory models to a learner's log, or to everybody's, and keeps what came of it."""

from __future__ import annotations

import heapq
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from quizapp.background.jobs import JobRun
from quizapp.core.memory.costs import Study
from quizapp.core.memory.fitting import MODELS
from quizapp.core.memory.logs import LoggedReview
from quizapp.core.memory.trials import Trial, trial
from quizapp.core.memory.workload import workload_curve
from quizapp.learning.logs import review_log
from quizapp.learning.memory_models import made_model
from quizapp.learning.model_changes import put_in_force, reread
from quizapp.models import DailyTotal, Job, MemoryFit, Person
from quizapp.progress.fit_requests import counted

TARGETS = (0.8, 0.85, 0.9, 0.93, 0.95, 0.97)
_MOST_REVIEWS = 100_000  # of everybody's log
_SEED = 7


@dataclass(frozen=True)
class _Start:
    """What a fit begins with: the log, what is in force, and what is expected before the log is read."""

    log: list[LoggedReview]
    parameters_id: int
    model: str
    numbers: list[float] | None
    priors: dict[str, list[float]]
    counted: int


def fit_memory(run: JobRun) -> None:
    """Fit the models, and let a learner's memory be read with the better parameters; a second time does nothing."""
    learner_id, database = run.payload["learner"], run.turn.database
    with database.read_session() as session:
        start = None if run.tries > 1 and _is_done(session, run.id, learner_id) else _start(session, learner_id)
    if start is None:
        return
    run.progress(5, 100)
    told = [5]

    def progress(share: float) -> None:
        percent = 5 + round(80 * share)
        if percent >= told[-1] + 5:
            told.append(percent)
            run.progress(percent, 100)

    found = trial(start.log, model=start.model, in_force=start.numbers, priors=start.priors, progress=progress)
    fit = MemoryFit(
        learner_id=learner_id or None,
        model=found.model,
        numbers={name: list(each.parameters) for name, each in found.fits.items()} | {found.model: found.parameters},
        is_accepted=found.is_accepted,
        parameters_before=start.parameters_id,
        reviews=len(start.log),
        counted=start.counted,
        report=_report(found),
        made_at=run.turn.clock(),
    )
    run.progress(90, 100)
    if not (learner_id and found.is_accepted):
        with database.write_session() as session:
            session.add(fit)
    else:
        with database.read_session() as session:
            made = reread(session, learner_id, made_model(found.model, found.parameters, 0))
        run.progress(95, 100)
        with database.write_session() as session:
            person = session.get(Person, learner_id, with_for_update=True)
            if person is None or person.parameters_id != start.parameters_id:
                return
            put_in_force(session, learner_id, fit, made)
    run.result = {"is_accepted": found.is_accepted, "model": found.model}


def _is_done(session: Session, job_id: int, learner_id: int) -> bool:
    """Tell whether an earlier try of the job got as far as its fit."""
    whose = MemoryFit.learner_id == learner_id if learner_id else MemoryFit.learner_id.is_(None)
    asked = select(Job.created_at).where(Job.id == job_id).scalar_subquery()
    return session.scalar(select(MemoryFit.id).where(whose, MemoryFit.made_at >= asked).limit(1)) is not None


def _start(session: Session, learner_id: int) -> _Start | None:
    newest = select(MemoryFit).where(MemoryFit.learner_id.is_(None)).order_by(MemoryFit.id.desc()).limit(1)
    pooled = session.scalars(newest).one_or_none()
    priors = {} if pooled is None else {
        name: pooled.numbers[name] for name, is_better in pooled.report["accepted"].items() if is_better
    }  # fmt: skip
    if not learner_id:
        return _Start(_everybodys_log(session), 0, "fsrs6", None, {}, counted(session, learner_id))
    person = session.get(Person, learner_id)
    if person is None:
        return None
    fit = session.get(MemoryFit, person.parameters_id) if person.parameters_id else None
    log = [review for _, review in review_log(session, learner_id)]
    model, numbers = (fit.model, fit.numbers[fit.model]) if fit else ("fsrs6", None)
    return _Start(log, person.parameters_id, model, numbers, priors, counted(session, learner_id))


def _everybodys_log(session: Session) -> list[LoggedReview]:
    """The logs of those who learnt last, joined in the order of time."""
    learners = session.scalars(
        select(DailyTotal.learner_id)
        .group_by(DailyTotal.learner_id)
        .order_by(func.max(DailyTotal.study_day).desc(), DailyTotal.learner_id)
    ).all()
    logs: list[Any] = []
    for learner_id in learners:
        if sum(map(len, logs)) >= _MOST_REVIEWS:
            break
        logs.append(review_log(session, learner_id))
    return [review for _, review in heapq.merge(*logs, key=lambda entry: entry[0])]


def _report(found: Trial) -> dict[str, Any]:
    curve = workload_curve(MODELS[found.model], found.parameters, TARGETS, Study(), _SEED)
    return {
        "scores": {name: asdict(each) for name, each in found.scores.items()},
        "accepted": {name: each.is_accepted for name, each in found.fits.items()},
        "calibration": [[each.reviews, each.recalled, each.expected] for each in found.calibration],
        "gain": {"n": found.gain.n, "log_loss": found.gain.log_loss}
        | ({"standard_error": found.gain.standard_error} if found.gain.n > 1 else {}),
        "workload": [asdict(each) for each in curve],
    }
