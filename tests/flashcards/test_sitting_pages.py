"""Sessions of some length: by cards or minutes, told how far they are, and ended honestly."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from quizapp.models import Person
from tests.builders import counted_queries
from tests.conftest import Cast, Clock
from tests.flashcards.conftest import Study
from tests.pages import Visitor

Open = Callable[..., Visitor]


def reviewed(browser: Visitor, clock: Clock, rating: str, seconds: int) -> None:
    browser.press("Show answer")
    clock.advance(seconds=seconds)
    browser.press(rating)


def test_a_session_of_ten_cards_ends_with_what_was_done_and_goes_on_when_asked(
    study: Study, visitor: Open, cast: Cast, clock: Clock
) -> None:
    study(count=30)
    browser = visitor(cast.student)
    page = browser.open("/cards?length=10")
    assert "0 of 10 cards" in page.text
    for number in range(10):
        reviewed(browser, clock, "Again" if number == 4 else "Easy", 30)
    assert browser.page is not None
    assert browser.page.heading == "10 cards in 5 minutes, 9 recalled"
    assert "1 card comes back today." in browser.page.words
    assert "Undo Easy" in browser.page.buttons()
    assert "0 of 10 cards" in browser.follow("Go on").text


def test_a_session_of_five_minutes_ends_with_the_card_after_them(
    study: Study, visitor: Open, cast: Cast, clock: Clock
) -> None:
    study(count=30)
    browser = visitor(cast.student)
    browser.open("/cards?length=5m")
    for _ in range(3):
        reviewed(browser, clock, "Easy", 90)
    assert "4 of 5 minutes" in browser.open(browser.page.path if browser.page else "").text
    reviewed(browser, clock, "Easy", 90)
    assert browser.page is not None
    assert browser.page.heading == "4 cards in 6 minutes, 4 recalled"
    assert "None of these cards comes back today." in browser.page.words
    assert "left" in browser.follow("All that is due").text


def test_a_day_that_holds_no_more_says_so_and_one_can_go_on(
    study: Study, visitor: Open, session: Session, cast: Cast, clock: Clock
) -> None:
    study(count=30)
    browser = visitor(cast.student)
    browser.open("/cards")
    for _ in range(4):
        reviewed(browser, clock, "Easy", 90)
    clock.advance(days=60)
    session.get_one(Person, cast.student).week = "0000000"
    session.commit()
    page = browser.open("/cards")
    assert page.heading == "Nothing is due now"
    assert "What today holds is done" in page.words
    assert "Show answer" in " ".join(browser.follow("Go on anyway").buttons())


def test_a_rating_taken_back_is_not_counted_and_its_card_is_asked_again(
    study: Study, visitor: Open, cast: Cast, clock: Clock
) -> None:
    study(count=30)
    browser = visitor(cast.student)
    browser.open("/cards?length=10")
    for _ in range(10):
        reviewed(browser, clock, "Easy", 10)
    page = browser.press("Undo Easy")
    assert "9 of 10 cards" in page.text
    assert "Show answer" in " ".join(page.buttons())


def test_the_usual_length_begins_by_itself_and_another_day_it_begins_anew(
    app: Flask, study: Study, visitor: Open, cast: Cast, clock: Clock
) -> None:
    study(count=30)
    with app.extensions["quizapp.database"].write_session() as session:
        session.get_one(Person, cast.student).session_length = "20m"
    browser = visitor(cast.student)
    page = browser.open("/cards")
    assert "0 of 20 minutes" in page.text
    clock.advance(minutes=7)
    assert "7 of 20 minutes" in browser.open(page.path).text
    clock.advance(days=1)
    assert "0 of 20 minutes" in browser.open(page.path).text
    assert "left" in browser.open("/cards?length=all").text


@pytest.mark.parametrize("address", ["/cards?length=7", "/cards?length=5m&since=-4", "/cards?length=20&since=x"])
def test_a_length_or_a_beginning_that_no_page_writes_is_passed_over(
    study: Study, visitor: Open, cast: Cast, address: str
) -> None:
    study(count=3)
    assert "Show answer" in " ".join(visitor(cast.student).open(address).buttons())


def test_a_session_of_some_length_asks_one_question_more_of_the_database(
    app: Flask, study: Study, visitor: Open, cast: Cast
) -> None:
    study(count=20)
    browser = visitor(cast.student)
    path = browser.open("/cards?length=10").path
    with counted_queries(app) as statements:
        browser.open(path)
    assert len(statements) <= 8


def test_a_question_forgotten_for_the_eighth_time_is_pointed_out(
    study: Study, visitor: Open, cast: Cast, clock: Clock
) -> None:
    study(count=1)
    browser = visitor(cast.student)
    told = []
    for _ in range(9):
        browser.open("/cards")
        reviewed(browser, clock, "Easy", 9)
        clock.advance(days=60)
        browser.open("/cards")
        reviewed(browser, clock, "Again", 9)
        assert browser.page is not None
        told.append("forgotten this question" in browser.page.words)
        clock.advance(minutes=11)
    assert told == [False] * 7 + [True, False]
