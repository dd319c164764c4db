"""Marks by people: one answer after the other, never silently over another's, and taken back."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp.errors import NotFound
from quizapp.learning.marks import Mark, Marked
from quizapp.learning.rebuilding import differences
from quizapp.marking.answers import next_place, places
from quizapp.marking.marks import mark_answer, unmark_answer
from quizapp.marking.taken import taken
from quizapp.models import AuditEntry, Card, Response, Review
from quizapp.quizzes.claims import claim
from tests.builders import counted_queries, make_person
from tests.conftest import Cast, Clock
from tests.marking.conftest import row_of, score_of
from tests.pages import Page, Visitor
from tests.taken_sets import TakenSet, make_taken_set

Browser = Callable[..., Visitor]


def essay_key(made: TakenSet, learner_id: int) -> tuple[int, int, int]:
    return learner_id, 1, made.essay


def test_an_essay_is_marked_by_its_rubric_and_its_learner_reads_it(
    visitor: Browser, cast: Cast, session: Session, taken_set: TakenSet
) -> None:
    student, teacher = visitor(cast.student), visitor(cast.teacher)
    review = f"/attempts/{taken_set.attempts[cast.student]}/review"
    assert "marks so far" in student.open(review).heading
    assert "Mark 2 answers" in teacher.open("/teach").words
    teacher.open(f"/teach/sets/{taken_set.of.set_id}/results")
    page = teacher.follow("Mark 2 answers")
    assert page.heading == "2 answers wait for their marks"
    page = teacher.follow("Why does ice float?")
    assert "It is lighter than water." in page.words
    page = teacher.press("Save and next", 422, level_0="1", comment="Say how much.")
    assert "Choose one of the levels." in page.words
    assert "Say how much." in page.text
    page = teacher.press("Save and next", level_0="1", level_1="0", comment="Say how much.")
    assert "Marked." in page.words
    assert "1 answer" not in page.heading
    page = teacher.press("Save and next", level_0="0", level_1="0", comment="")
    assert page.heading == "Every answer is marked"
    scores = {learner: row_of(session, taken_set, learner, 1).score for learner in (cast.student, cast.classmate)}
    assert sorted(scores.values()) == [0, 0.5]  # type: ignore[type-var]
    better = next(learner for learner, score in scores.items() if score)
    session.rollback()
    page = visitor(better).open(f"/attempts/{taken_set.attempts[better]}/review")
    assert "so far" not in page.words
    assert "Say how much." in page.words
    assert re.search(r"Marked by .+: 0.5 of 1", page.words)
    entries = session.scalars(select(AuditEntry.action).where(AuditEntry.action == "answer.marked")).all()
    assert len(entries) == 2


def test_names_are_hidden_by_choice_and_stay_so(visitor: Browser, cast: Cast, taken_set: TakenSet) -> None:
    teacher = visitor(cast.teacher)
    page = teacher.open(f"/teach/sets/{taken_set.of.set_id}/marking/{taken_set.essay}")
    named = page.words
    page = teacher.follow("Hide names")
    assert "Names are hidden" in page.words
    page = teacher.press("Save and next", level_0="1", level_1="1")
    assert "Names are hidden" in page.words
    assert "Names are hidden" not in named


def test_a_mark_is_never_put_over_one_that_its_giver_did_not_see(
    visitor: Browser, cast: Cast, session: Session, clock: Clock, taken_set: TakenSet
) -> None:
    teacher = visitor(cast.teacher)
    page = teacher.open(f"/teach/sets/{taken_set.of.set_id}/marking/{taken_set.essay}/{cast.student}/1")
    elsewhere = Mark(uuid.uuid4(), 1.0, 0, cast.teacher, "In full.")
    mark_answer(session, taken_set.of, essay_key(taken_set, cast.student), elsewhere, clock.now)
    session.commit()
    page = teacher.press("Save and next", 409, level_0="1", level_1="0", comment="Half of it.")
    assert "This answer was marked meanwhile" in page.words
    assert "gave it 1 of 1 mark: “In full.”" in page.words
    assert "0.5 of 1 mark: “Half of it.”" in page.words
    assert row_of(session, taken_set, cast.student, 1).score == 1
    session.rollback()
    kept_theirs(page)
    teacher.press("Keep mine")
    session.expire_all()
    assert row_of(session, taken_set, cast.student, 1).score == 0.5


def kept_theirs(page: Page) -> None:
    assert "Keep theirs" in page.links()


def test_score_memory_and_total_follow_a_mark_and_its_taking_back(
    cast: Cast, session: Session, clock: Clock, taken_set: TakenSet
) -> None:
    key = cast.student, 1, taken_set.typed
    before = score_of(session, taken_set, cast.student)
    card = session.get_one(Card, (cast.student, taken_set.typed, 0)).stability
    mark = Mark(uuid.uuid4(), 1.0, 0, cast.teacher, "A halcyon is one.")
    for _ in range(2):
        mark_answer(session, taken_set.of, key, mark, clock.now)
    assert score_of(session, taken_set, cast.student) == (1.0, 2.0)
    assert session.get_one(Card, (cast.student, taken_set.typed, 0)).stability > card  # type: ignore[operator]
    assert list(differences(session)) == []
    with pytest.raises(Marked):
        mark_answer(session, taken_set.of, key, Mark(uuid.uuid4(), 0.0, 0, cast.teacher), clock.now)
    for _ in range(2):
        unmark_answer(session, taken_set.of, key, mark.id, teacher_id=cast.teacher, now=clock.now)
    assert score_of(session, taken_set, cast.student) == before
    assert session.get_one(Card, (cast.student, taken_set.typed, 0)).stability == card
    assert list(differences(session)) == []
    assert session.scalars(select(Response.event).where(Response.event != "given")).all() == ["correct", "void"]


def test_an_essay_tells_the_memory_once_it_is_marked_and_is_forgotten_with_its_marks(
    cast: Cast, session: Session, clock: Clock, taken_set: TakenSet
) -> None:
    key = essay_key(taken_set, cast.student)
    assert session.get(Card, (cast.student, taken_set.essay, 0)) is None
    marks = [Mark(uuid.uuid4(), score, seen, cast.teacher) for seen, score in enumerate((0.0, 1.0))]
    for mark in marks:
        clock.advance(hours=1)
        mark_answer(session, taken_set.of, key, mark, clock.now)
        assert list(differences(session)) == []
    assert len(session.scalars(select(Review).where(Review.item_id == taken_set.essay)).all()) == 2
    for mark in marks:  # the first before the second: no order is left out
        clock.advance(hours=1)
        unmark_answer(session, taken_set.of, key, mark.id, teacher_id=cast.teacher, now=clock.now)
        assert list(differences(session)) == []
    assert session.get_one(Card, (cast.student, taken_set.essay, 0)).reviews == 0
    assert row_of(session, taken_set, cast.student, 1).score is None


def test_answers_come_in_an_order_of_their_own_and_the_next_that_waits_is_found(
    cast: Cast, session: Session, clock: Clock, taken_set: TakenSet
) -> None:
    row = places(session, taken_set.of, taken_set.essay)
    assert len(row) == 2
    assert next_place(row, row[0]) == row[1]
    assert next_place(row, row[1]) == row[0]
    mark_answer(
        session,
        taken_set.of,
        (row[0].learner_id, 1, taken_set.essay),
        Mark(uuid.uuid4(), 1, 0, cast.teacher),
        clock.now,
    )
    assert next_place(places(session, taken_set.of, taken_set.essay), row[1]) is None


def test_another_teacher_and_an_open_attempt_have_nothing_to_mark(cast: Cast, session: Session, clock: Clock) -> None:
    made = make_taken_set(session, cast.teacher, {cast.student: "Halcyon"}, clock.now)
    with pytest.raises(NotFound):
        taken(session, made.of.set_id, cast.colleague)
    with pytest.raises(NotFound):
        mark_answer(
            session, made.of, (cast.classmate, 1, made.typed), Mark(uuid.uuid4(), 1, 0, cast.teacher), clock.now
        )


def test_by_attempt_all_answers_stand_with_their_marks(visitor: Browser, cast: Cast, taken_set: TakenSet) -> None:
    teacher = visitor(cast.teacher)
    page = teacher.open(f"/teach/sets/{taken_set.of.set_id}/attempts/{cast.student}/1")
    assert "Halcyon" in page.words
    assert "Waits for its mark" in page.words
    teacher.follow("Which bird dives for fish?")
    teacher.press("Save and next", points="0.25", comment="Nearly.")
    page = teacher.open(f"/teach/sets/{taken_set.of.set_id}/attempts/{cast.student}/1")
    assert "0.25 of 1 mark" in page.words
    teacher.follow("Which bird dives for fish?")
    page = teacher.press("Take back")
    assert "The mark is taken back." in page.words
    assert "no longer in force" in page.words


def test_no_page_asks_more_of_the_database_where_more_people_answered(
    visitor: Browser, app: Flask, cast: Cast, session: Session, clock: Clock
) -> None:
    people = [make_person(session, f"Learner {number}", now=clock.now) for number in range(12)]
    few = make_taken_set(session, cast.teacher, {people[0]: "Halcyon"}, clock.now)
    many = make_taken_set(session, cast.teacher, dict.fromkeys(people, "Halcyon"), clock.now)
    for made in (few, many):
        for learner_id, attempt_id in made.attempts.items():
            claim(session, learner_id, attempt_id, 2, clock.now)
            mark_answer(
                session, made.of, (learner_id, 1, made.essay), Mark(uuid.uuid4(), 0.5, 0, cast.teacher), clock.now
            )
    session.commit()
    teacher = visitor(cast.teacher)
    for page in ("marking", "marking/{essay}/{learner}/1", "attempts/{learner}/1", "objections", "regrade/{typed}"):
        asked = []
        for made in (few, many):
            names = {"essay": made.essay, "typed": made.typed, "learner": people[0]}
            with counted_queries(app) as statements:
                teacher.open(f"/teach/sets/{made.of.set_id}/{page.format(**names)}")
            asked.append(len(statements))
        assert asked[0] == asked[1] <= 8, (page, asked)
