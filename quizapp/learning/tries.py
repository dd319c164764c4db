"""Tries at one question and certainty: when a question is settled, what it earned, and what the next try is told."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from quizapp.core.grading import certainty_mark, grade, tries_factor
from quizapp.core.items import Item as NeutralItem
from quizapp.core.rules import Rules
from quizapp.models import Attempt, AttemptItem, Response


def is_settled(rules: Rules, row: AttemptItem) -> bool:
    """Tell whether a question takes no further answer: it was right, given up, or its last try is used.

    It gets its score in that moment and none before. Without feedback at once an answer can always be changed.
    """
    if not rules.is_at_once or row.revision == 0:
        return False
    return row.score is not None or row.revision >= rules.tries or row.max_mark == 0 or row.answer is None


def is_last_try(rules: Rules, row: AttemptItem, item: NeutralItem, answer: Mapping[str, Any] | None) -> bool:
    """Tell whether an answer, already counted in the row, settles its question."""
    score = grade(item, answer).score
    return answer is None or score is None or score >= 1 or row.revision >= rules.tries


def given_responses(
    session: Session, learner_id: int, attempt_id: uuid.UUID, position: int | None = None
) -> dict[int, list[Row[Any]]]:
    """Return the responses given in an attempt, or at one of its questions, by position and in order."""
    query = select(
        Response.id, Response.position, Response.answer, Response.certainty, Response.milliseconds, Response.revision
    ).where(Response.learner_id == learner_id, Response.attempt_id == attempt_id, Response.event == "given")
    if position is not None:
        query = query.where(Response.position == position)
    found: dict[int, list[Row[Any]]] = defaultdict(list)
    for row in session.execute(query.order_by(Response.position, Response.revision)):
        found[row.position].append(row)
    return found


def earned(rules: Rules, item: NeutralItem, answers: Sequence[Mapping[str, Any] | None]) -> float | None:
    """Return the credit 0..1 of the answers to one question in their order; None where nothing is marked.

    Without tries the last one counts. With them the best does, less the penalty of the wrong ones before it, so a
    further try never takes away; where certainty is asked, only the first does: it was said before any feedback.
    """
    if rules.tries == 1 or not answers:
        return grade(item, answers[-1] if answers else None).score
    scores = [grade(item, answer).score for answer in answers if answer is not None] or [grade(item, None).score]
    if scores[0] is None or rules.asks_certainty:
        return scores[0]
    costs = penalty(rules, item)
    return max((score or 0.0) * tries_factor(number, costs) for number, score in enumerate(scores))


def penalty(rules: Rules, item: NeutralItem) -> float:
    """Return what a wrong try costs, a share 0..1 of the mark: as the question says, else as the rules do."""
    return item.penalty if item.penalty > 0 else rules.penalty


def hints_after(item: NeutralItem, wrong_tries: int) -> Sequence[str]:
    """Return the hints that so many wrong tries have earned."""
    return item.hints[:wrong_tries]


def share_of_mark(score: float | None, certainty: str | None, *, is_by_certainty: bool) -> float:
    """Return the share of a question's mark, −2..1: its credit, or what credit and certainty make of it.

    An answer that came without a certainty counts as one with the lowest.
    """
    if score is None:
        return 0.0
    return certainty_mark(score, certainty or "low") if is_by_certainty else score


def is_by_certainty(attempt: Attempt, rules: Rules) -> bool:
    """Tell whether marks follow certainty: in a set that asks for it. Practice only shows how good it was."""
    return rules.asks_certainty and attempt.item_set_id is not None
