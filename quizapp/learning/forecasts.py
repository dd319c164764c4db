"""Cards by the day of study on which they come back."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from quizapp.core.days import day_bounds
from quizapp.learning.learners import Learner
from quizapp.models import Card, Item

FORECAST_DAYS = 14
_MOST_CARDS = 5000


def due_by_day(
    session: Session, person: Learner, now: datetime, *, from_day: int = 0, topic_id: int | None = None
) -> list[tuple[date, int]]:
    """Return the number of cards that fall due on each of the days ahead; those overdue count for today.

    With `from_day` 1 only the days after today are read.
    """
    today = person.study_day(now)
    days = [today + timedelta(days=index) for index in range(from_day, FORECAST_DAYS)]
    start, _ = day_bounds(days[0], person.time_zone, person.day_start_hour)
    _, end = day_bounds(days[-1], person.time_zone, person.day_start_hour)
    moments = session.scalars(
        select(Card.due_at)
        .join(Item, Item.id == Card.item_id)
        .where(
            Card.learner_id == person.id,
            Card.suspended_at.is_(None),
            Card.due_at < end,
            Item.status == "published",
            *([Card.due_at >= start] if from_day else [or_(Card.buried_on.is_(None), Card.buried_on != today)]),
            *([] if topic_id is None else [Card.topic_id == topic_id]),
        )
        .limit(_MOST_CARDS)
    )
    counts = Counter(max(today, person.study_day(moment)) for moment in moments if moment is not None)
    return [(day, counts[day]) for day in days]
