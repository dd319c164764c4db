"""A learner's cards by keys alone: many changed at once, one changed while it is asked, and steps taken back."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from quizapp.learning.rebuilding import differences
from quizapp.models import Card, Item
from tests.chromium import OpenWindow
from tests.conftest import Cast, Clock
from tests.histories import study
from tests.stories.answers import Stored
from tests.stories.keys import Keys

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def test_cards_are_suspended_flagged_and_taken_back_by_keys_alone(
    open_window: OpenWindow, session: Session, stored: Stored, cast: Cast, clock: Clock
) -> None:
    # Of four topics, so that none waits for another; none is typed, where a letter is not a key.
    choices = select(func.min(Item.id)).where(Item.kind == "single_choice", Item.is_listed).group_by(Item.topic_id)
    study(session, cast.student, session.scalars(choices.order_by(Item.topic_id).limit(4)).all(), clock.now)
    session.commit()
    page = open_window(cast.student)
    keys = Keys(page)
    keys.open("/cards/browse")
    page.wait_for_load_state()
    choose_two(keys)
    keys.tab_to("Suspend")
    go(keys, "Enter")
    expect(page.get_by_role("status").first).to_contain_text("Suspended: 2 cards")
    assert count(stored, Card.suspended_at) == 2
    page.keyboard.press("a")
    expect(page.locator("[name=card]:checked")).to_have_count(4)
    keys.tab_to("Flag")
    go(keys, "Enter")
    assert count(stored, Card.flagged_at) == 4
    go(keys, "z")
    assert (count(stored, Card.flagged_at), count(stored, Card.suspended_at)) == (0, 2)
    go(keys, "z")
    assert count(stored, Card.suspended_at) == 0
    keys.open("/cards")
    page.wait_for_load_state()
    change_by_the_menu(keys)
    review_and_take_back(keys, stored)
    assert list(differences(stored())) == []


def choose_two(keys: Keys) -> None:
    """Choose the first two cards of the list."""
    boxes = keys.page.locator("[name=card]")
    keys.tab_to("Choose all 4 cards on this page")
    for place in (0, 1):
        while not boxes.nth(place).evaluate("(box) => box === document.activeElement"):
            keys.press("Tab")
        keys.press("Space")
    expect(keys.page.locator("[data-picked]")).to_contain_text("2")


def change_by_the_menu(keys: Keys) -> None:
    """Put the first card off from its menu, then take that back."""
    question = keys.page.locator("h1")
    first = question.inner_text()
    keys.tab_to("This card")
    keys.press("Enter")
    keys.tab_to("Not today")
    go(keys, "Enter")
    expect(question).not_to_have_text(first)
    go(keys, "z")
    expect(question).to_have_text(first)


def review_and_take_back(keys: Keys, stored: Stored) -> None:
    """Rate three cards, look at the whole passage of the third by E, and take all ratings back."""
    page = keys.page
    for number in range(3):
        go(keys, "Enter")
        expect(page.get_by_role("button", name=re.compile("^Good"))).to_be_visible()
        if number == 2:
            page.keyboard.press("e")
            expect(page.locator("details.kept")).to_have_attribute("open", "")
        go(keys, "3")
    for _ in range(3):
        go(keys, "z")
    assert stored().scalar(select(func.count()).where(Card.reviews > 0)) == 0


def go(keys: Keys, key: str) -> None:
    """Press a key that leads to another page, and wait until its keys work."""
    keys.go(key)
    keys.page.wait_for_load_state()


def count(stored: Stored, column: object) -> int:
    """Return how many cards have a date there."""
    return stored().scalar(select(func.count(column))) or 0  # type: ignore[arg-type]
