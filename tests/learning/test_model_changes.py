"""Changes of a learner's memory model: the log is read again, due dates stay, and rebuilding finds no difference."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp.core.memory import fsrs6_batch, fsrs7
from quizapp.errors import Conflict
from quizapp.learning.cards import card_state
from quizapp.learning.corrections import correct, undo
from quizapp.learning.memory_models import DEFAULT, made_model, memory_model, model_of
from quizapp.learning.model_changes import put_in_force, reread
from quizapp.learning.rebuilding import differences, rebuild
from quizapp.learning.recall import topic_memories
from quizapp.models import Card, MemoryFit, Person, Review
from tests.conftest import Cast, Clock
from tests.histories import answer, items_of, review, study

NUMBERS = {"fsrs6": [0.5, 2.0, 4.0, 20.0, *fsrs6_batch.DEFAULTS[4:]], "fsrs7": list(fsrs7.DEFAULTS)}


def change(
    session: Session, learner_id: int, model: str, now: datetime, *, late: Callable[[], None] = lambda: None
) -> MemoryFit:
    """Let the learner's memory be read with a model; `late` happens while the log is being read."""
    fit = MemoryFit(
        learner_id=learner_id, model=model, numbers=NUMBERS, is_accepted=True, parameters_before=0, reviews=0,
        counted=0, report={}, made_at=now,
    )  # fmt: skip
    made = reread(session, learner_id, made_model(model, NUMBERS[model], 0))
    late()
    put_in_force(session, learner_id, fit, made)
    return fit


def card(session: Session, cast: Cast, item_id: int) -> Card:
    session.flush()
    return session.get_one(Card, (cast.student, item_id, 0), populate_existing=True)


def test_whoever_was_never_fitted_is_read_with_fsrs_6_and_its_defaults(session: Session, cast: Cast) -> None:
    assert model_of(session, cast.student) is DEFAULT
    assert memory_model(session, None) is DEFAULT


@pytest.mark.parametrize("model", ["fsrs6", "fsrs7"])
def test_a_change_reads_the_log_again_and_leaves_due_dates_and_others_alone(
    session: Session, cast: Cast, clock: Clock, model: str
) -> None:
    item_id, *_ = items_of(session)
    for learner_id in (cast.student, cast.classmate):
        study(session, learner_id, [item_id], clock.now)
        review(session, learner_id, item_id, 4, clock.now)
    clock.advance(days=9)
    review(session, cast.student, item_id, 3, clock.now)
    before = card(session, cast, item_id)
    due_at, stability = before.due_at, before.stability
    fit = change(session, cast.student, model, clock.now)
    after = card(session, cast, item_id)
    assert (after.model, after.parameters_id, after.due_at) == (model, fit.id, due_at)
    assert after.stability != stability
    assert (after.fast_stability is None) == (model == "fsrs6")
    assert model_of(session, cast.classmate) is DEFAULT
    assert list(differences(session)) == []
    found = after.stability
    clock.advance(days=5)
    review(session, cast.student, item_id, 3, clock.now)
    newest = session.scalars(select(Review).order_by(Review.reviewed_at.desc()).limit(1)).one()
    assert (newest.model, newest.parameters_id, newest.stability_before) == (model, fit.id, found)
    assert list(differences(session)) == []


def test_what_comes_in_while_the_log_is_read_is_not_lost(session: Session, cast: Cast, clock: Clock) -> None:
    item_id, other, *_ = items_of(session)
    study(session, cast.student, [item_id], clock.now)
    review(session, cast.student, item_id, 3, clock.now)
    clock.advance(days=2)

    def late() -> None:
        review(session, cast.student, item_id, 1, clock.now)
        answer(session, cast.student, [other], 0.0, clock.now)

    change(session, cast.student, "fsrs7", clock.now, late=late)
    assert (card(session, cast, item_id).reviews, card(session, cast, other).model) == (2, "fsrs7")
    assert list(differences(session)) == []


def test_recall_now_is_read_with_the_model_of_the_state(session: Session, cast: Cast, clock: Clock) -> None:
    item_id, *_ = items_of(session)
    answer(session, cast.student, [item_id], 1.0, clock.now)
    change(session, cast.student, "fsrs7", clock.now)
    memory = next(one for topic in topic_memories(session, cast.student) for one in topic.memories)
    state = card_state(card(session, cast, item_id)).memory
    assert state is not None
    assert memory.recall(clock.now + timedelta(days=3)) == made_model("fsrs7", fsrs7.DEFAULTS, state.parameters).recall(
        state, 3
    )


def test_a_wrong_number_is_found_and_put_right(session: Session, cast: Cast, clock: Clock) -> None:
    item_id, *_ = items_of(session)
    answer(session, cast.student, [item_id], 1.0, clock.now)
    fit = change(session, cast.student, "fsrs7", clock.now)
    session.get_one(Person, cast.student, populate_existing=True).parameters_id = 0
    session.flush()
    assert [(each.column, each.stored, each.folded) for each in differences(session)] == [("parameters_id", 0, fit.id)]
    rebuild(session, cast.student)
    assert list(differences(session)) == []


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 2**32), length=st.integers(5, 25))
def test_any_history_with_changes_of_model_is_what_rebuilding_makes(
    session: Session, cast: Cast, clock: Clock, seed: int, length: int
) -> None:
    rng = Random(seed)  # a made-up history
    with session.begin_nested() as world:
        now, (first, second, asked, *_) = clock.now, items_of(session)
        ratings, answers = list[uuid.UUID](), list[uuid.UUID]()
        study(session, cast.student, [first, second], now)
        for _ in range(length):
            now += timedelta(days=rng.choice((0, 0.01, 1, 3.5, 12)), seconds=1)
            match rng.choice(("rate", "rate", "answer", "undo", "correct", "change")):
                case "rate":
                    item_id = rng.choice((first, second))
                    ratings.append(review(session, cast.student, item_id, rng.randint(1, 4), now))
                case "answer":
                    answer(session, cast.student, [asked], rng.choice((0.0, 0.5, 1.0)), now)
                    newest = select(Review.id).where(Review.source == "quiz", Review.event == "review")
                    answers.append(session.scalars(newest.order_by(Review.reviewed_at.desc()).limit(1)).one())
                case "undo" if ratings:
                    try:
                        undo(session, cast.student, ratings.pop(), void_id=uuid.uuid4(), now=now)
                    except Conflict:  # an earlier one was undone before
                        continue
                case "correct" if answers:
                    score = rng.choice((0.0, 1.0, None))
                    named, new_id = rng.choice(answers), uuid.uuid4()
                    correct(session, cast.student, named, correction_id=new_id, score=score, now=now)
                case "change":
                    change(session, cast.student, rng.choice(("fsrs6", "fsrs7")), now)
            session.flush()
        assert list(differences(session)) == []
        world.rollback()
    session.expire_all()
