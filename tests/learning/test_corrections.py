"""Corrections: a review counts as it was last judged, and its card, its day and the pages follow."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from quizapp.errors import NotFound
from quizapp.learning.corrections import correct, take_back_correction, undo
from quizapp.learning.rebuilding import differences, rebuild
from quizapp.learning.reviews import choose
from quizapp.models import Card, DailyTotal, Item, Review, is_in_force
from quizapp.progress.misses import last_misses
from tests.conftest import Cast, Clock
from tests.histories import answer, items_of, make_attempt, review


@pytest.fixture
def item_id(session: Session) -> int:
    return items_of(session)[0]


def answered(session: Session, cast: Cast, clock: Clock, item_id: int, score: float) -> uuid.UUID:
    attempt_id = make_attempt(session, cast.student, clock.now)
    answer(session, cast.student, [item_id], score, clock.now, attempt_id=attempt_id)
    newest = select(Review.id).where(Review.event == "review").order_by(Review.received_at.desc()).limit(1)
    return session.scalars(newest).one()


def card_columns(session: Session, cast: Cast, item_id: int) -> dict[str, Any]:
    session.flush()
    card = session.get_one(Card, (cast.student, item_id, 0), populate_existing=True)
    return {column.name: getattr(card, column.name) for column in Card.__table__.columns}


def day(session: Session) -> DailyTotal:
    return session.scalars(select(DailyTotal).execution_options(populate_existing=True)).one()


def corrected(session: Session, cast: Cast, clock: Clock, review_id: uuid.UUID, score: float | None = 1.0) -> uuid.UUID:
    correction_id = uuid.uuid4()
    correct(session, cast.student, review_id, correction_id=correction_id, score=score, now=clock.now)
    assert list(differences(session)) == []
    return correction_id


def test_a_wrong_answer_made_right_leaves_the_card_as_a_right_one_would_have(
    session: Session, cast: Cast, clock: Clock, item_id: int
) -> None:
    with session.begin_nested() as other_world:
        answered(session, cast, clock, item_id, 1.0)
        right = card_columns(session, cast, item_id)
        total = day(session).score
        other_world.rollback()
    session.expire_all()
    wrong_id = answered(session, cast, clock, item_id, 0.0)
    assert card_columns(session, cast, item_id)["due_at"] == clock.now + timedelta(minutes=10)
    clock.advance(days=2)
    corrected(session, cast, clock, wrong_id, 1.0)
    assert card_columns(session, cast, item_id) == right
    assert (day(session).answers, day(session).score) == (1, total)


def test_a_correction_is_corrected_again_and_each_can_be_taken_back(
    session: Session, cast: Cast, clock: Clock, item_id: int
) -> None:
    review_id = answered(session, cast, clock, item_id, 0.0)
    states = [card_columns(session, cast, item_id)]
    corrections = []
    for score in (1.0, 0.5):
        corrections.append(corrected(session, cast, clock, review_id, score))
        states.append(card_columns(session, cast, item_id))
    assert states[0] != states[1] != states[2]
    for number in (1, 0):
        for _ in range(2):
            void_id = uuid.uuid5(review_id, str(number))
            take_back_correction(session, cast.student, corrections[number], void_id=void_id, now=clock.now)
        assert list(differences(session)) == []
        assert card_columns(session, cast, item_id) == states[number]


def test_a_review_corrected_to_nothing_never_happened_to_the_card(
    session: Session, cast: Cast, clock: Clock, item_id: int
) -> None:
    review_id = answered(session, cast, clock, item_id, 0.0)
    corrected(session, cast, clock, review_id, None)
    columns = card_columns(session, cast, item_id)
    assert (columns["reviews"], columns["stability"], columns["due_at"], columns["first_score"]) == (
        0,
        None,
        None,
        None,
    )
    assert (day(session).answers, day(session).score) == (0, 0)


def test_an_early_correction_moves_what_was_expected_at_later_reviews(
    session: Session, cast: Cast, clock: Clock, item_id: int
) -> None:
    review_id = answered(session, cast, clock, item_id, 1.0)
    choose(session, cast.student, [item_id], submission_id=uuid.uuid4(), now=clock.now)
    for _ in range(3):
        clock.advance(days=3)
        review(session, cast.student, item_id, 3, clock.now)
    due_at = card_columns(session, cast, item_id)["due_at"]
    stability = card_columns(session, cast, item_id)["stability"]
    corrected(session, cast, clock, review_id, 0.0)
    assert card_columns(session, cast, item_id)["due_at"] == due_at  # chosen at the last review, and seen then
    assert card_columns(session, cast, item_id)["stability"] < stability
    rebuild(session, cast.student)
    assert list(differences(session)) == []


def test_the_same_correction_twice_is_one_and_a_stranger_has_none(
    session: Session, cast: Cast, clock: Clock, item_id: int
) -> None:
    review_id = answered(session, cast, clock, item_id, 0.0)
    correction_id = uuid.uuid4()
    for _ in range(2):
        correct(session, cast.student, review_id, correction_id=correction_id, score=1.0, now=clock.now)
    assert session.scalar(select(func.count()).select_from(Review)) == 2
    with pytest.raises(NotFound):
        correct(session, cast.classmate, review_id, correction_id=uuid.uuid4(), score=1.0, now=clock.now)
    with pytest.raises(NotFound):
        take_back_correction(session, cast.classmate, correction_id, void_id=uuid.uuid4(), now=clock.now)


def test_an_undone_rating_is_not_corrected(session: Session, cast: Cast, clock: Clock, item_id: int) -> None:
    choose(session, cast.student, [item_id], submission_id=uuid.uuid4(), now=clock.now)
    review_id = review(session, cast.student, item_id, 1, clock.now)
    undo(session, cast.student, review_id, void_id=uuid.uuid4(), now=clock.now)
    before = card_columns(session, cast, item_id)
    correct(session, cast.student, review_id, correction_id=uuid.uuid4(), rating=4, now=clock.now)
    assert card_columns(session, cast, item_id) == before
    assert list(differences(session)) == []


def test_pages_read_what_counts(session: Session, cast: Cast, clock: Clock, item_id: int) -> None:
    review_id = answered(session, cast, clock, item_id, 0.0)
    topic_id = session.get_one(Item, item_id).topic_id
    assert len(last_misses(session, cast.student, topic_id, clock.now.date())) == 1
    first, second = (corrected(session, cast, clock, review_id, score) for score in (1.0, 0.5))
    assert last_misses(session, cast.student, topic_id, clock.now.date()) == []
    counted = select(Review.id).where(is_in_force(Review))
    assert session.scalars(counted).all() == [second]
    take_back_correction(session, cast.student, second, void_id=uuid.uuid4(), now=clock.now)
    assert session.scalars(counted).all() == [first]
    take_back_correction(session, cast.student, first, void_id=uuid.uuid4(), now=clock.now)
    assert session.scalars(counted).all() == [review_id]
    assert len(last_misses(session, cast.student, topic_id, clock.now.date())) == 1
