"""“I was right”: what a learner says of a typed answer that was marked wrong, and taking it back.

In practice it counts at once. In a set's quiz the mark stays, and its teacher is told.
"""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy.orm import Session

from quizapp.core.items import Cloze, Item, Numeric, ShortAnswer
from quizapp.core.rules import read_rules
from quizapp.errors import Conflict
from quizapp.learning.marks import Mark, give_mark, lock_question, marks_of, standing, take_back_mark
from quizapp.learning.tries import is_settled
from quizapp.models import Attempt, AttemptItem


def may_claim(item: Item, score: float | None) -> bool:
    """Tell whether one may have been right: of what was typed, and did not earn all of its mark."""
    is_typed = isinstance(item, ShortAnswer | Numeric) or (
        isinstance(item, Cloze) and any(gap.kind == "typed" for gap in item.gaps)
    )
    return is_typed and score is not None and score < 1


def claim(session: Session, learner_id: int, attempt_id: uuid.UUID, position: int, now: datetime) -> None:
    """Say that an answer was right; again changes nothing. Raises NotFound, Conflict before it has a mark."""
    attempt, row = lock_question(session, learner_id, attempt_id, position)
    _check_marked(attempt, row)
    if attempt.item_set_id is not None:
        row.claimed_at = row.claimed_at or now
    elif _own_mark(session, row) is None:
        mark_id = uuid.uuid5(attempt_id, f"right {position} {row.marks}")
        give_mark(session, attempt, row, Mark(mark_id, 1.0, row.marks, learner_id), now)
    session.flush()


def withdraw(session: Session, learner_id: int, attempt_id: uuid.UUID, position: int, now: datetime) -> None:
    """Take that back; again changes nothing. Raises NotFound, Conflict once a teacher has answered."""
    attempt, row = lock_question(session, learner_id, attempt_id, position)
    if row.claim_verdict is not None:
        raise Conflict("Your teacher has answered already.")
    row.claimed_at = None
    mark_id = _own_mark(session, row)
    if mark_id is not None:
        void_id = uuid.uuid5(mark_id, "taken back")
        take_back_mark(session, attempt, row, mark_id, void_id=void_id, by_id=learner_id, now=now)
    session.flush()


def _check_marked(attempt: Attempt, row: AttemptItem) -> None:
    is_marked = attempt.graded_at is not None or is_settled(read_rules(attempt.rules), row)
    if row.answer is None or not is_marked:
        raise Conflict("This answer has no mark yet.")


def _own_mark(session: Session, row: AttemptItem) -> uuid.UUID | None:
    mark = standing(marks_of(session, row.learner_id, row.attempt_id, row.position)).get(row.position)
    return mark.id if mark is not None and mark.marked_by_id == row.learner_id else None
