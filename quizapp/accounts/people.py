"""People: signing up, being added, and what they change about themselves.

Passwords arrive here as hashes, made before the transaction opened.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from quizapp.accounts import sign_ins
from quizapp.accounts.names import free_names, read_email, read_shown_name, read_sign_in_name
from quizapp.errors import Conflict, Invalid, NotFound
from quizapp.models import OneTimeLink, Person, SignIn
from quizapp.web import auditing


def sign_up(
    session: Session,
    *,
    sign_in_id: uuid.UUID,
    shown_name: str,
    sign_in_name: str,
    email: str,
    password_hash: str,
    role: str,
    time_zone: str,
    device: str,
    now: datetime,
    teacher_wanted_at: datetime | None = None,
    guest_id: int | None = None,
) -> Person | None:
    """Add a person and sign their device in under `sign_in_id`, the id of the form they sent.

    A guest, with `guest_id`, becomes that person: what they did stays, and their device of before is signed out.
    Return None when that form was stored before: nothing changes. An empty sign-in name is made from the shown one.
    Raises Invalid on the field to blame; a taken sign-in name comes with free ones. Raises Conflict when the guest has
    signed up by another form.
    """
    guest = session.get(Person, guest_id, with_for_update=True, populate_existing=True) if guest_id else None
    if session.get(SignIn, sign_in_id) is not None:
        return None
    device_row = SignIn(id=sign_in_id, device=device, created_at=now)
    # The address is stored whether or not somebody else gave it too: several people may share one, so there is
    # nothing to refuse, nothing that tells a stranger who is here, and nobody's address is lost.
    fields = _fields(
        shown_name, email, password_hash=password_hash, role=role, time_zone=time_zone, created_at=now,
        teacher_wanted_at=teacher_wanted_at,
    )  # fmt: skip
    if guest is not None:
        return _sign_up_guest(session, guest, fields, sign_in_name, device_row)
    return _add(session, fields, sign_in_name, device_row)


def add_person(
    session: Session,
    *,
    shown_name: str,
    role: str,
    now: datetime,
    sign_in_name: str = "",
    email: str = "",
    password_hash: str | None = None,
    time_zone: str = "UTC",
    is_demo: bool = False,
    actor_id: int | None = None,
) -> Person:
    """Add a person of any role for `actor_id`, None for the command line.

    Without a hash they can't sign in until a one-time link sets a password. An empty sign-in name is made from the
    shown one. Raises Invalid on the field to blame.
    """
    fields = _fields(
        shown_name, email, password_hash=password_hash, role=role, time_zone=time_zone, is_demo=is_demo, created_at=now
    )
    person = _add(session, fields, sign_in_name)
    if person is None:
        raise ValueError("a person without a device can't have been stored before")
    auditing.record(session, actor_id, "person.added", "person", person.id, now=now, role=role)
    return person


def set_profile(session: Session, person_id: int, *, shown_name: str, email: str, now: datetime) -> None:
    """Change the shown name and the address; an empty address removes it, and links mailed to the old one are void.

    Raises Invalid.
    """
    person = _loaded(session, person_id)
    person.shown_name = read_shown_name(shown_name)
    address = read_email(email)
    if address != person.email:
        person.email = address
        void_links(session, person_id, now)
        auditing.record(session, person_id, "email.changed", "person", person_id, now=now)


def set_study(
    session: Session,
    person_id: int,
    *,
    time_zone: str,
    day_start_hour: int,
    theme: str,
    is_keys_on: bool,
    new_cards_per_day: int,
    minutes_per_day: int | None,
    week: str,
    days_off: str,
    is_fuzz_on: bool,
    is_typing_on: bool,
    session_length: str,
    target_retention: float,
) -> None:
    """Change how somebody studies; hours 0..12, minutes 5..600 or None for no limit, target 0.8..0.97,
    session_length of SESSION_LENGTHS; `week` and `days_off` as Person has them.
    """
    person = _loaded(session, person_id)
    person.time_zone = time_zone
    person.day_start_hour = day_start_hour
    person.theme = theme
    person.is_keys_on = is_keys_on
    person.new_cards_per_day = new_cards_per_day
    person.minutes_per_day = minutes_per_day
    person.week = week
    person.days_off = days_off
    person.is_fuzz_on = is_fuzz_on
    person.is_typing_on = is_typing_on
    person.session_length = session_length
    person.target_retention = target_retention


def password_hash_of(session: Session, person_id: int) -> str | None:
    """Return the stored hash; None for who has no password."""
    return session.scalar(select(Person.password_hash).where(Person.id == person_id))


def change_password(
    session: Session, person_id: int, *, proven_hash: str, new_hash: str, keep: uuid.UUID, now: datetime
) -> int:
    """Replace the hash that the person has just proven; return how many other devices this signed out.

    Raises Conflict when the password changed while it was being proven.
    """
    person = _loaded(session, person_id)
    if person.password_hash != proven_hash:
        raise Conflict("Your password was changed somewhere else a moment ago. Sign in with the new one.")
    return replace_password(session, person, new_hash, keep=keep, action="password.changed", now=now)


def replace_password(
    session: Session, person: Person, new_hash: str, *, keep: uuid.UUID | None, action: str, now: datetime
) -> int:
    """Store a new hash, void open one-time links and sign all devices out but `keep`; return how many."""
    person.password_hash = new_hash
    void_links(session, person.id, now)
    ended = sign_ins.end_all(session, person.id, keep=keep, now=now)
    auditing.record(session, person.id, action, "person", person.id, now=now, devices=ended)
    return ended


def void_links(session: Session, person_id: int, now: datetime) -> None:
    """Use up the open one-time links of a person."""
    session.execute(
        update(OneTimeLink)
        .where(OneTimeLink.person_id == person_id, OneTimeLink.used_at.is_(None))
        .values(used_at=now)
        .execution_options(synchronize_session=False)
    )


def _fields(shown_name: str, email: str, **others: Any) -> dict[str, Any]:
    return {"shown_name": read_shown_name(shown_name), "email": read_email(email), **others}


def _sign_up_guest(
    session: Session, guest: Person, fields: dict[str, Any], wanted: str, device: SignIn
) -> Person | None:
    if guest.role != "guest":
        raise Conflict("You have signed up in another window. Reload this page to go on.")
    kept = {"time_zone": guest.time_zone, "created_at": guest.created_at}
    person = _add(session, fields | kept, wanted, device, guest)
    if person is not None:
        sign_ins.end_all(session, person.id, keep=device.id, now=device.created_at)
    return person


def _add(
    session: Session, fields: dict[str, Any], wanted: str, device: SignIn | None = None, guest: Person | None = None
) -> Person | None:
    name = read_sign_in_name(wanted) if wanted.strip() else ""
    for candidate in [name] if name else free_names(session, "", fields["shown_name"], 50):
        person = guest or Person()
        named = fields | {"sign_in_name": candidate}
        if not _is_taken(session, candidate) and _is_stored(session, person, named, device):
            return person
        if _is_sent(session, device):
            return None
    raise _taken(name, free_names(session, name, fields["shown_name"], 2))


def _is_stored(session: Session, person: Person, fields: dict[str, Any], device: SignIn | None) -> bool:
    """Store the person, unless somebody was faster, on PostgreSQL: the same form sent twice, or the same name."""
    try:
        with session.begin_nested():
            for field, value in fields.items():
                setattr(person, field, value)
            session.add(person)
            session.flush()
            if device is not None:
                session.add(
                    SignIn(
                        id=device.id,
                        person_id=person.id,
                        device=device.device,
                        created_at=device.created_at,
                        seen_at=device.created_at,
                    )
                )
                session.flush()
    except IntegrityError:
        if not _is_sent(session, device) and not _is_taken(session, fields["sign_in_name"]):
            raise
        return False
    return True


def _is_sent(session: Session, device: SignIn | None) -> bool:
    return device is not None and session.get(SignIn, device.id) is not None


def _is_taken(session: Session, name: str) -> bool:
    return session.scalar(select(Person.id).where(Person.sign_in_name == name)) is not None


def _taken(name: str, free: Sequence[str]) -> Invalid:
    reason = f"“{name}” is taken." if name else "Choose a name for signing in."
    return Invalid("sign_in_name", f"{reason} Free: {', '.join(free)}")


def _loaded(session: Session, person_id: int) -> Person:
    person = session.get(Person, person_id, with_for_update=True)
    if person is None:
        raise NotFound
    return person
