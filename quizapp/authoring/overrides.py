"""What a teacher gives one person in a set otherwise than the rest: extra time, another close, more attempts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from quizapp.authoring.sets import own_set
from quizapp.errors import NotFound
from quizapp.models import Attempt, ItemSet, Override, Person
from quizapp.web import auditing
from quizapp.web.deadlines import move_deadlines_of_person


@dataclass(frozen=True)
class Given:
    """What one person has in a set; None of each is as for everybody."""

    time_factor: float | None = None
    is_untimed: bool = False
    closes_at: datetime | None = None
    attempts_allowed: int | None = None

    @property
    def is_nothing(self) -> bool:
        """Whether they have all as everybody has it."""
        return self == Given()


@dataclass(frozen=True)
class SetPerson:
    """Somebody who takes or took a set, with what they were given in it."""

    id: int
    name: str  # “A guest” for whoever has no account
    attempts: int
    open: int  # attempts under way
    given: Given


def set_people(session: Session, set_id: int, owner_id: int, person_id: int | None = None) -> list[SetPerson]:
    """Return who began the person's own set, by name; or only one of them. Raises NotFound for another's set."""
    if session.scalar(select(ItemSet.id).where(ItemSet.id == set_id, ItemSet.owner_id == owner_id)) is None:
        raise NotFound
    query = (
        select(
            Person.id, Person.shown_name, Person.role, func.count().label("attempts"),
            (func.count() - func.count(Attempt.closed_at)).label("open"),
            Override.time_factor, Override.is_untimed, Override.closes_at, Override.attempts_allowed,
        )
        .join(Attempt, Attempt.learner_id == Person.id)
        .outerjoin(Override, and_(Override.learner_id == Person.id, Override.item_set_id == set_id))
        .where(Attempt.item_set_id == set_id)
        .group_by(Person.id, Override.id)
    )  # fmt: skip
    if person_id is not None:
        query = query.where(Person.id == person_id)
    people = [
        SetPerson(
            row.id,
            "A guest" if row.role == "guest" else row.shown_name,
            row.attempts,
            row.open,
            Given(row.time_factor, bool(row.is_untimed), row.closes_at, row.attempts_allowed),
        )
        for row in session.execute(query)
    ]
    return sorted(people, key=lambda person: (person.given.is_nothing, person.name.casefold(), person.id))


def set_person(session: Session, set_id: int, owner_id: int, person_id: int) -> SetPerson:
    """Return one person who began the set. Raises NotFound."""
    found = set_people(session, set_id, owner_id, person_id)
    if not found:
        raise NotFound
    return found[0]


def give(session: Session, set_id: int, owner_id: int, person_id: int, given: Given, now: datetime) -> int:
    """Give somebody who began the set these exceptions in place of earlier ones; return how many attempts it moves.

    Nothing given takes them away. Attempts under way are moved; one whose time is up stays ended. Raises NotFound.
    """
    own_set(session, set_id, owner_id)
    before = set_person(session, set_id, owner_id, person_id).given
    if given == before:
        return 0
    override = session.scalar(
        select(Override).where(Override.learner_id == person_id, Override.item_set_id == set_id).with_for_update()
    )
    if given.is_nothing and override is not None:
        session.delete(override)
    elif not given.is_nothing:
        override = override or Override(learner_id=person_id, item_set_id=set_id)
        override.time_factor, override.is_untimed = given.time_factor, given.is_untimed
        override.closes_at, override.attempts_allowed = given.closes_at, given.attempts_allowed
        override.given_at, override.given_by = now, owner_id
        session.add(override)
    session.flush()
    auditing.record(
        session, owner_id, "override.given", "person", person_id, now=now, item_set=set_id,
        factor=given.time_factor, untimed=given.is_untimed, attempts=given.attempts_allowed,
        closes=given.closes_at.isoformat() if given.closes_at else None,
    )  # fmt: skip
    return move_deadlines_of_person(session, person_id, owner_id, now, set_id=set_id)
