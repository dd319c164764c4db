"""Signing up in the browser."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import func, select

from quizapp.accounts import passwords
from quizapp.app import create_app
from quizapp.config import Settings
from quizapp.models import Person
from tests.accounts.visits import (
    PASSWORD,
    Open,
    database_of,
    neutral,
    open_devices,
    person_named,
    same_browser,
    send,
    signed_in,
)
from tests.conftest import Clock
from tests.pages import Visitor


def test_a_name_and_a_password_are_enough_to_sign_up(app: Flask, visitor: Open) -> None:
    browser = visitor()
    browser.open("/sign-up?next=/account")
    page = browser.press("Sign up", shown_name=" Noor  Haddad ", password=f" {PASSWORD} ")
    assert page.heading == "Your account"
    assert "Welcome, Noor Haddad. You sign in as “noor.haddad”." in page.words
    person = person_named(app, "noor.haddad")
    assert (person.role, person.time_zone, person.email) == ("student", "UTC", None)
    assert passwords.verify(person.password_hash, f" {PASSWORD} ", 1)
    assert not passwords.verify(person.password_hash, PASSWORD, 1)


def test_the_browsers_time_zone_is_kept_when_it_is_one(app: Flask, visitor: Open) -> None:
    for number, (sent, kept) in enumerate(
        [
            ("Europe/Berlin", "Europe/Berlin"),
            ("Asia/Katmandu", "Asia/Katmandu"),
            ("../../etc/passwd", "UTC"),
            ("localtime", "UTC"),
            ("x" * 5000, "UTC"),
            ("", "UTC"),
        ]
    ):
        browser = visitor()
        browser.open("/sign-up?next=/account")
        browser.press("Sign up", shown_name=f"Noor {number}", password=PASSWORD, time_zone=sent)
        assert person_named(app, f"noor.{number}").time_zone == kept


def test_a_teacher_signs_up_where_that_is_open(app: Flask, visitor: Open) -> None:
    browser = visitor()
    browser.open("/sign-up?next=/account")
    assert (
        "Teacher. You sign in as" in browser.press("Sign up", shown_name="Eva", password=PASSWORD, role="teacher").words
    )


def test_where_it_takes_approval_a_teacher_begins_as_a_student_who_is_told_so(settings: Settings, clock: Clock) -> None:
    app = create_app(replace(settings, teacher_sign_up="approval"), now=clock)
    app.config.update(TESTING=True)
    browser = Visitor(app)
    page = browser.open("/sign-up?next=/account")
    assert "An administrator looks at who wants to teach" in page.words
    page = browser.press("Sign up", shown_name="Eva", password=PASSWORD, role="teacher")
    assert "Student. You sign in as “eva”." in page.words
    assert "An administrator looks at it." in page.words
    person = person_named(app, "eva")
    assert (person.role, person.teacher_wanted_at) == ("student", clock.now)
    browser = Visitor(app)
    browser.open("/sign-up?next=/account")
    page = browser.press("Sign up", shown_name="Mira", password=PASSWORD, role="student")
    assert "You asked to teach" not in page.words
    assert person_named(app, "mira").teacher_wanted_at is None
    database_of(app).engine.dispose()


def test_where_it_is_closed_nobody_is_offered_it_and_a_forged_wish_is_refused(settings: Settings, clock: Clock) -> None:
    app = create_app(replace(settings, teacher_sign_up="closed"), now=clock)
    app.config.update(TESTING=True)
    browser = Visitor(app)
    page = browser.open("/sign-up?next=/account")
    assert "An administrator makes teachers’ accounts." in page.words
    assert not page.all("input", name="role")
    for role in ("teacher", "admin", ""):
        page = browser.press("Sign up", status=422, shown_name="Eva", password=PASSWORD, role=role)
        assert "Only an administrator makes teachers’ accounts here." in page.words
        assert not page.all("input", name="role")
    browser.press("Sign up", shown_name="Eva", password=PASSWORD)
    person = person_named(app, "eva")
    assert (person.role, person.teacher_wanted_at) == ("student", None)
    database_of(app).engine.dispose()


def test_a_role_that_is_not_offered_is_refused(visitor: Open) -> None:
    browser = visitor()
    browser.open("/sign-up")
    for role in ("admin", "", "Teacher"):
        browser.press("Sign up", status=422, shown_name="Eva", password=PASSWORD, role=role)


def test_each_mistake_is_told_beside_its_field_and_what_was_typed_stays(visitor: Open) -> None:
    browser = visitor()
    browser.open("/sign-up?next=/account")
    page = browser.press("Sign up", status=422, shown_name=" ", sign_in_name="a b", email="x", password="short")
    errors = {element.get("id") for element in page.root.iter("p") if element.get("class") == "error"}
    assert errors == {"shown_name-error", "sign_in_name-error", "email-error", "password-error"}
    values = page.values(page.form_of(page.all("button", type="submit")[0]))
    assert (values["sign_in_name"], values["email"], values["next"]) == (["a b"], ["x"], ["/account"])
    assert values["password"] == [""]
    assert "Four things need a look" in page.words


def test_a_password_like_a_name_on_the_form_is_refused(visitor: Open) -> None:
    browser = visitor()
    browser.open("/sign-up")
    names = {"shown_name": "Noor Haddad", "sign_in_name": "noor.the.2nd", "email": "noor@example.org"}
    for password in ("Noor Haddad", "noor.haddad", "NOOR-the-2nd", "noor@example.org"):
        page = browser.press("Sign up", status=422, password=password, **names)
        assert "Password: Choose something other than your name or your address." in page.words


def test_a_taken_name_is_told_with_free_ones_and_nothing_is_stored(visitor: Open, noor: int, app: Flask) -> None:
    browser = visitor()
    browser.open("/sign-up")
    page = browser.press("Sign up", status=422, shown_name="Noor Aziz", sign_in_name="NOOR", password=PASSWORD)
    assert "“noor” is taken. Free: noor2, noor.aziz" in page.words
    with database_of(app).read_session() as session:
        assert session.scalar(select(func.count()).where(Person.shown_name == "Noor Aziz")) == 0


def test_an_address_in_use_changes_nothing_that_a_stranger_can_see(visitor: Open, noor: int) -> None:
    """Whoever signs up with somebody's address meets the same pages as with a new one, to the letter."""
    seen: list[list[str]] = []
    for address in ("noor@example.org", "fresh@example.org"):
        browser, texts = visitor(), []
        browser.open("/sign-up?next=/account")
        texts.append(browser.press("Sign up", shown_name=f"A {len(seen)}", email=address, password=PASSWORD + "!").text)
        texts.append(browser.open("/account").text)
        texts.append(signed_in(visitor(), address, PASSWORD + "!").open("/account").text)
        seen.append([neutral(text.replace(address, "ADDRESS")) for text in texts])
    assert seen[0] == seen[1]


def test_the_owner_of_an_address_still_signs_in_with_it_after_another_gave_it_too(visitor: Open, noor: int) -> None:
    browser = visitor()
    browser.open("/sign-up?next=/account")
    browser.press("Sign up", shown_name="Second", email="noor@example.org", password=PASSWORD + "!")
    page = signed_in(visitor(), "noor@example.org", PASSWORD).page
    assert page is not None
    assert "You sign in as “noor”" in page.words


def test_the_same_form_sent_twice_signs_in_to_one_account(app: Flask, visitor: Open) -> None:
    browser = visitor()
    browser.open("/sign-up?next=/account")
    second = same_browser(app, browser)
    pages = [window.press("Sign up", shown_name="Noor Haddad", password=PASSWORD) for window in (browser, second)]
    assert [page.heading for page in pages] == ["Your account"] * 2
    person = person_named(app, "noor.haddad")
    assert open_devices(app, person.id) == 1


@pytest.mark.parametrize("reason", ["another password", "signed out since"])
def test_a_form_that_was_sent_before_opens_nothing_by_itself(app: Flask, visitor: Open, reason: str) -> None:
    browser = visitor()
    browser.open("/sign-up?next=/account")
    second = same_browser(app, browser)
    browser.press("Sign up", shown_name="Noor", password=PASSWORD)
    if reason == "signed out since":
        send(browser, "/sign-out")
    password = PASSWORD if reason == "signed out since" else "another password"
    page = second.press("Sign up", shown_name="Noor", password=password)
    assert page.heading == "Sign in"
    assert "This form was sent before" in page.words
