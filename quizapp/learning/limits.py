"""How much one day holds for a learner: the minutes that are left, in cards at their own pace."""

from __future__ import annotations

import math
from datetime import date, timedelta

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from quizapp.learning.learners import Learner
from quizapp.models import DailyTotal

USUAL_SECONDS = 10.0  # for a card, until the learner's own pace is known
UNMEASURED = 10_000  # milliseconds that a rating without a measured time counts for
_PACE_DAYS = 30
_USUAL_CARDS = 20  # as many as these weigh as much as the usual
_PACE = select(func.sum(DailyTotal.milliseconds), func.sum(DailyTotal.reviews + DailyTotal.answers)).where(
    DailyTotal.learner_id == bindparam("learner_id"),
    DailyTotal.study_day >= bindparam("first_day"),
    DailyTotal.milliseconds > 0,
)


def seconds_per_card(session: Session, learner_id: int, today: date) -> float:
    """Return how long a card takes this learner: their last month's mean, drawn towards the usual while it is short."""
    row = session.execute(_PACE, {"learner_id": learner_id, "first_day": today - timedelta(days=_PACE_DAYS)}).one()
    seconds, number = float(row[0] or 0) / 1000, int(row[1] or 0)
    return (seconds + _USUAL_CARDS * USUAL_SECONDS) / (number + _USUAL_CARDS)


def has_limit(person: Learner, today: date) -> bool:
    """Tell whether a day holds less than whatever is due."""
    return person.minutes_per_day is not None or person.calendar.share(today) < 1


def room(session: Session, person: Learner, today: date, *, waiting: int, done: int, milliseconds: int) -> int | None:
    """Return how many more cards today holds, None for no limit.

    `done` ratings took `milliseconds` today and `waiting` cards are left. A half day holds half the minutes, or
    without a number of minutes half the cards; a free day none.
    """
    share = person.calendar.share(today)
    if not has_limit(person, today):
        return None
    if share == 0:
        return 0
    if person.minutes_per_day is None:
        return max(0, math.ceil((waiting + done) * share) - done)
    left = person.minutes_per_day * 60 * share - milliseconds / 1000
    return max(0, math.ceil(left / seconds_per_card(session, person.id, today)))
