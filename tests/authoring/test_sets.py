"""Sets: made, filled, ordered, emptied, deleted; and only by their owner."""

from __future__ import annotations

import uuid
from collections.abc import Callable

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from quizapp.authoring.items import Source, current_content
from quizapp.authoring.publishing import publish
from quizapp.authoring.removing import delete_set, put_back, remove_from_set, removed
from quizapp.authoring.sets import (
    Stale,
    add_to_set,
    correct_in_set,
    create_set,
    describe_set,
    move_in_set,
    replace_in_set,
)
from quizapp.core.items import Flashcard
from quizapp.core.rules import Rules
from quizapp.errors import Conflict, Invalid, NotFound
from quizapp.models import Evidence, Item, ItemSet, ItemVersion, Topic
from tests.authoring.conftest import CHOICE, Made, choice, item_of, order
from tests.conftest import MONDAY, Cast


def test_a_new_set_is_a_draft_with_an_address_nobody_knows(session: Session, cast: Cast) -> None:
    first = session.get_one(ItemSet, create_set(session, cast.teacher, "NATO", "", MONDAY))
    second = session.get_one(ItemSet, create_set(session, cast.teacher, "NATO", "", MONDAY))
    assert first.status == "draft"
    assert first.slug != second.slug
    assert "nato" not in first.slug


def test_the_same_form_twice_makes_one_set_and_one_question(session: Session, cast: Cast, source: Source) -> None:
    form, other = uuid.uuid4(), uuid.uuid4()
    set_id = create_set(session, cast.teacher, "NATO", "", MONDAY, submission=form)
    assert create_set(session, cast.teacher, "NATO", "", MONDAY, submission=form) == set_id
    item_id = add_to_set(session, set_id, cast.teacher, choice(), source, MONDAY, submission=other)
    assert add_to_set(session, set_id, cast.teacher, choice(), source, MONDAY, submission=other) == item_id
    assert order(session, set_id) == [item_id]


def test_a_question_of_a_draft_is_a_draft_with_checked_evidence(session: Session, made: Made) -> None:
    item = session.get_one(Item, made.item_id)
    assert (item.status, item.is_listed) == ("draft", False)
    span = session.scalars(select(Evidence).join(ItemVersion).where(ItemVersion.item_id == made.item_id)).one()
    assert made.source.text[span.start : span.end] == span.quote


def test_evidence_that_is_not_in_the_passage_is_refused(session: Session, cast: Cast, made: Made) -> None:
    with pytest.raises(Invalid, match="is not in the passage"):
        add_to_set(session, made.set_id, cast.teacher, choice(evidence=[{"quote": "bananas"}]), made.source, MONDAY)


def test_questions_change_places_and_stop_at_the_ends(session: Session, cast: Cast, made: Made) -> None:
    first = made.item_id
    second = add_to_set(session, made.set_id, cast.teacher, item_of("flashcard"), made.source, MONDAY)
    third = add_to_set(session, made.set_id, cast.teacher, item_of("cloze"), made.source, MONDAY)
    move_in_set(session, made.set_id, third, cast.teacher, "up")
    assert order(session, made.set_id) == [first, third, second]
    move_in_set(session, made.set_id, first, cast.teacher, "up")
    move_in_set(session, made.set_id, second, cast.teacher, "down")
    assert order(session, made.set_id) == [first, third, second]
    move_in_set(session, made.set_id, first, cast.teacher, "down")
    assert order(session, made.set_id) == [third, first, second]
    assert move_in_set(session, made.set_id, second, cast.teacher, 1) == 1
    assert order(session, made.set_id) == [second, third, first]
    assert move_in_set(session, made.set_id, second, cast.teacher, 99) == 3
    assert order(session, made.set_id) == [third, first, second]


def test_a_question_is_added_after_another(session: Session, cast: Cast, made: Made) -> None:
    last = add_to_set(session, made.set_id, cast.teacher, item_of("cloze"), made.source, MONDAY)
    copy = add_to_set(
        session, made.set_id, cast.teacher, choice(), made.source, MONDAY, after_id=made.item_id
    )  # fmt: skip
    assert order(session, made.set_id) == [made.item_id, copy, last]
    assert (session.get_one(Item, copy).status, session.get_one(Item, copy).version_number) == ("draft", 1)
    other = add_to_set(session, made.set_id, cast.teacher, choice(), made.source, MONDAY, after_id=404)
    assert order(session, made.set_id)[-1] == other


def test_a_removed_draft_comes_back_to_its_place(session: Session, cast: Cast, made: Made) -> None:
    second = add_to_set(session, made.set_id, cast.teacher, item_of("flashcard"), made.source, MONDAY)
    third = add_to_set(session, made.set_id, cast.teacher, item_of("cloze"), made.source, MONDAY)
    place = remove_from_set(session, made.set_id, second, cast.teacher)
    assert order(session, made.set_id) == [made.item_id, third]
    put_back(session, made.set_id, second, cast.teacher, place)
    put_back(session, made.set_id, second, cast.teacher, 1)  # pressed twice
    session.expire_all()
    assert order(session, made.set_id) == [made.item_id, second, third]
    assert session.get_one(Item, second).status == "draft"


def test_a_removed_draft_is_deleted_with_the_next_one(session: Session, cast: Cast, made: Made) -> None:
    second = add_to_set(session, made.set_id, cast.teacher, item_of("flashcard"), made.source, MONDAY)
    shared = add_to_set(session, made.set_id, cast.teacher, item_of("cloze"), made.source, MONDAY)
    remove_from_set(session, made.set_id, made.item_id, cast.teacher)
    remove_from_set(session, made.set_id, second, cast.teacher)
    session.expire_all()
    assert session.get(Item, made.item_id) is None
    assert session.scalar(select(func.count()).where(ItemVersion.item_id == made.item_id)) == 0
    assert removed(session, second, cast.teacher) is not None
    delete_set(session, made.set_id, cast.teacher)
    session.expire_all()
    assert [session.get(Item, item_id) for item_id in (second, shared)] == [None, None]


def test_a_removed_published_question_comes_back_published(session: Session, cast: Cast, made: Made) -> None:
    add_to_set(session, made.set_id, cast.teacher, item_of("flashcard"), made.source, MONDAY)
    publish(session, made.set_id, cast.teacher, "here", MONDAY)
    place = remove_from_set(session, made.set_id, made.item_id, cast.teacher)
    put_back(session, made.set_id, made.item_id, cast.teacher, place)
    session.expire_all()
    item = session.get_one(Item, made.item_id)
    assert (item.status, item.is_listed, item.version_number) == ("published", True, 1)
    assert order(session, made.set_id)[0] == made.item_id


def test_a_replaced_question_does_not_come_back(session: Session, cast: Cast, made: Made) -> None:
    publish(session, made.set_id, cast.teacher, "link", MONDAY)
    replace_in_set(session, made.set_id, made.item_id, cast.teacher, item_of("flashcard"), made.source, MONDAY)
    with pytest.raises(NotFound):
        put_back(session, made.set_id, made.item_id, cast.teacher, 1)


def test_nobody_puts_back_what_another_removed(session: Session, cast: Cast, made: Made) -> None:
    mine = create_set(session, cast.colleague, "Mine", "", MONDAY)
    remove_from_set(session, made.set_id, made.item_id, cast.teacher)
    for set_id, who in ((made.set_id, cast.colleague), (mine, cast.colleague), (made.set_id, cast.admin)):
        with pytest.raises(NotFound):
            put_back(session, set_id, made.item_id, who, 1)


def test_a_removed_published_question_retires(session: Session, cast: Cast, made: Made) -> None:
    other = add_to_set(session, made.set_id, cast.teacher, item_of("flashcard"), made.source, MONDAY)
    publish(session, made.set_id, cast.teacher, "here", MONDAY)
    remove_from_set(session, made.set_id, made.item_id, cast.teacher)
    session.expire_all()
    item = session.get_one(Item, made.item_id)
    assert (item.status, item.is_listed) == ("retired", False)
    with pytest.raises(Conflict, match="only question of a published set"):
        remove_from_set(session, made.set_id, other, cast.teacher)


def test_a_question_added_to_a_published_set_is_published(session: Session, cast: Cast, made: Made) -> None:
    publish(session, made.set_id, cast.teacher, "here", MONDAY)
    item_id = add_to_set(session, made.set_id, cast.teacher, item_of("true_false"), made.source, MONDAY)
    session.expire_all()
    assert (session.get_one(Item, item_id).status, session.get_one(Item, item_id).is_listed) == ("published", True)


def test_a_correction_is_another_version_of_the_same_question(session: Session, cast: Cast, made: Made) -> None:
    publish(session, made.set_id, cast.teacher, "link", MONDAY)
    better = choice(stem="What has the alliance increased?")
    correct_in_set(session, made.set_id, made.item_id, cast.teacher, better, made.source, MONDAY)
    assert session.get_one(Item, made.item_id).version_number == 2
    assert current_content(session, made.item_id).stem == "What has the alliance increased?"


def test_another_key_is_no_correction(session: Session, cast: Cast, made: Made) -> None:
    publish(session, made.set_id, cast.teacher, "link", MONDAY)
    options = [{**option, "weight": int(option["id"] == "b")} for option in CHOICE["options"]]
    with pytest.raises(Conflict, match="it is a new question"):
        correct_in_set(session, made.set_id, made.item_id, cast.teacher, choice(options=options), made.source, MONDAY)


def test_a_draft_may_change_its_key_but_not_its_kind(session: Session, cast: Cast, made: Made) -> None:
    options = [{**option, "weight": int(option["id"] == "b")} for option in CHOICE["options"]]
    changed = choice(options=options)
    correct_in_set(session, made.set_id, made.item_id, cast.teacher, changed, made.source, MONDAY)
    assert current_content(session, made.item_id) == changed
    with pytest.raises(Conflict, match="Another kind"):
        correct_in_set(session, made.set_id, made.item_id, cast.teacher, item_of("flashcard"), made.source, MONDAY)


def test_a_replacement_takes_the_place_and_retires_the_old(session: Session, cast: Cast, made: Made) -> None:
    last = add_to_set(session, made.set_id, cast.teacher, item_of("cloze"), made.source, MONDAY)
    publish(session, made.set_id, cast.teacher, "here", MONDAY)
    new = replace_in_set(session, made.set_id, made.item_id, cast.teacher, item_of("flashcard"), made.source, MONDAY)
    session.expire_all()
    assert order(session, made.set_id) == [new, last]
    old, row = session.get_one(Item, made.item_id), session.get_one(Item, new)
    assert (old.status, old.is_listed) == ("retired", False)
    assert (row.status, row.is_listed, row.replaces_id) == ("published", True, made.item_id)
    assert isinstance(current_content(session, new), Flashcard)


def test_a_change_over_another_change_is_refused(session: Session, cast: Cast, made: Made) -> None:
    correct_in_set(
        session, made.set_id, made.item_id, cast.teacher, choice(stem="One"), made.source, MONDAY, seen_version=1
    )
    for change in (correct_in_set, replace_in_set):
        with pytest.raises(Stale, match="changed in another window"):
            change(
                session, made.set_id, made.item_id, cast.teacher, choice(stem="Two"), made.source, MONDAY,
                seen_version=1,
            )  # fmt: skip
    assert current_content(session, made.item_id).stem == "One"


def test_settings_are_kept(session: Session, cast: Cast, made: Made) -> None:
    describe_set(
        session,
        made.set_id,
        cast.teacher,
        title="New",
        description="Text",
        rules=Rules(feedback="at_once", is_shuffled=False),
        now=MONDAY,
    )
    session.commit()
    row = session.get_one(ItemSet, made.set_id)
    assert (row.title, row.description, row.rules) == ("New", "Text", {"feedback": "at_once", "is_shuffled": False})


def test_a_draft_is_deleted_with_its_questions(session: Session, cast: Cast, made: Made) -> None:
    delete_set(session, made.set_id, cast.teacher)
    session.commit()
    session.expire_all()
    assert session.get(ItemSet, made.set_id) is None
    assert session.get(Item, made.item_id) is None


def test_a_set_that_was_published_is_not_deleted(session: Session, cast: Cast, made: Made) -> None:
    publish(session, made.set_id, cast.teacher, "link", MONDAY)
    with pytest.raises(Conflict, match="Close it instead"):
        delete_set(session, made.set_id, cast.teacher)


@pytest.mark.parametrize("stranger", ["colleague", "admin", "student"])
def test_a_stranger_finds_no_set(session: Session, cast: Cast, made: Made, stranger: str) -> None:
    who = getattr(cast, stranger)
    card = item_of("flashcard")
    acts: list[Callable[[], object]] = [
        lambda: describe_set(session, made.set_id, who, title="Mine", description="", rules=Rules(), now=MONDAY),
        lambda: add_to_set(session, made.set_id, who, card, made.source, MONDAY),
        lambda: correct_in_set(session, made.set_id, made.item_id, who, choice(), made.source, MONDAY),
        lambda: replace_in_set(session, made.set_id, made.item_id, who, card, made.source, MONDAY),
        lambda: move_in_set(session, made.set_id, made.item_id, who, "up"),
        lambda: remove_from_set(session, made.set_id, made.item_id, who),
        lambda: delete_set(session, made.set_id, who),
        lambda: publish(session, made.set_id, who, "here", MONDAY),
    ]
    for act in acts:
        with pytest.raises(NotFound):
            act()


def test_an_item_of_another_set_is_not_found_through_ones_own(session: Session, cast: Cast, made: Made) -> None:
    mine = create_set(session, cast.colleague, "Mine", "", MONDAY)
    with pytest.raises(NotFound):
        correct_in_set(session, mine, made.item_id, cast.colleague, choice(), made.source, MONDAY)
    with pytest.raises(NotFound):
        remove_from_set(session, mine, made.item_id, cast.colleague)
    with pytest.raises(NotFound):
        move_in_set(session, mine, made.item_id, cast.colleague, "up")


def test_topics_of_others_are_not_listed_by_a_set(session: Session, cast: Cast, made: Made) -> None:
    topic = Topic(slug="theirs", title="Theirs", owner_id=cast.colleague, created_at=MONDAY)
    session.add(topic)
    session.flush()
    add_to_set(session, made.set_id, cast.teacher, item_of("flashcard"), Source(topic.id), MONDAY)
    publish(session, made.set_id, cast.teacher, "here", MONDAY)
    session.expire_all()
    assert not session.get_one(Topic, topic.id).is_listed
