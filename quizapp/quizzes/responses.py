"""Answers given to the questions of an attempt, each an event of its own."""

from __future__ import annotations

import json
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from quizapp.core.grading import Grade, grade
from quizapp.core.items import Description, Essay, guess_chance, option_count, read_item
from quizapp.core.items import Item as NeutralItem
from quizapp.core.rules import Rules, read_rules
from quizapp.errors import Conflict
from quizapp.learning.reviews import QuizAnswer, record_quiz_answers
from quizapp.learning.tries import earned, given_responses, is_last_try, is_settled
from quizapp.models import Attempt, AttemptItem, ItemVersion, Response
from quizapp.quizzes.attempts import answerable_attempt, check_open, locked_item
from quizapp.quizzes.working_answers import Overtaken, drop_working_answer, typed_answers
from quizapp.web.questions import asked_part

_CONTENTS = select(ItemVersion.id, ItemVersion.content).where(ItemVersion.id.in_(bindparam("ids", expanding=True)))


@dataclass(frozen=True)
class Given:
    """An answer as it came from the learner."""

    response_id: uuid.UUID
    answer: dict[str, Any] | None  # None: "I don't know"
    base_revision: int  # how many answers to this question the page had seen
    milliseconds: int | None = None
    certainty: str | None = None


def respond(
    session: Session, learner_id: int, attempt_id: uuid.UUID, position: int, given: Given, now: datetime
) -> AttemptItem:
    """Store an answer and return the question's row; where feedback comes at once, grade it and move the memory.

    The same response again changes nothing. Raises Conflict when the attempt is closed or its time is up or when
    feedback has already been shown, Overtaken when the answer was given elsewhere in the meantime.
    """
    attempt = answerable_attempt(session, learner_id, attempt_id, now)
    rules = read_rules(attempt.rules)
    check_open(attempt, rules, position)
    row = locked_item(session, learner_id, attempt_id, position)
    response_id = _response_id(session, learner_id, given)
    if response_id is None:
        return row
    if row.revision and row.answer == given.answer and not rules.is_at_once:
        if given.base_revision == row.revision:  # else something newer may be typed elsewhere
            drop_working_answer(session, learner_id, attempt_id, position)
        return row
    if is_settled(rules, row):
        raise Conflict("This question is already answered.")
    if given.base_revision != row.revision:
        raise Overtaken("This question was answered somewhere else in the meantime.")
    saves = drop_working_answer(session, learner_id, attempt_id, position)
    _add_response(session, attempt, rules, row, response_id, given, now, saves)
    if rules.is_at_once:
        _judge(session, rules, row, given, response_id, now)
    session.flush()
    return row


def give_working_answers(session: Session, attempt: Attempt, now: datetime) -> None:
    """Give every answer that was typed and not yet given, as of when it was saved, unless another was given since."""
    rules = read_rules(attempt.rules)
    for typed in typed_answers(session, attempt):
        row = locked_item(session, attempt.learner_id, attempt.id, typed.position)
        if typed.base_revision == row.revision:
            certainty = (typed.answer or {}).get("certainty")
            name = uuid.uuid5(attempt.id, f"working {typed.position}")
            given = Given(name, typed.answer, row.revision, certainty=certainty)
            _add_response(session, attempt, rules, row, given.response_id, given, typed.saved_at, typed.revision)
            if rules.is_at_once:
                _judge(session, rules, row, given, given.response_id, now)
    session.flush()


def pinned_contents(session: Session, rows: Sequence[AttemptItem]) -> dict[int, NeutralItem]:
    """Return the pinned item at each position."""
    ids = {row.item_version_id for row in rows}
    found = session.execute(_CONTENTS, {"ids": sorted(ids)})
    contents = {version_id: read_item(content) for version_id, content in found}
    return {row.position: contents[row.item_version_id] for row in rows}


def quiz_answer(
    row: AttemptItem,
    item: NeutralItem,
    graded: Grade,
    response_id: uuid.UUID,
    milliseconds: int | None,
    certainty: str | None = None,
) -> QuizAnswer:
    """Return what the memory hears of an answer; it shares the response's id."""
    rating = (row.answer or {}).get("rating")
    return QuizAnswer(
        review_id=response_id,  # one id for the answer and for what the memory makes of it
        item_id=row.item_id,
        part=asked_part(item, row.option_order),
        item_version_id=row.item_version_id,
        topic_id=row.topic_id,
        attempt_id=row.attempt_id,
        kind=item.kind,
        options=option_count(item),
        guess=guess_chance(item),
        score=graded.score,
        rating=rating if graded.score is None else None,
        certainty=certainty,
        is_open_book=row.is_open_book,
        milliseconds=milliseconds,
    )


def moves_memory(item: NeutralItem) -> bool:
    """Tell whether an answer in a quiz says something about memory; an essay does once a person has judged it."""
    return not isinstance(item, Essay | Description)


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
    session: Session,
    attempt: Attempt,
    rules: Rules,
    row: AttemptItem,
    response_id: uuid.UUID,
    given: Given,
    now: datetime,
    saves: int,
) -> None:
    session.add(
        Response(
            learner_id=attempt.learner_id, id=response_id, attempt_id=attempt.id, position=row.position, event="given",
            revision=row.revision + 1, base_revision=row.revision, answer=given.answer, is_open_book=row.is_open_book,
            certainty=given.certainty, milliseconds=given.milliseconds, answered_at=now, received_at=now, saves=saves,
        )
    )  # fmt: skip
    was_answered = row.revision > 0 and (row.answer is not None or rules.is_at_once)
    counts = given.answer is not None or rules.is_at_once
    row.revision += 1
    if given.answer is not None or not rules.is_at_once:  # who gives up after a try has given that one
        row.answer = given.answer
    row.answered_at = now
    attempt.answered_count += int(counts) - int(was_answered)
    attempt.saved_at = max(attempt.saved_at, now)


def _judge(
    session: Session, rules: Rules, row: AttemptItem, given: Given, response_id: uuid.UUID, now: datetime
) -> None:
    """Score a question once it is settled; the memory hears of the first try, which no hint had helped."""
    item = pinned_contents(session, [row])[row.position]
    if row.revision == 1 and moves_memory(item):
        graded = grade(item, row.answer)
        answer = quiz_answer(row, item, graded, response_id, given.milliseconds, given.certainty)
        record_quiz_answers(session, row.learner_id, [answer], now)
    if is_last_try(rules, row, item, given.answer):
        session.flush()
        tries = given_responses(session, row.learner_id, row.attempt_id, row.position)[row.position]
        row.score = earned(rules, item, [response.answer for response in tries])
