"""Topics and passages of a teacher's own."""

from __future__ import annotations

import hashlib
import uuid

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp.authoring.passages import (
    add_passage,
    create_topic,
    delete_passage,
    own_topics,
    passage_page,
    places,
    source_at,
)
from quizapp.authoring.sets import add_to_set, create_set
from quizapp.errors import Conflict, Invalid, NotFound
from quizapp.models import Passage, PassageVersion, Topic
from tests.authoring.conftest import item_of
from tests.conftest import MONDAY, Cast

TEXT = "  A harbour shelters ships.\n\nIts walls break the waves…  " + "Pilots know. " * 20


def paste(
    session: Session, owner_id: int, *, title: str = "Harbours", form: uuid.UUID | None = None, text: str = TEXT
) -> int:
    return add_passage(
        session, owner_id, heading="What is a harbour for?", text=text, note="", submission=form or uuid.uuid4(),
        now=MONDAY, new_topic=title,
    )  # fmt: skip


def test_a_passage_is_kept_word_for_word(session: Session, cast: Cast) -> None:
    passage_id = paste(session, cast.teacher)
    version = session.scalars(select(PassageVersion).where(PassageVersion.passage_id == passage_id)).one()
    assert (version.number, version.text) == (1, TEXT)
    assert version.sha256 == hashlib.sha256(TEXT.encode()).hexdigest()
    page = passage_page(session, passage_id, cast.teacher)
    assert (page.topic, page.questions, page.is_listed) == ("Harbours", 0, False)


def test_the_same_form_twice_is_one_passage_and_one_topic(session: Session, cast: Cast) -> None:
    form = uuid.uuid4()
    assert paste(session, cast.teacher, form=form) == paste(session, cast.teacher, form=form)
    assert [title for _, title in own_topics(session, cast.teacher)] == ["Harbours"]


def test_only_the_owner_sees_an_unlisted_topic(session: Session, cast: Cast) -> None:
    passage_id = paste(session, cast.teacher)
    mine = [place for place in places(session, cast.teacher) if place.is_own]
    assert [(place.topic, place.passage_id) for place in mine] == [("Harbours", passage_id)]
    assert not [place for place in places(session, cast.colleague) if place.topic == "Harbours"]
    assert len(places(session, cast.colleague)) == 10
    with pytest.raises(NotFound):
        source_at(session, cast.colleague, passage_id=passage_id)
    with pytest.raises(NotFound):
        source_at(session, cast.colleague, topic_id=mine[0].topic_id)
    with pytest.raises(NotFound):
        passage_page(session, passage_id, cast.colleague)
    with pytest.raises(NotFound):
        delete_passage(session, passage_id, cast.colleague)


def test_a_passage_goes_only_under_ones_own_topic(session: Session, cast: Cast) -> None:
    shipped = session.scalars(select(Topic.id).where(Topic.owner_id.is_(None))).first()
    for topic_id in (shipped, create_topic(session, cast.colleague, "Theirs", MONDAY), 999_999):
        with pytest.raises(NotFound):
            add_passage(
                session, cast.teacher, heading="H", text=TEXT, note="", submission=uuid.uuid4(), now=MONDAY,
                topic_id=topic_id,
            )  # fmt: skip


def test_a_title_in_use_is_refused(session: Session, cast: Cast) -> None:
    create_topic(session, cast.teacher, "Harbours", MONDAY)
    with pytest.raises(Invalid, match="Choose it from the list"):
        create_topic(session, cast.teacher, "harbours", MONDAY)
    with pytest.raises(Invalid, match="Choose it from the list"):
        create_topic(session, cast.teacher, "Public opinion", MONDAY)
    create_topic(session, cast.colleague, "Harbours", MONDAY)  # what they can't see does not stand in their way
    assert set(session.scalars(select(Topic.slug).where(Topic.title == "Harbours"))) == {"harbours", "harbours-2"}


def test_a_passage_goes_while_nothing_rests_on_it(session: Session, cast: Cast) -> None:
    passage_id = paste(session, cast.teacher)
    set_id = create_set(session, cast.teacher, "Set", "", MONDAY)
    kept = paste(session, cast.teacher, title="Piers")
    add_to_set(
        session, set_id, cast.teacher, item_of("flashcard"), source_at(session, cast.teacher, passage_id=kept), MONDAY
    )
    delete_passage(session, passage_id, cast.teacher)
    with pytest.raises(Conflict, match="Questions rest on this passage"):
        delete_passage(session, kept, cast.teacher)
    session.commit()
    session.expire_all()
    assert session.get(Passage, passage_id) is None
    assert [title for _, title in own_topics(session, cast.teacher)] == ["Piers"]
