"""What was recalled at reviews of cards: when they were due, and beside what was expected; from the recall totals."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.orm import Session

from quizapp.core.proportions import Tally
from quizapp.models import RecallTotal

WINDOWS = (7, 30)  # days, today among them
_YEAR = 365


@dataclass(frozen=True)
class Retention:
    """Due cards reviewed, by whether they were mature, in each of the WINDOWS."""

    young: tuple[Tally, ...]
    mature: tuple[Tally, ...]

    @property
    def all(self) -> tuple[Tally, ...]:
        """Both together."""
        return tuple(young + mature for young, mature in zip(self.young, self.mature, strict=True))


def recalls(session: Session, learner_id: int, today: date) -> tuple[Retention, list[Tally]]:
    """Return the retention, and all reviews of a year by how likely recall was, the least likely first."""
    rows = session.execute(
        select(
            RecallTotal.is_due, RecallTotal.is_mature, RecallTotal.twentieth,
            func.sum(RecallTotal.reviews), func.sum(RecallTotal.recalled), func.sum(RecallTotal.expected),
            *(part for days in WINDOWS for part in _since(today - timedelta(days=days - 1))),
        )
        .where(RecallTotal.learner_id == learner_id, RecallTotal.study_day > today - timedelta(days=_YEAR))
        .group_by(RecallTotal.is_due, RecallTotal.is_mature, RecallTotal.twentieth)
    ).all()  # fmt: skip
    likely = [Tally()] * 20
    due = {False: [Tally()] * len(WINDOWS), True: [Tally()] * len(WINDOWS)}
    for is_due, is_mature, twentieth, reviews, recalled, expected, *since in rows:
        likely[twentieth] += Tally(int(reviews), int(recalled), float(expected))
        for index in range(len(WINDOWS) if is_due else 0):
            due[is_mature][index] += Tally(int(since[2 * index]), int(since[2 * index + 1]))
    return Retention(tuple(due[False]), tuple(due[True])), likely


def _since(first: date) -> tuple[ColumnElement[int], ColumnElement[int]]:
    is_within = RecallTotal.study_day >= first
    return (
        func.sum(case((is_within, RecallTotal.reviews), else_=0)),
        func.sum(case((is_within, RecallTotal.recalled), else_=0)),
    )
