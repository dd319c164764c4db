"""The review of a finished attempt: every question with everything that may be known of it, and what was missed."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp.core.grading import grade, in_words
from quizapp.core.items import Item as NeutralItem
from quizapp.core.items import Media, read_item
from quizapp.learning.marks import marks_of, standing
from quizapp.learning.tries import earned, given_responses, share_of_mark
from quizapp.models import AttemptItem, Item, ItemVersion, Person, Topic
from quizapp.quizzes.claims import may_claim
from quizapp.quizzes.sittings import Sitting
from quizapp.web.answered import Answered, answered_view
from quizapp.web.evidence import EvidenceView, evidence_views
from quizapp.web.questions import ASKABLE_KINDS, question_view


@dataclass(frozen=True)
class GivenMark:
    """A mark that was given to an answer: by whom, and what was said to it."""

    by: str  # empty: somebody who has left
    comment: str
    is_own: bool  # the learner's: “I was right”
    is_regrade: bool


@dataclass(frozen=True)
class ReviewedQuestion:
    """One question of a finished attempt with everything that may be known of it."""

    position: int
    number: int  # among the questions
    item_id: int
    version_id: int
    topic_title: str
    stem: Any
    media: tuple[Media, ...]
    score: float | None
    share: float  # of the mark, −2..1
    max_mark: float
    tries: int
    certainty: str | None
    answered: Answered
    given: str  # in words
    evidence: EvidenceView | None
    is_open_book: bool
    is_answered: bool
    is_dropped: bool
    mark: GivenMark | None  # by a person or a regrade, in place of the machine's
    claim: str  # “I was right”: offered, counted, open, accepted, declined, or empty where it can't be said
    claim_reply: str


def reviewed_questions(session: Session, learner_id: int, sitting: Sitting) -> list[ReviewedQuestion]:
    """Return a closed attempt's questions with answers, keys, reasons and evidence, in three queries.

    Marks that somebody gave take two more.
    """
    attempt_id, rules = sitting.id, sitting.rules
    given = given_responses(session, learner_id, attempt_id)
    rows = session.execute(
        select(AttemptItem, ItemVersion.content, Topic.title)
        .join(ItemVersion, ItemVersion.id == AttemptItem.item_version_id)
        .join(Topic, Topic.id == AttemptItem.topic_id)
        .where(AttemptItem.learner_id == learner_id, AttemptItem.attempt_id == attempt_id)
        .order_by(AttemptItem.position)
    ).all()
    texts = 0
    evidence = evidence_views(session, [row.item_version_id for row, _, _ in rows])
    given_marks = _given_marks(session, learner_id, attempt_id) if any(row.marks for row, _, _ in rows) else {}
    questions = []
    for row, content, topic_title in rows:
        item = read_item(content)
        asked = question_view(item, row.option_order)
        texts += item.kind == "description"
        graded, responses = grade(item, row.answer), given[row.position]
        score = earned(rules, item, [response.answer for response in responses])
        if graded.waits or row.marks:
            score = row.score  # by whoever marked it
            graded = graded if row.is_dropped else replace(graded, score=score)
        certainty = (responses[0] if rules.is_at_once else responses[-1]).certainty if responses else None
        questions.append(
            ReviewedQuestion(
                position=row.position,
                number=row.position - texts,
                item_id=row.item_id,
                version_id=row.item_version_id,
                topic_title=topic_title,
                stem=asked.stem,
                media=asked.media,
                score=score,
                share=share_of_mark(score, certainty, is_by_certainty=sitting.is_by_certainty),
                max_mark=0.0 if row.is_dropped else row.max_mark,
                tries=sum(response.answer is not None for response in responses),
                certainty=certainty,
                given=in_words(item, row.answer),
                answered=answered_view(item, row.option_order, row.answer, graded),
                evidence=evidence.get(row.item_version_id),
                is_open_book=row.is_open_book,
                is_answered=row.revision > 0,
                is_dropped=row.is_dropped,
                mark=given_marks.get(row.position),
                claim=_claim_of(row, item, sitting, given_marks.get(row.position)),
                claim_reply=row.claim_reply or "",
            )
        )
    return questions


def _given_marks(session: Session, learner_id: int, attempt_id: uuid.UUID) -> dict[int, GivenMark]:
    counting = standing(marks_of(session, learner_id, attempt_id))
    ids = {mark.marked_by_id for mark in counting.values()}
    found = session.execute(select(Person.id, Person.shown_name).where(Person.id.in_(ids)))
    names = {row.id: row.shown_name for row in found}
    return {
        position: GivenMark(
            names.get(mark.marked_by_id or 0, ""), mark.comment or "",
            is_own=mark.marked_by_id == learner_id, is_regrade=mark.regrade_id is not None,
        )
        for position, mark in counting.items()
    }  # fmt: skip


def _claim_of(row: AttemptItem, item: NeutralItem, sitting: Sitting, mark: GivenMark | None) -> str:
    if row.claimed_at is not None:
        return row.claim_verdict or "open"
    if mark is not None:
        return "counted" if mark.is_own else ""
    is_open = sitting.is_graded and row.answer is not None and may_claim(item, row.score)
    return "offered" if is_open else ""


def missed_item_ids(session: Session, learner_id: int, attempt_id: uuid.UUID) -> list[int]:
    """Return the items of a graded attempt that did not earn full credit, or were recalled badly, to be practised."""
    rows = session.execute(
        select(AttemptItem.item_id, AttemptItem.score, AttemptItem.max_mark, AttemptItem.answer)
        .join(Item, Item.id == AttemptItem.item_id)
        .where(
            AttemptItem.learner_id == learner_id,
            AttemptItem.attempt_id == attempt_id,
            Item.kind.in_(ASKABLE_KINDS),
            ~AttemptItem.is_dropped,
        )
        .order_by(AttemptItem.position)
    )
    return [row.item_id for row in rows if _is_missed(row.score, row.max_mark, row.answer)]


def _is_missed(score: float | None, max_mark: float, answer: dict[str, Any] | None) -> bool:
    if max_mark == 0:
        return bool((answer or {}).get("rating", 1) == 1)
    return (score or 0.0) < 1.0
