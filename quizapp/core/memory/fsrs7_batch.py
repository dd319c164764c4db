"""FSRS-7 for many cards at once, on arrays, of which gradients can be taken."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from quizapp.core.memory import fsrs7
from quizapp.core.memory.batches import Numbers, between, bounded, known
from quizapp.core.memory.model import FIRST_RECALL

NAME = "fsrs7"
DEFAULTS, LOWEST, HIGHEST = fsrs7.DEFAULTS, fsrs7.LOWEST, fsrs7.HIGHEST
# How far learners' fits lie from the defaults (standard deviations; open-spaced-repetition, fsrs-rs, 2026); of the
# four starting stabilities in their logarithm.
SPREADS = (
    1.0, 1.0, 1.0, 1.0, 0.523, 0.2528, 0.4329, 0.2966, 0.2139, 0.2889, 0.1862, 0.175, 0.3812, 0.3013, 0.9104, 0.3234,
    0.2448, 0.3273, 0.1842, 0.1735, 0.4608, 0.311, 0.864, 0.0418, 0.2596, 0.0798, 0.0682, 0.1282, 0.1397, 0.1407,
    0.1489, 0.2, 0.15, 0.15,
)  # fmt: skip

State = tuple[Numbers, Numbers, Numbers]  # slow stability, fast stability, difficulty


def first(w: Sequence[Numbers], grades: Any, guesses: Any) -> State:
    """Return the states after first reviews; grades are 1..4, `guesses` chances as batches.known() has them."""
    slow, difficulty = sum(w[grade - 1] * (grades == grade) for grade in (1, 2, 3, 4)), _start(w, grades)
    weight = known(grades, FIRST_RECALL, guesses)
    slow, missed = between(w[0], slow, weight), bounded(_start(w, 1), 1, 10)
    return slow, _within(0.8 * slow), between(missed, bounded(difficulty, 1, 10), weight, is_geometric=False)


def recall(w: Sequence[Numbers], state: Sequence[Numbers], days: Any) -> Numbers:
    """Return the chance of recalling `days` after the last reviews."""
    return _recalls(w, state, (np.log(state[0]), np.log(state[1])), days)[0]


def reviewed(
    w: Sequence[Numbers], state: Sequence[Numbers], grades: Any, days: Any, _study_days: Any, guesses: Any
) -> tuple[Numbers, State]:
    """Return the recall just before further reviews, `days` after the last ones, and the states after them."""
    slow, fast, difficulty = state
    logs = np.log(slow), np.log(fast)
    recalled, fast_recalled = _recalls(w, state, logs, days)
    slow_passed, slow_lapsed = _stabilities(w, fsrs7.SLOW, slow, logs[0], difficulty, 1 - recalled, grades)
    fast_passed, fast_lapsed = _stabilities(w, fsrs7.FAST, fast, logs[1], difficulty, 1 - fast_recalled, grades)
    fast_lapsed = np.minimum(fast_lapsed, 0.8 * slow_lapsed)
    weight = known(grades, recalled, guesses)
    reversion, kept, step = 0.01 * _start(w, 4), 0.99 * difficulty, 0.11 * w[6] * (10 - difficulty)
    missed = bounded(reversion + kept + 2 * step * (recalled + 0.1), 1, 10)
    met = bounded(reversion + kept + (3 - grades) * step, 1, 10)
    return recalled, (
        between(_within(slow_lapsed), _within(slow_passed), weight),
        between(_within(fast_lapsed), _within(fast_passed), weight),
        between(missed, met, weight, is_geometric=False),
    )


def _recalls(
    w: Sequence[Numbers], state: Sequence[Numbers], logs: Sequence[Numbers], days: Any
) -> tuple[Numbers, Numbers]:
    slow, fast, difficulty = state
    harder = difficulty - 5
    p = bounded(w[23] * np.exp(logs[1] * (w[33] - 0.3)), 0.01, 0.95)
    c = np.exp(np.minimum(-np.log(w[25]) / p, 60)) - 1
    fast_recall = np.exp(-p * np.log(1 + days * (c / fast)))
    q = bounded(w[24], 0.01, 0.95)
    k = (w[26] ** (-1 / q) - 1) * np.exp(harder * (w[32] - 0.3))
    slow_recall = np.exp(-q * np.log(1 + days * (k / slow)))
    # The fast curve's share from the logarithm of how much more the slow one weighs.
    more = np.log(w[28] / w[27]) + logs[0] * w[30] + logs[1] * w[29] + harder * (w[31] - 0.5)
    share = 1 / (1 + np.exp(more))
    return 0.99998 * (slow_recall + share * (fast_recall - slow_recall)) + 1e-5, fast_recall


def _stabilities(
    w: Sequence[Numbers], offset: int, stability: Numbers, log_stability: Numbers, difficulty: Numbers,
    forgotten: Numbers, grades: Any,
) -> tuple[Numbers, Numbers]:  # fmt: skip
    base, w1, w2, w3, w4, w5, hard, easy = w[offset : offset + 8]
    left = w3 * (np.exp(w4 * np.log(stability + 1)) - 1) * np.exp(forgotten * w5)
    lapsed = np.minimum(stability, left)
    grade_factor = 1 + (grades == 2) * (hard - 1) + (grades == 4) * (easy - 1)
    gain = np.exp((base - 1.5) - w1 * log_stability) * (11 - difficulty) * (np.exp(forgotten * w2) - 1)
    return np.maximum(lapsed, stability * (1 + gain * grade_factor)), lapsed


def _within(stability: Numbers) -> Numbers:
    return bounded(stability, fsrs7.SHORTEST_DAYS, fsrs7.LONGEST_DAYS)


def _start(w: Sequence[Numbers], grades: Any) -> Numbers:
    return w[4] - np.exp(w[5] * (grades - 1)) + 1
