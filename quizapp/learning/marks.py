"""Marks that people give, and regrades: events on a question of an attempt; its score, the total and memory follow."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, select
from sqlalchemy.orm import Session

from quizapp.core.items import read_item
from quizapp.core.rules import Rules, read_rules
from quizapp.errors import Conflict, NotFound
from quizapp.learning.corrections import correct, take_back_correction
from quizapp.learning.reviews import QuizAnswer, record_quiz_answers
from quizapp.learning.tries import earned, given_responses, is_by_certainty, share_of_mark
from quizapp.models import Attempt, AttemptItem, ItemVersion, Response, Review

_MARKS = (
    select(Response)
    .where(
        Response.learner_id == bindparam("learner_id"),
        Response.attempt_id == bindparam("attempt_id"),
        Response.event != "given",
    )
    .order_by(Response.position, Response.revision)
)


@dataclass(frozen=True)
class Mark:
    """A mark as it is given: credit 0..1, or None to let the question count for nothing."""

    id: uuid.UUID
    score: float | None
    seen_marks: int  # on the question when the page was shown
    by_id: int | None = None  # a teacher; None: its learner, or a regrade
    comment: str = ""
    regrade_id: int | None = None
    is_evidence: bool = True  # of what the learner knows; otherwise the memory forgets the answer


class Marked(Conflict):
    """The answer was marked since the page was shown."""


def lock_question(
    session: Session, learner_id: int, attempt_id: uuid.UUID, position: int
) -> tuple[Attempt, AttemptItem]:
    """Return an attempt and one of its questions, locked in this order. Raises NotFound."""
    attempt = session.get(Attempt, (learner_id, attempt_id), with_for_update=True, populate_existing=True)
    key = (learner_id, attempt_id, position)
    row = session.get(AttemptItem, key, with_for_update=True, populate_existing=True)
    if attempt is None or row is None:
        raise NotFound
    return attempt, row


def give_mark(session: Session, attempt: Attempt, row: AttemptItem, mark: Mark, now: datetime) -> None:
    """Give a locked question a mark; the same id again changes nothing.

    Raises Marked when it got another mark since the giver saw it.
    """
    if session.get(Response, (row.learner_id, mark.id)) is not None:
        return
    if mark.seen_marks != row.marks:
        raise Marked("This answer was marked by somebody else in the meantime.")
    given = _given(session, row)
    _add_event(
        session, row, now, id=mark.id, event="correct", names_id=given[-1].id if given else None, score=mark.score,
        comment=mark.comment or None, marked_by_id=mark.by_id, regrade_id=mark.regrade_id,
    )  # fmt: skip
    _follow(session, attempt, row, given, mark.id, None, now, is_evidence=mark.is_evidence)


def take_back_mark(
    session: Session,
    attempt: Attempt,
    row: AttemptItem,
    mark_id: uuid.UUID,
    *,
    void_id: uuid.UUID,
    by_id: int | None,
    now: datetime,
) -> None:
    """Take a mark of a locked question back, so that what counted without it counts; again changes nothing.

    Raises NotFound for a mark of another question.
    """
    named = session.get(Response, (row.learner_id, mark_id))
    if (
        named is None
        or named.event != "correct"
        or (named.attempt_id, named.position) != (row.attempt_id, row.position)
    ):
        raise NotFound
    marks = marks_of(session, row.learner_id, row.attempt_id, row.position)
    if any(event.event == "void" and event.names_id == mark_id for event in marks):
        return
    _add_event(session, row, now, id=void_id, event="void", names_id=mark_id, marked_by_id=by_id)
    _follow(session, attempt, row, _given(session, row), void_id, mark_id, now)


def marks_of(session: Session, learner_id: int, attempt_id: uuid.UUID, position: int | None = None) -> list[Response]:
    """Return the marks of an attempt, or of one of its questions, with those taken back and what took them back."""
    events = session.scalars(_MARKS, {"learner_id": learner_id, "attempt_id": attempt_id})
    return [event for event in events if position in (None, event.position)]


def standing(marks: Sequence[Response]) -> dict[int, Response]:
    """Return the mark that counts at each position that has one."""
    voided = {event.names_id for event in marks if event.event == "void"}
    return {event.position: event for event in marks if event.event == "correct" and event.id not in voided}


def retotal(session: Session, attempt: Attempt, rules: Rules) -> None:
    """Sum the marks of an attempt's questions; what was dropped counts on neither side."""
    rows = session.scalars(
        select(AttemptItem).where(AttemptItem.learner_id == attempt.learner_id, AttemptItem.attempt_id == attempt.id)
    ).all()
    by_certainty = is_by_certainty(attempt, rules)
    said: dict[int, str | None] = {}
    if by_certainty:
        for position, given in given_responses(session, attempt.learner_id, attempt.id).items():
            said[position] = (given[0] if rules.is_at_once else given[-1]).certainty
    counted = [row for row in rows if not row.is_dropped]
    attempt.score = sum(
        share_of_mark(row.score, said.get(row.position), is_by_certainty=by_certainty) * row.max_mark for row in counted
    )
    attempt.max_score = sum(row.max_mark for row in counted)
    session.flush()


def _given(session: Session, row: AttemptItem) -> list[Row[Any]]:
    return given_responses(session, row.learner_id, row.attempt_id, row.position)[row.position]


def _add_event(session: Session, row: AttemptItem, now: datetime, **facts: Any) -> None:
    revision = row.revision + row.marks
    session.add(
        Response(
            learner_id=row.learner_id, attempt_id=row.attempt_id, position=row.position, revision=revision + 1,
            base_revision=revision, answered_at=now, received_at=now, **facts,
        )
    )  # fmt: skip
    row.marks += 1
    session.flush()


def _follow(
    session: Session,
    attempt: Attempt,
    row: AttemptItem,
    given: Sequence[Row[Any]],
    event_id: uuid.UUID,
    voided_id: uuid.UUID | None,
    now: datetime,
    *,
    is_evidence: bool = True,
) -> None:
    """Let score, total and memory be what the marks that stand make of them."""
    item = read_item(session.get_one(ItemVersion, row.item_version_id).content)
    rules = read_rules(attempt.rules)
    mark = standing(marks_of(session, row.learner_id, row.attempt_id, row.position)).get(row.position)
    if mark is None:
        row.score, row.is_dropped = earned(rules, item, [response.answer for response in given]), False
    else:
        row.score, row.is_dropped = mark.score, mark.score is None
    session.flush()
    if attempt.graded_at is not None:
        retotal(session, attempt, rules)
    # After several tries the memory has heard of the first, before any hint: the mark is about all of them.
    if not given or row.answer is None or (rules.is_at_once and len(given) > 1):
        return
    if item.kind == "essay":
        _tell_of_essay(session, row, given[-1], event_id, now)
    elif session.get(Review, (row.learner_id, given[-1].id)) is None:
        return
    elif voided_id is None:
        score = row.score if is_evidence else None
        correct(session, row.learner_id, given[-1].id, correction_id=event_id, score=score, now=now)
    else:
        take_back_correction(session, row.learner_id, voided_id, void_id=event_id, now=now)


def _tell_of_essay(session: Session, row: AttemptItem, response: Row[Any], event_id: uuid.UUID, now: datetime) -> None:
    """Let the memory know of an essay what counts now; its first mark makes the review that later ones correct."""
    if session.get(Review, (row.learner_id, response.id)) is not None:
        correct(session, row.learner_id, response.id, correction_id=event_id, score=row.score, now=now)
    elif row.score is not None:
        answer = QuizAnswer(
            response.id, row.item_id, row.item_version_id, row.topic_id, row.attempt_id, "essay", options=None,
            guess=0.0, score=row.score, certainty=response.certainty, is_open_book=row.is_open_book,
            milliseconds=response.milliseconds,
        )  # fmt: skip
        record_quiz_answers(session, row.learner_id, [answer], now)
