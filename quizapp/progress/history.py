"""What was done, day by day, from the daily totals: of everything, or of one topic."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from quizapp.models import DailyTotal

WEEKS = 13  # shown as squares


@dataclass(frozen=True)
class DayDone:
    """One day of study."""

    day: date
    reviews: int  # cards rated
    recalled: int  # of them, not forgotten
    answers: int  # graded quiz answers
    score: float  # their credit, summed
    milliseconds: int

    @property
    def done(self) -> int:
        """Cards and answers together."""
        return self.reviews + self.answers


def days_done(session: Session, learner_id: int, first: date, *, topic_id: int | None = None) -> list[DayDone]:
    """Return the days with something done from `first` on, in order."""
    rows = session.execute(
        select(
            DailyTotal.study_day, func.sum(DailyTotal.reviews), func.sum(DailyTotal.recalled),
            func.sum(DailyTotal.answers), func.sum(DailyTotal.score), func.sum(DailyTotal.milliseconds),
        )
        .where(
            DailyTotal.learner_id == learner_id,
            DailyTotal.study_day >= first,
            *([] if topic_id is None else [DailyTotal.topic_id == topic_id]),
        )
        .group_by(DailyTotal.study_day)
        .order_by(DailyTotal.study_day)
    )  # fmt: skip
    found = [DayDone(row[0], int(row[1]), int(row[2]), int(row[3]), float(row[4]), int(row[5])) for row in rows]
    return [day for day in found if day.done]


def first_week(today: date) -> date:
    """Return the Monday that the squares begin with."""
    return today - timedelta(days=today.weekday() + 7 * (WEEKS - 1))


def weeks_done(days: list[DayDone], today: date) -> list[tuple[date, list[DayDone]]]:
    """Return every shown week by its Monday, with its days."""
    start = first_week(today)
    weeks: list[tuple[date, list[DayDone]]] = [(start + timedelta(weeks=week), []) for week in range(WEEKS)]
    for day in days:
        if start <= day.day <= today:
            weeks[(day.day - start).days // 7][1].append(day)
    return weeks


def filled(days: list[DayDone], first: date, last: date) -> list[tuple[date, int]]:
    """Return what was done on each day of a span, nothing as 0."""
    numbers = {day.day: day.done for day in days}
    span = [first + timedelta(days=index) for index in range((last - first).days + 1)]
    return [(day, numbers.get(day, 0)) for day in span]
