"""What is shown when nothing is left: the first step, today's reviews, the limit, the next date, studying ahead."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from quizapp.authoring.items import set_enemies
from quizapp.models import Card, Person, Review
from tests.builders import counted_queries
from tests.conftest import Cast, Clock
from tests.flashcards.conftest import Stored, Study
from tests.pages import Page, Visitor

Open = Callable[..., Visitor]


def review_all(browser: Visitor, clock: Clock, *ratings: str, path: str = "/cards") -> Page:
    """Rate every card that comes, going round in `ratings`; return the page that follows the last one."""
    page = browser.open(path)
    for number in range(200):
        if "Show answer" not in page.buttons():
            return page
        browser.press("Show answer")
        clock.advance(seconds=10)
        page = browser.press(ratings[number % len(ratings)], milliseconds=30_000)
    raise AssertionError("the session does not end")


def test_before_the_first_card_the_page_leads_to_a_topic(visitor: Open, cast: Cast) -> None:
    page = visitor(cast.student).open("/cards")
    assert page.heading == "Your cards will live here"
    assert page.links()["Choose a topic"] == "/topics"


def test_a_topic_without_cards_leads_to_its_page(study: Study, visitor: Open, cast: Cast) -> None:
    study(count=2, topic="nato-role-in-ukraine")
    page = visitor(cast.student).open("/cards?topic=security-guarantees")
    assert page.heading == "No cards in Security guarantees"
    assert page.links()["Open the topic"] == "/topics/security-guarantees"


def test_the_summary_counts_reviews_recall_and_time_by_topic(
    study: Study, visitor: Open, cast: Cast, clock: Clock
) -> None:
    study(count=4, topic="nato-role-in-ukraine", kind="flashcard")
    study(count=4, topic="security-guarantees", kind="flashcard")
    page = review_all(visitor(cast.student), clock, "Again", "Easy")
    rows = [" ".join("".join(row.itertext()).split()) for row in page.all("tr")]
    reviews = int(page.heading.split()[0])
    assert page.heading == f"{reviews} reviews today, {reviews // 2} recalled"
    assert any(row.startswith("NATO’s role in Ukraine") for row in rows)
    assert rows[-1] == f"All topics {reviews} {reviews // 2} 50 % {reviews // 2} min"
    assert page.words.count("The next card is due") == 1


def test_new_cards_beyond_the_limit_are_told_of_and_come_the_next_day(
    app: Flask, study: Study, visitor: Open, cast: Cast, clock: Clock
) -> None:
    with app.extensions["quizapp.database"].write_session() as session:
        session.get_one(Person, cast.student).new_cards_per_day = 3
    study(count=20, kind="single_choice")
    browser = visitor(cast.student)
    page = review_all(browser, clock, "Easy")
    assert page.heading == "3 reviews today, 3 recalled"
    assert "Today’s 3 new cards are done" in page.words
    assert "17 new cards wait for the days ahead." in page.words
    assert page.links()["Change the limit"] == "/account#study"
    assert "The next card is due tomorrow." in page.words
    clock.advance(days=1)
    assert "Show answer" in browser.open("/cards").buttons()


def test_a_new_card_that_waits_for_an_enemy_is_not_blamed_on_the_limit(
    app: Flask, study: Study, visitor: Open, cast: Cast, clock: Clock
) -> None:
    first, second = study(count=2, kind="flashcard")
    with app.extensions["quizapp.database"].write_session() as session:
        set_enemies(session, [first, second], [(first, second)])
    page = review_all(visitor(cast.student), clock, "Easy")
    assert page.heading == "1 review today, 1 recalled"
    assert "new card" not in page.words
    assert "The next card is due tomorrow." in page.words


def test_without_new_cards_a_day_the_page_says_so(
    app: Flask, study: Study, visitor: Open, cast: Cast, clock: Clock
) -> None:
    with app.extensions["quizapp.database"].write_session() as session:
        session.get_one(Person, cast.student).new_cards_per_day = 0
    study(count=1)
    page = visitor(cast.student).open("/cards")
    assert page.heading == "Nothing is due now"
    assert "No more new cards today" in page.words
    assert "1 new card waits" in page.words


def test_studying_ahead_says_that_it_moves_the_schedule_shows_each_card_once_and_ends(
    study: Study, visitor: Open, cast: Cast, clock: Clock, stored: Stored
) -> None:
    study(count=5, kind="flashcard")
    browser = visitor(cast.student)
    review_all(browser, clock, "Easy")
    clock.advance(days=2)
    due = select(Card.item_id, Card.part, Card.due_at).where(Card.due_at.is_not(None))
    before = {(item_id, part): due_at for item_id, part, due_at in stored(due)}
    page = browser.open("/cards")
    assert page.heading == "Nothing is due now"
    assert "Each rating counts and moves the card’s date." in page.words
    page = browser.follow("Study ahead")
    assert "ahead of its date" in page.words
    page = review_all(browser, clock, "Good", path="/cards?ahead=1")
    assert page.heading == "Nothing is left to study ahead today"
    after = {(item_id, part): due_at for item_id, part, due_at in stored(due)}
    ratings = stored(select(Review.item_id, Review.part).where(Review.event == "review", Review.rating == 3))
    assert len(ratings) == len(set(ratings)) > 0
    assert all((after[key] > before[key]) == (key in ratings) for key in before)


def test_a_card_missed_ahead_comes_back_after_its_minutes_among_the_rest(
    study: Study, visitor: Open, cast: Cast, clock: Clock
) -> None:
    study(count=8, kind="flashcard")
    browser = visitor(cast.student)
    review_all(browser, clock, "Easy")
    clock.advance(days=2)
    missed = browser.open("/cards?ahead=1").heading
    browser.press("Show answer")
    page = browser.press("Again")
    assert page.heading != missed
    clock.advance(minutes=10)
    assert browser.open("/cards?ahead=1").heading == missed


def test_taking_back_a_rating_ahead_returns_to_its_card(study: Study, visitor: Open, cast: Cast, clock: Clock) -> None:
    study(count=3, kind="flashcard")
    browser = visitor(cast.student)
    review_all(browser, clock, "Easy")
    clock.advance(days=2)
    heading = browser.open("/cards?ahead=1").heading
    browser.press("Show answer")
    browser.press("Good")
    clock.advance(seconds=3)
    page = browser.press("Undo Good")
    assert page.heading == heading
    assert "ahead of its date" in page.words


def test_no_enemy_of_a_card_seen_today_is_studied_ahead(
    app: Flask, study: Study, visitor: Open, cast: Cast, clock: Clock, stored: Stored
) -> None:
    first, second = study(count=2, kind="flashcard")
    browser = visitor(cast.student)
    for _ in range(2):
        review_all(browser, clock, "Easy")
        clock.advance(days=1)
    with app.extensions["quizapp.database"].write_session() as session:
        set_enemies(session, [first, second], [(first, second)])
    page = review_all(browser, clock, "Good", path="/cards?ahead=1")
    assert page.heading == "Nothing is left to study ahead today"
    assert len(stored(select(Review.item_id).where(Review.rating == 3))) == 1


def test_the_last_rating_is_taken_back_from_the_summary(study: Study, visitor: Open, cast: Cast, clock: Clock) -> None:
    study(count=1, kind="flashcard")
    browser = visitor(cast.student)
    heading = browser.open("/cards").heading
    review_all(browser, clock, "Easy")
    assert browser.press("Undo Easy").heading == heading


def test_when_every_card_is_suspended_the_page_says_so(study: Study, visitor: Open, cast: Cast) -> None:
    study(count=1, kind="flashcard")
    browser = visitor(cast.student)
    browser.open("/cards")
    page = browser.press("Suspend")
    assert "All cards here are suspended." in page.words
    assert "Show answer" in browser.press("Undo suspending").buttons()


def test_a_card_that_waits_for_its_minute_is_announced(
    app: Flask, study: Study, visitor: Open, cast: Cast, clock: Clock
) -> None:
    study(count=1, kind="flashcard")
    with app.extensions["quizapp.database"].write_session() as session:
        card = session.scalars(select(Card)).one()
        was, card.due_at = card.due_at, clock.now + timedelta(minutes=25)
        card.phase = "learning"
    page = visitor(cast.student).open("/cards")
    assert "The next card returns in 25 minutes." in page.words
    with app.extensions["quizapp.database"].write_session() as session:
        card = session.scalars(select(Card)).one()
        card.due_at, card.phase = was, "new"  # as the log says


@pytest.mark.parametrize("number", [5, 60])
def test_summary_and_studying_ahead_ask_few_questions_of_the_database(
    app: Flask, study: Study, visitor: Open, cast: Cast, clock: Clock, number: int
) -> None:
    with app.extensions["quizapp.database"].write_session() as session:
        session.get_one(Person, cast.student).new_cards_per_day = 40
    study(count=number)
    browser = visitor(cast.student)
    review_all(browser, clock, "Easy")
    with counted_queries(app) as statements:
        browser.open("/cards")
    assert len(statements) <= 7
    clock.advance(days=2)
    with counted_queries(app) as statements:
        browser.open("/cards?ahead=1")
    assert len(statements) <= 7
