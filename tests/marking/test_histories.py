"""Any history of marks, claims and regrades: score, total and memory are what the events that stand make."""

from __future__ import annotations

import uuid

from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from quizapp.errors import Conflict
from quizapp.learning.marks import Mark, marks_of, standing
from quizapp.learning.rebuilding import differences
from quizapp.marking.claims import answer_claim
from quizapp.marking.marks import mark_answer, unmark_answer
from quizapp.marking.regrades import keys, start_regrade, take_back_regrade
from quizapp.models import Regrade
from quizapp.quizzes.claims import claim, withdraw
from tests.conftest import Cast, Clock
from tests.marking.conftest import row_of, score_of
from tests.taken_sets import make_taken_set

STEPS = st.lists(
    st.tuples(
        st.sampled_from(["mark", "take back", "claim", "withdraw", "accept", "decline", "regrade", "undo regrade"]),
        st.integers(0, 1),
        st.integers(0, 3),
    ),
    max_size=12,
)


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_any_history_is_what_its_events_make(
    app: Flask, cast: Cast, clock: Clock, steps: list[tuple[str, int, int]]
) -> None:
    with Session(app.extensions["quizapp.database"].engine) as session:
        made = make_taken_set(session, cast.teacher, {cast.student: "Halcyon"}, clock.now)
        attempt_id, version_id = made.attempts[cast.student], keys(session, made.typed)[0].version_id
        base = {1: None, 2: 0.0}
        marks: list[tuple[int, uuid.UUID]] = []
        regrades: list[int] = []
        for action, which, value in steps:
            clock.advance(hours=value)
            position, item_id = which + 1, (made.essay, made.typed)[which]
            key = cast.student, 1, item_id
            try:
                if action == "mark":
                    seen = row_of(session, made, cast.student, position).marks
                    mark = Mark(uuid.uuid4(), value / 3, seen, cast.teacher)
                    mark_answer(session, made.of, key, mark, clock.now)
                    marks.append((item_id, mark.id))
                elif action == "take back" and marks:
                    marked, mark_id = marks[value % len(marks)]
                    key = cast.student, 1, marked
                    unmark_answer(session, made.of, key, mark_id, teacher_id=cast.teacher, now=clock.now)
                elif action in ("claim", "withdraw"):
                    (claim if action == "claim" else withdraw)(session, cast.student, attempt_id, 2, clock.now)
                elif action in ("accept", "decline"):
                    verdict = f"{action}ed" if action == "accept" else "declined"
                    key = cast.student, 1, made.typed
                    answer_claim(session, made.of, key, verdict, "", teacher_id=cast.teacher, now=clock.now)
                elif action == "regrade":
                    policy = ("replace", "never_lower", "full", "drop")[value]
                    submission_id = uuid.uuid4()
                    start_regrade(
                        session, made.of, made.typed, policy, version_id, "Why not.",
                        submission_id=submission_id, teacher_id=cast.teacher, now=clock.now,
                    )  # fmt: skip
                    regrades.append(session.query(Regrade).filter_by(submission_id=submission_id).one().id)
                elif action == "undo regrade" and regrades:
                    chosen = regrades[value % len(regrades)]
                    take_back_regrade(session, made.of, chosen, teacher_id=cast.teacher, now=clock.now)
            except Conflict:
                pass
        session.flush()
        total = most = 0.0
        for position in (1, 2):
            row = row_of(session, made, cast.student, position)
            mark_in_force = standing(marks_of(session, cast.student, attempt_id, position)).get(position)
            assert row.score == (mark_in_force.score if mark_in_force else base[position])
            assert row.is_dropped == (mark_in_force is not None and mark_in_force.score is None)
            total += row.score or 0.0
            most += 0 if row.is_dropped else row.max_mark
        if steps and any(action in ("mark", "accept", "regrade") for action, *_ in steps):
            assert score_of(session, made, cast.student) == (total, most)
        session.expire_all()
        assert list(differences(session)) == []
        session.rollback()
