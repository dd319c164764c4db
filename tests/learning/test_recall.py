"""What a learner would recall: now, at past moments and ahead, from stored states."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp.learning.corrections import undo
from quizapp.learning.learners import learner, learner_of
from quizapp.learning.queue import todays_cards
from quizapp.learning.recall import TopicMemory, past_mastery, topic_memories
from quizapp.models import Topic
from tests.builders import counted_queries
from tests.conftest import Cast, Clock
from tests.histories import answer, items_of, review, study


def first_topic(session: Session, learner_id: int | None) -> TopicMemory:
    return topic_memories(session, learner_id)[0]


def test_nobody_and_a_newcomer_have_every_topic_and_no_memory(session: Session, cast: Cast, clock: Clock) -> None:
    titles = list(session.scalars(select(Topic.title).order_by(Topic.position)))
    for learner_id in (None, cast.student):
        topics = topic_memories(session, learner_id)
        assert [topic.title for topic in topics] == titles
        assert all(topic.total >= 5 and not topic.memories and topic.last_seen_at is None for topic in topics)
        assert not any(topic.mastery_at(clock.now).is_shown for topic in topics)


def test_the_share_is_the_mean_of_the_mastery(session: Session, cast: Cast, clock: Clock) -> None:
    answer(session, cast.student, items_of(session)[:4], 1.0, clock.now)
    topic = first_topic(session, cast.student)
    for days in (0, 1, 9, 60):
        moment = clock.now + timedelta(days=days)
        assert topic.share_at(moment) == pytest.approx(topic.mastery_at(moment).mean)
    assert topic.share_at(clock.now + timedelta(days=9)) < topic.share_at(clock.now)


def test_the_past_is_told_as_it_then_stood_and_ends_at_today(session: Session, cast: Cast, clock: Clock) -> None:
    item_ids = items_of(session)
    start = clock.now
    answer(session, cast.student, item_ids[:4], 1.0, clock.now)
    seen_then = first_topic(session, cast.student).memories
    clock.advance(days=4)
    answer(session, cast.student, item_ids[:2], 1.0, clock.now)
    clock.advance(days=3)
    topic = first_topic(session, cast.student)
    moments = [start - timedelta(days=1), start + timedelta(days=3), start + timedelta(days=5), clock.now]
    before, forgetting, after, today = past_mastery(session, cast.student, topic, moments)
    assert (before.met, before.is_shown) == (0, False)
    assert forgetting.met == 4
    recalls = [memory.recall(moments[1]) for memory in seen_then]
    unmet = topic.total - 4
    assert forgetting.mean * topic.total == pytest.approx(sum(recalls) + unmet * topic_share(topic))
    assert after.mean > forgetting.mean
    assert today == topic.mastery_at(clock.now)
    # A window that begins between two answers finds the earlier state in the later event.
    assert past_mastery(session, cast.student, topic, moments[1:]) == [forgetting, after, today]


def topic_share(topic: TopicMemory) -> float:
    """Share known at first sight, from the mean where nothing is met any more."""
    nothing_met = TopicMemory(topic.topic_id, "", "", 0, topic.total, (), topic.first_answers)
    return nothing_met.share_at(topic.memories[0].last_reviewed_at)


def test_an_undone_rating_leaves_no_trace_in_the_past(session: Session, cast: Cast, clock: Clock) -> None:
    item_ids = items_of(session)
    answer(session, cast.student, item_ids[:3], 1.0, clock.now)
    clock.advance(days=5)
    topic = first_topic(session, cast.student)
    expected = past_mastery(session, cast.student, topic, [clock.now - timedelta(days=1), clock.now])
    study(session, cast.student, item_ids[:1], clock.now)
    review_id = review(session, cast.student, item_ids[0], 4, clock.now - timedelta(seconds=1))
    undo(session, cast.student, review_id, void_id=uuid.uuid4(), now=clock.now)
    topic = first_topic(session, cast.student)
    assert past_mastery(session, cast.student, topic, [clock.now - timedelta(days=1), clock.now]) == expected


def test_an_undone_new_card_does_not_use_up_the_day(session: Session, cast: Cast, clock: Clock) -> None:
    item_ids = items_of(session)
    study(session, cast.student, item_ids, clock.now)
    person = learner(session, cast.student)
    whole = len(todays_cards(session, person, clock.now))
    review_id = review(session, cast.student, todays_cards(session, person, clock.now)[0].key[0], 3, clock.now)
    undo(session, cast.student, review_id, void_id=uuid.uuid4(), now=clock.now)
    assert len(todays_cards(session, person, clock.now)) == whole
    assert learner_of(person) == person


def test_reading_a_topic_costs_the_same_for_one_memory_and_for_all(
    app: Flask, session: Session, cast: Cast, clock: Clock
) -> None:
    counts = []
    item_ids = items_of(session)
    for number in (1, len(item_ids)):
        answer(session, cast.student, item_ids[:number], 1.0, clock.now)
        session.commit()
        with counted_queries(app) as statements:
            past_mastery(session, cast.student, first_topic(session, cast.student), [clock.now])
        counts.append(len(statements))
    assert counts == [3, 3]
