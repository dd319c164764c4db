"""A student's journey: signing up, a quiz on two topics, its review, the cards it leaves, and what they add up to."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from quizapp.core.items import Item, SingleChoice, TrueFalse
from quizapp.learning.rebuilding import differences
from tests.chromium import OpenWindow
from tests.conftest import Clock
from tests.stories.answers import WITHOUT_ENTER, Stored, an_answer, answer_by_keys, answer_by_mouse, item_before
from tests.stories.keys import Keys

TOPICS = ("NATO’s role in Ukraine", "Russia’s stance on NATO")
PASSWORD = "four words in a row"
QUESTIONS = 8
MISSED = 2


def test_a_student_learns_two_topics_with_the_mouse(open_window: OpenWindow, stored: Stored, clock: Clock) -> None:
    page = open_window()
    page.goto("/")
    sign_up(page, "Noor Haddad")
    start_quiz(page)
    missed, kinds = 0, set()
    for number in range(1, QUESTIONS + 1):
        expect(page.get_by_text(f"{number} of {QUESTIONS}", exact=True)).to_be_visible()
        item = item_before(page, stored)
        kinds.add(item.kind)
        is_right = missed == MISSED or not is_plain_choice(item)
        missed += not is_right
        answer_by_mouse(page, item, an_answer(item, is_right))
        clock.advance(seconds=20)
        page.get_by_role("button", name="Save" if item.kind == "flashcard" else "Check answer").click()
        see_feedback(page, item, is_right)
        if number < QUESTIONS:
            page.get_by_role("link", name="Next question").click()
    assert len(kinds) >= 5
    page.get_by_role("button", name="Finish quiz").click()
    see_review(page)
    clock.advance(minutes=11)
    page.get_by_role("link", name="Cards", exact=True).click()
    review_missed(page)
    page.get_by_role("link", name="Today", exact=True).first.click()
    page.get_by_role("link", name="Progress", exact=True).click()
    for topic in TOPICS:
        expect(page.locator("main").get_by_text(topic, exact=True).first).to_be_visible()
    assert list(differences(stored())) == []


def test_a_student_learns_two_topics_by_keys_alone_on_a_small_screen(
    open_window: OpenWindow, stored: Stored, clock: Clock
) -> None:
    page = open_window(width=390, height=844, has_touch=False)
    keys = Keys(page)
    keys.open("/")
    keys.tab_to("Skip to content")
    sign_up_by_keys(keys)
    start_quiz_by_keys(keys)
    missed, kinds = 0, set()
    for number in range(1, QUESTIONS + 1):
        expect(page.get_by_text(f"{number} of {QUESTIONS}", exact=True)).to_be_visible()
        item = item_before(page, stored)
        kinds.add(item.kind)
        is_right = missed == MISSED or not is_plain_choice(item)
        missed += not is_right
        answer_by_keys(keys, item, an_answer(item, is_right))
        clock.advance(seconds=20)
        if item.kind in WITHOUT_ENTER:
            keys.tab_to("Check answer")
        keys.go("Enter")
        see_feedback(page, item, is_right)
        keys.go("Enter")
    assert len(kinds) >= 5
    see_review(page)
    clock.advance(minutes=11)
    keys.tab_to("Cards")
    keys.go("Enter")
    see_the_keyboard_map(keys)
    review_missed(page)
    study_more_by_keys(keys)
    keys.open("/")
    keys.tab_to("Progress")
    keys.go("Enter")
    for topic in TOPICS:
        keys.tab_to(topic)
    assert list(differences(stored())) == []


def sign_up(page: Page, name: str, role: str = "Student") -> None:
    """Sign up from the start page."""
    page.get_by_role("navigation", name="Account").get_by_role("link", name="Sign up").click()
    page.get_by_label("Your name").fill(name)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("radio", name=re.compile(f"^{role}")).check()
    page.get_by_role("button", name="Sign up").click()
    expect(page.get_by_role("status").first).to_contain_text(f"Welcome, {name}")


def start_quiz(page: Page) -> None:
    """Build a quiz on the two topics with the answers at once."""
    page.get_by_role("link", name="Build your own quiz").click()
    page.get_by_role("link", name="none", exact=True).click()
    for topic in TOPICS:
        page.get_by_label(topic).check()
    page.get_by_label("How many questions").fill(str(QUESTIONS))
    page.get_by_label("After each question").check()
    page.get_by_role("button", name="Start quiz").click()


def sign_up_by_keys(keys: Keys) -> None:
    """Sign up from the start page, without a mouse."""
    keys.tab_to("Sign up")
    keys.go()
    keys.tab_to("Your name")
    keys.type("Noor Haddad")
    keys.tab_to("Password")
    keys.type(PASSWORD)
    keys.go()
    expect(keys.page.get_by_role("status").first).to_contain_text("Welcome, Noor Haddad")


def start_quiz_by_keys(keys: Keys) -> None:
    """Build the same quiz without a mouse."""
    keys.tab_to("Build your own quiz")
    keys.go()
    keys.tab_to("none")
    keys.go()
    for topic in TOPICS:
        keys.tab_to(topic)
        keys.press("Space")
    keys.tab_to("How many questions")
    keys.press("Control+a")
    keys.type(str(QUESTIONS))
    keys.tab_to("After each question")
    keys.press("ArrowDown")
    assert keys.focused() == "At the end"
    keys.press("ArrowUp")
    keys.tab_to("Start quiz")
    keys.go()


def is_plain_choice(item: Item) -> bool:
    """Tell whether one option is right and nothing is typed; these are missed, so that cards leave all keys free."""
    return isinstance(item, SingleChoice | TrueFalse)


def see_feedback(page: Page, item: Item, is_right: bool) -> None:
    """See the verdict, and the sentence of the passage that settles it marked."""
    if item.kind != "flashcard":
        expect(page.locator(".verdict .word")).to_have_text("Right" if is_right else "Not right")
    marks = page.locator("#evidence mark:visible")
    expect(marks.first).to_be_visible()
    marked = marks.first.inner_text()
    assert any(marked in evidence.quote or evidence.quote in marked for evidence in item.evidence)


def see_review(page: Page) -> None:
    """See each question of the finished quiz again, with its evidence, and what was missed."""
    expect(page).to_have_url(re.compile("/review$"))
    reviewed = page.locator(".reviewed > li")
    expect(reviewed).to_have_count(QUESTIONS)
    expect(reviewed.locator(".verdict", has_text="Not right")).to_have_count(MISSED)
    missed = reviewed.filter(has_text="Not right").first
    expect(missed.locator("mark:visible").first).to_be_visible()
    expect(missed.get_by_text("Right answer")).to_be_visible()
    expect(page.get_by_role("button", name="Practise what I missed")).to_be_visible()


def review_missed(page: Page) -> None:
    """Review the cards that the quiz left, by keys: show, rate, take back, rate again."""
    expect(page.get_by_text(re.compile(rf"^\d+ done, {MISSED} left$"))).to_be_visible()
    first = page.get_by_role("heading", level=1).inner_text()
    show_and_rate(page, "3")
    with page.expect_navigation():
        page.keyboard.press("z")
    expect(page.get_by_role("status").first).to_contain_text("Good taken back")
    expect(page.get_by_role("heading", level=1)).to_have_text(first)
    for rating in ("1", "4", "4"):  # the one that was not known comes once more
        show_and_rate(page, rating)
    expect(page.get_by_role("heading", name="Today’s reviews")).to_be_visible()


def show_and_rate(page: Page, rating: str) -> None:
    """Look at the answer of a card and rate it; the four ratings say when it would return."""
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.locator(".ratings button small")).to_have_count(4)
    with page.expect_navigation():
        page.keyboard.press(rating)


def see_the_keyboard_map(keys: Keys) -> None:
    """Ask for the list of keys and close it."""
    keys.press("?")
    expect(keys.page.get_by_role("dialog")).to_contain_text("Show the answer")
    keys.press("Escape")
    expect(keys.page.get_by_role("dialog")).to_be_hidden()


def study_more_by_keys(keys: Keys) -> None:
    """Put a topic on cards and review some, whatever their kinds."""
    keys.open("/topics")
    keys.tab_to("Foreign troops in Ukraine")
    keys.go()
    keys.tab_to("Study cards")
    keys.go()
    for rating in ("3", "2", "1", "4", "3", "4"):
        show_and_rate(keys.page, rating)
