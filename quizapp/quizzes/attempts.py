"""One sitting: starting it, flagging its questions, and loading it under a lock."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from quizapp.core.items import Description
from quizapp.core.rules import GRACE, Rules, read_rules
from quizapp.errors import Conflict, NotAllowed, NotFound
from quizapp.models import Attempt, AttemptItem, ItemSet, Override
from quizapp.quizzes.building import Pinned
from quizapp.quizzes.drawn import drawn_questions
from quizapp.quizzes.sections import SECTIONS, is_open_at, open_span, read_parts, stored_parts
from quizapp.web.deadlines import closing, deadline_for, override_for
from quizapp.web.questions import shuffled_options
from quizapp.web.rendering import count

_log = logging.getLogger("quizapp.quizzes")

TEXTS = "texts"  # in the rules that an attempt freezes: the positions of texts between its questions

PASSED = "This quiz goes forward only, so just what you have come to is open."


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
    if session.get(Attempt, (learner_id, attempt_id)) is not None:
        return attempt_id
    try:
        with session.begin_nested():
            _add_attempt(session, learner_id, attempt_id, questions, title=title, rules=rules, seed=seed, now=now)
    except IntegrityError:  # the same form at the same moment: the attempt of whichever came first
        if session.get(Attempt, (learner_id, attempt_id)) is None:
            raise
    return attempt_id


def start_set(
    session: Session, learner_id: int, slug: str, attempt_id: uuid.UUID, *, seed: int, now: datetime
) -> uuid.UUID:
    """Start an attempt at a published set, or return the one that is still open.

    Raises NotFound for a draft, NotAllowed for a closed set and when it was taken as often as its rules allow.
    """
    item_set = session.scalar(  # locked against a close at the same moment, not against other starts
        select(ItemSet).where(ItemSet.slug == slug).with_for_update(read=True).execution_options(populate_existing=True)
    )
    if item_set is None or item_set.status == "draft":
        raise NotFound
    earlier = session.execute(
        select(Attempt.id, Attempt.closed_at, Attempt.deadline_at, Attempt.number)
        .where(Attempt.learner_id == learner_id, Attempt.item_set_id == item_set.id)
        .order_by(Attempt.number.desc())
    ).all()
    going_on = [row for row in earlier if row.id == attempt_id or not is_over(row.closed_at, row.deadline_at, now)]
    if going_on:
        return cast(uuid.UUID, going_on[0].id)
    override = override_for(session, learner_id, item_set.id)
    _check_start(item_set, override, len(earlier), now)
    questions, parts = drawn_questions(session, item_set, learner_id, seed)
    rules = {**item_set.rules, SECTIONS: stored_parts(parts)} if parts else item_set.rules
    try:
        with session.begin_nested():
            _add_attempt(
                session, learner_id, attempt_id, questions, title=item_set.title, rules=rules, seed=seed,
                now=now, item_set_id=item_set.id, number=(earlier[0].number if earlier else 0) + 1,
                deadline_at=deadline_for(session, learner_id, item_set.rules, now, item_set, override),
            )  # fmt: skip
    except IntegrityError:  # two tabs at once: the first one's attempt is the attempt
        return session.scalars(
            select(Attempt.id)
            .where(Attempt.learner_id == learner_id, Attempt.item_set_id == item_set.id)
            .order_by(Attempt.number.desc())
        ).first() or attempt_id  # fmt: skip
    return attempt_id


def look_at_passage(session: Session, learner_id: int, attempt_id: uuid.UUID, position: int) -> None:
    """Note that the passage was opened before the answer: such an answer says nothing about memory."""
    attempt = open_attempt(session, learner_id, attempt_id)
    if attempt.item_set_id is not None:
        raise NotAllowed("This quiz is taken without the passage.")
    locked_item(session, learner_id, attempt_id, position).is_open_book = True
    session.flush()


def flag(session: Session, learner_id: int, attempt_id: uuid.UUID, position: int, *, is_flagged: bool) -> None:
    """Mark a question to come back to, or take the mark away."""
    open_attempt(session, learner_id, attempt_id)
    locked_item(session, learner_id, attempt_id, position).is_flagged = is_flagged
    session.flush()


def pass_on(session: Session, learner_id: int, attempt_id: uuid.UUID, position: int) -> None:
    """Leave a question, or its section, for good where one goes forward only; from elsewhere it changes nothing."""
    attempt = open_attempt(session, learner_id, attempt_id)
    span = open_span(read_rules(attempt.rules), read_parts(attempt.rules), attempt.reached)
    last = attempt.item_count + len(attempt.rules.get(TEXTS, ()))
    if span and span[0] <= position <= span[1] < last:
        attempt.reached = span[1] + 1
        session.flush()


def check_open(attempt: Attempt, rules: Rules, position: int) -> None:
    """Raise Conflict for a question that was passed, or is still to come, where one goes forward only."""
    if not is_open_at(rules, read_parts(attempt.rules), attempt.reached, position):
        raise Conflict(PASSED)


def locked_attempt(session: Session, learner_id: int, attempt_id: uuid.UUID) -> Attempt:
    """Return the learner's attempt, locked. Raises NotFound."""
    attempt = session.get(Attempt, (learner_id, attempt_id), with_for_update=True, populate_existing=True)
    if attempt is None:
        raise NotFound
    return attempt


def open_attempt(session: Session, learner_id: int, attempt_id: uuid.UUID) -> Attempt:
    """Return an attempt that still takes answers, locked. Raises NotFound, Conflict when it is closed."""
    attempt = locked_attempt(session, learner_id, attempt_id)
    if attempt.closed_at is not None:
        raise Conflict("This quiz is finished, so its answers stay as they were.")
    return attempt


def answerable_attempt(session: Session, learner_id: int, attempt_id: uuid.UUID, now: datetime) -> Attempt:
    """Return an open attempt whose time is not up, locked. Raises NotFound, Conflict."""
    attempt = open_attempt(session, learner_id, attempt_id)
    if is_overdue(attempt, now):
        raise Conflict("The time for this quiz is up. The answers saved in time count.")
    note_late(attempt_id, attempt.deadline_at, now)
    return attempt


def note_late(attempt_id: uuid.UUID, deadline_at: datetime | None, now: datetime) -> None:
    """Log that something was taken within the grace after a deadline."""
    if deadline_at is not None and now > deadline_at:
        late_ms = round((now - deadline_at) / timedelta(milliseconds=1))
        _log.info("taken after the deadline", extra={"attempt": str(attempt_id), "late_ms": late_ms})


def is_over(closed_at: datetime | None, deadline_at: datetime | None, now: datetime) -> bool:
    """Tell whether an attempt is shown as closed: it is, or its time is up, whether or not anybody closed it yet."""
    return closed_at is not None or (deadline_at is not None and now >= deadline_at)


def is_overdue(attempt: Attempt, now: datetime) -> bool:
    """Tell whether the deadline and its grace have passed, so that nothing given now counts."""
    return attempt.deadline_at is not None and now > attempt.deadline_at + GRACE


def locked_item(session: Session, learner_id: int, attempt_id: uuid.UUID, position: int) -> AttemptItem:
    """Return one question of an attempt, locked. Raises NotFound."""
    row = session.get(AttemptItem, (learner_id, attempt_id, position), with_for_update=True, populate_existing=True)
    if row is None:
        raise NotFound
    return row


def is_at_once(attempt: Attempt) -> bool:
    """Tell whether feedback comes after each answer."""
    return read_rules(attempt.rules).is_at_once


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
    deadline_at: datetime | None = None,
) -> None:
    texts = [place for place, question in enumerate(questions, start=1) if isinstance(question.item, Description)]
    session.add(
        Attempt(
            learner_id=learner_id, id=attempt_id, item_set_id=item_set_id, number=number, title=title,
            rules={**rules, TEXTS: texts} if texts else rules, key_told=read_rules(rules).key_told,
            seed=seed, item_count=len(questions) - len(texts), answered_count=0, started_at=now, saved_at=now,
            deadline_at=deadline_at,
        )
    )  # fmt: skip
    session.flush()
    session.execute(
        insert(AttemptItem),
        [
            {
                "learner_id": learner_id, "attempt_id": attempt_id, "position": position, "item_id": question.item_id,
                "item_version_id": question.version_id, "topic_id": question.topic_id,
                "passage_version_id": question.passage_version_id, "max_mark": question.max_mark,
                "option_order": shuffled_options(question.item, f"{seed} {position}"),
            }
            for position, question in enumerate(questions, start=1)
        ],
    )  # fmt: skip


def _check_start(item_set: ItemSet, override: Override | None, taken: int, now: datetime) -> None:
    closes_at = closing(item_set, override)
    if closes_at is not None and closes_at <= now:
        raise NotAllowed("This quiz is closed. Answers you gave before are under “My quizzes”.")
    allowed = (override and override.attempts_allowed) or read_rules(item_set.rules).attempts_allowed
    if allowed is not None and taken >= allowed:
        times = count(allowed, "time") if allowed > 1 else "once"
        raise NotAllowed(f"This quiz can be taken {times}, and you have. Your answers are under “My quizzes”.")
