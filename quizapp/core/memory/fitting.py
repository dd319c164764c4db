"""Parameters fitted to a log by gradients and priors, and taken only when they predict newer reviews better."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from types import ModuleType
from typing import Any

import numpy as np

from quizapp.core.memory import fsrs6_batch, fsrs7_batch
from quizapp.core.memory.batches import Numbers, bounded
from quizapp.core.memory.evaluation import (
    Prediction,
    Scores,
    chances_of_right,
    long_term_rows,
    newest,
    predictions,
    scores,
)
from quizapp.core.memory.gradients import Variable, variables
from quizapp.core.memory.logs import LoggedReview

MODELS: dict[str, ModuleType] = {"fsrs6": fsrs6_batch, "fsrs7": fsrs7_batch}
FEWEST_HELD_OUT = 50  # predictions that a fit is judged on
FEWEST_TO_MOVE = 400  # predictions that a change of model is judged on
_STARTS = 4  # the first parameters are the starting stabilities
_STEPS = 32
_RATE = 0.15
# Weights of the prior's squared distances beside the log loss summed; learners of one class differ less than all do.
_STRENGTH, _CLASS_STRENGTH = 2.0, 4.0
_CHUNK = 20_000  # reviews whose way back is kept at once
_MOST_REVIEWS = 100_000  # of a pooled log; beyond, cards are thinned out evenly
_LONGEST = 64  # reviews of one card that are fitted
_SUREST = 1e-5

Progress = Callable[[float], None]


@dataclass(frozen=True)
class Fit:
    """Parameters fitted to the older reviews, and how they and those in force did on the newest."""

    model: str
    parameters: tuple[float, ...]
    scores: Scores
    in_force: Scores

    @property
    def is_accepted(self) -> bool:
        """Whether the fit predicted enough held-out reviews, and better than the parameters in force."""
        if self.scores.log_loss is None or self.in_force.log_loss is None or self.scores.n < FEWEST_HELD_OUT:
            return False
        return self.scores.log_loss < self.in_force.log_loss


@dataclass(frozen=True)
class Difference:
    """By how much one model's log loss is below another's on the same predictions, with its standard error."""

    n: int
    log_loss: float
    standard_error: float

    @property
    def is_enough_to_move(self) -> bool:
        """Whether the other model should take over: enough predictions, better by more than the standard error."""
        return self.n >= FEWEST_TO_MOVE and self.log_loss > self.standard_error


def fit(
    model: str,
    log: Sequence[LoggedReview],
    *,
    in_force: Sequence[float] | None = None,
    prior: Sequence[float] | None = None,
    progress: Progress = lambda share: None,
) -> Fit:
    """Fit a model, fsrs6 or fsrs7, to all of a log but the newest fifth of its predictions, and judge it on that.

    `in_force` are the parameters to beat and `prior` those expected of this learner, such as a fit to the whole class;
    the defaults where None. `progress` hears shares from 0 to 1. The same log gives the same fit.
    """
    batch = MODELS[model]
    rows = long_term_rows(log)
    held_out = newest(rows)
    end = held_out[0] if held_out else len(log)
    parameters = fitted(batch, log[:end], prior, progress)
    before = batch.DEFAULTS if in_force is None else tuple(in_force)
    told = [scores(judged(batch, each, log, set(held_out))) for each in (parameters, before)]
    return Fit(model, parameters, *told)


def fitted(
    batch: ModuleType,
    log: Sequence[LoggedReview],
    prior: Sequence[float] | None = None,
    progress: Progress = lambda share: None,
) -> tuple[float, ...]:
    """Return the parameters most likely after a log, given those likely before it: a class's, or the defaults.

    Adam on all reviews at once; steps are in units of the prior's spread, of a starting stability in its logarithm.
    """
    strength = _STRENGTH if prior is None else _CLASS_STRENGTH
    chunks = list(_chunks(log))
    centre, spreads = np.array(batch.DEFAULTS if prior is None else prior), np.array(batch.SPREADS)
    best, best_loss = tuple(centre.tolist()), math.inf
    z, mean, variance = np.zeros(len(centre)), np.zeros(len(centre)), np.zeros(len(centre))
    for step in range(_STEPS if chunks else 0):
        w = _parameters(z, centre, spreads)
        loss, by_parameter = _loss(batch, w.tolist(), chunks)
        loss += strength * float(z @ z)
        if loss < best_loss:
            best, best_loss = tuple(w.tolist()), loss
        by_parameter[:_STARTS] *= w[:_STARTS]
        gradient = by_parameter * spreads + 2 * strength * z
        mean, variance = 0.9 * mean + 0.1 * gradient, 0.98 * variance + 0.02 * gradient**2
        rate = _RATE * (1 + math.cos(math.pi * step / _STEPS)) / 2
        z = z - rate * (mean / (1 - 0.9 ** (step + 1))) / (np.sqrt(variance / (1 - 0.98 ** (step + 1))) + 1e-12)
        z = _units(_allowed(batch, _parameters(z, centre, spreads)), centre, spreads)
        progress((step + 1) / _STEPS)
    return best


def recalls(batch: ModuleType, parameters: Sequence[float], log: Sequence[LoggedReview]) -> list[float | None]:
    """Return the chance of recalling just before each review of a log, None at a card's first."""
    found: list[float | None] = [None] * len(log)
    for steps in _chunks(log, most=len(log), longest=len(log)):
        for step, recalled in _walk(batch, parameters, steps):
            for row, chance in zip(step.rows.tolist(), recalled.tolist(), strict=True):
                found[row] = chance
    return found


def judged(
    batch: ModuleType, parameters: Sequence[float], log: Sequence[LoggedReview], rows: Collection[int]
) -> list[Prediction]:
    """Return what a model with these parameters predicted at some rows of a log."""
    return predictions(log, chances_of_right(log, recalls(batch, parameters, log)), rows)


def difference(one: Sequence[Prediction], other: Sequence[Prediction]) -> Difference:
    """Return by how much the other's log loss is lower, over the same rows of one log."""
    gains = [mine.loss - its.loss for mine, its in zip(one, other, strict=True)]
    if len(gains) < 2:
        return Difference(len(gains), sum(gains), math.inf)
    return Difference(len(gains), float(np.mean(gains)), float(np.std(gains, ddof=1)) / math.sqrt(len(gains)))


@dataclass(frozen=True)
class _Step:
    """The n-th reviews of those cards that have as many; cards of more reviews come first."""

    rows: Any
    grades: Any
    days: Any
    study_days: Any
    guesses: Any  # chances that a right answer was guessed, by which the state is discounted; None when all are 0
    luck: Any  # chances of being right by guessing
    counted: Any  # 1 where the prediction is fitted, else 0
    right: Any


def _chunks(log: Sequence[LoggedReview], most: int = _MOST_REVIEWS, longest: int = _LONGEST) -> Iterator[list[_Step]]:
    cards: dict[str, list[int]] = {}
    for row, review in enumerate(log):
        cards.setdefault(review.card, []).append(row)
    histories = [rows[:longest] for rows in cards.values() if len(rows) > 1]
    thinning = math.ceil(sum(map(len, histories)) / most) if histories else 1
    histories = sorted(histories[::thinning], key=len, reverse=True)
    while histories:
        size, taken = 0, 0
        while taken < len(histories) and (size < _CHUNK or not taken):
            size, taken = size + len(histories[taken]), taken + 1
        yield [
            _step(log, [rows[at] for rows in histories[:taken] if len(rows) > at]) for at in range(len(histories[0]))
        ]
        histories = histories[taken:]


def _step(log: Sequence[LoggedReview], rows: Sequence[int]) -> _Step:
    reviews = [log[row] for row in rows]
    guesses = np.array([1 / each.guessed_among if each.guessed_among else 0.0 for each in reviews])
    return _Step(
        rows=np.array(rows),
        grades=np.array([int(each.rating) for each in reviews]),
        days=np.array([each.elapsed_days for each in reviews]),
        study_days=np.array([float(each.study_days) for each in reviews]),
        guesses=guesses if guesses.any() else None,
        luck=np.array([1 / each.options if each.options else 0.0 for each in reviews]),
        counted=np.array([float(each.study_days >= 1) for each in reviews]),
        right=np.array([float(each.is_right) for each in reviews]),
    )


def _walk(batch: ModuleType, w: Sequence[Numbers], steps: Sequence[_Step]) -> Iterator[tuple[_Step, Numbers]]:
    """Yield each step but the first with the recalls just before its reviews."""
    state = batch.first(w, steps[0].grades, steps[0].guesses)
    for step in steps[1:]:
        state = [_head(part, len(step.rows)) for part in state]
        recalled, state = batch.reviewed(w, state, step.grades, step.days, step.study_days, step.guesses)
        yield step, recalled


def _head(part: Numbers, length: int) -> Numbers:
    return part.head(length) if isinstance(part, Variable) else part[:length]


def _loss(batch: ModuleType, w: Sequence[float], chunks: Sequence[Sequence[_Step]]) -> tuple[float, Any]:
    """The log loss of all counted predictions, summed, and its gradient."""
    loss, gradient = 0.0, np.zeros(len(w))
    for steps in chunks:
        inputs = variables(w)
        total: Numbers = 0.0
        for step, recalled in _walk(batch, inputs, steps):
            if step.counted.any():
                chance = bounded(recalled + (1 - recalled) * step.luck, _SUREST, 1 - _SUREST)
                given = (1 - step.right) + (2 * step.right - 1) * chance
                total = total - (step.counted * np.log(given)).total()
        if isinstance(total, Variable):
            loss += float(total.value)
            gradient += total.gradients(inputs)
    return loss, gradient


def _parameters(z: Any, centre: Any, spreads: Any) -> Any:
    w = centre + spreads * z
    w[:_STARTS] = centre[:_STARTS] * np.exp(np.clip(spreads[:_STARTS] * z[:_STARTS], -20, 20))
    return w


def _units(w: Any, centre: Any, spreads: Any) -> Any:
    z = (w - centre) / spreads
    z[:_STARTS] = np.log(w[:_STARTS] / centre[:_STARTS]) / spreads[:_STARTS]
    return z


def _allowed(batch: ModuleType, w: Any) -> Any:
    """The nearest parameters within the model's bounds; starting stabilities never fall from Again to Easy."""
    w = np.clip(w, batch.LOWEST, batch.HIGHEST)
    w[:_STARTS] = np.maximum.accumulate(w[:_STARTS])
    if batch is fsrs7_batch:
        w[26] = max(w[25], w[26])
    return w
