"""“Study cards”: a topic's open questions go on the schedule, once."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from quizapp.errors import Conflict, NotFound
from quizapp.models import Card, Item, Topic
from quizapp.topics.study import study
from tests.builders import card_count
from tests.conftest import Cast, Clock
from tests.histories import answer, items_of, topic_slug


def press(session: Session, cast: Cast, clock: Clock, slug: str) -> int:
    return study(session, cast.student, slug, submission_id=uuid.uuid4(), now=clock.now)


def scheduled(session: Session, learner_id: int) -> int:
    return session.scalar(select(func.count()).where(Card.learner_id == learner_id, Card.due_at.is_not(None))) or 0


def test_all_open_questions_of_the_topic_go_on_the_schedule(session: Session, cast: Cast, clock: Clock) -> None:
    slug = topic_slug(session)
    whole = card_count(session, slug)
    assert press(session, cast, clock, slug) == whole
    assert scheduled(session, cast.student) == whole
    assert scheduled(session, cast.classmate) == 0


def test_what_is_on_the_schedule_stays_as_it_is(session: Session, cast: Cast, clock: Clock) -> None:
    slug = topic_slug(session)
    answer(session, cast.student, items_of(session)[:2], 0.0, clock.now)
    due = set(session.scalars(select(Card.due_at).where(Card.learner_id == cast.student)))
    clock.advance(minutes=30)
    added = press(session, cast, clock, slug)
    assert added == scheduled(session, cast.student) - 2
    assert due <= set(session.scalars(select(Card.due_at).where(Card.learner_id == cast.student)))
    assert press(session, cast, clock, slug) == 0


def test_a_question_known_from_a_quiz_comes_when_its_memory_says(session: Session, cast: Cast, clock: Clock) -> None:
    (item_id, *_) = items_of(session)
    answer(session, cast.student, [item_id], 1.0, clock.now)
    press(session, cast, clock, topic_slug(session))
    card = session.get(Card, (cast.student, item_id, 0), populate_existing=True)
    assert card is not None
    assert card.due_at is not None
    assert card.due_at > clock.now + timedelta(hours=12)


def test_questions_that_are_not_open_are_left_out(session: Session, cast: Cast, clock: Clock) -> None:
    hidden, retired, *_ = items_of(session)
    session.execute(update(Item).where(Item.id == hidden).values(is_listed=False))
    session.execute(update(Item).where(Item.id == retired).values(status="retired"))
    press(session, cast, clock, topic_slug(session))
    chosen = set(session.scalars(select(Card.item_id).where(Card.learner_id == cast.student)))
    assert chosen
    assert not chosen & {hidden, retired}


def test_a_topic_that_is_not_listed_is_not_there(session: Session, cast: Cast, clock: Clock) -> None:
    slug = topic_slug(session)
    session.execute(update(Topic).where(Topic.slug == slug).values(is_listed=False))
    for name in (slug, "no-such-topic"):
        with pytest.raises(NotFound):
            press(session, cast, clock, name)


def test_a_topic_without_questions_says_so(session: Session, cast: Cast, clock: Clock) -> None:
    topic = Topic(slug="bare", title="Bare", is_listed=True, created_at=clock.now)
    session.add(topic)
    session.flush()
    with pytest.raises(Conflict, match="no questions yet"):
        press(session, cast, clock, "bare")
