"""The queue over the hours of a day: enemies stay apart, and what waits for its minute comes when nothing else does."""

from __future__ import annotations

import uuid

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp.authoring.items import set_enemies
from quizapp.core.memory.model import Rating
from quizapp.learning.cards import card_state
from quizapp.learning.learners import learner
from quizapp.learning.memory_models import DEFAULT
from quizapp.learning.queue import due_cards, todays_cards
from quizapp.learning.rebuilding import differences
from quizapp.learning.reviews import choose, rate
from quizapp.learning.schedules import next_states
from quizapp.models import Card, Item, Person
from tests.conftest import Cast, Clock


@pytest.fixture
def missed_and_enemy(session: Session, cast: Cast, clock: Clock) -> tuple[int, int]:
    """A card missed a moment ago, and its enemy, which has been due for longer."""
    enemy, missed = session.scalars(select(Item.id).where(Item.kind == "short_answer").order_by(Item.id).limit(2))
    set_enemies(session, [missed, enemy], [])
    for item_id in (enemy, missed):
        choose(session, cast.student, [item_id], submission_id=uuid.uuid4(), now=clock.now)
        rate_now(session, cast, clock, item_id, 4)
        clock.advance(hours=1)
    set_enemies(session, [missed, enemy], [(missed, enemy)])
    clock.advance(days=20)
    rate_now(session, cast, clock, missed, 1)
    return missed, enemy


def rate_now(session: Session, cast: Cast, clock: Clock, item_id: int, rating: int) -> None:
    card = session.get(Card, (cast.student, item_id, 0), populate_existing=True)
    rate(
        session, cast.student, (item_id, 0), rating,
        review_id=uuid.uuid4(), seen_reviews=card.reviews if card else 0, milliseconds=None, now=clock.now,
    )  # fmt: skip


def queued(session: Session, cast: Cast, clock: Clock) -> list[int]:
    return [card.key[0] for card in due_cards(session, learner(session, cast.student), clock.now)]


def test_a_missed_card_comes_back_and_its_enemy_waits_though_it_was_due_first(
    session: Session, cast: Cast, clock: Clock, missed_and_enemy: tuple[int, int]
) -> None:
    missed, enemy = missed_and_enemy
    clock.advance(minutes=11)
    assert queued(session, cast, clock) == [missed]
    rate_now(session, cast, clock, missed, 3)
    assert queued(session, cast, clock) == []
    clock.advance(days=1)
    assert enemy in queued(session, cast, clock)


def test_a_missed_card_comes_early_when_only_its_enemy_is_due(
    session: Session, cast: Cast, clock: Clock, missed_and_enemy: tuple[int, int]
) -> None:
    missed, _ = missed_and_enemy
    clock.advance(minutes=1)
    assert queued(session, cast, clock) == [missed]


def plain_items(session: Session, number: int) -> list[int]:
    """Return items none of which is another's enemy."""
    ids = list(session.scalars(select(Item.id).where(Item.kind != "flashcard").order_by(Item.id).limit(number)))
    set_enemies(session, ids, [])
    return ids


def remembered(session: Session, cast: Cast, clock: Clock, number: int) -> list[int]:
    """Return cards rated Easy eight days ago or more, each later than the one before."""
    ids = plain_items(session, number)
    choose(session, cast.student, ids, submission_id=uuid.uuid4(), now=clock.now)
    for item_id in ids:
        rate_now(session, cast, clock, item_id, 4)
        clock.advance(hours=12)
    clock.advance(days=30)
    return ids


def test_many_new_cards_do_not_hide_a_due_one(
    session: Session, cast: Cast, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("quizapp.learning.queue.LONGEST_SESSION", 5)
    ids = plain_items(session, 8)
    choose(session, cast.student, ids, submission_id=uuid.uuid4(), now=clock.now)
    clock.advance(days=1)
    rate_now(session, cast, clock, ids[-1], 4)
    clock.advance(days=20)  # the seven new ones have been due for longer
    assert queued(session, cast, clock)[0] == ids[-1]


def test_a_day_holds_its_minutes_and_of_a_backlog_what_loses_most_by_waiting(
    session: Session, cast: Cast, clock: Clock
) -> None:
    ids = remembered(session, cast, clock, 40)
    assert set(ids) <= set(queued(session, cast, clock))
    person = session.get_one(Person, cast.student)
    person.minutes_per_day = 5
    shown = queued(session, cast, clock)
    assert 20 <= len(shown) < 40
    assert len(todays_cards(session, learner(session, cast.student), clock.now)) == len(shown)
    # All have one stability, and the curve is the steeper the less time has gone.
    assert set(shown) == set(ids[-len(shown) :])
    rate(
        session, cast.student, (shown[0], 0), 4,
        review_id=uuid.uuid4(), seen_reviews=1, milliseconds=100_000, now=clock.now,
    )  # fmt: skip
    assert len(queued(session, cast, clock)) < len(shown) - 5
    person.minutes_per_day = None
    assert len(queued(session, cast, clock)) == 39


def test_a_half_day_shows_half_and_a_free_day_nothing_until_one_goes_on(
    session: Session, cast: Cast, clock: Clock
) -> None:
    remembered(session, cast, clock, 20)
    person, today = session.get_one(Person, cast.student), learner(session, cast.student).study_day(clock.now)
    person.week = "1" * 7
    shown = queued(session, cast, clock)
    assert len(shown) == 10
    rate_now(session, cast, clock, shown[0], 4)
    assert len(queued(session, cast, clock)) == 9
    person.days_off = f"{today}/{today}"
    assert queued(session, cast, clock) == []
    assert len(due_cards(session, learner(session, cast.student), clock.now, is_beyond=True)) == 19


def test_the_interval_on_the_button_is_the_one_stored(session: Session, cast: Cast, clock: Clock) -> None:
    ids = remembered(session, cast, clock, 12)
    for number, item_id in enumerate(ids):
        card = session.get_one(Card, (cast.student, item_id, 0), populate_existing=True)
        person, key = learner(session, cast.student), (item_id, 0)
        shown = next_states(session, person, DEFAULT, key, card_state(card), clock.now)
        rate_now(session, cast, clock, item_id, number % 4 + 1)
        session.flush()
        card = session.get_one(Card, (cast.student, item_id, 0), populate_existing=True)
        assert card_state(card) == shown[Rating(number % 4 + 1)].state
    assert list(differences(session)) == []
