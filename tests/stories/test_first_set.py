"""A teacher's first set by keys alone: from the start page to a student's answer, without a mouse."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.chromium import OpenWindow
from tests.conftest import Cast
from tests.stories.keys import Keys
from tests.stories.test_student import PASSWORD

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
TOPIC = "NATO’s role in Ukraine"
TITLE = "What NATO does in Ukraine"
STATEMENT = "According to the passage, NATO has deployed troops in combat roles."
QUESTION = "According to the passage, what is the larger presence meant to deter?"
CHOICE = "According to the passage, what would a reassurance force follow?"
OPTIONS = ("A peace agreement", "A training program", "A vote of all members")


def test_a_teachers_first_set_is_written_and_published_by_keys(open_window: OpenWindow, cast: Cast) -> None:
    keys = Keys(open_window())
    sign_up_to_teach(keys)
    keys.tab_to("Write a set")
    keys.go()
    assert keys.focused() == "Title"
    keys.type(TITLE)
    keys.go()
    begin(keys, "True or false", "Statement", STATEMENT)
    keys.tab_to("True")
    keys.press("ArrowDown")
    save(keys, "NATO has not deployed troops in combat roles")
    begin(keys, "Short answer", "Question", QUESTION)
    keys.tab_to("Accepted answers")
    keys.type("aggression")
    save(keys, "to deter aggression")
    begin(keys, "One answer", "Question", CHOICE)
    for number, option in enumerate(OPTIONS, start=1):
        keys.tab_to(f"Option {number}")
        keys.type(option)
        if number == 1:
            keys.tab_to("Right answer")
            keys.press("Space")
    save(keys, "as part of a reassurance force following any peace agreement")
    publish(keys)
    student = open_window(cast.student)
    student.goto("/sets")
    student.get_by_role("link", name=TITLE).click()
    expect(student.get_by_role("button", name="Start quiz")).to_be_visible()
    expect(student.get_by_text("3 questions").first).to_be_visible()


def sign_up_to_teach(keys: Keys) -> None:
    """Sign up as a teacher from the start page."""
    keys.open("/")
    keys.tab_to("Sign up")
    keys.go()
    keys.tab_to("Your name")
    keys.type("Ines Marek")
    keys.tab_to("Password")
    keys.type(PASSWORD)
    keys.tab_to("Student: learn, take quizzes, review cards")
    keys.press("ArrowDown")
    keys.go()
    expect(keys.page.get_by_role("heading", level=1)).to_have_text("Your first set, in a few minutes")


def begin(keys: Keys, kind: str, label: str, text: str) -> None:
    """Open the form of a kind and ask."""
    keys.tab_to(kind)
    keys.go()
    keys.tab_to(label)
    keys.type(text)


def save(keys: Keys, quote: str) -> None:
    """Give the reason, the passage where it is not chosen yet, and its words; save."""
    keys.tab_to("Explanation")
    keys.type("The passage says so in these words.")
    if keys.page.get_by_label("Topic and passage").locator("option:checked").inner_text() != TOPIC:
        keys.tab_to("Topic and passage")
        keys.type(TOPIC)
    keys.tab_to("Evidence")
    keys.type(quote)
    keys.go("Control+s")
    expect(keys.page.get_by_role("heading", level=1)).to_have_text(TITLE)


def publish(keys: Keys) -> None:
    """Publish the set for everyone."""
    keys.tab_to("Everyone: it is listed among the question sets")
    keys.press("Space")
    keys.tab_to("Publish")
    keys.go()
    expect(keys.page.get_by_role("heading", name="Published")).to_be_visible()
    expect(keys.page.get_by_role("heading", name=re.compile("^3 questions$"))).to_be_visible()
