"""The Beta distribution against values that are known in closed form."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.core.beta import beta_probability, beta_quantile


@pytest.mark.parametrize("value", [0.0, 0.01, 0.3, 0.5, 0.9, 1.0])
def test_probabilities_known_in_closed_form(value: float) -> None:
    assert beta_probability(value, 1, 1) == pytest.approx(value)
    assert beta_probability(value, 7, 1) == pytest.approx(value**7)
    assert beta_probability(value, 1, 7) == pytest.approx(1 - (1 - value) ** 7)
    assert beta_probability(value, 0.5, 0.5) == pytest.approx(2 / math.pi * math.asin(math.sqrt(value)))
    assert beta_probability(value, 2, 3) == pytest.approx(6 * value**2 - 8 * value**3 + 3 * value**4)


def test_whole_parameters_are_a_binomial_tail() -> None:
    a, b, value = 40, 25, 0.58
    trials = a + b - 1
    tail = sum(math.comb(trials, k) * value**k * (1 - value) ** (trials - k) for k in range(a, trials + 1))
    assert beta_probability(value, a, b) == pytest.approx(tail, rel=1e-12)


def test_worked_quantiles() -> None:
    assert beta_quantile(0.1, 4.487, 2.481) == pytest.approx(0.409, abs=5e-4)
    assert beta_quantile(0.9, 4.487, 2.481) == pytest.approx(0.858, abs=5e-4)
    assert beta_quantile(0.5, 3, 3) == pytest.approx(0.5)
    assert beta_quantile(0.1, 9, 1) == pytest.approx(0.1 ** (1 / 9))


@given(st.floats(0.05, 500), st.floats(0.05, 500), st.sampled_from([0.1, 0.5, 0.9]))
def test_a_quantile_is_where_its_probability_is_reached(a: float, b: float, probability: float) -> None:
    value = beta_quantile(probability, a, b)
    assert 0 <= value <= 1
    below, above = beta_probability(value - 1e-7, a, b), beta_probability(value + 1e-7, a, b)
    assert below - 1e-7 <= probability <= above + 1e-7


@given(st.floats(0.05, 100), st.floats(0.05, 100), st.floats(0.001, 0.999))
def test_the_mirror_image_has_the_other_tail(a: float, b: float, value: float) -> None:
    assert beta_probability(value, a, b) == pytest.approx(1 - beta_probability(1 - value, b, a), abs=1e-9)
