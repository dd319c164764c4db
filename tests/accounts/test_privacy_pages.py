"""Your data: the copy comes for a password, the account goes after a week, and both are told in plain words."""

from __future__ import annotations

import io
import zipfile
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from quizapp.models import AuditEntry, Person, PrivacyRequest
from quizapp.privacy.requests import open_requests, refuse
from tests.accounts.visits import PASSWORD, Open, database_of
from tests.builders import counted_queries
from tests.conftest import Cast, Clock
from tests.pages import Visitor


def requests_of(app: Flask, person_id: int) -> list[PrivacyRequest]:
    with database_of(app).read_session() as session:
        return list(session.scalars(select(PrivacyRequest).where(PrivacyRequest.person_number == person_id)))


def actions(app: Flask) -> list[str]:
    with database_of(app).read_session() as session:
        return list(session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)))


def at_privacy(visitor: Open, person_id: int) -> Visitor:
    browser = visitor(person_id)
    browser.open("/account")
    browser.follow("Copy or remove your data")
    return browser


def test_the_copy_comes_as_a_zip(app: Flask, noor: int, visitor: Open) -> None:
    browser = at_privacy(visitor, noor)
    page = browser.press("Download my data", current_password=PASSWORD)
    assert page.response.mimetype == "application/zip"
    assert page.response.headers["Content-Disposition"] == "attachment; filename=quizapp-2026-11-16.zip"
    assert page.response.headers["Cache-Control"].startswith("no-")
    with zipfile.ZipFile(io.BytesIO(page.response.get_data())) as archive:
        assert b"Noor Haddad" in archive.read("account.json")
        assert b"account.json" in archive.read("README.txt")
    assert actions(app)[-1] == "data.exported"


@pytest.mark.parametrize(
    ("given", "told"), [("", "Give your password."), ("not hers", "This is not the password you have now.")]
)
def test_the_copy_needs_the_password(app: Flask, noor: int, visitor: Open, given: str, told: str) -> None:
    browser = at_privacy(visitor, noor)
    page = browser.press("Download my data", 422, current_password=given)
    assert told in page.words
    assert "data.exported" not in actions(app)


@pytest.mark.parametrize("path", ["/account/privacy", "/account/privacy/delete"])
def test_passwords_are_not_tried_without_end(noor: int, visitor: Open, path: str) -> None:
    browser = visitor(noor)
    button = "Download my data" if path.endswith("privacy") else "Remove my account"
    for _ in range(6):
        browser.open(path)
        browser.press(button, 422, current_password="not hers")
    browser.open(path)
    assert "tried too often" in browser.press(button, 429, current_password=PASSWORD).words


def test_the_account_goes_after_a_week_unless_that_is_undone(
    app: Flask, noor: int, visitor: Open, clock: Clock
) -> None:
    browser = at_privacy(visitor, noor)
    page = browser.follow("Remove my account …")
    assert "What goes" in page.text
    assert "Without your name, because others’ work rests on it." in page.text
    page = browser.press("Remove my account", current_password=PASSWORD)
    assert "Your account will be removed on 23 November" in page.words
    assert browser.open("/account").words.count("Your account will be removed on 23 November") == 1
    (request,) = requests_of(app, noor)
    assert request.due_at == clock.now + timedelta(days=7)
    browser.open("/topics")  # and everything works
    browser.open("/account")
    assert "Your account stays." in browser.press("Undo").words
    assert "will be removed" not in browser.open("/account").words
    assert requests_of(app, noor)[0].outcome == "withdrawn"
    assert actions(app)[-2:] == ["erasure.asked", "erasure.withdrawn"]


@pytest.mark.parametrize("given", ["", "not hers"])
def test_the_account_does_not_go_without_the_password(app: Flask, noor: int, visitor: Open, given: str) -> None:
    browser = visitor(noor)
    browser.open("/account/privacy/delete")
    browser.press("Remove my account", 422, current_password=given)
    assert requests_of(app, noor) == []


def test_who_has_no_password_is_not_asked_for_one(app: Flask, cast: Cast, visitor: Open) -> None:
    browser = visitor(cast.student)
    browser.open("/account/privacy/delete")
    browser.press("Remove my account")
    assert len(requests_of(app, cast.student)) == 1
    browser.open("/account/privacy")
    assert browser.press("Download my data").response.mimetype == "application/zip"


def test_undo_twice_is_told(noor: int, visitor: Open) -> None:
    one, other = visitor(noor), visitor(noor)
    one.open("/account/privacy/delete")
    one.press("Remove my account", current_password=PASSWORD)
    other.open("/account/privacy")
    one.press("Undo")
    assert "There was nothing to undo." in other.press("Undo").words


def test_a_refusal_is_read_by_the_person(app: Flask, noor: int, cast: Cast, visitor: Open, clock: Clock) -> None:
    browser = visitor(noor)
    browser.open("/account/privacy/delete")
    browser.press("Remove my account", current_password=PASSWORD)
    with database_of(app).write_session() as session:
        refuse(session, open_requests(session)[0].id, cast.admin, "Marks are kept until July.", clock.now)
    page = browser.open("/account/privacy")
    assert "Your account was not removed" in page.words
    assert "Decided on 16 November: Marks are kept until July." in page.words


def test_the_only_administrator_is_told_why_not(app: Flask, cast: Cast, visitor: Open) -> None:
    browser = visitor(cast.admin)
    browser.open("/account/privacy/delete")
    assert "Make somebody else an administrator first." in browser.press("Remove my account", 409).words


def test_the_pages_ask_the_database_little(app: Flask, noor: int, visitor: Open) -> None:
    browser = visitor(noor)
    for path in ("/account/privacy", "/account/privacy/delete", "/account"):
        with counted_queries(app) as statements:
            browser.open(path)
        assert len(statements) <= 8, path


def test_nothing_changes_by_looking(app: Flask, noor: int, visitor: Open) -> None:
    visitor(noor).open("/account/privacy/delete")
    with database_of(app).read_session() as session:
        assert session.get(Person, noor) is not None
    assert requests_of(app, noor) == []
