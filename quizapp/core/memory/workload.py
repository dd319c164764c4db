"""What a target retention costs and brings: a collection studied for a while under each target, simulated."""

from __future__ import annotations

from collections.abc import Sequence
from types import ModuleType
from typing import Any

import numpy as np

from quizapp.core.memory.costs import Study, Workload

_HALVINGS = 40
_SOONEST_DAYS, _LATEST_DAYS = 0.01, 36_500.0


def workload_curve(
    model: ModuleType, parameters: Sequence[float], targets: Sequence[float], study: Study, seed: int
) -> list[Workload]:
    """Return what each target takes and brings for a learner whose memory follows fsrs6_batch or fsrs7_batch.

    A card that is recalled is rated Good. Every target meets the same chances, so the same seed gives the same curve.
    """
    return [_workload(model, parameters, target, study, np.random.default_rng(seed)) for target in targets]


def interval_days(model: ModuleType, parameters: Sequence[float], state: Sequence[Any], target: float) -> Any:
    """Return the days until recalls fall to a target, from 0.01 to 36,500, by halving in the logarithm of time."""
    low, high = np.full(len(state[0]), np.log(_SOONEST_DAYS)), np.full(len(state[0]), np.log(_LATEST_DAYS))
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        is_above = model.recall(parameters, state, np.exp(middle)) > target
        low, high = np.where(is_above, middle, low), np.where(is_above, high, middle)
    return np.exp(high)


def _workload(
    model: ModuleType, parameters: Sequence[float], target: float, study: Study, rng: np.random.Generator
) -> Workload:
    state = [np.ones(study.cards) for _ in model.first(parameters, np.array([3]), None)]
    last, due = np.zeros(study.cards), np.full(study.cards, np.inf)
    reviews, seconds, met = 0, 0.0, 0
    for day in range(study.days):
        luck = rng.random(study.cards)
        asked, new = np.flatnonzero(due <= day), np.arange(met, min(met + study.new_a_day, study.cards))
        met += len(new)
        gaps = day - last[asked]
        before = [part[asked] for part in state]
        chances = np.concatenate([model.recall(parameters, before, gaps), np.full(len(new), study.first_right)])
        both = np.concatenate([asked, new])
        grades = np.where(luck[both] < chances, 3, 1)
        old_grades, new_grades = grades[: len(asked)], grades[len(asked) :]
        _, after = model.reviewed(parameters, before, old_grades, gaps, gaps, None)
        for part, old, first in zip(state, after, model.first(parameters, new_grades, None), strict=True):
            part[asked], part[new] = old, first
        last[both] = day
        intervals = np.rint(interval_days(model, parameters, [part[both] for part in state], target))
        due[both] = day + np.clip(intervals, 1, study.maximum_interval_days)
        reviews += len(both)
        seconds += float(np.where(grades > 1, study.seconds_right, study.seconds_wrong).sum())
    recalled = model.recall(parameters, [part[:met] for part in state], study.days - last[:met])
    return Workload(target, reviews / study.days, seconds / 60 / study.days, float(np.sum(recalled)))
