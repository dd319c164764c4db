"""The end of an attempt: closing it, then working out its marks. Either may come twice."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp.core.grading import grade
from quizapp.errors import Conflict
from quizapp.learning.reviews import record_quiz_answers
from quizapp.models import AttemptItem, Response
from quizapp.quizzes.attempts import is_at_once, is_over, locked_attempt
from quizapp.quizzes.responses import give_working_answers, moves_memory, pinned_contents, quiz_answer
from quizapp.quizzes.working_answers import drop_working_answers, typed_answers


def finish(
    session: Session,
    learner_id: int,
    attempt_id: uuid.UUID,
    now: datetime,
    outcome: str = "finished",
    *,
    gives_typed: bool | None = None,
) -> None:
    """Close an attempt; closing a closed one changes nothing.

    One whose time was up before is closed as expired at its deadline, whoever comes to close it and whenever; its
    grace is over too, so that nothing that is still on its way counts. Answers typed and not given are given where the
    time was up or feedback comes at the end. Where it comes after each answer they are given or dropped as
    `gives_typed` says; raises Conflict when it does not say and there are any.
    """
    attempt = locked_attempt(session, learner_id, attempt_id)
    if attempt.closed_at is not None:
        return
    closed_at = now
    if attempt.deadline_at is not None and is_over(None, attempt.deadline_at, now):
        closed_at, outcome = attempt.deadline_at, "expired"
    if outcome == "finished" and is_at_once(attempt) and gives_typed is None and typed_answers(session, attempt):
        raise Conflict("An answer is typed and not given yet. Say whether it counts.")
    if outcome == "expired" or (outcome == "finished" and (gives_typed or not is_at_once(attempt))):
        give_working_answers(session, attempt, now)
    drop_working_answers(session, attempt)
    attempt.closed_at, attempt.outcome = closed_at, outcome
    session.flush()


def grade_attempt(session: Session, learner_id: int, attempt_id: uuid.UUID, now: datetime) -> None:
    """Work out the marks of a closed attempt and let its answers move the memory; doing it again changes nothing."""
    attempt = locked_attempt(session, learner_id, attempt_id)
    if attempt.closed_at is None or attempt.graded_at is not None or attempt.outcome == "abandoned":
        return
    rows = list(
        session.scalars(
            select(AttemptItem)
            .where(AttemptItem.learner_id == learner_id, AttemptItem.attempt_id == attempt_id)
            .order_by(AttemptItem.position)
        )
    )
    items = pinned_contents(session, rows)
    responses = _responses_in_force(session, learner_id, attempt_id)
    answers = []
    for row in rows:
        item = items[row.position]
        graded = grade(item, row.answer)
        row.score = graded.score
        response = responses.get((row.position, row.revision))
        if response is not None and row.answer is not None and moves_memory(item):
            answers.append(quiz_answer(row, item, graded, response.id, response.milliseconds))
    if not is_at_once(attempt):  # otherwise each moved the memory when it was given
        record_quiz_answers(session, learner_id, answers, now)
    attempt.score = sum((row.score or 0.0) * row.max_mark for row in rows)
    attempt.max_score = sum(row.max_mark for row in rows)
    attempt.graded_at = now
    session.flush()


def _responses_in_force(session: Session, learner_id: int, attempt_id: uuid.UUID) -> dict[tuple[int, int], Any]:
    rows = session.execute(
        select(Response.id, Response.position, Response.revision, Response.milliseconds).where(
            Response.learner_id == learner_id, Response.attempt_id == attempt_id
        )
    )
    return {(row.position, row.revision): row for row in rows}
