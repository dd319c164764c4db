"""Working answers: what is typed or chosen and not yet given, kept without one page overwriting another unnoticed."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, bindparam, delete, or_, select, update
from sqlalchemy.orm import Session

from quizapp.core.items import Item as NeutralItem
from quizapp.core.items import read_item
from quizapp.core.rules import GRACE, Rules, read_rules
from quizapp.errors import Conflict, NotFound
from quizapp.learning.tries import is_settled
from quizapp.models import Attempt, AttemptItem, ItemVersion, WorkingAnswer
from quizapp.quizzes.attempts import PASSED, answerable_attempt, note_late
from quizapp.quizzes.sections import is_open_at, read_parts

# Made once: putting these statements together costs more than running them.
_TAKE = (
    update(Attempt)
    .where(
        Attempt.learner_id == bindparam("of_learner"),
        Attempt.id == bindparam("of_attempt"),
        Attempt.closed_at.is_(None),
        or_(Attempt.deadline_at.is_(None), Attempt.deadline_at >= bindparam("latest_deadline")),
    )
    .values(saved_at=bindparam("moment"))
    .returning(Attempt.rules, Attempt.deadline_at, Attempt.reached)
    .execution_options(synchronize_session=False)
)
_PLACE = (
    select(AttemptItem, ItemVersion.content, WorkingAnswer)
    .join(ItemVersion, ItemVersion.id == AttemptItem.item_version_id)
    .outerjoin(
        WorkingAnswer,
        and_(
            WorkingAnswer.learner_id == AttemptItem.learner_id,
            WorkingAnswer.attempt_id == AttemptItem.attempt_id,
            WorkingAnswer.position == AttemptItem.position,
        ),
    )
    .where(
        AttemptItem.learner_id == bindparam("of_learner"),
        AttemptItem.attempt_id == bindparam("of_attempt"),
        AttemptItem.position == bindparam("at_position"),
    )
    .execution_options(populate_existing=True)
)
_DROP = (
    delete(WorkingAnswer)
    .where(
        WorkingAnswer.learner_id == bindparam("of_learner"),
        WorkingAnswer.attempt_id == bindparam("of_attempt"),
        WorkingAnswer.position == bindparam("at_position"),
    )
    .returning(WorkingAnswer.revision)
    .execution_options(synchronize_session=False)
)


class Overtaken(Conflict):
    """Another page saved or gave something else since this one looked."""


@dataclass(frozen=True)
class Typed:
    """What stands in the controls of a page."""

    answer: dict[str, Any] | None  # None: nothing, or emptied
    client_id: uuid.UUID  # of the page: the id in its form
    save_number: int  # which save of that page, from 1
    base_revision: int  # answers given to the question that the page had seen
    working_revision: int  # saves that it had seen


@dataclass(frozen=True)
class Saved:
    """How a working answer stands after a save."""

    revision: int
    saved_at: datetime


@dataclass(frozen=True)
class Place:
    """One question of an attempt that takes answers, under the attempt's lock."""

    row: AttemptItem
    item: NeutralItem
    working: WorkingAnswer | None
    rules: Rules

    @property
    def is_settled(self) -> bool:
        """Whether it takes no answer any more."""
        return is_settled(self.rules, self.row)


def keep_working_answer(
    session: Session, learner_id: int, attempt_id: uuid.UUID, position: int, typed: Typed, now: datetime
) -> Saved:
    """Keep what was typed and not given, so that leaving loses nothing; the same again changes nothing.

    Raises what `take_place` and `keep` raise.
    """
    return keep(session, take_place(session, learner_id, attempt_id, position, now), typed, now)


def take_place(session: Session, learner_id: int, attempt_id: uuid.UUID, position: int, now: datetime) -> Place:
    """Lock an attempt and return one of its questions; two statements.

    Raises NotFound, Conflict when the attempt is closed or its time is up.
    """
    key = {"of_learner": learner_id, "of_attempt": attempt_id}
    taken = session.execute(_TAKE, {**key, "latest_deadline": now - GRACE, "moment": now}).one_or_none()
    if taken is None:
        answerable_attempt(session, learner_id, attempt_id, now)
        raise Conflict("This quiz changed just now. Reload the page.")
    found = session.execute(_PLACE, {**key, "at_position": position}).one_or_none()
    if found is None:
        raise NotFound
    row, content, working = found
    note_late(attempt_id, taken.deadline_at, now)
    rules = read_rules(taken.rules)
    if not is_open_at(rules, read_parts(taken.rules), taken.reached, position):
        raise Conflict(PASSED)
    return Place(row, read_item(content), working, rules)


def keep(session: Session, place: Place, typed: Typed, now: datetime) -> Saved:
    """Keep what a page says stands in its controls, unless it says the same as what is stored.

    A page may overwrite what it saved itself, and what it had seen. An earlier save of a page that comes late changes
    nothing. Raises Overtaken when another page came between.
    """
    row, working = place.row, place.working
    if typed.base_revision != row.revision or place.is_settled:
        if row.revision and row.answer == typed.answer:  # given in the meantime, just as it stands on the page
            return Saved(0, row.answered_at or now)
        raise Overtaken("This question was answered somewhere else in the meantime.")
    if working is None:
        return Saved(0, now) if typed.answer is None else _first(session, row, typed, now)
    is_known = typed.answer == working.answer
    if working.client_id == typed.client_id:
        if typed.save_number < working.save_number or (is_known and typed.save_number == working.save_number):
            return Saved(working.revision, working.saved_at)
    elif is_known:
        return Saved(working.revision, working.saved_at)
    elif typed.working_revision != working.revision:
        raise Overtaken("This answer was changed in another tab or on another device in the meantime.")
    working.answer, working.revision, working.saved_at = typed.answer, working.revision + 1, now
    working.client_id, working.save_number = typed.client_id, typed.save_number
    session.flush()
    return Saved(working.revision, now)


def typed_answers(session: Session, attempt: Attempt) -> Sequence[WorkingAnswer]:
    """Return what stands typed and not given in an attempt, by position; what was emptied is left out."""
    rows = session.scalars(
        select(WorkingAnswer)
        .where(WorkingAnswer.learner_id == attempt.learner_id, WorkingAnswer.attempt_id == attempt.id)
        .order_by(WorkingAnswer.position)
        .execution_options(populate_existing=True)
    )
    return [row for row in rows if row.answer is not None]


def drop_working_answer(session: Session, learner_id: int, attempt_id: uuid.UUID, position: int) -> int:
    """Forget what was typed at one question, and return how often it had been saved."""
    place = {"of_learner": learner_id, "of_attempt": attempt_id, "at_position": position}
    return session.execute(_DROP, place).scalar() or 0


def drop_working_answers(session: Session, attempt: Attempt) -> None:
    """Forget what was typed in an attempt."""
    session.execute(
        delete(WorkingAnswer)
        .where(WorkingAnswer.learner_id == attempt.learner_id, WorkingAnswer.attempt_id == attempt.id)
        .execution_options(synchronize_session="fetch")
    )


def _first(session: Session, row: AttemptItem, typed: Typed, now: datetime) -> Saved:
    session.add(
        WorkingAnswer(
            learner_id=row.learner_id, attempt_id=row.attempt_id, position=row.position, answer=typed.answer,
            base_revision=row.revision, revision=1, client_id=typed.client_id, save_number=typed.save_number,
            saved_at=now,
        )
    )  # fmt: skip
    session.flush()
    return Saved(1, now)
