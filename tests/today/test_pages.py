"""The start page: for a visitor, a newcomer, a teacher, and somebody with cards, quizzes and topics."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from quizapp.models import Evidence, Person, Topic
from tests.builders import counted_queries, listed_count
from tests.conftest import Cast, Clock
from tests.histories import answer, items_of, make_attempt, review, study
from tests.pages import Visitor

Browser = Callable[..., Visitor]


def test_a_visitor_is_shown_the_real_thing(visitor: Browser, session: Session) -> None:
    page = visitor().open("/")
    assert page.heading == "Learn what you read, and keep it"
    assert {"Sign up", "Sign in", "Browse topics"} <= set(page.links())
    assert f"10 topics, {listed_count(session)} questions." in page.words
    marks = {mark.text for mark in page.all("mark")}
    assert marks <= set(session.scalars(select(Evidence.quote)))
    assert marks
    assert "Right answer" in page.words
    assert "Why: " in page.words


def test_without_passages_the_page_for_visitors_still_stands(visitor: Browser, session: Session) -> None:
    session.execute(update(Topic).values(is_listed=False))
    session.commit()
    page = visitor().open("/")
    assert not page.all("mark")
    assert "0 topics" not in page.words


def test_a_newcomer_is_led_to_a_first_quiz(visitor: Browser, cast: Cast) -> None:
    page = visitor(cast.student).open("/")
    assert page.heading == "Start with one short quiz"
    assert page.links()["Take a first quiz"] == "/quizzes/new"
    assert page.links()["Read a passage"] == "/topics"
    assert "Go to Teach" not in page.links()
    assert "%" not in page.words


def test_a_new_teacher_is_led_to_writing(visitor: Browser, cast: Cast) -> None:
    page = visitor(cast.teacher).open("/")
    assert page.heading == "Write questions, or answer some"
    assert page.links()["Go to Teach"] == "/teach"


def test_a_day_with_cards_says_how_many_how_long_and_where_from(
    visitor: Browser, session: Session, cast: Cast, clock: Clock
) -> None:
    answer(session, cast.student, items_of(session), 1.0, clock.now)
    answer(session, cast.student, items_of(session, 1), 0.0, clock.now)
    study(session, cast.student, items_of(session, 2), clock.now)
    make_attempt(session, cast.student, clock.now, is_closed=False)
    make_attempt(session, cast.classmate, clock.now, is_closed=False)
    session.commit()
    clock.advance(days=8, hours=2)
    page = visitor(cast.student).open("/")
    due = int(page.heading.split()[0])
    assert page.heading == f"{due} cards are due today"
    assert page.words.startswith("Tuesday 24 November")
    assert page.links()[f"Review {due} cards"] == "/cards"
    assert "About" in page.words or "Less than a minute." in page.words
    assert page.words.count("4/10 answered") == 1
    assert "Saved 16 November at 09:00" in page.words
    assert "Likely to recall today" in page.words
    assert page.links()["All ten topics"] == "/progress"
    assert 2 <= len(page.all("svg", class_="recall")) + len(page.all("svg", class_="recall is-due")) <= 5


def test_the_minutes_come_from_the_learners_own_pace(
    visitor: Browser, session: Session, cast: Cast, clock: Clock
) -> None:
    item_ids = items_of(session)
    study(session, cast.student, item_ids, clock.now)
    for item_id in item_ids[:4]:
        for _ in range(3):  # 12 seconds each
            review(session, cast.student, item_id, 3, clock.now)
            clock.advance(minutes=11)
    for place in (1, 2, 3):
        study(session, cast.student, items_of(session, place), clock.now)
    session.execute(update(Person).where(Person.id == cast.student).values(new_cards_per_day=200))
    session.commit()
    page = visitor(cast.student).open("/")
    due = int(page.heading.split()[0])
    assert round(due * 12 / 60) != round(due * 10 / 60)
    names = {2: "two", 3: "three", 4: "four", 5: "five", 6: "six"}
    assert f"About {names[round(due * 12 / 60)]} minutes." in page.words


def test_with_nothing_due_the_page_says_when_cards_come_back(
    visitor: Browser, session: Session, cast: Cast, clock: Clock
) -> None:
    (item_id, other, *_) = items_of(session)
    study(session, cast.student, [item_id], clock.now)
    review(session, cast.student, item_id, 4, clock.now)
    answer(session, cast.student, [other], 1.0, clock.now)
    session.commit()
    page = visitor(cast.student).open("/")
    assert page.heading == "Nothing is due today"
    assert "The next card comes back" in page.words
    assert "Study ahead" in page.links()
    assert page.links()["Take a quiz"] == "/quizzes/new"


def test_with_nothing_due_an_open_quiz_is_the_next_step(
    visitor: Browser, session: Session, cast: Cast, clock: Clock
) -> None:
    attempt_id = make_attempt(session, cast.student, clock.now, is_closed=False)
    session.commit()
    page = visitor(cast.student).open("/")
    assert page.heading == "Nothing is due today"
    assert page.links()["Continue the quiz"] == f"/attempts/{attempt_id}"


def test_the_day_is_the_learners_day(visitor: Browser, session: Session, cast: Cast, clock: Clock) -> None:
    session.execute(update(Person).where(Person.id == cast.student).values(time_zone="Pacific/Auckland"))
    session.commit()
    clock.advance(hours=8)  # 17:00 UTC is 06:00 on Tuesday there
    assert visitor(cast.student).open("/").words.startswith("Tuesday 17 November")
    assert visitor(cast.classmate).open("/").words.startswith("Monday 16 November")


def test_the_page_costs_the_same_however_much_there_is(
    app: Flask, visitor: Browser, session: Session, cast: Cast, clock: Clock
) -> None:
    study(session, cast.student, items_of(session)[:2], clock.now)
    answer(session, cast.student, items_of(session)[2:], 0.0, clock.now - timedelta(days=1))
    make_attempt(session, cast.student, clock.now, is_closed=False)
    session.commit()
    counts = [cost(app, visitor(cast.student))]
    for place in range(10):
        answer(session, cast.student, items_of(session, place), 0.0, clock.now)
        study(session, cast.student, items_of(session, place), clock.now)
        make_attempt(session, cast.student, clock.now, is_closed=False)
    session.commit()
    clock.advance(hours=1)
    counts.append(cost(app, visitor(cast.student)))
    assert counts == [8, 8]
    assert cost(app, visitor(cast.classmate)) == 6
    assert cost(app, visitor()) == 3


def cost(app: Flask, browser: Visitor) -> int:
    with counted_queries(app) as statements:
        browser.open("/")
    return len(statements)
