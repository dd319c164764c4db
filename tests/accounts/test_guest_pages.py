"""Guests and accounts: what a guest sees, signing up as one, and signing in after being one."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from random import Random
from threading import Barrier

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from quizapp.accounts.guests import remove_old_guests
from quizapp.background.sweeps import Turn
from quizapp.config import Settings
from quizapp.learning.rebuilding import differences
from quizapp.models import Attempt, Card, Flag, ItemVersion, Person, Response, Review, SignIn
from quizapp.privacy.erasing import WORDS_GONE
from quizapp.worker import SWEEPS
from tests.accounts.visits import PASSWORD, Open, database_of, open_devices, person_named, same_browser, send, signed_in
from tests.builders import make_guest
from tests.conftest import Cast, Clock
from tests.histories import answer, items_of, make_attempt, study
from tests.pages import Page, Visitor

Stored = Callable[[], Session]


def a_guest(visitor: Open) -> tuple[Visitor, str]:
    """Return a browser on which a guest has answered one question, and the address of the next."""
    browser = visitor()
    browser.open("/")
    path = browser.press("Take a quiz of five").path
    browser.press("I don’t know")
    return browser, path.removesuffix("1") + "2"


def person_of(stored: Stored, role: str = "guest") -> Person:
    return stored().scalars(select(Person).where(Person.role == role)).one()


def top(page: Page) -> str:
    """Return the words of a page outside of its main part."""
    return " ".join(page.root.itertext())


def test_every_page_with_navigation_tells_a_guest_why_and_until_when(visitor: Open) -> None:
    browser, _ = a_guest(visitor)
    page = browser.open("/topics?of=all")
    assert "You are a guest on this browser until 16 December. Sign up to keep what you do." in top(page)
    assert page.links()["Guest"] == "/account"
    assert page.links()["Sign up"] == "/sign-up?next=/topics?of%3Dall"


def test_an_account_is_told_nothing_of_guests(visitor: Open, cast: Cast) -> None:
    assert "guest" not in visitor(cast.student).open("/").text.lower()


def test_the_account_page_of_a_guest_says_what_there_is_to_keep(visitor: Open, stored: Stored) -> None:
    browser, _ = a_guest(visitor)
    page = browser.open("/account")
    assert page.heading == "Sign up to keep this"
    assert "So far: 1 quiz, 1 answer. It is kept until 16 December, 30 days after you came" in page.words
    assert not page.all("input", name="current_password")
    browser.press("Save study settings", theme="dark", new_cards_per_day="7")
    assert (person_of(stored).theme, person_of(stored).new_cards_per_day) == ("dark", 7)
    page = browser.press("Save study settings", status=422, new_cards_per_day="no")
    assert page.heading == "Sign up to keep this"
    assert "Write a whole number in digits." in page.words


@pytest.mark.parametrize("path", ["profile", "password", "devices/end-others"])
def test_a_guest_changes_nothing_that_only_an_account_has(visitor: Open, path: str) -> None:
    browser, _ = a_guest(visitor)
    assert send(browser, f"/account/{path}", shown_name="Noor").status_code == 404


def test_signing_up_fills_the_same_row_in(visitor: Open, app: Flask, stored: Stored) -> None:
    browser, path = a_guest(visitor)
    guest_id = person_of(stored).id
    before = everything(stored, guest_id)
    browser.open("/topics")
    page = browser.follow("Sign up")
    assert page.heading == "Sign up and keep 1 answer on 1 topic and 1 card"
    page = browser.press("Sign up", shown_name="Noor Haddad", password=PASSWORD, time_zone="Asia/Tokyo")
    assert (page.path, "Welcome, Noor Haddad." in page.words) == ("/topics", True)
    person = person_named(app, "noor.haddad")
    assert (person.id, person.role, person.time_zone) == (guest_id, "student", "UTC")
    assert everything(stored, guest_id) == before
    assert open_devices(app, person.id) == 1
    browser.open(path)
    browser.press("I don’t know")
    assert stored().scalar(select(func.count()).select_from(Response)) == 2


def test_a_guest_may_sign_up_as_a_teacher_where_that_is_open(visitor: Open, app: Flask) -> None:
    browser, _ = a_guest(visitor)
    browser.open("/sign-up")
    browser.press("Sign up", shown_name="Eva", password=PASSWORD, role="teacher")
    assert person_named(app, "eva").role == "teacher"


def test_a_taken_name_leaves_the_guest_a_guest(visitor: Open, stored: Stored, noor: int) -> None:
    browser, _ = a_guest(visitor)
    browser.open("/sign-up")
    page = browser.press("Sign up", status=422, shown_name="Noor Aziz", sign_in_name="noor", password=PASSWORD)
    assert "“noor” is taken." in page.words
    assert person_of(stored).shown_name == "Guest"
    browser.press("Sign up", shown_name="Noor Aziz", sign_in_name="", password=PASSWORD)
    assert stored().scalar(select(func.count()).where(Person.role == "guest")) == 0


def test_a_sign_up_sent_twice_is_one_account(visitor: Open, app: Flask, stored: Stored) -> None:
    browser, _ = a_guest(visitor)
    browser.open("/sign-up?next=/account")
    second = same_browser(app, browser)
    for window in (browser, second):
        page = window.press("Sign up", shown_name="Noor Haddad", password=PASSWORD)
        assert page.heading == "Your account"
    assert open_devices(app, person_named(app, "noor.haddad").id) == 1


def test_two_sign_ups_of_one_guest_at_the_same_moment_are_one_account(
    visitor: Open, app: Flask, stored: Stored
) -> None:
    browser, _ = a_guest(visitor)
    browser.open("/sign-up?next=/account")
    windows, together = [browser, same_browser(app, browser)], Barrier(2)

    def press(window: Visitor) -> str:
        together.wait(10)
        return window.press("Sign up", shown_name="Noor Haddad", password=PASSWORD).heading

    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(press, windows)) == ["Your account"] * 2
    assert stored().scalar(select(func.count()).where(Person.shown_name == "Noor Haddad")) == 1


def test_signing_in_asks_and_keeping_folds_everything_in(visitor: Open, stored: Stored, noor: int) -> None:
    browser, path = a_guest(visitor)
    guest_id = person_of(stored).id
    before = everything(stored, guest_id)
    browser.open(f"/sign-in?next={path}")
    page = browser.press("Sign in", name="noor", password=PASSWORD)
    assert page.heading == "Keep what you just did?"
    assert "this was done here as a guest: 1 quiz, 1 answer." in page.words
    page = browser.press("Keep")
    assert page.path == path
    assert "Kept: 1 quiz, 1 answer." in page.words
    assert everything(stored, noor) == before
    assert stored().get(Person, guest_id) is None
    assert list(differences(stored())) == []


def test_discarding_removes_it_and_leads_to_the_start(visitor: Open, stored: Stored, noor: int) -> None:
    browser, path = a_guest(visitor)
    browser.open(f"/sign-in?next={path}")
    browser.press("Sign in", name="noor", password=PASSWORD)
    page = browser.press("Discard")
    assert page.path == "/"
    assert "What you did as a guest is removed." in page.words
    assert everything(stored, noor) == []
    assert stored().scalar(select(func.count()).where(Person.role == "guest")) == 0
    browser.open(path, 404)


def test_a_wrong_password_leaves_the_guest_where_they_were(visitor: Open, stored: Stored, noor: int) -> None:
    browser, path = a_guest(visitor)
    browser.open("/sign-in")
    browser.press("Sign in", status=422, name="noor", password="not the password")
    assert browser.open(path).status == 200
    assert person_of(stored).shown_name == "Guest"


@pytest.mark.parametrize("is_at_once", [False, True])
def test_keeping_sent_twice_keeps_once(visitor: Open, app: Flask, stored: Stored, noor: int, is_at_once: bool) -> None:
    browser, _ = a_guest(visitor)
    browser.open("/sign-in?next=/topics")
    browser.press("Sign in", name="noor", password=PASSWORD)
    windows, together = [browser, same_browser(app, browser)], Barrier(2)

    def press(window: Visitor) -> str:
        if is_at_once:
            together.wait(10)
        return window.press("Keep").path

    with ThreadPoolExecutor(2 if is_at_once else 1) as pool:
        assert list(pool.map(press, windows)) == ["/topics"] * 2
    assert stored().scalar(select(func.count()).where(Attempt.learner_id == noor)) == 1
    assert list(differences(stored())) == []


def test_the_question_can_wait_and_another_account_is_never_asked(visitor: Open, stored: Stored, noor: int) -> None:
    browser, _ = a_guest(visitor)
    browser.open("/sign-in")
    browser.press("Sign in", name="noor", password=PASSWORD)
    assert browser.open("/topics").path == "/topics"
    assert browser.open("/keep").heading == "Keep what you just did?"
    other = signed_in(visitor(), "noor", PASSWORD)
    assert other.open("/keep").path == "/"


def test_without_a_guest_before_signing_in_asks_nothing(visitor: Open, noor: int) -> None:
    assert signed_in(visitor(), "noor", PASSWORD).page is not None


def test_who_comes_back_after_the_guest_was_removed_is_asked_nothing(
    visitor: Open, session: Session, clock: Clock, noor: int
) -> None:
    browser, _ = a_guest(visitor)
    browser.open("/sign-in?next=/topics")
    browser.press("Sign in", name="noor", password=PASSWORD)
    assert remove_old_guests(session, clock.now + timedelta(days=30)) == {"removed": 1}
    session.commit()
    assert browser.press("Keep").path == "/topics"


def test_a_guest_finds_the_way_to_a_copy_of_their_data(visitor: Open) -> None:
    browser, _ = a_guest(visitor)
    assert browser.open("/account").links()["Copy or remove your data"] == "/account/privacy"
    assert browser.open("/account/privacy").heading == "Your data"


def test_a_guest_who_signs_out_is_removed_with_all_they_did(visitor: Open, stored: Stored) -> None:
    browser, _ = a_guest(visitor)
    guest_id = person_of(stored).id
    browser.open("/account")
    page = browser.press("Remove it")
    assert "what you did as a guest is removed" in page.words
    assert stored().get(Person, guest_id) is None
    assert everything(stored, guest_id) == []


def test_guests_are_removed_after_thirty_days_with_all_they_did_and_nobody_else(
    session: Session, cast: Cast, clock: Clock
) -> None:
    old, young = (make_guest(session, now=clock.now - timedelta(days=days)) for days in (30, 29))
    for person in (old, young, cast.student):
        make_attempt(session, person, clock.now)
        study(session, person, items_of(session)[:2], clock.now)
        answer(session, person, items_of(session)[:1], 1.0, clock.now)
        asked = session.scalars(select(ItemVersion).where(ItemVersion.item_id == items_of(session)[0])).one()
        session.add(Flag(
            item_id=asked.item_id, item_version_id=asked.id, person_id=person, reason="wrong_key",
            comment="It is I.", created_at=clock.now,
        ))  # fmt: skip
    session.commit()
    assert remove_old_guests(session, clock.now) == {"removed": 1}
    assert remove_old_guests(session, clock.now) == {"removed": 0}
    session.commit()
    for table, each in ((Attempt, 1), (Card, 2), (Review, 3)):
        counts = dict(session.execute(select(table.learner_id, func.count()).group_by(table.learner_id)).all())
        assert counts == {young: each, cast.student: each}
    said = dict(session.execute(select(Flag.person_id, Flag.comment)).all())
    assert said == {None: WORDS_GONE, young: "It is I.", cast.student: "It is I."}
    assert session.get(Person, old, populate_existing=True) is None


def test_very_many_old_guests_go_in_batches(session: Session, clock: Clock) -> None:
    for _ in range(150):
        make_guest(session, now=clock.now - timedelta(days=31))
    assert [remove_old_guests(session, clock.now)["removed"] for _ in range(3)] == [100, 50, 0]


def test_the_worker_removes_them(session: Session, app: Flask, settings: Settings, clock: Clock) -> None:
    for _ in range(150):
        make_guest(session, now=clock.now - timedelta(days=31))
    session.commit()
    sweep = next(sweep for sweep in SWEEPS if sweep.name == "guests")
    turn = Turn(sweep.name, database_of(app), settings, clock, Random(1), lambda: False)
    assert sweep.run(turn) == {"removed": 150}
    assert not turn.failures


def test_a_removed_guest_is_nobody_at_their_next_click(visitor: Open, session: Session, clock: Clock) -> None:
    browser, path = a_guest(visitor)
    remove_old_guests(session, clock.now + timedelta(days=30))
    session.commit()
    assert browser.open(path).heading == "Sign in"
    assert session.scalar(select(func.count()).select_from(SignIn)) == 0


def everything(stored: Stored, person_id: int) -> list[tuple[object, ...]]:
    """Return the keys of all that somebody did, without whose it is."""
    session = stored()
    return [
        *(("attempt", row) for row in session.scalars(select(Attempt.id).where(Attempt.learner_id == person_id))),
        *(("response", row) for row in session.scalars(select(Response.id).where(Response.learner_id == person_id))),
        *(("review", row) for row in session.scalars(select(Review.id).where(Review.learner_id == person_id))),
        *(("card", row) for row in session.scalars(select(Card.item_id).where(Card.learner_id == person_id))),
    ]
