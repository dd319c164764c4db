"""FSRS-6 for many cards at once: the formulas of the `fsrs` package on arrays, of which gradients can be taken."""

from __future__ import annotations

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


def first(w: Sequence[Numbers], grades: Any, guesses: Any) -> tuple[Numbers, Numbers]:
    """Return (stability, difficulty) after first reviews; grades are 1..4, `guesses` chances as batches.known() has."""
    stability, difficulty = sum(w[grade - 1] * (grades == grade) for grade in (1, 2, 3, 4)), _start(w, grades)
    weight = known(grades, FIRST_RECALL, guesses)
    missed = bounded(_start(w, 1), 1, 10)
    return between(w[0], stability, weight), missed + weight * (bounded(difficulty, 1, 10) - missed)


def recall(w: Sequence[Numbers], state: Sequence[Numbers], days: Any) -> Numbers:
    """Return the chance of recalling `days` after the last reviews, fractions counted."""
    return (1 + (0.9 ** (-1 / w[20]) - 1) * days / state[0]) ** -w[20]


def after(
    w: Sequence[Numbers], state: Sequence[Numbers], grades: Any, days: Any, guesses: Any
) -> tuple[Numbers, Numbers]:
    """Return (stability, difficulty) after further reviews, whole `days` after the last ones."""
    stability, difficulty = state
    recalled = recall(w, state, days)
    same_day = days < 1
    passed, lapsed = _passed(w, stability, difficulty, recalled, grades), _lapsed(w, stability, difficulty, recalled)
    if np.any(same_day):
        passed = passed + same_day * (np.maximum(_same_day(w, stability, grades), stability) - passed)
        lapsed = lapsed + same_day * (_same_day(w, stability, 1) - lapsed)
    weight, missed = known(grades, recalled, guesses), _difficulty(w, difficulty, 1)
    return (
        between(np.maximum(lapsed, _SHORTEST_DAYS), np.maximum(passed, _SHORTEST_DAYS), weight),
        missed + weight * (_difficulty(w, difficulty, grades) - missed),
    )


def _passed(w: Sequence[Numbers], stability: Numbers, difficulty: Numbers, recalled: Numbers, grades: Any) -> Numbers:
    grade_factor = 1 + (grades == 2) * (w[15] - 1) + (grades == 4) * (w[16] - 1)
    gain = np.exp(w[8]) * (11 - difficulty) * stability ** -w[9] * (np.exp((1 - recalled) * w[10]) - 1)
    return stability * (1 + gain * grade_factor)


def _lapsed(w: Sequence[Numbers], stability: Numbers, difficulty: Numbers, recalled: Numbers) -> Numbers:
    left = w[11] * difficulty ** -w[12] * ((stability + 1) ** w[13] - 1) * np.exp((1 - recalled) * w[14])
    return np.minimum(left, stability / np.exp(w[17] * w[18]))


def _same_day(w: Sequence[Numbers], stability: Numbers, grades: Any) -> Numbers:
    return stability * np.exp(w[17] * (grades - 3 + w[18])) * stability ** -w[19]


def _difficulty(w: Sequence[Numbers], difficulty: Numbers, grades: Any) -> Numbers:
    moved = difficulty + (10 - difficulty) / 9 * (-w[6] * (grades - 3))
    return bounded(w[7] * _start(w, 4) + (1 - w[7]) * moved, 1, 10)


def _start(w: Sequence[Numbers], grades: Any) -> Numbers:
    return w[4] - np.exp(w[5] * (grades - 1)) + 1
