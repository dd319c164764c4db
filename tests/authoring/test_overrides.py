"""Exceptions for one person in a set: time, close and attempts, under way too, audited, and by nobody else."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp.authoring.overrides import Given, give, set_people
from quizapp.authoring.publishing import close, close_due, publish
from quizapp.authoring.sets import describe_set
from quizapp.core.rules import Rules
from quizapp.errors import NotAllowed, NotFound
from quizapp.models import Attempt, AuditEntry, ItemSet, Override, Person
from quizapp.quizzes.attempts import start_set
from quizapp.quizzes.finishing import finish
from tests.authoring.conftest import Made
from tests.conftest import MONDAY, Cast, Clock
from tests.pages import Visitor

LIMIT = timedelta(minutes=40)
Browser = Callable[..., Visitor]


@pytest.fixture
def slug(session: Session, cast: Cast, made: Made) -> str:
    """The set with 40 minutes, one attempt, and a close after two days."""
    rules = Rules(limit_seconds=2400, attempts_allowed=1)
    describe_set(
        session, made.set_id, cast.teacher, title="Timed", description="", rules=rules, now=MONDAY,
        closes_at=MONDAY + timedelta(days=2),
    )  # fmt: skip
    slug = publish(session, made.set_id, cast.teacher, "link", MONDAY)
    session.commit()
    return slug


def start(session: Session, learner_id: int, slug: str, clock: Clock) -> Attempt:
    attempt_id = start_set(session, learner_id, slug, uuid.uuid4(), seed=1, now=clock.now)
    return session.get_one(Attempt, (learner_id, attempt_id), populate_existing=True)


@pytest.mark.parametrize(
    ("mine", "given", "factor"),
    [
        (1.0, Given(time_factor=1.25), 1.25),
        (1.0, Given(time_factor=1.5), 1.5),
        (1.5, Given(time_factor=2.0), 2.0),
        (3.0, Given(time_factor=1.25), 3.0),  # never less than an administrator gave
        (1.0, Given(is_untimed=True), None),
        (None, Given(time_factor=2.0), None),
    ],
)
def test_an_attempt_under_way_gets_the_time_and_so_does_the_next(
    session: Session, cast: Cast, made: Made, slug: str, clock: Clock, mine: float | None, given: Given,
    factor: float | None,
) -> None:  # fmt: skip
    session.get_one(Person, cast.student).time_factor = mine
    attempt = start(session, cast.student, slug, clock)
    give(session, made.set_id, cast.teacher, cast.student, given, clock.now)
    ends_at = MONDAY + timedelta(days=2) if factor is None else attempt.started_at + LIMIT * factor
    assert attempt.deadline_at == ends_at
    other = start(session, cast.classmate, slug, clock)
    assert other.deadline_at == other.started_at + LIMIT
    finish(session, cast.student, attempt.id, clock.now)
    more = Given(given.time_factor, given.is_untimed, attempts_allowed=2)
    give(session, made.set_id, cast.teacher, cast.student, more, clock.now)
    assert start(session, cast.student, slug, clock).deadline_at == ends_at
    give(session, made.set_id, cast.teacher, cast.student, Given(), clock.now)
    assert session.scalars(select(Override)).all() == []


def test_a_close_of_ones_own_lasts_longer_than_everybodys(
    session: Session, cast: Cast, made: Made, slug: str, clock: Clock
) -> None:
    start(session, cast.student, slug, clock)
    own = Given(closes_at=MONDAY + timedelta(days=5), attempts_allowed=2)
    give(session, made.set_id, cast.teacher, cast.student, own, clock.now)
    start(session, cast.classmate, slug, clock)
    clock.advance(days=3)
    close_due(session, clock.now)
    with pytest.raises(NotAllowed, match="closed"):
        start(session, cast.colleague, slug, clock)
    attempt = start(session, cast.student, slug, clock)
    assert (attempt.number, attempt.deadline_at) == (2, clock.now + LIMIT)
    with pytest.raises(NotAllowed, match="closed"):  # everybody’s close stands for whom nothing was given
        start(session, cast.classmate, slug, clock)


def test_a_close_by_hand_ends_it_for_all_and_what_is_given_then_begins_anew(
    session: Session, cast: Cast, made: Made, slug: str, clock: Clock
) -> None:
    attempt = start(session, cast.student, slug, clock)
    own = Given(closes_at=MONDAY + timedelta(days=5), attempts_allowed=2)
    give(session, made.set_id, cast.teacher, cast.student, own, clock.now)
    clock.advance(minutes=10)
    close(session, made.set_id, cast.teacher, clock.now)
    assert attempt.deadline_at == clock.now
    finish(session, cast.student, attempt.id, clock.now)
    with pytest.raises(NotAllowed, match="closed"):
        start(session, cast.student, slug, clock)
    clock.advance(minutes=1)
    later = Given(closes_at=MONDAY + timedelta(days=6), attempts_allowed=2)
    give(session, made.set_id, cast.teacher, cast.student, later, clock.now)
    assert start(session, cast.student, slug, clock).number == 2


def test_it_is_audited_without_a_name(session: Session, cast: Cast, made: Made, slug: str, clock: Clock) -> None:
    start(session, cast.student, slug, clock)
    for _ in range(2):  # the same again is nothing new
        give(session, made.set_id, cast.teacher, cast.student, Given(time_factor=2.0), clock.now)
    entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "override.given")).one()
    assert (entry.actor_id, entry.subject, entry.subject_id) == (cast.teacher, "person", str(cast.student))
    assert (entry.detail["item_set"], entry.detail["factor"]) == (made.set_id, 2.0)


def test_only_the_owner_and_only_for_who_takes_the_set(
    session: Session, cast: Cast, made: Made, slug: str, clock: Clock
) -> None:
    start(session, cast.student, slug, clock)
    given = Given(time_factor=2.0)
    for owner, person in ((cast.colleague, cast.student), (cast.admin, cast.student), (cast.teacher, cast.classmate)):
        with pytest.raises(NotFound):
            give(session, made.set_id, owner, person, given, clock.now)
    with pytest.raises(NotFound):
        set_people(session, made.set_id, cast.colleague)


def test_the_pages_give_say_and_refuse(
    session: Session, cast: Cast, made: Made, slug: str, clock: Clock, visitor: Browser
) -> None:
    teacher, student = visitor(cast.teacher), visitor(cast.student)
    page = teacher.open(f"/teach/sets/{made.set_id}/people")
    assert "Nobody has begun this set" in page.words
    start(session, cast.student, slug, clock)
    session.commit()
    teacher.open(f"/teach/sets/{made.set_id}")
    teacher.follow("Exceptions")
    page = teacher.follow("Give one for Mira Okafor")
    assert "Everybody has 40 minutes." in page.words
    page = teacher.press("Save", status=422, attempts_allowed=0)
    assert page.all("p", id="attempts_allowed-error")
    page = teacher.press("Save", time="1.5", attempts_allowed=3, closes_at="2026-11-20T12:00")
    assert "Saved for Mira Okafor. 1 attempt under way ends at another time now." in page.words
    assert "1.5 times the limit, closes on Friday at 12:00, 3 attempts" in page.words
    words = student.open(f"/sets/{slug}").words
    assert "With your extra time you have 1 hour" in words
    assert "It closes on Friday at 12:00." in words
    assert "You can take it three times" in words


def test_a_closed_set_is_open_on_its_page_for_whom_it_was_opened(
    session: Session, cast: Cast, made: Made, slug: str, clock: Clock, visitor: Browser
) -> None:
    attempt = start(session, cast.student, slug, clock)
    finish(session, cast.student, attempt.id, clock.now)
    start(session, cast.classmate, slug, clock)
    close(session, made.set_id, cast.teacher, clock.now)
    clock.advance(minutes=1)
    given = Given(closes_at=clock.now + timedelta(days=1), attempts_allowed=2)
    give(session, made.set_id, cast.teacher, cast.student, given, clock.now)
    assert session.get_one(ItemSet, made.set_id).status == "closed"
    session.commit()
    assert "Start quiz" in visitor(cast.student).open(f"/sets/{slug}").buttons()
    assert "This set is closed." in visitor(cast.classmate).open(f"/sets/{slug}").words
