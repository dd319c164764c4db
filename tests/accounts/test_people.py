"""People: signing up, once and twice and at once; being added; what they change."""

from __future__ import annotations

import uuid
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from quizapp.accounts.people import add_person, change_password, set_profile, set_study, sign_up
from quizapp.errors import Conflict, Invalid, NotFound
from quizapp.models import AuditEntry, Person, SignIn
from tests.builders import make_sign_in
from tests.conftest import MONDAY, Cast, Clock


def new_person(session: Session, clock: Clock, **changes: Any) -> Person | None:
    values: dict[str, Any] = {
        "sign_in_id": uuid.uuid4(), "shown_name": "Noor Haddad", "sign_in_name": "", "email": "",
        "password_hash": "hash", "role": "student", "time_zone": "Asia/Beirut", "device": "Firefox on Linux",
        "now": clock.now,
    }  # fmt: skip
    return sign_up(session, **(values | changes))


def test_signing_up_stores_the_person_and_their_device(session: Session, clock: Clock) -> None:
    sign_in_id = uuid.uuid4()
    person = new_person(session, clock, sign_in_id=sign_in_id, email="Noor@Example.org", sign_in_name="NOOR")
    assert person is not None
    assert (person.sign_in_name, person.email, person.role, person.time_zone) == (
        "noor", "noor@example.org", "student", "Asia/Beirut",
    )  # fmt: skip
    device = session.get_one(SignIn, sign_in_id)
    assert (device.person_id, device.device, device.ended_at) == (person.id, "Firefox on Linux", None)


def test_a_name_left_empty_is_made_from_the_shown_name(session: Session, clock: Clock) -> None:
    names = [getattr(new_person(session, clock), "sign_in_name", None) for _ in range(4)]
    assert names == ["noor.haddad", "noor", "noor.haddad2", "noor.haddad3"]


def test_a_taken_name_is_told_with_free_ones(session: Session, clock: Clock) -> None:
    new_person(session, clock, sign_in_name="mira")
    with pytest.raises(Invalid) as refused:
        new_person(session, clock, sign_in_name="MIRA", shown_name="Mira Okafor")
    assert refused.value.field == "sign_in_name"
    assert refused.value.message == "“mira” is taken. Free: mira2, mira.okafor"


def test_an_address_that_somebody_has_is_stored_for_the_second_too(session: Session, clock: Clock) -> None:
    pair = [new_person(session, clock, email="family@example.org") for _ in range(2)]
    assert [person.email for person in pair if person] == ["family@example.org"] * 2


def test_the_same_form_sent_twice_makes_one_person(session: Session, clock: Clock) -> None:
    sign_in_id = uuid.uuid4()
    assert new_person(session, clock, sign_in_id=sign_in_id) is not None
    assert new_person(session, clock, sign_in_id=sign_in_id, sign_in_name="other") is None
    assert session.scalar(select(func.count()).where(Person.shown_name == "Noor Haddad")) == 1


@pytest.mark.parametrize("is_same_form", [True, False])
@pytest.mark.parametrize("wanted", ["noor", ""])
def test_people_who_sign_up_at_once_get_one_name_each(
    app: Flask, clock: Clock, is_same_form: bool, wanted: str
) -> None:
    database, start, form = app.extensions["quizapp.database"], Barrier(6), uuid.uuid4()

    def race(_number: int) -> str:
        start.wait()
        try:
            with database.write_session() as session:
                sign_in_id = form if is_same_form else uuid.uuid4()
                person = new_person(session, clock, sign_in_id=sign_in_id, sign_in_name=wanted)
                return person.sign_in_name or "" if person else "sent before"
        except Invalid as refusal:
            return refusal.message.partition(".")[0]

    with ThreadPoolExecutor(6) as threads:
        outcomes = list(threads.map(race, range(6)))
    names = [outcome for outcome in outcomes if outcome not in ("“noor” is taken", "sent before")]
    assert len(names) == len(set(names)) == (6 if not is_same_form and not wanted else 1)
    assert outcomes.count("sent before") == (5 if is_same_form else 0)
    assert outcomes.count("“noor” is taken") == (5 if wanted and not is_same_form else 0)
    with database.read_session() as session:
        assert session.scalar(select(func.count()).where(Person.shown_name == "Noor Haddad")) == len(names)
        assert session.scalar(select(func.count()).where(SignIn.device == "Firefox on Linux")) == len(names)


def test_adding_a_person_is_noted_with_the_role_and_no_name(session: Session, clock: Clock) -> None:
    person = add_person(session, shown_name="Eva", role="teacher", now=clock.now)
    session.flush()
    entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "person.added")).one()
    assert (entry.actor_id, entry.subject, entry.subject_id) == (None, "person", str(person.id))
    assert entry.detail == {"role": "teacher"}
    assert person.password_hash is None


@pytest.mark.parametrize(
    ("values", "field"),
    [({"shown_name": " "}, "shown_name"), ({"sign_in_name": "a b"}, "sign_in_name"), ({"email": "x"}, "email")],
)
def test_a_person_with_a_wrong_value_is_not_added(
    session: Session, clock: Clock, values: dict[str, str], field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        add_person(session, **{"shown_name": "Eva", "role": "teacher", "now": clock.now, **values})  # type: ignore[arg-type]
    assert refused.value.field == field


def test_profile_and_study_are_changed_and_an_empty_address_removes_it(session: Session, cast: Cast) -> None:
    set_profile(session, cast.student, shown_name=" Mira  O ", email="M@example.org", now=MONDAY)
    set_study(
        session, cast.student, time_zone="Pacific/Chatham", day_start_hour=0, theme="dark", is_keys_on=False,
        new_cards_per_day=0, minutes_per_day=None, week="2222210", days_off="", is_fuzz_on=False,
        is_typing_on=True, session_length="10m", target_retention=0.97,
    )  # fmt: skip
    session.flush()
    person = session.get_one(Person, cast.student, populate_existing=True)
    assert (person.shown_name, person.email, person.time_zone) == ("Mira O", "m@example.org", "Pacific/Chatham")
    assert (person.week, person.is_fuzz_on) == ("2222210", False)
    assert (person.is_typing_on, person.session_length) == (True, "10m")
    assert (person.theme, person.is_keys_on, person.new_cards_per_day) == ("dark", False, 0)
    set_profile(session, cast.student, shown_name="Mira", email="", now=MONDAY)
    assert person.email is None
    with pytest.raises(NotFound):
        set_profile(session, 10**6, shown_name="Nobody", email="", now=MONDAY)


def test_a_new_password_signs_out_the_other_devices_only_and_is_noted(
    session: Session, cast: Cast, clock: Clock
) -> None:
    here, there, elsewhere = (make_sign_in(session, cast.student, now=clock.now) for _ in range(3))
    other = make_sign_in(session, cast.classmate, now=clock.now)
    session.get_one(Person, cast.student).password_hash = "old"
    ended = change_password(session, cast.student, proven_hash="old", new_hash="new", keep=here, now=clock.now)
    session.flush()
    session.expire_all()
    assert ended == 2
    assert {row.id for row in session.scalars(select(SignIn).where(SignIn.ended_at.is_(None)))} >= {here, other}
    assert session.get_one(SignIn, there).ended_at == session.get_one(SignIn, elsewhere).ended_at == clock.now
    entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "password.changed")).one()
    assert (entry.actor_id, entry.detail) == (cast.student, {"devices": 2})


def test_a_password_that_changed_meanwhile_is_not_overwritten(session: Session, cast: Cast, clock: Clock) -> None:
    here = make_sign_in(session, cast.student, now=clock.now)
    session.get_one(Person, cast.student).password_hash = "newest"
    with pytest.raises(Conflict):
        change_password(session, cast.student, proven_hash="old", new_hash="new", keep=here, now=clock.now)
    assert session.get_one(Person, cast.student).password_hash == "newest"
