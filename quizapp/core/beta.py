"""The Beta distribution: its cumulative probability and its quantiles."""

from __future__ import annotations

import math

_TINY = 1e-300
_PRECISION = 1e-10


def beta_quantile(probability: float, a: float, b: float) -> float:
    """Return the value below which a Beta(a, b) falls with this probability; a, b > 0, 0 < probability < 1.

    Newton's steps, halving the bracket where one would leave it.
    """
    low, high = 0.0, 1.0
    value = a / (a + b)
    log_scale = math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b)
    for _ in range(200):
        miss = beta_probability(value, a, b) - probability
        low, high = (low, value) if miss > 0 else (value, high)
        if abs(miss) < _PRECISION or high - low < _PRECISION:
            break
        density = math.exp(log_scale + (a - 1) * math.log(value) + (b - 1) * math.log1p(-value))
        step = value - miss / density if density > _TINY else low
        value = step if low < step < high else (low + high) / 2
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
    numerator = 1.0
    denominator = 1 / _away_from_zero(1 - (a + b) * value / (a + 1))
    result = denominator
    for m in range(1, 500):
        even = m * (b - m) * value / ((a + 2 * m - 1) * (a + 2 * m))
        odd = -(a + m) * (a + b + m) * value / ((a + 2 * m) * (a + 2 * m + 1))
        change = 1.0
        for term in (even, odd):
            denominator = 1 / _away_from_zero(1 + term * denominator)
            numerator = _away_from_zero(1 + term / numerator)
            change = denominator * numerator
            result *= change
        if abs(change - 1) < 1e-13:
            break
    return result


def _away_from_zero(number: float) -> float:
    return number if abs(number) > _TINY else _TINY
