"""What administrators do about other people's accounts: roles, disabling, signing out. Each leaves an audit entry."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from quizapp.accounts import links, sign_ins
from quizapp.errors import Conflict, NotAllowed, NotFound
from quizapp.models import Person
from quizapp.privacy.requests import is_last_administrator
from quizapp.web import auditing
from quizapp.web.deadlines import move_deadlines_of_person

YOUR_OWN = "This is your own account. Ask another administrator to do this."
LAST_ADMINISTRATOR = "This is the only administrator. Make somebody else an administrator first."
NO_ACCOUNT = "This is a guest, who has no account yet."
DISABLED = "They are disabled, so a link would be of no use. Enable them first."


@dataclass(frozen=True)
class HandedLink:
    """A one-time link as the administrator who made it sees it, once."""

    person_id: int
    shown_name: str
    sign_in_name: str
    secret: str


def set_role(session: Session, person_id: int, role: str, *, actor_id: int, now: datetime) -> bool:
    """Change somebody's role and sign all their devices out; False, and nothing happens, when they have it.

    A wish to teach is settled by it. Raises NotFound, NotAllowed for one's own role, and Conflict for a guest and for
    the only administrator.
    """
    person = _somebody_else(session, person_id, actor_id)
    if person.role == role:
        return False
    if person.role == "guest":
        raise Conflict(NO_ACCOUNT)
    if is_last_administrator(session, person):
        raise Conflict(LAST_ADMINISTRATOR)
    before, person.role, person.teacher_wanted_at = person.role, role, None
    ended = sign_ins.end_all(session, person_id, keep=None, now=now)
    auditing.record(
        session, actor_id, "person.role_changed", "person", person_id, now=now, before=before, role=role, devices=ended
    )
    session.flush()
    return True


def disable(session: Session, person_id: int, *, actor_id: int, now: datetime) -> bool:
    """Shut somebody out, on all devices at once; nothing of theirs is removed. False when they are out already.

    Raises NotFound, NotAllowed for oneself, and Conflict for the only administrator.
    """
    person = _somebody_else(session, person_id, actor_id)
    if person.disabled_at is not None:
        return False
    if is_last_administrator(session, person):
        raise Conflict(LAST_ADMINISTRATOR)
    person.disabled_at = now
    ended = sign_ins.end_all(session, person_id, keep=None, now=now)
    auditing.record(session, actor_id, "person.disabled", "person", person_id, now=now, devices=ended)
    session.flush()
    return True


def enable(session: Session, person_id: int, *, actor_id: int, now: datetime) -> bool:
    """Let somebody in again; False when they are not shut out. Raises NotFound, NotAllowed for oneself."""
    person = _somebody_else(session, person_id, actor_id)
    if person.disabled_at is None:
        return False
    person.disabled_at = None
    auditing.record(session, actor_id, "person.enabled", "person", person_id, now=now)
    session.flush()
    return True


def set_extra_time(session: Session, person_id: int, factor: float | None, *, actor_id: int, now: datetime) -> int:
    """Give somebody `factor` times the limit of every timed quiz, None: no limit; return how many of theirs it moves.

    Attempts under way get it too. Raises NotFound, NotAllowed for oneself.
    """
    person = _somebody_else(session, person_id, actor_id)
    if person.time_factor == factor:
        return 0
    person.time_factor = factor
    auditing.record(session, actor_id, "person.extra_time", "person", person_id, now=now, factor=factor)
    session.flush()
    return move_deadlines_of_person(session, person_id, actor_id, now)


def end_sign_ins(session: Session, person_id: int, *, actor_id: int, now: datetime) -> int:
    """Sign all of somebody's devices out; return how many. Raises NotFound, NotAllowed for oneself."""
    _somebody_else(session, person_id, actor_id)
    ended = sign_ins.end_all(session, person_id, keep=None, now=now)
    if ended:
        auditing.record(session, actor_id, "sign_in.ended", "person", person_id, now=now, devices=ended)
    return ended


def hand_link(session: Session, person_id: int, *, actor_id: int, now: datetime) -> HandedLink:
    """Make a one-time link for somebody; those made before stop working.

    Raises NotFound, NotAllowed for oneself, and Conflict for a guest and for somebody disabled.
    """
    person = _somebody_else(session, person_id, actor_id)
    if person.sign_in_name is None:
        raise Conflict(NO_ACCOUNT)
    if person.disabled_at is not None:
        raise Conflict(DISABLED)
    secret = links.make_reset_link(session, person.sign_in_name, now, actor_id=actor_id)
    return HandedLink(person.id, person.shown_name, person.sign_in_name, secret)


def _somebody_else(session: Session, person_id: int, actor_id: int) -> Person:
    if person_id == actor_id:
        raise NotAllowed(YOUR_OWN)
    person = session.get(Person, person_id, with_for_update=True)
    if person is None:
        raise NotFound
    return person
