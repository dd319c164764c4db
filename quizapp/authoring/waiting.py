"""What of a set's answers waits for its teacher: marks that a person gives, and learners who say they were right."""

from __future__ import annotations

from sqlalchemy import ColumnElement, ScalarSelect, func, select

from quizapp.models import Attempt, AttemptItem, ItemSet, ItemSetItem, is_claimed, is_unmarked


def unmarked_answers() -> ScalarSelect[int]:
    """Count the answers of a set that wait for a mark."""
    return _count(is_unmarked(AttemptItem))


def open_claims() -> ScalarSelect[int]:
    """Count the answers of a set whose learners said “I was right” and got no answer yet."""
    return _count(is_claimed(AttemptItem))


def _count(condition: ColumnElement[bool]) -> ScalarSelect[int]:
    # From the set's questions on: what waits is few, and an index by question holds only that.
    return (
        select(func.count())
        .select_from(ItemSetItem)
        .join(AttemptItem, AttemptItem.item_id == ItemSetItem.item_id)
        .join(Attempt, (Attempt.learner_id == AttemptItem.learner_id) & (Attempt.id == AttemptItem.attempt_id))
        .where(
            ItemSetItem.item_set_id == ItemSet.id,
            Attempt.item_set_id == ItemSet.id,
            Attempt.graded_at.is_not(None),
            condition,
        )
        .correlate(ItemSet)
        .scalar_subquery()
    )
