"""The cost of a target retention, simulated: higher targets take more reviews and leave more recalled."""

from __future__ import annotations

from types import ModuleType

import numpy as np
import pytest

from quizapp.core.memory import Fsrs6, Fsrs7, MemoryModel, Rating, fsrs6_batch, fsrs7_batch
from quizapp.core.memory.costs import Study
from quizapp.core.memory.workload import interval_days, workload_curve

BOTH = pytest.mark.parametrize(("batch", "model"), [(fsrs6_batch, Fsrs6()), (fsrs7_batch, Fsrs7())])
STUDY = Study(cards=200, days=90, new_a_day=5)


@BOTH
def test_a_higher_target_costs_more_and_leaves_more_recalled(batch: ModuleType, model: MemoryModel) -> None:
    low, middle, high = workload_curve(batch, batch.DEFAULTS, [0.75, 0.85, 0.95], STUDY, seed=1)
    assert low.reviews_a_day < middle.reviews_a_day < high.reviews_a_day
    assert low.recalled < middle.recalled < high.recalled <= 200
    assert high.recalled > 0.93 * 200
    assert [each.target for each in (low, middle, high)] == [0.75, 0.85, 0.95]


@BOTH
def test_the_same_seed_gives_the_same_curve(batch: ModuleType, model: MemoryModel) -> None:
    once, again, other = (workload_curve(batch, batch.DEFAULTS, [0.9], STUDY, seed) for seed in (1, 1, 2))
    assert once == again != other


@BOTH
def test_minutes_follow_from_what_answers_take(batch: ModuleType, model: MemoryModel) -> None:
    study = Study(cards=20, days=30, new_a_day=20, seconds_right=6, seconds_wrong=6)
    (found,) = workload_curve(batch, batch.DEFAULTS, [0.9], study, seed=3)
    assert found.minutes_a_day == pytest.approx(found.reviews_a_day / 10)
    assert found.reviews_a_day >= 20 / 30


@BOTH
def test_intervals_are_the_models_own(batch: ModuleType, model: MemoryModel) -> None:
    states = batch.first(batch.DEFAULTS, np.array([2, 3, 4]), None)
    expected = [model.interval_days(model.first(rating), 0.9) for rating in (Rating.HARD, Rating.GOOD, Rating.EASY)]
    np.testing.assert_allclose(interval_days(batch, batch.DEFAULTS, states, 0.9), expected, rtol=1e-9)
