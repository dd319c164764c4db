"""The days ahead as the queue will bring them: the limit of new cards, enemies, what is buried or undone today."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from quizapp.authoring.items import set_enemies
from quizapp.learning import queue
from quizapp.learning.cards import bury, suspend
from quizapp.learning.learners import learner
from quizapp.learning.queue import coming_cards, due_cards, todays_cards
from quizapp.models import Person
from tests.conftest import Cast, Clock
from tests.histories import items_of, review, study


def coming(session: Session, cast: Cast, clock: Clock, days: int = 4) -> list[list[int]]:
    person = learner(session, cast.student)
    found = coming_cards(session, person, clock.now, days)
    assert {card.key for card in found[0]} == {card.key for card in todays_cards(session, person, clock.now)}
    return [sorted(card.key[0] for card in day) for day in found]


@pytest.fixture
def five(session: Session, cast: Cast, clock: Clock) -> list[int]:
    """Five new cards on the schedule, two a day."""
    ids = items_of(session)[:5]
    set_enemies(session, ids, [])
    study(session, cast.student, ids, clock.now)
    session.execute(update(Person).where(Person.id == cast.student).values(new_cards_per_day=2))
    return ids


def test_new_cards_come_as_the_limit_lets_them(session: Session, cast: Cast, clock: Clock, five: list[int]) -> None:
    assert [len(day) for day in coming(session, cast, clock)] == [2, 2, 1, 0]
    person = learner(session, cast.student)
    first = due_cards(session, person, clock.now)[0].key[0]
    review(session, cast.student, first, 4, clock.now)
    assert [len(day) for day in coming(session, cast, clock)] == [1, 2, 1, 0]


def test_enemies_come_on_different_days(session: Session, cast: Cast, clock: Clock, five: list[int]) -> None:
    session.execute(update(Person).where(Person.id == cast.student).values(new_cards_per_day=20))
    set_enemies(session, five, [(five[0], five[1]), (five[1], five[2])])
    assert coming(session, cast, clock)[:2] == [[five[0], *five[2:]], [five[1]]]
    review(session, cast.student, five[1], 4, clock.now)
    assert coming(session, cast, clock)[:2] == [five[3:], [five[0], five[2]]]


def test_what_is_buried_comes_tomorrow_and_what_is_suspended_never(
    session: Session, cast: Cast, clock: Clock, five: list[int]
) -> None:
    session.execute(update(Person).where(Person.id == cast.student).values(new_cards_per_day=20))
    person = learner(session, cast.student)
    bury(session, cast.student, [(five[0], 0)], person.study_day(clock.now))
    suspend(session, cast.student, [(five[1], 0)], clock.now)
    session.flush()
    assert coming(session, cast, clock) == [five[2:], [five[0]], [], []]


def test_the_days_are_the_learners_and_what_is_overdue_comes_today(session: Session, cast: Cast, clock: Clock) -> None:
    session.execute(update(Person).where(Person.id == cast.student).values(time_zone="America/New_York"))
    (item_id, *_) = items_of(session)
    study(session, cast.student, [item_id], clock.now)
    review(session, cast.student, item_id, 4, clock.now)
    person = learner(session, cast.student)
    whole = coming_cards(session, person, clock.now, 60)
    (day,) = [index for index, cards in enumerate(whole) if cards]
    assert person.study_day(whole[day][0].due_at) == person.study_day(clock.now) + timedelta(days=day)
    clock.advance(days=day + 3)
    assert coming(session, cast, clock) == [[item_id], [], [], []]


def test_a_backlog_is_counted_whole(
    session: Session, cast: Cast, clock: Clock, five: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    session.execute(update(Person).where(Person.id == cast.student).values(new_cards_per_day=20))
    monkeypatch.setattr(queue, "LONGEST_SESSION", 3)
    assert len(todays_cards(session, learner(session, cast.student), clock.now)) == 5
