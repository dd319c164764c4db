"""Taking back: ratings and choices about cards, the newest first, from the session itself."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import select

from quizapp.models import Card
from tests.conftest import Cast, Clock
from tests.flashcards.conftest import Stored, Study
from tests.flashcards.test_review_pages import FLASHCARD, SINGLE
from tests.pages import Page, Visitor

Open = Callable[..., Visitor]


def undos(page: Page) -> list[str]:
    """What the page offers to take back."""
    return [button.get("aria-label", "") for button in page.all("button") if button.get("data-key") == "Z"]


def test_ratings_and_choices_are_taken_back_in_the_order_they_were_made(
    study: Study, visitor: Open, cast: Cast, clock: Clock, stored: Stored
) -> None:
    study(count=12, kind="single_choice")
    browser = visitor(cast.student)
    first = browser.open("/cards").heading
    browser.press("Show answer")
    browser.press("Good")
    clock.advance(seconds=20)
    second = browser.press("Not today").heading
    clock.advance(seconds=20)
    page = browser.press("Suspend")
    assert f"Suspended: “{second[:20]}" in page.words
    clock.advance(seconds=20)
    page = browser.press("Flag")
    taken_back = []
    while undos(page):
        taken_back += undos(page)
        page = browser.press(undos(page)[0])
        clock.advance(seconds=2)
    assert taken_back == ["Undo flag", "Undo suspending", "Undo “Not today”", "Undo Good"]
    assert page.heading == first
    assert f"Good taken back, “{first[:20]}" in page.words
    choices = select(Card.item_id).where(
        Card.suspended_at.is_not(None) | Card.buried_on.is_not(None) | Card.flagged_at.is_not(None)
    )
    assert stored(choices) == []


def test_undo_leads_to_the_card_that_it_brings_back(study: Study, visitor: Open, cast: Cast) -> None:
    study(FLASHCARD, SINGLE)
    browser = visitor(cast.student)
    heading = browser.open("/cards").heading
    for button, undo in (("Suspend", "Undo suspending"), ("Not today", "Undo “Not today”")):
        page = browser.press(button)
        assert page.heading != heading
        assert browser.press(undo).heading == heading


def test_a_suspended_card_is_never_shown_until_it_is_resumed(
    study: Study, visitor: Open, cast: Cast, clock: Clock
) -> None:
    study(FLASHCARD, SINGLE)
    browser = visitor(cast.student)
    heading = browser.open("/cards").heading
    page = browser.press("Suspend")
    assert page.heading != heading
    browser.press("Show answer")
    page = browser.press("Easy")
    assert heading not in page.heading
    clock.advance(days=2)
    assert browser.open("/cards").heading != heading
    browser.open("/cards/browse?state=suspended")
    browser.press("Resume", all="1")
    assert browser.open("/cards").heading == heading


def test_a_card_put_off_comes_back_the_next_day(study: Study, visitor: Open, cast: Cast, clock: Clock) -> None:
    study(FLASHCARD)
    browser = visitor(cast.student)
    browser.open("/cards")
    page = browser.press("Not today")
    assert "Put off until tomorrow: “What is on the back?”." in page.words
    assert "The next card is due tomorrow." in page.words
    clock.advance(days=1)
    assert browser.open("/cards").heading == FLASHCARD.stem


def test_a_flag_leaves_the_card_in_its_place_on_both_sides(
    study: Study, visitor: Open, cast: Cast, stored: Stored
) -> None:
    study(FLASHCARD, SINGLE)
    flagged = select(Card.item_id).where(Card.flagged_at.is_not(None))
    browser = visitor(cast.student)
    heading = browser.open("/cards").heading
    page = browser.press("Flag")
    assert (page.heading, len(stored(flagged))) == (heading, 1)
    browser.press("Show answer")
    page = browser.press("Remove flag")
    assert page.heading == heading
    assert "Good" in " ".join(page.buttons())
    assert stored(flagged) == []


def test_a_choice_is_taken_back_once_however_often_it_is_asked_for(
    study: Study, visitor: Open, cast: Cast, stored: Stored
) -> None:
    study(count=5)
    browser = visitor(cast.student)
    browser.open("/cards")
    browser.press("Suspend")
    page = browser.press("Suspend")
    browser.press("Undo suspending")
    browser.page = page
    browser.press("Undo suspending")
    assert len(stored(select(Card.item_id).where(Card.suspended_at.is_not(None)))) == 1


def test_choices_are_offered_back_for_an_hour(study: Study, visitor: Open, cast: Cast, clock: Clock) -> None:
    study(count=5)
    browser = visitor(cast.student)
    browser.open("/cards")
    assert undos(browser.press("Suspend")) == ["Undo suspending"]
    clock.advance(minutes=61)
    assert undos(browser.open("/cards")) == []


def test_a_long_row_of_choices_stays_small_enough_for_a_cookie(study: Study, visitor: Open, cast: Cast) -> None:
    study(count=50)
    browser = visitor(cast.student)
    for _ in range(8):
        browser.open("/cards/browse")
        browser.press("Flag", all="1")
        browser.press("Remove flag", all="1")
    cookie = browser.client.get_cookie(browser.app.config["SESSION_COOKIE_NAME"])
    assert cookie is not None
    assert len(cookie.value) < 3000
