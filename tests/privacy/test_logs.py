"""Nothing that people write gets into the logs: words planted through a whole journey, errors included."""

from __future__ import annotations

import io
import logging
from collections.abc import Callable, Iterator

import pytest
from flask import Flask, request
from sqlalchemy import select

from quizapp.database import Database
from quizapp.models import Person
from quizapp.web.access import access
from quizapp.web.logs import JsonLines
from tests.conftest import Cast
from tests.pages import Visitor

PASSWORD = "canary-password over hills"
Open = Callable[..., Visitor]


@pytest.fixture
def logged() -> Iterator[Callable[[], str]]:
    """Everything that any logger of the program, of its libraries and of the root says, down to debugging."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonLines())
    loggers = [logging.getLogger(name) for name in ("", "quizapp")]
    levels = [logger.level for logger in loggers]
    for logger in loggers:
        logger.addHandler(handler)
        logger.setLevel(logging.INFO)
    yield stream.getvalue
    for logger, level in zip(loggers, levels, strict=True):
        logger.removeHandler(handler)
        logger.setLevel(level)


def fail() -> str:
    """Break as a view may that has read a form."""
    word = request.form.get("word", "")
    raise ZeroDivisionError(f"{len(word)} letters")


def fail_aloud() -> str:
    """Break with what somebody wrote in the message: the fault that must be found."""
    raise ValueError(request.form["word"])


@pytest.fixture
def app(own_app: Flask) -> Flask:
    """Tests here add routes."""
    return own_app


@pytest.fixture
def breakable(app: Flask) -> Flask:
    for endpoint, view in (("fail", fail), ("fail_aloud", fail_aloud)):
        app.add_url_rule(f"/{endpoint}", endpoint, access("anyone")(view), methods=["POST"])
    app.config.update(TESTING=False, WTF_CSRF_ENABLED=False)
    return app


def journey(database: Database, visitor: Open, cast: Cast) -> None:
    """Sign up, learn, report, stumble, ask for the data and for the end, with a canary in every field."""
    browser = visitor()
    browser.open("/sign-in?next=/canary-next")
    browser.press("Sign in", 422, name="canary-stranger", password="canary-wrong-password")
    browser.open("/sign-up")
    browser.press("Sign up", 422, shown_name="canary-shown", email="canary-no-address", password="canary")
    browser.open("/sign-up")
    browser.press(
        "Sign up", shown_name="Canary-shown", sign_in_name="canary.name", email="canary@example.org", password=PASSWORD
    )
    with database.read_session() as session:
        noor = session.scalars(select(Person.id).where(Person.sign_in_name == "canary.name")).one()
    browser.open("/reset/canary-secret", 410)
    browser.open("/canary-path?q=canary-query", 404)
    learner = visitor(noor)
    learner.open("/quizzes/new")
    learner.press("Start", number="1", kinds=["short_answer"])
    learner.press("Check answer", text="canary-answer")
    learner.open("/account/privacy")
    learner.press("Download my data", 422, current_password="canary-wrong-again")
    learner.open("/account/privacy")
    learner.press("Download my data", current_password=PASSWORD)
    learner.open("/account/privacy/delete")
    learner.press("Remove my account", current_password=PASSWORD)
    learner.client.post("/fail", data={"word": "canary-word"}, headers={"User-Agent": "canary-agent"})
    flags = visitor(cast.student)
    flags.client.post("/questions/1/flag", data={"reason": "other", "comment": "canary-comment"})


def test_a_whole_journey_leaves_no_word_in_the_logs(
    breakable: Flask, database: Database, visitor: Open, cast: Cast, logged: Callable[[], str]
) -> None:
    journey(database, visitor, cast)
    text = logged()
    assert text.count('"message": "request"') > 15
    assert "ZeroDivisionError" in text
    found = [line for line in text.splitlines() if "canary" in line.lower() or "127.0.0.1" in line]
    assert found == []


def test_a_word_in_a_log_is_found(breakable: Flask, visitor: Open, logged: Callable[[], str]) -> None:
    visitor().client.post("/fail_aloud", data={"word": "canary-word"})
    assert "canary-word" in logged()
