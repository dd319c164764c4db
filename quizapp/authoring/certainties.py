"""How sure those who took a set said they were, and how often they were right; per question, who was sure and wrong."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from sqlalchemy import Subquery, and_, case, func, select
from sqlalchemy.orm import Session

from quizapp.core.proportions import Tally
from quizapp.models import Attempt, AttemptItem, Response
from quizapp.web.certainty import CertaintyLine, certainty_lines


@dataclass(frozen=True)
class Certainties:
    """The certainties said in first attempts, the surest first, and how often each item was answered sure and wrong."""

    lines: tuple[CertaintyLine, ...]
    sure_and_wrong: Counter[int]


def certainties(session: Session, set_id: int, first: Subquery) -> Certainties:
    """Return what was said in the attempts of `first` (learner_id, number); of unmarked answers nothing.

    The certainty that counts is that of the answer which earned the mark: the first where each is explained at once,
    else the last.
    """
    is_at_once = Attempt.rules["feedback"].as_string() == "at_once"
    rows = session.execute(
        select(
            AttemptItem.item_id,
            Response.certainty,
            func.count(),
            func.sum(case((AttemptItem.score >= 1, 1), else_=0)),
        )
        .join(Attempt, and_(Attempt.learner_id == AttemptItem.learner_id, Attempt.id == AttemptItem.attempt_id))
        .join(first, and_(first.c.learner_id == Attempt.learner_id, first.c.number == Attempt.number))
        .join(
            Response,
            and_(
                Response.learner_id == AttemptItem.learner_id,
                Response.attempt_id == AttemptItem.attempt_id,
                Response.position == AttemptItem.position,
                Response.revision == case((is_at_once, 1), else_=AttemptItem.revision),
            ),
        )
        .where(
            Attempt.item_set_id == set_id,
            Attempt.graded_at.is_not(None),
            AttemptItem.score.is_not(None),
            Response.event == "given",
            Response.certainty.is_not(None),
        )
        .group_by(AttemptItem.item_id, Response.certainty)
    )
    said: dict[str, Tally] = {}
    wrong: Counter[int] = Counter()
    for item_id, certainty, answers, right in rows:
        said[certainty] = said.get(certainty, Tally()) + Tally(answers, right)
        if certainty == "high":
            wrong[item_id] += answers - right
    return Certainties(certainty_lines(said), wrong)
