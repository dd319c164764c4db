"""A short quiz in one click: it makes a guest and a quiz, once, and nothing else makes one."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from quizapp.models import Attempt, AttemptItem, Item, ItemSet, ItemSetItem, Person, SignIn, Topic
from quizapp.quizzes import trying_views
from quizapp.web import throttles
from tests.builders import counted_queries
from tests.conftest import Cast, Clock
from tests.histories import make_set, topic_slug
from tests.pages import Page, Visitor

Browser = Callable[..., Visitor]
Stored = Callable[[], Session]
CEILING = 8
QUIZ = "Take a quiz of five"


def guests(session: Session) -> list[Person]:
    return list(session.scalars(select(Person).where(Person.role == "guest")))


def trial(page: Page) -> dict[str, list[str]]:
    """Return what the button “Take a quiz of five” sends."""
    return page.values(page.form_of(next(button for button in page.root.iter("button") if button.text == QUIZ)))


def send(visitor: Visitor, fields: dict[str, Any]) -> TestResponse:
    return visitor.client.post("/try", data=fields)


def test_one_click_leads_to_the_first_question_of_the_first_topic(visitor: Browser, stored: Stored) -> None:
    browser = visitor()
    browser.open("/")
    page = browser.press(QUIZ, time_zone="Europe/Prague")
    assert page.path.endswith("/1")
    assert f"1 of {trying_views.QUESTIONS}" in page.text
    (guest,) = guests(stored())
    assert (guest.time_zone, guest.sign_in_name, guest.password_hash) == ("Europe/Prague", None, None)
    first = select(Topic.id).order_by(Topic.position).limit(1)
    assert set(stored().scalars(select(AttemptItem.topic_id))) == {stored().scalar(first)}


def test_a_topic_page_starts_its_own_topic(visitor: Browser, stored: Stored) -> None:
    browser = visitor()
    browser.open(f"/topics/{topic_slug(stored(), 3)}")
    browser.press("Try a quiz")
    topics = select(Topic.slug).join(AttemptItem, AttemptItem.topic_id == Topic.id)
    assert set(stored().scalars(topics)) == {topic_slug(stored(), 3)}


def test_a_published_set_is_taken_whole(
    visitor: Browser, stored: Stored, session: Session, cast: Cast, clock: Clock
) -> None:
    item_set = make_set(session, cast.teacher, "Treaties", clock.now)
    session.commit()
    browser = visitor()
    browser.open("/sets/treaties")
    page = browser.press("Try a quiz")
    assert "1 of 3" in page.text
    assert stored().scalars(select(Attempt.item_set_id)).all() == [item_set.id]


def test_the_teacher_of_a_set_is_told_of_a_guest_without_a_name(
    visitor: Browser, session: Session, cast: Cast, clock: Clock
) -> None:
    item_set = make_set(session, cast.teacher, "Treaties", clock.now)
    session.commit()
    browser = visitor()
    browser.open("/sets/treaties")
    quiz = browser.press("Try a quiz").path.rpartition("/")[0]
    browser.open(f"{quiz}/finish")
    browser.press("Finish quiz")
    page = visitor(cast.teacher).open(f"/teach/sets/{item_set.id}/results")
    assert "1 guest took it without an account, so there is no name." in page.words
    assert "A guest" in page.words


def test_looking_makes_nobody(visitor: Browser, stored: Stored) -> None:
    browser = visitor()
    for path in ("/", "/topics", f"/topics/{topic_slug(stored())}", "/sets", "/sign-up", "/sign-in"):
        browser.open(path)
    browser.open("/try", 405)
    assert guests(stored()) == []


@pytest.mark.parametrize("fields", [{"submission_id": "x"}, {"topic": "no-such-topic"}, {"item_set": "no-such-set"}])
def test_what_starts_no_quiz_makes_nobody(visitor: Browser, stored: Stored, fields: dict[str, str]) -> None:
    browser = visitor()
    assert send(browser, trial(browser.open("/")) | fields).status_code == 404
    assert guests(stored()) == []


@pytest.mark.parametrize(("status", "answer"), [("draft", 404), ("closed", 403)])
def test_a_set_that_is_not_open_makes_nobody(
    visitor: Browser, stored: Stored, session: Session, cast: Cast, clock: Clock, status: str, answer: int
) -> None:
    make_set(session, cast.teacher, "Treaties", clock.now, status=status)
    session.commit()
    browser = visitor()
    assert send(browser, trial(browser.open("/")) | {"item_set": "treaties"}).status_code == answer
    assert guests(stored()) == []


def test_a_click_sent_twice_is_one_guest_and_one_quiz(visitor: Browser, app: Flask, stored: Stored) -> None:
    browser = visitor()
    fields = trial(browser.open("/"))
    windows = [browser, window_of(app, browser)]
    answers = [send(window, fields) for window in windows]
    assert len({answer.headers["Location"] for answer in answers}) == 1
    assert len(guests(stored())) == stored().scalar(select(func.count()).select_from(Attempt)) == 1
    for window in windows:
        assert window.open(answers[0].headers["Location"]).status == 200


def test_two_clicks_at_the_same_moment_are_one_guest_and_one_quiz(visitor: Browser, app: Flask, stored: Stored) -> None:
    browser, together = visitor(), Barrier(2)
    fields = trial(browser.open("/"))

    def click(window: Visitor) -> TestResponse:
        together.wait(10)
        return send(window, fields)

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(click, [browser, window_of(app, browser)]))
    assert {answer.status_code for answer in answers} == {303}
    assert len({answer.headers["Location"] for answer in answers}) == 1
    assert len(guests(stored())) == stored().scalar(select(func.count()).select_from(Attempt)) == 1


def test_the_button_pressed_again_later_leads_to_the_quiz_it_started(visitor: Browser, stored: Stored) -> None:
    browser = visitor()
    fields = trial(browser.open("/"))
    quiz = send(browser, fields).headers["Location"].rpartition("/")[0]
    fields["csrf_token"] = [token(browser.open("/account"))]
    assert send(browser, fields).headers["Location"] == quiz
    assert len(guests(stored())) == 1


def test_a_button_whose_guest_has_signed_out_signs_nobody_in(visitor: Browser, session: Session) -> None:
    browser = visitor()
    fields = trial(browser.open("/"))
    send(browser, fields)
    session.execute(update(SignIn).values(ended_at=SignIn.created_at))
    session.commit()
    fields["csrf_token"] = [token(browser.open("/sign-in"))]
    assert send(browser, fields).status_code == 409


def test_who_has_an_account_gets_a_quiz_of_their_own(
    visitor: Browser, stored: Stored, session: Session, cast: Cast, clock: Clock
) -> None:
    make_set(session, cast.teacher, "Treaties", clock.now)
    session.commit()
    slug = topic_slug(stored(), 2)
    person = visitor(cast.student)
    fields = trial(visitor().open("/")) | {"csrf_token": [token(person.open("/account"))]}
    assert send(person, fields | {"item_set": "treaties"}).headers["Location"] == "/sets/treaties"
    assert stored().scalar(select(func.count()).select_from(Attempt)) == 0
    started = send(person, fields | {"topic": slug}).headers["Location"]
    assert person.open(started).path == started
    assert send(person, fields | {"topic": slug}).headers["Location"] == started.removesuffix("/1")
    assert stored().scalars(select(Attempt.learner_id)).all() == [cast.student]
    topics = select(Topic.slug).join(AttemptItem, AttemptItem.topic_id == Topic.id)
    assert set(stored().scalars(topics)) == {slug}
    assert guests(stored()) == []


def test_a_quiz_in_one_click_holds_nothing_that_waits_for_a_set(
    visitor: Browser, stored: Stored, session: Session, cast: Cast, clock: Clock
) -> None:
    taken = make_set(session, cast.teacher, "Treaties", clock.now)
    session.execute(update(ItemSet).where(ItemSet.id == taken.id).values(rules={"feedback": "at_end"}))
    held = set(session.scalars(select(ItemSetItem.item_id).where(ItemSetItem.item_set_id == taken.id)))
    topic_id = session.scalar(select(Topic.id).order_by(Topic.position).limit(1))
    session.execute(update(Item).where(Item.topic_id == topic_id, Item.id.not_in(held)).values(is_listed=False))
    session.commit()
    person = visitor(cast.student)
    fields = trial(visitor().open("/")) | {"csrf_token": [token(person.open("/account"))]}
    person.open("/sets/treaties")
    person.press("Start quiz")
    assert send(person, fields).headers["Location"] == "/quizzes/new"


def test_the_address_of_the_quiz_does_not_open_the_guest_to_whoever_sees_it(visitor: Browser, stored: Stored) -> None:
    browser = visitor()
    fields = trial(browser.open("/"))
    attempt_id = send(browser, fields).headers["Location"].split("/")[2]
    assert attempt_id != fields["submission_id"][0]
    stranger = visitor()
    sent = trial(stranger.open("/")) | {"submission_id": [attempt_id]}
    assert send(stranger, sent).status_code == 303
    assert len(guests(stored())) == 2


def test_a_guest_is_a_stranger_to_others_rows(visitor: Browser, cast: Cast) -> None:
    owner, guest = visitor(cast.student), visitor()
    owner.open("/quizzes/new")
    path = owner.press("Start quiz").path
    guest.open("/")
    mine = guest.press(QUIZ).path
    guest.open(path, 404)
    owner.open(mine, 404)
    for closed in ("/teach", "/keep"):
        guest.open(closed, 404)


def test_an_address_that_makes_very_many_guests_waits(
    visitor: Browser, app: Flask, stored: Stored, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    hour = timedelta(hours=1)
    pace = throttles.Pace(free=2, first_wait=timedelta(seconds=30), longest_wait=hour, memory=hour)
    monkeypatch.setitem(throttles._ASKING, "guest", pace)
    for status in (303, 303, 303, 429):
        browser = visitor()
        assert send(browser, trial(browser.open("/"))).status_code == status
    assert len(guests(stored())) == 3
    clock.advance(seconds=31)
    browser = visitor()
    assert send(browser, trial(browser.open("/"))).status_code == 303


def test_a_click_sent_twice_is_counted_once(
    visitor: Browser, app: Flask, stored: Stored, monkeypatch: pytest.MonkeyPatch
) -> None:
    counted: list[object] = []
    monkeypatch.setattr(throttles, "fail", lambda *arguments: counted.append(arguments))
    browser = visitor()
    fields = trial(browser.open("/"))
    second = window_of(app, browser)
    for window in (browser, second):
        send(window, fields)
    assert len(counted) == 1


def test_pages_of_a_guest_stay_within_the_ceiling_of_queries(visitor: Browser, app: Flask, stored: Stored) -> None:
    browser = visitor()
    browser.open("/")
    question = browser.press(QUIZ).path
    for path in (question, "/", "/account", "/topics", f"/topics/{topic_slug(stored())}", "/progress", "/cards/browse"):
        with counted_queries(app) as queries:
            browser.open(path)
        assert len(queries) <= CEILING, (path, queries)


def token(page: Page) -> str:
    return next(element.get("value", "") for element in page.all("input", name="csrf_token"))


def window_of(app: Flask, visitor: Visitor) -> Visitor:
    """Return a second window of the same browser, as its cookies stand now."""
    window, cookie = Visitor(app), visitor.client.get_cookie("quizapp")
    assert cookie is not None
    window.client.set_cookie("quizapp", cookie.value)
    return window
