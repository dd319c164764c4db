"""One-time codes in the browser: set up, asked for, used up, lost and removed."""

from __future__ import annotations

import re
from base64 import b32decode
from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import select, update

from quizapp.accounts import codes, passwords
from quizapp.core.one_time_codes import STEP_SECONDS, code_at
from quizapp.models import AuditEntry, Person, RecoveryCode
from tests.accounts.visits import PASSWORD, Open, database_of, open_devices, send, signed_in, stored
from tests.conftest import Cast, Clock
from tests.pages import Page, Visitor


@pytest.fixture
def eva(app: Flask, cast: Cast) -> int:
    with database_of(app).write_session() as session:
        session.get_one(Person, cast.teacher).password_hash = passwords.hash_password(PASSWORD, 1)
    return cast.teacher


def code_of(secret: bytes, clock: Clock, later: int = 0) -> str:
    return code_at(secret, int(clock.now.timestamp()) // STEP_SECONDS + later)


def switched_on(browser: Visitor, clock: Clock) -> tuple[bytes, list[str]]:
    """Set codes up as a person does, by the secret on the page; return it and the recovery codes."""
    browser.open("/account/codes")
    page = browser.press("Set up one-time codes", current_password=PASSWORD)
    shown = "".join(page.all("code", class_="secret")[0].itertext()).replace(" ", "")
    assert f"secret={shown}&" in page.links()["the address for apps"]
    secret = b32decode(shown)
    assert page.all("svg", class_="code-picture")
    page = browser.press("Switch on", code=code_of(secret, clock))
    assert page.heading == "Your recovery codes"
    clock.advance(seconds=STEP_SECONDS)
    return secret, re.findall(r"[a-z2-9]{5}-[a-z2-9]{5}", page.words)


def first_step(visitor: Open, target: str = "/account") -> Visitor:
    browser = visitor()
    browser.open(f"/sign-in?next={target}")
    assert browser.press("Sign in", name="eva.lindqvist", password=PASSWORD).heading == "Enter your code"
    return browser


def test_a_code_is_asked_for_once_codes_are_on(app: Flask, visitor: Open, eva: int, clock: Clock) -> None:
    elsewhere = signed_in(visitor(), "eva.lindqvist", PASSWORD)
    secret, recovery = switched_on(signed_in(visitor(), "eva.lindqvist", PASSWORD), clock)
    assert len(set(recovery)) == 10
    assert elsewhere.open("/account").heading == "Sign in"
    assert open_devices(app, eva) == 1
    browser = first_step(visitor)
    assert open_devices(app, eva) == 1
    assert browser.open("/account").heading == "Sign in"
    browser.open("/sign-in/code")
    assert codes.WRONG_CODE in browser.press("Sign in", 422, code="000000").words
    page = browser.press("Sign in", code=" " + code_of(secret, clock)[:3] + " " + code_of(secret, clock)[3:])
    assert page.heading == "Your account"
    assert open_devices(app, eva) == 2


def test_no_code_and_no_recovery_code_works_twice(visitor: Open, eva: int, clock: Clock) -> None:
    secret, recovery = switched_on(signed_in(visitor(), "eva.lindqvist", PASSWORD), clock)
    for given in (code_of(secret, clock), recovery[0].upper(), recovery[1].replace("-", " ")):
        assert first_step(visitor).press("Sign in", code=given).heading == "Your account"
        assert codes.WRONG_CODE in first_step(visitor).press("Sign in", 422, code=given).words
    assert "7 recovery codes left" in signed_in_by(visitor, recovery[2]).open("/account/codes").words


def signed_in_by(visitor: Open, code: str) -> Visitor:
    browser = first_step(visitor)
    browser.press("Sign in", code=code)
    return browser


def test_the_database_holds_neither_the_secret_nor_the_recovery_codes(
    app: Flask, visitor: Open, eva: int, clock: Clock
) -> None:
    secret, recovery = switched_on(signed_in(visitor(), "eva.lindqvist", PASSWORD), clock)
    person = stored(app, eva)
    assert person.totp_salt is not None
    assert person.totp_salt not in secret
    with database_of(app).read_session() as session:
        hashes = list(session.scalars(select(RecoveryCode.code_hash)))
    assert len(hashes) == 10
    assert not [code for code in recovery if code.replace("-", "").encode() in b"".join(hashes)]


def test_the_second_step_ends_after_ten_minutes_or_when_the_password_changes(
    app: Flask, visitor: Open, eva: int, clock: Clock
) -> None:
    secret, _ = switched_on(signed_in(visitor(), "eva.lindqvist", PASSWORD), clock)
    late, changed = first_step(visitor), first_step(visitor)
    clock.advance(minutes=10)
    page = late.press("Sign in", code=code_of(secret, clock))
    assert page.heading == "Sign in"
    assert "That took a while. Sign in again." in page.words
    changed = first_step(visitor)
    with database_of(app).write_session() as session:
        other = passwords.hash_password("fog in lanterns", 1)
        session.execute(update(Person).where(Person.id == eva).values(password_hash=other))
    assert changed.press("Sign in", code=code_of(secret, clock)).heading == "Sign in"
    assert visitor().open("/sign-in/code").heading == "Sign in"


def test_guesses_at_codes_are_slowed_more_and_more_and_the_owner_gets_in(visitor: Open, eva: int, clock: Clock) -> None:
    secret, _ = switched_on(signed_in(visitor(), "eva.lindqvist", PASSWORD), clock)
    browser, waits = first_step(visitor), []
    for _ in range(16):
        answer = post_code(browser, "000000")
        if answer.status_code == 429:
            waits.append(int(answer.headers["Retry-After"]))
            clock.advance(seconds=waits[-1])
            browser = first_step(visitor)
            assert post_code(browser, "000000").status_code == 422
    assert waits[:3] == [5, 10, 20]
    assert max(waits) <= 900
    page = Page(post_code(browser, code_of(secret, clock)), "/sign-in/code")
    assert page.status == 429
    clock.advance(seconds=int(page.response.headers["Retry-After"]))
    assert first_step(visitor).press("Sign in", code=code_of(secret, clock)).heading == "Your account"


def post_code(browser: Visitor, code: str):  # type: ignore[no-untyped-def]  # werkzeug's answer
    page = browser.open("/sign-in/code")
    values = {name: value[0] for name, value in page.values(page.form_of(page.all("button", type="submit")[0])).items()}
    return browser.client.post("/sign-in/code", data={**values, "code": code})


def test_switching_off_takes_password_and_code(app: Flask, visitor: Open, eva: int, clock: Clock) -> None:
    browser = signed_in(visitor(), "eva.lindqvist", PASSWORD)
    secret, _ = switched_on(browser, clock)
    browser.open("/account/codes")
    browser.press("Switch off", 422, current_password="wrong", code=code_of(secret, clock))
    browser.press("Switch off", 422, current_password=PASSWORD, code="000000")
    assert stored(app, eva).totp_confirmed_at is not None
    page = browser.press("Switch off", current_password=PASSWORD, code=code_of(secret, clock))
    assert "One-time codes are off." in page.words
    person = stored(app, eva)
    assert (person.totp_salt, person.totp_confirmed_at, person.totp_step) == (None, None, None)
    signed_in(visitor(), "eva.lindqvist", PASSWORD)
    with database_of(app).read_session() as session:
        assert session.scalar(select(RecoveryCode.id).limit(1)) is None
        actions = list(session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)))
    assert actions == ["codes.on", "codes.off"]


def test_set_up_takes_the_password_and_an_unconfirmed_secret_asks_for_nothing(
    visitor: Open, eva: int, clock: Clock
) -> None:
    browser = signed_in(visitor(), "eva.lindqvist", PASSWORD)
    browser.open("/account/codes")
    browser.press("Set up one-time codes", 422, current_password="wrong")
    browser.press("Set up one-time codes", current_password=PASSWORD)
    assert codes.WRONG_CODE in browser.press("Switch on", 422, code="000000").words
    signed_in(visitor(), "eva.lindqvist", PASSWORD)


def test_students_have_no_codes_and_a_forged_wish_finds_nothing(visitor: Open, cast: Cast) -> None:
    browser = visitor(cast.student)
    browser.open("/account/codes", 404)
    for step in ("begin", "confirm", "off"):
        assert send(browser, f"/account/codes/{step}", current_password=PASSWORD, code="000000").status_code == 404


def test_codes_that_were_lost_are_removed_and_noted(
    app: Flask, visitor: Open, eva: int, cast: Cast, clock: Clock
) -> None:
    switched_on(signed_in(visitor(), "eva.lindqvist", PASSWORD), clock)
    with database_of(app).write_session() as session:
        assert codes.remove(session, eva, cast.admin, clock.now)
        assert not codes.remove(session, eva, cast.admin, clock.now)
        assert not codes.remove(session, cast.student, None, clock.now)
    signed_in(visitor(), "eva.lindqvist", PASSWORD)


def test_another_secret_key_makes_codes_worthless(app: Flask, visitor: Open, eva: int, clock: Clock) -> None:
    secret, recovery = switched_on(signed_in(visitor(), "eva.lindqvist", PASSWORD), clock)
    settings = app.extensions["quizapp.settings"]
    app.extensions["quizapp.settings"] = replace(settings, secret_key="j" * 40)
    for given in (code_of(secret, clock), recovery[0]):
        first_step(visitor).press("Sign in", 422, code=given)
