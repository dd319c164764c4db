"""The time of a quiz in a real browser: told, hidden, spoken, and at its end nothing that was typed is lost."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp.models import Attempt, Response
from quizapp.quizzes.finishing import finish, grade_attempt
from tests.chromium import OpenWindow
from tests.conftest import Cast, Clock
from tests.histories import make_set

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
AWAY = ("ERR_INTERNET_DISCONNECTED",)


def test_a_timed_quiz_is_told_hidden_spoken_and_ends_with_what_is_typed(
    open_window: OpenWindow, cast: Cast, clock: Clock, session: Session
) -> None:
    item_set = make_set(session, cast.teacher, "Weekly test", clock.now)
    item_set.rules = {"feedback": "at_end", "limit_seconds": 720, "is_shuffled": False}
    session.commit()
    page = open_window(cast.student, expects=AWAY)
    page.clock.install()
    page.goto("/sets/weekly-test")
    page.get_by_role("button", name="Start quiz").click()
    left, spoken = page.locator("[data-minutes]"), page.locator(".clock [role=status]")
    expect(left).to_have_text("12 min left")
    expect(spoken).to_be_empty()
    page.get_by_role("button", name="Hide the time left").click()
    page.reload()
    expect(left).to_be_hidden()
    page.get_by_role("button", name="Show the time left").click()
    expect(left).to_have_text("12 min left")

    other = open_window(cast.student, width=390, height=844, color_scheme="dark")  # the same quiz on a telephone
    other.goto("/attempts")
    other.get_by_role("link", name="Continue").click()
    expect(other.locator("[data-minutes]")).to_have_text("12 min left")

    clock.advance(minutes=2, seconds=1)
    page.clock.fast_forward("02:01")
    expect(left).to_have_text("10 min left")
    expect(spoken).to_have_text("10 minutes left")

    clock.advance(minutes=9, seconds=30)  # 29 seconds before the end the network goes
    page.clock.fast_forward("09:30")
    expect(spoken).to_have_text("1 minute left")
    page.context.set_offline(True)
    page.locator("#answer input[type=text]").first.fill("Lisbon")
    expect(page.locator("[data-shown]")).to_have_text("Offline, 1 answer waiting")
    page.clock.fast_forward("00:30")
    expect(left).to_have_text("Time is up, waiting for the network")
    clock.advance(seconds=59)
    page.context.set_offline(False)
    page.clock.fast_forward("00:05")
    expect(page.get_by_role("heading", level=1)).to_have_text("The time is up")
    other.reload()
    expect(other.get_by_role("heading", level=1)).to_have_text("The time is up")

    attempt = session.scalars(select(Attempt)).one()
    clock.advance(minutes=5)
    finish(session, cast.student, attempt.id, clock.now)
    grade_attempt(session, cast.student, attempt.id, clock.now)
    session.commit()
    assert [next(iter(row.answer.values())) for row in session.scalars(select(Response)) if row.answer] == [["Lisbon"]]
    page.get_by_role("link", name="Look again").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("0 of 3 right")
