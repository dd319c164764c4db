"""Answers typed on cards, and the whole passage kept open from card to card."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from quizapp.core.items import Evidence, Flashcard
from quizapp.models import Person
from tests.conftest import Cast
from tests.flashcards.conftest import Study
from tests.flashcards.test_review_pages import SHORT, SINGLE, primary
from tests.pages import Page, Visitor

Open = Callable[..., Visitor]
SHORT_BACK = Flashcard(stem="Who sings?", answer="canary bird", feedback="It does.")
LONG_BACK = Flashcard(stem="Why does it sing?", answer="because it likes to be heard by others")
TWO_WAY = Flashcard(stem="canary", answer="yellow bird", is_reversible=True)


@pytest.fixture
def typing(app: Flask, cast: Cast) -> None:
    """Let the student type the answers of flashcards."""
    with app.extensions["quizapp.database"].write_session() as session:
        session.get_one(Person, cast.student).is_typing_on = True


def lines(page: Page) -> list[str]:
    """The names of the lines to type on."""
    return [field.get("name", "") for field in page.all("input") if field.get("type") == "text"]


@pytest.mark.usefixtures("typing")
@pytest.mark.parametrize(
    ("typed", "verdict", "proposed"), [("Canary-bird", "Right", ["3"]), ("sparrow", "Not right", ["1"]), ("", "", [])]
)
def test_what_is_typed_is_compared_with_the_back_and_proposes_the_rating(
    study: Study, visitor: Open, cast: Cast, typed: str, verdict: str, proposed: list[str]
) -> None:
    study(SHORT_BACK)
    browser = visitor(cast.student)
    page = browser.open("/cards")
    assert lines(page) == ["text"]
    assert "canary" not in page.text.lower()
    page = browser.press("Show answer", text=typed)
    assert primary(page) == proposed
    assert verdict in page.words
    assert "canary bird" in page.words
    assert ("The rating is yours" in page.words) == (verdict == "Not right")
    assert page.path.startswith("/cards/answer")
    browser.press("Easy")


@pytest.mark.usefixtures("typing")
def test_a_long_back_is_shown_beside_what_was_typed_and_left_to_the_learner(
    study: Study, visitor: Open, cast: Cast
) -> None:
    study(LONG_BACK)
    browser = visitor(cast.student)
    browser.open("/cards")
    page = browser.press("Show answer", text="it wants an audience")
    assert "it wants an audience" in page.words
    assert LONG_BACK.answer in page.words
    assert "Not right" not in page.words
    assert "not right" not in page.words
    assert primary(page) == []


@pytest.mark.usefixtures("typing")
def test_a_card_asked_the_other_way_round_is_typed_that_way(study: Study, visitor: Open, cast: Cast) -> None:
    (item_id,) = study(TWO_WAY)
    browser = visitor(cast.student)
    page = browser.open(f"/cards?card={item_id}.1")
    assert page.heading == "yellow bird"
    assert primary(browser.press("Show answer", text="canary")) == ["3"]


def test_without_the_setting_flashcards_have_no_line_and_short_answers_have_one(
    study: Study, visitor: Open, cast: Cast
) -> None:
    (card, short) = study(SHORT_BACK, SHORT)
    browser = visitor(cast.student)
    assert lines(browser.open(f"/cards?card={card}.0")) == []
    assert lines(browser.open(f"/cards?card={short}.0")) == ["text"]


def test_the_setting_is_the_learner_s_own_on_the_account_page(study: Study, visitor: Open, cast: Cast) -> None:
    study(SHORT_BACK)
    browser = visitor(cast.student)
    browser.open("/account")
    browser.press("Save study settings", is_typing_on="y", session_length="10")
    page = browser.open("/cards")
    assert lines(page) == ["text"]
    assert "0 of 10 cards" in page.text


def test_the_whole_passage_stays_open_from_card_to_card_until_it_is_closed(
    study: Study, visitor: Open, cast: Cast
) -> None:
    evidence = (Evidence(quote="intelligence sharing"),)
    study(
        Flashcard(stem="One?", answer="one", evidence=evidence), SINGLE,
        Flashcard(stem="Three?", answer="three", evidence=evidence),
    )  # fmt: skip
    browser = visitor(cast.student)
    is_open = []
    for kept in ("1", "1", ""):
        browser.open("/cards")
        page = browser.press("Show answer")
        is_open += [box.get("open") is not None for box in page.all("details") if box.get("data-kept")]
        browser.press("Easy", is_whole=kept)
    assert is_open == [False, True, True]
