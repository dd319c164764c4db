"""Limits, closes, extra time and the number of attempts: what binds at the start and what may still move."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp.authoring.publishing import close, close_due, reopen
from quizapp.core.rules import Rules, deadline
from quizapp.errors import NotAllowed
from quizapp.models import Attempt, AuditEntry, ItemSet, Person
from quizapp.quizzes.attempts import start_set
from quizapp.quizzes.finishing import finish, grade_attempt
from quizapp.web.deadlines import move_deadlines_of_person, move_deadlines_of_set
from tests.conftest import MONDAY, Cast, Clock
from tests.histories import make_set, type_answer
from tests.pages import Visitor

Browser = Callable[..., Visitor]
MINUTES = timedelta(minutes=1)


@pytest.fixture
def timed(session: Session, cast: Cast) -> ItemSet:
    item_set = make_set(session, cast.teacher, "Weekly test", MONDAY)
    item_set.rules = {"feedback": "at_end", "limit_seconds": 600, "attempts_allowed": 2, "is_shuffled": False}
    session.commit()
    return item_set


def start(session: Session, learner_id: int, now: datetime) -> Attempt:
    attempt_id = start_set(session, learner_id, "weekly-test", uuid.uuid4(), seed=1, now=now)
    return session.get_one(Attempt, (learner_id, attempt_id))


def words_of(person: Visitor) -> str:
    assert person.page is not None
    return person.page.words


def filled(person: Visitor) -> dict[str, Any]:
    assert person.page is not None
    named = [control.get("name", "") for tag in ("input", "select") for control in person.page.all(tag)]
    return {name: "a word" for name in named if name.startswith("gap-") or name == "text"}


class TestTheDeadline:
    @given(
        limit=st.integers(1, 24 * 3600) | st.none(),
        extra=st.sampled_from([0.0, 0.25, 0.5, 1.0, 2.0, None]),
        after=st.integers(0, 366 * 24 * 3600),
        closes=st.integers(-3600, 30 * 3600) | st.none(),
    )
    def test_it_is_the_earlier_of_limit_and_close_whatever_the_extra_time(
        self, limit: int | None, extra: float | None, after: int, closes: int | None
    ) -> None:
        started = MONDAY + timedelta(seconds=after)
        closes_at = None if closes is None else started + timedelta(seconds=closes)
        found = deadline(Rules(limit_seconds=limit), started, closes_at, None if extra is None else 1 + extra)
        lasts = None if limit is None or extra is None else limit * (1 + extra)
        ends = [end for end in (lasts, closes) if end is not None]
        assert (None if found is None else (found - started).total_seconds()) == (min(ends) if ends else None)

    @pytest.mark.parametrize("zone", ["Europe/Berlin", "Australia/Lord_Howe", "Asia/Kolkata", "America/New_York"])
    def test_a_limit_is_as_long_over_a_change_of_clocks_and_in_zones_of_half_hours(self, zone: str) -> None:
        for month, day in ((3, 29), (10, 25), (4, 5), (10, 4), (3, 8), (11, 1)):
            started = datetime(2026, month, day, 1, 50, tzinfo=ZoneInfo(zone))
            found = deadline(Rules(limit_seconds=1200), started.astimezone(UTC), None)
            assert found is not None
            assert found - started.astimezone(UTC) == 20 * MINUTES
            assert found.utcoffset() == timedelta(0)

    def test_it_is_stored_at_the_start_with_the_learners_extra_time(
        self, session: Session, cast: Cast, timed: ItemSet
    ) -> None:
        session.get_one(Person, cast.classmate).time_factor = 1.5
        session.get_one(Person, cast.colleague).time_factor = None
        session.flush()
        people = (cast.student, cast.classmate, cast.colleague)
        ends = [start(session, person_id, MONDAY).deadline_at for person_id in people]
        assert ends == [MONDAY + 10 * MINUTES, MONDAY + 15 * MINUTES, None]
        timed.closes_at = MONDAY + 12 * MINUTES
        assert move_deadlines_of_set(session, timed, cast.teacher, MONDAY) == 2
        rows = session.scalars(select(Attempt).order_by(Attempt.learner_id)).all()
        assert [row.deadline_at for row in rows] == [MONDAY + minutes * MINUTES for minutes in (10, 12, 12)]

    def test_more_time_for_somebody_moves_their_attempts_under_way_and_not_those_that_ended(
        self, session: Session, cast: Cast, timed: ItemSet, clock: Clock
    ) -> None:
        ended = start(session, cast.student, clock.now)
        under_way = start(session, cast.student, clock.advance(minutes=10))
        session.get_one(Person, cast.student).time_factor = 2.0
        assert move_deadlines_of_person(session, cast.student, cast.admin, clock.now) == 1
        assert (ended.deadline_at, under_way.deadline_at) == (MONDAY + 10 * MINUTES, MONDAY + 30 * MINUTES)
        entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "deadlines.moved")).one()
        assert (entry.actor_id, entry.subject_id, entry.detail) == (cast.admin, str(cast.student), {"attempts": 1})


class TestStarting:
    def test_only_as_often_as_allowed_and_the_same_form_again_is_the_same_attempt(
        self, session: Session, cast: Cast, timed: ItemSet, clock: Clock
    ) -> None:
        first = start(session, cast.student, clock.now)
        assert start(session, cast.student, clock.now).id == first.id
        second = start(session, cast.student, clock.advance(minutes=10))  # nobody closed the first one yet
        assert (second.number, first.closed_at) == (2, None)
        finish(session, cast.student, second.id, clock.now)
        with pytest.raises(NotAllowed, match="2 times, and you have"):
            start(session, cast.student, clock.now)
        assert start_set(session, cast.student, timed.slug, second.id, seed=1, now=clock.now) == second.id

    def test_not_after_the_close(self, session: Session, cast: Cast, timed: ItemSet) -> None:
        timed.closes_at = MONDAY
        session.flush()
        with pytest.raises(NotAllowed, match="closed"):
            start(session, cast.student, MONDAY)


class TestClosing:
    def test_a_close_by_hand_ends_what_is_under_way_and_counts_what_is_saved(
        self, session: Session, cast: Cast, timed: ItemSet, clock: Clock
    ) -> None:
        attempt = start(session, cast.student, clock.now)
        type_answer(session, cast.student, attempt.id, 1, {"choice": "a"}, clock.now)
        close(session, timed.id, cast.teacher, clock.advance(minutes=2))
        assert attempt.deadline_at == clock.now
        finish(session, cast.student, attempt.id, clock.advance(minutes=5))
        grade_attempt(session, cast.student, attempt.id, clock.now)
        assert (attempt.outcome, attempt.answered_count) == ("expired", 1)
        reopen(session, timed.id, cast.teacher, clock.now)
        assert attempt.deadline_at == attempt.closed_at
        assert start(session, cast.student, clock.now).deadline_at == clock.now + 10 * MINUTES

    def test_a_set_closes_at_its_moment_and_reopens_without_it(
        self, session: Session, cast: Cast, timed: ItemSet, clock: Clock
    ) -> None:
        timed.closes_at = clock.now + MINUTES
        session.flush()
        assert close_due(session, clock.now) == {"closed": 0}
        assert close_due(session, clock.advance(hours=1)) == {"closed": 1}
        assert (timed.status, timed.closed_at) == ("closed", MONDAY + MINUTES)
        assert close_due(session, clock.now) == {"closed": 0}
        reopen(session, timed.id, cast.teacher, clock.now)
        session.refresh(timed)
        assert [timed.status, timed.closes_at] == ["published", None]


class TestPages:
    def test_a_set_says_what_binds_before_the_start(
        self, session: Session, visitor: Browser, cast: Cast, timed: ItemSet
    ) -> None:
        timed.closes_at = MONDAY + timedelta(days=1)
        session.get_one(Person, cast.classmate).time_factor = 1.5
        session.commit()
        page = visitor(cast.student).open("/sets/weekly-test")
        assert "You have 10 minutes from the start. You can take it twice. It closes tomorrow at 09:00." in page.words
        assert "When the time is up, what is saved counts." in page.words
        assert "With your extra time you have 15 minutes." in visitor(cast.classmate).open(page.path).words

    def test_past_its_deadline_it_is_closed_everywhere_though_nobody_came_to_close_it(
        self, session: Session, visitor: Browser, cast: Cast, timed: ItemSet, clock: Clock
    ) -> None:
        person = visitor(cast.student)
        person.open("/sets/weekly-test")
        question = person.press("Start quiz")
        assert question.heading
        home = question.path.rpartition("/")[0]
        clock.advance(minutes=10)
        for path in (question.path, home, f"{home}/finish", f"{home}/review"):
            assert person.open(path).heading == "The time is up"
        assert "about a minute" in words_of(person)
        assert "0/3 answered" in person.open("/attempts").words
        assert "Continue" not in words_of(person)
        assert "Weekly test" not in person.open("/").words
        assert "Time is up" in person.open("/sets/weekly-test").words
        assert "1 time more" in words_of(person)
        clock.advance(seconds=61)
        person.open(question.path)
        assert person.press("Show the result").heading == "0 of 3 right"

    def test_what_was_pressed_just_before_the_end_counts_and_later_is_told(
        self, session: Session, visitor: Browser, cast: Cast, timed: ItemSet, clock: Clock
    ) -> None:
        early, late = visitor(cast.student), visitor(cast.classmate)
        for person in (early, late):
            person.open("/sets/weekly-test")
            person.press("Start quiz")
        clock.advance(minutes=10, seconds=59)
        answer = filled(early)
        assert answer
        assert early.press("Next", **answer).heading == "The time is up"
        clock.advance(seconds=2)
        assert "The time for this quiz is up" in late.press("Next", **answer).text
        session.expire_all()
        counts = {row.learner_id: row.answered_count for row in session.scalars(select(Attempt))}
        assert counts == {cast.student: 1, cast.classmate: 0}

    def test_the_time_left_is_told_by_the_server_and_more_of_it_reaches_a_quiz_under_way(
        self, session: Session, visitor: Browser, cast: Cast, timed: ItemSet, clock: Clock
    ) -> None:
        person, admin = visitor(cast.student), visitor(cast.admin)
        person.open("/sets/weekly-test")
        question = person.press("Start quiz")
        assert "Until today at 09:10" in question.text
        address = question.all("div", class_="clock noprint")[0].get("data-clock", "")
        clock.advance(minutes=4)
        assert person.client.get(address).json == {"left": 6 * 60_000}
        admin.open(f"/admin/people/{cast.student}")
        assert "1 quiz under way got it too" in admin.press("Save extra time", extra="2").text
        answer = person.client.get(address)
        assert (answer.json, answer.headers["Cache-Control"]) == ({"left": 16 * 60_000}, "no-store")
        admin.press("Save extra time", extra="none")
        assert person.client.get(address).json == {"left": None}
        assert "Until" not in person.open(question.path).text
        assert "For you it has no time limit" in person.open("/sets/weekly-test").words
        admin.press("Save extra time", extra="1")
        clock.advance(minutes=6)
        assert person.client.get(address).json == {"left": 0}
        entries = session.scalars(select(AuditEntry).where(AuditEntry.action == "person.extra_time")).all()
        assert [entry.detail for entry in entries] == [{"factor": 2.0}, {"factor": None}, {"factor": 1.0}]
