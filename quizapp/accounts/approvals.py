"""Approvals: who asked to teach at sign-up, and what an administrator says to it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp.accounts.looking_after import set_role
from quizapp.errors import Conflict, NotFound
from quizapp.models import Person
from quizapp.web import auditing

_LISTED = 200
_SETTLED = "Nobody waits for this any more: another administrator was first, or the account changed."


@dataclass(frozen=True)
class Wish:
    """Somebody who wants to teach."""

    person_id: int
    shown_name: str
    sign_in_name: str
    wanted_at: datetime


def teachers_waiting(session: Session) -> list[Wish]:
    """Return who waits to be a teacher, whoever waits longest first; at most 200."""
    rows = session.execute(
        select(Person.id, Person.shown_name, Person.sign_in_name, Person.teacher_wanted_at)
        .where(Person.teacher_wanted_at.is_not(None), Person.disabled_at.is_(None))
        .order_by(Person.teacher_wanted_at, Person.id)
        .limit(_LISTED)
    )
    return [Wish(row.id, row.shown_name, row.sign_in_name or "", row.teacher_wanted_at) for row in rows]


def approve_teacher(session: Session, person_id: int, actor_id: int, now: datetime) -> None:
    """Make somebody who asked a teacher; they sign in anew. Raises NotFound, NotAllowed, Conflict when settled."""
    _waiting(session, person_id)
    set_role(session, person_id, "teacher", actor_id=actor_id, now=now)


def refuse_teacher(session: Session, person_id: int, actor_id: int, now: datetime) -> None:
    """Leave somebody who asked a student. Raises NotFound, and Conflict when settled."""
    person = _waiting(session, person_id)
    person.teacher_wanted_at = None
    auditing.record(session, actor_id, "teacher.refused", "person", person_id, now=now)
    session.flush()


def _waiting(session: Session, person_id: int) -> Person:
    person = session.get(Person, person_id, with_for_update=True, populate_existing=True)
    if person is None:
        raise NotFound
    if person.teacher_wanted_at is None:
        raise Conflict(_SETTLED)
    return person
