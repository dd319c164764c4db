"""Histories for tests: quiz answers and card reviews, made through the actions that people's clicks run."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp.core.items import equal_answers, guess_chance, read_item
from quizapp.learning.reviews import QuizAnswer, choose, rate, record_quiz_answers
from quizapp.models import Attempt, AttemptItem, Card, Item, ItemSet, ItemSetItem, ItemVersion, Topic, WorkingAnswer
from quizapp.quizzes.attempts import start_practice
from quizapp.quizzes.building import pinned_items
from quizapp.quizzes.working_answers import Typed, keep_working_answer


def topic_slug(session: Session, place: int = 0) -> str:
    """Return the slug of a listed topic by its place."""
    return session.scalars(select(Topic.slug).where(Topic.is_listed).order_by(Topic.position)).all()[place]


def items_of(session: Session, place: int = 0) -> list[int]:
    """Return the open items of a listed topic that are graded, by the topic's place."""
    return list(
        session.scalars(
            select(Item.id)
            .join(Topic, Topic.id == Item.topic_id)
            .where(Topic.slug == topic_slug(session, place), Item.is_listed, Item.kind != "flashcard")
            .order_by(Item.id)
        )
    )


def answer(
    session: Session,
    learner_id: int,
    item_ids: Sequence[int],
    score: float,
    now: datetime,
    *,
    attempt_id: uuid.UUID | None = None,
    certainty: str | None = None,
    is_open_book: bool = False,
) -> None:
    """Answer items in a quiz."""
    rows = session.execute(
        select(Item.id, ItemVersion.id, ItemVersion.content, Item.topic_id, Item.kind)
        .join(ItemVersion, (ItemVersion.item_id == Item.id) & (ItemVersion.number == Item.version_number))
        .where(Item.id.in_(item_ids))
        .order_by(Item.id)
    )
    answers = [
        QuizAnswer(
            review_id=uuid.uuid4(), item_id=item_id, item_version_id=version_id, topic_id=topic_id,
            attempt_id=attempt_id or uuid.uuid4(), kind=kind, options=equal_answers(read_item(content)),
            guess=guess_chance(read_item(content)), score=score, milliseconds=9000,
            certainty=certainty, is_open_book=is_open_book,
        )
        for item_id, version_id, content, topic_id, kind in rows
    ]  # fmt: skip
    record_quiz_answers(session, learner_id, answers, now)


def study(session: Session, learner_id: int, item_ids: Sequence[int], now: datetime) -> None:
    """Put items on the schedule."""
    choose(session, learner_id, item_ids, submission_id=uuid.uuid4(), now=now)


def review(session: Session, learner_id: int, item_id: int, rating: int, now: datetime) -> uuid.UUID:
    """Rate a card and return the review's id."""
    card = session.get(Card, (learner_id, item_id, 0), populate_existing=True)
    assert card is not None
    event = rate(
        session, learner_id, (item_id, 0), rating,
        review_id=uuid.uuid4(), seen_reviews=card.reviews, milliseconds=12_000, now=now,
    )  # fmt: skip
    return event.id


def make_attempt(
    session: Session,
    learner_id: int,
    now: datetime,
    *,
    is_closed: bool = True,
    set_id: int | None = None,
    number: int = 1,
) -> uuid.UUID:
    """Add an attempt at ten questions, finished with seven right or with four answered."""
    attempt = Attempt(
        learner_id=learner_id, id=uuid.uuid4(), item_set_id=set_id, number=number, title="Practice: a topic", rules={},
        seed=1, item_count=10, answered_count=10 if is_closed else 4, started_at=now, saved_at=now,
        closed_at=now if is_closed else None, outcome="finished" if is_closed else None,
        graded_at=now if is_closed else None, score=7.0 if is_closed else None, max_score=10.0 if is_closed else None,
    )  # fmt: skip
    session.add(attempt)
    session.flush()
    return attempt.id


def type_answer(
    session: Session,
    learner_id: int,
    attempt_id: uuid.UUID,
    position: int,
    answer: dict[str, Any] | None,
    now: datetime,
) -> None:
    """Type an answer without giving it, always on the same page."""
    saved = session.get(WorkingAnswer, (learner_id, attempt_id, position))
    revision = session.get_one(AttemptItem, (learner_id, attempt_id, position)).revision
    number = saved.save_number + 1 if saved else 1
    page = Typed(answer, uuid.uuid5(attempt_id, "page"), number, base_revision=revision, working_revision=0)
    keep_working_answer(session, learner_id, attempt_id, position, page, now)


def start_timed(session: Session, learner_id: int, now: datetime, *, deadline_at: datetime) -> uuid.UUID:
    """Start three single-choice questions with feedback at the end, to be answered by a deadline."""
    query = select(Item.id).where(Item.kind == "single_choice", Item.is_listed).order_by(Item.id).limit(3)
    questions = pinned_items(session, session.scalars(query).all())
    attempt_id = start_practice(
        session, learner_id, uuid.uuid4(), questions, title="Timed", rules={"feedback": "at_end"}, seed=1, now=now
    )
    session.get_one(Attempt, (learner_id, attempt_id)).deadline_at = deadline_at
    session.flush()
    return attempt_id


def make_set(
    session: Session, owner_id: int, title: str, now: datetime, *, status: str = "published", visibility: str = "here"
) -> ItemSet:
    """Add a set of three open questions; its slug is the title in lower case with hyphens."""
    item_set = ItemSet(
        slug=title.lower().replace(" ", "-"), title=title, owner_id=owner_id, status=status, visibility=visibility,
        created_at=now, published_at=None if status == "draft" else now, closed_at=now if status == "closed" else None,
    )  # fmt: skip
    session.add(item_set)
    session.flush()
    for position, item_id in enumerate(items_of(session)[:3], start=1):
        session.add(ItemSetItem(item_set_id=item_set.id, item_id=item_id, position=position))
    session.flush()
    return item_set
