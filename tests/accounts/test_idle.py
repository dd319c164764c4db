"""Devices that send nothing: when they are signed out, and what counts as a sign of life."""

from __future__ import annotations

from datetime import datetime

from flask import Flask
from sqlalchemy import select

from quizapp.models import SignIn
from tests.accounts.visits import Open, database_of, send
from tests.builders import counted_queries, make_sign_in
from tests.conftest import Cast, Clock


def seen_at(app: Flask, person_id: int) -> datetime:
    with database_of(app).read_session() as session:
        return session.scalars(select(SignIn.seen_at).where(SignIn.person_id == person_id)).one()


def test_a_teachers_device_that_sends_nothing_for_twelve_hours_is_signed_out(
    visitor: Open, cast: Cast, clock: Clock
) -> None:
    browsers = {person_id: visitor(person_id) for person_id in (cast.teacher, cast.admin, cast.student)}
    clock.advance(hours=12)
    for browser in browsers.values():
        assert browser.open("/account").heading == "Your account"
    clock.advance(seconds=1)
    assert browsers[cast.teacher].open("/account").heading == "Sign in"
    assert browsers[cast.admin].open("/account").heading == "Sign in"
    assert browsers[cast.student].open("/account").heading == "Your account"


def test_what_is_sent_keeps_a_teachers_device_signed_in_and_reading_does_not(
    app: Flask, visitor: Open, cast: Cast, clock: Clock
) -> None:
    browser = visitor(cast.teacher)
    clock.advance(hours=11)
    browser.open("/account")
    browser.press("Save profile", shown_name="Eva L.")
    clock.advance(hours=11)
    assert browser.open("/account").heading == "Your account"
    clock.advance(hours=2)
    assert browser.open("/account").heading == "Sign in"


def test_a_learners_device_is_signed_out_after_ninety_days_without_anything_sent(
    visitor: Open, cast: Cast, clock: Clock
) -> None:
    browser = visitor(cast.student)
    clock.advance(days=90)
    assert browser.open("/account").heading == "Your account"
    clock.advance(seconds=1)
    assert browser.open("/account").heading == "Sign in"


def test_signs_of_life_are_stored_with_what_is_sent_at_most_every_five_minutes(
    app: Flask, visitor: Open, cast: Cast, clock: Clock
) -> None:
    browser, start = visitor(cast.student), clock.now
    browser.open("/account")
    clock.advance(minutes=5)
    browser.press("Save profile")
    assert seen_at(app, cast.student) == start
    clock.advance(seconds=1)
    with counted_queries(app) as statements:
        browser.open("/account")
    assert not [statement for statement in statements if not statement.startswith("SELECT")]
    assert seen_at(app, cast.student) == start
    browser.press("Save profile", status=422, shown_name="")
    assert seen_at(app, cast.student) == start
    browser.press("Save profile", shown_name="Mira")
    assert seen_at(app, cast.student) == clock.now


def test_the_account_lists_when_others_were_used_and_leaves_out_who_is_signed_out_by_time(
    app: Flask, visitor: Open, cast: Cast, clock: Clock
) -> None:
    with database_of(app).write_session() as session:
        make_sign_in(session, cast.teacher, now=clock.now)
    clock.advance(hours=2)
    browser = visitor(cast.teacher)
    page = browser.open("/account")
    assert "Signed in today at 09:00, last used today at 09:00" in page.words
    assert "A device that sends nothing for 12 hours is signed out by itself." in page.words
    clock.advance(hours=11)
    assert page.words.count("Test browser") == 2
    assert browser.open("/account").words.count("Test browser") == 1


def test_somebody_elses_sign_of_life_is_not_counted(app: Flask, visitor: Open, cast: Cast, clock: Clock) -> None:
    start = clock.now
    visitor(cast.classmate)
    browser = visitor(cast.student)
    clock.advance(hours=1)
    assert send(browser, "/account/devices/end-others").status_code == 303
    assert seen_at(app, cast.student) == clock.now
    assert seen_at(app, cast.classmate) == start
