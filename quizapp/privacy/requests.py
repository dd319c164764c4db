"""Wishes to be erased: asked for, taken back, refused, carried out when their day comes or at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from quizapp.errors import Conflict, Invalid, NotFound
from quizapp.models import Person, PrivacyRequest, SignIn
from quizapp.privacy.erasing import erase
from quizapp.web import auditing

GRACE = timedelta(days=7)
LAST_ADMINISTRATOR = "You are the only administrator, so your account stays. Make somebody else an administrator first."
UNUSED = "The account was not used for a long time."
LONGEST_REASON = 1000
_MOST = 50


@dataclass(frozen=True)
class OpenRequest:
    """A wish that waits, as an administrator's list shows it."""

    id: int
    person_id: int
    shown_name: str
    sign_in_name: str  # empty: a guest
    role: str
    made_at: datetime
    due_at: datetime
    reason: str  # empty: asked by the person; else why it was asked for them


@dataclass(frozen=True)
class Refusal:
    """Why a wish was not carried out, as told to the person."""

    refused_at: datetime
    reason: str


def ask(session: Session, person_id: int, now: datetime, *, wait: timedelta = GRACE, reason: str = "") -> datetime:
    """Store the wish to be erased and return its day; a second wish changes nothing.

    `reason` says why it is asked for somebody who did not. Raises Conflict for the only administrator.
    """
    person = _locked(session, person_id)
    request = _open(session, person_id)
    if request is not None:
        return request.due_at
    if is_last_administrator(session, person):
        raise Conflict(LAST_ADMINISTRATOR)
    request = PrivacyRequest(
        person_id=person_id, person_number=person_id, made_at=now, due_at=now + wait, reason=reason
    )  # fmt: skip
    session.add(request)
    auditing.record(
        session, None if reason else person_id, "erasure.asked", "person", person_id, now=now, days=wait.days
    )
    session.flush()
    return request.due_at


def take_back(session: Session, person_id: int, now: datetime) -> bool:
    """Take the wish back; False when there is none."""
    _locked(session, person_id)
    request = _open(session, person_id)
    if request is None:
        return False
    request.closed_at, request.outcome = now, "withdrawn"
    auditing.record(session, person_id, "erasure.withdrawn", "person", person_id, now=now)
    session.flush()
    return True


def due_at(session: Session, person_id: int) -> datetime | None:
    """Return when the person is to be erased; None where nobody asked."""
    return session.scalar(
        select(PrivacyRequest.due_at).where(PrivacyRequest.person_id == person_id, PrivacyRequest.closed_at.is_(None))
    )


def last_refusal(session: Session, person_id: int) -> Refusal | None:
    """Return why the person's newest wish was refused; None when it was not."""
    row = session.execute(
        select(PrivacyRequest.closed_at, PrivacyRequest.reason, PrivacyRequest.outcome)
        .where(PrivacyRequest.person_id == person_id)
        .order_by(PrivacyRequest.id.desc())
        .limit(1)
    ).one_or_none()
    return Refusal(row.closed_at, row.reason) if row is not None and row.outcome == "refused" else None


def open_requests(session: Session) -> list[OpenRequest]:
    """Return the wishes that wait, the next due first; 50 at most."""
    rows = session.execute(
        select(
            PrivacyRequest.id, Person.id.label("person_id"), Person.shown_name,
            func.coalesce(Person.sign_in_name, "").label("sign_in_name"), Person.role, PrivacyRequest.made_at,
            PrivacyRequest.due_at, PrivacyRequest.reason,
        )
        .join(Person, Person.id == PrivacyRequest.person_id)
        .where(PrivacyRequest.closed_at.is_(None))
        .order_by(PrivacyRequest.due_at, PrivacyRequest.id)
        .limit(_MOST)
    )  # fmt: skip
    return [OpenRequest(**row._mapping) for row in rows]


def carry_out(session: Session, request_id: int, actor_id: int | None, now: datetime) -> int:
    """Erase who asked, now and in this transaction; return how many rows went. `actor_id` None is the worker.

    Raises NotFound, and Conflict for a wish that is settled and for the only administrator.
    """
    request, person = _waiting(session, request_id)
    if is_last_administrator(session, person):
        raise Conflict("This is the only administrator. Make somebody else an administrator first.")
    request.closed_at, request.outcome = now, "done"
    request.closed_by = None if actor_id == person.id else actor_id
    session.flush()
    number = person.id
    rows = erase(session, [number])
    auditing.record(session, actor_id, "person.erased", "person", number, now=now, rows=rows)
    session.flush()
    return rows


def refuse(session: Session, request_id: int, actor_id: int | None, reason: str, now: datetime) -> None:
    """Settle a wish without erasing; the person reads the reason. Raises NotFound, Conflict, Invalid on `reason`."""
    request, person = _waiting(session, request_id)
    if not reason.strip():
        raise Invalid("reason", "Say why, in a sentence for the person who asked.")
    if len(reason) > LONGEST_REASON:
        raise Invalid("reason", f"Use at most {LONGEST_REASON} characters.")
    request.closed_at, request.closed_by, request.outcome, request.reason = now, actor_id, "refused", reason.strip()
    auditing.record(session, actor_id, "erasure.refused", "person", person.id, now=now)
    session.flush()


def due_requests(session: Session, now: datetime) -> Sequence[tuple[int]]:
    """Return the numbers of wishes whose day has come; 50 at most."""
    rows = session.execute(
        select(PrivacyRequest.id)
        .where(PrivacyRequest.closed_at.is_(None), PrivacyRequest.due_at <= now)
        .order_by(PrivacyRequest.due_at)
        .limit(_MOST)
    )
    return [(request_id,) for (request_id,) in rows]


def settle_due(session: Session, request_id: int, now: datetime) -> None:
    """Carry a wish out whose day has come; one that was settled or put off meanwhile is left alone.

    The only administrator is refused, and somebody who came back to an account that was taken for unused stays.
    """
    request = session.get(PrivacyRequest, request_id, with_for_update=True)
    if request is None or request.closed_at is not None or request.due_at > now:
        return
    _, person = _waiting(session, request_id)
    if request.reason == UNUSED and _was_here_since(session, person.id, request.made_at):
        request.closed_at, request.outcome = now, "withdrawn"
        auditing.record(session, None, "erasure.withdrawn", "person", person.id, now=now)
    elif is_last_administrator(session, person):
        refuse(session, request_id, None, LAST_ADMINISTRATOR, now)
    else:
        carry_out(session, request_id, None, now)


def is_last_administrator(session: Session, person: Person) -> bool:
    """Tell whether the site would be left without anybody who administers it."""
    if person.role != "admin":
        return False
    others = select(Person.id).where(Person.role == "admin", Person.id != person.id, Person.disabled_at.is_(None))
    return session.scalar(others.with_for_update().limit(1)) is None


def _was_here_since(session: Session, person_id: int, moment: datetime) -> bool:
    seen = select(SignIn.id).where(SignIn.person_id == person_id, SignIn.seen_at > moment)
    return session.scalar(seen.limit(1)) is not None


def _waiting(session: Session, request_id: int) -> tuple[PrivacyRequest, Person]:
    request = session.get(PrivacyRequest, request_id, with_for_update=True)
    if request is None:
        raise NotFound
    if request.closed_at is not None or request.person_id is None:
        raise Conflict("This request is settled already.")
    return request, _locked(session, request.person_id)


def _open(session: Session, person_id: int) -> PrivacyRequest | None:
    return session.scalar(
        select(PrivacyRequest)
        .where(PrivacyRequest.person_id == person_id, PrivacyRequest.closed_at.is_(None))
        .with_for_update()
    )


def _locked(session: Session, person_id: int) -> Person:
    person = session.get(Person, person_id, with_for_update=True)
    if person is None:
        raise NotFound
    return person
