"""People as administrators see them: the list, one person, and what is counted of somebody's learning."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select, tuple_
from sqlalchemy.orm import Session

from quizapp.errors import NotFound
from quizapp.models import Attempt, DailyTotal, OneTimeLink, Person, SignIn

PEOPLE_A_PAGE = 50
EXTRA_TIME = (  # what a form sends, the factor, its words
    ("1", 1.0, "None"),
    ("1.25", 1.25, "A quarter more"),
    ("1.5", 1.5, "Half as long again"),
    ("2", 2.0, "Twice the time"),
    ("3", 3.0, "Three times the time"),
    ("none", None, "No time limit"),
)
ROLES = {"student": "Student", "teacher": "Teacher", "admin": "Administrator", "guest": "Guest"}
_LARGEST_NUMBER = 2**31 - 1
_LAST_SEEN = (
    select(func.max(SignIn.seen_at)).where(SignIn.person_id == Person.id).correlate(Person).scalar_subquery()
)  # fmt: skip
_NAME = func.lower(Person.shown_name)


@dataclass(frozen=True)
class Row:
    """One line of the list."""

    id: int
    shown_name: str
    sign_in_name: str  # empty: a guest
    role: str
    created_at: datetime
    disabled_at: datetime | None
    teacher_wanted_at: datetime | None
    seen_at: datetime | None  # None: never signed in

    @property
    def role_name(self) -> str:
        """The role in words."""
        return ROLES[self.role]


@dataclass(frozen=True)
class PeoplePage:
    """A page of the list, by name."""

    rows: tuple[Row, ...]
    after: int | None  # the number that the next page begins after; None: this is the last


@dataclass(frozen=True)
class Account(Row):
    """One person, without anything they did."""

    email: str | None
    is_demo: bool
    has_password: bool
    has_codes: bool  # one-time codes are asked for at sign-in
    devices: int
    time_factor: float | None  # in timed quizzes, from 1; None: no limit
    link_until: datetime | None  # an open one-time link works until then


@dataclass(frozen=True)
class Record:
    """How much somebody did, and when."""

    attempts: int
    answers: int
    reviews: int
    first_day: date | None
    last_day: date | None


def people_page(session: Session, *, words: str = "", role: str = "", after: int | None = None) -> PeoplePage:
    """Return the people whose name, sign-in name or number `words` are part of, by name, in one query.

    An empty role means everybody with an account, without guests.
    """
    query = _rows().where(Person.role == role if role in ROLES else Person.role != "guest")
    if words:
        query = query.where(_matches(words))
    if after is not None:
        # The page before ended with this person: no name has to stand in an address.
        place = select(_NAME, Person.id).where(Person.id == after).correlate(None)
        query = query.where(tuple_(_NAME, Person.id) > place.scalar_subquery())
    rows = session.execute(query.order_by(_NAME, Person.id).limit(PEOPLE_A_PAGE + 1)).all()
    found = tuple(Row(**row._mapping) for row in rows[:PEOPLE_A_PAGE])
    return PeoplePage(found, found[-1].id if len(rows) > PEOPLE_A_PAGE else None)


def account(session: Session, person_id: int, now: datetime) -> Account:
    """Return one person, in one query. Raises NotFound."""
    devices = (
        select(func.count()).where(SignIn.person_id == Person.id, SignIn.ended_at.is_(None)).correlate(Person)
    )  # fmt: skip
    link = (
        select(func.max(OneTimeLink.expires_at))
        .where(OneTimeLink.person_id == Person.id, OneTimeLink.used_at.is_(None), OneTimeLink.expires_at > now)
        .correlate(Person)
    )
    query = _rows().add_columns(
        Person.email, Person.is_demo, Person.time_factor, Person.password_hash.is_not(None).label("has_password"),
        Person.totp_confirmed_at.is_not(None).label("has_codes"), devices.scalar_subquery().label("devices"),
        link.scalar_subquery().label("link_until"),
    )  # fmt: skip
    row = session.execute(query.where(Person.id == person_id)).one_or_none()
    if row is None:
        raise NotFound
    return Account(**row._mapping)


def record_of(session: Session, person_id: int) -> Record:
    """Return how much somebody did, from the daily totals: as fast after ten years as after a day."""
    attempts = select(func.count()).where(Attempt.learner_id == person_id).scalar_subquery()
    totals = session.execute(
        select(
            attempts, func.coalesce(func.sum(DailyTotal.answers), 0), func.coalesce(func.sum(DailyTotal.reviews), 0),
            func.min(DailyTotal.study_day), func.max(DailyTotal.study_day),
        ).where(DailyTotal.learner_id == person_id)
    ).one()  # fmt: skip
    return Record(*totals)


def _rows() -> Select[*tuple[Any, ...]]:
    return select(
        Person.id, Person.shown_name, func.coalesce(Person.sign_in_name, "").label("sign_in_name"), Person.role,
        Person.created_at, Person.disabled_at, Person.teacher_wanted_at, _LAST_SEEN.label("seen_at"),
    )  # fmt: skip


def _matches(words: str) -> ColumnElement[bool]:
    found = [Person.shown_name.icontains(words, autoescape=True), Person.sign_in_name.icontains(words, autoescape=True)]
    if words.isascii() and words.isdecimal() and int(words) <= _LARGEST_NUMBER:
        found.append(Person.id == int(words))
    return or_(*found)
