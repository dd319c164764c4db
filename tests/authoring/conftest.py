"""What the tests of this room stand on: items of every kind, and a set with a question."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp.authoring.items import Source
from quizapp.authoring.passages import source_at
from quizapp.authoring.sets import add_to_set, create_set
from quizapp.core.items import Item, read_item
from quizapp.models import Attempt, AttemptItem, ItemSetItem, ItemVersion, Passage, Response
from quizapp.models import Item as ItemRow
from tests.conftest import MONDAY, Cast, Clock

CHOICE: dict[str, Any] = {
    "kind": "single_choice",
    "stem": "What has NATO increased?",
    "options": [
        {"id": "a", "text": "Its presence in Eastern Europe", "weight": 1, "feedback": "The passage says so."},
        {"id": "b", "text": "Its budget", "feedback": "The passage names no budget."},
        {"id": "c", "text": "Its membership"},
    ],
    "evidence": [{"quote": "has increased its presence in Eastern Europe"}],
}
OTHERS: dict[str, dict[str, Any]] = {
    "multiple_choice": {
        "kind": "multiple_choice",
        "stem": "Which are named?",
        "options": [
            {"id": "a", "text": "Training programs", "weight": 0.5},
            {"id": "b", "text": "Intelligence sharing", "weight": 0.5},
            {"id": "c", "text": "Humanitarian relief", "weight": -1},
        ],
    },
    "true_false": {
        "kind": "true_false",
        "stem": "NATO has deployed troops in combat roles.",
        "options": [{"id": "true", "text": "True"}, {"id": "false", "text": "False", "weight": 1}],
    },
    "short_answer": {
        "kind": "short_answer",
        "stem": "What kind of defense does the alliance emphasize?",
        "accepted": [{"text": "collective defense"}, {"text": "collective"}],
    },
    "cloze": {
        "kind": "cloze",
        "stem": "The role is {{1}} and {{2}}.",
        "gaps": [
            {"kind": "typed", "accepted": [{"text": "support"}]},
            {
                "kind": "choice",
                "options": [{"id": "a", "text": "reassurance", "weight": 1}, {"id": "b", "text": "combat"}],
            },
        ],
    },
    "numeric": {
        "kind": "numeric",
        "stem": "How much larger is ice?",
        "accepted": [{"number": 9, "tolerance": 0.5}, {"min": 8, "max": 10}],
        "unit": "%",
    },
    "matching": {
        "kind": "matching",
        "stem": "What belongs together?",
        "pairs": [
            {"left": "Training", "right": "programs"},
            {"left": "Intelligence", "right": "sharing"},
            {"right": "relief"},
        ],
    },
    "ordering": {
        "kind": "ordering",
        "stem": "In which order does the passage name them?",
        "order": ["Assistance", "Training", "Intelligence"],
    },
    "flashcard": {
        "kind": "flashcard",
        "stem": "Where has the presence grown?",
        "answer": "In Eastern Europe",
        "is_reversible": True,
    },
    "essay": {
        "kind": "essay",
        "stem": "Why has NATO grown its presence?",
        "answer": "To reassure its members.\n\nAnd to deter.",
        "rubric": "Reasons from the passage.",
        "criteria": [
            {"text": "Reasons", "levels": [{"text": "none", "points": 0.0}, {"text": "one or more", "points": 2.5}]},
        ],
    },
    "description": {"kind": "description", "stem": "Read the next two questions together."},
}


def choice(**changes: Any) -> Item:
    """Return the single choice item, changed."""
    return read_item({**CHOICE, **changes})


def item_of(kind: str) -> Item:
    """Return an item of the kind."""
    return read_item(CHOICE if kind == "single_choice" else OTHERS[kind])


@dataclass(frozen=True)
class Made:
    """A set of the teacher's with one question on a shipped passage."""

    set_id: int
    item_id: int
    source: Source


@pytest.fixture
def source(session: Session, cast: Cast) -> Source:
    passage_id = session.scalars(select(Passage.id).where(Passage.external_id == "01-nato-role-in-ukraine")).one()
    return source_at(session, cast.teacher, passage_id=passage_id)


@pytest.fixture
def made(session: Session, cast: Cast, source: Source) -> Made:
    set_id = create_set(session, cast.teacher, "NATO, the basics", "For class 10B.", MONDAY)
    item_id = add_to_set(session, set_id, cast.teacher, choice(), source, MONDAY)
    session.commit()
    return Made(set_id, item_id, source)


@pytest.fixture
def take(session: Session, clock: Clock) -> Callable[..., None]:
    """Let a learner take a set: answers and scores by the item's id, as the quizzes write them."""

    def take_set(
        set_id: int,
        learner_id: int,
        given: dict[int, tuple[dict[str, Any] | None, float | None]],
        *,
        number: int = 1,
        outcome: str | None = "finished",
        revision: int = 0,
        rules: dict[str, Any] | None = None,
        certainty: str | None = None,
    ) -> None:
        is_closed = outcome is not None
        attempt = Attempt(
            learner_id=learner_id, id=uuid.uuid4(), item_set_id=set_id, number=number, title="A quiz",
            rules=rules or {}, seed=1,
            item_count=len(given), started_at=clock.now, saved_at=clock.now, outcome=outcome,
            closed_at=clock.now if is_closed else None, graded_at=clock.now if is_closed else None,
            score=sum(score or 0.0 for _, score in given.values()), max_score=float(len(given)),
        )  # fmt: skip
        session.add(attempt)
        session.flush()
        for position, (item_id, (answer, score)) in enumerate(given.items(), start=1):
            row = session.execute(
                select(ItemVersion.id, ItemRow.topic_id)
                .join(ItemRow, ItemRow.id == ItemVersion.item_id)
                .where(ItemRow.id == item_id, ItemVersion.number == ItemRow.version_number)
            ).one()
            session.add(
                AttemptItem(
                    learner_id=learner_id,
                    attempt_id=attempt.id,
                    position=position,
                    item_id=item_id,
                    item_version_id=row.id,
                    topic_id=row.topic_id,
                    option_order=[],
                    revision=revision,
                    answer=answer,
                    score=score,
                )
            )
            if certainty:
                session.add(
                    Response(
                        learner_id=learner_id, id=uuid.uuid4(), attempt_id=attempt.id, position=position, revision=1,
                        base_revision=0, answer=answer, certainty=certainty, answered_at=clock.now,
                        received_at=clock.now,
                    )
                )  # fmt: skip
        session.commit()

    return take_set


def order(session: Session, set_id: int) -> list[int]:
    """Return the items of a set in order."""
    return list(
        session.scalars(
            select(ItemSetItem.item_id)
            .where(ItemSetItem.item_set_id == set_id)
            .order_by(ItemSetItem.position, ItemSetItem.item_id)
        )
    )
