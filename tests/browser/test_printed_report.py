"""The progress report on paper: one side of A4, with whose it is and of which day, without what only a screen needs."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from quizapp.models import DailyTotal, Person, RecallTotal, Topic
from tests.chromium import OpenWindow
from tests.conftest import Cast, Clock
from tests.histories import answer, items_of, study


def sides(page: Page) -> int:
    return len(re.findall(rb"/Type\s*/Page\b", page.pdf(format="A4", print_background=True)))


@pytest.mark.parametrize("known", [1, 5, 10])
def test_the_report_prints_on_one_side(
    open_window: OpenWindow, session: Session, cast: Cast, clock: Clock, known: int
) -> None:
    topics = session.scalar(select(func.count(Topic.id)).where(Topic.is_listed)) or 0
    for place in range(min(known, topics)):
        answer(session, cast.student, items_of(session, place), 1.0, clock.now)
        study(session, cast.student, items_of(session, place), clock.now)
        clock.advance(days=1)
    day = clock.now.date() - timedelta(days=1)
    for twentieth in range(10, 20):
        session.add(
            RecallTotal(
                learner_id=cast.student, study_day=day, is_due=True, is_mature=twentieth % 2 == 0,
                twentieth=twentieth, reviews=30, recalled=25, expected=30 * (twentieth + 0.5) / 20,
            )
        )  # fmt: skip
    said = {"high_answers": 30, "high_right": 20, "mid_answers": 9, "mid_right": 5, "low_answers": 8, "low_right": 7}
    session.execute(update(DailyTotal).where(DailyTotal.learner_id == cast.student).values(said))
    session.commit()
    page = open_window(cast.student)
    page.goto("/progress")
    assert sides(page) == 1
    page.emulate_media(media="print")
    name = session.get_one(Person, cast.student).shown_name
    expect(page.get_by_text(f"progress of {name}, {clock.now.day} {clock.now:%B %Y}")).to_be_visible()
    expect(page.locator("nav:visible, button:visible, .button:visible, details:visible")).to_have_count(0)
    assert page.evaluate("getComputedStyle(document.documentElement).colorScheme") == "light"


def test_a_page_too_long_is_seen_to_need_more_sides(open_window: OpenWindow, cast: Cast) -> None:
    page = open_window(cast.student)
    page.goto("/progress")
    page.locator("main").evaluate(
        "main => main.append(...Array.from({length: 99}, () => document.createElement('h2')))"
    )
    page.locator("main").evaluate("main => main.querySelectorAll('h2').forEach(head => head.textContent = 'More')")
    assert sides(page) > 1
