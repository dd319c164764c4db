"""FSRS-6 for many cards at once: the formulas of the `fsrs` package on arrays, of which gradients can be taken."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import fsrs
import numpy as np

from quizapp.core.memory.batches import Numbers, between, bounded, known
from quizapp.core.memory.model import FIRST_RECALL

NAME = "fsrs6"
DEFAULTS: tuple[float, ...] = tuple(fsrs.scheduler.DEFAULT_PARAMETERS)
LOWEST: tuple[float, ...] = tuple(fsrs.scheduler.LOWER_BOUNDS_PARAMETERS)
HIGHEST: tuple[float, ...] = tuple(fsrs.scheduler.UPPER_BOUNDS_PARAMETERS)
# How far learners' fits lie from the defaults (standard deviations; open-spaced-repetition, fsrs-rs, 2026); of the
# four starting stabilities in their logarithm.
SPREADS = (
    1.0, 1.0, 1.0, 1.0, 0.57, 0.28, 0.6, 0.12, 0.39, 0.18, 0.33, 0.3, 0.09, 0.16, 0.57, 0.25, 1.03, 0.31, 0.32, 0.14,
    0.27,
)  # fmt: skip
_SHORTEST_DAYS = 0.001
_LOG_NINE_TENTHS = math.log(0.9)


def first(w: Sequence[Numbers], grades: Any, guesses: Any) -> tuple[Numbers, Numbers]:
    """Return (stability, difficulty) after first reviews; grades are 1..4, `guesses` chances as batches.known() has."""
    stability, difficulty = sum(w[grade - 1] * (grades == grade) for grade in (1, 2, 3, 4)), _start(w, grades)
    weight = known(grades, FIRST_RECALL, guesses)
    missed = bounded(_start(w, 1), 1, 10)
    return (
        between(w[0], stability, weight),
        between(missed, bounded(difficulty, 1, 10), weight, is_geometric=False),
    )


def recall(w: Sequence[Numbers], state: Sequence[Numbers], days: Any) -> Numbers:
    """Return the chance of recalling `days` after the last reviews, fractions counted."""
    factor = np.exp(_LOG_NINE_TENTHS / -w[20]) - 1
    return np.exp(-w[20] * np.log(1 + days * (factor / state[0])))


def reviewed(
    w: Sequence[Numbers], state: Sequence[Numbers], grades: Any, days: Any, study_days: Any, guesses: Any
) -> tuple[Numbers, tuple[Numbers, Numbers]]:
    """Return the recall just before further reviews, and (stability, difficulty) after them.

    Recall is that `days` after the last reviews, fractions counted; the states go by the days of study between.
    """
    stability, difficulty = state
    before = recall(w, state, days)
    recalled = before if np.array_equal(days, study_days) else recall(w, state, study_days)
    passed, lapsed = _another_day(w, stability, difficulty, 1 - recalled, grades)
    same_day = study_days < 1
    if np.any(same_day):
        passed_again, lapsed_again = _same_day(w, stability, grades)
        passed, lapsed = passed + same_day * (passed_again - passed), lapsed + same_day * (lapsed_again - lapsed)
    weight = known(grades, recalled, guesses)
    easier, reversion = 1 - w[7], w[7] * _start(w, 4)
    step = w[6] * (10 - difficulty) / 9
    missed = bounded(reversion + easier * (difficulty + 2 * step), 1, 10)
    met = bounded(reversion + easier * (difficulty + (3 - grades) * step), 1, 10)
    return before, (
        between(np.maximum(lapsed, _SHORTEST_DAYS), np.maximum(passed, _SHORTEST_DAYS), weight),
        between(missed, met, weight, is_geometric=False),
    )


def _another_day(
    w: Sequence[Numbers], stability: Numbers, difficulty: Numbers, forgotten: Numbers, grades: Any
) -> tuple[Numbers, Numbers]:
    grade_factor = 1 + (grades == 2) * (w[15] - 1) + (grades == 4) * (w[16] - 1)
    gain = np.exp(w[8] - w[9] * np.log(stability)) * (11 - difficulty) * (np.exp(forgotten * w[10]) - 1)
    left = np.exp(w[13] * np.log(stability + 1)) - 1
    lapsed = left * np.exp(forgotten * w[14] - w[12] * np.log(difficulty)) * w[11]
    return stability * (1 + gain * grade_factor), np.minimum(lapsed, stability * np.exp(-w[17] * w[18]))


def _same_day(w: Sequence[Numbers], stability: Numbers, grades: Any) -> tuple[Numbers, Numbers]:
    log_stability = np.log(stability)
    base = log_stability + w[17] * (w[18] - 3) - w[19] * log_stability
    return np.maximum(np.exp(base + w[17] * grades), stability), np.exp(base + w[17])


def _start(w: Sequence[Numbers], grades: Any) -> Numbers:
    return w[4] - np.exp(w[5] * (grades - 1)) + 1
