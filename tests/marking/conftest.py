"""A set with an essay and a typed question that two people have taken."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from quizapp.models import Attempt, AttemptItem
from tests.conftest import Cast, Clock
from tests.taken_sets import TakenSet, make_taken_set


@pytest.fixture
def taken_set(session: Session, cast: Cast, clock: Clock) -> TakenSet:
    made = make_taken_set(session, cast.teacher, {cast.student: "Halcyon", cast.classmate: "kingfisher"}, clock.now)
    session.commit()
    return made


def score_of(session: Session, made: TakenSet, learner_id: int) -> tuple[float | None, float | None]:
    """Return an attempt's score and what it is of."""
    row = session.get_one(Attempt, (learner_id, made.attempts[learner_id]), populate_existing=True)
    return row.score, row.max_score


def row_of(session: Session, made: TakenSet, learner_id: int, position: int) -> AttemptItem:
    """Return a question of an attempt as it is stored."""
    return session.get_one(AttemptItem, (learner_id, made.attempts[learner_id], position), populate_existing=True)
