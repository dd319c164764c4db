"""The page of one card: where it stands, its reviews, its curve."""

from __future__ import annotations

import uuid
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select

from quizapp.learning.reviews import QuizAnswer, rate, record_quiz_answers
from quizapp.models import Item, ItemVersion
from tests.builders import counted_queries
from tests.conftest import Cast, Clock
from tests.flashcards.conftest import Study
from tests.flashcards.test_review_pages import FLASHCARD
from tests.pages import Page, Visitor, words

Open = Callable[..., Visitor]


def history(page: Page) -> list[list[str]]:
    return [[words(cell) for cell in row] for row in page.all("tr")][1:]


def reviewed(app: Flask, learner_id: int, item_id: int, rating: int, clock: Clock, seen: int) -> None:
    with app.extensions["quizapp.database"].write_session() as session:
        rate(
            session, learner_id, (item_id, 0), rating,
            review_id=uuid.uuid4(), seen_reviews=seen, milliseconds=4200, now=clock.now,
        )  # fmt: skip


def test_a_new_card_has_neither_reviews_nor_a_curve(study: Study, visitor: Open, cast: Cast) -> None:
    (item_id,) = study(FLASHCARD)
    page = visitor(cast.student).open(f"/cards/{item_id}.0")
    assert page.heading == FLASHCARD.stem
    assert "It has not been asked yet." in page.words
    assert "CANARY" not in page.text
    assert [svg for svg in page.all("svg") if svg.get("role") == "img"] == []


def test_reviews_are_listed_with_what_was_expected_and_drawn_as_dots(
    app: Flask, study: Study, visitor: Open, cast: Cast, clock: Clock
) -> None:
    (item_id,) = study(FLASHCARD)
    reviewed(app, cast.student, item_id, 4, clock, 0)
    clock.advance(days=8)
    reviewed(app, cast.student, item_id, 1, clock, 1)
    clock.advance(minutes=10)
    page = visitor(cast.student).open(f"/cards/{item_id}.0")
    newest, first = history(page)
    assert newest[1:] == ["Card", "Again", "90 %", "10 min", "4 s"]
    days = first.pop(4)
    assert first[1:] == ["Card", "Easy", "–", "4 s"]
    assert days in {f"{number} days" for number in range(6, 11)}  # 8, spread over the days around
    (chart,) = [svg for svg in page.all("svg") if svg.get("role") == "img"]
    assert len(list(chart.iter("circle"))) == 2
    assert chart.get("aria-label", "").startswith("Chance of recalling this card over 2 reviews: ")
    assert "Forgotten1 time" in page.words


def test_a_quiz_answer_stands_in_the_history_and_a_rating_taken_back_does_not(
    app: Flask, study: Study, visitor: Open, cast: Cast, clock: Clock
) -> None:
    (item_id,) = study(count=1, kind="true_false")
    with app.extensions["quizapp.database"].write_session() as session:
        topic_id = session.get_one(Item, item_id).topic_id
        version_id = session.scalars(select(ItemVersion.id).where(ItemVersion.item_id == item_id)).one()
        answer = QuizAnswer(
            uuid.uuid4(), item_id, version_id, topic_id, uuid.uuid4(), "true_false", 2, 0.5, 1.0
        )  # fmt: skip
        record_quiz_answers(session, cast.student, [answer], clock.now)
    clock.advance(minutes=5)
    browser = visitor(cast.student)
    browser.open(f"/cards?card={item_id}.0")
    browser.press("Show answer")
    page = browser.press("Again")
    page = browser.open(f"/cards/{item_id}.0")
    assert [row[1:3] for row in history(page)] == [["Card", "Again"], ["Quiz", "Right, as Good"]]
    browser.open("/cards")
    browser.press("Undo Again")
    page = browser.open(f"/cards/{item_id}.0")
    assert [row[1:3] for row in history(page)] == [["Quiz", "Right, as Good"]]


def test_what_can_be_done_with_the_card_is_done_in_place(study: Study, visitor: Open, cast: Cast) -> None:
    (item_id,) = study(FLASHCARD)
    browser = visitor(cast.student)
    browser.open(f"/cards/{item_id}.0")
    page = browser.press("Suspend")
    assert page.path == f"/cards/{item_id}.0"
    assert "Ask me this card" not in page.links()
    page = browser.press("Undo suspending")
    assert page.path == f"/cards/{item_id}.0"
    assert browser.follow("Ask me this card").heading == FLASHCARD.stem


def test_a_card_of_somebody_else_s_is_not_found(study: Study, visitor: Open, cast: Cast) -> None:
    (item_id,) = study(FLASHCARD)
    visitor(cast.classmate).open(f"/cards/{item_id}.0", 404)
    visitor(cast.student).open(f"/cards/{item_id}.7", 404)
    visitor(cast.student).open("/cards/nonsense", 404)


@pytest.mark.parametrize("number", [1, 120])
def test_the_page_asks_three_questions_of_the_database_and_shows_a_hundred_reviews(
    app: Flask, study: Study, visitor: Open, cast: Cast, clock: Clock, number: int
) -> None:
    (item_id,) = study(FLASHCARD)
    for seen in range(number):
        reviewed(app, cast.student, item_id, 3, clock, seen)
        clock.advance(hours=30)
    browser = visitor(cast.student)
    with counted_queries(app) as statements:
        page = browser.open(f"/cards/{item_id}.0")
    assert len(statements) == 3
    assert len(history(page)) == min(number, 100)
    assert ("These are the newest 100." in page.words) == (number > 100)
