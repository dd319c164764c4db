"""Autosave in a real browser: what is typed survives the page, the line says what is so, and nobody is overwritten."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Locator, Page, Route, expect
from sqlalchemy import select, update
from sqlalchemy.orm import Session
from werkzeug.exceptions import ServiceUnavailable

from quizapp.accounts.passwords import hash_password
from quizapp.models import Response, SignIn, WorkingAnswer
from quizapp.quizzes import working_views
from tests.browser.test_everyone import judge_in_every_mode
from tests.browser.test_sittings import start
from tests.builders import make_person
from tests.chromium import OpenWindow
from tests.conftest import Cast, Clock
from tests.gallery import picture
from tests.stories.answers import Stored
from tests.stories.keys import Keys

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
AWAY = ("ERR_INTERNET_DISCONNECTED",)
WORKING = "**/working"
PASSWORD = "four words in a row"
ALL_GONE = "async () => { while (Object.keys(localStorage).length) await new Promise(requestAnimationFrame); }"


def typed(stored: Stored) -> dict[int, Any]:
    """Return what is stored as typed, by position."""
    return {row.position: row.answer for row in stored().scalars(select(WorkingAnswer))}


def line(page: Page) -> Locator:
    return page.locator("[data-shown]")


def told(page: Page) -> Locator:
    return page.locator("[data-told]")


def field(page: Page) -> Locator:
    return page.get_by_label("Your answer")


def waiting(page: Page) -> int:
    """Return how many answers this browser keeps."""
    return int(page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('quizapp.typed.')).length"))


def test_what_is_typed_is_on_another_device_without_a_key_more(
    open_window: OpenWindow, cast: Cast, stored: Stored, clock: Clock
) -> None:
    page = open_window(cast.student)
    start(page, "short_answer")
    field(page).press_sequentially("Kyiv sec")
    expect(line(page)).to_have_text("Saved 09:00:00")
    assert typed(stored) == {1: {"text": "Kyiv sec"}}
    assert waiting(page) == 0
    page.context.close()
    other = open_window(cast.student, width=390, height=844)
    other.goto("/")
    clock.advance(minutes=2)
    other.get_by_role("link", name="Continue").first.click()
    expect(field(other)).to_have_value("Kyiv sec")
    expect(line(other)).to_have_text("Saved today at 09:00")
    field(other).press("End")
    field(other).press_sequentially("urity")
    expect(line(other)).to_have_text("Saved 09:02:00")
    assert typed(stored) == {1: {"text": "Kyiv security"}}


def test_what_is_typed_before_the_script_is_there_is_saved_without_a_key_more(
    open_window: OpenWindow, cast: Cast, stored: Stored
) -> None:
    page = open_window(cast.student)
    start(page, "short_answer")
    page.wait_for_load_state()

    def after_the_typing(route: Route) -> None:
        field(page).fill("quicker than the page")
        route.continue_()

    page.route("**/focus.js", after_the_typing)
    page.reload()
    expect(line(page)).to_have_text("Saved 09:00:00")
    assert typed(stored) == {1: {"text": "quicker than the page"}}


def test_a_page_closed_in_the_middle_of_a_word_sends_it(open_window: OpenWindow, cast: Cast, stored: Stored) -> None:
    page = open_window(cast.student)
    start(page, "short_answer")
    url = page.url
    field(page).press_sequentially("half a wo")
    page.goto("/attempts")
    expect(page).to_have_title(re.compile("My quizzes"))
    page.goto(url)
    expect(field(page)).to_have_value("half a wo")
    assert typed(stored) == {1: {"text": "half a wo"}}
    expect(line(page)).to_have_text(re.compile("^Saved"))


def test_away_from_the_network_it_waits_says_so_and_goes_when_it_is_back(
    open_window: OpenWindow, cast: Cast, stored: Stored
) -> None:
    page = open_window(cast.student, expects=AWAY)
    start(page, "short_answer")
    page.wait_for_load_state()
    page.context.set_offline(True)
    field(page).press_sequentially("written in a tunnel")
    expect(line(page)).to_have_text("Offline, 1 answer waiting")
    expect(told(page)).to_have_text("Offline, 1 answer waiting")
    assert typed(stored) == {}
    assert waiting(page) == 1
    page.get_by_role("button", name="Check answer").last.click()
    expect(line(page)).to_have_text("Offline, 1 answer waiting")
    expect(field(page)).to_have_value("written in a tunnel")
    page.context.set_offline(False)
    expect(line(page)).to_have_text("Saved 09:00:00")
    expect(told(page)).to_have_text("Saved")
    assert typed(stored) == {1: {"text": "written in a tunnel"}}
    assert waiting(page) == 0
    page.get_by_role("button", name="Check answer").last.click()
    expect(page).to_have_title("Question 1 of 4, answered · Quizapp")
    assert stored().scalars(select(Response.answer)).all() == [{"text": "written in a tunnel"}]
    assert typed(stored) == {}


@pytest.mark.parametrize(
    ("happens", "says"),
    [
        ("saves", "Saved 09:00:00"),
        ("offline", "Offline, 1 answer waiting"),
        ("fails", "Not saved yet, trying again"),
        ("signed out", "Not saved:"),
        ("changed elsewhere", "Not saved"),
    ],
)
def test_whatever_the_line_says_serves_everyone(
    happens: str, says: str, app: Flask, open_window: OpenWindow, cast: Cast, clock: Clock
) -> None:
    page = open_window(cast.student, expects=(*AWAY, "status of 500", "status of 409"), reduced_motion="reduce")
    start(page, "short_answer")
    page.wait_for_load_state()
    if happens == "offline":
        page.context.set_offline(True)
    elif happens == "fails":
        page.route(WORKING, lambda route: route.fulfill(status=500))
    elif happens == "signed out":
        with app.extensions["quizapp.database"].write_session() as session:
            session.execute(update(SignIn).values(ended_at=clock.now))
    elif happens == "changed elsewhere":
        elsewhere = page.context.new_page()
        elsewhere.goto(page.url)
        field(elsewhere).fill("theirs")
        expect(line(elsewhere)).to_have_text("Saved 09:00:00")
    field(page).fill("mine")
    expect(line(page)).to_have_text(says)
    picture(page, f"an answer {happens}")
    judge_in_every_mode(page)


def test_what_waited_when_the_page_died_goes_from_the_next_page(
    open_window: OpenWindow, cast: Cast, stored: Stored
) -> None:
    page = open_window(cast.student, expects=(*AWAY, "ERR_FAILED"))
    start(page, "short_answer", at_end=True)
    url = page.url
    second = page.context.new_page()
    second.goto(url.removesuffix("1") + "2")
    page.wait_for_load_state()
    page.context.set_offline(True)
    field(page).fill("the first")
    expect(line(page)).to_have_text("Offline, 1 answer waiting")
    field(second).fill("the second")
    expect(line(second)).to_have_text("Offline, 2 answers waiting")
    third = page.context.new_page()
    page.close()
    second.close()
    third.context.set_offline(False)
    third.goto("/attempts")
    third.evaluate(ALL_GONE)
    assert typed(stored) == {1: {"text": "the first"}, 2: {"text": "the second"}}
    third.goto(url)
    expect(field(third)).to_have_value("the first")


def test_a_server_that_fails_is_asked_again(open_window: OpenWindow, cast: Cast, stored: Stored) -> None:
    page = open_window(cast.student, expects=("status of 500", "status of 503"))
    answers = [500, 503]

    def fail_twice(route: Route) -> None:
        if answers:
            route.fulfill(status=answers.pop(0))
        else:
            route.continue_()

    page.route(WORKING, fail_twice)
    start(page, "short_answer")
    field(page).fill("again and again")
    expect(line(page)).to_have_text("Not saved yet, trying again")
    assert typed(stored) == {}
    expect(line(page)).to_have_text("Saved 09:00:00")
    assert typed(stored) == {1: {"text": "again and again"}}


def test_two_tabs_are_told_of_each_other_and_each_choice_is_kept(
    open_window: OpenWindow, cast: Cast, stored: Stored
) -> None:
    first = open_window(cast.student, expects=("status of 409",))
    start(first, "short_answer")
    second = first.context.new_page()
    second.goto(first.url)
    field(first).fill("mine")
    expect(line(first)).to_have_text("Saved 09:00:00")
    field(second).fill("theirs")
    expect(line(second)).to_have_text("Not saved")
    expect(second.get_by_role("alert")).to_have_text(
        "This answer was changed in another tab or on another device in the meantime. There it says “mine”."
    )
    assert typed(stored) == {1: {"text": "mine"}}
    keys = Keys(second)
    keys.tab_to("Keep mine")
    second.keyboard.press("Enter")
    expect(line(second)).to_have_text("Saved 09:00:00")
    expect(second.get_by_role("alert")).to_be_hidden()
    assert typed(stored) == {1: {"text": "theirs"}}
    field(first).fill("mine again")
    expect(first.get_by_role("alert")).to_contain_text("There it says “theirs”.")
    first.get_by_role("link", name="Take the other").click()
    expect(field(first)).to_have_value("theirs")
    expect(line(first)).to_have_text("Saved today at 09:00")
    assert typed(stored) == {1: {"text": "theirs"}}
    assert waiting(first) == 0


def test_who_was_signed_out_meanwhile_is_told_and_loses_nothing(
    app: Flask, open_window: OpenWindow, cast: Cast, stored: Stored, clock: Clock
) -> None:
    page = open_window(cast.student)
    start(page, "short_answer")
    url = page.url
    with app.extensions["quizapp.database"].write_session() as session:
        session.execute(update(SignIn).values(ended_at=clock.now))
    field(page).fill("kept here")
    expect(line(page)).to_have_text("Not saved:")
    expect(told(page)).to_have_text("Not saved: sign in again")
    expect(page.get_by_role("link", name="sign in again")).to_be_visible()
    assert typed(stored) == {}
    with app.extensions["quizapp.database"].write_session() as session:
        session.execute(update(SignIn).values(ended_at=None))
    page.goto(url)
    expect(field(page)).to_have_value("kept here")
    assert typed(stored) == {1: {"text": "kept here"}}


def test_signing_out_leaves_nothing_in_the_browser(open_window: OpenWindow, cast: Cast) -> None:
    page = open_window(cast.student, expects=("status of 500",))
    page.route(WORKING, lambda route: route.fulfill(status=500))
    start(page, "short_answer")
    field(page).fill("nobody else’s")
    expect(line(page)).to_have_text("Not saved yet, trying again")
    assert waiting(page) == 1
    page.goto("/account")
    page.get_by_role("button", name="Sign out").first.click()
    expect(page).to_have_url(re.compile("/$|/sign-in"))
    assert waiting(page) == 0


def fail(*_arguments: object) -> None:
    """Answer as a server does that can't store anything now."""
    raise ServiceUnavailable


def test_what_a_guest_typed_is_sent_after_signing_in(
    open_window: OpenWindow, session: Session, stored: Stored, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    noor = make_person(session, "Noor Haddad", now=clock.now, password_hash=hash_password(PASSWORD, 1))
    session.commit()
    page = open_window(expects=("status of 503",))
    with monkeypatch.context() as trouble:
        trouble.setattr(working_views, "keep", fail)
        page.goto("/topics/nato-role-in-ukraine")
        page.get_by_role("button", name="Try a quiz").click()
        expect(page).to_have_title("Question 1 of 5 · Quizapp")
        page.wait_for_load_state()
        page.keyboard.press("1")
        expect(line(page)).to_have_text("Not saved yet, trying again")
        page.goto("/sign-in")
        page.get_by_label("Name or email").fill("noor.haddad")
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Keep what you just did?")
        assert typed(stored) == {}
        assert waiting(page) == 1
    page.get_by_role("button", name="Keep").click()
    expect(page.get_by_role("status").first).to_contain_text("Kept: 1 quiz")
    page.goto("/attempts")
    page.wait_for_function("() => !Object.keys(localStorage).length")
    assert stored().scalars(select(WorkingAnswer.learner_id)).all() == [noor]


def test_without_a_place_to_keep_it_the_page_saves_and_guards(
    open_window: OpenWindow, cast: Cast, stored: Stored
) -> None:
    page = open_window(cast.student, expects=AWAY)
    page.add_init_script(
        "Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('denied'); } })"
    )
    start(page, "short_answer")
    field(page).fill("nowhere else")
    expect(line(page)).to_have_text("Saved 09:00:00")
    page.context.set_offline(True)
    field(page).fill("nowhere else at all")
    expect(line(page)).to_have_text("Offline, 1 answer waiting")
    page.context.set_offline(False)
    expect(line(page)).to_have_text("Saved 09:00:00")
    assert typed(stored) == {1: {"text": "nowhere else at all"}}


def test_a_choice_by_key_is_saved_and_nothing_else_moves(open_window: OpenWindow, cast: Cast, stored: Stored) -> None:
    page = open_window(cast.student)
    start(page, "single_choice")
    keys = Keys(page)
    page.reload()
    keys.press("2")
    expect(line(page)).to_have_text("Saved 09:00:00")
    (answer,) = typed(stored).values()
    assert page.locator("fieldset.options input").nth(1).get_attribute("value") == answer["choice"]
    keys.go("f")
    expect(page.get_by_role("button", name="Flagged")).to_be_visible()
    expect(page.locator("fieldset.options input").nth(1)).to_be_checked()
