"""The Beta distribution: its cumulative probability and its quantiles."""

from __future__ import annotations

import math
from statistics import NormalDist

_TINY = 1e-300
_PRECISION = 1e-10
_NORMAL = NormalDist()


def beta_quantile(probability: float, a: float, b: float) -> float:
    """Return the value below which a Beta(a, b) falls with this probability; a, b > 0, 0 < probability < 1.

    Newton's steps, halving the bracket where one would leave it.
    """
    low, high = 0.0, 1.0
    log_scale = math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b)
    value = _start(probability, a, b, log_scale)
    for _ in range(200):
        miss = beta_probability(value, a, b) - probability
        low, high = (low, value) if miss > 0 else (value, high)
        if abs(miss) < _PRECISION or high - low < _PRECISION:
            break
        density = math.exp(log_scale + (a - 1) * math.log(value) + (b - 1) * math.log1p(-value))
        step = value - miss / density if density > _TINY else low
        value = step if low < step < high else (low + high) / 2
    return value


def _start(probability: float, a: float, b: float, log_scale: float) -> float:
    """Where a normal one's quantile lies; beyond an end of the scale, where the density is a power of the distance."""
    mean = a / (a + b)
    value = mean + _NORMAL.inv_cdf(probability) * math.sqrt(mean * (1 - mean) / (a + b + 1))
    if value <= 0:
        distance = math.exp(min(0.0, (math.log(probability) + math.log(a) - log_scale) / a))
        return min(mean, max(distance, _PRECISION / 2))
    if value >= 1:
        distance = math.exp(min(0.0, (math.log1p(-probability) + math.log(b) - log_scale) / b))
        return max(mean, 1 - max(distance, _PRECISION / 2))
    return value


def beta_probability(value: float, a: float, b: float) -> float:
    """Return the chance that a Beta(a, b) falls below a value: the regularised incomplete beta function.

    By its continued fraction (Abramowitz & Stegun 1964, 26.5.8) with Lentz's method.
    """
    if value <= 0 or value >= 1:
        return 0.0 if value <= 0 else 1.0
    log_front = math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log(value) + b * math.log1p(-value)
    if value < (a + 1) / (a + b + 2):
        return math.exp(log_front) * _fraction(value, a, b) / a
    return 1 - math.exp(log_front) * _fraction(1 - value, b, a) / b


def _fraction(value: float, a: float, b: float) -> float:
    # Written out, not in a loop over even and odd terms: pages with many bands spend their time here.
    numerator = 1.0
    denominator = 1 / ((1 - (a + b) * value / (a + 1)) or _TINY)
    result = denominator
    for m in range(1, 500):
        at = a + 2 * m
        term = m * (b - m) * value / ((at - 1) * at)
        denominator = 1 / ((1 + term * denominator) or _TINY)
        numerator = (1 + term / numerator) or _TINY
        result *= denominator * numerator
        term = -(a + m) * (a + b + m) * value / (at * (at + 1))
        denominator = 1 / ((1 + term * denominator) or _TINY)
        numerator = (1 + term / numerator) or _TINY
        change = denominator * numerator
        result *= change
        if -1e-13 < change - 1 < 1e-13:
            break
    return result
