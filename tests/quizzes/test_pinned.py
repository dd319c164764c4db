"""What an attempt pins at its start stays as it was, whatever becomes of the set and its questions."""

from __future__ import annotations

import uuid
from dataclasses import replace
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp.authoring.items import correct_item, current_content, current_source
from quizapp.authoring.sets import move_in_set
from quizapp.core.rules import Rules, read_rules, stored_rules
from quizapp.models import Attempt, AttemptItem, Item, ItemSet, ItemSetItem
from quizapp.quizzes.attempts import start_set
from quizapp.quizzes.finishing import finish, grade_attempt
from tests.conftest import Cast, Clock
from tests.histories import make_set

RULES = Rules(is_shuffled=True, feedback="at_end")


def pinned(session: Session, learner_id: int, attempt_id: uuid.UUID) -> list[Any]:
    session.flush()
    session.expire_all()
    attempt = session.get_one(Attempt, (learner_id, attempt_id))
    rows = session.scalars(
        select(AttemptItem).where(AttemptItem.attempt_id == attempt_id).order_by(AttemptItem.position)
    )
    return [
        (attempt.seed, attempt.number, read_rules(attempt.rules), attempt.deadline_at),
        *((row.item_id, row.item_version_id, row.option_order, row.max_mark) for row in rows),
    ]


def test_versions_order_options_marks_and_rules_stay_as_at_the_start(
    session: Session, cast: Cast, clock: Clock
) -> None:
    item_set = make_set(session, cast.teacher, "Pinned", clock.now)
    item_set.rules = stored_rules(RULES)
    attempt_id = uuid.uuid4()
    start_set(session, cast.student, item_set.slug, attempt_id, seed=5, now=clock.now)
    before = pinned(session, cast.student, attempt_id)
    first = before[1][0]
    session.get_one(ItemSet, item_set.id).rules = stored_rules(Rules(feedback="at_once", limit_seconds=300))
    session.get_one(ItemSetItem, (item_set.id, first)).max_mark = 9
    move_in_set(session, item_set.id, first, cast.teacher, "down")
    item = current_content(session, first)
    source = current_source(session, session.get_one(Item, first).passage_id or 0)
    correct_item(session, first, replace(item, feedback="Said better."), source, author_id=None, now=clock.now)
    assert pinned(session, cast.student, attempt_id) == before
    again = start_set(session, cast.student, item_set.slug, uuid.uuid4(), seed=6, now=clock.now)
    assert again == attempt_id
    finish(session, cast.student, attempt_id, clock.now)
    grade_attempt(session, cast.student, attempt_id, clock.now)
    assert pinned(session, cast.student, attempt_id) == before
    assert session.get_one(Attempt, (cast.student, attempt_id)).max_score == 3
