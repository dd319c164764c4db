"""Recall totals: what was recalled when cards were due, beside what was expected; living and rebuilt are the same."""

from __future__ import annotations

import uuid

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from quizapp.learning.cards import card_state
from quizapp.learning.corrections import undo
from quizapp.learning.memory_models import DEFAULT
from quizapp.learning.rebuilding import differences, rebuild
from quizapp.models import Card, RecallTotal
from tests.conftest import Cast, Clock
from tests.histories import answer, items_of, review, study


def totals_of(session: Session, learner_id: int) -> list[RecallTotal]:
    query = select(RecallTotal).where(RecallTotal.learner_id == learner_id, RecallTotal.reviews > 0)
    return list(session.scalars(query.order_by(RecallTotal.study_day).execution_options(populate_existing=True)))


def learn(session: Session, cast: Cast, clock: Clock, item_id: int) -> Card:
    """Study a card until it leaves its learning steps, and return it."""
    study(session, cast.student, [item_id], clock.now)
    review(session, cast.student, item_id, 4, clock.now)
    return session.get_one(Card, (cast.student, item_id, 0), populate_existing=True)


def test_a_due_card_is_counted_with_the_recall_expected_then(session: Session, cast: Cast, clock: Clock) -> None:
    (item_id, *_) = items_of(session)
    card = learn(session, cast, clock, item_id)
    assert totals_of(session, cast.student) == []
    memory, days = card_state(card).memory, card.due_at - clock.now if card.due_at else None
    assert memory is not None
    assert days is not None
    clock.now += days
    expected = DEFAULT.recall(memory, days.days)
    review(session, cast.student, item_id, 1, clock.now)
    (total,) = totals_of(session, cast.student)
    assert (total.is_due, total.is_mature, total.reviews, total.recalled) == (True, days.days >= 21, 1, 0)
    assert total.expected == pytest.approx(expected)
    assert total.twentieth == int(expected * 20)
    assert list(differences(session)) == []


def test_a_second_look_on_one_day_a_new_card_and_a_quiz_are_not(session: Session, cast: Cast, clock: Clock) -> None:
    (item_id, other, *_) = items_of(session)
    learn(session, cast, clock, item_id)
    clock.advance(hours=1)
    review(session, cast.student, item_id, 3, clock.now)
    clock.advance(days=20)
    answer(session, cast.student, [item_id], 1.0, clock.now)
    learn(session, cast, clock, other)
    assert totals_of(session, cast.student) == []
    assert list(differences(session)) == []


def test_studying_ahead_is_kept_apart_and_a_long_interval_is_mature(session: Session, cast: Cast, clock: Clock) -> None:
    (item_id, *_) = items_of(session)
    learn(session, cast, clock, item_id)
    clock.advance(days=1)
    review(session, cast.student, item_id, 3, clock.now)
    for _ in range(3):
        clock.advance(days=365)
        review(session, cast.student, item_id, 4, clock.now)
    first, *_, last = totals_of(session, cast.student)
    assert (first.is_due, last.is_due, last.is_mature) == (False, True, True)
    assert sum(total.reviews for total in totals_of(session, cast.student)) == 4


def test_an_undone_rating_is_taken_back(session: Session, cast: Cast, clock: Clock) -> None:
    (item_id, *_) = items_of(session)
    learn(session, cast, clock, item_id)
    clock.advance(days=30)
    review_id = review(session, cast.student, item_id, 3, clock.now)
    assert len(totals_of(session, cast.student)) == 1
    undo(session, cast.student, review_id, void_id=uuid.uuid4(), now=clock.now)
    assert totals_of(session, cast.student) == []
    assert list(differences(session)) == []


def test_what_was_tampered_with_is_found_and_made_again(session: Session, cast: Cast, clock: Clock) -> None:
    (item_id, *_) = items_of(session)
    learn(session, cast, clock, item_id)
    clock.advance(days=30)
    review(session, cast.student, item_id, 3, clock.now)
    session.execute(update(RecallTotal).values(recalled=9))
    (found,) = differences(session)
    assert (found.column, found.stored, found.folded) == ("recalled", 9, 1)
    rebuild(session, cast.student)
    assert list(differences(session)) == []
    assert [total.recalled for total in totals_of(session, cast.student)] == [1]
