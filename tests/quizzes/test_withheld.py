"""What a set under way asks is told nowhere else to its learner before the set is finished."""

from __future__ import annotations

import uuid
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from quizapp.authoring.flags import flaggable
from quizapp.authoring.items import set_enemies
from quizapp.authoring.sets import create_set, own_set
from quizapp.errors import NotFound
from quizapp.flashcards.card_lists import WAITS
from quizapp.flashcards.sessions import HELD_BACK
from quizapp.learning.learners import learner
from quizapp.learning.queue import cards_ahead, due_cards, todays_cards
from quizapp.learning.reviews import choose, rate
from quizapp.models import Card, Item, ItemSet, ItemSetItem, ItemVersion, Topic
from quizapp.progress.misses import last_misses
from quizapp.quizzes import building
from quizapp.quizzes.attempts import start_practice, start_set
from quizapp.quizzes.finishing import finish, grade_attempt
from quizapp.quizzes.sittings import open_question
from tests.builders import counted_queries
from tests.conftest import Cast, Clock
from tests.pages import Visitor

SLUG = "a-set-to-take"
Browser = Callable[..., Visitor]


@pytest.fixture
def topic_id(session: Session) -> int:
    return session.scalars(select(Topic.id).order_by(Topic.position)).first() or 0


@pytest.fixture
def items(session: Session, cast: Cast, clock: Clock, topic_id: int) -> list[int]:
    """Three questions with answers to choose from, on the student's schedule and in a set of the teacher's."""
    items = list(
        session.scalars(
            select(Item.id).where(Item.kind == "single_choice", Item.topic_id == topic_id).order_by(Item.id).limit(3)
        )
    )
    set_enemies(session, items, [])
    choose(session, cast.student, items, submission_id=uuid.uuid4(), now=clock.now)
    rate(
        session, cast.student, (items[0], 0), 1, review_id=uuid.uuid4(), seen_reviews=0, milliseconds=None,
        now=clock.now,
    )  # fmt: skip
    set_id = create_set(session, cast.teacher, "A set to take", "", clock.now)
    session.add_all(ItemSetItem(item_set_id=set_id, item_id=item, position=n) for n, item in enumerate(items, start=1))
    item_set = own_set(session, set_id, cast.teacher)
    item_set.slug, item_set.status, item_set.published_at = SLUG, "published", clock.now
    session.commit()
    clock.advance(hours=1)
    return items


@pytest.fixture
def taking(session: Session, cast: Cast, clock: Clock, items: list[int]) -> uuid.UUID:
    attempt_id = start_set(session, cast.student, SLUG, uuid.uuid4(), seed=1, now=clock.now)
    session.commit()
    return attempt_id


def close(session: Session, cast: Cast, attempt_id: uuid.UUID, clock: Clock) -> None:
    finish(session, cast.student, attempt_id, clock.now)
    grade_attempt(session, cast.student, attempt_id, clock.now)
    session.commit()


def on_cards(session: Session, person_id: int, clock: Clock) -> set[int]:
    person = learner(session, person_id)
    reads = (due_cards, todays_cards, cards_ahead)
    return {card.key[0] for read in reads for card in read(session, person, clock.now)}


def practicable(session: Session, person_id: int, topic_id: int) -> set[int]:
    offered = building.offer(session, person_id, [topic_id], ["single_choice"])
    return {question.item_id for question in offered.questions}


def test_its_questions_wait_in_cards_practice_misses_and_flags(
    session: Session, cast: Cast, clock: Clock, items: list[int], topic_id: int
) -> None:
    today = clock.now.date()
    version_id = session.scalars(select(ItemVersion.id).where(ItemVersion.item_id == items[0])).one()
    assert on_cards(session, cast.student, clock) == set(items)
    assert practicable(session, cast.student, topic_id) >= set(items)
    assert len(last_misses(session, cast.student, topic_id, today)) == 1
    assert flaggable(session, version_id, cast.student).item_id == items[0]
    attempt_id = start_set(session, cast.student, SLUG, uuid.uuid4(), seed=1, now=clock.now)
    session.commit()
    assert on_cards(session, cast.student, clock) == set()
    assert practicable(session, cast.student, topic_id).isdisjoint(items)
    assert building.offer(session, cast.student, [topic_id], ["single_choice"]).withheld == len(items)
    assert building.pinned_items(session, items, learner_id=cast.student) == []
    assert last_misses(session, cast.student, topic_id, today) == []
    with pytest.raises(NotFound):
        flaggable(session, version_id, cast.student)
    assert practicable(session, cast.classmate, topic_id) >= set(items)
    close(session, cast, attempt_id, clock)
    clock.advance(days=30)
    assert on_cards(session, cast.student, clock) == set(items)
    assert practicable(session, cast.student, topic_id) >= set(items)


def test_a_set_that_shows_answers_at_once_holds_nothing_back(
    session: Session, cast: Cast, clock: Clock, items: list[int], topic_id: int
) -> None:
    session.execute(update(ItemSet).where(ItemSet.slug == SLUG).values(rules={"feedback": "at_once"}))
    start_set(session, cast.student, SLUG, uuid.uuid4(), seed=1, now=clock.now)
    assert on_cards(session, cast.student, clock) == set(items)
    assert practicable(session, cast.student, topic_id) >= set(items)


def test_ones_own_practice_with_answers_at_the_end_holds_nothing_back(
    session: Session, cast: Cast, clock: Clock, items: list[int]
) -> None:
    start_practice(
        session, cast.student, uuid.uuid4(), building.pinned_items(session, items),
        title="Practice", rules={"feedback": "at_end"}, seed=1, now=clock.now,
    )  # fmt: skip
    assert on_cards(session, cast.student, clock) == set(items)


def test_practice_begun_before_keeps_the_answer_to_itself(
    app: Flask, session: Session, cast: Cast, clock: Clock, items: list[int], visitor: Browser
) -> None:
    practice = start_practice(
        session, cast.student, uuid.uuid4(), building.pinned_items(session, items[:2]),
        title="Practice", rules={"feedback": "at_once"}, seed=1, now=clock.now,
    )  # fmt: skip
    attempt_id = start_set(session, cast.student, SLUG, uuid.uuid4(), seed=1, now=clock.now)
    session.commit()
    student = visitor(cast.student)
    page = student.open(f"/attempts/{practice}/1")
    assert "The answer waits" in page.words
    chosen = page.all("input", type="radio")[0].get("value")
    page = student.press("Check answer", choice=chosen)
    assert page.path.endswith("/1")
    assert "Your answer is saved." in page.words
    assert not page.all("details")
    assert "Check answer" not in page.buttons()
    assert student.press("Next").path.endswith("/2")
    assert not open_question(session, cast.student, practice, 1).is_settled
    close(session, cast, attempt_id, clock)
    assert open_question(session, cast.student, practice, 1).is_settled
    assert "The answer waits" not in student.open(f"/attempts/{practice}/1").words


def test_the_pages_say_what_waits(
    app: Flask, session: Session, cast: Cast, clock: Clock, items: list[int], taking: uuid.UUID, visitor: Browser
) -> None:
    student = visitor(cast.student)
    with counted_queries(app) as statements:
        page = student.open("/cards")
    assert len(statements) <= 8
    assert "3 cards wait for a quiz" in page.words
    assert "All cards here wait for a quiz that you have begun." in page.words
    assert student.follow("My quizzes").path == "/attempts"
    with counted_queries(app) as statements:
        page = student.open("/cards/browse")
    assert len(statements) <= 8
    assert page.words.count(WAITS) == len(items)
    assert "No card matches" in student.open("/cards/browse?state=due").words
    with counted_queries(app) as statements:
        page = student.open("/quizzes/new")
    assert len(statements) <= 8
    assert "3 more wait for a quiz that you have begun" in page.words


def test_a_card_that_is_open_elsewhere_does_not_tell_its_answer(
    session: Session, cast: Cast, items: list[int], visitor: Browser, clock: Clock
) -> None:
    student = visitor(cast.student)
    student.open(f"/cards?card={items[1]}.0")
    start_set(session, cast.student, SLUG, uuid.uuid4(), seed=1, now=clock.now)
    session.commit()
    page = student.press("Show answer")
    assert HELD_BACK in page.text
    assert page.heading == "Nothing is due now" or page.path == "/cards"
    reviews = session.scalars(select(Card.reviews).where(Card.learner_id == cast.student, Card.item_id == items[1]))
    assert reviews.one() == 0
    assert HELD_BACK in student.open(f"/cards?card={items[1]}.0").text
    assert student.open(f"/cards/answer?card={items[1]}.0&seen_reviews=0").path == "/cards"
