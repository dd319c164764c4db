"""Approvals: who waits to teach, and what becomes of it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp.accounts.approvals import approve_teacher, refuse_teacher, teachers_waiting
from quizapp.errors import Conflict, NotFound
from quizapp.models import AuditEntry, Person, SignIn
from tests.builders import make_person, make_sign_in
from tests.conftest import Cast, Clock


def test_who_waits_longest_comes_first_and_nobody_else_is_listed(session: Session, cast: Cast, clock: Clock) -> None:
    late = make_person(session, "Late", now=clock.now, teacher_wanted_at=clock.now)
    early = make_person(session, "Early", now=clock.now, teacher_wanted_at=clock.now - timedelta(days=1))
    make_person(session, "Gone", now=clock.now, teacher_wanted_at=clock.now, disabled_at=clock.now)
    assert [(wish.person_id, wish.sign_in_name) for wish in teachers_waiting(session)] == [
        (early, "early"),
        (late, "late"),
    ]


def test_an_approved_teacher_signs_in_anew_and_it_is_noted(session: Session, cast: Cast, clock: Clock) -> None:
    eva = make_person(session, "Eva", now=clock.now, teacher_wanted_at=clock.now)
    make_sign_in(session, eva, now=clock.now)
    approve_teacher(session, eva, cast.admin, clock.now)
    person = session.get_one(Person, eva)
    assert (person.role, person.teacher_wanted_at) == ("teacher", None)
    assert session.scalars(select(SignIn.ended_at).where(SignIn.person_id == eva)).all() == [clock.now]
    entry = session.scalars(select(AuditEntry)).one()
    assert (entry.actor_id, entry.subject_id, entry.detail["role"]) == (cast.admin, str(eva), "teacher")
    assert teachers_waiting(session) == []


def test_a_refused_teacher_stays_a_student_and_signed_in(session: Session, cast: Cast, clock: Clock) -> None:
    eva = make_person(session, "Eva", now=clock.now, teacher_wanted_at=clock.now)
    make_sign_in(session, eva, now=clock.now)
    refuse_teacher(session, eva, cast.admin, clock.now)
    person = session.get_one(Person, eva)
    assert (person.role, person.teacher_wanted_at) == ("student", None)
    assert session.scalars(select(SignIn.ended_at).where(SignIn.person_id == eva)).all() == [None]
    assert session.scalars(select(AuditEntry.action)).all() == ["teacher.refused"]


@pytest.mark.parametrize("settle", [approve_teacher, refuse_teacher])
def test_nobody_is_settled_twice_or_unasked(session: Session, cast: Cast, clock: Clock, settle) -> None:  # type: ignore[no-untyped-def]  # either action
    eva = make_person(session, "Eva", now=clock.now, teacher_wanted_at=clock.now)
    settle(session, eva, cast.admin, clock.now)
    for person_id in (eva, cast.student):
        with pytest.raises(Conflict):
            settle(session, person_id, cast.admin, clock.now)
    with pytest.raises(NotFound):
        settle(session, 10**6, cast.admin, clock.now)
    assert session.get_one(Person, cast.student).role == "student"
