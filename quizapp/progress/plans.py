"""What a plan to a date comes to, in ready words: the days ahead, and how ready one will be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp.core.fading import whole_percent
from quizapp.core.mastery import Mastery, mastery
from quizapp.core.planning import Forecast, PlanDay, PlannedCard, forecast, needed_minutes
from quizapp.learning.learners import Learner
from quizapp.learning.limits import seconds_per_card
from quizapp.learning.memory_models import memory_model
from quizapp.learning.plans import FollowedPlan, planned_cards
from quizapp.learning.recall import TopicMemory, topic_memories
from quizapp.models import Item, Topic
from quizapp.web.questions import CARD_KINDS
from quizapp.web.rendering import count, day_name, exam_words

_SHOWN_DAYS = 7


@dataclass(frozen=True)
class TopicReady:
    """How one topic will stand on the day of the exam."""

    title: str
    slug: str
    mean: float
    low: float
    high: float
    is_due: bool = False


@dataclass(frozen=True)
class DayAsked:
    """What one of the next days asks, in words."""

    name: str
    cards: int
    new: int
    minutes: int


@dataclass(frozen=True)
class PlanReport:
    """A plan as its page tells it."""

    plan: FollowedPlan
    exam: str  # “in 21 days, on 22 December”
    finding: str
    advice: str  # empty while the minutes suffice
    topics: tuple[TopicReady, ...]
    days: tuple[DayAsked, ...]
    cards: int


def plan_report(session: Session, person: Learner, plan: FollowedPlan, now: datetime) -> PlanReport:
    """Return what following a plan from today comes to."""
    today = person.study_day(now)
    days_left, cards = max(0, plan.days_left(today)), planned_cards(session, person, today, plan.topic_ids)
    pace, model = seconds_per_card(session, person.id, today), memory_model(session, person.parameters_id)
    found = forecast(model, cards, days_left, plan.minutes_per_day * 60, pace, person.target_retention)
    memories = [memory for memory in topic_memories(session, person.id) if memory.topic_id in plan.topic_ids]
    needed = needed_minutes(model, cards, days_left, pace, person.target_retention)
    ready = _readiness(found, cards, memories)
    return PlanReport(
        plan=plan,
        exam=exam_words(plan.exam_on, today),
        finding=_finding(ready, memories, plan.exam_on),
        advice=_advice(found, plan.minutes_per_day, needed),
        topics=tuple(_topic_ready(memory, _readiness(found, cards, [memory])) for memory in memories),
        days=tuple(
            _day(day, today + timedelta(days=place), today) for place, day in enumerate(found.days[:_SHOWN_DAYS])
        ),
        cards=len(cards),
    )


def card_items(session: Session, topic_ids: Sequence[int]) -> list[int]:
    """Return the open questions of listed topics that can be cards."""
    return list(
        session.scalars(
            select(Item.id)
            .join(Topic, Topic.id == Item.topic_id)
            .where(
                Item.topic_id.in_(topic_ids), Topic.is_listed, Item.is_listed, Item.status == "published",
                Item.kind.in_(CARD_KINDS),
            )
            .order_by(Item.id)
        )
    )  # fmt: skip


def _readiness(found: Forecast, cards: Sequence[PlannedCard], memories: Sequence[TopicMemory]) -> Mastery:
    topics = {memory.topic_id for memory in memories}
    recalls = [
        found.recalls[card.key]
        for card in cards
        if card.topic_id in topics and not card.key[1] and card.key in found.recalls
    ]
    answers = [answer for memory in memories for answer in memory.first_answers]
    return mastery(recalls, answers, max(len(recalls), sum(memory.total for memory in memories)))


def _topic_ready(memory: TopicMemory, value: Mastery) -> TopicReady:
    return TopicReady(memory.title, memory.slug, value.mean, value.low, value.high)


def _finding(ready: Mastery, memories: Sequence[TopicMemory], exam_on: date) -> str:
    total = sum(memory.total for memory in memories)
    share = f"{whole_percent(ready.mean)} %"
    of = f"{share} of {count(total, 'question')} on {exam_on.day} {exam_on:%B}"
    return f"Followed to the end, you would recall about {of}."


def _advice(found: Forecast, minutes: int, needed: int) -> str:
    if needed <= minutes:
        return ""
    left = (
        f"{count(found.unmet, 'question')} would not come up at all"
        if found.unmet
        else "some would fade before the day"
    )
    short = f"{count(minutes, 'minute')} a day are not enough for everything: {left}."
    return f"{short} About {needed} minutes a day would be."


def _day(day: PlanDay, on: date, today: date) -> DayAsked:
    return DayAsked(
        day_name(on, today).capitalize(), day.reviews, day.new, max(1, round(day.seconds / 60)) if day.seconds else 0
    )
