"""What scheduling needs to know of a learner: their days, their target and the model of their memory."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp.core.days import study_day
from quizapp.core.memory.fsrs6 import Fsrs6
from quizapp.core.memory.model import MemoryModel
from quizapp.core.scheduling import Rules
from quizapp.errors import NotFound
from quizapp.models import Person

MODEL: MemoryModel = Fsrs6()


@dataclass(frozen=True)
class Learner:
    """A person as the schedule sees them."""

    id: int
    time_zone: str
    day_start_hour: int
    target_retention: float
    new_cards_per_day: int
    minutes_per_day: int | None

    @property
    def rules(self) -> Rules:
        """Their rules of scheduling."""
        return Rules(target_retention=self.target_retention)

    def study_day(self, moment: datetime) -> date:
        """Return the day of study that `moment` falls on for them."""
        return study_day(moment, self.time_zone, self.day_start_hour)


def learner(session: Session, person_id: int) -> Learner:
    """Load a learner. Raises NotFound."""
    row = session.execute(
        select(
            Person.id,
            Person.time_zone,
            Person.day_start_hour,
            Person.target_retention,
            Person.new_cards_per_day,
            Person.minutes_per_day,
        ).where(Person.id == person_id)
    ).one_or_none()
    if row is None:
        raise NotFound
    return Learner(**row._mapping)
