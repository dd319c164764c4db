"""The audit log as administrators read it: the newest first, filtered, with the names that numbers have today."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from quizapp.background.sealing import CHECK
from quizapp.models import AuditEntry, Lease, Person

ENTRIES_A_PAGE = 50
PROGRAM = "program"  # who did what nobody did: the command line and the worker
_LARGEST_NUMBER = 2**31 - 1


@dataclass(frozen=True)
class Somebody:
    """A number of the log, and whose it is now."""

    id: int
    name: str  # empty: nobody has this number any more


@dataclass(frozen=True)
class Entry:
    """One line of the log."""

    id: int
    at: datetime
    action: str
    actor: Somebody | None  # None: the program
    subject: str  # “item set 12”; empty where it is a person
    person: Somebody | None
    detail: str
    is_sealed: bool


@dataclass(frozen=True)
class AuditPage:
    """A page of the log."""

    entries: tuple[Entry, ...]
    before: int | None  # the entry that the next page begins before; None: this is the last
    unknown: tuple[str, ...]  # what was asked for and nobody is called


@dataclass(frozen=True)
class SealCheck:
    """What the worker found when it last compared the log with its seals."""

    checked_at: datetime
    whole: int
    waiting: int
    broken_id: int  # 0: none
    error: str  # what is wrong with the broken entry, or why there was no answer


def audit_page(
    session: Session, *, action: str = "", actor: str = "", subject: str = "", before: int | None = None
) -> AuditPage:
    """Return a page of the log; people are asked for by number or sign-in name, an actor also as PROGRAM."""
    query = select(AuditEntry).order_by(AuditEntry.id.desc()).limit(ENTRIES_A_PAGE + 1)
    numbers = _numbers(session, [words for words in (actor, subject) if words and words != PROGRAM])
    unknown = tuple(words for words in (actor, subject) if words and words != PROGRAM and words not in numbers)
    if unknown:
        return AuditPage((), None, unknown)
    if action:
        query = query.where(AuditEntry.action == action)
    if actor:
        query = query.where(AuditEntry.actor_id == (None if actor == PROGRAM else numbers[actor]))
    if subject:
        query = query.where(AuditEntry.subject == "person", AuditEntry.subject_id == str(numbers[subject]))
    if before is not None:
        query = query.where(AuditEntry.id < before)
    rows = _read(session, query)
    return AuditPage(rows[:ENTRIES_A_PAGE], rows[ENTRIES_A_PAGE - 1].id if len(rows) > ENTRIES_A_PAGE else None, ())


def actions(session: Session) -> list[str]:
    """Return every action in the log, by name: one step of the index for each, however long the log is."""
    steps = select(func.min(AuditEntry.action).label("action")).cte("steps", recursive=True)
    following = select(func.min(AuditEntry.action)).where(AuditEntry.action > steps.c.action).scalar_subquery()
    steps = steps.union_all(select(following).where(steps.c.action.is_not(None)))
    return [action for action in session.scalars(select(steps.c.action)) if action is not None]


def action_name(action: str) -> str:
    """Return “Reset link: made” for `reset_link.made`."""
    words = action.replace("_", " ").replace(".", ": ")
    return words[:1].upper() + words[1:]


def last_check(session: Session) -> SealCheck | None:
    """Return what the last look at the seals came to; None when there was none yet."""
    row = session.execute(select(Lease.ran_at, Lease.result, Lease.error).where(Lease.name == CHECK)).one_or_none()
    if row is None or row.ran_at is None:
        return None
    found = row.result or {}
    return SealCheck(
        row.ran_at, found.get("whole", 0), found.get("waiting", 0), found.get("broken_id", 0), row.error or ""
    )


def _read(session: Session, query: Select[Any]) -> tuple[Entry, ...]:
    entries = list(session.scalars(query))
    named = {entry.actor_id for entry in entries if entry.actor_id is not None} | {
        int(entry.subject_id) for entry in entries if _is_person(entry)
    }
    names = _names(session, named)
    return tuple(
        Entry(
            id=entry.id,
            at=entry.at,
            action=action_name(entry.action),
            actor=None if entry.actor_id is None else Somebody(entry.actor_id, names.get(entry.actor_id, "")),
            subject="" if _is_person(entry) else f"{entry.subject.replace('_', ' ')} {entry.subject_id}",
            person=Somebody(number, names.get(number, "")) if (number := _person_number(entry)) is not None else None,
            detail=", ".join(f"{word.replace('_', ' ')} {value}" for word, value in entry.detail.items()),
            is_sealed=entry.seal is not None,
        )
        for entry in entries
    )


def _is_person(entry: AuditEntry) -> bool:
    return entry.subject == "person" and entry.subject_id.isascii() and entry.subject_id.isdecimal()


def _person_number(entry: AuditEntry) -> int | None:
    return int(entry.subject_id) if _is_person(entry) else None


def _names(session: Session, numbers: Iterable[int]) -> dict[int, str]:
    rows = session.execute(select(Person.id, Person.shown_name).where(Person.id.in_(sorted(numbers))))
    return {row.id: row.shown_name for row in rows}


def _numbers(session: Session, asked: list[str]) -> dict[str, int]:
    """Return the numbers of people asked for; a number counts whether or not somebody still has it."""
    found = {words: int(words) for words in asked if words.isascii() and words.isdecimal()}
    found = {words: number for words, number in found.items() if number <= _LARGEST_NUMBER}
    names = {words.lower(): words for words in asked if words not in found}
    if names:
        rows = session.execute(select(Person.id, Person.sign_in_name).where(Person.sign_in_name.in_(names)))
        found |= {names[row.sign_in_name]: row.id for row in rows}
    return found
