"""From an essay and a typed word to their marks: a student on a phone, then their teacher by keys alone, and back."""

from __future__ import annotations

from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy import select

from quizapp.learning.rebuilding import differences
from quizapp.models import Attempt, Person
from tests.chromium import OpenWindow
from tests.conftest import Cast, Clock
from tests.stories.answers import Stored
from tests.stories.keys import Keys
from tests.taken_sets import TakenSet, make_taken_set


def test_an_essay_and_i_was_right_are_answered_by_a_teacher_and_the_student_sees_it(
    app: Flask, open_window: OpenWindow, stored: Stored, cast: Cast, clock: Clock
) -> None:
    with app.extensions["quizapp.database"].write_session() as session:
        made = make_taken_set(session, cast.teacher, {cast.classmate: "Halcyon"}, clock.now)
    student = open_window(cast.student, width=390, height=844)
    take(student, made)
    expect(student.get_by_role("heading", level=1)).to_have_text("0 of 1 marks so far")
    student.get_by_role("button", name="I was right").click()
    expect(student.get_by_role("status").filter(has_text="Your teacher decides")).to_be_visible()

    teacher = Keys(open_window(cast.teacher))
    mark_essays(teacher)
    accept_for_everybody(teacher, stored()
                         .scalars(select(Person.shown_name).where(Person.id == cast.student)).one())  # fmt: skip

    student.reload()
    expect(student.get_by_role("heading", level=1)).to_have_text("All 2 right")
    expect(student.get_by_text("Well put.")).to_be_visible()
    expect(student.get_by_text("your teacher agreed")).to_be_visible()
    classmate = open_window(cast.classmate)
    classmate.goto(f"/attempts/{made.attempts[cast.classmate]}/review")
    expect(classmate.get_by_text("Both names are right.")).to_be_visible()
    expect(classmate.get_by_text("Marked again: 1 of 1")).to_be_visible()
    scores = stored().scalars(select(Attempt.score)).all()
    assert list(scores) == [2, 2]
    assert list(differences(stored())) == []


def take(page: Page, made: TakenSet) -> None:
    """Write the essay and the word, and hand them in."""
    page.goto(f"/sets/{made.slug}")
    page.get_by_role("button", name="Start quiz").click()
    page.get_by_label("Your answer").fill("Frozen water takes more room, so it is lighter.")
    page.get_by_role("button", name="Next").click()
    expect(page).to_have_title("Question 2 of 2 · Quizapp")
    page.get_by_label("Your answer").fill("Halcyon")
    page.get_by_role("button", name="To the overview").click()
    page.get_by_role("button", name="Finish quiz").click()


def mark_essays(keys: Keys) -> None:
    """Mark both essays in full, one after the other, names hidden."""
    keys.open("/teach")
    keys.tab_to("Mark 2 answers")
    keys.go()
    expect(keys.page).to_have_title("Marking Ice and birds · Quizapp")
    keys.tab_to("Why does ice float?")
    keys.go()
    expect(keys.page.get_by_role("heading", name="Its mark")).to_be_visible()
    keys.tab_to("Hide names")
    keys.go()
    expect(keys.page.get_by_text("Names are hidden")).to_be_visible()
    for left in (1, 0):
        keys.page.wait_for_load_state()
        keys.press("2")
        keys.press("4")
        keys.tab_to("Say something to it")
        keys.page.keyboard.type("Well put.")
        keys.go("Control+Enter")
        said = "Marked." if left else "Marked. No other answer to this question waits."
        expect(keys.page.get_by_role("status").filter(has_text=said).first).to_be_visible()


def accept_for_everybody(keys: Keys, name: str) -> None:
    """Agree with the student, and count the word for everybody after seeing what that changes."""
    keys.open("/teach")
    keys.tab_to("Answer 1 objection")
    keys.go()
    expect(keys.page.get_by_text(f"{name} answered")).to_be_visible()
    keys.tab_to("Accept")
    keys.go()
    expect(keys.page.get_by_text(f"Accepted for {name}")).to_be_visible()
    keys.tab_to("Accept it from everybody")
    keys.go()
    expect(keys.page.get_by_role("heading", level=1)).to_have_text("1 answer would change")
    keys.tab_to("Why")
    keys.page.keyboard.type("Both names are right.")
    keys.tab_to("Regrade")
    keys.go()
    expect(keys.page.get_by_role("heading", level=1)).to_have_text("No mark would change")
