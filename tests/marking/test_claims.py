"""“I was right”: at once in practice, by the teacher in a set's quiz, and the learner sees what came of it."""

from __future__ import annotations

import uuid
from collections.abc import Callable

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp.errors import Conflict
from quizapp.learning.rebuilding import differences
from quizapp.marking.claims import answer_claim
from quizapp.models import Attempt, AttemptItem, Card, Item, Review
from quizapp.quizzes.attempts import start_practice
from quizapp.quizzes.building import pinned_items
from quizapp.quizzes.claims import claim, withdraw
from quizapp.quizzes.responses import Given, respond
from tests.conftest import Cast, Clock
from tests.marking.conftest import row_of, score_of
from tests.pages import Visitor
from tests.taken_sets import TakenSet

Browser = Callable[..., Visitor]


@pytest.fixture
def practised(session: Session, cast: Cast, clock: Clock) -> tuple[uuid.UUID, int]:
    """A typed question answered wrong in practice, and its item."""
    item_id = session.scalars(
        select(Item.id).where(Item.kind == "short_answer", Item.is_listed).order_by(Item.id).limit(1)
    ).one()
    attempt_id = start_practice(
        session, cast.student, uuid.uuid4(), pinned_items(session, [item_id]), title="Practice",
        rules={"feedback": "at_once"}, seed=1, now=clock.now,
    )  # fmt: skip
    respond(session, cast.student, attempt_id, 1, Given(uuid.uuid4(), {"text": "a heron"}, 0, 900), clock.now)
    session.commit()
    return attempt_id, item_id


def test_in_practice_it_counts_at_once_and_is_undone(
    visitor: Browser, cast: Cast, session: Session, practised: tuple[uuid.UUID, int]
) -> None:
    attempt_id, item_id = practised
    before = session.get_one(Card, (cast.student, item_id, 0)).stability
    session.rollback()
    student = visitor(cast.student)
    student.open(f"/attempts/{attempt_id}/1")
    page = student.press("I was right")
    assert "Counted as right, as you said." in page.words
    assert "Not right" not in page.words
    session.expire_all()
    assert session.get_one(Card, (cast.student, item_id, 0)).stability > before  # type: ignore[operator]
    assert list(differences(session)) == []
    session.rollback()
    page = student.press("Undo")
    assert "Not right" in page.words
    session.expire_all()
    assert session.get_one(Card, (cast.student, item_id, 0)).stability == before
    assert list(differences(session)) == []
    session.rollback()
    student.press("I was right")
    page = student.press("Finish quiz")
    assert page.heading == "1 of 1 right"
    session.expire_all()
    assert session.get_one(AttemptItem, (cast.student, attempt_id, 1)).score == 1
    events = session.scalars(select(Review.event).order_by(Review.received_at, Review.seen_reviews)).all()
    assert sorted(events) == ["correct", "correct", "review", "void"]


def test_in_a_quiz_the_mark_stays_and_the_teacher_agrees_for_everybody(
    visitor: Browser, cast: Cast, session: Session, taken_set: TakenSet
) -> None:
    student, teacher = visitor(cast.student), visitor(cast.teacher)
    review = f"/attempts/{taken_set.attempts[cast.student]}/review"
    student.open(review)
    page = student.press("I was right")
    assert "Your teacher decides; until then the mark stays." in page.words
    assert row_of(session, taken_set, cast.student, 2).score == 0
    session.rollback()
    teacher.open(f"/teach/sets/{taken_set.of.set_id}/results")
    page = teacher.follow("1 objection to answer")
    assert "Halcyon" in page.words
    page = teacher.press("Accept", reply="A fine word for it.")
    assert "Accepted: this answer has full marks now." in page.words
    assert row_of(session, taken_set, cast.student, 2).score == 1
    session.rollback()
    page = teacher.press("Accept it from everybody")
    assert "counts as right from now on" in page.words
    assert page.heading == "No mark would change"
    page = student.open(review)
    assert "your teacher agreed" in page.words
    assert "A fine word for it." in page.words


def test_a_declined_one_keeps_its_mark_and_tells_why(
    visitor: Browser, cast: Cast, session: Session, clock: Clock, taken_set: TakenSet
) -> None:
    attempt_id = taken_set.attempts[cast.student]
    claim(session, cast.student, attempt_id, 2, clock.now)
    before = score_of(session, taken_set, cast.student)
    key = cast.student, 1, taken_set.typed
    for _ in range(2):
        answer_claim(
            session, taken_set.of, key, "declined", "That is a legend.", teacher_id=cast.teacher, now=clock.now
        )
    with pytest.raises(Conflict):
        answer_claim(session, taken_set.of, key, "accepted", "", teacher_id=cast.teacher, now=clock.now)
    with pytest.raises(Conflict):
        withdraw(session, cast.student, attempt_id, 2, clock.now)
    assert score_of(session, taken_set, cast.student) == before
    session.commit()
    page = visitor(cast.student).open(f"/attempts/{attempt_id}/review")
    assert "That is a legend." in page.words
    assert "the mark stays" in page.words
    assert "I was right" not in page.buttons()


def test_it_can_be_taken_back_before_it_is_answered(
    cast: Cast, session: Session, clock: Clock, taken_set: TakenSet
) -> None:
    attempt_id = taken_set.attempts[cast.student]
    claim(session, cast.student, attempt_id, 2, clock.now)
    withdraw(session, cast.student, attempt_id, 2, clock.now)
    with pytest.raises(Conflict):
        answer_claim(
            session, taken_set.of, (cast.student, 1, taken_set.typed), "accepted", "",
            teacher_id=cast.teacher, now=clock.now,
        )  # fmt: skip


def test_nobody_is_right_before_there_is_a_mark_nor_of_a_right_answer(
    visitor: Browser, cast: Cast, session: Session, clock: Clock, taken_set: TakenSet
) -> None:
    attempt = session.get_one(Attempt, (cast.student, taken_set.attempts[cast.student]))
    attempt.graded_at = None
    with pytest.raises(Conflict):
        claim(session, cast.student, attempt.id, 2, clock.now)
    session.rollback()
    page = visitor(cast.classmate).open(f"/attempts/{taken_set.attempts[cast.classmate]}/review")
    assert "I was right" not in page.buttons()
