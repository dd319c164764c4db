"""The log of an attempt: what arrived when, for its teacher, and noted when somebody looks."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp.learning.marks import Mark
from quizapp.marking.arrivals import arrivals
from quizapp.marking.marks import mark_answer
from quizapp.models import Attempt, AuditEntry
from quizapp.quizzes.attempts import start_set
from quizapp.quizzes.claims import claim
from quizapp.quizzes.finishing import finish, grade_attempt
from quizapp.quizzes.responses import Given, respond
from tests.conftest import Cast, Clock
from tests.histories import type_answer
from tests.pages import Visitor
from tests.taken_sets import TakenSet


def test_it_tells_what_arrived_in_order_with_saves_and_what_came_in_the_grace(
    session: Session, cast: Cast, clock: Clock, taken_set: TakenSet
) -> None:
    attempt_id = uuid.uuid4()
    start_set(session, cast.student, taken_set.slug, attempt_id, seed=2, now=clock.now)
    session.get_one(Attempt, (cast.student, attempt_id)).deadline_at = clock.now + timedelta(minutes=10)
    session.flush()
    for _ in range(3):
        clock.advance(minutes=1)
        type_answer(session, cast.student, attempt_id, 1, {"text": "It is"}, clock.now)
    clock.advance(minutes=1)
    respond(session, cast.student, attempt_id, 1, Given(uuid.uuid4(), {"text": "It is light."}, 0), clock.now)
    clock.advance(minutes=6, seconds=40)
    respond(session, cast.student, attempt_id, 2, Given(uuid.uuid4(), {"text": "Halcyon"}, 0), clock.now)
    clock.advance(minutes=1)
    finish(session, cast.student, attempt_id, clock.now)
    grade_attempt(session, cast.student, attempt_id, clock.now)
    clock.advance(hours=1)
    claim(session, cast.student, attempt_id, 2, clock.now)
    clock.advance(hours=1)
    mark_answer(
        session, taken_set.of, (cast.student, 2, taken_set.essay), Mark(uuid.uuid4(), 1.0, 0, cast.teacher), clock.now
    )
    words = [arrival.words for arrival in arrivals(session, taken_set.of, cast.student, 2)]
    assert words[0] == "Started"
    assert words[1] == "Question 1: answered, after 3 saves"
    assert words[2:4] == ["Deadline", "Closed by its deadline"]
    assert words[4] == "Question 2: answered, 40 s after the deadline, which still counted"
    assert words[5] == "Marks worked out"
    assert words[6] == "Question 2: its learner said “I was right”"
    assert words[7].startswith("Question 1: marked by ")


def test_looking_is_noted_and_the_words_judge_nobody(
    visitor: Callable[..., Visitor], cast: Cast, session: Session, taken_set: TakenSet
) -> None:
    teacher = visitor(cast.teacher)
    page = teacher.open(f"/teach/sets/{taken_set.of.set_id}/attempts/{cast.student}/1")
    assert "Started" not in page.words
    page = teacher.press("Show what arrived")
    assert "Started" in page.words
    assert "Handed in by its learner" in page.words
    assert "proves nothing about how somebody worked" in page.words
    seen = session.scalars(select(AuditEntry).where(AuditEntry.action == "record.seen")).one()
    assert (seen.actor_id, seen.subject_id) == (cast.teacher, str(cast.student))
