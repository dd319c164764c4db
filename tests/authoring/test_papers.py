"""A set on paper: every kind to be answered with a pencil, and no key before the page of keys."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from quizapp.authoring.papers import paper
from quizapp.authoring.sections import add_section, change_section
from quizapp.authoring.sets import add_to_set, create_set
from quizapp.core.rules import Rules
from quizapp.core.sections import Pool
from quizapp.web.sections import asked_sections
from tests.authoring.conftest import OTHERS, Made, item_of
from tests.chromium import OpenWindow
from tests.conftest import MONDAY, Cast
from tests.pages import Visitor, words


@pytest.fixture
def whole(session: Session, cast: Cast, made: Made) -> Made:
    """The set with a question of every kind."""
    for kind in OTHERS:
        add_to_set(session, made.set_id, cast.teacher, item_of(kind), made.source, MONDAY)
    session.commit()
    return made


def test_the_key_names_the_letters_that_stand_on_the_paper(session: Session, cast: Cast, whole: Made) -> None:
    sections = asked_sections(session, whole.set_id, cast.teacher, Rules())
    (printed,) = paper(session, whole.set_id, sections)
    questions = {question.asked.kind: question for question in printed.questions}
    one = questions["single_choice"]
    letters = {text: letter for letter, text in one.lettered}
    assert sorted(letters.values()) == ["A", "B", "C"]
    right = "Its presence in Eastern Europe"
    assert one.key == f"{letters[right]} – {right}"
    assert one.quotes == ("has increased its presence in Eastern Europe",)
    pairs = questions["matching"]
    letters = {text: letter for letter, text in pairs.lettered}
    assert pairs.key == f"Training: {letters['programs']} – programs; Intelligence: {letters['sharing']} – sharing"
    assert questions["ordering"].key == "Assistance → Training → Intelligence"
    assert questions["ordering"].asked.entries != ("Assistance", "Training", "Intelligence")
    assert paper(session, whole.set_id, sections) == [printed]  # the same paper each time


def test_no_key_stands_before_the_page_of_keys(visitor: Callable[..., Visitor], cast: Cast, whole: Made) -> None:
    page = visitor(cast.teacher).open(f"/teach/sets/{whole.set_id}/print")
    (article,) = page.all("article")
    asked, keys = list(article)[1:]
    for secret in (
        "collective defense",
        "support",
        "In Eastern Europe",
        "8 to 10",
        "has increased its presence",
        "To reassure",
    ):
        assert not re.search(rf"\b{secret}\b", words(asked).replace("Its presence in Eastern Europe", "")), secret
    assert [len(list(part.iter("h2"))) for part in (asked, keys)] == [10, 1]
    assert len(list(keys.iter("li"))) == 10
    assert "Read the next two questions together." in words(asked)
    assert "Read the next two questions together." not in words(keys)
    for key in (
        "collective defense",
        "To reassure",
        "2.5 points – one or more",
        "support; reassurance",
        "In Eastern Europe",
        "has increased its presence",
    ):
        assert key in words(keys)
    assert not list(article.iter("input"))


def test_an_empty_set_has_no_paper(visitor: Callable[..., Visitor], session: Session, cast: Cast) -> None:
    empty = create_set(session, cast.teacher, "Nothing yet", "", MONDAY)
    session.commit()
    visitor(cast.teacher).open(f"/teach/sets/{empty}/print", status=404)


def test_the_key_is_printed_on_a_page_of_its_own(open_window: OpenWindow, cast: Cast, made: Made) -> None:
    page = open_window(cast.teacher)
    page.goto(f"/teach/sets/{made.set_id}/print")
    assert sheets(page.pdf(format="A4")) == 2
    page.locator(".answer-key").evaluate("(key) => key.remove()")
    assert sheets(page.pdf(format="A4")) == 1


def sheets(pdf: bytes) -> int:
    """Return the number of pages of a PDF."""
    return len(re.findall(rb"/Type\s*/Page\b(?!s)", pdf))


def test_sections_stand_on_paper_with_one_draw_of_their_pool(
    visitor: Callable[..., Visitor], session: Session, cast: Cast, made: Made
) -> None:
    section_id = add_section(session, made.set_id, cast.teacher, "More of it")
    change_section(
        session, made.set_id, section_id, cast.teacher, title="More of it", instruction="Answer in pencil.",
        drawn=None, pool=Pool(number=3, tags=("nato",), kinds=("single_choice",)),
    )  # fmt: skip
    session.commit()
    teacher = visitor(cast.teacher)
    page = teacher.open(f"/teach/sets/{made.set_id}/print")
    assert "What is drawn from a pool stands here as one draw." in page.words
    assert [part.text for part in page.all("h2", class_="part")] == ["More of it"]
    assert "Answer in pencil." in page.words
    assert len(page.all("h3", class_="asks")) == 3
    assert [place.text for place in page.all("span", class_="place")] == ["1", "2", "3", "4"] * 2
    assert teacher.open(f"/teach/sets/{made.set_id}/print").words == page.words
