"""The end of an attempt: closing it, then working out its marks. Either may come twice."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp.core.grading import grade
from quizapp.core.rules import read_rules
from quizapp.errors import Conflict
from quizapp.learning.marks import retotal
from quizapp.learning.reviews import record_quiz_answers
from quizapp.learning.tries import earned, given_responses
from quizapp.models import AttemptItem
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
    items, rules = pinned_contents(session, rows), read_rules(attempt.rules)
    responses = given_responses(session, learner_id, attempt_id)
    answers = []
    for row in rows:
        item, given = items[row.position], responses[row.position]
        if not row.marks:  # else its learner was right, and said so
            row.score = earned(rules, item, [response.answer for response in given])
        if given and row.answer is not None and moves_memory(item):
            last = given[-1]
            graded = grade(item, row.answer)
            answers.append(quiz_answer(row, item, graded, last.id, last.milliseconds, last.certainty))
    if not rules.is_at_once:  # otherwise each moved the memory when it was given
        record_quiz_answers(session, learner_id, answers, now)
    session.flush()
    retotal(session, attempt, rules)
    attempt.graded_at = now
    session.flush()
