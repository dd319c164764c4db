"""Fits as a job, and the page that tells how good the predictions were."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from datetime import timedelta
from random import Random

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp.background.jobs import run_jobs
from quizapp.background.sweeps import Turn
from quizapp.config import Settings
from quizapp.core.memory import Fsrs6
from quizapp.learning.rebuilding import differences, rebuild
from quizapp.models import Card, Item, Job, MemoryFit, Person, Review
from quizapp.progress.fit_requests import EVERYBODY, JOB, ask_for_fit, due_fits, fit_memory
from tests.builders import counted_queries
from tests.conftest import Cast, Clock
from tests.core.memory.simulated import FORGETFUL6, simulated_log
from tests.histories import items_of, review, study
from tests.pages import Visitor

Browser = Callable[..., Visitor]


@pytest.fixture
def turn(app: Flask, settings: Settings, clock: Clock) -> Turn:
    return Turn("jobs", app.extensions["quizapp.database"], settings, clock, Random(1), lambda: False)


def learnt(session: Session, learner_id: int, clock: Clock, reviews: int, seed: int = 1) -> None:
    """Write the log of a forgetful learner, whose memory is not that of the defaults, up to now."""
    items = session.scalars(select(Item).where(Item.status == "published").order_by(Item.id)).all()
    log = simulated_log(Fsrs6(FORGETFUL6), reviews, seed=seed)
    at: dict[str, float] = {}
    rows: list[Review] = []
    for each in log:
        number = int(each.card)
        at[each.card] = at.get(each.card, number / 12) + each.elapsed_days
    first = clock.now - timedelta(days=max(at.values()) + 1)
    at.clear()
    for each in log:
        number = int(each.card)
        at[each.card] = at.get(each.card, number / 12) + each.elapsed_days
        moment, item = first + timedelta(days=at[each.card]), items[number % len(items)]
        rows.append(
            Review(
                learner_id=learner_id, id=uuid.uuid5(uuid.NAMESPACE_OID, f"{learner_id} {len(rows)}"),
                item_id=item.id, part=number // len(items), item_version_id=item.id, topic_id=item.topic_id,
                source="card", kind=item.kind, rating=int(each.rating), reviewed_at=moment, received_at=moment,
                time_zone="UTC", study_day=moment.date(), seen_reviews=0, target_retention=0.9,
                due_at=moment + timedelta(days=1), phase_before="new", phase_after="review",
            )
        )  # fmt: skip
    session.add_all(rows)
    session.flush()
    rebuild(session, learner_id)
    session.commit()


def newest_fit(session: Session) -> MemoryFit:
    session.rollback()
    return session.scalars(select(MemoryFit).order_by(MemoryFit.id.desc()).limit(1)).one()


def test_a_fit_that_proves_better_is_taken_up_and_told(
    session: Session, cast: Cast, clock: Clock, turn: Turn, visitor: Browser
) -> None:
    learnt(session, cast.student, clock, 1_500)
    due_at = {(card.item_id, card.part): card.due_at for card in session.scalars(select(Card))}
    assert due_fits(session, clock.now) == [(EVERYBODY,), (cast.student,)]
    for (learner_id,) in due_fits(session, clock.now):
        ask_for_fit(session, learner_id, clock.now)
        ask_for_fit(session, learner_id, clock.now)
    session.commit()
    assert due_fits(session, clock.now) == []
    session.rollback()
    assert run_jobs(turn, {JOB: fit_memory}) == {"done": 2}
    fit = newest_fit(session)
    assert (fit.learner_id, fit.is_accepted, fit.reviews, fit.counted) == (cast.student, True, 1_500, 1_500)
    assert fit.report["scores"]["used"]["log_loss"] < fit.report["scores"]["before"]["log_loss"]
    assert session.get_one(Person, cast.student).parameters_id == fit.id
    cards = session.scalars(select(Card)).all()
    assert {card.parameters_id for card in cards} == {fit.id}
    assert {(card.item_id, card.part): card.due_at for card in cards} == due_at
    assert list(differences(session)) == []
    assert due_fits(session, clock.now) == []
    session.rollback()
    page = visitor(cast.student).open("/predictions")
    assert "fitted to 1500 reviews of yours" in page.words
    assert "Taken up" in page.words
    assert "In use for you" in page.words
    assert "Minutes a day" in page.words
    other = visitor(cast.classmate).open("/predictions")
    assert "with FSRS-6 and its standard numbers" in other.words
    assert "Taken up" not in other.words


def test_a_short_log_is_tried_and_told_without_a_number(
    session: Session, cast: Cast, clock: Clock, turn: Turn, visitor: Browser
) -> None:
    study(session, cast.student, items_of(session)[:1], clock.now)
    review(session, cast.student, items_of(session)[0], 3, clock.now)
    session.commit()
    student = visitor(cast.student)
    assert "No number yet" in student.open("/predictions").words
    student.press("Fit again now")
    assert "A fit is under way" in student.open("/predictions").words
    session.rollback()
    assert run_jobs(turn, {JOB: fit_memory}) == {"done": 1}
    fit = newest_fit(session)
    assert (fit.is_accepted, fit.reviews) == (False, 1)
    assert session.get_one(Person, cast.student).parameters_id == 0
    session.rollback()
    told = student.open("/predictions").words
    assert "Too few to judge" in told
    assert not re.search(r"\d\.\d", told)
    assert "There is no estimate yet" in told


def test_the_page_costs_the_same_however_many_fits_there_are(
    app: Flask, session: Session, cast: Cast, clock: Clock, turn: Turn, visitor: Browser
) -> None:
    student = visitor(cast.student)
    with counted_queries(app) as few:
        student.open("/predictions")
    for _ in range(3):
        session.add(Job(kind=JOB, payload={"learner": cast.student}, owner_id=cast.student, created_at=clock.now,
                        run_at=clock.now))  # fmt: skip
    session.commit()
    run_jobs(turn, {JOB: fit_memory})
    with counted_queries(app) as many:
        student.open("/predictions")
    assert len(few) == len(many) <= 5
