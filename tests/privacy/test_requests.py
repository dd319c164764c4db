"""A wish to be erased: a week to take it back, a sweep that carries it out, an administrator who may refuse."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from random import Random

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from quizapp.background.sweeps import Turn
from quizapp.config import Settings
from quizapp.database import Database
from quizapp.errors import Conflict, Invalid, NotFound
from quizapp.models import AuditEntry, Person, PrivacyRequest
from quizapp.privacy import requests
from quizapp.privacy.requests import GRACE, UNUSED, ask, carry_out, last_refusal, open_requests, refuse, take_back
from quizapp.worker import SWEEPS
from tests.builders import make_sign_in
from tests.conftest import Cast, Clock


@pytest.fixture
def sweep(database: Database, settings: Settings, clock: Clock) -> Callable[[], dict[str, int]]:
    """Do the worker's sweep once."""

    def run() -> dict[str, int]:
        (found,) = [sweep for sweep in SWEEPS if sweep.name == "erasures"]
        turn = Turn("erasures", database, settings, clock, Random(1), lambda: False)
        counts = found.run(turn)
        assert turn.failures == []
        return counts

    return run


def test_a_wish_waits_a_week_and_a_second_one_changes_nothing(session: Session, cast: Cast, clock: Clock) -> None:
    first = ask(session, cast.student, clock.now)
    assert first == clock.now + GRACE
    assert ask(session, cast.student, clock.advance(days=2)) == first
    (waiting,) = open_requests(session)
    assert (waiting.person_id, waiting.shown_name, waiting.due_at) == (cast.student, "Mira Okafor", first)
    assert waiting.reason == ""


def test_a_wish_is_taken_back_and_can_be_made_again(session: Session, cast: Cast, clock: Clock) -> None:
    ask(session, cast.student, clock.now)
    assert take_back(session, cast.student, clock.now)
    assert not take_back(session, cast.student, clock.now)
    assert open_requests(session) == []
    assert ask(session, cast.student, clock.advance(days=1)) == clock.now + GRACE


def test_the_sweep_erases_when_the_day_has_come_and_not_before(
    session: Session, cast: Cast, clock: Clock, sweep: Callable[[], dict[str, int]]
) -> None:
    ask(session, cast.student, clock.now)
    session.commit()
    clock.advance(days=6, hours=23)
    assert sweep() == {"settled": 0}
    clock.advance(hours=2)
    assert sweep() == {"settled": 1}
    assert sweep() == {"settled": 0}
    session.expire_all()
    assert session.get(Person, cast.student) is None
    assert session.get(Person, cast.classmate) is not None


def test_a_wish_that_was_taken_back_in_the_meantime_is_left_alone(session: Session, cast: Cast, clock: Clock) -> None:
    ask(session, cast.student, clock.now)
    (waiting,) = open_requests(session)
    take_back(session, cast.student, clock.now)
    requests.settle_due(session, waiting.id, clock.advance(days=8))
    assert session.get(Person, cast.student) is not None


def test_an_administrator_carries_out_at_once(session: Session, cast: Cast, clock: Clock) -> None:
    ask(session, cast.student, clock.now)
    (waiting,) = open_requests(session)
    assert carry_out(session, waiting.id, cast.admin, clock.now) >= 1
    assert session.get(Person, cast.student) is None
    request = session.get_one(PrivacyRequest, waiting.id)
    assert (request.outcome, request.closed_by, request.person_number) == ("done", cast.admin, cast.student)
    with pytest.raises(Conflict, match="settled already"):
        carry_out(session, waiting.id, cast.admin, clock.now)


def test_an_administrator_refuses_and_the_person_reads_why(session: Session, cast: Cast, clock: Clock) -> None:
    ask(session, cast.student, clock.now)
    (waiting,) = open_requests(session)
    with pytest.raises(Invalid, match="Say why"):
        refuse(session, waiting.id, cast.admin, " ", clock.now)
    refuse(session, waiting.id, cast.admin, "Marks must be kept until July. ", clock.now)
    refusal = last_refusal(session, cast.student)
    assert refusal is not None
    assert refusal.reason == "Marks must be kept until July."
    assert open_requests(session) == []
    with pytest.raises(Conflict):
        refuse(session, waiting.id, cast.admin, "Again.", clock.now)
    ask(session, cast.student, clock.now)
    assert last_refusal(session, cast.student) is None


def test_a_wish_that_nobody_made_is_not_found(session: Session, cast: Cast, clock: Clock) -> None:
    with pytest.raises(NotFound):
        carry_out(session, 99, cast.admin, clock.now)
    with pytest.raises(NotFound):
        refuse(session, 99, cast.admin, "No.", clock.now)
    with pytest.raises(NotFound):
        ask(session, 99, clock.now)


def test_the_only_administrator_stays(
    session: Session, cast: Cast, clock: Clock, sweep: Callable[[], dict[str, int]]
) -> None:
    with pytest.raises(Conflict, match="only administrator"):
        ask(session, cast.admin, clock.now)
    session.execute(update(Person).where(Person.id == cast.colleague).values(role="admin"))
    ask(session, cast.admin, clock.now)
    session.execute(update(Person).where(Person.id == cast.colleague).values(disabled_at=clock.now))
    (waiting,) = open_requests(session)
    with pytest.raises(Conflict, match="only administrator"):
        carry_out(session, waiting.id, cast.admin, clock.now)
    session.commit()
    clock.advance(days=8)
    assert sweep() == {"settled": 1}
    refusal = last_refusal(session, cast.admin)
    assert refusal is not None
    assert "only administrator" in refusal.reason


def test_who_comes_back_to_an_unused_account_stays(session: Session, cast: Cast, clock: Clock) -> None:
    for person_id in (cast.student, cast.classmate):
        ask(session, person_id, clock.now, wait=timedelta(days=30), reason=UNUSED)
    make_sign_in(session, cast.student, now=clock.advance(days=29))
    for waiting in open_requests(session):
        requests.settle_due(session, waiting.id, clock.now + timedelta(days=2))
    assert session.get(Person, cast.student) is not None
    assert session.get(Person, cast.classmate) is None


def test_every_step_is_in_the_log(session: Session, cast: Cast, clock: Clock) -> None:
    ask(session, cast.student, clock.now)
    take_back(session, cast.student, clock.now)
    ask(session, cast.student, clock.now)
    refuse(session, open_requests(session)[0].id, cast.admin, "Not yet.", clock.now)
    ask(session, cast.student, clock.now)
    carry_out(session, open_requests(session)[0].id, None, clock.now)
    about = select(AuditEntry).where(AuditEntry.subject_id == str(cast.student)).order_by(AuditEntry.id)
    assert [(entry.action, entry.actor_id) for entry in session.scalars(about)] == [
        ("erasure.asked", cast.student), ("erasure.withdrawn", cast.student), ("erasure.asked", cast.student),
        ("erasure.refused", cast.admin), ("erasure.asked", cast.student), ("person.erased", None),
    ]  # fmt: skip
