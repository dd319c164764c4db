"""Sign-ins: who may come in, on which device, and how devices are signed out."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, cast
from zoneinfo import ZoneInfo

from sqlalchemy import CursorResult, Row, Select, select, update
from sqlalchemy.orm import Session

from quizapp.accounts import passwords
from quizapp.accounts.names import fold
from quizapp.errors import Invalid, NotFound
from quizapp.models import Person, SignIn
from quizapp.web import auditing
from quizapp.web.rendering import moment_name

REFUSAL = "Name or password is not right."
DEVICES_LISTED = 50
PEOPLE_PER_ADDRESS = 3
_log = logging.getLogger("quizapp.accounts")


@dataclass(frozen=True)
class Candidate:
    """Somebody whom a given name may mean."""

    person_id: int
    password_hash: str | None
    is_disabled: bool
    asks_for_code: bool  # the password alone does not open it


@dataclass(frozen=True)
class Device:
    """A signed-in device as its owner sees it."""

    id: uuid.UUID
    name: str
    since: str
    seen: str
    is_this: bool


def candidates(session: Session, given: str) -> list[Candidate]:
    """Return whom a sign-in name or an address may mean, the newest account first."""
    key = fold(given)
    if "\0" in key:
        return []  # PostgreSQL would refuse to compare it
    column = Person.email if "@" in key else Person.sign_in_name
    rows = session.execute(_candidates().where(column == key).order_by(Person.id.desc()).limit(PEOPLE_PER_ADDRESS))
    return [_candidate(row) for row in rows]


def candidate(session: Session, person_id: int) -> Candidate | None:
    """Return the person with this number as one who may come in, if there is one."""
    row = session.execute(_candidates().where(Person.id == person_id)).one_or_none()
    return _candidate(row) if row else None


def prove(found: Sequence[Candidate], given: str, password: str, rounds: int) -> Candidate | None:
    """Return the one whose password it is; slow, and as slow when nobody is meant.

    Of people who share an address and a password the oldest account is meant.
    """
    # An address costs the same however many people share it, so that the time tells nothing.
    tries = PEOPLE_PER_ADDRESS if "@" in fold(given) else 1
    padded = [*found, *[None] * (tries - len(found))]
    proven = [
        candidate
        for candidate in padded
        if passwords.verify(candidate.password_hash if candidate else None, password, rounds)
        and candidate is not None
        and not candidate.is_disabled
    ]
    return proven[-1] if proven else None


def note_failure(place: str) -> None:
    """Note that a password was not right; `place` says on which form."""
    _log.info("password refused", extra={"place": place})


def start(
    session: Session, proven: Candidate, *, sign_in_id: uuid.UUID, device: str, new_hash: str | None, now: datetime
) -> None:
    """Sign a device in for a proven person; `new_hash`, when given, replaces a hash with old parameters.

    Raises Invalid when the password changed or the person was disabled while it was being proven.
    """
    person = session.get(Person, proven.person_id, with_for_update=True)
    if person is None or person.password_hash != proven.password_hash or person.disabled_at is not None:
        raise Invalid("", REFUSAL)
    if new_hash is not None:
        person.password_hash = new_hash
    session.add(SignIn(id=sign_in_id, person_id=person.id, device=device, created_at=now, seen_at=now))


def renew_hash(session: Session, proven: Candidate, new_hash: str) -> Candidate:
    """Replace a hash with old parameters of a proven person before they are signed in."""
    person = session.get(Person, proven.person_id, with_for_update=True)
    if person is None or person.password_hash != proven.password_hash:
        raise Invalid("", REFUSAL)
    person.password_hash = new_hash
    return replace(proven, password_hash=new_hash)


def end(session: Session, person_id: int, sign_in_id: uuid.UUID, *, now: datetime, is_elsewhere: bool) -> None:
    """Sign one device out; a second time does nothing. Raises NotFound when it is somebody else's.

    `is_elsewhere`: the person sits at another device, which is worth an audit entry.
    """
    row = session.get(SignIn, sign_in_id, with_for_update=True)
    if row is None or row.person_id != person_id:
        raise NotFound
    if row.ended_at is not None:
        return
    row.ended_at = now
    if is_elsewhere:
        auditing.record(session, person_id, "sign_in.ended", "person", person_id, now=now, devices=1)


def end_others(session: Session, person_id: int, keep: uuid.UUID, *, now: datetime) -> int:
    """Sign out all devices of a person but one; return how many."""
    ended = end_all(session, person_id, keep=keep, now=now)
    if ended:
        auditing.record(session, person_id, "sign_in.ended", "person", person_id, now=now, devices=ended)
    return ended


def end_all(session: Session, person_id: int, *, keep: uuid.UUID | None, now: datetime) -> int:
    """Sign out all devices of a person, or all but `keep`, without an audit entry; return how many."""
    statement = update(SignIn).where(SignIn.person_id == person_id, SignIn.ended_at.is_(None)).values(ended_at=now)
    if keep is not None:
        statement = statement.where(SignIn.id != keep)
    result = session.execute(statement.execution_options(synchronize_session=False))
    return cast(CursorResult[Any], result).rowcount


def stored_with(session: Session, sign_in_id: uuid.UUID) -> Candidate | None:
    """Return whom a sign-up form made, by the form's id; None when it made nobody or its device is signed out."""
    row = session.execute(
        _candidates()
        .join(SignIn, SignIn.person_id == Person.id)
        .where(SignIn.id == sign_in_id, SignIn.ended_at.is_(None))
    ).one_or_none()
    return _candidate(row) if row else None


def devices(
    session: Session, person_id: int, this: uuid.UUID, *, idle_limit: timedelta, now: datetime, zone: ZoneInfo
) -> list[Device]:
    """Return the signed-in devices, this one first, then the newest; at most DEVICES_LISTED and this one."""
    rows = session.execute(
        select(SignIn.id, SignIn.device, SignIn.created_at, SignIn.seen_at)
        .where(SignIn.person_id == person_id, SignIn.ended_at.is_(None), SignIn.seen_at >= now - idle_limit)
        .order_by(SignIn.id != this, SignIn.created_at.desc())
        .limit(DEVICES_LISTED + 1)
    )
    return [
        Device(
            row.id, row.device, moment_name(row.created_at, now, zone), moment_name(row.seen_at, now, zone),
            row.id == this,
        )
        for row in rows
    ]  # fmt: skip


def _candidates() -> Select[int, str | None, bool, bool]:
    return select(
        Person.id, Person.password_hash, Person.disabled_at.is_not(None), Person.totp_confirmed_at.is_not(None)
    )


def _candidate(row: Row[int, str | None, bool, bool]) -> Candidate:
    return Candidate(row[0], row[1], row[2], row[3])
