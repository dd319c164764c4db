"""Regrades: seen before, carried out once however often, taken back whole; memory and learners' pages follow."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from random import Random
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from quizapp.authoring.variants import accept_in_set
from quizapp.background.jobs import run_jobs
from quizapp.background.sweeps import Turn
from quizapp.config import Settings
from quizapp.learning.marks import Mark
from quizapp.learning.rebuilding import differences
from quizapp.marking import regrades
from quizapp.marking.marks import mark_answer
from quizapp.marking.regrades import JOB, changes, keys, regrade_answer, run_regrade, start_regrade, take_back_regrade
from quizapp.models import Card, Job, Regrade, Response, Review
from tests.conftest import Cast, Clock
from tests.marking.conftest import row_of, score_of
from tests.pages import Visitor
from tests.taken_sets import TakenSet

Browser = Callable[..., Visitor]


@pytest.fixture
def widened(session: Session, cast: Cast, clock: Clock, taken_set: TakenSet) -> int:
    """The version that accepts “Halcyon” too."""
    accept_in_set(session, taken_set.of.set_id, taken_set.typed, cast.teacher, "Halcyon", clock.now)
    session.commit()
    version_id = keys(session, taken_set.typed)[0].version_id
    session.rollback()
    return version_id


def carried_out(
    session: Session, cast: Cast, clock: Clock, made: TakenSet, policy: str, version_id: int | None = None
) -> Regrade:
    submission_id = uuid.uuid4()
    for _ in range(2):
        start_regrade(
            session, made.of, made.typed, policy, version_id, "Both names are right.",
            submission_id=submission_id, teacher_id=cast.teacher, now=clock.now,
        )  # fmt: skip
    return session.scalars(select(Regrade).where(Regrade.submission_id == submission_id)).one()


def everything(session: Session, made: TakenSet) -> list[Any]:
    """Return every card and score."""
    session.expire_all()
    scores = [score_of(session, made, learner_id) for learner_id in made.attempts]
    cards = session.scalars(select(Card).order_by(Card.learner_id, Card.item_id)).all()
    return [
        *scores,
        *((card.learner_id, card.item_id, card.stability, card.due_at, card.reviews, card.phase) for card in cards),
    ]


@pytest.mark.parametrize(
    ("policy", "student", "classmate"),
    [("replace", (1, 2), (1, 2)), ("never_lower", (1, 2), (1, 2)), ("full", (1, 2), (1, 2)), ("drop", (0, 1), (0, 1))],
)
def test_each_policy_is_previewed_carried_out_and_taken_back(
    session: Session, cast: Cast, clock: Clock, taken_set: TakenSet, widened: int, policy: str,
    student: tuple[float, float], classmate: tuple[float, float],
) -> None:  # fmt: skip
    version_id = widened if policy in regrades.BY_KEY else None
    before = everything(session, taken_set)
    previewed = changes(session, taken_set.of, taken_set.typed, policy, version_id)
    regrade = carried_out(session, cast, clock, taken_set, policy, version_id)
    assert score_of(session, taken_set, cast.student) == student
    assert score_of(session, taken_set, cast.classmate) == classmate
    for change in previewed:
        assert row_of(session, taken_set, change.learner_id, 2).score == change.after
    assert list(differences(session)) == []
    for _ in range(2):
        assert take_back_regrade(session, taken_set.of, regrade.id, teacher_id=cast.teacher, now=clock.now)
    assert everything(session, taken_set) == before
    assert list(differences(session)) == []


def test_a_narrower_key_lowers_only_where_that_was_asked_for(
    session: Session, cast: Cast, clock: Clock, taken_set: TakenSet, widened: int
) -> None:
    carried_out(session, cast, clock, taken_set, "replace", widened)
    first = keys(session, taken_set.typed)[-1].version_id
    carried_out(session, cast, clock, taken_set, "never_lower", first)
    assert row_of(session, taken_set, cast.student, 2).score == 1
    carried_out(session, cast, clock, taken_set, "replace", first)
    assert row_of(session, taken_set, cast.student, 2).score == 0
    assert list(differences(session)) == []


def test_what_a_person_marked_stays_and_full_marks_say_nothing_of_memory(
    session: Session, cast: Cast, clock: Clock, taken_set: TakenSet, widened: int
) -> None:
    key = cast.student, 1, taken_set.typed
    mark_answer(session, taken_set.of, key, Mark(uuid.uuid4(), 0.25, 0, cast.teacher), clock.now)
    kept = next(one for one in changes(session, taken_set.of, taken_set.typed, "replace", widened) if one.is_kept)
    assert kept.learner_id == cast.student
    carried_out(session, cast, clock, taken_set, "replace", widened)
    assert row_of(session, taken_set, cast.student, 2).score == 0.25
    carried_out(session, cast, clock, taken_set, "full")
    assert row_of(session, taken_set, cast.student, 2).score == 1
    assert session.get_one(Card, (cast.student, taken_set.typed, 0)).reviews == 0


def test_where_many_answered_a_worker_does_it_and_goes_on_after_a_kill(
    session: Session, cast: Cast, clock: Clock, app: Flask, settings: Settings, taken_set: TakenSet,
    monkeypatch: pytest.MonkeyPatch, visitor: Browser,
) -> None:  # fmt: skip
    monkeypatch.setattr(regrades, "MOST_AT_ONCE", 0)
    regrade = carried_out(session, cast, clock, taken_set, "drop")
    regrade_id = regrade.id
    assert regrade.done_at is None
    session.commit()
    # Killed after the first answer: what it stored stays, and the job begins again.
    regrade_answer(session, regrade_id, (cast.student, taken_set.attempts[cast.student], 2), clock.now)
    session.commit()
    page = visitor(cast.teacher).open(f"/teach/sets/{taken_set.of.set_id}/regrade/{taken_set.typed}")
    assert "Waits for its turn" in page.words
    turn = Turn("test", app.extensions["quizapp.database"], settings, clock, Random(1), lambda: False)
    assert run_jobs(turn, {JOB: run_regrade}) == {"done": 1}
    session.expire_all()
    assert session.get_one(Regrade, regrade_id).done_at == clock.now
    marks = session.scalar(select(func.count()).select_from(Response).where(Response.regrade_id == regrade_id))
    assert marks == 2
    assert not take_back_regrade(session, taken_set.of, regrade_id, teacher_id=cast.teacher, now=clock.now)
    session.commit()
    assert len(session.scalars(select(Job.id).where(Job.kind == JOB)).all()) == 2
    session.rollback()
    assert run_jobs(turn, {JOB: run_regrade}) == {"done": 1}
    session.expire_all()
    assert score_of(session, taken_set, cast.student) == (0, 2)
    assert session.get_one(Regrade, regrade_id).undone_at == clock.now
    assert list(differences(session)) == []


def test_learners_read_that_a_mark_changed_and_why(
    visitor: Browser, cast: Cast, session: Session, taken_set: TakenSet, widened: int
) -> None:
    teacher = visitor(cast.teacher)
    path = f"/teach/sets/{taken_set.of.set_id}/regrade/{taken_set.typed}"
    assert teacher.open(path).heading == "1 answer would change"
    page = teacher.press("Regrade", 422, reason="")
    assert "the learners read it" in page.words
    page = teacher.press("Regrade", reason="Both names are right.")
    assert page.heading == "No mark would change"
    page = visitor(cast.student).open(f"/attempts/{taken_set.attempts[cast.student]}/review")
    assert "Both names are right." in page.words
    assert "Marked again: 1 of 1" in page.words
    page = teacher.press("Take it back")
    assert page.heading == "1 answer would change"
    assert session.scalars(select(Review.event).where(Review.event != "review").order_by(Review.received_at)).all()


def test_a_dropped_question_is_said_not_to_count(
    visitor: Browser, cast: Cast, session: Session, clock: Clock, taken_set: TakenSet
) -> None:
    carried_out(session, cast, clock, taken_set, "drop")
    session.commit()
    page = visitor(cast.student).open(f"/attempts/{taken_set.attempts[cast.student]}/review")
    assert "Does not count" in page.words
    assert "Taken out of the marks" in page.words
    assert "Waits for its mark" in page.words  # the essay still does
