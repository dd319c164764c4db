"""What the levels of a rubric make."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.core.grading import most_points, rubric_score
from quizapp.core.items import Criterion, Level

LEVELS = st.lists(st.floats(0.5, 100), min_size=2, max_size=4).map(
    lambda points: tuple(Level(text="x", points=each) for each in points)
)
CRITERIA = st.lists(LEVELS.map(lambda levels: Criterion(text="x", levels=levels)), min_size=1, max_size=4)


def criterion(*points: float) -> Criterion:
    return Criterion(text="Reasons", levels=tuple(Level(text=f"for {each}", points=each) for each in points))


@pytest.mark.parametrize(
    ("levels", "credit"),
    [((2, 1), 0.75), ((3, 1), 1), ((0, 0), 0), ((None, None), 0), ((3, None), 0.75), ((None, 1), 0.25)],
)
def test_credit_is_the_share_of_the_points(levels: tuple[int | None, int | None], credit: float) -> None:
    assert rubric_score([criterion(0, 1, 2, 3), criterion(0, 1)], levels) == credit


def test_the_best_level_may_stand_anywhere() -> None:
    assert rubric_score([criterion(4, 1)], [0]) == 1
    assert most_points([criterion(4, 1), criterion(0, 0.5)]) == 4.5


@pytest.mark.parametrize("levels", [(), (0,), (0, 0, 0), (0, 2), (-1, 0)])
def test_levels_that_are_not_there_are_our_mistake(levels: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="level"):
        rubric_score([criterion(0, 1), criterion(0, 1)], levels)


def test_without_criteria_there_is_nothing_to_choose() -> None:
    with pytest.raises(ValueError, match="0 criteria"):
        rubric_score([], [])


@given(CRITERIA, st.data())
def test_credit_stays_within_bounds_and_a_better_level_never_earns_less(
    criteria: list[Criterion], data: st.DataObject
) -> None:
    levels = [data.draw(st.integers(0, len(each.levels) - 1)) for each in criteria]
    place = data.draw(st.integers(0, len(criteria) - 1))
    best = max(range(len(criteria[place].levels)), key=lambda level: criteria[place].levels[level].points)
    better = [*levels[:place], best, *levels[place + 1 :]]
    assert 0 <= rubric_score(criteria, levels) <= rubric_score(criteria, better) <= 1 + 1e-9
