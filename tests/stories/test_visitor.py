"""A visitor's journey: trying a quiz without an account, then signing up, or signing in to keep or discard it."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]  # the package ships no types
from playwright.sync_api import Page, expect
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from quizapp.accounts.passwords import hash_password
from quizapp.accounts.people import add_person
from quizapp.learning.rebuilding import differences
from quizapp.models import Attempt, Person, Response
from tests.browser.test_everyone import COLOUR_RULES, NARROW, judge, sideways
from tests.chromium import OpenWindow
from tests.conftest import Clock

Stored = Callable[[], Session]
PASSWORD = "four words in a row"
ANSWERS = 2


@pytest.fixture
def account(session: Session, clock: Clock) -> int:
    person = add_person(
        session, shown_name="Noor Haddad", sign_in_name="noor", role="student", now=clock.now,
        password_hash=hash_password(PASSWORD, 1),
    )  # fmt: skip
    session.commit()
    return person.id


def test_the_first_five_minutes_lead_to_the_first_cards(open_window: OpenWindow, stored: Stored, clock: Clock) -> None:
    page = open_window(width=390, height=844)
    answer_in_place(page)
    page.get_by_role("button", name="Take a quiz of five").click()
    for number in range(1, 6):
        expect(page.get_by_text(f"{number} of 5", exact=True)).to_be_visible()
        page.get_by_role("button", name="I don’t know").click()
        if number < 5:
            page.get_by_role("link", name="Next question").click()
        clock.advance(seconds=20)
    page.get_by_role("button", name="Finish quiz").click()
    expect(page.get_by_role("heading", name="Keep these 5 answers and 5 cards")).to_be_in_viewport()
    guest_id = stored().scalars(select(Person.id).where(Person.role == "guest")).one()
    sign_up_and_keep(page)
    clock.advance(minutes=11)
    page.get_by_role("link", name="Review 5 cards").click()
    for _ in range(5):
        page.get_by_role("button", name="Show answer").click()
        page.get_by_role("button", name=re.compile("^Easy")).click()
    expect(page.get_by_role("heading", name="Today’s reviews")).to_be_visible()
    page.goto("/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Done for today")
    expect(page.locator(".lead")).to_contain_text(" back ")
    person = stored().scalars(select(Person).where(Person.sign_in_name == "noor.haddad")).one()
    assert (person.id, person.time_zone) == (guest_id, "Europe/Prague")
    assert list(differences(stored())) == []


def answer_in_place(page: Page) -> None:
    """Answer the question of the page for visitors: the verdict and the marked sentence are in view at once."""
    page.goto("/")
    expect(page.locator("fieldset.options label").last).to_be_in_viewport(ratio=1)
    page.locator("fieldset.options label").first.click()
    page.get_by_role("button", name="Check answer").click()
    expect(page.locator(".verdict .word")).to_be_in_viewport()
    expect(page.locator("#evidence mark:visible").first).to_be_in_viewport()


def sign_up_and_keep(page: Page) -> None:
    """Sign up from the review of the guest's quiz, and find its cards waiting."""
    page.get_by_role("link", name="Sign up and keep them").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign up and keep 5 answers on 1 topic and 5 cards")
    page.get_by_label("Your name").fill("Noor Haddad")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign up").click()
    expect(page.get_by_role("status").first).to_contain_text("Welcome, Noor Haddad")
    expect(page.get_by_role("complementary", name="Guests")).to_have_count(0)
    expect(page.get_by_role("heading", level=1)).to_have_text("Your first five cards are ready")


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
def test_who_signs_in_afterwards_keeps_it(open_window: OpenWindow, stored: Stored, account: int, scripts: bool) -> None:
    page = open_window(java_script_enabled=scripts, width=390, height=844)
    try_quiz(page)
    sign_in(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Keep what you just did?")
    expect(page.locator("main")).to_contain_text(f"1 quiz, {ANSWERS} answers.")
    if scripts:
        judge_everywhere(page)
    page.get_by_role("button", name="Keep").click()
    expect(page.get_by_role("status").first).to_contain_text("Kept: 1 quiz")
    page.goto("/attempts")
    go_on(page, ANSWERS + 1)
    assert stored().scalar(select(func.count()).where(Response.learner_id == account)) == ANSWERS
    assert stored().scalar(select(func.count()).where(Person.role == "guest")) == 0
    assert list(differences(stored())) == []


def test_who_signs_in_afterwards_discards_it(open_window: OpenWindow, stored: Stored, account: int) -> None:
    page = open_window()
    try_quiz(page)
    sign_in(page)
    page.get_by_role("button", name="Discard").click()
    expect(page.get_by_role("status").first).to_contain_text("What you did as a guest is removed.")
    assert stored().scalar(select(func.count()).select_from(Attempt)) == 0
    assert stored().scalar(select(func.count()).where(Person.role == "guest")) == 0


def try_quiz(page: Page) -> None:
    """Start from the page for visitors, and answer the first questions by not knowing."""
    page.goto("/")
    page.get_by_role("button", name="Take a quiz of five").click()
    for number in range(1, ANSWERS + 1):
        expect(page.get_by_text(f"{number} of 5", exact=True)).to_be_visible()
        page.get_by_role("button", name="I don’t know").click()
        page.get_by_role("link", name="Next question").click()


def sign_in(page: Page) -> None:
    """Sign in from wherever the guest is."""
    page.goto("/sign-in")
    page.get_by_label("Name or email").fill("noor")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()


def judge_everywhere(page: Page) -> None:
    """Let axe look at the page in both colours and on a narrow screen."""
    page.emulate_media(reduced_motion="reduce")
    page.evaluate(Axe().axe_script)
    judge(page, "light")
    page.emulate_media(color_scheme="dark")
    judge(page, "dark", COLOUR_RULES)
    page.set_viewport_size({"width": NARROW, "height": 640})
    judge(page, f"{NARROW} px")
    assert sideways(page) == []


def go_on(page: Page, number: int) -> None:
    """Continue the quiz that was begun; it opens at the question that comes next."""
    page.get_by_role("link", name=re.compile("^Continue")).first.click()
    expect(page.get_by_text(f"{number} of 5", exact=True)).to_be_visible()
