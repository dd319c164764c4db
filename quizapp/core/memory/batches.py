"""What the models' batch forms share: states between two outcomes and bounds, on arrays or in gradients."""

from __future__ import annotations

from typing import Any

import numpy as np

from quizapp.core.memory.gradients import Variable

Numbers = Any  # a number, an array of floats, or a gradients.Variable in their place


def known(grades: Any, recalled: Numbers, guesses: Any) -> Numbers:
    """Return how far reviews count as their grade, the rest as Again: 0 for Again, less than 1 where it may be a guess.

    `guesses` are the chances of being right by guessing, 0 where that can't be, None when there is none at all.
    """
    passed = (grades > 1) * 1.0
    return passed if guesses is None else passed * (recalled / (recalled + (1 - recalled) * guesses))


def between(lapsed: Numbers, passed: Numbers, weight: Numbers, *, is_geometric: bool = True) -> Numbers:
    """Return what lies at `weight` between two outcomes: their weighted geometric mean, or else their weighted mean."""
    if not is_geometric or (isinstance(weight, np.ndarray) and np.all((weight == 0) | (weight == 1))):
        return lapsed + weight * (passed - lapsed)
    return np.exp((1 - weight) * np.log(lapsed) + weight * np.log(passed))


def bounded(values: Numbers, low: float, high: float) -> Numbers:
    """Return the values, those outside at their bound."""
    if isinstance(values, Variable):
        return values.bounded(low, high)
    return np.minimum(np.maximum(values, low), high)
