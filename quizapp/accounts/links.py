"""Links that work once: a random secret, of which only the SHA-256 is stored, sets a new password within its time."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from quizapp.accounts.names import fold
from quizapp.accounts.people import replace_password, void_links
from quizapp.errors import Conflict, NotFound
from quizapp.models import OneTimeLink, Person
from quizapp.web import auditing

LIFETIME = timedelta(hours=24)
NO_LONGER_WORKS = "This link no longer works. It was used or replaced, or it is too old."


@dataclass(frozen=True)
class Holder:
    """Whose password an open link sets."""

    shown_name: str
    sign_in_name: str
    email: str | None

    @property
    def names(self) -> tuple[str, ...]:
        """What their password must not be."""
        return (self.sign_in_name, self.shown_name, self.email or "")


def make_reset_link(session: Session, sign_in_name: str, now: datetime, *, actor_id: int | None = None) -> str:
    """Return the secret of a new link, for the path `/reset/<secret>`; links made before stop working.

    `actor_id` is the administrator who asks; None for the command line. Raises NotFound when nobody has the name.
    """
    person = session.scalar(select(Person).where(Person.sign_in_name == fold(sign_in_name)))
    if person is None:
        raise NotFound(f"Nobody signs in as “{sign_in_name}”.")
    secret = make_link(session, person.id, LIFETIME, now)
    auditing.record(session, actor_id, "reset_link.made", "person", person.id, now=now)
    return secret


def make_link(session: Session, person_id: int, lifetime: timedelta, now: datetime) -> str:
    """Return the secret of a new link of somebody who is there; links made before stop working."""
    void_links(session, person_id, now)
    secret = secrets.token_urlsafe(32)
    session.add(OneTimeLink(person_id=person_id, secret_hash=_hash(secret), created_at=now, expires_at=now + lifetime))
    return secret


def holder(session: Session, secret: str, now: datetime) -> Holder | None:
    """Return whose link it is; None when it is unknown, used or too old, which nobody needs to tell apart."""
    row = session.execute(
        select(Person.shown_name, Person.sign_in_name, Person.email)
        .join(OneTimeLink, OneTimeLink.person_id == Person.id)
        .where(*_is_open(secret, now))
    ).one_or_none()
    return Holder(**row._mapping) if row else None


def use_reset_link(session: Session, secret: str, *, new_hash: str, now: datetime) -> None:
    """Set the password and sign out all devices; the link is used up. Raises Conflict when it no longer works."""
    link = session.scalar(
        select(OneTimeLink)
        .join(Person, OneTimeLink.person_id == Person.id)
        .where(*_is_open(secret, now))
        .with_for_update()
    )
    if link is None:
        raise Conflict(NO_LONGER_WORKS)
    person = session.get_one(Person, link.person_id)
    replace_password(session, person, new_hash, keep=None, action="password.reset", now=now)


def _is_open(secret: str, now: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        OneTimeLink.secret_hash == _hash(secret),
        OneTimeLink.used_at.is_(None),
        OneTimeLink.expires_at > now,
        Person.disabled_at.is_(None),
    )


def _hash(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()
