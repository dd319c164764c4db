"""Mastery of a topic: the share of its questions one would recall now, unaided and unguessed, with its uncertainty."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from operator import mul

from quizapp.core.beta import beta_quantile

_GRID_POINTS = 2001
_GRID = tuple((point + 0.5) / _GRID_POINTS for point in range(_GRID_POINTS))
_TENTH_PERCENTILE_SD = 1.2815515655446004
_FEWEST_MET = 3
_WIDEST_BAND = 0.60
_SECURE_FROM = 0.80


@dataclass(frozen=True)
class FirstAnswer:
    """The first graded, closed-book answer to an item: its score 0..1, and the chance of guessing it, 0..1."""

    guess: float
    score: float


@dataclass(frozen=True)
class Mastery:
    """A share 0..1 with its 10th and 90th percentiles; `met` of `total` items have a memory.

    It is shown as a number only where enough was answered.
    """

    mean: float
    low: float
    high: float
    is_shown: bool
    met: int
    total: int

    @property
    def is_secure(self) -> bool:
        """Whether even the lower end of the band is high."""
        return self.is_shown and self.low >= _SECURE_FROM


def mastery(
    recalls: Sequence[float], first_answers: Sequence[FirstAnswer], total: int, *, tau: float = 0.065
) -> Mastery:
    """Estimate a topic's mastery from the recall now of each item met and the first answers.

    `total` counts the topic's items, met or not; those not met are taken to be known as often as the met ones were at
    first sight. `tau` is the memory model's error, RMSE in bins. Worked: 12 items, recalls .95 .90 .85 .60 .40 and the
    answers of first_sight() give mean .6439 and band .409–.858.
    """
    met = len(recalls)
    if met > total:
        raise ValueError(f"{met} items met of {total}")
    if total == 0:
        return Mastery(0.0, 0.0, 1.0, is_shown=False, met=0, total=0)
    unmet = total - met
    share, share_variance = first_sight(first_answers)
    mean = (math.fsum(recalls) + unmet * share) / total
    of_met = math.fsum(recall * (1 - recall) for recall in recalls)
    of_unmet = unmet * (share - share_variance - share**2) + unmet**2 * share_variance
    variance = (of_met + of_unmet) / total**2 + (met / total) ** 2 * tau**2
    low, high = _band(mean, variance)
    is_shown = met >= _FEWEST_MET and high - low <= _WIDEST_BAND
    return Mastery(mean, low, high, is_shown, met, total)


def first_sight(answers: Sequence[FirstAnswer]) -> tuple[float, float]:
    """Return mean and variance of the share of questions known at first sight.

    p(m) ∝ Π (g + (1−g)m)^s ((1−g)(1−m))^(1−s) from a uniform prior (Lord & Novick 1968, ch. 14; fractional scores as
    powers, Papke & Wooldridge 1996). Worked: (g, s) = (.25,1) (.5,1) (0,1) (.25,0) (0,.5) give .57527 and .03768.
    """
    right: defaultdict[float, list[float]] = defaultdict(list)
    for answer in answers:
        right[answer.guess].append(answer.score)
    credits = tuple((guess, math.fsum(scores)) for guess, scores in sorted(right.items()))
    return _posterior(credits, len(answers) - math.fsum(answer.score for answer in answers))


@lru_cache(maxsize=4096)
def _posterior(credits: tuple[tuple[float, float], ...], misses: float) -> tuple[float, float]:
    """Return mean and variance on the grid, from the summed scores of each chance of guessing and the misses."""
    log_density = [misses * log for log in _log_unknown()]
    for guess, credit in credits:
        if credit:
            log_density = [
                sum_so_far + credit * log for sum_so_far, log in zip(log_density, _log_right(guess), strict=True)
            ]
    peak = max(log_density)
    density = list(map(math.exp, [log - peak for log in log_density]))
    moment = list(map(mul, density, _GRID))
    whole = sum(density)
    mean = sum(moment) / whole
    return mean, sum(map(mul, moment, _GRID)) / whole - mean**2


@lru_cache(maxsize=1)
def _log_unknown() -> tuple[float, ...]:
    return tuple(math.log(1 - share) for share in _GRID)


@lru_cache(maxsize=64)
def _log_right(guess: float) -> tuple[float, ...]:
    return tuple(math.log(guess + (1 - guess) * share) for share in _GRID)


def _band(mean: float, variance: float) -> tuple[float, float]:
    """Return the 10th and 90th percentiles of the Beta of this mean and variance.

    A Beta piled up at one end would leave its own mean outside them, and beyond that there is none of that variance;
    so towards the middle the band reaches at least as far as a normal one's.
    """
    reach = _TENTH_PERCENTILE_SD * math.sqrt(variance)
    size = mean * (1 - mean) / variance - 1 if variance > 0 else 0.0
    low, high = (mean, mean) if variance == 0 else (0.0, 1.0)
    if size > 0:
        low, high = (beta_quantile(share, mean * size, (1 - mean) * size) for share in (0.1, 0.9))
    if mean > 0.5 and (size <= 0 or low > mean - reach):
        low = max(0.0, mean - reach)
    if mean < 0.5 and (size <= 0 or high < mean + reach):
        high = min(1.0, mean + reach)
    return low, high
