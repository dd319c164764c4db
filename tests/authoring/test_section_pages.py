"""Sections on the page of a set and on their own page: every button without a script, and refusals at their fields."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp.models import ItemTag, SetSection
from tests.authoring.conftest import Made
from tests.conftest import Cast
from tests.pages import Visitor

Stored = Callable[[], Session]


@pytest.fixture
def teacher(visitor: Callable[..., Visitor], cast: Cast) -> Visitor:
    return visitor(cast.teacher)


def test_a_section_is_added_described_moved_removed_and_put_back(teacher: Visitor, made: Made, stored: Stored) -> None:
    address = f"/teach/sets/{made.set_id}"
    teacher.open(address)
    page = teacher.press("Add section", status=422, section_title=" ")
    assert "Give the section a title." in page.words
    for title in ("Words", "Reading"):
        teacher.open(address)
        page = teacher.press("Add section", section_title=title)
        assert page.heading == title
    page = teacher.press("Count what fits", number=2, tags="NATO, no such tag", instruction="Take your time.")
    assert "2 questions from the pool." in page.words
    assert "Not saved yet" in page.words
    assert stored().scalars(select(SetSection.pool)).all() == [None, None]
    page = teacher.press("Save section")
    assert "2 questions drawn from: tagged nato or no such tag." in page.words
    assert "Take your time." in page.words
    row = stored().scalars(select(SetSection).where(SetSection.title == "Reading")).one()
    assert row.pool == {"number": 2, "tags": ["nato", "no such tag"]}
    page = teacher.press("Move section 2 up")
    assert "The section is number 1 now." in page.words
    page = teacher.press("Remove section 1")
    assert "Section removed: Reading. Its questions stay." in page.words
    page = teacher.press("Undo")
    assert [heading.text for heading in page.all("h3")] == [None, None]
    titles = select(SetSection.title).order_by(SetSection.position)
    assert stored().scalars(titles).all() == ["Reading", "Words"]
    assert "4 of" not in page.words
    assert "“Reading” (2 of" in page.words


def test_a_pool_without_a_number_is_refused(teacher: Visitor, made: Made) -> None:
    teacher.open(f"/teach/sets/{made.set_id}")
    teacher.press("Add section", section_title="Words")
    page = teacher.press("Save section", status=422, number="", tags="nato")
    assert page.all("p", id="number-error")
    page = teacher.press("Save section", status=422, number=101, drawn=0, title="", tags="nato")
    assert [bool(page.all("p", id=f"{name}-error")) for name in ("number", "drawn", "title")] == [True] * 3


def test_a_pool_that_nothing_fits_says_what_the_student_gets(teacher: Visitor, made: Made) -> None:
    teacher.open(f"/teach/sets/{made.set_id}")
    teacher.press("Add section", section_title="Words")
    page = teacher.press("Count what fits", number=3, tags="no such tag")
    assert "0 questions fit." in page.words
    assert "Each student gets no question from here until more fit." in page.words


def test_tags_are_written_in_the_editor_and_found_by_pools(teacher: Visitor, made: Made, stored: Stored) -> None:
    teacher.open(f"/teach/sets/{made.set_id}/items/{made.item_id}")
    teacher.press("Save", tags=" Alliance,  Eastern  Europe, alliance")
    tags = select(ItemTag.tag).where(ItemTag.item_id == made.item_id).order_by(ItemTag.tag)
    assert stored().scalars(tags).all() == ["alliance", "eastern europe"]
    page = teacher.open(f"/teach/sets/{made.set_id}/items/{made.item_id}")
    assert page.all("input", id="tags")[0].get("value") == "Alliance, Eastern  Europe, alliance"


def test_the_settings_say_sections_and_pools(teacher: Visitor, made: Made) -> None:
    teacher.open(f"/teach/sets/{made.set_id}")
    teacher.press("Add section", section_title="More")
    teacher.press("Save section", number=3, tags="nato")
    page = teacher.open(f"/teach/sets/{made.set_id}/settings")
    assert "1 question, then 3 in 1 section: “More” (3 of" in page.words
    page = teacher.press("Preview the sentence", navigation="by_section")
    assert "one that you have left can’t be opened again" in page.words
