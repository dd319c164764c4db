"""Working answers: one page may overwrite what it saved or saw, and nothing else; whatever comes twice or late."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp.database import Database
from quizapp.errors import Conflict, NotFound
from quizapp.learning.rebuilding import differences
from quizapp.models import Attempt, AttemptItem, Response, Review, WorkingAnswer
from quizapp.quizzes import working_answers
from quizapp.quizzes.attempts import start_practice
from quizapp.quizzes.building import pinned_items
from quizapp.quizzes.finishing import finish, grade_attempt
from quizapp.quizzes.responses import Given, respond
from quizapp.quizzes.sittings import place_to_go_on
from quizapp.quizzes.working_answers import Overtaken, Place, Saved, Typed, keep_working_answer
from tests.conftest import MONDAY, Cast, Clock
from tests.histories import items_of, type_answer

A, B, NOTHING = {"choice": "a"}, {"choice": "b"}, None
ONE, OTHER = uuid.UUID(int=1), uuid.UUID(int=2)


def start(session: Session, learner_id: int, feedback: str = "at_end", number: int = 2) -> uuid.UUID:
    """Start a practice of questions with a choice."""
    questions = [pinned for pinned in pinned_items(session, items_of(session)) if pinned.item.kind == "single_choice"]
    return start_practice(
        session, learner_id, uuid.uuid4(), questions[:number], title="Practice", rules={"feedback": feedback}, seed=1,
        now=MONDAY,
    )  # fmt: skip


@pytest.fixture
def attempt_id(session: Session, cast: Cast) -> uuid.UUID:
    return start(session, cast.student)


def typed(
    answer: dict[str, Any] | None, client_id: uuid.UUID = ONE, number: int = 1, base: int = 0, seen: int = 0
) -> Typed:
    return Typed(answer, client_id, number, base, seen)


def stored(session: Session, attempt_id: uuid.UUID, position: int = 1) -> WorkingAnswer | None:
    return session.scalars(
        select(WorkingAnswer)
        .where(WorkingAnswer.attempt_id == attempt_id, WorkingAnswer.position == position)
        .execution_options(populate_existing=True)
    ).one_or_none()


class TestOnePage:
    def test_the_newest_counts_and_the_same_again_changes_nothing(
        self, session: Session, cast: Cast, clock: Clock, attempt_id: uuid.UUID
    ) -> None:
        saves = [typed(A), typed(B, number=3), typed(A, number=2), typed(B, number=3)]
        results = [
            keep_working_answer(session, cast.student, attempt_id, 1, save, clock.advance(seconds=1)) for save in saves
        ]
        row = stored(session, attempt_id)
        assert row is not None
        assert (row.answer, row.revision, row.saved_at) == (B, 2, MONDAY + timedelta(seconds=2))
        assert results[1] == results[2] == results[3]

    def test_an_emptied_answer_is_remembered_as_empty(
        self, session: Session, cast: Cast, clock: Clock, attempt_id: uuid.UUID
    ) -> None:
        keep_working_answer(session, cast.student, attempt_id, 1, typed(NOTHING), clock.now)
        assert stored(session, attempt_id) is None
        keep_working_answer(session, cast.student, attempt_id, 1, typed(A, number=2), clock.now)
        keep_working_answer(session, cast.student, attempt_id, 1, typed(NOTHING, number=3), clock.now)
        with pytest.raises(Overtaken):
            keep_working_answer(session, cast.student, attempt_id, 1, typed(B, OTHER, seen=1), clock.now)
        finish(session, cast.student, attempt_id, clock.now)
        assert session.scalars(select(Response)).all() == []

    def test_a_late_save_of_an_answer_that_was_given_is_no_change(
        self, session: Session, cast: Cast, clock: Clock, attempt_id: uuid.UUID
    ) -> None:
        respond(session, cast.student, attempt_id, 1, Given(ONE, A, 0), clock.now)
        keep_working_answer(session, cast.student, attempt_id, 1, typed(A), clock.now)
        assert stored(session, attempt_id) is None
        with pytest.raises(Overtaken, match="answered somewhere else"):
            keep_working_answer(session, cast.student, attempt_id, 1, typed(B, number=2), clock.now)

    def test_a_form_sent_again_drops_nothing_typed_since(
        self, session: Session, cast: Cast, clock: Clock, attempt_id: uuid.UUID
    ) -> None:
        given_ = Given(ONE, A, 0)
        respond(session, cast.student, attempt_id, 1, given_, clock.now)
        keep_working_answer(session, cast.student, attempt_id, 1, typed(B, OTHER, base=1), clock.now)
        respond(session, cast.student, attempt_id, 1, given_, clock.now)
        respond(session, cast.student, attempt_id, 1, replace(given_, response_id=uuid.uuid4()), clock.now)
        row = stored(session, attempt_id)
        assert row is not None
        assert row.answer == B


class TestTwoPages:
    def test_a_page_overwrites_what_it_has_seen_and_nothing_else(
        self, session: Session, cast: Cast, clock: Clock, attempt_id: uuid.UUID
    ) -> None:
        keep_working_answer(session, cast.student, attempt_id, 1, typed(A), clock.now)
        with pytest.raises(Overtaken, match="another tab or on another device"):
            keep_working_answer(session, cast.student, attempt_id, 1, typed(B, OTHER), clock.now)
        keep_working_answer(session, cast.student, attempt_id, 1, typed(A, OTHER), clock.now)  # says the same
        keep_working_answer(session, cast.student, attempt_id, 1, typed(B, OTHER, number=2, seen=1), clock.now)
        with pytest.raises(Overtaken):
            keep_working_answer(session, cast.student, attempt_id, 1, typed(A, ONE, number=2), clock.now)
        row = stored(session, attempt_id)
        assert row is not None
        assert row.answer == B

    def test_a_strangers_attempt_is_not_found_and_a_closed_one_is_refused(
        self, session: Session, cast: Cast, clock: Clock, attempt_id: uuid.UUID
    ) -> None:
        for learner_id, position in ((cast.classmate, 1), (cast.student, 9)):
            with pytest.raises(NotFound):
                keep_working_answer(session, learner_id, attempt_id, position, typed(A), clock.now)
        finish(session, cast.student, attempt_id, clock.now)
        with pytest.raises(Conflict, match="finished"):
            keep_working_answer(session, cast.student, attempt_id, 1, typed(A), clock.now)


class TestTheEnd:
    @pytest.mark.parametrize("gives", [True, False])
    def test_where_feedback_comes_at_once_the_learner_says_what_becomes_of_it(
        self, session: Session, cast: Cast, clock: Clock, gives: bool
    ) -> None:
        attempt_id = start(session, cast.student, "at_once")
        type_answer(session, cast.student, attempt_id, 2, A, clock.now)
        with pytest.raises(Conflict, match="Say whether it counts"):
            finish(session, cast.student, attempt_id, clock.now)
        finish(session, cast.student, attempt_id, clock.now, gives_typed=gives)
        grade_attempt(session, cast.student, attempt_id, clock.now)
        attempt = session.get_one(Attempt, (cast.student, attempt_id))
        reviews = session.scalars(select(Review.id).where(Review.event == "review")).all()
        assert reviews == list(session.scalars(select(Response.id)))
        assert (attempt.answered_count, len(reviews)) == ((1, 1) if gives else (0, 0))
        assert stored(session, attempt_id, 2) is None
        session.flush()
        assert list(differences(session)) == []

    def test_an_abandoned_attempt_gives_nothing(
        self, session: Session, cast: Cast, clock: Clock, attempt_id: uuid.UUID
    ) -> None:
        type_answer(session, cast.student, attempt_id, 1, A, clock.now)
        finish(session, cast.student, attempt_id, clock.now, outcome="abandoned")
        assert session.scalars(select(Response)).all() == []
        assert stored(session, attempt_id) is None

    def test_when_the_time_is_up_it_is_given_also_where_feedback_comes_at_once(
        self, session: Session, cast: Cast, clock: Clock
    ) -> None:
        attempt_id = start(session, cast.student, "at_once")
        session.get_one(Attempt, (cast.student, attempt_id)).deadline_at = clock.now + timedelta(minutes=5)
        type_answer(session, cast.student, attempt_id, 1, A, clock.now)
        finish(session, cast.student, attempt_id, clock.advance(minutes=7))
        assert session.scalars(select(Response.answer)).all() == [A]
        assert len(session.scalars(select(Review.id).where(Review.event == "review")).all()) == 1

    def test_one_goes_on_where_something_was_typed_last(self, session: Session, cast: Cast, clock: Clock) -> None:
        attempt_id = start(session, cast.student, number=4)
        assert place_to_go_on(session, cast.student, attempt_id) == 1
        type_answer(session, cast.student, attempt_id, 3, A, clock.now)
        type_answer(session, cast.student, attempt_id, 2, A, clock.advance(seconds=5))
        assert place_to_go_on(session, cast.student, attempt_id) == 2
        type_answer(session, cast.student, attempt_id, 2, NOTHING, clock.advance(seconds=5))
        assert place_to_go_on(session, cast.student, attempt_id) == 3


@dataclass
class Window:
    """A page as its script keeps it: what it had seen, how often it saved, and what is on its way, more than once."""

    client_id: uuid.UUID
    base: int
    seen: int
    looked_at: dict[str, Any] | None = None  # the text that it saw stored
    number: int = 0
    sent: list[tuple[Typed, dict[str, Any] | None]] = field(default_factory=list)  # each with the text seen before it


@dataclass
class Story:
    """The model: answers given so far, the text typed over the last one, and which page typed it."""

    given: list[dict[str, Any] | None] = field(default_factory=list)
    text: dict[str, Any] | None = None
    is_kept: bool = False  # whether a row is there, emptied or not
    by: uuid.UUID | None = None
    number: int = 0
    revision: int = 0
    is_over: bool = False  # the deadline and its grace have passed, or somebody closed the attempt

    def save(self, typed: Typed) -> str:
        """Say what becomes of a save: saved, same, or overtaken."""
        if typed.base_revision != len(self.given):
            return "same" if self.given and self.given[-1] == typed.answer else "overtaken"
        if not self.is_kept:
            if typed.answer is None:
                return "same"
        elif self.by == typed.client_id:
            if typed.save_number < self.number or (typed.save_number, typed.answer) == (self.number, self.text):
                return "same"
        elif typed.answer == self.text:
            return "same"
        elif typed.working_revision != self.revision:
            return "overtaken"
        self.text, self.is_kept, self.by = typed.answer, True, typed.client_id
        self.number, self.revision = typed.save_number, self.revision + 1 if self.revision else 1
        return "saved"

    def give(self, answer: dict[str, Any] | None) -> None:
        """Give an answer; what was typed over the one before goes."""
        self.given.append(answer)
        self.text, self.is_kept, self.by, self.number, self.revision = None, False, None, 0, 0


LIMIT, GRACE_SECONDS = 100, 60
Step = tuple[str, int, int, dict[str, Any] | None]
STEP = st.tuples(
    st.sampled_from(["open", "type", "type", "deliver", "deliver", "deliver", "take", "give", "give", "wait", "close"]),
    st.integers(0, 2),  # which window
    st.integers(0, 5),  # which of the letters on the way; how long to wait
    st.sampled_from([A, B, {"choice": "c"}, NOTHING]),
)


def test_tabs_and_devices_in_any_order_overwrite_nothing_unseen_and_nothing_in_time_is_lost(
    app: Flask, cast: Cast, is_long: bool
) -> None:
    is_sqlite = app.extensions["quizapp.database"].is_sqlite
    number = 200 if is_sqlite else 30  # the same code, ten times as slow
    play_stories(app, cast, number=2_000 if is_long else number, length=50 if is_long else 30)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_overwriting_what_a_page_has_not_seen_is_found(app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    keep = working_answers.keep

    def keep_anyway(session: Session, place: Place, typed: Typed, now: datetime) -> Saved:
        seen = place.working.revision if place.working else 0
        return keep(session, place, replace(typed, working_revision=seen), now)

    monkeypatch.setattr(working_answers, "keep", keep_anyway)
    with pytest.raises((AssertionError, pytest.fail.Exception)):
        play_stories(app, cast, number=200, length=30, phases=(Phase.generate,))  # one that fails is enough


def play_stories(app: Flask, cast: Cast, *, number: int, length: int, phases: Sequence[Phase] = tuple(Phase)) -> None:
    """Play so many stories of at most so many steps, each on the attempt as it was."""
    with undone(app) as session:
        attempt_id = start(session, cast.student)

        @settings(max_examples=number, report_multiple_bugs=False, phases=phases)
        @given(steps=st.lists(STEP, min_size=5, max_size=length))
        def play(steps: list[Step]) -> None:
            told = session.begin_nested()
            try:
                run_story(session, cast.student, attempt_id, steps)
            finally:
                told.rollback()
                session.expunge_all()

        play()


def run_story(session: Session, learner_id: int, attempt_id: uuid.UUID, steps: Sequence[Step]) -> None:
    """Play the steps against the application and the model, let the time run out, and compare what counts."""
    attempt = session.get_one(Attempt, (learner_id, attempt_id))
    attempt.deadline_at = MONDAY + timedelta(seconds=LIMIT)
    session.flush()
    story, windows, now = Story(), [Window(uuid.uuid4(), 0, 0) for _ in range(3)], MONDAY
    for what, which, letter, answer in steps:
        window = windows[which]
        if what == "open":
            windows[which] = Window(uuid.uuid4(), len(story.given), story.revision, story.text, sent=window.sent)
        elif what == "take":  # the choice after a conflict: what is stored has been seen
            window.base, window.seen, window.looked_at = len(story.given), story.revision, story.text
        elif what == "type":
            window.number += 1
            letter_ = Typed(answer, window.client_id, window.number, window.base, window.seen)
            window.sent.append((letter_, window.looked_at))
        elif what == "deliver" and window.sent:
            deliver(session, learner_id, attempt_id, *window.sent[letter % len(window.sent)], story, now)
        elif what == "give" and window.base == len(story.given) and answer != (story.given or [NOTHING])[-1]:
            give(session, learner_id, attempt_id, Given(uuid.uuid4(), answer, window.base), story, now)
        elif what == "wait":
            now += timedelta(seconds=10 * letter)
            story.is_over = story.is_over or now > attempt.deadline_at + timedelta(seconds=GRACE_SECONDS)
        elif what == "close" and story.is_over:
            end(session, learner_id, attempt_id, story, now)
        agrees(session, attempt_id, story)
    now += timedelta(hours=1)
    for _ in range(2):  # the worker, and somebody's button
        end(session, learner_id, attempt_id, story, now)
    agrees(session, attempt_id, story)
    assert attempt.outcome == "expired"


def give(session: Session, learner_id: int, attempt_id: uuid.UUID, given_: Given, story: Story, now: datetime) -> None:
    """Give an answer, and once more as a network does that repeats; too late it is refused."""
    if story.is_over:
        with pytest.raises(Conflict, match=r"time for this quiz is up|finished"):
            respond(session, learner_id, attempt_id, 1, given_, now)
        return
    for _ in range(2):
        respond(session, learner_id, attempt_id, 1, given_, now)
    story.give(given_.answer)


def end(session: Session, learner_id: int, attempt_id: uuid.UUID, story: Story, now: datetime) -> None:
    """Close the attempt, perhaps again: what stands typed over the last answer becomes the answer."""
    finish(session, learner_id, attempt_id, now)
    story.is_over = True
    if story.text is not None:
        story.give(story.text)
    story.text, story.is_kept, story.by, story.number, story.revision = None, False, None, 0, 0


def deliver(
    session: Session,
    learner_id: int,
    attempt_id: uuid.UUID,
    typed: Typed,
    seen: dict[str, Any] | None,
    story: Story,
    now: datetime,
) -> None:
    """Deliver a save, perhaps not for the first time, and hold what becomes of it against the model."""
    if story.is_over:
        with pytest.raises(Conflict, match=r"time for this quiz is up|finished"):
            keep_working_answer(session, learner_id, attempt_id, 1, typed, now)
        return
    before = (story.text, story.by)
    expected = story.save(typed)
    if expected == "overtaken":
        with pytest.raises(Overtaken):
            keep_working_answer(session, learner_id, attempt_id, 1, typed, now)
        assert (story.text, story.by) == before
        return
    keep_working_answer(session, learner_id, attempt_id, 1, typed, now)
    if story.by == typed.client_id != before[1] and before[1] is not None:
        assert before[0] == seen, "a text that its page had not seen was overwritten"


def agrees(session: Session, attempt_id: uuid.UUID, story: Story) -> None:
    """Compare the model with the database."""
    row, item = (
        stored(session, attempt_id),
        session.scalars(
            select(AttemptItem).where(AttemptItem.attempt_id == attempt_id, AttemptItem.position == 1)
        ).one(),
    )
    assert (item.revision, item.answer) == (len(story.given), story.given[-1] if story.given else None)
    assert (row is not None) == story.is_kept
    if row is not None:
        assert (row.answer, row.client_id, row.save_number, row.revision) == (
            story.text, story.by, story.number, story.revision,
        )  # fmt: skip


@contextmanager
def undone(app: Flask) -> Iterator[Session]:
    """Open a session whose work is taken back at the end."""
    database: Database = app.extensions["quizapp.database"]
    with Session(database.engine, expire_on_commit=False) as session:
        try:
            yield session
        finally:
            session.rollback()
