"""Sections of a set: filled, moved with their questions, removed and put back as they were; and only by its owner."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp.authoring.publishing import publish
from quizapp.authoring.removing import put_back, remove_from_set
from quizapp.authoring.sections import (
    add_section,
    change_section,
    move_section,
    put_section_back,
    remove_section,
    removed_section,
)
from quizapp.authoring.sets import add_to_set, create_set, move_in_set
from quizapp.core.sections import Pool, tag_key
from quizapp.errors import Conflict, NotFound
from quizapp.models import Item, ItemSetItem, ItemTag, ItemVersion, SetSection
from tests.authoring.conftest import Made, item_of
from tests.conftest import MONDAY, Cast

Rows = list[tuple[str, list[int]]]


def layout(session: Session, set_id: int) -> Rows:
    """Return the sections of a set in order with their questions; "" is what stands outside."""
    titles = {
        row.id: row.title
        for row in session.execute(
            select(SetSection.id, SetSection.title)
            .where(SetSection.item_set_id == set_id, SetSection.removed_items.is_(None))
            .order_by(SetSection.position)
        )
    }
    rows: dict[int | None, list[int]] = {None: [], **{section_id: [] for section_id in titles}}
    held = select(ItemSetItem.item_id, ItemSetItem.section_id).where(ItemSetItem.item_set_id == set_id)
    for item_id, section_id in session.execute(held.order_by(ItemSetItem.position)):
        rows[section_id].append(item_id)
    return [(titles.get(section_id or 0, ""), items) for section_id, items in rows.items()]


@pytest.fixture
def laid(session: Session, cast: Cast, made: Made) -> tuple[int, dict[str, int], list[int]]:
    """Two sections, A with two questions and B with one, after the first question; their ids, and the questions."""
    sections = {title: add_section(session, made.set_id, cast.teacher, title) for title in ("A", "B")}
    items = [made.item_id]
    for kind, title in (("cloze", "A"), ("numeric", "A"), ("matching", "B")):
        items.append(
            add_to_set(
                session, made.set_id, cast.teacher, item_of(kind), made.source, MONDAY, section_id=sections[title]
            )
        )
    return made.set_id, sections, items


def test_a_question_moves_from_section_to_section(session: Session, cast: Cast, laid: Any) -> None:
    set_id, _, (first, second, third, fourth) = laid
    assert layout(session, set_id) == [("", [first]), ("A", [second, third]), ("B", [fourth])]
    move_in_set(session, set_id, fourth, cast.teacher, "up")
    assert layout(session, set_id) == [("", [first]), ("A", [second, third, fourth]), ("B", [])]
    move_in_set(session, set_id, first, cast.teacher, "down")
    assert layout(session, set_id) == [("", []), ("A", [first, second, third, fourth]), ("B", [])]
    assert move_in_set(session, set_id, first, cast.teacher, 99) == 4
    assert layout(session, set_id) == [("", []), ("A", [second, third, fourth]), ("B", [first])]


def test_a_section_moves_with_its_questions_and_stops_at_the_ends(session: Session, cast: Cast, laid: Any) -> None:
    set_id, sections, (first, second, third, fourth) = laid
    assert move_section(session, set_id, sections["B"], cast.teacher, "up") == 1
    swapped = [("", [first]), ("B", [fourth]), ("A", [second, third])]
    assert layout(session, set_id) == swapped
    assert move_section(session, set_id, sections["B"], cast.teacher, "up") == 1
    assert move_section(session, set_id, sections["A"], cast.teacher, "down") == 2
    assert layout(session, set_id) == swapped


def test_a_removed_section_leaves_its_questions_and_comes_back_as_it_was(
    session: Session, cast: Cast, laid: Any
) -> None:
    set_id, sections, (first, second, third, fourth) = laid
    pool = Pool(number=3, tags=("peace",))
    change_section(session, set_id, sections["A"], cast.teacher, title="A", instruction="Read.", drawn=1, pool=pool)
    before = layout(session, set_id)
    remove_section(session, set_id, sections["A"], cast.teacher)
    assert layout(session, set_id) == [("", [first, second, third]), ("B", [fourth])]
    gone = removed_section(session, set_id, sections["A"], cast.teacher)
    assert gone is not None
    assert removed_section(session, set_id, sections["A"], cast.colleague) is None
    put_section_back(session, set_id, gone.id, cast.teacher)
    put_section_back(session, set_id, gone.id, cast.teacher)  # pressed twice
    assert layout(session, set_id) == before
    row = session.get_one(SetSection, gone.id)
    assert (row.instruction, row.drawn, row.pool) == ("Read.", 1, {"number": 3, "tags": ["peace"]})
    remove_section(session, set_id, sections["A"], cast.teacher)
    remove_section(session, set_id, sections["B"], cast.teacher)
    with pytest.raises(NotFound):  # only the last one removed comes back
        put_section_back(session, set_id, sections["A"], cast.teacher)


def test_a_question_comes_back_into_its_section(session: Session, cast: Cast, laid: Any) -> None:
    set_id, sections, items = laid
    before = layout(session, set_id)
    place = remove_from_set(session, set_id, items[2], cast.teacher)
    put_back(session, set_id, items[2], cast.teacher, place, sections["A"])
    assert layout(session, set_id) == before


@pytest.mark.parametrize("who", ["colleague", "admin", "student"])
def test_a_stranger_finds_no_section(session: Session, cast: Cast, laid: Any, who: str) -> None:
    set_id, sections, _ = laid
    stranger, section_id = getattr(cast, who), sections["A"]
    plain: dict[str, Any] = {"title": "Mine", "instruction": "", "drawn": None, "pool": None}
    acts: list[Callable[[int, int], Any]] = [
        lambda number, owner: add_section(session, number, owner, "Mine"),
        lambda number, owner: change_section(session, number, section_id, owner, **plain),
        lambda number, owner: move_section(session, number, section_id, owner, "up"),
        lambda number, owner: remove_section(session, number, section_id, owner),
        lambda number, owner: put_section_back(session, number, section_id, owner),
    ]
    own = create_set(session, stranger, "Another", "", MONDAY)
    for act in acts:
        with pytest.raises(NotFound):
            act(set_id, stranger)
    for act in acts[1:]:  # nor through a set of their own
        with pytest.raises(NotFound):
            act(own, stranger)


def test_a_pool_alone_makes_a_set_that_can_be_published(session: Session, cast: Cast) -> None:
    set_id = create_set(session, cast.teacher, "Mixed", "", MONDAY)
    section_id = add_section(session, set_id, cast.teacher, "All")
    pool = Pool(number=3, tags=("nato",))
    change_section(session, set_id, section_id, cast.teacher, title="All", instruction="", drawn=None, pool=pool)
    publish(session, set_id, cast.teacher, "link", MONDAY)
    with pytest.raises(Conflict, match="Nothing else is asked"):
        remove_section(session, set_id, section_id, cast.teacher)


def test_the_tags_are_those_of_the_current_wordings(session: Session) -> None:
    rows = session.execute(
        select(Item.id, ItemVersion.content).join(
            ItemVersion, (ItemVersion.item_id == Item.id) & (ItemVersion.number == Item.version_number)
        )
    )
    told = {(item_id, tag_key(tag)) for item_id, content in rows for tag in content.get("tags", ())}
    assert {(row.item_id, row.tag) for row in session.execute(select(ItemTag.item_id, ItemTag.tag))} == told != set()
