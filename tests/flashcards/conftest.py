"""What tests of cards stand on: questions put on the student's schedule, and a log that still makes the cards."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Executable, select
from sqlalchemy.orm import Session

from quizapp.authoring.items import add_item, current_source
from quizapp.core.items import Item as NeutralItem
from quizapp.learning.rebuilding import differences
from quizapp.learning.reviews import choose
from quizapp.models import Item, Passage, Topic
from tests.conftest import Cast, Clock

Study = Callable[..., list[int]]
Stored = Callable[[Executable], list[Any]]


@pytest.fixture(autouse=True)
def _the_log_makes_the_cards(app: Flask) -> Iterator[None]:
    yield
    with app.extensions["quizapp.database"].read_session() as session:
        assert list(differences(session)) == []


@pytest.fixture
def study(app: Flask, cast: Cast, clock: Clock) -> Study:
    """Put questions on the student's schedule: given ones, or the first `count` shipped ones of a kind or topic."""

    def study(
        *items: NeutralItem | int, count: int = 0, kind: str = "", topic: str = "", learner_id: int = 0
    ) -> list[int]:
        with app.extensions["quizapp.database"].write_session() as session:
            ids = [item if isinstance(item, int) else _added(session, item, clock) for item in items]
            ids += _shipped(session, count, kind, topic)
            choose(session, learner_id or cast.student, ids, submission_id=uuid.uuid4(), now=clock.now)
        clock.advance(seconds=1)
        return ids

    return study


@pytest.fixture
def stored(app: Flask) -> Stored:
    """Read what is stored now; of several columns, tuples."""

    def stored(statement: Executable) -> list[Any]:
        with app.extensions["quizapp.database"].read_session() as session:
            rows = [tuple(row) for row in session.execute(statement)]
        return [row[0] if len(row) == 1 else row for row in rows]

    return stored


def _added(session: Session, item: NeutralItem, clock: Clock) -> int:
    passage_id = session.scalars(select(Passage.id).order_by(Passage.id)).first() or 0
    return add_item(
        session, item, current_source(session, passage_id), owner_id=None, now=clock.now, status="published"
    )


def _shipped(session: Session, count: int, kind: str, topic: str) -> Sequence[int]:
    items = select(Item.id).join(Topic, Topic.id == Item.topic_id).where(Item.is_listed).order_by(Item.id).limit(count)
    if kind:
        items = items.where(Item.kind == kind)
    if topic:
        items = items.where(Topic.slug == topic)
    return list(session.scalars(items))
