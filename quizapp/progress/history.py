"""What was done, day by day, from the daily totals: of everything, or of one topic."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import func, literal, select, union_all
from sqlalchemy.orm import Session

from quizapp.core.grading import CERTAINTIES
from quizapp.core.proportions import Tally
from quizapp.models import DailyTotal

WEEKS = 53  # shown as squares: a year
TIMED_DAYS = 14
_SUMMED = ("reviews", "recalled", "answers", "score", "milliseconds")
_SAID = tuple(f"{certainty}_{counted}" for certainty in CERTAINTIES for counted in ("answers", "right"))


@dataclass(frozen=True)
class DayDone:
    """One day of study."""

    day: date
    reviews: int  # cards rated
    recalled: int  # of them, not forgotten
    answers: int  # graded quiz answers
    score: float  # their credit, summed
    milliseconds: int  # a long pause counted as two minutes

    @property
    def done(self) -> int:
        """Cards and answers together."""
        return self.reviews + self.answers

    def __add__(self, other: DayDone) -> DayDone:
        return DayDone(self.day, *(getattr(self, name) + getattr(other, name) for name in _SUMMED))


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
    found = [_day(*row) for row in rows]
    return [day for day in found if day.done]


@dataclass(frozen=True)
class Year:
    """What the daily totals tell of a year."""

    days: list[DayDone]  # with something done, in order
    milliseconds: Counter[int]  # by topic, of the last TIMED_DAYS
    said: dict[str, Tally]  # answers and right ones, by how sure the learner was


def year_done(session: Session, learner_id: int, today: date) -> Year:
    """Return what was done in a year, in one query."""
    since = today - timedelta(days=TIMED_DAYS - 1)
    columns = [getattr(DailyTotal, name) for name in (*_SUMMED, *_SAID)]
    of_person = (DailyTotal.learner_id == learner_id, DailyTotal.study_day >= first_week(today))
    earlier = (
        select(DailyTotal.study_day, literal(0), *map(func.sum, columns))
        .where(*of_person, DailyTotal.study_day < since)
        .group_by(DailyTotal.study_day)
    )
    recent = select(DailyTotal.study_day, DailyTotal.topic_id, *columns).where(
        *of_person, DailyTotal.study_day >= since
    )
    days: dict[date, DayDone] = {}
    topics: Counter[int] = Counter()
    said = dict.fromkeys(CERTAINTIES, Tally())
    for day, topic_id, *values in session.execute(union_all(earlier, recent)):
        found = _day(day, *values[: len(_SUMMED)])
        counts = map(int, values[len(_SUMMED) :])
        for certainty in CERTAINTIES:
            said[certainty] += Tally(next(counts), next(counts))
        days[day] = days[day] + found if day in days else found
        if topic_id and found.done:
            topics[topic_id] += found.milliseconds
    return Year([days[day] for day in sorted(days) if days[day].done], topics, said)


def first_week(today: date) -> date:
    """Return the Monday that the squares begin with."""
    return today - timedelta(days=today.weekday() + 7 * (WEEKS - 1))


def weeks_done(days: list[DayDone], today: date) -> list[tuple[date, list[DayDone]]]:
    """Return the shown weeks with something done, by their Mondays, with those days."""
    start = first_week(today)
    weeks: list[tuple[date, list[DayDone]]] = [(start + timedelta(weeks=week), []) for week in range(WEEKS)]
    for day in days:
        if start <= day.day <= today:
            weeks[(day.day - start).days // 7][1].append(day)
    return [(monday, week) for monday, week in weeks if week]


def minutes(day: DayDone) -> int:
    """Return the minutes of a day, at least one where there was any time."""
    return max(round(day.milliseconds / 60_000), int(day.milliseconds > 0))


def filled(
    days: list[DayDone], first: date, last: date, number: Callable[[DayDone], int] = lambda day: day.done
) -> list[tuple[date, int]]:
    """Return a number of each day of a span, what was done unless another is asked for; nothing as 0."""
    numbers = {day.day: number(day) for day in days}
    span = [first + timedelta(days=index) for index in range((last - first).days + 1)]
    return [(day, numbers.get(day, 0)) for day in span]


def _day(day: date, reviews: Any, recalled: Any, answers: Any, score: Any, milliseconds: Any) -> DayDone:
    return DayDone(day, int(reviews), int(recalled), int(answers), float(score), int(milliseconds))
