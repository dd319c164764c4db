"""What is kept only for a time, by the rules of the purposes: counted for a dry run, or taken away."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import Column, ColumnElement, Select, delete, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from quizapp.background.sweeps import Counts, Turn, in_batches
from quizapp.models import Person, PrivacyRequest, SignIn
from quizapp.privacy.erasing import WORDS_GONE, take_name_off
from quizapp.privacy.purposes import Rule, TablePurpose, purposes
from quizapp.privacy.requests import UNUSED, ask

NOTICE = timedelta(days=30)  # that people taken for gone have to come back
_ROWS_AT_ONCE = 500


@dataclass(frozen=True)
class Expired:
    """What one rule finds at this moment."""

    table: str
    rows: int
    words: str


def expired(session: Session, now: datetime, retention_days: int) -> list[Expired]:
    """Count what every rule would take away now; nothing is changed. `retention_days` 0: unused accounts stay."""
    found = [
        Expired(rule.table, _number(session, _old(purpose, rule, now)), _words(rule))
        for purpose in purposes().values()
        for rule in purpose.rules
    ]
    unused = _number(session, _unused(now, retention_days)) if retention_days else 0
    words = f"not used for {retention_days} days" if retention_days else "unused accounts stay"
    return [*found, Expired(Person.__tablename__, unused, words)]


def remove_expired(session: Session, now: datetime) -> Counts:
    """Take away what the rules find, some hundred rows of each at most; return how many by table."""
    counts: Counts = {purpose.name: 0 for purpose in purposes().values() if purpose.rules}
    for purpose in purposes().values():
        for rule in purpose.rules:
            key = _key(purpose)
            ids = session.scalars(_old(purpose, rule, now).limit(_ROWS_AT_ONCE)).all()
            if not ids:
                continue
            if rule.loses:
                take_name_off(session, purpose, key.in_(ids), None)
            else:
                session.execute(delete(purpose.table).where(key.in_(ids)))
            counts[rule.table] += len(ids)
    return counts


def ask_for_unused(session: Session, now: datetime, *, retention_days: int) -> Counts:
    """Ask for the erasure of accounts that nobody has used for so long; they can be taken back for a month."""
    ids = session.scalars(_unused(now, retention_days).limit(_ROWS_AT_ONCE)).all()
    for person_id in ids:
        ask(session, person_id, now, wait=NOTICE, reason=UNUSED)
    return {"people": len(ids)}


def keep_to_retention(turn: Turn) -> Counts:
    """Be the sweep: take away what is past its time, and ask for unused accounts where the settings say so."""
    counts = in_batches(remove_expired)(turn)
    if turn.settings.retention_days:
        counts |= in_batches(partial(ask_for_unused, retention_days=turn.settings.retention_days))(turn)
    return counts


def _old(purpose: TablePurpose, rule: Rule, now: datetime) -> Select[Any]:
    table = purpose.table
    query = select(_key(purpose)).where(table.c[rule.after] < now - timedelta(days=rule.days))
    if rule.spares == "newest":
        query = query.where(_is_followed(purpose))
    if rule.loses:
        named = [table.c[name].is_not(None) for name in purpose.columns_that("set null")]
        words = [table.c[name].not_in(("", WORDS_GONE)) for name in purpose.columns_that("words go")]
        query = query.where(or_(*named, *words))
    return query


def _is_followed(purpose: TablePurpose) -> ColumnElement[bool]:
    """Say that the owner has a newer row: one that was seen later, or at the same moment under a greater key."""
    table, later = purpose.table, purpose.table.alias()
    (owner,) = purpose.owner
    key = _key(purpose).name
    return exists().where(
        later.c[owner] == table.c[owner],
        or_(
            later.c.seen_at > table.c.seen_at,
            (later.c.seen_at == table.c.seen_at) & (later.c[key] > table.c[key]),
        ),
    )


def _unused(now: datetime, days: int) -> Select[Any]:
    """Find accounts, administrators and the demo apart, without a sign of life and not asked about yet."""
    since = now - timedelta(days=days)
    seen = aliased(SignIn)
    return select(Person.id).where(
        Person.role.in_(("student", "teacher")),
        ~Person.is_demo,
        Person.created_at < since,
        ~exists().where(seen.person_id == Person.id, or_(seen.seen_at >= since, seen.ended_at >= since)),
        ~exists().where(PrivacyRequest.person_id == Person.id, PrivacyRequest.closed_at.is_(None)),
        ~exists().where(PrivacyRequest.person_id == Person.id, PrivacyRequest.closed_at >= since),
    )


def _key(purpose: TablePurpose) -> Column[Any]:
    (column,) = purpose.table.primary_key.columns
    return column


def _number(session: Session, query: Select[Any]) -> int:
    return session.scalar(select(func.count()).select_from(query.subquery())) or 0


def _words(rule: Rule) -> str:
    what = f"{rule.days} days after {rule.after}"
    if rule.spares:
        what += f", but for the {rule.spares} of each person"
    return f"{what}: they lose {rule.loses}" if rule.loses else what
