"""Flagging on a card: what is typed rates nothing, the card stays, and neither needs a script."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]  # the package ships no types
from playwright.sync_api import Page, expect
from sqlalchemy import select

from quizapp.models import Flag, Review
from tests.browser.test_everyone import WRONG, judge
from tests.chromium import OpenWindow
from tests.conftest import Cast
from tests.stories.answers import Stored
from tests.stories.keys import Keys

RATINGS = select(Review.rating).where(Review.event == "review")


def show_a_card(page: Page) -> str:
    """Put a topic on cards and turn the first one; return its question."""
    page.goto("/topics/foreign-troops-in-ukraine")
    page.get_by_role("button", name="Study cards").click()
    page.get_by_role("button", name="Show answer").click()
    return page.locator("h1").inner_text()


def test_keys_that_rate_are_letters_while_a_flag_is_written(
    open_window: OpenWindow, cast: Cast, stored: Stored
) -> None:
    page = open_window(cast.student)
    asked = show_a_card(page)
    keys = Keys(page)
    keys.tab_to(WRONG)
    keys.press("Enter")
    keys.tab_to("What is wrong")
    keys.press("1")
    keys.press("ArrowDown")
    expect(page.get_by_label("What is wrong")).to_have_value("wrong_key")
    keys.tab_to("In your words")
    keys.type("1 2 3 4 z")
    keys.tab_to("Send")
    keys.press("3")
    keys.go("Space")
    expect(page.locator("h1")).to_have_text(asked)
    expect(page.locator(".flagging")).to_contain_text("You flagged this. Thank you.")
    assert [tuple(row) for row in stored().execute(select(Flag.reason, Flag.comment))] == [("wrong_key", "1 2 3 4 z")]
    assert stored().scalars(RATINGS).all() == []
    keys.go("3")
    assert stored().scalars(RATINGS).all() == [3]


def test_a_flag_needs_no_script(open_window: OpenWindow, cast: Cast, stored: Stored) -> None:
    page = open_window(cast.student, java_script_enabled=False, width=390, height=844)
    asked = show_a_card(page)
    page.get_by_text(WRONG).click()
    page.get_by_label("What is wrong").select_option("unclear")
    page.get_by_role("button", name="Send").click()
    expect(page.locator("h1")).to_have_text(asked)
    page.get_by_role("button", name="Take it back").click()
    expect(page.get_by_text(WRONG)).to_be_visible()
    page.get_by_role("button", name="Good").click()
    assert stored().scalars(RATINGS).all() == [3]
    assert stored().scalars(select(Flag.id)).all() == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_what_is_incomplete_is_asked_again_for_everyone(open_window: OpenWindow, cast: Cast, scheme: str) -> None:
    page = open_window(cast.student, expects=("status of 422",), reduced_motion="reduce", color_scheme=scheme)
    show_a_card(page)
    page.get_by_text(WRONG).click()
    page.get_by_label("What is wrong").select_option("other")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("alert")).to_contain_text("Say in a few words what is wrong.")
    page.evaluate(Axe().axe_script)
    judge(page, scheme)
