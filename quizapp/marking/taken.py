"""What was taken and by whom it may be marked: today a set and its owner."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import Session

from quizapp.errors import NotFound
from quizapp.models import TAKEN, Attempt, ItemSet


@dataclass(frozen=True)
class Taken:
    """A set whose attempts somebody may mark."""

    set_id: int
    title: str

    @property
    def attempts(self) -> ColumnElement[bool]:
        """Its attempts that have marks."""
        return and_(Attempt.item_set_id == self.set_id, Attempt.outcome.in_(TAKEN), Attempt.graded_at.is_not(None))


def taken(session: Session, set_id: int, teacher_id: int) -> Taken:
    """Return a set that is the teacher's own. Raises NotFound."""
    row = session.execute(
        select(ItemSet.id, ItemSet.title).where(ItemSet.id == set_id, ItemSet.owner_id == teacher_id)
    ).one_or_none()
    if row is None:
        raise NotFound
    return Taken(*row)
