"""FSRS-7: the published vectors, the order that ratings must keep, and an interval that ends where it says."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.core.memory import Fsrs7, MemoryState, Rating
from quizapp.core.memory.fsrs7 import DEFAULTS, HIGHEST, LOWEST

MODEL = Fsrs7()
STATE = MemoryState("fsrs7", 0, 10, 8, 5)


def state(slow: float, fast: float, difficulty: float) -> MemoryState:
    return MemoryState("fsrs7", 0, slow, difficulty, fast)


def random_parameters(rng: random.Random) -> list[float]:
    w = [rng.uniform(low, high) for low, high in zip(LOWEST, HIGHEST, strict=True)]
    return [*sorted(w[:4]), *w[4:26], max(w[25], w[26]), *w[27:]]


def random_state(rng: random.Random) -> MemoryState:
    slow, fast = (10 ** rng.uniform(-4, 4.5) for _ in range(2))
    return state(slow, fast, rng.uniform(1, 10))


def test_the_published_history_gives_the_published_state() -> None:
    after = MODEL.first(Rating.EASY)
    for grade, days in [(2, 0.001), (1, 0.25), (3, 0), (4, 1.5), (2, 2.75), (1, 100.5)]:
        after = MODEL.next(after, Rating(grade), days)
    # Published in single precision, so the last digit is not sure.
    assert after.stability == pytest.approx(2.3163264, abs=5e-7)
    assert after.fast_stability == pytest.approx(0.89478546, abs=5e-8)
    assert after.difficulty == pytest.approx(9.615685, abs=5e-7)


def test_published_recall_and_intervals() -> None:
    assert MODEL.recall(STATE, 20) == pytest.approx(0.8288255, abs=5e-8)
    assert MODEL.interval_days(MODEL.first(Rating.GOOD), 0.9) == pytest.approx(4.7777, abs=5e-5)
    assert MODEL.interval_days(MODEL.first(Rating.EASY), 0.9) == pytest.approx(53.87, abs=5e-3)
    assert MODEL.interval_days(MODEL.first(Rating.AGAIN), 0.9) * 86_400 == pytest.approx(3.3, abs=0.05)


def test_the_fast_stability_starts_at_eight_tenths_of_the_slow_one() -> None:
    assert [MODEL.first(rating).stability for rating in Rating] == list(DEFAULTS[:4])
    assert MODEL.first(Rating.GOOD).fast_stability == pytest.approx(0.8 * 3.9221)
    assert MODEL.first(Rating.EASY).difficulty == 1.0


@pytest.mark.parametrize("is_fitted", [False, True])
def test_a_better_rating_leaves_a_stronger_memory_and_all_stays_in_bounds(is_fitted: bool) -> None:
    rng = random.Random(7)
    for _ in range(100):
        model = Fsrs7(random_parameters(rng)) if is_fitted else MODEL
        for _ in range(100):
            before, days = random_state(rng), 10 ** rng.uniform(-5, 4)
            after = [model.next(before, rating, days) for rating in Rating]
            slow, fast = [each.stability for each in after], [each.fast_stability or 0.0 for each in after]
            assert slow == sorted(slow)
            assert fast == sorted(fast)
            assert all(1e-4 <= stability <= 36_500 for stability in [*slow, *fast])
            assert all(1 <= each.difficulty <= 10 for each in after)
            assert after[1].difficulty >= after[2].difficulty >= after[3].difficulty
            assert fast[0] <= max(1e-4, 0.8 * slow[0])


@pytest.mark.parametrize("is_fitted", [False, True])
def test_recall_falls_with_time(is_fitted: bool) -> None:
    rng = random.Random(8)
    for _ in range(100):
        model = Fsrs7(random_parameters(rng)) if is_fitted else MODEL
        for _ in range(100):
            before = random_state(rng)
            recalls = [model.recall(before, days) for days in (0, 1e-4, 0.01, 0.5, 1, 7, 90, 3_650)]
            assert recalls == sorted(recalls, reverse=True)
            assert recalls[0] == pytest.approx(1 - 1e-5)
            assert recalls[-1] >= 1e-5


@given(st.floats(1e-4, 36_500), st.floats(1e-4, 36_500), st.floats(1, 10), st.floats(0.3, 0.995))
def test_after_the_interval_recall_is_the_target(slow: float, fast: float, difficulty: float, target: float) -> None:
    before = state(slow, fast, difficulty)
    days = MODEL.interval_days(before, target)
    if 1e-8 < days < 36_500:
        assert MODEL.recall(before, days) == pytest.approx(target, rel=1e-9)
    else:
        assert (MODEL.recall(before, days) > target) == (days == 36_500)


@given(st.floats(0.7, 0.98), st.floats(0.001, 0.01))
def test_a_higher_target_comes_sooner(target: float, more: float) -> None:
    assert MODEL.interval_days(STATE, target + more) < MODEL.interval_days(STATE, target)


def test_a_fraction_of_a_day_counts_and_a_clock_set_back_counts_as_no_time() -> None:
    assert MODEL.next(STATE, Rating.GOOD, 2.5).stability > MODEL.next(STATE, Rating.GOOD, 2).stability
    assert MODEL.next(STATE, Rating.GOOD, -3) == MODEL.next(STATE, Rating.GOOD, 0)
    assert MODEL.recall(STATE, -1) == MODEL.recall(STATE, 0)


def test_own_parameters_mark_their_states_and_leave_others_alone() -> None:
    model = Fsrs7([*DEFAULTS[:33], 0.4], 12)
    assert model.first(Rating.GOOD).parameters == 12
    assert model.recall(model.first(Rating.GOOD), 3) != MODEL.recall(MODEL.first(Rating.GOOD), 3)
    for other in (STATE, MemoryState("fsrs6", 12, 10, 5), MemoryState("fsrs7", 12, 10, 5)):
        with pytest.raises(ValueError, match="another model"):
            model.next(other, Rating.GOOD, 3)


@pytest.mark.parametrize(
    ("parameters", "reason"),
    [
        (DEFAULTS[:21], "34 parameters, not 21"),
        ([*DEFAULTS[:33], 0.9], "parameter 33 of FSRS-7 is 0.9, out of bounds: 0.0 to 0.6"),
        ([*DEFAULTS[:33], float("nan")], "parameter 33 of FSRS-7 is nan"),
        ([3.0, *DEFAULTS[1:]], "must not fall"),
        ([*DEFAULTS[:25], 0.8, 0.6, *DEFAULTS[27:]], "parameter 26 of FSRS-7 must not be less"),
    ],
)
def test_parameters_out_of_bounds_are_refused(parameters: list[float], reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        Fsrs7(parameters)


@pytest.mark.parametrize("target", [0, 1, 1.2])
def test_a_target_without_an_interval_is_our_mistake(target: float) -> None:
    with pytest.raises(ValueError, match="no interval"):
        MODEL.interval_days(STATE, target)
