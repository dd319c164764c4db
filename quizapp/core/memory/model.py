"""What every model of memory offers, and the rule for answers that may have been guessed."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import IntEnum
from typing import Protocol

# Before any review nothing is known of the card, so known and unknown are equally likely.
FIRST_RECALL = 0.5


class Rating(IntEnum):
    """How well a card was recalled."""

    AGAIN = 1
    HARD = 2
    GOOD = 3
    EASY = 4


@dataclass(frozen=True)
class MemoryState:
    """What a model keeps of one card.

    `parameters` is the id of the set of parameters in force, 0 for the model's defaults. Stabilities are in days,
    difficulty is 1..10; only models of two stabilities have a fast one.
    """

    model: str
    parameters: int
    stability: float
    difficulty: float
    fast_stability: float | None = None


class MemoryModel(Protocol):
    """A model that can schedule: it predicts recall and learns from ratings."""

    @property
    def name(self) -> str:
        """The name that its states carry."""

    @property
    def is_fractional(self) -> bool:
        """Whether next() takes elapsed days with their fraction; otherwise whole days of study."""

    def first(self, rating: Rating) -> MemoryState:
        """Return the state after the first review."""

    def next(self, state: MemoryState, rating: Rating, elapsed_days: float) -> MemoryState:
        """Return the state after another review, `elapsed_days` after the one before."""

    def recall(self, state: MemoryState, elapsed_days: float) -> float:
        """Return the chance of recalling, 0..1, `elapsed_days` (with their fraction) after the last review."""

    def interval_days(self, state: MemoryState, target: float) -> float:
        """Return the days, not rounded, until recall falls to `target`, which lies between 0 and 1."""


def known_chance(recall: float, options: int) -> float:
    """Return the chance that a right answer among equally likely ones was known, not guessed.

    Bayes' rule without slips (Corbett & Anderson 1995): R/(R + (1−R)/k); recall .84588 and 4 options give .95644.
    """
    if options < 1 or not 0 <= recall <= 1:
        raise ValueError(f"no chance for recall {recall} and {options} options")
    return recall / (recall + (1 - recall) / options)


def mix(good: MemoryState, again: MemoryState, known: float) -> MemoryState:
    """Return the state between two outcomes: stabilities by weighted geometric mean, difficulty by weighted mean.

    `known` is the weight of `good`, 0..1. Both states must come from one model and one set of parameters.
    """
    if (good.model, good.parameters) != (again.model, again.parameters):
        raise ValueError("states of two models can't be mixed")
    fast = None
    if good.fast_stability is not None and again.fast_stability is not None:
        fast = _geometric_mean(good.fast_stability, again.fast_stability, known)
    return MemoryState(
        model=good.model,
        parameters=good.parameters,
        stability=_geometric_mean(good.stability, again.stability, known),
        difficulty=known * good.difficulty + (1 - known) * again.difficulty,
        fast_stability=fast,
    )


def _geometric_mean(first: float, second: float, weight: float) -> float:
    return math.exp(weight * math.log(first) + (1 - weight) * math.log(second))
