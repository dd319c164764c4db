"""The end of an attempt's time: what still counts, what the sweep finds, and that closing, grading and memory agree."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp.errors import Conflict
from quizapp.learning.rebuilding import differences
from quizapp.models import Attempt, AttemptItem, ItemVersion, Response, Review, WorkingAnswer
from quizapp.quizzes.expiry import overdue_attempts, ungraded_attempts
from quizapp.quizzes.finishing import finish, grade_attempt
from quizapp.quizzes.responses import Given, respond
from tests.builders import counted_queries
from tests.conftest import Cast, Clock
from tests.histories import make_attempt, start_timed, type_answer

LIMIT = timedelta(minutes=10)


@pytest.fixture
def attempt_id(session: Session, cast: Cast, clock: Clock) -> uuid.UUID:
    return start_timed(session, cast.student, clock.now, deadline_at=clock.now + LIMIT)


def right_answer(session: Session, attempt_id: uuid.UUID, position: int) -> dict[str, Any]:
    content = session.scalars(
        select(ItemVersion.content)
        .join(AttemptItem, AttemptItem.item_version_id == ItemVersion.id)
        .where(AttemptItem.attempt_id == attempt_id, AttemptItem.position == position)
    ).one()
    return {"choice": next(option["id"] for option in content["options"] if option.get("weight") == 1)}


def test_an_answer_59_seconds_late_counts_and_one_61_seconds_late_does_not(
    session: Session, cast: Cast, clock: Clock, attempt_id: uuid.UUID
) -> None:
    first, second = (right_answer(session, attempt_id, position) for position in (1, 2))
    clock.advance(minutes=10, seconds=59)
    respond(session, cast.student, attempt_id, 1, Given(uuid.uuid4(), first, 0), clock.now)
    type_answer(session, cast.student, attempt_id, 2, second, clock.now)
    clock.advance(seconds=2)
    with pytest.raises(Conflict, match=r"time for this quiz is up"):
        respond(session, cast.student, attempt_id, 3, Given(uuid.uuid4(), first, 0), clock.now)
    with pytest.raises(Conflict, match=r"time for this quiz is up"):
        type_answer(session, cast.student, attempt_id, 2, None, clock.now)
    finish(session, cast.student, attempt_id, clock.now)
    grade_attempt(session, cast.student, attempt_id, clock.now)
    attempt = session.get_one(Attempt, (cast.student, attempt_id))
    assert (attempt.outcome, attempt.score, attempt.max_score, attempt.answered_count) == ("expired", 2.0, 3.0, 2)


def test_the_newest_working_answer_is_given_as_of_when_it_was_saved(
    session: Session, cast: Cast, clock: Clock, attempt_id: uuid.UUID
) -> None:
    saved_at = clock.advance(minutes=3)
    type_answer(session, cast.student, attempt_id, 1, right_answer(session, attempt_id, 1), saved_at - LIMIT / 10)
    type_answer(session, cast.student, attempt_id, 1, {"choice": "b"}, saved_at)
    clock.advance(hours=5)
    finish(session, cast.student, attempt_id, clock.now, outcome="abandoned")  # too late to get away without marks
    grade_attempt(session, cast.student, attempt_id, clock.now)
    attempt = session.get_one(Attempt, (cast.student, attempt_id))
    assert (attempt.outcome, attempt.closed_at, attempt.graded_at) == ("expired", attempt.deadline_at, clock.now)
    response = session.scalars(select(Response)).one()
    assert (response.answer, response.received_at, attempt.saved_at) == ({"choice": "b"}, saved_at, saved_at)
    assert session.scalars(select(WorkingAnswer)).all() == []
    assert session.scalars(select(Review.id).where(Review.event == "review")).all() == [response.id]
    session.flush()
    assert list(differences(session)) == []


def test_the_searches_find_what_is_overdue_and_what_lacks_marks_and_nothing_else(
    session: Session, cast: Cast, clock: Clock, attempt_id: uuid.UUID
) -> None:
    make_attempt(session, cast.student, clock.now, is_closed=False)  # without a deadline
    make_attempt(session, cast.student, clock.now)  # with marks
    abandoned = start_timed(session, cast.classmate, clock.now, deadline_at=clock.now + LIMIT)
    finish(session, cast.classmate, abandoned, clock.now, outcome="abandoned")
    found = []
    for seconds in (0, 660, 1):
        found.append((overdue_attempts(session, clock.advance(seconds=seconds)), ungraded_attempts(session, clock.now)))
    assert found == [([], []), ([], []), ([(cast.student, attempt_id)], [])]
    finish(session, cast.student, attempt_id, clock.now)
    assert overdue_attempts(session, clock.now) == []
    assert ungraded_attempts(session, clock.now) == [(cast.student, attempt_id)]
    grade_attempt(session, cast.student, attempt_id, clock.now)
    assert ungraded_attempts(session, clock.now) == []


def test_each_search_reads_an_index_of_its_own(app: Flask, session: Session, clock: Clock) -> None:
    if session.get_bind().dialect.name == "sqlite":
        with counted_queries(app) as statements:
            overdue_attempts(session, clock.now)
            ungraded_attempts(session, clock.now)
        plans = [
            str(session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {query}", (0,) * query.count("?")).all())
            for query in statements
        ]
        assert "SEARCH attempts USING INDEX ix_attempts_open_deadline" in plans[0]
        assert "SEARCH attempts USING INDEX ix_attempts_ungraded" in plans[1]
        assert "TEMP B-TREE" not in "".join(plans)
