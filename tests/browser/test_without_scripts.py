"""Nothing needs a script: a quiz and a card with JavaScript off."""

from __future__ import annotations

from playwright.sync_api import expect

from quizapp.learning.rebuilding import differences
from tests.chromium import OpenWindow
from tests.conftest import Cast
from tests.stories.answers import Stored, an_answer, answer_by_mouse, item_before

QUESTIONS = 3


def test_a_quiz_and_a_card_need_no_script(open_window: OpenWindow, cast: Cast, stored: Stored) -> None:
    page = open_window(cast.student, java_script_enabled=False)
    page.goto("/quizzes/new?topic=russia-stance-on-nato")
    page.get_by_label("How many questions").fill(str(QUESTIONS))
    page.get_by_role("button", name="Start quiz").click()
    for number in range(1, QUESTIONS + 1):
        item = item_before(page, stored)
        answer_by_mouse(page, item, an_answer(item, is_right=True))
        page.get_by_role("button", name="Save" if item.kind == "flashcard" else "Check answer").click()
        if item.kind != "flashcard":
            expect(page.locator(".verdict .word")).to_have_text("Right")
        if number < QUESTIONS:
            page.get_by_role("link", name="Next question").click()
    page.get_by_role("button", name="Finish quiz").click()
    expect(page.locator(".reviewed > li")).to_have_count(QUESTIONS)
    page.goto("/topics/foreign-troops-in-ukraine")
    page.get_by_role("button", name="Study cards").click()
    page.get_by_role("button", name="Show answer").click()
    page.get_by_role("button", name="Good").click()
    page.get_by_role("button", name="Undo Good").click()
    expect(page.get_by_role("status").first).to_contain_text("Good taken back")
    assert list(differences(stored())) == []


def test_a_confirmation_asks_in_place_without_a_script(open_window: OpenWindow, cast: Cast) -> None:
    page = open_window(cast.student, java_script_enabled=False)
    page.goto("/quizzes/new")
    page.get_by_role("button", name="Start quiz").click()
    page.goto("/attempts")
    page.get_by_text("Abandon", exact=True).click()
    page.get_by_role("button", name="Abandon quiz").click()
    expect(page.get_by_role("status").first).to_contain_text("Quiz abandoned.")
