"""Plans to a date in the browser: made, shown, followed by the queue, changed, removed, and nobody else's."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from quizapp.learning.learners import learner
from quizapp.learning.queue import due_cards, todays_cards
from quizapp.learning.rebuilding import differences
from quizapp.models import Card, Plan, Review, Topic
from tests.builders import counted_queries
from tests.conftest import Cast, Clock
from tests.histories import review, topic_slug
from tests.pages import Visitor

Browser = Callable[..., Visitor]


def topic_id(session: Session, place: int = 0) -> int:
    return session.scalars(select(Topic.id).where(Topic.slug == topic_slug(session, place))).one()


def made(visitor: Browser, session: Session, cast: Cast, clock: Clock, days: int = 21, minutes: int = 20) -> Visitor:
    browser, topic = visitor(cast.student), topic_id(session)
    session.commit()
    browser.open("/progress/plans")
    browser.press(
        "Make the plan", name="History exam", exam_on=(clock.now.date() + timedelta(days=days)).isoformat(),
        topics=[str(topic)], minutes_per_day=minutes,
    )  # fmt: skip
    return browser


def test_a_plan_is_made_once_shown_and_said_on_the_start_page(
    app: Flask, visitor: Browser, session: Session, cast: Cast, clock: Clock
) -> None:
    browser = made(visitor, session, cast, clock)
    page = browser.page
    assert page is not None
    assert page.heading.startswith("History exam in 21 days, on ")
    assert "you would recall about" in page.words
    assert "It does not all fit" not in page.words
    rows = [row for row in page.all("tr") if "Today" in "".join(row.itertext())]
    assert len(rows) == 1
    assert session.scalar(select(func.count()).where(Card.learner_id == cast.student, Card.due_at.is_not(None)))
    session.commit()
    with counted_queries(app) as statements:
        browser.open(page.path)
    assert len(statements) <= 8
    start = browser.open("/")
    assert "in 21 days" in start.words
    assert start.links()["History exam"] == page.path


def test_a_plan_that_does_not_fit_says_what_would(visitor: Browser, session: Session, cast: Cast, clock: Clock) -> None:
    browser = made(visitor, session, cast, clock, days=2, minutes=5)
    assert browser.page is not None
    if "It does not all fit" in browser.page.words:
        assert "5 minutes a day are not enough" in browser.page.words
    every = [str(one) for one in session.scalars(select(Topic.id).where(Topic.is_listed))]
    session.commit()
    browser.follow("Change or remove")
    page = browser.press("Save the plan", topics=every)
    assert "5 minutes a day are not enough for everything" in page.words


def test_mistakes_are_told_and_nothing_is_kept(visitor: Browser, session: Session, cast: Cast, clock: Clock) -> None:
    browser = visitor(cast.student)
    browser.open("/progress/plans")
    today = clock.now.date().isoformat()
    page = browser.press("Make the plan", status=422, name="", exam_on=today, topics=[], minutes_per_day="4")
    for words in ("Give it a name", "Choose a day after today", "Choose at least one topic", "Choose from 5 to 600"):
        assert words in page.words
    assert session.scalars(select(Plan)).all() == []


def test_a_plan_paces_the_cards_and_asks_for_a_last_look(
    visitor: Browser, session: Session, cast: Cast, clock: Clock
) -> None:
    made(visitor, session, cast, clock)
    ids = [card.key[0] for card in due_cards(session, learner(session, cast.student), clock.now)][:4]
    for item_id in ids:
        review(session, cast.student, item_id, 4, clock.now)
    session.commit()
    intervals = session.scalars(select(Review.interval_days).where(Review.event == "review")).all()
    assert all(5 <= (days or 0) <= 11 for days in intervals)
    assert list(differences(session)) == []
    for card in session.scalars(select(Card).where(Card.learner_id == cast.student, Card.item_id.in_(ids))):
        card.due_at = clock.now + timedelta(days=60)
    session.commit()
    clock.advance(days=10)
    person = learner(session, cast.student)
    assert not {card.key[0] for card in todays_cards(session, person, clock.now)} & set(ids)
    clock.advance(days=9)
    assert {card.key[0] for card in todays_cards(session, person, clock.now)} & set(ids)
    clock.advance(days=2)  # the exam is over, and the usual dates hold again
    assert not {card.key[0] for card in todays_cards(session, person, clock.now)} & set(ids)


def test_a_plan_is_changed_and_removed_and_strangers_find_nothing(
    visitor: Browser, session: Session, cast: Cast, clock: Clock
) -> None:
    browser = made(visitor, session, cast, clock)
    assert browser.page is not None
    path = browser.page.path
    stranger = visitor(cast.classmate)
    stranger.open(path, status=404)
    stranger.open(f"{path}/change", status=404)
    browser.follow("Change or remove")
    assert browser.press("Save the plan", status=422, minutes_per_day="many").heading == "Change the plan"
    assert "Spring exam in 21 days" in browser.press("Save the plan", name="Spring exam", minutes_per_day=20).heading
    browser.follow("Change or remove")
    page = browser.press("Remove the plan")
    assert "Removed: Spring exam." in page.words
    browser.open(path, status=404)


@pytest.mark.parametrize("exam_on", ["", "-1", "tomorrow", "0000-00-00"])
def test_what_is_no_date_is_refused_in_place(app: Flask, cast: Cast, exam_on: str) -> None:
    browser = Visitor(app, cast.student)
    browser.open("/progress/plans")
    page = browser.press("Make the plan", status=422, name="Finals", exam_on=exam_on, minutes_per_day="10")
    assert ("Choose the day of the exam." if not exam_on else "Not a valid date value.") in page.text
