"""A teacher's journey: a set of all kinds, published, taken by a student, its results, a typo and a better question."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from quizapp.core.items import SingleChoice
from quizapp.learning.rebuilding import differences
from tests.chromium import OpenWindow
from tests.conftest import Cast, Clock
from tests.stories.answers import Stored, an_answer, answer_by_mouse, item_before
from tests.stories.test_student import sign_up

TITLE = "What NATO does in Ukraine"
TOPIC = "NATO’s role in Ukraine"
STEM = "Which condition does teh passage set for a reassurance force?"
RIGHT, WRONG, OTHER = "A peace agreement", "A training program", "A vote of all members"
WRITTEN = 9


def test_a_teacher_writes_a_set_and_sees_how_it_is_answered(
    open_window: OpenWindow, stored: Stored, cast: Cast, clock: Clock
) -> None:
    page = open_window()
    page.goto("/")
    sign_up(page, "Ines Marek", role="Teacher")
    make_set(page)
    write_all_kinds(page)
    publish(page)
    clock.advance(minutes=5)
    student = open_window(cast.student)
    take_set(student, stored)
    clock.advance(minutes=5)
    see_results(page)
    correct(page)
    replace(page)
    student.goto("/sets")
    student.get_by_role("link", name=TITLE).click()
    expect(student.get_by_role("link", name="Review")).to_be_visible()
    assert list(differences(stored())) == []


def make_set(page: Page) -> None:
    """Begin a set from the start page."""
    page.get_by_role("link", name="Write a set").click()
    page.get_by_label("Title").fill(TITLE)
    page.get_by_role("button", name="Make the first set").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(TITLE)


def write_all_kinds(page: Page) -> None:
    """Write one question of each kind, its evidence pasted from the passage."""
    begin(page, "One answer")
    page.get_by_label("Question", exact=True).fill(STEM)
    for number, text in enumerate((RIGHT, WRONG, OTHER), 1):
        page.get_by_label(f"Option {number}", exact=True).fill(text)
    page.get_by_label(re.compile("^Reason")).nth(1).fill("Training is part of today’s support.")
    page.get_by_label("Right answer").first.check()
    page.get_by_role("button", name="Preview").last.click()
    expect(page.get_by_role("heading", name="Preview. Nothing is saved yet")).to_be_visible()
    finish(page, "as part of a reassurance force following any peace agreement", 1)

    begin(page, "Several answers")
    page.get_by_label("Question", exact=True).fill("Which kinds of support does the passage list?")
    for number, text in enumerate(("Military assistance", "Intelligence sharing", "Loans"), 1):
        page.get_by_label(f"Option {number}", exact=True).fill(text)
    for number in (0, 1):
        page.get_by_label("Right answer").nth(number).check()
    finish(page, "military assistance, training programs, and intelligence sharing", 2)

    begin(page, "True or false")
    page.get_by_label("Statement", exact=True).fill("NATO has deployed troops in combat roles.")
    page.get_by_label("False", exact=True).check()
    finish(page, "NATO has not deployed troops in combat roles", 3)

    begin(page, "Short answer")
    page.get_by_label("Question", exact=True).fill("What is the larger presence meant to deter?")
    page.get_by_label("Accepted answers").fill("aggression")
    finish(page, "to deter aggression", 4)

    begin(page, "Gaps")
    page.get_by_label("Text with gaps").fill("The alliance emphasizes [[collective]] [[*defense / debt / travel]].")
    finish(page, "The alliance emphasizes collective defense", 5)

    begin(page, "Number")
    page.get_by_label("Question", exact=True).fill("How many forms of support does the passage name?")
    page.get_by_label("Accepted numbers").fill("3")
    finish(page, "military assistance, training programs, and intelligence sharing", 6)

    begin(page, "Matching")
    page.get_by_label("Question", exact=True).fill("Which word does each of these go with?")
    for number, (left, right) in enumerate((("military", "assistance"), ("training", "programs"), ("", "budget"))):
        page.get_by_label(f"Left side {number + 1}").fill(left)
        page.get_by_label("Belongs to it").nth(number).fill(right)
    finish(page, "military assistance, training programs", 7)

    begin(page, "Ordering")
    page.get_by_label("Question", exact=True).fill("In which order does the passage name them?")
    for number, text in enumerate(("Training programs", "Military assistance", "Intelligence sharing"), 1):
        page.get_by_label(f"Entry {number}", exact=True).fill(text)
    page.get_by_role("button", name="Move entry 2 up").click()
    expect(page.get_by_label("Entry 1", exact=True)).to_have_value("Military assistance")
    finish(page, "military assistance, training programs, and intelligence sharing", 8)

    begin(page, "Flashcard")
    page.get_by_label("Front", exact=True).fill("Where has NATO increased its presence?")
    page.get_by_label("Back", exact=True).fill("In Eastern Europe")
    finish(page, "increased its presence in Eastern Europe", 9)


def begin(page: Page, kind: str) -> None:
    """Choose the kind of the next question, and its topic when none is chosen yet."""
    page.get_by_role("link", name=re.compile(f"^{kind}")).click()
    page.get_by_label("Topic and passage").select_option(label=TOPIC)


def finish(page: Page, quote: str, number: int) -> None:
    """Paste the evidence and save."""
    page.get_by_label(re.compile("^Evidence")).fill(quote)
    page.get_by_label("Explanation").fill("The passage says so in these words.")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("heading", name=re.compile(rf"^{number} questions?$"))).to_be_visible()
    expect(page.get_by_text("no evidence")).to_have_count(0)


def publish(page: Page) -> None:
    """Publish the set for everyone."""
    page.get_by_role("radio", name=re.compile("^Everyone")).check()
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_role("heading", name="Published")).to_be_visible()


def take_set(page: Page, stored: Stored) -> None:
    """Find the set, answer all but one question right, and see the review at the end."""
    page.goto("/sets")
    page.get_by_role("link", name=TITLE).click()
    page.get_by_role("button", name="Start quiz").click()
    for number in range(1, WRITTEN + 1):
        expect(page.get_by_text(f"{number} of {WRITTEN}", exact=True)).to_be_visible()
        item = item_before(page, stored)
        if isinstance(item, SingleChoice):
            page.locator("fieldset.options").get_by_text(WRONG, exact=True).click()
        else:
            answer_by_mouse(page, item, an_answer(item, is_right=True))
        page.get_by_role("button", name="Next" if number < WRITTEN else "To the overview", exact=True).click()
    page.get_by_role("button", name="Finish quiz").click()
    expect(page.locator(".reviewed > li")).to_have_count(WRITTEN)
    expect(page.locator(".reviewed > li").filter(has_text="Not right")).to_have_count(1)
    expect(page.get_by_text("Training is part of today’s support.")).to_be_visible()


def see_results(page: Page) -> None:
    """See who took the set, what each question earned, and the wrong answer that drew most."""
    page.reload()
    page.get_by_role("link", name="Results").click()
    hardest = page.get_by_role("row").filter(has_text=STEM)
    expect(hardest).to_contain_text(WRONG)
    expect(hardest).to_contain_text("1 of 1")
    expect(hardest.get_by_role("cell").nth(1)).to_have_text(re.compile(r"^\s*0\s%\s*$"))
    taker = page.get_by_role("row").filter(has_text="Mira Okafor")
    expect(taker.get_by_role("cell").nth(1)).to_have_text(re.compile(r"^\s*88\s%\s*$"))


def correct(page: Page) -> None:
    """Mend a typo: it stays the same question, and keeps its results."""
    page.get_by_role("link", name=TITLE).click()
    page.get_by_role("link", name=STEM).click()
    page.get_by_label("Question", exact=True).fill(STEM.replace("teh", "the"))
    page.get_by_label("Yes. I only word it better").check()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("link", name=STEM.replace("teh", "the"))).to_be_visible()
    page.get_by_role("link", name="Results").click()
    expect(page.get_by_role("row").filter(has_text=STEM.replace("teh", "the"))).to_contain_text("1 of 1")


def replace(page: Page) -> None:
    """Ask something else instead: the old question leaves the set and keeps its results apart."""
    page.get_by_role("link", name=TITLE).click()
    page.get_by_role("link", name="What is the larger presence meant to deter?").click()
    page.get_by_label("Question", exact=True).fill("Which defense does the alliance emphasize?")
    page.get_by_label("Accepted answers").fill("collective defense")
    page.get_by_label(re.compile("^Evidence")).fill("The alliance emphasizes collective defense")
    page.get_by_label("No. It asks something else").check()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("link", name="Which defense does the alliance emphasize?")).to_be_visible()
    expect(page.get_by_role("link", name="What is the larger presence meant to deter?")).to_have_count(0)
    page.get_by_role("link", name="Results").click()
    old = page.get_by_role("row").filter(has_text="What is the larger presence meant to deter?")
    expect(old).to_contain_text("no longer in the set")
