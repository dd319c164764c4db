"""Certainty and tries: worked values, and that honesty pays."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.core.grading import CERTAINTIES, certainty_mark, tries_factor


@pytest.mark.parametrize(
    ("certainty", "right", "half", "wrong"),
    [("low", 1 / 3, 1 / 6, 0), ("mid", 2 / 3, 1 / 3, -2 / 3), ("high", 1, 1 / 2, -2)],
)
def test_certainty_weighs_right_and_wrong(certainty: str, right: float, half: float, wrong: float) -> None:
    assert certainty_mark(1, certainty) == pytest.approx(right)
    assert certainty_mark(0.5, certainty) == pytest.approx(half)
    assert certainty_mark(0, certainty) == pytest.approx(wrong)


def test_a_certainty_that_was_not_offered_is_our_mistake() -> None:
    with pytest.raises(ValueError, match="no certainty"):
        certainty_mark(1, "absolute")


@given(st.floats(0, 1))
def test_saying_honestly_how_sure_one_is_earns_most_on_average(chance: float) -> None:
    average = {
        certainty: chance * certainty_mark(1, certainty) + (1 - chance) * certainty_mark(0, certainty)
        for certainty in CERTAINTIES
    }
    honest = "low" if chance < 2 / 3 else "mid" if chance < 4 / 5 else "high"
    assert average[honest] >= max(average.values()) - 1e-9


@given(st.floats(0, 1), st.floats(0, 1), st.sampled_from(CERTAINTIES))
def test_more_credit_never_earns_less(one: float, other: float, certainty: str) -> None:
    less, more = sorted((one, other))
    assert -2 <= certainty_mark(less, certainty) <= certainty_mark(more, certainty) <= 1


@pytest.mark.parametrize(
    ("wrong_tries", "penalty", "left"),
    [
        (0, 1, 1),
        (0, 0.3, 1),
        (1, 1 / 3, 2 / 3),
        (2, 1 / 3, 1 / 3),
        (3, 1 / 3, 0),
        (3, 0.1, 0.7),
        (4, 0.5, 0),
        (9, 0, 1),
    ],
)
def test_each_wrong_try_costs_the_penalty(wrong_tries: int, penalty: float, left: float) -> None:
    assert tries_factor(wrong_tries, penalty) == pytest.approx(left)


@given(st.integers(0, 50), st.floats(0, 1))
def test_another_wrong_try_never_gives_credit_back_nor_goes_below_nothing(wrong_tries: int, penalty: float) -> None:
    assert 0 <= tries_factor(wrong_tries + 1, penalty) <= tries_factor(wrong_tries, penalty) <= 1


def test_fewer_than_no_tries_is_our_mistake() -> None:
    with pytest.raises(ValueError, match="wrong tries"):
        tries_factor(-1, 0.5)
