"""One sitting: starting it, giving answers, finishing. Each action may come twice and counts once."""

from __future__ import annotations

import json
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from random import Random
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from quizapp.core.grading import Grade, grade
from quizapp.core.items import Item as NeutralItem
from quizapp.core.items import guess_chance, option_count, read_item
from quizapp.errors import Conflict, NotAllowed, NotFound
from quizapp.learning.reviews import QuizAnswer, record_quiz_answers
from quizapp.models import Attempt, AttemptItem, ItemSet, ItemVersion, Response, WorkingAnswer
from quizapp.quizzes.building import Pinned, set_items
from quizapp.web.questions import shuffled_options

AT_ONCE = "at_once"
AT_END = "at_end"


@dataclass(frozen=True)
class Given:
    """An answer as it came from the learner."""

    response_id: uuid.UUID
    answer: dict[str, Any] | None  # None: "I don't know"
    base_revision: int  # how many answers to this question the page had seen
    milliseconds: int | None = None


def start_practice(
    session: Session,
    learner_id: int,
    attempt_id: uuid.UUID,
    questions: Sequence[Pinned],
    *,
    title: str,
    rules: dict[str, Any],
    seed: int,
    now: datetime,
) -> uuid.UUID:
    """Start a practice attempt with these questions in this order; the same id again is the same attempt."""
    if session.get(Attempt, (learner_id, attempt_id)) is None:
        _add_attempt(session, learner_id, attempt_id, questions, title=title, rules=rules, seed=seed, now=now)
    return attempt_id


def start_set(
    session: Session, learner_id: int, slug: str, attempt_id: uuid.UUID, *, seed: int, now: datetime
) -> uuid.UUID:
    """Start an attempt at a published set, or return the one that is still open.

    Raises NotFound for a draft, NotAllowed for a closed set.
    """
    item_set = session.scalar(select(ItemSet).where(ItemSet.slug == slug))
    if item_set is None or item_set.status == "draft":
        raise NotFound
    earlier = session.execute(
        select(Attempt.id, Attempt.closed_at, Attempt.number)
        .where(Attempt.learner_id == learner_id, Attempt.item_set_id == item_set.id)
        .order_by(Attempt.number.desc())
    ).all()
    going_on = [row[0] for row in earlier if row.closed_at is None or row.id == attempt_id]
    if going_on:
        return going_on[0]
    if item_set.status == "closed":
        raise NotAllowed("This quiz is closed. Answers you gave before are under “My quizzes”.")
    questions = set_items(session, item_set.id)
    rules = {"feedback": item_set.feedback, "is_shuffled": item_set.is_shuffled}
    if item_set.is_shuffled:
        questions = _shuffled(questions, seed)
    try:
        with session.begin_nested():
            _add_attempt(
                session, learner_id, attempt_id, questions, title=item_set.title, rules=rules, seed=seed, now=now,
                item_set_id=item_set.id, number=(earlier[0].number if earlier else 0) + 1,
            )  # fmt: skip
    except IntegrityError:  # two tabs at once: the first one's attempt is the attempt
        return session.scalars(
            select(Attempt.id)
            .where(Attempt.learner_id == learner_id, Attempt.item_set_id == item_set.id)
            .order_by(Attempt.number.desc())
        ).first() or attempt_id  # fmt: skip
    return attempt_id


def respond(
    session: Session, learner_id: int, attempt_id: uuid.UUID, position: int, given: Given, now: datetime
) -> AttemptItem:
    """Store an answer and return the question's row; where feedback comes at once, grade it and move the memory.

    The same response again changes nothing. Raises Conflict when the attempt is closed, when the answer was given
    elsewhere in the meantime, or when feedback has already been shown.
    """
    attempt = _open_attempt(session, learner_id, attempt_id)
    row = _locked_item(session, learner_id, attempt_id, position)
    response_id = _response_id(session, learner_id, given)
    if response_id is None or (row.revision and row.answer == given.answer and not _is_at_once(attempt)):
        _drop_working_answer(session, learner_id, attempt_id, position)
        return row
    if _is_at_once(attempt) and row.revision:
        raise Conflict("This question is already answered, and its answer was shown.")
    if given.base_revision != row.revision:
        raise Conflict("This question was answered somewhere else in the meantime. Here is the answer given there.")
    _add_response(session, attempt, row, response_id, given, now)
    _drop_working_answer(session, learner_id, attempt_id, position)
    if _is_at_once(attempt):
        item = _pinned_item(session, row)
        graded = grade(item, row.answer)
        row.score = graded.score
        record_quiz_answers(
            session, learner_id, [_quiz_answer(row, item, graded, response_id, given.milliseconds)], now
        )
    session.flush()
    return row


def keep_working_answer(
    session: Session,
    learner_id: int,
    attempt_id: uuid.UUID,
    position: int,
    answer: dict[str, Any] | None,
    now: datetime,
) -> None:
    """Keep what was typed or chosen but not given, so that leaving loses nothing; None forgets it."""
    attempt = _open_attempt(session, learner_id, attempt_id)
    row = _locked_item(session, learner_id, attempt_id, position)
    if answer is None or (row.revision and _is_at_once(attempt)):
        _drop_working_answer(session, learner_id, attempt_id, position)
        return
    session.merge(
        WorkingAnswer(
            learner_id=learner_id, attempt_id=attempt_id, position=position, answer=answer,
            base_revision=row.revision, saved_at=now,
        )
    )  # fmt: skip
    attempt.saved_at = now
    session.flush()


def look_at_passage(session: Session, learner_id: int, attempt_id: uuid.UUID, position: int) -> None:
    """Note that the passage was opened before the answer: such an answer says nothing about memory."""
    attempt = _open_attempt(session, learner_id, attempt_id)
    if attempt.item_set_id is not None:
        raise NotAllowed("This quiz is taken without the passage.")
    _locked_item(session, learner_id, attempt_id, position).is_open_book = True
    session.flush()


def flag(session: Session, learner_id: int, attempt_id: uuid.UUID, position: int, *, is_flagged: bool) -> None:
    """Mark a question to come back to, or take the mark away."""
    _open_attempt(session, learner_id, attempt_id)
    _locked_item(session, learner_id, attempt_id, position).is_flagged = is_flagged
    session.flush()


def finish(session: Session, learner_id: int, attempt_id: uuid.UUID, now: datetime, outcome: str = "finished") -> None:
    """Close an attempt; answers still being worked on are given first. Closing a closed one changes nothing."""
    attempt = _locked_attempt(session, learner_id, attempt_id)
    if attempt.closed_at is not None:
        return
    if outcome == "finished" and not _is_at_once(attempt):
        _give_working_answers(session, attempt, now)
    attempt.closed_at, attempt.outcome = now, outcome
    session.flush()


def grade_attempt(session: Session, learner_id: int, attempt_id: uuid.UUID, now: datetime) -> None:
    """Work out the marks of a closed attempt and let its answers move the memory; doing it again changes nothing."""
    attempt = _locked_attempt(session, learner_id, attempt_id)
    if attempt.closed_at is None or attempt.graded_at is not None or attempt.outcome == "abandoned":
        return
    rows = list(
        session.scalars(
            select(AttemptItem)
            .where(AttemptItem.learner_id == learner_id, AttemptItem.attempt_id == attempt_id)
            .order_by(AttemptItem.position)
        )
    )
    items = _pinned_contents(session, rows)
    responses = _responses_in_force(session, learner_id, attempt_id)
    answers = []
    for row in rows:
        graded = grade(items[row.position], row.answer)
        row.score = graded.score
        response = responses.get((row.position, row.revision))
        if response is not None and row.answer is not None:
            answers.append(_quiz_answer(row, items[row.position], graded, response.id, response.milliseconds))
    if not _is_at_once(attempt):  # otherwise each moved the memory when it was given
        record_quiz_answers(session, learner_id, answers, now)
    attempt.score = sum((row.score or 0.0) * row.max_mark for row in rows)
    attempt.max_score = sum(row.max_mark for row in rows)
    attempt.graded_at = now
    session.flush()


def _add_attempt(
    session: Session,
    learner_id: int,
    attempt_id: uuid.UUID,
    questions: Sequence[Pinned],
    *,
    title: str,
    rules: dict[str, Any],
    seed: int,
    now: datetime,
    item_set_id: int | None = None,
    number: int = 1,
) -> None:
    session.add(
        Attempt(
            learner_id=learner_id, id=attempt_id, item_set_id=item_set_id, number=number, title=title, rules=rules,
            seed=seed, item_count=len(questions), answered_count=0, started_at=now, saved_at=now,
        )
    )  # fmt: skip
    session.flush()
    session.add_all(
        AttemptItem(
            learner_id=learner_id, attempt_id=attempt_id, position=position, item_id=question.item_id,
            item_version_id=question.version_id, topic_id=question.topic_id,
            passage_version_id=question.passage_version_id, max_mark=question.max_mark,
            option_order=shuffled_options(question.item, f"{seed} {position}"),
        )
        for position, question in enumerate(questions, start=1)
    )  # fmt: skip
    session.flush()


def _shuffled(questions: list[Pinned], seed: int) -> list[Pinned]:

    shuffled = list(questions)
    Random(seed).shuffle(shuffled)  # noqa: S311  # order, not secrecy
    return shuffled


def _locked_attempt(session: Session, learner_id: int, attempt_id: uuid.UUID) -> Attempt:
    attempt = session.get(Attempt, (learner_id, attempt_id), with_for_update=True, populate_existing=True)
    if attempt is None:
        raise NotFound
    return attempt


def _open_attempt(session: Session, learner_id: int, attempt_id: uuid.UUID) -> Attempt:
    attempt = _locked_attempt(session, learner_id, attempt_id)
    if attempt.closed_at is not None:
        raise Conflict("This quiz is finished, so its answers stay as they were.")
    return attempt


def _locked_item(session: Session, learner_id: int, attempt_id: uuid.UUID, position: int) -> AttemptItem:
    row = session.get(AttemptItem, (learner_id, attempt_id, position), with_for_update=True, populate_existing=True)
    if row is None:
        raise NotFound
    return row


def _is_at_once(attempt: Attempt) -> bool:
    return bool(attempt.rules.get("feedback") == AT_ONCE)


def _response_id(session: Session, learner_id: int, given: Given) -> uuid.UUID | None:
    """Return the id to store an answer under; None when this very answer is stored already.

    A form sent again with another answer is another revision, under an id made from both.
    """
    known = session.get(Response, (learner_id, given.response_id))
    if known is None:
        return given.response_id
    if known.answer == given.answer:
        return None
    other = uuid.uuid5(given.response_id, json.dumps(given.answer, sort_keys=True))
    return None if session.get(Response, (learner_id, other)) is not None else other


def _add_response(
    session: Session, attempt: Attempt, row: AttemptItem, response_id: uuid.UUID, given: Given, now: datetime
) -> None:
    session.add(
        Response(
            learner_id=attempt.learner_id, id=response_id, attempt_id=attempt.id, position=row.position, event="given",
            revision=row.revision + 1, base_revision=row.revision, answer=given.answer, is_open_book=row.is_open_book,
            milliseconds=given.milliseconds, answered_at=now, received_at=now,
        )
    )  # fmt: skip
    was_answered = row.revision > 0 and row.answer is not None
    counts = given.answer is not None or _is_at_once(attempt)
    row.revision += 1
    row.answer, row.answered_at = given.answer, now
    attempt.answered_count += int(counts) - int(was_answered)
    attempt.saved_at = now


def _give_working_answers(session: Session, attempt: Attempt, now: datetime) -> None:
    working = session.scalars(
        select(WorkingAnswer)
        .where(WorkingAnswer.learner_id == attempt.learner_id, WorkingAnswer.attempt_id == attempt.id)
        .order_by(WorkingAnswer.position)
    ).all()
    for typed in working:
        row = _locked_item(session, attempt.learner_id, attempt.id, typed.position)
        if typed.base_revision == row.revision:
            given = Given(uuid.uuid5(attempt.id, f"working {typed.position}"), typed.answer, row.revision)
            _add_response(session, attempt, row, given.response_id, given, now)
        session.delete(typed)
    session.flush()


def _drop_working_answer(session: Session, learner_id: int, attempt_id: uuid.UUID, position: int) -> None:
    session.execute(
        delete(WorkingAnswer).where(
            WorkingAnswer.learner_id == learner_id,
            WorkingAnswer.attempt_id == attempt_id,
            WorkingAnswer.position == position,
        )
    )


def _pinned_item(session: Session, row: AttemptItem) -> NeutralItem:
    return _pinned_contents(session, [row])[row.position]


def _pinned_contents(session: Session, rows: Sequence[AttemptItem]) -> dict[int, NeutralItem]:
    ids = {row.item_version_id for row in rows}
    found = session.execute(select(ItemVersion.id, ItemVersion.content).where(ItemVersion.id.in_(ids)))
    contents = {version_id: read_item(content) for version_id, content in found}
    return {row.position: contents[row.item_version_id] for row in rows}


def _responses_in_force(session: Session, learner_id: int, attempt_id: uuid.UUID) -> dict[tuple[int, int], Any]:
    rows = session.execute(
        select(Response.id, Response.position, Response.revision, Response.milliseconds).where(
            Response.learner_id == learner_id, Response.attempt_id == attempt_id
        )
    )
    return {(row.position, row.revision): row for row in rows}


def _quiz_answer(
    row: AttemptItem, item: NeutralItem, graded: Grade, response_id: uuid.UUID, milliseconds: int | None
) -> QuizAnswer:
    rating = (row.answer or {}).get("rating")
    return QuizAnswer(
        review_id=response_id,  # one id for the answer and for what the memory makes of it
        item_id=row.item_id,
        item_version_id=row.item_version_id,
        topic_id=row.topic_id,
        attempt_id=row.attempt_id,
        kind=item.kind,
        options=option_count(item),
        guess=guess_chance(item),
        score=graded.score,
        rating=rating if graded.score is None else None,
        is_open_book=row.is_open_book,
        milliseconds=milliseconds,
    )
