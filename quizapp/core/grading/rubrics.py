"""An essay's mark from the levels that its marker chose."""

from __future__ import annotations

import math
from collections.abc import Sequence

from quizapp.core.items import Criterion


def rubric_score(criteria: Sequence[Criterion], levels: Sequence[int | None]) -> float:
    """Return the credit 0..1 for the level chosen of each criterion, by its place from 0; None where none is met.

    It is the share of the points that the best levels give: 2 of 3 and 1 of 1 make 3/4. Raises ValueError for another
    number of choices, a level that is not there, or no criteria.
    """
    if not criteria or len(levels) != len(criteria):
        raise ValueError(f"{len(levels)} levels were chosen for {len(criteria)} criteria")
    for criterion, level in zip(criteria, levels, strict=True):
        if level is not None and not 0 <= level < len(criterion.levels):
            raise ValueError(f"“{criterion.text}” has no level {level}")
    earned = math.fsum(
        criterion.levels[level].points for criterion, level in zip(criteria, levels, strict=True) if level is not None
    )
    return earned / most_points(criteria)


def most_points(criteria: Sequence[Criterion]) -> float:
    """Return the points of an essay that meets every criterion best."""
    return math.fsum(max(level.points for level in criterion.levels) for criterion in criteria)
