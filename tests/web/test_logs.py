"""Logs: one JSON object a line, with the request's id, and nothing that says who did what."""

from __future__ import annotations

import io
import json
import logging
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask

from quizapp.web.access import access
from quizapp.web.logs import JsonLines
from tests.conftest import Cast
from tests.pages import Visitor

Lines = Callable[[], list[dict[str, Any]]]


@pytest.fixture
def app(own_app: Flask) -> Flask:
    """A test here adds a route."""
    return own_app


@pytest.fixture
def lines(app: Flask) -> Iterator[Lines]:
    """What was logged so far, line by line."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonLines())
    logger = logging.getLogger("quizapp")
    logger.addHandler(handler)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    logger.removeHandler(handler)


def test_a_request_is_one_line_that_names_the_route_and_the_answer(
    lines: Lines, visitor: Callable[..., Visitor]
) -> None:
    page = visitor().open("/topics/nato-role-in-ukraine")
    (line,) = lines()
    assert line.pop("milliseconds") > 0
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", line.pop("at"))
    assert line == {
        "level": "info", "logger": "quizapp.request", "message": "request", "method": "GET",
        "route": "/topics/<slug>", "status": 200, "request_id": page.response.headers["X-Request-Id"],
    }  # fmt: skip


def test_each_request_has_an_id_of_its_own(lines: Lines, visitor: Callable[..., Visitor]) -> None:
    browser = visitor()
    for _ in range(3):
        browser.open("/livez")
    ids = [line["request_id"] for line in lines()]
    assert len(set(ids)) == 3


def test_nothing_personal_is_logged(lines: Lines, visitor: Callable[..., Visitor], cast: Cast) -> None:
    browser = visitor()
    browser.open("/sign-in")
    browser.press("Sign in", 422, name="canary-name", password="canary-password")
    browser.open("/reset/canary-secret", 410)
    browser.open("/topics?q=canary-query")
    browser.open("/canary-path", 404)
    student = visitor(cast.student)
    student.open("/quizzes/new")
    student.press("Start", number="1", kinds=["short_answer"])
    student.press("Check answer", text="canary-answer")
    text = json.dumps(lines())
    assert len(lines()) > 7
    for secret in ("canary", "Mira", "Okafor", "mira.okafor", "127.0.0.1"):
        assert secret not in text


def test_a_failure_is_logged_with_its_trace_and_id(app: Flask, lines: Lines, visitor: Callable[..., Visitor]) -> None:
    app.config["TESTING"] = False

    @access("anyone")
    def fail() -> str:
        raise ZeroDivisionError

    app.add_url_rule("/fails", "fails", fail)
    visitor().open("/fails", 500)
    failed, request = lines()
    assert failed["level"] == "error"
    assert "ZeroDivisionError" in failed["error"]
    assert request["status"] == 500


def test_a_line_stays_one_line_whatever_it_says() -> None:
    record = logging.LogRecord("quizapp", logging.INFO, "", 0, "two\nlines “%s”", ("ü",), None)
    record.detail = object()
    line = JsonLines().format(record)
    assert "\n" not in line
    assert json.loads(line)["message"] == "two\nlines “ü”"
