"""Reads of attempts: the question that is open, the overview before finishing, the review, the list of mine."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, bindparam, select
from sqlalchemy.orm import Session

from quizapp.core.grading import Grade, grade
from quizapp.core.items import Item as NeutralItem
from quizapp.core.items import plain_stem, read_item
from quizapp.core.rules import GRACE, Rules, Told, read_rules
from quizapp.core.visibility import Phase, is_key_shown, told
from quizapp.errors import NotFound
from quizapp.learning.tries import is_settled
from quizapp.models import (
    Attempt,
    AttemptItem,
    Card,
    Item,
    ItemSet,
    ItemVersion,
    Topic,
    WorkingAnswer,
    is_withheld,
    waits,
)
from quizapp.quizzes.attempts import TEXTS, is_over
from quizapp.quizzes.sections import Part, is_open_at, open_span, part_at, read_parts
from quizapp.web.questions import asked_part

LISTED_ATTEMPTS = 30
_OF_ITEM = and_(
    WorkingAnswer.learner_id == AttemptItem.learner_id,
    WorkingAnswer.attempt_id == AttemptItem.attempt_id,
    WorkingAnswer.position == AttemptItem.position,
)

# Made once: putting this statement together costs more than running it.
_OPEN_QUESTION = (
    select(
        Attempt,
        AttemptItem,
        ItemVersion.content,
        Topic.title,
        WorkingAnswer,
        Card.due_at,
        is_withheld(AttemptItem.item_id, bindparam("learner_id")),
    )
    .join(AttemptItem, and_(AttemptItem.learner_id == Attempt.learner_id, AttemptItem.attempt_id == Attempt.id))
    .join(ItemVersion, ItemVersion.id == AttemptItem.item_version_id)
    .join(Topic, Topic.id == AttemptItem.topic_id)
    .outerjoin(WorkingAnswer, _OF_ITEM)
    .outerjoin(Card, and_(Card.learner_id == Attempt.learner_id, Card.item_id == AttemptItem.item_id, Card.part == 0))
    .where(
        Attempt.learner_id == bindparam("learner_id"),
        Attempt.id == bindparam("attempt_id"),
        AttemptItem.position == bindparam("position"),
    )
)


@dataclass(frozen=True)
class Sitting:
    """An attempt as its pages know it."""

    id: uuid.UUID
    title: str
    item_set_id: int | None
    rules: Rules
    is_closed: bool  # and final: see `is_over`
    is_graded: bool
    outcome: str | None
    item_count: int
    answered_count: int
    reached: int
    score: float | None
    max_score: float | None
    started_at: datetime
    saved_at: datetime
    deadline_at: datetime | None
    closed_at: datetime | None
    texts: tuple[int, ...]  # positions of texts between the questions
    parts: tuple[Part, ...] = ()  # its sections; none where the set has none
    is_released: bool = True  # its set is closed for everybody, or it has none; known once it is closed
    waits: bool = False  # for a mark that a person gives; known in lists only

    @property
    def is_at_once(self) -> bool:
        """Whether feedback comes after each answer."""
        return self.rules.is_at_once

    @property
    def told(self) -> frozenset[Told]:
        """What its learner is told of it once it is closed."""
        return told(Phase.RELEASED if self.is_released else Phase.CLOSED, self.rules) if self.is_closed else frozenset()

    def is_open_at(self, position: int) -> bool:
        """Whether a question may be opened: any, or only the one that was reached."""
        return is_open_at(self.rules, self.parts, self.reached, position)

    @property
    def next_part(self) -> Part | None:
        """The section that follows the one under way, where one goes forward from section to section."""
        span = open_span(self.rules, self.parts, self.reached) if self.rules.navigation == "by_section" else None
        return part_at(self.parts, span[1] + 1) if span else None

    def ends_at(self, position: int) -> bool:
        """Whether the overview comes next: after the last question, or at the end of a section to be left for good."""
        part = part_at(self.parts, position) if self.rules.navigation == "by_section" else None
        return position == (part.last if part else self.last_position)

    @property
    def is_by_certainty(self) -> bool:
        """Whether marks follow certainty."""
        return self.rules.asks_certainty and self.item_set_id is not None

    @property
    def last_position(self) -> int:
        """Where its last question or text stands."""
        return self.item_count + len(self.texts)

    def number(self, position: int) -> int:
        """Return the number of a question among the questions; of a text, that of the question before."""
        return position - sum(text <= position for text in self.texts)

    def is_over(self, now: datetime) -> bool:
        """Tell whether nothing can be answered any more, be it closed already or not."""
        return is_over(self.closed_at, self.deadline_at, now)

    def is_settling(self, now: datetime) -> bool:
        """Tell whether the time is up and answers that are on their way still count."""
        return self.deadline_at is not None and not self.is_closed and now <= self.deadline_at + GRACE


@dataclass(frozen=True)
class OpenQuestion:
    """One question of a sitting, as far as its learner may see it now."""

    sitting: Sitting
    position: int
    item: NeutralItem
    version_id: int
    topic_title: str
    option_order: list[Any]
    revision: int
    is_over: bool  # it takes no further answer
    score: float | None  # once it is over
    marks: int  # given in place of the machine's
    claimed_at: datetime | None  # “I was right”, said to the teacher
    answer: dict[str, Any] | None  # given
    working: dict[str, Any] | None  # typed, not given
    working_revision: int  # saves of it so far; 0: none
    typed_at: datetime | None  # when it was saved last
    is_flagged: bool
    is_open_book: bool
    due_at: datetime | None  # of its card, asked front first
    is_withheld: bool  # by a set that the learner is taking

    @property
    def number(self) -> int:
        """Its number among the questions."""
        return self.sitting.number(self.position)

    @property
    def is_settled(self) -> bool:
        """Whether it was answered and its feedback may be shown."""
        phase = Phase.CLOSED if self.sitting.is_closed else Phase.ANSWERED if self.is_over else Phase.ASKED
        return is_key_shown(phase, self.sitting.rules, is_withheld=self.is_withheld)

    @property
    def is_held_back(self) -> bool:
        """Whether its feedback would be shown, were the question not in another quiz under way."""
        return self.sitting.is_at_once and not self.sitting.is_closed and self.is_withheld

    @property
    def wrong_tries(self) -> int:
        """How many tries were wrong, where another one is open and they may be told of."""
        return 0 if self.is_over or self.is_held_back or not self.sitting.is_at_once else self.revision

    @property
    def asks_certainty(self) -> bool:
        """Whether it is to be said how sure one is: before any feedback, and not where one judges oneself."""
        return (
            self.sitting.rules.asks_certainty
            and self.item.kind not in ("flashcard", "description")
            and not self.wrong_tries
        )

    def grade(self) -> Grade:
        """Grade the answer that was given, by the mark that counts."""
        graded = grade(self.item, self.answer)
        return replace(graded, score=self.score) if self.marks else graded


@dataclass(frozen=True)
class Place:
    """One question in the overview before finishing."""

    position: int
    number: int  # among the questions
    title: str
    is_answered: bool
    is_typed: bool  # and not given: a first answer, or a change of the one given
    is_flagged: bool
    is_tried: bool = False  # and another try is open

    @property
    def is_open(self) -> bool:
        """Whether nothing is given and nothing typed."""
        return not (self.is_answered or self.is_typed)


def sitting(session: Session, learner_id: int, attempt_id: uuid.UUID) -> Sitting:
    """Load one of the learner's attempts. Raises NotFound."""
    row = session.execute(_sittings().where(Attempt.learner_id == learner_id, Attempt.id == attempt_id)).one_or_none()
    if row is None:
        raise NotFound
    return _sitting(*row)


def open_question(session: Session, learner_id: int, attempt_id: uuid.UUID, position: int) -> OpenQuestion:
    """Load one question of one of the learner's attempts, in one query. Raises NotFound."""
    row = session.execute(
        _OPEN_QUESTION, {"learner_id": learner_id, "attempt_id": attempt_id, "position": position}
    ).one_or_none()
    if row is None:
        raise NotFound
    attempt, item, content, topic_title, working, due_at, is_held = row
    neutral, sitting = read_item(content), _sitting(attempt)
    return OpenQuestion(
        sitting=sitting,
        position=position,
        item=neutral,
        version_id=item.item_version_id,
        topic_title=topic_title,
        option_order=item.option_order,
        revision=item.revision,
        is_over=is_settled(sitting.rules, item),
        score=item.score,
        marks=item.marks,
        claimed_at=item.claimed_at,
        answer=item.answer,
        working=working.answer if working else None,
        working_revision=working.revision if working else 0,
        typed_at=working.saved_at if working else None,
        is_flagged=item.is_flagged,
        is_open_book=item.is_open_book,
        due_at=due_at if asked_part(neutral, item.option_order) == 0 else None,
        is_withheld=is_held,
    )


def places(session: Session, learner_id: int, sitting: Sitting) -> list[Place]:
    """Return the questions of an attempt with what was given and what is typed and not given."""
    rows = session.execute(
        select(
            AttemptItem,
            ItemVersion.content,
            WorkingAnswer.answer.label("working"),
            is_withheld(AttemptItem.item_id, learner_id),
        )
        .join(ItemVersion, ItemVersion.id == AttemptItem.item_version_id)
        .outerjoin(WorkingAnswer, _OF_ITEM)
        .where(AttemptItem.learner_id == learner_id, AttemptItem.attempt_id == sitting.id)
        .order_by(AttemptItem.position)
    )
    return [
        Place(
            row.position,
            sitting.number(row.position),
            content.get("title") or plain_stem(content["stem"]),
            is_answered=row.answer is not None or (sitting.is_at_once and row.revision > 0),  # “I don’t know”
            is_typed=working is not None,
            is_flagged=row.is_flagged,
            is_tried=sitting.rules.tries > 1
            and row.revision > 0
            and not is_settled(sitting.rules, row)
            and not is_held,
        )
        for row, content, working, is_held in rows
        if row.position not in sitting.texts
    ]


def undone(sitting: Sitting, places: list[Place], *, asks: bool) -> Place | None:
    """Return the first question that could still be answered; `asks`: a typed answer has to be given first."""
    open_ones = [
        place
        for place in places
        if sitting.is_open_at(place.position) and (place.is_open or place.is_tried or (asks and place.is_typed))
    ]
    if not open_ones and sitting.rules.is_forward_only and sitting.reached < sitting.last_position:
        open_ones = [place for place in places if place.position >= sitting.reached]
    return open_ones[0] if open_ones else None


def place_to_go_on(session: Session, learner_id: int, attempt_id: uuid.UUID) -> int:
    """Return the position to go on at: where something was typed last, else the first unanswered, else the last.

    Texts that lead to a question are read before it.
    """
    found = session.execute(
        select(AttemptItem.position, AttemptItem.revision, WorkingAnswer.answer, WorkingAnswer.saved_at, Item.kind)
        .join(Item, Item.id == AttemptItem.item_id)
        .outerjoin(WorkingAnswer, _OF_ITEM)
        .where(AttemptItem.learner_id == learner_id, AttemptItem.attempt_id == attempt_id)
        .order_by(AttemptItem.position)
    )
    rows = found.all()
    if not rows:
        raise NotFound
    typed = [row for row in rows if row.answer is not None]
    if typed:
        return int(max(typed, key=lambda row: row.saved_at).position)
    place = next((place for place, row in enumerate(rows) if row.revision == 0 and row.kind != "description"), None)
    if place is None:
        return int(rows[-1].position)
    while place and rows[place - 1].kind == "description":
        place -= 1
    return int(rows[place].position)


def my_sittings(session: Session, learner_id: int, before: datetime | None = None) -> list[Sitting]:
    """Return the learner's attempts, newest first, a page at a time; `before` is the start of the last one seen."""
    query = _sittings().add_columns(waits(Attempt)).where(Attempt.learner_id == learner_id)
    if before is not None:
        query = query.where(Attempt.started_at < before)
    rows = session.execute(query.order_by(Attempt.started_at.desc(), Attempt.id).limit(LISTED_ATTEMPTS + 1))
    return [replace(_sitting(attempt, status), waits=is_waiting) for attempt, status, is_waiting in rows]


def _sittings() -> Select[Attempt, str]:
    return select(Attempt, ItemSet.status).outerjoin(ItemSet, ItemSet.id == Attempt.item_set_id)


def _sitting(attempt: Attempt, set_status: str | None = None) -> Sitting:
    return Sitting(
        id=attempt.id,
        title=attempt.title,
        item_set_id=attempt.item_set_id,
        rules=read_rules(attempt.rules),
        is_closed=attempt.closed_at is not None,
        is_graded=attempt.graded_at is not None,
        outcome=attempt.outcome,
        item_count=attempt.item_count,
        answered_count=attempt.answered_count,
        reached=attempt.reached,
        score=attempt.score,
        max_score=attempt.max_score,
        started_at=attempt.started_at,
        saved_at=attempt.saved_at,
        deadline_at=attempt.deadline_at,
        closed_at=attempt.closed_at,
        is_released=attempt.item_set_id is None or set_status == "closed",
        texts=tuple(attempt.rules.get(TEXTS, ())),
        parts=read_parts(attempt.rules),
    )
