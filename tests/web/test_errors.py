"""Every refusal and failure is told as a page that says what happened and that nothing is lost."""

from __future__ import annotations

import logging
from collections.abc import Callable

import pytest
from flask import Flask, abort
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionFree

from quizapp.database import Database
from quizapp.errors import Conflict, Invalid, NotAllowed, NotFound, QuizappError, TooManyTries, Unreadable
from quizapp.web.access import access
from quizapp.web.errors import STATUS
from tests.conftest import Cast
from tests.pages import Visitor

Open = Callable[..., Visitor]
REFUSALS: list[tuple[QuizappError, int, str]] = [
    (NotFound("The set of another teacher."), 404, "The address may be mistyped"),
    (NotAllowed("This quiz is closed."), 403, "This quiz is closed."),
    (Conflict("This was answered elsewhere."), 409, "This was answered elsewhere."),
    (Invalid("title", "Give it a title."), 422, "Give it a title."),
    (Unreadable(7, "a row is too short."), 422, "Line 7: a row is too short."),
]


@pytest.fixture
def app(own_app: Flask) -> Flask:
    """Tests here add routes."""
    return own_app


def page_that_raises(app: Flask, error: Exception) -> None:
    @access("anyone")
    def fail() -> str:
        raise error

    app.add_url_rule("/fails", "fails", fail)


@pytest.mark.parametrize(("refusal", "status", "words"), REFUSALS, ids=[type(row[0]).__name__ for row in REFUSALS])
def test_a_refusal_is_a_page_in_its_own_words(
    app: Flask, visitor: Open, refusal: QuizappError, status: int, words: str
) -> None:
    page_that_raises(app, refusal)
    assert words in visitor().open("/fails", status).words


def test_what_may_not_be_known_of_is_not_told(app: Flask, visitor: Open) -> None:
    page_that_raises(app, NotFound("The set of another teacher."))
    assert "teacher" not in visitor().open("/fails", 404).words


def test_every_refusal_has_a_status() -> None:
    told = [kind for kind in QuizappError.__subclasses__() if kind.__name__ != "Misconfigured"]
    assert {*told, TooManyTries} == set(STATUS)


@pytest.mark.parametrize("status", [400, 403, 404, 405, 409, 413, 422, 429, 500, 503])
def test_every_status_has_a_page_with_a_way_on(app: Flask, visitor: Open, cast: Cast, status: int) -> None:
    app.add_url_rule("/stops", "stops", access("anyone")(lambda: abort(status)))
    for person_id in (None, cast.student):
        page = visitor(person_id).open("/stops", status)
        assert page.heading
        assert page.words != page.heading
        assert "/" in page.links().values()


def test_a_status_without_words_of_its_own_has_the_usual_ones(app: Flask, visitor: Open) -> None:
    app.add_url_rule("/stops", "stops", access("anyone")(lambda: abort(418)))
    assert visitor().open("/stops", 418).heading == "This request is incomplete"


def test_a_method_that_a_page_has_not_is_told(app: Flask, visitor: Open) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    response = visitor().client.post("/topics")
    assert response.status_code == 405
    assert "use the buttons on the page" in response.text


def test_a_form_that_is_too_large_is_refused(app: Flask, visitor: Open) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    response = visitor().client.post("/sign-in", data={"name": "x" * 3 * 1024 * 1024})
    assert response.status_code == 413
    assert "Nothing was stored" in response.text


def test_our_own_fault_is_told_without_its_details_and_logged_with_them(
    app: Flask, visitor: Open, caplog: pytest.LogCaptureFixture
) -> None:
    app.config["TESTING"] = False
    page_that_raises(app, KeyError("secret-detail"))
    page = visitor().open("/fails", 500)
    assert "secret-detail" not in page.text
    assert page.response.headers["X-Request-Id"] in page.words
    (record,) = [record for record in caplog.records if record.levelno == logging.ERROR]
    assert record.exc_info
    assert "secret-detail" in str(record.exc_info[1])


def test_in_a_test_our_own_fault_stops_the_test(app: Flask, visitor: Open) -> None:
    page_that_raises(app, KeyError("secret-detail"))
    with pytest.raises(KeyError):
        visitor().open("/fails")


def test_a_database_that_does_not_answer_is_told_as_busy(app: Flask, visitor: Open) -> None:
    page_that_raises(app, OperationalError("SELECT 1", None, Exception("gone")))
    assert "What you had saved is safe" in visitor().open("/fails", 503).words


@pytest.mark.parametrize("is_signed_in", [False, True])
def test_while_the_database_is_away_every_page_says_when_to_come_again(
    app: Flask, visitor: Open, cast: Cast, monkeypatch: pytest.MonkeyPatch, is_signed_in: bool
) -> None:
    person = visitor(cast.student if is_signed_in else None)

    def refuse(_database: Database) -> None:
        raise OperationalError("SELECT 1", None, Exception("gone"))

    monkeypatch.setattr(Database, "read_session", refuse)
    for path in ("/topics", "/cards" if is_signed_in else "/sets"):
        page = person.open(path, 503)
        assert page.heading == "Too busy just now"
        assert page.response.headers["Retry-After"] == "5"


@pytest.mark.parametrize("failure", [InterfaceError("SELECT 1", None, Exception("gone")), NoConnectionFree()])
def test_a_connection_that_can_not_be_had_is_told_as_busy(app: Flask, visitor: Open, failure: Exception) -> None:
    page_that_raises(app, failure)
    assert visitor().open("/fails", 503).response.headers["Retry-After"] == "5"


def test_a_stale_form_says_what_to_do(visitor: Open) -> None:
    response = visitor().client.post("/sign-in", data={"csrf_token": "old"})
    assert response.status_code == 400
    assert "Reload it and try again" in response.text
