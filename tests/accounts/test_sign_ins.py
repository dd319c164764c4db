"""Sign-ins: whom a name means, what a refusal costs, devices and their end."""

from __future__ import annotations

import uuid
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp.accounts import passwords, sign_ins
from quizapp.accounts.people import add_person
from quizapp.accounts.sign_ins import Candidate, candidates, devices, end, end_others, prove, start
from quizapp.errors import Invalid, NotFound
from quizapp.models import AuditEntry, Person, SignIn
from tests.builders import make_sign_in
from tests.conftest import Cast, Clock

PASSWORD = "lanterns in fog"


def with_password(session: Session, clock: Clock, name: str, password: str = PASSWORD, email: str = "") -> Person:
    return add_person(
        session, shown_name=name, sign_in_name=name, role="student", email=email, now=clock.now,
        password_hash=passwords.hash_password(password, 1),
    )  # fmt: skip


def test_a_name_or_an_address_is_enough_however_it_is_written(session: Session, clock: Clock) -> None:
    person = with_password(session, clock, "mira", email="mira@example.org")
    for given_name in ("mira", " MIRA ", "Ｍira", "mira@example.org", "MIRA@EXAMPLE.ORG"):
        proven = prove(candidates(session, given_name), given_name, PASSWORD, 1)
        assert proven is not None
        assert proven.person_id == person.id


def test_a_name_that_nobody_has_means_nobody(session: Session, clock: Clock) -> None:
    with_password(session, clock, "mirabelle")
    for given_name in ("", "nobody", "\0", "mirabelle\0", "x" * 100_000, "no@body.org", "'; --"):
        assert prove(candidates(session, given_name), given_name, PASSWORD, 1) is None


def test_spaces_around_a_password_are_part_of_it(session: Session, clock: Clock) -> None:
    with_password(session, clock, "mira", password=f" {PASSWORD} ")
    found = candidates(session, "mira")
    assert prove(found, "mira", PASSWORD, 1) is None
    assert prove(found, "mira", f" {PASSWORD} ", 1) is not None


def test_people_who_share_an_address_are_told_apart_by_their_passwords(session: Session, clock: Clock) -> None:
    address = "family@example.org"
    first = with_password(session, clock, "ann", "password of ann", address)
    second = with_password(session, clock, "ben", "password of ben", address)
    third = with_password(session, clock, "cem", "password of ann", address)
    found = candidates(session, address)
    assert [candidate.person_id for candidate in found] == [third.id, second.id, first.id]
    by_ben, by_ann = prove(found, address, "password of ben", 1), prove(found, address, "password of ann", 1)
    assert (by_ben and by_ben.person_id, by_ann and by_ann.person_id) == (second.id, first.id)


@pytest.mark.parametrize(
    ("given_name", "tries"), [("ann", 1), ("nobody", 1), ("family@example.org", 3), ("no@body.org", 3)]
)
def test_a_refusal_costs_the_same_whether_or_not_somebody_is_meant(
    session: Session, clock: Clock, monkeypatch: pytest.MonkeyPatch, given_name: str, tries: int
) -> None:
    with_password(session, clock, "ann", email="family@example.org")
    with_password(session, clock, "ben", email="family@example.org")
    hashed: list[str] = []
    hasher = passwords._hasher(1)

    class Counting:
        def verify(self, stored: str, password: bytes) -> bool:
            hashed.append(stored)
            return hasher.verify(stored, password)

    monkeypatch.setattr(passwords, "_hasher", lambda _rounds: Counting())
    assert prove(candidates(session, given_name), given_name, "wrong password", 1) is None
    assert len(hashed) == tries
    assert all(stored.startswith("$argon2id$v=19$m=19456,t=1,p=1$") for stored in hashed)


def test_who_is_disabled_or_has_no_password_is_not_let_in(session: Session, clock: Clock) -> None:
    person = with_password(session, clock, "mira")
    person.disabled_at = clock.now
    add_person(session, shown_name="Eva", sign_in_name="eva", role="teacher", now=clock.now)
    session.flush()
    assert prove(candidates(session, "mira"), "mira", PASSWORD, 1) is None
    assert prove(candidates(session, "eva"), "eva", "", 1) is None


def test_a_sign_in_is_stored_with_its_device_and_a_newer_hash(session: Session, clock: Clock) -> None:
    person = with_password(session, clock, "mira")
    proven, sign_in_id = Candidate(person.id, person.password_hash, False, False), uuid.uuid4()
    start(session, proven, sign_in_id=sign_in_id, device="Safari on iPad", new_hash="newer", now=clock.now)
    session.flush()
    row = session.get_one(SignIn, sign_in_id)
    assert (row.person_id, row.device, row.created_at) == (person.id, "Safari on iPad", clock.now)
    assert person.password_hash == "newer"


@pytest.mark.parametrize("change", ["password", "disabled"])
def test_what_changed_while_the_password_was_proven_refuses_the_sign_in(
    session: Session, clock: Clock, change: str
) -> None:
    person = with_password(session, clock, "mira")
    proven = Candidate(person.id, person.password_hash, False, False)
    if change == "password":
        person.password_hash = "another"
    else:
        person.disabled_at = clock.now
    session.flush()
    with pytest.raises(Invalid) as refused:
        start(session, proven, sign_in_id=uuid.uuid4(), device="x", new_hash=None, now=clock.now)
    assert refused.value.message == sign_ins.REFUSAL


def test_devices_come_with_this_one_first_and_ended_ones_left_out(session: Session, cast: Cast, clock: Clock) -> None:
    this = make_sign_in(session, cast.student, now=clock.now - timedelta(days=3))
    newer = make_sign_in(session, cast.student, now=clock.now - timedelta(hours=1))
    ended = make_sign_in(session, cast.student, now=clock.now)
    make_sign_in(session, cast.classmate, now=clock.now)
    end(session, cast.student, ended, now=clock.now, is_elsewhere=True)
    session.flush()
    listed = devices(
        session, cast.student, this, idle_limit=timedelta(days=90), now=clock.now, zone=ZoneInfo("Europe/Berlin")
    )
    assert [(device.id, device.is_this) for device in listed] == [(this, True), (newer, False)]
    assert [device.since for device in listed] == ["13 November at 10:00", "today at 09:00"]


def test_a_strangers_device_is_not_found_and_stays(session: Session, cast: Cast, clock: Clock) -> None:
    theirs = make_sign_in(session, cast.classmate, now=clock.now)
    for device in (theirs, uuid.uuid4()):
        with pytest.raises(NotFound):
            end(session, cast.student, device, now=clock.now, is_elsewhere=True)
    assert session.get_one(SignIn, theirs).ended_at is None


def test_ending_a_device_twice_keeps_the_first_moment_and_one_entry(session: Session, cast: Cast, clock: Clock) -> None:
    device, first = make_sign_in(session, cast.student, now=clock.now), clock.now
    end(session, cast.student, device, now=first, is_elsewhere=True)
    end(session, cast.student, device, now=clock.advance(hours=1), is_elsewhere=True)
    session.flush()
    assert session.get_one(SignIn, device).ended_at == first
    assert len(session.scalars(select(AuditEntry).where(AuditEntry.action == "sign_in.ended")).all()) == 1


def test_ending_the_others_leaves_this_device_and_other_people(session: Session, cast: Cast, clock: Clock) -> None:
    this, other = (make_sign_in(session, cast.student, now=clock.now) for _ in range(2))
    theirs = make_sign_in(session, cast.classmate, now=clock.now)
    assert end_others(session, cast.student, this, now=clock.now) == 1
    assert end_others(session, cast.student, this, now=clock.now) == 0
    session.expire_all()
    assert session.get_one(SignIn, other).ended_at == clock.now
    assert session.get_one(SignIn, this).ended_at is session.get_one(SignIn, theirs).ended_at is None
