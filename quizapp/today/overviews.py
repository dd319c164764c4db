"""What the start page reads of a person: cards to come, quizzes under way, how their topics stand."""

from __future__ import annotations

import uuid
from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import distinct, func, or_, select, true
from sqlalchemy.orm import Session

from quizapp.core.fading import Standing
from quizapp.learning.forecasts import due_by_day
from quizapp.learning.learners import Learner
from quizapp.learning.plans import FollowedPlan, followed_plans
from quizapp.learning.queue import todays_cards
from quizapp.learning.recall import TopicToday, topics_today
from quizapp.models import TAKEN, Attempt, DailyTotal, ItemSet
from quizapp.today.headlines import USUAL_SECONDS, Day, Source, due_source

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
class Done:
    """What was done so far, as far as the page needs it, and what was left open."""

    last_day: date | None
    has_reviewed: bool  # a card, ever
    seconds_each: float  # of late, for a card or a question
    open_attempts: tuple[OpenAttempt, ...]


@dataclass(frozen=True)
class Shelf:
    """How many sets somebody wrote and how many people took them."""

    open: int
    drafts: int
    takers: int


@dataclass(frozen=True)
class Overview:
    """Everything that the start page of a person tells."""

    day: Day
    open_attempts: tuple[OpenAttempt, ...]
    topics: tuple[TopicToday, ...]
    plans: tuple[tuple[FollowedPlan, int], ...] = ()  # each with how many of today's cards are for it
    shelf: Shelf | None = None  # of a teacher who has not studied yet

    @property
    def lowest(self) -> list[TopicToday]:
        """The topics of which something can be said, the least remembered first."""
        return _lowest(self.topics)

    @property
    def unmet(self) -> list[TopicToday]:
        """The topics with questions of which none was answered, in their order."""
        return [topic for topic in self.topics if topic.memory.total and not topic.memory.memories]


def overview(session: Session, person: Learner, now: datetime, *, is_teacher: bool = False) -> Overview:
    """Return what the start page tells a person."""
    today = person.study_day(now)
    followed = followed_plans(session, person, today)
    cards = todays_cards(session, person, now, followed)
    done = _done(session, person.id, today, now)
    topics = tuple(topics_today(session, person, now))
    opened = done.open_attempts
    day = Day(
        today=today,
        outlooks=tuple(topic.outlook for topic in topics),
        due=len(cards),
        seconds_per_card=done.seconds_each,
        coming=due_by_day(session, person, now, from_day=1),
        answered=(opened[0].answered, opened[0].questions) if opened else None,
        has_met=any(topic.memory.memories for topic in topics),
        has_reviewed=done.has_reviewed,
        last_day=done.last_day,
        source=_source(Counter(card.topic_id for card in cards), topics),
    )
    shelf = _shelf(session, person.id) if is_teacher and day.is_new else None
    due = Counter(card.topic_id for card in cards)
    plans = tuple((plan, sum(due[topic_id] for topic_id in plan.topic_ids)) for plan in followed)
    return Overview(day, opened, topics, plans, shelf)


def _shelf(session: Session, owner_id: int) -> Shelf | None:
    own = ItemSet.owner_id == owner_id
    takers = (
        select(func.count(distinct(Attempt.learner_id)))
        .join(ItemSet, ItemSet.id == Attempt.item_set_id)
        .where(own, Attempt.outcome.in_(TAKEN))
        .scalar_subquery()
    )
    sets = func.count()
    is_open, is_draft = ItemSet.status == "published", ItemSet.status == "draft"
    row = session.execute(select(sets, sets.filter(is_open), sets.filter(is_draft), takers).where(own)).one()
    return Shelf(*row[1:]) if row[0] else None


def _done(session: Session, learner_id: int, today: date, now: datetime) -> Done:
    own = DailyTotal.learner_id == learner_id
    last_day = select(func.max(DailyTotal.study_day)).where(own).scalar_subquery()
    has_reviewed = select(DailyTotal.learner_id).where(own, DailyTotal.reviews > 0).exists()
    late = (
        select(
            func.sum(DailyTotal.milliseconds).label("milliseconds"),
            func.sum(DailyTotal.reviews + DailyTotal.answers).label("number"),
        )
        .where(own, DailyTotal.study_day >= today - timedelta(days=_PACE_DAYS))
        .subquery()
    )
    opened = (
        select(Attempt.id, Attempt.title, Attempt.answered_count, Attempt.item_count, Attempt.saved_at)
        .where(
            Attempt.learner_id == learner_id,
            Attempt.closed_at.is_(None),
            or_(Attempt.deadline_at.is_(None), Attempt.deadline_at > now),
        )
        .order_by(Attempt.saved_at.desc())
        .limit(_MOST_OPEN)
        .subquery()
    )
    rows = session.execute(
        select(last_day, has_reviewed, late.c.milliseconds, late.c.number, *opened.c)
        .select_from(late)
        .outerjoin(opened, true())
        .order_by(opened.c.saved_at.desc())
    ).all()
    day, has, milliseconds, number = rows[0][:4]
    is_paced = milliseconds and number >= _FEWEST_FOR_PACE
    seconds = float(milliseconds / number / 1000) if is_paced else USUAL_SECONDS
    return Done(day, has, seconds, tuple(OpenAttempt(*row[4:]) for row in rows if row.id is not None))


def _lowest(topics: tuple[TopicToday, ...]) -> list[TopicToday]:
    known = [topic for topic in topics if topic.outlook.standing is not Standing.UNKNOWN]
    return sorted(known, key=lambda topic: topic.mastery.mean)


def _source(due: Counter[int], topics: tuple[TopicToday, ...]) -> Source | None:
    by_id = {topic.memory.topic_id: topic for topic in topics}
    faded = [
        topic for topic in _lowest(topics) if topic.outlook.standing is Standing.FADED and due[topic.memory.topic_id]
    ]
    fullest = [by_id[topic_id] for topic_id, _ in due.most_common(1) if topic_id in by_id]
    for topic in [*faded, *fullest][:1]:
        return due_source(due.total(), due[topic.memory.topic_id], topic.memory.title, is_faded=bool(faded))
    return None
