"""Shares with their intervals: known values, coverage, and groups large enough to tell of."""

from __future__ import annotations

from math import comb

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.core.proportions import Tally, grouped


def test_the_interval_of_eighteen_in_twenty() -> None:
    assert Tally(20, 18).interval == pytest.approx((0.7161, 0.9787), abs=1e-3)


def test_the_interval_reaches_the_end_where_all_or_none_were_recalled() -> None:
    assert Tally(5, 5).interval[1] == 1.0
    assert Tally(5, 0).interval[0] == 0.0


@pytest.mark.parametrize("truth", [0.7, 0.8, 0.9])
def test_the_interval_covers_the_truth_about_as_often_as_it_says(truth: float) -> None:
    intervals = [Tally(60, recalled).interval for recalled in range(61)]
    covered = sum(
        comb(60, recalled) * truth**recalled * (1 - truth) ** (60 - recalled)
        for recalled, (low, high) in enumerate(intervals)
        if low <= truth <= high
    )
    assert 0.92 <= covered <= 0.98


@given(st.lists(st.integers(0, 30).flatmap(lambda n: st.builds(Tally, st.just(n), st.integers(0, n)))))
def test_groups_keep_every_review_and_none_is_small(tallies: list[Tally]) -> None:
    groups = grouped(tallies, 20)
    whole = sum(tallies, Tally())
    assert all(group.reviews >= 20 for group in groups)
    assert sum(groups, Tally()) == (whole if whole.reviews >= 20 else Tally())
