"""The settings of a set: saved, refused in a sentence at the field, and said as a student will experience them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from sqlalchemy.orm import Session

from quizapp.authoring.sets import describe_set
from quizapp.core.rules import Rules, read_rules
from quizapp.models import ItemSet
from tests.authoring.conftest import Made
from tests.conftest import MONDAY, Cast
from tests.pages import Visitor

Stored = Callable[[], Session]
StoredSet = Callable[[], ItemSet]


@pytest.fixture
def teacher(visitor: Callable[..., Visitor], cast: Cast) -> Visitor:
    return visitor(cast.teacher)


@pytest.fixture
def stored_set(stored: Stored, made: Made) -> Callable[[], ItemSet]:
    return lambda: stored().get_one(ItemSet, made.set_id)


def settings(made: Made) -> str:
    return f"/teach/sets/{made.set_id}/settings"


def test_settings_are_saved_and_refused(teacher: Visitor, made: Made, stored_set: StoredSet) -> None:
    teacher.open(f"/teach/sets/{made.set_id}")
    teacher.follow("Change settings")
    page = teacher.press("Save settings", status=422, title=" ", description="Kept")
    assert "Give the set a title." in page.words
    assert page.all("textarea", id="description")[0].text.strip() == "Kept"  # type: ignore[union-attr]
    teacher.press("Save settings", title="Better", feedback="at_once")
    row = stored_set()
    assert (row.title, row.description, row.rules) == ("Better", "Kept", {"feedback": "at_once"})


def test_every_rule_is_kept_and_shown_again(teacher: Visitor, made: Made, stored_set: StoredSet) -> None:
    teacher.open(settings(made))
    teacher.press(
        "Save settings", feedback="at_once", tries=3, penalty="25", limit_minutes=40, attempts_allowed=2,
        closes_at="2026-11-20T18:30",
    )  # fmt: skip
    row = stored_set()
    rules = Rules(feedback="at_once", tries=3, penalty=0.25, limit_seconds=2400, attempts_allowed=2)
    assert read_rules(row.rules) == rules
    closes_at = datetime(2026, 11, 20, 18, 30, tzinfo=UTC)
    assert row.closes_at == closes_at
    page = teacher.open(settings(made))
    assert page.all("input", id="closes_at")[0].get("value") == "2026-11-20T18:30"
    teacher.press("Save settings")
    assert (read_rules(stored_set().rules), stored_set().closes_at) == (rules, closes_at)
    said = teacher.open(f"/teach/sets/{made.set_id}").words
    assert "You have three tries at it" in said
    assert "a wrong one brings a hint, if there is one. It costs a quarter of the mark." in said
    assert "You have 40 minutes from the start. You can take it twice. It closes on Friday at 18:30." in said


def test_a_contradiction_is_refused_at_its_field(teacher: Visitor, made: Made, stored_set: StoredSet) -> None:
    teacher.open(settings(made))
    page = teacher.press("Save settings", status=422, feedback="at_end", tries=2)
    assert "without feedback nobody knows to try again" in page.words
    for name, value in (("tries", 9), ("limit_minutes", 0), ("attempts_allowed", 101), ("closes_at", "soon")):
        teacher.open(settings(made))
        page = teacher.press("Save settings", status=422, **{name: value})
        assert page.all("p", id=f"{name}-error"), name
    assert stored_set().rules == {"feedback": "at_end"}


def test_the_preview_says_it_and_saves_nothing(teacher: Visitor, made: Made, stored_set: StoredSet) -> None:
    teacher.open(settings(made))
    page = teacher.press("Preview the sentence", feedback="at_once", limit_minutes=10)
    assert "You see what was right after each answer. You have 10 minutes from the start." in page.words
    assert "Not saved yet" in page.words
    assert stored_set().rules == {"feedback": "at_end"}


@pytest.mark.parametrize("penalty", [0.3, 1 / 3])
def test_what_the_form_has_no_choice_for_stays(
    teacher: Visitor, made: Made, stored_set: StoredSet, session: Session, cast: Cast, penalty: float
) -> None:
    odd = Rules(feedback="at_once", tries=2, penalty=penalty, limit_seconds=90)
    describe_set(session, made.set_id, cast.teacher, title="A", description="", rules=odd, now=MONDAY)
    session.commit()
    teacher.open(settings(made))
    teacher.press("Save settings")
    assert read_rules(stored_set().rules) == odd
