"""Marks by teachers: given to an answer of a set of theirs, taken back, each told to the audit log."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp.errors import NotFound
from quizapp.learning.marks import Mark, give_mark, lock_question, take_back_mark
from quizapp.marking.taken import Taken
from quizapp.models import Attempt, AttemptItem
from quizapp.web.auditing import record

Key = tuple[int, int, int]  # learner, the how manyeth attempt, item


def mark_answer(session: Session, of: Taken, key: Key, mark: Mark, now: datetime) -> None:
    """Give an answer a mark. Raises NotFound, Marked when it got another one since the marker saw it."""
    attempt, row = locked_answer(session, of, key)
    before = row.marks
    give_mark(session, attempt, row, mark, now)
    if row.marks != before:
        record(
            session, mark.by_id, "answer.marked", "attempt", attempt.id, now=now,
            learner=row.learner_id, position=row.position, score=mark.score,
        )  # fmt: skip


def unmark_answer(session: Session, of: Taken, key: Key, mark_id: uuid.UUID, *, teacher_id: int, now: datetime) -> None:
    """Take a mark back; again changes nothing. Raises NotFound."""
    attempt, row = locked_answer(session, of, key)
    before = row.marks
    # One id for all requests to take this mark back, so that two clicks are one.
    void_id = uuid.uuid5(mark_id, "taken back")
    take_back_mark(session, attempt, row, mark_id, void_id=void_id, by_id=teacher_id, now=now)
    if row.marks != before:
        record(
            session, teacher_id, "mark.taken_back", "attempt", attempt.id, now=now,
            learner=row.learner_id, position=row.position,
        )  # fmt: skip


def locked_answer(session: Session, of: Taken, key: Key) -> tuple[Attempt, AttemptItem]:
    """Return an attempt of the set and its answer to a question, locked. Raises NotFound."""
    learner_id, number, item_id = key
    found = session.execute(
        select(AttemptItem.attempt_id, AttemptItem.position)
        .join(Attempt, (Attempt.learner_id == AttemptItem.learner_id) & (Attempt.id == AttemptItem.attempt_id))
        .where(of.attempts, Attempt.learner_id == learner_id, Attempt.number == number, AttemptItem.item_id == item_id)
    ).first()
    if found is None:
        raise NotFound
    return lock_question(session, learner_id, found.attempt_id, found.position)
