"""Erasing people, as the purposes of tables and columns say: one call, in the transaction of whoever asks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from sqlalchemy import ColumnElement, CursorResult, Executable, Table, case, delete, or_, select, update
from sqlalchemy.orm import Session

from quizapp.models import OutboxMessage, Person
from quizapp.privacy.belongings import let_go
from quizapp.privacy.purposes import TablePurpose, purposes

WORDS_GONE = "(removed)"


def erase(session: Session, person_ids: Sequence[int]) -> int:
    """Erase people with everything they did; return how many rows went.

    What others' work rests on stays without a name. Nothing here asks whether it may: that is the caller's business.
    """
    emptied = _drop_waiting_mail(session, person_ids)
    for purpose in _children_first("row goes"):
        if purpose.name != Person.__tablename__:
            emptied += _count(session, delete(purpose.table).where(_is_theirs(purpose, person_ids)))
    emptied += let_go(session, person_ids)
    for purpose in purposes().values():
        if purpose.columns_that("words go") or purpose.columns_that("set null"):
            take_name_off(session, purpose, _is_theirs(purpose, person_ids), person_ids)
    session.execute(delete(Person).where(Person.id.in_(person_ids)), execution_options={"synchronize_session": False})
    session.expire_all()
    return emptied + len(person_ids)


def take_name_off(
    session: Session, purpose: TablePurpose, chosen: ColumnElement[bool], person_ids: Sequence[int] | None
) -> int:
    """Blank the words in the chosen rows, and unlink these people (None: anybody) wherever the table names them."""
    table, changed = purpose.table, 0
    words = {
        table.c[name]: case((table.c[name] == "", ""), else_=WORDS_GONE) for name in purpose.columns_that("words go")
    }
    if words:
        changed = _count(session, update(table).where(chosen).values(words))
    for name in purpose.columns_that("set null"):
        column = table.c[name]
        named = chosen if person_ids is None else column.in_(person_ids)
        changed = max(changed, _count(session, update(table).where(named, column.is_not(None)).values({column: None})))
    return changed


def _children_first(action: str) -> list[TablePurpose]:
    order: list[Table] = list(reversed(Person.metadata.sorted_tables))
    return [purposes()[table.name] for table in order if purposes()[table.name].erase == action]


def _is_theirs(purpose: TablePurpose, person_ids: Sequence[int]) -> ColumnElement[bool]:
    return or_(*(purpose.table.c[name].in_(person_ids) for name in purpose.owner))


def _drop_waiting_mail(session: Session, person_ids: Sequence[int]) -> int:
    """Drop mail that waits for an address of theirs; of an address that others share, what names them."""
    gone = 0
    for person in session.scalars(select(Person).where(Person.id.in_(person_ids), Person.email.is_not(None))):
        is_shared = select(Person.id).where(Person.email == person.email, Person.id.not_in(person_ids)).limit(1)
        names = [name for name in (person.shown_name, person.sign_in_name) if name]
        others = session.scalar(is_shared) is not None
        for message in session.scalars(select(OutboxMessage).where(OutboxMessage.sent_at.is_(None))):
            text = str(message.payload)
            is_meant = str(message.payload.get("to", "")).casefold() == person.email
            if is_meant and (not others or any(name in text for name in names)):
                session.delete(message)
                gone += 1
    session.flush()
    return gone


def _count(session: Session, statement: Executable) -> int:
    result = session.execute(statement, execution_options={"synchronize_session": False})
    return max(0, cast(CursorResult[Any], result).rowcount)
