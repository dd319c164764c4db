"""Guests: people without an account, made by the first quiz they start and signed in on that browser only."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from wtforms import HiddenField

from quizapp.errors import Conflict
from quizapp.models import Person, SignIn
from quizapp.web.forms import Form, SubmissionId

GUEST_DAYS = 30  # after them a guest is removed, with all they did
SHOWN_NAME = "Guest"


class TryForm(Form):
    """“Try a quiz”: a button on a topic, a set, or neither; its id becomes that of a guest's sign-in."""

    submission_id = SubmissionId()
    topic = HiddenField()  # slug
    item_set = HiddenField()  # slug
    time_zone = HiddenField(render_kw={"data-zone": True})


def add_guest(session: Session, *, sign_in_id: uuid.UUID, time_zone: str, device: str, now: datetime) -> int:
    """Add a guest with their device signed in as `sign_in_id`, and return their number; the same id is one guest.

    Raises Conflict when that device is signed out, or belongs to an account by now.
    """
    known = guest_signed_in_as(session, sign_in_id)
    if known is not None:
        return known
    guest = Person(role="guest", shown_name=SHOWN_NAME, time_zone=time_zone, created_at=now)
    try:
        with session.begin_nested():
            session.add(guest)
            session.flush()
            session.add(SignIn(id=sign_in_id, person_id=guest.id, device=device, created_at=now, seen_at=now))
            session.flush()
    except IntegrityError:  # the same button at the same moment: the guest is whoever came first
        known = guest_signed_in_as(session, sign_in_id)
        if known is None:
            raise
        return known
    return guest.id


def guest_signed_in_as(session: Session, sign_in_id: uuid.UUID) -> int | None:
    """Return the guest whose device this is; None when it is nobody's yet. Raises Conflict as `add_guest` does."""
    row = session.execute(
        select(Person.id, Person.role, SignIn.ended_at)
        .join(SignIn, SignIn.person_id == Person.id)
        .where(SignIn.id == sign_in_id)
    ).one_or_none()
    if row is None:
        return None
    if row.role != "guest" or row.ended_at is not None:
        raise Conflict("This page was used before. Reload it and try again.")
    return int(row.id)
