"""Essays and texts in a quiz: written, handed in, waiting for a person; texts shown and counted nowhere."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from quizapp.authoring.items import current_source
from quizapp.authoring.publishing import publish
from quizapp.authoring.results import set_results
from quizapp.authoring.sets import add_to_set, create_set
from quizapp.core.items import Item, read_item
from quizapp.core.rules import Rules, stored_rules
from quizapp.errors import Invalid
from quizapp.models import Attempt, AttemptItem, Card, ItemSet, Passage, Review
from quizapp.models import Item as ItemRow
from quizapp.quizzes.attempts import start_set
from tests.conftest import Cast, Clock
from tests.pages import Visitor

Browser = Callable[..., Visitor]
TEXT = read_item({"kind": "description", "stem": "The next question is about ice."})
CHOICE = read_item(
    {
        "kind": "single_choice",
        "stem": "Does ice float?",
        "options": [{"id": "a", "text": "Yes", "weight": 1}, {"id": "b", "text": "No"}],
    }
)
ESSAY = read_item(
    {
        "kind": "essay",
        "stem": "Why does ice float?",
        "answer": "CANARY: it is less dense.",
        "rubric": "CANARY: density.",
        "criteria": [{"text": "Density", "levels": [{"text": "no", "points": 0}, {"text": "named", "points": 2}]}],
    }
)
Publish = Callable[..., str]


@pytest.fixture
def publish_set(session: Session, cast: Cast, clock: Clock) -> Publish:
    def make(*items: Item, **rules: Any) -> str:
        set_id = create_set(session, cast.teacher, "Ice", "", clock.now)
        passage_id = session.scalars(select(Passage.id).order_by(Passage.id)).first() or 0
        for item in items:
            add_to_set(session, set_id, cast.teacher, item, current_source(session, passage_id), clock.now)
        session.get_one(ItemSet, set_id).rules = stored_rules(Rules(**{"is_shuffled": False, **rules}))
        slug = publish(session, set_id, cast.teacher, "here", clock.now)
        session.commit()
        return slug

    return make


def start(person: Visitor, slug: str) -> None:
    person.open(f"/sets/{slug}")
    person.press("Start quiz")


def test_an_essay_waits_for_its_mark_and_the_score_is_the_one_so_far(
    visitor: Browser, cast: Cast, session: Session, publish_set: Publish
) -> None:
    person = visitor(cast.student)
    start(person, publish_set(TEXT, CHOICE, ESSAY))
    page = person.page
    assert page is not None
    assert "The next question is about ice." in page.words
    assert not page.all("textarea")
    assert not page.all("input", type="radio")
    page = person.press("Next")
    assert "Question 1 of 2" in page.text
    page = person.press("Next", choice="a")
    assert "Question 2 of 2" in page.text
    assert "CANARY" not in page.text
    page = person.press("To the overview", text="First.\r\n\r\nThen.")
    assert page.heading == "Every question is answered"
    assert len(page.all("li")) == 2
    page = person.press("Finish quiz")
    assert page.heading == "1 of 1 marks so far"
    for words in (
        "1 answer waits for a mark",
        "Waits for its mark",
        "First. Then.",
        "CANARY: it is less dense.",
        "named",
    ):
        assert words in page.words, words
    assert "Practise what I missed" not in page.buttons()
    page = person.open("/attempts")
    assert "1/2" in page.words
    assert "so far" in page.words
    assert session.scalar(select(func.count()).select_from(Review)) == 1
    assert session.scalar(select(func.count()).select_from(Card)) == 1
    attempt = session.scalars(select(Attempt)).one()
    assert (attempt.item_count, attempt.answered_count, attempt.max_score) == (2, 2, 2)
    scores = session.scalars(select(AttemptItem.score).order_by(AttemptItem.position)).all()
    assert list(scores) == [None, 1, None]
    results = set_results(session, attempt.item_set_id or 0, cast.teacher)
    assert results.mean is None
    assert [(question.kind_name, question.share) for question in results.questions] == [
        ("One answer", 1),
        ("Essay", None),
    ]


def test_what_a_person_marked_counts_and_is_shown(
    visitor: Browser, cast: Cast, session: Session, publish_set: Publish
) -> None:
    person = visitor(cast.student)
    start(person, publish_set(ESSAY))
    person.press("To the overview", text="It is lighter.")
    assert person.press("Finish quiz").heading == "1 answer handed in, to be marked"
    attempt = session.scalars(select(Attempt)).one()
    session.scalars(select(AttemptItem)).one().score = 0.5
    attempt.score = 0.5
    session.commit()
    page = person.open(f"/attempts/{attempt.id}/review")
    assert page.heading == "0.5 of 1 marks"
    assert "Partly right" in page.words
    assert "so far" not in person.open("/attempts").words


def test_an_essay_without_a_word_earns_nothing_and_waits_for_nobody(
    visitor: Browser, cast: Cast, session: Session, publish_set: Publish
) -> None:
    person = visitor(cast.student)
    start(person, publish_set(ESSAY))
    person.press("To the overview", text=" \r\n ")
    page = person.press("Finish quiz")
    assert page.heading == "0 of 1 right"
    assert "Not answered" in page.words
    assert "Practise what I missed" not in page.buttons()


def test_where_answers_are_explained_at_once_an_essay_is_handed_in_and_compared(
    visitor: Browser, cast: Cast, session: Session, publish_set: Publish
) -> None:
    person = visitor(cast.student)
    start(person, publish_set(TEXT, ESSAY, feedback="at_once"))
    assert person.page is not None
    assert "Check answer" not in person.page.buttons()
    page = person.press("Next")
    assert "CANARY" not in page.text
    page = person.press("Hand in", status=422)
    assert "Type an answer first" in page.words
    page = person.press("Hand in", text="It is lighter.")
    for words in ("Waits for its mark", "It is lighter.", "CANARY: it is less dense."):
        assert words in page.words, words
    assert session.scalar(select(func.count()).select_from(Review)) == 0


def test_a_text_stays_before_its_question_however_the_rest_is_shuffled(
    session: Session, cast: Cast, clock: Clock, publish_set: Publish
) -> None:
    others = [read_item({"kind": "flashcard", "stem": f"Front {number}", "answer": "Back"}) for number in range(5)]
    slug = publish_set(*others[:3], TEXT, TEXT, CHOICE, *others[3:], TEXT, is_shuffled=True)
    orders = set()
    for seed in range(8):
        attempt_id = start_set(session, cast.student, slug, uuid.uuid4(), seed=seed, now=clock.now)
        rows = select(ItemRow.kind).join(AttemptItem, AttemptItem.item_id == ItemRow.id)
        kinds = session.scalars(rows.where(AttemptItem.attempt_id == attempt_id).order_by(AttemptItem.position)).all()
        place = kinds.index("single_choice")
        assert kinds[place - 2 : place] == ["description", "description"]
        assert kinds[-1] == "description"
        orders.add(place)
        attempt = session.get_one(Attempt, (cast.student, attempt_id))
        assert attempt.rules["texts"] == [place - 1, place, 9]
        assert attempt.item_count == 6
        attempt.closed_at, attempt.outcome = clock.now, "abandoned"
        session.flush()
    assert len(orders) > 1


def test_going_on_leads_to_the_text_before_the_next_question(
    visitor: Browser, cast: Cast, publish_set: Publish
) -> None:
    person = visitor(cast.student)
    start(person, publish_set(CHOICE, TEXT, ESSAY))
    assert person.page is not None
    attempt = person.page.path.rsplit("/", 1)[0]
    person.press("Next", choice="a")
    assert person.open(attempt).path.endswith("/2")


def test_a_set_of_texts_alone_asks_nothing_and_is_not_published(publish_set: Publish) -> None:
    with pytest.raises(Invalid, match="Add a question first"):
        publish_set(TEXT)


def test_a_text_is_in_nobodys_practice(session: Session, publish_set: Publish) -> None:
    publish_set(TEXT, ESSAY)
    listed = select(ItemRow.kind).where(ItemRow.is_listed, ItemRow.kind.in_(["description", "essay"]))
    assert session.scalars(listed).all() == ["essay"]
