"""Answers as a marker reads them: by question across learners, one after the other, with the marks they got."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from markupsafe import Markup
from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from quizapp.core.grading import grade, in_words
from quizapp.core.items import Essay, Item, plain_stem, read_item, split_stem
from quizapp.errors import NotFound
from quizapp.learning.marks import marks_of, standing
from quizapp.marking.taken import Taken
from quizapp.models import Attempt, AttemptItem, ItemVersion, Person, Response, is_claimed, is_unmarked
from quizapp.models import Item as ItemRow
from quizapp.web.answered import Answered, answered_view
from quizapp.web.questions import KIND_NAMES
from quizapp.web.rendering import rich

_IS_WAITING = is_unmarked(AttemptItem)
_IS_CLAIMED = is_claimed(AttemptItem)


@dataclass(frozen=True)
class MarkedQuestion:
    """A question of a set and how many of its answers are there and wait."""

    item_id: int
    stem: str
    kind_name: str
    answers: int
    waiting: int
    claims: int  # “I was right”, not answered yet


@dataclass(frozen=True)
class Place:
    """One answer in the row of a question's answers: its learner, and the how manyeth attempt it is of."""

    learner_id: int
    number: int
    is_waiting: bool


@dataclass(frozen=True)
class GivenMark:
    """A mark that was given, in words."""

    id: uuid.UUID
    by: str
    score: float | None
    comment: str
    at: datetime
    is_standing: bool
    is_regrade: bool


@dataclass(frozen=True)
class MarkedAnswer:
    """One answer as its marker reads it."""

    learner_id: int
    number: int
    attempt_id: uuid.UUID
    position: int
    name: str
    item_id: int
    item: Item
    stem: Markup
    answered: Answered
    given: str  # in words; empty: nothing
    score: float | None  # in force
    max_mark: float
    is_dropped: bool
    seen_marks: int
    marks: tuple[GivenMark, ...]  # the newest first
    claimed_at: datetime | None = None
    claim_verdict: str | None = None
    claim_reply: str | None = None

    @property
    def state(self) -> str:
        """Where its mark stands, as the component `verdict` knows it."""
        if self.is_dropped:
            return "dropped"
        if self.score is None:
            return "waits"
        return "right" if self.score >= 1 else "wrong" if self.score <= 0 else "partly"

    @property
    def mark(self) -> GivenMark | None:
        """The mark that counts, where a person or a regrade gave one."""
        return next((mark for mark in self.marks if mark.is_standing), None)


def marked_questions(session: Session, of: Taken) -> list[MarkedQuestion]:
    """Return the questions of a set that were answered, with what waits; those that wait come first."""
    rows = session.execute(
        select(
            AttemptItem.item_id,
            func.max(AttemptItem.item_version_id),
            func.count(),
            func.sum(case((_IS_WAITING, 1), else_=0)),
            func.sum(case((_IS_CLAIMED, 1), else_=0)),
        )
        .join(Attempt, (Attempt.learner_id == AttemptItem.learner_id) & (Attempt.id == AttemptItem.attempt_id))
        .where(of.attempts, AttemptItem.max_mark > 0)
        .group_by(AttemptItem.item_id)
    ).all()
    contents = {
        row.id: row.content
        for row in session.execute(
            select(ItemVersion.id, ItemVersion.content).where(ItemVersion.id.in_([row[1] for row in rows]))
        )
    }
    questions = [
        MarkedQuestion(
            item_id, plain_stem(contents[version_id]["stem"]), KIND_NAMES[contents[version_id]["kind"]],
            answers, waiting, claims,
        )
        for item_id, version_id, answers, waiting, claims in rows
        if contents[version_id]["kind"] not in ("description", "flashcard")
    ]  # fmt: skip
    return sorted(questions, key=lambda question: (-question.waiting, -question.claims, question.item_id))


def places(session: Session, of: Taken, item_id: int) -> list[Place]:
    """Return the answers to a question in an order that tells nothing of their learners, and always the same."""
    rows = session.execute(
        select(Attempt.learner_id, Attempt.number, _IS_WAITING)
        .join(AttemptItem, (Attempt.learner_id == AttemptItem.learner_id) & (Attempt.id == AttemptItem.attempt_id))
        .where(of.attempts, AttemptItem.item_id == item_id)
        .order_by(Attempt.seed, Attempt.learner_id, Attempt.number)
    )
    return [Place(*row) for row in rows]


def next_place(row: Sequence[Place], after: Place | None) -> Place | None:
    """Return the next answer that waits, beginning anew after the last; None when none is left."""
    at = row.index(after) + 1 if after in row else 0
    return next((place for place in [*row[at:], *row[:at]] if place.is_waiting and place != after), None)


def marked_answers(
    session: Session, of: Taken, learner_id: int, number: int, item_id: int | None = None
) -> list[MarkedAnswer]:
    """Return the answers of one attempt, or the one to a question, in order. Raises NotFound when there is none."""
    query = (
        select(AttemptItem, ItemVersion.content, Person.shown_name, Person.role)
        .join(Attempt, (Attempt.learner_id == AttemptItem.learner_id) & (Attempt.id == AttemptItem.attempt_id))
        .join(ItemVersion, ItemVersion.id == AttemptItem.item_version_id)
        .join(ItemRow, ItemRow.id == AttemptItem.item_id)
        .join(Person, Person.id == Attempt.learner_id)
        .where(of.attempts, Attempt.learner_id == learner_id, Attempt.number == number, ItemRow.kind != "description")
        .order_by(AttemptItem.position)
    )
    if item_id is not None:
        query = query.where(AttemptItem.item_id == item_id)
    rows = session.execute(query).all()
    if not rows:
        raise NotFound
    marks = marks_of(session, learner_id, rows[0][0].attempt_id)
    names = _names(session, marks)
    counting = {mark.id for mark in standing(marks).values()}
    found = []
    for row, content, name, role in rows:
        given = [
            GivenMark(
                mark.id, names.get(mark.marked_by_id or 0, ""), mark.score, mark.comment or "", mark.received_at,
                mark.id in counting, mark.regrade_id is not None,
            )
            for mark in reversed(marks)
            if mark.event == "correct" and mark.position == row.position
        ]  # fmt: skip
        found.append(_answer(row, number, read_item(content), "A guest" if role == "guest" else name, given))
    return found


def _names(session: Session, marks: Sequence[Response]) -> dict[int, str]:
    ids = {mark.marked_by_id for mark in marks if mark.marked_by_id}
    if not ids:
        return {}
    rows = session.execute(select(Person.id, Person.shown_name).where(Person.id.in_(ids)))
    return {row.id: row.shown_name for row in rows}


def _answer(row: AttemptItem, number: int, item: Item, name: str, marks: Sequence[GivenMark]) -> MarkedAnswer:
    given = str((row.answer or {}).get("text", "")) if isinstance(item, Essay) else in_words(item, row.answer)
    return MarkedAnswer(
        learner_id=row.learner_id,
        number=number,
        attempt_id=row.attempt_id,
        position=row.position,
        name=name,
        item_id=row.item_id,
        item=item,
        stem=rich("".join(run or "…" for run, _ in split_stem(item.stem)), item.stem_format),
        answered=answered_view(item, row.option_order, row.answer, grade(item, row.answer)),
        given=given,
        score=row.score,
        max_mark=row.max_mark,
        is_dropped=row.is_dropped,
        seen_marks=row.marks,
        marks=tuple(marks),
        claimed_at=row.claimed_at,
        claim_verdict=row.claim_verdict,
        claim_reply=row.claim_reply,
    )
