"""The preview as a student: the whole set walked and judged, and not a trace of it in the database."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp.authoring.sets import add_to_set
from quizapp.database import Base
from tests.authoring.conftest import OTHERS, Made, item_of
from tests.builders import counted_queries
from tests.conftest import MONDAY, Cast
from tests.pages import Page, Visitor

RIGHT: dict[str, dict[str, Any]] = {
    "single_choice": {"choice": "a"},
    "multiple_choice": {"choice": ["a", "b"]},
    "true_false": {"choice": "false"},
    "short_answer": {"text": "collective defense"},
    "cloze": {"gap-1": "support", "gap-2": "a"},
    "numeric": {"text": "9"},
    "matching": {"match-1": "programs", "match-2": "sharing"},
    "ordering": {"order-1": "Assistance", "order-2": "Training", "order-3": "Intelligence"},
}
WRONG: dict[str, dict[str, Any]] = {
    "single_choice": {"choice": "b"},
    "true_false": {"choice": "true"},
    "short_answer": {"text": "banana"},
    "numeric": {"text": "12"},
    "matching": {"match-1": "sharing", "match-2": "programs"},
}


@pytest.fixture
def whole(session: Session, cast: Cast, made: Made) -> Made:
    """The set with a question of every kind."""
    for kind in OTHERS:
        add_to_set(session, made.set_id, cast.teacher, item_of(kind), made.source, MONDAY)
    session.commit()
    return made


@pytest.fixture
def teacher(visitor: Callable[..., Visitor], cast: Cast) -> Visitor:
    return visitor(cast.teacher)


def everything(app: Flask) -> dict[str, list[Any]]:
    """Return every row of every table."""
    with app.extensions["quizapp.database"].read_session() as session:
        return {table.name: sorted(map(repr, session.execute(select(table)))) for table in Base.metadata.sorted_tables}


def test_a_set_is_walked_and_judged_without_a_trace(app: Flask, teacher: Visitor, whole: Made) -> None:
    page = teacher.open(f"/teach/sets/{whole.set_id}/preview")  # the visit itself is noted once
    before = everything(app)
    for number, kind in enumerate(["single_choice", *OTHERS], start=1):
        assert f"Preview, {number} of 11" in "".join(page.root.itertext())
        if kind == "flashcard":
            page = teacher.follow("Show answer")
            assert "In Eastern Europe" in page.words
            page = teacher.follow("Next")
            continue
        if kind == "essay":
            page = teacher.press("Check answer", text="To deter.")
            assert verdict(page) == "Waits for its mark"
            assert "To reassure its members." in page.words
            page = teacher.follow("Next")
            continue
        if kind == "description":
            assert "Check answer" not in page.buttons()
            page = teacher.follow("Back to the set")
            continue
        if kind in WRONG:
            assert verdict(teacher.press("Check answer", **WRONG[kind])) == "Not right"
            teacher.follow("Try it again")
        assert verdict(teacher.press("Check answer", **RIGHT[kind])) == "Right"
        page = teacher.follow("Next")
    assert page.heading == "NATO, the basics"
    assert everything(app) == before


def test_a_part_of_an_answer_earns_a_part(teacher: Visitor, whole: Made) -> None:
    teacher.open(f"/teach/sets/{whole.set_id}/preview?question=2")
    page = teacher.press("Check answer", choice=["a"])
    assert verdict(page) == "Partly right"
    assert "50 % of the mark" in page.words


def test_nothing_answered_is_said(teacher: Visitor, whole: Made) -> None:
    teacher.open(f"/teach/sets/{whole.set_id}/preview")
    page = teacher.press("Check answer", status=422)
    assert "Answer first, or press “Show answer”." in page.words
    page = teacher.press("Check answer", status=422, choice="nonsense")
    assert page.all("p", role="alert")


def test_entries_move_without_a_script(teacher: Visitor, whole: Made) -> None:
    page = teacher.open(f"/teach/sets/{whole.set_id}/preview?question=8")
    shown = [entry.get("value") for entry in page.root.iter("input") if str(entry.get("name")).startswith("order-")]
    page = teacher.press(f"Move down: {shown[0]}")
    moved = [entry.get("value") for entry in page.root.iter("input") if str(entry.get("name")).startswith("order-")]
    assert moved == [shown[1], shown[0], shown[2]]


def test_no_key_stands_on_the_page_that_asks(teacher: Visitor, whole: Made) -> None:
    for number in range(1, 12):
        page = teacher.open(f"/teach/sets/{whole.set_id}/preview?question={number}")
        assert "The passage says so." not in page.text
        assert 'class="is-right"' not in page.text


def test_judging_asks_the_database_few_things(app: Flask, teacher: Visitor, whole: Made) -> None:
    teacher.open(f"/teach/sets/{whole.set_id}/preview")
    with counted_queries(app) as statements:
        teacher.press("Check answer", choice="a")
    assert len(statements) <= 8


def verdict(page: Page) -> str:
    """Return the words of the verdict."""
    (found,) = [box for box in page.root.iter("p") if "verdict" in str(box.get("class")).split()]
    return " ".join("".join(next(found.iter("span")).itertext()).split())
