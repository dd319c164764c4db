"""Keeping what a guest did: it becomes part of the account that the same browser has signed in to."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import exists, func, insert, or_, select, union, update
from sqlalchemy.orm import Session, aliased

from quizapp.accounts.guests import Doings, doings, remove_guest
from quizapp.errors import Conflict
from quizapp.learning.adopting import Renamed, adopt
from quizapp.learning.cards import lock_memory
from quizapp.models import Attempt, AttemptItem, Flag, Person, Response, Review, WorkingAnswer
from quizapp.web import auditing

_CHILDREN: tuple[type[Any], ...] = (AttemptItem, Response, WorkingAnswer)


def keep(session: Session, guest_id: int, person_id: int, *, now: datetime) -> Doings | None:
    """Move everything a guest did to a person, remove the guest, and return what it was; None when it is done already.

    Ids stay, unless the person has used the same one. Attempts at a set are numbered after the person's own; one that
    is under way goes on. Raises Conflict when the guest has become an account.
    """
    # Whoever answers at this moment locks an attempt or a card first and then the person, so the same is done here.
    attempts = _locked_attempts(session, guest_id)
    lock_memory(session, guest_id)
    guest = session.get(Person, guest_id, with_for_update=True, populate_existing=True)
    if guest is None:
        return None
    if guest.role != "guest":
        raise Conflict("These answers belong to an account by now. Sign in to it to see them.")
    attempts = _locked_attempts(session, guest_id)  # one more may have come before the guest was locked
    kept = doings(session, guest_id)
    renamed = _renamed(session, guest_id, person_id, Attempt)
    events = _renamed(session, guest_id, person_id, Response, Review)
    _copy_attempts(session, attempts, person_id, renamed)
    _give_children(session, guest_id, person_id, attempts, renamed, events)
    adopt(
        session, guest_id, person_id, events=events, attempts=renamed,
        submission_id=uuid.uuid5(uuid.NAMESPACE_OID, f"kept from guest {guest_id}"), now=now,
    )  # fmt: skip
    _give_flags(session, guest_id, person_id)
    session.expunge_all()  # what was loaded of the guest is moved, or goes now
    remove_guest(session, guest_id)
    auditing.record(
        session, person_id, "guest.kept", "person", person_id, now=now,
        quizzes=kept.quizzes, answers=kept.answers, reviews=kept.reviews,
    )  # fmt: skip
    session.flush()
    return kept


def _locked_attempts(session: Session, guest_id: int) -> list[Attempt]:
    return list(
        session.scalars(
            select(Attempt)
            .where(Attempt.learner_id == guest_id)
            .order_by(Attempt.started_at, Attempt.id)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
    )


def _renamed(
    session: Session, guest_id: int, person_id: int, *tables: type[Attempt] | type[Response] | type[Review]
) -> Renamed:
    """Return new ids for those of the guest that the person has used too; an answer and its review share theirs."""
    guests = union(*(select(table.id).where(table.learner_id == guest_id) for table in tables)).subquery()
    used = {
        old
        for table in tables
        for old in session.scalars(
            select(table.id).where(table.learner_id == person_id, table.id.in_(select(guests.c.id)))
        )
    }
    return {old: uuid.uuid5(old, f"kept from guest {guest_id}") for old in used}


def _copy_attempts(session: Session, attempts: Sequence[Attempt], person_id: int, renamed: Renamed) -> None:
    """Write the attempts once more under the person: their rows name them by both keys, so neither can change first."""
    rows_of_sets = session.execute(
        select(Attempt.item_set_id, func.max(Attempt.number))
        .where(Attempt.learner_id == person_id, Attempt.item_set_id.is_not(None))
        .group_by(Attempt.item_set_id)
    )
    last = {row[0]: row[1] for row in rows_of_sets}
    numbers: dict[int | None, int] = defaultdict(int, last)
    rows = []
    for attempt in sorted(attempts, key=lambda attempt: attempt.number):
        row = {column.key: getattr(attempt, column.key) for column in Attempt.__mapper__.column_attrs}
        if attempt.item_set_id is not None:
            numbers[attempt.item_set_id] += 1
            row["number"] = numbers[attempt.item_set_id]
        rows.append(row | {"learner_id": person_id, "id": renamed.get(attempt.id, attempt.id)})
    if rows:
        session.execute(insert(Attempt), rows)


def _give_children(
    session: Session, guest_id: int, person_id: int, attempts: Sequence[Attempt], renamed: Renamed, events: Renamed
) -> None:
    of_guest = update(Response).where(Response.learner_id == guest_id).execution_options(synchronize_session=False)
    for old, new in events.items():
        session.execute(of_guest.where(Response.id == old).values(id=new))
        session.execute(of_guest.where(Response.names_id == old).values(names_id=new))
    session.execute(of_guest.where(Response.marked_by_id == guest_id).values(marked_by_id=person_id))
    for attempt in attempts:
        for table in _CHILDREN:
            session.execute(
                update(table)
                .where(table.learner_id == guest_id, table.attempt_id == attempt.id)
                .values(learner_id=person_id, attempt_id=renamed.get(attempt.id, attempt.id))
                .execution_options(synchronize_session=False)
            )


def _give_flags(session: Session, guest_id: int, person_id: int) -> None:
    """Let the person have said what the guest said of a question, unless they have an open flag on it themselves."""
    own = aliased(Flag)
    has_own = exists().where(
        own.person_id == person_id, own.item_version_id == Flag.item_version_id, own.settled_at.is_(None)
    )
    session.execute(
        update(Flag)
        .where(Flag.person_id == guest_id, or_(Flag.settled_at.is_not(None), ~has_own))
        .values(person_id=person_id)
        .execution_options(synchronize_session=False)
    )
