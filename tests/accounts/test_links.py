"""One-time links: what is stored, how long they work, what they do once."""

from __future__ import annotations

import hashlib
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp.accounts.links import holder, make_reset_link, use_reset_link
from quizapp.accounts.people import change_password
from quizapp.errors import Conflict, NotFound
from quizapp.models import AuditEntry, OneTimeLink, Person, SignIn
from tests.builders import make_sign_in
from tests.conftest import Cast, Clock


def test_only_the_hash_of_the_secret_is_stored(session: Session, cast: Cast, clock: Clock) -> None:
    secret = make_reset_link(session, "MIRA.okafor", clock.now)
    session.flush()
    link = session.scalars(select(OneTimeLink)).one()
    assert link.secret_hash == hashlib.sha256(secret.encode()).digest()
    assert len(secret) == 43
    assert link.expires_at - link.created_at == timedelta(hours=24)
    assert session.scalars(select(AuditEntry.action)).all() == ["reset_link.made"]


def test_a_link_for_nobody_is_refused(session: Session, clock: Clock) -> None:
    with pytest.raises(NotFound, match="Nobody signs in as “nobody”"):
        make_reset_link(session, "nobody", clock.now)


def test_a_link_sets_the_password_once_and_signs_all_devices_out(session: Session, cast: Cast, clock: Clock) -> None:
    device = make_sign_in(session, cast.student, now=clock.now)
    secret = make_reset_link(session, "mira.okafor", clock.now)
    session.flush()
    use_reset_link(session, secret, new_hash="new", now=clock.now)
    session.flush()
    session.expire_all()
    assert session.get_one(Person, cast.student).password_hash == "new"
    assert session.get_one(SignIn, device).ended_at == clock.now
    assert holder(session, secret, clock.now) is None
    with pytest.raises(Conflict):
        use_reset_link(session, secret, new_hash="newer", now=clock.now)
    assert session.get_one(Person, cast.student).password_hash == "new"
    entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "password.reset")).one()
    assert (entry.actor_id, entry.detail) == (cast.student, {"devices": 1})


def test_a_link_works_until_a_day_has_passed(session: Session, cast: Cast, clock: Clock) -> None:
    secret = make_reset_link(session, "mira.okafor", clock.now)
    session.flush()
    found = holder(session, secret, clock.advance(hours=23, minutes=59))
    assert found is not None
    assert (found.shown_name, found.sign_in_name) == ("Mira Okafor", "mira.okafor")
    assert holder(session, secret, clock.advance(minutes=1)) is None


@pytest.mark.parametrize("voided_by", ["newer link", "new password", "disabled", "other secret"])
def test_a_link_stops_working_when_something_took_its_place(
    session: Session, cast: Cast, clock: Clock, voided_by: str
) -> None:
    secret = make_reset_link(session, "mira.okafor", clock.now)
    person = session.get_one(Person, cast.student)
    person.password_hash = "old"
    session.flush()
    if voided_by == "newer link":
        make_reset_link(session, "mira.okafor", clock.now)
    elif voided_by == "new password":
        here = make_sign_in(session, cast.student, now=clock.now)
        change_password(session, cast.student, proven_hash="old", new_hash="new", keep=here, now=clock.now)
    elif voided_by == "disabled":
        person.disabled_at = clock.now
    else:
        secret = secret[:-1] + ("A" if secret[-1] != "A" else "B")
    session.flush()
    assert holder(session, secret, clock.now) is None


def test_a_link_leaves_other_people_alone(session: Session, cast: Cast, clock: Clock) -> None:
    device = make_sign_in(session, cast.classmate, now=clock.now)
    theirs = make_reset_link(session, "jon.vale", clock.now)
    secret = make_reset_link(session, "mira.okafor", clock.now)
    session.flush()
    use_reset_link(session, secret, new_hash="new", now=clock.now)
    session.expire_all()
    assert session.get_one(SignIn, device).ended_at is None
    assert session.get_one(Person, cast.classmate).password_hash is None
    assert holder(session, theirs, clock.now) is not None
