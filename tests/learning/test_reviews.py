"""Ratings, quiz answers, choosing and undo: each event moves the card once, and the log makes the card again."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from quizapp.core.scheduling import Phase
from quizapp.errors import Conflict, NotFound
from quizapp.learning.cards import suspend
from quizapp.learning.corrections import correct, take_back_correction, undo
from quizapp.learning.learners import learner
from quizapp.learning.queue import cards_ahead, due_cards, todays_cards
from quizapp.learning.rebuilding import differences, rebuild
from quizapp.learning.reviews import QuizAnswer, choose, rate, record_quiz_answers
from quizapp.models import Card, DailyTotal, Item, ItemVersion, Review
from tests.conftest import Cast, Clock


def item_ids(session: Session, count: int = 3) -> list[int]:
    return list(session.scalars(select(Item.id).where(Item.is_listed).order_by(Item.id).limit(count)))


def quiz_answer(session: Session, item_id: int, score: float | None, **facts: object) -> QuizAnswer:
    row = session.execute(
        select(ItemVersion.id, Item.topic_id, Item.kind)
        .join(Item, Item.id == ItemVersion.item_id)
        .where(Item.id == item_id)
    ).first()
    assert row is not None
    defaults: dict[str, object] = {
        "review_id": uuid.uuid4(), "attempt_id": uuid.uuid4(), "options": 4, "guess": 0.25, "milliseconds": 9000,
    }  # fmt: skip
    return QuizAnswer(
        item_id=item_id,
        item_version_id=row[0],
        topic_id=row[1],
        kind=row[2],
        score=score,
        **(defaults | facts),  # type: ignore[arg-type]
    )


def rate_card(session: Session, cast: Cast, clock: Clock, item_id: int, rating: int, seen: int) -> Review:
    return rate(
        session, cast.student, (item_id, 0), rating,
        review_id=uuid.uuid4(), seen_reviews=seen, milliseconds=4000, now=clock.now,
    )  # fmt: skip


def card(session: Session, cast: Cast, item_id: int) -> Card:
    found = session.get(Card, (cast.student, item_id, 0), populate_existing=True)
    assert found is not None
    return found


def assert_log_makes_the_cards(session: Session) -> None:
    session.flush()
    session.expire_all()
    assert list(differences(session)) == []


def test_a_missed_quiz_answer_falls_due_and_a_right_one_is_remembered_without_a_date(
    session: Session, cast: Cast, clock: Clock
) -> None:
    missed, right, _ = item_ids(session)
    record_quiz_answers(
        session, cast.student, [quiz_answer(session, missed, 0.0), quiz_answer(session, right, 1.0)], clock.now
    )
    assert card(session, cast, missed).due_at == clock.now + timedelta(minutes=10)
    assert card(session, cast, right).due_at is None
    assert card(session, cast, right).stability == pytest.approx(1.4310, abs=1e-4)
    assert_log_makes_the_cards(session)


def test_a_quiz_answer_moves_the_schedule_of_a_card_under_study(session: Session, cast: Cast, clock: Clock) -> None:
    (item_id, *_) = item_ids(session)
    choose(session, cast.student, [item_id], submission_id=uuid.uuid4(), now=clock.now)
    for seen in range(3):
        rate_card(session, cast, clock, item_id, 3, seen)
        clock.advance(minutes=10)
    due_before = card(session, cast, item_id).due_at
    clock.advance(days=5)
    record_quiz_answers(session, cast.student, [quiz_answer(session, item_id, 1.0)], clock.now)
    after = card(session, cast, item_id)
    assert due_before is not None
    assert after.due_at is not None
    assert after.due_at > due_before
    assert_log_makes_the_cards(session)


def test_an_open_book_answer_is_logged_and_moves_nothing(session: Session, cast: Cast, clock: Clock) -> None:
    (item_id, *_) = item_ids(session)
    record_quiz_answers(session, cast.student, [quiz_answer(session, item_id, 1.0, is_open_book=True)], clock.now)
    assert card(session, cast, item_id).stability is None
    assert session.scalar(select(func.count()).select_from(Review)) == 1
    assert_log_makes_the_cards(session)


def test_a_new_card_takes_three_passes_before_it_waits_days(session: Session, cast: Cast, clock: Clock) -> None:
    (item_id, *_) = item_ids(session)
    choose(session, cast.student, [item_id], submission_id=uuid.uuid4(), now=clock.now)
    phases = []
    for seen in range(3):
        rate_card(session, cast, clock, item_id, 3, seen)
        phases.append(card(session, cast, item_id).phase)
        clock.advance(minutes=11)
    assert phases == ["learning", "learning", "review"]
    assert_log_makes_the_cards(session)


def test_the_same_rating_twice_counts_once(session: Session, cast: Cast, clock: Clock) -> None:
    (item_id, *_) = item_ids(session)
    choose(session, cast.student, [item_id], submission_id=uuid.uuid4(), now=clock.now)
    review_id = uuid.uuid4()
    for _ in range(3):
        rate(
            session, cast.student, (item_id, 0), 3,
            review_id=review_id, seen_reviews=0, milliseconds=None, now=clock.now,
        )  # fmt: skip
    assert card(session, cast, item_id).reviews == 1
    with pytest.raises(Conflict):
        rate(
            session, cast.student, (item_id, 0), 1,
            review_id=review_id, seen_reviews=0, milliseconds=None, now=clock.now,
        )  # fmt: skip


def test_a_rating_of_a_card_that_moved_on_is_refused(session: Session, cast: Cast, clock: Clock) -> None:
    (item_id, *_) = item_ids(session)
    choose(session, cast.student, [item_id], submission_id=uuid.uuid4(), now=clock.now)
    rate_card(session, cast, clock, item_id, 3, 0)
    with pytest.raises(Conflict):
        rate_card(session, cast, clock, item_id, 4, 0)
    assert card(session, cast, item_id).reviews == 1


def test_undo_brings_back_the_card_and_the_day_as_they_were(session: Session, cast: Cast, clock: Clock) -> None:
    (item_id, *_) = item_ids(session)
    choose(session, cast.student, [item_id], submission_id=uuid.uuid4(), now=clock.now)
    rate_card(session, cast, clock, item_id, 3, 0)
    before = {
        name: getattr(card(session, cast, item_id), name) for name in ("stability", "due_at", "passes", "reviews")
    }
    clock.advance(minutes=10)
    second = rate_card(session, cast, clock, item_id, 1, 1)
    clock.advance(seconds=5)
    void_id = uuid.uuid4()
    undo(session, cast.student, second.id, void_id=void_id, now=clock.now)
    undo(session, cast.student, second.id, void_id=void_id, now=clock.now)
    session.flush()
    after = card(session, cast, item_id)
    assert {name: getattr(after, name) for name in before} == before
    total = session.scalars(select(DailyTotal).execution_options(populate_existing=True)).one()
    assert (total.reviews, total.recalled, total.new_cards) == (1, 1, 1)
    assert_log_makes_the_cards(session)


def test_a_stranger_can_neither_rate_nor_undo(session: Session, cast: Cast, clock: Clock) -> None:
    (item_id, *_) = item_ids(session)
    choose(session, cast.student, [item_id], submission_id=uuid.uuid4(), now=clock.now)
    review = rate_card(session, cast, clock, item_id, 3, 0)
    with pytest.raises(NotFound):
        undo(session, cast.classmate, review.id, void_id=uuid.uuid4(), now=clock.now)
    with pytest.raises(NotFound):
        rate(
            session, cast.classmate, (item_id, 0), 3,
            review_id=uuid.uuid4(), seen_reviews=0, milliseconds=None, now=clock.now,
        )  # fmt: skip


def test_an_item_known_from_a_quiz_joins_the_schedule_when_chosen(session: Session, cast: Cast, clock: Clock) -> None:
    (item_id, *_) = item_ids(session)
    record_quiz_answers(session, cast.student, [quiz_answer(session, item_id, 1.0)], clock.now)
    assert choose(session, cast.student, [item_id], submission_id=uuid.uuid4(), now=clock.now) == 1
    assert choose(session, cast.student, [item_id], submission_id=uuid.uuid4(), now=clock.now) == 0
    chosen = card(session, cast, item_id)
    assert chosen.phase == Phase.REVIEW
    assert chosen.due_at is not None
    assert chosen.due_at > clock.now
    assert_log_makes_the_cards(session)


def test_the_queue_keeps_to_the_new_limit_and_leaves_suspended_cards_out(
    session: Session, cast: Cast, clock: Clock
) -> None:
    ids = item_ids(session, 60)
    choose(session, cast.student, ids, submission_id=uuid.uuid4(), now=clock.now)
    session.flush()
    person = learner(session, cast.student)
    queue = due_cards(session, person, clock.now)
    assert len(queue) == person.new_cards_per_day
    suspend(session, cast.student, [queue[0].key], clock.now)
    session.flush()
    assert queue[0].key not in [card.key for card in due_cards(session, person, clock.now)]


def test_a_card_in_its_steps_waits_until_nothing_else_is_left(session: Session, cast: Cast, clock: Clock) -> None:
    first, second, _ = item_ids(session)
    choose(session, cast.student, [first, second], submission_id=uuid.uuid4(), now=clock.now)
    rate_card(session, cast, clock, first, 3, 0)
    person = learner(session, cast.student)
    clock.advance(seconds=30)
    queue = [card.key[0] for card in due_cards(session, person, clock.now)]
    assert first not in queue or second not in queue  # the two may be enemies; the waiting one is not shown early
    assert len(todays_cards(session, person, clock.now)) >= len(queue)
    if second in queue:
        rate_card(session, cast, clock, second, 4, 0)
    assert [card.key[0] for card in due_cards(session, person, clock.now)] == [first]


def test_studying_ahead_offers_what_would_be_forgotten_first(session: Session, cast: Cast, clock: Clock) -> None:
    ids = item_ids(session, 40)[::8]
    choose(session, cast.student, ids, submission_id=uuid.uuid4(), now=clock.now)
    for item_id, rating in zip(ids, (4, 4, 4, 4, 4), strict=False):
        rate_card(session, cast, clock, item_id, rating, 0)
        clock.advance(hours=1)
    person = learner(session, cast.student)
    assert due_cards(session, person, clock.now) == []
    ahead = cards_ahead(session, person, clock.now)
    assert {card.key[0] for card in ahead} <= set(ids)
    assert ahead


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    steps=st.lists(
        st.tuples(
            st.sampled_from(["rate", "quiz", "choose", "undo", "flip", "open book", "correct", "take back"]),
            st.integers(0, 2),
            st.integers(1, 4),
        ),
        max_size=18,
    )
)
def test_any_history_is_rebuilt_from_its_log(
    app: Flask, cast: Cast, clock: Clock, steps: list[tuple[str, int, int]]
) -> None:
    with Session(app.extensions["quizapp.database"].engine) as session:
        ids = item_ids(session)
        choose(session, cast.student, ids, submission_id=uuid.uuid4(), now=clock.now)
        rated: list[Review] = []
        answered: list[uuid.UUID] = []
        corrections: list[uuid.UUID] = []
        for action, which, value in steps:
            clock.advance(minutes=value * 7, days=value if which == 2 else 0)
            item_id = ids[which]
            if action == "rate":
                rated.append(rate_card(session, cast, clock, item_id, value, card(session, cast, item_id).reviews))
            elif action in ("quiz", "open book"):
                answer = quiz_answer(
                    session, item_id, (value - 1) / 3, is_open_book=action != "quiz",
                    certainty=(None, "low", "high")[which],
                )  # fmt: skip
                record_quiz_answers(session, cast.student, [answer], clock.now)
                answered.append(answer.review_id)
            elif action == "flip":
                answer = quiz_answer(session, item_id, None, rating=value, guess=0.0)
                record_quiz_answers(session, cast.student, [answer], clock.now)
            elif action == "choose":
                choose(session, cast.student, ids, submission_id=uuid.uuid4(), now=clock.now)
            elif action == "correct" and (answered or rated):
                named = [*answered, *(review.id for review in rated)]
                new = {"rating": value} if which == 0 else {"score": (value - 1) / 3} if value < 4 else {}
                corrections.append(uuid.uuid4())
                chosen = named[(which * 4 + value) % len(named)]
                correct(session, cast.student, chosen, correction_id=corrections[-1], now=clock.now, **new)
            elif action == "take back" and corrections:
                correction_id = corrections.pop(value % len(corrections))
                void_id = uuid.uuid4()
                take_back_correction(session, cast.student, correction_id, void_id=void_id, now=clock.now)
            elif action == "undo" and rated:
                try:
                    undo(session, cast.student, rated[-1].id, void_id=uuid.uuid4(), now=clock.now)
                    rated.pop()
                except Conflict:
                    pass
            session.flush()
        assert_log_makes_the_cards(session)
        rebuild(session, cast.student)
        assert_log_makes_the_cards(session)
        session.rollback()


def test_a_planted_difference_is_found(session: Session, cast: Cast, clock: Clock) -> None:
    (item_id, *_) = item_ids(session)
    choose(session, cast.student, [item_id], submission_id=uuid.uuid4(), now=clock.now)
    rate_card(session, cast, clock, item_id, 3, 0)
    card(session, cast, item_id).stability = 99.0
    session.flush()
    assert [difference.column for difference in differences(session)] == ["stability"]
    rebuild(session, cast.student)
    assert_log_makes_the_cards(session)
