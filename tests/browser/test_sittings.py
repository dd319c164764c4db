"""One attempt in a real browser: left and taken up again, open twice, and answered by Enter."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from quizapp.core.items import ShortAnswer
from quizapp.models import Response
from tests.chromium import OpenWindow
from tests.conftest import Cast, Clock
from tests.stories.answers import Stored, an_answer, answer_by_mouse, item_before


def test_a_quiz_that_is_left_goes_on_where_it_stopped(
    open_window: OpenWindow, cast: Cast, stored: Stored, clock: Clock
) -> None:
    page = open_window(cast.student)
    start(page, "single_choice")
    answer(page, stored, is_right=True)
    page.get_by_role("link", name="Next question").click()
    page.get_by_role("button", name="Leave").click()
    clock.advance(hours=3)
    page.goto("/")
    page.get_by_role("link", name="Continue").first.click()
    expect(page).to_have_title("Question 2 of 4 · Quizapp")
    page.goto(page.url.removesuffix("2") + "1")
    expect(page).to_have_title("Question 1 of 4, answered · Quizapp")


def test_the_second_of_two_tabs_is_told_and_overwrites_nothing(
    open_window: OpenWindow, cast: Cast, stored: Stored
) -> None:
    first = open_window(cast.student, expects=("status of 409",))
    start(first, "single_choice", at_end=True)
    second = first.context.new_page()
    second.goto(first.url)
    item = item_before(first, stored)
    right, wrong = an_answer(item, is_right=True), an_answer(item, is_right=False)
    answer_by_mouse(first, item, right)
    first.get_by_role("button", name="Next", exact=True).click()
    expect(first).to_have_title("Question 2 of 4 · Quizapp")
    answer_by_mouse(second, item, wrong)
    second.get_by_role("button", name="Next", exact=True).click()
    expect(second.get_by_role("alert")).to_contain_text("answered somewhere else in the meantime.")
    expect(second).to_have_title("Question 1 of 4 · Quizapp")
    assert [response.answer for response in stored().scalars(select(Response))] == [right]


def test_enter_in_a_field_checks_the_answer(open_window: OpenWindow, cast: Cast, stored: Stored) -> None:
    page = open_window(cast.student)
    start(page, "short_answer")
    for number in (1, 2):
        item = item_before(page, stored)
        assert isinstance(item, ShortAnswer)
        page.get_by_label("Your answer").fill(item.accepted[0].text or "")
        page.keyboard.press("Enter")
        expect(page).to_have_title(f"Question {number} of 4, answered · Quizapp")
        page.wait_for_load_state()  # the title is there before the script that hears the key
        page.keyboard.press("Enter")
        expect(page).to_have_title(f"Question {number + 1} of 4 · Quizapp")


def test_a_double_click_answers_once(open_window: OpenWindow, cast: Cast, stored: Stored) -> None:
    page = open_window(cast.student)
    start(page, "single_choice")
    item = item_before(page, stored)
    answer_by_mouse(page, item, an_answer(item, is_right=True))
    page.get_by_role("button", name="Check answer").dblclick(no_wait_after=True)
    expect(page).to_have_title("Question 1 of 4, answered · Quizapp")
    assert len(stored().scalars(select(Response)).all()) == 1


def start(page: Page, kind: str, *, at_end: bool = False) -> None:
    """Start a quiz of four questions of one kind."""
    page.goto("/quizzes/new")
    page.get_by_label("How many questions").fill("4")
    page.get_by_label("At the end" if at_end else "After each question").check()
    page.locator("summary", has_text="Kinds of question").click()
    for box in page.locator("input[name=kinds]").all():
        box.set_checked(box.get_attribute("value") == kind)
    page.get_by_role("button", name="Start quiz").click()


def answer(page: Page, stored: Stored, *, is_right: bool) -> None:
    """Answer the question that is shown and have it checked."""
    item = item_before(page, stored)
    answer_by_mouse(page, item, an_answer(item, is_right))
    page.get_by_role("button", name="Check answer").click()


pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
