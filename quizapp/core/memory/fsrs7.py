"""FSRS-7 from its authors' published formulas: a slow and a fast stability, and days with their fraction."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from quizapp.core.memory.model import MemoryState, Rating

# The authors' defaults and bounds (open-spaced-repetition, 2026): starts and difficulty, the slow stability's
# update, the fast one's, and the two curves with their mix.
DEFAULTS = (
    0.1104, 2.2395, 3.9221, 11.7841, 6.1686, 0.6457, 3.6807,
    1.9795, 0.0, 1.3826, 0.7024, 0.5999, 0.8146, 0.6398, 1.0,
    1.3207, 0.6707, 3.8668, 0.4416, 0.0934, 1.8631, 0.6162, 1.0869,
    0.1567, 0.0801, 0.2421, 0.9464, 0.1433, 0.7145, 0.0, 0.5667, 0.3734, 0.5333, 0.3048,
)  # fmt: skip
LOWEST = (
    0.0001, 0.0001, 0.0001, 0.0001, 1.0, 0.001, 0.1,
    0.0, 0.0, 0.3, 0.01, 0.1, 0.0, 0.0, 1.0,
    0.0, 0.0, 0.5, 0.001, 0.001, 0.0, 0.0, 1.0,
    0.01, 0.01, 0.2, 0.5, 0.01, 0.1, 0.0, 0.1, 0.0, 0.0, 0.0,
)  # fmt: skip
HIGHEST = (
    50.0, 100.0, 100.0, 100.0, 10.0, 4.0, 4.0,
    4.0, 1.2, 3.0, 1.5, 1.0, 3.5, 1.0, 7.0,
    4.0, 2.0, 6.0, 1.5, 1.0, 5.0, 1.0, 7.0,
    0.25, 0.95, 0.85, 0.99, 1.0, 1.0, 0.9, 1.1, 1.0, 0.6, 0.6,
)  # fmt: skip
SHORTEST_DAYS, LONGEST_DAYS = 1e-4, 36_500.0
SLOW, FAST = 7, 15  # where the parameters of each stability's update begin
_SOONEST_DAYS = 1e-9

Curves = Callable[[float, float, float, float], tuple[float, float]]
Update = Callable[[float, float, float, int, float], tuple[float, float, float]]


class Fsrs7:
    """FSRS-7: 34 parameters; its states keep the slow stability as `stability`, which is not the 90 % interval.

    Raises ValueError when parameters are out of bounds.
    """

    name = "fsrs7"
    is_fractional = True

    def __init__(self, parameters: Sequence[float] | None = None, parameters_id: int = 0) -> None:
        w = DEFAULTS if parameters is None else tuple(parameters)
        _check(w)
        self.parameters = w
        self._parameters_id = parameters_id
        self._curves, self._update, self._slope = curves(w), update(w), _slope(w)

    def first(self, rating: Rating) -> MemoryState:
        """Return the state after the first review."""
        slow, w = self.parameters[rating - 1], self.parameters
        fast = max(SHORTEST_DAYS, 0.8 * slow)
        return MemoryState(self.name, self._parameters_id, slow, _bounded(_start(w, rating), 1, 10), fast)

    def next(self, state: MemoryState, rating: Rating, elapsed_days: float) -> MemoryState:
        """Return the state after another review; a negative gap counts as none."""
        slow, fast, difficulty = self._update(*self._numbers(state), int(rating), max(elapsed_days, 0.0))
        return MemoryState(self.name, self._parameters_id, slow, difficulty, fast)

    def recall(self, state: MemoryState, elapsed_days: float) -> float:
        """Return the chance of recalling; slow 10, fast 5, difficulty 8 after 20 days give .8288255."""
        return self._curves(*self._numbers(state), max(elapsed_days, 0.0))[0]

    def interval_days(self, state: MemoryState, target: float) -> float:
        """Return the days until recall falls to `target`, at most 36,500: Newton's steps in the logarithm of time.

        The default's first Good gives 4.7777 days at .9, its first Again 3.3 seconds.
        """
        if not 0 < target < 1:
            raise ValueError(f"a target of {target} has no interval")
        numbers = self._numbers(state)
        low, high = math.log(_SOONEST_DAYS), math.log(LONGEST_DAYS)
        if self._curves(*numbers, LONGEST_DAYS)[0] >= target:
            return LONGEST_DAYS
        at = min(math.log(numbers[0]), high)
        for _ in range(100):
            recall, slope = self._slope(*numbers, math.exp(at))
            miss = recall - target
            low, high = (at, high) if miss > 0 else (low, at)
            if abs(miss) < 1e-14 or high - low < 1e-13:
                break
            step = at - miss / slope if slope else low
            at = step if low < step < high else (low + high) / 2
        return math.exp(at)

    def _numbers(self, state: MemoryState) -> tuple[float, float, float]:
        if state.model != self.name or state.parameters != self._parameters_id or state.fast_stability is None:
            raise ValueError(f"a state of {state.model} with parameters {state.parameters} belongs to another model")
        return state.stability, state.fast_stability, state.difficulty


def curves(w: Sequence[float]) -> Curves:
    """Return the function (slow, fast, difficulty, days) → (recall, recall by the fast curve alone).

    Fast: p = w23 B^(w33−.3), (1 + c t/B)^−p with c = w25^(−1/p) − 1; slow: (1 + k t/A)^−w24; mixed by their weights.
    """
    exp = math.exp
    w23, w28, w30, slow_power, log_fast_base = w[23], w[28], w[30], _bounded(w[24], 0.01, 0.95), -math.log(w[25])
    p_power, k_power, weight_power, w27, w29 = w[33] - 0.3, w[32] - 0.3, w[31] - 0.5, w[27], -w[29]
    slow_factor = w[26] ** (-1 / slow_power) - 1

    def recalls(slow: float, fast: float, difficulty: float, days: float) -> tuple[float, float]:
        p = w23 * fast**p_power
        p = 0.01 if p < 0.01 else 0.95 if p > 0.95 else p
        scale = log_fast_base / p
        c = exp(60.0 if scale > 60 else scale) - 1
        fast_recall = (1 + c * days / fast) ** -p
        harder = difficulty - 5
        slow_recall = (1 + slow_factor * exp(harder * k_power) * days / slow) ** -slow_power
        fast_weight, slow_weight = w27 * fast**w29, w28 * slow**w30 * exp(harder * weight_power)
        mixed = (fast_weight * fast_recall + slow_weight * slow_recall) / (fast_weight + slow_weight)
        return 0.99998 * mixed + 1e-5, fast_recall

    return recalls


def update(w: Sequence[float]) -> Update:
    """Return the function (slow, fast, difficulty, grade 1..4, days) → (slow, fast, difficulty) after the review.

    Plain numbers in and out: fits, simulations and rebuilds call it 200,000 times a second.
    """
    recalls, slow_after, fast_after = curves(w), _stability_after(w, SLOW), _stability_after(w, FAST)
    reversion, w6 = 0.01 * _start(w, 4), w[6]

    def updated(slow: float, fast: float, difficulty: float, grade: int, days: float) -> tuple[float, float, float]:
        recall, fast_recall = recalls(slow, fast, difficulty, days)
        slow = slow_after(slow, difficulty, grade, 1 - recall)
        fast = fast_after(fast, difficulty, grade, 1 - fast_recall)
        surprise = 1.0
        if grade == 1:
            surprise = recall + 0.1
            fast = 0.8 * slow if fast > 0.8 * slow else fast
        change = (10 - difficulty) / 9 * w6 * (3 - grade) * surprise
        difficulty = reversion + 0.99 * (difficulty + change)
        return (
            1e-4 if slow < 1e-4 else 36_500.0 if slow > 36_500 else slow,
            1e-4 if fast < 1e-4 else 36_500.0 if fast > 36_500 else fast,
            1.0 if difficulty < 1 else 10.0 if difficulty > 10 else difficulty,
        )

    return updated


def _stability_after(w: Sequence[float], offset: int) -> Callable[[float, float, int, float], float]:
    exp = math.exp
    _, w1, w2, w3, w4, w5, hard, easy = w[offset : offset + 8]
    w1, gains = -w1, [exp(w[offset] - 1.5) * gain for gain in (0.0, 0.0, hard, 1.0, easy)]

    def after(stability: float, difficulty: float, grade: int, forgotten: float) -> float:
        lapsed: float = w3 * ((stability + 1) ** w4 - 1) * exp(forgotten * w5)
        lapsed = stability if lapsed > stability else lapsed
        if grade == 1:
            return lapsed
        gain = gains[grade] * (11 - difficulty) * stability**w1 * (exp(forgotten * w2) - 1)
        passed: float = stability * (1 + gain)
        return passed if passed > lapsed else lapsed

    return after


def _slope(w: Sequence[float]) -> Curves:
    """The function (slow, fast, difficulty, days) → (recall, its derivative by the logarithm of days)."""
    slow_power = _bounded(w[24], 0.01, 0.95)
    slow_factor = w[26] ** (-1 / slow_power) - 1

    def slopes(slow: float, fast: float, difficulty: float, days: float) -> tuple[float, float]:
        harder = difficulty - 5
        p = _bounded(w[23] * fast ** (w[33] - 0.3), 0.01, 0.95)
        fast_days = (math.exp(min(-math.log(w[25]) / p, 60.0)) - 1) * days / fast
        slow_days = slow_factor * math.exp(harder * (w[32] - 0.3)) * days / slow
        fast_weight = w[27] * fast ** -w[29]
        slow_weight = w[28] * slow ** w[30] * math.exp(harder * (w[31] - 0.5))
        fast_part, slow_part = fast_weight * (1 + fast_days) ** -p, slow_weight * (1 + slow_days) ** -slow_power
        slope = -p * fast_part * fast_days / (1 + fast_days) - slow_power * slow_part * slow_days / (1 + slow_days)
        share = 0.99998 / (fast_weight + slow_weight)
        return share * (fast_part + slow_part) + 1e-5, share * slope

    return slopes


def _start(w: Sequence[float], grade: int) -> float:
    return w[4] - math.exp(w[5] * (grade - 1)) + 1


def _bounded(value: float, low: float, high: float) -> float:
    return min(max(value, low), high)


def _check(w: Sequence[float]) -> None:
    if len(w) != len(DEFAULTS):
        raise ValueError(f"FSRS-7 has {len(DEFAULTS)} parameters, not {len(w)}")
    for place, (value, low, high) in enumerate(zip(w, LOWEST, HIGHEST, strict=True)):
        if not low <= value <= high:
            raise ValueError(f"parameter {place} of FSRS-7 is {value}, out of bounds: {low} to {high}")
    if list(w[:4]) != sorted(w[:4]):
        raise ValueError("the first four parameters of FSRS-7 must not fall")
    if w[26] < w[25]:
        raise ValueError("parameter 26 of FSRS-7 must not be less than parameter 25")
