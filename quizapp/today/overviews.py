"""What the start page reads of a person: cards to come, quizzes under way, how their topics stand."""

from __future__ import annotations

import uuid
from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from quizapp.core.days import day_bounds
from quizapp.core.fading import Standing
from quizapp.learning.learners import Learner
from quizapp.learning.queue import todays_cards
from quizapp.learning.recall import TopicToday, topics_today
from quizapp.models import Attempt, Card, DailyTotal, Item
from quizapp.today.headlines import USUAL_SECONDS

_PACE_DAYS = 30
_FEWEST_FOR_PACE = 10
_MOST_OPEN = 3


@dataclass(frozen=True)
class OpenAttempt:
    """A quiz that was begun and not finished."""

    id: uuid.UUID
    title: str
    answered: int
    questions: int
    saved_at: datetime


@dataclass(frozen=True)
class Overview:
    """Everything that the start page of a person tells."""

    due: int
    due_by_topic: Counter[int]
    seconds_per_card: float
    next_day: date | None  # of study, on which cards come back; None while some are due or none is scheduled
    next_cards: int
    open_attempts: tuple[OpenAttempt, ...]
    topics: tuple[TopicToday, ...]

    @property
    def is_new(self) -> bool:
        """Whether nothing was done yet."""
        met = any(topic.memory.memories for topic in self.topics)
        return not (met or self.due or self.next_cards or self.open_attempts)

    @property
    def lowest(self) -> list[TopicToday]:
        """The topics of which something can be said, the least remembered first."""
        known = [topic for topic in self.topics if topic.outlook.standing is not Standing.UNKNOWN]
        return sorted(known, key=lambda topic: topic.mastery.mean)


def overview(session: Session, person: Learner, now: datetime) -> Overview:
    """Return what the start page tells a person."""
    today = person.study_day(now)
    cards = todays_cards(session, person, now)
    next_day, next_cards = (None, 0) if cards else _next_cards(session, person, today)
    return Overview(
        due=len(cards),
        due_by_topic=Counter(card.topic_id for card in cards),
        seconds_per_card=_pace(session, person.id, today) if cards else USUAL_SECONDS,
        next_day=next_day,
        next_cards=next_cards,
        open_attempts=_open_attempts(session, person.id),
        topics=tuple(topics_today(session, person, now)),
    )


def _next_cards(session: Session, person: Learner, today: date) -> tuple[date | None, int]:
    _, day_end = day_bounds(today, person.time_zone, person.day_start_hour)
    days = [
        person.study_day(due_at)
        for due_at in session.scalars(
            select(Card.due_at)
            .join(Item, Item.id == Card.item_id)
            .where(
                Card.learner_id == person.id,
                Card.due_at >= day_end,
                Card.suspended_at.is_(None),
                Item.status == "published",
            )
            .order_by(Card.due_at)
            .limit(200)
        )
        if due_at is not None
    ]
    return (days[0], days.count(days[0])) if days else (None, 0)


def _pace(session: Session, learner_id: int, today: date) -> float:
    milliseconds, number = session.execute(
        select(func.sum(DailyTotal.milliseconds), func.sum(DailyTotal.reviews + DailyTotal.answers)).where(
            DailyTotal.learner_id == learner_id, DailyTotal.study_day >= today - timedelta(days=_PACE_DAYS)
        )
    ).one()
    if not milliseconds or number < _FEWEST_FOR_PACE:
        return USUAL_SECONDS
    return float(milliseconds / number / 1000)


def _open_attempts(session: Session, learner_id: int) -> tuple[OpenAttempt, ...]:
    rows = session.execute(
        select(Attempt.id, Attempt.title, Attempt.answered_count, Attempt.item_count, Attempt.saved_at)
        .where(Attempt.learner_id == learner_id, Attempt.closed_at.is_(None))
        .order_by(Attempt.saved_at.desc())
        .limit(_MOST_OPEN)
    )
    return tuple(OpenAttempt(*row) for row in rows.all())
