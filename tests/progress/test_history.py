"""Days and weeks of study, forecasts and misses, from what the actions stored."""

from __future__ import annotations

import uuid
from datetime import date, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from quizapp.learning.cards import bury, suspend
from quizapp.learning.corrections import undo
from quizapp.learning.forecasts import due_by_day
from quizapp.learning.learners import learner
from quizapp.models import Item, Person
from quizapp.progress.history import DayDone, days_done, filled, first_week, minutes, weeks_done, year_done
from quizapp.progress.misses import last_misses
from tests.conftest import Cast, Clock
from tests.histories import answer, items_of, make_attempt, review, study

MONDAY = date(2026, 11, 16)


def topic_of(session: Session, item_id: int) -> int:
    return session.scalars(select(Item.topic_id).where(Item.id == item_id)).one()


def test_a_day_sums_what_was_done_in_all_topics_or_in_one(session: Session, cast: Cast, clock: Clock) -> None:
    answer(session, cast.student, items_of(session)[:2], 1.0, clock.now)
    answer(session, cast.student, items_of(session, 1)[:3], 0.0, clock.now)
    study(session, cast.student, items_of(session)[2:4], clock.now)
    review(session, cast.student, items_of(session)[2], 3, clock.now)
    review(session, cast.student, items_of(session)[3], 1, clock.now)
    answer(session, cast.classmate, items_of(session), 1.0, clock.now)
    assert days_done(session, cast.student, MONDAY) == [
        DayDone(MONDAY, reviews=2, recalled=1, answers=5, score=2.0, milliseconds=2 * 12_000 + 5 * 9_000)
    ]
    topic_id = topic_of(session, items_of(session)[0])
    (day,) = days_done(session, cast.student, MONDAY, topic_id=topic_id)
    assert (day.reviews, day.answers, day.done) == (2, 2, 4)
    assert days_done(session, cast.student, MONDAY + timedelta(days=1)) == []


def test_an_undone_rating_leaves_no_day(session: Session, cast: Cast, clock: Clock) -> None:
    (item_id, *_) = items_of(session)
    study(session, cast.student, [item_id], clock.now)
    review_id = review(session, cast.student, item_id, 3, clock.now)
    undo(session, cast.student, review_id, void_id=uuid.uuid4(), now=clock.now)
    assert days_done(session, cast.student, MONDAY) == []


def test_weeks_begin_on_monday_and_end_today() -> None:
    for weekday in range(7):
        today = MONDAY + timedelta(days=weekday)
        first = first_week(today)
        assert first.weekday() == 0
        days = [DayDone(first + timedelta(days=index), 1, 1, 0, 0.0, 0) for index in range((today - first).days + 1)]
        weeks = weeks_done(days, today)
        assert [len(week) for _, week in weeks] == [7] * 52 + [weekday + 1]
        assert weeks[-1][0] == MONDAY
    assert [monday for monday, _ in weeks_done(days[:3], today)] == [first]
    assert filled(days, MONDAY - timedelta(days=1), MONDAY) == [(MONDAY - timedelta(days=1), 1), (MONDAY, 1)]


def test_a_year_of_days_sums_topics_and_the_last_two_weeks_know_their_time_by_topic(
    session: Session, cast: Cast, clock: Clock
) -> None:
    answer(session, cast.student, items_of(session)[:2], 1.0, clock.now)
    answer(session, cast.student, items_of(session, 1)[:1], 0.0, clock.now)
    answer(session, cast.classmate, items_of(session), 1.0, clock.now)
    today = MONDAY + timedelta(days=20)
    answer(session, cast.student, items_of(session, 1)[:3], 1.0, clock.advance(days=20))
    answer(session, cast.student, items_of(session, 2)[:1], 1.0, clock.now)
    year = year_done(session, cast.student, today)
    days, milliseconds = year.days, year.milliseconds
    assert [(day.day, day.answers, day.score) for day in days] == [(MONDAY, 3, 2.0), (today, 4, 4.0)]
    assert milliseconds == {
        topic_of(session, items_of(session, 1)[0]): 3 * 9000, topic_of(session, items_of(session, 2)[0]): 9000
    }  # fmt: skip
    assert [minutes(day) for day in days] == [1, 1]
    later = year_done(session, cast.student, today + timedelta(days=400))
    assert (later.days, later.milliseconds) == ([], {})


def test_a_topics_cards_are_counted_on_the_learners_day_and_overdue_ones_today(
    session: Session, cast: Cast, clock: Clock
) -> None:
    session.execute(update(Person).where(Person.id == cast.student).values(time_zone="America/New_York"))
    first, second, third, *rest = items_of(session)
    study(session, cast.student, [first, second, third, *rest], clock.now)
    review(session, cast.student, first, 4, clock.now)
    clock.advance(days=1)
    person = learner(session, cast.student)
    topic_id = topic_of(session, first)
    days = due_by_day(session, person, clock.now, topic_id=topic_id)
    assert days[0] == (person.study_day(clock.now), 2 + len(rest))
    assert sum(number for _, number in days) == 3 + len(rest)
    suspend(session, cast.student, [(second, 0)], clock.now)
    bury(session, cast.student, [(third, 0)], person.study_day(clock.now))
    session.flush()
    assert due_by_day(session, person, clock.now, topic_id=topic_id)[0][1] == len(rest)
    other = topic_of(session, items_of(session, 1)[0])
    assert sum(number for _, number in due_by_day(session, person, clock.now, topic_id=other)) == 0


def test_misses_are_told_newest_first_once_and_with_their_sentence(session: Session, cast: Cast, clock: Clock) -> None:
    item_ids = items_of(session)
    topic_id = topic_of(session, item_ids[0])
    attempt_id = make_attempt(session, cast.student, clock.now)
    answer(session, cast.student, item_ids[:2], 0.0, clock.now, attempt_id=attempt_id)
    answer(session, cast.student, item_ids[2:3], 1.0, clock.now, attempt_id=attempt_id)
    clock.advance(days=1)
    review(session, cast.student, item_ids[0], 1, clock.now)
    misses = last_misses(session, cast.student, topic_id, MONDAY + timedelta(days=1))
    assert [miss.attempt_id for miss in misses] == [None, attempt_id]
    assert all(miss.key for miss in misses)
    assert all(any(run.is_marked for run in miss.brief) for miss in misses)
    assert last_misses(session, cast.classmate, topic_id, MONDAY) == []
    assert last_misses(session, cast.student, topic_id, MONDAY + timedelta(days=90)) == []


def test_an_open_quiz_keeps_its_keys(session: Session, cast: Cast, clock: Clock) -> None:
    item_ids = items_of(session)
    attempt_id = make_attempt(session, cast.student, clock.now, is_closed=False)
    answer(session, cast.student, item_ids[:2], 0.0, clock.now, attempt_id=attempt_id)
    assert last_misses(session, cast.student, topic_of(session, item_ids[0]), MONDAY) == []


def test_an_undone_again_is_no_miss(session: Session, cast: Cast, clock: Clock) -> None:
    (item_id, *_) = items_of(session)
    study(session, cast.student, [item_id], clock.now)
    review_id = review(session, cast.student, item_id, 1, clock.now)
    assert len(last_misses(session, cast.student, topic_of(session, item_id), MONDAY)) == 1
    undo(session, cast.student, review_id, void_id=uuid.uuid4(), now=clock.now)
    assert last_misses(session, cast.student, topic_of(session, item_id), MONDAY) == []
