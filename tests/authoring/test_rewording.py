"""A passage in another wording: sentences found again, those that are gone listed, learners undisturbed."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp.authoring.drafts import approve, store_drafts, workshop
from quizapp.authoring.items import placed_content
from quizapp.models import Draft, Evidence, Item, ItemVersion, Passage, PassageVersion
from quizapp.web.evidence import evidence_views
from tests.authoring.test_passages import paste
from tests.conftest import MONDAY, Cast
from tests.drafted import FOG, made_drafts
from tests.pages import Visitor

Open = Callable[..., Visitor]
Stored = Callable[[], Session]
MOVED = "Nobody sails in it. " + FOG.replace("cold air sinks", "the cold air sinks")
LOST = FOG.replace("Fog is a cloud that touches the ground.", "Mist hides what is near.")


@pytest.fixture
def passage_id(session: Session, cast: Cast) -> int:
    """A passage with two questions, taken and in a set."""
    number = paste(session, cast.teacher, title="Fog", text=FOG)
    store_drafts(session, workshop(session, number, cast.teacher), cast.teacher, made_drafts(), MONDAY, maker="rules")
    ids = session.scalars(select(Draft.item_id).order_by(Draft.position)).all()
    approve(session, number, ids, cast.teacher, MONDAY)
    session.commit()
    return number


@pytest.fixture
def teacher(visitor: Open, cast: Cast, passage_id: int) -> Visitor:
    browser = visitor(cast.teacher)
    browser.open(f"/teach/passages/{passage_id}/edit")
    return browser


def items(session: Session) -> list[int]:
    return list(session.scalars(select(Draft.item_id).order_by(Draft.position)))


def test_sentences_that_moved_or_changed_a_little_are_found_again(
    teacher: Visitor, passage_id: int, stored: Stored
) -> None:
    page = teacher.press("Save passage", text=MOVED)
    assert "Every question found its sentence again." in page.words
    session = stored()
    assert session.scalars(select(Passage.version_number).where(Passage.id == passage_id)).one() == 2
    for item_id, said in zip(items(session), ("Fog is a cloud", "the cold air sinks"), strict=True):
        (evidence,) = placed_content(session, item_id).evidence
        assert said in evidence.quote or evidence.quote.startswith("cold air")
        assert evidence.start is not None
        assert MOVED[evidence.start : evidence.start + len(evidence.quote)] == evidence.quote
    assert session.scalars(select(ItemVersion.number)).all().count(2) == 0
    assert not session.scalars(select(Item.id).where(Item.is_stale)).all()


def test_a_sentence_that_is_gone_is_listed_and_learners_keep_the_old_wording(
    teacher: Visitor, passage_id: int, stored: Stored
) -> None:
    page = teacher.press("Save passage", text=LOST)
    assert "1 question has lost the sentence" in page.words
    assert "It rested on: “Fog is a cloud that touches the ground.”" in page.words
    session = stored()
    first = items(session)[0]
    assert session.scalars(select(Item.id).where(Item.is_stale)).all() == [first]
    version_id = session.scalars(select(ItemVersion.id).where(ItemVersion.item_id == first)).one()
    view = evidence_views(session, [version_id])[version_id]
    assert view.quotes == ("Fog is a cloud that touches the ground.",)
    assert FOG in "".join(text.text for text in view.whole)


def test_other_words_are_chosen_for_a_question_that_lost_its_sentence(
    teacher: Visitor, passage_id: int, stored: Stored
) -> None:
    teacher.press("Save passage", text=LOST)
    page = teacher.press("Use these words", status=422, quote="Not in the passage.")
    assert "not in the passage as pasted" in page.words
    page = teacher.press("Use these words", quote="Mist hides what is near.")
    assert "The question rests on these words now." in page.words
    session = stored()
    assert not session.scalars(select(Item.id).where(Item.is_stale)).all()
    quotes = session.scalars(
        select(Evidence.quote)
        .join(PassageVersion, PassageVersion.id == Evidence.passage_version_id)
        .where(PassageVersion.number == 2)
    )
    assert set(quotes) >= {"Mist hides what is near."}


def test_a_question_that_lost_its_sentence_is_retired(teacher: Visitor, stored: Stored) -> None:
    teacher.press("Save passage", text=LOST)
    page = teacher.press("Retire question")
    assert "The question is retired." in page.words
    session = stored()
    assert session.scalars(select(Item.status).where(Item.id == items(session)[0])).one() == "retired"


def test_two_windows_do_not_overwrite_each_other(
    teacher: Visitor, visitor: Open, cast: Cast, passage_id: int, stored: Stored
) -> None:
    other = visitor(cast.teacher)
    other.open(f"/teach/passages/{passage_id}/edit")
    other.press("Save passage", text=MOVED)
    page = teacher.press("Save passage", status=409, text=LOST)
    assert "changed in another window" in page.words
    teacher.press("Save passage")
    assert stored().scalars(select(Passage.version_number).where(Passage.id == passage_id)).one() == 3


def test_a_stranger_can_neither_read_nor_edit_it(visitor: Open, cast: Cast, passage_id: int) -> None:
    visitor(cast.colleague).open(f"/teach/passages/{passage_id}/edit", 404)
