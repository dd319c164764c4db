"""The teacher's desk in a browser: questions and rows move with their focus, and nothing typed is left unasked."""

from __future__ import annotations

import pytest
from flask import Flask
from playwright.sync_api import Dialog, Page, expect

from quizapp.authoring.items import Source
from quizapp.authoring.sets import add_to_set, create_set
from quizapp.core.items import read_item
from tests.authoring.conftest import order
from tests.chromium import OpenWindow
from tests.conftest import MONDAY, Cast

STEMS = ("First?", "Second?", "Third?")


@pytest.fixture
def draft(app: Flask, cast: Cast) -> int:
    """A draft of three cards; returns its number."""
    with app.extensions["quizapp.database"].write_session() as session:
        set_id = create_set(session, cast.teacher, "A draft", "", MONDAY)
        for stem in STEMS:
            card = read_item({"kind": "flashcard", "stem": stem, "answer": "Yes"})
            add_to_set(session, set_id, cast.teacher, card, Source(1), MONDAY)
        return set_id


def stems(app: Flask, set_id: int, page: Page) -> list[str]:
    """Return the questions as the page lists them, which must be the order that is stored."""
    shown = page.locator(".asks a")
    with app.extensions["quizapp.database"].read_session() as session:
        assert [link.get_attribute("id") for link in shown.all()] == [f"question-{n}" for n in order(session, set_id)]
    return shown.all_inner_texts()


@pytest.mark.parametrize("has_script", [True, False])
def test_a_question_moves_with_the_focus(
    open_window: OpenWindow, app: Flask, cast: Cast, draft: int, has_script: bool
) -> None:
    page = open_window(cast.teacher, java_script_enabled=has_script)
    page.goto(f"/teach/sets/{draft}")
    page.get_by_role("button", name="Move question 2 up").press("Enter")
    expect(page.get_by_role("button", name="Move question 1 up")).to_be_focused()
    said = "Saved as number 1 of 3" if has_script else "The question is number 1 now."
    expect(page.get_by_role("status").filter(has_text=said)).to_be_visible()
    assert stems(app, draft, page) == ["Second?", "First?", "Third?"]
    page.get_by_role("button", name="Remove question 1").press("Enter")
    expect(page.get_by_role("button", name="Undo")).to_be_focused()
    expect(page.locator(".asks")).to_have_count(2)
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Second?")).to_be_focused()
    assert stems(app, draft, page) == ["Second?", "First?", "Third?"]


def test_a_question_is_drawn_to_its_place_and_moved_by_keys(
    open_window: OpenWindow, app: Flask, cast: Cast, draft: int
) -> None:
    page = open_window(cast.teacher)
    page.goto(f"/teach/sets/{draft}")
    first, last = (page.locator(".sequence .place").nth(at).bounding_box() for at in (0, -1))
    assert first
    assert last
    page.mouse.move(first["x"] + 4, first["y"] + 20)
    page.mouse.down()
    page.mouse.move(last["x"] + 4, last["y"] + last["height"] - 4, steps=8)
    page.mouse.up()
    saved = page.get_by_role("status").filter(has_text="Saved")
    expect(saved).to_have_text("Saved as number 3 of 3")
    assert stems(app, draft, page) == ["Second?", "Third?", "First?"]
    page.get_by_role("link", name="First?").focus()
    page.keyboard.press("Alt+ArrowUp")
    expect(page.get_by_role("button", name="Move question 2 up")).to_be_focused()
    page.keyboard.press("Alt+ArrowUp")
    expect(saved).to_have_text("Saved as number 1 of 3")
    assert stems(app, draft, page) == ["First?", "Second?", "Third?"]


def test_rows_of_the_editor_keep_the_focus_and_keys_work_while_typing(
    open_window: OpenWindow, cast: Cast, draft: int
) -> None:
    page = open_window(cast.teacher)
    page.goto(f"/teach/sets/{draft}/items/new?kind=ordering")
    page.get_by_label("Question", exact=True).fill("In which order?")
    page.get_by_label("Topic and passage").select_option(index=1)
    for number, text in enumerate(("One", "Three", "Two"), 1):
        page.get_by_label(f"Entry {number}", exact=True).fill(text)
    page.keyboard.press("Alt+ArrowUp")
    expect(page.get_by_role("button", name="Move entry 2 up")).to_be_focused()
    expect(page.get_by_label("Entry 2", exact=True)).to_have_value("Two")
    page.get_by_role("button", name="Remove entry 2").press("Enter")
    expect(page.get_by_role("button", name="Undo")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_label("Entry 2", exact=True)).to_have_value("Two")
    page.get_by_role("button", name="Add entry").press("Enter")
    expect(page.get_by_label("Entry 5", exact=True)).to_be_focused()
    page.get_by_role("button", name="Keyboard map").click()
    lines = page.locator("#keymap dd").all_inner_texts()
    assert {"Preview", "Save", "Save, then another", "Move the row with the focus up"} <= set(lines)
    assert len(lines) == len(set(lines))
    page.keyboard.press("Escape")
    page.get_by_label("Entry 1", exact=True).focus()
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("heading", name="Preview. Nothing is saved yet")).to_be_visible()
    page.get_by_label("Entry 1", exact=True).focus()
    page.keyboard.press("Control+Shift+S")
    expect(page.get_by_role("heading", name="New question")).to_be_visible()
    expect(page.get_by_text("Question saved.")).to_be_visible()


def test_leaving_asks_whenever_something_is_not_saved_and_only_then(
    open_window: OpenWindow, cast: Cast, draft: int
) -> None:
    page = open_window(cast.teacher, expects=("status of 422",))
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", stay)
    page.goto(f"/teach/sets/{draft}/items/new?kind=ordering")
    entry = page.get_by_label("Entry 1", exact=True)
    leave = page.get_by_role("link", name="Cancel")
    editor = page.url

    entry.fill("Typed")
    entry.fill("")
    leave.click()
    page.wait_for_url(f"**/teach/sets/{draft}")  # as it was: nothing to ask
    assert asked == []

    page.goto(editor)
    entry.fill("Typed")
    leave.click()
    assert asked == ["beforeunload"]
    page.get_by_role("button", name="Keyboard map").click()
    page.get_by_role("button", name="Close").click()
    leave.click()
    assert len(asked) == 2  # closing the map sends nothing

    page.get_by_role("button", name="Move entry 1 down").click()
    expect(page.get_by_label("Entry 2", exact=True)).to_have_value("Typed")
    assert len(asked) == 2
    leave.click()
    assert len(asked) == 3  # a moved row is not saved, though nothing was typed since

    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("alert")).to_be_visible()
    assert len(asked) == 3
    leave.click()
    assert len(asked) == 4  # nor is what was refused

    page.get_by_label("Question", exact=True).fill("In which order?")
    page.get_by_label("Topic and passage").select_option(index=1)
    page.get_by_label("Entry 1", exact=True).fill("Other")
    page.get_by_role("button", name="Save", exact=True).click()
    page.wait_for_url(f"**/teach/sets/{draft}")
    page.get_by_role("link", name="Today").click()
    page.wait_for_url("**/")
    assert len(asked) == 4


def test_another_form_does_not_take_typed_words_away(open_window: OpenWindow, cast: Cast) -> None:
    page = open_window(cast.teacher)
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", stay)
    page.goto("/account")
    name = page.locator("#profile").get_by_label("Your name")
    name.fill("A better name")
    other = page.get_by_role("button", name="Save study settings")
    other.click()
    other.click()  # whoever stayed may press again
    assert asked == ["beforeunload"] * 2
    page.get_by_role("button", name="Save profile").click()
    expect(page.get_by_text("Profile saved.")).to_be_visible()
    expect(name).to_have_value("A better name")
    assert len(asked) == 2
