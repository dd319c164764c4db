"""The queue over the hours of a day: enemies stay apart, and what waits for its minute comes when nothing else does."""

from __future__ import annotations

import uuid

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp.authoring.items import set_enemies
from quizapp.learning.learners import learner
from quizapp.learning.queue import due_cards
from quizapp.learning.reviews import choose, rate
from quizapp.models import Card, Item
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
