"""Throttles as people meet them: a refusal that says when to come again, and no way to shut an owner out."""

from __future__ import annotations

import re
import time
from statistics import median

import pytest
from flask import Flask

from quizapp.accounts import passwords
from quizapp.accounts.people import add_person
from quizapp.models import Throttle
from tests.accounts.visits import PASSWORD, Open, database_of, first_form, neutral, send, signed_in, stored
from tests.conftest import Clock
from tests.pages import Page, Visitor

SCHOOL, STRANGER = "198.51.100.7", "203.0.113.9"


def at(visitor: Open, address: str) -> Visitor:
    browser = visitor()
    browser.client.environ_base["REMOTE_ADDR"] = address
    return browser


def guess(browser: Visitor, times: int, name: str = "noor") -> Page:
    browser.open("/sign-in")
    for _ in range(times):
        data = {**first_form(browser), "name": name, "password": "wrong"}
        page = Page(browser.client.post("/sign-in", data=data), "/sign-in")
    return page


def test_a_sixth_wrong_password_makes_the_seventh_try_wait_and_keeps_what_was_typed(
    visitor: Open, noor: int, clock: Clock
) -> None:
    browser = visitor()
    assert guess(browser, 6).status == 422
    page = guess(browser, 1)
    assert page.status == 429
    assert page.response.headers["Retry-After"] == "2"
    assert "That was tried too often. Try again in 2 seconds." in page.words
    assert page.values(page.form_of(page.all("button", type="submit")[0]))["name"] == ["noor"]
    browser.open("/sign-in")
    assert "Try again in 2 seconds." in browser.press("Sign in", 429, name="noor", password=PASSWORD).words
    clock.advance(seconds=2)
    signed_in(browser, "noor", PASSWORD)


def test_the_owner_is_never_kept_out_by_guesses_from_elsewhere(visitor: Open, noor: int, clock: Clock) -> None:
    for number in range(60):
        guess(at(visitor, f"203.0.113.{number}"), 2)
    owner = at(visitor, SCHOOL)
    page = guess(owner, 1)
    assert page.status == 429
    clock.advance(seconds=int(page.response.headers["Retry-After"]))
    signed_in(owner, "noor", PASSWORD)


def test_on_a_browser_known_to_the_name_nobody_elses_guesses_count(visitor: Open, noor: int) -> None:
    owner = signed_in(at(visitor, SCHOOL), "noor", PASSWORD)
    send(owner, "/sign-out")
    assert guess(at(visitor, SCHOOL), 10).status == 429
    signed_in(owner, "noor", PASSWORD)


def test_forty_people_sign_in_from_one_address_in_a_minute(app: Flask, visitor: Open, clock: Clock) -> None:
    with database_of(app).write_session() as session:
        hashed = passwords.hash_password(PASSWORD, 1)
        for number in range(40):
            add_person(session, shown_name=f"Pupil {number}", role="student", now=clock.now, password_hash=hashed)
    for number in range(40):
        browser = at(visitor, SCHOOL)
        assert guess(browser, 2, f"pupil.{number}").status == 422
        signed_in(browser, f"pupil.{number}", PASSWORD)
    with database_of(app).read_session() as session:
        assert session.query(Throttle).count() == 41  # the address, and each name anywhere


def test_who_exists_and_who_does_not_are_slowed_alike(visitor: Open, noor: int) -> None:
    texts = set()
    for name in ("noor", "noor@example.org", "nobody", "no@body.org", "n\0body"):
        browser = at(visitor, SCHOOL)
        guess(browser, 6, name)
        page = guess(browser, 1, name)
        texts.add(
            (
                page.status,
                page.response.headers["Retry-After"],
                re.sub(r'(id="name"[^>]*) value="[^"]*"', r"\1", neutral(page.text)),
            )
        )
    assert len(texts) == 1


def test_a_wrong_password_takes_as_long_for_nobody_as_for_somebody(visitor: Open, noor: int) -> None:
    """A coarse check: an argon2 pass left out would be a factor, not some per cent."""
    took: dict[str, list[float]] = {"noor": [], "nobody": []}
    for number in range(7):
        for name, times in took.items():
            browser = at(visitor, f"198.51.100.{number}")
            browser.open("/sign-in")
            data = {**first_form(browser), "name": name, "password": "wrong"}
            began = time.perf_counter()
            browser.client.post("/sign-in", data=data)
            times.append(time.perf_counter() - began)
    quick, slow = sorted(median(times) for times in took.values())
    assert slow < 2 * quick


def test_guesses_at_the_password_of_a_device_left_signed_in_are_slowed(
    app: Flask, visitor: Open, noor: int, clock: Clock
) -> None:
    browser = signed_in(visitor(), "noor", PASSWORD)
    for _ in range(6):
        browser.press("Change password", 422, current_password="wrong", new_password="fog in lanterns")
    for button, fields in (
        ("Change password", {"new_password": "fog in lanterns"}),
        ("Save profile", {"email": "other@example.org"}),
    ):
        page = browser.press(button, 429, current_password=PASSWORD, **fields)
        assert page.response.headers["Retry-After"] == "2"
        assert "Try again in 2 seconds." in page.words
        browser.open("/account")
    assert stored(app, noor).email == "noor@example.org"
    clock.advance(seconds=2)
    browser.press("Change password", current_password=PASSWORD, new_password="fog in lanterns")
    browser.press("Change password", 422, current_password="wrong", new_password="fog in lanterns")


def test_asking_which_names_are_taken_is_slowed(visitor: Open, noor: int, clock: Clock) -> None:
    browser = visitor()
    browser.open("/sign-up")
    data = {**first_form(browser), "shown_name": "A", "sign_in_name": "noor", "password": PASSWORD}
    answers = [browser.client.post("/sign-up", data=data) for _ in range(42)]
    assert [answer.status_code for answer in answers] == [422] * 41 + [429]
    assert answers[-1].headers["Retry-After"] == "2"
    assert "“noor” is taken" not in answers[-1].text
    page = Page(answers[-1], "/sign-up")
    assert page.values(page.form_of(page.all("button", type="submit")[0]))["sign_in_name"] == ["noor"]
    clock.advance(seconds=2)
    assert browser.client.post("/sign-up", data={**data, "sign_in_name": "free"}).status_code == 303


@pytest.mark.parametrize("proxied", [False, True])
def test_what_a_browser_says_of_its_address_counts_only_behind_a_trusted_proxy(
    visitor: Open, noor: int, proxied: bool
) -> None:
    browser = visitor()
    browser.open("/sign-in")
    statuses = set()
    for number in range(8):
        data = {**first_form(browser), "name": "noor", "password": "wrong"}
        headers = {"X-Forwarded-For": f"203.0.113.{number}"} if proxied else {}
        statuses.add(browser.client.post("/sign-in", data=data, headers=headers).status_code)
    assert statuses == {422, 429}
