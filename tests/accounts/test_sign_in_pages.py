"""Signing in and out and one-time links in the browser."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from flask import Flask

from quizapp.accounts import passwords
from quizapp.accounts.links import make_reset_link
from quizapp.accounts.people import add_person
from quizapp.models import Person
from tests.accounts.visits import (
    PASSWORD,
    Open,
    database_of,
    first_form,
    neutral,
    open_devices,
    same_browser,
    send,
    signed_in,
    stored,
)
from tests.conftest import Cast, Clock


def test_name_or_email_opens_the_account_and_the_device_is_listed(visitor: Open, noor: int) -> None:
    for given_name in ("noor", " NOOR ", "Noor@Example.org"):
        browser = visitor()
        browser.client.environ_base["HTTP_USER_AGENT"] = "Mozilla/5.0 (X11; Linux x86_64) Chromium/140.0 Chrome/140.0"
        signed_in(browser, given_name, PASSWORD)
        assert browser.page is not None
        assert "Chromium on Linux Signed in today at 09:00 This device" in browser.page.words


def test_every_refusal_reads_the_same(app: Flask, visitor: Open, noor: int, clock: Clock) -> None:
    with database_of(app).write_session() as session:
        for name, is_disabled in (("gone", True), ("unset", False)):
            person = add_person(session, shown_name=name, sign_in_name=name, role="student", now=clock.now)
            person.password_hash = passwords.hash_password(PASSWORD, 1) if is_disabled else None
            person.disabled_at = clock.now if is_disabled else None
    texts = set()
    for name, password in (
        ("noor", "wrong"), ("noor", f" {PASSWORD}"), ("nobody", PASSWORD), ("gone", PASSWORD), ("unset", PASSWORD),
        ("noor@example.org", "wrong"), ("no@body.org", PASSWORD), ("x" * 9000, "y" * 9000), ("no\0body", PASSWORD),
    ):  # fmt: skip
        browser = visitor()
        browser.open("/sign-in")
        page = browser.press("Sign in", status=422, name=name, password=password)
        assert "Name or password is not right." in page.words
        values = page.values(page.form_of(page.all("button", type="submit")[0]))
        assert values["password"] == [""]
        texts.add(re.sub(r'(id="name"[^>]*) value="[^"]*"', r"\1", neutral(page.text)))
    assert len(texts) == 1


def test_an_empty_form_says_what_is_missing(visitor: Open) -> None:
    browser = visitor()
    browser.open("/sign-in")
    page = browser.press("Sign in", status=422)
    assert "Give the name that you sign in with, or your email." in page.words
    assert "Give your password." in page.words


def test_next_stays_on_this_site(visitor: Open, noor: int) -> None:
    for target in ("https://evil.example", "//evil.example", "/\\evil.example", "javascript:alert(1)"):
        browser = visitor()
        browser.open("/sign-in")
        answer = browser.client.post(
            "/sign-in", data={**first_form(browser), "name": "noor", "password": PASSWORD, "next": target}
        )
        assert (answer.status_code, answer.headers["Location"]) == (303, "/")
        page = visitor().open(f"/sign-up?next={target}")
        assert page.values(page.form_of(page.all("button", type="submit")[0]))["next"] == [""]


def test_who_is_signed_in_is_sent_to_the_start(app: Flask, visitor: Open, cast: Cast) -> None:
    browser = visitor(cast.student)
    for path in ("/sign-in", "/sign-up"):
        assert browser.client.get(path).headers["Location"] == "/"
        answer = send(browser, path, name="noor", password=PASSWORD, shown_name="Noor")
        assert (answer.status_code, answer.headers["Location"]) == (303, "/")
    assert open_devices(app, cast.student) == 1


def test_signing_in_starts_a_new_cookie(app: Flask, visitor: Open, noor: int) -> None:
    browser = visitor()
    with browser.client.session_transaction() as cookie:
        cookie["planted"] = "by somebody else"
    signed_in(browser, "noor", PASSWORD)
    with browser.client.session_transaction() as cookie:
        assert "planted" not in cookie
        assert cookie.permanent


def test_signing_in_makes_an_old_hash_anew(app: Flask, visitor: Open, clock: Clock, noor: int) -> None:
    with database_of(app).write_session() as session:
        session.get_one(Person, noor).password_hash = passwords.hash_password(PASSWORD, 2)
    signed_in(visitor(), "noor", PASSWORD)
    newer = stored(app, noor).password_hash
    assert newer is not None
    assert "t=1," in newer
    signed_in(visitor(), "noor", PASSWORD)
    assert stored(app, noor).password_hash == newer


def test_signing_out_ends_the_device_and_the_old_cookie_opens_nothing(app: Flask, visitor: Open, noor: int) -> None:
    browser = signed_in(visitor(), "noor", PASSWORD)
    stolen = same_browser(app, browser)
    answer = send(browser, "/sign-out")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/")
    assert open_devices(app, noor) == 0
    for window in (browser, stolen):
        assert window.open("/account").heading == "Sign in"
    assert send(visitor(), "/sign-out").status_code == 303


def test_a_disabled_persons_devices_open_nothing(app: Flask, visitor: Open, cast: Cast, clock: Clock) -> None:
    browser = visitor(cast.student)
    with database_of(app).write_session() as session:
        session.get_one(Person, cast.student).disabled_at = clock.now
    assert browser.open("/account").heading == "Sign in"


def test_a_link_sets_a_password_once(app: Flask, visitor: Open, noor: int, clock: Clock) -> None:
    elsewhere = signed_in(visitor(), "noor", PASSWORD)
    with database_of(app).write_session() as session:
        secret = make_reset_link(session, "noor", clock.now)
    browser = visitor()
    assert "For Noor Haddad, who signs in as “noor”." in browser.open(f"/reset/{secret}").words
    page = browser.press("Set password", status=422, new_password="noor haddad")
    assert "Choose something other than your name or your address." in page.words
    page = browser.press("Set password", new_password="fog in lanterns")
    assert page.heading == "Sign in"
    assert "Your new password is set. Sign in with it." in page.words
    assert elsewhere.open("/account").heading == "Sign in"
    signed_in(visitor(), "noor", "fog in lanterns")
    assert browser.open(f"/reset/{secret}", status=410).heading == "This link no longer works"


def test_dead_links_of_all_kinds_read_the_same(app: Flask, visitor: Open, noor: int, clock: Clock) -> None:
    with database_of(app).write_session() as session:
        replaced = make_reset_link(session, "noor", clock.now)
        old = make_reset_link(session, "noor", clock.now)
    browser = visitor()
    browser.open(f"/reset/{old}")
    clock.advance(hours=24)
    page = browser.press("Set password", status=410, new_password="fog in lanterns")
    assert stored(app, noor).password_hash is not None
    assert passwords.verify(stored(app, noor).password_hash, PASSWORD, 1)
    texts = {visitor().open(f"/reset/{secret}", status=410).text for secret in (replaced, old, "nothing", "%F0%9F")}
    assert texts == {page.text}


def test_no_password_is_hashed_while_a_transaction_is_open(
    app: Flask, visitor: Open, noor: int, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Checked out connections are counted at each hash: readers and writers alike must have given theirs back."""
    open_now: list[int] = []
    hasher, database = passwords._hasher(1), database_of(app)
    writing = database.write_session

    @contextmanager
    def counted() -> Iterator[object]:
        with writing() as session:
            busy.append(1)
            try:
                yield session
            finally:
                busy.pop()

    busy: list[int] = []

    class Watching:
        def hash(self, password: bytes) -> str:
            open_now.append(database.engine.pool.checkedout() + len(busy))  # type: ignore[attr-defined]
            return hasher.hash(password)

        def verify(self, stored_hash: str, password: bytes) -> bool:
            open_now.append(database.engine.pool.checkedout() + len(busy))  # type: ignore[attr-defined]
            return hasher.verify(stored_hash, password)

        def check_needs_rehash(self, _stored_hash: str) -> bool:
            return True

    with database.write_session() as session:
        secret = make_reset_link(session, "noor", clock.now)
    monkeypatch.setattr(database, "write_session", counted)
    monkeypatch.setattr(passwords, "_hasher", lambda _rounds: Watching())
    browser = visitor()
    browser.open("/sign-up?next=/account")
    second = same_browser(app, browser)
    for window in (browser, second):
        window.press("Sign up", shown_name="Somebody", password=PASSWORD)
    browser = signed_in(visitor(), "noor", PASSWORD)
    browser.press("Change password", current_password=PASSWORD, new_password="fog in lanterns")
    with writing() as session:
        secret = make_reset_link(session, "noor", clock.now)
    browser = visitor()
    browser.open(f"/reset/{secret}")
    browser.press("Set password", new_password=PASSWORD)
    assert len(open_now) == 8
    assert set(open_now) == {0}
