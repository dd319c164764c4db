"""FSRS-6: the same numbers as the package's scheduler, plus recall within a day."""

from __future__ import annotations

import math
import random
from datetime import UTC, datetime, timedelta

import fsrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.core.memory import Fsrs6, MemoryState, Rating

MODEL = Fsrs6()
START = datetime(2026, 1, 1, tzinfo=UTC)


def states() -> st.SearchStrategy[MemoryState]:
    return st.builds(
        MemoryState,
        model=st.just("fsrs6"),
        parameters=st.just(0),
        stability=st.floats(0.01, 3_000),
        difficulty=st.floats(1, 10),
    )


@pytest.mark.parametrize(
    "history",
    [
        [(3, 0), (3, 2), (3, 11), (3, 40)],
        [(1, 0), (1, 0), (3, 0), (2, 1), (4, 3), (1, 20), (3, 0), (3, 1), (3, 9)],
        [(4, 0), (1, 400), (2, 0), (4, 0), (3, 1000)],
        [(2, 0), (2, 1), (2, 1), (2, 1), (2, 1)],
    ],
)
def test_a_history_gives_the_state_that_the_package_gives(history: list[tuple[int, int]]) -> None:
    scheduler = fsrs.Scheduler(enable_fuzzing=False, learning_steps=(), relearning_steps=())
    card, at, state = fsrs.Card(card_id=1, due=START), START, None
    for grade, gap_days in history:
        at += timedelta(days=gap_days)
        card, _ = scheduler.review_card(card, fsrs.Rating(grade), at)
        state = MODEL.first(Rating(grade)) if state is None else MODEL.next(state, Rating(grade), gap_days)
        assert state.stability == pytest.approx(card.stability, rel=1e-12)
        assert state.difficulty == pytest.approx(card.difficulty, rel=1e-12)


@pytest.mark.parametrize("days", [0, 1, 2, 7, 20, 100, 3_000])
@pytest.mark.parametrize("stability", [0.2, 2.3, 10, 500])
def test_recall_on_whole_days_is_the_packages(days: int, stability: float) -> None:
    card = fsrs.Card(
        card_id=1, state=fsrs.State.Review, stability=stability, difficulty=5, due=START, last_review=START
    )
    expected = fsrs.Scheduler().get_card_retrievability(card, START + timedelta(days=days))
    assert MODEL.recall(MemoryState("fsrs6", 0, stability, 5), days) == pytest.approx(expected, rel=1e-12)


def test_worked_values() -> None:
    state = MemoryState("fsrs6", 0, 10, 5)
    assert MODEL.recall(state, 20) == pytest.approx(0.84588, abs=5e-6)
    assert MODEL.next(state, Rating.GOOD, 20).stability == pytest.approx(44.6982, abs=5e-5)
    assert MODEL.recall(state, 10) == pytest.approx(0.9)
    assert MODEL.interval_days(state, 0.9) == pytest.approx(10)


@given(states(), st.floats(0, 2_000), st.floats(0, 2_000))
def test_recall_falls_with_time_within_days_too(state: MemoryState, one: float, other: float) -> None:
    sooner, later = sorted((one, other))
    assert 0 < MODEL.recall(state, later) <= MODEL.recall(state, sooner) <= 1


@given(states(), st.floats(0.7, 0.99))
def test_after_the_interval_recall_is_the_target(state: MemoryState, target: float) -> None:
    assert MODEL.recall(state, MODEL.interval_days(state, target)) == pytest.approx(target)


@given(states(), st.integers(0, 2_000))
def test_a_better_rating_never_leaves_a_weaker_memory(state: MemoryState, days: int) -> None:
    after = [MODEL.next(state, rating, days) for rating in Rating]
    stabilities = [each.stability for each in after]
    difficulties = [each.difficulty for each in after]
    assert stabilities == sorted(stabilities)
    assert difficulties == sorted(difficulties, reverse=True)
    assert all(1 <= difficulty <= 10 for difficulty in difficulties)
    assert all(stability > 0 and math.isfinite(stability) for stability in stabilities)


def test_a_fraction_of_a_day_is_dropped_and_a_clock_set_back_counts_as_no_time() -> None:
    state = MemoryState("fsrs6", 0, 10, 5)
    assert MODEL.next(state, Rating.GOOD, 2.9) == MODEL.next(state, Rating.GOOD, 2)
    assert MODEL.next(state, Rating.GOOD, 0.9) == MODEL.next(state, Rating.GOOD, 0)
    assert MODEL.next(state, Rating.GOOD, -3) == MODEL.next(state, Rating.GOOD, 0)
    assert MODEL.recall(state, -1) == 1.0
    assert MODEL.next(state, Rating.GOOD, 1e9).stability > 0


def test_own_parameters_mark_their_states() -> None:
    parameters = [*fsrs.scheduler.DEFAULT_PARAMETERS[:20], 0.3]
    model = Fsrs6(parameters, 12)
    state = model.first(Rating.GOOD)
    assert state.parameters == 12
    assert model.recall(state, 20) != MODEL.recall(state, 20)
    assert model.next(state, Rating.GOOD, 3).parameters == 12
    with pytest.raises(ValueError, match="another model"):
        MODEL.next(state, Rating.GOOD, 3)
    with pytest.raises(ValueError, match="out of bounds"):
        Fsrs6([*fsrs.scheduler.DEFAULT_PARAMETERS[:20], 9.0])


def test_nothing_is_drawn_from_the_global_random_source() -> None:
    before = random.getstate()
    MODEL.next(MODEL.first(Rating.EASY), Rating.EASY, 30)
    assert random.getstate() == before


@pytest.mark.parametrize("target", [0, 1, 1.2])
def test_a_target_without_an_interval_is_our_mistake(target: float) -> None:
    with pytest.raises(ValueError, match="no interval"):
        MODEL.interval_days(MemoryState("fsrs6", 0, 10, 5), target)
