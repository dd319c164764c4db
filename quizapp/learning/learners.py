"""What scheduling needs to know of a learner: their days, their target and the parameters of their memory."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from quizapp.core.days import study_day
from quizapp.core.scheduling import Calendar, Rules
from quizapp.errors import NotFound
from quizapp.models import Person, has_plans

_LEARNER = select(
    Person.id,
    Person.time_zone,
    Person.day_start_hour,
    Person.target_retention,
    Person.new_cards_per_day,
    Person.minutes_per_day,
    Person.week,
    Person.days_off,
    Person.is_fuzz_on,
    has_plans(Person.id).label("has_plans"),
    Person.parameters_id,
).where(Person.id == bindparam("person_id"))
_LOCKED = _LEARNER.with_for_update(read=True)  # taken before any card's lock


@dataclass(frozen=True)
class Learner:
    """A person as the schedule sees them."""

    id: int
    time_zone: str
    day_start_hour: int
    target_retention: float
    new_cards_per_day: int
    minutes_per_day: int | None
    parameters_id: int  # of their memory
    week: str = "2222222"
    days_off: str = ""
    is_fuzz_on: bool = True
    has_plans: bool = True

    @property
    def calendar(self) -> Calendar:
        """Their days, and those that they keep free."""
        return Calendar(self.time_zone, self.day_start_hour, self.week, read_days_off(self.days_off))

    @property
    def rules(self) -> Rules:
        """Their rules of scheduling."""
        return Rules(target_retention=self.target_retention)

    def study_day(self, moment: datetime) -> date:
        """Return the day of study that `moment` falls on for them."""
        return study_day(moment, self.time_zone, self.day_start_hour)


def read_days_off(text: str) -> tuple[tuple[date, date], ...]:
    """Return the first and last days of holidays, “2026-12-24/2027-01-02 2027-05-01/2027-05-01”.

    Raises ValueError for what is no period.
    """
    periods = []
    for words in text.split():
        first, _, last = words.partition("/")
        periods.append((date.fromisoformat(first), date.fromisoformat(last)))
        if periods[-1][0] > periods[-1][1]:
            raise ValueError(f"a period that ends before it begins: {words}")
    return tuple(periods)


class Profile(Protocol):
    """Whoever already carries the fields of a learner, such as the signed-in person."""

    @property
    def id(self) -> int: ...
    @property
    def time_zone(self) -> str: ...
    @property
    def day_start_hour(self) -> int: ...
    @property
    def target_retention(self) -> float: ...
    @property
    def new_cards_per_day(self) -> int: ...
    @property
    def minutes_per_day(self) -> int | None: ...
    @property
    def week(self) -> str: ...
    @property
    def days_off(self) -> str: ...
    @property
    def is_fuzz_on(self) -> bool: ...
    @property
    def has_plans(self) -> bool: ...
    @property
    def parameters_id(self) -> int: ...


def learner_of(person: Profile) -> Learner:
    """Return the learner that a person is, without asking the database."""
    return Learner(
        id=person.id,
        time_zone=person.time_zone,
        day_start_hour=person.day_start_hour,
        target_retention=person.target_retention,
        new_cards_per_day=person.new_cards_per_day,
        minutes_per_day=person.minutes_per_day,
        week=person.week,
        days_off=person.days_off,
        is_fuzz_on=person.is_fuzz_on,
        has_plans=person.has_plans,
        parameters_id=person.parameters_id,
    )


def learner(session: Session, person_id: int, *, is_locked: bool = False) -> Learner:
    """Load a learner, locked against a change of their model until the transaction ends. Raises NotFound."""
    row = session.execute(_LOCKED if is_locked else _LEARNER, {"person_id": person_id}).one_or_none()
    if row is None:
        raise NotFound
    return Learner(**row._mapping)
